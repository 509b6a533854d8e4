//! Zones and machines.

use diag::{Text, text};
use pattern::{LineFact, Placement};

use crate::check::Host;
use crate::conversation::{facility, installer, vendor};
use crate::plan::{Method, Plan};
use crate::write::page::Page;

pub(super) fn zones(page: &mut Page, plan: &Plan<'_>) {
    page.line("");
    page.say(&text!(
        ja: "ゾーンは、ルータを通らずに届き合う範囲（LAN）です。ONU との間は「onu」と書きます。",
        en: "A zone is a LAN: what reaches each other without a router. The wire to the ONU is \
             \"onu\".",
    ));
    page.line("[zones]");
    if !plan.placement.is_merged() {
        let what = text!(ja: "レセコン等の LAN のアドレス", en: "network of the claims computers");
        zone(page, ("claims-lan", "claims-computers"), plan.receipts.first(), what);
    }
    if !plan.placement.is_merged() || plan.line != LineFact::IpVpn {
        let what = text!(ja: "資格確認端末の LAN のアドレス", en: "network of the terminals");
        zone(page, ("terminal-lan", "terminals"), plan.terminals.first(), what);
    }
    if plan.line == LineFact::IpVpn {
        let ipv6 = if plan.eligibility == Method::Pppoe && plan.claims != Method::Ipoe {
            ""
        } else {
            "ipv6 = \"ra\", "
        };
        page.line(&format!("edge-lan = {{ {ipv6}purpose = \"edge\" }}"));
    }
}

fn zone(page: &mut Page, (name, purpose): (&str, &str), host: Option<&Host>, what: Text) {
    // Samples of one file are different networks.
    let sample = if name == "claims-lan" { "192.0.2.0/25" } else { "192.0.2.128/25" };
    match host {
        Some(host) => page.line(&format!(
            "{name} = {{ ipv4 = \"{net}\", purpose = \"{purpose}\" }}",
            net = host.net,
        )),
        None => {
            // Keys of their own: what is taken out of the comment adds to what stands there.
            page.ask(what, vendor(), &format!("{name}.ipv4 = \"{sample}\""));
            page.line(&format!("{name}.purpose = \"{purpose}\""));
        }
    }
}

pub(super) fn machines(page: &mut Page, plan: &Plan<'_>) {
    if !plan.placement.is_merged() {
        receipts(page, plan);
    }
    terminals(page, plan);
    if plan.has_claims_machine() {
        claims_machine(page, plan);
    }
}

fn receipts(page: &mut Page, plan: &Plan<'_>) {
    for (number, host) in numbered(&plan.receipts) {
        page.line("");
        page.say(&text!(ja: "レセプトコンピュータ等", en: "claims computer"));
        page.line(&format!("[machines.receipt-{number}]"));
        page.line("roles = [\"claims-computer\"]");
        let nic = Nic { zone: "claims-lan", host, rest: "gateway = \"router-a\"" };
        nics(page, &[nic], &format!("receipt-{number}"));
    }
}

fn terminals(page: &mut Page, plan: &Plan<'_>) {
    let hosts = numbered(&plan.terminals);
    for (number, host) in hosts {
        let name = match plan.placement {
            Placement::TerminalOnReceipt => format!("receipt-{number}"),
            _ => format!("terminal-{number}"),
        };
        page.line("");
        page.say(&comment(plan));
        page.line(&format!("[machines.{name}]"));
        page.line(&format!("roles = [{}]", roles(plan)));
        if plan.placement.is_merged() && plan.placement == Placement::ReceiptOnTerminal {
            page.line("base = \"terminal\"");
        } else if plan.placement.is_merged() {
            page.line("base = \"claims-computer\"");
        }
        let inner = match plan.line {
            LineFact::IpVpn => "routes = [{ to = \"claims-lan\", via = \"router-a\" }]",
            _ if plan.placement.is_merged() => "gateway = \"router-b\"",
            _ => "gateway = \"router-b\", routes = [{ to = \"claims-lan\", via = \"router-a\" }]",
        };
        let mut written = Vec::new();
        if plan.line != LineFact::IpVpn || !plan.placement.is_merged() {
            written.push(Nic { zone: "terminal-lan", host, rest: inner });
        }
        if plan.line == LineFact::IpVpn {
            let needs_ipv6 = plan.eligibility != Method::Pppoe
                || plan.claims_on_terminal() && plan.claims == Method::Ipoe;
            let rest = if needs_ipv6 { "ipv6 = \"ra\"" } else { "" };
            written.push(Nic { zone: "edge-lan", host: None, rest });
        }
        nics(page, &written, &name);
        system(page, &name);
        reader(page, &name);
        let covers = if plan.claims_on_terminal() {
            "\"eligibility\", \"claims\""
        } else {
            "\"eligibility\""
        };
        certificate(page, &name, covers);
        own_line(page, plan, plan.claims_on_terminal(), &served(plan));
    }
}

fn comment(plan: &Plan<'_>) -> Text {
    match plan.placement {
        Placement::Separate => text!(ja: "資格確認端末", en: "eligibility terminal"),
        Placement::OneTerminal => text!(
            ja: "資格確認端末（オンライン請求もする）",
            en: "eligibility terminal that also sends claims",
        ),
        Placement::ReceiptOnTerminal => text!(
            ja: "資格確認端末（レセコンの機能も入っている）",
            en: "eligibility terminal with the claims computer installed on it",
        ),
        Placement::TerminalOnReceipt => text!(
            ja: "レセコン（資格確認端末の機能も入っている）",
            en: "claims computer with the eligibility terminal installed on it",
        ),
    }
}

fn roles(plan: &Plan<'_>) -> String {
    let mut roles = vec!["eligibility-terminal"];
    if plan.placement.is_merged() {
        roles.push("claims-computer");
    }
    if plan.claims_on_terminal() {
        roles.push("online-claims-terminal");
    }
    let roles: Vec<String> = roles.iter().map(|role| format!("\"{role}\"")).collect();
    roles.join(", ")
}

fn claims_machine(page: &mut Page, plan: &Plan<'_>) {
    page.line("");
    page.say(&text!(ja: "オンライン請求端末", en: "online-claims terminal"));
    page.line("[machines.claims-1]");
    page.line("roles = [\"online-claims-terminal\"]");
    let nic = match (plan.line, plan.claims) {
        (LineFact::IpVpn, Method::Ipoe) => {
            Nic { zone: "edge-lan", host: None, rest: "ipv6 = \"ra\"" }
        }
        (LineFact::IpVpn, _) => Nic { zone: "edge-lan", host: None, rest: "" },
        _ => Nic { zone: "terminal-lan", host: None, rest: "gateway = \"router-b\"" },
    };
    nics(page, &[nic], "claims-1");
    certificate(page, "claims-1", "\"claims\"");
    own_line(page, plan, true, CLOSED);
}

/// A PPPoE session or a tunnel that the machine ends itself.
fn own_line(page: &mut Page, plan: &Plan<'_>, has_claims: bool, firewall: &str) {
    let session = match plan.line {
        LineFact::IpVpn if has_claims && plan.claims == Method::Pppoe => {
            "pppoe = { through = \"router-b\", secret = \"env:PPPOE_CLAIMS\" }"
        }
        LineFact::IpVpn if !has_claims && plan.eligibility == Method::Pppoe => {
            "pppoe = { through = \"router-b\", to = \"eligibility-net\", secret = \
             \"env:PPPOE_ELIGIBILITY\" }"
        }
        LineFact::IpsecTerminal => {
            "tunnel = { through = \"router-b\", secret = \"env:IPSEC_KEY\" }"
        }
        _ => return,
    };
    page.line(session);
    page.ask(
        text!(
            ja: "端末自身のファイアウォールが着信を閉じていること（ルータはこの中を見られません）",
            en: "that the machine's own firewall is closed (no router sees what is inside)",
        ),
        installer(),
        firewall,
    );
}

/// A machine that nobody asks for anything.
const CLOSED: &str = "firewall = \"inbound-closed\"";

/// The firewall of a terminal: open for what the claims computers use, on the side of the house.
fn served(plan: &Plan<'_>) -> String {
    let linkage = plan.answers.get("linkage").unwrap_or("smb");
    let ports = site::Use::read(linkage).filter(|_| !plan.placement.is_merged());
    let Some(linkage) = ports else { return CLOSED.to_owned() };
    let ports: Vec<String> = linkage.ports.iter().map(|port| format!("\"{port}\"")).collect();
    format!(
        "firewall = {{ inbound = \"closed\", open = [{}], on = [\"terminal-lan\"] }}",
        ports.join(", "),
    )
}

fn system(page: &mut Page, name: &str) {
    page.ask(
        text!(
            ja: "`{name}` の OS の版とビルド番号（`winver` に表示されます）",
            en: "edition and build of the operating system of `{name}`, as `winver` shows them",
            name = name,
        ),
        installer(),
        "os = \"windows-10-iot-enterprise-ltsc-2021\"\n# os_build = \"19044.6456\"",
    );
}

fn certificate(page: &mut Page, name: &str, covers: &str) {
    page.ask(
        text!(
            ja: "`{name}` の電子証明書の発行日と有効期限",
            en: "first and last day of the certificate of `{name}`",
            name = name,
        ),
        facility(),
        &format!(
            "certificates = [{{ covers = [{covers}], issued = 2026-11-02, expires = 2030-02-01 }}]",
        ),
    );
}

fn reader(page: &mut Page, name: &str) {
    page.ask(
        text!(
            ja: "`{name}` につないだカードリーダー（1 台だけ）",
            en: "the card reader of `{name}` (one only)",
            name = name,
        ),
        installer(),
        "readers = [\"face\"] # face | generic",
    );
}

struct Nic<'a> {
    zone: &'static str,
    host: Option<&'a Host>,
    rest: &'static str,
}

fn nics(page: &mut Page, nics: &[Nic<'_>], name: &str) {
    page.line("nics = [");
    for nic in nics {
        let is_inner = nic.zone != "edge-lan";
        if is_inner && nic.host.is_none() {
            page.mark(
                text!(
                    ja: "`{name}` のアドレス（ipv4 = \"192.0.2.10\" のように書き足します）",
                    en: "address of `{name}`, to be added as in ipv4 = \"192.0.2.10\"",
                    name = name,
                ),
                vendor(),
            );
        }
        let mut parts = vec![format!("zone = \"{}\"", nic.zone)];
        parts.extend(nic.host.map(|host| format!("ipv4 = \"{}\"", host.address)));
        parts.extend((!nic.rest.is_empty()).then(|| nic.rest.to_owned()));
        page.line(&format!("  {{ {} }},", parts.join(", ")));
    }
    page.line("]");
}

/// Hosts from 1; where none is known, one without an address.
fn numbered(hosts: &[Host]) -> Vec<(usize, Option<&Host>)> {
    if hosts.is_empty() {
        return vec![(1, None)];
    }
    (1..).zip(hosts.iter().map(Some)).collect()
}
