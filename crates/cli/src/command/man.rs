//! `sekisho man`: the manual pages.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use diag::{Lang, text};

use crate::output;

/// マニュアル（man 形式）を出力します / writes the manual page
#[derive(Args)]
pub(crate) struct Man {
    /// 説明するコマンド（例: `check`、`link ask`）/ the command: `check`, or `link ask`
    #[arg(value_name = "COMMAND", conflicts_with = "all")]
    words: Vec<String>,
    /// すべてのページを書き込むフォルダー / folder to write all pages into
    #[arg(long, value_name = "DIR")]
    all: Option<PathBuf>,
}

impl Man {
    pub(crate) fn run(self, lang: Lang, command: clap::Command) -> u8 {
        let command = link::arguments::for_reference(command, lang);
        if let Some(folder) = self.all {
            return match write_all(&command, &folder, lang) {
                Ok(()) => 0,
                Err(error) => unwritten(&folder, &error, lang),
            };
        }
        let mut at = &command;
        for word in &self.words {
            let Some(below) = at.find_subcommand(word) else { return unknown(word, at, lang) };
            at = below;
        }
        match page(at, lang) {
            Ok(page) => output::data(lang, &page, 0),
            Err(_) => output::UNUSABLE,
        }
    }
}

/// Writes the pages of `command` and of all below it.
fn write_all(command: &clap::Command, folder: &Path, lang: Lang) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let name = command.get_display_name().unwrap_or(command.get_name());
    std::fs::write(folder.join(format!("{name}.1")), page(command, lang)?)?;
    // Below `help` stand all commands once more.
    if command.get_name() == "help" {
        return Ok(());
    }
    command.get_subcommands().try_for_each(|below| write_all(below, folder, lang))
}

fn page(command: &clap::Command, lang: Lang) -> io::Result<String> {
    let below = match lang {
        Lang::Ja => "コマンド",
        Lang::En => "COMMAND",
    };
    let command = command.clone().subcommand_value_name(below);
    let mut bytes = Vec::new();
    clap_mangen::Man::new(command).render(&mut bytes)?;
    Ok(headed(&String::from_utf8_lossy(&bytes), lang))
}

fn unknown(word: &str, at: &clap::Command, lang: Lang) -> u8 {
    let below = at.get_subcommands().map(clap::Command::get_name);
    let below: Vec<&str> = below.filter(|name| *name != "help").collect();
    let headline = text!(
        ja: "コマンド `{word}` はありません",
        en: "there is no command `{word}`",
        word = word,
    );
    let helps = text!(
        ja: "使えるもの: {below}",
        en: "there are: {below}",
        below = below.join(", "),
    );
    output::refuse(
        lang,
        &headline,
        if below.is_empty() { &[] } else { std::slice::from_ref(&helps) },
    )
}

fn unwritten(folder: &Path, error: &io::Error, lang: Lang) -> u8 {
    let headline = text!(
        ja: "`{folder}` に書き込めません: {reason}",
        en: "`{folder}` cannot be written: {reason}",
        folder = folder.display().to_string(), reason = diag::os_error(error),
    );
    output::refuse(lang, &headline, &[])
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
