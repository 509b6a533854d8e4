//! The lines of a file that a diagnostic shows, with very long ones cut: a renderer that is given
//! whole files measures them again for every diagnostic.

use std::ops::Range;

use diag::{Source, Span};

use crate::wrap::width;

/// Longest line that is shown whole.
///
/// # Units
/// Bytes.
// LIMIT: of a longer one only what stands around the marked places is shown.
const LINE_MAX: usize = 1_000;

/// How much of a long line is shown beside a marked place, and how much of the place itself.
///
/// # Units
/// Bytes.
const AROUND: usize = 200;

/// What stands where a line was cut.
const CUT: &str = "...";

/// Lines of a file.
pub(crate) struct Excerpt {
    pub(crate) text: String,
    /// The number of the first line.
    pub(crate) line: usize,
    /// Whether lines were cut, so that columns are not those of the file.
    pub(crate) is_cut: bool,
    /// The marked places in `text`, in the order in which they were given.
    pub(crate) spans: Vec<Range<usize>>,
}

impl Excerpt {
    /// The lines of `file` in which `spans` stand, and those between them; a line with several
    /// places that do not stand together in `room` cells is cut around the first.
    pub(crate) fn of(file: &Source, spans: &[Span], room: usize) -> Self {
        let whole = file.text();
        let marks: Vec<Range<usize>> = spans
            .iter()
            .map(|span| {
                let start = (span.start as usize).min(whole.len());
                start..(span.end as usize).clamp(start, whole.len())
            })
            .collect();
        let first = spans.iter().map(|span| file.line_of(span.start)).min().unwrap_or(1);
        let last = spans.iter().map(|span| file.line_of(span.end)).max().unwrap_or(1);
        let start = file.line_start(first) as usize;
        let end = file.line_start(last.saturating_add(1)) as usize;
        let mut found =
            Self { text: String::new(), line: first as usize, is_cut: false, spans: marks.clone() };
        let mut from = start.min(whole.len());
        for line in whole.get(from..end.max(from)).unwrap_or_default().split_inclusive('\n') {
            found.add(line, from, &marks, room);
            from += line.len();
        }
        // A place may stand behind the last line.
        for (mark, own) in marks.iter().zip(&mut found.spans) {
            if mark.start >= from {
                *own = found.text.len()..found.text.len();
            }
        }
        found
    }

    /// Adds `line`, which begins at `from` in the file.
    fn add(&mut self, line: &str, from: usize, marks: &[Range<usize>], room: usize) {
        let until = from + line.len();
        let kept = if line.len() > LINE_MAX {
            window(line, from, marks)
        } else {
            first_of_several(line, from, marks, room).unwrap_or(0..line.len())
        };
        self.is_cut |= kept != (0..line.len());
        let is_cut_before = kept.start > 0;
        let begin = self.text.len();
        let shift = begin + if is_cut_before { CUT.len() } else { 0 };
        if is_cut_before {
            self.text.push_str(CUT);
        }
        self.text.push_str(&line[kept.clone()]);
        if kept.end < line.len() {
            self.text.push_str(CUT);
            self.text.push_str(if line.ends_with('\n') { "\n" } else { "" });
        }
        let moved = |place: usize| shift + (place - from).clamp(kept.start, kept.end) - kept.start;
        for (mark, own) in marks.iter().zip(&mut self.spans) {
            if (from..until).contains(&mark.start) {
                *own = moved(mark.start)..moved(mark.end.min(until)).max(moved(mark.start));
            } else if mark.start < from && (from..until).contains(&mark.end) {
                own.end = moved(mark.end);
            } else if mark.start < from && mark.end >= until {
                own.end = self.text.len();
            }
        }
    }
}

/// What is kept around the first marked place of `line`, if it has further ones that do not stand
/// beside it in `room` cells. What lies together, the renderer of the lines cuts by itself.
fn first_of_several(
    line: &str,
    from: usize,
    marks: &[Range<usize>],
    room: usize,
) -> Option<Range<usize>> {
    let until = from + line.len();
    let here: Vec<&Range<usize>> =
        marks.iter().filter(|mark| (from..until).contains(&mark.start)).collect();
    let start = here.iter().map(|mark| mark.start).min()?;
    let end = here.iter().map(|mark| mark.end.min(until)).max()?;
    let between = line.get(start - from..end - from)?;
    if here.len() < 2 || width(between.trim_end()) <= room {
        return None;
    }
    let begin = here.first()?.start - from;
    // LIMIT: a third of the room is kept for what stands before the place.
    let mut kept = begin;
    for (at, _) in line.get(..begin)?.char_indices().rev() {
        if width(&line[at..begin]) > room / 3 {
            break;
        }
        kept = at;
    }
    let text = line.trim_end_matches(['\r', '\n']);
    let first = begin.min(text.len());
    let mut last = first;
    for (at, letter) in text.get(first..)?.char_indices().map(|(at, letter)| (first + at, letter)) {
        if width(&line[kept..at + letter.len_utf8()]) > room.saturating_sub(2 * CUT.len()) {
            break;
        }
        last = at + letter.len_utf8();
    }
    Some(kept..last)
}

/// What is kept of a long `line` that begins at `from`.
fn window(line: &str, from: usize, marks: &[Range<usize>]) -> Range<usize> {
    let until = from + line.len();
    let here = || marks.iter().filter(|mark| (from..until).contains(&mark.start));
    let start = here().map(|mark| mark.start - from).min().unwrap_or(0).saturating_sub(AROUND);
    let end = here().map(|mark| mark.end.min(mark.start + AROUND) - from).max().unwrap_or(0);
    let end = (end + AROUND).min(line.trim_end_matches('\n').len());
    line.floor_char_boundary(start)..line.ceil_char_boundary(end.max(start))
}

#[cfg(test)]
mod tests {
    use diag::{Diagnostic, Lang, Sources, Span, Text};

    use super::{Excerpt, Range};
    use crate::{Style, diagnostic};

    const STYLE: Style = Style { lang: Lang::En, color: false, width: 80 };

    #[test]
    fn a_long_line_is_cut_around_the_marked_place() {
        let mut sources = Sources::new();
        let text = format!("head\n{}MARK{}\ntail\n", "あ".repeat(5_000), "い".repeat(5_000));
        let start = text.find("MARK").expect("it was just written");
        let source = sources.add("a.net".to_owned(), text);
        let span = Span::new(source, start, start + 4);
        let found = Excerpt::of(sources.file(source), &[span], 70);
        assert_eq!(&found.text[found.spans[0].clone()], "MARK");
        assert!(found.is_cut && found.text.len() < 1_000 && found.text.ends_with("...\n"));
        let one = Diagnostic::error("P001", Text::verbatim("wrong")).at(span);
        let shown = diagnostic(&sources, &one, &STYLE);
        assert!(shown.contains("a.net:2:5001\n"), "{shown}");
        assert!(shown.contains("MARK") && shown.contains("^^^^"), "{shown}");
        assert!(shown.len() < 2_000, "{shown}");
    }

    #[test]
    fn a_place_that_is_long_itself_is_cut() {
        let mut sources = Sources::new();
        let source = sources.add("a.net".to_owned(), "x".repeat(9_000));
        let whole = Span::new(source, 0, 9_000);
        let late = Span::new(source, 8_990, 8_991);
        let found = Excerpt::of(sources.file(source), &[whole], 70);
        assert!(found.text.len() < 1_000 && found.spans[0].start == 0);
        let found = Excerpt::of(sources.file(source), &[whole, late], 70);
        assert_eq!(found.spans[1].len(), 1);
        let behind = Span::new(source, 9_000, 9_000);
        assert_eq!(Excerpt::of(sources.file(source), &[behind], 70).spans[0].len(), 0);
    }

    #[test]
    fn places_far_apart_on_one_line_leave_no_line_wider_than_the_terminal() {
        let mut sources = Sources::new();
        let text = format!("ONE {} TWO {}\n", "あ".repeat(60), "い".repeat(60));
        let two = text.find("TWO").expect("it was just written");
        let source = sources.add("a.toml".to_owned(), text);
        for (first, other) in [(0, two), (two, 0)] {
            let mut one = Diagnostic::error("P001", Text::verbatim("wrong")).at(Span::new(
                source,
                first,
                first + 3,
            ));
            let text = Text::verbatim("the other place");
            one.secondary.push(diag::Label { span: Span::new(source, other, other + 3), text });
            let shown = diagnostic(&sources, &one, &STYLE);
            let widest = shown.lines().map(crate::width).max().unwrap_or(0);
            assert!(widest <= 80 && shown.contains("^^^"), "{widest}\n{shown}");
        }
    }

    #[test]
    fn short_lines_are_kept_as_they_are() {
        let mut sources = Sources::new();
        let source = sources.add("a.net".to_owned(), "one\ntwo\nthree\n".to_owned());
        let spans = [Span::new(source, 4, 7), Span::new(source, 8, 13)];
        let found = Excerpt::of(sources.file(source), &spans, 70);
        assert_eq!((found.text.as_str(), found.line, found.is_cut), ("two\nthree\n", 2, false));
        assert_eq!(found.spans, [0..3, 4..9]);
        let end = Excerpt::of(sources.file(source), &[Span::new(source, 14, 14)], 70);
        assert_eq!(end.spans, vec![Range { start: 0, end: 0 }]);
    }
}
