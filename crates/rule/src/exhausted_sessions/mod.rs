//! X004: the line lets as many PPPoE sessions be open as the site opens.

use diag::{Span, Text, text};
use model::{Aspects, Effect, Effects, InterfaceKind};
use pack::{Found, Provenance};
use pattern::Property;

use crate::guilt::{Guilt, Suspect};
use crate::house::{Who, source};
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
                 故障です。数は `[line]` の `sessions_max` に書きます。なければ、`carrier` の事\
                 業者が公表している数（パック）を使います。",
            en: "How many PPPoE sessions may be open at once on a line is fixed by contract, \
                 often two. Once the router's Internet session and a terminal's claims session \
                 fill it, the next one fails, now and then, and the cause is hard to see. Write \
                 the number as `sessions_max` of `[line]`; without it, what the `carrier` \
                 publishes (packs) is used.",
        )
    },
    kind: Kind::Possibility,
    aspects: Aspects::of(&[]),
    // A line that was not read may open a session.
    fears: Effects::of(&[Effect::Route]),
    reads_packs: true,
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
    if let Some((most, span)) = scene.blueprint.sessions_max {
        let most = usize::from(most);
        let more = (count > most).then(|| refuted(count, most, span, others()));
        let last = (count == most).then(|| full(count, span, others()));
        return more.or(last).into_iter().collect();
    }
    let published = published(scene);
    let sure = published.as_ref().map_or(CERTAIN, |(carrier, _)| carrier.sure);
    if count <= sure {
        let last = published.filter(|(carrier, _)| carrier.most == count);
        return last.map(|(_, span)| full(count, span, others())).into_iter().collect();
    }
    vec![match published {
        Some((carrier, span)) if count > carrier.most => {
            refuted(count, carrier.most, span, others()).because(source(&carrier.provenance))
        }
        Some((carrier, _)) => ask(scene, count, others()).because(text!(
            ja: "この事業者の回線は {sure} 本までで、申し込めば {most} 本まで増やせます",
            en: "a line of this carrier permits {sure}, and up to {most} where more were ordered",
            sure = carrier.sure, most = carrier.most,
        )).because(source(&carrier.provenance)),
        None => ask(scene, count, others()),
    }]
}

/// What a carrier says about its lines.
struct Published {
    /// How many every one of them permits.
    sure: usize,
    /// How many none of them exceeds.
    most: usize,
    provenance: Provenance,
}

/// What is known of the lines of the carrier that the site file names, and where it names it.
fn published(scene: &Scene<'_>) -> Option<(Published, Span)> {
    let house = scene.house?;
    let carrier = house.site.line.as_ref()?.value.carrier.as_ref()?;
    let facts = house.library.of(&RULE);
    let Found::Known(fact) = facts.carrier(&carrier.value, house.today) else { return None };
    let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let sure = count(fact.pppoe_sessions?);
    let most = fact.pppoe_sessions_max.map_or(sure, count);
    let provenance = fact.provenance;
    Some((Published { sure, most: most.max(sure), provenance }, carrier.span))
}

/// It holds, but nothing more may be opened.
fn full(count: usize, span: Span, others: Vec<Suspect>) -> Judgement {
    let headline = text!(
        ja: "回線で同時に張れる PPPoE セッション {count} 本をすべて使っています",
        en: "all of the {count} PPPoE sessions that the line permits at once are in use",
        count = count,
    );
    let primary = Suspect {
        span: Some(span),
        text: text!(ja: "回線の上限です", en: "what it permits"),
    };
    let guilt = Guilt { primary: Some(primary), others };
    Judgement::new(Verdict::Proved, headline).blame(guilt).because(text!(
        ja: "さらに 1 台がセッションを張ると、どれかがつながらなくなります。機器を増やす前に、セッ\
             ションの追加か IPoE への移行を回線事業者に相談してください",
        en: "one more that dials makes one of them fail; before a machine is added, ask the \
             carrier for a further session or for IPoE",
    ))
}

fn refuted(count: usize, most: usize, span: Span, others: Vec<Suspect>) -> Judgement {
    let headline = text!(
        ja: "PPPoE セッションが {count} 本あり、回線で同時に張れる {most} 本を超えています",
        en: "{count} PPPoE sessions are opened on a line that permits {most} at once",
        count = count, most = most,
    );
    let primary = Suspect {
        span: Some(span),
        text: text!(ja: "回線の上限です", en: "what it permits"),
    };
    let guilt = Guilt { primary: Some(primary), others };
    Judgement::new(Verdict::Refuted(None), headline).blame(guilt).advise(text!(
        ja: "オンライン請求を IPv6（IPoE）に移すか、セッションをまとめるか、回線事業者にセッショ\
             ンの追加を申し込んでください",
        en: "move online claims to IPv6 (IPoE), share a session, or order a further session from \
             the carrier",
    ))
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
    .ask(
        Who::LineProvider,
        text!(
            ja: "この回線で同時に張れる PPPoE セッションの数（{count} 本使います）",
            en: "how many PPPoE sessions may be open at once on this line; {count} are used",
            count = count,
        ),
    )
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
