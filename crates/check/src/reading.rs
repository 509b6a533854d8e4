//! Judges again under the other readings of open points, and takes back what they overturn.

use std::sync::Arc;

use design::Blueprint;
use diag::{Span, text};
use model::{Aspect, Aspects, Assumption, Effect, Effects, Gap, Node, ethertype};
use pattern::Property;
use rule::{Kind, Reason, Rule};

use crate::Effort;
use crate::again::{First, Judge, Room};
use crate::assemble::{Assembled, assumptions};
use crate::doubt::{breaks, doubt};
use crate::judge::{Judged, overall};
use crate::report::RuleVerdict;

/// Judges again under the other readings of each open point that the site file does not answer.
/// Gives the gaps that cannot matter to what holds at worst (see [`device::AT_WORST`]).
pub(crate) fn overturn_by_readings(first: &First<'_>, judged: &mut [Judged]) -> Vec<Gap> {
    let (assembled, blueprint) = (first.assembled, first.scene.blueprint);
    // Open points whose other reading changes ways of frames only.
    let mut alike: Vec<&str> = Vec::new();
    let open: usize = assumptions(blueprint).iter().map(|one| one.assumption.readings.len()).sum();
    let room = open + SETS_MAX + LITERALS_MAX + 2;
    let (sites, networks) = (Room::new(room), Room::new(room));
    let mut judge = Judge::new(first, &sites, &networks);
    let before: Vec<RuleVerdict> = judged.iter().map(|one| overall(&one.judgements)).collect();
    for used in assumptions(blueprint) {
        let assumption = used.assumption;
        if assembled.readings.answers(assumption) {
            continue;
        }
        let aspects = changed_by(assumption, blueprint);
        for reading in assumption.readings.iter().skip(1) {
            let touched = |one: &Judged| reads(one, aspects, first.effort);
            if !judged.iter().any(touched) {
                continue;
            }
            let mut readings = assembled.readings.clone();
            readings.take(assumption.id, reading.keyword);
            let other = first.turn(&readings);
            let difference = Difference::between(blueprint, &other);
            if difference == Difference::Frames {
                alike.push(assumption.id);
            }
            let breaks: Vec<bool> =
                judged.iter().map(|one| comes_to_break(one.rule, blueprint, &other)).collect();
            let mut again = judge.turn(other, vec![assumption.id], false);
            let compared = judged.iter_mut().zip(before.iter().copied()).enumerate();
            let concerned = compared
                .filter(|(_, (one, _))| touched(one) && difference.concerns(one.rule.aspects));
            for (place, (one, before)) in concerned {
                let is_doubtful = before == RuleVerdict::Proved && breaks[place];
                if !is_doubtful && before == again.verdict(place, one, before) {
                    continue;
                }
                one.depends_on.push(assumption.id);
                // That something works is seen on the first day, so the default may stand;
                // that something is impossible is seen by nobody.
                let may_stand = assumption.has_default
                    && (one.rule.kind == Kind::Possibility || before != RuleVerdict::Proved);
                if !may_stand {
                    for span in places(blueprint, assumption.id) {
                        doubt(one, other_reading(assumption, reading.keyword, span));
                    }
                }
            }
            let proved = again.proved();
            judge.learn(proved);
        }
    }
    overturn_by_sets_of_readings(first, judged, &alike, &mut judge);
    overturn_by_own_prefix(first, judged, &mut judge);
    overturn_by_own_address(assembled, blueprint, judged);
    let tried = try_at_worst(first, judged, &mut judge);
    for one in judged {
        one.depends_on.dedup();
    }
    tried
}

/// Whether a line that is modelled in `own` and not in `other` could make a proof of `rule` wrong.
fn comes_to_break(rule: &Rule, own: &Blueprint, other: &Blueprint) -> bool {
    gaps_that_come(own, other).any(|(node, gap)| breaks(rule, node, gap))
}

/// What is not modelled in `other` and is in `own`, each with its node.
pub(crate) fn gaps_that_come<'a>(
    own: &'a Blueprint,
    other: &'a Blueprint,
) -> impl Iterator<Item = (&'a Node, &'a Gap)> {
    let nodes = own.network.nodes.iter().zip(&other.network.nodes);
    let nodes = nodes.filter(|(own, its)| !Arc::ptr_eq(own, its));
    nodes.flat_map(|(own, its)| {
        let come = its.gaps.iter().filter(|gap| !own.gaps.contains(gap));
        come.map(|gap| (&**its, gap))
    })
}

/// Notes of what must work and does whether it also does at worst. Gives the gaps that are not
/// there at worst: they stand for what was tried.
fn try_at_worst(first: &First<'_>, judged: &mut [Judged], judge: &mut Judge<'_, '_>) -> Vec<Gap> {
    let (assembled, blueprint) = (first.assembled, first.scene.blueprint);
    let denies = Effects::of(&[Effect::Deny]);
    let is_open = |one: &Judged| {
        one.rule.kind == Kind::Possibility
            && one.rule.fears.meets(denies)
            && overall(&one.judgements) == RuleVerdict::Proved
    };
    let has_gap = blueprint
        .network
        .nodes
        .iter()
        .any(|node| node.gaps.iter().any(|gap| gap.effects == denies));
    if !has_gap || !judged.iter().any(is_open) {
        return Vec::new();
    }
    let mut readings = assembled.readings.clone();
    readings.take(device::AT_WORST.id, device::LOST);
    let other = first.turn(&readings);
    let nodes = blueprint.network.nodes.iter().zip(&other.network.nodes);
    // What no flow shows and everything needs, such as neighbour discovery, may be lost at worst.
    let come = nodes.clone().flat_map(|(own, its)| {
        its.gaps.iter().filter(|gap| !own.gaps.contains(gap)).map(|gap| gap.effects)
    });
    let come: Vec<Effects> = come.collect();
    let gone = nodes.flat_map(|(own, its)| own.gaps.iter().filter(|gap| !its.gaps.contains(gap)));
    let tried: Vec<Gap> = gone.filter(|gap| gap.effects == denies).cloned().collect();
    if tried.is_empty() {
        return tried;
    }
    let mut again = judge.turn(other, Vec::new(), false);
    for (place, one) in judged.iter_mut().enumerate().filter(|(_, one)| is_open(one)) {
        let proved = RuleVerdict::Proved;
        let loses = come.iter().any(|effects| one.rule.fears.meets(*effects));
        one.holds_at_worst = !loses && again.verdict(place, one, proved) == proved;
    }
    tried
}

const ROUTER_ITSELF: Aspects = Aspects::of(&[Aspect::RouterItself]);
const FIRST_PACKETS: Aspects = Aspects::of(&[Aspect::FirstPackets]);

/// Whether a rule reads something of what `aspects` names; with all effort no rule that reads the
/// network is believed about that.
fn reads(one: &Judged, aspects: Aspects, effort: Effort) -> bool {
    match effort {
        Effort::Shared => one.rule.aspects.meets(aspects),
        Effort::Plain => one.rule.aspects != Aspects::default(),
    }
}

/// What the other readings of `assumption` change.
fn changed_by(assumption: &Assumption, blueprint: &Blueprint) -> Aspects {
    // Where addresses are translated, a packet to the router itself may end elsewhere.
    match translates(blueprint) && assumption.aspects.meets(ROUTER_ITSELF) {
        true => assumption.aspects.union(FIRST_PACKETS),
        false => assumption.aspects,
    }
}

fn translates(blueprint: &Blueprint) -> bool {
    blueprint.network.nodes.iter().any(|node| !node.translations.is_empty())
}

/// Open points of which every set is turned; with more, nothing that two of them concern is
/// proved.
// LIMIT: each set costs a judgement of its own.
const TOGETHER_MAX: usize = 7;

/// Sets that are judged at most.
const SETS_MAX: usize = 1 << TOGETHER_MAX;

/// Judges again under every set of two or more other readings: what no open point overturns
/// alone, several may overturn together, and one more may hide that again, so no set stands for
/// another. Only what must be impossible is judged so, and no rule about a set with a reading that
/// changes nothing of what it reads: without that reading the set says the same.
fn overturn_by_sets_of_readings(
    first: &First<'_>,
    judged: &mut [Judged],
    alike: &[&str],
    judge: &mut Judge<'_, '_>,
) {
    let (assembled, blueprint) = (first.assembled, first.scene.blueprint);
    let replies = Aspects::of(&[Aspect::Replies]);
    let open: Vec<&'static Assumption> = assumptions(blueprint)
        .into_iter()
        .map(|used| used.assumption)
        .filter(|one| !assembled.readings.answers(one) && one.readings.len() > 1)
        // A point about answers alone has a default that lets more pass than its other reading: by
        // itself that is tried, together with others it can only take something away.
        .filter(|one| one.aspects != replies)
        // One that changes frames only changes nothing together with those that change packets.
        .filter(|one| alike.len() > 1 || !alike.contains(&one.id))
        .collect();
    let Some(sets) = sets(open.len()) else {
        doubt_untried(judged, &open);
        return;
    };
    for set in sets {
        let turned: Vec<&'static Assumption> = open
            .iter()
            .enumerate()
            .filter(|(place, _)| set >> *place & 1 == 1)
            .map(|(_, one)| *one)
            .collect();
        let changes: Vec<Aspects> = turned.iter().map(|one| changed_by(one, blueprint)).collect();
        let is_open = |one: &Judged| {
            one.rule.kind == Kind::Denial
                && changes.iter().all(|aspects| reads(one, *aspects, first.effort))
                && overall(&one.judgements) == RuleVerdict::Proved
        };
        if !judged.iter().any(is_open) {
            continue;
        }
        let mut readings = assembled.readings.clone();
        for one in &turned {
            let other = one.readings.get(1).map_or("", |reading| reading.keyword);
            readings.take(one.id, other);
        }
        let other = first.turn(&readings);
        let difference = Difference::between(blueprint, &other);
        let ids = turned.iter().map(|one| one.id).collect();
        let mut again = judge.turn(other, ids, true);
        for (place, one) in judged.iter_mut().enumerate().filter(|(_, one)| is_open(one)) {
            let concerned = difference.concerns(one.rule.aspects) && !again.is_settled();
            let proved = RuleVerdict::Proved;
            if concerned && again.verdict(place, one, proved) != proved {
                one.depends_on.extend(turned.iter().map(|one| one.id));
                for span in turned.iter().flat_map(|one| places(blueprint, one.id)) {
                    doubt(one, together(&turned, span));
                }
            }
        }
        let proved = again.proved();
        judge.learn(proved);
    }
}

/// All sets of two or more of `count` open points, a bit for each; `None` if they are too many.
pub(crate) fn sets(count: usize) -> Option<Vec<u32>> {
    let all = (count <= TOGETHER_MAX).then(|| 0..1_u32 << count)?;
    Some(all.filter(|set| set.count_ones() >= 2).collect())
}

/// Takes back what several open points may overturn together, as not every set of `open` is tried.
fn doubt_untried(judged: &mut [Judged], open: &[&'static Assumption]) {
    let is_proved = |one: &&mut Judged| {
        one.rule.kind == Kind::Denial && overall(&one.judgements) == RuleVerdict::Proved
    };
    for one in judged.iter_mut().filter(is_proved) {
        let is_read = |point: &&&Assumption| {
            // Where addresses are translated, what is about routers may be about others too.
            one.rule.aspects.meets(point.aspects) || point.aspects.meets(ROUTER_ITSELF)
        };
        let ids: Vec<&'static str> = open.iter().filter(is_read).map(|one| one.id).collect();
        if ids.len() < 2 {
            continue;
        }
        one.depends_on.extend(&ids);
        doubt(one, untried(ids));
    }
}

/// That the open points `ids` are too many to try them all together.
pub(crate) fn untried(ids: Vec<&'static str>) -> Reason {
    let text = text!(
        ja: "回答のない前提が {count} 個あり（{ids}）、組み合わせをすべては確かめられません。\
             {most} 個以下になるまで `[[assumption]]` で答えてください",
        en: "{count} open points are not answered ({ids}), too many to try all of them \
             together; answer some in `[[assumption]]` until {most} are left",
        count = ids.len(), ids = ids.join(", "), most = TOGETHER_MAX,
    );
    Reason { open_points: ids, ..Reason::new(text, None) }
}

pub(crate) fn together(turned: &[&'static Assumption], span: Option<Span>) -> Reason {
    let ids: Vec<&str> = turned.iter().map(|one| one.id).collect();
    let text = text!(
        ja: "前提 {ids} がすべて既定と異なる読み方になると、結果が変わります",
        en: "the result changes if {ids} are all read in another way than by default",
        ids = ids.join(", "),
    );
    Reason { open_points: ids, ..Reason::new(text, span) }
}

/// Prefixes that are tried as the one that the line hands out; with more, nothing is proved.
// LIMIT: each costs a judgement of its own.
pub(crate) const LITERALS_MAX: usize = 16;

/// Judges again with the line's prefix inside each prefix that a list mentions: a line about the
/// site's own prefix treats its machines in a special way.
fn overturn_by_own_prefix(first: &First<'_>, judged: &mut [Judged], judge: &mut Judge<'_, '_>) {
    let (assembled, blueprint) = (first.assembled, first.scene.blueprint);
    let has_learned =
        assumptions(blueprint).iter().any(|one| one.assumption.id == design::LINE_PREFIX.id);
    if !has_learned || assembled.readings.answers(&design::LINE_PREFIX) {
        return;
    }
    for (place, (net, span)) in blueprint.literals.iter().enumerate() {
        let is_open = |one: &Judged| {
            one.rule.kind == Kind::Denial
                && one.rule.aspects.meets(FIRST_PACKETS)
                && overall(&one.judgements) == RuleVerdict::Proved
        };
        if !judged.iter().any(is_open) {
            return;
        }
        let is_too_many = place >= LITERALS_MAX;
        let other = first.with_prefix(*net);
        let mut again = judge.turn(other, vec![design::LINE_PREFIX.id], true);
        let proved = RuleVerdict::Proved;
        for (place, one) in judged.iter_mut().enumerate().filter(|(_, one)| is_open(one)) {
            if is_too_many || again.verdict(place, one, proved) != proved {
                one.depends_on.push(design::LINE_PREFIX.id);
                doubt(one, other_prefix(*span));
            }
        }
        if is_too_many {
            return;
        }
        let proved = again.proved();
        judge.learn(proved);
    }
}

/// That the line may hand out the prefix that stands in the line at `span`.
pub(crate) fn other_prefix(span: Span) -> Reason {
    let text = text!(
        ja: "前提 {id}: この行のプレフィックスが回線から配布されるものなら、結果が変わります",
        en: "{id}: the result changes if the line hands out the prefix of this line",
        id = design::LINE_PREFIX.id,
    );
    open_point(text, Some(span), design::LINE_PREFIX.id)
}

/// Takes back what rests on the stand-in for a router's own learned IPv4 address.
fn overturn_by_own_address(assembled: &Assembled, blueprint: &Blueprint, judged: &mut [Judged]) {
    if assembled.readings.answers(&design::LINE_ADDRESS) {
        return;
    }
    let is_concerned = |one: &Judged| {
        let reads = one.rule.aspects;
        // Only what begins outside comes to that address, and only a translation turns it inside.
        let may_turn = translates(blueprint) && reads.meets(FIRST_PACKETS);
        one.rule.property == Property::V3
            && one.rule.fears.meets(Effects::ALL)
            && (reads.meets(ROUTER_ITSELF) || may_turn)
            && overall(&one.judgements) == RuleVerdict::Proved
    };
    for one in judged.iter_mut().filter(|one| is_concerned(one)) {
        for span in &blueprint.own_address_lines {
            let text = text!(
                ja: "前提 {id}: この行のアドレスを回線がルータ自身に割り当てるなら、この行が通す相\
                     手からルータ自身（変換があれば内部の端末）に届き得ます",
                en: "{id}: if the line hands out an address of this line to the router itself, \
                     whom this line lets pass may reach the router, or a machine that it \
                     translates to",
                id = design::LINE_ADDRESS.id,
            );
            one.depends_on.push(design::LINE_ADDRESS.id);
            doubt(one, open_point(text, Some(*span), design::LINE_ADDRESS.id));
        }
    }
}

/// In what two readings of a site differ.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Difference {
    Nothing,
    /// Frames that hold no IP packet go other ways.
    Frames,
    Packets,
}

impl Difference {
    fn between(one: &Blueprint, other: &Blueprint) -> Self {
        let mut found = Self::Nothing;
        if one.network.nodes.len() != other.network.nodes.len() {
            return Self::Packets;
        }
        let nodes = one.network.nodes.iter().zip(&other.network.nodes);
        for (own, its) in nodes.filter(|(own, its)| !Arc::ptr_eq(own, its)) {
            let is_same = own.acls == its.acls
                && own.pipelines == its.pipelines
                && own.routes == its.routes
                && own.policy_routes == its.policy_routes
                && own.translations == its.translations
                && own.trackers == its.trackers
                && own.tunnels == its.tunnels
                && own.security_policies == its.security_policies
                && own.services == its.services
                && own.forwarding == its.forwarding
                && own.name_rules == its.name_rules
                && own.tells_no_names == its.tells_no_names
                && own.gaps == its.gaps
                && own.interfaces == its.interfaces;
            let carries_ip = |node: &Node| {
                let types = [ethertype::IPV4, ethertype::IPV6];
                let mut relays = node.relays.iter();
                relays.any(|relay| types.iter().any(|kind| relay.ethertypes.contains(*kind)))
            };
            if !is_same || own.relays != its.relays && (carries_ip(own) || carries_ip(its)) {
                return Self::Packets;
            }
            if own.relays != its.relays {
                found = Self::Frames;
            }
        }
        found
    }

    /// Whether a rule that reads `aspects` can come out otherwise.
    fn concerns(self, aspects: Aspects) -> bool {
        match self {
            Self::Nothing => false,
            Self::Frames => aspects == Aspects::of(&[Aspect::Frames]),
            Self::Packets => true,
        }
    }
}

/// Where the open point `id` is met, once for each device; one `None` if nowhere in particular.
pub(crate) fn places(blueprint: &Blueprint, id: &str) -> Vec<Option<Span>> {
    let nodes = blueprint.network.nodes.iter().flat_map(|node| &node.assumptions);
    let used = nodes.chain(&blueprint.assumptions).filter(|used| used.assumption.id == id);
    let spans: Vec<Option<Span>> = used.map(|used| used.span).collect();
    if spans.is_empty() { vec![None] } else { spans }
}

pub(crate) fn other_reading(
    assumption: &model::Assumption,
    keyword: &str,
    span: Option<Span>,
) -> Reason {
    let text = text!(
        ja: "前提 {id}（{question}）を `{keyword}` と読むと、結果が変わります",
        en: "the result changes if {id} ({question}) is read as `{keyword}`",
        id = assumption.id, question = (assumption.question)(), keyword = keyword,
    );
    open_point(text, span, assumption.id)
}

fn open_point(text: diag::Text, span: Option<Span>, id: &'static str) -> Reason {
    Reason { open_points: vec![id], ..Reason::new(text, span) }
}

#[cfg(test)]
mod tests {
    use super::sets;

    #[test]
    fn every_set_of_open_points_is_tried_or_the_caller_is_told() {
        for count in 0..32 {
            let Some(sets) = sets(count) else {
                assert!(count > 4, "{count} are not too many");
                continue;
            };
            let expected = (1_u32 << count) - 1 - u32::try_from(count).expect("it is small");
            assert_eq!(sets.len(), expected as usize, "of {count}");
        }
    }
}
