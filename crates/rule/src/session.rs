//! Whose answers come where, and what goes through sessions that machines end themselves.

use design::SessionLine;
use model::{Family, NodeId, Outcome, Ranges, SegmentId, SegmentKind, StepKind, ethertype};
use packet_set::Field;
use reach::{Leaf, Way};

use crate::Scene;
use crate::scene::link_local;

impl Scene<'_> {
    /// Source addresses whose answers come to somebody at `from`: for a network outside all that
    /// are not the site's own, for a machine those of the segments that it stands on but for those
    /// of routers, which take what is sent to them, and for broadcast addresses, to which routers
    /// forward nothing by default (RFC 2644).
    pub(crate) fn answered_for(&self, from: NodeId, family: Family) -> Ranges {
        let network = &self.blueprint.network;
        let parties = &self.blueprint.parties;
        let bounds = |segments: &[SegmentId]| {
            let nets = segments.iter().flat_map(|segment| network.nets(*segment, family));
            Ranges::of(nets.map(model::Net::bounds))
        };
        if parties.outside.contains(&from) {
            return bounds(&parties.inside_segments).complement(family.top());
        }
        let mut segments: Vec<SegmentId> = Vec::new();
        for (index, interface) in self.node(from).interfaces() {
            segments.extend(interface.segment);
            // Who hears the frames of a segment can take an address there.
            for ear in self.atlas.frame(from, index, family.ethertype()) {
                segments.extend(self.node(ear.node).interface(ear.interface).segment);
            }
        }
        // Only its own address leads into a session: the rest of the far side is not there.
        segments.retain(|segment| {
            let kind = network.segment(*segment).kind;
            !matches!(kind, SegmentKind::Session | SegmentKind::Tunnel)
        });
        let own = self.node(from).addresses(family).map(Family::number);
        let own = Ranges::of(own.map(|number| (number, number)));
        let link_local = match family {
            Family::V4 => Ranges::none(),
            Family::V6 => link_local(),
        };
        let others =
            bounds(&segments).intersection(&self.taken_by_routers(family).complement(family.top()));
        others.union(&own).union(&link_local)
    }

    /// Addresses of routers, and the broadcast addresses of the nets that they stand in.
    fn taken_by_routers(&self, family: Family) -> Ranges {
        let routers = self.blueprint.parties.routers.iter();
        let interfaces = routers.flat_map(|router| &self.node(*router).interfaces);
        let nets = interfaces.flat_map(|one| &one.addresses).filter_map(|address| address.net);
        let of = |net: model::Net| {
            let own = Family::number(net.address());
            let (_, last) = net.bounds();
            let has_broadcast = family == Family::V4 && net.length() < 31;
            std::iter::once((own, own)).chain(has_broadcast.then_some((last, last)))
        };
        Ranges::of(nets.filter(|net| net.family() == family).flat_map(of))
    }

    /// Whether packets of `leaf` are for an address of `machine`.
    pub(crate) fn is_for_address(&self, machine: NodeId, leaf: &Leaf) -> bool {
        let range = leaf.arrived.interval(Field::Destination);
        self.node(machine).addresses(leaf.family).any(|own| range.contains(Family::number(own)))
    }

    /// Whether the packets of `leaf` come to a machine inside a session that it ends itself.
    pub(crate) fn ends_in_own_session(&self, leaf: &Leaf) -> bool {
        let Outcome::Delivered(node) = leaf.outcome else { return false };
        self.blueprint
            .sessions
            .iter()
            .any(|session| session.machine == node && leaf.interface == Some(session.interface))
    }

    /// Whether the way of `leaf`, which `found` holds, leaves `machine` inside a session to closed
    /// networks that it ends itself.
    pub(crate) fn begins_in_closed_session(&self, machine: NodeId, first: Option<Way>) -> bool {
        let Some(StepKind::Sent(first)) = first.map(|step| step.kind) else { return false };
        let is_own = |one: &SessionLine| one.machine == machine && one.interface == first;
        if !self.blueprint.sessions.iter().any(is_own) {
            return false;
        }
        let segment = self.node(machine).interface(first).segment;
        let stands = |node: &&NodeId| {
            let interfaces = &self.node(**node).interfaces;
            interfaces.iter().any(|one| one.segment.is_some() && one.segment == segment)
        };
        let mut far = self.blueprint.parties.outside.iter().filter(stands);
        far.all(|node| self.name(*node) != "internet")
    }

    /// The stage of PPPoE whose frames do not come from the machine of `session` to the outside
    /// and back, and whether it is the way back that they do not come.
    pub(crate) fn stopped_stage(&self, session: &SessionLine) -> Option<(u16, bool)> {
        let outside = &self.blueprint.parties.outside;
        let stages = [ethertype::PPPOE_DISCOVERY, ethertype::PPPOE_SESSION];
        let own = (session.machine, session.carrier);
        stages.into_iter().find_map(|stage| {
            let heard = self.atlas.frame(own.0, own.1, stage);
            let mut ears = heard.iter().filter(|ear| outside.contains(&ear.node)).peekable();
            if ears.peek().is_none() {
                return Some((stage, false));
            }
            let comes_back = ears.any(|ear| {
                let back = self.atlas.frame(ear.node, ear.interface, stage);
                back.iter().any(|ear| (ear.node, ear.interface) == own)
            });
            (!comes_back).then_some((stage, true))
        })
    }
}
