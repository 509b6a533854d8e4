//! The text of a pack file to facts, with all its mistakes told at once.

use std::collections::BTreeMap;
use std::net::IpAddr;

use diag::{Diagnostic, SourceId, Span, Text, text};
use model::{Date, Net};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::codes;
use crate::consistent;
use crate::fact::{Author, Fact, Value};
use crate::field::{COMMON, Field, Form, KINDS, Kind, PACK};
use crate::firmware::Firmware;

/// Longest pack file that is read.
///
/// # Units
/// Bytes.
// LIMIT: what the program brings has about 20 kB.
pub const SIZE_MAX_BYTES: usize = 1 << 20;

/// How many mistakes of one file are told.
// LIMIT: a file of another kind would bury its user.
const TOLD_MAX: usize = 50;

/// A pack file that was read.
#[derive(Clone)]
pub struct Pack {
    /// Its name; empty if it has none.
    pub name: String,
    /// The carrier whose lines it is about, with its place; `None` if it is about every line.
    pub carrier: Option<(String, Span)>,
    /// The provider whose IPsec service it is about, with its place; `None` if about every line.
    pub provider: Option<(String, Span)>,
    /// Who wrote it.
    pub author: Author,
    /// Its facts in order; those with a mistake are missing.
    pub facts: Vec<Fact>,
    /// Where it begins.
    pub place: Span,
}

/// Reads the text of a pack file. What is wrong with it is in the diagnostics, and missing in
/// the pack.
#[must_use]
pub fn read(source: SourceId, text: &str, author: Author) -> (Pack, Vec<Diagnostic>) {
    let place = Span::new(source, 0, 0);
    let (carrier, provider) = (None, None);
    let name = String::new();
    let mut pack = Pack { name, carrier, provider, author, facts: Vec::new(), place };
    if text.len() > SIZE_MAX_BYTES {
        let found = text!(
            ja: "パックのファイルが大きすぎます（{max} バイトまでです）",
            en: "the pack file is too large, {max} bytes are the limit",
            max = SIZE_MAX_BYTES,
        );
        return (pack, vec![Diagnostic::error(codes::UNREADABLE, found).at(place)]);
    }
    let parsed = match DeTable::parse(text) {
        Ok(parsed) => parsed,
        Err(error) => {
            let at = error.span().map_or(place, |at| Span::new(source, at.start, at.end));
            let written = error.span().and_then(|at| text.get(at)).unwrap_or_default();
            return (pack, vec![not_toml(at, is_day(written))]);
        }
    };
    let mut reader = Reader { source, author, diagnostics: Vec::new() };
    reader.root(parsed.get_ref(), &mut pack);
    reader.diagnostics.truncate(TOLD_MAX);
    (pack, reader.diagnostics)
}

/// Whether `text` is written like a day, so that the calendar does not have it.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.trim().split('-').collect();
    let is_number = |one: &&str| !one.is_empty() && one.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(is_number)
}

fn not_toml(at: Span, is_day: bool) -> Diagnostic {
    let help = if is_day {
        text!(
            ja: "暦にある日を `2027-02-28` の形で書いてください",
            en: "write a day that the calendar has, such as `2027-02-28`",
        )
    } else {
        text!(
            ja: "`[節]`、`キー = \"値\"`、`キー = [値, 値]` の形で書いてください",
            en: "write `[section]`, `key = \"value\"` or `key = [value, value]`",
        )
    };
    Diagnostic::error(
        codes::NOT_TOML,
        text!(
            ja: "パックのファイルを TOML として読めません",
            en: "the pack file cannot be read as TOML",
        ),
    )
    .at(at)
    .because(text!(
        ja: "このファイルの事実は、どれも使いません",
        en: "no fact of this file is used",
    ))
    .advise(help)
}

struct Reader {
    source: SourceId,
    author: Author,
    diagnostics: Vec<Diagnostic>,
}

/// A key of TOML with its place.
type Key<'a> = Spanned<std::borrow::Cow<'a, str>>;

/// A value of TOML with its place.
type Raw<'a> = Spanned<DeValue<'a>>;

impl Reader {
    fn span<T>(&self, spanned: &Spanned<T>) -> Span {
        let range = spanned.span();
        Span::new(self.source, range.start, range.end)
    }

    fn root(&mut self, root: &DeTable<'_>, pack: &mut Pack) {
        let mut sections: Vec<(&Key<'_>, &Raw<'_>)> = root.iter().collect();
        sections.sort_by_key(|(key, _)| key.span().start);
        if !root.contains_key("pack") {
            self.missing("pack", "", pack.place, "[pack]\nname = \"...\"");
        }
        for (key, value) in sections {
            let name = key.get_ref().as_ref();
            let kind = KINDS.iter().find(|kind| kind.name == name);
            match (value.get_ref(), kind) {
                (DeValue::Table(table), None) if name == "pack" => {
                    let at = self.span(key);
                    let values = self.table("pack", &[PACK], table, at);
                    self.head(&values, table, pack);
                }
                (DeValue::Array(items), Some(kind)) => {
                    for item in items.iter() {
                        self.fact(kind, item, pack);
                    }
                }
                (_, Some(kind)) => {
                    let at = self.span(key);
                    self.wrong(kind.name, at, &format!("[[{}]]", kind.name));
                }
                _ => {
                    let known: Vec<&str> =
                        ["pack"].into_iter().chain(KINDS.iter().map(|kind| kind.name)).collect();
                    self.unknown(key, &known);
                }
            }
        }
        self.diagnostics.sort_by_key(|one| one.primary.as_ref().map(|label| label.span));
    }

    fn head(&self, values: &BTreeMap<&'static str, Value>, table: &DeTable<'_>, pack: &mut Pack) {
        if let Some(Value::Text(name)) = values.get("name") {
            pack.name.clone_from(name);
        }
        // One that cannot be read is not the same as none.
        let owner = |key: &str| {
            let at = self.span(table.get(key)?);
            let name = match values.get(key) {
                Some(Value::Text(name)) => name.clone(),
                _ => String::new(),
            };
            Some((name, at))
        };
        pack.carrier = owner("carrier");
        pack.provider = owner("provider");
    }

    fn fact(&mut self, kind: &'static Kind, item: &Raw<'_>, pack: &mut Pack) {
        let at = self.span(item);
        let DeValue::Table(table) = item.get_ref() else {
            self.wrong(kind.name, at, &format!("[[{}]]", kind.name));
            return;
        };
        let before = self.diagnostics.len();
        let values = self.table(kind.name, &[kind.fields, COMMON], table, at);
        for consistent::Fault { key, headline, help } in consistent::faults(&values) {
            let at = table.get(key).map_or(at, |value| self.span(value));
            let found = Diagnostic::error(codes::SELF_CONTRADICTION, headline).at(at).advise(help);
            self.diagnostics.push(found);
        }
        if self.diagnostics.len() == before {
            // The subject is what people look for.
            let subject = kind.fields.first().and_then(|field| table.get(field.key));
            let span = subject.map_or(at, |value| self.span(value));
            let read = table.get("read").map_or(span, |value| self.span(value));
            pack.facts.push(Fact { kind, values, author: self.author, span, read });
        }
    }

    fn table(
        &mut self,
        path: &str,
        fields: &[&'static [Field]],
        table: &DeTable<'_>,
        at: Span,
    ) -> BTreeMap<&'static str, Value> {
        let all = || fields.iter().copied().flatten();
        let mut values = BTreeMap::new();
        for (key, raw) in table {
            let Some(field) = all().find(|field| field.key == key.get_ref().as_ref()) else {
                let known: Vec<&str> = all().map(|field| field.key).collect();
                self.unknown(key, &known);
                continue;
            };
            match value(field.form, raw.get_ref()) {
                Some(value) => {
                    values.insert(field.key, value);
                }
                None => {
                    let span = self.span(raw);
                    let example = format!("{} = {}", field.key, field.form.example());
                    self.wrong(&format!("{path}.{}", field.key), span, &words(field, &example));
                }
            }
        }
        let absent = |field: &&Field| field.part.is_required() && !table.contains_key(field.key);
        for field in all().filter(absent) {
            let example = format!("{} = {}", field.key, field.form.example());
            self.missing(field.key, path, at, &example);
        }
        values
    }

    fn unknown(&mut self, key: &Key<'_>, known: &[&str]) {
        let written = key.get_ref().as_ref();
        let near = crate::nearest(written, known.iter().copied());
        let found = Diagnostic::error(
            codes::UNKNOWN_KEY,
            text!(
                ja: "パックに `{key}` というキーはありません",
                en: "a pack has no key `{key}` here",
                key = shown(written),
            ),
        )
        .at(self.span(key));
        self.diagnostics.push(match near {
            Some(near) => found.advise(text!(
                ja: "`{near}` の書き間違いであれば、直してください",
                en: "write `{near}` if that is what you mean",
                near = near,
            )),
            None => found.advise(text!(
                ja: "使えるキーは {known} です。どれかに直すか、消してください",
                en: "the keys here are {known}; use one of them or remove it",
                known = known.join(", "),
            )),
        });
    }

    fn missing(&mut self, key: &str, path: &str, at: Span, example: &str) {
        let headline = if path.is_empty() {
            text!(ja: "`[{key}]` がありません", en: "`[{key}]` is missing", key = key)
        } else {
            text!(
                ja: "`[[{path}]]` に `{key}` がありません",
                en: "a `[[{path}]]` has no `{key}`",
                path = path, key = key,
            )
        };
        self.diagnostics.push(Diagnostic::error(codes::MISSING_KEY, headline).at(at).advise(
            text!(
                ja: "`{example}` のように加えてください",
                en: "add it, for example `{example}`",
                example = example.replace('\n', " "),
            ),
        ));
    }

    fn wrong(&mut self, key: &str, at: Span, example: &str) {
        self.diagnostics.push(
            Diagnostic::error(
                codes::WRONG_VALUE,
                text!(
                    ja: "`{key}` の値を読めません",
                    en: "the value of `{key}` cannot be read",
                    key = key,
                ),
            )
            .at(at)
            .advise(text!(
                ja: "`{example}` の形で書いてください",
                en: "write it like `{example}`",
                example = example.replace('\n', " "),
            )),
        );
    }
}

/// What can be written for `field`.
fn words(field: &Field, example: &str) -> String {
    match field.form {
        Form::Word(words) | Form::Words(words) => format!("{example} ({})", words.join(" | ")),
        _ => example.to_owned(),
    }
}

/// Longest piece of a file that a message repeats.
const SHOWN_MAX: usize = 40;

fn shown(text: &str) -> String {
    let clean = |letter: char| if letter.is_control() || letter == '`' { '?' } else { letter };
    text.chars().take(SHOWN_MAX).map(clean).collect()
}

fn value(form: Form, raw: &DeValue<'_>) -> Option<Value> {
    let text = |raw: &DeValue<'_>| {
        let text = raw.as_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let number = |raw: &DeValue<'_>| match raw {
        DeValue::Integer(integer) => {
            let number = u32::from_str_radix(integer.as_str(), integer.radix()).ok()?;
            (number > 0).then_some(number)
        }
        _ => None,
    };
    let items = |raw: &DeValue<'_>| {
        raw.as_array().filter(|items| !items.is_empty()).map(|items| items.len())
    };
    match form {
        Form::Text => Some(Value::Text(text(raw)?)),
        Form::Day => match raw {
            DeValue::Datetime(written) => match (written.date, written.time) {
                (Some(date), None) => Date::new(date.year, date.month, date.day).map(Value::Day),
                _ => None,
            },
            _ => None,
        },
        Form::Flag => raw.as_bool().map(Value::Flag),
        Form::Number => number(raw).map(Value::Number),
        Form::Build => text(raw).filter(|text| is_build(text)).map(Value::Text),
        Form::Firmware => text(raw).filter(|text| Firmware::read(text).is_some()).map(Value::Text),
        Form::Word(words) => {
            text(raw).filter(|text| words.contains(&text.as_str())).map(Value::Text)
        }
        Form::Texts
        | Form::Words(_)
        | Form::Numbers
        | Form::Ports
        | Form::Prefixes
        | Form::Addresses => {
            items(raw)?;
            let items = raw.as_array()?.iter().map(Spanned::get_ref);
            match form {
                Form::Numbers => items.map(number).collect::<Option<_>>().map(Value::Numbers),
                Form::Words(words) => {
                    let known = |raw| text(raw).filter(|text| words.contains(&text.as_str()));
                    items.map(known).collect::<Option<_>>().map(Value::Texts)
                }
                _ => {
                    let known = |raw| text(raw).filter(|text| is_of(form, text));
                    items.map(known).collect::<Option<_>>().map(Value::Texts)
                }
            }
        }
    }
}

/// Whether an item of a list has the form that `form` asks for.
fn is_of(form: Form, text: &str) -> bool {
    match form {
        Form::Ports => is_ports(text),
        Form::Prefixes => is_prefix(text),
        Form::Addresses => text.parse::<IpAddr>().is_ok(),
        _ => true,
    }
}

/// Whether `text` can be the first part of a build, of which only that part is compared.
fn is_build(text: &str) -> bool {
    !text.contains(|letter: char| letter == '.' || letter.is_whitespace())
}

/// Whether `text` is a prefix without a bit behind its length.
fn is_prefix(text: &str) -> bool {
    text.contains('/') && text.parse::<Net>().is_ok_and(|net| net.prefix() == net)
}

/// Whether site files take `text` as a protocol with ports.
fn is_ports(text: &str) -> bool {
    if matches!(text, "any" | "icmp" | "esp") {
        return true;
    }
    let port = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<u16>().ok())?.filter(|port| *port > 0)
    };
    let Some(("tcp" | "udp", ports)) = text.split_once('/') else { return false };
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    port(first).zip(port(last)).is_some_and(|(first, last)| first <= last)
}

/// What a fact is about, for a message.
pub(crate) fn subject(fact: &Fact) -> Text {
    Text::verbatim(format!("{} {}", fact.kind.name, fact.subject().join(" ")))
}
