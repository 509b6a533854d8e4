//! What stands in the braces of a table. nft makes its sets, objects and chains first and then
//! the rules, so names may be used before the line that declares them.

use diag::Span;

use super::object::object;
use super::refusal::{Load, Refusal, Why};
use super::set::set;
use super::walk::{Chain, Table, Walk};
use super::{chain, command, element};
use crate::registry::linux::parse::MAX_DEPTH;
use crate::registry::linux::parse::lexer::Kind;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    Names,
    Rules,
}

/// Reads the inside of a table up to and with its closing brace.
pub(super) fn body(walk: &mut Walk<'_>, table: usize) -> Load {
    let (start, scope) = (walk.cursor.at, walk.scope());
    let known = walk.tables[table].chains.len();
    members(walk, table, Pass::Names, (known, 0))?;
    walk.forget(scope);
    for set in &walk.tables[table].sets {
        for (name, span) in &set.calls {
            is_callable(&walk.tables[table], name, *span)?;
        }
    }
    walk.cursor.at = start;
    members(walk, table, Pass::Rules, (known, 0))?;
    walk.forget(scope);
    walk.sign("}")
}

/// Whether rules and maps of the table can call the chain `name`.
pub(super) fn is_callable(table: &Table<'_>, name: &str, span: Span) -> Load {
    match table.chain(name) {
        Some(_) => Ok(()),
        None => Err(Refusal { span, why: Why::Undefined }),
    }
}

/// Reads members as long as there are any; `known` chains were there before.
fn members(walk: &mut Walk<'_>, table: usize, pass: Pass, (known, depth): (usize, usize)) -> Load {
    loop {
        walk.cursor.skip_ends();
        if walk.cursor.is_done() || walk.cursor.is_sign("}") {
            return Ok(());
        }
        match walk.cursor.word() {
            Some("chain") => {
                walk.cursor.bump();
                one_chain(walk, table, pass, known)?;
            }
            Some("include") => {
                walk.need(depth < MAX_DEPTH, Why::Large)?;
                command::include(walk, |walk| members(walk, table, pass, (known, depth + 1)))?;
            }
            Some("define" | "redefine" | "undefine") => {
                command::definition(walk)?;
            }
            _ if pass == Pass::Rules => walk.cursor.skip_to_end(),
            _ => declaration(walk, table)?,
        }
        walk.separator()?;
    }
}

fn declaration(walk: &mut Walk<'_>, table: usize) -> Load {
    let at = walk.cursor.at;
    match walk.any_word()? {
        "set" => set(walk, table, false),
        "map" => set(walk, table, true),
        "flags" => walk.word("dormant"),
        "comment" => element::comment(walk),
        "counter" => object(walk, table, "counter"),
        "quota" => object(walk, table, "quota"),
        "limit" => object(walk, table, "limit"),
        "flowtable" => object(walk, table, "flowtable"),
        "ct" => {
            walk.word("helper")?;
            object(walk, table, "ct helper")
        }
        _ => walk.refuse_at(at, Why::Form),
    }
}

fn one_chain(walk: &mut Walk<'_>, table: usize, pass: Pass, known: usize) -> Load {
    let span = walk.cursor.here();
    let name = walk.name()?;
    walk.sign("{")?;
    if pass == Pass::Rules {
        let Some(chain) = walk.tables[table].chain(name) else {
            return walk.refuse(Why::Undefined);
        };
        let is_new = chain >= known && !walk.tables[table].chains[chain].is_made;
        return chain::body(walk, table, chain, is_new);
    }
    make(walk, table, name, span);
    let mut depth = 1_usize;
    while depth > 0 {
        match walk.cursor.peek() {
            None => return walk.refuse(Why::Form),
            Some(Kind::Sign("{")) => depth += 1,
            Some(Kind::Sign("}")) => depth -= 1,
            Some(_) => {}
        }
        walk.cursor.bump();
    }
    Ok(())
}

/// The chain `name`, which is made if it is not there.
pub(super) fn make<'t>(walk: &mut Walk<'t>, table: usize, name: &'t str, span: Span) -> usize {
    let table = &mut walk.tables[table];
    table.chain(name).unwrap_or_else(|| {
        let (calls, maps) = (Vec::new(), Vec::new());
        table.add(Chain { name, span, base: None, is_made: false, calls, maps, uses: 0 })
    })
}
