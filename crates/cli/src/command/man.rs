//! `sekisho man`: the manual page.

use clap::Args;
use diag::Lang;

use crate::output;

/// マニュアル（man 形式）を出力します / writes the manual page
#[derive(Args)]
pub(crate) struct Man {}

impl Man {
    #[expect(clippy::unused_self, reason = "every command has the same form")]
    pub(crate) fn run(self, lang: Lang, command: clap::Command) -> u8 {
        let mut bytes = Vec::new();
        match clap_mangen::Man::new(command).render(&mut bytes) {
            Ok(()) => output::data(lang, &String::from_utf8_lossy(&bytes), 0),
            Err(_) => output::UNUSABLE,
        }
    }
}
