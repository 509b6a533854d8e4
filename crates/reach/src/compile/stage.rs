//! Pipelines with their triggers as patterns of one family.

use model::{
    AclIndex, Family, Node, Point, RelatedDirection, Stage, StageKind, TrackerIndex,
    TranslationIndex,
};
use packet_set::Field;

use super::entry::{Alternative, Alternatives, compile_all};
use super::number_of;
use crate::flight::TriggerId;

/// One step of a pipeline, ready to be tried.
#[derive(Debug)]
pub(crate) struct CompiledStage {
    pub(crate) spares_own: bool,
    pub(crate) kind: CompiledKind,
}

/// What a stage does.
#[derive(Debug)]
pub(crate) enum CompiledKind {
    Filter(AclIndex),
    Track(TrackerIndex, Vec<Announcement>),
    Open { number: u32, tracker: TrackerIndex, triggers: Alternatives, admits: Vec<bool> },
    Translate(TranslationIndex),
}

/// Packets that a session announces if it was begun before.
#[derive(Debug)]
pub(crate) struct Announcement {
    pub(crate) trigger: TriggerId,
    pub(crate) related: usize,
    pub(crate) is_reverse: bool,
    pub(crate) packets: Vec<Alternative>,
}

pub(super) fn compile_points(node: &Node, family: Family) -> Vec<Vec<CompiledStage>> {
    let mut points: Vec<Vec<CompiledStage>> = Vec::new();
    points.resize_with(5 + 2 * node.interfaces.len(), Vec::new);
    for (number, (point, stage)) in (0u32..).zip(numbered_stages(node)) {
        if stage.family.is_some_and(|only| only != family) {
            continue;
        }
        let kind = match &stage.kind {
            StageKind::Filter(acl) => CompiledKind::Filter(*acl),
            StageKind::Track(tracker) => {
                CompiledKind::Track(*tracker, announcements(node, *tracker, family))
            }
            StageKind::Open(tracker, triggers) => CompiledKind::Open {
                number,
                tracker: *tracker,
                triggers: triggers.iter().map(|one| compile_all(&one.matches, family)).collect(),
                admits: triggers.iter().map(|one| one.admits_replies).collect(),
            },
            StageKind::Translate(translation) => CompiledKind::Translate(*translation),
        };
        if let Some(stages) = points.get_mut(number_of(point)) {
            stages.push(CompiledStage { spares_own: stage.spares_own, kind });
        }
    }
    points
}

/// All stages of a node with their points; the place in this order is a stage's number.
pub(super) fn numbered_stages(node: &Node) -> impl Iterator<Item = (Point, &Stage)> {
    node.pipelines
        .iter()
        .flat_map(|pipeline| pipeline.stages.iter().map(|stage| (pipeline.point, stage)))
}

/// What sessions in `tracker` announce, as packets that may come without a session of their own.
///
/// An announcement is about the addresses of its session, so the packets are restricted to those
/// between whose ends the trigger could have matched. Negotiated announcements are left out: the
/// initiator of the session asked for each of them.
fn announcements(node: &Node, tracker: TrackerIndex, family: Family) -> Vec<Announcement> {
    let mut found = Vec::new();
    for (number, (_, stage)) in (0u32..).zip(numbered_stages(node)) {
        let StageKind::Open(own, triggers) = &stage.kind else { continue };
        if *own != tracker || stage.family.is_some_and(|only| only != family) {
            continue;
        }
        for (place, trigger) in triggers.iter().enumerate() {
            let between = compile_all(&trigger.matches, family);
            for (related, one) in trigger.related.iter().enumerate() {
                if one.is_negotiated {
                    continue;
                }
                let is_reverse = one.direction == RelatedDirection::Reverse;
                let packets = compile_all(&one.matches, family);
                let packets = packets
                    .iter()
                    .flat_map(|packet| {
                        between.iter().map(|ends| announced(packet, ends, is_reverse))
                    })
                    .collect();
                let trigger = (number, place);
                found.push(Announcement { trigger, related, is_reverse, packets });
            }
        }
    }
    found
}

/// The packets of `packet` whose ends are those of `session`, turned round if `is_reverse`.
fn announced(packet: &Alternative, session: &Alternative, is_reverse: bool) -> Alternative {
    let mut found = packet.clone();
    for (own, its) in [(Field::Source, Field::Destination), (Field::Destination, Field::Source)] {
        let taken = if is_reverse { its } else { own };
        if let Some(values) = session.pattern.values(taken) {
            found.pattern = found.pattern.narrowed(own, values);
        }
    }
    found
}
