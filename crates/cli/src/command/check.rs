//! `sekisho check SITE`: judges a site.

use std::path::PathBuf;

use clap::Args;
use diag::{Lang, text};
use site::Date;

use super::format::Output;
use crate::{input, output};

/// サイトを判定し、要件ごとに証明か反例を示します / judges a site: a proof
/// or a witness for each requirement
#[derive(Args)]
pub(crate) struct Check {
    /// サイトファイル、または site.toml のあるフォルダー / site file, or a folder with a site.toml
    #[arg(default_value = ".")]
    site: PathBuf,
    #[command(flatten)]
    output: Output,
    /// 判定する日（既定は日本時間の今日）/ day of the judgement (default: today in Japan)
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = input::date)]
    on: Option<Date>,
}

impl Check {
    pub(crate) fn run(self, lang: Lang) -> u8 {
        let is_json = self.output.is_json();
        let Ok(input) = input::read(&self.site, lang, is_json) else { return output::UNUSABLE };
        let today = self.on.or_else(input::today);
        let report = check::check(input.loaded, &input.files, today);
        let text = if is_json {
            render::json(&report)
        } else {
            render::report(&report, &output::style(lang))
        };
        let code = output::data(lang, &text, check::exit_code(&report));
        if !report.faults.is_empty() {
            output::tell_in(
                lang,
                &text!(
                    ja: "sekisho 自身の誤りです。この結果は使わないでください",
                    en: "this is a fault of sekisho itself; do not rely on this result",
                ),
            );
        }
        code
    }
}
