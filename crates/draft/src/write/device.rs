//! Routers, standing lines, destinations and services.

use diag::{Text, text};
use pattern::LineFact;

use crate::conversation::{carrier, installer, vendor};
use crate::plan::{Method, Plan};
use crate::write::ConfigFile;
use crate::write::page::Page;

pub(super) fn routers(page: &mut Page, plan: &Plan<'_>) -> Vec<ConfigFile> {
    let mut configs = Vec::new();
    let edge = if plan.line == LineFact::IpVpn { "edge-lan" } else { "terminal-lan" };
    if !plan.placement.is_merged() {
        let comment = text!(
            ja: "ルータA（レセコン等と資格確認端末の間）",
            en: "Router A, between the claims computers and the terminal",
        );
        page.line("");
        page.say(&comment);
        one_box(page);
        configs.push(router(page, plan, "router-a", ("claims-lan", "terminal-lan")));
    }
    page.line("");
    page.say(&text!(ja: "ルータB（回線との境界）", en: "Router B, at the edge to the line"));
    configs.push(router(page, plan, "router-b", (edge, "onu")));
    configs.into_iter().flatten().collect()
}

fn router(
    page: &mut Page,
    plan: &Plan<'_>,
    name: &str,
    (inner, outer): (&str, &str),
) -> Vec<ConfigFile> {
    page.line(&format!("[routers.{name}]"));
    page.line(&format!("role = \"{name}\""));
    let make = plan.answers.get(name);
    let known = make.filter(|make| *make != "other");
    // Vendors name their ports differently; only those that are surely so are written.
    let ports = match known {
        Some("yamaha-rtx") => Some(("lan1", "lan2")),
        _ => None,
    };
    let files = files(plan, name, known);
    let file = format!("{name}.conf");
    match known {
        Some(known) => {
            if known == "linux" {
                let is_second = name == "router-b" && plan.answers.is("router-a", "linux");
                linux_files(page, name, if is_second { &[] } else { &NET });
            }
            page.line(&format!("vendor = \"{known}\""));
            page.line(&format!("config = {}", listed(&files)));
        }
        None => page.ask(
            match make {
                Some(_) => text!(
                    ja: "`{name}` を、設定を読める機種に替えられるか",
                    en: "whether `{name}` can be a make whose configuration can be read",
                    name = name,
                ),
                None => text!(ja: "`{name}` の機種", en: "make of `{name}`", name = name),
            },
            installer(),
            &format!("vendor = \"yamaha-rtx\"\n# config = \"{file}\""),
        ),
    }
    match ports {
        Some((first, second)) => {
            page.line(&format!("ports = {{ {first} = \"{inner}\", {second} = \"{outer}\" }}"));
        }
        None => page.ask(
            text!(
                ja: "`{name}` のどのポートがどこにつながっているか",
                en: "which port of `{name}` leads where",
                name = name,
            ),
            installer(),
            &match known {
                Some("linux") if name == "router-a" => {
                    format!("ports = {{ lan0 = \"{inner}\", lan1 = \"{outer}\" }}")
                }
                Some("linux") => format!("ports = {{ lan0 = \"{inner}\", wan0 = \"{outer}\" }}"),
                _ => format!("ports = {{ lan1 = \"{inner}\", lan2 = \"{outer}\" }}"),
            },
        ),
    }
    if name == "router-b" {
        sessions(page, plan, make);
    }
    let files = files.into_iter().filter(|_| known.is_some());
    let config = |file: String| {
        let is_by_hand = file.ends_with(".net");
        ConfigFile { router: name.to_owned(), file, is_by_hand }
    };
    files.map(config).collect()
}

/// What to write where one router is both, with its LAN ports divided.
fn one_box(page: &mut Page) {
    page.say(&text!(
        ja: "1 台のルータが LAN を分割してルータA とB を兼ねる場合は、[routers.router-a] を消し、\
             ほかの router-a を router-b に書き換えて、router-b の ports に LAN ごとのポートを並\
             べます",
        en: "Where one router is both A and B, its LAN ports divided, remove [routers.router-a], \
             write router-b wherever else router-a stands, and list all its ports at router-b",
    ));
    page.say(&text!(
        ja: "（例 ports = {{ vlan1 = \"claims-lan\", vlan2 = \"terminal-lan\", lan2 = \"onu\" }}）。",
        en: "(as in ports = {{ vlan1 = \"claims-lan\", vlan2 = \"terminal-lan\", lan2 = \"onu\" }}).",
    ));
}

/// What stands in the files of a Linux router: one is saved, the other written by hand.
fn linux_files(page: &mut Page, name: &str, sample: &[&str]) {
    page.say(&text!(
        ja: "{name}.nft は `nft list ruleset` の出力です。{name}.net は手で書きます。",
        en: "{name}.nft is the output of `nft list ruleset`; {name}.net is written by hand.",
        name = name,
    ));
    if sample.is_empty() {
        return;
    }
    page.say(&text!(ja: "（.net の行の例）", en: "Lines of a .net file:"));
    for line in sample {
        page.line(&format!("#   {line}"));
    }
    page.say(&text!(
        ja: "アドレスと経路は `ip -j -d addr`・`ip -j route`・`ip -6 -j route` の出力（.json）で\
             も、転送は `sysctl -a` の出力（.sysctl）でもかまいません。config に並べて書きます。",
        en: "Addresses and routes may also be outputs of `ip -j -d addr`, `ip -j route` and \
             `ip -6 -j route` (.json), forwarding one of `sysctl -a` (.sysctl); list them in \
             config.",
    ));
}

/// Lines of a file that describes the interfaces of a Linux router.
const NET: [&str; 7] = [
    "interface lan0 address 192.0.2.1/25",
    "address wan0 dhcp             (dhcp | ra | ipcp)",
    "pppoe ppp0 on wan0",
    "route default via 192.0.2.129",
    "forwarding ipv4 on",
    "forwarding ipv6 on",
    "service ssh tcp/22 from 192.0.2.0/25   (service none)",
];

/// The PPPoE sessions of router B: to the provider on an IPsec line, else those of the line itself.
fn sessions(page: &mut Page, plan: &Plan<'_>, make: Option<&str>) {
    let session = if make == Some("linux") { "ppp0" } else { "pp1" };
    let nets = plan.pppoe_nets(true, true);
    if plan.is_dialled_by_router && !nets.is_empty() {
        let what = text!(
            ja: "`router-b` が張る PPPoE セッションの、設定での名前",
            en: "the name of the PPPoE session in the configuration of `router-b`",
        );
        let nets: Vec<String> = nets.iter().map(|net| (*net).to_owned()).collect();
        page.ask(what, installer(), &format!("sessions = {{ {session} = {} }}", listed(&nets)));
    }
    if plan.line != LineFact::IpVpn {
        let what = text!(
            ja: "`router-b` がプロバイダーへ張る PPPoE セッションの、設定での名前（なければ不要）",
            en: "the PPPoE session of `router-b` to the provider by its name in the configuration, \
                 if there is one",
        );
        page.ask(what, installer(), &format!("sessions = {{ {session} = \"internet\" }}"));
    }
}

/// The files that hold what a router of the make does, as they are to be saved.
fn files(plan: &Plan<'_>, name: &str, make: Option<&str>) -> Vec<String> {
    let endings: &[&str] = match make {
        Some("linux") if name == "router-b" && plan.line == LineFact::IpsecRouter => {
            &["nft", "net", "swanctl.conf"]
        }
        Some("linux") => &["nft", "net"],
        _ => &["conf"],
    };
    endings.iter().map(|ending| format!("{name}.{ending}")).collect()
}

/// One file as a string, several as a list.
fn listed(files: &[String]) -> String {
    let quoted: Vec<String> = files.iter().map(|file| format!("\"{file}\"")).collect();
    match &quoted[..] {
        [one] => one.clone(),
        _ => format!("[{}]", quoted.join(", ")),
    }
}

pub(super) fn standing(page: &mut Page, plan: &Plan<'_>) {
    let what = match plan.answers.get("maintenance") {
        Some("none") => return,
        Some(_) => text!(
            ja: "保守などの回線（用途・責任者・ルータのインターフェース）",
            en: "the lines of suppliers: purpose, owner, interface of the router",
        ),
        None => text!(
            ja: "保守業者などが外から入る回線の有無",
            en: "whether suppliers come in from outside",
        ),
    };
    page.line("");
    page.ask(what, vendor(), STANDING);
}

/// A standing line as it is written.
const STANDING: &str = "\
[standing.maintenance]
# router = \"router-b\"
# interface = \"tunnel1\"
# purpose = \"remote maintenance\"
# owner = \"Example Systems\"
# ipv4 = \"198.51.100.0/24\"";

pub(super) fn destinations(page: &mut Page, plan: &Plan<'_>) {
    // IPoE is IPv6, PPPoE and IPsec carry IPv4.
    let is_ipv6 = |method: Method| plan.line == LineFact::IpVpn && method != Method::Pppoe;
    let (address, dns) = match is_ipv6(plan.eligibility) {
        true => ("2001:db8:100::/48", "2001:db8:53::53/128"),
        false => ("198.51.100.0/25", "198.51.100.253/32"),
    };
    let claims = if is_ipv6(plan.claims) { "2001:db8:200::/48" } else { "198.51.100.128/26" };
    page.line("");
    page.ask(
        text!(
            ja: "外部の接続先のアドレスとポート",
            en: "addresses and ports of the destinations outside",
        ),
        carrier(),
        &format!(
            "[destinations.eligibility]\n# net = \"eligibility-net\"\n\
             # addresses = [\"{address}\"]\n# hosts = [\"web.onshi.example\"]\n\
             # ports = [\"tcp/443\"]\n#\n# [destinations.eligibility-dns]\n\
             # net = \"eligibility-net\"\n# addresses = [\"{dns}\"]\n\
             # ports = [\"udp/53\", \"tcp/53\"]",
        ),
    );
    // Claims that a PPPoE session carries pass no list of a router.
    let is_routed =
        plan.line != LineFact::IpVpn || plan.is_dialled_by_router || plan.claims == Method::Ipoe;
    if plan.claims == Method::None || !is_routed {
        return;
    }
    page.line("");
    page.ask(
        text!(
            ja: "オンライン請求の接続先のアドレスとポート",
            en: "addresses and ports of the destinations of online claims",
        ),
        carrier(),
        &format!(
            "[destinations.claims]\n# net = \"claims-net\"\n# addresses = [\"{claims}\"]\n\
             # hosts = [\"claims.seikyu.example\"]\n# ports = [\"tcp/443\"]",
        ),
    );
}

pub(super) fn services(page: &mut Page, plan: &Plan<'_>) {
    if plan.placement.is_merged() {
        return;
    }
    linkage(page, plan);
    if plan.has_claims_machine() {
        receipt_files(page, plan);
    }
}

/// How receipt files get to an online-claims terminal of its own, which no page says.
fn receipt_files(page: &mut Page, plan: &Plan<'_>) {
    let receipts = plan.receipts.len().max(1);
    page.line("");
    match plan.answers.get("receipt-files") {
        None => page.ask(
            text!(
                ja: "レセプトのファイルをオンライン請求端末へ渡す方法（LAN で渡すサービスだけを書く）",
                en: "how receipt files get to the online-claims terminal (a service, if by the LAN)",
            ),
            vendor(),
            "[[service]]\n# from = \"receipt-1\"\n# to = \"claims-1\"\n# use = \"smb\"",
        ),
        Some("media") => page.say(&text!(
            ja: "レセプトのファイルは USB メモリなどで運ぶので、そのためのサービスはありません。",
            en: "Receipt files are carried on a stick, so there is no service for them.",
        )),
        Some(way) => {
            page.say(&text!(
                ja: "レセプトのファイルを渡すサービス。オンライン請求端末との間で開くのはこれだけです。",
                en: "What hands over receipt files; nothing else is open to or from that terminal.",
            ));
            for receipt in 1..=receipts {
                let (inside, claims) = (format!("receipt-{receipt}"), "claims-1".to_owned());
                let (from, to) = if way == "push" { (inside, claims) } else { (claims, inside) };
                page.line("[[service]]");
                page.line(&format!("from = \"{from}\""));
                page.line(&format!("to = \"{to}\""));
                page.line("use = \"smb\"");
                page.line("");
            }
        }
    }
}

fn linkage(page: &mut Page, plan: &Plan<'_>) {
    page.line("");
    let comment: Text = text!(
        ja: "レセコン等が資格確認端末で使うサービス。逆向きは、すべて拒否されるべきものです。",
        en: "What the claims computers use on the terminal. The other way all has to be refused.",
    );
    let linkage = plan.answers.get("linkage");
    if linkage.is_none() {
        page.ask(
            text!(ja: "連携の方法（ポート）", en: "how they are linked (ports)"),
            vendor(),
            "[[service]]\n# from = \"claims-lan\"\n# to = \"terminal-1\"\n# use = \"smb\"",
        );
        return;
    }
    page.say(&comment);
    for receipt in 1..=plan.receipts.len().max(1) {
        for terminal in 1..=plan.terminals.len().max(1) {
            page.line("[[service]]");
            page.line(&format!("from = \"receipt-{receipt}\""));
            page.line(&format!("to = \"terminal-{terminal}\""));
            page.line(&format!("use = \"{}\"", linkage.unwrap_or_default()));
            page.line("");
        }
    }
}
