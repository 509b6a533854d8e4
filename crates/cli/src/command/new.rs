//! `sekisho new`: a few questions, and from the answers a commented site file.

mod conversation;
mod given;

use std::fs::OpenOptions;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use diag::{Lang, Text, text};
use draft::{Answers, Draft, Open};

use crate::output;

/// 質問に答えて、コメント付きのサイトファイルを作ります / asks a few questions and makes a
/// commented site file
#[derive(Args)]
#[command(after_help = "\
端末では質問し、フラグで答えたものは聞きません。端末でなければ何も聞きません。\
/ On a terminal it asks what no flag answers; elsewhere it asks nothing.

終了コード: / Exit codes:
  0  作った / made
  3  作れない / not made")]
pub(crate) struct New {
    /// 何も聞かない / ask nothing
    #[arg(long)]
    no_input: bool,
    #[command(flatten)]
    given: given::Given,
    /// 作るファイル。`-` は標準出力 / file to make; `-` is standard output
    #[arg(default_value = "site.toml")]
    file: PathBuf,
}

impl New {
    pub(crate) fn run(self, lang: Lang) -> u8 {
        match self.make(lang) {
            Ok(code) => code,
            Err(message) => output::refuse(lang, &message, &[]),
        }
    }

    fn make(self, lang: Lang) -> Result<u8, Text> {
        let is_data = self.file.as_os_str() == "-";
        // Before the first question: nobody should answer in vain.
        if !is_data && self.file.symlink_metadata().is_ok() {
            return Err(is_there(&self.file));
        }
        let mut answers = Answers::new();
        self.given.answer(&mut answers)?;
        if let Some(key) = answers.useless().first() {
            return Err(useless(key, &answers));
        }
        let can_ask = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        if can_ask && !self.no_input {
            conversation::hold(&mut answers, lang)?;
            // What was answered on the terminal is not lost for the sake of a flag.
            for key in answers.useless() {
                output::tell_in(lang, &useless(key, &answers));
            }
        }
        let draft = draft::write(&answers, lang)?;
        if is_data {
            if output::data(lang, &draft.text, 0) != 0 {
                return Ok(output::UNUSABLE);
            }
        } else {
            save(lang, &self.file, &draft)?;
        }
        report(lang, (!is_data).then_some(self.file.as_path()), &draft);
        Ok(0)
    }
}

/// A flag that nothing asks for after the other answers.
fn useless(key: &str, answers: &Answers) -> Text {
    let deciding = ["line", "endpoint", "placement", "eligibility", "claims", "pppoe-by"];
    let others = deciding.into_iter().filter(|other| *other != key);
    let given = others.filter_map(|other| Some(format!("--{other} {}", answers.get(other)?)));
    let given: Vec<String> = given.collect();
    text!(
        ja: "`--{key}` は、ほかの答え（{given}）の施設では使いません。消すか、ほかの答えを直してく\
             ださい",
        en: "`--{key}` means nothing for a site with the other answers ({given}); leave it out or \
             correct those",
        key = key, given = given.join(" "),
    )
}

fn is_there(path: &Path) -> Text {
    text!(
        ja: "`{path}` はもうあります。上書きしません。別の名前を指定してください",
        en: "`{path}` exists and is never overwritten; give another name",
        path = path.display().to_string(),
    )
}

fn save(lang: Lang, path: &Path, draft: &Draft) -> Result<(), Text> {
    let made = OpenOptions::new().write(true).create_new(true).open(path);
    made.and_then(|mut file| file.write_all(draft.text.as_bytes())).map_err(|error| {
        // What was answered is not lost, unless standard output cannot be written either.
        if output::data(lang, &draft.text, 0) != 0 {
            return text!(
                ja: "`{path}` を作れません: {reason}",
                en: "`{path}` cannot be made: {reason}",
                path = path.display().to_string(), reason = diag::os_error(&error),
            );
        }
        text!(
            ja: "`{path}` を作れないため、内容は標準出力に出しました: {reason}",
            en: "`{path}` cannot be made, so its content went to standard output: {reason}",
            path = path.display().to_string(), reason = diag::os_error(&error),
        )
    })
}

/// What was made, what is still to be asked, and what to do next.
fn report(lang: Lang, path: Option<&Path>, draft: &Draft) {
    if let Some(path) = path {
        output::tell_in(
            lang,
            &text!(
                ja: "`{path}` を作りました（参考パターン {pattern}）",
                en: "made `{path}` (reference pattern {pattern})",
                path = path.display().to_string(), pattern = draft.pattern.as_str(),
            ),
        );
    }
    if !draft.open.is_empty() {
        let count = draft.open.len();
        output::tell_in(
            lang,
            &text!(
                ja: "これから確認すること（{count} 件。ファイルの中では「要確認」）:",
                en: "still to be asked ({count}; marked `to be asked` in the file):",
                count = count,
            ),
        );
        for Open { what, who } in &draft.open {
            output::tell_item(
                lang,
                &text!(ja: "{what} ← {who}", en: "{what} <- {who}", what = what, who = who),
            );
        }
    }
    let Some(path) = path else { return };
    for config in &draft.configs {
        if config.is_by_hand {
            output::tell_in(
                lang,
                &text!(
                    ja: "次に: `{router}` のアドレス・経路・転送・サービスを `{config}` に書いて\
                         ください（書き方は作ったファイルのコメントにあります）",
                    en: "next: write addresses, routes, forwarding and services of `{router}` into \
                         `{config}` (the comments of the file that was made say how)",
                    router = config.router.as_str(), config = config.file.as_str(),
                ),
            );
            continue;
        }
        output::tell_in(
            lang,
            &text!(
                ja: "次に: `{router}` の設定を `{config}` として隣に保存してください",
                en: "next: save the configuration of `{router}` beside it as `{config}`",
                router = config.router.as_str(), config = config.file.as_str(),
            ),
        );
    }
    output::tell_in(
        lang,
        &text!(
            ja: "それから: sekisho check {path}",
            en: "then: sekisho check {path}",
            path = path.display().to_string(),
        ),
    );
}
