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
                ja: "サイトファイルに書かれたパターンと、構成から分かるパターンが異なります。ど\
                     のページの要件で判定するか決まらないため、構成から分かるページについて\
                     調べますが、証明はしません。",
                en: "The pattern that the site file states is not the one that its facts show. \
                     Which page judges is open: the one that the facts show is looked at, and \
                     nothing is proved.",
            )
        },
    },
    CodeInfo {
        code: "T112",
        name: "unknown-pattern",
        explain: || {
            text!(
                ja: "サイトファイルの `pattern` に書かれた参考パターンはありません。構成から分か\
                     るページについて調べますが、証明はしません。",
                en: "The site file states a reference pattern that there is not. The page that its \
                     facts show is looked at, and nothing is proved.",
            )
        },
    },
    CodeInfo {
        code: "T113",
        name: "open-pattern",
        explain: || {
            text!(
                ja: "書かれていることが複数の参考パターンに当てはまります。レセコンと資格確認端\
                     末を兼ねる端末では、どちらに機能を追加したかで対象の OS が異なります。端末\
                     に `base` を書くか、`pattern` を書くまで、何も証明しません。",
                en: "What is written fits several reference patterns. Where one machine is claims \
                     computer and terminal, the list of operating systems depends on which of \
                     them it was before. Nothing is proved until the machine has a `base` or the \
                     site a `pattern`.",
            )
        },
    },
    CodeInfo {
        code: "T114",
        name: "more-terminals-than-drawn",
        explain: || {
            text!(
                ja: "参考パターンのページが示すより多くの資格確認端末があります。どの端末も同じ\
                     要件で判定します。",
                en: "The site has more eligibility terminals than the page draws. All are judged \
                     by the same requirements.",
            )
        },
    },
    CodeInfo {
        code: "T116",
        name: "tunnel-elsewhere",
        explain: || {
            text!(
                ja: "回線の `endpoint` と、トンネルを終端する端末の記載が合いません。どちらの参考\
                     パターンか分からないため、何も証明しません。",
                en: "`endpoint` of the line and the machines do not agree on what ends the IPsec \
                     tunnel. Which reference pattern it is remains open, so nothing is proved.",
            )
        },
    },
    CodeInfo {
        code: "T117",
        name: "no-edge-router",
        explain: || {
            text!(
                ja: "サイトファイルに、境界のルータ（`router-b`）がありません。どのページも、端末\
                     と ONU の間にルータを置くことを求め、新設するか、現存するものを使うか、なけ\
                     れば導入するかを示します（R25）。ハブはルータの代わりになりません。",
                en: "The site file has no router at the edge (`router-b`). Every page asks for one \
                     between the machines and the ONU, and says whether it is brought in, there \
                     already, or brought in where there is none (R25). A hub does not stand in \
                     for it.",
            )
        },
    },
    CodeInfo {
        code: "T115",
        name: "newer-than-edition",
        explain: || {
            text!(
                ja: "サイトの接続方法は、指定した版より後に通常の方法になったものです。指定した\
                     版の要件だけで判定します。",
                en: "The site connects in a way that became a regular one after the edition that \
                     judges it. Only what that edition asks is judged.",
            )
        },
    },
];
