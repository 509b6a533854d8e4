//! `bulk`: a question about many people in one file, answered in two steps.

use std::ffi::OsStr;
use std::time::{Duration, Instant};

use clap::{ArgGroup, Args};
use diag::{Lang, text};
use serde_json::{Map, Value};

use super::options::{self, Opening, Options, Sending, Source};
use super::{EXIT_CODES, output};
use crate::acknowledge::Acknowledgements;
use crate::catalogue::Catalogue;
use crate::client::{self, Answer, Client, Delivery, Outcome};
use crate::journal::JournalError;
use crate::moment;
use crate::name::{ApiId, Step};

/// 一括照会を要求し、結果ができるまで問い合わせます / asks about many people in two steps
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
#[command(group(ArgGroup::new("what").required(true).args(["request", "reception"])))]
pub struct Bulk {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    sending: Sending,
    #[command(flatten)]
    opening: Opening,
    /// 電文の種類 / the kind of message
    #[arg(long, value_name = "ID", default_value = "OQSmuquc01")]
    kind: String,
    /// 結果を問い合わせる間隔（秒）/ seconds between two questions for the result
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    #[arg(value_parser = clap::value_parser!(u64).range(..=options::SECONDS_MAX))]
    again: u64,
    /// 結果を待つ秒数 / seconds to wait for the result
    #[arg(long, value_name = "SECONDS", default_value_t = 3_600)]
    #[arg(value_parser = clap::value_parser!(u64).range(..=options::SECONDS_MAX))]
    patience: u64,
    /// 受付番号から続けます（要求は送りません）/ goes on from a reception number
    #[arg(long, value_name = "NUMBER")]
    reception: Option<String>,
    #[command(flatten)]
    source: Option<Source>,
}

impl Bulk {
    pub(super) fn run(&self, lang: Lang) -> u8 {
        let Some(api) = ApiId::parse(&self.kind).ok().filter(ApiId::is_bulk) else {
            let what = text!(
                ja: "`{kind}` は一括の電文ではありません", en: "`{kind}` is not about many people",
                kind = self.kind,
            );
            output::fail(lang, "P405", &what);
            return output::UNUSABLE;
        };
        if Catalogue::load().kind(&self.kind).is_none() {
            return super::catalogue::unknown(lang, &self.kind);
        }
        let people = match (&self.reception, &self.source) {
            (Some(_), _) => Vec::new(),
            (None, Some(source)) => match source.objects(lang) {
                Some(people) => people,
                None => return output::UNUSABLE,
            },
            (None, None) => {
                let what = text!(
                    ja: "要求のファイルか `--reception` を書いてください",
                    en: "a request file or `--reception` is needed",
                );
                output::fail(lang, "P401", &what);
                return output::UNUSABLE;
            }
        };
        let Some(mut client) = self.options.client(lang, &self.opening) else {
            return output::UNUSABLE;
        };
        self.sending.set(&mut client);
        match self.steps(lang, &mut client, &api, people) {
            Ok(code) => code,
            Err(error) => {
                let root = self.options.root.display().to_string();
                options::broken(lang, &root, &error.text());
                output::UNUSABLE
            }
        }
    }

    fn steps(
        &self,
        lang: Lang,
        client: &mut Client,
        api: &ApiId,
        people: Vec<Map<String, Value>>,
    ) -> Result<u8, JournalError> {
        // What only leads to the result is ours; nobody else will say that they have it.
        let mut on_the_way = Vec::new();
        let reception = match &self.reception {
            Some(reception) => reception.clone(),
            None => {
                let first = one(lang, client, &api.at_step(Step::Upload), people)?;
                match first.reception().map(str::to_owned) {
                    Some(number) => {
                        on_the_way.push(first);
                        number
                    }
                    _ => return no_reception(lang, client, &first),
                }
            }
        };
        let what = text!(
            ja: "受付番号 {number} の結果を待ちます",
            en: "waiting for the result of reception {number}",
            number = reception,
        );
        output::tell(lang, &what);
        let end = Instant::now() + Duration::from_secs(self.patience);
        loop {
            let mut question = Map::new();
            question.insert("ReceptionNumber".to_owned(), reception.clone().into());
            let mut answer = one(lang, client, &api.at_step(Step::Download), vec![question])?;
            let is_again = answer.outcome == Outcome::InProgress && Instant::now() < end;
            if !is_again {
                answer.content.insert("reception".to_owned(), reception.into());
                let mut hands = output::Hands::new(lang, &client.state.key);
                if hands.over(&answer) == Delivery::Failed {
                    client.undelivered(&answer)?;
                    return Ok(hands.code);
                }
                // Only now: whoever is interrupted before can begin again with `collect`.
                for answer in &on_the_way {
                    acknowledge(client, answer)?;
                }
                return Ok(hands.code);
            }
            on_the_way.push(answer);
            std::thread::sleep(Duration::from_secs(self.again));
        }
    }
}

/// The end of the first step where nothing can follow. An answer without a number is not all
/// that was asked for.
fn no_reception(lang: Lang, client: &mut Client, first: &Answer) -> Result<u8, JournalError> {
    let mut hands = output::Hands::new(lang, &client.state.key);
    if hands.over(first) == Delivery::Failed {
        client.undelivered(first)?;
        return Ok(hands.code);
    }
    if first.outcome != Outcome::Answered {
        return Ok(hands.code);
    }
    let what = text!(
        ja: "注意[E401]: 受付の回答に受付番号がないため、結果は問い合わせていません。番号が\
             分かれば `--reception` で続けてください",
        en: "note[E401]: the terminal took the request and gave no reception number, so the result \
             was not asked for; go on with `--reception` once the number is known",
    );
    output::tell(lang, &what);
    Ok(hands.code.max(Outcome::Waiting.code()))
}

fn acknowledge(client: &Client, answer: &Answer) -> Result<(), JournalError> {
    let (Some(name), Some(sha256)) = (&answer.response, &answer.sha256) else { return Ok(()) };
    let (name, now) = (OsStr::new(name), moment::now());
    Acknowledgements::acknowledge(&client.state, name, sha256, "sekisho-link", now)
}

fn one(
    lang: Lang,
    client: &mut Client,
    api: &ApiId,
    people: Vec<Map<String, Value>>,
) -> Result<Answer, JournalError> {
    let mut found = None;
    let ask = client::Ask { api: api.to_string(), people };
    let outcome = client.run([ask], |mut answer| {
        // There is one list of people, and it has no number.
        answer.number = None;
        found = Some(answer);
        Delivery::Done
    });
    let answer = found.expect("one question has one answer");
    match outcome {
        Ok(()) => Ok(answer),
        Err(error) => {
            // Whoever asked has a line for what he asked.
            let _ = output::Hands::new(lang, &client.state.key).over(&answer);
            Err(error)
        }
    }
}
