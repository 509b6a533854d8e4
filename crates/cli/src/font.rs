//! Fonts for the letters of a PNG: the one that the user names, else those of the system.

use std::path::Path;

use diag::{Lang, Text, text};
use fontdb::{Database, Family, ID, Query};
use raster::{Fault, Font};
use render::draw::{Drawing, FONTS};

use crate::{input, output};

/// A letter that a Japanese font has and others have not.
const JAPANESE: char = '資';

/// Most fonts of the system that are opened in search of Japanese letters.
// LIMIT: beyond it the user has to name a font.
const TRIES_MAX: usize = 400;

/// `drawing` as a PNG; `None` if that is not possible, and the user has then been told.
pub(crate) fn png(
    drawing: &Drawing,
    file: Option<&Path>,
    scale: u8,
    lang: Lang,
) -> Option<Vec<u8>> {
    let bytes = match file {
        Some(file) => vec![(named(file, lang)?, 0)],
        None => of_system(),
    };
    let fonts: Vec<Font<'_>> =
        bytes.iter().filter_map(|(bytes, index)| Font::read(bytes, *index)).collect();
    if let (Some(file), true) = (file, fonts.is_empty()) {
        refuse(lang, file, &text!(ja: "フォントではありません", en: "it is not a font"));
        return None;
    }
    match raster::png(drawing, &fonts, scale) {
        Ok(png) => Some(png),
        Err(Fault::Letter(letter)) => {
            output::refuse(
                lang,
                &text!(
                    ja: "「{letter}」を表示できるフォントが見つかりません",
                    en: "no font has `{letter}`", letter = letter,
                ),
                &[text!(
                    ja: "日本語フォント（Debian なら fonts-noto-cjk）を入れるか、`--font` で指定し\
                         てください。SVG なら見る側のフォントで表示されます",
                    en: "install a Japanese font (on Debian fonts-noto-cjk) or name one with \
                         `--font`, or write SVG, which uses the fonts of the reader",
                )],
            );
            None
        }
        Err(Fault::Size) => {
            output::refuse(
                lang,
                &text!(
                    ja: "図が大きすぎて PNG にできません", en: "the drawing is too large for PNG",
                ),
                &[text!(ja: "SVG で出力してください", en: "write SVG")],
            );
            None
        }
    }
}

fn named(file: &Path, lang: Lang) -> Option<Vec<u8>> {
    match input::font(file) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            refuse(lang, file, &diag::os_error(&error));
            None
        }
    }
}

fn refuse(lang: Lang, file: &Path, reason: &Text) {
    let headline = text!(
        ja: "フォント `{file}` を使えません: {reason}",
        en: "font `{file}` cannot be used: {reason}",
        file = file.display().to_string(), reason = *reason,
    );
    output::refuse(lang, &headline, &[]);
}

/// A Japanese font of the system if there is one, and one for other letters.
fn of_system() -> Vec<(Vec<u8>, u32)> {
    let mut known = Database::new();
    known.load_system_fonts();
    let query = |families: &[Family<'_>]| known.query(&Query { families, ..Query::default() });
    let listed = FONTS.iter().find_map(|name| query(&[Family::Name(name)]));
    let japanese = listed.or_else(|| search(&known));
    let other = query(&[Family::Name("DejaVu Sans"), Family::Name("Arial"), Family::SansSerif]);
    let ids = japanese.into_iter().chain(other);
    ids.filter_map(|id| known.with_face_data(id, |bytes, index| (bytes.to_vec(), index))).collect()
}

/// The first upright font of regular weight, by name, that has Japanese letters.
fn search(known: &Database) -> Option<ID> {
    let mut faces: Vec<_> = known
        .faces()
        .filter(|face| face.style == fontdb::Style::Normal && face.weight.0 == 400)
        .collect();
    faces.sort_by(|a, b| a.post_script_name.cmp(&b.post_script_name));
    let has = |id| {
        let found = known.with_face_data(id, |bytes, index| {
            Font::read(bytes, index).is_some_and(|font| font.has(JAPANESE))
        });
        found.unwrap_or(false)
    };
    faces.into_iter().take(TRIES_MAX).map(|face| face.id).find(|id| has(*id))
}
