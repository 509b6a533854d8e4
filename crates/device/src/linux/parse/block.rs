//! What stands in the braces of a table, a chain and a set.

use diag::{Span, text};
use model::{Effect, Family};

use super::command::{self, elements, irrelevant, refuse};
use super::cursor::Cursor;
use super::lexer::Kind;
use super::{Loader, MAX_DEPTH, rule};
use crate::registry::linux::config::{
    Base, Chain, ChainKind, Hook, Set, TableFamily, Unread, Value,
};

/// Reads the inside of a table up to its closing brace.
pub(super) fn table(loader: &mut Loader<'_>, cursor: &mut Cursor<'_>, index: usize, depth: usize) {
    included(loader, cursor, index, depth);
    if !cursor.take_sign("}") {
        let start = cursor.at;
        refuse(&mut loader.context, cursor, start);
    }
}

/// Reads members of a table as long as there are any.
pub(super) fn included(
    loader: &mut Loader<'_>,
    cursor: &mut Cursor<'_>,
    index: usize,
    depth: usize,
) {
    loop {
        cursor.skip_ends();
        if cursor.is_done() || cursor.is_sign("}") {
            return;
        }
        let start = cursor.at;
        let read = member(loader, cursor, index, depth);
        if read.is_none() || !matches!(cursor.peek(), None | Some(Kind::End | Kind::Line)) {
            refuse(&mut loader.context, cursor, start);
        }
    }
}

fn member(
    loader: &mut Loader<'_>,
    cursor: &mut Cursor<'_>,
    index: usize,
    depth: usize,
) -> Option<()> {
    if command::definition(&mut loader.context, cursor)? {
        return Some(());
    }
    let start = cursor.at;
    let word = cursor.word()?;
    cursor.bump();
    match word {
        "chain" => chain(loader, cursor, index, start),
        "set" | "map" => set(loader, cursor, index, start),
        "include" => {
            let name = cursor.take_name()?;
            (depth < MAX_DEPTH).then_some(())?;
            loader.include_inside(name, cursor.since(start), index, depth);
            Some(())
        }
        "flags" => {
            while !cursor.is_end() {
                loader.tables[index].is_dormant |= cursor.is_word("dormant");
                cursor.bump();
            }
            Some(())
        }
        // Objects act only through the rules that name them, which are judged where they stand.
        "comment" | "flowtable" | "counter" | "quota" | "limit" | "ct" | "secmark" | "synproxy" => {
            loader.tables[index].helpers.extend(helper(cursor));
            cursor.skip_to_end();
            let span = cursor.since(start);
            irrelevant(&mut loader.context, span);
            Some(())
        }
        _ => None,
    }
}

/// The name of the object `ct helper NAME { type "KIND" … }` and its kind, if one stands here;
/// its first word has been read.
fn helper(cursor: &Cursor<'_>) -> Option<(String, String)> {
    let mut words = (0..).map_while(|place| cursor.peek_at(place));
    let mut words = words.by_ref().filter(|kind| !matches!(kind, Kind::Line | Kind::End));
    let is = |kind: Option<&Kind>, word: &str| matches!(kind, Some(Kind::Word(own)) if own == word);
    if !is(words.next(), "helper") {
        return None;
    }
    let (Some(Kind::Word(name) | Kind::Quoted(name)), Some(Kind::Sign("{"))) =
        (words.next(), words.next())
    else {
        return None;
    };
    match (is(words.next(), "type"), words.next()) {
        (true, Some(Kind::Quoted(kind))) => Some((name.clone(), kind.clone())),
        _ => None,
    }
}

/// A table of the family `arp`: its rules can only keep IPv4 neighbours from being found.
pub(super) fn foreign_table(loader: &mut Loader<'_>, cursor: &mut Cursor<'_>, name: Span) {
    let start = cursor.at;
    let mut depth = 1_usize;
    while depth > 0 && !cursor.is_done() {
        match cursor.peek() {
            Some(Kind::Sign("{")) => depth += 1,
            Some(Kind::Sign("}")) => depth -= 1,
            _ => {}
        }
        cursor.bump();
    }
    let what = text!(ja: "`arp` のテーブル", en: "a table of the family `arp`");
    let span = name.to(cursor.since(start));
    let gap = Unread { span, what, effects: &[Effect::Deny], family: Some(Family::V4) };
    loader.context.notes.part(gap);
}

/// `chain NAME [{ … }]`; the word `chain` has been read.
pub(super) fn chain(
    loader: &mut Loader<'_>,
    cursor: &mut Cursor<'_>,
    index: usize,
    start: usize,
) -> Option<()> {
    let name = cursor.take_name()?.to_owned();
    let span = cursor.since(start);
    let chains = &mut loader.tables[index].chains;
    let position = chains.iter().position(|chain| chain.name == name).unwrap_or_else(|| {
        chains.push(Chain { name, span, base: None, rules: Vec::new() });
        chains.len() - 1
    });
    if !cursor.take_sign("{") {
        return Some(());
    }
    let scope = loader.context.open();
    let read = chain_body(loader, cursor, (index, position));
    loader.context.close(scope);
    read
}

fn chain_body(
    loader: &mut Loader<'_>,
    cursor: &mut Cursor<'_>,
    (index, position): (usize, usize),
) -> Option<()> {
    loop {
        cursor.skip_ends();
        if cursor.take_sign("}") {
            return Some(());
        }
        if cursor.is_done() {
            return None;
        }
        let start = cursor.at;
        if chain_line(loader, cursor, (index, position)).is_none()
            || !matches!(cursor.peek(), None | Some(Kind::End | Kind::Line))
        {
            refuse(&mut loader.context, cursor, start);
        }
    }
}

fn chain_line(
    loader: &mut Loader<'_>,
    cursor: &mut Cursor<'_>,
    (index, position): (usize, usize),
) -> Option<()> {
    let start = cursor.at;
    match (cursor.word(), cursor.peek_at(1)) {
        (Some("type"), Some(Kind::Word(kind)))
            if matches!(kind.as_str(), "filter" | "nat" | "route") =>
        {
            let mut base = base(loader, cursor, index)?;
            base.span = cursor.since(start);
            // A chain that is there keeps its place.
            let known = loader.tables[index].chains[position].base.as_ref();
            let place = |one: &Base| (one.kind, one.hook, one.priority);
            known.is_none_or(|known| place(known) == place(&base)).then_some(())?;
            loader.tables[index].chains[position].base = Some(base);
            Some(())
        }
        (Some("policy"), _) => {
            cursor.bump();
            let drops = policy(loader, cursor)?;
            let base = loader.tables[index].chains[position].base.as_mut()?;
            (base.drops, base.has_policy) = (drops, true);
            base.span = cursor.since(start);
            Some(())
        }
        (Some("comment"), Some(Kind::Quoted(_))) => {
            cursor.bump();
            cursor.bump();
            irrelevant(&mut loader.context, cursor.since(start));
            Some(())
        }
        (Some("flags"), _) => {
            cursor.skip_to_end();
            Some(())
        }
        _ => {
            if command::definition(&mut loader.context, cursor)? {
                return Some(());
            }
            let read = rule::rule(cursor, &mut loader.context);
            loader.tables[index].chains[position].rules.push(read);
            Some(())
        }
    }
}

fn policy(loader: &mut Loader<'_>, cursor: &mut Cursor<'_>) -> Option<bool> {
    if cursor.take_word("accept") {
        return Some(false);
    }
    if cursor.take_word("drop") {
        return Some(true);
    }
    match super::value::single(cursor, &mut loader.context, 0)? {
        Value::Word(word) if word == "accept" => Some(false),
        Value::Word(word) if word == "drop" => Some(true),
        _ => None,
    }
}

/// `type filter hook input device "lan0" priority filter - 10`.
fn base(loader: &mut Loader<'_>, cursor: &mut Cursor<'_>, index: usize) -> Option<Base> {
    cursor.bump();
    let kind = match cursor.word()? {
        "nat" => ChainKind::Nat,
        "route" => ChainKind::Route,
        _ => ChainKind::Filter,
    };
    cursor.bump();
    cursor.take_word("hook").then_some(())?;
    let hook = match cursor.word()? {
        "ingress" => Hook::Ingress,
        "prerouting" => Hook::Prerouting,
        "input" => Hook::Input,
        "forward" => Hook::Forward,
        "output" => Hook::Output,
        "postrouting" => Hook::Postrouting,
        "egress" => Hook::Egress,
        _ => return None,
    };
    cursor.bump();
    let mut devices = Vec::new();
    if cursor.take_word("device") || cursor.take_word("devices") {
        cursor.take_sign("=");
        let value = super::value::single(cursor, &mut loader.context, 0)?;
        devices = device_names(value)?;
    }
    cursor.take_word("priority").then_some(())?;
    is_placed(loader.tables[index].family, kind, hook, !devices.is_empty()).then_some(())?;
    let is_bridge = loader.tables[index].family == TableFamily::Bridge;
    let priority = priority(loader, cursor, is_bridge)?;
    // The kernel takes no `nat` chain before connection tracking.
    (kind != ChainKind::Nat || priority > -200).then_some(())?;
    let span = cursor.here();
    Some(Base { kind, hook, devices, priority, drops: false, span, has_policy: false })
}

/// Whether the kernel has a place for such a chain.
pub(super) fn is_placed(
    family: TableFamily,
    kind: ChainKind,
    hook: Hook,
    has_device: bool,
) -> bool {
    let is_of_device = matches!(hook, Hook::Ingress | Hook::Egress);
    let fits_family = match family {
        TableFamily::Netdev => is_of_device,
        TableFamily::Inet => hook != Hook::Egress,
        TableFamily::Ip | TableFamily::Ip6 | TableFamily::Bridge => !is_of_device,
        TableFamily::Arp => matches!(hook, Hook::Input | Hook::Output),
    };
    let is_of_packets = matches!(family, TableFamily::Ip | TableFamily::Ip6 | TableFamily::Inet);
    let fits_kind = match kind {
        ChainKind::Filter => true,
        ChainKind::Nat => is_of_packets && hook != Hook::Forward && !is_of_device,
        ChainKind::Route => is_of_packets && hook == Hook::Output,
    };
    fits_family && fits_kind && is_of_device == has_device
}

fn device_names(value: Value) -> Option<Vec<String>> {
    match value {
        Value::Word(name) => Some(vec![name]),
        Value::Set(elements) => {
            elements.into_iter().map(|one| device_names(one.key)?.pop()).collect()
        }
        _ => None,
    }
}

fn priority(loader: &mut Loader<'_>, cursor: &mut Cursor<'_>, is_bridge: bool) -> Option<i64> {
    let number = |cursor: &mut Cursor<'_>| cursor.take_number().and_then(|n| i64::try_from(n).ok());
    if cursor.take_sign("-") {
        return number(cursor).map(|number| -number);
    }
    if let Some(found) = number(cursor) {
        return Some(found);
    }
    let Value::Word(word) = super::value::single(cursor, &mut loader.context, 0)? else {
        return None;
    };
    let base = named_priority(&word, is_bridge)?;
    if cursor.take_sign("-") {
        return number(cursor).map(|number| base - number);
    }
    if cursor.take_sign("+") {
        return number(cursor).map(|number| base + number);
    }
    Some(base)
}

/// A name of nft(8), or what a variable holds: `filter - 5`, `-10`.
pub(super) fn named_priority(word: &str, is_bridge: bool) -> Option<i64> {
    if let Ok(number) = word.parse() {
        return Some(number);
    }
    let mut parts = word.split(' ');
    let base = match (parts.next()?, is_bridge) {
        ("dstnat", true) => -300,
        ("filter", true) => -200,
        ("out", true) => 100,
        ("srcnat", true) => 300,
        ("raw", false) => -300,
        ("mangle", false) => -150,
        ("dstnat", false) => -100,
        ("filter", false) => 0,
        ("security", false) => 50,
        ("srcnat", false) => 100,
        _ => return None,
    };
    match (parts.next(), parts.next().and_then(|n| n.parse::<i64>().ok())) {
        (None, _) => Some(base),
        (Some("-"), Some(number)) => Some(base - number),
        (Some("+"), Some(number)) => Some(base + number),
        _ => None,
    }
}

/// `set NAME [{ … }]` and `map NAME [{ … }]`; the first word has been read.
pub(super) fn set(
    loader: &mut Loader<'_>,
    cursor: &mut Cursor<'_>,
    index: usize,
    start: usize,
) -> Option<()> {
    let name = cursor.take_name()?.to_owned();
    let span = cursor.since(start);
    let mut set = Set { name, span, is_dynamic: false, elements: Vec::new() };
    if cursor.take_sign("{") {
        set_body(loader, cursor, &mut set)?;
    }
    let sets = &mut loader.tables[index].sets;
    match sets.iter_mut().find(|known| known.name == set.name) {
        Some(known) => {
            known.elements.append(&mut set.elements);
            known.is_dynamic |= set.is_dynamic;
        }
        None => sets.push(set),
    }
    Some(())
}

fn set_body(loader: &mut Loader<'_>, cursor: &mut Cursor<'_>, set: &mut Set) -> Option<()> {
    let mut seen = Vec::new();
    loop {
        cursor.skip_ends();
        if cursor.take_sign("}") {
            return Some(());
        }
        // What is said twice is not said once and for all: nft takes the last.
        let word = cursor.word()?;
        (!seen.contains(&word)).then_some(())?;
        seen.push(word);
        // After these two nft asks for no separator.
        let is_closed = matches!(cursor.word(), Some("elements" | "auto-merge"));
        set_line(loader, cursor, set)?;
        (is_closed || matches!(cursor.peek(), Some(Kind::End | Kind::Line))).then_some(())?;
    }
}

fn set_line(loader: &mut Loader<'_>, cursor: &mut Cursor<'_>, set: &mut Set) -> Option<()> {
    let word = cursor.word()?;
    cursor.bump();
    match word {
        "type" | "typeof" | "comment" | "policy" | "size" | "gc-interval" | "counter" => {
            cursor.skip_to_end();
            Some(())
        }
        "auto-merge" => Some(()),
        "flags" => {
            while let Some(flag) = cursor.word() {
                set.is_dynamic |= matches!(flag, "dynamic" | "timeout");
                cursor.bump();
                cursor.take_sign(",");
            }
            Some(())
        }
        "timeout" => {
            set.is_dynamic = true;
            cursor.skip_to_end();
            Some(())
        }
        "elements" => {
            cursor.take_sign("=").then_some(())?;
            set.elements.extend(elements(cursor, &mut loader.context)?);
            Some(())
        }
        _ => None,
    }
}
