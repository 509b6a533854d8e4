//! `ask`, `drug` and `checkup`: questions about single people.

use clap::Args;
use diag::{Lang, text};

use super::options::{self, Options, Source};
use super::{EXIT_CODES, output};
use crate::catalogue::Catalogue;
use crate::client;
use crate::name::ApiId;

/// 資格確認を要求し、回答を JSON で出します / asks about people and prints the answers as JSON
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Ask {
    #[command(flatten)]
    options: Options,
    /// 電文の種類（catalogue で一覧）/ the kind of message, see `catalogue`
    #[arg(long, value_name = "ID", default_value = "OQSsiquc01")]
    kind: String,
    #[command(flatten)]
    source: Source,
}

/// 薬剤情報・診療情報を要求します / asks for drugs and care
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Drug {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    source: Source,
}

/// 特定健診情報を要求します / asks for check-ups
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Checkup {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    source: Source,
}

impl Ask {
    pub(super) fn run(&self, lang: Lang) -> u8 {
        if ApiId::parse(&self.kind).is_ok_and(|api| api.is_bulk()) {
            let what = text!(
                ja: "`{kind}` は一括の電文です。`bulk` を使ってください",
                en: "`{kind}` is about many people; use `bulk`",
                kind = self.kind,
            );
            output::fail(lang, "P405", &what);
            return output::UNUSABLE;
        }
        if Catalogue::load().kind(&self.kind).is_none() {
            return super::catalogue::unknown(lang, &self.kind);
        }
        run(lang, &self.options, &self.kind, &self.source)
    }
}

impl Drug {
    pub(super) fn run(&self, lang: Lang) -> u8 {
        run(lang, &self.options, "YZKsiquc01", &self.source)
    }
}

impl Checkup {
    pub(super) fn run(&self, lang: Lang) -> u8 {
        run(lang, &self.options, "TKKsiquc01", &self.source)
    }
}

fn run(lang: Lang, options: &Options, kind: &str, source: &Source) -> u8 {
    let Some(objects) = source.objects(lang) else { return output::UNUSABLE };
    let Some(mut client) = options.client(lang) else { return output::UNUSABLE };
    let asks = objects
        .into_iter()
        .map(|person| client::Ask { api: kind.to_owned(), people: vec![person] });
    let asks: Vec<client::Ask> = asks.collect();
    let key = client.state.key.clone();
    let mut hands = output::Hands::new(lang, &key);
    let outcome = client.run(asks, |answer| hands.over(&answer));
    if let Err(error) = outcome {
        options::broken(lang, &options.root.display().to_string(), &error.text());
        return output::UNUSABLE;
    }
    hands.code
}
