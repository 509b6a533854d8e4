//! What a Linux router's files leave open.

use diag::text;
use model::{Aspect, Aspects, Assumption, Reading};

/// Whether the kernel forwards where no file says so.
pub(super) static FORWARDING: Assumption = Assumption {
    id: "L-A1",
    question: || {
        text!(
            ja: "カーネルはパケットを転送しますか（`net.ipv4.ip_forward`、\
                 `net.ipv6.conf.all.forwarding`）",
            en: "does the kernel forward packets (`net.ipv4.ip_forward`, \
                 `net.ipv6.conf.all.forwarding`)",
        )
    },
    readings: &[
        Reading { keyword: "on", meaning: || text!(ja: "転送します", en: "it forwards") },
        Reading {
            keyword: "off",
            meaning: || text!(ja: "転送しません", en: "it does not forward"),
        },
    ],
    has_default: false,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Replies]),
};

/// Whether connection tracking takes a packet in the middle of a TCP connection for a new one.
pub(super) static LOOSE: Assumption = Assumption {
    id: "L-A2",
    question: || {
        text!(
            ja: "接続追跡は途中から見えた TCP 通信を new とみなしますか（\
                 `net.netfilter.nf_conntrack_tcp_loose`）",
            en: "does connection tracking pick up TCP connections in the middle \
                 (`net.netfilter.nf_conntrack_tcp_loose`)",
        )
    },
    readings: &[
        Reading {
            keyword: "on",
            meaning: || {
                text!(
                    ja: "ACK だけのパケットも new です（既定値 1）",
                    en: "a packet with ACK alone is new too (1, the default)",
                )
            },
        },
        Reading {
            keyword: "off",
            meaning: || {
                text!(
                    ja: "SYN だけが new で、ほかは invalid です（0）",
                    en: "only SYN is new, everything else is invalid (0)",
                )
            },
        },
    ],
    has_default: true,
    aspects: Aspects::of(&[Aspect::FirstPackets]),
};

/// Whether frames that a bridge relays pass the hooks of `inet`, `ip` and `ip6`.
pub(super) static BRIDGED: Assumption = Assumption {
    id: "L-A3",
    question: || {
        text!(
            ja: "ブリッジで中継するフレームは inet・ip・ip6 のフックを通りますか（br_netfilter）",
            en: "do relayed frames pass the hooks of inet, ip and ip6 (br_netfilter)",
        )
    },
    readings: &[
        Reading {
            keyword: "off",
            meaning: || {
                text!(
                    ja: "通りません（br_netfilter を読み込んでいません）",
                    en: "they do not; br_netfilter is not loaded",
                )
            },
        },
        Reading { keyword: "on", meaning: || text!(ja: "通ります", en: "they do") },
    ],
    has_default: true,
    aspects: Aspects::of(&[Aspect::Frames, Aspect::FirstPackets]),
};

/// Whether the policies of strongSwan stand whenever the router forwards.
pub(super) static POLICIES: Assumption = Assumption {
    id: "L-A4",
    question: || {
        text!(
            ja: "strongSwan の trap ポリシーは、ルータが転送している間いつも設置されていますか（起\
                 動中や停止時を含む）",
            en: "do the trap policies of strongSwan stand whenever the router forwards, also befor\
                 e it has started and after it has stopped",
        )
    },
    readings: &[
        Reading {
            keyword: "stand", meaning: || text!(ja: "設置されています", en: "they do")
        },
        Reading {
            keyword: "absent",
            meaning: || {
                text!(
                    ja: "ない時があり、その間は平文で出ます",
                    en: "at times they do not, and packets leave in clear",
                )
            },
        },
    ],
    has_default: false,
    aspects: Aspects::of(&[Aspect::FirstPackets]),
};

/// Whether what stands on one wire keeps to its VLAN.
pub(super) static TAGGED: Assumption = Assumption {
    id: "L-A5",
    question: || {
        text!(
            ja: "ルータの VLAN の線につながるスイッチは、端末のポートからのタグ付きフレームを破棄\
                 し、VLAN を分けていますか",
            en: "does the switch on the wire of the router's VLANs discard tagged frames from the \
                 ports of machines, and keep the VLANs apart",
        )
    },
    readings: &[
        Reading {
            keyword: "apart",
            meaning: || {
                text!(
                    ja: "分けています（端末のポートは一つの VLAN のアクセスポートです）",
                    en: "it does: the ports of machines are access ports of one VLAN",
                )
            },
        },
        Reading {
            keyword: "joined",
            meaning: || {
                text!(
                    ja: "分けていません。どの端末も、タグを付ければどの VLAN にもフレームを送れます",
                    en: "it does not: with a tag every machine can send into every VLAN",
                )
            },
        },
    ],
    has_default: false,
    aspects: Aspects::of(&[Aspect::Frames, Aspect::FirstPackets, Aspect::RouterItself]),
};

/// Whether strongSwan makes routes of its own.
pub(super) static OWN_ROUTES: Assumption = Assumption {
    id: "L-A7",
    question: || {
        text!(
            ja: "strongSwan は、ポリシーの相手側のアドレスへの経路を自分でも作りますか（\
                 strongswan.conf の `charon.install_routes`）",
            en: "does strongSwan make routes of its own to the remote addresses of its policies \
                 (`charon.install_routes` in strongswan.conf)",
        )
    },
    readings: &[
        Reading {
            keyword: "on",
            meaning: || {
                text!(
                    ja: "作ります（既定値 yes）。ほかの経路より先に使われます",
                    en: "it does (yes, the default), and they come before all others",
                )
            },
        },
        Reading {
            keyword: "off",
            meaning: || text!(ja: "作りません（no）", en: "it does not (no)"),
        },
    ],
    has_default: false,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Replies]),
};

/// Whether what strongSwan proves itself with is there, where it does not stand in swanctl.conf.
pub(super) static CREDENTIALS: Assumption = Assumption {
    id: "L-A8",
    question: || {
        text!(
            ja: "strongSwan の証明書、秘密鍵、EAP などの認証情報は揃っていて、実際に接続できますか",
            en: "are the certificates, private keys and users that strongSwan needs in place, and \
                 does the connection come up with them",
        )
    },
    readings: &[
        Reading {
            keyword: "not-known",
            meaning: || text!(ja: "確かめていません", en: "nobody has looked"),
        },
        Reading {
            keyword: "in-place",
            meaning: || {
                text!(
                    ja: "揃っていて、接続を確かめました",
                    en: "they are, and it was seen to come up",
                )
            },
        },
    ],
    has_default: false,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Replies]),
};

/// Whether a ruleset that nft does not load was printed by a router on which it is in force.
pub(super) static LISTING: Assumption = Assumption {
    id: "L-A9",
    question: || {
        text!(
            ja: "`xt match` のあるルールセットは、ルータで有効な規則を `nft list ruleset` で書き出\
                 したものですか（iptables や ufw が設定した規則です。nft はこの形のファイルを読\
                 み込めません）",
            en: "is the ruleset with `xt match` what `nft list ruleset` printed of the rules in \
                 force on the router (iptables or ufw made them; nft does not load such a file)",
        )
    },
    readings: &[
        Reading {
            keyword: "listing",
            meaning: || {
                text!(
                    ja: "はい。起動時にも iptables や ufw が同じ規則を設定します",
                    en: "it is, and iptables or ufw makes the same rules when the router starts",
                )
            },
        },
        Reading {
            keyword: "file",
            meaning: || {
                text!(
                    ja: "いいえ。nft に読み込ませるファイルで、何も設定されません",
                    en: "it is not: it is a file for nft, and nothing of it is in force",
                )
            },
        },
    ],
    has_default: false,
    aspects: Aspects::of(&[
        Aspect::Frames,
        Aspect::FirstPackets,
        Aspect::Replies,
        Aspect::RouterItself,
    ]),
};

/// Whether `rp_filter` discards what arrives from where its source does not stand.
pub(super) static SOURCES: Assumption = Assumption {
    id: "L-A10",
    question: || {
        text!(
            ja: "カーネルは、送信元への経路が別のインターフェースを向いている IPv4 パケットを破棄し\
                 ますか（`net.ipv4.conf.all.rp_filter` と `net.ipv4.conf.IF.rp_filter` の大きい\
                 方）",
            en: "does the kernel discard an IPv4 packet if the route to its source leads to \
                 another interface (the higher one of `net.ipv4.conf.all.rp_filter` and \
                 `net.ipv4.conf.IF.rp_filter`)",
        )
    },
    readings: &[
        Reading {
            keyword: "off",
            meaning: || {
                text!(
                    ja: "破棄しません（カーネルの既定値 0、または 2）",
                    en: "it does not (0, the kernel's default, or 2)",
                )
            },
        },
        Reading {
            keyword: "strict",
            meaning: || {
                text!(
                    ja: "破棄します（1。これに設定する配布版もあります）",
                    en: "it does (1, as some distributions set it)",
                )
            },
        },
    ],
    has_default: false,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Replies, Aspect::RouterItself]),
};

/// Whether a program learns from advertisements what the kernel does not.
pub(super) static HEARD: Assumption = Assumption {
    id: "L-A11",
    question: || {
        text!(
            ja: "カーネルが使わないルータ広告（`accept_ra`。転送するインターフェースでは 2 が必要\
                 です）から、ほかのプログラム（systemd-networkd、dhcpcd など）がアドレスと経路を\
                 設定しますか",
            en: "where the kernel does not use router advertisements (`accept_ra`, which has to \
                 be 2 on an interface that forwards), does a program take the address and the \
                 route from them (systemd-networkd, dhcpcd and others)",
        )
    },
    readings: &[
        Reading {
            keyword: "daemon",
            meaning: || text!(ja: "プログラムが設定します", en: "a program does"),
        },
        Reading {
            keyword: "kernel",
            meaning: || {
                text!(
                    ja: "カーネルだけです。アドレスも経路も得られません",
                    en: "only the kernel would, so neither the address nor the route is there",
                )
            },
        },
    ],
    has_default: false,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Replies, Aspect::RouterItself]),
};

/// All of them.
pub(super) static ALL: &[&Assumption] = &[
    &FORWARDING,
    &LOOSE,
    &BRIDGED,
    &POLICIES,
    &TAGGED,
    &OWN_ROUTES,
    &CREDENTIALS,
    &LISTING,
    &SOURCES,
    &HEARD,
];
