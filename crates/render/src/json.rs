//! A report as JSON. Keys are stable; texts are given in both languages.

use check::{
    Answer, AskVerdict, AssumptionReport, Coverage, Doubt, Finding, HopReport, Reached, Report,
    RequirementReport, RuleVerdict, WitnessReport, exit_code,
};
use diag::Sources;
use display::{
    DiagnosticJson, PlaceJson, TextJson, diagnostic_json, place_json, severity_word, text_json,
};
use serde::Serialize;
use serde_json::json as value;

/// Version of the form of the JSON. It changes when a key is renamed or removed.
const FORM: u32 = 1;

/// The whole report.
#[must_use]
pub fn json(report: &Report) -> String {
    let sources = &report.sources;
    let site = &report.site;
    pretty(&ReportJson {
        form: FORM,
        exit_code: exit_code(report),
        on: report.day.map(|day| day.to_string()),
        site: SiteJson {
            name: &site.name,
            edition: &site.edition,
            pattern: &site.pattern,
            page: &site.page,
            variants: site.variants.iter().map(|variant| variant.name()).collect(),
        },
        summary: SummaryJson {
            proved: report.count(RuleVerdict::Proved),
            refuted: report.count(RuleVerdict::Refuted),
            unknown: report.count(RuleVerdict::Unknown),
            waived: report.count(RuleVerdict::Waived),
        },
        requirements: report.requirements.iter().map(requirement).collect(),
        findings: report.findings.iter().map(|one| finding(sources, one)).collect(),
        diagnostics: report.diagnostics.iter().map(|one| diagnostic_json(sources, one)).collect(),
        assumptions: report.assumptions.iter().map(|one| assumption(sources, one)).collect(),
        coverage: report.coverage.iter().map(coverage).collect(),
        faults: report.faults.iter().map(text_json).collect(),
    })
}

#[derive(Serialize)]
struct ReportJson<'a> {
    form: u32,
    exit_code: u8,
    on: Option<String>,
    site: SiteJson<'a>,
    summary: SummaryJson,
    requirements: Vec<RequirementJson<'a>>,
    findings: Vec<FindingJson<'a>>,
    diagnostics: Vec<DiagnosticJson<'a>>,
    assumptions: Vec<AssumptionJson<'a>>,
    coverage: Vec<CoverageJson<'a>>,
    faults: Vec<TextJson<'a>>,
}

#[derive(Serialize)]
struct SiteJson<'a> {
    name: &'a str,
    edition: &'a str,
    pattern: &'a str,
    page: &'a str,
    variants: Vec<&'a str>,
}

#[derive(Serialize)]
struct SummaryJson {
    proved: usize,
    refuted: usize,
    unknown: usize,
    waived: usize,
}

#[derive(Serialize)]
struct RequirementJson<'a> {
    code: &'a str,
    name: &'a str,
    property: &'a str,
    clauses: &'a [String],
    covers: &'a [String],
    basis: &'a str,
    level: &'a str,
    statement: TextJson<'a>,
    verdict: &'a str,
    depends_on: &'a [&'static str],
}

fn requirement(one: &RequirementReport) -> RequirementJson<'_> {
    RequirementJson {
        code: one.code,
        name: one.name,
        property: one.property,
        clauses: &one.clauses,
        covers: &one.covers,
        basis: one.basis,
        level: severity_word(one.level),
        statement: text_json(&one.statement),
        verdict: verdict(one.verdict),
        depends_on: &one.depends_on,
    }
}

#[derive(Serialize)]
struct AssumptionJson<'a> {
    id: &'a str,
    question: TextJson<'a>,
    reading: &'a str,
    meaning: TextJson<'a>,
    answered: bool,
    at: Option<PlaceJson<'a>>,
}

fn assumption<'a>(sources: &'a Sources, one: &'a AssumptionReport) -> AssumptionJson<'a> {
    AssumptionJson {
        id: one.id,
        question: text_json(&one.question),
        reading: &one.reading,
        meaning: text_json(&one.meaning),
        answered: one.is_answered,
        at: one.span.map(|span| place_json(sources, span)),
    }
}

#[derive(Serialize)]
struct CoverageJson<'a> {
    router: &'a str,
    modelled: usize,
    irrelevant: usize,
    not_modelled: usize,
}

fn coverage(one: &Coverage) -> CoverageJson<'_> {
    CoverageJson {
        router: &one.router,
        modelled: one.modelled,
        irrelevant: one.irrelevant,
        not_modelled: one.not_modelled,
    }
}

/// The answer to a question, with the code that the program ends with.
#[must_use]
pub fn answer_json(answer: &Answer, exit_code: u8) -> String {
    let sources = &answer.sources;
    let whole = value!({
        "form": FORM,
        "exit_code": exit_code,
        "verdict": match answer.verdict() {
            AskVerdict::Open => "open",
            AskVerdict::Closed => "closed",
            AskVerdict::Unknown => "unknown",
        },
        "open": answer.is_open,
        "open_to_attack": answer.is_open_to_attack,
        "only_errors": answer.is_only_errors,
        "before": answer.before.as_ref().map(text_json),
        "witness": answer.witness.as_ref().map(|one| witness(sources, one)),
        "doubts": doubts_json(sources, &answer.doubts),
    });
    pretty(&whole)
}

fn doubts_json(sources: &Sources, doubts: &[Doubt]) -> Vec<serde_json::Value> {
    let doubts = doubts
        .iter()
        .map(|(what, span)| value!({ "what": text_json(what), "at": place_json(sources, *span) }));
    doubts.collect()
}

/// What an attacker at `from` reaches, with the code that the program ends with.
#[must_use]
pub fn reachable_json(from: &str, reached: &Reached, exit_code: u8) -> String {
    let whole = value!({
        "form": FORM,
        "exit_code": exit_code,
        "from": from,
        "reachable": reached.list.iter().map(|one| value!({
            "target": one.target,
            "family": one.family.name(),
            "protocol": one.protocol,
            "ports": one.ports,
            "services": one.services,
            "needs_session": one.needs_session,
        })).collect::<Vec<_>>(),
        "doubts": doubts_json(&reached.sources, &reached.doubts),
    });
    pretty(&whole)
}

/// `whole` as text.
fn pretty(whole: &impl Serialize) -> String {
    display::json_text(whole)
}

#[derive(Serialize)]
struct FindingJson<'a> {
    #[serde(flatten)]
    diagnostic: DiagnosticJson<'a>,
    name: &'a str,
    verdict: &'a str,
    witness: Option<WitnessJson<'a>>,
    same_as: Option<&'a str>,
    waived: Option<WaivedJson<'a>>,
}

#[derive(Serialize)]
struct WaivedJson<'a> {
    by: &'a str,
    reason: &'a str,
    until: &'a str,
}

fn finding<'a>(sources: &'a Sources, one: &'a Finding) -> FindingJson<'a> {
    let waived = one.waived.as_ref();
    FindingJson {
        diagnostic: diagnostic_json(sources, &one.diagnostic),
        name: one.name,
        verdict: verdict(one.verdict),
        witness: one.witness.as_ref().map(|one| witness(sources, one)),
        same_as: one.same_as,
        waived: waived.map(|one| WaivedJson {
            by: &one.by,
            reason: &one.reason,
            until: &one.until,
        }),
    }
}

#[derive(Serialize)]
struct HopJson<'a> {
    node: &'a str,
    text: TextJson<'a>,
    at: Option<PlaceJson<'a>>,
    passes: bool,
}

#[derive(Serialize)]
struct WitnessJson<'a> {
    from: &'a str,
    source: &'a str,
    destination: &'a str,
    protocol: &'a str,
    source_port: Option<u16>,
    destination_port: Option<u16>,
    flags: &'a str,
    hops: Vec<HopJson<'a>>,
    answer: Vec<HopJson<'a>>,
}

fn witness<'a>(sources: &'a Sources, one: &'a WitnessReport) -> WitnessJson<'a> {
    let hop = |hop: &'a HopReport| HopJson {
        node: &hop.node,
        text: text_json(&hop.text),
        at: hop.span.map(|span| place_json(sources, span)),
        passes: hop.passes,
    };
    WitnessJson {
        from: &one.from,
        source: &one.source,
        destination: &one.destination,
        protocol: &one.protocol,
        source_port: one.source_port,
        destination_port: one.destination_port,
        flags: &one.flags,
        hops: one.hops.iter().map(hop).collect(),
        answer: one.answer.iter().map(hop).collect(),
    }
}

fn verdict(verdict: RuleVerdict) -> &'static str {
    match verdict {
        RuleVerdict::Proved => "proved",
        RuleVerdict::Refuted => "refuted",
        RuleVerdict::Unknown => "unknown",
        RuleVerdict::Waived => "waived",
    }
}
