//! Writing: data to standard output, everything else to standard error.

use std::ffi::OsStr;
use std::io::{self, ErrorKind, IsTerminal, Write};

use diag::{Lang, Text, text};
use display::Style;

use crate::client::{Answer, Delivery, Outcome};
use crate::message::Doubt;
use crate::pseudonym::Key;
use crate::quarantine::Placing;

/// Exit code when everything went as asked.
pub(crate) const DONE: u8 = 0;
/// Exit code for arguments or input that cannot be used.
pub(crate) const UNUSABLE: u8 = 3;

/// Writes data and gives `code`, or [`UNUSABLE`] after the user was told that it could not be
/// written. A reader that went away has what it wanted: that is no fault.
pub(crate) fn data(lang: Lang, text: &str, code: u8) -> u8 {
    match written(text) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let what = text!(
                ja: "標準出力に書き込めないため、結果は出力されていません: {reason}",
                en: "standard output cannot be written, so the result is not there: {reason}",
                reason = diag::os_error(&error),
            );
            fail(lang, "P407", &what);
            UNUSABLE
        }
        _ => code,
    }
}

fn written(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout();
    out.write_all(display::terminal(text).as_bytes()).and_then(|()| out.flush())
}

/// Tells the user something that is not data. Lines are broken at the width of a terminal; a log
/// gets each message on a line of its own.
pub(crate) fn tell(lang: Lang, text: &Text) {
    let mut told = text.get(lang).to_owned();
    if io::stderr().is_terminal() {
        let width = plain(lang).width;
        let lines = told.lines().map(|line| {
            if display::width(line) > width {
                display::hanging("", line, 2, width).trim_end().to_owned()
            } else {
                line.to_owned()
            }
        });
        told = lines.collect::<Vec<_>>().join("\n");
    }
    let _ = anstream::stderr().write_all(format!("{}\n", display::terminal(&told)).as_bytes());
}

/// Tells the user why nothing was done.
pub(crate) fn fail(lang: Lang, code: &str, what: &Text) {
    let what = text!(
        ja: "エラー[{code}]: {what}", en: "error[{code}]: {what}", code = code, what = what,
    );
    tell(lang, &what);
}

/// What hands answers over, and remembers the exit code.
pub(crate) struct Hands {
    lang: Lang,
    key: Key,
    /// The largest so far.
    pub(crate) code: u8,
}

impl Hands {
    /// Nothing handed over yet.
    pub(crate) fn new(lang: Lang, key: &Key) -> Self {
        Self { lang, key: key.clone(), code: DONE }
    }

    /// Hands an answer over. One that cannot be written is not lost, whoever is at fault: also a
    /// reader that went away has not got it.
    pub(crate) fn over(&mut self, answer: &Answer) -> Delivery {
        if let Err(error) = written(&display::json_line(&answer.to_json())) {
            let what = text!(
                ja: "回答を標準出力に書き込めないため、渡していないものとして扱います。`collect` で\
                     受け取れます: {reason}",
                en: "an answer cannot be written to standard output; it counts as not handed \
                     over, and `collect` fetches it: {reason}",
                reason = diag::os_error(&error),
            );
            fail(self.lang, "P407", &what);
            self.code = self.code.max(UNUSABLE);
            return Delivery::Failed;
        }
        self.code = self.code.max(told(self.lang, &self.key, answer));
        Delivery::Done
    }
}

/// Tells without any of an answer's content what is to be known about it, and gives the exit
/// code.
fn told(lang: Lang, key: &Key, answer: &Answer) -> u8 {
    let name = match &answer.response {
        Some(response) if answer.request.is_empty() => key.name(OsStr::new(response)),
        Some(response) => response.clone(),
        None => answer.request.clone(),
    };
    let reason = answer.doubt.as_ref().map_or("", |doubt| doubt.word());
    match answer.outcome {
        Outcome::Doubtful => tell(
            lang,
            &text!(
                ja: "警告[E400]: `{name}` は疑わしいため渡しません（{reason}）。{placed}",
                en: "warning[E400]: `{name}` is doubtful and not handed over ({reason}); {placed}",
                name = name, reason = reason, placed = placed(answer),
            ),
        ),
        Outcome::Waiting | Outcome::Gone => tell(lang, &absent(answer, &name)),
        Outcome::Unsent => {
            let fault = answer.fault.clone().unwrap_or_default();
            let what = match answer.number {
                None => fault,
                Some(number) => text!(
                    ja: "{number} 番目の要求を送りません: {fault}",
                    en: "request {number} is not sent: {fault}", number = number, fault = fault,
                ),
            };
            fail(lang, "P404", &what);
        }
        Outcome::Answered | Outcome::InProgress | Outcome::Failed | Outcome::Rejected => {}
    }
    answer.outcome.code()
}

/// Why there is no answer to be handed over.
fn absent(answer: &Answer, name: &str) -> Text {
    match &answer.doubt {
        _ if answer.outcome == Outcome::Gone => text!(
            ja: "注意[E403]: `{name}` の回答は以前に渡しましたが、確認済みにならないうちにファ\
                 イルがなくなりました",
            en: "note[E403]: the answer to `{name}` was handed over before; its file went away \
                 before anybody acknowledged it",
            name = name,
        ),
        Some(Doubt::Unreadable) => text!(
            ja: "警告[E402]: `{name}` はありますが、読む権限がありません。権限を直せば \
                 `collect` で受け取れます",
            en: "warning[E402]: `{name}` is there and we may not read it; with the right to, \
                 `collect` fetches it",
            name = name,
        ),
        Some(doubt) if doubt.is_ours() => text!(
            ja: "警告[E402]: `{name}` はありますが、開けません（{reason}）。正しい \
                 `--password-file` を付ければ `collect` で受け取れます",
            en: "warning[E402]: `{name}` is there and cannot be opened ({reason}); with the \
                 right `--password-file`, `collect` fetches it",
            name = name, reason = doubt.word(),
        ),
        _ if answer.was_doubtful => text!(
            ja: "注意[E401]: `{name}` に来た回答は疑わしく、ほかの回答はまだありません。再送は\
                 しません",
            en: "note[E401]: what came for `{name}` was doubtful, and no other answer is there \
                 yet; it is not sent again",
            name = name,
        ),
        _ => text!(
            ja: "注意[E401]: `{name}` の回答はまだありません。再送はしません",
            en: "note[E401]: no answer to `{name}` yet; it is not sent again",
            name = name,
        ),
    }
}

/// How text looks on standard output.
pub(crate) fn style(lang: Lang) -> Style {
    let is_terminal = std::io::stdout().is_terminal();
    let is_dull = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Style { color: is_terminal && !is_dull, ..plain(lang) }
}

/// How text looks on standard error.
pub(crate) fn plain(lang: Lang) -> Style {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let width = columns.map_or(80, |columns: usize| columns.clamp(40, 100));
    Style { width, ..Style::plain(lang) }
}

/// Where a doubtful file is now.
fn placed(answer: &Answer) -> Text {
    match answer.placing {
        Some(Placing::Moved) => {
            text!(ja: "隔離（`.quarantine`）に移しました", en: "it stands in `.quarantine` now")
        }
        Some(Placing::Kept(why)) => text!(
            ja: "隔離できないため元の場所に残します（{why}）",
            en: "it cannot be put into quarantine ({why}) and stays where it is",
            why = why.word(),
        ),
        None => text!(ja: "ファイルは残します", en: "the file stays"),
    }
}
