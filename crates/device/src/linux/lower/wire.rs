//! What a hook sees that the packet behind it does not tell: tags, fragments, and whether there is
//! an Ethernet header at all.
//!
//! # Source
//! Linux 6.18: frames with an 802.1Q tag of VLAN 0 are taken for untagged ones, but `ether type`
//! reads the tag; `nft_payload.c` (a rule ends at a fragment without the field),
//! `nf_defrag_ipv4.c` (priority -400, only with connection tracking). `nft --debug=netlink` of
//! 1.0.6: `ether …` asks for `meta iiftype ether`.

use model::{Family, Match, Ranges, ethertype};

use super::condition::Bounds;
use crate::registry::linux::config::Key;

/// Priority at which IPv4 and IPv6 are reassembled, `NF_IP_PRI_CONNTRACK_DEFRAG`.
pub(super) const REASSEMBLY: i64 = -400;

/// How far the kernel has taken apart what it received.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Form {
    /// A frame, which may have a tag and hold a fragment.
    Frame,
    /// A packet that may be a fragment.
    Fragment,
    /// A whole packet.
    Whole,
}

/// Whether what a hook sees has an Ethernet header.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Header {
    Always,
    /// It is for the interface to say that it was received on.
    OfInterface,
    /// nft asks for an interface that it was received on, and there is none.
    Unknown,
}

/// EtherTypes of frames with a tag: 802.1Q and 802.1ad.
const TAGS: [u16; 2] = [0x8100, 0x88a8];

/// EtherTypes of frames with a packet.
const PACKETS: [u16; 2] = [ethertype::IPV4, ethertype::IPV6];

pub(super) fn with_packet() -> Ranges {
    types(PACKETS)
}

fn types(of: [u16; 2]) -> Ranges {
    Ranges::of(of.map(|one| (u128::from(one), u128::from(one))))
}

/// Frames whose type is in `found`.
fn of_type(found: &Ranges) -> Vec<Match> {
    if found.is_empty() {
        return Vec::new();
    }
    vec![Match { ethertypes: Some(found.clone()), ..Match::any() }]
}

/// `ether type`: a packet behind a tag of VLAN 0 counts as one without a tag, but has the type of
/// the tag here.
pub(super) fn outer_type(found: &Ranges, form: Form) -> Bounds {
    if form != Form::Frame {
        return Bounds::exact(of_type(found));
    }
    let has = |tag: u16| found.contains(tag);
    let most = if TAGS.into_iter().any(has) { found.union(&with_packet()) } else { found.clone() };
    let least = match TAGS.into_iter().all(has) {
        true => found.clone(),
        false => found.intersection(&with_packet().complement(0xffff)),
    };
    let bounds = Bounds::between(of_type(&most), of_type(&least));
    // A frame without a tag fulfils no more than what is written.
    if most == *found { bounds.evadable() } else { bounds }
}

/// `meta protocol` of a frame: the type in it, behind a first VLAN tag.
pub(super) fn inner_type(found: &Ranges) -> Bounds {
    let tags = types(TAGS);
    if found.complement(0xffff).is_empty() {
        return Bounds::exact(of_type(found));
    }
    let without = found.intersection(&tags.complement(0xffff));
    Bounds::between(of_type(&found.union(&tags)), of_type(&without))
}

/// What holds of `bounds` for packets that may come in fragments. A first fragment of IPv4 has
/// the first eight bytes behind the header: ports, but no TCP flags; one of IPv6 may have
/// extension headers only. `only` is the family that the table is restricted to.
pub(super) fn in_fragments(bounds: Bounds, key: &Key, only: Option<Family>) -> Bounds {
    let is_of_v4 = |one: Match| match one.family.or(only) {
        Some(Family::V4) => Some(one),
        Some(Family::V6) => None,
        None => Some(Match { family: Some(Family::V4), ..one }),
    };
    let must: Vec<Match> = match key {
        Key::TcpFlags => Vec::new(),
        Key::Port(..) | Key::IcmpType(_) | Key::IcmpCode(_) | Key::L4Proto => {
            bounds.must.iter().cloned().filter_map(is_of_v4).collect()
        }
        _ => return bounds,
    };
    if must == bounds.must {
        return bounds;
    }
    let least = Bounds::between(bounds.may.clone(), must).evadable();
    Bounds { doubt: least.doubt.max(bounds.doubt), ..least }
}
