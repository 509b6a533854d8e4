//! Writing: data to standard output, everything else to standard error.

use std::io::{ErrorKind, IsTerminal, Write};

use diag::{Lang, Text, text};
use render::Style;

/// Exit code for input that cannot be used, and for faults of ours.
pub(crate) const UNUSABLE: u8 = 3;

/// How text looks on standard output.
pub(crate) fn style(lang: Lang) -> Style {
    let is_terminal = std::io::stdout().is_terminal();
    let is_dull = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Style { lang, color: is_terminal && !is_dull, width: width(is_terminal) }
}

/// Cells to fill: those of the terminal as `COLUMNS` tells them, at most 100, or 80.
fn width(is_terminal: bool) -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.filter(|_| is_terminal).map_or(80, |columns: usize| columns.clamp(40, 100))
}

/// Writes data and gives `code`, or [`UNUSABLE`] after the user was told that it could not be
/// written. A reader that went away has what it wanted: that is no fault.
pub(crate) fn data(lang: Lang, text: &str, code: u8) -> u8 {
    let mut out = anstream::stdout();
    match out.write_all(display::terminal(text).as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => refuse(
            lang,
            &text!(
                ja: "標準出力に書き込めないため、結果は出力されていません: {reason}",
                en: "standard output cannot be written, so the result is not there: {reason}",
                reason = diag::os_error(&error),
            ),
            &[],
        ),
        _ => code,
    }
}

/// Tells the user something that is not data.
pub(crate) fn tell(text: &str) {
    let _ = anstream::stderr().write_all(format!("{}\n", display::terminal(text)).as_bytes());
}

/// Tells the user in the language they read, in lines of the terminal's width.
pub(crate) fn tell_in(lang: Lang, text: &Text) {
    let width = width(std::io::stderr().is_terminal());
    tell(&display::wrap(text.get(lang), width).join("\n"));
}

/// Tells the user why nothing came of it and what to do, and gives the exit code.
pub(crate) fn refuse(lang: Lang, headline: &Text, helps: &[Text]) -> u8 {
    tell(link::arguments::complaint(headline, helps, lang).trim_end());
    UNUSABLE
}

/// As [`refuse`]; a program that wants JSON has an object, too.
pub(crate) fn refuse_in(lang: Lang, headline: &Text, helps: &[Text], is_json: bool) -> u8 {
    let code = refuse(lang, headline, helps);
    if is_json { data(lang, &render::refusal_json(headline, helps, code), code) } else { code }
}

/// Tells the user an entry of a list, in lines of the terminal's width.
pub(crate) fn tell_item(lang: Lang, text: &Text) {
    const MARK: &str = "  - ";
    let room = width(std::io::stderr().is_terminal()) - MARK.len();
    let lines = display::wrap(text.get(lang), room).join("\n    ");
    tell(&format!("{MARK}{lines}"));
}
