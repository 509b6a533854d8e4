//! The points that Yamaha's documents leave open, with the readings each may have.

mod outside;

use diag::text;
use model::{Aspect, Aspects, Assumption, Reading};

pub(crate) use outside::{Y_A15, Y_A16, Y_A17, Y_A18};

/// NAT before or after the lists.
pub(crate) static Y_A1: Assumption = Assumption {
    id: "Y-A1",
    question: || {
        text!(
            ja: "NAT とフィルターはどちらが先に働くか",
            en: "whether NAT or the filter list acts first",
        )
    },
    readings: &[
        Reading {
            keyword: "filter-inside",
            meaning: || {
                text!(
                    ja: "フィルターは内側のアドレスを見る（out はフィルター→NAT、in は NAT→フィ\
                         ルター）",
                    en: "lists see inner addresses: out list then NAT, in NAT then list",
                )
            },
        },
        Reading {
            keyword: "filter-outside",
            meaning: || {
                text!(
                    ja: "フィルターは外側のアドレスを見る（out は NAT→フィルター、in はフィルター\
                         →NAT）",
                    en: "lists see outer addresses: out NAT then list, in list then NAT",
                )
            },
        },
    ],
    has_default: true,
    aspects: Aspects::of(&[Aspect::FirstPackets]),
};

/// Sessions before or after the static list.
pub(crate) static Y_A2: Assumption = Assumption {
    id: "Y-A2",
    question: || {
        text!(
            ja: "動的フィルターの通信は静的な reject より先に通るか",
            en: "whether packets of an open session pass before static rejects are tried",
        )
    },
    readings: &[
        Reading {
            keyword: "session-first",
            meaning: || text!(ja: "先に通る", en: "they pass before the static list is tried"),
        },
        Reading {
            keyword: "list-first",
            meaning: || {
                text!(
                    ja: "静的フィルターのどれにも当てはまらないときに通る",
                    en: "they pass only when no static filter matches",
                )
            },
        },
    ],
    has_default: true,
    aspects: Aspects::of(&[Aspect::Replies]),
};

/// A list of dynamic filters only.
pub(crate) static Y_A3: Assumption = Assumption {
    id: "Y-A3",
    question: || {
        text!(
            ja: "動的フィルターだけのリストに当てはまらないパケットはどうなるか",
            en: "what happens to packets that a list of dynamic filters only does not match",
        )
    },
    readings: &[
        Reading {
            keyword: "discard",
            meaning: || text!(ja: "破棄される", en: "they are discarded"),
        },
        Reading { keyword: "pass", meaning: || text!(ja: "通る", en: "they pass") },
    ],
    has_default: false,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Replies]),
};

/// Undefined numbers.
pub(crate) static Y_A4: Assumption = Assumption {
    id: "Y-A4",
    question: || {
        text!(
            ja: "定義されていない番号を含むリストはどう働くか",
            en: "how a list works that names a number which is not defined",
        )
    },
    readings: &[
        Reading {
            keyword: "ignored",
            meaning: || text!(ja: "その番号だけ無視される", en: "only the number is ignored"),
        },
        Reading {
            keyword: "list-void",
            meaning: || text!(ja: "リスト全体が働かない", en: "the whole list has no effect"),
        },
    ],
    has_default: false,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Replies]),
};

/// Static rejects and triggers.
pub(crate) static Y_A5: Assumption = Assumption {
    id: "Y-A5",
    question: || {
        text!(
            ja: "静的フィルターで破棄される最初のパケットは動的フィルターを開くか",
            en: "whether a first packet that the static list discards can open a session",
        )
    },
    readings: &[
        Reading {
            keyword: "list-first",
            meaning: || {
                text!(
                    ja: "開かない（静的フィルターを通ったものだけが開く）",
                    en: "it cannot: only what passes the static list opens one",
                )
            },
        },
        Reading {
            keyword: "trigger-first",
            meaning: || {
                text!(
                    ja: "開く（動的フィルターに当てはまれば通る）",
                    en: "it can: what matches a dynamic filter passes",
                )
            },
        },
    ],
    has_default: true,
    aspects: Aspects::of(&[Aspect::FirstPackets]),
};

/// The router's own packets.
pub(crate) static Y_A6: Assumption = Assumption {
    id: "Y-A6",
    question: || {
        text!(
            ja: "ルータ自身が送受信するパケットもフィルターされるか",
            en: "whether lists apply to packets from and to the router itself",
        )
    },
    readings: &[
        Reading { keyword: "filtered", meaning: || text!(ja: "される", en: "they do") },
        Reading { keyword: "spared", meaning: || text!(ja: "されない", en: "they do not") },
    ],
    has_default: true,
    aspects: Aspects::of(&[Aspect::RouterItself]),
};

/// Frames that are relayed.
pub(crate) static Y_A7: Assumption = Assumption {
    id: "Y-A7",
    question: || {
        text!(
            ja: "パススルーされるフレームにフィルターは働くか",
            en: "whether filter lists apply to frames that are passed through",
        )
    },
    readings: &[
        Reading {
            keyword: "not-filtered", meaning: || text!(ja: "働かない", en: "they do not")
        },
        Reading { keyword: "filtered", meaning: || text!(ja: "働く", en: "they do") },
    ],
    has_default: true,
    aspects: Aspects::of(&[Aspect::Frames]),
};

/// The ids of phase 2.
pub(crate) static Y_A8: Assumption = Assumption {
    id: "Y-A8",
    question: || {
        text!(
            ja: "`local-id`・`remote-id` の範囲外のパケットをルータはトンネルに通すか",
            en: "whether the router carries packets that `local-id` and `remote-id` do not cover",
        )
    },
    readings: &[
        Reading {
            keyword: "not-policed",
            meaning: || {
                text!(
                    ja: "通す（経路だけで決まる）",
                    en: "it does: only routes decide what enters the tunnel",
                )
            },
        },
        Reading {
            keyword: "policed", meaning: || text!(ja: "破棄する", en: "it discards them")
        },
    ],
    has_default: false,
    aspects: Aspects::of(&[Aspect::FirstPackets]),
};

/// VLANs of one port.
pub(crate) static Y_A9: Assumption = Assumption {
    id: "Y-A9",
    question: || {
        text!(
            ja: "ルータの 1 つのポートを通る VLAN を、その先のスイッチが互いに分けているか",
            en: "whether a switch keeps the VLANs apart that share a port of the router",
        )
    },
    readings: &[
        Reading {
            keyword: "apart",
            meaning: || {
                text!(
                    ja: "分けている（機器はタグを付けられない）",
                    en: "it does, and no machine can add a tag",
                )
            },
        },
        Reading {
            keyword: "joined",
            meaning: || text!(ja: "分けていない", en: "it does not: they share a wire"),
        },
    ],
    has_default: false,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Frames]),
};

/// PPPoE without a name and a password.
pub(crate) static Y_A10: Assumption = Assumption {
    id: "Y-A10",
    question: || {
        text!(
            ja: "PPPoE の接続先は、認証（`pp auth accept` と `pp auth myname`）なしで接続させるか",
            en: "whether the far end of PPPoE takes a session without authentication (`pp auth \
                 accept` and `pp auth myname`)",
        )
    },
    readings: &[
        Reading {
            keyword: "not-asked",
            meaning: || text!(ja: "接続させる", en: "it does: it asks for no name"),
        },
        Reading {
            keyword: "asked",
            meaning: || {
                text!(
                    ja: "接続させない（セッションは開かない）",
                    en: "it does not: the session never comes up",
                )
            },
        },
    ],
    has_default: false,
    aspects: Aspects::of(&[
        Aspect::FirstPackets,
        Aspect::Replies,
        Aspect::RouterItself,
        Aspect::Frames,
    ]),
};

/// IPv4 at a port that only carries PPPoE.
pub(crate) static Y_A11: Assumption = Assumption {
    id: "Y-A11",
    question: || {
        text!(
            ja: "IPv4 アドレスがなく PPPoE だけに使うポート（`pppoe use lan2`）は、IPv4 のパケット\
                 を受け取るか",
            en: "whether a port without an IPv4 address that carries PPPoE only (`pppoe use lan2`) \
                 takes IPv4 packets that come without PPPoE",
        )
    },
    readings: &[
        Reading {
            keyword: "ignores",
            meaning: || text!(ja: "受け取らない", en: "it does not: they are discarded"),
        },
        Reading {
            keyword: "takes",
            meaning: || {
                text!(
                    ja: "受け取る（`ip lan2 secure filter in` がないので転送する）",
                    en: "it does, and without `ip lan2 secure filter in` they are forwarded",
                )
            },
        },
    ],
    has_default: false,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Replies, Aspect::RouterItself]),
};

/// The default route of a router that hears advertisements.
pub(crate) static Y_A12: Assumption = Assumption {
    id: "Y-A12",
    question: || {
        text!(
            ja: "`ra-prefix@lan2` や `ipv6 lan2 address auto` を使うルータは、`ipv6 route default` \
                 がなくてもルータ広告から既定経路を得るか（`show ipv6 route` で確認できる）",
            en: "whether a router with `ra-prefix@lan2` or `ipv6 lan2 address auto` learns its \
                 default route from router advertisements without `ipv6 route default` (`show ipv6 \
                 route` tells)",
        )
    },
    readings: &[
        Reading { keyword: "learned", meaning: || text!(ja: "得る", en: "it does") },
        Reading {
            keyword: "absent",
            meaning: || text!(ja: "得ない", en: "it does not: there is no such route"),
        },
    ],
    has_default: true,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Replies]),
};

/// The application `www` of dynamic filters.
pub(crate) static Y_A13: Assumption = Assumption {
    id: "Y-A13",
    question: || {
        text!(
            ja: "動的フィルターの `www` は HTTPS（443 番）の通信も扱うか",
            en: "whether `www` in a dynamic filter stands for HTTPS (port 443), too",
        )
    },
    readings: &[
        Reading {
            keyword: "http",
            meaning: || text!(ja: "扱わない（80 番だけ）", en: "it does not: it is port 80 alone"),
        },
        Reading {
            keyword: "both",
            meaning: || text!(ja: "扱う（80 番と 443 番）", en: "it does: ports 80 and 443"),
        },
    ],
    has_default: false,
    aspects: Aspects::of(&[Aspect::FirstPackets, Aspect::Replies]),
};

/// Names of hosts and services in filters.
pub(crate) static Y_A14: Assumption = Assumption {
    id: "Y-A14",
    question: || {
        text!(
            ja: "名前で書かれたフィルター（FQDN など）がどのアドレスに当てはまるか（名前解決の結果\
                 は設定に書かれていないため、両端を調べます）",
            en: "which addresses filters mean that are given by name (an FQDN and the like): what \
                 names resolve to is written nowhere, so both ends are tried",
        )
    },
    readings: &[
        Reading {
            keyword: "most",
            meaning: || {
                text!(
                    ja: "最も多く通る（pass はすべてのアドレス、reject はどれにも当てはまらない）",
                    en: "as many packets pass as can: what passes means all, what is discarded none",
                )
            },
        },
        Reading {
            keyword: "least",
            meaning: || {
                text!(
                    ja: "最も少なく通る（pass はどれにも当てはまらず、reject はすべてのアドレス）",
                    en: "as few packets pass as can: what passes means none, what is discarded all",
                )
            },
        },
    ],
    has_default: false,
    aspects: Aspects::of(&[
        Aspect::FirstPackets,
        Aspect::Replies,
        Aspect::RouterItself,
        Aspect::Frames,
    ]),
};

/// All of them.
pub(crate) static ALL: &[&Assumption] = &[
    &Y_A1, &Y_A2, &Y_A3, &Y_A4, &Y_A5, &Y_A6, &Y_A7, &Y_A8, &Y_A9, &Y_A10, &Y_A11, &Y_A12, &Y_A13,
    &Y_A14, &Y_A15, &Y_A16, &Y_A17, &Y_A18,
];
