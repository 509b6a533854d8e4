//! `emulate`: plays the terminal on a folder.

use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use diag::{Lang, text};

use super::options::unreadable;
use super::output;
use crate::emulate::{Emulator, Pace, Scenario};
use crate::state;
use crate::user_file;

/// Most bytes of a scenario. LIMIT.
const SCENARIO_MAX_BYTES: u64 = 1024 * 1024;

/// 資格確認端末の代わりに応答します（練習・試験用）/ plays the terminal, for training and tests
#[derive(Debug, Args)]
#[command(after_help = "\
公式の接続検証には使えません。99 で始まらない医療機関コードには応答しません。\
/ not certified for connection tests; answers no institution code without 99

終了コード: / Exit codes:
  0  終わった / ended
  3  引数・シナリオ・フォルダーが使えない、または 99 で始まらない要求があった\
     / unusable arguments, scenario or folder, or a request of a code without 99")]
pub struct Emulate {
    /// req・res・face を置くフォルダー / the folder of req, res and face
    #[arg(long, value_name = "DIR")]
    root: PathBuf,
    /// シナリオ（TOML）/ the scenario
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// 乱数の種（同じ種と同じ問いなら同じ応答）/ same seed and questions, same answers
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// 何をしたかを書くファイル / a file for what was done
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
    /// この秒数で終えます / ends after so many seconds
    #[arg(long, value_name = "SECONDS", conflicts_with = "simulate")]
    r#for: Option<u64>,
    /// 待たずに、ある要求だけを処理して終えます / without pauses, until nothing is left to do
    #[arg(long)]
    simulate: bool,
}

impl Emulate {
    pub(super) fn run(&self, lang: Lang) -> u8 {
        let Some(mut scenario) = self.read(lang) else { return output::UNUSABLE };
        if let Some(seed) = self.seed {
            scenario.seed = seed;
        }
        let pace = match (self.simulate, self.r#for) {
            (true, _) => Pace::Simulated,
            (false, limit) => Pace::Real(limit.map(Duration::from_secs)),
        };
        let institution = scenario.institution.clone();
        let seed = scenario.seed;
        let ready = state::absolute(&self.root)
            .and_then(|root| Emulator::open(&root, scenario, self.history.as_deref()));
        let played = ready.and_then(|emulator| {
            let what = text!(
                ja: "模擬端末: `{root}`、医療機関 {code}、種 {seed}。実在の人は登場しません",
                en: "emulated terminal: `{root}`, institution {code}, seed {seed}; nobody in it \
                     exists",
                root = self.root.display().to_string(), code = institution, seed = seed,
            );
            output::tell(lang, &what);
            emulator.run(pace, || false)
        });
        match played {
            Ok(summary) => {
                let what = text!(
                    ja: "要求 {requests} 件、差し戻し {back} 件、応答しない医療機関 {refused} 件",
                    en: "{requests} requests, {back} sent back, {refused} of other institutions \
                         left alone",
                    requests = summary.requests, back = summary.sent_back,
                    refused = summary.refused,
                );
                output::tell(lang, &what);
                if summary.refused > 0 { output::UNUSABLE } else { output::DONE }
            }
            Err(error) => {
                unreadable(lang, &self.root.display().to_string(), &diag::os_error(&error));
                output::UNUSABLE
            }
        }
    }

    fn read(&self, lang: Lang) -> Option<Scenario> {
        let Some(path) = &self.scenario else { return Some(Scenario::default()) };
        let shown = path.display().to_string();
        let mut content = String::new();
        let read = user_file::open(path)
            .and_then(|file| file.take(SCENARIO_MAX_BYTES).read_to_string(&mut content));
        if let Err(error) = read {
            unreadable(lang, &shown, &diag::os_error(&error));
            return None;
        }
        match Scenario::parse(&content) {
            Ok(scenario) => Some(scenario),
            Err(mistakes) => {
                for mistake in mistakes {
                    let what = text!(
                        ja: "{file}:{line}: {what}", en: "{file}:{line}: {what}",
                        file = shown, line = mistake.line, what = mistake.what,
                    );
                    output::fail(lang, "P410", &what);
                }
                None
            }
        }
    }
}
