//! Declarations of sets and maps.

use super::assignment::type_of;
use super::datatype::Type;
use super::element::{self, Elements, Shape};
use super::field::CONCATENATION_BITS;
use super::refusal::{Load, Why};
use super::rule::Place;
use super::value::single;
use super::walk::{Data, Flags, Set, Walk};

/// Most elements that a set may say to hold.
const SIZE_MAX: u64 = 1 << 20;

/// `set NAME { … }` or `map NAME { … }`; the first word has been read.
pub(super) fn set(walk: &mut Walk<'_>, table: usize, is_map: bool) -> Load {
    let at = walk.cursor.at;
    let name = walk.name()?;
    if walk.tables[table].set(name).is_some() {
        return walk.refuse_at(at, Why::Twice);
    }
    walk.sign("{")?;
    let mut body = Body { table, is_map, ..Body::default() };
    let mut found = Elements::default();
    loop {
        walk.cursor.skip_ends();
        if walk.cursor.take_sign("}") {
            break;
        }
        // Behind these two nft asks for no separator.
        let is_closed = matches!(walk.cursor.word(), Some("elements" | "auto-merge"));
        line(walk, &mut body, &mut found)?;
        if !is_closed {
            walk.separator()?;
        }
    }
    let Body { key: Some(key), data, flags, is_saving, .. } = body else {
        return walk.refuse_at(at, Why::Type);
    };
    // Small tables of the kernel mistake elements for one another.
    let is_small = is_saving && flags.size.is_some();
    let is_fit = !is_small
        && (!flags.merge || flags.interval && !is_map)
        && !(flags.interval && flags.dynamic)
        && (!is_map || data.is_some());
    if !is_fit {
        return walk.refuse_at(at, Why::Flag);
    }
    let span = walk.cursor.since(at);
    let Elements { bounds, calls, .. } = found;
    let set = Set { name, key, data, flags, bounds, calls };
    check(&set, span)?;
    walk.tables[table].sets.push(set);
    Ok(())
}

/// Refuses a set whose elements do not go together.
fn check(set: &Set<'_>, span: diag::Span) -> Load {
    let width = set.key.len();
    let count = set.bounds.len() / width.max(1);
    if set.flags.size.is_some_and(|size| size > 0 && count > size) {
        return Err(super::refusal::Refusal { span, why: Why::Large });
    }
    let is_merged = set.flags.merge && width == 1;
    let has_only_single = !set.flags.interval;
    if set.data.is_none() && (is_merged || has_only_single) {
        return Ok(());
    }
    element::apart(&set.bounds, width, set.data.is_none(), span)
}

#[derive(Default)]
struct Body {
    table: usize,
    is_map: bool,
    key: Option<Vec<Type>>,
    data: Option<Data>,
    flags: Flags,
    has_policy: bool,
    /// `policy memory`.
    is_saving: bool,
}

fn line<'t>(walk: &mut Walk<'t>, body: &mut Body, found: &mut Elements<'t>) -> Load {
    let at = walk.cursor.at;
    match walk.any_word()? {
        "type" => named(walk, body, at),
        "typeof" => by_fields(walk, body, at),
        "flags" => flags(walk, &mut body.flags),
        "timeout" => {
            body.flags.timeout = true;
            single(walk, Type::Stretch).map(|_| ())
        }
        "gc-interval" => {
            walk.need(body.flags.timeout, Why::Flag)?;
            single(walk, Type::Stretch).map(|_| ())
        }
        "size" => {
            let size = walk.number(SIZE_MAX)?;
            body.flags.size = usize::try_from(size).ok();
            Ok(())
        }
        "policy" => {
            let is_known = matches!(walk.cursor.word(), Some("performance" | "memory"));
            walk.need(is_known && !body.has_policy, Why::Form)?;
            body.has_policy = true;
            body.is_saving = walk.cursor.is_word("memory");
            walk.cursor.bump();
            Ok(())
        }
        "comment" => element::comment(walk),
        "counter" => {
            body.flags.counter = true;
            Ok(())
        }
        "auto-merge" => {
            body.flags.merge = true;
            Ok(())
        }
        "elements" => {
            walk.sign("=")?;
            let Some(key) = &body.key else { return walk.refuse_at(at, Why::Type) };
            let shape = Shape { key, data: body.data.as_ref(), flags: Some(body.flags) };
            element::list(walk, shape, found, 0)
        }
        _ => walk.refuse_at(at, Why::Form),
    }
}

/// `ipv4_addr . inet_service [: verdict]`.
fn named(walk: &mut Walk<'_>, body: &mut Body, at: usize) -> Load {
    if body.key.is_some() {
        return walk.refuse_at(at, Why::Twice);
    }
    body.key = Some(type_names(walk)?);
    if !body.is_map {
        return Ok(());
    }
    walk.sign(":")?;
    body.data = Some(if walk.cursor.take_word("verdict") {
        Data::Verdict
    } else {
        Data::Values(type_names(walk)?)
    });
    Ok(())
}

fn type_names(walk: &mut Walk<'_>) -> Load<Vec<Type>> {
    let mut found = Vec::new();
    loop {
        let at = walk.cursor.at;
        let Some(ty) = Type::named(walk.any_word()?) else {
            return walk.refuse_at(at, Why::Type);
        };
        found.push(ty);
        if !walk.takes_dot()? {
            break;
        }
    }
    fits(walk, found)
}

fn fits(walk: &Walk<'_>, found: Vec<Type>) -> Load<Vec<Type>> {
    let size: u32 = found.iter().map(|one| one.bits().next_multiple_of(32)).sum();
    walk.need(size <= CONCATENATION_BITS, Why::Large)?;
    Ok(found)
}

/// `typeof ip saddr . tcp dport [: verdict]`.
fn by_fields(walk: &mut Walk<'_>, body: &mut Body, at: usize) -> Load {
    if body.key.is_some() {
        return walk.refuse_at(at, Why::Twice);
    }
    body.key = Some(field_types(walk, body.table)?);
    if !body.is_map {
        return Ok(());
    }
    walk.sign(":")?;
    body.data = Some(if walk.cursor.take_word("verdict") {
        Data::Verdict
    } else {
        Data::Values(field_types(walk, body.table)?)
    });
    Ok(())
}

fn field_types(walk: &mut Walk<'_>, table: usize) -> Load<Vec<Type>> {
    let family = walk.tables[table].family;
    let mut place = Place { family, table, chain: 0, uses: 0 };
    let mut found = vec![type_of(walk, &mut place)?];
    while walk.takes_dot()? {
        found.push(type_of(walk, &mut place)?);
    }
    fits(walk, found)
}

fn flags(walk: &mut Walk<'_>, flags: &mut Flags) -> Load {
    loop {
        let flag = match walk.cursor.word() {
            Some("interval") => &mut flags.interval,
            Some("timeout") => &mut flags.timeout,
            Some("dynamic") => &mut flags.dynamic,
            Some("constant") => &mut flags.constant,
            _ => return walk.refuse(Why::Form),
        };
        *flag = true;
        walk.cursor.bump();
        if !walk.cursor.take_sign(",") {
            return Ok(());
        }
    }
}

/// `{ … }` of `add element`; the names have been read.
pub(super) fn more(walk: &mut Walk<'_>, table: usize, set: usize) -> Load {
    let at = walk.cursor.at;
    let known = &walk.tables[table].sets[set];
    let (key, data, flags) = (known.key.clone(), known.data.clone(), known.flags);
    let mut found = Elements::default();
    let shape = Shape { key: &key, data: data.as_ref(), flags: Some(flags) };
    element::list(walk, shape, &mut found, 0)?;
    let span = walk.cursor.since(at);
    for (name, span) in &found.calls {
        super::table::is_callable(&walk.tables[table], name, *span)?;
    }
    let known = &mut walk.tables[table].sets[set];
    known.bounds.append(&mut found.bounds);
    known.calls.append(&mut found.calls);
    check(known, span)
}
