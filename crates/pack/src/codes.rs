//! What the codes of this crate stand for.

use diag::{CodeInfo, text};

/// `pack-not-toml`.
pub const NOT_TOML: &str = "P300";
/// `pack-unknown-key`.
pub const UNKNOWN_KEY: &str = "P301";
/// `pack-missing-key`.
pub const MISSING_KEY: &str = "P302";
/// `pack-wrong-value`.
pub const WRONG_VALUE: &str = "P303";
/// `pack-unreadable`.
pub const UNREADABLE: &str = "P304";
/// `contradicting-facts`.
pub const CONTRADICTION: &str = "R300";
/// `repeated-fact`.
pub const REPETITION: &str = "R301";
/// `mixed-carriers`.
pub const MIXED_OWNERS: &str = "R302";
/// `pack-of-other-carrier`.
pub const OTHER_OWNER: &str = "R303";
/// `unknown-system`.
pub const UNKNOWN_SYSTEM: &str = "R304";
/// `unknown-carrier`.
pub const UNKNOWN_CARRIER: &str = "R305";
/// `replaced-fact`.
pub const REPLACED: &str = "R306";

/// Every code of this crate, in order.
pub static CODES: &[CodeInfo] = &[
    CodeInfo {
        code: NOT_TOML,
        name: "pack-not-toml",
        explain: || {
            text!(
                ja: "パックは TOML で書きます。読めないパックの事実は、どれも使いません。書き方は\
                     `sekisho schema --pack` にあります。",
                en: "A pack is written in TOML. No fact of a pack that cannot be read is used. \
                     `sekisho schema --pack` shows the form.",
            )
        },
    },
    CodeInfo {
        code: UNKNOWN_KEY,
        name: "pack-unknown-key",
        explain: || {
            text!(
                ja: "パックにないキーです。そのキーのある事実は使いません。",
                en: "A pack has no such key. The fact that has it is not used.",
            )
        },
    },
    CodeInfo {
        code: MISSING_KEY,
        name: "pack-missing-key",
        explain: || {
            text!(
                ja: "事実に必須のキーがありません。出典、読んだ日、確かさ、区分のない事実は使い\
                     ません。",
                en: "A fact has not all its keys. A fact without source, day, confidence and \
                     class is not used.",
            )
        },
    },
    CodeInfo {
        code: WRONG_VALUE,
        name: "pack-wrong-value",
        explain: || {
            text!(
                ja: "値がそのキーの形ではありません。暦にない日付もこれに当たります。その事実は使\
                     いません。",
                en: "A value does not have the form of its key; a day that the calendar does not \
                     have is one. The fact is not used.",
            )
        },
    },
    CodeInfo {
        code: UNREADABLE,
        name: "pack-unreadable",
        explain: || {
            text!(
                ja: "サイトファイルの `packs` が指すファイルを読めません。その事実は使いません。",
                en: "A file that `packs` of the site file names cannot be read. Its facts are \
                     not used.",
            )
        },
    },
    CodeInfo {
        code: CONTRADICTION,
        name: "contradicting-facts",
        explain: || {
            text!(
                ja: "同じものについて、同じ日に有効な二つの事実が違うことを述べています。どちらも\
                     使わず、それに依存する要件は証明しません。",
                en: "Two facts that hold on the same day say different things of the same. \
                     Neither is used, and nothing that depends on them is proved.",
            )
        },
    },
    CodeInfo {
        code: REPETITION,
        name: "repeated-fact",
        explain: || {
            text!(
                ja: "同じ事実が二度あります。後で片方だけが直されると矛盾になります。",
                en: "The same fact stands twice. When only one of them is corrected later, they \
                     contradict each other.",
            )
        },
    },
    CodeInfo {
        code: MIXED_OWNERS,
        name: "mixed-packs",
        explain: || {
            text!(
                ja: "異なる回線事業者のパック、または異なる IPsec 接続サービスのパックを一緒に指定\
                     しています。接続先や DNS は事業者ごとに異なるため、混ぜて使うことはできま\
                     せん。",
                en: "Packs of different carriers, or of different IPsec services, are used \
                     together. Destinations and name servers differ from one to the other and \
                     cannot be mixed.",
            )
        },
    },
    CodeInfo {
        code: OTHER_OWNER,
        name: "pack-of-other-line",
        explain: || {
            text!(
                ja: "パックの事業者（`carrier` または `provider`）が、`[line]` のものと異なります。\
                     その事実は使いません。",
                en: "The `carrier` or the `provider` of a pack is not that of `[line]`. Its facts \
                     are not used.",
            )
        },
    },
    CodeInfo {
        code: UNKNOWN_SYSTEM,
        name: "unknown-system",
        explain: || {
            text!(
                ja: "`os` に書かれた名前の事実が、どのパックにもありません。サポート期限が分から\
                     ないため、OS の要件は証明しません。",
                en: "No pack has a fact about the name in `os`. When its support ends is \
                     unknown, so the requirements about it are not proved.",
            )
        },
    },
    CodeInfo {
        code: UNKNOWN_CARRIER,
        name: "unknown-carrier",
        explain: || {
            text!(
                ja: "`carrier` に書かれた名前の事実が、どのパックにもありません。",
                en: "No pack has a fact about the name in `carrier`.",
            )
        },
    },
    CodeInfo {
        code: REPLACED,
        name: "replaced-fact",
        explain: || {
            text!(
                ja: "サイトのパックの事実が、組み込みの事実の代わりに使われています。出典と日付を\
                     確かめてください。",
                en: "A fact of the site's own takes the place of one that the program brings. \
                     Look its source and its day up.",
            )
        },
    },
];
