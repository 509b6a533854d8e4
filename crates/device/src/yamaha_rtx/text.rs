//! Physical lines to logical ones: remains of consoles, pagers and editors are taken away,
//! wrapped lines are joined, here-documents are kept apart. It knows no command but the first
//! words of all of them.

mod console;
mod prompt;
mod word;

use std::borrow::Cow;
use std::cell::OnceCell;

use diag::{Diagnostic, SourceId, Span, text};

pub(super) use console::columns;
use console::{PAGER_MARKS, is_overwritten, replayed};
use prompt::{Prompts, is_banner, is_console_word, prompt};
use word::word_at;

use super::heads::{is_command, is_head, is_operand};

/// Width at which consoles break lines.
///
/// # Units
/// Columns.
pub(crate) const CONSOLE_WIDTH: usize = 80;

/// LIMIT: physical lines that make one logical line.
const MAX_JOINED: usize = 128;

/// What a logical line is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LineKind {
    /// A command.
    Command,
    /// A comment; the text is what follows the `#`.
    Comment,
    /// What a console, a pager or an editor left behind.
    Remains,
    /// A line of a here-document.
    Body,
    /// Several lines in one: a carriage return stands where no pager left it.
    Broken,
    /// A command behind `#` in a text without other commands: commented out, or behind a prompt.
    Doubtful,
}

/// One logical line.
#[derive(Debug)]
pub(crate) struct Logical<'a> {
    /// What it is.
    pub(crate) kind: LineKind,
    /// Its first physical line without the break.
    pub(crate) line: Span,
    /// The physical lines after the first.
    pub(crate) more: Vec<Span>,
    /// The text of the command.
    pub(crate) text: Cow<'a, str>,
    /// Whether what was joined to the first line may be a command of its own.
    pub(crate) may_swallow: bool,
    /// Where the text begins in the source; `None` when it does not stand there verbatim.
    base: Option<usize>,
}

/// A word of a command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word<'a> {
    /// Its text without quotes.
    pub(crate) text: &'a str,
    /// Where it stands.
    pub(crate) span: Span,
}

/// Reads logical lines one after the other.
pub(crate) struct Reader<'a> {
    source: SourceId,
    text: &'a str,
    at: usize,
    has_controls: bool,
    is_wrapped: bool,
    is_capture: bool,
    prompts: OnceCell<Prompts>,
    terminator: Option<String>,
    told: Told,
    /// What there is to say about the lines as such.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Remarks that are made once per file.
#[derive(Default)]
struct Told {
    prompt: bool,
    remains: bool,
    commented: bool,
    doubtful: bool,
}

impl<'a> Reader<'a> {
    /// A reader of `text`.
    pub(crate) fn new(source: SourceId, text: &'a str) -> Self {
        let controls = memchr::memchr3(0x08, 0x1b, 0x0c, text.as_bytes()).is_some();
        // A carriage return that does not end a line is a pager's.
        let returns = memchr::memchr_iter(b'\r', text.as_bytes())
            .any(|at| !matches!(text.as_bytes().get(at + 1), None | Some(b'\n')));
        Self {
            source,
            text,
            at: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 },
            has_controls: controls || returns,
            is_wrapped: is_wrapped(text),
            is_capture: is_capture(text),
            prompts: OnceCell::new(),
            terminator: None,
            told: Told::default(),
            diagnostics: Vec::new(),
        }
    }

    /// Says that the lines until `terminator` are a here-document.
    pub(crate) fn begin_body(&mut self, terminator: &str) {
        self.terminator = Some(terminator.to_owned());
    }

    /// Whether the text ended inside a here-document.
    pub(crate) fn is_inside_body(&self) -> bool {
        self.terminator.is_some()
    }

    /// The next line that is not blank.
    pub(crate) fn next(&mut self) -> Option<Logical<'a>> {
        loop {
            let (start, end) = self.physical(self.at)?;
            self.at = after(self.text, end);
            let raw = &self.text[start..end];
            let trimmed = trim(raw);
            // A full-width blank is a letter to the router; alone it is a command that it refuses.
            let is_seen = trimmed.as_bytes().first().is_some_and(u8::is_ascii_graphic);
            if !is_seen && trimmed.trim_matches(is_nothing).is_empty() {
                continue;
            }
            let line = Span::new(self.source, start, end);
            let blanks = match raw.as_bytes().first() {
                Some(byte) if byte.is_ascii_graphic() => 0,
                _ => raw.len() - raw.trim_start_matches(is_blank).len(),
            };
            let base = start + blanks;
            let logical = Logical {
                kind: LineKind::Command,
                line,
                more: Vec::new(),
                text: Cow::Borrowed(trimmed),
                may_swallow: false,
                base: Some(base),
            };
            return Some(self.classify(logical, raw));
        }
    }

    fn classify(&mut self, mut logical: Logical<'a>, raw: &str) -> Logical<'a> {
        if let Some(terminator) = &self.terminator {
            if logical.text == terminator.as_str() {
                self.terminator = None;
            }
            logical.kind = LineKind::Body;
            return logical;
        }
        if self.has_controls && raw.bytes().any(|byte| byte < 0x20 && byte != b'\t') {
            if !raw.split('\r').rev().skip(1).all(is_overwritten) {
                logical.kind = LineKind::Broken;
                return logical;
            }
            logical.text = Cow::Owned(trim(&replayed(raw)).to_owned());
            logical.base = None;
            self.tell_remains(logical.line);
        }
        self.strip_console(&mut logical);
        if logical.kind == LineKind::Command || logical.kind == LineKind::Comment {
            self.join(&mut logical, raw);
        }
        logical
    }

    /// Takes away pager marks, prompts and fences.
    fn strip_console(&mut self, logical: &mut Logical<'a>) {
        let first = logical.text.as_bytes().first().copied();
        if first == Some(b'-') || first == Some(b'`') || first == Some(b'~') {
            let fence = logical.text.starts_with("```") || logical.text.starts_with("~~~");
            let pager = PAGER_MARKS.into_iter().find(|mark| logical.text.starts_with(mark));
            if fence {
                logical.kind = LineKind::Remains;
                self.tell_remains(logical.line);
                return;
            }
            // A pager takes its mark away before it goes on: what still stands behind it was
            // never printed there.
            if let Some(mark) = pager.filter(|mark| trim(&logical.text[mark.len()..]).is_empty()) {
                logical.cut(mark.len());
                self.tell_remains(logical.line);
            }
        }
        if logical.text.starts_with('#') {
            self.comment(logical);
            return;
        }
        if let Some((length, name)) = prompt(&logical.text)
            && (is_console_word(name, logical.text.get(length..).unwrap_or(""))
                || self.prompts.get_or_init(|| Prompts::of(self.text)).has(name))
        {
            logical.cut(length);
            self.tell_prompt(logical.line);
        }
        if logical.text.is_empty() || is_banner(&logical.text) {
            logical.kind = LineKind::Remains;
        }
    }

    fn comment(&mut self, logical: &mut Logical<'a>) {
        logical.kind = LineKind::Comment;
        logical.cut(1);
        let is_command = is_command(&logical.text);
        if is_command && self.is_capture {
            logical.kind = LineKind::Doubtful;
            self.tell_doubtful(logical.line);
        } else if is_command && !self.told.commented {
            self.told.commented = true;
            self.diagnostics.push(
                Diagnostic::note(
                    "P134",
                    text!(
                        ja: "コマンドのように見えるコメントがあります（コメントとして読みます）",
                        en: "a comment looks like a command; it is read as a comment",
                    ),
                )
                .at(logical.line),
            );
        }
    }

    fn tell_doubtful(&mut self, line: Span) {
        if self.told.doubtful {
            return;
        }
        self.told.doubtful = true;
        self.diagnostics.push(
            Diagnostic::error(
                "P137",
                text!(
                    ja: "すべてのコマンドが `#` の後にあり、コメントかプロンプトか分かりません",
                    en: "every command stands behind `#`: comments, or a prompt",
                ),
            )
            .at(line)
            .advise(text!(
                ja: "`show config` の出力をそのまま保存してください",
                en: "save what `show config` prints as it is",
            )),
        );
    }

    fn tell_prompt(&mut self, line: Span) {
        if !std::mem::replace(&mut self.told.prompt, true) {
            let headline = text!(
                ja: "コンソールのプロンプトを取り除いて読みました",
                en: "console prompts were taken away before reading",
            );
            self.diagnostics.push(Diagnostic::note("P132", headline).at(line));
        }
    }

    fn tell_remains(&mut self, line: Span) {
        if !std::mem::replace(&mut self.told.remains, true) {
            let headline = text!(
                ja: "ページ送りの印や ``` など、設定でないものを取り除いて読みました",
                en: "marks of a pager or of Markdown were taken away before reading",
            );
            self.diagnostics.push(Diagnostic::note("P145", headline).at(line));
        }
    }

    /// Joins lines that a console or a person broke.
    fn join(&mut self, logical: &mut Logical<'a>, raw: &str) {
        let mut last_raw = raw.len();
        let mut tail = blank_end(raw);
        let mut width = if last_raw >= CONSOLE_WIDTH { columns(raw) } else { 0 };
        while logical.more.len() < MAX_JOINED {
            let arrow =
                logical.text.as_bytes().last() == Some(&0x92) && logical.text.ends_with('\u{2192}');
            let full = width == CONSOLE_WIDTH && last_raw >= CONSOLE_WIDTH && self.is_wrapped;
            if !arrow && !full {
                return;
            }
            let Some((start, end)) = self.physical(self.at) else { return };
            let next = &self.text[start..end];
            let body = trim(next);
            if body.is_empty() || body.bytes().any(|byte| byte < 0x20 && byte != b'\t') {
                return;
            }
            if !is_rest(next) {
                return;
            }
            // What follows a comment is taken for its rest only if no command could be so short, or
            // begin with such a letter.
            let is_long = body.contains([' ', '\t']) && body.starts_with(|c: char| c.is_ascii());
            if logical.kind == LineKind::Comment && (arrow || is_long) {
                return;
            }
            logical.may_swallow |= arrow || is_long;
            self.at = after(self.text, end);
            let mut joined = logical.text.to_string();
            if arrow {
                joined.truncate(joined.len() - '\u{2192}'.len_utf8());
                joined.push(' ');
                joined.push_str(body.trim_start_matches('\u{2192}'));
            } else {
                // The console broke inside the text: a blank at the break is part of it.
                joined.push_str(tail);
                joined.push_str(next.trim_end_matches(is_blank));
            }
            tail = blank_end(next);
            self.tell_joined(logical, arrow);
            logical.more.push(Span::new(self.source, start, end));
            logical.text = Cow::Owned(joined);
            logical.base = None;
            last_raw = next.len();
            width = columns(next);
        }
    }

    fn tell_joined(&mut self, logical: &Logical<'a>, arrow: bool) {
        if !logical.more.is_empty() {
            return;
        }
        let diagnostic = if arrow {
            Diagnostic::note(
                "P131",
                text!(
                    ja: "行末の `→` を続きの行とつなげて読みました",
                    en: "the line was joined with the next one at the arrow",
                ),
            )
        } else {
            Diagnostic::note(
                "P130",
                text!(
                    ja: "80 桁で折り返された行をつなげて読みました",
                    en: "a line that the console broke at column 80 was joined with the next one",
                ),
            )
        };
        self.diagnostics.push(diagnostic.at(logical.line));
    }

    /// The physical line that begins at `at`, without its break.
    fn physical(&self, at: usize) -> Option<(usize, usize)> {
        let rest = self.text.as_bytes().get(at..)?;
        if rest.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let stop = if end > 0 && rest[end - 1] == b'\r' { end - 1 } else { end };
        Some((at, at + stop))
    }
}

impl<'a> Logical<'a> {
    /// Takes `length` bytes and the blanks after them from the front.
    fn cut(&mut self, length: usize) {
        let rest = self.text.get(length..).unwrap_or("");
        let blanks = rest.len() - rest.trim_start_matches(is_blank).len();
        let front = length + blanks;
        self.base = self.base.map(|base| base + front);
        match &mut self.text {
            Cow::Borrowed(text) => *text = text.get(front..).unwrap_or(""),
            Cow::Owned(text) => *text = text.get(front..).unwrap_or("").to_owned(),
        }
    }

    /// Where the command stands.
    pub(crate) fn span(&self) -> Span {
        match self.base {
            Some(base) => Span::new(self.line.source, base, base + self.text.len()),
            None => self.line,
        }
    }

    /// The words of the command. A `#` behind it begins no comment: `show config` prints none
    /// there, and the reference has comments on lines of their own only.
    pub(crate) fn words(&self) -> Vec<Word<'_>> {
        let bytes = self.text.as_bytes();
        let mut words = Vec::with_capacity(12);
        let mut at = 0;
        while at < bytes.len() {
            if is_blank_byte(bytes[at]) {
                at += 1;
                continue;
            }
            let (text, end) = word_at(&self.text, at);
            words.push(Word { text, span: self.place(at, end) });
            at = end;
        }
        words
    }

    fn place(&self, start: usize, end: usize) -> Span {
        match self.base {
            Some(base) => Span::new(self.line.source, base + start, base + end),
            None => self.line,
        }
    }
}

/// Offset of the line after the one whose text ends at `end`.
fn after(text: &str, end: usize) -> usize {
    let rest = &text.as_bytes()[end..];
    match rest {
        [b'\r', b'\n', ..] => end + 2,
        [b'\n' | b'\r', ..] => end + 1,
        _ => text.len(),
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r')
}

/// What alone on a line is no line: blanks, also full-width ones, and the mark at the beginning of
/// a file. Other white space, such as a vertical tab, is nothing that a router reads over.
fn is_nothing(c: char) -> bool {
    is_blank(c) || matches!(c, '\u{feff}' | '\u{3000}')
}

fn is_blank_byte(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn trim(text: &str) -> &str {
    // Most lines begin and end with letters that everybody can see.
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim_matches(is_blank),
    }
}

/// The blanks at the end of a line.
fn blank_end(line: &str) -> &str {
    &line[line.trim_end_matches(is_blank).len()..]
}

fn first_word(text: &str) -> &str {
    let blank = text.as_bytes().iter().position(|byte| is_blank_byte(*byte));
    let end = blank.unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

/// Whether a physical line is the rest of the one before it: it begins like no command, or with a
/// name of a port or protocol as no command goes on.
fn is_rest(line: &str) -> bool {
    let body = trim(line);
    let mut words = body.split_ascii_whitespace();
    let first = words.next().unwrap_or("");
    (!is_head(first) || is_operand(first, words.next()))
        && !body.starts_with('#')
        && !body.starts_with("```")
        && prompt(body).is_none()
        && !body.starts_with("---")
}

/// Whether every command of the text stands behind `#`.
fn is_capture(text: &str) -> bool {
    let mut prompted = false;
    for line in text.lines() {
        let line = trim(line);
        if line.is_empty() {
            continue;
        }
        match line.strip_prefix('#') {
            Some(rest) => prompted |= is_command(rest),
            None if is_head(first_word(line)) || prompt(line).is_some() => return false,
            None => {}
        }
    }
    prompted
}

/// Whether a console may have broken the text: no line is wider than the console.
fn is_wrapped(text: &str) -> bool {
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        let line = text.get(start..end).unwrap_or("");
        if line.len() > CONSOLE_WIDTH && columns(line.trim_end_matches('\r')) > CONSOLE_WIDTH {
            return false;
        }
        start = end + 1;
    }
    true
}
