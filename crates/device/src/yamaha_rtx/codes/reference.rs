//! What the codes of references in the text mean: R120 to R149.

use diag::{CodeInfo, text};

/// What the codes of references in the text mean: R120 to R149.
pub(super) static CODES: &[CodeInfo] = &[
    CodeInfo {
        code: "R120",
        name: "filter-undefined",
        explain: || {
            text!(
                ja: "リストにある番号のフィルターが定義されていません。ルータがどう扱うかは文書\
                     にありません。",
                en: "A list names a filter that is not defined. How the router treats the list \
                     is not documented.",
            )
        },
    },
    CodeInfo {
        code: "R121",
        name: "dynamic-filter-undefined",
        explain: || {
            text!(
                ja: "リストにある番号の動的フィルターが定義されていません。",
                en: "A list names a dynamic filter that is not defined.",
            )
        },
    },
    CodeInfo {
        code: "R122",
        name: "filter-set-undefined",
        explain: || {
            text!(
                ja: "適用したフィルターセットが定義されていません。何も適用されていないのと同じ\
                     動作になります。",
                en: "A filter set is applied but not defined, which is the same as no filter at \
                     all.",
            )
        },
    },
    CodeInfo {
        code: "R123",
        name: "filter-unused",
        explain: || {
            text!(
                ja: "定義されたフィルターがどこにも適用されていません。",
                en: "A filter is defined but applied nowhere.",
            )
        },
    },
    CodeInfo {
        code: "R124",
        name: "interface-not-enabled",
        explain: || {
            text!(
                ja: "`pp` や `tunnel` が設定されていますが、`enable` がないため使われません。",
                en: "A `pp` or `tunnel` is configured but not enabled, so it is not used.",
            )
        },
    },
    CodeInfo {
        code: "R125",
        name: "filter-redefined",
        explain: || {
            text!(
                ja: "同じ番号のフィルターが重ねて定義されています。後の定義が有効です。",
                en: "A filter number is defined twice; the later definition holds.",
            )
        },
    },
    CodeInfo {
        code: "R128",
        name: "nat-undefined",
        explain: || {
            text!(
                ja: "適用した NAT ディスクリプターが定義されていません。",
                en: "A NAT descriptor is applied but not defined.",
            )
        },
    },
    CodeInfo {
        code: "R129",
        name: "nat-outer-unknown",
        explain: || {
            text!(
                ja: "NAT の外側アドレスがこのインターフェースでは決まりません。",
                en: "The outer address of a NAT descriptor cannot be told on this interface.",
            )
        },
    },
    CodeInfo {
        code: "R131",
        name: "lan-divided",
        explain: || {
            text!(
                ja: "LAN 分割を使っているインターフェースに、分割前の名前で設定があります。",
                en: "A LAN is divided, yet a setting uses its undivided name.",
            )
        },
    },
    CodeInfo {
        code: "R132",
        name: "gateway-not-configured",
        explain: || {
            text!(
                ja: "経路の行き先のインターフェースが設定されていません。",
                en: "The interface to which a route leads is not configured.",
            )
        },
    },
    CodeInfo {
        code: "R133",
        name: "gateway-family",
        explain: || {
            text!(
                ja: "経路とゲートウェイの IP バージョンが違います。",
                en: "A route and its gateway are of different IP versions.",
            )
        },
    },
    CodeInfo {
        code: "R134",
        name: "forward-filter-undefined",
        explain: || {
            text!(
                ja: "適用した `forward filter` が定義されていません。",
                en: "A `forward filter` is applied but not defined.",
            )
        },
    },
    CodeInfo {
        code: "R135",
        name: "ipsec-policy-undefined",
        explain: || {
            text!(
                ja: "トンネルが使う IPsec ポリシーが定義されていません。このトンネルはつながりません。",
                en: "A tunnel uses an IPsec policy that is not defined; it never comes up.",
            )
        },
    },
    CodeInfo {
        code: "R136",
        name: "ipsec-never-begun",
        explain: || {
            text!(
                ja: "`ipsec auto refresh on` がないため、このルータから鍵交換を始めません。アドレ\
                     スが変わる回線では、相手から始めることもできず、トンネルがつながりません。",
                en: "Without `ipsec auto refresh on` the router begins no key exchange. On a \
                     line whose address changes the peer cannot begin it either, and the tunnel \
                     stays down.",
            )
        },
    },
    CodeInfo {
        code: "R137",
        name: "no-such-interface",
        explain: || {
            text!(
                ja: "このルータにはないインターフェースを設定しています。分割されていない LAN のポ\
                     ートは 1 つのハブで、ポートの間のフレームはどのフィルターも通りません。ポート\
                     が属していない VLAN には何もつながりません。",
                en: "An interface is set up that the router does not have. Ports of a LAN that is \
                     not divided are one hub, and no list sees the frames between them. Nothing \
                     can be plugged into a VLAN without ports.",
            )
        },
    },
    CodeInfo {
        code: "R138",
        name: "same-vlan",
        explain: || {
            text!(
                ja: "同じ LAN の 2 つのタグ VLAN が同じ番号です。番号が同じ VLAN は 1 つのネットワ\
                     ークなので、その間のフレームはルータを通りません。",
                en: "Two tagged VLANs of one LAN have the same number. They are one network, so \
                     frames between them do not pass the router.",
            )
        },
    },
    CodeInfo {
        code: "R139",
        name: "no-pre-shared-key",
        explain: || {
            text!(
                ja: "トンネルの相手（セキュリティ・ゲートウェイ）に事前共有鍵がありません。鍵交換が\
                     成立しないため、トンネルを通る通信ができることは証明しません。",
                en: "The gateway of a tunnel has no pre-shared key. No key exchange succeeds, so \
                     nothing that has to pass the tunnel is proved to work.",
            )
        },
    },
    CodeInfo {
        code: "R141",
        name: "prefix-not-usable",
        explain: || {
            text!(
                ja: "端末に配る IPv6 プレフィックスの番号が定義されていないか、インターフェー\
                     スのアドレスと合いません。端末は使えるアドレスを受け取れないため、IPv6 で通信\
                     できることは証明しません。",
                en: "The number of an advertised IPv6 prefix is not defined, or the interface has \
                     no address in it. Hosts get no address that they can use, so nothing that \
                     has to work over IPv6 is proved.",
            )
        },
    },
    CodeInfo {
        code: "R142",
        name: "foreign-outer-address",
        explain: || {
            text!(
                ja: "NAT の外側アドレスがインターフェースのアドレスの範囲にありません。プロバイ\
                     ダーがそのアドレスをこの回線へ送らない限り、応答は戻りません（Y-A16）。",
                en: "The outer address of NAT is on no network of the interface. Answers come back \
                     only if the provider sends that address to this line (Y-A16).",
            )
        },
    },
    CodeInfo {
        code: "R143",
        name: "session-without-authentication",
        explain: || {
            text!(
                ja: "PPPoE セッションに `pp auth accept` か `pp auth myname` がありません。接続先が\
                     認証を求めるとセッションは開きません。",
                en: "A PPPoE session has no `pp auth accept` or no `pp auth myname`. If the far \
                     end asks for authentication, it never comes up.",
            )
        },
    },
    CodeInfo {
        code: "R149",
        name: "network-on-two-interfaces",
        explain: || {
            text!(
                ja: "二つのインターフェースのネットワークが重なっています。重なるアドレス宛てのパケ\
                     ットをどちらへ送るかは、コマンドリファレンスに書かれていません。",
                en: "The networks of two interfaces overlap. To which of them packets for the \
                     common addresses go, the command reference does not say.",
            )
        },
    },
    CodeInfo {
        code: "R144",
        name: "gateway-never-learned",
        explain: || {
            text!(
                ja: "`gateway dhcp` のインターフェースが DHCP でアドレスを取得しません。IPv6 では、\
                     DHCPv6 の\
                     クライアントがありません。",
                en: "The interface of `gateway dhcp` takes no address by DHCP; for IPv6, it is no \
                     client of DHCPv6.",
            )
        },
    },
    CodeInfo {
        code: "R145",
        name: "neighbour-discovery-stopped",
        explain: || {
            text!(
                ja: "IPv6 は、同じリンクの機器を近隣探索（ICMPv6 の 133〜136）で見つけ、ルータ\
                     と経路\
                     をルータ広告か DHCPv6 で知ります。フィルターのリストがこれらを破棄すると、IPv6\
                     の通信は始まりません。リストがルータ自身のパケットに働かない（`Y-A6`）場合は\
                     影響しません。",
                en: "IPv6 finds the machines of a link by neighbour discovery (ICMPv6 133 to 136), \
                     and learns routers and routes from advertisements or DHCPv6. If a list \
                     discards these packets, nothing works over IPv6. It does not matter if lists \
                     spare the router's own packets (`Y-A6`).",
            )
        },
    },
    CodeInfo {
        code: "R146",
        name: "prefix-not-learned",
        explain: || {
            text!(
                ja: "`dhcp-prefix@IF` のプレフィックスは、`ipv6 IF dhcp service client`（\
                     `ir=on` なし）が\
                     ある場合だけ配布されます。ない場合は、端末もルータもアドレスを得られません。",
                en: "A prefix `dhcp-prefix@IF` is handed out only where \
                     `ipv6 IF dhcp service client` \
                     stands, without `ir=on`. Otherwise neither hosts nor the router get an \
                     address.",
            )
        },
    },
    CodeInfo {
        code: "R147",
        name: "gateway-of-nobody",
        explain: || {
            text!(
                ja: "リンクローカルアドレスのゲートウェイが書かれています。そのアドレスを持つ\
                     ルータが\
                     回線の側にあることは、どこにも書かれておらず、ルータが交換されると届かなくなり\
                     ます（Y-A17）。",
                en: "A gateway is written as a link-local address. Nothing says that a router \
                     of the \
                     line has it, and it is lost when that router is replaced (Y-A17).",
            )
        },
    },
    CodeInfo {
        code: "R148",
        name: "watched-route",
        explain: || {
            text!(
                ja: "経路が `keepalive` の監視先の応答に左右されます。監視先が応答しないと経路\
                     は消え、\
                     ほかに監視しないゲートウェイがなければ通信できません。",
                en: "A route depends on whether the host of `keepalive` answers. If it does \
                     not, the \
                     route is gone, and without a gateway that is not watched nothing works.",
            )
        },
    },
];
