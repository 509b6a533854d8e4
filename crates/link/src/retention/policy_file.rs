//! The table `[retention]` of a policy file or a site file, as a [`Policy`]. All other tables
//! are passed over, except the facility's name and the names of its eligibility terminals.

use diag::{Diagnostic, SourceId, Span, text};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Policy;

/// LIMIT: largest policy file; a larger file is something else.
const SIZE_MAX_BYTES: usize = 1024 * 1024;
/// LIMIT: longest time that can be written.
const DURATION_MAX: u64 = 3_650 * 86_400;
/// LIMIT: most consumers of one folder.
const CONSUMERS_MAX: usize = 32;
/// LIMIT: longest name of a consumer.
const CONSUMER_MAX_CHARS: usize = 64;

/// A policy file, read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PolicyFile {
    /// The policy; meaningless when there are errors.
    pub policy: Policy,
    /// The facility's name, from a site file.
    pub site: Option<String>,
    /// Names of the eligibility terminals, from a site file.
    pub terminals: Vec<String>,
    /// What is wrong. Nothing may be swept while there is anything.
    pub diagnostics: Vec<Diagnostic>,
}

/// A key with a time: how it is written, the least value, where it goes.
type Limit = (&'static str, u64, fn(&mut Policy, u64));

const LIMITS: [Limit; 8] = [
    ("acknowledged", 0, |policy, value| policy.acknowledged = value),
    ("error", 0, |policy, value| policy.error = value),
    ("report", 3_600, |policy, value| policy.report = value),
    ("temporary", 3_600, |policy, value| policy.temporary = value),
    ("unread-warn", 60, |policy, value| policy.unread_warn = value),
    ("unread-alert", 60, |policy, value| policy.unread_alert = value),
    ("unread-delete", 3_600, |policy, value| policy.unread_delete = Some(value)),
    ("request-alert", 60, |policy, value| policy.request_alert = value),
];

/// Reads a policy file.
#[must_use]
pub fn parse(source: SourceId, content: &str) -> PolicyFile {
    let mut file = PolicyFile::default();
    if content.len() > SIZE_MAX_BYTES {
        let headline = text!(
            ja: "方針ファイルが大きすぎます（{size} バイト、上限は {max} バイト）",
            en: "the policy file is too large ({size} bytes, the limit is {max})",
            size = content.len(), max = SIZE_MAX_BYTES,
        );
        file.diagnostics.push(Diagnostic::error("P430", headline).at(Span::new(source, 0, 0)));
        return file;
    }
    let plain = content.strip_prefix('\u{FEFF}').unwrap_or(content);
    let shift = content.len() - plain.len();
    let reader = Reader { source, shift };
    let (table, errors) = DeTable::parse_recoverable(plain);
    for error in &errors {
        let at = error.span().unwrap_or(0..0);
        file.diagnostics.push(syntax(reader.span(at), error.message()));
    }
    if errors.is_empty() {
        reader.root(table.get_ref(), &mut file);
    }
    let place = |one: &Diagnostic| one.primary.as_ref().map(|label| label.span.start);
    file.diagnostics.sort_by_key(place);
    file
}

fn syntax(at: Span, message: &str) -> Diagnostic {
    Diagnostic::error(
        "P430",
        text!(
            ja: "方針ファイル（TOML）として読めません",
            en: "this cannot be read as a policy file (TOML)",
        ),
    )
    .at(at)
    .because(text!(
        ja: "読み取り: {message}", en: "the reader says: {message}", message = message,
    ))
    .advise(text!(
        ja: "`[retention]` の表と `acknowledged = \"15min\"` のような行を書いてください",
        en: "write a table `[retention]` with lines such as `acknowledged = \"15min\"`",
    ))
}

/// Whether `machine`, as a site file has it, is an eligibility terminal.
fn is_terminal(machine: &DeValue<'_>) -> bool {
    let roles = machine.as_table().and_then(|machine| machine.get("roles"));
    let roles = roles.and_then(|roles| roles.get_ref().as_array());
    roles.is_some_and(|roles| {
        roles.iter().any(|role| role.get_ref().as_str() == Some("eligibility-terminal"))
    })
}

struct Reader {
    source: SourceId,
    /// Bytes of a mark before the text.
    shift: usize,
}

impl Reader {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.source, range.start + self.shift, range.end + self.shift)
    }

    fn root(&self, table: &DeTable<'_>, file: &mut PolicyFile) {
        if let Some(DeValue::Table(site)) = table.get("site").map(Spanned::get_ref) {
            let name = site.get("name").and_then(|name| name.get_ref().as_str());
            file.site = name.map(str::to_owned);
        }
        if let Some(DeValue::Table(machines)) = table.get("machines").map(Spanned::get_ref) {
            let terminals = machines.iter().filter(|(_, machine)| is_terminal(machine.get_ref()));
            file.terminals = terminals.map(|(name, _)| name.get_ref().to_string()).collect();
        }
        match table.get("retention") {
            None => file.diagnostics.push(
                Diagnostic::error(
                    "P431",
                    text!(ja: "`[retention]` がありません", en: "there is no `[retention]`"),
                )
                .at(Span::new(self.source, 0, 0))
                .advise(text!(
                    ja: "`[retention]` と書いてください。空でも既定値が使われます",
                    en: "write `[retention]`; an empty one has the defaults",
                )),
            ),
            Some(value) => match value.get_ref() {
                DeValue::Table(retention) => self.retention(retention, file),
                _ => file.diagnostics.push(wrong_type(self.span(value.span()), "retention")),
            },
        }
    }

    fn retention(&self, table: &DeTable<'_>, file: &mut PolicyFile) {
        let mut places: Vec<(&str, Span)> = Vec::new();
        for (key, value) in table {
            let at = self.span(value.span());
            let name = key.get_ref().as_ref();
            if name == "consumers" {
                self.consumers(value, file);
            } else if let Some((name, least, set)) = LIMITS.iter().find(|limit| limit.0 == name) {
                match seconds(value.get_ref(), *least) {
                    Ok(seconds) => {
                        set(&mut file.policy, seconds);
                        places.push((name, at));
                    }
                    Err(fault) => file.diagnostics.push(fault.diagnostic(at, name, *least)),
                }
            } else {
                file.diagnostics.push(unknown_key(self.span(key.span()), name));
            }
        }
        if file.diagnostics.is_empty() {
            let place = |key: &str| places.iter().find(|one| one.0 == key).map(|one| one.1);
            order(&file.policy, place).into_iter().for_each(|one| file.diagnostics.push(one));
        }
    }

    fn consumers(&self, value: &Spanned<DeValue<'_>>, file: &mut PolicyFile) {
        let DeValue::Array(list) = value.get_ref() else {
            file.diagnostics.push(wrong_type(self.span(value.span()), "consumers"));
            return;
        };
        let mut names: Vec<String> = Vec::new();
        for item in list.iter() {
            let name = item.get_ref().as_str().unwrap_or_default();
            let is_plain = name.chars().all(|c| !c.is_control() && !c.is_whitespace());
            let length = name.chars().count();
            let is_new = !names.iter().any(|other| other == name);
            let has_room = names.len() < CONSUMERS_MAX;
            if is_plain && is_new && has_room && (1..=CONSUMER_MAX_CHARS).contains(&length) {
                names.push(name.to_owned());
            } else {
                file.diagnostics.push(wrong_consumer(self.span(item.span())));
            }
        }
        names.sort_unstable();
        file.policy.consumers = names;
    }
}

/// What is wrong with a time.
enum Fault {
    Type,
    Form,
    TooLong,
    TooShort,
}

fn seconds(value: &DeValue<'_>, least: u64) -> Result<u64, Fault> {
    let text = value.as_str().ok_or(Fault::Type)?;
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let unit = match unit {
        "min" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(Fault::Form),
    };
    if number.is_empty() {
        return Err(Fault::Form);
    }
    let seconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    match seconds.filter(|seconds| *seconds <= DURATION_MAX) {
        None => Err(Fault::TooLong),
        Some(seconds) if seconds < least => Err(Fault::TooShort),
        Some(seconds) => Ok(seconds),
    }
}

impl Fault {
    fn diagnostic(&self, at: Span, key: &str, least: u64) -> Diagnostic {
        let headline = match self {
            Self::Type => return wrong_type(at, key),
            Self::Form => text!(
                ja: "`{key}` の時間の書き方が違います", en: "`{key}` is not written as a time",
                key = key,
            ),
            Self::TooLong => text!(
                ja: "`{key}` が長すぎます（上限は 3650d）",
                en: "`{key}` is too long (the limit is 3650d)", key = key,
            ),
            Self::TooShort => text!(
                ja: "`{key}` が短すぎます（下限は {least}）",
                en: "`{key}` is too short (at least {least})",
                key = key, least = super::policy::duration(least),
            ),
        };
        Diagnostic::error("P433", headline).at(at).advise(text!(
            ja: "整数と単位 `min`（分）・`h`（時間）・`d`（日）を空白なしで書いてください。例 \
                 `\"15min\"`",
            en: "write a whole number and `min`, `h` or `d` without a space, such as `\"15min\"`",
        ))
    }
}

fn wrong_type(at: Span, key: &str) -> Diagnostic {
    let what = match key {
        "retention" => text!(ja: "表 `[retention]`", en: "a table `[retention]`"),
        "consumers" => text!(ja: "名前の配列", en: "an array of names"),
        _ => text!(ja: "`\"15min\"` のような文字列", en: "a string such as `\"15min\"`"),
    };
    let headline = text!(
        ja: "`{key}` の値の種類が違います", en: "`{key}` has a value of another kind", key = key,
    );
    Diagnostic::error("P432", headline).at(at).advise(text!(
        ja: "{what} を書いてください", en: "write {what}", what = what,
    ))
}

fn wrong_consumer(at: Span) -> Diagnostic {
    Diagnostic::error(
        "P432",
        text!(
            ja: "`consumers` のこの項目は使えません",
            en: "this item of `consumers` cannot be used",
        ),
    )
    .at(at)
    .advise(text!(
        ja: "空白のない 64 文字以内の名前を、重複なく 32 個まで書いてください",
        en: "write at most 32 different names without spaces, of at most 64 characters",
    ))
}

fn unknown_key(at: Span, key: &str) -> Diagnostic {
    let headline = text!(
        ja: "`[retention]` に `{key}` というキーはありません",
        en: "`[retention]` has no key `{key}`",
        key = key,
    );
    let mut keys: Vec<&str> = LIMITS.iter().map(|limit| limit.0).collect();
    keys.push("consumers");
    let narrow = key.replace('_', "-");
    let diagnostic = Diagnostic::error("P431", headline).at(at);
    if keys.contains(&narrow.as_str()) {
        return diagnostic.mend(at, narrow.clone()).advise(text!(
            ja: "`{narrow}` と書いてください", en: "write `{narrow}`", narrow = narrow,
        ));
    }
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    diagnostic.advise(text!(
        ja: "使えるキー: {keys}", en: "possible keys: {keys}", keys = keys.join(" "),
    ))
}

/// Times that contradict each other.
fn order(policy: &Policy, place: impl Fn(&str) -> Option<Span>) -> Vec<Diagnostic> {
    let later =
        [("unread-alert", Some(policy.unread_alert)), ("unread-delete", policy.unread_delete)];
    let mut found = Vec::new();
    for (key, limit) in later {
        let is_early = limit.is_some_and(|limit| limit < policy.unread_warn);
        let Some(at) = place(key).or_else(|| place("unread-warn")).filter(|_| is_early) else {
            continue;
        };
        let headline = text!(
            ja: "`{key}` が `unread-warn` より先に来ます",
            en: "`{key}` comes before `unread-warn`",
            key = key,
        );
        let mut one = Diagnostic::error("P433", headline).at(at).advise(text!(
            ja: "`unread-warn` 以上の時間にしてください",
            en: "give it at least the time of `unread-warn`",
        ));
        if let Some(other) = place("unread-warn").filter(|other| *other != at) {
            one = one.also(other, text!(ja: "警告はここです", en: "the warning is here"));
        }
        found.push(one);
    }
    found
}
