//! `face`: results that the card reader pushes.

use std::ffi::OsStr;
use std::time::{Duration, Instant};

use clap::Args;
use diag::Lang;

use super::options::{self, Options};
use super::{EXIT_CODES, output};
use crate::acknowledge::Acknowledgements;
use crate::client::Faces;

/// 顔認証の結果を JSON で出します / prints the results of the card reader as JSON
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Face {
    #[command(flatten)]
    options: Options,
    /// 来るたびに出し続けます / goes on as they come
    #[arg(long)]
    follow: bool,
    /// `--follow` を終える秒数 / seconds after which `--follow` ends
    #[arg(long, value_name = "SECONDS", requires = "follow")]
    r#for: Option<u64>,
}

impl Face {
    pub(super) fn run(&self, lang: Lang) -> u8 {
        let root = self.options.root.display().to_string();
        let timing = self.options.timing();
        if !self.options.is_institution_right(lang) || !self.options.is_state_usable(lang) {
            return output::UNUSABLE;
        }
        let state = self.options.state_path();
        let opened = Faces::open(&self.options.root, &state, &self.options.institution, timing);
        let mut faces = match opened {
            Ok(faces) => faces,
            Err(error) => {
                self.options.unusable_root(lang, &error.text());
                return output::UNUSABLE;
            }
        };
        let key = faces.state().key.clone();
        let mut known = Acknowledgements::new();
        if let Err(error) = known.refresh(faces.state()) {
            options::broken(lang, &root, &error.text());
            return output::UNUSABLE;
        }
        let begin = Instant::now();
        let mut hands = output::Hands::new(lang, &key);
        loop {
            let each = |answer| hands.over(&answer);
            let is_known =
                |name: &OsStr, sha256: &str| !known.of(&key, name, Some(sha256)).is_empty();
            let pause = match faces.look(&is_known, each) {
                Ok(Some(pause)) => pause,
                Ok(None) => return hands.code,
                Err(error) => {
                    options::broken(lang, &root, &error.text());
                    return output::UNUSABLE;
                }
            };
            let is_over = match self.r#for {
                Some(limit) => begin.elapsed() >= Duration::from_secs(limit),
                None => !self.follow && faces.is_quiet(),
            };
            if is_over {
                return hands.code;
            }
            std::thread::sleep(pause);
        }
    }
}
