//! F007: answers of allowed sessions come back, and the session goes on.

use diag::{Text, text};
use model::{Aspect, Aspects, Effect, Effects, Outcome, flags};
use pattern::Property;
use reach::{Exploration, Leaf, Mode};

use crate::flows::{Trial, written};
use crate::judgement::{Judgement, Later, Reason, Verdict};
use crate::private;
use crate::tried::Answered;
use crate::{Kind, Rule, Scene};
use crate::{arrival, counterpart};

pub(crate) static RULE: Rule = Rule {
    code: "F007",
    name: "lost-answer",
    property: Property::V7,
    requirement: || {
        text!(
            ja: "許可したセッションの応答が戻り、通信が続けられる",
            en: "answers of allowed sessions come back, and the sessions go on",
        )
    },
    explain: || {
        text!(
            ja: "最初のパケットが届いても、応答が途中で破棄されれば通信は成り立ちません。多いの\
                 は、逆方向のフィルターにステートフルな許可がない場合です。戻りの経路がない場合\
                 は F014 が示します。最初のパケットが届かない通信の応答は判定できないため、「不\
                 明」になります。",
            en: "A first packet that arrives is of no use if the answer is discarded. The usual \
                 cause is a list in the other direction without stateful permission; a missing \
                 way back is told by F014. Where the first packet does not arrive the answer \
                 cannot be judged, and the result is unknown.",
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
    let mut lost_on_the_way: Vec<&Trial> = Vec::new();
    for one in scene.answered() {
        let Answered { trial, leaf, found: answers, .. } = one;
        if !trial.works() {
            continue;
        }
        if has_no_way_back(scene, trial, leaf, answers) {
            lost_on_the_way.push(trial);
            continue;
        }
        let Some(found) = judge(scene, &one) else { continue };
        let is_same =
            |one: &&mut Judgement| one.headline == found.headline || one.blames_same(&found);
        match judgements.iter_mut().find(is_same) {
            Some(same) => same.merge(&found),
            None => judgements.push(found),
        }
        if scene.is_brief() {
            return judgements;
        }
    }
    judgements.extend(unjudged(scene, &lost_on_the_way));
    judgements.extend(scene.held_up(&(RULE.requirement)(), scene.ways()));
    judgements.extend(scene.untried().judgement(&(RULE.requirement)()));
    judgements
}

/// Whether the answer is lost because a node sends it elsewhere or nowhere, which F014 tells.
fn has_no_way_back(scene: &Scene<'_>, trial: &Trial, leaf: &Leaf, answers: &Exploration) -> bool {
    let mut lost = answers.leaves.iter().filter(|one| !trial.comes_back(one)).peekable();
    if lost.peek().is_none() {
        return false;
    }
    let way = trial.found.way(leaf);
    lost.any(|one| scene.departure(&way, &answers.way(one)).is_some())
}

/// The sessions whose answers cannot be judged because something else is wrong with them.
fn unjudged(scene: &Scene<'_>, lost_on_the_way: &[&Trial]) -> Option<Judgement> {
    let mut reasons: Vec<Reason> = Vec::new();
    let mut subjects: Vec<[String; 2]> = Vec::new();
    for trial in scene.services().iter().chain(scene.destinations()) {
        if !trial.works() && arrival::works_elsewhere(scene, trial) {
            continue;
        }
        let text = if !trial.works() {
            text!(
                ja: "`{from}` から {to} への最初のパケットが届きません（{ports}）",
                en: "the first packet from `{from}` to {to} does not arrive ({ports})",
                from = scene.name(trial.from), to = target(scene, trial),
                ports = written(trial.ports),
            )
        } else if lost_on_the_way.iter().any(|one| std::ptr::eq(*one, trial.as_ref())) {
            text!(
                ja: "{to} から `{from}` への応答には、戻る経路がありません（F014）",
                en: "answers from {to} to `{from}` have no way back (F014)",
                from = scene.name(trial.from), to = target(scene, trial),
            )
        } else {
            continue;
        };
        let reason = Reason::new(text, Some(trial.span));
        if !reasons.contains(&reason) {
            reasons.push(reason);
            subjects.push([scene.name(trial.from), scene.name(trial.to)].map(str::to_owned));
        }
    }
    let headline = text!(
        ja: "届かない通信があるため、その応答は判定していません",
        en: "answers of sessions that do not arrive are not judged",
    );
    let mut own = reasons.iter().zip(subjects).map(|(reason, subjects)| {
        let verdict = Verdict::Unknown(vec![reason.clone()]);
        Judgement::new(verdict, headline.clone()).about(subjects)
    });
    let first = own.next()?;
    let mut all = Judgement { verdict: Verdict::Unknown(reasons.clone()), ..first };
    own.for_each(|one| all.merge(&one));
    Some(all.after(&["F001", "F009", "F014", "F016"]).advise(text!(
        ja: "先に、最初のパケットか戻りの経路（F001、F009、F014、F016）を直してください",
        en: "mend the first packet or the way back first (F001, F009, F014, F016)",
    )))
}

fn judge(scene: &Scene<'_>, one: &Answered<'_>) -> Option<Judgement> {
    let Answered { trial, leaf, found: answers, .. } = *one;
    let lost = answers.leaves.iter().find(|one| !trial.comes_back(one));
    if let Some(lost) = lost {
        let headline = text!(
            ja: "{to} から `{from}` への応答が戻りません（{ports}）",
            en: "answers from {to} do not come back to `{from}` ({ports})",
            to = target(scene, trial), from = scene.name(trial.from),
            ports = written(trial.ports),
        );
        return Some(refuse(scene, one, (answers, lost, true), headline).advise(text!(
            ja: "応答の方向に、セッションの応答を通す設定（動的フィルター等）を加えてください",
            en: "let answers pass in that direction (a stateful entry)",
        )));
    }
    if !answers.is_complete || answers.leaves.is_empty() && has_answers(leaf) {
        return Some(Judgement::unknown(
            text!(
                ja: "{to} から `{from}` への応答を確かめられません",
                en: "answers from {to} to `{from}` could not be followed",
                to = target(scene, trial), from = scene.name(trial.from),
            ),
            text!(ja: "計算量の上限に達しました", en: "the work limit was reached"),
            Some(trial.span),
        ));
    }
    if let Some(reason) = private::unanswerable(scene, leaf) {
        let headline = text!(
            ja: "{to} から `{from}` への応答が戻るか分かりません（{ports}）",
            en: "whether answers from {to} come back to `{from}` is not known ({ports})",
            to = target(scene, trial), from = scene.name(trial.from), ports = written(trial.ports),
        );
        return Some(Judgement::unknown(headline, reason, Some(trial.span)));
    }
    goes_not_on(scene, one).or_else(|| {
        let reason = private::unrouted(scene, &trial.found, leaf)?;
        Some(asked_of_the_contract(scene, trial, reason))
    })
}

/// Only the contract tells whether a private address is known outside.
fn asked_of_the_contract(scene: &Scene<'_>, trial: &Trial, reason: Text) -> Judgement {
    let headline = text!(
        ja: "{to} から `{from}` への応答が戻るか分かりません（{ports}）",
        en: "whether answers from {to} come back to `{from}` is not known ({ports})",
        to = target(scene, trial), from = scene.name(trial.from), ports = written(trial.ports),
    );
    let id = design::WAY_BACK.id;
    let reason = Reason { open_points: vec![id], ..Reason::new(reason, Some(trial.span)) };
    Judgement::new(Verdict::Unknown(vec![reason]), headline).advise(text!(
        ja: "このアドレスを NAT の対象に加えてください。契約で割り当てられたアドレスなら、サイト\
             ファイルの `[[assumption]]` で {id} に `routed` と答えてください",
        en: "translate this address too; if the contract assigned it, answer {id} with `routed` as \
             an `[[assumption]]` of the site file",
        id = id,
    ))
}

/// Later packets of the session that are lost, of either end.
fn goes_not_on(scene: &Scene<'_>, one: &Answered<'_>) -> Option<Judgement> {
    let Answered { trial, .. } = *one;
    let arrives = |one: &Leaf| trial.arrives(one);
    if scene.surely_goes_on(one, arrives, |one| trial.comes_back(one)) {
        return None;
    }
    let headline = text!(
        ja: "`{from}` から {to} への通信が、最初の応答の後で続きません（{ports}）",
        en: "sessions from `{from}` to {to} do not go on after the first answer ({ports})",
        from = scene.name(trial.from), to = target(scene, trial), ports = written(trial.ports),
    );
    let (own, answers) = (scene.later(one), scene.later_answers(one));
    let mut lost = own.leaves.iter().find(|one| !trial.arrives(one)).map(|lost| (own, lost, false));
    if lost.is_none() {
        let back = answers.leaves.iter().find(|one| !trial.comes_back(one));
        lost = back.map(|lost| (answers, lost, true));
    }
    let Some((all, lost, is_answer)) = lost else {
        let reason = text!(ja: "計算量の上限に達しました", en: "the work limit was reached");
        let is_whole = own.is_complete && answers.is_complete;
        return (!is_whole).then(|| Judgement::unknown(headline, reason, Some(trial.span)));
    };
    let later = Later::of(lost, is_answer);
    let because = later.tcp_flags.map(|flags| {
        let (sender, flags) =
            (scene.name(if is_answer { trial.to } else { trial.from }), named(flags));
        text!(
            ja: "失われるのは、`{sender}` が送る {flags} のセグメントです",
            en: "what is lost is a segment with {flags} that `{sender}` sends",
            sender = sender, flags = flags,
        )
    });
    let mut found = refuse(scene, one, (all, lost, is_answer), headline).advise(text!(
        ja: "確立したセッションの後続のパケットを通してください",
        en: "let later packets of established sessions pass",
    ));
    if let Verdict::Refuted(Some(witness)) = &mut found.verdict {
        witness.later = Some(later);
    }
    Some(match because {
        Some(because) => found.because(because),
        None => found,
    })
}

/// TCP flags as people write them.
fn named(all: u8) -> String {
    let names = [
        (flags::FIN, "FIN"),
        (flags::SYN, "SYN"),
        (flags::RST, "RST"),
        (flags::PSH, "PSH"),
        (flags::ACK, "ACK"),
    ];
    let set = names.iter().filter(|(bit, _)| all & bit != 0).map(|(_, name)| *name);
    set.collect::<Vec<_>>().join("+")
}

/// Whether packets like those of `leaf` are answered at all.
fn has_answers(leaf: &Leaf) -> bool {
    let number = leaf.sent.interval(packet_set::Field::Protocol).lo();
    [1, 6, 17, 58].contains(&number)
}

fn target(scene: &Scene<'_>, trial: &Trial) -> Text {
    match &trial.destination {
        Some(name) => text!(
            ja: "接続先 `{name}`", en: "destination `{name}`", name = *name,
        ),
        None => text!(ja: "`{name}`", en: "`{name}`", name = scene.name(trial.to)),
    }
}

fn refuse(
    scene: &Scene<'_>,
    one: &Answered<'_>,
    (second, lost, is_answer): (&Exploration, &Leaf, bool),
    headline: Text,
) -> Judgement {
    let Answered { trial, leaf, .. } = *one;
    let leaf = counterpart::of(leaf, lost, is_answer);
    let mut witness = scene.witness(Mode::Originate, trial.from, &trial.found, &leaf);
    let way = second.way(lost);
    let rewrote = match lost.outcome {
        Outcome::Delivered(_) => scene.who_rewrote(&way),
        _ => None,
    };
    let guilt = rewrote.unwrap_or_else(|| scene.who_lost(&witness.way, &way, lost.outcome));
    witness.answer = Some((lost.outcome, way));
    Judgement::new(Verdict::Refuted(Some(witness)), headline)
        .blame(guilt)
        .about([scene.name(trial.from).to_owned(), scene.name(trial.to).to_owned()])
}
