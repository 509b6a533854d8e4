//! What the codes of this vendor stand for.

use diag::{CodeInfo, text};

/// P200–P249: what could not be read. R150–R179: names that lead nowhere.
pub(super) static CODES: &[CodeInfo] = &[
    CodeInfo {
        code: "P200",
        name: "nft-not-understood",
        explain: || {
            text!(
                ja: "nftables の規則のこの部分を理解できません。nft は 1 か所でも読めないとファ\
                     イル全体を読み込まないため、機器で何が動いているかも分かりません。\
                     `nft -c -f` で確かめてください。nft が受け付けるなら、この道具の不足です。",
                en: "This part of the ruleset is not understood. nft loads nothing of a file \
                     that it cannot read, so what the router runs is unknown too. Check it with \
                     `nft -c -f`; if nft takes it, the fault is ours.",
            )
        },
    },
    CodeInfo {
        code: "P201",
        name: "nft-statement-not-modelled",
        explain: || {
            text!(
                ja: "この文の意味は知っていますが、モデルにありません。許可する規則は広く、拒否\
                     する規則は狭く読むので、証明が甘くなることはありません。",
                en: "The meaning of this statement is known but not in the model. Rules that \
                     accept are read wide and rules that drop narrow, so no proof is too kind.",
            )
        },
    },
    CodeInfo {
        code: "P202",
        name: "nft-condition-not-exact",
        explain: || {
            text!(
                ja: "この条件に合うパケットを正確には言えません（マーク、FIB、ハードウェアアドレ\
                     ス、運用中に変わるセットなど）。許可する規則は広く、拒否する規則は狭く読み\
                     ます。",
                en: "Which packets fulfil this condition cannot be said exactly: marks, fib, \
                     hardware addresses, sets that change at run time and the like. Rules that \
                     accept are read wide and rules that drop narrow.",
            )
        },
    },
    CodeInfo {
        code: "P203",
        name: "net-line-not-understood",
        explain: || {
            text!(
                ja: "`*.net` のこの行を理解できません。書き方はベンダ `linux` の README にあり\
                     ます。",
                en: "This line of the `*.net` file is not understood. The README of the vendor \
                     `linux` lists all forms.",
            )
        },
    },
    CodeInfo {
        code: "P204",
        name: "json-not-readable",
        explain: || {
            text!(
                ja: "ファイルを JSON として読めません。`ip -j addr` などの出力をそのまま保存して\
                     ください。",
                en: "The file cannot be read as JSON. Save the output of `ip -j addr` and the \
                     like as it is.",
            )
        },
    },
    CodeInfo {
        code: "P205",
        name: "json-of-unknown-kind",
        explain: || {
            text!(
                ja: "JSON は読めますが、`ip -j` の addr・link・route・rule のどれでもありません。",
                en: "The JSON can be read but is none of addr, link, route and rule of `ip -j`.",
            )
        },
    },
    CodeInfo {
        code: "P206",
        name: "nft-too-large",
        explain: || {
            text!(
                ja: "値や条件の組み合わせが上限を超えました。規則を分けるか、名前付きのセットを\
                     使ってください。",
                en: "The values or the combinations of conditions exceed a limit. Split the rule \
                     or use a named set.",
            )
        },
    },
    CodeInfo {
        code: "P207",
        name: "nft-name-unknown",
        explain: || {
            text!(
                ja: "このサービス名・プロトコル名・ホスト名が指す値が分かりません。nft は機器の \
                     `/etc/services` や DNS で調べますが、この道具は調べません。番号で書いてくだ\
                     さい。",
                en: "What this name of a service, protocol or host stands for is not known. nft \
                     asks `/etc/services` or DNS on the router, sekisho does not. Write the \
                     number.",
            )
        },
    },
    CodeInfo {
        code: "P208",
        name: "linux-part-not-modelled",
        explain: || {
            text!(
                ja: "この部分（`arp` テーブル、`ip rule`、別の経路表など）はモデルにありません。\
                     何が起こりうるかだけを数えます。",
                en: "This part (an `arp` table, `ip rule`, another routing table and the like) \
                     is not in the model; only what it could do is counted.",
            )
        },
    },
    CodeInfo {
        code: "P209",
        name: "ruleset-missing",
        explain: || {
            text!(
                ja: "nftables の規則のファイルがありません。規則がないことは「すべて通す」でも「\
                     分からない」でもありうるため、何も証明しません。",
                en: "There is no ruleset. That may mean that everything passes or that the file \
                     was forgotten, so nothing is proved.",
            )
        },
    },
    CodeInfo {
        code: "P210",
        name: "nft-file-may-not-load",
        explain: || {
            text!(
                ja: "nft は 1 か所でも受け付けないとファイル全体を読み込まず、フィルターは空のま\
                     まです。この箇所は、nft 1.0.6 とカーネルが受け付けると確かめた書き方ではあり\
                     ません。値の範囲と型、セットの要素、未定義の名前、チェインの場所、フックごと\
                     に使える文、プロトコルの矛盾などを見ます。ルータで `nft -c -f ファイル` を実\
                     行してください（フックごとの制限は `-c` では分からず、実際に読み込むと分かりま\
                     す）。nft が受け付けるなら、`nft list ruleset` の出力にある書き方に直して\
                     ください。",
                en: "nft loads nothing of a file with one mistake, and the filter stays empty. \
                     This place is in no form that nft 1.0.6 and the kernel were found to \
                     take: values and their types, elements of sets, names without a \
                     definition, places of chains, statements that a hook does not have, \
                     protocols that contradict each other and the like. Run `nft -c -f FILE` \
                     on the router (what only some hooks have shows when the file is really \
                     loaded, not with `-c`). If nft takes it, write it as the output of `nft \
                     list ruleset` does.",
            )
        },
    },
    CodeInfo {
        code: "P211",
        name: "no-ruleset",
        explain: || {
            text!(
                ja: "ルータの設定として指定されたファイルのほとんどが nftables のルールセットとし\
                     て読めません。ログや別の機器の設定かもしれません。`nft list ruleset` の出力を\
                     保存し直してください。",
                en: "Hardly anything of the file can be read as a ruleset of nftables. It may be a \
                     log or the configuration of another device. Save what `nft list ruleset` \
                     prints.",
            )
        },
    },
    CodeInfo {
        code: "R150",
        name: "interface-not-described",
        explain: || {
            text!(
                ja: "規則にあるインターフェース名が、`*.net` にも `ip -j` の出力にもありません。\
                     名前の誤りなら、その規則は決して働きません。",
                en: "A rule names an interface that neither `*.net` nor the output of `ip -j` \
                     knows. If the name is wrong, the rule never matches.",
            )
        },
    },
    CodeInfo {
        code: "R151",
        name: "chain-undefined",
        explain: || {
            text!(
                ja: "移動先のチェインが同じテーブルにありません。nft はファイル全体を拒否します。",
                en: "The chain to go to is not in the same table. nft refuses the whole file.",
            )
        },
    },
    CodeInfo {
        code: "R152",
        name: "set-undefined",
        explain: || {
            text!(
                ja: "セットが同じテーブルにありません。nft はファイル全体を拒否します。",
                en: "The set is not in the same table. nft refuses the whole file.",
            )
        },
    },
    CodeInfo {
        code: "R153",
        name: "variable-undefined",
        explain: || {
            text!(
                ja: "変数が使う前に定義されていません。nft はファイル全体を拒否します。",
                en: "The variable is not defined before it is used. nft refuses the whole file.",
            )
        },
    },
    CodeInfo {
        code: "R154",
        name: "include-missing",
        explain: || {
            text!(
                ja: "`include` するファイルが渡されていません。中に何が書いてあるか分からないた\
                     め、関係する要件は証明しません。`nft list ruleset` の出力ならこの問題は起き\
                     ません。",
                en: "The file to include was not given. What it says is unknown, so nothing that \
                     it could touch is proved. The output of `nft list ruleset` needs no \
                     include.",
            )
        },
    },
    CodeInfo {
        code: "R155",
        name: "jump-too-deep",
        explain: || {
            text!(
                ja: "チェインの移動が循環しているか、カーネルの上限（16 段）を超えています。nft \
                     はファイル全体を拒否します。",
                en: "The jumps go round in a circle or deeper than the kernel's 16. nft refuses \
                     the whole file.",
            )
        },
    },
    CodeInfo {
        code: "R156",
        name: "set-filled-at-run-time",
        explain: || {
            text!(
                ja: "セットの中身が運用中に変わるか、空のまま宣言されています。設定だけからは何\
                     に合うか分かりません。",
                en: "The elements of the set come and go at run time, or it is declared without \
                     any. What it matches cannot be told from the configuration.",
            )
        },
    },
    CodeInfo {
        code: "R157",
        name: "priority-of-translation",
        explain: || {
            text!(
                ja: "フィルタのチェインの優先度がアドレス変換と同じです。どちらが先に働くかは読\
                     み込んだ順で変わり、書いてあるアドレスが変換前か後か決まりません。",
                en: "A filter has the priority of address translation. Which works first depends \
                     on the order of loading, so whether its addresses are those before or after \
                     is open.",
            )
        },
    },
    CodeInfo {
        code: "R158",
        name: "translation-address-unknown",
        explain: || {
            text!(
                ja: "`masquerade` や `redirect` が使うインターフェースのアドレスが分かりません。",
                en: "The address of the interface that `masquerade` or `redirect` uses is not \
                     known.",
            )
        },
    },
    CodeInfo {
        code: "R159",
        name: "fwd-one-way",
        explain: || {
            text!(
                ja: "`fwd` が片方向しかありません。PPPoE なら PADI は出ますが PADO が戻りません。",
                en: "`fwd` goes one way only. With PPPoE the PADI leaves but no PADO comes back.",
            )
        },
    },
    CodeInfo {
        code: "R160",
        name: "xfrm-interface-missing",
        explain: || {
            text!(
                ja: "swanctl.conf の `if_id` を持つ XFRM インターフェースがありません。",
                en: "swanctl.conf names an `if_id` that no XFRM interface has.",
            )
        },
    },
    CodeInfo {
        code: "R161",
        name: "policy-not-installed",
        explain: || {
            text!(
                ja: "`pass` や `drop` のポリシーは `start_action = trap` がないと設置されません。",
                en: "A policy `pass` or `drop` is installed only with `start_action = trap`.",
            )
        },
    },
    CodeInfo {
        code: "R162",
        name: "xfrm-interface-unprotected",
        explain: || {
            text!(
                ja: "XFRM インターフェースを保護する CHILD がありません。平文として扱います。",
                en: "No child protects an XFRM interface; what it carries is taken to be in clear.",
            )
        },
    },
    CodeInfo {
        code: "R163",
        name: "remote-access-not-written",
        explain: || {
            text!(
                ja: "VPN のポートをルータ自身に通しているのに、待ち受けるサービスがどのファイルに\
                     も書かれていません。VPN が動いていれば、誰が入るのか分かりません。",
                en: "A port of a VPN is let in to the router, and no file names a service that \
                     takes it. If a VPN runs there, nobody knows who comes in.",
            )
        },
    },
    CodeInfo {
        code: "R164",
        name: "needed-frame-dropped",
        explain: || {
            text!(
                ja: "ARP、近隣探索、ルータ広告、PPPoE やタグ付きのフレームは、ほかの通信の前提で\
                     す。これを破棄すると、そこでは何も通りません。",
                en: "ARP, neighbour discovery, router advertisements, and frames of PPPoE or with \
                     a tag come before all other traffic. Where they are dropped nothing else \
                     passes there.",
            )
        },
    },
    CodeInfo {
        code: "R165",
        name: "source-translation-to-foreign-address",
        explain: || {
            text!(
                ja: "`snat` の変換後のアドレスが、ルータのどのインターフェースにもありません。応答\
                     が戻らないおそれがあります。",
                en: "The address that `snat` writes is on no interface of the router. Answers may \
                     not come back.",
            )
        },
    },
    CodeInfo {
        code: "R166",
        name: "connection-without-credential",
        explain: || {
            text!(
                ja: "swanctl.conf の接続に合う事前共有鍵がない、または証明書などの認証情報がルータ\
                     の設定ファイルの外にあります。揃っていなければトンネルはつながりません。",
                en: "A connection of swanctl.conf has no pre-shared key that fits, or \
                     proves itself \
                     with certificates and the like, which are not in the router's files. Without \
                     them its tunnel never comes up.",
            )
        },
    },
    CodeInfo {
        code: "R167",
        name: "tunnel-that-nobody-begins",
        explain: || {
            text!(
                ja: "CHILD の `start_action` に `trap` も `start` もなく、このルータからは\
                     トンネルを\
                     張りません。",
                en: "The `start_action` of a child holds neither `trap` nor `start`: this router \
                     never brings the tunnel up.",
            )
        },
    },
    CodeInfo {
        code: "R168",
        name: "policies-of-one-rank",
        explain: || {
            text!(
                ja: "IPsec の二つのポリシーが重なり、優先順位も同じです。どちらのトンネルに\
                     入るかは、\
                     つながっている状態や順序で変わります。",
                en: "Two policies of IPsec overlap and are of one rank. Which tunnel \
                     takes a packet \
                     depends on what is up, and on the order of their installation.",
            )
        },
    },
];
