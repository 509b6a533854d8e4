//! The declarative table of the site file: which keys a table takes and what they hold.
//! Decoding, did-you-mean and the JSON Schema all read it.

use crate::words::Word;

/// The same words in both languages.
#[derive(Clone, Copy)]
pub(crate) struct Doc {
    /// Japanese.
    pub(crate) ja: &'static str,
    /// English.
    pub(crate) en: &'static str,
}

/// Whether a key has to be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// It has to.
    Required,
    /// It may be absent.
    Optional,
}

/// A table: its keys in canonical order.
pub(crate) struct Record {
    /// Name in the schema.
    pub(crate) name: &'static str,
    /// What it describes.
    pub(crate) doc: Doc,
    /// Its keys.
    pub(crate) fields: &'static [Field],
}

/// A key of a table.
pub(crate) struct Field {
    /// As it is written.
    pub(crate) key: &'static str,
    /// What it holds.
    pub(crate) shape: Shape,
    /// Whether it has to be there.
    pub(crate) need: Need,
    /// What it means.
    pub(crate) doc: Doc,
}

/// A value written as a string (or a date) with a form of its own.
pub(crate) struct Scalar {
    /// What it is called.
    pub(crate) what: Doc,
    /// A value that would be accepted, in TOML.
    pub(crate) example: &'static str,
    /// Regular expression that every accepted value matches; empty if none is known.
    pub(crate) pattern: &'static str,
}

/// What a key holds.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// A string of some form.
    Text(&'static Scalar),
    /// One of some words, or another string of some form.
    Named(&'static Scalar, fn() -> Vec<WordDoc>),
    /// A TOML date.
    Date(&'static Scalar),
    /// `true` or `false`.
    Bool,
    /// A whole number from the first to the second.
    Count(u16, u16),
    /// One of some words.
    Word(fn() -> Vec<WordDoc>),
    /// Any number of them, in brackets.
    List(&'static Shape),
    /// One of them, or several in brackets.
    OneOrMany(&'static Shape),
    /// Either of them, told apart by their TOML type.
    Either(&'static [Shape]),
    /// A table.
    Table(&'static Record),
    /// A table whose keys are names and whose values are such tables.
    Entries(&'static Record),
    /// A table whose keys are names and whose values have this shape.
    Map(&'static Shape),
}

/// A word without its value.
pub(crate) struct WordDoc {
    /// As it is written.
    pub(crate) word: &'static str,
    /// What it means.
    pub(crate) doc: Doc,
}

/// The words of `T` without their values.
pub(crate) fn words_of<T: Word>() -> Vec<WordDoc> {
    let doc = |ja, en| Doc { ja, en };
    T::WORDS.iter().map(|info| WordDoc { word: info.word, doc: doc(info.ja, info.en) }).collect()
}

/// A phrase inside a Japanese sentence: spaces set it apart where it begins or ends in ASCII.
pub(crate) fn spaced(what: diag::Text) -> diag::Text {
    let edge = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii());
    let before = if edge(what.ja.chars().next()) { " " } else { "" };
    let after = if edge(what.ja.chars().next_back()) { " " } else { "" };
    diag::Text::new(format!("{before}{}{after}", what.ja), what.en)
}

/// The same phrase at the beginning of a sentence.
fn trimmed(what: diag::Text) -> diag::Text {
    diag::Text::new(what.ja.trim_start(), what.en)
}

impl Shape {
    /// Whether both say the same; word lists count as equal.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(two))
            | (Self::Named(one, _), Self::Named(two, _))
            | (Self::Date(one), Self::Date(two)) => one.what.en == two.what.en,
            (Self::Bool, Self::Bool) | (Self::Word(_), Self::Word(_)) => true,
            (Self::Count(low, high), Self::Count(first, last)) => low == first && high == last,
            (Self::List(one), Self::List(two))
            | (Self::OneOrMany(one), Self::OneOrMany(two))
            | (Self::Map(one), Self::Map(two)) => one.is_same(two),
            (Self::Either(one), Self::Either(two)) => {
                one.len() == two.len() && one.iter().zip(*two).all(|(a, b)| a.is_same(b))
            }
            (Self::Table(one), Self::Table(two)) | (Self::Entries(one), Self::Entries(two)) => {
                one.name == two.name
            }
            _ => false,
        }
    }

    /// What is expected, in words.
    pub(crate) fn what(&self) -> diag::Text {
        match self {
            Self::Text(scalar) | Self::Named(scalar, _) | Self::Date(scalar) => {
                diag::Text::new(scalar.what.ja, scalar.what.en)
            }
            Self::Bool => diag::Text::verbatim("`true` / `false`"),
            Self::Count(low, high) => diag::text!(
                ja: "{low} から {high} までの整数",
                en: "a whole number from {low} to {high}",
                low = *low, high = *high,
            ),
            Self::Word(words) => {
                let words: Vec<_> =
                    words().iter().map(|word| format!("`\"{}\"`", word.word)).collect();
                diag::Text::verbatim(words.join(" / "))
            }
            Self::List(item) => diag::text!(
                ja: "{item}の配列（`[` `]` で囲みます）",
                en: "an array of {item}",
                item = trimmed(spaced(item.what())),
            ),
            Self::OneOrMany(item) => diag::text!(
                ja: "{item}、またはその配列",
                en: "{item}, or an array of them",
                item = item.what(),
            ),
            Self::Either(shapes) => {
                let all: Vec<_> = shapes.iter().map(Self::what).collect();
                let join = |pick: fn(&diag::Text) -> &str, glue: &str| {
                    all.iter().map(pick).collect::<Vec<_>>().join(glue)
                };
                diag::Text::new(join(|text| &text.ja, "、または "), join(|text| &text.en, " or "))
            }
            Self::Table(record) => diag::text!(
                ja: "テーブル（{doc}）",
                en: "a table ({doc})",
                doc = diag::Text::new(record.doc.ja, record.doc.en),
            ),
            Self::Entries(_) | Self::Map(_) => diag::text!(
                ja: "名前ごとのテーブル",
                en: "a table with one entry for each name",
            ),
        }
    }

    /// A value that would be accepted, in TOML.
    pub(crate) fn example(&self) -> String {
        match self {
            Self::Text(scalar) | Self::Named(scalar, _) | Self::Date(scalar) => {
                scalar.example.to_owned()
            }
            Self::Bool => "true".to_owned(),
            Self::Count(low, _) => low.to_string(),
            Self::Word(words) => {
                words().first().map_or_else(String::new, |word| format!("\"{}\"", word.word))
            }
            Self::List(item) => format!("[{}]", item.example()),
            Self::OneOrMany(item) => item.example(),
            Self::Either(shapes) => shapes.first().map_or_else(String::new, Self::example),
            Self::Table(record) => {
                let required = record.fields.iter().filter(|field| field.need == Need::Required);
                let keys: Vec<_> = required
                    .map(|field| format!("{} = {}", field.key, field.shape.example()))
                    .collect();
                format!("{{ {} }}", keys.join(", "))
            }
            Self::Entries(_) | Self::Map(_) => "{ NAME = ... }".to_owned(),
        }
    }
}
