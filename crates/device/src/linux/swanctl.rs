//! swanctl.conf of strongSwan: connections with their children, as far as they say what is
//! protected, towards whom, and by which interface. How keys are made does not matter.

use std::net::IpAddr;

use diag::{SourceId, Span, text};
use model::{Family, Net, Peer, Ranges};

use super::config::{Child, ChildKind, Notes, TrafficSelector, Unread};
use super::lower::effect::{ALL, DECIDE, ROUTE};
use crate::File;

/// A section with what stands in it.
#[derive(Debug, Default)]
struct Section {
    name: String,
    pairs: Vec<(String, String, Span)>,
    sections: Vec<Section>,
}

impl Section {
    fn value(&self, key: &str) -> Option<(&str, Span)> {
        let found = self.pairs.iter().rev().find(|(own, ..)| own == key);
        found.map(|(_, value, span)| (value.as_str(), *span))
    }

    fn section(&self, name: &str) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(move |one| one.name == name)
    }
}

/// Whether `file` is a swanctl.conf.
pub(super) fn is_swanctl(file: &File<'_>) -> bool {
    let name = file.name.rsplit('/').next().unwrap_or(file.name);
    name.ends_with("swanctl.conf") || name.ends_with(".swanctl")
}

/// Places of pre-shared keys and passwords.
pub(super) fn secrets(source: SourceId, text: &str) -> Vec<Span> {
    let mut start = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let words = line.trim_start();
        if let Some((key, value)) = words.split_once('=')
            && key.trim() == "secret"
        {
            let from = start + (line.len() - value.len());
            found.push(Span::new(source, from, start + line.trim_end().len()));
        }
        start += line.len();
    }
    found
}

/// Reads the children of all connections of `file`.
pub(super) fn read(file: &File<'_>, notes: &mut Notes) -> Vec<Child> {
    let mut reader = Reader { file, at: 0, notes };
    let root = reader.section(String::new(), 0);
    let mut children = Vec::new();
    for connection in root.section("connections").flat_map(|all| &all.sections) {
        let before = children.len();
        for one in connection.section("children").flat_map(|all| &all.sections) {
            children.extend(child(connection, one, notes));
        }
        let keys = ["local_addrs", "remote_addrs", "if_id_in", "if_id_out", "encap"];
        unknown(connection, &keys, notes);
        if children.len() == before && connection.section("children").next().is_none() {
            continue;
        }
    }
    children
}

struct Reader<'f, 'n> {
    file: &'f File<'f>,
    at: usize,
    notes: &'n mut Notes,
}

impl Reader<'_, '_> {
    /// What stands until the closing brace, or the end of the text.
    fn section(&mut self, name: String, depth: usize) -> Section {
        let mut section = Section { name, ..Section::default() };
        loop {
            self.skip();
            let rest = &self.file.text[self.at..];
            let Some(first) = rest.chars().next() else { return section };
            if first == '}' {
                self.at += 1;
                if depth > 0 {
                    return section;
                }
                continue;
            }
            let start = self.at;
            let length = rest.find(['{', '}', '=', '\n', '#']).unwrap_or(rest.len());
            let key = rest[..length].trim().to_owned();
            self.at += length;
            match rest[length..].chars().next() {
                Some('{') if depth < super::parse::MAX_DEPTH && !key.contains(':') => {
                    self.at += 1;
                    section.sections.push(self.section(key, depth + 1));
                }
                Some('=') => {
                    self.at += 1;
                    let value = self.value();
                    let span = Span::new(self.file.source, start, self.at);
                    section.pairs.push((key, value, span));
                }
                _ => {
                    self.at += rest[length..].chars().next().map_or(0, char::len_utf8);
                    let span = Span::new(self.file.source, start, self.at);
                    let what = text!(
                        ja: "swanctl.conf の読めない行や `include`",
                        en: "a line of swanctl.conf that cannot be read, or an `include`",
                    );
                    self.notes.part(Unread { span, what, effects: ALL, family: None });
                }
            }
        }
    }

    /// White space and comments.
    fn skip(&mut self) {
        loop {
            let rest = &self.file.text[self.at..];
            let blank = rest.len() - rest.trim_start().len();
            self.at += blank;
            let rest = &self.file.text[self.at..];
            if !rest.starts_with('#') {
                return;
            }
            self.at += rest.find('\n').unwrap_or(rest.len());
        }
    }

    /// A value: in quotes, or until the line, a comment or the section ends.
    fn value(&mut self) -> String {
        let rest = &self.file.text[self.at..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        self.at += blank;
        let rest = &self.file.text[self.at..];
        if let Some(quoted) = rest.strip_prefix('"') {
            let length = quoted.find('"').unwrap_or(quoted.len());
            self.at += (length + 2).min(rest.len());
            return quoted[..length].to_owned();
        }
        let length = rest.find(['\n', '#', '}']).unwrap_or(rest.len());
        let value = rest[..length].trim_end();
        self.at += value.len();
        value.to_owned()
    }
}

/// Keys of connections and children that say how, not what or whether.
const IDLE: [&str; 33] = [
    "version",
    "proposals",
    "esp_proposals",
    "local_port",
    "remote_port",
    "rekey_time",
    "reauth_time",
    "over_time",
    "rand_time",
    "rekey_bytes",
    "rekey_packets",
    "life_time",
    "life_bytes",
    "life_packets",
    "dpd_delay",
    "dpd_timeout",
    "dpd_action",
    "close_action",
    "fragmentation",
    "keyingtries",
    "unique",
    "mobike",
    "aggressive",
    "send_cert",
    "send_certreq",
    "inactivity",
    "replay_window",
    "hw_offload",
    "copy_df",
    "copy_ecn",
    "copy_dscp",
    "dscp",
    "sha256_96",
];

/// Reports the keys of `section` that are neither among `keys` nor idle.
fn unknown(section: &Section, keys: &[&str], notes: &mut Notes) {
    for (key, _, span) in &section.pairs {
        if IDLE.contains(&key.as_str()) {
            notes.irrelevant.push(*span);
            continue;
        }
        if keys.contains(&key.as_str()) {
            continue;
        }
        let effects = match key.as_str() {
            "pools" | "vips" | "updown" => ALL,
            "priority" | "policies" | "mark_in" | "mark_out" | "interface" => DECIDE,
            "set_mark_in" | "set_mark_out" => ROUTE,
            _ => ALL,
        };
        let what = match key.as_str() {
            "pools" => text!(
                ja: "swanctl.conf の `pools`（外から接続する端末にアドレスを渡します。誰が入るか）",
                en: "`pools` of swanctl.conf (addresses for those who dial in, and who they are)",
            ),
            "vips" => text!(
                ja: "swanctl.conf の `vips`（接続先からアドレスをもらいます。誰の網に入るか）",
                en: "`vips` of swanctl.conf (an address from the far side, and whose side it is)",
            ),
            key => text!(ja: "swanctl.conf の `{key}`", en: "`{key}` of swanctl.conf", key = key),
        };
        notes.part(Unread { span: *span, what, effects, family: None });
    }
}

fn child(connection: &Section, one: &Section, notes: &mut Notes) -> Option<Child> {
    let keys = ["local_ts", "remote_ts", "mode", "start_action", "if_id_in", "if_id_out"];
    unknown(one, &keys, notes);
    let first = one.pairs.first().map(|(.., span)| *span)?;
    let kind = match one.value("mode").map_or("tunnel", |(mode, _)| mode) {
        "tunnel" => ChildKind::Tunnel,
        "pass" => ChildKind::Pass,
        "drop" => ChildKind::Drop,
        _ => {
            let (_, span) = one.value("mode")?;
            let what = text!(
                ja: "トンネルモードではない IPsec", en: "IPsec that is not in tunnel mode",
            );
            notes.part(Unread { span, what, effects: ALL, family: None });
            return None;
        }
    };
    let address = connection.value("local_addrs").map(|(value, _)| value);
    let remote = connection.value("remote_addrs");
    let if_id = |key: &str| {
        let value = one.value(key).or_else(|| connection.value(key)).map_or("0", |(v, _)| v);
        number(value)
    };
    let (Some(inward), Some(outward)) = (if_id("if_id_in"), if_id("if_id_out")) else {
        let what = text!(ja: "読めない `if_id`", en: "an `if_id` that cannot be read");
        notes.part(Unread { span: first, what, effects: ALL, family: None });
        return None;
    };
    if inward != outward {
        let what = text!(ja: "内外で異なる `if_id`", en: "an `if_id` that differs by direction");
        notes.part(Unread { span: first, what, effects: ALL, family: None });
        return None;
    }
    let local_ts = selectors(one.value("local_ts"), notes)?;
    let remote_ts = selectors(one.value("remote_ts"), notes)?;
    let (start, at) = one.value("start_action").unwrap_or(("none", first));
    Some(Child {
        name: format!("{}/{}", connection.name, one.name),
        span: first,
        local: address.and_then(|text| text.parse().ok()),
        peer: peer(remote.map(|(value, _)| value)),
        place: remote.map_or(first, |(_, span)| span),
        local_ts,
        remote_ts,
        kind,
        is_trap: start.split('|').any(|word| word.trim() == "trap"),
        start: at,
        if_id: outward,
        is_encapsulated: connection.value("encap").is_some_and(|(value, _)| value == "yes"),
    })
}

fn number(text: &str) -> Option<u32> {
    match text.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

fn peer(text: Option<&str>) -> Peer {
    let Some(text) = text.filter(|text| *text != "%any") else { return Peer::Any };
    if text.contains([',', '/', '-', '%']) && text.parse::<IpAddr>().is_err() && !is_host(text) {
        return Peer::Any;
    }
    match text.parse() {
        Ok(address) => Peer::Address(address),
        Err(_) => Peer::Name(text.to_ascii_lowercase()),
    }
}

fn is_host(text: &str) -> bool {
    let is_fit = |one: char| one.is_ascii_alphanumeric() || one == '-' || one == '.';
    text.chars().all(is_fit) && text.chars().any(|one| one.is_ascii_alphabetic())
}

/// Selectors such as `192.0.2.0/24[tcp/443], dynamic`; `None` and a gap where one is not read.
fn selectors(written: Option<(&str, Span)>, notes: &mut Notes) -> Option<Vec<TrafficSelector>> {
    let Some((text, span)) = written else {
        return Some(vec![TrafficSelector { addresses: None, protocol: None, port: None }]);
    };
    let all: Option<Vec<TrafficSelector>> =
        text.split(',').map(|one| selector(one.trim())).collect();
    if all.is_none() {
        let what = text!(
            ja: "読めないトラフィックセレクター", en: "a traffic selector that cannot be read",
        );
        notes.part(Unread { span, what, effects: ALL, family: None });
    }
    all
}

fn selector(text: &str) -> Option<TrafficSelector> {
    let (addresses, suffix) = match text.split_once('[') {
        Some((before, rest)) => (before, rest.strip_suffix(']')?),
        None => (text, ""),
    };
    let (protocol, port) = match suffix.split_once('/') {
        Some((protocol, port)) => (protocol, port),
        None => (suffix, ""),
    };
    let protocol = match protocol {
        "" | "any" => None,
        "tcp" => Some(model::protocol::TCP),
        "udp" => Some(model::protocol::UDP),
        other => Some(other.parse().ok()?),
    };
    let port: Option<u16> = match port {
        "" | "any" => None,
        other => Some(other.parse().ok()?),
    };
    let has_ports = matches!(protocol, Some(model::protocol::TCP | model::protocol::UDP));
    if port.is_some() && !has_ports {
        return None;
    }
    let addresses = match addresses {
        "dynamic" => None,
        one => Some(ranges(one)?),
    };
    Some(TrafficSelector { addresses, protocol, port })
}

fn ranges(text: &str) -> Option<(Family, Ranges)> {
    if let Some((low, high)) = text.split_once('-') {
        let (low, high): (IpAddr, IpAddr) = (low.parse().ok()?, high.parse().ok()?);
        let family = Family::of(low);
        let (from, to) = (Family::number(low), Family::number(high));
        return (family == Family::of(high) && from <= to)
            .then(|| (family, Ranges::span(from, to)));
    }
    let net = match text.parse::<IpAddr>() {
        Ok(address) => Net::host(address),
        Err(_) => text.parse::<Net>().ok()?.prefix(),
    };
    Some((net.family(), net.ranges()))
}
