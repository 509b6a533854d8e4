//! All codes, and what they stand for.

use diag::{CodeInfo, Text, text};

use crate::page;

/// What an explanation is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Topic {
    /// A requirement that is judged.
    Rule,
    /// Something about the input or the equipment that is told.
    Input,
    /// A point that the documents leave open.
    Assumption,
    /// A page of the reference document.
    Page,
    /// A property that pages ask for.
    Property,
    /// A clause.
    Clause,
}

/// What a code or an assumption stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explained {
    /// The code or the id.
    pub code: &'static str,
    /// Its name; for an assumption the keywords of its readings.
    pub name: String,
    /// What it is about.
    pub topic: Topic,
    /// For a rule, what must hold.
    pub statement: Option<Text>,
    /// What it means, why it matters, what to do.
    pub text: Text,
}

impl Explained {
    /// It in one line: the statement, or the first sentence of the text.
    #[must_use]
    pub fn title(&self) -> Text {
        if let Some(statement) = &self.statement {
            return statement.clone();
        }
        let ja = self.text.ja.lines().next().unwrap_or_default();
        let en = self.text.en.lines().next().unwrap_or_default();
        let first = |text: &str, end: &str| text.split(end).next().unwrap_or_default().to_owned();
        Text::new(first(ja, "。"), first(en, ". ").trim_end_matches('.'))
    }
}

/// Every code and assumption, by code.
#[must_use]
pub fn codes() -> Vec<Explained> {
    let tables = [
        site::codes::form::CODES,
        site::codes::content::CODES,
        pack::codes::CODES,
        device::CODES,
        design::CODES,
        pattern::CODES,
        CODES,
    ];
    let vendors = device::vendors();
    let plain = tables
        .into_iter()
        .flatten()
        .chain(vendors.iter().flat_map(|one| one.codes.iter().copied().flatten()));
    let mut all: Vec<Explained> = plain
        .map(|info| Explained {
            code: info.code,
            name: info.name.to_owned(),
            topic: Topic::Input,
            statement: None,
            text: (info.explain)(),
        })
        .collect();
    all.extend(rule::rules().into_iter().map(|rule| Explained {
        code: rule.code,
        name: rule.name.to_owned(),
        topic: Topic::Rule,
        statement: Some((rule.requirement)()),
        text: (rule.explain)(),
    }));
    let assumptions = vendors.iter().flat_map(|vendor| vendor.assumptions.iter().copied());
    all.extend(assumptions.chain(design::ASSUMPTIONS).map(assumption));
    all.sort_by_key(|one| one.code);
    all
}

fn assumption(one: &'static model::Assumption) -> Explained {
    let keywords: Vec<&str> = one.readings.iter().map(|reading| reading.keyword).collect();
    let mut text = Text::default();
    for reading in one.readings {
        let meaning = (reading.meaning)();
        let line = text!(
            ja: "`{keyword}`: {meaning}", en: "`{keyword}`: {meaning}",
            keyword = reading.keyword, meaning = meaning,
        );
        let gap = if text.ja.is_empty() { "" } else { "\n" };
        text = Text::new(
            format!("{}{gap}{}", text.ja, line.ja),
            format!("{}{gap}{}", text.en, line.en),
        );
    }
    Explained {
        code: one.id,
        name: keywords.join(" | "),
        topic: Topic::Assumption,
        statement: Some((one.question)()),
        text,
    }
}

/// What `wanted` stands for: a code, a rule by name, an assumption, a page or pattern, a property,
/// a clause; upper and lower case are the same.
#[must_use]
pub fn explain(wanted: &str) -> Option<Explained> {
    let is_meant = |one: &Explained| {
        one.code.eq_ignore_ascii_case(wanted) || one.name.eq_ignore_ascii_case(wanted)
    };
    codes().into_iter().find(is_meant).or_else(|| page::explain(wanted))
}

/// Codes of this crate.
static CODES: &[CodeInfo] = &[
    CodeInfo {
        code: "P110",
        name: "site-file-not-utf8",
        explain: || {
            text!(
                ja: "サイトファイルが UTF-8 ではありません。UTF-8 で保存し直してください。",
                en: "The site file is not UTF-8. Save it as UTF-8.",
            )
        },
    },
    CodeInfo {
        code: "P111",
        name: "config-unreadable",
        explain: || {
            text!(
                ja: "サイトファイルが指定する設定ファイルを読めません。そのルータは何をするか分\
                     からないものとして扱い、関係する要件は証明しません。",
                en: "A configuration file that the site file names cannot be read. The router \
                     may do anything, and no requirement that it could break is proved.",
            )
        },
    },
    CodeInfo {
        code: "P112",
        name: "unknown-vendor",
        explain: || {
            text!(
                ja: "このベンダの設定は読めません。そのルータは何をするか分からないものとして\
                     扱います。",
                en: "Configurations of this vendor are not read. The router may do anything.",
            )
        },
    },
    CodeInfo {
        code: "P113",
        name: "looks-like-other-vendor",
        explain: || {
            text!(
                ja: "サイトファイルに書かれたベンダと、設定の文面が合いません。ファイルの取り\
                     違えを確認してください。",
                en: "The vendor stated and the look of the configuration do not agree. Check for \
                     a swapped file.",
            )
        },
    },
    CodeInfo {
        code: "P114",
        name: "swapped-configs",
        explain: || {
            text!(
                ja: "二つのルータの設定ファイルが入れ替わっているようです。それぞれのアドレスが、\
                     もう一方のルータの `ports` に書かれたゾーンに合います。直すまで判定しません。",
                en: "The configurations of two routers seem to be swapped: the addresses of each \
                     are those of the zones at the other's `ports`. Until that is mended nothing \
                     is decided.",
            )
        },
    },
    CodeInfo {
        code: "R110",
        name: "unknown-assumption",
        explain: || {
            text!(
                ja: "`[[assumption]]` の `id` に該当する前提がありません。",
                en: "No assumption has the `id` that an `[[assumption]]` gives.",
            )
        },
    },
    CodeInfo {
        code: "R111",
        name: "unknown-reading",
        explain: || {
            text!(
                ja: "`[[assumption]]` の `reading` に該当する読み方がありません。",
                en: "The assumption has no such `reading`.",
            )
        },
    },
    CodeInfo {
        code: "R113",
        name: "assumption-answered-twice",
        explain: || {
            text!(
                ja: "同じ前提に `[[assumption]]` が二つあります。どちらが正しいか分からないため、\
                     証明しません。",
                en: "Two `[[assumption]]` entries answer the same point. Which one holds is \
                     unknown, so nothing is proved.",
            )
        },
    },
    CodeInfo {
        code: "R112",
        name: "unknown-rule",
        explain: || {
            text!(
                ja: "`[[waiver]]` の `rule` に該当するルールがありません。",
                en: "No rule has the code or name that a `[[waiver]]` gives.",
            )
        },
    },
    CodeInfo {
        code: "R114",
        name: "unfilled-answer",
        explain: || {
            text!(
                ja: "`[[assumption]]` か `[[waiver]]` の `by`・`reason` に、見本の文や記号だけが書\
                     かれています。誰が何を確かめたか分からないため、使いません。",
                en: "The `by` or `reason` of an `[[assumption]]` or a `[[waiver]]` holds the words \
                     of a form. Nobody stands for it, so it is not used.",
            )
        },
    },
    CodeInfo {
        code: "R115",
        name: "answer-of-a-later-day",
        explain: || {
            text!(
                ja: "`[[assumption]]` の `on` が、判定する日より後です。まだ確かめていない答えは使\
                     いません。",
                en: "The `on` of an `[[assumption]]` is after the day of the judgement. What has \
                     not been found out yet is not used.",
            )
        },
    },
    CodeInfo {
        code: "L110",
        name: "waiver-ended",
        explain: || {
            text!(
                ja: "例外の期限が過ぎたため、この例外は適用しません。",
                en: "The waiver ended, so it does not apply any more.",
            )
        },
    },
];
