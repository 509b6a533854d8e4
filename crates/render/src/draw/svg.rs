//! A drawing as SVG.

use std::fmt::Write;

use diag::Lang;

use super::shape::{Color, Drawing, Line, Rect, Shape, Stroke};

/// Fonts in the order in which they are tried: Japanese sans-serifs of Linux, macOS and Windows
/// whose letters take no more room than `measure` reckons.
pub const FONTS: [&str; 7] = [
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "Hiragino Sans",
    "Yu Gothic",
    "Meiryo",
    "BIZ UDGothic",
    "IPAGothic",
];

/// `drawing` as the bytes of an SVG file.
#[must_use]
pub fn svg(drawing: &Drawing) -> String {
    let mut out = String::with_capacity(drawing.shapes.len() * 96);
    let (width, height) = (drawing.width, drawing.height);
    let lang = match drawing.lang {
        Lang::Ja => "ja",
        Lang::En => "en",
    };
    let fonts = FONTS.map(|name| format!("'{name}'")).join(",");
    put(
        &mut out,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" xml:lang=\"{lang}\" \
             font-family=\"{fonts},sans-serif\">\n<title>{}</title>\n",
            escaped(&drawing.title),
        ),
    );
    for shape in &drawing.shapes {
        match shape {
            Shape::Rect(one) => rect(&mut out, one),
            Shape::Line(one) => line(&mut out, one),
            Shape::Area(one) => put(
                &mut out,
                format_args!(
                    "<polygon points=\"{}\" fill=\"{}\"/>\n",
                    points(&one.points),
                    color(one.fill),
                ),
            ),
            Shape::Dot(one) => put(
                &mut out,
                format_args!(
                    "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\"/>\n",
                    one.at.0,
                    one.at.1,
                    one.radius,
                    color(one.fill),
                ),
            ),
            Shape::Text(one) => put(
                &mut out,
                format_args!(
                    "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\">{}</text>\n",
                    one.at.0,
                    one.at.1,
                    one.size,
                    color(one.fill),
                    escaped(&one.text),
                ),
            ),
        }
    }
    out.push_str("</svg>\n");
    out
}

fn put(out: &mut String, words: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = out.write_fmt(words);
}

fn rect(out: &mut String, one: &Rect) {
    let frame = one.frame;
    put(
        out,
        format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
            frame.x, frame.y, frame.width, frame.height,
        ),
    );
    if one.radius > 0 {
        put(out, format_args!(" rx=\"{}\"", one.radius));
    }
    put(out, format_args!(" fill=\"{}\"", color(one.fill)));
    if let Some(stroke) = one.stroke {
        self::stroke(out, stroke);
    }
    out.push_str("/>\n");
}

fn line(out: &mut String, one: &Line) {
    put(out, format_args!("<polyline points=\"{}\" fill=\"none\"", points(&one.points)));
    stroke(out, one.stroke);
    out.push_str(" stroke-linejoin=\"round\"/>\n");
}

fn stroke(out: &mut String, stroke: Stroke) {
    put(out, format_args!(" stroke=\"{}\" stroke-width=\"{}\"", color(stroke.color), stroke.width));
    if !stroke.dash.is_empty() {
        let dash: Vec<String> = stroke.dash.iter().map(ToString::to_string).collect();
        put(out, format_args!(" stroke-dasharray=\"{}\"", dash.join(" ")));
    }
}

fn points(points: &[(i32, i32)]) -> String {
    points.iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ")
}

fn color([red, green, blue]: Color) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// `text` as character data; what is hidden in it is shown, and what XML cannot hold besides
/// becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in diag::visible(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}
