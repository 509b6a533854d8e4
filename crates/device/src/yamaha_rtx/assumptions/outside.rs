//! Points that are decided outside the router: what the line, its far end and watched hosts do.
//! That what is needed does not work is seen on the first day, so the first reading of each may
//! stand for it.

use diag::text;
use model::{Aspect, Aspects, Assumption, Reading};

const ALL: Aspects =
    Aspects::of(&[Aspect::FirstPackets, Aspect::Replies, Aspect::RouterItself, Aspect::Frames]);

/// Lines that need something of others to be up.
pub(crate) static Y_A15: Assumption = Assumption {
    id: "Y-A15",
    question: || {
        text!(
            ja: "設定だけではつながると限らない回線（接続先の名前・認証・PPP の指定、ほかの機器の\
                 監視、自動接続しない設定、`restrict`）が、使うときにつながっているか",
            en: "whether a line is up when it is needed that the settings alone do not bring up or \
                 keep up: names, authentication or options of PPP that the far end has to agree \
                 to, a watch of another machine, no automatic connection, `restrict`",
        )
    },
    readings: &[
        Reading { keyword: "up", meaning: || text!(ja: "つながっている", en: "it is up") },
        Reading {
            keyword: "down",
            meaning: || {
                text!(
                    ja: "つながっていない（何も通らない）",
                    en: "it is not: nothing passes",
                )
            },
        },
    ],
    has_default: true,
    aspects: ALL,
};

/// Outer addresses of NAT that the interface does not have.
pub(crate) static Y_A16: Assumption = Assumption {
    id: "Y-A16",
    question: || {
        text!(
            ja: "インターフェースのものでない NAT の外側アドレス宛てのパケットが、このルータに\
                 届くか",
            en: "whether packets to an outer address of NAT that the interface does not have come \
                 to this router",
        )
    },
    readings: &[
        Reading { keyword: "delivered", meaning: || text!(ja: "届く", en: "they do") },
        Reading { keyword: "lost", meaning: || text!(ja: "届かない", en: "they do not") },
    ],
    has_default: true,
    aspects: ALL,
};

/// Link-local gateways in so many words.
pub(crate) static Y_A17: Assumption = Assumption {
    id: "Y-A17",
    question: || {
        text!(
            ja: "経路に書いたリンクローカルアドレスを持つルータが、その回線の先にあるか",
            en: "whether a router on the line has the link-local address that a route names",
        )
    },
    readings: &[
        Reading { keyword: "there", meaning: || text!(ja: "ある", en: "one has") },
        Reading {
            keyword: "nobody",
            meaning: || {
                text!(
                    ja: "ない（この経路のパケットは破棄される）",
                    en: "none has: packets of the route are discarded",
                )
            },
        },
    ],
    has_default: true,
    aspects: ALL,
};

/// Routes that are there only while watched hosts answer.
pub(crate) static Y_A18: Assumption = Assumption {
    id: "Y-A18",
    question: || {
        text!(
            ja: "`ip keepalive` の監視先が応答せず、監視先に左右される経路が消えることがあるか",
            en: "whether hosts watched by `ip keepalive` may not answer, so that routes which hang \
                 on them go",
        )
    },
    readings: &[
        Reading {
            keyword: "goes", meaning: || text!(ja: "消えることがある", en: "they may go")
        },
        Reading {
            keyword: "stays",
            meaning: || text!(ja: "消えない", en: "the hosts always answer, and the routes stay"),
        },
    ],
    has_default: true,
    aspects: ALL,
};
