//! Machines: roles, certificates, interfaces, host firewall and their own sessions.

use toml::de::DeValue;

use super::addresses::{HopText, Ipv4Text, NicIpv6Text, TargetText};
use super::fields::{Context, Fields, Kind, Raw, Tabled, optional, required};
use super::host::{self, Build};
use super::kinds::{Bool, Choice, List, Map, OneOrMany, SomeOf, Table, unknown_word};
use super::scalars::{Day, Host, NameOf, Ports, ReaderName, SecretPlace, Words};
use super::shape::{Doc, Record, Shape, WordDoc};
use crate::{
    Base, Certificate, Firewall, FirewallOpenings, InboundDefault, Machine, Nic, OutsideNet, Pppoe,
    Role, Route, Spanned, Topic, Tunnel,
};

pub(crate) static MACHINE: Record = Record {
    name: "machine",
    doc: Doc { ja: "機器", en: "a machine" },
    fields: &[
        required::<SomeOf<Choice<Role>>>(
            "roles",
            "機器の役割です。1 台で複数の役割を兼ねられます。",
            "What it does; one machine may have several roles.",
        ),
        optional::<Choice<Base>>(
            "base",
            "レセコンと資格確認端末を兼ねる場合、どちらに機能を追加したかです。",
            "For a claims computer and terminal in one: which of them it was before.",
        ),
        optional::<Words>(
            "os",
            "オペレーティングシステムの版です。",
            "Edition of its operating system.",
        ),
        optional::<Build>(
            "os_build",
            "OS のビルドです（`winver` に表示されます）。",
            "Its build, as `winver` shows it.",
        ),
        optional::<Day>(
            "esu",
            "購入済みの拡張セキュリティ更新（ESU）の最終日です。",
            "Last day that extended security updates (ESU) were bought for.",
        ),
        optional::<Map<Words>>(
            "apps",
            "同居しているソフトウェアと版です。",
            "Programs that share the machine, with their versions.",
        ),
        optional::<Day>(
            "changed",
            "OS またはソフトウェアを最後に更新した日です。",
            "Last day on which the operating system or a program was changed.",
        ),
        optional::<List<ReaderName>>(
            "readers",
            "接続しているカードリーダーです。種類（`face`・`generic`）か、パックにある機種を書きます。",
            "Card readers connected to it: a kind (`face`, `generic`) or a model of a pack.",
        ),
        optional::<List<Table<Certificate>>>(
            "certificates",
            "導入済みの電子証明書です。",
            "Client certificates installed on it.",
        ),
        optional::<List<Table<Nic>>>(
            "nics",
            "ネットワークインターフェース（NIC）です。",
            "Its network interfaces.",
        ),
        optional::<Bool>(
            "forwarding",
            "NIC 間でパケットを転送するかどうかです。省略時は不明です。",
            "Whether it forwards packets between its interfaces; unknown if absent.",
        ),
        optional::<FirewallKind>(
            "firewall",
            "機器自身のファイアウォールです。省略時は不明です。",
            "Its own firewall; unknown if absent.",
        ),
        optional::<Table<Pppoe>>(
            "pppoe",
            "機器自身が張る PPPoE セッションです。",
            "A PPPoE session that it opens itself.",
        ),
        optional::<Table<Tunnel>>(
            "tunnel",
            "機器自身が終端する IPsec トンネルです。",
            "An IPsec tunnel that it ends itself.",
        ),
    ],
};

pub(crate) static NIC: Record = Record {
    name: "nic",
    doc: Doc {
        ja: "ネットワークインターフェース（NIC）", en: "a network interface"
    },
    fields: &[
        optional::<Words>("name", "OS での NIC の名前です。", "Its name in the operating system."),
        required::<NameOf>("zone", "接続先のゾーンです。", "Zone it is plugged into."),
        optional::<Ipv4Text>("ipv4", "IPv4 アドレスです。", "IPv4 address."),
        optional::<NicIpv6Text>(
            "ipv6",
            "IPv6 アドレスです。自動設定の場合は `ra`、機器で IPv6 を無効にしている場合は `off` と書きます。",
            "IPv6 address; `ra` if it is made from router advertisements, `off` if IPv6 is switched off.",
        ),
        optional::<HopText>(
            "gateway",
            "デフォルトゲートウェイです（ルータの名前またはアドレス）。",
            "Next hop of the default route: a router by name, or an address.",
        ),
        optional::<List<Table<Route>>>("routes", "静的経路です。", "Further static routes."),
        optional::<List<HopText>>(
            "dns",
            "手動で設定した DNS サーバです（ルータの名前またはアドレス）。設定していなければ \
             `[]` と書きます。省略時は不明です。",
            "Name servers set by hand: routers by name, or addresses; `[]` if none are set, \
             unknown if absent.",
        ),
    ],
};

pub(crate) static ROUTE: Record = Record {
    name: "route",
    doc: Doc { ja: "静的経路", en: "a static route" },
    fields: &[
        required::<TargetText>(
            "to",
            "宛先です（`default`・ゾーン・プレフィックス）。",
            "Where it leads: `default`, a zone or a prefix.",
        ),
        required::<HopText>(
            "via",
            "中継先です（ルータの名前またはアドレス）。",
            "Next hop: a router by name, or an address.",
        ),
    ],
};

pub(crate) static OPENINGS: Record = Record {
    name: "firewall",
    doc: Doc { ja: "一部を開けたファイアウォール", en: "a firewall with openings" },
    fields: &[
        required::<Choice<InboundDefault>>(
            "inbound",
            "開けたもの以外の着信の扱いです。",
            "What happens to what is not opened.",
        ),
        optional::<List<Ports>>(
            "open",
            "着信を許可するプロトコルとポートです。",
            "What may be opened from elsewhere.",
        ),
        optional::<List<NameOf>>(
            "from",
            "許可する送信元のゾーンです。省略するとどこからでも許可します。",
            "Zones it may be opened from; from everywhere if absent.",
        ),
        optional::<List<NameOf>>(
            "on",
            "許可する NIC のゾーンです。省略するとどの NIC・セッションでも許可します。",
            "Zones of its own interfaces on which it may be opened; on all if absent.",
        ),
    ],
};

pub(crate) static PPPOE: Record = Record {
    name: "pppoe",
    doc: Doc { ja: "PPPoE セッション", en: "a PPPoE session" },
    fields: &[
        required::<NameOf>(
            "through",
            "パススルーするルータです。",
            "Router that passes it through.",
        ),
        optional::<OneOrMany<Choice<OutsideNet>>>(
            "to",
            "接続先のネットワークです。省略時は `claims-net` です。",
            "Networks at its far end; `claims-net` if absent.",
        ),
        optional::<NameOf>(
            "zone",
            "使用する NIC のゾーンです。",
            "Zone of the interface it leaves by.",
        ),
        optional::<SecretPlace>(
            "secret",
            "パスワードの置き場所です（`env:` または `file:`）。",
            "Where the password is kept (`env:` or `file:`).",
        ),
    ],
};

pub(crate) static TUNNEL: Record = Record {
    name: "tunnel",
    doc: Doc { ja: "IPsec トンネル", en: "an IPsec tunnel" },
    fields: &[
        required::<NameOf>("through", "通過するルータです。", "Router that passes it on."),
        optional::<Host>(
            "peer",
            "相手側のアドレスまたはホスト名です。省略時は `[line]` の `peer` です。",
            "Far end; the `peer` of `[line]` if absent.",
        ),
        optional::<SecretPlace>(
            "secret",
            "事前共有鍵の置き場所です（`env:` または `file:`）。",
            "Where the pre-shared key is kept (`env:` or `file:`).",
        ),
    ],
};

/// A word, or a table with the openings.
pub(crate) struct FirewallKind;

fn firewall_words() -> Vec<WordDoc> {
    let none = Doc {
        ja: "ファイアウォールはありません（無効です）。",
        en: "None, or switched off.",
    };
    let closed = Doc {
        ja: "外から機器へのセッションをすべて拒否します。",
        en: "Nothing may open a session to the machine.",
    };
    vec![WordDoc { word: "none", doc: none }, WordDoc { word: "inbound-closed", doc: closed }]
}

impl Kind for FirewallKind {
    type Value = Firewall;
    const SHAPE: Shape =
        Shape::Either(&[Shape::Word(firewall_words), <Table<FirewallOpenings> as Kind>::SHAPE]);

    fn decode<'a>(context: &mut Context<'a>, raw: &'a Raw<'a>) -> Option<Firewall> {
        match raw.get_ref() {
            DeValue::String(word) => match word.as_ref() {
                "none" => Some(Firewall::None),
                "inbound-closed" => Some(Firewall::InboundClosed),
                _ => {
                    let span = context.span(raw);
                    let words = firewall_words();
                    unknown_word(context, word, span, words.iter().map(|known| known.word));
                    None
                }
            },
            DeValue::Table(_) => {
                <Table<FirewallOpenings> as Kind>::decode(context, raw).map(Firewall::Openings)
            }
            _ => {
                context.wrong_type(raw, &Self::SHAPE);
                None
            }
        }
    }
}

impl Tabled for FirewallOpenings {
    const RECORD: &'static Record = &OPENINGS;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let inbound = fields.take::<Choice<InboundDefault>>(context, "inbound");
        let open = fields.list::<List<Ports>, _>(context, "open");
        let from = fields.list::<List<NameOf>, _>(context, "from");
        let on = fields.list::<List<NameOf>, _>(context, "on");
        Some(Self { inbound: inbound?, open, from, on })
    }
}

impl Tabled for Machine {
    const RECORD: &'static Record = &MACHINE;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let roles = fields.list::<SomeOf<Choice<Role>>, _>(context, "roles");
        let base = fields.take::<Choice<Base>>(context, "base");
        let (os, os_build, esu) = context.beside(Topic::System, |context| {
            let os = fields.take::<Words>(context, "os");
            let os_build = fields.take::<Build>(context, "os_build");
            let esu = fields.take::<Day>(context, "esu");
            host::needs_of_system(context, fields);
            (os, os_build, esu)
        });
        let (apps, changed) = context.beside(Topic::Programs, |context| {
            let apps = fields.take::<Map<Words>>(context, "apps");
            let apps = apps.map(|all| Spanned::new(host::apps(all.value), all.span));
            (apps, fields.take::<Day>(context, "changed"))
        });
        let readers = context
            .beside(Topic::Readers, |context| fields.take::<List<ReaderName>>(context, "readers"));
        let certificates = context.beside(Topic::Certificates, |context| {
            fields.take::<List<Table<Certificate>>>(context, "certificates")
        });
        let nics = context.wiring(|context| fields.list::<List<Table<Nic>>, _>(context, "nics"));
        let forwarding = fields.take::<Bool>(context, "forwarding");
        let firewall = fields.take::<FirewallKind>(context, "firewall");
        let pppoe = fields.take::<Table<Pppoe>>(context, "pppoe");
        let tunnel = fields.take::<Table<Tunnel>>(context, "tunnel");
        Some(Self {
            name: fields.name.take()?,
            roles,
            base,
            os,
            os_build,
            esu,
            apps,
            changed,
            readers,
            certificates,
            nics,
            forwarding,
            firewall,
            pppoe,
            tunnel,
        })
    }
}

impl Tabled for Nic {
    const RECORD: &'static Record = &NIC;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let name = fields.take::<Words>(context, "name");
        let zone = fields.take::<NameOf>(context, "zone");
        let ipv4 = fields.take::<Ipv4Text>(context, "ipv4");
        let ipv6 = fields.take::<NicIpv6Text>(context, "ipv6");
        let gateway = fields.take::<HopText>(context, "gateway");
        let routes = fields.list::<List<Table<Route>>, _>(context, "routes");
        let dns = fields.take::<List<HopText>>(context, "dns");
        Some(Self { name, zone: zone?, ipv4, ipv6, gateway, routes, dns })
    }
}

impl Tabled for Route {
    const RECORD: &'static Record = &ROUTE;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let to = fields.take::<TargetText>(context, "to");
        let via = fields.take::<HopText>(context, "via");
        Some(Self { to: to?, via: via? })
    }
}

impl Tabled for Pppoe {
    const RECORD: &'static Record = &PPPOE;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let through = fields.take::<NameOf>(context, "through");
        let to = fields.list::<OneOrMany<Choice<OutsideNet>>, _>(context, "to");
        let zone = fields.take::<NameOf>(context, "zone");
        let secret = fields.take::<SecretPlace>(context, "secret");
        Some(Self { through: through?, to, zone, secret })
    }
}

impl Tabled for Tunnel {
    const RECORD: &'static Record = &TUNNEL;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let through = fields.take::<NameOf>(context, "through");
        let peer = fields.take::<Host>(context, "peer");
        let secret = fields.take::<SecretPlace>(context, "secret");
        Some(Self { through: through?, peer, secret })
    }
}
