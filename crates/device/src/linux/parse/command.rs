//! Commands of a ruleset file, in the order in which they take effect.

use std::rc::Rc;

use diag::{Diagnostic, Span, Text, text};

use super::cursor::{Context, Cursor};
use super::lexer::{Kind, Token};
use super::value::{concatenation, set as set_value};
use super::{Loader, MAX_DEPTH, block, rule};
use crate::registry::linux::config::{Element, Notes, Table, TableFamily, Unread, Value};
use crate::registry::linux::lower::effect::ALL;

/// Places that are not understood from which on a file may be no ruleset at all.
const STRANGE_PLACES: usize = 10;

/// How many of them there are for each command that is read, in a file that is no ruleset.
const STRANGE_SHARE: usize = 4;

/// Carries out the commands of one file.
pub(super) fn file(loader: &mut Loader<'_>, tokens: &[Token], end: Span, depth: usize) {
    let mut cursor = Cursor::new(tokens, end);
    let told = loader.context.notes.diagnostics.len();
    let (mut known, mut strange) = (0, Vec::new());
    loop {
        cursor.skip_ends();
        if cursor.is_done() {
            break;
        }
        let start = cursor.at;
        let here = cursor.here();
        let read = command(loader, &mut cursor, depth);
        if read.is_none() || !matches!(cursor.peek(), None | Some(Kind::End | Kind::Line)) {
            strange.push(here);
            refuse(&mut loader.context, &mut cursor, start);
            cursor.take_sign("}");
        } else {
            known += 1;
        }
    }
    if strange.len() >= STRANGE_PLACES && strange.len() >= known * STRANGE_SHARE {
        let diagnostics = &mut loader.context.notes.diagnostics;
        let mut at = 0;
        diagnostics.retain(|one| {
            at += 1;
            at <= told || one.code != "P200"
        });
        diagnostics.push(no_ruleset(strange[0], strange.len()));
    }
}

/// What is said instead of one remark for each place of a text that is no ruleset.
fn no_ruleset(first: Span, count: usize) -> Diagnostic {
    Diagnostic::error(
        "P211",
        text!(
            ja: "nftables のルールセットに見えません（理解できない所が {count} か所）",
            en: "this does not look like a ruleset of nftables ({count} places not understood)",
            count = count,
        ),
    )
    .at(first)
    .because(text!(
        ja: "このルータについては何も証明しません",
        en: "nothing is proved about this router",
    ))
    .advise(text!(
        ja: "`nft list ruleset` の出力だけを、そのままテキストファイルに保存し直してください",
        en: "save what `nft list ruleset` prints, and nothing else, as a text file",
    ))
}

/// Reports what stands here and skips from the token `start` to the end of what it begins.
pub(super) fn refuse(context: &mut Context, cursor: &mut Cursor<'_>, start: usize) {
    let at = cursor.here();
    context.notes.diagnostics.push(
        Diagnostic::error(
            "P200",
            text!(ja: "この部分を理解できません", en: "this is not understood"),
        )
        .at(at)
        .because(text!(
            ja: "nft は 1 か所でも読めないとファイル全体を読み込みません。この行の意味が分からな\
                 いため、関係する要件は証明しません",
            en: "nft loads nothing of a file that it cannot read; as the meaning of this line is \
                 unknown, no requirement that it could touch is proved",
        )),
    );
    cursor.at = start;
    cursor.skip_to_end();
    let what = text!(ja: "理解できない行", en: "a line that is not understood");
    unread(context, cursor.since(start).to(at), what, ALL);
}

pub(super) fn unread(
    context: &mut Context,
    span: Span,
    what: Text,
    effects: &'static [model::Effect],
) {
    unread_note(&mut context.notes, span, what, effects);
}

/// Notes text whose meaning is not in the model.
pub(super) fn unread_note(
    notes: &mut Notes,
    span: Span,
    what: Text,
    effects: &'static [model::Effect],
) {
    notes.gaps.push(Unread { span, what, effects, family: None });
}

fn command(loader: &mut Loader<'_>, cursor: &mut Cursor<'_>, depth: usize) -> Option<()> {
    if definition(&mut loader.context, cursor)? {
        return Some(());
    }
    let start = cursor.at;
    match cursor.word()? {
        "include" => {
            cursor.bump();
            let name = cursor.take_name()?;
            loader.include(name, cursor.since(start), depth);
            Some(())
        }
        "flush" | "delete" | "destroy" | "reset" => removal(loader, cursor),
        "list" | "describe" | "monitor" => {
            cursor.skip_to_end();
            Some(())
        }
        "add" | "create" | "insert" | "replace" => {
            let is_first = cursor.is_word("insert");
            let is_replace = cursor.is_word("replace");
            cursor.bump();
            (!is_replace).then_some(())?;
            object(loader, cursor, is_first)
        }
        _ => object(loader, cursor, false),
    }
}

/// `define NAME = VALUE`, `undefine NAME`; whether one stood here.
pub(super) fn definition(context: &mut Context, cursor: &mut Cursor<'_>) -> Option<bool> {
    if cursor.take_word("undefine") {
        let name = cursor.take_name()?;
        // In a table or a chain the one outside of it would come back.
        (context.scopes == 0).then_some(())?;
        context.variables.retain(|(known, _)| known != name);
        return Some(true);
    }
    if !cursor.is_word("define") && !cursor.is_word("redefine") {
        return Some(false);
    }
    cursor.bump();
    let name = cursor.take_name()?.to_owned();
    if !cursor.take_sign("=") {
        return None;
    }
    let value = defined(cursor, context)?;
    context.variables.push((name, Rc::new(value)));
    Some(true)
}

/// A value, or a priority such as `filter - 5` or `-10`.
fn defined(cursor: &mut Cursor<'_>, context: &mut Context) -> Option<Value> {
    if cursor.take_sign("-") {
        return cursor.take_number().map(|number| Value::Word(format!("-{number}")));
    }
    let value = super::value::right_side(cursor, context)?;
    let Value::Word(word) = &value else { return Some(value) };
    let Some(Kind::Sign(sign @ ("+" | "-"))) = cursor.peek() else { return Some(value) };
    cursor.bump();
    cursor.take_number().map(|number| Value::Word(format!("{word} {sign} {number}")))
}

/// The family that stands here, or `ip` if none does.
fn family(cursor: &mut Cursor<'_>) -> TableFamily {
    let found = match cursor.word() {
        Some("ip") => TableFamily::Ip,
        Some("ip6") => TableFamily::Ip6,
        Some("inet") => TableFamily::Inet,
        Some("arp") => TableFamily::Arp,
        Some("bridge") => TableFamily::Bridge,
        Some("netdev") => TableFamily::Netdev,
        _ => return TableFamily::Ip,
    };
    cursor.bump();
    found
}

fn removal(loader: &mut Loader<'_>, cursor: &mut Cursor<'_>) -> Option<()> {
    let verb = cursor.word()?;
    cursor.bump();
    let kind = cursor.word()?;
    cursor.bump();
    let is_kept = verb == "flush";
    if verb == "reset" {
        cursor.skip_to_end();
        return Some(());
    }
    match kind {
        "ruleset" => {
            let only = (!cursor.is_end()).then(|| family(cursor));
            loader.tables.retain(|table| only.is_some_and(|only| table.family != only));
            Some(())
        }
        "table" => {
            let family = family(cursor);
            let name = cursor.take_name()?;
            let is_it = |table: &Table| table.family == family && table.name == name;
            // nft loads nothing of a file that takes away what is not there.
            (verb == "destroy" || loader.tables.iter().any(is_it)).then_some(())?;
            if is_kept {
                let found = loader.tables.iter_mut().filter(|table| is_it(table));
                found.flat_map(|table| &mut table.chains).for_each(|chain| chain.rules.clear());
            } else {
                loader.tables.retain(|table| !is_it(table));
            }
            Some(())
        }
        "chain" | "set" | "map" => {
            let family = family(cursor);
            let (table, name) = (cursor.take_name()?, cursor.take_name()?);
            let found = loader.tables.iter_mut();
            let mut found = found.filter(|one| one.family == family && one.name == table);
            let Some(table) = found.next() else { return (verb == "destroy").then_some(()) };
            let is_there = match kind {
                "chain" => table.chains.iter().any(|chain| chain.name == name),
                _ => table.sets.iter().any(|set| set.name == name),
            };
            (verb == "destroy" || is_there).then_some(())?;
            match (kind, is_kept) {
                ("chain", true) => {
                    let chains = table.chains.iter_mut().filter(|chain| chain.name == name);
                    chains.for_each(|chain| chain.rules.clear());
                }
                ("chain", false) => table.chains.retain(|chain| chain.name != name),
                (_, true) => {
                    let sets = table.sets.iter_mut().filter(|set| set.name == name);
                    sets.for_each(|set| set.elements.clear());
                }
                (_, false) => table.sets.retain(|set| set.name != name),
            }
            Some(())
        }
        _ => None,
    }
}

/// `table …`, `chain …`, `rule …`, `element …` with or without `add`.
fn object(loader: &mut Loader<'_>, cursor: &mut Cursor<'_>, is_first: bool) -> Option<()> {
    let start = cursor.at;
    let kind = cursor.word()?;
    cursor.bump();
    let family = family(cursor);
    let name = cursor.take_name()?.to_owned();
    let span = cursor.since(start);
    if kind == "table" {
        let was_dormant = loader.dormancy(family, &name);
        let index = loader.table(family, &name);
        // Whoever names a table says anew whether it is dormant.
        loader.tables[index].is_dormant = false;
        let is_as_before = |loader: &Loader<'_>| {
            was_dormant.is_none_or(|was| was == loader.tables[index].is_dormant)
        };
        if !cursor.is_sign("{") {
            return is_as_before(loader).then_some(());
        }
        cursor.bump();
        if family == TableFamily::Arp {
            block::foreign_table(loader, cursor, span);
        } else {
            let scope = loader.context.open();
            block::table(loader, cursor, index, 0);
            loader.context.close(scope);
        }
        return is_as_before(loader).then_some(());
    }
    let index = loader.tables.iter().position(|t| t.family == family && t.name == name)?;
    match kind {
        "chain" => block::chain(loader, cursor, index, start),
        "rule" => {
            let chain = cursor.take_name()?;
            let position = loader.tables[index].chains.iter().position(|c| c.name == chain)?;
            let has_place = matches!(cursor.word(), Some("position" | "index" | "handle"));
            if has_place {
                return None;
            }
            let mut read = rule::rule(cursor, &mut loader.context);
            read.span = cursor.since(start);
            let rules = &mut loader.tables[index].chains[position].rules;
            rules.insert(if is_first { 0 } else { rules.len() }, read);
            Some(())
        }
        "set" | "map" => block::set(loader, cursor, index, start),
        "element" => {
            let set = cursor.take_name()?.to_owned();
            let value = set_value(cursor, &mut loader.context, 0)?;
            let Value::Set(elements) = value else { return None };
            let sets = &mut loader.tables[index].sets;
            sets.iter_mut().find(|one| one.name == set)?.elements.extend(elements);
            Some(())
        }
        "flowtable" | "counter" | "quota" | "limit" | "ct" | "secmark" | "synproxy" => {
            cursor.skip_to_end();
            Some(())
        }
        _ => None,
    }
}

/// Elements after `elements =`.
pub(super) fn elements(cursor: &mut Cursor<'_>, context: &mut Context) -> Option<Vec<Element>> {
    match concatenation(cursor, context, MAX_DEPTH - 1)? {
        Value::Set(elements) => Some(elements),
        Value::Unknown => Some(Vec::new()),
        key => {
            let span = cursor.here();
            Some(vec![Element { key, data: None, expires: false, span }])
        }
    }
}

/// Marks `span` as text that cannot change a verdict.
pub(super) fn irrelevant(context: &mut Context, span: Span) {
    context.notes.irrelevant.push(span);
}
