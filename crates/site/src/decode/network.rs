//! Zones, routers, relays, standing lines and destinations.

use diag::{Diagnostic, text};

use super::addresses::{Ipv4Prefix, Ipv6Prefix, Prefix, ZoneIpv6Text};
use super::fields::{Context, Fields, Tabled, optional, required};
use super::kinds::{Choice, List, Map, OneOrMany, SomeOf};
use super::scalars::{FilePath, Host, NameOf, Ports, Words};
use super::shape::{Doc, Record};
use crate::{
    Destination, OutsideNet, Pass, Port, Relay, RelayKind, Router, RouterRole, RouterSession,
    RouterTunnel, Standing, Zone, ZonePurpose, codes,
};

pub(crate) static ZONE: Record = Record {
    name: "zone",
    doc: Doc { ja: "ゾーン", en: "a zone" },
    fields: &[
        optional::<Ipv4Prefix>("ipv4", "IPv4 プレフィックスです。", "IPv4 prefix."),
        optional::<ZoneIpv6Text>(
            "ipv6",
            "IPv6 プレフィックスです。回線から配布される場合は `ra` と書きます。",
            "IPv6 prefix; `ra` if it comes from the line by router advertisement.",
        ),
        optional::<Choice<ZonePurpose>>("purpose", "置く機器の種類です。", "What stands in it."),
    ],
};

pub(crate) static ROUTER: Record = Record {
    name: "router",
    doc: Doc { ja: "ルータ", en: "a router" },
    fields: &[
        optional::<Choice<RouterRole>>(
            "role",
            "参考パターンでのルータA・ルータBの別です。",
            "Which router of the reference document it is.",
        ),
        optional::<Words>(
            "vendor",
            "設定の書式（ベンダ）です。",
            "Family of configuration languages.",
        ),
        optional::<Words>("model", "機種名です。", "Product name."),
        optional::<Words>("firmware", "ファームウェアの版です。", "Firmware revision."),
        optional::<OneOrMany<FilePath>>(
            "config",
            "設定ファイルです。サイトファイルからの相対パスで書きます。",
            "Configuration files, relative to the site file.",
        ),
        optional::<Map<OneOrMany<NameOf>>>(
            "ports",
            "ポートごとの接続先ゾーンです。",
            "The zone, or zones with VLANs, behind each port.",
        ),
        optional::<Map<OneOrMany<Choice<OutsideNet>>>>(
            "sessions",
            "ルータが終端する PPPoE セッションの接続先です（ひとつ、または配列）。暗号化のないトン\
             ネル（DS-Lite、MAP-E）には `internet` と書きます。",
            "Networks at the far end of the PPPoE sessions that the router ends, one or a list; \
             `internet` for a tunnel in clear (DS-Lite, MAP-E).",
        ),
        optional::<Map<NameOf>>(
            "tunnels",
            "常設回線（`[standing]`）であるトンネルインターフェースです。",
            "Tunnel interfaces that are standing lines (names of `[standing]`).",
        ),
    ],
};

pub(crate) static RELAY: Record = Record {
    name: "relay",
    doc: Doc { ja: "ハブ・ONU など", en: "a relay" },
    fields: &[
        required::<Choice<RelayKind>>("kind", "機器の種類です。", "What it is."),
        required::<SomeOf<NameOf>>(
            "zones",
            "レイヤ 2 でつなぐゾーンです。",
            "Zones that it joins at layer 2.",
        ),
        optional::<SomeOf<Choice<Pass>>>(
            "passes",
            "通すフレームです。省略するとすべて通します（ホームゲートウェイでは必須）。",
            "What it passes; every frame if absent (required for a home gateway).",
        ),
    ],
};

pub(crate) static STANDING: Record = Record {
    name: "standing",
    doc: Doc { ja: "常設回線", en: "a standing line" },
    fields: &[
        required::<NameOf>("router", "終端するルータです。", "Router that ends it."),
        required::<Words>(
            "interface",
            "ルータの設定での、インターフェースの名前です。",
            "Its interface in the configuration of the router.",
        ),
        required::<Words>("purpose", "目的です。", "What it is for."),
        required::<Words>("owner", "管理責任者です。", "Who answers for it."),
        optional::<Ipv4Prefix>(
            "ipv4",
            "相手側の IPv4 プレフィックスです。",
            "IPv4 prefix of the far side.",
        ),
        optional::<Ipv6Prefix>(
            "ipv6",
            "相手側の IPv6 プレフィックスです。",
            "IPv6 prefix of the far side.",
        ),
    ],
};

pub(crate) static DESTINATION: Record = Record {
    name: "destination",
    doc: Doc { ja: "外部の接続先", en: "a destination" },
    fields: &[
        required::<Choice<OutsideNet>>(
            "net",
            "接続先のあるネットワークです。",
            "Network it is on.",
        ),
        optional::<Words>(
            "fact",
            "パックの `[[destination]]` の名前です。ホスト名とポート（あればアドレス）をそこから取ります。",
            "Name of a `[[destination]]` of a pack, which states host names, ports and, where it \
             knows them, addresses.",
        ),
        optional::<List<Prefix>>(
            "addresses",
            "アドレスの範囲です。`fact` がなければ、`addresses` か `hosts` のどちらかが必要です。",
            "Its addresses; without `fact`, `addresses` or `hosts` is required.",
        ),
        optional::<List<Host>>("hosts", "ホスト名です。", "Its host names."),
        optional::<SomeOf<Ports>>(
            "ports",
            "接続先のプロトコルとポートです（`fact` がなければ必須）。",
            "Protocols and ports that are opened to it (required without `fact`).",
        ),
    ],
};

impl Tabled for Zone {
    const RECORD: &'static Record = &ZONE;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let ipv4 = fields.take::<Ipv4Prefix>(context, "ipv4");
        let ipv6 = fields.take::<ZoneIpv6Text>(context, "ipv6");
        let purpose = fields.take::<Choice<ZonePurpose>>(context, "purpose");
        Some(Self { name: fields.name.take()?, ipv4, ipv6, purpose })
    }
}

impl Tabled for Router {
    const RECORD: &'static Record = &ROUTER;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let role = fields.take::<Choice<RouterRole>>(context, "role");
        let vendor = fields.take::<Words>(context, "vendor");
        let model = fields.take::<Words>(context, "model");
        let firmware = fields.take::<Words>(context, "firmware");
        let config = fields.list::<OneOrMany<FilePath>, _>(context, "config");
        let ports = fields.list::<Map<OneOrMany<NameOf>>, _>(context, "ports");
        let ports = ports.into_iter().map(|(name, zones)| Port { name, zones: zones.value });
        let sessions = fields.list::<Map<OneOrMany<Choice<OutsideNet>>>, _>(context, "sessions");
        let sessions = sessions.into_iter().map(|(name, to)| RouterSession { name, to: to.value });
        let tunnels = fields.list::<Map<NameOf>, _>(context, "tunnels");
        let tunnels = tunnels.into_iter().map(|(name, standing)| RouterTunnel { name, standing });
        Some(Self {
            name: fields.name.take()?,
            role,
            vendor,
            model,
            firmware,
            config,
            ports: ports.collect(),
            sessions: sessions.collect(),
            tunnels: tunnels.collect(),
        })
    }
}

impl Tabled for Relay {
    const RECORD: &'static Record = &RELAY;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let kind = fields.take::<Choice<RelayKind>>(context, "kind");
        let zones = fields.list::<SomeOf<NameOf>, _>(context, "zones");
        let passes = fields.list::<SomeOf<Choice<Pass>>, _>(context, "passes");
        if kind.is_some_and(|kind| kind.value == RelayKind::HomeGateway)
            && fields.key_span(context, "passes").is_none()
        {
            fields.miss(context, "passes");
        }
        Some(Self { name: fields.name.take()?, kind: kind?, zones, passes })
    }
}

impl Tabled for Standing {
    const RECORD: &'static Record = &STANDING;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let router = fields.take::<NameOf>(context, "router");
        let interface = fields.take::<Words>(context, "interface");
        let purpose = fields.take::<Words>(context, "purpose");
        let owner = fields.take::<Words>(context, "owner");
        let ipv4 = fields.take::<Ipv4Prefix>(context, "ipv4");
        let ipv6 = fields.take::<Ipv6Prefix>(context, "ipv6");
        Some(Self {
            name: fields.name.take()?,
            router: router?,
            interface: interface?,
            purpose: purpose?,
            owner: owner?,
            ipv4,
            ipv6,
        })
    }
}

impl Tabled for Destination {
    const RECORD: &'static Record = &DESTINATION;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let net = fields.take::<Choice<OutsideNet>>(context, "net");
        let fact = fields.take::<Words>(context, "fact");
        let addresses = fields.list::<List<Prefix>, _>(context, "addresses");
        let hosts = fields.list::<List<Host>, _>(context, "hosts");
        let ports = fields.list::<SomeOf<Ports>, _>(context, "ports");
        let name = fields.name.take()?;
        let is_told = !fields.is_missing("fact");
        if !is_told && fields.is_missing("ports") {
            fields.miss(context, "ports");
        }
        let is_open = ["addresses", "hosts"].iter().all(|key| fields.is_missing(key));
        if is_open && !is_told && !context.is_broken() {
            context.report(
                Diagnostic::error(
                    codes::MISSING_KEY,
                    text!(
                        ja: "`{path}` に `addresses` も `hosts` もありません",
                        en: "`{path}` has neither `addresses` nor `hosts`",
                        path = context.path(),
                    ),
                )
                .at(name.span)
                .advise(text!(
                    ja: "接続先のアドレスかホスト名を書いてください",
                    en: "write the addresses or the host names of the destination",
                )),
            );
        }
        // Without ports and without a fact that states them it opens nothing.
        let is_whole = fact.is_some() || !ports.is_empty();
        is_whole.then_some(())?;
        Some(Self { name, net: net?, fact, addresses, hosts, ports })
    }
}
