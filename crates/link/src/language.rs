//! Which language the user reads.

use std::ffi::OsString;

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

/// The language that `arguments` ask for with `--lang`, wherever it stands; else that of the
/// locale (`LC_ALL`, `LC_MESSAGES`, `LANG` in this order, as POSIX has it), else English.
#[must_use]
pub fn of(arguments: &[OsString]) -> Lang {
    match asked(arguments) {
        Some(Language::Ja) => Lang::Ja,
        Some(Language::En) => Lang::En,
        None => {
            let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
                .into_iter()
                .find_map(|name| std::env::var(name).ok().filter(|locale| !locale.is_empty()));
            of_locale(&set.unwrap_or_default())
        }
    }
}

/// The language of a locale. All output is UTF-8: where the terminal shows another encoding, such
/// as Shift_JIS, Japanese could not be read, and English can.
fn of_locale(locale: &str) -> Lang {
    let encoding = locale.split('@').next().unwrap_or_default().split_once('.');
    let is_shown = |encoding: &str| encoding.replace('-', "").eq_ignore_ascii_case("utf8");
    match encoding {
        Some((_, encoding)) if !is_shown(encoding) => Lang::En,
        _ => Lang::from_locale(locale),
    }
}

/// It is looked for before the rest is understood, so that a mistake is told in it too.
fn asked(arguments: &[OsString]) -> Option<Language> {
    let words = arguments.iter().skip(1).map(|word| word.to_str().unwrap_or_default());
    let words: Vec<&str> = words.take_while(|word| *word != "--").collect();
    let next = words.iter().skip(1).map(Some).chain([None]);
    words.iter().zip(next).find_map(|(word, next)| {
        let value = match word.strip_prefix("--lang") {
            Some("") => next.copied(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        Language::from_str(value?, false).ok()
    })
}

#[cfg(test)]
mod tests {
    use diag::Lang;

    use super::{Language, asked, of_locale};

    #[test]
    fn japanese_is_written_where_it_can_be_shown() {
        for locale in ["ja_JP.UTF-8", "ja_JP.utf8", "ja_JP", "ja", "ja_JP.UTF-8@x"] {
            assert_eq!(of_locale(locale), Lang::Ja, "{locale}");
        }
        for locale in ["ja_JP.SJIS", "ja_JP.eucJP", "ja_JP.CP932", "en_US.UTF-8", "C", ""] {
            assert_eq!(of_locale(locale), Lang::En, "{locale}");
        }
    }

    #[test]
    fn the_language_is_found_wherever_it_stands() {
        let asked = |line: &str| {
            let words: Vec<_> = line.split(' ').map(Into::into).collect();
            asked(&words)
        };
        assert_eq!(asked("sekisho --lang ja chekc"), Some(Language::Ja));
        assert_eq!(asked("sekisho chekc --lang=en"), Some(Language::En));
        assert_eq!(asked("sekisho check --lang"), None);
        assert_eq!(asked("sekisho check --lang fr"), None);
        assert_eq!(asked("sekisho check -- --lang ja"), None);
        assert_eq!(asked("sekisho check --language ja"), None);
    }
}
