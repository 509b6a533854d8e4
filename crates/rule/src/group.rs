//! Machines from which attacks come to the same, so that not each of many has to be judged.
//!
//! An attacker sends on the segments of its node, and everybody on them hears it but itself. So
//! the attacks of two nodes on the same segments are the same but for one thing: what is received
//! first by the one node is missing among its own attacks. Of three such nodes each leaf of the
//! third is among those of the first or among those of the second. A rule that forbids leaves,
//! whoever of the three sends them, and finds nothing at the first two finds nothing at the third.
//! A rule to which it matters who sends them has to part the machines by that before.

use std::collections::BTreeMap;

use model::{Family, InterfaceKind, NodeId, SegmentId};

use crate::Scene;

/// Machines of a group that are judged before the others of it are left out.
const JUDGED_MIN: usize = 2;

/// What is known of groups of machines, for one rule.
pub(crate) struct Groups<'s, 'a> {
    scene: &'s Scene<'a>,
    known: BTreeMap<Vec<SegmentId>, Known>,
}

#[derive(Default)]
struct Known {
    clean: usize,
    is_open: bool,
}

impl<'s, 'a> Groups<'s, 'a> {
    /// Nothing is known yet.
    pub(crate) fn new(scene: &'s Scene<'a>) -> Self {
        Self { scene, known: BTreeMap::new() }
    }

    /// Whether `machine` need not be judged: nothing was found at others of its group.
    pub(crate) fn is_settled(&self, machine: NodeId) -> bool {
        let known = self.scene.group(machine).and_then(|group| self.known.get(&group));
        known.is_some_and(|known| !known.is_open && known.clean >= JUDGED_MIN)
    }

    /// Notes whether nothing was found at `machine`.
    pub(crate) fn learn(&mut self, machine: NodeId, is_clean: bool) {
        let Some(group) = self.scene.group(machine) else { return };
        let known = self.known.entry(group).or_default();
        // Who can open the session that announces a packet is asked of each attacker.
        let mut leaves = self.scene.attack(machine).leaves.iter();
        if is_clean && leaves.all(|leaf| leaf.announced.is_none()) {
            known.clean += 1;
        } else {
            known.is_open = true;
        }
    }

    /// What `judge` finds at each of `machines`.
    pub(crate) fn each<T>(
        &mut self,
        machines: impl IntoIterator<Item = NodeId>,
        mut judge: impl FnMut(NodeId) -> Vec<T>,
    ) -> Vec<T> {
        let mut all = Vec::new();
        for machine in machines {
            if self.is_settled(machine) {
                continue;
            }
            let found = judge(machine);
            self.learn(machine, found.is_empty());
            all.extend(found);
        }
        all
    }
}

impl Scene<'_> {
    /// The segments on which `machine` stands, if nothing else of it matters to what it can send:
    /// it has ports only, relays nothing, ends no session, and its addresses are among those of
    /// the segments.
    fn group(&self, machine: NodeId) -> Option<Vec<SegmentId>> {
        if self.is_plain() {
            return None;
        }
        let node = self.node(machine);
        let is_plain = node.relays.is_empty()
            && node.tunnels.is_empty()
            && node.security_policies.is_empty()
            && !self.blueprint.sessions.iter().any(|session| session.machine == machine);
        let mut segments = Vec::new();
        for interface in &node.interfaces {
            let segment = interface.segment?;
            let nets = interface.addresses.iter().filter_map(|address| address.net);
            let mut addresses = nets.map(model::Net::address);
            let is_among = |address: std::net::IpAddr| {
                let mut nets = self.blueprint.network.nets(segment, Family::of(address));
                nets.any(|net| net.contains(address))
            };
            if !interface.enabled
                || interface.kind != InterfaceKind::Port
                || interface.advertises.is_some()
                || !addresses.all(is_among)
            {
                return None;
            }
            segments.push(segment);
        }
        is_plain.then_some(segments)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use design::Blueprint;
    use diag::Sources;
    use reach::{Atlas, Limits};

    use super::Groups;
    use crate::{Focus, Scene};

    /// Five machines on one segment.
    fn blueprint() -> Blueprint {
        let mut text = "edition = \"2021\"\n[site]\nname = \"A\"\nkind = \"clinic\"\n\
                        [line]\nkind = \"ip-vpn\"\n[zones]\nlan = { ipv4 = \"192.0.2.0/24\" }\n"
            .to_owned();
        for number in 1..=5 {
            let _ = write!(
                text,
                "[machines.m{number}]\nroles = [\"claims-computer\"]\n\
                 nics = [{{ zone = \"lan\", ipv4 = \"192.0.2.{number}\" }}]\n",
            );
        }
        let source = Sources::new().add("site.toml", text.as_str());
        design::build(&site::parse(source, &text).0, Vec::new(), None, &model::Readings::default())
    }

    /// The machines that are judged, by their numbers, where something is found at `guilty`.
    fn judged(scene: &Scene<'_>, guilty: &[usize]) -> Vec<usize> {
        let machines = &scene.blueprint.parties.machines;
        assert_eq!(machines.len(), 5, "the site file names five");
        let mut judged = Vec::new();
        let found = Groups::new(scene).each(machines.iter().copied(), |machine| {
            let number = machines.iter().position(|one| *one == machine).unwrap_or(0) + 1;
            judged.push(number);
            guilty.iter().copied().filter(|one| *one == number).collect()
        });
        assert_eq!(found, guilty, "each has its finding");
        judged
    }

    #[test]
    fn of_many_alike_two_are_judged() {
        let blueprint = blueprint();
        let atlas = Atlas::new(&blueprint.network);
        let scene = Scene::new(&blueprint, &atlas, Limits::default(), Focus::All);
        assert_eq!(judged(&scene, &[]), [1, 2]);
        assert_eq!(judged(&scene.plain(), &[]), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_finding_at_either_opens_the_group() {
        let blueprint = blueprint();
        let atlas = Atlas::new(&blueprint.network);
        let scene = Scene::new(&blueprint, &atlas, Limits::default(), Focus::All);
        for guilty in [&[1][..], &[2], &[1, 2], &[1, 5], &[2, 4]] {
            assert_eq!(judged(&scene, guilty), [1, 2, 3, 4, 5], "{guilty:?}");
        }
    }
}
