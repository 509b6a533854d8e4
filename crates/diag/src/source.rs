//! Source files as the user wrote them, and positions in them.

use std::fmt;

/// A source file of one run; an index into [`Sources`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SourceId(pub u32);

/// A range of bytes in one source file.
///
/// # Units
/// Byte offsets into the decoded UTF-8 text, `start <= end`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of `start..end` in `source`.
    ///
    /// Offsets beyond 4 GiB are clamped; inputs are bounded far below that.
    #[must_use]
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { source, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The smallest span that holds both; `self` if they are in different files.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.source != other.source {
            return self;
        }
        Self {
            source: self.source,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}..{}", self.source.0, self.start, self.end)
    }
}

/// One file: its name as the user gave it, its decoded text and where its lines begin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    name: String,
    text: String,
    line_starts: Vec<u32>,
}

/// A human position.
///
/// # Units
/// Both count from 1; the column counts characters, not bytes and not display cells.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Location {
    /// Line.
    pub line: u32,
    /// Column in characters.
    pub column: u32,
}

impl Source {
    fn new(name: String, text: String) -> Self {
        let mut line_starts = vec![0];
        let breaks = text.match_indices('\n');
        line_starts.extend(breaks.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX)));
        Self { name, text, line_starts }
    }

    /// The name the user knows the file by.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The decoded text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many lines the text has; an empty text has one.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// Line (from 1) that holds the byte `offset`.
    #[must_use]
    pub fn line_of(&self, offset: u32) -> u32 {
        let index = self.line_starts.partition_point(|start| *start <= offset);
        u32::try_from(index.max(1)).unwrap_or(u32::MAX)
    }

    /// Line and column of the byte `offset`.
    #[must_use]
    pub fn location(&self, offset: u32) -> Location {
        let line = self.line_of(offset);
        let start = self.line_starts.get(line as usize - 1).copied().unwrap_or(0);
        let before = self.text.get(start as usize..offset as usize).unwrap_or("");
        let column = u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX);
        Location { line, column }
    }

    /// Text of line `line` (from 1) without its line break; empty beyond the last line.
    #[must_use]
    pub fn line_text(&self, line: u32) -> &str {
        let index = (line as usize).saturating_sub(1);
        let Some(start) = self.line_starts.get(index) else { return "" };
        let end = self.line_starts.get(index + 1).map_or(self.text.len(), |next| *next as usize);
        let text = self.text.get(*start as usize..end).unwrap_or("");
        text.trim_end_matches(['\n', '\r'])
    }

    /// Byte offset at which line `line` (from 1) begins.
    #[must_use]
    pub fn line_start(&self, line: u32) -> u32 {
        let index = (line as usize).saturating_sub(1);
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.line_starts.get(index).copied().unwrap_or(end)
    }
}

/// All files of one run, in the order in which they were added.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// No files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file and returns its id.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = SourceId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(Source::new(name.into(), text.into()));
        id
    }

    /// The file `id`.
    ///
    /// # Panics
    /// When `id` comes from another run.
    #[must_use]
    pub fn file(&self, id: SourceId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// All files in order.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.files
            .iter()
            .enumerate()
            .map(|(index, file)| (SourceId(u32::try_from(index).unwrap_or(u32::MAX)), file))
    }

    /// The text that `span` covers; empty when it does not fit the file.
    #[must_use]
    pub fn snippet(&self, span: Span) -> &str {
        let text = self.file(span.source).text();
        text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Replaces what `span` covers by asterisks, for secrets that no output may show.
    ///
    /// # Shape
    /// Offsets and lines stay as they are: every byte but line breaks becomes one asterisk.
    pub fn redact(&mut self, span: Span) {
        let Some(file) = self.files.get_mut(span.source.0 as usize) else { return };
        let range = span.start as usize..span.end as usize;
        let Some(secret) = file.text.get(range.clone()) else { return };
        let hidden: String = secret
            .bytes()
            .map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { '*' })
            .collect();
        file.text.replace_range(range, &hidden);
    }

    /// `file:line` of the beginning of `span`.
    #[must_use]
    pub fn file_line(&self, span: Span) -> String {
        let file = self.file(span.source);
        format!("{}:{}", file.name(), file.line_of(span.start))
    }
}
