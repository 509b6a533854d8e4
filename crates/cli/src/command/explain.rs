//! `sekisho explain CODE`: what a code, a rule, an assumption, a page, a property or a clause is.

use clap::Args;
use diag::{Lang, text};

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
            let mut all = check::codes();
            all.extend(exchange());
            all.sort_by_key(|one| one.code);
            all.extend(check::pages());
            return output::data(lang, &render::code_list(&all, &style), 0);
        };
        let is_wanted = |one: &check::Explained| {
            one.code.eq_ignore_ascii_case(&code) || one.name.eq_ignore_ascii_case(&code)
        };
        if let Some(found) = check::explain(&code).or_else(|| exchange().find(is_wanted)) {
            return output::data(lang, &render::explained(&found, &style), 0);
        }
        output::refuse(
            lang,
            &text!(
                ja: "`{code}` という番号はありません", en: "there is no code `{code}`",
                code = code,
            ),
            &[text!(
                ja: "`sekisho explain` で一覧を表示できます",
                en: "see `sekisho explain` for a list",
            )],
        )
    }
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
            statement: None,
            text: (info.explain)(),
        })
}
