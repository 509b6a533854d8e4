//! `pp backup`, `tunnel backup`: what is sent by another interface while one is down.

use std::collections::BTreeSet;

use diag::{Span, text};
use model::{Effect, Effects, Hop, InterfaceIndex, NextHop, Origin, PolicyRoute, Route};

use super::super::assumptions::Y_A15;
use super::super::config::{IfName, Target};
use super::{Lowering, not_modelled};

/// An interface, what is used while it is down, and where that is said.
type Backup = (IfName, Target, Span);

/// Each before its own backup, so that a way by that one has its backup, too; and those that come
/// back to themselves.
fn in_turn(mut left: Vec<Backup>) -> (Vec<Backup>, Vec<Backup>) {
    let mut ordered = Vec::new();
    loop {
        let backups: BTreeSet<IfName> = left.iter().filter_map(|one| backup_of(one.1)).collect();
        let (later, next): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|one| backups.contains(&one.0));
        if next.is_empty() {
            return (ordered, later);
        }
        ordered.extend(next);
        left = later;
    }
}

fn backup_of(target: Target) -> Option<IfName> {
    match target {
        Target::Interface(name) | Target::AddressOn(_, name) => Some(name),
        _ => None,
    }
}

impl Lowering<'_> {
    /// Each way by an interface that has a backup is also one by the backup.
    ///
    /// # Shape
    /// A tunnel is taken to be up where something has to work, see
    /// [ADR 6](../../../../../../docs/adr/0006-ipsec-is-doors-selectors-and-policies.md).
    pub(super) fn backups(&mut self) {
        let said = self.settings.interfaces.iter();
        let backups: Vec<Backup> = said
            .filter_map(|(name, one)| one.backup.map(|(target, line)| (*name, target, line)))
            .collect();
        let (backups, circle) = in_turn(backups);
        for (name, target, line) in backups.into_iter().chain(circle.iter().copied()) {
            let Some(main) = self.interface(name) else { continue };
            match self.instead(target) {
                Some(hop) => self.back_up(main, hop, line),
                None => self.no_backup(name, line),
            }
        }
        for (name, _, line) in circle {
            self.in_circle(name, line);
        }
        self.needs();
    }

    /// Where packets go instead.
    fn instead(&self, target: Target) -> Option<Hop> {
        match target {
            Target::Interface(name) => self.interface(name).map(Hop::Interface),
            Target::AddressOn(address, name) => {
                self.interface(name).map(|index| Hop::AddressOn(address, index))
            }
            _ => None,
        }
    }

    fn back_up(&mut self, main: InterfaceIndex, backup: Hop, line: Span) {
        let is_tunnel = self.node.tunnel_at(main).is_some();
        // Whether hosts answer decides nothing more where there is a backup.
        let leads_there = |route: &Route| {
            let mut hops = route.hops.iter();
            hops.any(|one| one.hop == Hop::Interface(main))
        };
        let routes = &self.node.routes;
        self.meant.watched.retain(|(place, _)| !leads_there(&routes[*place]));
        let instead = |hop: &NextHop| NextHop {
            hop: backup,
            guard: hop.guard,
            may_vanish: false,
            origin: Origin::Written(line),
        };
        let mut spare: Vec<Route> = Vec::new();
        for route in &mut self.node.routes {
            let Some(place) = route.hops.iter().position(|one| one.hop == Hop::Interface(main))
            else {
                continue;
            };
            let other = instead(&route.hops[place]);
            route.hops[place].may_vanish |= is_tunnel;
            if is_tunnel && route.hops.len() == 1 && route.preference > 0 {
                let preference = route.preference - 1;
                spare.push(Route { hops: vec![other], preference, ..route.clone() });
            } else {
                route.hops[place].may_vanish |= other.guard.is_some();
                route.hops.insert(place + 1, other);
            }
        }
        for route in spare {
            let is_same =
                |one: &&mut Route| one.prefix == route.prefix && one.preference == route.preference;
            match self.node.routes.iter_mut().find(is_same) {
                Some(known) => known.hops.extend(route.hops),
                None => self.node.routes.push(route),
            }
        }
        let mut policies: Vec<PolicyRoute> = Vec::new();
        for mut policy in std::mem::take(&mut self.node.policy_routes) {
            let is_main = policy.hop.hop == Hop::Interface(main);
            let other = PolicyRoute { hop: instead(&policy.hop), ..policy.clone() };
            policy.hop.may_vanish |= is_main;
            policies.push(policy);
            policies.extend(is_main.then_some(other));
        }
        self.node.policy_routes = policies;
    }

    fn no_backup(&mut self, name: IfName, line: Span) {
        let what = text!(
            ja: "{name} の、設定のないバックアップ先",
            en: "a backup of {name} that is not configured",
            name = name,
        );
        self.say(not_modelled(&what, line));
        self.gap(line, what, Effects::of(&[Effect::Route]));
    }

    /// A backup that leads back to what it stands for.
    fn in_circle(&mut self, name: IfName, line: Span) {
        let what = text!(
            ja: "{name} に戻る、循環したバックアップ",
            en: "backups in a circle that leads back to {name}",
            name = name,
        );
        self.say(not_modelled(&what, line));
        self.gap(line, what, Effects::of(&[Effect::Route]));
    }

    /// Lines that are up only if others do their part. With a backup both ways are followed.
    fn needs(&mut self) {
        let said = self.settings.interfaces.iter();
        let needing: Vec<(IfName, Span)> = said
            .filter(|(_, one)| one.backup.is_none())
            .filter_map(|(name, one)| one.needs.map(|line| (*name, line)))
            .collect();
        for (name, line) in needing {
            let Some(index) = self.interface(name) else { continue };
            if self.node.interface(index).enabled {
                self.assume(&Y_A15, line);
                self.meant.needing.push((name, line));
            }
        }
    }
}
