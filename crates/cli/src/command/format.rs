//! The form of what is written: text for people, or JSON for programs.

use clap::{Args, ValueEnum};

/// Which form is asked for.
#[derive(Args)]
pub(crate) struct Output {
    /// 出力の形式 / form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// JSON で出力する（--format json と同じ）/ write JSON, as --format json
    #[arg(long)]
    json: bool,
}

impl Output {
    /// Whether a program reads it.
    pub(crate) fn is_json(&self) -> bool {
        self.json || self.format == Format::Json
    }
}

/// Forms of the output.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// 端末用の文章 / text for a terminal
    Text,
    /// JSON（両言語）/ JSON, both languages
    Json,
}
