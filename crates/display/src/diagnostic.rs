//! One diagnostic with its lines of source, in the manner of compilers.

use std::collections::BTreeMap;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use diag::{Diagnostic, Label, Lang, Location, Severity, Source, SourceId, Sources, Span, Text};

use crate::Style;
use crate::excerpt::Excerpt;
use crate::wrap::{width, wrap};

/// All of `list`, each with its lines of source.
#[must_use]
pub fn diagnostics(sources: &Sources, list: &[Diagnostic], style: &Style) -> String {
    list.iter().map(|one| diagnostic(sources, one, style) + "\n").collect()
}

/// One diagnostic.
#[must_use]
pub fn diagnostic(sources: &Sources, one: &Diagnostic, style: &Style) -> String {
    let level = level(one.severity, style);
    let before = width(severity_name(one.severity, style)) + one.code.len() + "[]: ".len();
    let headline = indented(one.headline.get(style.lang), before, style);
    let title = level.primary_title(headline).id(one.code);
    let mut group = Group::with_title(title);
    let mut columns = Vec::new();
    for (source, labels) in by_source(one) {
        let file = sources.file(source);
        let spans: Vec<Span> = labels.iter().map(|(_, label)| label.span).collect();
        let excerpt = Excerpt::of(file, &spans, style.width.saturating_sub(GUTTER));
        if excerpt.is_cut {
            columns.push(heads(file, &spans, &excerpt));
        }
        let Excerpt { text: shown, line, spans: places, .. } = excerpt;
        let mut below = Vec::new();
        let annotations: Vec<_> = labels
            .into_iter()
            .zip(places)
            .map(|((kind, label), place)| {
                let text = label.text.get(style.lang);
                if fits(sources, label, text, style) {
                    return kind.span(place).label(text.to_owned());
                }
                let line = file.line_of(label.span.start);
                if text.is_empty() {
                    return kind.span(place);
                }
                below.push(match style.lang {
                    Lang::Ja => format!("{line} 行目: {text}"),
                    Lang::En => format!("line {line}: {text}"),
                });
                kind.span(place)
            })
            .collect();
        let snippet = Snippet::source(shown).line_start(line).annotations(annotations);
        group = group.element(snippet.path(file.name()));
        let here = Level::INFO.with_name(style.pick("場所", "here"));
        for text in below {
            group = group.element(here.clone().message(folded(&text, style)));
        }
    }
    let reason = Level::NOTE.with_name(style.pick("理由", "note"));
    for note in &one.notes {
        group = group.element(reason.clone().message(folded(note.get(style.lang), style)));
    }
    let text = rendered(advised(group, &one.helps, style), style);
    columns.iter().fold(text, |text, (cut, whole)| text.replacen(cut, whole, 1))
}

/// How the place of an excerpt of `file` is headed, and how it should be: columns are those of the
/// file, not those of a line that was cut.
fn heads(file: &Source, spans: &[Span], excerpt: &Excerpt) -> (String, String) {
    let place = spans.first().map_or(0, |span| span.start);
    let start = excerpt.spans.first().map_or(0, |span| span.start);
    let before = excerpt.text[..start].rsplit('\n').next().unwrap_or_default();
    let Location { line, column } = file.location(place);
    let head = |column: usize| format!("{}:{line}:{column}\n", file.name());
    (head(before.chars().count() + 1), head(column as usize))
}

/// An error about what was asked for, which stands in no file: the words of a command line, a
/// file that cannot be read.
#[must_use]
pub fn complaint(headline: &Text, helps: &[Text], style: &Style) -> String {
    let before = width(severity_name(Severity::Error, style)) + ": ".len();
    let headline = indented(headline.get(style.lang), before, style);
    let group = Group::with_title(level(Severity::Error, style).primary_title(headline));
    rendered(advised(group, helps, style), style)
}

fn advised<'a>(mut group: Group<'a>, helps: &[Text], style: &Style) -> Group<'a> {
    let remedy = Level::HELP.with_name(style.pick("対処", "help").to_owned());
    for help in helps {
        group = group.element(remedy.clone().message(folded(help.get(style.lang), style)));
    }
    group
}

fn rendered(group: Group<'_>, style: &Style) -> String {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(style.width);
    let text = renderer.render(&[group]);
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

/// Cells that the renderer puts before a message: the gutter, the sign and the level's name.
const MARGIN: usize = 16;

/// Cells before a line of source.
const GUTTER: usize = 8;

/// Whether `text` has room behind the underline of `label`.
fn fits(sources: &Sources, label: &Label, text: &str, style: &Style) -> bool {
    let file = sources.file(label.span.source);
    let line = file.line_of(label.span.start);
    let start = file.line_start(line);
    let end = label.span.end.min(file.line_start(line + 1));
    let before = file.text().get(start as usize..end as usize).unwrap_or("");
    // No letter takes more bytes than four; a long line is not measured.
    const BYTES_MAX: usize = 4;
    before.len() <= BYTES_MAX * style.width
        && GUTTER + width(before.trim_end()) + width(text) <= style.width
}

fn folded(text: &str, style: &Style) -> String {
    indented(text, MARGIN, style)
}

/// `text` in lines that have room behind `before` cells.
fn indented(text: &str, before: usize, style: &Style) -> String {
    let width = style.width.saturating_sub(before);
    text.lines().flat_map(|line| wrap(line, width)).collect::<Vec<_>>().join("\n")
}

fn level(severity: Severity, style: &Style) -> Level<'static> {
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    level.with_name(severity_name(severity, style))
}

fn severity_name(severity: Severity, style: &Style) -> &'static str {
    match (severity, style.lang) {
        (Severity::Error, Lang::Ja) => "エラー",
        (Severity::Error, Lang::En) => "error",
        (Severity::Warning, Lang::Ja) => "警告",
        (Severity::Warning, Lang::En) => "warning",
        (Severity::Note, Lang::Ja) => "情報",
        (Severity::Note, Lang::En) => "note",
    }
}

type Labels<'a> = Vec<(AnnotationKind, &'a Label)>;

/// Labels by file, the file of the primary one first.
fn by_source(one: &Diagnostic) -> Vec<(SourceId, Labels<'_>)> {
    let mut files: BTreeMap<(bool, SourceId), Labels<'_>> = BTreeMap::new();
    let first = one.primary.as_ref().map(|label| label.span.source);
    let primary = one.primary.iter().map(|label| (AnnotationKind::Primary, label));
    let secondary = one.secondary.iter().map(|label| (AnnotationKind::Context, label));
    for (kind, label) in primary.chain(secondary) {
        let source = label.span.source;
        files.entry((Some(source) != first, source)).or_default().push((kind, label));
    }
    files.into_iter().map(|((_, source), labels)| (source, labels)).collect()
}
