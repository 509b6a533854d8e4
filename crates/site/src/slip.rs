//! Slips that TOML calls by other names: days in another spelling, strings that nothing closes,
//! paths of Windows, and keys that are written twice.

use diag::{Diagnostic, Label, SourceId, Span, Text, text};

use crate::syntax::line_start;
use crate::{Date, codes};

/// What the TOML error `message` at `span` comes from, if it is one of these.
pub(crate) fn find(
    source: SourceId,
    content: &str,
    message: &str,
    span: Span,
) -> Option<Diagnostic> {
    if message.contains("duplicate key") {
        return Some(repeated(source, content, span));
    }
    let slip = day(source, content, span);
    if message.contains("escape") {
        return slip.or_else(|| backslash(source, content, span));
    }
    let is_about_string = message.contains("quote") || message.contains("string");
    slip.or_else(|| is_about_string.then(|| open_quote(source, content, span)).flatten())
}

/// A day that the calendar does not have, or that is written in another way.
fn day(source: SourceId, content: &str, span: Span) -> Option<Diagnostic> {
    let is_end = |letter: char| " \t\r\n,={}[]\"'#".contains(letter);
    let at = span.start as usize;
    let start = content[..at].rfind(is_end).map_or(0, |before| before + 1);
    let length = content[start..].find(is_end).unwrap_or(content.len() - start);
    let written = &content[start..start + length];
    let parts: Vec<&str> = written.split(['-', '/', '.']).collect();
    let &[year, month, day] = parts.as_slice() else { return None };
    let number = |part: &str| part.parse::<u8>().ok().filter(|_| part.len() <= 2);
    let year = year.parse::<u16>().ok().filter(|year| (1900..2200).contains(year))?;
    let (month, day) = (number(month)?, number(day)?);
    let span = Span::new(source, start, start + length);
    let Some(date) = Date::new(year, month, day) else {
        let found = Diagnostic::error(
            codes::MALFORMED_DATE,
            text!(
                ja: "`{day}` は暦にない日です", en: "the calendar has no day `{day}`",
                day = written,
            ),
        );
        return Some(found.at(span).advise(text!(
            ja: "`2027-03-31` のように、実在する日を書いてください",
            en: "write a day that exists, such as `2027-03-31`",
        )));
    };
    let found = Diagnostic::error(
        codes::MALFORMED_DATE,
        text!(
            ja: "日付 `{day}` の書き方が違います",
            en: "the day `{day}` is not written as it should be", day = written,
        ),
    );
    Some(found.at(span).mend(span, date.to_string()).advise(text!(
        ja: "`{date}` のように、引用符なしで年-月-日を書いてください",
        en: "write year-month-day without quotes: `{date}`",
        date = date,
    )))
}

/// The quotation mark of a string that its line does not close.
fn open_quote(source: SourceId, content: &str, span: Span) -> Option<Diagnostic> {
    let start = line_start(content, span.start as usize);
    let line = content[start..].lines().next().unwrap_or_default();
    let mut open = None;
    let mut is_escaped = false;
    for (at, letter) in line.char_indices() {
        match open {
            _ if is_escaped => is_escaped = false,
            Some((_, '"')) if letter == '\\' => is_escaped = true,
            Some((_, quote)) if quote == letter => open = None,
            None if letter == '#' => break,
            None if letter == '"' || letter == '\'' => open = Some((at, letter)),
            _ => {}
        }
    }
    let (at, quote) = open?;
    let found = Diagnostic::error(
        codes::SYNTAX,
        text!(
            ja: "この行で始まる文字列が閉じていません",
            en: "the string that begins here is not closed",
        ),
    );
    Some(found.at(Span::new(source, start + at, start + at + 1)).advise(text!(
        ja: "文字列の終わりに `{quote}` を加えてください",
        en: "add `{quote}` where the string ends", quote = quote,
    )))
}

/// A `\` in a string between `"`, where TOML gives it a meaning of its own.
fn backslash(source: SourceId, content: &str, span: Span) -> Option<Diagnostic> {
    let start = line_start(content, span.start as usize);
    let line = content[start..].lines().next().unwrap_or_default();
    let before = content[start..].get(..span.start as usize - start)?;
    let opening = before.rfind('"')? + 1;
    let length = line[opening..].find('"').unwrap_or(line.len() - opening);
    let span = Span::new(source, start + opening - 1, start + opening + length + 1);
    Some(of_windows(codes::SYNTAX, &line[opening..opening + length], span))
}

/// Whether `path` is written as on Windows.
pub(crate) fn is_of_windows(path: &str) -> bool {
    let mut letters = path.chars();
    let is_drive = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic())
        && letters.next() == Some(':');
    is_drive || path.contains(['\\', '\t', '\r', '\n', '\u{8}', '\u{c}'])
}

/// That `path` at `span` is written as on Windows.
pub(crate) fn of_windows(code: &'static str, path: &str, span: Span) -> Diagnostic {
    // What TOML took for the letter of an escape.
    let path: String = path
        .chars()
        .flat_map(|letter| match letter {
            '\\' => vec!['/'],
            '\t' => vec!['/', 't'],
            '\r' => vec!['/', 'r'],
            '\n' => vec!['/', 'n'],
            '\u{8}' => vec!['/', 'b'],
            '\u{c}' => vec!['/', 'f'],
            other => vec![other],
        })
        .collect();
    let is_elsewhere = path.contains(':') || path.starts_with('/') || path.starts_with("..");
    let end = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
    let kept = if is_elsewhere { end } else { path.as_str() };
    let headline = text!(
        ja: "ファイルの場所は `\\` やドライブ名では書けません",
        en: "a file is not named with `\\` or a drive here",
    );
    let help: Text = if is_elsewhere {
        text!(
            ja: "ファイルをサイトファイルと同じフォルダーに置き、`\"{path}\"` と書いてください",
            en: "put the file into the folder of the site file and write `\"{path}\"`",
            path = kept,
        )
    } else {
        text!(
            ja: "`/` で区切って `\"{path}\"` と書いてください",
            en: "write it with `/`: `\"{path}\"`", path = kept,
        )
    };
    let found = Diagnostic::error(code, headline).at(span).because(text!(
        ja: "サイトファイルのあるフォルダーからの場所を `/` で区切って書きます",
        en: "it is the place from the folder of the site file on, with `/` between folders",
    ));
    found.advise(help).mend(span, format!("\"{kept}\""))
}

/// A key or a section that stands in the same table already.
fn repeated(source: SourceId, content: &str, span: Span) -> Diagnostic {
    let start = line_start(content, span.start as usize);
    let line = content[start..].lines().next().unwrap_or_default();
    let is_header = line.trim_start().starts_with('[');
    let key = content.get(span.start as usize..span.end as usize).unwrap_or_default().trim();
    let name = if is_header { line.split('#').next().unwrap_or_default().trim() } else { key };
    let found = Diagnostic::error(
        codes::REPEATED_KEY,
        text!(
            ja: "`{name}` が 2 度書かれています", en: "`{name}` is written twice", name = name,
        ),
    )
    .at(span)
    .advise(text!(ja: "どちらかを消してください", en: "remove one of the two"));
    let Some(at) = first_place(content, start, name, is_header) else { return found };
    let label = text!(ja: "最初はここです", en: "it is here first");
    let span = Span::new(source, at, at + name.len());
    let mut found = found;
    found.secondary.push(Label { span, text: label });
    found
}

/// Where `name` stands before the byte `end`: as a header anywhere, else as a key at the beginning
/// of a line of the same section.
fn first_place(content: &str, end: usize, name: &str, is_header: bool) -> Option<usize> {
    let mut found = None;
    let mut at = 0;
    for line in content[..end].split_inclusive('\n') {
        let trimmed = line.trim_start();
        let here = at + line.len() - trimmed.len();
        at += line.len();
        let rest = trimmed.strip_prefix(name).map(str::trim_start);
        if is_header {
            let is_same = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('#'));
            found = found.or(is_same.then_some(here));
        } else if trimmed.starts_with('[') {
            found = None;
        } else if rest.is_some_and(|rest| rest.starts_with('=')) {
            found = found.or(Some(here));
        }
    }
    found
}
