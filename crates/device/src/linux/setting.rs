//! Settings of the kernel, as `sysctl -a` prints them: forwarding, `rp_filter`, and what the model
//! takes to be as the kernel begins with it ([`doubt`]).
//!
//! # Source
//! Linux, `Documentation/networking/ip-sysctl.rst`: `rp_filter` is the higher one of `conf/all` and
//! `conf/INTERFACE`; a new interface gets the value of `conf/default` when it comes into being, so
//! that one alone tells nothing for sure.

mod doubt;

use std::collections::BTreeMap;

use diag::Span;
use model::Family;

pub(super) use self::doubt::{finish, unheard};

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
    /// About the interface that carries nothing, or `rp_filter` of those that come into being.
    Beside,
    /// About something else.
    Other,
    Unreadable,
}

impl Settings {
    /// Reads `KEY = VALUE`. A second value for a key is not read.
    pub(super) fn read(&mut self, line: &str, span: Span) -> Line {
        let Some((key, value)) = line.split_once('=') else { return Line::Unreadable };
        let Some(key) = key_of(key.trim().trim_start_matches('-')) else { return Line::Other };
        match (key.1.as_str(), key.2.as_str()) {
            ("lo", _) | ("default", "rp_filter") => return Line::Beside,
            _ => {}
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

    /// What is told of `interface`; of one of which nothing is, what those begin with that come
    /// into being.
    fn at(&self, family: Family, interface: &str, name: &str) -> Option<(u32, Span)> {
        let begun = || self.of(family, "default", name);
        self.of(family, interface, name).or_else(begun)
    }

    /// Interfaces of which the setting `name` is told.
    fn told<'a>(&'a self, family: Family, name: &'a str) -> impl Iterator<Item = &'a str> {
        let all = self.0.keys();
        let found = all.filter(move |(own, _, known)| *own == family && known == name);
        let places = found.map(|(_, interface, _)| interface.as_str());
        places.filter(|place| !matches!(*place, "all" | "default"))
    }

    /// Whether rules for packets see relayed frames of each family, where that is told.
    pub(crate) fn bridged(&self) -> Option<(bool, Span)> {
        let keys = ["bridge-nf-call-iptables", "bridge-nf-call-ip6tables"];
        let told = keys.map(|key| self.of(Family::V4, "all", key));
        let is_on = told.into_iter().flatten().find(|(value, _)| *value != 0);
        match (is_on, told) {
            (Some((_, span)), _) => Some((true, span)),
            (None, [Some((_, span)), Some(_)]) => Some((false, span)),
            _ => None,
        }
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
        ("bridge" | "netfilter", name) if doubt::OF_ALL.contains(&name) => {
            return Some((Family::V4, "all".to_owned(), name.to_owned()));
        }
        ("ipv4", rest) => (Family::V4, rest),
        ("ipv6", rest) => (Family::V6, rest),
        _ => return None,
    };
    let (interface, name) = rest.strip_prefix("conf/")?.split_once('/')?;
    let is_read = match name {
        "rp_filter" => family == Family::V4,
        "disable_ipv6" => family == Family::V6,
        "forwarding" => true,
        _ => doubt::is_read(family, name),
    };
    is_read.then(|| (family, interface.to_owned(), name.to_owned()))
}
