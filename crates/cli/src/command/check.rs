//! `sekisho check SITE`: judges a site.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use diag::{Lang, text};
use site::Date;

use crate::{input, output};

/// サイトを判定し、要件ごとに証明か反例を示します / judges a site: a proof
/// or a witness for each requirement
#[derive(Args)]
pub(crate) struct Check {
    /// サイトファイル、または site.toml のあるフォルダー / site file, or a folder with a site.toml
    #[arg(default_value = ".")]
    site: PathBuf,
    /// 出力の形式 / form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// 例外の期限を判定する日（既定は今日）/ day on which waivers are judged (default: today)
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = input::date)]
    on: Option<Date>,
}

/// Forms of the output.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// 端末用の文章 / text for a terminal
    Text,
    /// JSON（両言語）/ JSON, both languages
    Json,
}

impl Check {
    pub(crate) fn run(self, lang: Lang) -> u8 {
        let Ok(input) = input::read(&self.site, lang) else { return output::UNUSABLE };
        let today = self.on.or_else(input::today);
        let report = check::check(input.loaded, &input.files, today);
        let text = match self.format {
            Format::Text => render::report(&report, &output::style(lang)),
            Format::Json => render::json(&report),
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
