//! The walk over one table: unknown keys, missing keys and typed access to the rest.

use diag::{Diagnostic, SourceId, Span, Text, text};
use toml::de::{DeTable, DeValue};

use super::shape::{Doc, Field, Need, Record, Shape, spaced};
use crate::{Beside, Secret, Spanned, Topic, codes, recover, suggest};

/// A value as TOML has it.
pub(crate) type Raw<'a> = toml::Spanned<DeValue<'a>>;

/// Words that people use for a key that holds a secret.
const SECRET_KEYS: &[&str] = &[
    "password",
    "passwd",
    "pass",
    "pw",
    "psk",
    "pre-shared-key",
    "preshared-key",
    "shared-secret",
    "passphrase",
    "secret",
    "パスワード",
];

/// What the walk carries along.
pub(crate) struct Context<'a> {
    source: SourceId,
    is_broken: bool,
    path: Vec<&'a str>,
    /// What was found so far.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Places of secrets in clear.
    pub(crate) redactions: Vec<Span>,
    /// Mistakes that take nothing out of the network.
    pub(crate) beside: Vec<Beside>,
    /// Places of mistakes in the interfaces of machines.
    pub(crate) wiring: Vec<Span>,
    /// Keys that are not known where they stand and may belong to any other table.
    strangers: Vec<Span>,
}

impl<'a> Context<'a> {
    /// A walk over a text; after a syntax error nothing is concluded from absence.
    pub(crate) fn new(source: SourceId, is_broken: bool) -> Self {
        let path = Vec::with_capacity(8);
        let (diagnostics, redactions) = (Vec::new(), Vec::new());
        let (beside, wiring, strangers) = (Vec::new(), Vec::new(), Vec::new());
        Self { source, is_broken, path, diagnostics, redactions, beside, wiring, strangers }
    }

    /// The span of a TOML value or key.
    pub(crate) fn span<T>(&self, spanned: &toml::Spanned<T>) -> Span {
        let range = spanned.span();
        Span::new(self.source, range.start, range.end)
    }

    /// Whether the text has a syntax error, so that nothing follows from absence.
    pub(crate) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// The key that is being read, with the tables around it.
    pub(crate) fn path(&self) -> String {
        self.path.join(".")
    }

    /// Adds a diagnostic.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reads under `name`.
    pub(crate) fn within<T>(&mut self, name: &'a str, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(name);
        let value = read(self);
        self.path.pop();
        value
    }

    /// Reads something that stands beside the network and is about `topic` only. A key that may
    /// belong to another table is not.
    pub(crate) fn beside<T>(&mut self, topic: Topic, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.diagnostics.len();
        let value = read(self);
        let own = self.diagnostics[before..].iter();
        let places = own.filter_map(|one| one.primary.as_ref());
        let places = places.filter(|label| !self.strangers.contains(&label.span));
        self.beside.extend(places.map(|label| Beside { span: label.span, topic }));
        value
    }

    /// Reads the interfaces of a machine, of which nothing depends but what reads the network. A
    /// key that may belong to another table is not one of theirs.
    pub(crate) fn wiring<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.diagnostics.len();
        let value = read(self);
        let own = self.diagnostics[before..].iter();
        let places = own.filter_map(|one| one.primary.as_ref()).map(|label| label.span);
        self.wiring.extend(places.filter(|span| !self.strangers.contains(span)));
        value
    }

    /// Reports a value of the wrong TOML type.
    pub(crate) fn wrong_type(&mut self, raw: &Raw<'a>, shape: &Shape) {
        let span = self.span(raw);
        let mut diagnostic = Diagnostic::error(
            codes::WRONG_TYPE,
            text!(
                ja: "`{key}` には{what}を書きますが、{found}が書かれています",
                en: "`{key}` takes {what}, but holds {found}",
                key = self.path(), what = spaced(shape.what()), found = type_name(raw.get_ref()),
            ),
        )
        .at(span);
        let example = shape.example();
        diagnostic = diagnostic.advise(text!(
            ja: "`{key} = {example}` の形で書いてください",
            en: "write it like `{key} = {example}`",
            key = self.path.last().copied().unwrap_or_default(), example = example,
        ));
        if let (Shape::Date(_), DeValue::String(written)) = (shape, raw.get_ref())
            && super::scalars::date_of(written).is_some()
        {
            diagnostic = diagnostic.mend(span, written.trim().replace('/', "-"));
        }
        if let (Shape::List(_), DeValue::String(written)) = (shape, raw.get_ref())
            && !written.contains(['"', '\\', '\n'])
        {
            diagnostic = diagnostic.mend(span, format!("[\"{written}\"]"));
        }
        self.report(diagnostic);
    }
}

fn type_name(value: &DeValue<'_>) -> Text {
    match value {
        DeValue::String(_) => Text::new("文字列", "a string"),
        DeValue::Integer(_) => Text::new("整数", "an integer"),
        DeValue::Float(_) => Text::new("小数", "a decimal number"),
        DeValue::Boolean(_) => Text::new("真偽値", "a boolean"),
        DeValue::Datetime(_) => Text::new("日付または時刻", "a date or time"),
        DeValue::Array(_) => Text::new("配列", "an array"),
        DeValue::Table(_) => Text::new("テーブル", "a table"),
    }
}

/// How the value of a key is read. A kind is a name for a way of reading, not a value.
pub(crate) trait Kind {
    /// What comes out.
    type Value;
    /// What the table of fields has to say about the key.
    const SHAPE: Shape;
    /// Reads it; `None` after a diagnostic.
    fn decode<'a>(context: &mut Context<'a>, raw: &'a Raw<'a>) -> Option<Self::Value>;
}

/// A key that has to be there, read as `K`.
pub(crate) const fn required<K: Kind>(
    key: &'static str,
    ja: &'static str,
    en: &'static str,
) -> Field {
    Field { key, shape: K::SHAPE, need: Need::Required, doc: Doc { ja, en } }
}

/// A key that may be absent, read as `K`.
pub(crate) const fn optional<K: Kind>(
    key: &'static str,
    ja: &'static str,
    en: &'static str,
) -> Field {
    Field { key, shape: K::SHAPE, need: Need::Optional, doc: Doc { ja, en } }
}

/// Something that is written as a table with fixed keys.
pub(crate) trait Tabled: Sized {
    /// Its keys.
    const RECORD: &'static Record;
    /// Whether one that holds any mistake counts for nothing: what is left of it could say more
    /// than what was written.
    const IS_VOID_IF_FAULTY: bool = false;
    /// Reads them all; `None` if a required one is missing.
    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self>;
}

/// One table while it is read.
pub(crate) struct Fields<'a> {
    record: &'static Record,
    table: &'a DeTable<'a>,
    /// Where to point at when something is missing.
    pub(crate) place: Span,
    /// The name of the entry, for tables that have one.
    pub(crate) name: Option<Spanned<String>>,
    taken: u64,
}

impl<'a> Fields<'a> {
    /// Opens a table; reports unknown and missing keys.
    pub(crate) fn open(
        context: &mut Context<'a>,
        record: &'static Record,
        table: &'a DeTable<'a>,
        place: Span,
    ) -> Self {
        for (key, value) in table {
            if record.fields.iter().all(|field| field.key != key.get_ref().as_ref()) {
                let span = context.span(key);
                unknown_key(context, record, key.get_ref(), span, value);
            }
        }
        if !context.is_broken {
            let required = record.fields.iter().filter(|field| field.need == Need::Required);
            for field in required.filter(|field| is_missing(record, table, field.key)) {
                missing_key(context, record, field.key, &field.shape, place);
            }
        }
        Self { record, table, place, name: None, taken: 0 }
    }

    /// The value of `key`, if it is there and can be read.
    pub(crate) fn take<K: Kind>(
        &mut self,
        context: &mut Context<'a>,
        key: &'static str,
    ) -> Option<Spanned<K::Value>> {
        let index = self.record.fields.iter().position(|field| field.key == key);
        debug_assert!(
            index.is_some_and(|at| self.record.fields[at].shape.is_same(&K::SHAPE)),
            "the table of fields of `{}` and its decoder agree on `{key}`",
            self.record.name,
        );
        self.taken |= index.map_or(0, |at| 1 << at);
        let raw = self.table.get(key)?;
        let span = context.span(raw);
        let value = context.within(key, |context| K::decode(context, raw))?;
        Some(Spanned::new(value, span))
    }

    /// The items under `key`; empty if it is absent or cannot be read.
    pub(crate) fn list<K: Kind<Value = Vec<T>>, T>(
        &mut self,
        context: &mut Context<'a>,
        key: &'static str,
    ) -> Vec<T> {
        self.take::<K>(context, key).map_or_else(Vec::new, |items| items.value)
    }

    /// The place of `key`, if it is there.
    pub(crate) fn key_span(&self, context: &Context<'a>, key: &str) -> Option<Span> {
        self.table
            .iter()
            .find(|(name, _)| name.get_ref().as_ref() == key)
            .map(|(key, _)| context.span(key))
    }

    /// Whether `key` is absent, and no other key stands there in a wrong spelling of it.
    pub(crate) fn is_missing(&self, key: &str) -> bool {
        is_missing(self.record, self.table, key)
    }

    /// Reports that `key` is missing, where another key makes it necessary.
    pub(crate) fn miss(&self, context: &mut Context<'a>, key: &'static str) {
        let field = self.record.fields.iter().find(|field| field.key == key);
        let is_told = context.is_broken || !is_missing(self.record, self.table, key);
        if let Some(field) = field.filter(|_| !is_told) {
            missing_key(context, self.record, key, &field.shape, self.place);
        }
    }

    /// Ends the reading: every key of the table of fields has been asked for.
    pub(crate) fn close(self) {
        let all = (1_u64 << self.record.fields.len()) - 1;
        debug_assert!(self.taken == all, "the decoder of `{}` reads all", self.record.name);
    }
}

/// Whether `key` is absent from `table`, and no key that is not known is meant to be it: what is
/// told of the spelling is the cause of what is missing.
fn is_missing(record: &Record, table: &DeTable<'_>, key: &str) -> bool {
    let known = || record.fields.iter().map(|field| field.key);
    let is_meant =
        |own: &str| known().all(|one| one != own) && suggest::nearest(own, known()) == Some(key);
    !table.iter().any(|(own, _)| own.get_ref() == key || is_meant(own.get_ref()))
}

fn missing_key(context: &mut Context<'_>, record: &Record, key: &str, shape: &Shape, place: Span) {
    let path = context.path();
    let headline = if path.is_empty() && matches!(shape, Shape::Table(_)) {
        text!(ja: "`[{key}]` がありません", en: "`[{key}]` is missing", key = key)
    } else if path.is_empty() {
        text!(ja: "`{key}` がありません", en: "`{key}` is missing", key = key)
    } else {
        text!(
            ja: "`{path}` に `{key}` がありません",
            en: "`{path}` has no `{key}`",
            path = path, key = key,
        )
    };
    let field = record.fields.iter().find(|field| field.key == key);
    let doc = field.map_or_else(Text::default, |field| Text::new(field.doc.ja, field.doc.en));
    let help = if path.is_empty() && matches!(shape, Shape::Table(_)) {
        text!(ja: "`[{key}]` の節を加えてください", en: "add a section `[{key}]`", key = key)
    } else {
        text!(
            ja: "`{key} = {example}` のように加えてください",
            en: "add it, for example `{key} = {example}`",
            key = key, example = shape.example(),
        )
    };
    context.report(
        Diagnostic::error(codes::MISSING_KEY, headline).at(place).because(doc).advise(help),
    );
}

fn unknown_key<'a>(
    context: &mut Context<'a>,
    record: &Record,
    key: &str,
    span: Span,
    value: &Raw<'a>,
) {
    let path = context.path();
    let is_secret =
        SECRET_KEYS.iter().any(|secret| key.replace('_', "-").eq_ignore_ascii_case(secret));
    let is_place = value.get_ref().as_str().is_some_and(|text| Secret::read(text).is_some());
    if is_secret && !is_place {
        context.redactions.push(context.span(value));
        let help = text!(
            ja: "値をファイルから消し、`secret = \"env:NAME\"` か `secret = \"file:PATH\"` で置\
                 き場所だけを書いてください",
            en: "remove the value and name only its place with `secret = \"env:NAME\"` or \
                 `secret = \"file:PATH\"`",
        );
        context.report(
            Diagnostic::error(
                codes::SECRET_IN_CLEAR,
                text!(
                    ja: "`{key}` に秘密の値が直接書かれています",
                    en: "`{key}` holds a secret in clear",
                    key = joined(&path, key),
                ),
            )
            .at(span)
            .advise(help),
        );
        return;
    }
    let known = record.fields.iter().map(|field| field.key);
    let near = suggest::nearest(key, known.clone());
    if near.is_none() || !owners_of(key).is_empty() {
        context.strangers.push(span);
    }
    // Meant for a key that says nothing of the network, it takes nothing out of it; what reads that
    // key stays unknown. Of any other nobody can tell what it should have said.
    let topic = near.and_then(|near| topic_of(record, near));
    let topic = topic.filter(|_| !context.strangers.contains(&span));
    context.beside.extend(topic.map(|topic| Beside { span, topic }));
    let mut diagnostic = Diagnostic::error(
        codes::UNKNOWN_KEY,
        text!(
            ja: "`{key}` というキーはありません",
            en: "there is no key `{key}`",
            key = joined(&path, key),
        ),
    )
    .at(span);
    diagnostic = if let Some(near) = near {
        diagnostic.mend(span, near).advise(text!(
            ja: "`{near}` の書き間違いであれば、直してください",
            en: "write `{near}` if that is what you mean",
            near = near,
        ))
    } else if let Some(owner) = owner_of(key) {
        diagnostic.advise(text!(
            ja: "`{key}` は `{owner}` のキーです。そちらへ移してください",
            en: "`{key}` is a key of `{owner}`; move it there",
            key = key, owner = owner,
        ))
    } else {
        let known: Vec<_> = known.map(|key| format!("`{key}`")).collect();
        diagnostic.advise(text!(
            ja: "使えるキーは {known} です。どれかに直すか、行を消してください",
            en: "the keys here are {known}; use one of them or remove the line",
            known = known.join(", "),
        ))
    };
    context.report(diagnostic);
}

/// What a key of `record` is about, if it says nothing of the network and may be absent.
fn topic_of(record: &Record, key: &str) -> Option<Topic> {
    match record.name {
        "machine" => recover::topic_of(key),
        "line" => (key == "assessment").then_some(Topic::Assessment),
        _ => None,
    }
}

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// The one table elsewhere that takes `key`.
fn owner_of(key: &str) -> Option<String> {
    let mut owners = owners_of(key);
    if owners.len() == 1 { owners.pop() } else { None }
}

/// The tables that take `key`.
fn owners_of(key: &str) -> Vec<String> {
    let mut owners = Vec::new();
    find_owners(super::root::ROOT.fields, "", key, &mut owners);
    owners
}

fn find_owners(fields: &[super::shape::Field], path: &str, key: &str, owners: &mut Vec<String>) {
    for field in fields {
        if field.key == key {
            owners.push(path.to_owned());
        }
        let mut shape = &field.shape;
        let mut place = joined(path, field.key);
        while let Shape::List(item) | Shape::OneOrMany(item) = shape {
            shape = item;
        }
        if let Shape::Entries(_) = shape {
            place.push_str(".NAME");
        }
        if let Shape::Table(record) | Shape::Entries(record) = shape {
            find_owners(record.fields, &place, key, owners);
        }
    }
}
