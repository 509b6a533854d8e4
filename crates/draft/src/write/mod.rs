//! The commented site file.

mod device;
mod machine;
mod page;

use diag::{Lang, Text, text};
use pattern::LineFact;

pub use page::Open;

use crate::Answers;
use crate::conversation::{carrier, provider, vendor};
use crate::plan::{Method, Plan};
use page::Page;

/// A site file and what is still to be asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    /// The file, in the form of `sekisho fmt`.
    pub text: String,
    /// Id of the reference pattern that the site is.
    pub pattern: String,
    /// What stays open, in the order of the file.
    pub open: Vec<Open>,
    /// The configurations that the file names.
    pub configs: Vec<ConfigFile>,
}

/// A configuration that is to be saved beside the site file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigFile {
    /// Router.
    pub router: String,
    /// Name of the file.
    pub file: String,
    /// Whether it is written by hand, as a comment in the site file says; else it is what the
    /// router prints.
    pub is_by_hand: bool,
}

/// The site file for `answers`, with its comments in `lang`.
///
/// # Errors
/// The text names the questions without whose answers there is no site file.
pub fn write(answers: &Answers, lang: Lang) -> Result<Draft, Text> {
    let plan = Plan::new(answers)?;
    let mut page = Page::new(lang);
    header(&mut page, &plan);
    line(&mut page, &plan);
    machine::zones(&mut page, &plan);
    machine::machines(&mut page, &plan);
    let configs = device::routers(&mut page, &plan);
    device::standing(&mut page, &plan);
    device::destinations(&mut page, &plan);
    device::services(&mut page, &plan);
    machine::interference_tests(&mut page, &plan);
    deletion(&mut page);
    let Page { text, open, .. } = page;
    // INVARIANT: all values were checked or are quoted, so that the text is TOML.
    let text = site::format(&text).unwrap_or(text);
    Ok(Draft { text, pattern: plan.pattern().to_owned(), open, configs })
}

fn header(page: &mut Page, plan: &Plan<'_>) {
    let answers = plan.answers;
    page.say(&text!(
        ja: "sekisho サイトファイル（参考パターン {pattern}）",
        en: "sekisho site file (reference pattern {pattern})",
        pattern = plan.pattern(),
    ));
    page.line("#");
    page.say(&text!(
        ja: "1. 「要確認」の行を確かめて、コメントを外します。",
        en: "1. Find out what is marked \"to be asked\" and take its line out of the comment.",
    ));
    page.say(&text!(
        ja: "2. ルータの設定を、このファイルの隣に保存します。",
        en: "2. Save the routers' configurations beside this file.",
    ));
    page.say(&text!(ja: "3. sekisho check を実行します。", en: "3. Run sekisho check."));
    page.line("");
    page.line_with(
        "edition = \"2023\"",
        &text!(
            ja: "判定に使う参考資料の版",
            en: "edition of the reference document that judges",
        ),
    );
    page.section("site");
    page.line(&format!("name = {}", quoted(answers.get("name").unwrap_or_default())));
    page.line_with(
        &format!("kind = \"{}\"", answers.get("kind").unwrap_or_default()),
        &Text::verbatim("hospital | clinic | dental | pharmacy"),
    );
    page.line(&format!("pattern = \"{}\"", plan.pattern()));
}

fn line(page: &mut Page, plan: &Plan<'_>) {
    page.section("line");
    page.line(&format!("kind = \"{}\"", plan.answers.get("line").unwrap_or_default()));
    if plan.line == LineFact::IpVpn {
        let what = text!(ja: "オンライン資格確認の接続方式", en: "how eligibility is carried");
        method(page, "eligibility", plan.eligibility, what);
        let what = text!(ja: "オンライン請求の接続方式", en: "how online claims are carried");
        method(page, "claims", plan.claims, what);
        return;
    }
    let endpoint = plan.answers.get("endpoint").unwrap_or_default();
    page.line(&format!("endpoint = \"{endpoint}\""));
    match plan.answers.get("peer") {
        Some(peer) => page.line(&format!("peer = {}", quoted(peer))),
        None => page.ask(
            text!(ja: "IPsec の接続先", en: "far end of the IPsec tunnel"),
            provider(),
            "peer = \"203.0.113.1\"",
        ),
    }
    if endpoint == "router" {
        page.ask(
            text!(
                ja: "接続サービスの HISPRO 適合性評価（一覧を見た日）",
                en: "the service's HISPRO assessment, and the day it was looked up",
            ),
            provider(),
            "assessment = { service = \"…\", checked = 2026-01-31 }",
        );
    }
}

/// What proves that finished files are deleted.
fn deletion(page: &mut Page) {
    page.line("");
    page.ask(
        text!(
            ja: "処理が終わったファイルを削除した記録（`sekisho link evidence` が作ります）",
            en: "the record of the deletion of finished files, made by `sekisho link evidence`",
        ),
        vendor(),
        "[deletion]\n# evidence = \"evidence.json\"\n# age = \"35d\"\n# limit = \"7d\"",
    );
}

fn method(page: &mut Page, key: &str, method: Method, what: Text) {
    match method {
        Method::Ipoe => page.line_with(&format!("{key} = \"ipoe\""), &what),
        Method::Pppoe => page.line_with(&format!("{key} = \"pppoe\""), &what),
        Method::None => {}
        Method::Open => page.ask(what, carrier(), &format!("{key} = \"ipoe\" # ipoe | pppoe")),
    }
}

/// `text` as a string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for one in text.chars() {
        if matches!(one, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(one);
    }
    quoted.push('"');
    quoted
}
