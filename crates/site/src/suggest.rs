//! Did you mean: the nearest of some words.

use std::borrow::Cow;

/// Longest word that is compared.
// LIMIT: comparing takes the product of both lengths.
const LENGTH_MAX: usize = 64;

/// The candidate that `written` was most likely meant to be.
///
/// # Shape
/// Case and the choice between `-` and `_` do not count; of equals the first is taken.
#[must_use]
pub fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = plain(written);
    let length = wanted.chars().count();
    if length == 0 || length > LENGTH_MAX {
        return None;
    }
    let limit = (length / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LENGTH_MAX)
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &plain(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= limit && *distance < candidate.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn plain(word: &str) -> String {
    half_width(word).chars().flat_map(char::to_lowercase).map(dash).collect()
}

fn dash(letter: char) -> char {
    if letter == '_' { '-' } else { letter }
}

/// `text` with its full-width ASCII made half-width; borrowed when there is none.
#[must_use]
pub fn half_width(text: &str) -> Cow<'_, str> {
    if text.chars().all(|letter| narrowed(letter).is_none()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|letter| narrowed(letter).unwrap_or(letter)).collect())
}

/// The half-width form of a full-width letter, quotation mark or space.
pub(crate) fn narrowed(letter: char) -> Option<char> {
    match letter {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - 0xFEE0),
        '\u{3000}' => Some(' '),
        '“' | '”' | '„' | '〝' | '〟' => Some('"'),
        '‘' | '’' => Some('\''),
        '、' => Some(','),
        '。' => Some('.'),
        '「' => Some('['),
        '」' => Some(']'),
        'ー' | '−' | '‐' | '–' | '—' => Some('-'),
        _ => None,
    }
}
