//! Interfaces that `ip -j` shows as not working.

use diag::text;

use super::gap;
use super::link::INNER;
use crate::registry::linux::config::{Facts, Link, LinkShape, Notes};
use crate::registry::linux::lower::effect::DENY;

/// An interface that is not known to work: read as up, so that no proof rests on its being down,
/// and a gap for what has to come through.
pub(super) fn read(link: &Link, facts: &Facts, notes: &mut Notes) {
    let has_address = facts.addresses.iter().any(|one| one.interface == link.name);
    let is_xfrm = link.kind.as_deref() == Some("xfrm");
    let is_used = has_address || link.master.is_some() || is_xfrm;
    let is_port = link.shape == LinkShape::Other
        && matches!(link.kind.as_deref(), None | Some("bridge" | "dsa" | "vlan"));
    let is_inner = link.kind.as_deref().is_some_and(|kind| INNER.contains(&kind));
    let mut own = facts.addresses.iter().filter(|one| one.interface == link.name);
    let reason = match link.deaf {
        _ if is_inner && own.any(|one| one.connected.is_some()) => "no wire",
        _ if !is_used => return,
        _ if link.is_up == Some(false) => "no UP",
        Some(flag) if is_port => flag,
        _ => return,
    };
    let what = text!(
        ja: "使えないように見える `{name}`（{reason}）",
        en: "`{name}`, which does not seem to work ({reason}),",
        name = link.name, reason = reason,
    );
    gap(notes, link.span, DENY, what);
}
