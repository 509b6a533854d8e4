//! Reading on after a TOML error: the statement that holds it is blanked, so that the rest is
//! read at its own place and no error is the echo of another.

use std::ops::Range;

use diag::{Diagnostic, SourceId, Span};
use toml::de::DeTable;

use crate::decode::SHOWN_MAX;
use crate::{Beside, Topic, syntax};

/// How many times a text is blanked and parsed again.
// LIMIT: brackets first, then the rest; what an error hid behind another comes last.
const ROUNDS_MAX: usize = 3;

/// Deepest nesting of brackets that is called a forgotten one.
// LIMIT: the parser follows 80.
const DEPTH_MAX: usize = 80;

/// What could be read of a text that is not TOML.
pub(crate) struct Recovered {
    /// The text with its faulty statements blanked.
    ///
    /// # Shape
    /// It has the same length and the same line breaks as before.
    pub(crate) text: String,
    /// What was wrong with them.
    pub(crate) faults: Vec<Diagnostic>,
    /// Those of the faults by which one whole statement beside the network is left out, and
    /// nothing else.
    pub(crate) beside: Vec<Beside>,
}

/// Keys of a machine that say nothing of the network, all of which may be absent.
const BESIDE: [(&str, Topic); 7] = [
    ("os", Topic::System),
    ("os_build", Topic::System),
    ("esu", Topic::System),
    ("apps", Topic::Programs),
    ("changed", Topic::Programs),
    ("readers", Topic::Readers),
    ("certificates", Topic::Certificates),
];

/// What the key of a machine is about, if it says nothing of the network.
pub(crate) fn topic_of(key: &str) -> Option<Topic> {
    BESIDE.iter().find(|(own, _)| *own == key).map(|(_, topic)| *topic)
}

/// Blanks the faulty statements of `text`.
pub(crate) fn recover(source: SourceId, text: &str) -> Recovered {
    let mut bytes = text.as_bytes().to_vec();
    let (mut found, mut beside) = (Vec::new(), Vec::new());
    let (mut open, mut broken) = (Vec::new(), Vec::new());
    for statement in statements(text) {
        let Some(at) = statement.open_at else { continue };
        let span = Span::new(source, at, at + 1);
        let is_deep = statement.depth > DEPTH_MAX;
        found.push(if is_deep { syntax::too_deep(span) } else { syntax::unclosed(span) });
        open.push(statement.range);
    }
    open.iter().for_each(|range| blank(&mut bytes, range));
    for _ in 0..ROUNDS_MAX {
        let rest = String::from_utf8_lossy(&bytes).into_owned();
        let (_, errors) = DeTable::parse_recoverable(&rest);
        if errors.is_empty() {
            return Recovered { text: rest, faults: found, beside };
        }
        let laid = Laid::new(&rest);
        let mut last = None;
        for error in &errors {
            let span = syntax::place(source, &rest, error);
            let at = span.start as usize;
            let index = laid.all.partition_point(|statement| statement.range.start <= at);
            let index = index.saturating_sub(1);
            if last == Some(index) {
                continue;
            }
            last = Some(index);
            // To look for where a slip began costs the length of the text each time.
            let is_told = found.len() <= SHOWN_MAX;
            let fault = if is_told {
                syntax::diagnostic(source, &rest, error, span)
            } else {
                syntax::plain(error.message(), span)
            };
            if let (Some(topic), Some(label)) = (laid.topic(index), &fault.primary) {
                beside.push(Beside { span: label.span, topic });
            }
            found.push(fault);
            broken.push(laid.with_its_keys(index));
        }
        broken.drain(..).for_each(|range| blank(&mut bytes, &range));
    }
    // What is still wrong after the last round takes away nobody knows what.
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Recovered { text, faults: found, beside: Vec::new() }
}

/// A text in its statements.
struct Laid<'t> {
    text: &'t str,
    /// Not empty.
    all: Vec<Statement>,
    /// Places of those that are headers.
    headers: Vec<usize>,
    /// Whether every bracket is closed.
    is_closed: bool,
}

impl<'t> Laid<'t> {
    fn new(text: &'t str) -> Self {
        let all = statements(text);
        let is_header =
            |place: &usize| text[all[*place].range.clone()].trim_start().starts_with('[');
        let headers = (0..all.len()).filter(is_header).collect();
        let is_closed = all.iter().all(|one| one.open_at.is_none());
        Self { text, all, headers, is_closed }
    }

    fn words(&self, place: usize) -> &'t str {
        self.text[self.all[place].range.clone()].trim_start()
    }

    /// What the statement at `place` is about, if it is one beside the network.
    ///
    /// # Shape
    /// `None` wherever it is not sure where the statement ends.
    fn topic(&self, place: usize) -> Option<Topic> {
        let statement = self.words(place);
        let is_sure = self.is_closed && !statement.contains("\"\"\"") && !statement.contains("'''");
        let before = self.headers.partition_point(|header| *header < place).checked_sub(1)?;
        let header = self.words(self.headers[before]).lines().next().unwrap_or_default();
        let mut keys = assigned(statement).into_iter();
        let key = keys.next().filter(|_| is_sure)?;
        let (topic, inside) = about(header, key)?;
        // A key behind it may be one of the network, which went with the faulty line.
        let is_alone = keys.all(|inner| inside.contains(&inner));
        let is_broken_elsewhere = statement.trim_end().contains('\r');
        let is_sound = statement.starts_with(key) && ends_with_value(statement);
        (is_alone && is_sound && !is_broken_elsewhere).then_some(topic)
    }

    /// The statement at `place`; a header with all that stands below it, for its keys would be
    /// read as those of the section before.
    fn with_its_keys(&self, place: usize) -> Range<usize> {
        let range = self.all[place].range.clone();
        let at = self.headers.partition_point(|header| *header < place);
        if self.headers.get(at) != Some(&place) {
            return range;
        }
        let next = self.headers.get(at + 1).map(|next| self.all[*next].range.start);
        range.start..next.unwrap_or(self.text.len())
    }
}

/// What `key` below `header` is about, if it says nothing of the network, and the keys that may
/// stand in its value.
fn about(header: &str, key: &str) -> Option<(Topic, &'static [&'static str])> {
    let header = header.split('#').next().unwrap_or_default().trim_end();
    // A table of the machine's own has another dot.
    let is_of_machine = header.starts_with("[machines.") && header.matches('.').count() == 1;
    match header {
        _ if is_of_machine => {
            let inside = if key == "certificates" { OF_CERTIFICATE } else { &[] };
            Some((topic_of(key)?, inside))
        }
        "[line]" if key == "assessment" => Some((Topic::Assessment, OF_ASSESSMENT)),
        "[[interference_test]]" if key == "on" => Some((Topic::Programs, &[])),
        "[[waiver]]" if key == "until" => Some((Topic::Waivers, &[])),
        _ => None,
    }
}

/// Whether nothing but blanks and comments follows the first value of a statement: a string, what
/// stands in brackets, or one word.
fn ends_with_value(statement: &str) -> bool {
    let Some((_, value)) = statement.split_once('=') else { return false };
    let value = value.trim_start();
    let bytes = value.as_bytes();
    let end = match bytes.first() {
        None => return false,
        Some(b'"' | b'\'') => {
            let end = string_length(bytes).min(value.len());
            let string = value.get(..end).unwrap_or_default();
            // One that is not closed may have swallowed another key.
            let is_closed = end > 1 && string.ends_with(&value[..1]) && !string.contains('\n');
            if !is_closed && string.contains(['=', '＝', ':', '：']) {
                return false;
            }
            end
        }
        Some(b'[' | b'{') => {
            let mut open = Vec::new();
            let mut long_quote = None;
            let ends = value.char_indices().map(|(at, letter)| at + letter.len_utf8());
            let closed = ends.filter(|end| value[..*end].ends_with([']', '}'])).find(|end| {
                open.clear();
                long_quote = None;
                value[..*end].split_inclusive('\n').for_each(|line| {
                    brackets_of(line, 0, &mut open, &mut long_quote);
                });
                open.is_empty()
            });
            let Some(end) = closed else { return false };
            end
        }
        Some(_) => {
            let is_end = |letter: char| letter.is_whitespace() || letter == '#';
            let end = value.find(is_end).unwrap_or(value.len());
            if value[..end].contains(['、', '，', '＝', '=', ':', '：', ',']) {
                return false;
            }
            end
        }
    };
    let rest = value.get(end..).unwrap_or_default();
    rest.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#'))
}

/// The words before each `=` of a statement, outside of strings and comments.
fn assigned(statement: &str) -> Vec<&str> {
    let bytes = statement.as_bytes();
    let (mut keys, mut start, mut at) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'#' => {
                at += statement[at..].find('\n').unwrap_or(statement.len() - at);
                start = at;
                continue;
            }
            b'"' | b'\'' => {
                at += string_length(&bytes[at..]).min(bytes.len() - at);
                continue;
            }
            b'=' => keys.push(statement[start..at].trim()),
            b',' | b'{' | b'[' | b'\n' | b' ' if !statement[at..].trim_start().starts_with('=') => {
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    keys
}

/// Keys of a certificate.
const OF_CERTIFICATE: &[&str] = &["covers", "issued", "expires"];

/// Keys of an assessment.
const OF_ASSESSMENT: &[&str] = &["service", "checked", "until"];

/// Puts a space for every byte but line breaks.
fn blank(bytes: &mut [u8], range: &Range<usize>) {
    for byte in bytes.get_mut(range.clone()).unwrap_or_default() {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

/// What looks like one statement, over as many lines as its brackets ask for.
struct Statement {
    range: Range<usize>,
    /// The bracket that nothing closes.
    open_at: Option<usize>,
    /// How many are open at its end.
    depth: usize,
}

impl Statement {
    fn new(range: Range<usize>, brackets: &[usize]) -> Self {
        Self { range, open_at: brackets.first().copied(), depth: brackets.len() }
    }
}

/// The statements of a text that need not be TOML: a bracket that is open holds the following
/// lines, until one looks like a header or like a key at the same indentation.
fn statements(text: &str) -> Vec<Statement> {
    let mut all: Vec<Statement> = Vec::new();
    let mut brackets: Vec<usize> = Vec::new();
    let mut long_quote = None;
    let (mut start, mut indent, mut at) = (0, 0, 0);
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start_matches([' ', '\t']);
        let here = line.len() - trimmed.len();
        let is_new = long_quote.is_none()
            && (brackets.is_empty() || looks_like_header(line) || (here <= indent && is_key(line)));
        if is_new && !trimmed.trim_end().is_empty() {
            if at > 0 {
                all.push(Statement::new(start..at, &brackets));
            }
            brackets.clear();
            (start, indent) = (at, here);
        }
        brackets_of(line, at, &mut brackets, &mut long_quote);
        at += line.len();
    }
    all.push(Statement::new(start..at, &brackets));
    all
}

/// `[name]` or `[[name]]` and nothing else on the line.
fn looks_like_header(line: &str) -> bool {
    let line = line.split('#').next().unwrap_or("").trim();
    let inner = line.strip_prefix("[[").or_else(|| line.strip_prefix('['));
    let inner = inner.map(|rest| rest.trim_end_matches(']'));
    line.ends_with(']')
        && inner.is_some_and(|name| {
            name.starts_with(|letter: char| letter.is_ascii_alphabetic())
                && !name.contains(['=', ',', '[', '{', ' '])
        })
}

/// A key with its `=` at the beginning of the line.
fn is_key(line: &str) -> bool {
    let Some((key, _)) = line.split_once('=') else { return false };
    let key = key.trim();
    !key.is_empty() && !key.contains(['[', '{', ',', '#', ' '])
}

/// Follows the brackets of a line; strings and comments do not count.
fn brackets_of(
    line: &str,
    start: usize,
    brackets: &mut Vec<usize>,
    long_quote: &mut Option<&'static str>,
) {
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if let Some(quote) = *long_quote {
            if rest.starts_with(quote.as_bytes()) {
                *long_quote = None;
                at += 2;
            } else if rest[0] == b'\\' && quote.starts_with('"') {
                at += 1;
            }
        } else if rest.starts_with(b"\"\"\"") || rest.starts_with(b"'''") {
            *long_quote = Some(if rest[0] == b'"' { "\"\"\"" } else { "'''" });
            at += 2;
        } else {
            match rest[0] {
                b'#' => return,
                b'"' | b'\'' => at += string_length(rest) - 1,
                b'[' | b'{' => brackets.push(start + at),
                b']' | b'}' => {
                    brackets.pop();
                }
                _ => {}
            }
        }
        at += 1;
    }
}

/// Length of a string on one line, with its quotes; to the end of the line if it is not closed.
fn string_length(bytes: &[u8]) -> usize {
    let quote = bytes[0];
    let mut at = 1;
    while at < bytes.len() {
        if bytes[at] == quote {
            return at + 1;
        }
        at += if bytes[at] == b'\\' && quote == b'"' { 2 } else { 1 };
    }
    bytes.len()
}
