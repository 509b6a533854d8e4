//! Which firmware of a router has a function.

use std::fmt;

/// Firmware that has a function.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Firmware {
    /// All of it.
    All,
    /// None of it.
    None,
    /// Whichever takes the command for it: a configuration that has the command shows it.
    Configured,
    /// This release and later ones.
    Since(String),
}

impl Firmware {
    /// What `written` says; `None` if it says nothing that can be compared.
    pub(crate) fn read(written: &str) -> Option<Self> {
        match written {
            "all" => Some(Self::All),
            "none" => Some(Self::None),
            "configured" => Some(Self::Configured),
            _ => release(written).map(|_| Self::Since(written.to_owned())),
        }
    }

    /// Whether the release `installed` has the function; `None` if that is not known.
    #[must_use]
    pub fn has(&self, installed: Option<&str>) -> Option<bool> {
        match self {
            Self::All => Some(true),
            Self::None => Some(false),
            Self::Configured => None,
            Self::Since(first) => Some(release(installed?)? >= release(first)?),
        }
    }
}

impl fmt::Display for Firmware {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => out.write_str("all"),
            Self::None => out.write_str("none"),
            Self::Configured => out.write_str("configured"),
            Self::Since(first) => out.write_str(first),
        }
    }
}

/// Parts that the name of a release has at least: with fewer, it may be another's.
const PARTS_MIN: usize = 3;

/// The name of a release, such as `Rev.15.02.31`, as numbers that compare.
fn release(name: &str) -> Option<Vec<u32>> {
    let plain = name.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let number = |part: &str| {
        let end = part.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(part.len());
        part[..end].parse().ok()
    };
    let numbers: Option<Vec<u32>> = plain.split('.').map(number).collect();
    numbers.filter(|numbers| numbers.len() >= PARTS_MIN)
}

#[cfg(test)]
mod tests {
    use super::Firmware;

    #[test]
    fn a_release_has_a_function_from_the_first_one_on() {
        let since = |first| Firmware::read(first).expect("a release");
        assert_eq!(since("15.02.03").has(Some("15.02.03")), Some(true));
        assert_eq!(since("15.02.03").has(Some("Rev.15.02.31 (2024)")), Some(true));
        assert_eq!(since("15.02.03").has(Some("15.02.01")), Some(false));
        assert_eq!(since("15.02.03").has(Some("15.1.40")), Some(false));
        assert_eq!(since("15.02.03").has(Some("newest")), None);
        assert_eq!(since("15.02.03").has(None), None);
        assert_eq!(since("all").has(None), Some(true));
        assert_eq!(since("none").has(Some("99.99.99")), Some(false));
        assert_eq!(since("configured").has(Some("99.99.99")), None);
    }

    #[test]
    fn what_cannot_be_compared_is_no_release() {
        for written in ["", "15", "15.02", "every", "15.x.03"] {
            assert_eq!(Firmware::read(written), None, "{written}");
        }
    }
}
