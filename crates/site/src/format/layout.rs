//! Pieces to text: where lines break, and which columns line up.

use super::scan::{Group, Item, Piece, Statement, Value};

/// Longest line that a group is kept on.
const WIDTH: usize = 100;

/// The formatted file while it is written.
#[derive(Default)]
pub(crate) struct Page {
    text: String,
    /// Whether a blank line is due before the next line.
    has_gap: bool,
    /// Whether a blank line may not follow.
    is_after_header: bool,
}

impl Page {
    /// Asks for a blank line before what follows.
    pub(crate) fn gap(&mut self) {
        self.has_gap = true;
        self.is_after_header = false;
    }

    /// Writes a header.
    pub(crate) fn header(&mut self, header: &Statement) {
        let mut line = header.key.clone();
        if let Some(comment) = &header.comment {
            line.push_str("  ");
            line.push_str(comment);
        }
        self.line(&line);
        self.is_after_header = true;
    }

    /// Writes comments and keys with the blank lines between them.
    pub(crate) fn block(&mut self, pieces: &[Piece]) {
        let mut at = 0;
        while at < pieces.len() {
            match &pieces[at] {
                Piece::Blank => {
                    self.has_gap = !self.is_after_header;
                    at += 1;
                }
                Piece::Comment(comment) => {
                    self.line(comment);
                    at += 1;
                }
                Piece::Statement(_) => {
                    let run: Vec<Line<'_>> =
                        pieces[at..].iter().map_while(Piece::as_statement).map(Line::of).collect();
                    at += run.len();
                    for part in run.chunk_by(|one, two| !one.is_long() && !two.is_long()) {
                        self.keys(part);
                    }
                }
            }
        }
    }

    /// Writes keys without a blank line or comment between them, in columns.
    fn keys(&mut self, run: &[Line<'_>]) {
        let key_width = run.iter().map(|line| width(line.key)).max().unwrap_or(0);
        let commented = run.iter().filter(|line| line.comment.is_some());
        let column = commented.map(|line| width(&line.value)).max().unwrap_or(0);
        for line in run {
            let pad = " ".repeat(key_width - width(line.key));
            let mut text = format!("{}{pad} = {}", line.key, line.value);
            if let Some(comment) = line.comment {
                let fill = if line.is_long() { 0 } else { column - width(&line.value) };
                text.push_str(&" ".repeat(fill + 2));
                text.push_str(comment);
            }
            self.line(&text);
        }
    }

    fn line(&mut self, line: &str) {
        if self.has_gap && !self.text.is_empty() {
            self.text.push('\n');
        }
        self.has_gap = false;
        self.is_after_header = false;
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// The text, which ends with one line break.
    pub(crate) fn finish(self) -> String {
        self.text
    }
}

/// A key with its value, laid out.
struct Line<'a> {
    key: &'a str,
    value: String,
    comment: Option<&'a str>,
}

impl<'a> Line<'a> {
    /// Whether its value breaks is decided without the spaces that put it in a column, so
    /// that its neighbours have no part in it.
    fn of(statement: &'a Statement) -> Self {
        let key = statement.key.as_str();
        let column = width(key) + " = ".len();
        let value = statement.value.as_ref();
        let value = value.map_or_else(String::new, |value| lay_out(value, column, 0));
        Self { key, value, comment: statement.comment.as_deref() }
    }

    /// Whether it takes several lines; it then stands in no column.
    fn is_long(&self) -> bool {
        self.value.contains('\n')
    }
}

impl Piece {
    fn as_statement(&self) -> Option<&Statement> {
        match self {
            Self::Statement(statement) => Some(statement),
            _ => None,
        }
    }
}

/// A value that begins at `column`, on a line indented by `indent`.
fn lay_out(value: &Value, column: usize, indent: usize) -> String {
    let group = match value {
        Value::Scalar(text) => return text.clone(),
        Value::Group(group) => group,
    };
    if let Some(line) = one_line(group) {
        let is_fitting = column + width(&line) <= WIDTH;
        // An inline table stays on its line unless it was broken before: TOML 1.0 has no
        // other form.
        let is_kept = if group.is_table { !group.has_break } else { group.items.is_empty() };
        let is_joined = if group.is_table { is_fitting } else { is_fitting && !group.has_break };
        if is_kept || is_joined {
            return line;
        }
    }
    let inner = " ".repeat(indent + 2);
    let mut text = String::from(if group.is_table { "{\n" } else { "[\n" });
    for item in &group.items {
        for comment in &item.leading {
            text.push_str(&format!("{inner}{comment}\n"));
        }
        let key = key_of(item);
        let value = lay_out(&item.value, inner.len() + width(&key) + 1, inner.len());
        text.push_str(&format!("{inner}{key}{value},"));
        if let Some(comment) = &item.comment {
            text.push_str(&format!("  {comment}"));
        }
        text.push('\n');
    }
    for comment in &group.tail {
        text.push_str(&format!("{inner}{comment}\n"));
    }
    text.push_str(&" ".repeat(indent));
    text.push(if group.is_table { '}' } else { ']' });
    text
}

fn key_of(item: &Item) -> String {
    item.key.as_ref().map_or_else(String::new, |key| format!("{key} = "))
}

/// The group on one line; `None` if a comment or a long string forbids it.
fn one_line(group: &Group) -> Option<String> {
    let mut parts = Vec::with_capacity(group.items.len());
    for item in &group.items {
        if !item.leading.is_empty() || item.comment.is_some() {
            return None;
        }
        let value = match &item.value {
            Value::Scalar(text) => text.clone(),
            Value::Group(inner) => one_line(inner)?,
        };
        parts.push(format!("{}{value}", key_of(item)));
    }
    let joined = parts.join(", ");
    if !group.tail.is_empty() || joined.contains('\n') {
        return None;
    }
    Some(match (group.is_table, parts.is_empty()) {
        (true, true) => "{}".to_owned(),
        (true, false) => format!("{{ {joined} }}"),
        (false, _) => format!("[{joined}]"),
    })
}

/// Columns of a text on a terminal: East Asian wide letters take two.
fn width(text: &str) -> usize {
    let is_wide = |letter: char| {
        matches!(u32::from(letter),
            0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF
            | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF
            | 0x20000..=0x3FFFD)
    };
    text.chars().map(|letter| if is_wide(letter) { 2 } else { 1 }).sum()
}
