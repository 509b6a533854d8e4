//! `sekisho ask SITE "a -> b tcp/445"`: one session, both ways, with the deciding lines.

use std::path::PathBuf;

use check::{AskError, AskVerdict, Question};
use clap::Args;
use diag::{Lang, Text, text};
use site::Date;

use super::format::Output;
use crate::{input, output};

/// What is accepted, and what the answer is worth.
const AFTER: &str = "\
質問の形: 送信元 -> 宛先 [ポート] / Form of a question: from -> to [port]
  送信元・宛先: 機器・ルータ・ゾーン・外部の網の名前。宛先は接続先の名前やアドレスでもよい \
  / from, to: a machine, a router, a zone or a network outside; to may be a destination \
  or an address
  ポート: tcp/445、udp/53、smb、https、dns、ping など。なければすべて\
  / port: tcp/445, udp/53, smb, https, dns, ping and so on; everything without one
  ゾーンを送信元にすると、その中のどの端末からでも / a zone sends from any of its machines

終了コード: / Exit codes:
  0  開ける、--from ではすべて挙げた / open; with --from: the list is whole
  1  開けない / closed
  2  不明、--from では読めていない設定がある / unknown; with --from: there may be more
  3  質問か入力が使えない / unusable question or input";

/// 一つのセッションが開けるか、どの行が決めるかを答えます / answers whether a session can be
/// opened, and which line decides it
#[derive(Args)]
#[command(after_help = AFTER)]
pub(crate) struct Ask {
    /// サイトファイル、または site.toml のあるフォルダー / site file, or a folder with a site.toml
    #[arg(default_value = ".")]
    site: PathBuf,
    /// 質問（例 "receipt-1 -> terminal-1 smb"）/ the question, such as "receipt-1 -> terminal-1
    /// smb"
    question: Option<String>,
    /// この機器・ゾーン・外部の網から届くものをすべて挙げる / list everything this party reaches
    #[arg(long, value_name = "NAME", conflicts_with = "question")]
    from: Option<String>,
    /// この日までに確かめた答えだけを使う（既定はすべて）/ take only answers to open points that
    /// were found out by this day (default: all)
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = input::date)]
    on: Option<Date>,
    #[command(flatten)]
    output: Output,
}

impl Ask {
    pub(crate) fn run(self, lang: Lang) -> u8 {
        let is_json = self.output.is_json();
        let (site, question) = match (self.site, self.question) {
            // One word alone that has an arrow is the question, about the site in this folder.
            (site, None) if self.from.is_none() => match site.to_str().map(Question::read) {
                Some(Ok(_)) => (PathBuf::from("."), site.to_str().map(str::to_owned)),
                _ => return refuse(lang, &AskError::Form, is_json),
            },
            given => given,
        };
        let Ok(input) = input::read(&site, lang, is_json) else { return output::UNUSABLE };
        let style = output::style(lang);
        if let Some(from) = &self.from {
            return match check::reachable(input.loaded, &input.files, from, self.on) {
                Ok(reached) => {
                    let code = if reached.doubts.is_empty() { 0 } else { 2 };
                    let text = if is_json {
                        render::reachable_json(from, &reached, code)
                    } else {
                        render::reachable(from, &reached, &style)
                    };
                    output::data(lang, &text, code)
                }
                Err(error) => refuse(lang, &error, is_json),
            };
        }
        let written = question.unwrap_or_default();
        let answer = Question::read(&written)
            .and_then(|question| check::ask(input.loaded, &input.files, &question, self.on));
        match answer {
            Ok(answer) => {
                let code = match answer.verdict() {
                    AskVerdict::Open => 0,
                    AskVerdict::Closed => 1,
                    AskVerdict::Unknown => 2,
                };
                let text = if is_json {
                    render::answer_json(&answer, code)
                } else {
                    render::answer(&answer, &style)
                };
                output::data(lang, &text, code)
            }
            Err(error) => refuse(lang, &error, is_json),
        }
    }
}

fn refuse(lang: Lang, error: &AskError, is_json: bool) -> u8 {
    let (headline, helps) = words(error);
    output::refuse_in(lang, &headline, &helps, is_json)
}

fn words(error: &AskError) -> (Text, Vec<Text>) {
    match error {
        AskError::Form => (
            text!(ja: "質問の形ではありません", en: "this is not the form of a question"),
            vec![text!(
                ja: "\"送信元 -> 宛先 tcp/445\" の形で書いてください。矢印は `->` か `→`、ポートは\
                     省けます",
                en: "write it as \"from -> to tcp/445\"; the arrow is `->` or `→`, and the port \
                     may be left out",
            )],
        ),
        AskError::Name { name, near, names } => {
            let near = near.iter().map(|near| {
                text!(
                    ja: "`{near}` の書き間違いであれば、直してください",
                    en: "write `{near}` if that is what you mean", near = *near,
                )
            });
            let all = text!(
                ja: "次のどれかを書いてください（宛先はアドレスでもかまいません）: {names}",
                en: "write one of these, or for the other end an address: {names}",
                names = names.join(", "),
            );
            let headline = text!(
                ja: "`{name}` はこのサイトにありません", en: "the site has no `{name}`",
                name = *name,
            );
            (headline, near.chain([all]).collect())
        }
        AskError::NoMachine(zone) => (
            text!(
                ja: "ゾーン `{zone}` に端末がありません", en: "no machine stands in zone `{zone}`",
                zone = *zone,
            ),
            vec![text!(
                ja: "送信元に機器・ルータ・外部の網の名前を書いてください",
                en: "write a machine, a router or a network outside as the sender",
            )],
        ),
        AskError::Port(port) => (
            text!(
                ja: "`{port}` はポートではありません", en: "`{port}` is no port", port = *port,
            ),
            vec![text!(
                ja: "`tcp/445`、`udp/1000-2000`、`icmp`、`esp`、`any` か、サービスの名前（{words}）\
                     で書いてください",
                en: "write it like `tcp/445`, `udp/1000-2000`, `icmp`, `esp` or `any`, or name a \
                     service ({words})",
                words = site::USES.iter().map(|one| one.word).collect::<Vec<_>>().join(", "),
            )],
        ),
    }
}
