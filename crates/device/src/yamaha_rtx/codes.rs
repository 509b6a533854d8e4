//! What the codes of this vendor stand for.

use diag::{CodeInfo, text};

/// P120–P199 for the text, R120–R149 for references in it.
pub(crate) static CODES: &[CodeInfo] = &[
    CodeInfo {
        code: "P120",
        name: "unknown-command",
        explain: || {
            text!(
                ja: "知らないコマンドです。何をする行か分からないため、その行が関係しうる要件は\
                     証明しません。",
                en: "A command that is not known. What it does is unknown, so no requirement it \
                     may touch is proved.",
            )
        },
    },
    CodeInfo {
        code: "P121",
        name: "unreadable-argument",
        explain: || {
            text!(
                ja: "コマンドは知っていますが、引数を読み取れません。その行は使わず、関係しうる\
                     要件は証明しません。",
                en: "The command is known but an argument cannot be read. The line is not used, \
                     and no requirement it may touch is proved.",
            )
        },
    },
    CodeInfo {
        code: "P122",
        name: "setting-not-modelled",
        explain: || {
            text!(
                ja: "コマンドの意味は分かりますが、判定には反映していません。影響しうる要件は証\
                     明しません。",
                en: "The command is understood but not modelled. Requirements it may touch are \
                     not proved.",
            )
        },
    },
    CodeInfo {
        code: "P123",
        name: "keyword-as-address",
        explain: || {
            text!(
                ja: "フィルターのアドレスの位置にプロトコルやポートの名前があります。ルーターは\
                     名前（FQDN）として受け付けますが、意図した動作にはなりません。アドレスの書\
                     き忘れがないか確かめてください。",
                en: "A protocol or port name stands where a filter expects an address. The \
                     router takes it for a host name, which is hardly what was meant. Look for \
                     the address that is missing.",
            )
        },
    },
    CodeInfo {
        code: "P124",
        name: "address-by-name",
        explain: || {
            text!(
                ja: "フィルターのアドレスが名前で書かれています。名前はルータが運用中に解決する\
                     ため、設定だけからは証明できません。",
                en: "A filter gives an address by name. The router resolves it while it runs, so \
                     the configuration alone proves nothing about it.",
            )
        },
    },
    CodeInfo {
        code: "P125",
        name: "range-reversed",
        explain: || {
            text!(
                ja: "範囲の始点が終点より大きくなっています。書き間違いがないか確かめてください。",
                en: "A range begins above its end. Check it for a slip of the pen.",
            )
        },
    },
    CodeInfo {
        code: "P126",
        name: "line-too-long",
        explain: || {
            text!(
                ja: "行が長すぎ、ルータは受け付けません。",
                en: "The line is longer than the router takes.",
            )
        },
    },
    CodeInfo {
        code: "P127",
        name: "nothing-selected",
        explain: || {
            text!(
                ja: "`pp select` や `tunnel select` の前に、選択を必要とする設定があります。",
                en: "A setting needs a `pp select` or `tunnel select` before it.",
            )
        },
    },
    CodeInfo {
        code: "P128",
        name: "dynamic-without-effect",
        explain: || {
            text!(
                ja: "このアプリケーション名の動的フィルターは受け付けられますが動作しません。静\
                     的フィルターで通してください。",
                en: "A dynamic filter for this application is accepted but does nothing. Use \
                     static filters.",
            )
        },
    },
    CodeInfo {
        code: "P129",
        name: "dynamic-approximated",
        explain: || {
            text!(
                ja: "このアプリケーションの動的フィルターは、実際より広く開くものとして扱います。",
                en: "A dynamic filter for this application is taken to open more than it does.",
            )
        },
    },
    CodeInfo {
        code: "P130",
        name: "wrapped-line-joined",
        explain: || {
            text!(
                ja: "80 桁の画面で折り返された行をつなげて読みました。元のファイルを \
                     `show config` から保存し直すと確実です。",
                en: "A line that an 80-column console broke was joined with the next. Saving the \
                     output anew without line breaks is safer.",
            )
        },
    },
    CodeInfo {
        code: "P131",
        name: "arrow-joined",
        explain: || {
            text!(
                ja: "行末の矢印を続きの行とつなげて読みました。",
                en: "A line that ends in an arrow was joined with the next.",
            )
        },
    },
    CodeInfo {
        code: "P132",
        name: "prompt-removed",
        explain: || {
            text!(
                ja: "コンソールのプロンプトを取り除いて読みました。",
                en: "Console prompts were taken away before reading.",
            )
        },
    },
    CodeInfo {
        code: "P133",
        name: "embedded-file",
        explain: || {
            text!(
                ja: "設定にファイルが埋め込まれています。中のスクリプトは運用中に設定を変更でき\
                     るため、証明はこの行がある限り成り立ちません。",
                en: "A file is embedded. A script in it can change the configuration at run \
                     time, so nothing is proved while it is there.",
            )
        },
    },
    CodeInfo {
        code: "P134",
        name: "commented-command",
        explain: || {
            text!(
                ja: "コマンドのように見えるコメントがあります。`#` で始まる行はコメントとして読\
                     みます。",
                en: "A comment looks like a command. Lines that begin with `#` are read as \
                     comments.",
            )
        },
    },
    CodeInfo {
        code: "P135",
        name: "embedded-file-open",
        explain: || {
            text!(
                ja: "埋め込まれたファイルの終わりの印がありません。",
                en: "The mark that ends an embedded file is missing.",
            )
        },
    },
    CodeInfo {
        code: "P136",
        name: "carriage-return-inside",
        explain: || {
            text!(
                ja: "行の途中に復帰文字 (CR) があります。複数の行が一行に見えるため、読み取りま\
                     せん。改行を LF または CRLF にして保存し直してください。",
                en: "A carriage return stands inside a line, which makes several lines look like \
                     one. It is not read. Save the file again with LF or CRLF.",
            )
        },
    },
    CodeInfo {
        code: "P137",
        name: "comment-or-prompt",
        explain: || {
            text!(
                ja: "すべてのコマンドの前に `#` があります。コメントにした設定なら何も設定されて\
                     おらず、プロンプトごと写した画面なら設定されています。どちらか分からないため\
                     、証明しません。",
                en: "Every command stands behind `#`. Commented out, they set nothing; copied \
                     from a screen with its prompt, they do. Which is the case is unknown, so \
                     nothing is proved.",
            )
        },
    },
    CodeInfo {
        code: "P138",
        name: "joined-line",
        explain: || {
            text!(
                ja: "行末の矢印や 80 桁の折り返しで次の行とつなげましたが、次の行が別のコマンドか\
                     もしれません。結果に影響しないコマンドの一部として見落とさないよう、証明しま\
                     せん。",
                en: "The line was joined with the next one at an arrow or at column 80, but the \
                     next one may be a command of its own. It must not be lost inside a harmless \
                     command, so nothing is proved.",
            )
        },
    },
    CodeInfo {
        code: "P139",
        name: "two-configurations",
        explain: || {
            text!(
                ja: "1 つのファイルに `show config` の見出しが 2 つあります。変更の前と後の設定など\
                     が混ざると、動いていない行で要件を満たしたように見えるため、証明しません。",
                en: "One file holds two headings of `show config`. Settings from before and after \
                     a change would be mixed, and lines that do not run could seem to protect, so \
                     nothing is proved.",
            )
        },
    },
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
                ja: "`ipsec auto refresh on` がないため、このルータから鍵交換を始めません。アドレスが                     変わる回線では、相手から始めることもできず、トンネルがつながりません。",
                en: "Without `ipsec auto refresh on` the router begins no key exchange. On a line                      whose address changes the peer cannot begin it either, and the tunnel stays                      down.",
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
                     ダーがそのアドレスをこの回線へ送らない限り応答は戻らないため、通信できることは\
                     証明しません。",
                en: "The outer address of NAT is on no network of the interface. Answers come back \
                     only if the provider sends that address to this line, so nothing that has \
                     to work is proved.",
            )
        },
    },
    CodeInfo {
        code: "P141",
        name: "no-configuration",
        explain: || {
            text!(
                ja: "ファイルのほとんどの行がコマンドではありません。端末ソフトのログ、CSV、\
                     メールの引用、別の機種の設定などを渡していることがあります。\
                     `show config` の出力だけをテキストファイルに保存し直してください。\
                     このファイルからは何も証明しません。",
                en: "Most lines of the file are no commands: it may be the log of a terminal \
                     program, a CSV, a quoted mail, or another router's configuration. Save what \
                     `show config` prints, and nothing else. Nothing is proved from the file.",
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
        code: "R144",
        name: "gateway-never-learned",
        explain: || {
            text!(
                ja: "`gateway dhcp` のインターフェースが DHCP でアドレスを取得しません。",
                en: "The interface of `gateway dhcp` takes no address by DHCP.",
            )
        },
    },
    CodeInfo {
        code: "P140",
        name: "ipsec-not-encrypted",
        explain: || {
            text!(
                ja: "`ah` のポリシーはパケットに署名するだけで、暗号化しません。中身は経路上で読めます。",
                en: "An `ah` policy signs packets but does not encrypt them; they can be read on                      the way.",
            )
        },
    },
    CodeInfo {
        code: "P142",
        name: "settings-after-leaving",
        explain: || {
            text!(
                ja: "`exit`・`quit` の後、または最後の `save` の後に設定の行があります。ルータ\
                     がその\
                     行を受け付けたか、電源を入れ直した後も残っているか分からないため、何も証明し\
                     ません。`show config` の出力を渡してください。",
                en: "Settings stand behind `exit` or `quit`, or behind the last `save`. \
                     Whether the \
                     router took them, and whether they are there after a restart, is not known, \
                     so nothing is proved. Pass the output of `show config`.",
            )
        },
    },
    CodeInfo {
        code: "P143",
        name: "model-not-covered",
        explain: || {
            text!(
                ja: "設定は、新しい機種のコマンドリファレンスに従って読みます。その対象ではない機種\
                     は、一部のコマンドを受け付けないことがあるため、それに頼る要件は証明しま\
                     せん。",
                en: "Configurations are read by the command reference of current models. A model \
                     that it does not cover may refuse some commands, so requirements that rest on \
                     them are not proved.",
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
                     回線の側にあることは、どこにも書かれていません。ルータが交換されると届かなくな\
                     るため、通信できることは証明しません。",
                en: "A gateway is written as a link-local address. Nothing says that a router \
                     of the \
                     line has it, and it is lost when that router is replaced, so nothing that has \
                     to work is proved.",
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
