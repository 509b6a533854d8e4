//! E005: each terminal has as many network interfaces as the page says.

use diag::{Text, text};
use model::{Aspects, Effects};
use pattern::Property;

use crate::house::{self, Who, and, at, not_proved};
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "E005",
    name: "wrong-interface-count",
    property: Property::V12Interface,
    requirement,
    explain: || {
        text!(
            ja: "院内と外部を別の方式でつなぐページでは端末に NIC が 2 枚必要で、IPv4 だけのページでは増設しません。余分な NIC は、ルータを通らない経路になりえます。",
            en: "Where house and line are connected in different ways, the terminal needs two interfaces; on pages with IPv4 only it gets no second one. One too many may be a way around the routers.",
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
        ja: "資格確認端末の NIC の数が、ページの接続方式に合っている",
        en: "each terminal has as many network interfaces as the page says",
    )
}

/// What clauses say about the number.
const COUNTS: [(&str, usize); 2] = [("R08", 2), ("R09", 1)];

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let house = match house::of(scene, &requirement()) {
        Ok(house) => house,
        Err(unknown) => return unknown,
    };
    let mut judgements = house.without_terminal(&requirement());
    let cited = COUNTS.into_iter().find(|(clause, _)| house.cites(RULE.property, clause));
    let Some((_, wanted)) = cited else {
        let reason = text!(
            ja: "このページは NIC の数を定めていません",
            en: "the page does not say how many interfaces there are",
        );
        return vec![Judgement::unknown(not_proved(&requirement()), reason, None)];
    };
    for machine in house.terminals() {
        let name = &machine.name.value;
        let count = machine.nics.len();
        if count == wanted {
            continue;
        }
        if count == 0 {
            let headline = text!(
                ja: "`{name}` の NIC が分かりません",
                en: "the interfaces of `{name}` are not known",
                name = *name,
            );
            let reason = text!(ja: "`nics` がありません", en: "there is no `nics`");
            let question = text!(
                ja: "`{name}` の NIC とつながる先",
                en: "the interfaces of `{name}` and their zones",
                name = *name,
            );
            judgements.push(
                Judgement::unknown(headline, reason, Some(machine.name.span))
                    .about([name.clone()])
                    .ask(Who::Installer, question),
            );
            continue;
        }
        let headline = text!(
            ja: "`{name}` の NIC は {count} 枚ですが、ページは {wanted} 枚です",
            en: "`{name}` has {count} network interfaces, the page says {wanted}",
            name = *name, count = count, wanted = wanted,
        );
        // The first one too many, or the machine that lacks one.
        let mut extra = machine.nics.iter().skip(wanted).map(|nic| nic.value.zone.span);
        let mut guilt = at(extra.next().unwrap_or(machine.name.span), Text::default());
        for span in extra {
            guilt = and(guilt, span, Text::default());
        }
        let found =
            Judgement::new(Verdict::Refuted(None), headline).blame(guilt).about([name.clone()]);
        judgements.push(if count > wanted {
            found.advise(text!(
                ja: "余分な NIC を外すか無効にし、`nics` から消してください",
                en: "remove or disable the interface that is too many, also in `nics`",
            ))
        } else {
            found.advise(text!(
                ja: "NIC を増設し、`nics` に書いてください",
                en: "add an interface and write it in `nics`",
            ))
        });
    }
    judgements
}
