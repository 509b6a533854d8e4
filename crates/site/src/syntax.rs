//! What is wrong with the text before it is TOML: limits, other kinds of file, and the TOML
//! errors in the user's words.

use diag::{Diagnostic, SourceId, Span, Text, text};

use crate::decode::SIZE_MAX_BYTES;
use crate::{codes, slip, suggest};

/// Why the text is not even parsed.
pub(crate) fn refusal(source: SourceId, content: &str) -> Option<Diagnostic> {
    if content.len() > SIZE_MAX_BYTES {
        return Some(
            Diagnostic::error(
                codes::TOO_LARGE,
                text!(
                    ja: "サイトファイルが大きすぎます（上限は {max} バイト）",
                    en: "the site file is too large (the limit is {max} bytes)",
                    max = SIZE_MAX_BYTES,
                ),
            )
            .at(Span::new(source, 0, 0))
            .advise(text!(
                ja: "指定したファイルがサイトファイルか確かめてください。1 施設を 1 ファイルに書\
                     きます",
                en: "check that this is a site file; one file describes one site",
            )),
        );
    }
    let is_idle = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let plain = content.strip_prefix('\u{FEFF}').unwrap_or(content);
    plain.lines().all(is_idle).then(|| {
        Diagnostic::error(
            codes::EMPTY_FILE,
            text!(ja: "サイトファイルに何も書かれていません", en: "the site file says nothing"),
        )
        .at(Span::new(source, 0, 0))
        .advise(text!(
            ja: "`edition = \"2021\"`、`[site]`、`[line]` から書き始めてください",
            en: "begin with `edition = \"2021\"`, `[site]` and `[line]`",
        ))
    })
}

/// The text is of some other kind; `first` is the first fault in it.
pub(crate) fn not_a_site_file(first: Span) -> Diagnostic {
    Diagnostic::error(
        codes::NOT_A_SITE_FILE,
        text!(
            ja: "サイトファイル（TOML）として読めません",
            en: "this cannot be read as a site file (TOML)",
        ),
    )
    .at(first)
    .because(text!(
        ja: "最初に読めなかった場所を示しています。`[site]` などの節が 1 つも見つかりません",
        en: "the first place that cannot be read is shown; no section such as `[site]` was found",
    ))
    .advise(text!(
        ja: "サイトファイル `site.toml` を指定してください。ルータの設定は `[routers.NAME]` の \
             `config` に書きます",
        en: "name the site file `site.toml`; a router's configuration is named by `config` in \
             `[routers.NAME]`",
    ))
}

/// Where the line of the byte `at` begins.
pub(crate) fn line_start(content: &str, at: usize) -> usize {
    let before = content.as_bytes().get(..at).unwrap_or_default();
    before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
}

/// The place of the error, moved onto a character boundary and off the end of the text.
pub(crate) fn place(source: SourceId, content: &str, error: &toml::de::Error) -> Span {
    let range = error.span().unwrap_or(0..0);
    let floor = |at: usize| content.floor_char_boundary(at.min(content.len()));
    let (start, end) = (floor(range.start), floor(range.end));
    let line = content[start..end.max(start)].find('\n').unwrap_or(end.max(start) - start);
    Span::new(source, start, end.min(start + line))
}

/// A TOML error as a diagnostic at `span`.
pub(crate) fn diagnostic(
    source: SourceId,
    content: &str,
    error: &toml::de::Error,
    span: Span,
) -> Diagnostic {
    let message = error.message();
    if message.contains("recurs") {
        return too_deep(span);
    }
    if message.contains("duplicate key")
        && let Some(slip) = slip::find(source, content, message, span)
    {
        return slip;
    }
    if let Some(wide) = full_width(source, content, span) {
        return wide;
    }
    if let Some(bare) = bare_name(source, content, span) {
        return bare;
    }
    if let Some(slip) = slip::find(source, content, message, span) {
        return slip;
    }
    if message.contains("unclosed") {
        return unclosed(span);
    }
    let start = line_start(content, span.start as usize);
    let line = content[start..].lines().next().unwrap_or("");
    let has_no_value = line.split('#').next().unwrap_or("").trim_end().ends_with('=');
    plain(if has_no_value { "missing value" } else { message }, span)
}

/// The TOML error `message` at `span`, without a look at the text.
pub(crate) fn plain(message: &str, span: Span) -> Diagnostic {
    let (headline, help) = words(message);
    let is_date = message.contains("date") || message.contains("time");
    let code = if is_date { codes::MALFORMED_DATE } else { codes::SYNTAX };
    Diagnostic::error(code, headline).at(span).advise(help)
}

/// The commonest slip on a Japanese keyboard: full-width punctuation outside a string.
fn full_width(source: SourceId, content: &str, span: Span) -> Option<Diagnostic> {
    let start = line_start(content, span.start as usize);
    let line = content[start..].lines().next().unwrap_or("");
    let mut quote = None;
    for (at, letter) in line.char_indices() {
        match quote {
            Some(open) if open == letter => quote = None,
            Some(_) => {}
            None if letter == '#' => return None,
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            None => {
                if let Some(narrow) = suggest::narrowed(letter) {
                    let at = start + at;
                    let place = Span::new(source, at, at + letter.len_utf8());
                    return Some(wide_letter(place, letter, narrow));
                }
            }
        }
    }
    None
}

/// A name with letters that TOML takes in quotes only, where a name stands: in a header, or
/// before `=`.
fn bare_name(source: SourceId, content: &str, span: Span) -> Option<Diagnostic> {
    let is_end = |letter: char| " \t\n\r.[]{}=,\"'#".contains(letter);
    let at = span.start as usize;
    let start = content[..at].rfind(is_end).map_or(0, |before| before + 1);
    let length = content[start..].find(is_end).unwrap_or(content.len() - start);
    let name = &content[start..start + length];
    let line = line_start(content, start);
    let before = &content[line..start];
    let after = content[start + length..].lines().next().unwrap_or_default();
    let is_header = before.starts_with('[') && !before.contains('=');
    let is_key = after.trim_start().starts_with('=');
    let is_quoted = before.matches('"').count() % 2 == 1;
    if name.is_ascii() || is_quoted || !(is_header || is_key) {
        return None;
    }
    let span = Span::new(source, start, start + length);
    let found = Diagnostic::error(
        codes::SYNTAX,
        text!(
            ja: "引用符のない名前 `{name}` に使えない文字があります",
            en: "the name `{name}` has letters that need quotes", name = name,
        ),
    )
    .at(span)
    .because(text!(
        ja: "引用符なしの名前には、半角の英数字・`-`・`_` だけを使えます",
        en: "without quotes a name has only ASCII letters, digits, `-` and `_`",
    ))
    .advise(text!(
        ja: "`\"{name}\"` のように引用符で囲んでください",
        en: "put quotes around it: `\"{name}\"`", name = name,
    ));
    Some(found.mend(span, format!("\"{name}\"")))
}

fn wide_letter(span: Span, letter: char, narrow: char) -> Diagnostic {
    let shown = |letter: char| if letter.is_whitespace() { '␣' } else { letter };
    Diagnostic::error(
        codes::FULL_WIDTH,
        text!(
            ja: "全角の `{letter}` があります",
            en: "there is a full-width `{letter}`",
            letter = shown(letter),
        ),
    )
    .at(span)
    .because(text!(
        ja: "引用符の中と `#` の後ろ以外は、半角で書きます",
        en: "everything outside quotes and comments is written in half-width characters",
    ))
    .advise(text!(
        ja: "半角の `{narrow}` に直してください",
        en: "write a half-width `{narrow}`",
        narrow = shown(narrow),
    ))
    .mend(span, narrow.to_string())
}

/// Brackets in brackets beyond the limit.
pub(crate) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::TOO_DEEP,
        text!(ja: "入れ子が深すぎます", en: "this is nested too deep"),
    )
    .at(span)
    .advise(text!(
        ja: "括弧の閉じ忘れがないか確かめてください。サイトファイルに 5 段を超える入れ子はありま\
             せん",
        en: "check for a bracket that is not closed; no site file nests deeper than 5",
    ))
}

/// A bracket that nothing closes.
pub(crate) fn unclosed(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::SYNTAX,
        text!(ja: "括弧が閉じていません", en: "a bracket is not closed"),
    )
    .at(span)
    .advise(text!(
        ja: "対応する `]` または `}}` を加えてください",
        en: "add the matching `]` or `}}`",
    ))
}

/// A TOML error in the user's words.
fn words(message: &str) -> (Text, Text) {
    let has = |piece: &str| message.contains(piece);
    if has("missing comma") || has("extra comma") {
        (
            text!(ja: "カンマの位置が違います", en: "a comma is missing or out of place"),
            text!(
                ja: "値と値の間に `,` を 1 つだけ書いてください",
                en: "write exactly one `,` between two values",
            ),
        )
    } else if has("with no value") || has("missing value") {
        (
            text!(ja: "キーに値がありません", en: "a key has no value"),
            text!(
                ja: "`キー = \"値\"` の形で書いてください",
                en: "write it like `key = \"value\"`",
            ),
        )
    } else if has("quote") || has("string") {
        (
            text!(
                ja: "文字列の引用符が正しく書かれていません",
                en: "a string is not quoted as it should be",
            ),
            text!(
                ja: "文字列は `\"` と `\"` で囲んでください",
                en: "put the string between `\"` and `\"`",
            ),
        )
    } else if has("date") || has("time") {
        (
            text!(ja: "日付の書き方が違います", en: "a date is not written as it should be"),
            text!(
                ja: "`2027-03-31` のように、実在する日を書いてください",
                en: "write a day that exists, such as `2027-03-31`",
            ),
        )
    } else {
        (
            text!(ja: "ここは TOML として読めません", en: "this cannot be read as TOML"),
            text!(
                ja: "`[節]` または `キー = \"値\"` の形で書いてください。文字列は `\"` で囲みます",
                en: "write `[section]` or `key = \"value\"`; strings stand between `\"`",
            ),
        )
    }
}

/// Values of secrets in lines that may not have been parsed.
pub(crate) fn redactions(source: SourceId, content: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in content.split_inclusive('\n') {
        let lower = line.to_ascii_lowercase();
        for word in ["secret", "password", "passwd", "psk", "pre-shared", "passphrase"] {
            let Some(at) = lower.find(word) else { continue };
            let after = at + word.len();
            let skip = line[after..].find(|letter: char| {
                !letter.is_ascii_alphanumeric() && !"-_ =\"'＝".contains(letter)
            });
            let value = line[after..].trim_start_matches([' ', '=', '"', '\'', '＝', '\t']);
            let is_place = value.starts_with("env:") || value.starts_with("file:");
            if !is_place && (skip.is_some() || !value.trim().is_empty()) {
                let end = start + line.trim_end().len();
                found.push(Span::new(source, start + after, end.max(start + after)));
            }
        }
        start += line.len();
    }
    found
}
