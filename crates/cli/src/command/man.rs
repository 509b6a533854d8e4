//! `sekisho man`: the manual page.

use clap::Args;
use diag::Lang;

use crate::output;

/// マニュアル（man 形式）を出力します / writes the manual page
#[derive(Args)]
pub(crate) struct Man {}

impl Man {
    #[expect(clippy::unused_self, reason = "every command has the same form")]
    pub(crate) fn run(self, lang: Lang, command: clap::Command) -> u8 {
        let mut bytes = Vec::new();
        let command = link::arguments::for_reference(command, lang);
        match clap_mangen::Man::new(command).render(&mut bytes) {
            Ok(()) => output::data(lang, &headed(&String::from_utf8_lossy(&bytes), lang), 0),
            Err(_) => output::UNUSABLE,
        }
    }
}

/// The heads that the generator writes, and what stands there.
const HEADS: [(&str, &str, &str); 7] = [
    ("NAME", "名前", "NAME"),
    ("SYNOPSIS", "書式", "SYNOPSIS"),
    ("DESCRIPTION", "説明", "DESCRIPTION"),
    ("OPTIONS", "オプション", "OPTIONS"),
    ("SUBCOMMANDS", "コマンド", "COMMANDS"),
    ("EXTRA", "終了コード", "EXIT CODES"),
    ("VERSION", "版", "VERSION"),
];

/// `page` with its heads in `lang`.
fn headed(page: &str, lang: Lang) -> String {
    let line = |line: &str| {
        let head = line.strip_prefix(".SH ");
        let known = HEADS.into_iter().find(|(name, ..)| Some(*name) == head);
        known.map_or(line.to_owned(), |(_, ja, en)| match lang {
            Lang::Ja => format!(".SH {ja}"),
            Lang::En => format!(".SH \"{en}\""),
        })
    };
    page.lines().map(|one| line(one) + "\n").collect()
}
