//! Settings of the kernel, as `sysctl -a` prints them: forwarding, `rp_filter`, and what the model
//! takes to be as the kernel begins with it.
//!
//! # Source
//! Linux, `Documentation/networking/ip-sysctl.rst`: `rp_filter` is the higher one of `conf/all` and
//! `conf/INTERFACE`; a new interface gets the value of `conf/default` when it comes into being, so
//! that one alone tells nothing.

use std::collections::BTreeMap;

use diag::{Span, text};
use model::{Effect, Family};

use super::config::{Facts, Notes, Unread};
use super::lower::effect::{DENY, PERMIT};

/// Settings by family, interface (or `all`) and name.
#[derive(Debug, Default)]
pub(crate) struct Settings(BTreeMap<(Family, String, String), (u32, Span)>);

/// What `rp_filter` asks of a source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum SourceCheck {
    Off,
    /// The best route to it leads back to the interface.
    Strict,
    /// There is a route to it.
    Loose,
}

/// What a line of settings is.
pub(super) enum Line {
    Kept,
    /// About an interface that carries nothing, or that comes into being later.
    Beside,
    /// About something else.
    Other,
    Unreadable,
}

/// Effects that no line of a configuration shows.
const PASSES: &[Effect] = &[Effect::Permit, Effect::Route, Effect::Manage];

/// Settings that let more pass than the model where they are not 0.
const LETTING: [(&str, &[Effect]); 10] = [
    ("accept_local", PERMIT),
    ("bc_forwarding", PASSES),
    ("disable_policy", PERMIT),
    ("disable_xfrm", PERMIT),
    ("force_forwarding", PASSES),
    ("proxy_arp", PASSES),
    ("proxy_arp_pvlan", PASSES),
    ("proxy_ndp", PASSES),
    ("route_localnet", PASSES),
    ("src_valid_mark", PERMIT),
];

impl Settings {
    /// Reads `KEY = VALUE`. A second value for a key is not read.
    pub(super) fn read(&mut self, line: &str, span: Span) -> Line {
        let Some((key, value)) = line.split_once('=') else { return Line::Unreadable };
        let Some(key) = key_of(key.trim().trim_start_matches('-')) else { return Line::Other };
        if matches!(key.1.as_str(), "default" | "lo") {
            return Line::Beside;
        }
        let Ok(value) = value.trim().parse::<u32>() else { return Line::Unreadable };
        let (known, _) = *self.0.entry(key).or_insert((value, span));
        if known == value { Line::Kept } else { Line::Unreadable }
    }

    fn of(&self, family: Family, interface: &str, name: &str) -> Option<(u32, Span)> {
        self.0.get(&(family, interface.to_owned(), name.to_owned())).copied()
    }

    /// What is asked of the sources of packets that arrive on `interface`, and the line that says
    /// so; `None` if that is not told.
    pub(crate) fn source_check(&self, interface: &str) -> Option<(SourceCheck, Span)> {
        let told = ["all", interface].map(|place| self.of(Family::V4, place, "rp_filter"));
        // A 2 is the higher one whatever the other is.
        let highest = told.into_iter().flatten().max_by_key(|(value, _)| *value)?;
        match highest {
            (2.., span) => Some((SourceCheck::Loose, span)),
            _ if told.contains(&None) => None,
            (1, span) => Some((SourceCheck::Strict, span)),
            (_, span) => Some((SourceCheck::Off, span)),
        }
    }

    /// All settings called `name`, with their interface.
    fn called<'a>(
        &'a self,
        family: Family,
        name: &'a str,
    ) -> impl Iterator<Item = (&'a str, u32, Span)> {
        let all = self.0.iter();
        let found = all.filter(move |((own, _, known), _)| *own == family && known == name);
        found.map(|((_, interface, _), (value, span))| (interface.as_str(), *value, *span))
    }
}

/// Family, interface and name of a key that matters; `net.ipv4.ip_forward` is a second name of
/// `net.ipv4.conf.all.forwarding`.
fn key_of(key: &str) -> Option<(Family, String, String)> {
    // With `/` between the parts, or with `.`, where `/` then stands for a dot in a name.
    let is_path = key.find('/') < key.find('.') && key.contains('/') || !key.contains('.');
    let turned: String = match is_path {
        true => key.to_owned(),
        false => key
            .chars()
            .map(|one| match one {
                '.' => '/',
                '/' => '.',
                one => one,
            })
            .collect(),
    };
    let (family, rest) = match turned.strip_prefix("net/")?.split_once('/')? {
        ("ipv4", "ip_forward") => (Family::V4, "conf/all/forwarding"),
        ("ipv4", rest) => (Family::V4, rest),
        ("ipv6", rest) => (Family::V6, rest),
        _ => return None,
    };
    let (interface, name) = rest.strip_prefix("conf/")?.split_once('/')?;
    let is_read = match name {
        "rp_filter" => family == Family::V4,
        "disable_ipv6" => family == Family::V6,
        "forwarding" => true,
        _ => LETTING.iter().any(|(known, _)| *known == name),
    };
    is_read.then(|| (family, interface.to_owned(), name.to_owned()))
}

/// Settles what all settings together tell.
pub(super) fn finish(facts: &mut Facts, notes: &mut Notes) {
    for family in Family::ALL {
        forwarding(facts, family, notes);
        for (name, effects) in LETTING {
            let found = facts.settings.called(family, name).filter(|(_, value, _)| *value != 0);
            found.for_each(|(_, _, span)| part(notes, name, span, effects, family));
        }
    }
    for (interface, value, span) in facts.settings.called(Family::V6, "disable_ipv6") {
        let mut addresses = facts.addresses.iter();
        let has_address = addresses.any(|one| {
            (interface == "all" || one.interface == interface)
                && one.net.is_some_and(|net| net.family() == Family::V6)
        });
        if value != 0 && has_address {
            part(notes, "disable_ipv6", span, DENY, Family::V6);
        }
    }
}

/// IPv4 is forwarded by each interface for itself, IPv6 by all of them (Linux
/// `ip_route_input_slow`, `ip6_forward`).
fn forwarding(facts: &mut Facts, family: Family, notes: &mut Notes) {
    let Some((all, span)) = facts.settings.of(family, "all", "forwarding") else { return };
    let of_interfaces = || {
        let found = facts.settings.called(family, "forwarding");
        found.filter(|(interface, ..)| family == Family::V4 && *interface != "all")
    };
    let is_on = all != 0 || of_interfaces().any(|(_, value, _)| value != 0);
    match facts.forwarding[family as usize] {
        Some((known, _)) if known != is_on => part(notes, "forwarding", span, PASSES, family),
        Some(_) => {}
        None => {
            let off = of_interfaces().filter(|(_, value, _)| is_on && *value == 0);
            off.for_each(|(_, _, span)| part(notes, "forwarding", span, DENY, family));
            facts.forwarding[family as usize] = Some((is_on, span));
        }
    }
}

fn part(notes: &mut Notes, name: &str, span: Span, effects: &'static [Effect], family: Family) {
    let what = text!(
        ja: "カーネルの設定 `{name}` のこの値",
        en: "this value of the kernel's `{name}`",
        name = name,
    );
    notes.part(Unread { span, what, effects, family: Some(family) });
}
