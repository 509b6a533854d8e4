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

pub(super) fn second_heading(span: Span) -> Unmodelled {
    let diagnostic = Diagnostic::error(
        "P139",
        text!(
            ja: "1 つのファイルに 2 つの設定があります",
            en: "the file holds two configurations",
        ),
    )
    .at(span)
    .because(text!(
        ja: "`show config` の見出しが 2 回あり、どちらが動いているか分かりません",
        en: "the heading of `show config` stands there twice; which of the two runs is unknown",
    ))
    .advise(text!(
        ja: "動いている設定だけを残してください",
        en: "leave only the configuration that runs",
    ));
    Unmodelled {
        diagnostic: Some(diagnostic),
        ..silent(text!(ja: "2 つ目の設定", en: "a second configuration"))
    }
}

pub(super) fn doubtful() -> Unmodelled {
    silent(text!(
        ja: "コメントかプロンプトか分からない行",
        en: "a comment, or a command behind a prompt",
    ))
}

pub(super) fn swallowed(span: Span) -> Unmodelled {
    let diagnostic = Diagnostic::warning(
        "P138",
        text!(
            ja: "前の行につなげた行が、別のコマンドかもしれません",
            en: "a line that was joined with the one before may be a command of its own",
        ),
    )
    .at(span)
    .advise(text!(
        ja: "折り返しのない形で保存し直してください",
        en: "save the file again without line breaks inside commands",
    ));
    Unmodelled {
        diagnostic: Some(diagnostic),
        ..silent(text!(ja: "つなげた行", en: "lines that were joined"))
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
