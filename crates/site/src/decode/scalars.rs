//! Single values: text, names, dates, ports, secrets, and the forms they must have.
//! Addresses and prefixes are in `addresses`.

use diag::{Diagnostic, Span, is_hidden, text};
use toml::de::DeValue;

use super::fields::{Context, Kind, Raw};
use super::kinds::StringKind;
use super::shape::{Doc, Scalar, Shape, WordDoc, spaced};
use crate::{
    CardReader, Date, KnownUse, OUTSIDE, PortSpec, Reader, Secret, Spanned, USES, Use, Word, codes,
    slip, suggest,
};

/// Longest piece of the file that a message repeats.
const QUOTED_MAX: usize = 40;

/// Longest name of an entry.
const NAME_MAX: usize = 63;

/// `text` as a message repeats it: short, on one line.
pub(crate) fn quoted(text: &str) -> String {
    let clean = |letter: char| if is_hidden(letter) || letter == '`' { '?' } else { letter };
    let mut short: String = text.chars().take(QUOTED_MAX).map(clean).collect();
    if text.chars().nth(QUOTED_MAX).is_some() {
        short.push('…');
    }
    short
}

/// Reports an entry whose name cannot be used.
pub(crate) fn check_name(context: &mut Context<'_>, name: &Spanned<String>) {
    let text = name.value.as_str();
    let is_bad = |letter: char| {
        is_hidden(letter) || letter.is_whitespace() || "\"'`/\\:,;=[]{}#".contains(letter)
    };
    let headline = if text.is_empty() {
        text!(ja: "名前が空です", en: "a name is empty")
    } else if text.chars().count() > NAME_MAX {
        text!(
            ja: "`{name}` は長すぎます（{max} 文字までです）",
            en: "`{name}` is too long, {max} characters are the limit",
            name = quoted(text), max = NAME_MAX,
        )
    } else if text.contains(is_bad) {
        text!(
            ja: "`{name}` には名前に使えない文字があります",
            en: "`{name}` has a character that a name cannot have",
            name = quoted(text),
        )
    } else if OUTSIDE.contains(&text) || text == "default" {
        text!(
            ja: "`{name}` は予約された名前です",
            en: "`{name}` is a reserved name",
            name = text,
        )
    } else if text.parse::<std::net::IpAddr>().is_ok() {
        text!(
            ja: "`{name}` はアドレスと区別できない名前です",
            en: "`{name}` cannot be told from an address",
            name = text,
        )
    } else {
        return;
    };
    context.report(Diagnostic::error(codes::UNUSABLE_NAME, headline).at(name.span).advise(text!(
        ja: "`receipt-1` のように、文字・数字・`-` からなる名前にしてください",
        en: "use letters, digits and `-`, such as `receipt-1`",
    )));
}

fn refuse_blank(context: &mut Context<'_>, text: &str, span: Span, example: &str) -> bool {
    let is_blank = text.trim().is_empty();
    if is_blank {
        context.report(
            Diagnostic::error(
                codes::EMPTY_VALUE,
                text!(ja: "`{key}` が空です", en: "`{key}` is empty", key = context.path()),
            )
            .at(span)
            .advise(text!(
                ja: "`{example}` のように書いてください。決まっていなければ、行を消してください",
                en: "write it like `{example}`, or remove the line if it is not known",
                example = example,
            )),
        );
    }
    is_blank
}

fn read_text(context: &mut Context<'_>, text: &str, span: Span, scalar: &Scalar) -> Option<String> {
    let is_refused =
        refuse_hidden(context, text, span) || refuse_blank(context, text, span, scalar.example);
    (!is_refused).then(|| text.to_owned())
}

/// Reports text that reports could not show as what it is; true if it was.
fn refuse_hidden(context: &mut Context<'_>, text: &str, span: Span) -> bool {
    let hidden = text.chars().find(|letter| is_hidden(*letter));
    if let Some(letter) = hidden {
        context.report(
            Diagnostic::error(
                codes::HIDDEN_CHARACTER,
                text!(
                    ja: "`{key}` に目に見えない文字（U+{code}）があります",
                    en: "`{key}` holds a character that is not seen, U+{code}",
                    key = context.path(), code = format!("{:04X}", u32::from(letter)),
                ),
            )
            .at(span)
            .because(text!(
                ja: "改行・制御文字・文字の向きを変える文字は、結果の表示を偽ることができます",
                en: "line feeds, controls and marks of direction can forge what a report shows",
            ))
            .advise(text!(
                ja: "1 行で書き、その文字を消してください",
                en: "write it on one line, without that character",
            )),
        );
    }
    hidden.is_some()
}

/// Free text.
pub(crate) struct Words;

impl StringKind for Words {
    type Value = String;
    const SCALAR: &'static Scalar =
        &Scalar {
            what: Doc { ja: "文字列", en: "a string" }, example: "\"...\"", pattern: r"\S"
        };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<String> {
        read_text(context, text, span, Self::SCALAR)
    }
}

/// The name of another entry.
pub(crate) struct NameOf;

impl StringKind for NameOf {
    type Value = String;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc { ja: "ほかの項目の名前", en: "the name of another entry" },
        example: "\"NAME\"",
        pattern: r"\S",
    };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<String> {
        read_text(context, text, span, Self::SCALAR)
    }
}

/// A kind of card reader, or the name of a model.
pub(crate) struct ReaderName;

impl StringKind for ReaderName {
    type Value = CardReader;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc {
            ja: "カードリーダーの種類か機種", en: "a kind or a model of card reader"
        },
        example: "\"face\"",
        pattern: r"\S",
    };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<CardReader> {
        if let Some(kind) = Reader::WORDS.iter().find(|info| info.word == text) {
            return Some(CardReader::Kind(kind.value));
        }
        read_text(context, text, span, Self::SCALAR).map(CardReader::Model)
    }
}

/// The path of a file beside the site file.
pub(crate) struct FilePath;

impl StringKind for FilePath {
    type Value = String;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc { ja: "ファイル名", en: "a file name" },
        example: "\"router-a.conf\"",
        pattern: r"^[^\\]*[^\s\\][^\\]*$",
    };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<String> {
        if slip::is_of_windows(text) {
            context.report(slip::of_windows(codes::MALFORMED_PATH, text, span));
            return None;
        }
        read_text(context, text, span, Self::SCALAR)
    }
}

/// A host name or an address.
pub(crate) struct Host;

impl StringKind for Host {
    type Value = String;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc { ja: "ホスト名またはアドレス", en: "a host name or an address" },
        example: "\"host.example.jp\"",
        pattern: r"^[A-Za-z0-9_.:*-]+$",
    };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<String> {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:*".contains(&byte);
        if !text.is_empty() && text.bytes().all(is_letter) {
            return Some(text.to_owned());
        }
        malformed(context, codes::MALFORMED_HOST, text, span, Self::SCALAR);
        None
    }
}

/// A day, as TOML writes it.
pub(crate) struct Day;

const DAY: Scalar =
    Scalar { what: Doc { ja: "日付", en: "a date" }, example: "2027-03-31", pattern: "" };

impl Kind for Day {
    type Value = Date;
    const SHAPE: Shape = Shape::Date(&DAY);

    fn decode<'a>(context: &mut Context<'a>, raw: &'a Raw<'a>) -> Option<Date> {
        let DeValue::Datetime(written) = raw.get_ref() else {
            context.wrong_type(raw, &Self::SHAPE);
            return None;
        };
        let span = context.span(raw);
        let headline = match (written.date, written.time) {
            (Some(date), None) => {
                let day = Date::new(date.year, date.month, date.day);
                if day.is_some() {
                    return day;
                }
                text!(
                    ja: "`{key}` の日は暦にありません",
                    en: "the calendar has no such day for `{key}`",
                    key = context.path(),
                )
            }
            _ => text!(
                ja: "`{key}` には日付だけを書きます（時刻は書きません）",
                en: "`{key}` takes a date without a time",
                key = context.path(),
            ),
        };
        context.report(Diagnostic::error(codes::MALFORMED_DATE, headline).at(span).advise(text!(
            ja: "`2027-03-31` のように、引用符なしで年-月-日を書いてください",
            en: "write year-month-day without quotes, such as `2027-03-31`",
        )));
        None
    }
}

/// The day that a string such as `2027-03-31` or `2027/03/31` stands for.
pub(crate) fn date_of(text: &str) -> Option<Date> {
    let text = text.trim();
    let is_mixed = text.contains('/') && text.contains('-');
    Date::read(&text.replace('/', "-")).filter(|_| !is_mixed)
}

const PORT_PATTERN: &str = r"^(any|icmp|esp|(tcp|udp)/[0-9]{1,5}(-[0-9]{1,5})?)$";

/// A protocol with its ports.
pub(crate) struct Ports;

impl StringKind for Ports {
    type Value = PortSpec;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc { ja: "プロトコルとポート", en: "a protocol with ports" },
        example: "\"tcp/443\"",
        pattern: PORT_PATTERN,
    };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<PortSpec> {
        let spec = PortSpec::read(text);
        if spec.is_none() {
            malformed_port(context, text, span, Self::SCALAR);
        }
        spec
    }
}

/// A service by name or port.
pub(crate) struct Usage;

impl StringKind for Usage {
    type Value = Use;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc {
            ja: "用途の名前またはポート", en: "the name of a service or a port"
        },
        example: "\"smb\"",
        pattern: PORT_PATTERN,
    };
    const WORDS: Option<fn() -> Vec<WordDoc>> = Some(uses);
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<Use> {
        let found = Use::read(text);
        if found.is_none() && text.contains(['/', ':']) {
            malformed_port(context, text, span, Self::SCALAR);
        } else if found.is_none() {
            super::kinds::unknown_word(context, text, span, USES.iter().map(|known| known.word));
        }
        found
    }
}

fn uses() -> Vec<WordDoc> {
    let doc = |known: &KnownUse| Doc { ja: known.ja, en: known.en };
    USES.iter().map(|known| WordDoc { word: known.word, doc: doc(known) }).collect()
}

fn malformed_port(context: &mut Context<'_>, text: &str, span: Span, scalar: &Scalar) {
    let half = suggest::half_width(text).to_lowercase();
    let (left, right) = half.split_once(['/', ':', ' ']).unwrap_or(("", &half));
    let (left, right) = (left.trim(), right.trim());
    let turned = if left.starts_with(|letter: char| letter.is_ascii_digit()) {
        format!("{right}/{left}")
    } else {
        format!("{}/{right}", if left.is_empty() { "tcp" } else { left })
    };
    let mut diagnostic = malformed_diagnostic(context, codes::MALFORMED_PORT, text, span, scalar);
    if PortSpec::read(&turned).is_some() {
        diagnostic = diagnostic.mend(span, format!("\"{turned}\""));
    }
    context.report(diagnostic.because(text!(
        ja: "ポートは `tcp/443`、範囲は `tcp/1000-2000`（1〜65535、小さい方が先）、ほかに \
             `udp/53`・`icmp`・`esp`・`any` と書きます",
        en: "a port is written `tcp/443`, a range `tcp/1000-2000` (1 to 65535, lower end first), \
             and there are `udp/53`, `icmp`, `esp` and `any`",
    )));
}

/// Where a secret is kept.
pub(crate) struct SecretPlace;

impl StringKind for SecretPlace {
    type Value = Secret;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc { ja: "秘密の置き場所", en: "the place of a secret" },
        example: "\"env:PPPOE_CLAIMS\"",
        pattern: r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.*\S.*)$",
    };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<Secret> {
        let secret = Secret::read(text);
        if secret.is_none() {
            context.redactions.push(span);
            context.report(
                Diagnostic::error(
                    codes::SECRET_IN_CLEAR,
                    text!(
                        ja: "`{key}` が `env:` または `file:` による参照ではありません",
                        en: "`{key}` is not a reference with `env:` or `file:`",
                        key = context.path(),
                    ),
                )
                .at(span)
                .because(text!(
                    ja: "サイトファイルには秘密の値そのものを書きません。値はここには表示しません",
                    en: "a site file never holds a secret itself; its value is not repeated here",
                ))
                .advise(text!(
                    ja: "値を環境変数かファイルに移し、`\"env:NAME\"` か `\"file:PATH\"` と書い\
                         てください。すでに他者と共有したファイルなら、値そのものを変更してくだ\
                         さい",
                    en: "move the value to an environment variable or a file and write \
                         `\"env:NAME\"` or `\"file:PATH\"`; if the file was shared already, \
                         change the secret too",
                )),
            );
        }
        secret
    }
}

/// The identifier of a reference pattern.
pub(crate) struct PatternId;

impl StringKind for PatternId {
    type Value = String;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc { ja: "参考パターンの識別子", en: "the identifier of a pattern" },
        example: "\"ipvpn.separate\"",
        pattern: r"^[a-z0-9-]+\.[a-z0-9-]+$",
    };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<String> {
        let is_part = |part: &str| {
            let is_letter =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            !part.is_empty() && part.bytes().all(is_letter)
        };
        if text.split_once('.').is_some_and(|(family, place)| is_part(family) && is_part(place)) {
            return Some(text.to_owned());
        }
        malformed(context, codes::MALFORMED_IDENTIFIER, text, span, Self::SCALAR);
        None
    }
}

/// The code or name of a rule.
pub(crate) struct RuleId;

impl StringKind for RuleId {
    type Value = String;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc { ja: "ルールのコードまたは名前", en: "the code or name of a rule" },
        example: "\"F003\"",
        pattern: r"^([A-Z][0-9]{3}|[a-z0-9]+(-[a-z0-9]+)*)$",
    };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<String> {
        let bytes = text.as_bytes();
        let is_code = bytes.len() == 4
            && bytes[0].is_ascii_uppercase()
            && bytes[1..].iter().all(u8::is_ascii_digit);
        let is_name = text.split('-').all(|part| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
        if is_code || is_name {
            return Some(text.to_owned());
        }
        malformed(context, codes::MALFORMED_IDENTIFIER, text, span, Self::SCALAR);
        None
    }
}

/// A value that does not have the form of its kind.
pub(crate) fn malformed_diagnostic(
    context: &Context<'_>,
    code: &'static str,
    text: &str,
    span: Span,
    scalar: &Scalar,
) -> Diagnostic {
    Diagnostic::error(
        code,
        text!(
            ja: "`{key}` の `{text}` は{what}として読めません",
            en: "`{key}` holds `{text}`, which cannot be read as {what}",
            key = context.path(), text = quoted(text),
            what = spaced(diag::Text::new(scalar.what.ja, scalar.what.en)),
        ),
    )
    .at(span)
    .advise(text!(
        ja: "`{example}` の形で書いてください",
        en: "write it like `{example}`",
        example = scalar.example,
    ))
}

/// Reports a value that does not have the form of its kind.
pub(crate) fn malformed(
    context: &mut Context<'_>,
    code: &'static str,
    text: &str,
    span: Span,
    scalar: &Scalar,
) {
    let diagnostic = malformed_diagnostic(context, code, text, span, scalar);
    context.report(diagnostic);
}
