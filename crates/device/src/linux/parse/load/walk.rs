//! The walk over the tokens of the files, and what is known on the way.

use std::collections::BTreeMap;

use diag::{SourceId, Span};

use super::Read;
use super::datatype::Type;
use super::header::Headers;
use super::refusal::{Load, Refusal, Why};
use super::word;
use crate::registry::linux::config::{ChainKind, DeviceKind, Facts, Hook, TableFamily};
use crate::registry::linux::lower::is_made;
use crate::registry::linux::parse::cursor::Cursor;
use crate::registry::linux::parse::lexer::{Kind, Token};
use crate::registry::linux::parse::{MAX_DEPTH, MAX_VALUES};

/// The place of the walk, and what the text before it made.
pub(super) struct Walk<'t> {
    pub(super) cursor: Cursor<'t>,
    /// The text to which the spans of the tokens belong.
    pub(super) text: &'t str,
    pub(super) files: &'t [Read<'t>],
    /// The files that the one at hand is made of.
    pub(super) loaded: Vec<SourceId>,
    facts: &'t Facts,
    variables: Vec<Variable<'t>>,
    /// Places of the variables of each name, in order.
    places: BTreeMap<&'t str, Vec<usize>>,
    /// How many of the variables are seen from here.
    seen: usize,
    /// In how many variables we stand: one may hold another.
    depth: usize,
    pub(super) tables: Vec<Table<'t>>,
    pub(super) headers: Headers,
    /// Where the first condition of iptables stands that nft prints and does not take.
    pub(super) xt: Option<Span>,
    /// Values that may still be read.
    budget: usize,
}

/// `define NAME = …`: its value is judged where it is used.
struct Variable<'t> {
    name: &'t str,
    value: &'t [Token],
    text: &'t str,
    /// How many variables its value sees.
    seen: usize,
}

#[derive(Debug)]
pub(super) struct Table<'t> {
    pub(super) family: TableFamily,
    pub(super) name: &'t str,
    pub(super) chains: Vec<Chain<'t>>,
    /// Places of the chains by name.
    places: BTreeMap<&'t str, usize>,
    pub(super) sets: Vec<Set<'t>>,
    /// Kind and name.
    pub(super) objects: Vec<(&'static str, &'t str)>,
}

#[derive(Debug)]
pub(super) struct Chain<'t> {
    pub(super) name: &'t str,
    pub(super) span: Span,
    pub(super) base: Option<(ChainKind, Hook, i64)>,
    /// Whether a body of it was read: it then becomes no base chain any more.
    pub(super) is_made: bool,
    /// Chains that its rules call.
    pub(super) calls: Vec<&'t str>,
    /// Verdict maps that its rules look up.
    pub(super) maps: Vec<&'t str>,
    /// What its rules do that only some hooks have, see [`super::hook`].
    pub(super) uses: u32,
}

/// A named set or map.
#[derive(Debug)]
pub(super) struct Set<'t> {
    pub(super) name: &'t str,
    pub(super) key: Vec<Type>,
    pub(super) data: Option<Data>,
    pub(super) flags: Flags,
    /// The bounds of the elements, those of one element side by side.
    pub(super) bounds: Vec<(u128, u128)>,
    /// Chains that its elements call, with the place.
    pub(super) calls: Vec<(&'t str, Span)>,
}

/// What a map gives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Data {
    Verdict,
    Values(Vec<Type>),
}

/// What is said of a set besides its type.
#[derive(Clone, Copy, Default, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of nft of its own")]
pub(super) struct Flags {
    pub(super) interval: bool,
    pub(super) timeout: bool,
    pub(super) dynamic: bool,
    pub(super) constant: bool,
    pub(super) merge: bool,
    pub(super) counter: bool,
    pub(super) size: Option<usize>,
}

impl<'t> Walk<'t> {
    pub(super) fn new(files: &'t [Read<'t>], facts: &'t Facts) -> Self {
        Self {
            cursor: Cursor::new(&[], Span::new(SourceId(0), 0, 0)),
            text: "",
            files,
            loaded: Vec::new(),
            facts,
            variables: Vec::new(),
            places: BTreeMap::new(),
            seen: 0,
            depth: 0,
            tables: Vec::new(),
            headers: Headers::default(),
            xt: None,
            budget: MAX_VALUES,
        }
    }

    /// Begins with a file of its own, which sees no variable of another one.
    pub(super) fn begin(&mut self) {
        self.loaded.clear();
        self.variables.clear();
        self.places.clear();
        (self.seen, self.depth) = (0, 0);
    }

    pub(super) fn refuse<T>(&self, why: Why) -> Load<T> {
        self.refuse_at(self.cursor.at, why)
    }

    /// Refuses what the token `at` begins.
    pub(super) fn refuse_at<T>(&self, at: usize, why: Why) -> Load<T> {
        let span = match self.cursor.tokens.get(at) {
            // The end of a line has no width.
            Some(Token { kind: Kind::Line, span }) => Span { end: span.start, ..*span },
            Some(token) => token.span,
            None => self.cursor.end,
        };
        Err(Refusal { span, why })
    }

    pub(super) fn need(&self, holds: bool, why: Why) -> Load {
        if holds { Ok(()) } else { self.refuse(why) }
    }

    /// Asks something of the headers of the packet.
    pub(super) fn ask(&mut self, ask: impl FnOnce(&mut Headers) -> bool) -> Load {
        let fits = ask(&mut self.headers);
        self.need(fits, Why::Protocol)
    }

    pub(super) fn sign(&mut self, sign: &str) -> Load {
        if self.cursor.take_sign(sign) { Ok(()) } else { self.refuse(Why::Form) }
    }

    pub(super) fn word(&mut self, word: &str) -> Load {
        if self.cursor.take_word(word) { Ok(()) } else { self.refuse(Why::Form) }
    }

    /// The word that stands here, whatever it is.
    pub(super) fn any_word(&mut self) -> Load<&'t str> {
        match self.cursor.word() {
            Some(word) => {
                self.cursor.bump();
                Ok(word)
            }
            None => self.refuse(Why::Form),
        }
    }

    /// A name: a plain word that nft does not keep for itself.
    pub(super) fn name(&mut self) -> Load<&'t str> {
        match self.cursor.word() {
            Some(name) if is_name(name) => {
                self.cursor.bump();
                Ok(name)
            }
            _ => self.refuse(Why::Form),
        }
    }

    pub(super) fn quoted(&mut self) -> Load<&'t str> {
        match self.cursor.peek() {
            Some(Kind::Quoted(text)) => {
                self.cursor.bump();
                Ok(text)
            }
            _ => self.refuse(Why::Form),
        }
    }

    pub(super) fn number(&mut self, most: u64) -> Load<u64> {
        match self.cursor.peek() {
            Some(Kind::Number(number)) => match u64::try_from(*number) {
                Ok(number) if number <= most => {
                    self.cursor.bump();
                    Ok(number)
                }
                _ => self.refuse(Why::Large),
            },
            _ => self.refuse(Why::Form),
        }
    }

    /// A line break or `;`, or the end of the text.
    pub(super) fn separator(&mut self) -> Load {
        match self.cursor.peek() {
            None => Ok(()),
            Some(Kind::End | Kind::Line) => {
                self.cursor.bump();
                Ok(())
            }
            Some(_) => self.refuse(Why::Separator),
        }
    }

    /// At most one line break.
    pub(super) fn line_break(&mut self) {
        if matches!(self.cursor.peek(), Some(Kind::Line)) {
            self.cursor.bump();
        }
    }

    /// The `.` of a concatenation, which must not touch its neighbours: `.b` is one word for nft.
    pub(super) fn takes_dot(&mut self) -> Load<bool> {
        if !self.cursor.is_sign(".") {
            return Ok(false);
        }
        let at = self.cursor.at;
        let span = self.cursor.here();
        let is_apart = |before: Option<&Token>, after: Option<&Token>| {
            before.is_none_or(|one| one.span.end < span.start)
                && after.is_some_and(|one| span.end < one.span.start)
        };
        let before = at.checked_sub(1).and_then(|at| self.cursor.tokens.get(at));
        self.need(is_apart(before, self.cursor.tokens.get(at + 1)), Why::Form)?;
        self.cursor.bump();
        Ok(true)
    }

    /// Counts a value that is read.
    pub(super) fn spend(&mut self) -> Load {
        match self.budget.checked_sub(1) {
            Some(left) => {
                self.budget = left;
                Ok(())
            }
            None => self.refuse(Why::Large),
        }
    }

    /// Makes a variable of the tokens from `start` to here.
    pub(super) fn define(&mut self, name: &'t str, start: usize) {
        let value = self.cursor.tokens.get(start..self.cursor.at).unwrap_or(&[]);
        self.forget(self.seen);
        self.places.entry(name).or_default().push(self.seen);
        self.variables.push(Variable { name, value, text: self.text, seen: self.seen });
        self.seen = self.variables.len();
    }

    /// Takes a variable away.
    pub(super) fn undefine(&mut self, name: &str) {
        for place in self.places.remove(name).unwrap_or_default() {
            self.variables[place].name = "";
        }
    }

    pub(super) fn is_defined(&self, name: &str) -> bool {
        self.variable(name, self.seen).is_some()
    }

    /// The last variable called `name` among the first `seen`.
    fn variable(&self, name: &str, seen: usize) -> Option<&Variable<'t>> {
        let places = self.places.get(name)?;
        let before = places.partition_point(|place| *place < seen);
        self.variables.get(*places.get(before.checked_sub(1)?)?)
    }

    /// How many variables are seen from here, to go back to with [`Self::forget`].
    pub(super) fn scope(&self) -> usize {
        self.seen
    }

    pub(super) fn forget(&mut self, scope: usize) {
        for one in self.variables.drain(scope..) {
            self.places.get_mut(one.name).and_then(Vec::pop);
        }
        self.seen = scope;
    }

    /// Reads with `read` what the variable holds whose `$` stands here; all of it must be read.
    pub(super) fn held<T>(&mut self, read: impl FnOnce(&mut Self) -> Load<T>) -> Load<T> {
        let at = self.cursor.at;
        self.sign("$")?;
        let name = self.name()?;
        self.spend()?;
        if self.depth == MAX_DEPTH {
            return self.refuse_at(at, Why::Large);
        }
        let Some(found) = self.variable(name, self.seen) else {
            return self.refuse_at(at, Why::Undefined);
        };
        let (value, text, seen) = (found.value, found.text, found.seen);
        let end = value.last().map_or(self.cursor.end, |token| token.span);
        let outer = std::mem::replace(&mut self.cursor, Cursor::new(value, end));
        let outer_text = std::mem::replace(&mut self.text, text);
        let outer_seen = std::mem::replace(&mut self.seen, seen);
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        let is_all = self.cursor.is_done();
        self.cursor = outer;
        (self.text, self.seen) = (outer_text, outer_seen);
        let result = result?;
        if is_all { Ok(result) } else { self.refuse_at(at, Why::Value) }
    }

    /// Whether the variable whose `$` stands here holds a list in braces.
    pub(super) fn holds_list(&self) -> bool {
        let Some(Kind::Word(name)) = self.cursor.peek_at(1) else { return false };
        let mut seen = self.seen;
        let mut name = name.as_str();
        loop {
            let Some(found) = self.variable(name, seen) else { return false };
            match found.value {
                [first, ..] if first.kind == Kind::Sign("{") => return true,
                [Token { kind: Kind::Sign("$"), .. }, Token { kind: Kind::Word(next), .. }] => {
                    (name, seen) = (next, found.seen);
                }
                _ => return false,
            }
        }
    }

    /// Whether an interface is there whenever rules are loaded.
    pub(super) fn has_interface(&self, name: &str) -> bool {
        let comes_later =
            |kind: &DeviceKind| matches!(kind, DeviceKind::Session(_)) || is_made(name);
        let mut devices = self.facts.interfaces.iter();
        name == "lo" || devices.any(|one| one.name == name && !comes_later(&one.kind))
    }

    pub(super) fn table(&self, family: TableFamily, name: &str) -> Option<usize> {
        self.tables.iter().position(|one| one.family == family && one.name == name)
    }
}

impl Chain<'_> {
    /// Takes its rules away.
    pub(super) fn clear(&mut self) {
        self.calls.clear();
        self.maps.clear();
        self.uses = 0;
    }
}

impl<'t> Table<'t> {
    pub(super) fn new(family: TableFamily, name: &'t str) -> Self {
        Self {
            family,
            name,
            chains: Vec::new(),
            places: BTreeMap::new(),
            sets: Vec::new(),
            objects: Vec::new(),
        }
    }

    pub(super) fn chain(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// Adds `chain`, whose name no other has.
    pub(super) fn add(&mut self, chain: Chain<'t>) -> usize {
        self.places.insert(chain.name, self.chains.len());
        self.chains.push(chain);
        self.chains.len() - 1
    }

    /// Takes the chain at `place` away.
    pub(super) fn remove(&mut self, place: usize) {
        self.chains.remove(place);
        self.places = (0..).zip(&self.chains).map(|(place, one)| (one.name, place)).collect();
    }

    pub(super) fn set(&self, name: &str) -> Option<usize> {
        self.sets.iter().position(|one| one.name == name)
    }
}

/// Longest name, well below what the kernel takes.
const NAME_MAX: usize = 100;

pub(super) fn is_name(name: &str) -> bool {
    let is_plain = name.starts_with(|one: char| one.is_ascii_alphabetic() || one == '_');
    is_plain && name.len() <= NAME_MAX && !name.ends_with('*') && !word::is_kept(name)
}
