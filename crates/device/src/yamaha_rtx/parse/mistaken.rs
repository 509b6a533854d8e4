//! What may be wrong with a text that holds unknown commands: another file, folded lines, letters
//! that look like others.

use diag::{Diagnostic, Span, Text, text};

use super::super::config::{Body, Statement};
use super::super::text::{CONSOLE_WIDTH, columns};

/// Unknown lines from which on a file may be no configuration at all.
const STRANGE_LINES: usize = 10;

/// How many lines are unknown for each one that is known, in a file that is no configuration.
const STRANGE_SHARE: usize = 4;

/// Narrowest width at which a mail or an editor is taken to fold lines.
///
/// # Units
/// Columns.
const NARROWEST_FOLD: usize = 60;

/// What is to be said instead of one remark for each line of a text that is no configuration.
pub(super) fn no_configuration(statements: &mut [Statement], text: &str) -> Option<Diagnostic> {
    let known = statements.iter().filter(|one| matches!(one.body, Body::Command(_))).count();
    let first = statements.iter().find(|one| is_unknown(one))?.line;
    let unknown: Vec<&mut Statement> =
        statements.iter_mut().filter(|one| is_unknown(one)).collect();
    let count = unknown.len();
    if count < STRANGE_LINES || count < known * STRANGE_SHARE {
        return None;
    }
    for statement in unknown {
        if let Body::Unmodelled(gap) = &mut statement.body {
            gap.diagnostic = None;
        }
    }
    let found = Diagnostic::error(
        "P141",
        text!(
            ja: "`show config` の出力に見えません（コマンドとして読めない行が {count} 行）",
            en: "this does not look like what `show config` prints ({count} lines are no command)",
            count = count,
        ),
    )
    .at(first)
    .because(text!(
        ja: "このルータについては何も証明しません",
        en: "nothing is proved about this router",
    ));
    let line = snippet(text, first);
    Some(
        match guess(line, text) {
            Some(guess) => found.because(guess),
            None => found,
        }
        .advise(text!(
            ja: "`show config` の出力だけを、そのままテキストファイルに保存し直してください",
            en: "save what `show config` prints, and nothing else, as a text file",
        )),
    )
}

/// What the text may be instead.
fn guess(line: &str, text: &str) -> Option<Text> {
    let line = line.trim_start();
    let second = line.chars().nth(1);
    let is_other = |word: &str| text.lines().any(|line| line.trim_start().starts_with(word));
    Some(if line.starts_with('"') {
        text!(
            ja: "各行が引用符で囲まれています（表計算ソフトの CSV）",
            en: "the lines stand in quotes (CSV of a spreadsheet)",
        )
    } else if line.starts_with(['[', '(']) && second.is_some_and(|c| c.is_ascii_digit())
        || line.starts_with(|c: char| c.is_ascii_digit())
    {
        text!(
            ja: "各行の先頭に時刻や番号があります（端末ソフトのログ）",
            en: "a time or a number stands before each line (log of a terminal program)",
        )
    } else if line.starts_with(['>', '|']) {
        text!(
            ja: "各行の先頭に引用の印があります（メールの引用）",
            en: "a mark stands before each line (quoted in a mail)",
        )
    } else if is_other("interface ") || is_other("hostname ") || is_other("config system") {
        text!(
            ja: "別のメーカーのルータの設定に見えます",
            en: "it looks like the configuration of another vendor's router",
        )
    } else {
        return None;
    })
}

/// The physical line at `line`.
fn snippet(text: &str, line: Span) -> &str {
    let place = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
    text.get(place(line.start)..place(line.end)).unwrap_or("")
}

fn is_unknown(statement: &Statement) -> bool {
    let Body::Unmodelled(gap) = &statement.body else { return false };
    gap.diagnostic.as_ref().is_some_and(|said| said.code == "P120")
}

/// Says of unknown commands behind a line as wide as the widest that the text may be folded.
pub(super) fn tell_folded(statements: &mut [Statement], text: &str) {
    let width_of = |line: Span| columns(snippet(text, line).trim_end());
    if !statements.iter().any(is_unknown) {
        return;
    }
    let widest = statements.iter().map(|one| width_of(one.line)).max().unwrap_or(0);
    if !(NARROWEST_FOLD..CONSOLE_WIDTH).contains(&widest) {
        return;
    }
    for at in 1..statements.len() {
        if !is_unknown(&statements[at]) || width_of(statements[at - 1].line) < widest {
            continue;
        }
        let Body::Unmodelled(gap) = &mut statements[at].body else { continue };
        gap.diagnostic = gap.diagnostic.take().map(|said| {
            said.because(text!(
                ja: "前の行は {widest} 桁ちょうどです。{widest} 桁で折り返されているかもしれません",
                en: "the line before has just {widest} columns; lines may be folded there",
                widest = widest,
            ))
            .advise(text!(
                ja: "折り返しなしで保存し直してください",
                en: "save the file again without folding lines",
            ))
        });
    }
}

/// A remark about a letter in `word` that looks like another one.
pub(super) fn strange_letter(word: &str) -> Option<Text> {
    let found = word.chars().find(|c| !c.is_ascii() && (is_blank(*c) || plain(*c).is_some()))?;
    let code = format!("U+{:04X}", u32::from(found));
    if is_blank(found) {
        return Some(text!(
            ja: "半角の空白ではない空白（{code}）があります。メールやワープロで置き換わることがあります。半角の空白に直してください",
            en: "a blank that is none to the router ({code}); mail and word processors put it \
                 there: write a plain blank",
            code = code,
        ));
    }
    Some(text!(
        ja: "`{found}`（{code}）は半角の `{plain}` ではありません。半角に直してください",
        en: "`{found}` ({code}) is not `{plain}`: write the plain letter",
        found = found, code = code, plain = plain(found).unwrap_or(found),
    ))
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// The ASCII letter that `c` looks like.
fn plain(c: char) -> Option<char> {
    Some(match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0)?,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}' => '-',
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{00d7}' => 'x',
        _ => return None,
    })
}
