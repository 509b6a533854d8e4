//! What is wrong with what a site file says: names that lead nowhere, and what cannot be so.

use diag::{CodeInfo, Text};

use super::{
    BASE_WITHOUT_MERGER, DATES_OUT_OF_ORDER, EMPTY_ZONE, FRAMES_TOLD_APART, GATEWAY_ELSEWHERE,
    ISLAND_ZONE, LINE_ELSEWHERE, MACHINE_WITHOUT_NIC, OPENING_WITHOUT_NIC, OUTSIDE_ZONE,
    OVERLAPPING_ZONES, PERIOD_TOO_SHORT, RELAY_LOOP, ROUTER_WITHOUT_CONFIG, SELF_SERVICE,
    SESSION_WITHOUT_NIC, SHARED_ADDRESS, SHARED_CONFIG, SHARED_NAME, SHARED_ROLE,
    STANDING_ON_SESSION, TUNNEL_MISMATCH, TWO_WAYS, UNKNOWN_NAME, UNKNOWN_ROUTER, UNKNOWN_STANDING,
    UNKNOWN_ZONE, UNUSABLE_ADDRESS, UNWRITTEN_END, UPDATES_WITHOUT_SYSTEM, WIDE_DESTINATION,
    ZONE_WITHOUT_PREFIX, entry,
};

/// Every one of them, in their order.
pub static CODES: &[CodeInfo] = &[
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
    entry(ISLAND_ZONE, "island-zone", || {
        Text::new(
            "ゾーンに機器はありますが、ルータのポートがなく、ほかのゾーンへつながるものもありませ\
                ん。実際のつながりが書かれていないため、通信の可否を証明しません。",
            "Machines are in the zone, but no port of a router and nothing that leads to another \
                zone. How they are connected is not written, so nothing about sessions is proved.",
        )
    }),
    entry(STANDING_ON_SESSION, "standing-on-a-session", || {
        Text::new(
            "ルータの同じインターフェースが、`sessions` では網への接続、`[standing]` では他社の回線\
                とされています。相手がどちらか決まらないため、直すまで証明しません。",
            "One interface of a router is a way to a network under `sessions` and a line of \
                somebody else under `[standing]`. Who is at its other end is not known, so nothing \
                is proved until that is corrected.",
        )
    }),
    entry(LINE_ELSEWHERE, "line-elsewhere", || {
        Text::new(
            "ONU やホームゲートウェイがゾーン `onu` につながっていません。その先は外部ですが、\
                sekisho が外部を置くのは `onu` だけです。2 本目の回線の ONU も、つながっている\
                ゾーンと `onu` の両方を `zones` に書けば、そのゾーンに外部から届くものとして判定\
                されます。",
            "An ONU or a home gateway is not on the zone `onu`. The outside stands behind it, and \
                sekisho puts the outside at `onu` only. For the ONU of a second line, too, write \
                both the zone that it hangs in and `onu` into `zones`: the zone is then judged as \
                one that the outside reaches.",
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
    entry(SHARED_CONFIG, "shared-config", || {
        Text::new(
            "2 台のルータに同じ設定ファイルが指定されています。後のルータは設定が読めないものとし\
                て扱い、何も証明しません。それぞれの機器から取り出した設定を指定します。",
            "Two routers name the same configuration files. The later one counts as a router \
                whose configuration was not read, and nothing is proved about it. Name what was \
                taken from each device.",
        )
    }),
    entry(SHARED_ROLE, "shared-role", || {
        Text::new(
            "2 台のルータが同じ役割（ルータA かルータB）になっています。判定は設定だけから行う\
                ので変わりませんが、図や説明では区別できません。",
            "Two routers have the same role, Router A or Router B. The judgement follows their \
                configurations and stays the same, but drawings and texts cannot tell them apart.",
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
            "ルータのトンネルと、それが指す常設回線とで、ルータまたはインターフェースが食い違\
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
    entry(TWO_WAYS, "two-ways-to-one-network", || {
        Text::new(
            "一台の機器に、同じネットワークへの経路（または既定ゲートウェイ）が二つあります。どち\
                らを使うかは OS のメトリックで決まり、サイトファイルからは分かりません。",
            "A machine has two routes, or two default gateways, to one network. Which of them it \
                takes is decided by metrics of its system, which the site file does not state.",
        )
    }),
    entry(UNWRITTEN_END, "unwritten-far-end", || {
        Text::new(
            "機器の PPPoE セッションに `to` がなく、請求のためのセッションとも考えられません。相手\
                が分からないため、書かれるまで証明しません。",
            "A PPPoE session of a machine has no `to` and cannot be taken for the one that claims \
                need. Who is at its other end is not known, so nothing is proved until it is \
                written.",
        )
    }),
];
