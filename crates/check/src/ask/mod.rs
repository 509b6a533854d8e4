//! Questions about single sessions: can this party open a session to that one, and by which line.

mod end;
mod listing;
mod question;
mod reading;

use design::Blueprint;
use diag::{Diagnostic, Text, text};
use model::{Family, Network, NodeId, Outcome, Packet, protocol};
use oracle::Oracle;
use packet_set::{Cube, Field};
use reach::{Atlas, Exploration, Leaf, Limits, Mode, Start, Taste, pick_packet};
use rule::{Attempt, Focus, Opening, Scene};
use site::Date;

use self::end::End;
use crate::assemble::{Assembled, Reading};
use crate::hop;
use crate::load::{ConfigFile, Loaded};
use crate::report::WitnessReport;

pub use self::listing::{Reachable, Reached, reachable};
pub use self::question::{AskError, Question};

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The sources of the run, for the spans.
    pub sources: diag::Sources,
    /// Whether some packet of the question arrives when the sender does as it is configured to.
    pub is_open: bool,
    /// Whether some packet arrives when the sender forges addresses or takes other ways, or while
    /// a session lives that lets further ones pass.
    pub is_open_to_attack: bool,
    /// Whether nothing but ICMP error messages arrives, which open no session.
    pub is_only_errors: bool,
    /// While which session the packet that is shown arrives, if it needs one.
    pub before: Option<Text>,
    /// What was not read, or is not modelled, and could change the answer.
    pub doubts: Vec<Doubt>,
    /// A packet that arrives, or one that is discarded, with its way and that of the answer.
    pub witness: Option<WitnessReport>,
}

/// What could change an answer, with its place.
pub type Doubt = (Text, diag::Span);

/// What an answer comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AskVerdict {
    /// Such a session can be opened.
    Open,
    /// It cannot, as the sender is configured.
    Closed,
    /// A part of the input that could change the answer was not read.
    Unknown,
}

impl Answer {
    /// What it comes to.
    #[must_use]
    pub fn verdict(&self) -> AskVerdict {
        match (self.doubts.is_empty(), self.is_open) {
            (false, _) => AskVerdict::Unknown,
            (true, true) => AskVerdict::Open,
            (true, false) => AskVerdict::Closed,
        }
    }
}

/// Answers `question` about the site in `loaded`. `today` decides which facts and which answers to
/// open points are taken; without it all are.
///
/// # Errors
/// When the question names somebody who is not there.
pub fn ask(
    loaded: Loaded,
    files: &[ConfigFile],
    question: &Question,
    today: Option<Date>,
) -> Result<Answer, AskError> {
    let assembled = Assembled::new(loaded, files, today);
    let Reading { blueprint, diagnostics } = assembled.lower(&assembled.readings);
    let target = End::find(&blueprint, &question.to)?;
    let tries = tried(&assembled, &blueprint, question)?;
    let told = Told::of(&tries);
    let Told { is_open, is_open_to_attack, .. } = told;
    // The packet shown is the one that the answer speaks of.
    let shown = tries.iter().find(|one| one.is_open || !is_open && one.is_open_to_attack);
    let shown = shown.or(tries.first());
    let witness = shown.and_then(|one| one.witness(&blueprint, &target));
    let before = shown.and_then(|one| one.before(&blueprint, &target));
    let is_only_errors = !is_open_to_attack && tries.iter().any(|one| one.is_only_errors);
    let mut doubts = doubts(&assembled, &blueprint, &diagnostics, told.is_complete);
    if !is_open && tries.iter().any(|one| one.is_unmirrored) {
        doubts.push(unmirrored(&blueprint));
    }
    let again =
        |other: &Blueprint| tried(&assembled, other, question).ok().map(|one| Told::of(&one));
    doubts.extend(reading::doubts(&assembled, &blueprint, again, |other, has_default| {
        other.is_none_or(|other| told.changes_to(other, has_default))
    }));
    let sources = assembled.shown_sources();
    Ok(Answer { sources, is_open, is_open_to_attack, is_only_errors, before, doubts, witness })
}

/// What each sender of `question` can do on the site of `blueprint`.
fn tried(
    assembled: &Assembled,
    blueprint: &Blueprint,
    question: &Question,
) -> Result<Vec<Try>, AskError> {
    let network = &blueprint.network;
    let senders = End::all_senders(blueprint, &assembled.site, &question.from)?;
    let target = End::find(blueprint, &question.to)?;
    let atlas = Atlas::new(network);
    let packets = target.packets(network, &question.ports);
    let scene = Scene::new(blueprint, &atlas, Limits::default(), Focus::All);
    Ok(senders.into_iter().map(|from| Try::new(&scene, from, &target, &packets)).collect())
}

/// What all senders together come to.
#[derive(Clone, Copy)]
struct Told {
    is_open: bool,
    is_open_to_attack: bool,
    is_complete: bool,
}

impl Told {
    fn of(tries: &[Try]) -> Self {
        Self {
            is_open: tries.iter().any(|one| one.is_open),
            is_open_to_attack: tries.iter().any(|one| one.is_open_to_attack),
            is_complete: tries.iter().all(|one| one.is_complete),
        }
    }

    /// Whether `other` is another answer. That something works is seen on the first day, so where
    /// an open point has a default, that it does may stand.
    fn changes_to(self, other: Self, has_default: bool) -> bool {
        let is_lost = self.is_open && !other.is_open && !has_default;
        let is_found =
            !self.is_open && (other.is_open || !self.is_open_to_attack && other.is_open_to_attack);
        is_lost || is_found || !other.is_complete
    }
}

/// What could change an answer about the site: lines that are not modelled, errors of the input,
/// and a search that did not come to its end.
fn doubts(
    assembled: &Assembled,
    blueprint: &Blueprint,
    lowered: &[Diagnostic],
    is_complete: bool,
) -> Vec<Doubt> {
    let gaps = blueprint.network.nodes.iter().flat_map(|node| &node.gaps);
    let mut doubts: Vec<Doubt> = gaps.map(|gap| (gap.what.clone(), gap.span)).collect();
    let place = blueprint.place.unwrap_or(diag::Span::new(diag::SourceId(0), 0, 0));
    let errors = lowered.iter().chain(&assembled.diagnostics);
    let errors = errors.filter(|one| one.severity == diag::Severity::Error);
    doubts.extend(
        errors.map(|one| {
            (one.headline.clone(), one.primary.as_ref().map_or(place, |label| label.span))
        }),
    );
    if !is_complete {
        let what = text!(
            ja: "構成が複雑で、計算量の上限に達しました",
            en: "the configuration is so intricate that the work limit was reached",
        );
        doubts.push((what, place));
    }
    doubts
}

/// What is not known where addresses are rewritten on the way of a packet with a forged source.
fn unmirrored(blueprint: &Blueprint) -> Doubt {
    let what = text!(
        ja: "送信元を偽ったパケットの応答に見せかけたものが、アドレス変換を経て通る可能性があります",
        en: "what looks like the answer to a packet with a forged source may pass by a translation",
    );
    (what, blueprint.place.unwrap_or(diag::Span::new(diag::SourceId(0), 0, 0)))
}

/// All packets of one sender for a question.
struct Try {
    from: NodeId,
    is_open: bool,
    is_open_to_attack: bool,
    is_only_errors: bool,
    is_complete: bool,
    /// Whether packets may arrive that no two packets can show.
    is_unmirrored: bool,
    /// Packets that arrive as it sends them.
    arriving: Vec<Attempt>,
    /// How it sends the packets that are shown.
    mode: Mode,
    /// Those packets.
    shown: Exploration,
}

impl Try {
    fn new(scene: &Scene<'_>, from: NodeId, target: &End, packets: &[(Family, Cube)]) -> Self {
        let network = &scene.blueprint.network;
        let outside = &scene.blueprint.parties.outside;
        let is_outside = outside.contains(&from);
        let arrives = |outcome| target.is_reached(network, outcome);
        let mut forged = start(network, from, Mode::Attack, packets);
        forged.follows_announced = true;
        if is_outside {
            // What one network outside sends to another on the same wire answers no question.
            let others = outside.iter().copied();
            forged.ignored = others.filter(|node| !arrives(Outcome::Delivered(*node))).collect();
        }
        let attacked = reach::explore(scene.atlas, &forged, &scene.limits);
        // How a network outside is configured nobody knows: it sends what it likes.
        let own = (!is_outside).then(|| {
            let plain = start(network, from, Mode::Originate, packets);
            reach::explore(scene.atlas, &plain, &scene.limits)
        });
        let arriving = |found: &Exploration| -> Vec<Attempt> {
            let leaves = found.leaves.iter().filter(|leaf| arrives(leaf.outcome));
            let attempt = |leaf: &Leaf| {
                let parts = Scene::beginnings(leaf.family, vec![leaf.sent]);
                scene.attempt(from, leaf, &parts)
            };
            leaves.filter_map(attempt).collect()
        };
        let mut forged = arriving(&attacked);
        // What arrives without more is told without a session before it.
        let made_up = scene.forged(from, |leaf| match arrives(leaf.outcome) && forged.is_empty() {
            true => asked(leaf, packets),
            false => Vec::new(),
        });
        let (is_followed, is_unmirrored) = (made_up.is_complete, made_up.is_unmirrored);
        forged.extend(made_up.attempts);
        let plain = own.as_ref().map(arriving);
        let is_open = match &plain {
            Some(plain) => !plain.is_empty(),
            None => forged.iter().any(|one| one.announcing.is_none()),
        };
        let is_open_to_attack = !forged.is_empty();
        let mut reached = attacked.leaves.iter().filter(|leaf| leaf.announced.is_none());
        let is_only_errors = !is_open_to_attack && reached.any(|leaf| arrives(leaf.outcome));
        let is_complete =
            is_followed && attacked.is_complete && own.as_ref().is_none_or(|own| own.is_complete);
        let (mode, shown, arriving) = match (own, plain) {
            (Some(own), Some(plain)) if is_open || !is_open_to_attack => {
                (Mode::Originate, own, plain)
            }
            _ => (Mode::Attack, attacked, forged),
        };
        Self {
            from,
            is_open,
            is_open_to_attack,
            is_only_errors,
            is_complete,
            is_unmirrored,
            arriving,
            mode,
            shown,
        }
    }

    /// A packet that arrives, or where none does, one that does not.
    fn witness(&self, blueprint: &Blueprint, target: &End) -> Option<WitnessReport> {
        let network = &blueprint.network;
        let taste = taste(blueprint, self.from, target);
        if let Some(best) = self.best(blueprint, target) {
            return tell(network, self.from, self.mode, (&best.leaf, best.announcing), &taste);
        }
        let leaves = self.shown.leaves.iter();
        let lost = leaves.filter(|leaf| !target.is_reached(network, leaf.outcome));
        let chosen = lost.min_by_key(|leaf| self.oddness(blueprint, target, &taste, leaf));
        chosen.and_then(|leaf| tell(network, self.from, self.mode, (leaf, None), &taste))
    }

    /// Of the packets that arrive those that a reader would expect.
    fn best(&self, blueprint: &Blueprint, target: &End) -> Option<&Attempt> {
        let taste = taste(blueprint, self.from, target);
        self.arriving.iter().min_by_key(|one| {
            let oddness = self.oddness(blueprint, target, &taste, &one.leaf);
            (one.announcing.is_some(), oddness)
        })
    }

    /// While which session the packet that is shown arrives.
    fn before(&self, blueprint: &Blueprint, target: &End) -> Option<Text> {
        let (opening, _) = self.best(blueprint, target)?.announcing?;
        Some(text!(
            ja: "`{from}` が {source} から {destination} へのセッションを開いている間に届きます",
            en: "it arrives while a session that `{from}` opened from {source} to {destination} \
                 lives",
            from = blueprint.network.node(opening.from).name,
            source = opening.packet.source, destination = opening.packet.destination,
        ))
    }

    /// How far the packets of `leaf` are from what a reader expects; lower is better.
    fn oddness(
        &self,
        blueprint: &Blueprint,
        target: &End,
        taste: &Taste,
        leaf: &Leaf,
    ) -> (bool, bool, bool, bool, bool, usize) {
        let network = &blueprint.network;
        let is_outward = matches!(target, End::Node(node)
            if network.node(*node).kind == model::NodeKind::Outside);
        let packet = pick_packet(leaf.family, &leaf.sent, taste);
        let is_opening = packet.tcp_flags == model::flags::SYN || !packet.has_ports();
        // What goes to an address of the site is no example of a session to the outside.
        let is_astray = is_outward && end::is_inside(network, packet.destination);
        let is_foreign = !network.node(self.from).owns(packet.source);
        let is_odd = !taste.destinations.contains(&packet.destination);
        let plain = [protocol::TCP, protocol::UDP, protocol::ICMP, protocol::ICMPV6];
        let is_strange = !plain.contains(&packet.protocol);
        let length = self.shown.way(leaf).len();
        (is_astray, is_foreign, is_odd, is_strange, !is_opening, length)
    }
}

/// The packets of `leaf` that a question is about.
fn asked(leaf: &Leaf, packets: &[(Family, Cube)]) -> Vec<Cube> {
    let same = packets.iter().filter(|(family, _)| *family == leaf.family);
    same.filter_map(|(_, cube)| leaf.sent.intersect(cube)).collect()
}

/// `packets` as `from` sends them: with its own addresses, unless it attacks.
fn start(network: &Network, from: NodeId, mode: Mode, packets: &[(Family, Cube)]) -> Start {
    let mut own = Vec::new();
    for (family, cube) in packets {
        match mode {
            Mode::Attack => own.push((*family, *cube)),
            Mode::Originate => own.extend(
                network
                    .node(from)
                    .addresses(*family)
                    .map(|address| (*family, cube.with(Field::Source, end::single(address)))),
            ),
        }
    }
    let start = Start::originate(from, own);
    Start { mode, ..start }
}

fn taste(blueprint: &Blueprint, from: NodeId, target: &End) -> Taste {
    Taste {
        sources: end::examples_of(blueprint, from),
        destinations: target.examples(blueprint),
        ports: vec![445, 443, 80, 22],
    }
}

fn tell(
    network: &Network,
    from: NodeId,
    mode: Mode,
    (leaf, announcing): (&Leaf, Option<(Opening, Packet)>),
    taste: &Taste,
) -> Option<WitnessReport> {
    let mut oracle = Oracle::new(network);
    let packet = match announcing {
        Some((before, packet)) => {
            oracle.attack(before.from, before.packet);
            packet
        }
        None => pick_packet(leaf.family, &leaf.sent, taste),
    };
    let traces = match mode {
        Mode::Attack => oracle.attack(from, packet),
        Mode::Originate => oracle.originate(from, packet),
    };
    let way = traces.into_iter().find(|trace| trace.outcome == leaf.outcome)?;
    let answer = oracle.answer(&way).into_iter().next();
    let replayed = crate::replay::Replayed { way, answer };
    Some(hop::witness(network, from, &packet, &replayed))
}
