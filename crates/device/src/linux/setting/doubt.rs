//! What the settings say against the model, or against what the files declare.
//!
//! # Source
//! Linux 6.18: `include/linux/inetdevice.h` for how `conf/all` and `conf/INTERFACE` count together,
//! `ip_route_input_slow` (IPv4 is forwarded by each interface for itself) and `ip6_forward`
//! (IPv6 by all of them).

use std::collections::BTreeSet;

use diag::{Span, text};
use model::{Effect, Family};

use super::super::config::{DeviceKind, Facts, Given, Notes, PathHop, Unread};
use super::super::lower::effect::{DENY, LOSS, PERMIT, ROUTE};

/// Effects that no line of a configuration shows.
const PASSES: &[Effect] = &[Effect::Permit, Effect::Route, Effect::Manage];

/// How the values of `conf/all` and of an interface count together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Together {
    /// One that is not 0 is enough.
    Either,
    /// Both have to be other than 0.
    Both,
}

use Together::{Both, Either};

/// Settings that let more pass than the model where they are not 0.
const LETTING: [(&[Family], &str, Together, &[Effect]); 14] = [
    (&Family::ALL, "accept_local", Either, PERMIT),
    (V4, "accept_redirects", Both, ROUTE),
    (V4, "accept_source_route", Both, PASSES),
    (&Family::ALL, "bc_forwarding", Either, PASSES),
    (&Family::ALL, "disable_policy", Either, PERMIT),
    (&Family::ALL, "disable_xfrm", Either, PERMIT),
    (&Family::ALL, "force_forwarding", Either, PASSES),
    (&Family::ALL, "proxy_arp", Either, PASSES),
    (&Family::ALL, "proxy_arp_pvlan", Either, PASSES),
    (&Family::ALL, "proxy_ndp", Either, PASSES),
    (&Family::ALL, "route_localnet", Either, PASSES),
    (V6, "rpl_seg_enabled", Both, PASSES),
    (V6, "seg6_enabled", Both, PASSES),
    (&Family::ALL, "src_valid_mark", Either, PERMIT),
];

const V4: &[Family] = &[Family::V4];
const V6: &[Family] = &[Family::V6];

/// Settings by which the kernel takes what routers advertise, and whether it is the default route
/// or the address that each of them is about; `None` for both.
const HEARING: [(&str, Option<Heard>); 4] = [
    ("accept_ra", None),
    ("accept_ra_defrtr", Some(Heard::Route)),
    ("accept_ra_pinfo", Some(Heard::Address)),
    ("autoconf", Some(Heard::Address)),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Heard {
    Route,
    Address,
}

/// Settings of no interface and no family.
pub(super) const OF_ALL: [&str; 3] =
    ["bridge-nf-call-iptables", "bridge-nf-call-ip6tables", HELPERS];

/// By itself it opens what FTP, SIP and others announce.
const HELPERS: &str = "nf_conntrack_helper";

/// Whether a setting of interfaces is one of those that count here.
pub(super) fn is_read(family: Family, name: &str) -> bool {
    let is_letting = |one: &(&[Family], &str, _, _)| one.0.contains(&family) && one.1 == name;
    let is_hearing = HEARING.iter().any(|(known, _)| family == Family::V6 && *known == name);
    is_hearing || LETTING.iter().any(is_letting)
}

/// Settles what all settings together tell.
pub(in super::super) fn finish(facts: &mut Facts, notes: &mut Notes) {
    for family in Family::ALL {
        forwarding(facts, family, notes);
    }
    for (families, name, together, effects) in LETTING {
        for family in families {
            for span in letting(facts, *family, name, together) {
                part(notes, name, span, effects, Some(*family));
            }
        }
    }
    let helpers = facts.settings.of(Family::V4, "all", HELPERS);
    if let Some((_, span)) = helpers.filter(|(value, _)| *value != 0) {
        part(notes, HELPERS, span, PERMIT, None);
    }
    for span in switched_off(facts) {
        part(notes, "disable_ipv6", span, LOSS, Some(Family::V6));
    }
}

/// Interfaces to which a setting may apply: those that files describe and those that it names.
fn places<'a>(facts: &'a Facts, family: Family, name: &'a str) -> BTreeSet<&'a str> {
    let described = facts.interfaces.iter().filter(|one| one.kind != DeviceKind::Loopback);
    let described = described.map(|one| one.name.as_str());
    described.chain(facts.settings.told(family, name)).collect()
}

/// The lines that say it.
fn letting(facts: &Facts, family: Family, name: &str, together: Together) -> BTreeSet<Span> {
    let settings = &facts.settings;
    let all = settings.of(family, "all", name).filter(|(value, _)| *value != 0);
    let places = places(facts, family, name);
    let own = places.iter().map(|place| settings.at(family, place, name));
    match together {
        Either => {
            let own = own.flatten().filter(|(value, _)| *value != 0);
            own.chain(all).map(|(_, span)| span).collect()
        }
        // Of an interface of which it is not told the kernel may have begun with a 1.
        Both => {
            let mut own = own;
            let is_open = own.any(|told| told.is_none_or(|(value, _)| value != 0));
            all.filter(|_| is_open).map(|(_, span)| span).into_iter().collect()
        }
    }
}

/// Whether it is forwarded as a whole; what single interfaces say otherwise is a gap.
fn forwarding(facts: &mut Facts, family: Family, notes: &mut Notes) {
    const NAME: &str = "forwarding";
    let all = facts.settings.of(family, "all", NAME);
    let places = if family == Family::V4 { places(facts, family, NAME) } else { BTreeSet::new() };
    let told: Vec<_> = places.iter().map(|place| facts.settings.at(family, place, NAME)).collect();
    let is_told = !told.contains(&None);
    let single: BTreeSet<_> =
        told.into_iter().flatten().map(|(value, span)| (value != 0, span)).collect();
    let all = all.map(|(value, span)| (value != 0, span));
    let of_value = |is_on| single.iter().filter(move |one| one.0 == is_on).map(|one| one.1);
    let first = of_value(true).next();
    match (facts.forwarding[family as usize], all, first) {
        (Some((known, _)), _, _) => {
            let effects = if known { DENY } else { PASSES };
            let other = all.filter(|(is_on, _)| *is_on != known).map(|(_, span)| span);
            let spans: BTreeSet<Span> = of_value(!known).chain(other).collect();
            spans.into_iter().for_each(|span| part(notes, NAME, span, effects, Some(family)));
        }
        (None, Some((true, span)), _) | (None, _, Some(span)) => {
            let is_whole = is_told || all.is_some_and(|(is_on, _)| is_on);
            let rest = Some(span).filter(|_| !is_whole);
            let spans = of_value(false).chain(rest);
            spans.for_each(|span| part(notes, NAME, span, DENY, Some(family)));
            facts.forwarding[family as usize] = Some((true, span));
        }
        (None, Some((false, span)), None) => {
            facts.forwarding[family as usize] = Some((false, span));
        }
        (None, None, None) => {
            of_value(false).for_each(|span| part(notes, NAME, span, DENY, Some(family)));
        }
    }
}

/// Lines with which an interface that has to do with IPv6 does not take part in it: it has no
/// address and no route there, and takes no packet.
fn switched_off(facts: &Facts) -> BTreeSet<Span> {
    let used = using_ipv6(facts);
    let settings = &facts.settings;
    let own = used.iter().map(|place| settings.at(Family::V6, place, "disable_ipv6"));
    let all = settings.of(Family::V6, "all", "disable_ipv6").filter(|_| !used.is_empty());
    let off = own.flatten().chain(all).filter(|(value, _)| *value != 0);
    off.map(|(_, span)| span).collect()
}

fn using_ipv6(facts: &Facts) -> BTreeSet<&str> {
    let addressed = facts.addresses.iter().filter(|one| match (&one.source, one.net) {
        (_, Some(net)) => net.family() == Family::V6,
        (Given::Advertised | Given::Delegated(..), None) => true,
        (Given::Static | Given::Dhcp | Given::Ipcp, None) => false,
    });
    let addressed = addressed.map(|one| one.interface.as_str());
    let routes = facts.routes.iter().filter(|one| one.prefix.family() == Family::V6);
    let routed = routes.flat_map(|one| &one.hops).filter_map(|hop| match hop {
        PathHop::Via(_, Some(name)) | PathHop::On(name) | PathHop::Learned(name) => {
            Some(name.as_str())
        }
        PathHop::Via(_, None) => None,
    });
    let advertising = facts.advertises.iter().map(|(name, _)| name.as_str());
    addressed.chain(routed).chain(advertising).collect()
}

/// Lines with which the kernel does not learn what the files say that it learns, see L-A11.
pub(in super::super) fn unheard(facts: &Facts) -> BTreeSet<Span> {
    let addressed = facts.addresses.iter().filter(|one| one.source == Given::Advertised);
    let addressed = addressed.map(|one| (one.interface.as_str(), Heard::Address));
    let routes = facts.routes.iter().filter(|one| one.prefix.family() == Family::V6);
    let routed = routes.flat_map(|one| &one.hops).filter_map(|hop| match hop {
        PathHop::Learned(name) => Some((name.as_str(), Heard::Route)),
        PathHop::Via(..) | PathHop::On(_) => None,
    });
    let mut found = BTreeSet::new();
    for (interface, what) in addressed.chain(routed) {
        let concerned = HEARING.iter().filter(|(_, only)| only.is_none_or(|only| only == what));
        found.extend(concerned.filter_map(|(name, _)| {
            let (value, span) = facts.settings.at(Family::V6, interface, name)?;
            let least = if *name == "accept_ra" { least(facts, interface) } else { 1 };
            (value < least).then_some(span)
        }));
    }
    found
}

/// The value of `accept_ra` from which on the kernel listens: on an interface that forwards it
/// needs a 2.
fn least(facts: &Facts, interface: &str) -> u32 {
    let own = facts.settings.of(Family::V6, interface, "forwarding");
    let whole = facts.forwarding[Family::V6 as usize];
    match (own, whole) {
        (Some((0, _)), _) | (None, Some((false, _))) => 1,
        _ => 2,
    }
}

fn part(
    notes: &mut Notes,
    name: &str,
    span: Span,
    effects: &'static [Effect],
    family: Option<Family>,
) {
    let what = text!(
        ja: "カーネルの設定 `{name}` のこの値",
        en: "this value of the kernel's `{name}`",
        name = name,
    );
    notes.part(Unread { span, what, effects, family });
}
