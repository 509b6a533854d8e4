//! What is said about lines that are not read at all.

use diag::{Diagnostic, Span, Text, text};

use super::{MAX_LINE_CHARS, Unmodelled, silent};

pub(super) fn changes_at_run_time() -> Text {
    text!(
        ja: "設定に埋め込まれたファイル（運用中に設定を変更する可能性があります）",
        en: "a file inside the configuration (the configuration may change at run time)",
    )
}

pub(super) fn embedded(span: Span) -> Unmodelled {
    let diagnostic = Diagnostic::warning(
        "P133",
        text!(
            ja: "設定にファイルが埋め込まれています（運用中に設定を変更する可能性があります）",
            en: "a file is embedded; the configuration may change at run time",
        ),
    )
    .at(span);
    Unmodelled { diagnostic: Some(diagnostic), ..silent(changes_at_run_time()) }
}

pub(super) fn open_ended(span: Span) -> Diagnostic {
    Diagnostic::warning(
        "P135",
        text!(
            ja: "埋め込まれたファイルの終わりがありません",
            en: "an embedded file does not end",
        ),
    )
    .at(span)
}

pub(super) fn broken(span: Span) -> Unmodelled {
    let diagnostic = Diagnostic::error(
        "P136",
        text!(
            ja: "行の途中に復帰文字 (CR) があり、複数の行が混ざっています",
            en: "a carriage return inside the line mixes several lines into one",
        ),
    )
    .at(span)
    .advise(text!(
        ja: "改行を LF または CRLF にして保存し直してください",
        en: "save the file again with LF or CRLF at the ends of lines",
    ));
    Unmodelled {
        diagnostic: Some(diagnostic),
        ..silent(text!(ja: "混ざった行", en: "several lines in one"))
    }
}

pub(super) fn too_long(span: Span) -> Unmodelled {
    let diagnostic = Diagnostic::error(
        "P126",
        text!(
            ja: "行が {limit} 文字を超えています（ルータは受け付けません）",
            en: "the line is longer than {limit} characters, which the router does not take",
            limit = MAX_LINE_CHARS,
        ),
    )
    .at(span);
    Unmodelled {
        diagnostic: Some(diagnostic),
        ..silent(text!(ja: "長すぎる行", en: "a line that is too long"))
    }
}
