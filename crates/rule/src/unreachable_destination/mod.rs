//! F009: the machines that need a listed destination reach it.

mod advice;

use std::rc::Rc;

use diag::{Text, text};
use model::{Aspect, Aspects, Effect, Effects};
use pattern::Property;
use reach::Mode;

use crate::flows::{Trial, written};
use crate::judgement::{Judgement, Verdict};
use crate::subject::lacks_address;
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "F009",
    name: "unreachable-destination",
    property: Property::V7,
    requirement: || {
        text!(
            ja: "端末から、登録した接続先へセッションを開ける",
            en: "the machines can open sessions to the listed destinations that they need",
        )
    },
    explain: || {
        text!(
            ja: "資格確認端末は資格確認の網の接続先へ、オンライン請求端末は請求の網の接続先へ届\
                 く必要があります。フィルターの書き間違いや経路の不足で届かない接続先を表示しま\
                 す。",
            en: "An eligibility terminal has to reach the listed destinations on the eligibility \
                 network, an online-claims terminal those on the claims network. A destination \
                 that a mistyped filter or a missing route cuts off is shown.",
        )
    },
    kind: Kind::Possibility,
    aspects: Aspects::of(&[
        Aspect::FirstPackets,
        Aspect::Replies,
        Aspect::RouterItself,
        Aspect::Frames,
    ]),
    fears: Effects::of(&[Effect::Deny, Effect::Translate, Effect::Route, Effect::Stall]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let mut judgements: Vec<Judgement> = Vec::new();
    for trial in scene.destinations() {
        if trial.works() && !hangs_in_the_air(scene, trial) {
            continue;
        }
        let found = refuse(scene, trial);
        let is_same =
            |one: &&mut Judgement| one.headline == found.headline || one.blames_same(&found);
        match judgements.iter_mut().find(is_same) {
            Some(same) => same.merge(&found),
            None => judgements.push(found),
        }
    }
    let is_fine = |one: &&Rc<Trial>| one.works() && !hangs_in_the_air(scene, one);
    let ways =
        scene.destinations().iter().filter(is_fine).map(|trial| (trial.as_ref(), &trial.found));
    judgements.extend(scene.held_up(&(RULE.requirement)(), ways));
    judgements.extend(scene.untried_destinations().judgement(&(RULE.requirement)()));
    judgements
}

fn refuse(scene: &Scene<'_>, trial: &Trial) -> Judgement {
    let headline = text!(
        ja: "`{from}` から接続先 `{to}` へ {ports} で接続できません",
        en: "`{from}` cannot open a session to destination `{to}` on {ports}",
        from = scene.name(trial.from),
        to = trial.destination.as_deref().unwrap_or_default(),
        ports = written(trial.ports),
    );
    let is_sent = !trial.start.packets.is_empty() && !hangs_in_the_air(scene, trial);
    if !is_sent && lacks_address(scene.node(trial.from)) {
        return scene.unaddressed(trial.from, headline);
    }
    if trial.start.packets.is_empty() {
        let text = text!(
            ja: "`{from}` には、この接続先に使えるアドレスがありません",
            en: "`{from}` has no address with which it could reach this destination",
            from = scene.name(trial.from),
        );
        return Judgement::new(Verdict::Refuted(None), headline)
            .blame(crate::Guilt::at(&scene.node(trial.from).origin, text))
            .about([scene.name(trial.from).to_owned()])
            .advise(text!(
                ja: "接続先と同じ版の IP のアドレスを、この端末の NIC に設定してください",
                en: "give an interface of this machine an address of the same version of IP",
            ));
    }
    let mut failed = trial.found.leaves.iter().filter(|leaf| !trial.arrives(leaf)).peekable();
    let is_seen = failed.peek().is_some() && trial.found.is_complete;
    let leaf = failed.find(|leaf| !scene.is_astray(trial.from, &trial.found, leaf));
    let Some(leaf) = leaf.filter(|_| is_seen) else {
        return if is_seen { astray(scene, trial) } else { unseen(trial, headline) };
    };
    let witness = scene.witness(Mode::Originate, trial.from, &trial.found, leaf);
    let (guilt, advice) = advice::of(scene, trial, &witness);
    Judgement::new(Verdict::Refuted(Some(witness)), headline)
        .blame(guilt)
        .about([scene.name(trial.from).to_owned()])
        .advise(advice)
}

/// Whether it is sent inside a tunnel of the machine's own whose outer address nobody wrote.
fn hangs_in_the_air(scene: &Scene<'_>, trial: &Trial) -> bool {
    let mut tunnels = scene.blueprint.line_tunnels.iter();
    tunnels.any(|one| one.node == trial.from)
        && scene.blueprint.parties.machines.contains(&trial.from)
        && lacks_address(scene.node(trial.from))
}

fn unseen(trial: &Trial, headline: Text) -> Judgement {
    let reason = text!(
        ja: "この接続先への通信を最後まで追えません",
        en: "the way to this destination could not be followed to its end",
    );
    Judgement::unknown(headline, reason, Some(trial.span))
}

/// Whatever does not arrive takes a default route that F012 names.
fn astray(scene: &Scene<'_>, trial: &Trial) -> Judgement {
    let headline = text!(
        ja: "`{from}` から接続先 `{to}` に届くかどうかは、使われるデフォルトルートによります",
        en: "whether `{from}` reaches destination `{to}` depends on the default route that is taken",
        from = scene.name(trial.from), to = trial.destination.as_deref().unwrap_or_default(),
    );
    let mut leaves = trial.found.leaves.iter();
    let route = leaves.find_map(|leaf| scene.stray_default(trial.from, leaf.family));
    let span = route.and_then(|place| scene.node(trial.from).routes[place].origin.span());
    let reason = text!(
        ja: "このデフォルトルート（F012）が使われると届きません",
        en: "by this default route (F012) it does not get there",
    );
    let found = Judgement::unknown(headline, reason, span).after(&["F012"]);
    found.about([scene.name(trial.from).to_owned()]).advise(text!(
        ja: "先に、デフォルトルート（F012）を直してください",
        en: "mend the default route first (F012)",
    ))
}
