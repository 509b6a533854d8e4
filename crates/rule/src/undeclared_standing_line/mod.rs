//! T123: every line into the site that a router ends is named in the site file.

use design::UndeclaredLine;
use diag::text;
use model::{Aspects, Effect, Effects, InterfaceKind, NodeId, Ranges, Service, protocol};
use pattern::Property;

use crate::guilt::Guilt;
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "T123",
    name: "undeclared-standing-line",
    property: Property::V3,
    requirement: || {
        text!(
            ja: "ルータの VPN やセッションは、すべてサイトファイルに書かれている",
            en: "every session, tunnel and remote access of a router is named in the site file",
        )
    },
    explain: || {
        text!(
            ja: "リモート保守や納入業者の VPN は、医療機関へのランサムウェア侵入の実際の入口になり\
                 ました。誰が、何のために、どのルータのどのインターフェースから入るのかを \
                 `[standing.名前]` に書くと、その相手から何に届くかを `sekisho ask` で調べられま\
                 す。書かれていないものは、攻撃者のいる網として判定します。",
            en: "Remote maintenance and suppliers' VPNs were the ways in of real ransomware \
                 attacks on hospitals. Name under `[standing.<name>]` who comes in, what for, and \
                 by which interface of which router; then `sekisho ask` lists what that party \
                 reaches. What is not named is judged as a network where an attacker stands.",
        )
    },
    kind: Kind::Denial,
    // Which interfaces and services there are depends on no open point.
    aspects: Aspects::of(&[]),
    fears: Effects::of(&[Effect::Manage]),
    reads_packs: false,
    check,
};

/// Services by which others dial into a router, by the beginnings of their names.
const REMOTE_ACCESS: [&str; 16] = [
    "charon",
    "ike",
    "ipsec",
    "isakmp",
    "l2tp",
    "openvpn",
    "pptp",
    "pptpd",
    "softether",
    "sstp",
    "strongswan",
    "tailscale",
    "wg",
    "wireguard",
    "xl2tpd",
    "zerotier",
];

/// Ports of such services, whatever the service is called.
const REMOTE_PORTS: [(u8, u16); 7] = [
    (protocol::UDP, 500),
    (protocol::TCP, 1194),
    (protocol::UDP, 1194),
    (protocol::UDP, 1701),
    (protocol::TCP, 1723),
    (protocol::UDP, 4500),
    (protocol::UDP, 51820),
];

/// Most ports of a service that is for one of them.
const PORTS_MAX: u128 = 64;

/// Ports of key exchange.
const KEY_EXCHANGE: [u16; 2] = [500, 4500];

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let blueprint = scene.blueprint;
    let mut judgements = scene.without_edge(&(RULE.requirement)());
    judgements.extend(blueprint.undeclared.iter().map(|line| refuse(scene, line)));
    for router in &blueprint.parties.routers {
        let services = scene.node(*router).services.iter();
        let remote =
            services.filter(|one| is_remote_access(one) && !is_accounted_for(scene, *router, one));
        judgements.extend(remote.map(|service| dial_in(scene, *router, service)));
    }
    judgements
}

/// Whether others dial in by `service`: it is called so, or takes sessions at such a port.
fn is_remote_access(service: &Service) -> bool {
    let first = service.name.split(['-', '_', '.', '@']).next().unwrap_or_default();
    let is_called = REMOTE_ACCESS.contains(&first.to_ascii_lowercase().as_str());
    is_called || REMOTE_PORTS.iter().any(|one| takes(service, *one))
}

/// Whether `service` takes sessions at this port, and at few others.
fn takes(service: &Service, (protocol, port): (u8, u16)) -> bool {
    let holds = |ranges: Option<&Ranges>, number: u128, width_max: u128| {
        let mut all = ranges.into_iter().flat_map(Ranges::as_slice);
        all.any(|(low, high)| (low..=high).contains(&&number) && high - low < width_max)
    };
    service.admits.iter().any(|one| {
        holds(one.protocol.as_ref(), protocol.into(), 1)
            && holds(one.destination_port.as_ref(), port.into(), PORTS_MAX)
    })
}

/// Whether the tunnel that the service is for is named in the site file, or told about already.
fn is_accounted_for(scene: &Scene<'_>, router: NodeId, service: &Service) -> bool {
    let node = scene.node(router);
    let is_tunnel = |one: &model::Interface| one.enabled && one.kind == InterfaceKind::Tunnel;
    let is_at = |port: &u16| takes(service, (protocol::UDP, *port));
    let is_key_exchange =
        matches!(service.name.as_str(), "ike" | "ipsec") || KEY_EXCHANGE.iter().any(is_at);
    let mut named = scene.blueprint.standing.iter().filter(|(own, _)| *own == router);
    is_key_exchange && node.interfaces.iter().any(is_tunnel)
        || named.any(|(_, interface)| is_tunnel(node.interface(*interface)))
        || scene
            .blueprint
            .undeclared
            .iter()
            .any(|line| line.router == router && is_tunnel(node.interface(line.interface)))
}

fn refuse(scene: &Scene<'_>, line: &UndeclaredLine) -> Judgement {
    let node = scene.node(line.router);
    let interface = node.interface(line.interface);
    let is_session = matches!(interface.kind, InterfaceKind::Session { .. });
    let about = [node.name.clone()];
    let (router, name) = (&node.name, &interface.name);
    if is_session {
        let headline = text!(
            ja: "`{router}` の PPPoE セッション `{name}` の接続先が、サイトファイルにありません",
            en: "the far end of PPPoE session `{name}` of `{router}` is not in the site file",
            router = router, name = name,
        );
        let text = text!(
            ja: "インターネットに接続しているものとして判定しています",
            en: "it is judged as the Internet",
        );
        let found = Judgement::new(Verdict::Refuted(None), headline);
        let net = if scene.blueprint.contract.is_some() { "internet" } else { "claims-net" };
        return found.blame(Guilt::at(&line.origin, text)).about(about).advise(text!(
            ja: "`[routers.{router}]` に `sessions = {{ {name} = \"{net}\" }}` のように接続先を書い\
                 てください",
            en: "write its far end under `[routers.{router}]`, such as `sessions = {{ {name} = \
                 \"{net}\" }}`",
            router = router, name = name, net = net,
        ));
    }
    let headline = text!(
        ja: "`{router}` の `{name}` から誰が入れるのか、サイトファイルにありません",
        en: "who comes in by `{name}` of `{router}` is not in the site file",
        router = router, name = name,
    );
    let text = text!(
        ja: "攻撃者のいる外部の網として判定しています",
        en: "it is judged as a network outside where an attacker stands",
    );
    declare(scene, line.router, name, found_at(headline, Guilt::at(&line.origin, text)))
}

fn dial_in(scene: &Scene<'_>, router: NodeId, service: &Service) -> Judgement {
    let headline = text!(
        ja: "`{router}` は外からの接続（{service}）を受けますが、誰のためかサイトファイルにありま\
             せん",
        en: "`{router}` takes remote access by {service}, and for whom is not in the site file",
        router = scene.name(router), service = service.name,
    );
    let text = text!(ja: "ここで受けます", en: "it is taken here");
    declare(scene, router, "pp-anonymous", found_at(headline, Guilt::at(&service.origin, text)))
}

fn found_at(headline: diag::Text, guilt: Guilt) -> Judgement {
    Judgement::new(Verdict::Refuted(None), headline).blame(guilt)
}

fn declare(scene: &Scene<'_>, router: NodeId, interface: &str, found: Judgement) -> Judgement {
    let router = scene.name(router);
    found
        .about([router.to_owned()])
        .because(text!(
            ja: "常設の保守回線や納入業者の VPN は、病院のランサムウェア被害の侵入口になりました",
            en: "standing maintenance lines and suppliers' VPNs were the way in of ransomware \
                 attacks on hospitals",
        ))
        .advise(text!(
            ja: "`[standing.supplier-vpn]` に `router = \"{router}\"`、`interface = \
                 \"{interface}\"`、`purpose = \"…\"`、`owner = \"…\"` を書き、`sekisho ask サイト \
                 --from supplier-vpn` で届く先を確かめてください",
            en: "write `[standing.supplier-vpn]` with `router = \"{router}\"`, `interface = \
                 \"{interface}\"`, `purpose = \"...\"` and `owner = \"...\"`; `sekisho ask SITE \
                 --from supplier-vpn` then lists what it reaches",
            router = router, interface = interface,
        ))
        .advise(text!(
            ja: "使っていないなら、ルータの設定から削除してください",
            en: "if nobody uses it, remove it from the router",
        ))
}
