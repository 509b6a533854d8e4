//! What is wrong with the text of a site file: syntax, keys, and the form of values.

use diag::{CodeInfo, Text};

use super::{
    COUNT_OUT_OF_RANGE, EMPTY_FILE, EMPTY_VALUE, FULL_WIDTH, HIDDEN_CHARACTER, IDLE_KEY,
    MALFORMED_ADDRESS, MALFORMED_BUILD, MALFORMED_DATE, MALFORMED_HOST, MALFORMED_IDENTIFIER,
    MALFORMED_PATH, MALFORMED_PERIOD, MALFORMED_PORT, MALFORMED_PREFIX, MISSING_KEY,
    NOT_A_SITE_FILE, REPEATED_KEY, REPEATED_VALUE, SECRET_IN_CLEAR, SYNTAX, TOO_DEEP, TOO_LARGE,
    TOO_MANY, UNKNOWN_KEY, UNKNOWN_WORD, UNUSABLE_NAME, WRONG_TYPE, entry,
};

/// Every one of them, in their order.
pub static CODES: &[CodeInfo] = &[
    entry(SYNTAX, "syntax-error", || {
        Text::new(
            "サイトファイルは TOML で書きます。この場所は TOML として読めないため、その行の内容\
                は判定に使われません。`[節]`、`キー = \"値\"`、`[値, 値]`、`{ キー = 値 }` の\
                形で書いてください。",
            "A site file is written in TOML. This place cannot be read as TOML, so its line \
                takes no part in the judgement. Write `[section]`, `key = \"value\"`, \
                `[value, value]` or `{ key = value }`.",
        )
    }),
    entry(NOT_A_SITE_FILE, "not-a-site-file", || {
        Text::new(
            "読み込んだファイルにサイトファイルの節が 1 つも見つかりません。ルータの設定など、別\
                の種類のファイルを指定していないか確かめてください。",
            "The file has none of the sections of a site file. Check that it is not of another \
                kind, such as the configuration of a router.",
        )
    }),
    entry(EMPTY_FILE, "empty-file", || {
        Text::new(
            "サイトファイルが空か、コメントだけです。少なくとも `edition`・`[site]`・`[line]` が\
                必要です。",
            "The site file is empty or holds only comments. It needs at least `edition`, \
                `[site]` and `[line]`.",
        )
    }),
    entry(TOO_LARGE, "file-too-large", || {
        Text::new(
            "サイトファイルの大きさには上限（1 MiB）があります。1 施設の記述は通常 20 kB 以下で\
                す。",
            "A site file is limited to 1 MiB. The description of one site usually has less \
                than 20 kB.",
        )
    }),
    entry(TOO_DEEP, "nested-too-deep", || {
        Text::new(
            "配列やテーブルの入れ子が上限を超えています。括弧の閉じ忘れが原因であることがほと\
                んどです。",
            "Arrays or tables are nested deeper than the limit. Almost always a bracket is not \
                closed.",
        )
    }),
    entry(TOO_MANY, "too-many-diagnostics", || {
        Text::new(
            "指摘の数が表示の上限を超えたため、残りを省きました。上から直すと、後ろの指摘も減\
                ることがあります。",
            "There are more diagnostics than are shown. Mending the first ones often removes \
                later ones.",
        )
    }),
    entry(FULL_WIDTH, "full-width-character", || {
        Text::new(
            "引用符の中とコメント以外に全角の文字があります。`＝`・`“`・`，`・全角空白などは、\
                見た目が似ていても別の文字です。",
            "A full-width character stands outside quotes and comments. Such characters look \
                alike but are different ones.",
        )
    }),
    entry(REPEATED_KEY, "repeated-key", || {
        Text::new(
            "同じテーブルに同じキーが 2 度あるか、同じ節が 2 度あります。どちらが正しいか決め\
                られないため、誤りとします。",
            "A table has the same key twice, or a section stands twice. Which one is meant \
                cannot be decided, so it is an error.",
        )
    }),
    entry(UNKNOWN_KEY, "unknown-key", || {
        Text::new(
            "このテーブルにないキーです。読み飛ばすと書いた人の意図が判定に反映されないため、\
                誤りとします。",
            "The table has no such key. Skipping it would judge a site other than the one that \
                was meant, so it is an error.",
        )
    }),
    entry(MISSING_KEY, "missing-key", || {
        Text::new(
            "必須のキーがありません。参考資料が施設に委ねている点は、既定値で補わず、書いていた\
                だきます。",
            "A required key is missing. What the reference document leaves to the site is \
                asked, never filled in.",
        )
    }),
    entry(WRONG_TYPE, "wrong-type", || {
        Text::new(
            "値の型が違います。文字列は引用符で囲み、日付・数・真偽値は囲まず、複数の値は `[` \
                `]` で囲みます。",
            "The value has another type. Strings are quoted; dates, numbers and booleans are \
                not; several values stand in `[` `]`.",
        )
    }),
    entry(UNKNOWN_WORD, "unknown-word", || {
        Text::new(
            "このキーには決まった語だけを書けます。使える語は対処に示します。",
            "The key takes only certain words; the help lists them.",
        )
    }),
    entry(MALFORMED_ADDRESS, "malformed-address", || {
        Text::new(
            "アドレスとして読めません。IPv4 は `192.0.2.20`、IPv6 は `2001:db8::20` の形で、半\
                角で書きます。",
            "It cannot be read as an address. IPv4 is written like `192.0.2.20`, IPv6 like \
                `2001:db8::20`.",
        )
    }),
    entry(MALFORMED_PREFIX, "malformed-prefix", || {
        Text::new(
            "プレフィックスとして読めません。`192.0.2.0/24` のように、ネットワークのアドレスと\
                長さを書きます。ホスト部のビットは 0 にします。",
            "It cannot be read as a prefix. Write the network and its length, such as \
                `192.0.2.0/24`, with the host bits zero.",
        )
    }),
    entry(MALFORMED_DATE, "malformed-date", || {
        Text::new(
            "日付として読めません。`2027-03-31` のように、引用符を付けず、時刻なしで、実在する\
                日を書きます。",
            "It cannot be read as a date. Write a day that exists, without quotes and without \
                a time, such as `2027-03-31`.",
        )
    }),
    entry(MALFORMED_PORT, "malformed-port", || {
        Text::new(
            "プロトコルとポートとして読めません。`tcp/443`、`tcp/1000-2000`、`udp/53`、`icmp`\
                、`esp`、`any` の形で書きます。",
            "It cannot be read as a protocol with ports. Write `tcp/443`, `tcp/1000-2000`, \
                `udp/53`, `icmp`, `esp` or `any`.",
        )
    }),
    entry(SECRET_IN_CLEAR, "secret-in-clear", || {
        Text::new(
            "PPPoE のパスワードや事前共有鍵は、サイトファイルに直接書きません。`env:NAME`（環境\
                変数）か `file:PATH`（ファイル）で置き場所だけを書きます。値はどの出力にも表示\
                しません。",
            "PPPoE passwords and pre-shared keys are never written in a site file. Name only \
                their place with `env:NAME` or `file:PATH`. The value appears in no output.",
        )
    }),
    entry(UNUSABLE_NAME, "unusable-name", || {
        Text::new(
            "機器・ゾーンなどの名前に使えない文字があるか、長すぎるか、予約された名前です。文\
                字・数字・`-` で 63 文字までにします。",
            "The name of an entry has a character that names cannot have, is too long, or is \
                reserved. Use up to 63 letters, digits and `-`.",
        )
    }),
    entry(EMPTY_VALUE, "empty-value", || {
        Text::new(
            "値が空です。決まっていないことは、空文字列ではなく、行を省いて表します。",
            "The value is empty. What is not known is left out, not written as an empty \
                string.",
        )
    }),
    entry(IDLE_KEY, "idle-key", || {
        Text::new(
            "回線の種類に当てはまらないキーです。判定には使われません。",
            "The key does not apply to this kind of line and takes no part in the judgement.",
        )
    }),
    entry(MALFORMED_HOST, "malformed-host", || {
        Text::new(
            "ホスト名として読めません。URL ではなく、`host.example.jp` のようにホスト名だけを\
                半角で書きます。",
            "It cannot be read as a host name. Write only the host, such as `host.example.jp`, \
                not a URL.",
        )
    }),
    entry(REPEATED_VALUE, "repeated-value", || {
        Text::new(
            "同じ値が一つの配列に 2 度あります。片方は書き間違いかもしれません。",
            "A list has the same value twice; one of them may be a slip.",
        )
    }),
    entry(MALFORMED_IDENTIFIER, "malformed-identifier", || {
        Text::new(
            "識別子の形が違います。参考パターンは `ipvpn.separate`、ルールは `F003` のような\
                コードか、\
                `unrestricted-outbound` のような名前で書きます。",
            "An identifier has another form. A pattern is written like `ipvpn.separate`, a \
                rule by its code like `F003` or its name like `unrestricted-outbound`.",
        )
    }),
    entry(HIDDEN_CHARACTER, "hidden-character", || {
        Text::new(
            "文字列に改行・制御文字・文字の向きを変える文字があります。結果の表示を偽れるので使え\
                ません。",
            "A string holds a line feed, a control or a mark of direction. It could forge what a \
                report shows, so it cannot be used.",
        )
    }),
    entry(MALFORMED_PATH, "malformed-path", || {
        Text::new(
            "ファイルの場所は、サイトファイルのあるフォルダーから `/` で区切って書きます（例: \
                `\"router-a.conf\"`）。Windows の `\\` やドライブ名（`C:`）は使えません。",
            "A file is named from the folder of the site file on, with `/` between folders, such \
                as `\"router-a.conf\"`. The `\\` and the drives (`C:`) of Windows cannot be used.",
        )
    }),
    entry(MALFORMED_BUILD, "malformed-build", || {
        Text::new(
            "OS のビルドは `19044.6456` のように数字と点で書きます。Windows では `winver` を実\
                行すると表示されます。",
            "The build of an operating system is written with digits and dots, such as \
                `19044.6456`. On Windows `winver` shows it.",
        )
    }),
    entry(MALFORMED_PERIOD, "malformed-period", || {
        Text::new(
            "期間は `30min`（分）、`24h`（時間）、`7d`（日）の形で書きます。",
            "A length of time is written `30min` (minutes), `24h` (hours) or `7d` (days).",
        )
    }),
    entry(COUNT_OUT_OF_RANGE, "count-out-of-range", || {
        Text::new(
            "数が、そのキーに書ける範囲にありません。回線の契約書などで確かめた値を書きます。",
            "The number is outside of what the key takes. Write the figure that the papers of \
                the line or of the device give.",
        )
    }),
];
