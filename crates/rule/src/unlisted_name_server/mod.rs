//! X002: the name servers set by hand on a terminal are the intended ones.

use std::net::IpAddr;

use design::{Ports, Resolver, Server};
use diag::{Span, Text, text};
use model::{Aspects, Effects, protocol};
use pattern::Property;
use site::{Machine, Nic, Spanned};

use crate::guilt::{Guilt, Suspect};
use crate::house::{self, not_proved};
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene, Who};

pub(crate) static RULE: Rule = Rule {
    code: "X002",
    name: "unlisted-name-server",
    property: Property::V9Names,
    requirement: || {
        text!(
            ja: "端末に手動で設定した DNS サーバは、ルータか登録した閉域網のサーバである",
            en: "name servers set by hand on a terminal are routers of the site or listed servers \
                 of a closed network",
        )
    },
    explain: || {
        text!(
            ja: "閉じた網で使う端末に公開 DNS サーバ（8.8.8.8 など）を設定すると、資格確認の名\
                 前を引けないだけでなく、外部への出口が必要になります。NIC の DNS は、回線の DNS \
                 サーバ（`[destinations]` に登録したもの）か、振り分けをするルータにしてくださ\
                 い。",
            en: "A public name server on a terminal of a closed network cannot answer for the \
                 names of the eligibility network, and it asks for a way out. Set the servers of \
                 the line, as listed under `[destinations]`, or the router that chooses between \
                 servers.",
        )
    },
    kind: Kind::Denial,
    // It reads the site file only.
    aspects: Aspects::of(&[]),
    fears: Effects::of(&[]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let requirement = (RULE.requirement)();
    let house = match house::of(scene, &requirement) {
        Ok(house) => house,
        Err(unknown) => return unknown,
    };
    let terminals = scene.blueprint.parties.all_terminals();
    let mut judgements = scene.unwired(&requirement, terminals.iter().copied());
    let written = terminals.iter().filter_map(|one| house.site.machine(scene.name(*one)));
    judgements.extend(written.flat_map(unsaid));
    let resolvers = scene.blueprint.resolvers.iter();
    judgements.extend(
        resolvers
            .filter(|one| terminals.contains(&one.machine))
            .filter_map(|resolver| judge(scene, resolver)),
    );
    judgements
}

/// Interfaces with a fixed address of which nobody says which servers they ask. One that makes its
/// address from announcements has its servers from there, too, and one without an address asks
/// nobody.
fn unsaid(machine: &Machine) -> Vec<Judgement> {
    let name = &machine.name.value;
    let nics = machine.nics.iter().filter(|nic| nic.value.dns.is_none());
    let fixed = nics.filter_map(|nic| Some((nic, nic.value.fixed_addresses().next()?.0)));
    let unknown = |(nic, address): (&Spanned<Nic>, IpAddr)| {
        let reason = text!(
            ja: "アドレス {address} の NIC に `dns` がありません",
            en: "the interface with the address {address} has no `dns`",
            address = address,
        );
        let found = Judgement::unknown(not_proved(&(RULE.requirement)()), reason, Some(nic.span));
        found
            .about([name.clone()])
            .advise(text!(
                ja: "`{machine}` で `ipconfig /all` を実行し、この NIC の DNS サーバを `dns` に書い\
                     てください。設定していなければ `dns = []` です",
                en: "run `ipconfig /all` on `{machine}` and write the name servers of this \
                     interface as `dns`; `dns = []` if none are set",
                machine = *name,
            ))
            .ask(
                Who::Installer,
                text!(
                    ja: "`{machine}` の NIC（{address}）に設定した DNS サーバ（なければ `dns = []`）",
                    en: "the name servers set on the interface of `{machine}` with the address \
                         {address} (`dns = []` if none)",
                    machine = *name, address = address,
                ),
            )
    };
    fixed.map(unknown).collect()
}

fn judge(scene: &Scene<'_>, resolver: &Resolver) -> Option<Judgement> {
    // A router by name asks on; what it asks is the matter of X001.
    let Server::Address(address) = resolver.server else { return None };
    let parties = &scene.blueprint.parties;
    let owner = scene.blueprint.network.iter().find(|(_, node)| node.owns(address));
    if owner.is_some_and(|(id, _)| parties.routers.contains(&id)) || is_listed(scene, address) {
        return None;
    }
    let machine = scene.name(resolver.machine);
    let about = [machine.to_owned()];
    let Some((owner, node)) = owner else {
        if let Some(gap) = unread_line(scene) {
            let text = text!(
                ja: "ルータの読めていない行が、このアドレスを与えるかもしれません",
                en: "a line of a router that was not read may give it this address",
            );
            let found = Judgement::unknown(public(machine, address), text, Some(gap));
            return Some(found.blame(place(resolver, Text::default())).about(about));
        }
        let found = Judgement::new(Verdict::Refuted(None), public(machine, address));
        return Some(found.blame(place(resolver, outside(scene, address))).about(about).advise(
            text!(
                ja: "回線の DNS サーバか振り分けをするルータに替えるか、閉域網のサーバなら \
                     `[destinations]` に `udp/53` とともに登録してください",
                en: "set the line's servers or the router that chooses between servers; if it is \
                     a server of the closed network, list it under `[destinations]` with \
                     `udp/53`",
            ),
        ));
    };
    if parties.medical.contains(&owner) {
        let headline = text!(
            ja: "`{machine}` は、レセコン側の `{server}` に名前を問い合わせます",
            en: "`{machine}` asks `{server}` among the claims computers for names",
            machine = machine, server = node.name,
        );
        let text = text!(
            ja: "端末からレセコン側へのセッションになります",
            en: "that is a session from the terminal towards the claims computers",
        );
        let found = Judgement::new(Verdict::Refuted(None), headline);
        return Some(found.blame(place(resolver, text)).about(about).advise(text!(
            ja: "回線の DNS サーバか、振り分けをするルータに替えてください",
            en: "set the line's servers, or the router that chooses between servers",
        )));
    }
    Some(relayed(resolver, machine, &node.name).about(about))
}

/// A line of a router that could say anything, an address too.
fn unread_line(scene: &Scene<'_>) -> Option<Span> {
    let routers = scene.blueprint.parties.routers.iter();
    let mut gaps = routers.flat_map(|router| &scene.node(*router).gaps);
    gaps.find(|gap| gap.effects == Effects::ALL).map(|gap| gap.span)
}

/// Another machine answers: whom it asks is not in the site file.
fn relayed(resolver: &Resolver, machine: &str, server: &str) -> Judgement {
    let headline = text!(
        ja: "`{machine}` の名前の問い合わせ先 `{server}` が、どこに問い合わせるか分かりません",
        en: "whom `{server}`, which `{machine}` asks for names, asks in turn is not known",
        machine = machine, server = server,
    );
    let reason = text!(
        ja: "この機器の転送先はサイトファイルに書けません",
        en: "where this machine forwards questions cannot be told in the site file",
    );
    Judgement::unknown(headline, reason, Some(resolver.span))
}

fn public(machine: &str, address: IpAddr) -> Text {
    text!(
        ja: "`{machine}` の DNS サーバ {address} は、登録した閉域網のサーバではありません",
        en: "name server {address} of `{machine}` is no listed server of a closed network",
        machine = machine, address = address,
    )
}

fn outside(scene: &Scene<'_>, address: IpAddr) -> Text {
    let destinations = scene.blueprint.catalogue.destinations.iter();
    let known = destinations
        .filter(|one| one.addresses.iter().any(|net| net.contains(address)))
        .map(|one| (one.name.as_str(), scene.name(one.net)))
        .next();
    match known {
        Some((name, net)) => text!(
            ja: "接続先 `{name}`（`{net}`）にありますが、閉域網の DNS ではありません",
            en: "it lies in destination `{name}` on `{net}`, which is no name server of a closed \
                 network",
            name = name, net = net,
        ),
        None => text!(ja: "どの接続先にもありません", en: "it lies in no destination"),
    }
}

/// Whether the address is a listed destination of a closed network that takes questions.
pub(crate) fn is_listed(scene: &Scene<'_>, address: IpAddr) -> bool {
    let takes_questions = |ports: &Ports| match ports {
        Ports::Any => true,
        Ports::Range(protocol::UDP, first, last) => (first..=last).contains(&&53),
        Ports::Icmp | Ports::Protocol(_) | Ports::Range(..) => false,
    };
    scene.blueprint.catalogue.destinations.iter().any(|one| {
        scene.name(one.net) != "internet"
            && one.addresses.iter().any(|net| net.contains(address))
            && one.ports.iter().any(takes_questions)
    })
}

fn place(resolver: &Resolver, text: Text) -> Guilt {
    Guilt { primary: Some(Suspect { span: Some(resolver.span), text }), others: Vec::new() }
}
