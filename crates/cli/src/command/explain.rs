//! `sekisho explain CODE`: what a code, a rule, an assumption, a page, a property or a clause is.

use clap::Args;
use diag::{Lang, Text, text};

use crate::output;

/// 番号（F002）、前提（Y-A2）、ページ（P03）、性質（V3）、条項（R05）を説明します / explains
/// codes, assumptions, pages, properties and clauses
#[derive(Args)]
pub(crate) struct Explain {
    /// 番号、ルールやパターンの名前（いくつでも）。省略すると一覧 / codes, rules or patterns;
    /// a list of all if left out
    #[arg(value_name = "CODE")]
    codes: Vec<String>,
}

impl Explain {
    pub(crate) fn run(self, lang: Lang) -> u8 {
        let style = output::style(lang);
        if self.codes.is_empty() {
            return output::data(lang, &render::code_list(&all(), &style), 0);
        }
        let mut texts = Vec::new();
        for code in self.codes.iter().flat_map(|code| parts(code)) {
            let found = find(&code).map_or_else(|| parted(&code), |found| vec![found]);
            if found.is_empty() {
                return refuse(lang, &code);
            }
            texts.extend(found.iter().map(|one| render::explained(one, &style)));
        }
        output::data(lang, &texts.join("\n"), 0)
    }
}

/// The codes in a word as reports write them: `P03/R05` is a page and a clause, `F002, F003` two
/// rules, and of `Y-A2=list-first` the assumption is explained with all its readings.
fn parts(word: &str) -> Vec<String> {
    let plain = site::half_width(word);
    let parts = plain.split(['/', ',', ' ']).map(|part| part.split('=').next().unwrap_or(part));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn find(wanted: &str) -> Option<check::Explained> {
    let is_wanted = |one: &check::Explained| {
        one.code.eq_ignore_ascii_case(wanted) || one.name.eq_ignore_ascii_case(wanted)
    };
    check::explain(wanted).or_else(|| exchange().find(is_wanted))
}

/// The parts of a clause that the document gives one number, as `R15a` and `R15b` of `R15`.
fn parted(wanted: &str) -> Vec<check::Explained> {
    let wanted = wanted.to_ascii_uppercase();
    let mut all = check::pages();
    all.retain(|one| {
        let rest = one.code.strip_prefix(wanted.as_str()).unwrap_or_default();
        rest.len() == 1 && rest.bytes().all(|letter| letter.is_ascii_lowercase())
    });
    all
}

fn refuse(lang: Lang, wanted: &str) -> u8 {
    let all = all();
    let names = all.iter().flat_map(|one| [one.code, one.name.as_str()]);
    let near = site::nearest(wanted, names);
    let mut helps: Vec<Text> = near
        .map(|near| {
            text!(
                ja: "{near} の書き間違いであれば、直してください",
                en: "write {near} if that is what you mean", near = format!("`{near}`"),
            )
        })
        .into_iter()
        .collect();
    helps.push(text!(
        ja: "`sekisho explain` で一覧を表示できます。番号（`F002`）、名前、前提（`Y-A2`）、\
             ページ（`P03`）、性質（`V3`）、条項（`R05`）を書けます",
        en: "see `sekisho explain` for a list; it takes codes (`F002`), names, assumptions \
             (`Y-A2`), pages (`P03`), properties (`V3`) and clauses (`R05`)",
    ));
    let headline = text!(
        ja: "`{code}` という番号や名前はありません", en: "there is no code or name `{code}`",
        code = wanted,
    );
    output::refuse(lang, &headline, &helps)
}

/// Everything that can be explained.
fn all() -> Vec<check::Explained> {
    let mut all = check::codes();
    all.extend(exchange());
    all.sort_by_key(|one| one.code);
    all.extend(check::pages());
    all
}

/// The codes of the file exchange, which are not those of a proof.
fn exchange() -> impl Iterator<Item = check::Explained> {
    link::CODES
        .iter()
        .chain(link::doctor::DOCTOR_CODES)
        .chain(link::retention::RETENTION_CODES)
        .map(|info| check::Explained {
            code: info.code,
            name: info.name.to_owned(),
            topic: check::Topic::Input,
            statement: None,
            text: (info.explain)(),
        })
}
