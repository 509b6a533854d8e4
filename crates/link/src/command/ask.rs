//! `ask`, `drug` and `checkup`: questions about single people.

use clap::Args;
use diag::{Lang, text};

use super::options::{self, Opening, Options, Parallel, Sending, Source};
use super::{EXIT_CODES, output};
use crate::catalogue::Catalogue;
use crate::client;
use crate::name::ApiId;

/// 資格確認を要求し、回答を JSON で出します / asks about people and prints the answers as JSON
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Ask {
    /// 電文の種類（catalogue で一覧）/ the kind of message, see `catalogue`
    #[arg(long, value_name = "ID", default_value = "OQSsiquc01")]
    kind: String,
    #[command(flatten)]
    question: Question,
}

/// 薬剤情報・診療情報を要求します / asks for drugs and care
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Drug {
    #[command(flatten)]
    question: Question,
}

/// 特定健診情報を要求します / asks for check-ups
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Checkup {
    #[command(flatten)]
    question: Question,
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
        self.question.run(lang, &self.kind)
    }
}

impl Drug {
    pub(super) fn run(&self, lang: Lang) -> u8 {
        self.question.run(lang, "YZKsiquc01")
    }
}

impl Checkup {
    pub(super) fn run(&self, lang: Lang) -> u8 {
        self.question.run(lang, "TKKsiquc01")
    }
}

/// What all three have.
#[derive(Debug, Args)]
struct Question {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    sending: Sending,
    #[command(flatten)]
    parallel: Parallel,
    #[command(flatten)]
    opening: Opening,
    #[command(flatten)]
    source: Source,
}

impl Question {
    fn run(&self, lang: Lang, kind: &str) -> u8 {
        let Some(objects) = self.source.objects(lang) else { return output::UNUSABLE };
        let Some(mut client) = self.options.client(lang, &self.opening) else {
            return output::UNUSABLE;
        };
        self.sending.set(&mut client);
        client.settings.parallel = self.parallel.count();
        let asks = objects
            .into_iter()
            .map(|person| client::Ask { api: kind.to_owned(), people: vec![person] });
        let asks: Vec<client::Ask> = asks.collect();
        let key = client.state.key.clone();
        let mut hands = output::Hands::new(lang, &key);
        let outcome = client.run(asks, |answer| hands.over(&answer));
        if let Err(error) = outcome {
            options::broken(lang, &self.options.root.display().to_string(), &error.text());
            return output::UNUSABLE;
        }
        hands.code
    }
}
