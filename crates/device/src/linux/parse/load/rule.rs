//! One rule from left to right.

use super::datatype::Type;
use super::element::{self, Elements, Shape, is_list};
use super::field::{Field, Tells, fields, icmp_group};
use super::header::Headers;
use super::refusal::{Load, Why};
use super::value::{covered, single};
use super::walk::{Data, Walk};
use super::{assignment, statement};
use crate::registry::linux::config::TableFamily;
use crate::registry::linux::parse::lexer::Kind;

/// Where a rule stands, and what it does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) family: TableFamily,
    pub(super) table: usize,
    pub(super) chain: usize,
    pub(super) uses: u32,
}

/// Reads the rule that begins here, up to its end.
pub(super) fn rule(walk: &mut Walk<'_>, table: usize, chain: usize) -> Load {
    let family = walk.tables[table].family;
    let mut place = Place { family, table, chain, uses: 0 };
    walk.headers = Headers::of(family);
    let mut is_closed = false;
    while !walk.cursor.is_end() {
        if walk.cursor.is_word("comment") {
            walk.cursor.bump();
            element::comment(walk)?;
            walk.need(walk.cursor.is_end(), Why::Form)?;
            break;
        }
        walk.need(!is_closed, Why::Terminal)?;
        is_closed = statement::statement(walk, &mut place)?;
    }
    walk.tables[table].chains[chain].uses |= place.uses;
    Ok(())
}

/// `FIELD [op] VALUE`, `FIELD vmap …`, `FIELD set VALUE`; whether nothing may follow.
pub(super) fn relation(walk: &mut Walk<'_>, place: &mut Place) -> Load<bool> {
    let at = walk.cursor.at;
    let fields = fields(walk, place)?;
    match walk.cursor.word() {
        Some("vmap") => {
            walk.cursor.bump();
            verdict_map(walk, place, &fields)?;
            return Ok(true);
        }
        Some("set") => {
            walk.cursor.bump();
            let [field] = fields.as_slice() else { return walk.refuse_at(at, Why::Form) };
            assignment::assignment(walk, place, *field)?;
            return Ok(false);
        }
        Some("exists" | "missing") => {
            let has_presence = fields.len() == 1 && fields[0].has_presence;
            walk.need(has_presence, Why::Type)?;
            walk.cursor.bump();
            return Ok(false);
        }
        _ => {}
    }
    let [field] = fields.as_slice() else {
        takes_equality(walk)?;
        many(walk, place, &fields, true)?;
        return Ok(false);
    };
    compared(walk, place, *field)?;
    Ok(false)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Without,
    Order,
}

fn operator(walk: &mut Walk<'_>) -> Operator {
    let found = match walk.cursor.peek() {
        Some(Kind::Sign("==")) => Operator::Equal,
        Some(Kind::Sign("!=")) => Operator::NotEqual,
        Some(Kind::Sign("!")) => Operator::Without,
        Some(Kind::Sign("<" | "<=" | ">" | ">=")) => Operator::Order,
        Some(Kind::Word(word)) => match word.as_str() {
            "eq" => Operator::Equal,
            "ne" => Operator::NotEqual,
            "lt" | "le" | "gt" | "ge" => Operator::Order,
            _ => return Operator::Equal,
        },
        _ => return Operator::Equal,
    };
    walk.cursor.bump();
    found
}

fn takes_equality(walk: &mut Walk<'_>) -> Load<bool> {
    let at = walk.cursor.at;
    match operator(walk) {
        Operator::Equal => Ok(true),
        Operator::NotEqual => Ok(false),
        Operator::Without | Operator::Order => walk.refuse_at(at, Why::Operator),
    }
}

/// What stands behind one field.
fn compared(walk: &mut Walk<'_>, place: &mut Place, field: Field) -> Load {
    let ty = field.ty;
    walk.need(ty != Type::Presence, Why::Form)?;
    if matches!(walk.cursor.peek(), Some(Kind::Sign("&"))) || walk.cursor.is_word("and") {
        return masked(walk, ty);
    }
    let at = walk.cursor.at;
    let operator = operator(walk);
    // The number of no interface: what `fib` gives where there is no route.
    let is_no_interface = field.has_presence && ty == Type::IfIndex;
    if is_no_interface && matches!(walk.cursor.peek(), Some(Kind::Number(0))) {
        let is_plain = matches!(operator, Operator::Equal | Operator::NotEqual);
        walk.need(is_plain, Why::Operator)?;
        walk.cursor.bump();
        return Ok(());
    }
    match operator {
        Operator::Equal | Operator::NotEqual => {
            if is_list(walk) || walk.cursor.is_sign("@") {
                return many(walk, place, &[field], operator == Operator::Equal);
            }
            if ty.is_flags() {
                return flags(walk, ty);
            }
            let one = covered(walk, ty)?;
            if operator == Operator::Equal {
                told(walk, field, (!one.is_range).then_some(one.low))?;
            }
            Ok(())
        }
        Operator::Without if ty.is_flags() => match walk.cursor.is_sign("(") {
            true => bits(walk, ty),
            false => commas(walk, ty),
        },
        Operator::Order if ty.is_ordered() => single(walk, ty).map(|_| ()),
        Operator::Without | Operator::Order => walk.refuse_at(at, Why::Operator),
    }
}

/// `& MASK == VALUE`; the sign of the mask stands here.
fn masked(walk: &mut Walk<'_>, ty: Type) -> Load {
    let is_address = matches!(ty, Type::Ipv4 | Type::Ipv6);
    walk.need(ty.has_bits() || is_address, Why::Operator)?;
    walk.cursor.bump();
    if is_address {
        single(walk, ty)?;
        takes_equality(walk)?;
        return single(walk, ty).map(|_| ());
    }
    bits(walk, ty)?;
    let at = walk.cursor.at;
    match operator(walk) {
        Operator::Equal | Operator::NotEqual => bits(walk, ty),
        Operator::Order if ty == Type::TcpFlags => single(walk, ty).map(|_| ()),
        Operator::Order | Operator::Without => walk.refuse_at(at, Why::Operator),
    }
}

/// `a`, `a,b`, `a | b`, `(a | b)`, `a / a,b`.
fn flags(walk: &mut Walk<'_>, ty: Type) -> Load {
    if walk.cursor.is_sign("$") {
        return walk.held(|walk| flags(walk, ty));
    }
    if walk.cursor.is_sign("(") {
        return bits(walk, ty);
    }
    commas(walk, ty)?;
    if walk.cursor.is_sign("|") {
        walk.cursor.bump();
        return bits(walk, ty);
    }
    if walk.cursor.is_sign("/") {
        walk.need(ty == Type::TcpFlags, Why::Operator)?;
        walk.cursor.bump();
        commas(walk, ty)?;
    }
    Ok(())
}

fn commas(walk: &mut Walk<'_>, ty: Type) -> Load {
    single(walk, ty)?;
    while walk.cursor.take_sign(",") {
        single(walk, ty)?;
    }
    Ok(())
}

/// `a`, `a | b`, `(a | b)`.
fn bits(walk: &mut Walk<'_>, ty: Type) -> Load {
    let is_bracketed = walk.cursor.take_sign("(");
    single(walk, ty)?;
    while walk.cursor.take_sign("|") {
        single(walk, ty)?;
    }
    if is_bracketed { walk.sign(")") } else { Ok(()) }
}

/// A list in braces or a named set behind one or more fields.
fn many(walk: &mut Walk<'_>, place: &Place, fields: &[Field], is_equal: bool) -> Load {
    let types: Vec<Type> = fields.iter().map(|field| field.ty).collect();
    if walk.cursor.is_sign("@") {
        let set = named_set(walk, place)?;
        let set = &walk.tables[place.table].sets[set];
        let fits = set.data.is_none() && set.key == types;
        walk.need(fits, Why::Type)?;
        for field in fields.iter().filter(|_| is_equal) {
            told(walk, *field, None)?;
        }
        return Ok(());
    }
    walk.need(is_list(walk), Why::Form)?;
    let at = walk.cursor.at;
    let mut found = Elements::default();
    list_of(walk, &types, None, &mut found)?;
    if types.len() > 1 {
        let span = walk.cursor.since(at);
        element::apart(&found.bounds, types.len(), true, span)?;
    }
    let (true, [field]) = (is_equal, fields) else { return Ok(()) };
    let one = match found.bounds.as_slice() {
        [(low, high)] if low == high => Some(*low),
        _ => None,
    };
    told(walk, *field, one)
}

fn list_of<'t>(
    walk: &mut Walk<'t>,
    key: &[Type],
    data: Option<&Data>,
    found: &mut Elements<'t>,
) -> Load {
    element::list(walk, Shape { key, data, flags: None }, found, 0)
}

/// `@name` of a set of the table.
pub(super) fn named_set(walk: &mut Walk<'_>, place: &Place) -> Load<usize> {
    walk.sign("@")?;
    let at = walk.cursor.at;
    let name = walk.name()?;
    match walk.tables[place.table].set(name) {
        Some(found) => Ok(found),
        None => walk.refuse_at(at, Why::Undefined),
    }
}

/// Keeps in mind what a comparison with one value, or with several, tells of the headers.
fn told(walk: &mut Walk<'_>, field: Field, value: Option<u128>) -> Load {
    let headers = &mut walk.headers;
    let fits = match (field.tells, value) {
        (Tells::Nothing, _) => true,
        (Tells::NfProto, Some(2)) => headers.v4(),
        (Tells::NfProto, Some(10)) => headers.v6(),
        (Tells::EtherType, Some(value)) => headers.network(u16::try_from(value).unwrap_or(0)),
        (Tells::NfProto | Tells::EtherType, _) => headers.several_networks(),
        (Tells::Transport, Some(value)) => headers.transport(u8::try_from(value).unwrap_or(0)),
        (Tells::Transport, None) => headers.several_transports(),
        (Tells::IcmpType, Some(value)) => headers.icmp(icmp_group(value)),
        (Tells::IcmpType, None) => true,
    };
    walk.need(fits, Why::Protocol)
}

fn verdict_map(walk: &mut Walk<'_>, place: &Place, fields: &[Field]) -> Load {
    let types: Vec<Type> = fields.iter().map(|field| field.ty).collect();
    let (table, chain) = (place.table, place.chain);
    if walk.cursor.is_sign("@") {
        let map = named_set(walk, place)?;
        let map = &walk.tables[table].sets[map];
        let fits = map.data == Some(Data::Verdict) && map.key == types;
        let name = map.name;
        walk.need(fits, Why::Type)?;
        walk.tables[table].chains[chain].maps.push(name);
        return Ok(());
    }
    let at = walk.cursor.at;
    walk.need(is_list(walk), Why::Form)?;
    let mut found = Elements::default();
    list_of(walk, &types, Some(&Data::Verdict), &mut found)?;
    element::apart(&found.bounds, types.len(), false, walk.cursor.since(at))?;
    for (name, span) in found.calls {
        call(walk, place, name, span)?;
    }
    Ok(())
}

/// Notes that the rule calls a chain, which must be there and not be a base chain.
pub(super) fn call<'t>(
    walk: &mut Walk<'t>,
    place: &Place,
    name: &'t str,
    span: diag::Span,
) -> Load {
    let table = &mut walk.tables[place.table];
    super::table::is_callable(table, name, span)?;
    table.chains[place.chain].calls.push(name);
    Ok(())
}
