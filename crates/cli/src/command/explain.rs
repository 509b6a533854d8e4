//! `sekisho explain CODE`: what a code, a rule, an assumption, a page, a property or a clause is.

use clap::Args;
use diag::{Lang, Text, text};

use crate::output;

/// 番号（F002）、前提（Y-A2）、頁（P03）、性質（V3）、条項（R05）を説明します / explains a code, an
/// assumption, a page, a property or a clause
#[derive(Args)]
pub(crate) struct Explain {
    /// 番号、ルールやパターンの名前。省略すると一覧 / code, rule or pattern; all if left out
    code: Option<String>,
}

impl Explain {
    pub(crate) fn run(self, lang: Lang) -> u8 {
        let style = output::style(lang);
        let Some(code) = self.code else {
            return output::data(lang, &render::code_list(&all(), &style), 0);
        };
        let wanted = site::half_width(code.trim()).into_owned();
        let is_wanted = |one: &check::Explained| {
            one.code.eq_ignore_ascii_case(&wanted) || one.name.eq_ignore_ascii_case(&wanted)
        };
        if let Some(found) = check::explain(&wanted).or_else(|| exchange().find(is_wanted)) {
            return output::data(lang, &render::explained(&found, &style), 0);
        }
        refuse(lang, &code, &wanted)
    }
}

fn refuse(lang: Lang, code: &str, wanted: &str) -> u8 {
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
             頁（`P03`）、性質（`V3`）、条項（`R05`）を書けます",
        en: "see `sekisho explain` for a list; it takes codes (`F002`), names, assumptions \
             (`Y-A2`), pages (`P03`), properties (`V3`) and clauses (`R05`)",
    ));
    let headline = text!(
        ja: "`{code}` という番号や名前はありません", en: "there is no code or name `{code}`",
        code = code,
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
