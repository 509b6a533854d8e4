//! Machines, routers and relays in words.

use design::Blueprint;
use diag::{Text, text};
use model::{AddressSource, Family, Node, SegmentKind};
use site::{
    CardReader, Cover, Firewall, Machine, NicIpv6, ONU, OutsideNet, Reader, Relay, RelayKind, Role,
    Router, RouterRole, Site, Standing, ZoneIpv6, ZonePurpose,
};

use super::{PictureZone, Place, PlaceKind, Purpose};

pub(crate) fn zone(zone: &site::Zone) -> PictureZone {
    let mut facts = Vec::new();
    facts.extend(zone.ipv4.as_ref().map(|net| Text::verbatim(net.value.to_string())));
    facts.extend(zone.ipv6.as_ref().map(|ipv6| match ipv6.value {
        ZoneIpv6::Ra => text!(ja: "IPv6（回線から）", en: "IPv6 (from line)"),
        ZoneIpv6::Prefix(net) => Text::verbatim(net.to_string()),
    }));
    let purpose = match zone.purpose.map(|purpose| purpose.value) {
        _ if zone.name.value == ONU => Purpose::Line,
        Some(ZonePurpose::ClaimsComputers) => Purpose::ClaimsComputers,
        Some(ZonePurpose::Terminals) => Purpose::Terminals,
        Some(ZonePurpose::Edge) => Purpose::Edge,
        Some(ZonePurpose::Other) | None => Purpose::Other,
    };
    PictureZone { name: zone.name.value.clone(), facts, purpose }
}

pub(crate) fn machine(machine: &Machine) -> Place {
    let titles = machine.roles.iter().map(|role| role_name(role.value)).collect();
    let has = |role| machine.has_role(role);
    let kind = if has(Role::EligibilityTerminal) || has(Role::OnlineClaimsTerminal) {
        PlaceKind::Terminal
    } else if [Role::ClaimsComputer, Role::Server, Role::WebApi].into_iter().any(has) {
        PlaceKind::Medical
    } else {
        PlaceKind::Machine
    };
    let mut addresses = Vec::new();
    for nic in &machine.nics {
        addresses.extend(nic.value.ipv4.map(|one| Text::verbatim(one.value.to_string())));
        addresses.extend(nic.value.ipv6.and_then(|one| match one.value {
            NicIpv6::Ra => Some(text!(ja: "IPv6（自動設定）", en: "IPv6 (automatic)")),
            NicIpv6::Off => None,
            NicIpv6::Address(address) => Some(Text::verbatim(address.to_string())),
        }));
    }
    let mut facts = Vec::new();
    facts.extend(machine.os.as_ref().map(|os| Text::verbatim(os.value.clone())));
    facts.extend(readers(machine));
    for certificate in machine.certificates.iter().flat_map(|all| &all.value) {
        facts.extend(certificate.value.covers.iter().map(|cover| match cover.value {
            Cover::Eligibility => {
                text!(ja: "電子証明書（資格確認）", en: "certificate: eligibility")
            }
            Cover::Claims => text!(ja: "電子証明書（請求）", en: "certificate: claims"),
        }));
    }
    facts.extend(machine.firewall.as_ref().map(|firewall| match firewall.value {
        Firewall::None => text!(ja: "ファイアウォールなし", en: "no firewall"),
        Firewall::InboundClosed => text!(ja: "着信をすべて拒否", en: "inbound closed"),
        Firewall::Openings(_) => text!(ja: "着信を一部だけ許可", en: "some inbound open"),
    }));
    Place { name: machine.name.value.clone(), titles, addresses, facts, kind }
}

fn readers(machine: &Machine) -> Vec<Text> {
    let all = machine.readers.as_ref().map_or(&[][..], |readers| &readers.value);
    let count = |wanted| all.iter().filter(|one| one.value == CardReader::Kind(wanted)).count();
    let mut facts = Vec::new();
    for (reader, name) in [
        (Reader::Face, text!(ja: "顔認証カードリーダー", en: "face card reader")),
        (Reader::Generic, text!(ja: "汎用カードリーダー", en: "general card reader")),
    ] {
        match count(reader) {
            0 => {}
            1 => facts.push(name),
            many => facts.push(text!(
                ja: "{name} × {many}", en: "{name} × {many}", name = name, many = many,
            )),
        }
    }
    facts.extend(all.iter().filter_map(|one| match &one.value {
        CardReader::Kind(_) => None,
        CardReader::Model(model) => Some(text!(
            ja: "カードリーダー {model}", en: "card reader {model}", model = *model,
        )),
    }));
    facts
}

fn role_name(role: Role) -> Text {
    match role {
        Role::ClaimsComputer => text!(ja: "レセプトコンピュータ等", en: "Claims computer"),
        Role::Server => text!(ja: "サーバ", en: "Server"),
        Role::WebApi => text!(ja: "Web API 接続", en: "Web API"),
        Role::EligibilityTerminal => text!(ja: "資格確認端末", en: "Eligibility terminal"),
        Role::OnlineClaimsTerminal => {
            text!(ja: "オンライン請求端末", en: "Online-claims terminal")
        }
        Role::Other => text!(ja: "その他の機器", en: "Other machine"),
    }
}

pub(crate) fn router(router: &Router, node: Option<&Node>, blueprint: &Blueprint) -> Place {
    let is_edge = router.ports.iter().any(|port| port.zones.iter().any(|zone| zone.value == ONU));
    let role = router.role.map(|role| role.value);
    let kind = if is_edge || role == Some(RouterRole::RouterB) {
        PlaceKind::EdgeRouter
    } else {
        PlaceKind::InnerRouter
    };
    let title = match role {
        Some(RouterRole::RouterA) => text!(ja: "ルータA", en: "Router A"),
        Some(RouterRole::RouterB) => text!(ja: "ルータB", en: "Router B"),
        Some(RouterRole::Other) | None => text!(ja: "ルータ", en: "Router"),
    };
    let mut facts = Vec::new();
    let vendor = router.vendor.as_ref().map(|vendor| match vendor.value.as_str() {
        "yamaha-rtx" => "Yamaha".to_owned(),
        "linux" => "Linux".to_owned(),
        other => other.to_owned(),
    });
    let product: Vec<String> =
        vendor.into_iter().chain(router.model.as_ref().map(|one| one.value.clone())).collect();
    if !product.is_empty() {
        facts.push(Text::verbatim(product.join(" ")));
    }
    let mut addresses = Vec::new();
    if let Some(node) = node {
        for interface in &node.interfaces {
            let is_placed = interface.segment.is_some_and(|segment| {
                matches!(blueprint.network.segment(segment).kind, SegmentKind::Zone)
            });
            for address in interface.addresses.iter().filter(|_| is_placed) {
                if let (AddressSource::Static, Some(net)) = (address.source, address.net)
                    && net.family() == Family::V4
                {
                    addresses.push(Text::verbatim(net.address().to_string()));
                }
            }
        }
    }
    Place { name: router.name.value.clone(), titles: vec![title], addresses, facts, kind }
}

pub(crate) fn relay(relay: &Relay) -> Place {
    let (title, kind) = match relay.kind.value {
        RelayKind::Hub => (text!(ja: "ハブ", en: "Hub"), PlaceKind::Relay),
        RelayKind::Switch => (text!(ja: "スイッチ", en: "Switch"), PlaceKind::Relay),
        RelayKind::Onu => (text!(ja: "ONU", en: "ONU"), PlaceKind::Onu),
        RelayKind::HomeGateway => {
            (text!(ja: "ホームゲートウェイ", en: "Home gateway"), PlaceKind::Relay)
        }
        RelayKind::Wireless => {
            (text!(ja: "無線アクセスポイント", en: "Access point"), PlaceKind::Relay)
        }
    };
    let name = relay.name.value.clone();
    Place { name, titles: vec![title], addresses: Vec::new(), facts: Vec::new(), kind }
}

pub(crate) fn outside(net: OutsideNet, site: &Site) -> Place {
    let (name, title) = match net {
        OutsideNet::EligibilityNet => (
            "eligibility-net",
            text!(ja: "オンライン資格確認等システム", en: "Eligibility network"),
        ),
        OutsideNet::ClaimsNet => {
            ("claims-net", text!(ja: "オンライン請求システム", en: "Claims network"))
        }
        OutsideNet::Internet => ("internet", text!(ja: "インターネット", en: "Internet")),
    };
    let hosts = site.destinations.iter().filter(|one| one.net.value == net);
    let facts = hosts.flat_map(|one| &one.hosts).map(|host| Text::verbatim(host.value.clone()));
    Place {
        name: name.to_owned(),
        titles: vec![title],
        addresses: Vec::new(),
        facts: facts.collect(),
        kind: PlaceKind::Outside,
    }
}

pub(crate) fn standing(line: &Standing) -> Place {
    let facts =
        vec![Text::verbatim(line.purpose.value.clone()), Text::verbatim(line.owner.value.clone())];
    let mut addresses = Vec::new();
    addresses.extend(line.ipv4.map(|net| Text::verbatim(net.value.to_string())));
    addresses.extend(line.ipv6.map(|net| Text::verbatim(net.value.to_string())));
    Place {
        name: line.name.value.clone(),
        titles: vec![text!(ja: "常設回線", en: "Standing line")],
        addresses,
        facts,
        kind: PlaceKind::Standing,
    }
}

/// The ONU of a site file that does not name it.
pub(crate) fn onu() -> Place {
    Place {
        name: String::new(),
        titles: vec![text!(ja: "ONU", en: "ONU")],
        addresses: Vec::new(),
        facts: Vec::new(),
        kind: PlaceKind::Onu,
    }
}
