//! Takes back what lines that are not modelled, or parts of the site that are missing, could
//! overturn.

use design::Blueprint;
use diag::{Diagnostic, Severity, Span, Text, text};
use model::{
    AddressSource, Aspect, Aspects, Effect, Effects, Family, Gap, InterfaceKind, Node, NodeId,
};
use pack::codes::{OTHER_DESTINATION, OTHER_METHOD, UNKNOWN_DESTINATION};
use pattern::Property;
use rule::{Guilt, Judgement, Kind, Reason, Rule, Verdict};
use site::Topic;

use crate::assemble::Assembled;
use crate::judge::{Judged, overall};
use crate::report::RuleVerdict;
use crate::swapped::SWAPPED;

/// Turns what was proved or refuted into `unknown` for `reason`; what is accepted stays as it is,
/// and beside it nothing is proved.
pub(crate) fn doubt(one: &mut Judged, reason: Reason) {
    // A remark on a proof goes with the proof.
    one.judgements.retain(|judgement| judgement.verdict != Verdict::Proved);
    let is_open = |one: &Judgement| one.statements().any(|one| !one.is_accepted);
    let mut open = one.judgements.iter_mut().filter(|one| is_open(one)).peekable();
    let is_anything_open = open.peek().is_some();
    for judgement in open {
        judgement.revise(|one| match &mut one.verdict {
            Verdict::Unknown(reasons) => reasons.push(reason.clone()),
            verdict => *verdict = Verdict::Unknown(vec![reason.clone()]),
        });
    }
    if !is_anything_open {
        let headline = not_proved(one.rule);
        let verdict = Verdict::Unknown(vec![reason]);
        one.judgements.push(Judgement::new(verdict, headline));
    }
}

fn not_proved(rule: &Rule) -> Text {
    text!(
        ja: "「{statement}」を証明できません",
        en: "not proved: {statement}",
        statement = (rule.requirement)(),
    )
}

/// A part of the input that was not read.
pub(crate) struct Missing {
    reason: Reason,
    entry: Entry,
}

/// What an input error stands in.
#[derive(PartialEq, Eq)]
pub(crate) enum Entry {
    /// A table of the site file: its kind, and its name if it has one.
    Table(String, String),
    /// Which page judges the site.
    Page,
    /// What all depends on: the head of the site file.
    Everything,
    /// The configuration of a router, or how the pieces fit together.
    Elsewhere,
}

/// Errors of the input because of which a part of the site is missing from what `rule` looks at.
pub(crate) fn missing_parts(
    diagnostics: &[Diagnostic],
    rule: &Rule,
    assembled: &Assembled,
) -> Vec<Missing> {
    let kind = rule.kind;
    let topic = |one: &Diagnostic| {
        let place = one.primary.as_ref().map(|label| label.span);
        place.and_then(|span| assembled.site.topic(span))
    };
    diagnostics
        .iter()
        // What is said beside the network takes nothing out of it.
        .filter(|one| topic(one).is_none_or(|topic| reads(rule.property, topic)))
        .filter(|one| one.severity == Severity::Error || matches!(one.code, "T102" | "T007"))
        .filter(|one| {
            let is_about_syntax = one.code.starts_with('P') && one.code < "P100";
            let is_about_site = one.code.starts_with('T') || is_about_syntax;
            let is_about_names = one.code.starts_with('R') && one.code < "R120";
            let is_about_packets = one.code == OTHER_METHOD || is_about_destination(one.code);
            let is_swapped = one.code == SWAPPED;
            is_about_site || is_swapped || is_about_names || is_about_packets && kind != Kind::Fact
        })
        .map(|one| {
            let text = text!(
                ja: "{code}: {headline}", en: "{code}: {headline}",
                code = one.code, headline = one.headline,
            );
            let span = one.primary.as_ref().map(|label| label.span);
            // An entry with a mistake, or one that names what is not there, is left out.
            let is_left_out = one.code.get(1..2) == Some("0") && !one.code.starts_with('T');
            let is_of_site_file =
                is_left_out || topic(one).is_some() || is_about_destination(one.code);
            let entry = match span {
                _ if one.code.starts_with("T11") => Entry::Page,
                _ if one.code == SWAPPED => Entry::Table("routers".to_owned(), String::new()),
                Some(span) if is_of_site_file => entry(assembled, span),
                _ => Entry::Elsewhere,
            };
            let is_wiring = span.is_some_and(|span| assembled.site.wiring.contains(&span));
            (is_wiring, one.code, Missing { reason: Reason::new(text, span), entry })
        })
        .filter(|(is_wiring, code, one)| {
            let is_apart = *is_wiring || one.is_of_network(code);
            !(is_apart && is_on_paper(rule.property))
        })
        .map(|(.., one)| one)
        .collect()
}

/// Whether what decides `property` reads machines and papers only, and no network: its zones,
/// ports and addresses may be as they like.
fn is_on_paper(property: Property) -> bool {
    matches!(
        property,
        Property::V6Service
            | Property::V11
            | Property::V12Os
            | Property::V12Reader
            | Property::V12Certificate
            | Property::V12Interference
    )
}

/// Whether what decides `property` reads what is said about `topic`.
fn reads(property: Property, topic: Topic) -> bool {
    match topic {
        Topic::Facility | Topic::Waivers => false,
        Topic::System => matches!(property, Property::V12Os | Property::V12Interference),
        Topic::Readers => matches!(property, Property::V12Reader | Property::V11),
        Topic::Certificates => property == Property::V12Certificate,
        Topic::Programs => property == Property::V12Interference,
        Topic::Deletion => property == Property::V11,
        Topic::Assessment => property == Property::V6Service,
    }
}

/// Whether `code` says that a destination of the site file is not known whole.
fn is_about_destination(code: &str) -> bool {
    [UNKNOWN_DESTINATION, OTHER_DESTINATION].contains(&code)
}

/// The table of the site file that `span` stands in.
pub(crate) fn entry(assembled: &Assembled, span: Span) -> Entry {
    if span.source != assembled.site.source {
        return Entry::Elsewhere;
    }
    let text = assembled.sources.file(span.source).text();
    let start = usize::try_from(span.start).unwrap_or(usize::MAX).min(text.len());
    // The mistake may be in the header itself.
    let end = text.get(start..).and_then(|rest| rest.find('\n'));
    let until = text.get(..end.map_or(text.len(), |end| start + end)).unwrap_or_default();
    let found = until.lines().rev().find_map(header);
    found.map_or(Entry::Everything, |path| {
        let (kind, name) = path.split_once('.').unwrap_or((path, ""));
        Entry::Table(kind.to_owned(), name.trim_matches(['"', '\'']).to_owned())
    })
}

/// The path in the header of a table.
fn header(line: &str) -> Option<&str> {
    let line = line.split('#').next().unwrap_or_default().trim();
    let path = line.strip_prefix('[')?.strip_suffix(']')?;
    let path = path.strip_prefix('[').map_or(Some(path), |path| path.strip_suffix(']'))?.trim();
    let is_value = |letter: char| letter.is_whitespace() || "[]{},=".contains(letter);
    (!path.is_empty() && !path.contains(is_value)).then_some(path)
}

impl Missing {
    /// Whether it is about how the site is wired, and takes no machine and no paper out of it.
    ///
    /// # Shape
    /// Codes of references below R100 are about names; of the form of a table, about all of it.
    fn is_of_network(&self, code: &str) -> bool {
        const OF_NETWORK: [&str; 6] =
            ["zones", "routers", "relays", "standing", "destinations", "service"];
        let is_of = |tables: &[&str]| match &self.entry {
            Entry::Table(kind, _) => tables.contains(&kind.as_str()),
            Entry::Page | Entry::Everything | Entry::Elsewhere => false,
        };
        match code.as_bytes() {
            [b'T', b'1', b'1', _] => false,
            [b'T', ..] => true,
            [b'R', b'0', ..] => is_of(&OF_NETWORK) || is_of(&["machines"]),
            // What the text of a file breaks off may be anything.
            [b'P', b'0', b'0', _] => false,
            [b'P', b'0', ..] => is_of(&OF_NETWORK),
            _ => false,
        }
    }

    /// Whether what was not read could lift the refutation that `judgement` states.
    fn could_lift(&self, rule: &Rule, judgement: &Judgement, blueprint: &Blueprint) -> bool {
        let (kind, name) = match &self.entry {
            Entry::Table(kind, name) => (kind, name),
            // Another page may not ask it at all.
            Entry::Page => return rule.kind == Kind::Fact || !is_asked_everywhere(rule.property),
            Entry::Everything => return rule.kind == Kind::Fact,
            Entry::Elsewhere => return false,
        };
        let reads = |properties: &[Property]| properties.contains(&rule.property);
        match kind.as_str() {
            "machines" => name.is_empty() || is_about(judgement, blueprint, name),
            "destinations" => reads(&[
                Property::V5,
                Property::V6,
                Property::V7,
                Property::V9,
                Property::V9Names,
                Property::V10,
            ]),
            "service" => reads(&[
                Property::V1,
                Property::V1Claims,
                Property::V2Server,
                Property::V2Claims,
                Property::V7,
                Property::V7Service,
                Property::V9,
            ]),
            "retention" | "deletion" => reads(&[Property::V11]),
            "interference_test" => reads(&[Property::V12Interference]),
            "waiver" => false,
            _ => true,
        }
    }
}

/// Whether each page asks `property`, of whatever site and in whichever edition.
fn is_asked_everywhere(property: Property) -> bool {
    pattern::patterns().iter().all(|page| {
        let mut own = page.requirements.iter().filter(|one| one.property == property);
        own.any(|one| one.condition.is_none())
    })
}

/// Whether `judgement` speaks of the machine `name`, or its witness passes it.
fn is_about(judgement: &Judgement, blueprint: &Blueprint, name: &str) -> bool {
    let is_named = || judgement.subjects.iter().any(|one| one == name);
    let Verdict::Refuted(Some(witness)) = &judgement.verdict else {
        return judgement.subjects.is_empty() || is_named();
    };
    let mut way = witness.way.iter().map(|step| step.node).chain([witness.from]);
    is_named() || way.any(|node| blueprint.network.node(node).name == name)
}

/// Takes back what lines that are not modelled, and parts of the input that are missing, could
/// overturn.
/// Takes back what gaps and missing parts could overturn, but for the gaps in `tried` where the
/// rule holds at worst.
pub(crate) fn overturn_by_gaps(
    one: &mut Judged,
    blueprint: &Blueprint,
    missing: &[Missing],
    tried: &[Gap],
) {
    if overall(&one.judgements) == RuleVerdict::Proved {
        let mut reasons: Vec<Reason> = missing.iter().map(|one| one.reason.clone()).collect();
        let nodes = blueprint.network.nodes.iter();
        let all = nodes.flat_map(|node| node.gaps.iter().map(move |gap| (node, gap)));
        let gaps = all.filter(|(node, gap)| breaks(one.rule, node, gap)).map(|(_, gap)| gap);
        let gaps = gaps.filter(|gap| !(one.holds_at_worst && tried.contains(gap)));
        reasons.extend(gaps.map(reason));
        for reason in reasons {
            doubt(one, reason);
        }
        one.judgements.iter_mut().for_each(|judgement| {
            judgement.revise(|judgement| advise(judgement, blueprint, missing));
        });
        return;
    }
    let rule = one.rule;
    for judgement in &mut one.judgements {
        judgement.revise(|judgement| {
            overturn(judgement, rule, blueprint, missing);
            advise(judgement, blueprint, missing);
        });
    }
    let mut told: Vec<Judgement> = Vec::new();
    for judgement in one.judgements.drain(..) {
        let same = told.iter_mut().find(|other| {
            other.headline == judgement.headline && other.verdict == judgement.verdict
        });
        let is_restated =
            judgement.guilt == Guilt::default() && judgement.headline == not_proved(rule);
        match same.filter(|_| is_restated) {
            Some(other) => other.merge(&judgement),
            None => told.push(judgement),
        }
    }
    one.judgements = told;
}

/// Whether `gap` of `node` could make a proof of `rule` wrong.
pub(crate) fn breaks(rule: &Rule, node: &Node, gap: &Gap) -> bool {
    // A line about IP packets joins no segments, unless it relays them as frames.
    let reads_frames_only = rule.aspects == Aspects::of(&[Aspect::Frames]);
    let relays = Effects::of(&[Effect::Bridge]);
    let is_beside = reads_frames_only && gap.family.is_some() && !gap.effects.meets(relays);
    gap.effects.meets(rule.fears) && !is_beside && !is_moot(node, gap)
}

/// Whether `gap` can only stop packets of a family of which `node` has none: it neither forwards
/// nor relays them, and has no address of the family.
fn is_moot(node: &Node, gap: &Gap) -> bool {
    let more = Effects::of(&[
        Effect::Permit,
        Effect::Translate,
        Effect::Route,
        Effect::Bridge,
        Effect::Manage,
        Effect::Resolve,
    ]);
    gap.family.is_some_and(|family| {
        let (forwards, _) = &node.forwarding[family as usize];
        let mut own = node.interfaces.iter().flat_map(|one| &one.addresses);
        let has_own = own.any(|own| match (&own.source, own.net) {
            (_, Some(net)) => net.family() == family,
            (AddressSource::Ipcp | AddressSource::Dhcp { .. }, None) => family == Family::V4,
            (_, None) => family == Family::V6,
        });
        !gap.effects.meets(more) && !forwards && !has_own && node.relays.is_empty()
    })
}

/// Turns a refutation into `unknown` if something that was not read works against it, and states
/// what is not known in terms of what was not read.
fn overturn(judgement: &mut Judgement, rule: &Rule, blueprint: &Blueprint, missing: &[Missing]) {
    if matches!(judgement.verdict, Verdict::Unknown(_)) {
        let waits = |one: &&Missing| {
            let is_service = matches!(&one.entry, Entry::Table(kind, _) if kind == "service");
            is_service || one.could_lift(rule, judgement, blueprint)
        };
        let mut reasons: Vec<Reason> =
            missing.iter().filter(waits).map(|one| one.reason.clone()).collect();
        if rule.kind == Kind::Possibility && judgement.questions.is_empty() {
            reasons.extend(unread_routers(blueprint));
        }
        if !reasons.is_empty() {
            restate(judgement, rule, reasons);
        }
        return;
    }
    if !matches!(judgement.verdict, Verdict::Refuted(_)) {
        return;
    }
    let unread = missing.iter().filter(|one| one.could_lift(rule, judgement, blueprint));
    let mut reasons: Vec<Reason> = unread.map(|one| one.reason.clone()).collect();
    for reason in against(rule, judgement, blueprint, missing) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    let entries = missing.iter().filter(|one| one.entry != Entry::Elsewhere);
    let mut parts = entries.map(|one| one.reason.clone()).chain(unread_routers(blueprint));
    if parts.any(|part| reasons.contains(&part)) {
        restate(judgement, rule, reasons);
    } else if !reasons.is_empty() {
        judgement.verdict = Verdict::Unknown(reasons);
    }
}

/// Says of `judgement` that it is not known because of `reasons`, which are about parts of the
/// input that were not read: what was found without them is no more than a guess.
fn restate(judgement: &mut Judgement, rule: &Rule, reasons: Vec<Reason>) {
    let subjects = std::mem::take(&mut judgement.subjects);
    let restated = Judgement::new(Verdict::Unknown(reasons), not_proved(rule));
    *judgement = Judgement { merged: std::mem::take(&mut judgement.merged), subjects, ..restated };
}

/// Says what has to be mended before `judgement` can be decided.
fn advise(judgement: &mut Judgement, blueprint: &Blueprint, missing: &[Missing]) {
    let Verdict::Unknown(reasons) = &judgement.verdict else { return };
    let waits_for_entry = missing.iter().any(|one| reasons.contains(&one.reason));
    let waits_for_config = unread_routers(blueprint).any(|one| reasons.contains(&one));
    if waits_for_config {
        judgement.helps.push(text!(
            ja: "先に、そのルータの設定を読めるようにしてください",
            en: "first make the configuration of that router readable",
        ));
    }
    if waits_for_entry {
        judgement.helps.push(text!(
            ja: "先に、示した誤りを直してください",
            en: "first mend the mistake that is named here",
        ));
    }
}

/// The routers of which nothing could be read.
fn unread_routers(blueprint: &Blueprint) -> impl Iterator<Item = Reason> + '_ {
    let routers = blueprint.parties.routers.iter().map(|id| blueprint.network.node(*id));
    let unread = routers.filter(|node| node.lines.is_empty());
    let gaps = unread.flat_map(|node| &node.gaps);
    gaps.filter(|gap| gap.effects == Effects::ALL).map(reason)
}

/// Lines that are not modelled, and parts of the network that are missing, that work against the
/// refutation which `judgement` states.
fn against(
    rule: &Rule,
    judgement: &Judgement,
    blueprint: &Blueprint,
    missing: &[Missing],
) -> Vec<Reason> {
    let Verdict::Refuted(witness) = &judgement.verdict else { return Vec::new() };
    let against = match rule.kind {
        Kind::Denial => Effects::of(&[Effect::Deny, Effect::Translate, Effect::Route]),
        Kind::Possibility => Effects::of(&[Effect::Permit, Effect::Translate, Effect::Route]),
        // No line of a router works against a fact about a machine.
        Kind::Fact => return Vec::new(),
    };
    if rule.aspects == Aspects::default() && rule.fears == Effects::default() {
        // What the rule reads stands in the site file, whatever a router does.
        return Vec::new();
    }
    let on_way: Vec<NodeId> = match witness {
        Some(witness) => {
            let answer = witness.answer.iter().flat_map(|(_, way)| way);
            witness.way.iter().chain(answer).map(|step| step.node).collect()
        }
        None => blueprint.parties.routers.clone(),
    };
    let family =
        witness.as_ref().and_then(|one| only_family(one.packet.family(), &on_way, blueprint));
    // A line about the other family meets no packet of the witness.
    let is_beside = |gap: &Gap| family.is_some() && gap.family.is_some() && gap.family != family;
    let is_possibility = rule.kind == Kind::Possibility;
    let mut reasons: Vec<Reason> = Vec::new();
    if is_possibility || witness.is_none() {
        // What is missing may be just what is needed.
        reasons.extend(missing.iter().map(|one| one.reason.clone()));
    }
    for (id, node) in blueprint.network.iter() {
        // A router of which nothing is known may be the way that is missed.
        let matters = |gap: &&Gap| {
            on_way.contains(&id) && gap.effects.meets(against) && !is_beside(gap)
                || is_possibility && gap.effects == Effects::ALL
        };
        reasons.extend(node.gaps.iter().filter(matters).map(reason));
    }
    reasons
}

/// The family of all packets that a witness of `family` makes on its way: with a tunnel on it,
/// those that carry the witness may be of another one.
fn only_family(family: Family, on_way: &[NodeId], blueprint: &Blueprint) -> Option<Family> {
    let mut nodes = on_way.iter().map(|id| blueprint.network.node(*id));
    let has_tunnel = nodes.any(|node| {
        !node.tunnels.is_empty()
            || node.interfaces.iter().any(|one| one.kind == InterfaceKind::Tunnel)
    });
    (!has_tunnel).then_some(family)
}

/// Takes back what rests on facts while packs could not be read whole: what is missing may
/// contradict what was used.
pub(crate) fn overturn_by_packs(one: &mut Judged, unread: &[Reason]) {
    if one.rule.reads_packs {
        for reason in unread {
            doubt(one, reason.clone());
        }
    }
}

fn reason(gap: &Gap) -> Reason {
    Reason::new(gap.what.clone(), Some(gap.span))
}
