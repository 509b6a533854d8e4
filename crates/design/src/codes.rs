//! What the codes of this crate stand for.

use diag::{CodeInfo, text};

/// Codes of putting a site together.
pub static CODES: &[CodeInfo] = &[
    CodeInfo {
        code: "T101",
        name: "unknown-router-port",
        explain: || {
            text!(
                ja: "サイトファイルの `ports` に書かれたポートが、ルータの設定にありません。ポー\
                     ト名の書き間違いか、設定ファイルの取り違えです。このポートの先の接続は分か\
                     らないため、証明しません。",
                en: "A port that the site file names does not exist in the router's \
                     configuration: a misspelt name, or the wrong file. What lies behind it is \
                     unknown, so nothing is proved about it.",
            )
        },
    },
    CodeInfo {
        code: "T102",
        name: "port-in-no-zone",
        explain: || {
            text!(
                ja: "ルータの設定で使われているインターフェースに、サイトファイルでゾーンが割り\
                     当てられていません。そこに何がつながっているか分からないため、`ports` に書\
                     いてください。",
                en: "The router's configuration uses an interface that the site file puts in no \
                     zone. What is plugged in there is unknown: name it under `ports`.",
            )
        },
    },
    CodeInfo {
        code: "T103",
        name: "address-of-a-router",
        explain: || {
            text!(
                ja: "端末とルータが同じアドレスを使っています。どちらに届くか分からないため、証明\
                     しません。実機のアドレスを確かめ、どちらかを直してください。",
                en: "A machine and a router have the same address. Who receives a packet is \
                     unknown, so nothing is proved. Look at both and correct one of them.",
            )
        },
    },
    CodeInfo {
        code: "T104",
        name: "standing-line-without-interface",
        explain: || {
            text!(
                ja: "`[standing]` に書かれたルータかインターフェースがありません。",
                en: "The router or the interface that a `[standing]` line names does not exist.",
            )
        },
    },
    CodeInfo {
        code: "T105",
        name: "unreachable-gateway",
        explain: || {
            text!(
                ja: "ゲートウェイに指定したルータが、その NIC のゾーンにアドレスを持っていません。",
                en: "The router named as a gateway has no address in the zone of that interface.",
            )
        },
    },
    CodeInfo {
        code: "T106",
        name: "session-without-carrier",
        explain: || {
            text!(
                ja: "PPPoE セッションまたはトンネルを張る端末に、中継するルータと同じゾーンの \
                     NIC がないか、ルータの PPPoE セッションが ONU につながらないポートを通って\
                     います。",
                en: "A machine that opens a PPPoE session or a tunnel has no interface in a zone \
                     of the router that has to pass it, or a session of a router runs over a port \
                     that does not lead to the ONU.",
            )
        },
    },
    CodeInfo {
        code: "T136",
        name: "open-carrier",
        explain: || {
            text!(
                ja: "PPPoE セッションまたはトンネルを張る端末の NIC が、同じルータに複数つながって\
                     います。どの NIC から出るか分からないため、証明しません。PPPoE では、ルータが\
                     PPPoE を通す NIC がひとつだけなら、その NIC とみなします。",
                en: "Several interfaces of a machine that opens a PPPoE session or a tunnel stand \
                     where its router does. By which of them it goes is not known, so nothing is \
                     proved. If the router passes PPPoE from one of them only, it is that one.",
            )
        },
    },
    CodeInfo {
        code: "T108",
        name: "address-outside-zone",
        explain: || {
            text!(
                ja: "ルータのアドレスかその範囲が、ゾーンの範囲に収まっていません。サイトファイル\
                     が知らない網が同じ線につながっているとみなし、その範囲の機器にも要件を適用\
                     します。",
                en: "A router's address, or the network that it belongs to, is not within the \
                     prefix of its zone. A network that the site file does not name stands on \
                     the same wire; machines in it are judged too.",
            )
        },
    },
    CodeInfo {
        code: "T109",
        name: "unnamed-next-hop",
        explain: || {
            text!(
                ja: "経路の先の機器がサイトファイルにありません。もう一台のルータ（別のインター\
                     ネット回線など）が院内にあるかもしれず、そこへ渡したパケットの行き先は分か\
                     りません。",
                en: "A route leads to a device that the site file does not name, perhaps another \
                     router with a line of its own. Where it sends packets is unknown.",
            )
        },
    },
    CodeInfo {
        code: "T137",
        name: "untold-address",
        explain: || {
            text!(
                ja: "機器は IPv6 アドレスをルータ広告から得ますが、そのゾーンのプレフィックスは書か\
                     れています。機器がその中のどのアドレスを使うか分からず、それに触れる行を判定\
                     できないため、証明しません。",
                en: "A machine takes its IPv6 address from an advertisement, but the prefix of its \
                     zone is written. Which address of it the machine uses is not known, and so \
                     neither what lines that name it do; nothing is proved.",
            )
        },
    },
    CodeInfo {
        code: "T135",
        name: "unknown-session",
        explain: || {
            text!(
                ja: "`sessions` に書かれた名前のセッションが、ルータの設定にありません。書き間違\
                     いか、設定ファイルの取り違えです。`sessions` に書けるのは、ルータが終端する \
                     PPPoE セッションと、インターネットへ向かう暗号化のないトンネル（DS-Lite や \
                     MAP-E の `tunnel1 = \"internet\"`）です。",
                en: "A name under `sessions` is that of no session of the router's configuration: \
                     it is misspelt, or the file is another one's. `sessions` takes PPPoE sessions \
                     that the router ends, and tunnels in clear to the Internet (DS-Lite, MAP-E: \
                     `tunnel1 = \"internet\"`).",
            )
        },
    },
    CodeInfo {
        code: "T130",
        name: "lost-next-hop",
        explain: || {
            text!(
                ja: "経路の先のアドレスが、直結したどのネットワークにもなく、そこへ直接向かう経路も\
                     ありません。DHCP などで得たネットワークにあるのかもしれず、機器がその経路を\
                     使うかどうか分からないため、証明しません。",
                en: "The next hop of a route is in no connected network, and no route leads \
                     straight to it. It may stand in a network that DHCP hands out; whether the \
                     device uses the route is unknown, so nothing is proved.",
            )
        },
    },
    CodeInfo {
        code: "T132",
        name: "impossible-next-hop",
        explain: || {
            text!(
                ja: "経路の先がゲートウェイになりません。ルータ自身のアドレス、ネットワークアドレ\
                     ス、ブロードキャストアドレス、そのインターフェースのどのネットワークにもないア\
                     ドレスのどれかです。または、ゲートウェイのない経路が、セッションやトンネルで\
                     はないインターフェースを向いています。パケットはどこにも届かないため、証明し\
                     ません。",
                en: "A route leads to what cannot be a gateway: an address of the router itself, \
                     the address of a network or its broadcast, or one that no network of the \
                     interface holds. Or it has no gateway, and its interface is neither a session \
                     nor a tunnel. Packets get nowhere there, so nothing is proved.",
            )
        },
    },
    CodeInfo {
        code: "T133",
        name: "impossible-own-address",
        explain: || {
            text!(
                ja: "ルータのインターフェースに、使えないアドレスが設定されています。ネットワーク\
                     アドレスやブロードキャストアドレスは、どの機器もゲートウェイにできません。\
                     アドレスを自動で得る設定は、同じゾーンに配る機器がなければ、アドレスのない\
                     ままです。",
                en: "An interface of a router has an address that cannot be used. No host takes \
                     the address of a network, or its broadcast, for a gateway. An address that \
                     is to be handed out never comes where no other device in the zone hands any \
                     out.",
            )
        },
    },
    CodeInfo {
        code: "T134",
        name: "zone-without-wire",
        explain: || {
            text!(
                ja: "`ports` でゾーンを割り当てたインターフェースには、ケーブルをつなぐポートが\
                     ありません。ループバックや dummy、ポートのないブリッジ（コンテナのないときの\
                     docker0 など）の先には、何もつながりません。",
                en: "A zone is given to an interface that has no wire. Nothing stands behind a \
                     loopback, a dummy, or a bridge without ports, such as docker0 while no \
                     container runs.",
            )
        },
    },
    CodeInfo {
        code: "T131",
        name: "unknown-dhcp-network",
        explain: || {
            text!(
                ja: "インターフェースが DHCP でアドレスを得ますが、そのネットワークが分かりません。\
                     ルータは自分が入っているネットワーク宛てのパケットを、既定の経路やトンネルよ\
                     り先にそこへ送ります。ゾーンに `ipv4` を書くと、そのネットワークで判定\
                     します。",
                en: "An interface gets its address by DHCP, and its network is unknown. A router \
                     sends packets for a network that it is in straight there, before any default \
                     route or tunnel. Give the zone its `ipv4` and it is judged with that network.",
            )
        },
    },
    CodeInfo {
        code: "T107",
        name: "bridge-loop",
        explain: || {
            text!(
                ja: "レイヤー2の中継がループになっています。同じフレームが回り続け、通信できなく\
                     なります。",
                en: "The layer-2 relays form a loop: a frame would go round for ever.",
            )
        },
    },
];
