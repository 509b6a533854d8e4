//! `sekisho todo SITE`: what is still to be asked, and whom.

use std::path::PathBuf;

use clap::Args;
use diag::Lang;
use site::Date;

use super::format::Output;
use crate::{input, output};

/// まだ分からないことと、誰に尋ねるかを一覧にします / lists what is still to be asked, and
/// whom
#[derive(Args)]
pub(crate) struct Todo {
    /// サイトファイル、または site.toml のあるフォルダー / site file, or a folder with a site.toml
    #[arg(default_value = ".")]
    site: PathBuf,
    /// 基準の日（既定は日本時間の今日）/ day of the judgement (default: today in Japan)
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = input::date)]
    on: Option<Date>,
    #[command(flatten)]
    output: Output,
}

impl Todo {
    pub(crate) fn run(self, lang: Lang) -> u8 {
        let is_json = self.output.is_json();
        let Ok(input) = input::read(&self.site, lang, is_json) else { return output::UNUSABLE };
        let today = self.on.or_else(input::today);
        let report = check::check(input.loaded, &input.files, today);
        let mut list = check::todo(&report);
        translate(&mut list, lang);
        let is_judged = check::exit_code(&report) != output::UNUSABLE;
        let code = if is_judged { u8::from(!list.is_empty()) * 2 } else { output::UNUSABLE };
        let text = if is_json {
            render::todo_json(&list, &report.sources, code)
        } else {
            render::todo(&list, &report.sources, &output::style(lang))
        };
        output::data(lang, &text, code)
    }
}

/// Lets the marks of a site file speak the language of the reader, too: the file has them in one.
fn translate(list: &mut [check::Todo], lang: Lang) {
    let is_foreign = |one: &&mut check::Todo| {
        let is_mark = one.codes.is_empty() && one.text.ja == one.text.en;
        is_mark && one.text.en.is_ascii() == (lang == Lang::Ja)
    };
    let mut foreign = list.iter_mut().filter(is_foreign).peekable();
    if foreign.peek().is_none() {
        return;
    }
    let known = draft::Marks::all();
    for one in foreign {
        if let Some(both) = known.find(&one.text.en) {
            one.text = both;
        }
    }
}
