//! Stages: what lists, session tables and translations of one node do to a packet.

use model::{
    Family, Interface, InterfaceIndex, Node, NodeId, Outcome, Packet, Point, PortRewrite, Rewrite,
    Stage, StageKind, State, Step, StepKind, TrackerIndex, TrackerKind, TranslationIndex, Trigger,
    Unmatched, for_every_node, port_class,
};

use crate::matching::{View, any_holds, filter, step};
use crate::memory::{Direction, Flow, Memory, Session, Translated};
use crate::port_choice::choices;

/// One packet on one of its possible ways.
#[derive(Clone)]
pub(crate) struct Path<'n> {
    pub(crate) packet: Packet,
    pub(crate) steps: Vec<Step>,
    /// Where its IP sides received it so far.
    pub(crate) received: Vec<(NodeId, InterfaceIndex)>,
    /// What the nodes remember if it goes this way.
    pub(crate) memory: Memory<'n>,
    /// Its passage through the node where it is.
    pub(crate) passage: Passage,
}

/// The passage of a packet through one node.
#[derive(Clone, Default)]
pub(crate) struct Passage {
    /// Whether the node itself sent it.
    pub(crate) is_own: bool,
    /// Where it was received.
    pub(crate) in_interface: Option<InterfaceIndex>,
    /// Where it will be sent, once that is known.
    pub(crate) out_interface: Option<InterfaceIndex>,
    /// What a session table last said; `None`: none was asked.
    state: Option<State>,
    /// Automatic tables that called it new, and the packet as it was then.
    first_tracked: Vec<(TrackerIndex, Packet)>,
    /// Its direction in the translated sessions of the node, once one was met.
    direction: Option<Direction>,
}

impl Passage {
    /// Of a packet that the node itself sends.
    pub(crate) fn own() -> Self {
        Self { is_own: true, ..Self::default() }
    }

    /// Of a packet received on `interface`.
    pub(crate) fn received(interface: InterfaceIndex) -> Self {
        Self { in_interface: Some(interface), ..Self::default() }
    }

    /// What lists read as the state.
    pub(crate) fn state(&self) -> State {
        self.state.unwrap_or(State::Untracked)
    }
}

/// What became of a packet at a stage.
pub(crate) enum Passed<'n> {
    /// It goes on, in each of these ways.
    On(Vec<Path<'n>>),
    /// The node discarded it.
    Ended(Box<Path<'n>>, Outcome),
}

impl<'n> Path<'n> {
    /// Tells a step at `node`.
    pub(crate) fn tell(&mut self, node: NodeId, kind: StepKind) {
        self.steps.push(step(node, kind, self.packet));
    }

    /// The packet has passed the last stage before those of an interface, or is taken by the node,
    /// as Linux confirms what it tracks: automatic tables that called it new begin
    /// a session, and translated sessions that it began here last.
    pub(crate) fn leave(&mut self, node: NodeId) {
        self.memory.keep_translated(node);
        for (tracker, first) in std::mem::take(&mut self.passage.first_tracked) {
            let (first, other) = (Flow::of(&first), Flow::answering(&self.packet));
            self.memory.begin(Session { node, tracker, first, other, trigger: None });
        }
    }

    /// What conditions see of it.
    pub(crate) fn view(&self) -> View<'_> {
        View {
            ethertype: self.packet.family().ethertype(),
            packet: Some(&self.packet),
            state: self.passage.state(),
            in_interface: self.passage.in_interface,
            out_interface: self.passage.out_interface,
        }
    }

    fn discarded(mut self, node: NodeId, kind: StepKind) -> Passed<'n> {
        self.tell(node, kind);
        Passed::Ended(Box::new(self), Outcome::Discarded(node))
    }
}

/// Stages at `points` of a node, as they apply to a packet of the path.
pub(crate) fn stages_at<'n>(
    node: &'n Node,
    points: &[Point],
    packet: &Packet,
) -> Vec<(Point, &'n Stage)> {
    let at = |point| node.stages(point, packet.family()).map(move |stage| (point, stage));
    points.iter().copied().flat_map(at).collect()
}

/// Whether `stage` leaves out packets of the node itself, and this is one: the node sent it,
/// or it is for the node at this moment.
pub(crate) fn is_spared(node: &Node, stage: &Stage, path: &Path<'_>) -> bool {
    let is_own = || match path.passage.in_interface {
        Some(interface) => is_for(node, interface, &path.packet),
        None => node.owns(path.packet.destination),
    };
    stage.spares_own && (path.passage.is_own || is_own())
}

/// Whether the packet is for `node` itself: its own address, one that every node takes, or the
/// broadcast address of a net of the interface that received it, or of any interface if the node
/// takes every broadcast.
pub(crate) fn is_for(node: &Node, interface: InterfaceIndex, packet: &Packet) -> bool {
    let number = Family::number(packet.destination);
    let hears = |(index, one): &(InterfaceIndex, &Interface)| {
        *index == interface || node.takes_every_broadcast && one.enabled
    };
    let own = node.interfaces().filter(hears).flat_map(|(_, one)| &one.addresses);
    let mut nets = own.filter_map(|own| own.net);
    node.owns(packet.destination)
        || for_every_node(packet.family()).contains(number)
        || packet.family() == Family::V4
            && nets.any(|net| {
                net.family() == Family::V4 && net.length() < 31 && net.bounds().1 == number
            })
}

/// What one stage at `point` does with the packet; `stretches` are the ports that conditions
/// tell apart.
pub(crate) fn pass<'n>(
    (id, node): (NodeId, &'n Node),
    (point, kind): (Point, &'n StageKind),
    mut path: Path<'n>,
    stretches: &[u16],
) -> Passed<'n> {
    match kind {
        StageKind::Filter(_) => {
            let (passes, told) = filter(node, kind, path.view());
            if let Some(told) = told {
                path.tell(id, told);
            }
            if passes {
                Passed::On(vec![path])
            } else {
                Passed::Ended(Box::new(path), Outcome::Discarded(id))
            }
        }
        StageKind::Track(tracker) => Passed::On(vec![track((id, node), *tracker, path)]),
        StageKind::Open(tracker, triggers) => Passed::On(vec![open(id, *tracker, triggers, path)]),
        StageKind::Translate(translation) => {
            translate((id, node), (point, *translation), path, stretches)
        }
    }
}

/// The session table is looked up.
fn track<'n>((id, node): (NodeId, &Node), tracker: TrackerIndex, mut path: Path<'n>) -> Path<'n> {
    let packet = path.packet;
    let state = match node.tracker(tracker).kind {
        TrackerKind::Automatic => path.memory.track_automatic((id, tracker), &packet),
        TrackerKind::Triggered => path.memory.track_triggered((id, tracker), &packet, path.view()),
    };
    let is_automatic = node.tracker(tracker).kind == TrackerKind::Automatic;
    let passage = &mut path.passage;
    let is_first = passage.first_tracked.iter().all(|(known, _)| *known != tracker);
    if is_automatic && state == State::New && is_first {
        passage.first_tracked.push((tracker, packet));
    }
    passage.state = Some(state);
    path.tell(id, StepKind::Tracked(tracker, state));
    path
}

/// A new packet that matches a trigger begins a session.
fn open<'n>(
    id: NodeId,
    tracker: TrackerIndex,
    triggers: &'n [Trigger],
    mut path: Path<'n>,
) -> Path<'n> {
    let matching = triggers.iter().position(|one| any_holds(&one.matches, path.view()));
    if let Some(index) = matching.filter(|_| path.passage.state() == State::New) {
        let (first, other) = (Flow::of(&path.packet), Flow::answering(&path.packet));
        let trigger = Some(&triggers[index]);
        path.memory.begin(Session { node: id, tracker, first, other, trigger });
        path.tell(id, StepKind::Opened(tracker, index));
    }
    path
}

/// A translated session translates its packets; of others the first matching rule does.
fn translate<'n>(
    (id, node): (NodeId, &Node),
    (point, index): (Point, TranslationIndex),
    mut path: Path<'n>,
    stretches: &[u16],
) -> Passed<'n> {
    let direction = path.passage.direction;
    let known = path.memory.translate(id, (point, index), &path.packet, direction);
    if let Some((direction, packet)) = known {
        path.passage.direction = Some(direction);
        if packet != path.packet {
            path.packet = packet;
            path.tell(id, StepKind::Translated(index, None));
        }
        return Passed::On(vec![path]);
    }
    let translation = node.translation(index);
    let matching = translation.rules.iter().position(|rule| any_holds(&rule.matches, path.view()));
    let Some(place) = matching else {
        return match translation.unmatched {
            Unmatched::Pass => Passed::On(vec![path]),
            Unmatched::Discard => path.discarded(id, StepKind::Untranslatable(index, None)),
        };
    };
    match &translation.rules[place].rewrite {
        Rewrite::Keep => Passed::On(vec![path]),
        Rewrite::Discard => path.discarded(id, StepKind::Untranslatable(index, Some(place))),
        Rewrite::Source(..) | Rewrite::Destination(..) => {
            let rewrite = &translation.rules[place].rewrite;
            let choices = || choices(stretches, &path.memory);
            let rewritten = rewritten(rewrite, &path.packet, choices);
            let told = StepKind::Translated(index, Some(place));
            let place = (point, index);
            let each = |after| on_rewriting(id, place, &path, after, told);
            Passed::On(rewritten.into_iter().map(each).collect())
        }
    }
}

/// The path on which a rule made `after` of the packet: a translated session begins, if the packet
/// leaves the node.
fn on_rewriting<'n>(
    node: NodeId,
    place: (Point, TranslationIndex),
    path: &Path<'n>,
    after: Packet,
    told: StepKind,
) -> Path<'n> {
    let mut path = path.clone();
    path.memory.begin_translated(Translated { node, place, before: path.packet, after });
    path.packet = after;
    path.tell(node, told);
    path
}

/// Everything that the rewriting may make of `packet`.
fn rewritten(
    rewrite: &Rewrite,
    packet: &Packet,
    choices: impl FnOnce() -> Vec<u16>,
) -> Vec<Packet> {
    match rewrite {
        Rewrite::Keep | Rewrite::Discard => vec![*packet],
        Rewrite::Source(source, port) => ports_after(*port, packet.source_port, packet, choices)
            .into_iter()
            .map(|source_port| Packet { source: *source, source_port, ..*packet })
            .collect(),
        Rewrite::Destination(destination, port) => {
            ports_after(*port, packet.destination_port, packet, choices)
                .into_iter()
                .map(|destination_port| Packet {
                    destination: *destination,
                    destination_port,
                    ..*packet
                })
                .collect()
        }
    }
}

/// What may become of `port` of a packet; only TCP and UDP have ports to rewrite.
fn ports_after(
    rewrite: PortRewrite,
    port: u16,
    packet: &Packet,
    choices: impl FnOnce() -> Vec<u16>,
) -> Vec<u16> {
    match rewrite {
        _ if !packet.has_ports() => vec![port],
        PortRewrite::Keep => vec![port],
        PortRewrite::Shift { from, to } => vec![port.wrapping_sub(from).wrapping_add(to)],
        PortRewrite::Any => {
            let others = choices().into_iter().filter(|choice| *choice != port);
            std::iter::once(port).chain(others).collect()
        }
        PortRewrite::Near => {
            let (first, last) = port_class(port);
            let is_other = |choice: &u16| *choice != port && (first..=last).contains(choice);
            let others = choices().into_iter().chain([first]).filter(is_other);
            std::iter::once(port).chain(others).collect()
        }
    }
}
