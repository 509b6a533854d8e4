//! `sekisho ask SITE "a -> b tcp/445"`: one session, both ways, with the deciding lines.

use std::path::PathBuf;

use check::{AskError, Question};
use clap::Args;
use diag::{Lang, Text, text};

use crate::{input, output};

/// 一つのセッションが開けるか、どの行が決めるかを答えます / answers whether a session can be opened
#[derive(Args)]
pub(crate) struct Ask {
    /// サイトファイル、または site.toml のあるフォルダー / site file, or a folder with a site.toml
    site: PathBuf,
    /// 質問（例 "receipt-1 -> terminal-1 tcp/445"）/ the question, such as "receipt-1 -> terminal-1
    /// tcp/445"
    #[arg(required_unless_present = "from")]
    question: Option<String>,
    /// この機器や外部の網から届くものをすべて挙げる / list everything this party reaches
    #[arg(long, value_name = "NAME", conflicts_with = "question")]
    from: Option<String>,
    /// JSON で出力する / write JSON
    #[arg(long, conflicts_with = "from")]
    json: bool,
}

impl Ask {
    pub(crate) fn run(self, lang: Lang) -> u8 {
        let Ok(input) = input::read(&self.site, lang) else { return output::UNUSABLE };
        let style = output::style(lang);
        if let Some(from) = &self.from {
            return match check::reachable(input.loaded, &input.files, from) {
                Ok(list) => output::data(lang, &render::reachable(from, &list, &style), 0),
                Err(error) => refuse(lang, &error),
            };
        }
        let written = self.question.unwrap_or_default();
        let answer = Question::read(&written)
            .and_then(|question| check::ask(input.loaded, &input.files, &question));
        match answer {
            Ok(answer) => {
                let text = if self.json {
                    render::answer_json(&answer)
                } else {
                    render::answer(&answer, &style)
                };
                let code = if answer.doubts.is_empty() { u8::from(!answer.is_open) } else { 2 };
                output::data(lang, &text, code)
            }
            Err(error) => refuse(lang, &error),
        }
    }
}

fn refuse(lang: Lang, error: &AskError) -> u8 {
    let (headline, help) = words(error);
    output::refuse(lang, &headline, &[help])
}

fn words(error: &AskError) -> (Text, Text) {
    match error {
        AskError::Form => (
            text!(ja: "質問の形ではありません", en: "this is not the form of a question"),
            text!(
                ja: "\"送信元 -> 宛先 tcp/445\" の形で書いてください",
                en: "write it as \"from -> to tcp/445\"",
            ),
        ),
        AskError::Name(name, names) => (
            text!(
                ja: "`{name}` はこのサイトにありません", en: "the site has no `{name}`",
                name = *name,
            ),
            text!(
                ja: "次のどれかを書いてください: {names}", en: "write one of: {names}",
                names = names.join(", "),
            ),
        ),
        AskError::Port(port) => (
            text!(
                ja: "`{port}` はポートではありません", en: "`{port}` is no port", port = *port,
            ),
            text!(
                ja: "`tcp/445`、`udp/53`、`icmp`、`any` のように書いてください",
                en: "write `tcp/445`, `udp/53`, `icmp` or `any`",
            ),
        ),
    }
}
