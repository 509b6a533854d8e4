//! Whether closed networks know private addresses of the site.

use diag::text;
use model::{Aspect, Aspects, Assumption, Reading};
use site::Site;

/// Closed networks route answers to private addresses that nothing translates.
pub static WAY_BACK: Assumption = Assumption {
    id: "S-A3",
    question: || {
        text!(
            ja: "閉域網は、変換されずに届く内部用のアドレス宛ての応答を施設へ戻すか（契約で LAN の\
                 アドレスが割り当てられているか）",
            en: "do closed networks send answers for private addresses that nothing translates \
                 back to the site (did the contract assign these addresses)",
        )
    },
    readings: &[
        Reading {
            keyword: "not-known",
            meaning: || text!(ja: "確かめていない", en: "nobody has asked"),
        },
        Reading {
            keyword: "routed",
            meaning: || {
                text!(
                    ja: "戻す（契約で割り当てられたアドレスを LAN に使っている）",
                    en: "they do: the machines have addresses that the contract assigned",
                )
            },
        },
    ],
    has_default: false,
    aspects: Aspects::of(&[Aspect::Replies]),
};

/// Whether the site file answers that they do.
pub(crate) fn is_known(site: &Site) -> bool {
    let mut answers = site.assumptions.iter().filter(|one| one.id.value == WAY_BACK.id);
    answers.next().is_some_and(|one| one.reading.value == "routed") && answers.next().is_none()
}
