//! X001: names of the eligibility network are asked for at the right server, for IPv6 too.

mod question;

use std::net::IpAddr;

use design::Server;
use diag::{Span, Text, text};
use model::{
    Asking, Aspect, Aspects, Effect, Effects, Family, Interface, InterfaceIndex, Match, NameRule,
    Net, Node, NodeId, Outcome, ServiceKind, protocol,
};
use pattern::Property;

use crate::guilt::{Guilt, Suspect};
use crate::house::{self, House};
use crate::judgement::{Judgement, Verdict};
use crate::names::{self, Asked, Standing, Wanted};
use crate::registry::unlisted_name_server;
use crate::{Kind, Rule, Scene, Who};

pub(crate) static RULE: Rule = Rule {
    code: "X001",
    name: "misrouted-name",
    property: Property::V9,
    requirement: || {
        text!(
            ja: "資格確認の網の名前を、IPv6 のアドレスも含めて正しい DNS サーバに問い合わせる",
            en: "names of the eligibility network are asked for at their own server, for IPv6 too",
        )
    },
    explain: || {
        text!(
            ja: "資格確認の網の名前は、その網の DNS サーバだけが正しく答えます。公開 DNS サーバ\
                 に問い合わせると、引けないか、別のアドレスが返ります。端末ごとに、どのルータか\
                 サーバに問い合わせ、そこからどのサーバに届くかをたどり、`[destinations]` に\
                 登録した `udp/53` のアドレスとパックの DNS サーバに照らします。ルータの振り分け\
                 では、種類を書かないと IPv4（A）だけが対象になる機種があります。",
            en: "Only the name servers of the eligibility network know its names; a public one \
                 answers nothing, or another address. For each machine the router or server that \
                 it asks is followed to the server that answers, and compared with the addresses \
                 listed under `[destinations]` with `udp/53` and with the name servers of packs. \
                 On some routers a name rule without a query type stands for IPv4 (A) only.",
        )
    },
    kind: Kind::Possibility,
    aspects: Aspects::of(&[Aspect::RouterItself, Aspect::FirstPackets]),
    fears: Effects::of(&[
        Effect::Resolve,
        Effect::Manage,
        Effect::Deny,
        Effect::Route,
        Effect::Translate,
        Effect::Stall,
    ]),
    reads_packs: true,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let requirement = (RULE.requirement)();
    let house = match house::of(scene, &requirement) {
        Ok(house) => house,
        Err(unknown) => return unknown,
    };
    let wanted = scene.wanted_names();
    if wanted.is_empty() {
        return vec![scene.without_names(&requirement)];
    }
    let (asked, open) = scene.asked_for_names();
    let mut judgements = scene.without_resolver(&requirement, &open);
    let mut add = |found: Option<Judgement>| {
        let Some(found) = found else { return };
        match judgements.iter_mut().find(|one| one.blames_same(&found)) {
            Some(same) => same.merge(&found),
            None => judgements.push(found),
        }
    };
    for one in &asked {
        // A machine with several servers takes the next one after a silent one.
        let mut others = asked.iter().filter(|other| other.machine == one.machine);
        if others.all(|other| silence(scene, other).is_some()) {
            add(silence(scene, one));
        }
    }
    for name in &wanted {
        for router in &scene.blueprint.parties.routers {
            let is_asked = asked.iter().any(|one| one.server == Server::Router(*router));
            if is_asked || names::special_rule(scene.node(*router), name.host).is_some() {
                add(relayed(scene, house, scene.node(*router), name));
            }
        }
        for one in &asked {
            if let (Server::Address(address), Some(span)) = (one.server, one.span) {
                add(direct(scene, house, one.machine, (address, span), name));
            }
        }
    }
    judgements
}

/// A machine asks a router that answers nobody, or not this machine, or that its questions do not
/// reach.
fn silence(scene: &Scene<'_>, asked: &Asked) -> Option<Judgement> {
    let Server::Router(id) = asked.server else { return None };
    let heard = heard_on(scene, asked.machine, id);
    let router = scene.node(id);
    let machine = scene.node(asked.machine);
    // The question leaves by an interface beside the router; only if none is, by any.
    let segments: Vec<_> = router.interfaces.iter().filter_map(|one| one.segment).collect();
    let is_beside = |one: &&Interface| one.segment.is_some_and(|own| segments.contains(&own));
    let beside: Vec<&Interface> = machine.interfaces.iter().filter(is_beside).collect();
    let all: Vec<&Interface> = machine.interfaces.iter().collect();
    let own = if beside.is_empty() { all } else { beside };
    let own = own.into_iter().flat_map(|interface| &interface.addresses);
    let own: Vec<Net> = own.filter_map(|address| address.net).collect();
    let admits = |one: &Match| {
        let is_heard = one.in_interfaces.as_ref().is_none_or(|all| {
            let mut heard = heard.iter();
            heard.any(|interface| all.contains(interface))
        });
        let is_query = one.destination_port.as_ref().is_none_or(|ports| ports.contains(DOMAIN))
            && one.protocol.as_ref().is_none_or(|all| {
                [protocol::UDP, protocol::TCP].iter().any(|number| all.contains(*number))
            });
        let is_from_machine = own.iter().any(|net| {
            let is_family = one.family.is_none_or(|family| family == net.family());
            let number = Family::number(net.address());
            is_family && one.source.as_ref().is_none_or(|from| from.contains(number))
        });
        is_heard && is_query && is_from_machine
    };
    let mut services = router.services.iter().filter(|one| one.kind == ServiceKind::Names);
    let first = services.clone().next();
    if services.any(|service| service.admits.iter().any(admits)) {
        return question::lost(scene, asked, id);
    }
    let headline = text!(
        ja: "`{machine}` が名前を問い合わせる `{router}` は、DNS の問い合わせに答えません",
        en: "`{router}`, which `{machine}` asks for names, does not answer it",
        machine = machine.name, router = router.name,
    );
    let line = asked.span.map(|span| Suspect {
        span: Some(span),
        text: text!(ja: "端末の DNS サーバです", en: "the name server of the machine"),
    });
    let mut found = Judgement::new(Verdict::Refuted(None), headline);
    if let Some(service) = first {
        let why = text!(ja: "この端末からは受け付けません", en: "it admits others only");
        let mut guilt = Guilt::at(&service.origin, why);
        guilt.others.extend(line);
        found = found.blame(guilt);
    } else if let Some(Suspect { span: Some(span), text }) = line {
        found = found.blame(house::at(span, text));
    }
    Some(found.about([machine.name.clone(), router.name.clone()]).advise(text!(
        ja: "ルータの DNS リレーをこの端末に開くか、端末の DNS サーバを直してください",
        en: "open the router's DNS relay to the machine, or correct the machine's name server",
    )))
}

/// The port of name service.
const DOMAIN: u16 = 53;

/// Interfaces on which `router` hears `machine`: those on a segment of it, and those on which
/// packets of it arrive by another way.
fn heard_on(scene: &Scene<'_>, machine: NodeId, router: NodeId) -> Vec<InterfaceIndex> {
    let segments: Vec<_> =
        scene.node(machine).interfaces.iter().filter_map(|one| one.segment).collect();
    let beside = scene.node(router).interfaces().filter(|(_, one)| {
        one.enabled && one.segment.is_some_and(|segment| segments.contains(&segment))
    });
    let leaves = scene.attack(machine).leaves.iter();
    let taken = leaves.filter(|leaf| leaf.outcome == Outcome::Delivered(router));
    beside.map(|(index, _)| index).chain(taken.filter_map(|leaf| leaf.interface)).collect()
}

/// What is wrong with how `router` handles questions for a name.
fn relayed(
    scene: &Scene<'_>,
    house: &House<'_>,
    router: &Node,
    name: &Wanted<'_>,
) -> Option<Judgement> {
    if let Some(open) = uncertain(scene, house, router, name) {
        return Some(open);
    }
    let used = names::rule_for(router, name.kind, name.host);
    let special = names::special_rule(router, name.host).filter(|rule| Some(*rule) != used);
    let servers = used.map(|rule| rule.servers.as_slice()).unwrap_or_default();
    let standings: Vec<(IpAddr, Standing)> = servers
        .iter()
        .map(|server| (*server, scene.standing(house, &RULE, name, *server)))
        .collect();
    let is_right = |one: &(IpAddr, Standing)| matches!(one.1, Standing::Right);
    if !standings.is_empty() && standings.iter().all(is_right) {
        let before = names::rule_before(router, name.kind, name.host, used);
        return before
            .map(|rule| may_be_taken(router, name, rule))
            .or_else(|| other_type(scene, house, router, name));
    }
    if let Some(rule) = special {
        return Some(of_another_type(router, name, rule));
    }
    let Some(rule) = used else { return Some(unserved(router, name)) };
    let wrong = standings.iter().find_map(|(server, standing)| match standing {
        Standing::Wrong(why) => Some((*server, why)),
        _ => None,
    });
    if let Some((server, why)) = wrong {
        let headline = text!(
            ja: "`{router}` は `{host}` を、資格確認の網の DNS サーバではない {server} に問い合わ\
                 せます",
            en: "`{router}` asks {server} for `{host}`, which is no name server of the \
                 eligibility network",
            router = router.name, host = name.host, server = server,
        );
        let mut guilt = Guilt::at(&rule.origin, why.clone());
        guilt.others.push(registered(name));
        let found = Judgement::new(Verdict::Refuted(None), headline).blame(guilt);
        return Some(found.about([router.name.clone()]).advise(advice()));
    }
    let why = standings.iter().find_map(|(_, standing)| match standing {
        Standing::Open(why) => Some(why.clone()),
        _ => None,
    });
    let why = why.unwrap_or_else(|| {
        text!(
            ja: "サーバは回線から学習されます", en: "the server is learned from the line",
        )
    });
    Some(left_open(name, why, rule.origin.span()).about([router.name.clone()]))
}

/// A rule that asks nobody, or asks under a condition only: it matters unless whatever rule counts
/// in the end asks the right servers.
fn uncertain(
    scene: &Scene<'_>,
    house: &House<'_>,
    router: &Node,
    name: &Wanted<'_>,
) -> Option<Judgement> {
    let rules = names::rules_for(router, name.kind, name.host);
    let open = rules.iter().find(|rule| rule.asking != Asking::Always)?;
    let is_right =
        |server: &IpAddr| matches!(scene.standing(house, &RULE, name, *server), Standing::Right);
    let asks_right = |rule: &&NameRule| {
        rule.asking != Asking::Nobody
            && !rule.servers.is_empty()
            && rule.servers.iter().all(is_right)
    };
    let ends = rules.last().is_some_and(|rule| rule.asking == Asking::Always);
    if ends && rules.iter().all(asks_right) {
        return None;
    }
    let why = match open.asking {
        Asking::Nobody => text!(
            ja: "`{router}` はこの名前に自分で答えるか、問い合わせを拒否します",
            en: "`{router}` answers this name itself, or refuses the question",
            router = router.name,
        ),
        _ => text!(
            ja: "この振り分けは、条件が合うときだけ使われます",
            en: "this rule counts under a condition only",
        ),
    };
    Some(left_open(name, why, open.origin.span()).about([router.name.clone()]))
}

/// An earlier rule is the end of the name, though not of whole labels.
fn may_be_taken(router: &Node, name: &Wanted<'_>, rule: &NameRule) -> Judgement {
    let why = text!(
        ja: "前にある振り分けの `{suffix}` が、この名前の末尾と一致します",
        en: "an earlier rule, for `{suffix}`, is the end of this name",
        suffix = rule.suffix,
    );
    left_open(name, why, rule.origin.span()).about([router.name.clone()])
}

/// Machines ask for addresses of both versions of IP: what the other question is answered, by a
/// server that does not know the name, may count for the name.
fn other_type(
    scene: &Scene<'_>,
    house: &House<'_>,
    router: &Node,
    name: &Wanted<'_>,
) -> Option<Judgement> {
    let other = if name.kind == "aaaa" { "a" } else { "aaaa" };
    let rules = names::rules_for(router, other, name.host);
    let is_wrong = |server: &&IpAddr| {
        matches!(scene.standing(house, &RULE, name, **server), Standing::Wrong(_))
    };
    let wrong = rules.iter().find_map(|rule| {
        let server = rule.servers.iter().find(is_wrong).copied();
        (server.is_some() || rule.asking == Asking::Nobody).then_some((*rule, server))
    });
    let (rule, server) = wrong?;
    let why = match server {
        Some(server) => text!(
            ja: "種類 `{kind}` の問い合わせは {server} に届きます",
            en: "questions of type `{kind}` go to {server}",
            kind = other, server = server,
        ),
        None => text!(
            ja: "種類 `{kind}` の問い合わせには、ルータが自分で答えるか、拒否します",
            en: "questions of type `{kind}` are answered by the router itself, or refused",
            kind = other,
        ),
    };
    Some(left_open(name, why, rule.origin.span()).about([router.name.clone()]))
}

/// A rule names the name, and questions of this type are not for it.
fn of_another_type(router: &Node, name: &Wanted<'_>, rule: &NameRule) -> Judgement {
    let family = if name.kind == "aaaa" { "IPv6" } else { "IPv4" };
    let headline = text!(
        ja: "`{router}` は `{host}` の {family} アドレスを別の DNS サーバに問い合わせます",
        en: "`{router}` asks another server for the {family} address of `{host}`",
        router = router.name, host = name.host, family = family,
    );
    let text = text!(
        ja: "この振り分けは {types} だけが対象です",
        en: "this rule is for {types} only",
        types = rule.types.join(", "),
    );
    let found = Judgement::new(Verdict::Refuted(None), headline);
    found.blame(Guilt::at(&rule.origin, text)).about([router.name.clone()]).advise(text!(
        ja: "問い合わせの種類を `any` または `{kind}` にしてください",
        en: "set the query type to `any` or `{kind}`",
        kind = name.kind,
    ))
}

/// No line of the router says which server it asks.
fn unserved(router: &Node, name: &Wanted<'_>) -> Judgement {
    let why = text!(
        ja: "`{router}` の設定に、この名前を引く DNS サーバがありません",
        en: "no line of `{router}` says which server it asks for this name",
        router = router.name,
    );
    left_open(name, why, router.origin.span()).about([router.name.clone()])
}

/// What is wrong with a server that a machine asks itself.
fn direct(
    scene: &Scene<'_>,
    house: &House<'_>,
    machine: NodeId,
    (server, span): (IpAddr, Span),
    name: &Wanted<'_>,
) -> Option<Judgement> {
    let about = [scene.name(machine).to_owned()];
    let is_listed = unlisted_name_server::is_listed(scene, server);
    match scene.standing(house, &RULE, name, server) {
        Standing::Right => None,
        Standing::Wrong(why) if is_listed => {
            let headline = text!(
                ja: "`{machine}` は `{host}` を、資格確認の網の DNS サーバではない {server} に\
                     問い合わせます",
                en: "`{machine}` asks {server} for `{host}`, which is no name server of the \
                     eligibility network",
                machine = scene.name(machine), host = name.host, server = server,
            );
            let mut guilt = house::at(span, why);
            guilt.others.push(registered(name));
            let found = Judgement::new(Verdict::Refuted(None), headline).blame(guilt);
            Some(found.about(about).advise(advice()))
        }
        Standing::Wrong(_) => {
            let why = text!(
                ja: "端末の DNS サーバが登録されたものではありません（X002）",
                en: "the machine's name server is none that is listed (X002)",
            );
            Some(left_open(name, why, Some(span)).about(about))
        }
        Standing::Open(why) => Some(left_open(name, why, Some(span)).about(about)),
    }
}

fn left_open(name: &Wanted<'_>, why: Text, span: Option<Span>) -> Judgement {
    let headline = text!(
        ja: "`{host}` を引く DNS サーバが正しいか分かりません",
        en: "whether the right server is asked for `{host}` is not known",
        host = name.host,
    );
    Judgement::unknown(headline, why, span)
        .advise(text!(
            ja: "回線事業者に DNS サーバのアドレスを確認し、`[destinations]` に `udp/53` とともに\
                 書いてください",
            en: "ask the carrier for the addresses of its name servers and list them under \
                 `[destinations]` with `udp/53`",
        ))
        .ask(Who::LineProvider, names::question())
}

fn registered(name: &Wanted<'_>) -> Suspect {
    let text = text!(
        ja: "この接続先の名前です", en: "the destination that has this name",
    );
    Suspect { span: Some(name.destination.span), text }
}

fn advice() -> Text {
    text!(
        ja: "資格確認の網の DNS サーバに問い合わせるように直してください。正しいサーバで\
             あれば、`[destinations]` に `udp/53` とともに登録してください",
        en: "ask the servers of the eligibility network; if this one is right, list it under \
             `[destinations]` with `udp/53`",
    )
}
