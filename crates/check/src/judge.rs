//! Runs the rules and writes the report.

use design::Blueprint;
use diag::{Diagnostic, Severity, Span, Text, text};
use model::{LineState, Readings};
use pattern::{Basis, Requirement};
use reach::{Atlas, Limits};
use rule::{Focus, House, Judgement, Kind, Library, Rule, Scene, Verdict};
use site::Date;

use crate::Effort;
use crate::again::First;
use crate::assemble::{Assembled, Reading, assumptions};
use crate::doubt::{missing_parts, overturn_by_gaps, overturn_by_packs};
use crate::facts::{self, Judge};
use crate::house::Known;
use crate::order::{drop_echoes, order};
use crate::own_firewall::{self, Without};
use crate::reading::overturn_by_readings;
use crate::report::{
    AssumptionReport, Coverage, Finding, Report, RequirementReport, RuleVerdict, SiteReport,
    WaivedBy, WitnessReport,
};
use crate::waiver::{self, Waivers};
use crate::{echo, help, hop, mark, replay};

/// A rule with what its pattern says about it and what it came to.
pub(crate) struct Judged {
    pub(crate) rule: &'static Rule,
    pub(crate) requirement: &'static Requirement,
    pub(crate) judgements: Vec<Judgement>,
    /// What it comes to where machines have no firewalls of their own.
    pub(crate) without: Without,
    /// Whether it looked at attacks and at the site only.
    pub(crate) is_about_attacks: bool,
    /// Whether it comes out so also where what is not read exactly keeps out what it may.
    pub(crate) holds_at_worst: bool,
    /// Ids of assumptions without which it would come out otherwise.
    pub(crate) depends_on: Vec<&'static str>,
}

impl Judged {
    /// The same rule, with `judgements` and nothing else known of it.
    pub(crate) fn again(&self, judgements: Vec<Judgement>) -> Self {
        let Self { rule, requirement, is_about_attacks, .. } = *self;
        let (without, depends_on) = (Without::Unasked, Vec::new());
        let holds_at_worst = false;
        Self {
            rule,
            requirement,
            judgements,
            without,
            is_about_attacks,
            holds_at_worst,
            depends_on,
        }
    }
}

pub(crate) fn judge(
    assembled: Assembled,
    known: &Known,
    today: Option<Date>,
    effort: Effort,
) -> Report {
    let Reading { blueprint, diagnostics: lowered } = assembled.lower(&assembled.readings);
    let mut diagnostics = assembled.diagnostics.clone();
    diagnostics.extend(lowered);
    diagnostics.extend(assembled.swapped());
    drop_echoes(&mut diagnostics, &assembled.sources);
    diagnostics.extend(waiver::review(&assembled.site, today));
    let judge =
        assembled.is_usable.then(|| facts::judge(&assembled.site, &mut diagnostics)).flatten();
    let text = assembled.sources.file(assembled.site.source).text();
    let routerless = assembled.is_usable.then(|| facts::without_edge(&assembled.site, text));
    diagnostics.extend(routerless.flatten());
    let atlas = Atlas::new(&blueprint.network);
    let house = house(&assembled, known, judge.as_ref(), today);
    let opened = design::without_own_firewalls(&blueprint);
    let opened_atlas = opened.as_ref().map(|other| Atlas::like(&other.network, &[&atlas]));
    let scene_of = |blueprint, atlas| {
        let scene = Scene::new(blueprint, atlas, Limits::default(), Focus::All).with_house(&house);
        match effort {
            Effort::Shared => scene,
            Effort::Plain => scene.plain(),
        }
    };
    let scene = scene_of(&blueprint, &atlas);
    let opened = opened.as_ref().zip(opened_atlas.as_ref());
    let opened = opened.map(|(blueprint, atlas)| scene_of(blueprint, atlas));
    let mut judged = run(&scene, opened.as_ref(), judge.as_ref());
    let waivers = Waivers { site: &assembled.site, today };
    for one in &mut judged {
        waivers.mark(one.rule, &mut one.judgements);
    }
    let first =
        First { assembled: &assembled, scene: &scene, effort, waivers, is_without_own: false };
    overturn(&first, opened.as_ref(), judge.as_ref(), &mut judged, &diagnostics);
    judged.iter_mut().for_each(|one| overturn_by_packs(one, &known.unread));
    let mut writer = Writer {
        assembled: &assembled,
        blueprint: &blueprint,
        judge: judge.as_ref(),
        today,
        findings: Vec::new(),
        faults: Vec::new(),
    };
    let requirements = judged.iter().map(|one| writer.requirement(one)).collect();
    let Writer { mut findings, faults, .. } = writer;
    findings.sort_by_key(|finding: &Finding| {
        let verdict = finding.verdict;
        let is_settled = matches!(verdict, RuleVerdict::Waived | RuleVerdict::Proved);
        (verdict != RuleVerdict::Refuted, is_settled)
    });
    echo::refer(&mut findings);
    order(&mut diagnostics, &assembled);
    mark::soften(&mut diagnostics, assembled.sources.file(assembled.site.source));
    // Lines are quoted only beside a finding or a diagnostic.
    let is_quoting = !findings.is_empty() || !diagnostics.is_empty();
    Report {
        site: site_report(&assembled, judge.as_ref()),
        requirements,
        findings,
        assumptions: assumption_reports(&blueprint, &assembled.readings),
        coverage: coverage(&blueprint),
        faults,
        day: today,
        is_usable: assembled.is_usable,
        work: scene.work() + opened.as_ref().map_or(0, Scene::work),
        diagnostics,
        sources: if is_quoting { assembled.shown_sources() } else { assembled.sources.clone() },
    }
}

/// Takes back what other readings, lines that are not modelled and missing parts could overturn.
fn overturn(
    first: &First<'_>,
    opened: Option<&Scene<'_>>,
    judge: Option<&Judge>,
    judged: &mut Vec<Judged>,
    diagnostics: &[Diagnostic],
) {
    let apart = own_firewall::take_apart(first, opened, judge, judged);
    let tried = overturn_by_readings(first, judged);
    apart.rejoin(judged);
    for one in judged {
        let missing = missing_parts(diagnostics, one.rule, first.assembled);
        overturn_by_gaps(one, first.scene.blueprint, &missing, &tried);
    }
}

/// What rules may know beside the network.
fn house<'a>(
    assembled: &'a Assembled,
    known: &'a Known,
    judge: Option<&Judge>,
    today: Option<Date>,
) -> House<'a> {
    let asked = judge.into_iter().flat_map(Judge::asks);
    House {
        site: &assembled.site,
        library: Library::new(&known.facts),
        today,
        edition: judge.map_or("", |judge| judge.edition.name()),
        clauses: asked.map(|one| (one.property, one.clauses.clone())).collect(),
        evidence: known.evidence.clone(),
    }
}

/// Runs the rules on `scene`; those of which more cannot get through where machines have firewalls
/// of their own first on `opened`, where these have none, and on `scene` unless that is a proof.
fn run(scene: &Scene<'_>, opened: Option<&Scene<'_>>, judge: Option<&Judge>) -> Vec<Judged> {
    let mut judged = Vec::new();
    let asked = rule::rules().into_iter();
    for rule in asked.filter(|rule| rule::concerns(rule, scene.blueprint)) {
        let wanted = judge.and_then(|judge| judge.asks().find(|one| one.property == rule.property));
        let Some(requirement) = wanted else { continue };
        let opened = opened.filter(|_| own_firewall::only_take_away(rule));
        let without = opened.map(|opened| ask(rule, opened));
        let (without, (judgements, is_about_attacks)) = match without {
            Some(found) if found.1 && overall(&found.0) == RuleVerdict::Proved => {
                (Without::Proved, found)
            }
            Some((found, _)) => (Without::Found(found), ask(rule, scene)),
            None => (Without::Unasked, ask(rule, scene)),
        };
        judged.push(Judged {
            rule,
            requirement,
            judgements,
            without,
            is_about_attacks,
            holds_at_worst: false,
            depends_on: Vec::new(),
        });
    }
    judged
}

/// What `rule` comes to on `scene`, and whether it looked at attacks and at the site only.
fn ask(rule: &Rule, scene: &Scene<'_>) -> (Vec<Judgement>, bool) {
    let _ = scene.atlas.went_beyond_attacks();
    let judgements = (rule.check)(scene);
    (judgements, !scene.atlas.went_beyond_attacks())
}

/// What a list of judgements comes to without those that are accepted; no judgement is a proof.
pub(crate) fn overall(judgements: &[Judgement]) -> RuleVerdict {
    let verdict = |one: &Judgement| match one.verdict {
        Verdict::Refuted(_) => RuleVerdict::Refuted,
        Verdict::Unknown(_) => RuleVerdict::Unknown,
        Verdict::Proved => RuleVerdict::Proved,
    };
    let worse = |worst, one| match (worst, one) {
        (RuleVerdict::Refuted, _) | (_, RuleVerdict::Refuted) => RuleVerdict::Refuted,
        (RuleVerdict::Unknown, _) | (_, RuleVerdict::Unknown) => RuleVerdict::Unknown,
        (worst, _) => worst,
    };
    let statements = judgements.iter().flat_map(Judgement::statements);
    let open = statements.filter(|one| !one.is_accepted);
    open.map(verdict).fold(RuleVerdict::Proved, worse)
}

struct Writer<'a> {
    assembled: &'a Assembled,
    blueprint: &'a Blueprint,
    judge: Option<&'a Judge>,
    today: Option<Date>,
    findings: Vec<Finding>,
    faults: Vec<Text>,
}

impl Writer<'_> {
    fn requirement(&mut self, one: &Judged) -> RequirementReport {
        let clauses = one.requirement.cited.clone();
        let mut verdicts = Vec::new();
        for judgement in &one.judgements {
            let (judgement, waived) = self.shown(one, judgement);
            let finding = self.finding(one, judgement, waived, &clauses);
            verdicts.push(finding.verdict);
            self.findings.push(finding);
        }
        let has = |wanted| verdicts.contains(&wanted);
        let verdict = if has(RuleVerdict::Refuted) {
            RuleVerdict::Refuted
        } else if has(RuleVerdict::Unknown) {
            RuleVerdict::Unknown
        } else if has(RuleVerdict::Waived) {
            RuleVerdict::Waived
        } else {
            RuleVerdict::Proved
        };
        RequirementReport {
            code: one.rule.code,
            name: one.rule.name,
            property: one.requirement.property.name(),
            clauses,
            covers: self.covered(one.requirement),
            basis: one.requirement.basis.name(),
            level: one
                .judgements
                .iter()
                .flat_map(Judgement::statements)
                .filter(|judgement| matches!(judgement.verdict, Verdict::Refuted(_)))
                .map(|judgement| weight(one, judgement))
                .max()
                .unwrap_or(one.requirement.level),
            statement: (one.rule.requirement)(),
            verdict,
            depends_on: one.depends_on.clone(),
        }
    }

    /// Of `judgement` and what was taken into it the statement to show: one that no waiver covers,
    /// first one that is refuted; if all are covered, `judgement` with the waiver that covers it.
    fn shown<'j>(
        &self,
        one: &Judged,
        judgement: &'j Judgement,
    ) -> (&'j Judgement, Option<WaivedBy>) {
        let code = (one.rule.code, one.rule.name);
        let covering = |one| waiver::covering(&self.assembled.site, self.today, code, one);
        let open: Vec<&Judgement> =
            judgement.statements().filter(|one| covering(one).is_none()).collect();
        let is_refuted = |one: &&&Judgement| matches!(one.verdict, Verdict::Refuted(_));
        match open.iter().find(is_refuted).or(open.first()) {
            Some(open) => (open, None),
            None => (judgement, covering(judgement)),
        }
    }

    fn finding(
        &mut self,
        one: &Judged,
        judgement: &Judgement,
        waived: Option<WaivedBy>,
        clauses: &[String],
    ) -> Finding {
        let (verdict, severity) = match &judgement.verdict {
            Verdict::Refuted(_) | Verdict::Unknown(_) if waived.is_some() => {
                (RuleVerdict::Waived, Severity::Note)
            }
            Verdict::Refuted(_) => (RuleVerdict::Refuted, weight(one, judgement)),
            Verdict::Unknown(_) => (RuleVerdict::Unknown, Severity::Warning),
            Verdict::Proved => (RuleVerdict::Proved, Severity::Note),
        };
        let mut diagnostic = Diagnostic::new(one.rule.code, severity, judgement.headline.clone());
        self.places(&mut diagnostic, judgement, one.rule.kind);
        diagnostic.notes.extend(judgement.notes.iter().cloned());
        for (clause, id) in clauses.iter().zip(&one.requirement.clauses) {
            let words = self.judge.and_then(|judge| pattern::clause(id, judge.edition));
            if let Some(words) = words {
                diagnostic.notes.push(text!(
                    ja: "{clause}: {words}", en: "{clause}: {words}",
                    clause = *clause, words = words,
                ));
            }
        }
        diagnostic.notes.extend(self.beside(one.requirement));
        diagnostic.notes.extend(self.advice(one.requirement));
        diagnostic.helps.extend(judgement.helps.iter().cloned());
        diagnostic.helps.extend(help::helps(self.assembled, self.blueprint, judgement, self.today));
        let witness = self.witness(judgement);
        let questions = judgement.questions.clone();
        let (name, same_as, waits_for) = (one.rule.name, None, judgement.waits_for);
        let about = judgement.statements().map(|one| one.subjects.clone()).collect();
        Finding { diagnostic, name, verdict, witness, same_as, waived, questions, about, waits_for }
    }

    /// Further clauses of the page that say the same in other words, or rest on it.
    fn beside(&self, requirement: &Requirement) -> Option<Text> {
        let covered = self.covered(requirement).join(", ");
        (!covered.is_empty()).then(|| {
            text!(
                ja: "あわせて関わる条項: {covered}",
                en: "clauses that are decided with it: {covered}",
                covered = covered,
            )
        })
    }

    /// The further clauses of the page that are decided with `requirement`, with the page.
    fn covered(&self, requirement: &Requirement) -> Vec<String> {
        let page = self.judge.map_or("", |judge| &judge.pattern.page);
        requirement.covers.iter().map(|id| format!("{page}/{id}")).collect()
    }

    /// Says of advice that the page itself does not ask it.
    fn advice(&self, requirement: &Requirement) -> Option<Text> {
        let page = &self.judge?.pattern.page;
        (requirement.basis == Basis::Advice).then(|| {
            text!(
                ja: "{page} には明記されていないため、助言です",
                en: "{page} does not say this in so many words, so it is advice",
                page = *page,
            )
        })
    }

    fn places(&self, diagnostic: &mut Diagnostic, judgement: &Judgement, kind: Kind) {
        let suspects = judgement.guilt.primary.iter().chain(&judgement.guilt.others);
        let suspects = suspects.map(|suspect| (suspect.span, &suspect.text));
        let reasons = match &judgement.verdict {
            Verdict::Unknown(reasons) => reasons.as_slice(),
            Verdict::Proved | Verdict::Refuted(_) => &[],
        };
        let reasons = reasons.iter().map(|reason| (reason.span, &reason.text));
        // What may let a needed packet pass after all is more to the point than what discards it.
        let mut places: Vec<(Option<Span>, &Text)> = match kind {
            Kind::Denial => suspects.chain(reasons).collect(),
            Kind::Possibility | Kind::Fact => reasons.chain(suspects).collect(),
        };
        places.dedup();
        for (span, text) in places {
            let text = text.clone();
            match span {
                Some(span) if diagnostic.primary.is_none() => {
                    diagnostic.primary = Some(diag::Label { span, text });
                }
                Some(span) => diagnostic.secondary.push(diag::Label { span, text }),
                None => diagnostic.notes.push(text),
            }
        }
        if diagnostic.primary.is_none() {
            let text = Text::default();
            diagnostic.primary = self.blueprint.place.map(|span| diag::Label { span, text });
        }
    }

    fn witness(&mut self, judgement: &Judgement) -> Option<WitnessReport> {
        let Verdict::Refuted(Some(witness)) = &judgement.verdict else { return None };
        let network = &self.blueprint.network;
        match replay::replay(network, witness) {
            Ok(replayed) => Some(hop::witness(network, witness.from, &witness.packet, &replayed)),
            Err(fault) => {
                self.faults.push(fault);
                None
            }
        }
    }
}

/// How much a refutation weighs: what the page says, or less where the rule itself says so.
fn weight(one: &Judged, judgement: &Judgement) -> Severity {
    one.requirement.level.min(judgement.weight_max)
}

pub(crate) fn site_report(assembled: &Assembled, judge: Option<&Judge>) -> SiteReport {
    let pattern = judge.map(|judge| judge.pattern);
    let site = &assembled.site;
    let facility = site.facility.as_ref().map(|facility| &facility.value);
    SiteReport {
        name: facility.map(|facility| facility.name.value.clone()).unwrap_or_default(),
        edition: site
            .edition
            .as_ref()
            .map_or_else(String::new, |edition| site::Word::word(edition.value).to_owned()),
        pattern: pattern.map(|pattern| pattern.id.clone()).unwrap_or_default(),
        page: pattern.map(|pattern| pattern.page.clone()).unwrap_or_default(),
        title: pattern.map(|pattern| pattern.title.clone()).unwrap_or_default(),
        variants: judge.map(|judge| judge.variants.clone()).unwrap_or_default(),
    }
}

fn assumption_reports(blueprint: &Blueprint, readings: &Readings) -> Vec<AssumptionReport> {
    assumptions(blueprint)
        .into_iter()
        .map(|used| {
            let keyword = readings.of(used.assumption).to_owned();
            let taken = used.assumption.readings.iter().find(|one| one.keyword == keyword);
            AssumptionReport {
                id: used.assumption.id,
                question: (used.assumption.question)(),
                meaning: taken.map(|one| (one.meaning)()).unwrap_or_default(),
                is_answered: readings.answers(used.assumption),
                reading: keyword,
                span: used.span,
            }
        })
        .collect()
}

fn coverage(blueprint: &Blueprint) -> Vec<Coverage> {
    let routers = blueprint.parties.routers.iter();
    routers
        .map(|router| {
            let node = blueprint.network.node(*router);
            let count = |state| node.lines.iter().filter(|line| line.state == state).count();
            Coverage {
                router: node.name.clone(),
                modelled: count(LineState::Modelled),
                irrelevant: count(LineState::Irrelevant),
                not_modelled: count(LineState::NotModelled),
            }
        })
        .collect()
}
