//! The state of every line.

use diag::Span;
use model::{Gap, LineClass, LineState};

use super::report::Report;
use crate::registry::linux::config::Router;

/// All non-blank lines with their state.
///
/// A line is modelled unless it is a comment, belongs to what cannot change a verdict, or takes
/// part in a gap; whatever the parser does not understand is a gap.
pub(super) fn classes(router: &Router, report: &Report, gaps: &[Gap]) -> Vec<LineClass> {
    let mut classes = Vec::new();
    let irrelevant: Vec<Span> =
        router.notes.irrelevant.iter().chain(&report.irrelevant).copied().collect();
    for file in &router.files {
        let here = |span: &&Span| span.source == file.source;
        let idle: Vec<_> = irrelevant.iter().filter(here).collect();
        let first = classes.len();
        classes.extend(file.lines.iter().map(|(span, has_text)| {
            let state = if *has_text { LineState::Modelled } else { LineState::Irrelevant };
            LineClass { span: *span, state }
        }));
        let lines = &mut classes[first..];
        let mut mark = |span: &Span, fits: fn(&Span, &Span) -> bool, state: LineState| {
            let from = lines.partition_point(|line| line.span.end < span.start);
            let touched = lines[from..].iter_mut().take_while(|line| line.span.start <= span.end);
            touched.filter(|line| fits(span, &line.span)).for_each(|line| line.state = state);
        };
        idle.iter().for_each(|span| mark(span, holds, LineState::Irrelevant));
        let open = gaps.iter().map(|gap| &gap.span).filter(here);
        open.for_each(|span| mark(span, touches, LineState::NotModelled));
    }
    classes
}

/// Whether the two share a character; an empty span belongs to the line it stands on.
fn touches(gap: &Span, line: &Span) -> bool {
    if gap.start == gap.end {
        return (line.start..=line.end).contains(&gap.start);
    }
    gap.start < line.end && line.start < gap.end
}

/// Whether nothing but a separator of the line lies outside `span`.
fn holds(span: &Span, line: &Span) -> bool {
    const SEPARATORS: u32 = 1;
    span.start <= line.start && line.end <= span.end + SEPARATORS
}
