//! How much room text takes, without a font: an upper bound over the fonts of `svg::FONTS`, and
//! over `DejaVu Sans` and `Arial`, which stand in where none of them is there.

use display::pieces;
use unicode_width::UnicodeWidthChar;

/// Advance of the characters from space to tilde, in thousandths of the size: the largest of
/// DejaVu Sans, Liberation Sans, Noto Sans CJK, BIZ UDGothic and IPAGothic, Regular each.
const ASCII: [i32; 95] = [
    500, 500, 500, 838, 637, 951, 780, 500, 500, 500, 500, 838, 500, 500, 500, 500, 637, 637, 637,
    637, 637, 637, 637, 637, 637, 637, 500, 500, 838, 838, 838, 557, 1016, 685, 687, 723, 771, 667,
    611, 778, 752, 500, 535, 667, 558, 863, 749, 788, 667, 788, 723, 667, 611, 732, 685, 989, 686,
    667, 686, 500, 500, 500, 838, 559, 606, 613, 635, 550, 635, 616, 500, 635, 634, 500, 500, 580,
    500, 975, 634, 612, 635, 635, 500, 521, 500, 634, 592, 818, 592, 592, 525, 637, 500, 637, 838,
];

/// Width of one character in thousandths of the size.
fn advance(character: char) -> i32 {
    let ascii = u32::from(character).checked_sub(0x20).and_then(|at| ASCII.get(at as usize));
    match ascii {
        Some(advance) => *advance,
        // Letters beyond ASCII may be set full-width whatever Unicode calls them.
        None => character.width().map_or(1000, |cells| if cells == 0 { 0 } else { 1000 }),
    }
}

/// Most pixels that `text` takes at `size`.
pub(super) fn width(text: &str, size: i32) -> i32 {
    let thousandths: i32 = text.chars().map(advance).fold(0, i32::saturating_add);
    let whole = i64::from(thousandths) * i64::from(size);
    i32::try_from((whole + 999) / 1000).unwrap_or(i32::MAX)
}

/// `text` in lines of at most `room` pixels, at least one.
///
/// # Shape
/// A word longer than a line is cut.
pub(super) fn wrap(text: &str, size: i32, room: i32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in words(text) {
        let is_full = width(&line, size) + width(piece.trim_end(), size) > room;
        if is_full && !line.is_empty() {
            lines.push(line.trim_end().to_owned());
            line.clear();
        }
        if width(piece.trim_end(), size) > room {
            for character in piece.chars() {
                let mut longer = line.clone();
                longer.push(character);
                if width(&longer, size) > room && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(character);
            }
        } else if !(line.is_empty() && piece.trim().is_empty()) {
            line.push_str(piece);
        }
    }
    if !line.trim().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The pieces of `text` between which a line may break: those of the terminal, but words in
/// katakana stay whole.
fn words(text: &str) -> Vec<&str> {
    let is_katakana = |one: Option<char>| one.is_some_and(|one| ('ァ'..='ー').contains(&one));
    let mut words = Vec::new();
    let (mut start, mut end) = (0, 0);
    for piece in pieces(text) {
        let is_inside =
            is_katakana(text[..end].chars().next_back()) && is_katakana(piece.chars().next());
        if !is_inside && end > start {
            words.push(&text[start..end]);
            start = end;
        }
        end += piece.len();
    }
    words.push(&text[start..]);
    words
}

/// As much of `text` as fits into `room` pixels, with an ellipsis where something is left out.
pub(super) fn clipped(text: &str, size: i32, room: i32) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut short = String::new();
    for character in text.chars() {
        short.push(character);
        if width(&short, size) + width("…", size) > room {
            short.pop();
            break;
        }
    }
    short + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_width_character_is_as_wide_as_it_is_tall() {
        assert_eq!(width("資格確認端末", 13), 6 * 13);
        assert_eq!(width("", 13), 0);
    }

    #[test]
    fn lines_keep_to_the_room_and_lose_nothing() {
        let text = "レセプトコンピュータ等（電子カルテを含む）aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b";
        for room in [30, 60, 120, 300] {
            let lines = wrap(text, 11, room);
            assert!(lines.iter().all(|line| width(line, 11) <= room), "{room}: {lines:?}");
            let kept: String = lines.concat().chars().filter(|one| *one != ' ').collect();
            assert_eq!(kept, text.replace(' ', ""), "{room}");
        }
    }

    #[test]
    fn a_word_in_katakana_stays_whole() {
        let lines = wrap("オンライン資格確認等システム", 13, 152);
        assert_eq!(lines, ["オンライン資格確認等", "システム"]);
    }

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(clipped("short", 11, 200), "short");
        let cut = clipped("一二三四五六七八九十", 10, 55);
        assert_eq!(cut, "一二三四…");
        assert!(width(&cut, 10) <= 55);
    }
}
