//! `sekisho explain CODE`: what a code, a rule or an assumption stands for.

use clap::Args;
use diag::{Lang, text};

use crate::output;

/// 番号（F002 など）や前提（Y-A2 など）を説明します / explains a code or an assumption
#[derive(Args)]
pub(crate) struct Explain {
    /// 番号、ルールの名前、または前提。省略すると一覧 / code, rule or assumption; all if left out
    code: Option<String>,
}

impl Explain {
    pub(crate) fn run(self, lang: Lang) -> u8 {
        let style = output::style(lang);
        let Some(code) = self.code else {
            output::data(&render::code_list(&check::codes(), &style));
            return 0;
        };
        if let Some(found) = check::explain(&code) {
            output::data(&render::explained(&found, &style));
            return 0;
        }
        output::tell_in(
            lang,
            &text!(
                ja: "エラー: `{code}` という番号はありません。`sekisho explain` で一覧を表示でき\
                     ます",
                en: "error: there is no code `{code}`; `sekisho explain` lists them all",
                code = code,
            ),
        );
        output::UNUSABLE
    }
}
