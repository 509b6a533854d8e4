//! A valid TOML text in pieces that keep comments and blank lines: one piece is a blank line,
//! a comment, or a statement over as many lines as it takes.

/// A line of the file, or a statement over several.
pub(crate) enum Piece {
    /// A blank line.
    Blank,
    /// A comment on a line of its own, with its `#`.
    Comment(String),
    /// A header or a key with its value.
    Statement(Statement),
}

impl Piece {
    pub(crate) fn is_blank(&self) -> bool {
        matches!(self, Self::Blank)
    }

    pub(crate) fn is_statement(&self) -> bool {
        matches!(self, Self::Statement(_))
    }
}

/// A header, or a key with its value.
pub(crate) struct Statement {
    /// First part of the key, without quotes.
    pub(crate) root: String,
    /// The key without spaces; a header with its brackets.
    pub(crate) key: String,
    /// Absent for a header.
    pub(crate) value: Option<Value>,
    /// Comment behind it.
    pub(crate) comment: Option<String>,
}

impl Statement {
    pub(crate) fn is_header(&self) -> bool {
        self.value.is_none()
    }
}

/// A value as it is written.
pub(crate) enum Value {
    /// Anything without parts.
    Scalar(String),
    /// An array or an inline table.
    Group(Group),
}

/// An array or an inline table.
pub(crate) struct Group {
    /// `[` or `{`.
    pub(crate) is_table: bool,
    /// Whether there was a line break in it.
    pub(crate) has_break: bool,
    pub(crate) items: Vec<Item>,
    /// Comments behind the last item.
    pub(crate) tail: Vec<String>,
}

/// A part of an array or of an inline table.
pub(crate) struct Item {
    /// Comments above it.
    pub(crate) leading: Vec<String>,
    /// Its key, in an inline table.
    pub(crate) key: Option<String>,
    pub(crate) value: Value,
    /// Comment behind it.
    pub(crate) comment: Option<String>,
}

/// The pieces of `text`.
///
/// # Shape
/// `text` is valid TOML; of anything else the pieces mean nothing, but the scan ends.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut scanner = Scanner { rest: text.strip_prefix('\u{FEFF}').unwrap_or(text) };
    let mut pieces = Vec::new();
    while !scanner.rest.is_empty() {
        scanner.skip_spaces();
        if scanner.take_break() {
            pieces.push(Piece::Blank);
        } else if let Some(comment) = scanner.take_comment() {
            pieces.push(Piece::Comment(comment));
            scanner.take_break();
        } else if !scanner.rest.is_empty() {
            pieces.push(Piece::Statement(scanner.statement()));
        }
    }
    pieces
}

struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    /// Takes a line break.
    fn take_break(&mut self) -> bool {
        let length = match self.rest.as_bytes() {
            [b'\r', b'\n', ..] => 2,
            [b'\n', ..] => 1,
            _ => 0,
        };
        self.take(length);
        length > 0
    }

    fn take_comment(&mut self) -> Option<String> {
        self.rest.starts_with('#').then(|| {
            let length = self.rest.find('\n').unwrap_or(self.rest.len());
            self.take(length).trim_end().to_owned()
        })
    }

    fn statement(&mut self) -> Statement {
        let (root, key, value) = if self.rest.starts_with('[') {
            let open = if self.rest.starts_with("[[") { 2 } else { 1 };
            let (opening, closing) = if open == 2 { ("[[", "]]") } else { ("[", "]") };
            self.take(open);
            let (root, key) = self.key(']');
            self.take(open);
            (root, format!("{opening}{key}{closing}"), None)
        } else {
            let (root, key) = self.key('=');
            self.take(1);
            let value = self.value();
            (root, key, Some(value))
        };
        self.skip_spaces();
        let comment = self.take_comment();
        if !self.take_break() && !self.rest.is_empty() {
            // Not TOML: the rest of the line is dropped so that the scan ends.
            let length = self.rest.find('\n').map_or(self.rest.len(), |at| at + 1);
            self.take(length);
        }
        Statement { root, key, value, comment }
    }

    /// Takes a dotted key up to `end`: its first part without quotes, and the whole without
    /// spaces.
    fn key(&mut self, end: char) -> (String, String) {
        let (mut root, mut key) = (None, String::new());
        while let Some(letter) = self.rest.chars().next().filter(|letter| *letter != end) {
            let part = match letter {
                '"' | '\'' => self.string(),
                _ => self.take(letter.len_utf8()),
            };
            if letter == '.' && root.is_none() {
                root = Some(key.trim_matches(['"', '\'']).to_owned());
            }
            if !part.trim().is_empty() {
                key.push_str(part);
            }
        }
        (root.unwrap_or_else(|| key.trim_matches(['"', '\'']).to_owned()), key)
    }

    /// Takes a string of any of the four forms, with its quotes.
    fn string(&mut self) -> &'a str {
        let quote = &self.rest[..1];
        let long = quote.repeat(3);
        let has_escapes = quote == "\"";
        if !self.rest.starts_with(&long) {
            let length = close(&self.rest[1..], quote, has_escapes);
            return self.take(1 + length);
        }
        let mut length = 3 + close(&self.rest[3..], &long, has_escapes);
        // Up to two quotes may stand right before the closing ones.
        while self.rest[length..].starts_with(quote) {
            length += 1;
        }
        self.take(length)
    }

    fn value(&mut self) -> Value {
        self.skip_spaces();
        match self.rest.as_bytes().first() {
            Some(b'[') => Value::Group(self.group(false)),
            Some(b'{') => Value::Group(self.group(true)),
            Some(b'"' | b'\'') => Value::Scalar(self.string().to_owned()),
            _ => {
                let length = self.rest.find([',', ']', '}', '#', '\n']).unwrap_or(self.rest.len());
                Value::Scalar(self.take(length).trim_end().to_owned())
            }
        }
    }

    fn group(&mut self, is_table: bool) -> Group {
        let close = if is_table { '}' } else { ']' };
        let mut group = Group { is_table, has_break: false, items: Vec::new(), tail: Vec::new() };
        let mut is_line_start = false;
        self.take(1);
        loop {
            self.skip_spaces();
            if self.take_break() {
                group.has_break = true;
                is_line_start = true;
            } else if let Some(comment) = self.take_comment() {
                match group.items.last_mut() {
                    Some(item) if !is_line_start && item.comment.is_none() => {
                        item.comment = Some(comment);
                    }
                    _ => group.tail.push(comment),
                }
            } else if self.rest.starts_with(',') {
                self.take(1);
            } else if self.rest.is_empty() || self.rest.starts_with(close) {
                self.take(1);
                return group;
            } else {
                let before = self.rest.len();
                let key = is_table.then(|| self.key('=').1);
                self.take(usize::from(is_table));
                let value = self.value();
                let leading = std::mem::take(&mut group.tail);
                group.items.push(Item { leading, key, value, comment: None });
                is_line_start = false;
                if self.rest.len() == before {
                    // Not TOML: a letter is dropped so that the scan ends.
                    let length = self.rest.chars().next().map_or(0, char::len_utf8);
                    self.take(length);
                }
            }
        }
    }
}

/// Length of a string's content with its closing quotes.
fn close(content: &str, quotes: &str, has_escapes: bool) -> usize {
    let mut at = 0;
    while at < content.len() {
        if content[at..].starts_with(quotes) {
            return at + quotes.len();
        }
        let step = |at: usize| content[at..].chars().next().map_or(1, char::len_utf8);
        if has_escapes && content.as_bytes()[at] == b'\\' {
            at += 1;
            if at >= content.len() {
                break;
            }
        }
        at += step(at);
    }
    content.len()
}
