//! Addresses in the output of `ip -j addr`.

use diag::{Span, text};
use model::{Family, Net};

use super::gap;
use super::key::Object;
use crate::registry::linux::config::{Address, Facts, Given, LinkShape, Notes};
use crate::registry::linux::lower::effect::REACHED;
use crate::registry::linux::net::is_link_local;

/// Keys of an address that change nothing.
const OF_ADDRESSES: [&str; 17] = [
    "autojoin",
    "broadcast",
    "deprecated",
    "family",
    "home",
    "label",
    "mngtmpaddr",
    "nodad",
    "optimistic",
    "permanent",
    "preferred_life_time",
    "protocol",
    "scope",
    "secondary",
    "stable-privacy",
    "temporary",
    "tentative",
];

/// An address; `None` if it cannot be read.
pub(super) fn address(
    one: &Object<'_>,
    name: &str,
    shape: LinkShape,
    span: Span,
    facts: &mut Facts,
    notes: &mut Notes,
) -> Option<()> {
    let read = ["local", "prefixlen", "address", "dynamic", "noprefixroute", "metric"];
    let mut idle = OF_ADDRESSES.to_vec();
    idle.push("valid_life_time");
    one.is_known(&[&read, &idle], span, notes);
    let length = one.number::<u8>("prefixlen")?;
    let mut net = Net::new(one.word("local")?.parse().ok()?, length)?;
    if is_link_local(net.address()) {
        return Some(());
    }
    // The network of an address with a peer is the peer's.
    let mut connected = (length < net.family().bits()).then(|| net.prefix());
    if let Some(peer) = one.word("address") {
        let peer = Net::new(peer.parse().ok()?, length)?.prefix();
        if shape == LinkShape::Other && length < peer.family().bits() {
            let what = text!(
                ja: "相手側のアドレス {peer} を持つアドレス",
                en: "an address with the peer {peer}",
                peer = peer,
            );
            gap(notes, span, REACHED, what);
        }
        (net, connected) = (Net::host(net.address()), Some(peer));
    }
    if one.is_set("noprefixroute") {
        facts.unrouted.push((name.to_owned(), net.address()));
    }
    if !net.address().is_loopback() {
        facts.printed[net.family() as usize].get_or_insert(span);
    }
    let source = match (one.is_set("dynamic"), net.family()) {
        (false, _) => Given::Static,
        (true, Family::V4) => Given::Dhcp,
        (true, Family::V6) => Given::Advertised,
    };
    let metric = match one.value("metric") {
        Some(_) => Some(one.number("metric")?),
        None => None,
    };
    let is_same = |known: &&mut Address| known.interface == name && known.net == Some(net);
    match facts.addresses.iter_mut().find(is_same) {
        Some(known) => known.connected = known.connected.or(connected),
        None => {
            let (interface, net) = (name.to_owned(), Some(net));
            facts.addresses.push(Address { interface, source, net, connected, metric, span });
        }
    }
    Some(())
}
