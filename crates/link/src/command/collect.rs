//! `collect`: answers that came late, or that nobody acknowledged.

use clap::Args;
use diag::Lang;

use super::options::{self, Opening, Options};
use super::{EXIT_CODES, output};
use crate::acknowledge::Acknowledgements;

/// 遅れた回答と未確認の回答を受け取ります / fetches answers that came late or have no `ack`
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Collect {
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    opening: Opening,
}

impl Collect {
    pub(super) fn run(&self, lang: Lang) -> u8 {
        let Some(mut client) = self.options.client(lang, &self.opening) else {
            return output::UNUSABLE;
        };
        let key = client.state.key.clone();
        let mut hands = output::Hands::new(lang, &key);
        let mut known = Acknowledgements::new();
        let outcome = known.refresh(&client.state).and_then(|()| {
            let mut open = client.ledger.unfinished(|open| open.is_acknowledged(&key, &known));
            // One state may serve several institutions; nobody gets another one's answers.
            open.retain(|open| {
                open.is_echo(&key, "MedicalInstitutionCode", &client.settings.institution)
                    == Some(true)
            });
            client.collect(open, |answer| hands.over(&answer))
        });
        if let Err(error) = outcome {
            options::broken(lang, &self.options.root.display().to_string(), &error.text());
            return output::UNUSABLE;
        }
        hands.code
    }
}
