//! swanctl.conf of strongSwan: connections with their children, as far as they say what is
//! protected, towards whom, and by which interface. How keys are made does not matter.

mod key;
mod secret;
mod selector;
mod value;
mod whole;

use std::collections::BTreeMap;
use std::net::IpAddr;

use diag::{Span, text};
use model::Peer;

use self::selector::selectors;
use self::value::Place;
use super::config::{Child, ChildKind, Credential, Notes, Unread};
use super::lower::effect::ALL;
use crate::File;

pub(super) use self::key::Secret;
pub(super) use self::secret::secrets;

/// A section with what stands in it.
#[derive(Debug, Default)]
struct Section {
    name: String,
    /// Where its name stands.
    span: Option<Span>,
    pairs: Vec<(String, String, Span)>,
    sections: Vec<Section>,
}

impl Section {
    fn value(&self, key: &str) -> Option<(&str, Span)> {
        let found = self.pairs.iter().rev().find(|(own, ..)| own == key);
        found.map(|(_, value, span)| (value.as_str(), *span))
    }

    /// Sections of one name are one section: a key that stands there later counts.
    ///
    /// # Source
    /// strongswan.conf(5), INCLUDING FILES and REFERENCING OTHER SECTIONS.
    fn merged(self) -> Self {
        let mut sections: Vec<Self> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for one in self.sections {
            match places.get(&one.name) {
                Some(place) => {
                    sections[*place].pairs.extend(one.pairs);
                    sections[*place].sections.extend(one.sections);
                }
                None => {
                    places.insert(one.name.clone(), sections.len());
                    sections.push(one);
                }
            }
        }
        let sections = sections.into_iter().map(Self::merged).collect();
        Self { sections, ..self }
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

/// The pre-shared keys of `file`.
pub(super) fn keys(file: &File<'_>) -> Vec<Secret> {
    let mut reader = Reader { file, at: 0, notes: &mut Notes::default() };
    key::secrets(&reader.section(Section::default(), 0).merged())
}

/// Reads the children of all connections of `file`; `known` are the connections of other files,
/// `keys` the pre-shared keys of all.
pub(super) fn read(
    file: &File<'_>,
    known: &mut Vec<String>,
    keys: &[Secret],
    notes: &mut Notes,
) -> Vec<Child> {
    let mut reader = Reader { file, at: 0, notes };
    let root = reader.section(Section::default(), 0).merged();
    let mut children = Vec::new();
    let around = || root.section("connections").chain([&root]);
    for (_, _, span) in around().flat_map(|all| &all.pairs) {
        let what = text!(
            ja: "swanctl.conf の接続の外にあるキー",
            en: "a key of swanctl.conf outside a connection",
        );
        notes.part(Unread { span: *span, what, effects: ALL, family: None });
    }
    whole::others(&root, notes);
    let mut own = Vec::new();
    for connection in root.section("connections").flat_map(|all| &all.sections) {
        if known.contains(&connection.name) {
            twice(connection, notes);
        }
        own.push(connection.name.clone());
        let (all, others): (Vec<_>, Vec<_>) =
            connection.sections.iter().partition(|one| is_word(&one.name, "children"));
        for one in all.iter().flat_map(|all| &all.sections) {
            children.extend(child((connection, key::of(connection, keys)), one, notes));
        }
        let modelled = ["local_addrs", "remote_addrs", "if_id_in", "if_id_out", "encap"];
        unknown(connection, Place::Connection, &modelled, notes);
        foreign(connection, |name| is_word(name, "children") || is_end(name), notes);
        all.iter().for_each(|all| unknown(all, Place::Children, &[], notes));
        for end in others.iter().filter(|one| is_end(&one.name)) {
            unknown(end, Place::End, &[], notes);
            foreign(end, |_| false, notes);
        }
    }
    known.append(&mut own);
    children
}

/// Names of sections of a connection count in either case.
fn is_word(name: &str, word: &str) -> bool {
    name.eq_ignore_ascii_case(word)
}

fn is_end(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("local") || name.starts_with("remote")
}

/// A connection that another file has too: which one counts is not known.
fn twice(connection: &Section, notes: &mut Notes) {
    let Some(span) = connection.span else { return };
    let what = text!(
        ja: "別のファイルにもある接続 `{name}`",
        en: "the connection `{name}`, which another file has too",
        name = connection.name,
    );
    notes.part(Unread { span, what, effects: ALL, family: None });
}

/// Reports sections in `section` that strongSwan does not know there: it then does not load the
/// connection.
fn foreign(section: &Section, is_known: impl Fn(&str) -> bool, notes: &mut Notes) {
    for one in section.sections.iter().filter(|one| !is_known(&one.name)) {
        let Some(span) = one.span else { continue };
        let what = text!(
            ja: "swanctl.conf のセクション `{name}`",
            en: "the section `{name}` of swanctl.conf",
            name = one.name,
        );
        notes.part(Unread { span, what, effects: ALL, family: None });
    }
}

/// What separates words. Other blanks of Unicode are a part of the word for strongSwan.
const BLANK: [char; 4] = [' ', '\t', '\r', '\n'];

struct Reader<'f, 'n> {
    file: &'f File<'f>,
    at: usize,
    notes: &'n mut Notes,
}

impl Reader<'_, '_> {
    /// What stands until the closing brace, or the end of the text.
    fn section(&mut self, mut section: Section, depth: usize) -> Section {
        loop {
            self.skip();
            let start = self.at;
            let rest = &self.file.text[self.at..];
            let Some(first) = rest.chars().next() else {
                if depth > 0 {
                    self.unbalanced(section.span);
                }
                return section;
            };
            if first == '}' {
                self.at += 1;
                if depth > 0 {
                    return section;
                }
                self.unbalanced(Some(Span::new(self.file.source, start, self.at)));
                continue;
            }
            let length = rest.find(['{', '}', '=', '\n', '#']).unwrap_or(rest.len());
            let key = rest[..length].trim_matches(BLANK).to_owned();
            self.at += length;
            match rest[length..].chars().next() {
                Some('{') if depth < super::parse::MAX_DEPTH && is_name(&key) => {
                    self.at += 1;
                    let span = Span::new(self.file.source, start, start + key.len());
                    let inner = Section { name: key, span: Some(span), ..Section::default() };
                    section.sections.push(self.section(inner, depth + 1));
                }
                Some('=') if is_name(&key) => {
                    self.at += 1;
                    let value = self.value();
                    let span = Span::new(self.file.source, start, self.at);
                    match value {
                        Some(value) => section.pairs.push((key, value, span)),
                        None => self.unread(span),
                    }
                }
                _ => {
                    self.at += rest[length..].chars().next().map_or(0, char::len_utf8);
                    let span = Span::new(self.file.source, start, self.at);
                    self.unread(span);
                }
            }
        }
    }

    fn unread(&mut self, span: Span) {
        let what = text!(
            ja: "swanctl.conf の読めない行（全角の空白や文字は使えません）や `include`",
            en: "a line of swanctl.conf that cannot be read (only ASCII can), or an `include`",
        );
        self.notes.part(Unread { span, what, effects: ALL, family: None });
    }

    /// A brace without its other half: strongSwan loads nothing of the file.
    fn unbalanced(&mut self, span: Option<Span>) {
        let Some(span) = span else { return };
        let what = text!(
            ja: "swanctl.conf の対にならない括弧（ファイル全体が読み込まれません）",
            en: "a brace of swanctl.conf without its other half (nothing of the file is loaded)",
        );
        self.notes.part(Unread { span, what, effects: ALL, family: None });
    }

    /// White space and comments.
    fn skip(&mut self) {
        loop {
            let rest = &self.file.text[self.at..];
            let blank = rest.len() - rest.trim_start_matches(BLANK).len();
            self.at += blank;
            let rest = &self.file.text[self.at..];
            if !rest.starts_with('#') {
                return;
            }
            self.at += rest.find('\n').unwrap_or(rest.len());
        }
    }

    /// A value: in quotes, or until the line, a comment or the section ends; `None` if it has
    /// quotes, escapes or anything but printable ASCII in it.
    fn value(&mut self) -> Option<String> {
        let rest = &self.file.text[self.at..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        self.at += blank;
        let rest = &self.file.text[self.at..];
        let quoted = rest.strip_prefix('"').and_then(|inner| {
            let length = inner.find('"')?;
            let is_plain = !inner[..length].contains(['\\', '\n']);
            is_plain.then(|| &inner[..length])
        });
        let used = quoted.map_or(0, |inner| inner.len() + 2);
        let rest = &rest[used..];
        let length = rest.find(['\n', '#', '}']).unwrap_or(rest.len());
        let value = rest[..length].trim_end_matches(BLANK);
        self.at += used + value.len();
        let found = match quoted {
            Some(inner) => value.is_empty().then_some(inner),
            None => (!value.contains(['"', '\\', '{'])).then_some(value),
        };
        // strongSwan refuses what is not ASCII; in another encoding a byte of it may end a quote.
        let is_plain = |one: char| one.is_ascii_graphic() || one == ' ';
        found.filter(|value| value.chars().all(is_plain)).map(str::to_owned)
    }
}

/// Whether a section or a key may have this name: a dot or a colon would reach into others, and
/// strongSwan refuses names that are not ASCII.
fn is_name(text: &str) -> bool {
    let is_fit = |one: char| one.is_ascii_alphanumeric() || one == '-' || one == '_';
    !text.is_empty() && text.len() <= NAME_MAX && text.chars().all(is_fit)
}

/// Longest name of a section or key that is taken.
///
/// # Units
/// Bytes. strongSwan sends names with one byte for their length, and refuses longer ones.
// LIMIT: a longer one is reported as not read.
const NAME_MAX: usize = 200;

/// Reports the keys of `section` that are neither among `keys` nor say how only.
fn unknown(section: &Section, place: Place, keys: &[&str], notes: &mut Notes) {
    for (key, value, span) in &section.pairs {
        // Without a value the key is taken back.
        let is_empty = value.trim().is_empty();
        let form = value::form(place, key);
        if form.is_some_and(|form| is_empty || value::is_taken(form, value)) {
            notes.irrelevant.push(*span);
            continue;
        }
        if form.is_none() && keys.contains(&key.as_str()) && !is_empty {
            continue;
        }
        let what = match (key.as_str(), form) {
            ("esp_proposals", Some(_)) => text!(
                ja: "暗号化しないか、strongSwan が受け付けないかもしれない ESP の提案 `{value}`",
                en: "the ESP proposals `{value}`, which perhaps do not encrypt or are refused",
                value = value,
            ),
            ("pools", _) => text!(
                ja: "swanctl.conf の `pools`（外から接続する端末にアドレスを渡します。誰が入るか）",
                en: "`pools` of swanctl.conf (addresses for those who dial in, and who they are)",
            ),
            ("vips", _) => text!(
                ja: "swanctl.conf の `vips`（接続先からアドレスをもらいます。誰の網に入るか）",
                en: "`vips` of swanctl.conf (an address from the far side, and whose side it is)",
            ),
            (key, Some(_)) => text!(
                ja: "swanctl.conf の `{key}` の値 `{value}`（strongSwan が接続を読み込まないかもし\
                     れません）",
                en: "the value `{value}` of `{key}` in swanctl.conf, for which strongSwan may not \
                     load the connection",
                key = key, value = value,
            ),
            (key, None) => {
                text!(ja: "swanctl.conf の `{key}`", en: "`{key}` of swanctl.conf", key = key)
            }
        };
        notes.part(Unread { span: *span, what, effects: ALL, family: None });
    }
}

fn child(
    (connection, credential): (&Section, Credential),
    one: &Section,
    notes: &mut Notes,
) -> Option<Child> {
    let keys = ["local_ts", "remote_ts", "mode", "start_action", "if_id_in", "if_id_out"];
    unknown(one, Place::Child, &keys, notes);
    foreign(one, |_| false, notes);
    let first = one.pairs.first().map(|(.., span)| *span).or(one.span)?;
    let mode = one.value("mode").map_or("tunnel", |(mode, _)| mode).to_ascii_lowercase();
    let kind = match mode.as_str() {
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
    let if_id = interface_number(connection, one, first, notes)?;
    let local_ts = selectors(one.value("local_ts"), notes)?;
    let remote_ts = selectors(one.value("remote_ts"), notes)?;
    if kind == ChildKind::Tunnel {
        whole::perhaps_down(connection, one, [&local_ts, &remote_ts], first, notes);
    }
    let (start, at) = one.value("start_action").unwrap_or(("none", first));
    let (Some(action), Some(is_encapsulated)) = (
        value::actions(start),
        value::switch(connection.value("encap").map_or("no", |(value, _)| value)),
    ) else {
        let what = text!(
            ja: "読めない `start_action` か `encap`",
            en: "a `start_action` or an `encap` that cannot be read",
        );
        notes.part(Unread { span: at, what, effects: ALL, family: None });
        return None;
    };
    let remote_text = remote.map(|(value, _)| value);
    Some(Child {
        name: format!("{}/{}", connection.name, one.name),
        span: first,
        local: address.and_then(|text| text.parse().ok()),
        peer: peer(remote_text),
        place: remote.map_or(first, |(_, span)| span),
        local_ts,
        remote_ts,
        kind,
        is_trap: action.is_trap && (kind != ChildKind::Tunnel || leads_somewhere(remote_text)),
        begins: action.is_trap || action.is_start,
        credential,
        start: at,
        if_id,
        is_encapsulated,
    })
}

/// The number of the XFRM interface of a child; 0 if it has none.
fn interface_number(
    connection: &Section,
    one: &Section,
    first: Span,
    notes: &mut Notes,
) -> Option<u32> {
    // Zero is the default, and takes the number of the connection.
    let if_id = |key: &str| {
        let number = |section: &Section| match section.value(key) {
            None | Some(("", _)) => Some(0),
            Some((value, _)) => value::number(value),
        };
        let (own, inherited) = (number(one)?, number(connection)?);
        Some(if own == 0 { inherited } else { own })
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
    Some(outward)
}

/// Whether the first peer is one address or name: without one there is no trap.
fn leads_somewhere(text: Option<&str>) -> bool {
    let first = text.and_then(|text| text.split(',').next()).unwrap_or_default();
    !matches!(peer(Some(first.trim())), Peer::Any)
}

fn peer(text: Option<&str>) -> Peer {
    let Some(text) = text.filter(|text| !matches!(*text, "" | "%any")) else { return Peer::Any };
    if text.contains([',', '/', '-', '%']) && text.parse::<IpAddr>().is_err() && !is_host(text) {
        return Peer::Any;
    }
    match text.parse::<IpAddr>() {
        Ok(address) if address.is_unspecified() => Peer::Any,
        Ok(address) => Peer::Address(address),
        Err(_) => Peer::Name(text.to_ascii_lowercase()),
    }
}

fn is_host(text: &str) -> bool {
    let is_fit = |one: char| one.is_ascii_alphanumeric() || one == '-' || one == '.';
    text.chars().all(is_fit) && text.chars().any(|one| one.is_ascii_alphabetic())
}
