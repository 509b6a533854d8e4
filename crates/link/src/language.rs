//! Which language the user reads.

use clap::ValueEnum;
use diag::Lang;

/// A language that can be asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Language {
    /// 日本語 / Japanese
    Ja,
    /// 英語 / English
    En,
}

/// The language asked for, else that of the locale (`LC_ALL`, `LC_MESSAGES`, `LANG` in this
/// order, as POSIX has it), else English.
#[must_use]
pub fn choose(asked: Option<Language>) -> Lang {
    match asked {
        Some(Language::Ja) => Lang::Ja,
        Some(Language::En) => Lang::En,
        None => {
            let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
                .into_iter()
                .find_map(|name| std::env::var(name).ok().filter(|locale| !locale.is_empty()));
            Lang::from_locale(&set.unwrap_or_default())
        }
    }
}
