//! `catalogue`: what messages there are and what their requests hold.

use clap::Args;
use diag::{Lang, text};

use super::output;
use crate::catalogue::{Catalogue, Field, Group};

/// What the exit codes stand for.
const EXIT_CODES: &str = "\
［ ］の中は確かさ: H 高い、M 中くらい、L 推測 / in brackets: H sure, M likely, L a guess
項目の `?` は省略できるもの / `?` marks what may be absent

終了コード: / Exit codes:
  0  示した / shown
  3  知らない種類 / unknown kind";

/// 電文の種類と項目を示します / lists the kinds of messages and what they hold
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct List {
    /// この種類だけ（回答の項目も）/ only these kinds, with what answers hold
    #[arg(value_name = "ID")]
    kinds: Vec<String>,
}

impl List {
    pub(super) fn run(&self, lang: Lang) -> u8 {
        let catalogue = Catalogue::load();
        let source = diag::Text::new(
            "公開ソフトウェアの観察に基づくもので、公式の仕様ではありません",
            &catalogue.source,
        );
        let head = text!(
            ja: "電文の目録 {version}（{source}）", en: "catalogue {version} ({source})",
            version = catalogue.version, source = source,
        );
        let width = output::style(lang).width;
        let mut told = display::hanging("", head.get(lang), 2, width);
        let legend = text!(
            ja: "［ ］は確かさ: H 高い、M 中くらい、L 推測。`?` は省略できる項目",
            en: "in brackets how sure it is: H sure, M likely, L a guess; `?` may be absent",
        );
        told += &display::hanging("", legend.get(lang), 2, width);
        if let Some(unknown) = self.kinds.iter().find(|kind| catalogue.kind(kind).is_none()) {
            return self::unknown(lang, unknown);
        }
        for kind in catalogue.kinds() {
            if !self.kinds.is_empty() && !self.kinds.contains(&kind.api) {
                continue;
            }
            told +=
                &format!("\n{}  {}  [{}]\n", kind.api, kind.title.get(lang), certainty(&kind.mark));
            for field in kind.header.iter().chain(&kind.body) {
                told += &display::hanging("  ", &line(&catalogue, field, lang), 2, width);
            }
            if self.kinds.is_empty() {
                continue;
            }
            let answer = text!(ja: "回答で見られた項目", en: "seen in answers");
            told += &format!("  {}\n", answer.get(lang));
            for group in catalogue.elements(&kind.api) {
                told += &display::hanging("    ", &together(&catalogue, group, lang), 2, width);
            }
        }
        if self.kinds.is_empty() {
            told += &names(&catalogue, lang, width);
        }
        output::data(lang, &told, output::DONE)
    }
}

/// Kinds of which only the name is known.
fn names(catalogue: &Catalogue, lang: Lang, width: usize) -> String {
    let head = text!(
        ja: "名前だけ分かっているもの（要求は作れません）",
        en: "known by name only; no request can be made of them",
    );
    let mut told = format!("\n{}\n", head.get(lang));
    for name in catalogue.names() {
        let sure = certainty(&name.mark);
        let line = format!("{}  {}  [{sure}] {}", name.api, name.title.get(lang), name.interface);
        told += &display::hanging("  ", &line, 2, width);
    }
    told
}

/// Elements of an answer that stand together, those with codes with them.
fn together(catalogue: &Catalogue, group: &Group, lang: Lang) -> String {
    let one = |name: &String| {
        let Some(table) = catalogue.table(name) else { return name.clone() };
        let codes = table.iter().map(|(code, text)| format!("{code} {}", text.get(lang)));
        format!("{name} ({})", codes.collect::<Vec<_>>().join(", "))
    };
    let elements: Vec<String> = group.elements.iter().map(one).collect();
    format!("{} [{}]: {}", group.within, certainty(&group.mark), elements.join(", "))
}

/// Says that a kind of message is not known, and where those that are can be seen.
pub(super) fn unknown(lang: Lang, kind: &str) -> u8 {
    let what = text!(
        ja: "`{kind}` の形式は分かっていません。分かっている種類は `link catalogue` で見られます",
        en: "the form of `{kind}` is not known; `link catalogue` lists those that are",
        kind = kind,
    );
    output::fail(lang, "P405", &what);
    output::UNUSABLE
}

/// How sure an entry is: what stands behind the sources of its mark.
fn certainty(mark: &str) -> &str {
    mark.split_once('|').map_or(mark, |(_, certainty)| certainty)
}

/// A field: `?` where it may be absent, then its codes.
fn line(catalogue: &Catalogue, field: &Field, lang: Lang) -> String {
    let mark = if field.is_required { "" } else { "?" };
    let codes = catalogue.table(&field.name).map_or_else(String::new, |table| {
        let codes: Vec<String> =
            table.iter().map(|(code, text)| format!("{code} {}", text.get(lang))).collect();
        format!(": {}", codes.join(", "))
    });
    format!("{}{mark}{codes}", field.name)
}
