//! The codes of this crate: what each means, for `sekisho explain CODE`.

use diag::{CodeInfo, Text};

/// `syntax-error`.
pub const SYNTAX: &str = "P001";
/// `not-a-site-file`.
pub const NOT_A_SITE_FILE: &str = "P002";
/// `empty-file`.
pub const EMPTY_FILE: &str = "P003";
/// `file-too-large`.
pub const TOO_LARGE: &str = "P004";
/// `nested-too-deep`.
pub const TOO_DEEP: &str = "P005";
/// `too-many-diagnostics`.
pub const TOO_MANY: &str = "P006";
/// `full-width-character`.
pub const FULL_WIDTH: &str = "P007";
/// `repeated-key`.
pub const REPEATED_KEY: &str = "P008";
/// `unknown-key`.
pub const UNKNOWN_KEY: &str = "P010";
/// `missing-key`.
pub const MISSING_KEY: &str = "P011";
/// `wrong-type`.
pub const WRONG_TYPE: &str = "P012";
/// `unknown-word`.
pub const UNKNOWN_WORD: &str = "P013";
/// `malformed-address`.
pub const MALFORMED_ADDRESS: &str = "P014";
/// `malformed-prefix`.
pub const MALFORMED_PREFIX: &str = "P015";
/// `malformed-date`.
pub const MALFORMED_DATE: &str = "P016";
/// `malformed-port`.
pub const MALFORMED_PORT: &str = "P017";
/// `secret-in-clear`.
pub const SECRET_IN_CLEAR: &str = "P018";
/// `unusable-name`.
pub const UNUSABLE_NAME: &str = "P019";
/// `empty-value`.
pub const EMPTY_VALUE: &str = "P020";
/// `idle-key`.
pub const IDLE_KEY: &str = "P021";
/// `malformed-host`.
pub const MALFORMED_HOST: &str = "P022";
/// `repeated-value`.
pub const REPEATED_VALUE: &str = "P023";
/// `malformed-identifier`.
pub const MALFORMED_IDENTIFIER: &str = "P024";
/// `hidden-character`.
pub const HIDDEN_CHARACTER: &str = "P025";
/// `malformed-build`.
pub const MALFORMED_BUILD: &str = "P050";
/// `malformed-period`.
pub const MALFORMED_PERIOD: &str = "P051";
/// `count-out-of-range`.
pub const COUNT_OUT_OF_RANGE: &str = "P070";
/// `unknown-zone`.
pub const UNKNOWN_ZONE: &str = "R001";
/// `unknown-router`.
pub const UNKNOWN_ROUTER: &str = "R002";
/// `unknown-standing-line`.
pub const UNKNOWN_STANDING: &str = "R003";
/// `unknown-name`.
pub const UNKNOWN_NAME: &str = "R004";
/// `shared-name`.
pub const SHARED_NAME: &str = "R005";
/// `shared-address`.
pub const SHARED_ADDRESS: &str = "T001";
/// `address-outside-zone`.
pub const OUTSIDE_ZONE: &str = "T002";
/// `overlapping-zones`.
pub const OVERLAPPING_ZONES: &str = "T003";
/// `empty-zone`.
pub const EMPTY_ZONE: &str = "T004";
/// `router-without-config`.
pub const ROUTER_WITHOUT_CONFIG: &str = "T005";
/// `service-to-itself`.
pub const SELF_SERVICE: &str = "T006";
/// `relay-loop`.
pub const RELAY_LOOP: &str = "T007";
/// `unusable-address`.
pub const UNUSABLE_ADDRESS: &str = "T008";
/// `gateway-elsewhere`.
pub const GATEWAY_ELSEWHERE: &str = "T009";
/// `zone-without-prefix`.
pub const ZONE_WITHOUT_PREFIX: &str = "T010";
/// `machine-without-nic`.
pub const MACHINE_WITHOUT_NIC: &str = "T011";
/// `tunnel-mismatch`.
pub const TUNNEL_MISMATCH: &str = "T012";
/// `session-without-nic`.
pub const SESSION_WITHOUT_NIC: &str = "T013";
/// `frames-told-apart`.
pub const FRAMES_TOLD_APART: &str = "T014";
/// `wide-destination`.
pub const WIDE_DESTINATION: &str = "T015";
/// `opening-without-nic`.
pub const OPENING_WITHOUT_NIC: &str = "T060";
/// `base-without-merger`.
pub const BASE_WITHOUT_MERGER: &str = "T061";

/// `period-too-short`.
pub const PERIOD_TOO_SHORT: &str = "T052";
/// `dates-out-of-order`.
pub const DATES_OUT_OF_ORDER: &str = "T050";
/// `updates-without-system`.
pub const UPDATES_WITHOUT_SYSTEM: &str = "T051";

const fn entry(code: &'static str, name: &'static str, explain: fn() -> Text) -> CodeInfo {
    CodeInfo { code, name, explain }
}

/// Every code of this crate, in their order.
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
            "必須のキーがありません。構成例が施設に委ねている点は、既定値で補わず、書いていた\
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
            "識別子の形が違います。構成例は `ipvpn.separate`、規則は `F003` のようなコードか、\
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
    entry(UNKNOWN_ZONE, "unknown-zone", || {
        Text::new(
            "宣言されていないゾーンを指しています。`[zones]` に宣言するか、名前を直します。\
                `onu`（ルータBと ONU の間）だけは宣言しなくても使えます。",
            "It names a zone that is not declared. Declare it in `[zones]` or correct the \
                name. Only `onu`, the wire to the ONU, exists without a declaration.",
        )
    }),
    entry(UNKNOWN_ROUTER, "unknown-router", || {
        Text::new(
            "宣言されていないルータを指しています。`[routers.NAME]` を加えるか、名前を直します\
                。",
            "It names a router that is not declared. Add `[routers.NAME]` or correct the name.",
        )
    }),
    entry(UNKNOWN_STANDING, "unknown-standing-line", || {
        Text::new(
            "宣言されていない常設回線を指しています。`[standing.NAME]` を加えるか、名前を直\
                します。",
            "It names a standing line that is not declared. Add `[standing.NAME]` or correct \
                the name.",
        )
    }),
    entry(UNKNOWN_NAME, "unknown-name", || {
        Text::new(
            "宣言されていない機器またはゾーンを指しています。",
            "It names a machine or a zone that is not declared.",
        )
    }),
    entry(SHARED_NAME, "shared-name", || {
        Text::new(
            "2 つの項目が同じ名前です。名前で指したときにどちらか決められません。",
            "Two entries have one name, so a reference to it could mean either.",
        )
    }),
    entry(SHARED_ADDRESS, "shared-address", || {
        Text::new(
            "2 つの NIC が同じアドレスです。実機では通信が不安定になり、判定でもどちらの機器か\
                決められません。",
            "Two interfaces have one address. Real networks become erratic then, and a verdict \
                could not tell the machines apart.",
        )
    }),
    entry(OUTSIDE_ZONE, "address-outside-zone", || {
        Text::new(
            "NIC のアドレスが、接続先のゾーンのプレフィックスに含まれません。",
            "The address of an interface does not lie in the prefix of the zone it is plugged \
                into.",
        )
    }),
    entry(OVERLAPPING_ZONES, "overlapping-zones", || {
        Text::new(
            "2 つのゾーンのプレフィックスが重なっています。ルータがどちらへ送るか決まりません\
                。",
            "The prefixes of two zones overlap, so it is not determined where a router sends a \
                packet.",
        )
    }),
    entry(EMPTY_ZONE, "empty-zone", || {
        Text::new(
            "どのルータのポートにも、どの機器の NIC にもつながっていないゾーンです。書き忘れか\
                、不要な宣言です。",
            "No port of a router and no interface of a machine is in the zone. Something was \
                left out, or the zone is not needed.",
        )
    }),
    entry(ROUTER_WITHOUT_CONFIG, "router-without-config", || {
        Text::new(
            "設定ファイルが指定されていないルータです。実際の設定がなければ、通信の可否を証明\
                できません。",
            "A router names no configuration file. Without it, nothing about what it passes \
                can be proved.",
        )
    }),
    entry(SELF_SERVICE, "service-to-itself", || {
        Text::new(
            "同じ機器が両端になっている通信です。機器の中の通信はネットワークを通らないため、\
                許可は不要です。",
            "A service has the same machine at both ends. That traffic does not use the \
                network and needs no permission.",
        )
    }),
    entry(RELAY_LOOP, "relay-loop", || {
        Text::new(
            "ハブやスイッチの接続が輪になっています。フレームが回り続けるおそれがあり、ゾーン\
                の分離も成り立ちません。",
            "Relays form a loop. Frames may circle in it, and the zones on it are not \
                separate.",
        )
    }),
    entry(FRAMES_TOLD_APART, "frames-told-apart", || {
        Text::new(
            "ハブ・スイッチ・無線アクセスポイント・ONU は、つないだゾーンの間であらゆるフレームを\
                通します。`passes` で通すフレームを選べるのはホームゲートウェイだけです。",
            "A hub, a switch, a wireless access point and an ONU pass every frame between the \
                zones that they join. Only a home gateway chooses: `passes` is for that one.",
        )
    }),
    entry(WIDE_DESTINATION, "wide-destination", || {
        Text::new(
            "接続先として登録されたアドレスが広すぎて、特定の接続先とは言えません。回線事業者や\
                接続先の案内にある範囲だけを書いてください。",
            "The registered destinations cover so many addresses that they are no particular \
                ones. Write only the ranges that the carrier or the destination has told.",
        )
    }),
    entry(UNUSABLE_ADDRESS, "unusable-address", || {
        Text::new(
            "ゾーンのネットワークアドレスまたはブロードキャストアドレスを機器に割り当てていま\
                す。",
            "A machine has the network address or the broadcast address of its zone.",
        )
    }),
    entry(GATEWAY_ELSEWHERE, "gateway-elsewhere", || {
        Text::new(
            "中継先がその NIC のゾーンにありません。パケットはゲートウェイに届きません。",
            "The next hop is not in the zone of the interface, so packets cannot reach it.",
        )
    }),
    entry(ZONE_WITHOUT_PREFIX, "zone-without-prefix", || {
        Text::new(
            "NIC にアドレスがありますが、ゾーンにその方式のプレフィックスがないため、プレフィ\
                ックス長が決まりません。",
            "An interface has an address, but its zone has no prefix of that family, so the \
                length of the prefix is not known.",
        )
    }),
    entry(MACHINE_WITHOUT_NIC, "machine-without-nic", || {
        Text::new(
            "NIC のない機器です。どのゾーンにもつながらないため、通信の判定に現れません。",
            "A machine has no interface. It is in no zone and takes no part in any verdict.",
        )
    }),
    entry(TUNNEL_MISMATCH, "tunnel-mismatch", || {
        Text::new(
            "ルータのトンネルと、それが指す常設回線とで、ルータまたはインタフェースが食い違\
                っています。",
            "A tunnel of a router and the standing line that it names disagree on the router \
                or the interface.",
        )
    }),
    entry(SESSION_WITHOUT_NIC, "session-without-nic", || {
        Text::new(
            "機器が張る PPPoE セッションに使うゾーンに、その機器の NIC がありません。",
            "A machine opens a PPPoE session by a zone in which it has no interface.",
        )
    }),
    entry(DATES_OUT_OF_ORDER, "dates-out-of-order", || {
        Text::new(
            "有効期間の初日が最終日より後です。どちらの日付が正しいか決められないため、誤りと\
                します。",
            "The first day is later than the last one. Which of the two is right cannot be \
                decided, so it is an error.",
        )
    }),
    entry(UPDATES_WITHOUT_SYSTEM, "updates-without-system", || {
        Text::new(
            "`esu` や `os_build` がありますが `os` がありません。OS の名前がなければ、どちらも\
                判定に使えません。",
            "There is `esu` or `os_build`, but no `os`. Without the name of the operating \
                system neither says anything.",
        )
    }),
    entry(PERIOD_TOO_SHORT, "period-too-short", || {
        Text::new(
            "`[retention]` の期間が短すぎ、`sekisho link sweep` はこの方針を受け付けません。",
            "A time in `[retention]` is so short that `sekisho link sweep` refuses the policy.",
        )
    }),
    entry(OPENING_WITHOUT_NIC, "opening-without-nic", || {
        Text::new(
            "ファイアウォールの `on` が指すゾーンに、その機器の NIC がありません。どこで着信\
                を許可しているか分からないため、直すまで証明しません。",
            "`on` of a firewall names a zone in which the machine has no interface. Where it is \
                open is unknown, so nothing is proved until that is corrected.",
        )
    }),
    entry(BASE_WITHOUT_MERGER, "base-without-merger", || {
        Text::new(
            "`base` は、レセコンと資格確認端末を兼ねる機器だけに意味があります。",
            "`base` has a meaning only for a machine that is claims computer and eligibility \
                terminal in one.",
        )
    }),
];
