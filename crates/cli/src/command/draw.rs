//! `sekisho draw SITE`: a site as a drawing.

use std::fs;
use std::path::{Path, PathBuf};

use check::Report;
use clap::Args;
use diag::{Lang, Severity, text};
use render::draw::{drawing, svg};
use site::Date;

use crate::{font, input, output};

/// Pixels of a PNG for each of the drawing: 192 dots per inch.
const SCALE: u8 = 2;

/// サイトの構成図を SVG か PNG で描きます / draws a site as SVG or PNG
#[derive(Args)]
pub(crate) struct Draw {
    /// サイトファイル、または site.toml のあるフォルダー / site file, or a folder with a site.toml
    #[arg(default_value = ".")]
    site: PathBuf,
    /// 書き込むファイル（.svg か .png）。省略すると SVG を標準出力へ / file to write (.svg or
    /// .png); without it SVG goes to standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// 判定の結果も描く（既定）/ draw the results of the check too (default)
    #[arg(long, conflicts_with = "plain")]
    verdicts: bool,
    /// 判定せずに構成だけを描く / draw the network alone, without a check
    #[arg(long)]
    plain: bool,
    /// PNG の文字に使うフォントファイル / font file for the letters of a PNG
    #[arg(long, value_name = "FILE")]
    font: Option<PathBuf>,
    /// 判定する日（既定は日本時間の今日）/ day of the judgement (default: today in Japan)
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = input::date)]
    on: Option<Date>,
}

/// Forms of a drawing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Svg,
    Png,
}

impl Draw {
    pub(crate) fn run(self, lang: Lang) -> u8 {
        let Some(form) = form(self.output.as_deref()) else {
            let path = self.output.unwrap_or_default();
            return refuse_extension(lang, &path);
        };
        let Ok(input) = input::read(&self.site, lang, false) else { return output::UNUSABLE };
        let today = self.on.or_else(input::today);
        let report = (!self.plain).then(|| check::check(input.loaded.clone(), &input.files, today));
        if report.as_ref().is_some_and(|report| !report.faults.is_empty()) {
            output::tell_in(
                lang,
                &text!(
                    ja: "sekisho 自身の誤りで判定できません。`--plain` で構成だけを描けます",
                    en: "a fault of sekisho itself prevents the check; `--plain` draws the \
                         network alone",
                ),
            );
            return output::UNUSABLE;
        }
        let picture = check::picture(input.loaded, &input.files, report.as_ref(), today);
        let drawing = drawing(&picture, lang);
        let bytes = match form {
            Form::Svg => svg(&drawing).into_bytes(),
            Form::Png => match font::png(&drawing, self.font.as_deref(), SCALE, lang) {
                Some(bytes) => bytes,
                None => return output::UNUSABLE,
            },
        };
        match self.output {
            None => {
                let written = output::data(lang, &String::from_utf8_lossy(&bytes), 0);
                if written != 0 {
                    return written;
                }
            }
            Some(path) => {
                if let Err(error) = fs::write(&path, bytes) {
                    return refuse_file(lang, &path, &error);
                }
            }
        }
        if picture.missing.is_empty() {
            return report.map_or(0, |report| unjudged(lang, &report));
        }
        output::tell_in(
            lang,
            &text!(
                ja: "入力に誤りが {count} 件あり、図は完全ではありません。`sekisho check` で詳しく\
                     表示できます",
                en: "errors in the input: {count}; so the drawing is not complete, and `sekisho \
                     check` tells more",
                count = picture.missing.len(),
            ),
        );
        2
    }
}

/// Says why a drawing that is complete shows no judgement; the exit code.
fn unjudged(lang: Lang, report: &Report) -> u8 {
    let mut errors = report.diagnostics.iter().filter(|one| one.severity == Severity::Error);
    let Some(first) = errors.next() else { return 0 };
    output::tell_in(
        lang,
        &text!(
            ja: "判定のない図です（{code}: {what}）。`sekisho check` で詳しく表示できます",
            en: "the drawing shows no judgement ({code}: {what}); `sekisho check` tells more",
            code = first.code, what = first.headline,
        ),
    );
    2
}

/// The form that the name of the file asks for.
fn form(path: Option<&Path>) -> Option<Form> {
    let Some(path) = path else { return Some(Form::Svg) };
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "svg" => Some(Form::Svg),
        "png" => Some(Form::Png),
        _ => None,
    }
}

fn refuse_extension(lang: Lang, path: &Path) -> u8 {
    let headline = text!(
        ja: "`{path}` の形式が分かりません", en: "the form of `{path}` is not known",
        path = path.display().to_string(),
    );
    let help = text!(
        ja: "名前の最後を `.svg` か `.png` にしてください", en: "end its name in `.svg` or `.png`",
    );
    output::refuse(lang, &headline, &[help])
}

fn refuse_file(lang: Lang, path: &Path, error: &std::io::Error) -> u8 {
    let headline = text!(
        ja: "`{path}` に書き込めません: {reason}", en: "`{path}` cannot be written: {reason}",
        path = path.display().to_string(), reason = diag::os_error(error),
    );
    output::refuse(lang, &headline, &[])
}
