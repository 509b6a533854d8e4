//! `sekisho due SITE`: what ends when.

use std::path::PathBuf;

use clap::Args;
use diag::{Lang, text};
use site::Date;

use super::format::Output;
use crate::{input, output};

/// 電子証明書や OS などの期限を、近い順に示します / lists what is due when, the
/// nearest first
#[derive(Args)]
pub(crate) struct Due {
    /// サイトファイル、または site.toml のあるフォルダー / site file, or a folder with a site.toml
    #[arg(default_value = ".")]
    site: PathBuf,
    /// 基準の日（既定は日本時間の今日）/ day from which to look (default: today in Japan)
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = input::date)]
    on: Option<Date>,
    #[command(flatten)]
    output: Output,
}

impl Due {
    pub(crate) fn run(self, lang: Lang) -> u8 {
        let is_json = self.output.is_json();
        let Ok(input) = input::read(&self.site, lang, is_json) else { return output::UNUSABLE };
        let Some(on) = self.on.or_else(input::today) else {
            return output::refuse(
                lang,
                &text!(ja: "今日の日付が分かりません", en: "today's date is not known"),
                &[text!(ja: "`--on` で指定してください", en: "give it with `--on`")],
            );
        };
        let due = check::due(input.loaded, &input.files, on);
        let text =
            if is_json { render::due_json(&due) } else { render::due(&due, &output::style(lang)) };
        output::data(lang, &text, check::due_exit_code(&due))
    }
}
