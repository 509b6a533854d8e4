//! X004: the line lets as many PPPoE sessions be open as the site opens.

use diag::{Span, Text, text};
use model::{Aspects, Effect, Effects, InterfaceKind};
use pattern::Property;

use crate::guilt::{Guilt, Suspect};
use crate::judgement::{Judgement, Reason, Verdict};
use crate::registry::blocked_pppoe;
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "X004",
    name: "exhausted-sessions",
    property: Property::V4,
    requirement: || {
        text!(
            ja: "回線で同時に張れる PPPoE セッションの数に収まっている",
            en: "the site opens no more PPPoE sessions at once than the line permits",
        )
    },
    explain: || {
        text!(
            ja: "一つの回線で同時に張れる PPPoE セッションの数は契約で決まっています（二つのこと\
                 が多いとされます）。ルータのインターネット接続と端末のオンライン請求で二つを使い\
                 切ると、次の一台はつながりません。ときどきしか失敗しないため、原因が分かりにくい\
                 故障です。数は `[line]` の `sessions_max` に書きます。",
            en: "How many PPPoE sessions may be open at once on a line is fixed by contract, \
                 often two. Once the router's Internet session and a terminal's claims session \
                 fill it, the next one fails, now and then, and the cause is hard to see. Write \
                 the number as `sessions_max` of `[line]`.",
        )
    },
    kind: Kind::Possibility,
    aspects: Aspects::of(&[]),
    // A line that was not read may open a session.
    fears: Effects::of(&[Effect::Route]),
    reads_packs: false,
    check,
};

/// A line permits at least one session, whatever the contract says.
const CERTAIN: usize = 1;

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    if let Some(unknown) = blocked_pppoe::undeclared(scene) {
        return vec![unknown];
    }
    let sessions = sessions(scene);
    let count = sessions.len();
    let others = || sessions.iter().cloned().rev().collect::<Vec<_>>();
    let Some((most, span)) = scene.blueprint.sessions_max else {
        return if count > CERTAIN { vec![ask(scene, count, others())] } else { Vec::new() };
    };
    if count <= usize::from(most) {
        return Vec::new();
    }
    let headline = text!(
        ja: "PPPoE セッションが {count} 本あり、回線で同時に張れる {most} 本を超えています",
        en: "{count} PPPoE sessions are opened on a line that permits {most} at once",
        count = count, most = most,
    );
    let primary = Suspect {
        span: Some(span),
        text: text!(ja: "回線の上限です", en: "what it permits"),
    };
    let guilt = Guilt { primary: Some(primary), others: others() };
    vec![Judgement::new(Verdict::Refuted(None), headline).blame(guilt).advise(text!(
        ja: "オンライン請求を IPv6（IPoE）に移すか、セッションをまとめるか、回線事業者にセッショ\
             ンの追加を申し込んでください",
        en: "move online claims to IPv6 (IPoE), share a session, or order a further session from \
             the carrier",
    ))]
}

fn ask(scene: &Scene<'_>, count: usize, others: Vec<Suspect>) -> Judgement {
    let headline = text!(
        ja: "PPPoE セッションが {count} 本ありますが、回線で同時に何本張れるか分かりません",
        en: "{count} PPPoE sessions are opened, and how many the line permits is not known",
        count = count,
    );
    let mut reasons: Vec<Reason> =
        others.into_iter().map(|one| Reason::new(one.text, one.span)).collect();
    if reasons.is_empty() {
        reasons.push(Reason::new(Text::default(), scene.blueprint.place));
    }
    Judgement::new(Verdict::Unknown(reasons), headline).advise(text!(
        ja: "回線事業者に「この回線で同時に張れる PPPoE セッションは何本ですか」と確認し、`[line]` \
             に `sessions_max = 2` のように書いてください",
        en: "ask the carrier: \"how many PPPoE sessions may be open at once on this line?\", and \
             write the answer as `sessions_max = 2` or the like under `[line]`",
    ))
}

/// Every PPPoE session that goes out by the line, with the place that opens it.
fn sessions(scene: &Scene<'_>) -> Vec<Suspect> {
    let blueprint = scene.blueprint;
    let own = blueprint
        .sessions
        .iter()
        .filter(|session| session.is_pppoe)
        .map(|session| suspect(Some(session.span), scene.name(session.machine)));
    let mut found: Vec<Suspect> = own.collect();
    for router in &blueprint.parties.routers {
        let node = scene.node(*router);
        for interface in node.interfaces.iter().filter(|one| one.enabled) {
            let InterfaceKind::Session { carrier } = interface.kind else { continue };
            // A session on another wire belongs to another line; one on no wire may be on this.
            let wire = node.interface(carrier).segment;
            if wire.is_none() || wire == blueprint.parties.line {
                found.push(suspect(interface.origin.span(), &node.name));
            }
        }
    }
    found
}

fn suspect(span: Option<Span>, who: &str) -> Suspect {
    let text = text!(ja: "`{who}` がここで張ります", en: "`{who}` opens one here", who = who);
    Suspect { span, text }
}
