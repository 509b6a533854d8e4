//! `catalogue`: what messages there are and what their requests hold.

use clap::Args;
use diag::{Lang, text};

use super::output;
use crate::catalogue::{Catalogue, Field};

/// 電文の種類と要求の項目を示します / lists the kinds of messages and what requests hold
#[derive(Debug, Args)]
pub struct List {
    /// この種類だけ / only these kinds
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
        output::data(&format!("{}\n", head.get(lang)));
        if let Some(unknown) = self.kinds.iter().find(|kind| catalogue.kind(kind).is_none()) {
            let what = text!(
                ja: "`{kind}` の形式は分かっていません", en: "the form of `{kind}` is not known",
                kind = unknown,
            );
            output::fail(lang, "P405", &what);
            return output::UNUSABLE;
        }
        for kind in catalogue.kinds() {
            if !self.kinds.is_empty() && !self.kinds.contains(&kind.api) {
                continue;
            }
            output::data(&format!("\n{}  {}  [{}]\n", kind.api, kind.title.get(lang), kind.mark));
            for field in kind.header.iter().chain(&kind.body) {
                output::data(&format!("  {}\n", line(&catalogue, field, lang)));
            }
        }
        output::DONE
    }
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
