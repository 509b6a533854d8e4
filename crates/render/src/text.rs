//! A report as terminal text.

use check::{Finding, Report, RuleVerdict};
use diag::{Severity, visible};

use crate::{Style, hop, summary, table};
use display::{hanging, wrap};

/// The whole report.
#[must_use]
pub fn report(report: &Report, style: &Style) -> String {
    let mut text = head(report, style);
    for one in report.diagnostics.iter().filter(|one| one.severity > Severity::Note) {
        text += &display::diagnostic(&report.sources, one, style);
        text.push('\n');
    }
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
    if let Some(witness) = &finding.witness {
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

/// Remarks that change no verdict, a line each.
fn notes(report: &Report, style: &Style) -> String {
    let notes: Vec<String> = report
        .diagnostics
        .iter()
        .filter(|one| one.severity == Severity::Note)
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
    if !notes.is_empty() {
        text.push('\n');
    }
    text
}
