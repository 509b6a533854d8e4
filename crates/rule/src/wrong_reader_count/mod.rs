//! E002: one card reader stands on each terminal.

use diag::{Text, text};
use model::{Aspects, Effects};
use pattern::Property;

use crate::house::{self, Who, and, at};
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "E002",
    name: "wrong-reader-count",
    property: Property::V12Reader,
    requirement,
    explain: || {
        text!(
            ja: "顔認証付きと汎用のカードリーダーを同じ端末につなぐと、マイナンバーカードによる資格確認ができません。1 台の端末につなぐカードリーダーは 1 台だけにします。",
            en: "With a face reader and a general one on the same machine, eligibility cannot be verified with the individual number card. One reader only stands on one terminal.",
        )
    },
    kind: Kind::Fact,
    aspects: Aspects::of(&[]),
    fears: Effects::of(&[]),
    reads_packs: false,
    check,
};

fn requirement() -> Text {
    text!(
        ja: "資格確認端末に接続するカードリーダーは、それぞれ 1 台だけである",
        en: "exactly one card reader is connected to each eligibility terminal",
    )
}

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let house = match house::of(scene, &requirement()) {
        Ok(house) => house,
        Err(unknown) => return unknown,
    };
    let mut judgements = house.without_terminal(&requirement());
    for machine in house.terminals() {
        let name = &machine.name.value;
        let Some(readers) = &machine.readers else {
            let headline = text!(
                ja: "`{name}` に何台のカードリーダーがあるか分かりません",
                en: "it is not known how many card readers are connected to `{name}`",
                name = *name,
            );
            let reason = text!(ja: "`readers` がありません", en: "there is no `readers`");
            judgements.push(
                Judgement::unknown(headline, reason, Some(machine.name.span))
                    .about([name.clone()])
                    .advise(text!(
                        ja: "`readers = [\"face\"]` のように書いてください",
                        en: "write them, such as `readers = [\"face\"]`",
                    ))
                    .ask(
                        Who::Installer,
                        text!(
                            ja: "`{name}` につながるカードリーダーの種類と台数",
                            en: "kind and number of the card readers on `{name}`",
                            name = *name,
                        ),
                    ),
            );
            continue;
        };
        let count = readers.value.len();
        if count == 1 {
            continue;
        }
        let headline = if count == 0 {
            text!(
                ja: "`{name}` にカードリーダーがありません",
                en: "no card reader is connected to `{name}`",
                name = *name,
            )
        } else {
            text!(
                ja: "`{name}` にカードリーダーが {count} 台あります",
                en: "{count} card readers are connected to `{name}`",
                name = *name, count = count,
            )
        };
        // The second reader is the one too many.
        let second = readers.value.get(1).map_or(readers.span, |reader| reader.span);
        let mut guilt = at(second, Text::default());
        for other in readers.value.iter().skip(2) {
            guilt = and(guilt, other.span, Text::default());
        }
        let found =
            Judgement::new(Verdict::Refuted(None), headline).blame(guilt).about([name.clone()]);
        judgements.push(if count == 0 {
            found.advise(text!(
                ja: "カードリーダーを 1 台接続し、`readers` に書いてください",
                en: "connect one reader and write it in `readers`",
            ))
        } else {
            found.advise(text!(
                ja: "カードリーダーを 1 台だけ残して外してください",
                en: "unplug all readers but one",
            ))
        });
    }
    judgements
}
