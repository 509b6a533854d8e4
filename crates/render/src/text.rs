//! A report as terminal text.

use check::{Finding, Report, RuleVerdict};
use diag::{Diagnostic, Severity, SourceId, visible};

use crate::{Style, hop, summary, table};
use display::{hanging, wrap};

/// LIMIT: diagnostics of one code in one file that are printed; JSON has all of them.
const MAX_ALIKE: usize = 20;

/// The whole report.
#[must_use]
pub fn report(report: &Report, style: &Style) -> String {
    let mut text = head(report, style);
    let told = Told::of(report, |one| one.severity > Severity::Note);
    for one in &told.shown {
        text += &display::diagnostic(&report.sources, one, style);
        text.push('\n');
    }
    text += &told.more(report, style);
    for (place, finding) in report.findings.iter().enumerate() {
        if report.findings[..place].iter().any(|told| is_same_doubt(told, finding)) {
            continue;
        }
        text += &self::finding(report, finding, style);
        let others = report.findings[place + 1..].iter();
        text += &also(others.filter(|other| is_same_doubt(finding, other)), style);
        text.push('\n');
    }
    text += &notes(report, style);
    if !report.requirements.is_empty() {
        text += &table::requirements(report, style);
        text.push('\n');
    }
    for fault in &report.faults {
        for line in wrap(fault.get(style.lang), style.width) {
            text += &format!("{line}\n");
        }
    }
    text + &summary::summary(report, style)
}

fn head(report: &Report, style: &Style) -> String {
    let site = &report.site;
    if site.name.is_empty() && site.pattern.is_empty() {
        return String::new();
    }
    let line = |text: &str| hanging("", text, 2, style.width);
    let name = visible(&site.name);
    let mut text = line(&match (report.day, style.lang) {
        (Some(day), diag::Lang::Ja) => format!("{name} — {day} の時点"),
        (Some(day), diag::Lang::En) => format!("{name} on {day}"),
        (None, _) => name.to_string(),
    });
    if !site.pattern.is_empty() {
        let edition = style.pick("版", "edition");
        text += &line(&format!(
            "{} ({}) {} / {edition} {}",
            site.pattern,
            site.page,
            site.title.get(style.lang),
            site.edition,
        ));
    }
    for variant in &site.variants {
        let title = variant.title();
        text += &line(&format!("+ {}: {}", variant.name(), title.get(style.lang)));
    }
    text.push('\n');
    text
}

/// Whether both could not be decided for the same reasons at the same places.
fn is_same_doubt(one: &Finding, other: &Finding) -> bool {
    let (a, b) = (&one.diagnostic, &other.diagnostic);
    one.verdict == RuleVerdict::Unknown
        && other.verdict == RuleVerdict::Unknown
        && a.primary == b.primary
        && a.secondary == b.secondary
        && a.helps == b.helps
}

/// What else could not be decided for the same reason.
fn also<'a>(others: impl Iterator<Item = &'a Finding>, style: &Style) -> String {
    let codes: Vec<&str> = others.map(|other| other.diagnostic.code).collect();
    if codes.is_empty() {
        return String::new();
    }
    let codes = codes.join(", ");
    let words = match style.lang {
        diag::Lang::Ja => format!("同じ理由で証明できないもの: {codes}"),
        diag::Lang::En => format!("not proved for the same reason: {codes}"),
    };
    wrap(&words, style.width.saturating_sub(2)).iter().map(|line| format!("  {line}\n")).collect()
}

fn finding(report: &Report, finding: &Finding, style: &Style) -> String {
    let mut text = display::diagnostic(&report.sources, &finding.diagnostic, style);
    if let Some(witness) = finding.witness.as_ref().filter(|_| finding.same_as.is_none()) {
        let title = match finding.verdict {
            RuleVerdict::Refuted => style.pick("反例", "witness"),
            _ => style.pick("パケット", "packet"),
        };
        text += &hop::witness(&report.sources, witness, title, style);
    }
    if let Some(waived) = &finding.waived {
        let words = match style.lang {
            diag::Lang::Ja => format!(
                "{} が {} まで例外として認めています: {}",
                visible(&waived.by),
                waived.until,
                visible(&waived.reason)
            ),
            diag::Lang::En => {
                format!(
                    "accepted by {} until {}: {}",
                    visible(&waived.by),
                    waived.until,
                    visible(&waived.reason)
                )
            }
        };
        for line in wrap(&words, style.width.saturating_sub(2)) {
            text += &format!("  {line}\n");
        }
    }
    text
}

/// The diagnostics that are printed, and how many are alike beyond them.
struct Told<'a> {
    shown: Vec<&'a Diagnostic>,
    /// Code, file, and how many there are.
    counts: Vec<(&'static str, Option<SourceId>, usize)>,
}

impl<'a> Told<'a> {
    fn of(report: &'a Report, takes: impl Fn(&Diagnostic) -> bool) -> Self {
        let mut told = Self { shown: Vec::new(), counts: Vec::new() };
        for one in report.diagnostics.iter().filter(|one| takes(one)) {
            let source = one.primary.as_ref().map(|label| label.span.source);
            let is_same = |known: &&mut (&str, Option<SourceId>, usize)| {
                (known.0, known.1) == (one.code, source)
            };
            let count = match told.counts.iter_mut().find(is_same) {
                Some((.., count)) => {
                    *count += 1;
                    *count
                }
                None => {
                    told.counts.push((one.code, source, 1));
                    1
                }
            };
            if count <= MAX_ALIKE {
                told.shown.push(one);
            }
        }
        told
    }

    /// A line for each code of which more were found than are shown.
    fn more(&self, report: &Report, style: &Style) -> String {
        let mut text = String::new();
        for (code, source, count) in self.counts.iter().filter(|(.., count)| *count > MAX_ALIKE) {
            let more = count - MAX_ALIKE;
            let file = source.map(|source| visible(report.sources.file(source).name()));
            let file = file.as_deref().unwrap_or("");
            let line = match style.lang {
                diag::Lang::Ja => {
                    format!("{file}: {code} はほかに {more} 件あります（--format json に全件）")
                }
                diag::Lang::En => format!("{file}: {more} more of {code} (all: --format json)"),
            };
            text += &hanging("- ", &line, 2, style.width);
            text.push('\n');
        }
        text
    }
}

/// Remarks that change no verdict, a line each.
fn notes(report: &Report, style: &Style) -> String {
    let told = Told::of(report, |one| one.severity == Severity::Note);
    let notes: Vec<String> = told
        .shown
        .iter()
        .map(|one| {
            let place = one.primary.as_ref().map(|label| report.sources.file_line(label.span));
            let place = place.map(|place| format!("{place}: ")).unwrap_or_default();
            format!("{place}{} {}", one.code, one.headline.get(style.lang))
        })
        .collect();
    let mut text = String::new();
    for note in &notes {
        for (number, line) in wrap(note, style.width.saturating_sub(2)).iter().enumerate() {
            text += if number == 0 { "- " } else { "  " };
            text += &format!("{line}\n");
        }
    }
    text += &told.more(report, style);
    if !notes.is_empty() {
        text.push('\n');
    }
    text
}
