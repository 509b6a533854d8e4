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
/// `fact-against-itself`.
pub const SELF_CONTRADICTION: &str = "P305";
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
/// The site file carries eligibility in a way that its carrier does not.
pub const OTHER_METHOD: &str = "R307";
/// `unknown-destination`.
pub const UNKNOWN_DESTINATION: &str = "R308";
/// `destination-told-otherwise`.
pub const OTHER_DESTINATION: &str = "R309";
/// `destination-with-more-ports`.
pub const MORE_PORTS: &str = "R310";
/// `unknown-reader`.
pub const UNKNOWN_READER: &str = "R311";

/// `source-read-later`.
pub const READ_LATER: &str = "R312";

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
        code: SELF_CONTRADICTION,
        name: "fact-against-itself",
        explain: || {
            text!(
                ja: "事実の中の値どうしが両立しません（終わりが始まりより前、一覧の中と外の両方に同\
                     じ名前、など）。その事実は使わず、それに依存する要件は証明しません。",
                en: "Values of one fact cannot be together: an end before its beginning, a name \
                     that a list has and has not. The fact is not used, and nothing that depends \
                     on it is proved.",
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
    CodeInfo {
        code: OTHER_METHOD,
        name: "method-of-no-such-line",
        explain: || {
            text!(
                ja: "`[line]` の `eligibility` の方式は、パックの事実では `carrier` の回線にありま\
                     せん。どちらが正しいか分からないため、通信について証明しません。契約の資料か回\
                     線事業者に確認してください。パックの事実が古ければ、自施設のパックの \
                     `[[carrier]]` に `replaces` とともに書いてください。",
                en: "By the facts of the packs, lines of this `carrier` do not carry eligibility \
                     in the way that `[line]` states. Which is right is unknown, so nothing is \
                     proved about packets. Look it up in the contract or ask the carrier; where \
                     the fact is out of date, state it with `replaces` as `[[carrier]]` in a \
                     pack of your own.",
            )
        },
    },
    CodeInfo {
        code: UNKNOWN_DESTINATION,
        name: "unknown-destination",
        explain: || {
            text!(
                ja: "接続先の `fact` が指す `[[destination]]` の事実を使えません。どのパックにもな\
                     いか、矛盾しているか、確かさが低い（`L`）か、パックをすべては読めていません。\
                     ホスト名とポートが分からないため、接続先についての要件は証明しません。",
                en: "The `[[destination]]` fact that `fact` of a destination names cannot be used: \
                     no pack has it, facts contradict each other, it is hearsay (`L`), or a pack \
                     was not read whole. Host names and ports are not known, so nothing is proved \
                     about destinations.",
            )
        },
    },
    CodeInfo {
        code: OTHER_DESTINATION,
        name: "destination-told-otherwise",
        explain: || {
            text!(
                ja: "接続先に、`fact` が指す事実と異なるホスト名・ポート・アドレスも書かれていま\
                     す。どちらが正しいか分からないため、接続先についての要件は証明しません。書い\
                     たほうが正しければ `fact` を消すか、自施設のパックに `replaces` とともに書いて\
                     ください。",
                en: "A destination states host names, ports or addresses other than those of the \
                     fact that its `fact` names. Which are right is not known, so nothing is \
                     proved about destinations. If what is written is right, remove `fact`, or \
                     state it with `replaces` in a pack of your own.",
            )
        },
    },
    CodeInfo {
        code: MORE_PORTS,
        name: "destination-with-more-ports",
        explain: || {
            text!(
                ja: "パックの事実では、このホスト名の接続先に、`ports` にないポートも使います。使う\
                     なら `ports` に加えてください。加えないポートへの通信は、届くかどうかを判定し\
                     ません。",
                en: "By the facts of the packs a destination with this host name is used on ports \
                     that `ports` does not hold. Add them if they are used: whether sessions to \
                     ports that are not listed arrive is not judged.",
            )
        },
    },
    CodeInfo {
        code: UNKNOWN_READER,
        name: "unknown-reader",
        explain: || {
            text!(
                ja: "`readers` に書かれた機種の事実が、どのパックにもありません。顔認証付きか\
                     どうか分からないため、顔認証の結果が `face` フォルダーに残りうるものとして\
                     判定します。種類（`face`・`generic`）を書くか、自施設のパックの `[[reader]]` \
                     に出典とともに書いてください。",
                en: "No pack has a fact about a model in `readers`. Whether it recognises faces is \
                     not known, so results of it may lie in the folder `face`. Write the kind \
                     (`face` or `generic`), or state the model with its source as `[[reader]]` in \
                     a pack of your own.",
            )
        },
    },
    CodeInfo {
        code: READ_LATER,
        name: "source-read-later",
        explain: || {
            text!(
                ja: "パックの事実の `read`（出典を確認した日）が、判定日より後です。日付の書き間\
                     違いか、過去の日を `--on` に指定したためです。事実はそのまま使います。",
                en: "`read` of a fact, the day on which its source was read, is after the day of \
                     the judgement: it is a slip, or `--on` names a day in the past. The fact is \
                     used all the same.",
            )
        },
    },
];
