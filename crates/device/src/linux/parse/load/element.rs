//! Lists of elements in braces, of anonymous and named sets and maps.

use diag::Span;

use super::datatype::Type;
use super::refusal::{Load, Refusal, Why};
use super::value::{covered, single};
use super::walk::{Data, Flags, Walk};
use crate::registry::linux::parse::MAX_DEPTH;
use crate::registry::linux::parse::lexer::Kind;

/// What is known of the elements of one list.
#[derive(Default)]
pub(super) struct Elements<'t> {
    /// The bounds of the elements, those of one element side by side.
    pub(super) bounds: Vec<(u128, u128)>,
    /// Chains that they call, with the place.
    pub(super) calls: Vec<(&'t str, Span)>,
    pub(super) has_rest: bool,
}

/// What elements are like.
#[derive(Clone, Copy)]
pub(super) struct Shape<'a> {
    pub(super) key: &'a [Type],
    pub(super) data: Option<&'a Data>,
    /// What the set says of itself; anonymous sets adapt to their elements.
    pub(super) flags: Option<Flags>,
}

/// `{ …, … }`, or a variable that holds it. nft takes one line break at most between two words.
pub(super) fn list<'t>(
    walk: &mut Walk<'t>,
    shape: Shape<'_>,
    found: &mut Elements<'t>,
    depth: usize,
) -> Load {
    if walk.cursor.is_sign("$") {
        return walk.held(|walk| list(walk, shape, found, depth));
    }
    walk.need(depth < MAX_DEPTH, Why::Large)?;
    walk.sign("{")?;
    walk.line_break();
    loop {
        if is_list(walk) && shape.data.is_none() {
            list(walk, shape, found, depth + 1)?;
        } else {
            element(walk, shape, found)?;
        }
        walk.line_break();
        if walk.cursor.take_sign("}") {
            return Ok(());
        }
        if matches!(walk.cursor.peek(), Some(Kind::End | Kind::Line)) {
            return walk.refuse(Why::Break);
        }
        walk.sign(",")?;
        walk.line_break();
        if walk.cursor.take_sign("}") {
            return Ok(());
        }
        if matches!(walk.cursor.peek(), Some(Kind::End | Kind::Line)) {
            return walk.refuse(Why::Break);
        }
    }
}

/// Whether a list begins here.
pub(super) fn is_list(walk: &Walk<'_>) -> bool {
    walk.cursor.is_sign("{") || walk.cursor.is_sign("$") && walk.holds_list()
}

fn element<'t>(walk: &mut Walk<'t>, shape: Shape<'_>, found: &mut Elements<'t>) -> Load {
    let at = walk.cursor.at;
    if walk.cursor.is_sign("*") && shape.data.is_some() {
        walk.need(!found.has_rest, Why::Overlap)?;
        walk.cursor.bump();
        found.has_rest = true;
    } else {
        key(walk, shape, found, at)?;
    }
    options(walk, shape.flags)?;
    match shape.data {
        None => walk.need(!walk.cursor.is_sign(":"), Why::Type),
        Some(data) => {
            walk.need(walk.cursor.is_sign(":"), Why::Type)?;
            walk.cursor.bump();
            given(walk, data, found)
        }
    }
}

fn key(walk: &mut Walk<'_>, shape: Shape<'_>, found: &mut Elements<'_>, at: usize) -> Load {
    for (place, ty) in shape.key.iter().enumerate() {
        if place > 0 && !walk.takes_dot()? {
            return walk.refuse_at(at, Why::Type);
        }
        let mut one = covered(walk, *ty)?;
        // Several bits of one element, in lists that have no name.
        while ty.is_flags() && shape.flags.is_none() && walk.cursor.take_sign("|") {
            one.low |= single(walk, *ty)?;
            one.high = one.low;
        }
        if one.is_range && shape.flags.is_some_and(|flags| !flags.interval) {
            return walk.refuse_at(at, Why::Flag);
        }
        found.bounds.push((one.low, one.high));
    }
    walk.need(!walk.cursor.is_sign("."), Why::Type)
}

/// `timeout 1h expires 30m comment "…" counter`.
fn options(walk: &mut Walk<'_>, flags: Option<Flags>) -> Load {
    let flags = flags.unwrap_or_default();
    let mut seen = [false; 4];
    loop {
        let place = match walk.cursor.word() {
            Some("timeout") => 0,
            Some("expires") => 1,
            Some("comment") => 2,
            Some("counter") => 3,
            _ => return Ok(()),
        };
        walk.need(!seen[place], Why::Twice)?;
        seen[place] = true;
        let fits = [flags.timeout, flags.timeout && seen[0], true, flags.counter];
        walk.need(fits[place], Why::Flag)?;
        walk.cursor.bump();
        match place {
            0 | 1 => drop(single(walk, Type::Stretch)?),
            2 => comment(walk)?,
            _ => counter(walk)?,
        }
    }
}

/// The text of a comment.
pub(super) fn comment(walk: &mut Walk<'_>) -> Load {
    let at = walk.cursor.at;
    let text = walk.quoted()?;
    if text.len() < COMMENT_MAX { Ok(()) } else { walk.refuse_at(at, Why::Large) }
}

/// `NFTNL_UDATA_COMMENT_MAXLEN`.
const COMMENT_MAX: usize = 128;

/// `packets N bytes N` behind `counter`.
pub(super) fn counter(walk: &mut Walk<'_>) -> Load {
    if walk.cursor.take_word("packets") {
        walk.number(u64::MAX)?;
        walk.word("bytes")?;
        walk.number(u64::MAX)?;
    }
    Ok(())
}

/// What a map gives for an element.
fn given<'t>(walk: &mut Walk<'t>, data: &Data, found: &mut Elements<'t>) -> Load {
    match data {
        Data::Verdict => match verdict(walk)? {
            Some(call) => {
                found.calls.extend(call);
                Ok(())
            }
            None => walk.refuse(Why::Value),
        },
        Data::Values(types) => {
            for (place, ty) in types.iter().enumerate() {
                if place > 0 && !walk.takes_dot()? {
                    return walk.refuse(Why::Type);
                }
                single(walk, *ty)?;
            }
            walk.need(!walk.cursor.is_sign("."), Why::Type)
        }
    }
}

/// A verdict, if one stands here; and the chain that it calls, if it calls one.
pub(super) fn verdict<'t>(walk: &mut Walk<'t>) -> Load<Option<Option<(&'t str, Span)>>> {
    match walk.cursor.word() {
        Some("accept" | "drop" | "continue" | "return") => {
            walk.cursor.bump();
            Ok(Some(None))
        }
        Some("jump" | "goto") => {
            walk.cursor.bump();
            let span = walk.cursor.here();
            Ok(Some(Some((walk.name()?, span))))
        }
        _ => Ok(None),
    }
}

/// How many elements of several parts are compared with each other.
// LIMIT: a set with more is taken not to load.
const PAIRS_MAX: usize = 1_000;

/// Refuses elements of which two overlap, at `span`; the same element twice is taken where
/// `is_same_taken`.
pub(super) fn apart(
    bounds: &[(u128, u128)],
    width: usize,
    is_same_taken: bool,
    span: Span,
) -> Load {
    let refused = |why| Err(Refusal { span, why });
    if width == 1 {
        let mut sorted = bounds.to_vec();
        sorted.sort_unstable();
        let meets = |pair: &[(u128, u128)]| {
            pair[1].0 <= pair[0].1 && !(is_same_taken && pair[0] == pair[1])
        };
        return if sorted.windows(2).any(meets) { refused(Why::Overlap) } else { Ok(()) };
    }
    let parts: Vec<&[(u128, u128)]> = bounds.chunks(width.max(1)).collect();
    if parts.len() > PAIRS_MAX {
        return refused(Why::Large);
    }
    for (place, one) in parts.iter().enumerate() {
        for other in &parts[..place] {
            let mut both = one.iter().zip(other.iter());
            let meets = both.all(|(a, b)| a.0 <= b.1 && b.0 <= a.1);
            if meets && !(is_same_taken && one == other) {
                return refused(Why::Overlap);
            }
        }
    }
    Ok(())
}
