//! Attacks that arrive: the common part of the rules that forbid sessions.

use diag::{Text, text};
use model::{NodeId, Outcome};
use packet_set::Cube;
use reach::{Exploration, Leaf, Mode, Way};

use crate::forgery;
use crate::guilt::Guilt;
use crate::judgement::{Judgement, Verdict};
use crate::scene::Strangeness;
use crate::{Scene, Witness};

/// A forbidden session.
pub(crate) struct Intrusion<'a> {
    /// Who must not open it.
    pub(crate) from: NodeId,
    /// Where it must not arrive.
    pub(crate) is_target: &'a dyn Fn(Outcome) -> bool,
    /// Those of the packets, as sent, that are this rule's matter.
    pub(crate) matter: &'a dyn Fn(&Leaf) -> Vec<Cube>,
    /// What is said when it arrives.
    pub(crate) headline: &'a dyn Fn(Outcome) -> Text,
}

struct Found {
    strangeness: Strangeness,
    /// Whether it answers a packet with a forged source.
    is_forged: bool,
    witness: Witness,
    guilt: Guilt,
}

/// One refutation for each line that lets the session through, with the most plausible witness;
/// what else the line lets through is taken into it, one statement for each target.
pub(crate) fn judge(scene: &Scene<'_>, intrusion: &Intrusion<'_>) -> Vec<Judgement> {
    let attack = scene.attack(intrusion.from);
    let mut found: Vec<Found> = Vec::new();
    let mut doubts: Vec<Judgement> = Vec::new();
    for leaf in &attack.leaves {
        doubts.extend(handed_to_nobody(scene, intrusion, leaf));
        if !(intrusion.is_target)(leaf.outcome) {
            continue;
        }
        let matter = Scene::beginnings(leaf.family, (intrusion.matter)(leaf));
        let Some(attempt) = scene.attempt(intrusion.from, leaf, &matter) else {
            if !matter.is_empty() {
                doubts.extend(unnamed_opener(scene, intrusion, leaf));
            }
            continue;
        };
        let leaf = &attempt.leaf;
        let way = attack.way(leaf);
        let guilt = match &leaf.announced {
            Some(announced) => scene.who_announced(announced, &way),
            None => scene.who_permitted(&way),
        };
        let strangeness = scene.strangeness(intrusion.from, leaf, &way);
        let same = found
            .iter_mut()
            .find(|one| one.witness.outcome == leaf.outcome && one.guilt.span() == guilt.span());
        if same.as_ref().is_some_and(|one| one.strangeness <= strangeness) {
            continue;
        }
        let witness = scene.witness(Mode::Attack, intrusion.from, attack, leaf);
        let witness = attempt.shown(witness);
        let new = Found { strangeness, is_forged: false, witness, guilt };
        match same {
            Some(same) => *same = new,
            None => found.push(new),
        }
        if scene.is_brief() {
            break;
        }
    }
    if found.is_empty() || scene.is_to_be_searched_through() {
        forged(scene, intrusion, (&mut found, &mut doubts));
    }
    let mut stated: Vec<Judgement> = Vec::new();
    if found.is_empty() || scene.is_to_be_searched_through() {
        let headline = (intrusion.headline)(Outcome::Delivered(intrusion.from));
        stated.extend(scene.incomplete(attack, headline));
        stated.extend(doubts.into_iter().take(1));
    }
    found.sort_by_key(|one| one.strangeness);
    for one in found.into_iter().map(|one| state(scene, intrusion, one)) {
        match stated.iter_mut().find(|known| known.guilt.span() == one.guilt.span()) {
            Some(same) => same.merge(&one),
            None => stated.push(one),
        }
    }
    stated
}

/// What gets through as the answer to a packet with a forged source.
fn forged(
    scene: &Scene<'_>,
    intrusion: &Intrusion<'_>,
    (found, doubts): (&mut Vec<Found>, &mut Vec<Judgement>),
) {
    let from = intrusion.from;
    let unfinished = |found: &Exploration| {
        scene.incomplete(found, (intrusion.headline)(Outcome::Delivered(from)))
    };
    doubts.extend(scene.forgeries(from).explorations().find_map(unfinished));
    let matter = |leaf: &Leaf, _: &[Way]| match (intrusion.is_target)(leaf.outcome) {
        true => (intrusion.matter)(leaf),
        false => Vec::new(),
    };
    for one in forgery::passing(scene, from, matter) {
        let leaf = one.leaf;
        let guilt = one.guilt(|way| scene.who_permitted(way));
        let strangeness = scene.strangeness(from, leaf, &one.way);
        let same = found.iter_mut().find(|one| one.witness.outcome == leaf.outcome);
        if same.as_ref().is_some_and(|one| one.strangeness <= strangeness) {
            continue;
        }
        let Some(witness) = one.witness else {
            doubts.push(forgery::unmirrored((intrusion.headline)(leaf.outcome), &guilt));
            continue;
        };
        let new = Found { strangeness, is_forged: true, witness, guilt };
        match same {
            Some(same) => *same = new,
            None => found.push(new),
        }
    }
}

/// A router hands the packets to a next hop in the zone that nobody in the site file is; whether
/// somebody is there, and where it sends them, is not known.
fn handed_to_nobody(
    scene: &Scene<'_>,
    intrusion: &Intrusion<'_>,
    leaf: &Leaf,
) -> Option<Judgement> {
    let Outcome::Lost(segment) = leaf.outcome else { return None };
    let outcome = Outcome::OnSegment(segment);
    if !(intrusion.is_target)(outcome) {
        return None;
    }
    let way = scene.attack(intrusion.from).way(leaf);
    if !scene.is_routed(&way) {
        return None;
    }
    let guilt = scene.who_discarded(&way, leaf.outcome);
    let reason = text!(
        ja: "サイトファイルにない機器に渡しており、その先は分かりません",
        en: "it is handed to a device that the site file does not name; what follows is unknown",
    );
    Some(Judgement::unknown((intrusion.headline)(outcome), reason, guilt.span()))
}

/// The session that announces the packets would have to be begun by a machine in the zone that
/// the site file does not name; whether there is one is not known.
fn unnamed_opener(scene: &Scene<'_>, intrusion: &Intrusion<'_>, leaf: &Leaf) -> Option<Judgement> {
    if !matches!(leaf.outcome, Outcome::OnSegment(_)) {
        return None;
    }
    let trigger = scene.atlas.trigger(leaf.announced.as_ref()?)?;
    let reason = text!(
        ja: "この行のセッションを開く機器がゾーンにあれば、その間に逆向きのセッションも通ります",
        en: "if a machine in the zone opens the session of this line, sessions back pass meanwhile",
    );
    let headline = (intrusion.headline)(leaf.outcome);
    Some(Judgement::unknown(headline, reason, trigger.origin.span()))
}

fn state(scene: &Scene<'_>, intrusion: &Intrusion<'_>, found: Found) -> Judgement {
    let outcome = found.witness.outcome;
    let headline = (intrusion.headline)(outcome);
    let target = match outcome {
        Outcome::Delivered(node) | Outcome::Discarded(node) => scene.name(node),
        Outcome::OnSegment(segment) | Outcome::Lost(segment) => scene.zone(segment),
    };
    let before = found.witness.before.map(|before| {
        text!(
            ja: "`{from}` が {source} から {destination} へのセッションを開いている間に通ります",
            en: "it passes while a session that `{from}` opened from {source} to {destination} \
                 lives",
            from = scene.name(before.from),
            source = before.packet.source, destination = before.packet.destination,
        )
    });
    let names = [scene.name(intrusion.from).to_owned(), target.to_owned()];
    let mut judgement = Judgement::new(Verdict::Refuted(Some(found.witness)), headline);
    judgement.notes.extend(before);
    let judgement = judgement.blame(found.guilt).about(names);
    if found.is_forged { judgement.advise(forgery::advice()) } else { judgement }
}
