//! Writing: data to standard output, everything else to standard error.

use std::ffi::OsStr;
use std::io::{IsTerminal, Write};

use diag::{Lang, Text, text};
use display::Style;

use crate::client::{Answer, Outcome};
use crate::pseudonym::Key;
use crate::quarantine::Placing;

/// Exit code when everything went as asked.
pub(crate) const DONE: u8 = 0;
/// Exit code for arguments or input that cannot be used.
pub(crate) const UNUSABLE: u8 = 3;

/// Writes data. A reader that went away is no fault.
pub(crate) fn data(text: &str) {
    let mut out = anstream::stdout();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Tells the user something that is not data.
pub(crate) fn tell(lang: Lang, text: &Text) {
    let _ = anstream::stderr().write_all(format!("{}\n", text.get(lang)).as_bytes());
}

/// Tells the user why nothing was done.
pub(crate) fn fail(lang: Lang, code: &str, what: &Text) {
    let what = text!(
        ja: "エラー[{code}]: {what}", en: "error[{code}]: {what}", code = code, what = what,
    );
    tell(lang, &what);
}

/// Hands an answer over, and tells without any of its content what is to be known about it.
/// Returns the exit code.
pub(crate) fn answer(lang: Lang, key: &Key, answer: &Answer) -> u8 {
    data(&format!("{}\n", answer.to_json()));
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
        Outcome::Waiting => tell(
            lang,
            &text!(
                ja: "注意[E401]: `{name}` の回答はまだありません。再送はしません",
                en: "note[E401]: no answer to `{name}` yet; it is not sent again",
                name = name,
            ),
        ),
        Outcome::Unsent => {
            let fault = answer.fault.clone().unwrap_or_default();
            fail(lang, "P404", &fault);
        }
        Outcome::Answered | Outcome::InProgress | Outcome::Failed | Outcome::Rejected => {}
    }
    answer.outcome.code()
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
