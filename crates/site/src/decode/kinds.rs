//! Ways of reading that hold other ways: words, lists, tables and tables of names.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use diag::{Diagnostic, Span, text};
use toml::de::{DeTable, DeValue};

use super::fields::{Context, Fields, Kind, Raw, Tabled};
use super::scalars;
use super::shape::{Scalar, Shape, WordDoc, words_of};
use crate::{Spanned, Word, codes, suggest};

/// How many words are listed beside the one that was meant.
const LISTED_MAX: usize = 8;

/// A string with a form of its own.
pub(crate) trait StringKind {
    /// What comes out.
    type Value;
    /// Name and form.
    const SCALAR: &'static Scalar;
    /// Words that have a meaning of their own.
    const WORDS: Option<fn() -> Vec<WordDoc>> = None;
    /// Reads the content of the string; `None` after a diagnostic.
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<Self::Value>;
}

impl<K: StringKind> Kind for K {
    type Value = K::Value;
    const SHAPE: Shape = match K::WORDS {
        Some(words) => Shape::Named(K::SCALAR, words),
        None => Shape::Text(K::SCALAR),
    };

    fn decode<'a>(context: &mut Context<'a>, raw: &'a Raw<'a>) -> Option<Self::Value> {
        if let DeValue::String(text) = raw.get_ref() {
            let span = context.span(raw);
            K::read(context, text, span)
        } else {
            context.wrong_type(raw, &Self::SHAPE);
            None
        }
    }
}

/// `true` or `false`.
pub(crate) struct Bool;

impl Kind for Bool {
    type Value = bool;
    const SHAPE: Shape = Shape::Bool;

    fn decode<'a>(context: &mut Context<'a>, raw: &'a Raw<'a>) -> Option<bool> {
        let value = raw.get_ref().as_bool();
        if value.is_none() {
            context.wrong_type(raw, &Self::SHAPE);
        }
        value
    }
}

/// A whole number from `LOW` to `HIGH`.
pub(crate) struct Count<const LOW: u16, const HIGH: u16>;

impl<const LOW: u16, const HIGH: u16> Kind for Count<LOW, HIGH> {
    type Value = u16;
    const SHAPE: Shape = Shape::Count(LOW, HIGH);

    fn decode<'a>(context: &mut Context<'a>, raw: &'a Raw<'a>) -> Option<u16> {
        let DeValue::Integer(written) = raw.get_ref() else {
            context.wrong_type(raw, &Self::SHAPE);
            return None;
        };
        let number = u16::from_str_radix(written.as_str(), written.radix());
        let number = number.ok().filter(|number| (LOW..=HIGH).contains(number));
        if number.is_none() {
            let headline = text!(
                ja: "`{key}` の値は {low} から {high} までです",
                en: "`{key}` takes a number from {low} to {high}",
                key = context.path(), low = LOW, high = HIGH,
            );
            let span = context.span(raw);
            context.report(Diagnostic::error(codes::COUNT_OUT_OF_RANGE, headline).at(span).advise(
                text!(
                    ja: "値を確かめて直してください。分からなければ、行を消してください",
                    en: "correct the number, or remove the line if it is not known",
                ),
            ));
        }
        number
    }
}

/// One of the words of `T`.
pub(crate) struct Choice<T>(PhantomData<T>);

impl<T: Word> Kind for Choice<T> {
    type Value = T;
    const SHAPE: Shape = Shape::Word(words_of::<T>);

    fn decode<'a>(context: &mut Context<'a>, raw: &'a Raw<'a>) -> Option<T> {
        let DeValue::String(written) = raw.get_ref() else {
            context.wrong_type(raw, &Self::SHAPE);
            return None;
        };
        let found = T::WORDS.iter().find(|info| info.word == written.as_ref());
        if found.is_none() {
            let words = T::WORDS.iter().map(|info| info.word);
            let span = context.span(raw);
            unknown_word(context, written, span, words);
        }
        found.map(|info| info.value)
    }
}

/// Reports a word that the key does not take.
pub(crate) fn unknown_word<'w>(
    context: &mut Context<'_>,
    written: &str,
    span: Span,
    words: impl Iterator<Item = &'w str> + Clone,
) {
    let listed: Vec<_> = words.clone().map(|word| format!("`\"{word}\"`")).collect();
    let listed = listed.join(" / ");
    let mut diagnostic = Diagnostic::error(
        codes::UNKNOWN_WORD,
        text!(
            ja: "`{key}` に `{written}` という語は使えません",
            en: "`{key}` does not take the word `{written}`",
            key = context.path(), written = scalars::quoted(written),
        ),
    )
    .at(span);
    // A year that is not taken is no slip of the pen.
    let is_number = written.bytes().all(|byte| byte.is_ascii_digit());
    let near = suggest::nearest(written, words.clone()).filter(|_| !is_number);
    diagnostic = match near {
        Some(near) if words.count() > LISTED_MAX => {
            diagnostic.mend(span, format!("\"{near}\"")).advise(text!(
                ja: "`{near}` の書き間違いであれば、直してください",
                en: "write `{near}` if that is what you mean",
                near = near,
            ))
        }
        Some(near) => diagnostic.mend(span, format!("\"{near}\"")).advise(text!(
            ja: "`{near}` の書き間違いであれば、直してください（使える語: {listed}）",
            en: "write `{near}` if that is what you mean (the words are {listed})",
            near = near, listed = listed,
        )),
        None => diagnostic.advise(text!(
            ja: "{listed} のどれかを書いてください",
            en: "write one of {listed}",
            listed = listed,
        )),
    };
    context.report(diagnostic);
}

/// Any number of `K`, in brackets.
pub(crate) struct List<K>(PhantomData<K>);

impl<K: Kind> Kind for List<K> {
    type Value = Vec<Spanned<K::Value>>;
    const SHAPE: Shape = Shape::List(&K::SHAPE);

    fn decode<'a>(context: &mut Context<'a>, raw: &'a Raw<'a>) -> Option<Self::Value> {
        let Some(items) = raw.get_ref().as_array() else {
            context.wrong_type(raw, &Self::SHAPE);
            return None;
        };
        warn_repeated(context, items);
        let read = |item: &'a Raw<'a>| {
            let span = context.span(item);
            K::decode(context, item).map(|value| Spanned::new(value, span))
        };
        Some(items.iter().filter_map(read).collect())
    }
}

/// A list that must not be empty.
pub(crate) struct SomeOf<K>(PhantomData<K>);

impl<K: Kind> Kind for SomeOf<K> {
    type Value = Vec<Spanned<K::Value>>;
    const SHAPE: Shape = Shape::List(&K::SHAPE);

    fn decode<'a>(context: &mut Context<'a>, raw: &'a Raw<'a>) -> Option<Self::Value> {
        let items = List::<K>::decode(context, raw)?;
        refuse_empty(context, raw, &K::SHAPE);
        Some(items)
    }
}

/// Reports a string that stands twice in a list.
fn warn_repeated<'a>(context: &mut Context<'a>, items: &'a [Raw<'a>]) {
    if items.len() < 2 {
        return;
    }
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for item in items {
        let Some(text) = item.get_ref().as_str() else { continue };
        let span = context.span(item);
        let Some(first) = seen.insert(text, span) else { continue };
        context.report(
            Diagnostic::warning(
                codes::REPEATED_VALUE,
                text!(
                    ja: "`{key}` に `{text}` が 2 度書かれています",
                    en: "`{key}` has `{text}` twice",
                    key = context.path(), text = scalars::quoted(text),
                ),
            )
            .at(span)
            .also(first, text!(ja: "先に書かれた方です", en: "where it is written first"))
            .advise(text!(
                ja: "片方を消すか、正しい値に直してください",
                en: "remove one of them, or correct it",
            )),
        );
    }
}

fn refuse_empty<'a>(context: &mut Context<'a>, raw: &'a Raw<'a>, item: &Shape) {
    if raw.get_ref().as_array().is_some_and(|items| items.is_empty()) {
        let span = context.span(raw);
        context.report(
            Diagnostic::error(
                codes::EMPTY_VALUE,
                text!(ja: "`{key}` が空です", en: "`{key}` is empty", key = context.path()),
            )
            .at(span)
            .advise(text!(
                ja: "`[{example}]` のように 1 つ以上書いてください",
                en: "write at least one, such as `[{example}]`",
                example = item.example(),
            )),
        );
    }
}

/// One `K`, or several in brackets, but at least one.
pub(crate) struct OneOrMany<K>(PhantomData<K>);

impl<K: Kind> Kind for OneOrMany<K> {
    type Value = Vec<Spanned<K::Value>>;
    const SHAPE: Shape = Shape::OneOrMany(&K::SHAPE);

    fn decode<'a>(context: &mut Context<'a>, raw: &'a Raw<'a>) -> Option<Self::Value> {
        if raw.get_ref().is_array() {
            return SomeOf::<K>::decode(context, raw);
        }
        let span = context.span(raw);
        K::decode(context, raw).map(|value| vec![Spanned::new(value, span)])
    }
}

/// A table with fixed keys.
pub(crate) struct Table<T>(PhantomData<T>);

impl<T: Tabled> Kind for Table<T> {
    type Value = T;
    const SHAPE: Shape = Shape::Table(T::RECORD);

    fn decode<'a>(context: &mut Context<'a>, raw: &'a Raw<'a>) -> Option<T> {
        let Some(table) = raw.get_ref().as_table() else {
            context.wrong_type(raw, &Self::SHAPE);
            return None;
        };
        let place = context.span(raw);
        let before = context.diagnostics.len();
        let mut fields = Fields::open(context, T::RECORD, table, place);
        let value = T::decode(context, &mut fields);
        fields.close();
        let is_faulty = context.diagnostics.len() > before;
        value.filter(|_| !(is_faulty && T::IS_VOID_IF_FAULTY))
    }
}

/// A table whose keys are names and whose values are tables with fixed keys.
pub(crate) struct Entries<T>(PhantomData<T>);

impl<T: Tabled> Kind for Entries<T> {
    type Value = Vec<T>;
    const SHAPE: Shape = Shape::Entries(T::RECORD);

    fn decode<'a>(context: &mut Context<'a>, raw: &'a Raw<'a>) -> Option<Vec<T>> {
        let Some(table) = raw.get_ref().as_table() else {
            context.wrong_type(raw, &Self::SHAPE);
            return None;
        };
        let mut entries = Vec::with_capacity(table.len());
        for (key, raw) in in_file_order(table) {
            let name = Spanned::new(key.get_ref().to_string(), context.span(key));
            scalars::check_name(context, &name);
            let entry = context.within(key.get_ref(), |context| {
                let Some(table) = raw.get_ref().as_table() else {
                    context.wrong_type(raw, &Shape::Table(T::RECORD));
                    return None;
                };
                let mut fields = Fields::open(context, T::RECORD, table, name.span);
                fields.name = Some(name);
                let entry = T::decode(context, &mut fields);
                fields.close();
                entry
            });
            entries.extend(entry);
        }
        Some(entries)
    }
}

/// A table whose keys are names and whose values are `K`.
pub(crate) struct Map<K>(PhantomData<K>);

impl<K: Kind> Kind for Map<K> {
    type Value = Vec<(Spanned<String>, Spanned<K::Value>)>;
    const SHAPE: Shape = Shape::Map(&K::SHAPE);

    fn decode<'a>(context: &mut Context<'a>, raw: &'a Raw<'a>) -> Option<Self::Value> {
        let Some(table) = raw.get_ref().as_table() else {
            context.wrong_type(raw, &Self::SHAPE);
            return None;
        };
        let mut pairs = Vec::with_capacity(table.len());
        for (key, raw) in in_file_order(table) {
            let name = Spanned::new(key.get_ref().to_string(), context.span(key));
            let span = context.span(raw);
            if let Some(value) = context.within(key.get_ref(), |context| K::decode(context, raw)) {
                pairs.push((name, Spanned::new(value, span)));
            }
        }
        Some(pairs)
    }
}

type Pair<'a> = (&'a toml::Spanned<std::borrow::Cow<'a, str>>, &'a Raw<'a>);

/// The keys and values of a table as the file orders them.
fn in_file_order<'a>(table: &'a DeTable<'a>) -> Vec<Pair<'a>> {
    let mut pairs: Vec<_> = table.iter().collect();
    pairs.sort_by_key(|(key, _)| key.span().start);
    pairs
}
