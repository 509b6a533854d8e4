//! What the codes of pattern recognition stand for.

use diag::{CodeInfo, text};

/// Codes of pattern recognition.
pub static CODES: &[CodeInfo] = &[
    CodeInfo {
        code: "T110",
        name: "no-known-pattern",
        explain: || {
            text!(
                ja: "このサイトは、知っているどの参考パターンにも当てはまりません。どの要件で判\
                     定すべきか分からないため、何も証明しません。近いパターンと異なる点を表示し\
                     ます。",
                en: "The site fits none of the known reference patterns. Which requirements \
                     apply is unknown, so nothing is proved. The nearest pattern and what \
                     differs are shown.",
            )
        },
    },
    CodeInfo {
        code: "T111",
        name: "pattern-differs",
        explain: || {
            text!(
                ja: "サイトファイルに書かれたパターンと、構成から分かるパターンが異なります。構\
                     成から分かるパターンの要件で判定します。",
                en: "The pattern that the site file states is not the one that its facts show. \
                     The site is judged by the one that its facts show.",
            )
        },
    },
];
