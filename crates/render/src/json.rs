//! A report as JSON. Keys are stable; texts are given in both languages.

use check::{Answer, Finding, HopReport, Report, RuleVerdict, WitnessReport, exit_code};
use diag::Sources;
use display::{diagnostic_json, place_json, severity_word, text_json};
use serde_json::{Value, json as value};

/// Version of the form of the JSON. It changes when a key is renamed or removed.
const FORM: u32 = 1;

/// The whole report.
#[must_use]
pub fn json(report: &Report) -> String {
    let sources = &report.sources;
    let whole = value!({
        "form": FORM,
        "exit_code": exit_code(report),
        "site": {
            "name": report.site.name,
            "edition": report.site.edition,
            "pattern": report.site.pattern,
            "page": report.site.page,
            "variants":
                report.site.variants.iter().map(|variant| variant.name()).collect::<Vec<_>>(),
        },
        "summary": {
            "proved": report.count(RuleVerdict::Proved),
            "refuted": report.count(RuleVerdict::Refuted),
            "unknown": report.count(RuleVerdict::Unknown),
            "waived": report.count(RuleVerdict::Waived),
        },
        "requirements": report.requirements.iter().map(|one| value!({
            "code": one.code,
            "name": one.name,
            "property": one.property,
            "clauses": one.clauses,
            "basis": one.basis,
            "level": severity_word(one.level),
            "statement": text_json(&one.statement),
            "verdict": verdict(one.verdict),
            "depends_on": one.depends_on,
        })).collect::<Vec<_>>(),
        "findings": report.findings.iter().map(|one| finding(sources, one)).collect::<Vec<_>>(),
        "diagnostics":
            report.diagnostics.iter().map(|one| diagnostic_json(sources, one)).collect::<Vec<_>>(),
        "assumptions": report.assumptions.iter().map(|one| value!({
            "id": one.id,
            "question": text_json(&one.question),
            "reading": one.reading,
            "meaning": text_json(&one.meaning),
            "answered": one.is_answered,
            "at": one.span.map(|span| place_json(sources, span)),
        })).collect::<Vec<_>>(),
        "coverage": report.coverage.iter().map(|one| value!({
            "router": one.router,
            "modelled": one.modelled,
            "irrelevant": one.irrelevant,
            "not_modelled": one.not_modelled,
        })).collect::<Vec<_>>(),
        "faults": report.faults.iter().map(text_json).collect::<Vec<_>>(),
    });
    pretty(&whole)
}

/// The answer to a question.
#[must_use]
pub fn answer_json(answer: &Answer) -> String {
    let sources = &answer.sources;
    let whole = value!({
        "form": FORM,
        "open": answer.is_open,
        "open_to_attack": answer.is_open_to_attack,
        "witness": answer.witness.as_ref().map(|one| witness(sources, one)),
        "doubts": answer.doubts.iter().map(|(what, span)| value!({
            "what": text_json(what),
            "at": place_json(sources, *span),
        })).collect::<Vec<_>>(),
    });
    pretty(&whole)
}

/// `whole` as text.
fn pretty(whole: &Value) -> String {
    let mut text = serde_json::to_string_pretty(whole).expect("keys of a value are strings");
    text.push('\n');
    text
}

fn finding(sources: &Sources, one: &Finding) -> Value {
    let mut whole = diagnostic_json(sources, &one.diagnostic);
    if let Value::Object(map) = &mut whole {
        map.insert("name".to_owned(), value!(one.name));
        map.insert("verdict".to_owned(), value!(verdict(one.verdict)));
        let witness = one.witness.as_ref().map(|one| witness(sources, one));
        map.insert("witness".to_owned(), value!(witness));
        let waived = one
            .waived
            .as_ref()
            .map(|one| value!({ "by": one.by, "reason": one.reason, "until": one.until }));
        map.insert("waived".to_owned(), value!(waived));
    }
    whole
}

fn witness(sources: &Sources, one: &WitnessReport) -> Value {
    let hop = |hop: &HopReport| {
        value!({
            "node": hop.node,
            "text": text_json(&hop.text),
            "at": hop.span.map(|span| place_json(sources, span)),
            "passes": hop.passes,
        })
    };
    value!({
        "from": one.from,
        "source": one.source,
        "destination": one.destination,
        "protocol": one.protocol,
        "source_port": one.source_port,
        "destination_port": one.destination_port,
        "flags": one.flags,
        "hops": one.hops.iter().map(hop).collect::<Vec<_>>(),
        "answer": one.answer.iter().map(hop).collect::<Vec<_>>(),
    })
}

fn verdict(verdict: RuleVerdict) -> &'static str {
    match verdict {
        RuleVerdict::Proved => "proved",
        RuleVerdict::Refuted => "refuted",
        RuleVerdict::Unknown => "unknown",
        RuleVerdict::Waived => "waived",
    }
}
