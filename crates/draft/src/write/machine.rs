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
        if !plan.is_dialled_by_router {
            page.line(&format!("edge-lan = {{ {ipv6}purpose = \"edge\" }}"));
            return;
        }
        let ipv6 = (!ipv6.is_empty()).then_some("edge-lan.ipv6 = \"ra\"");
        let host = plan.terminals.first().filter(|_| plan.placement.is_merged());
        let what = text!(ja: "ルータB の LAN のアドレス", en: "network on the side of router B");
        match host {
            Some(host) => page.line(&format!("edge-lan.ipv4 = \"{}\"", host.net)),
            None => page.ask(what, installer(), "edge-lan.ipv4 = \"198.51.100.0/28\""),
        }
        ipv6.into_iter().for_each(|line| page.line(line));
        page.line("edge-lan.purpose = \"edge\"");
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
        let name = terminal(plan, number);
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
            LineFact::IpVpn => BACK,
            _ if plan.placement.is_merged() => "gateway = \"router-b\"",
            _ => OUT_AND_BACK,
        };
        let mut written = Vec::new();
        if plan.line != LineFact::IpVpn || !plan.placement.is_merged() {
            written.push(Nic { zone: "terminal-lan", host, rest: inner });
        }
        if plan.line == LineFact::IpVpn {
            let needs_ipv6 = plan.eligibility != Method::Pppoe
                || plan.claims_on_terminal() && plan.claims == Method::Ipoe;
            let rest = edge(plan, needs_ipv6);
            let host = host.filter(|_| plan.placement.is_merged() && plan.is_dialled_by_router);
            written.push(Nic { zone: "edge-lan", host, rest });
        }
        let nets = plan.pppoe_nets(true, plan.claims_on_terminal());
        forwarding(page, plan, &name, written.len() + sessions(plan, &nets));
        nics(page, &written, &name);
        if plan.placement.is_merged() && plan.is_claims_machine_open() {
            page.mark(claims_sender(plan, &name), vendor());
        }
        system(page, plan, &name);
        reader(page, &name);
        // The pages of merged machines name both, unless another machine sends the claims.
        let is_for_both = plan.placement.is_merged() && !plan.has_claims_machine();
        let covers = if is_for_both || plan.claims_on_terminal() {
            "\"eligibility\", \"claims\""
        } else {
            "\"eligibility\""
        };
        certificate(page, &name, covers);
        own_line(page, plan, &nets, &served(plan));
    }
}

/// What is to be written once it is known which machine sends claims; `name` is the one that may.
fn claims_sender(plan: &Plan<'_>, name: &str) -> Text {
    let is_own_session = plan.line == LineFact::IpVpn && !plan.is_dialled_by_router;
    match plan.claims {
        Method::Pppoe if is_own_session && plan.eligibility == Method::Pppoe => text!(
            ja: "オンライン請求をする端末（`{name}` なら `roles` に online-claims-terminal を加え、\
                 `pppoe` の `to` を [\"eligibility-net\", \"claims-net\"] にします。別の端末なら\
                 `[machines.claims-1]` を書き、`{name}` の電子証明書から claims を除きます）",
            en: "the machine that sends claims: for `{name}` add online-claims-terminal to its \
                 `roles` and make `to` of its `pppoe` [\"eligibility-net\", \"claims-net\"]; for \
                 another one write `[machines.claims-1]`, and take claims out of the certificate \
                 of `{name}`",
            name = name,
        ),
        Method::Pppoe | Method::Open if is_own_session => text!(
            ja: "オンライン請求をする端末（`{name}` なら `roles` に online-claims-terminal を加え、\
                 PPPoE で請求するなら `pppoe = {{ through = \"router-b\" }}` と `firewall` も加えま\
                 す。別の端末なら `[machines.claims-1]` を書き、`{name}` の電子証明書から claims を\
                 除きます）",
            en: "the machine that sends claims: for `{name}` add online-claims-terminal to its \
                 `roles`, and if they go over PPPoE `pppoe = {{ through = \"router-b\" }}` and \
                 `firewall`; for another one write `[machines.claims-1]`, and take claims out of \
                 the certificate of `{name}`",
            name = name,
        ),
        _ => text!(
            ja: "オンライン請求をする端末（`{name}` なら `roles` に online-claims-terminal を加えま\
                 す。別の端末なら `[machines.claims-1]` を書き、`{name}` の電子証明書から claims を\
                 除きます）",
            en: "the machine that sends claims: for `{name}` add online-claims-terminal to its \
                 `roles`; for another one write `[machines.claims-1]`, and take claims out of the \
                 certificate of `{name}`",
            name = name,
        ),
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
    // What hands over receipt files by the LAN goes through router A.
    let over_lan = plan.receipt_files();
    let mut written = Vec::new();
    if plan.line == LineFact::IpVpn {
        if over_lan.is_some() {
            written.push(Nic { zone: "terminal-lan", host: None, rest: BACK });
        }
        let rest = match plan.claims {
            Method::Ipoe => "ipv6 = \"ra\"",
            _ => edge(plan, false),
        };
        written.push(Nic { zone: "edge-lan", host: None, rest });
    } else {
        let rest = if over_lan.is_some() { OUT_AND_BACK } else { "gateway = \"router-b\"" };
        written.push(Nic { zone: "terminal-lan", host: None, rest });
    }
    let nets = plan.pppoe_nets(false, true);
    forwarding(page, plan, "claims-1", written.len() + sessions(plan, &nets));
    nics(page, &written, "claims-1");
    certificate(page, "claims-1", "\"claims\"");
    let is_pushed = over_lan == Some("push");
    let firewall = if is_pushed { opened("smb") } else { CLOSED.to_owned() };
    own_line(page, plan, &nets, &firewall);
}

/// The way back to the claims computers.
const BACK: &str = "routes = [{ to = \"claims-lan\", via = \"router-a\" }]";

/// The way to the line by router B, and back to the claims computers by router A.
const OUT_AND_BACK: &str =
    "gateway = \"router-b\", routes = [{ to = \"claims-lan\", via = \"router-a\" }]";

/// What stands beside the zone of an interface on the side of router B.
fn edge(plan: &Plan<'_>, needs_ipv6: bool) -> &'static str {
    match (plan.is_dialled_by_router, needs_ipv6) {
        (false, true) => "ipv6 = \"ra\"",
        (false, false) => "",
        (true, true) => "ipv6 = \"ra\", gateway = \"router-b\"",
        (true, false) => "gateway = \"router-b\"",
    }
}

/// A PPPoE session to `nets` or a tunnel that the machine ends itself.
fn own_line(page: &mut Page, plan: &Plan<'_>, nets: &[&str], firewall: &str) {
    let session = match (plan.line, nets) {
        (LineFact::IpVpn, []) => return,
        (LineFact::IpVpn, _) if plan.is_dialled_by_router => return,
        (LineFact::IpVpn, ["claims-net"]) => {
            "pppoe = { through = \"router-b\", secret = \"env:PPPOE_CLAIMS\" }"
        }
        (LineFact::IpVpn, ["eligibility-net"]) => {
            "pppoe = { through = \"router-b\", to = \"eligibility-net\", secret = \
             \"env:PPPOE_ELIGIBILITY\" }"
        }
        (LineFact::IpVpn, _) => {
            "pppoe = { through = \"router-b\", to = [\"eligibility-net\", \"claims-net\"], \
             secret = \"env:PPPOE_CLAIMS\" }"
        }
        (LineFact::IpsecTerminal, _) => {
            "tunnel = { through = \"router-b\", secret = \"env:IPSEC_KEY\" }"
        }
        (LineFact::IpsecRouter, _) => return,
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
    if plan.placement.is_merged() {
        return CLOSED.to_owned();
    }
    opened(plan.answers.get("linkage").unwrap_or("smb"))
}

/// A firewall that is open for the service `linkage`, on the side of the house.
fn opened(linkage: &str) -> String {
    let Some(linkage) = site::Use::read(linkage) else { return CLOSED.to_owned() };
    let ports: Vec<String> = linkage.ports.iter().map(|port| format!("\"{port}\"")).collect();
    format!(
        "firewall = {{ inbound = \"closed\", open = [{}], on = [\"terminal-lan\"] }}",
        ports.join(", "),
    )
}

fn system(page: &mut Page, plan: &Plan<'_>, name: &str) {
    page.ask(
        text!(
            ja: "`{name}` の OS の版とビルド番号（`winver` に表示されます）",
            en: "edition and build of the operating system of `{name}`, as `winver` shows them",
            name = name,
        ),
        installer(),
        &format!("os = \"windows-10-iot-enterprise-ltsc-2019\"\n# os_build = \"{BUILD}\""),
    );
    if plan.placement.is_merged() {
        page.ask(
            text!(
                ja: "`{name}` で動くソフトウェアの版と、最後に更新した日",
                en: "versions of the programs on `{name}`, and the day of the last change",
                name = name,
            ),
            vendor(),
            &format!("apps = {APPS}\n# changed = 2026-10-20"),
        );
    }
}

/// A build of the sample of an operating system.
const BUILD: &str = "17763.6532";

/// Programs that share a machine, as a sample.
const APPS: &str = "{ eligibility = \"3.5.0\", claims = \"12.4\" }";

/// The tests of the programs that share a machine.
pub(super) fn interference_tests(page: &mut Page, plan: &Plan<'_>) {
    if !plan.placement.is_merged() {
        return;
    }
    for (number, _) in numbered(&plan.terminals) {
        let name = terminal(plan, number);
        page.line("");
        page.ask(
            text!(
                ja: "`{name}` の動作検証の記録（更新のたびに検証し直します）",
                en: "the record of the test of `{name}`, which is made again at every update",
                name = name,
            ),
            vendor(),
            &format!(
                "[[interference_test]]\n# machine = \"{name}\"\n# os_build = \"{BUILD}\"\n\
                 # apps = {APPS}\n# on = 2026-10-21\n# by = \"Example Systems\"\n\
                 # result = \"passed\"",
            ),
        );
    }
}

fn terminal(plan: &Plan<'_>, number: usize) -> String {
    match plan.placement {
        Placement::TerminalOnReceipt => format!("receipt-{number}"),
        _ => format!("terminal-{number}"),
    }
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
        // On the side of router B only what a router passes on over IPv4 has one.
        let needs_address = nic.zone != "edge-lan" || nic.rest.contains("gateway");
        if needs_address && nic.host.is_none() {
            page.mark(
                text!(
                    ja: "`{name}` のアドレス（ipv4 = \"192.0.2.10\" のように書き足します）",
                    en: "address of `{name}`, to be added as in ipv4 = \"192.0.2.10\"",
                    name = name,
                ),
                vendor(),
            );
        }
        if needs_address && nic.zone != "claims-lan" {
            page.mark(
                text!(
                    ja: "`{name}` に設定した DNS サーバ（dns = [\"…\"] のように書き足します。なけれ\
                         ば dns = []）",
                    en: "name servers set on `{name}`, to be added as in dns = [\"…\"]; dns = [] \
                         if none",
                    name = name,
                ),
                installer(),
            );
        }
        let mut parts = vec![format!("zone = \"{}\"", nic.zone)];
        parts.extend(nic.host.map(|host| format!("ipv4 = \"{}\"", host.address)));
        parts.extend((!nic.rest.is_empty()).then(|| nic.rest.to_owned()));
        page.line(&format!("  {{ {} }},", parts.join(", ")));
    }
    page.line("]");
}

/// How many PPPoE sessions to `nets` a machine opens itself.
fn sessions(plan: &Plan<'_>, nets: &[&str]) -> usize {
    usize::from(!nets.is_empty() && !plan.is_dialled_by_router)
}

/// Whether a machine with several interfaces forwards between them, where the page asks that.
fn forwarding(page: &mut Page, plan: &Plan<'_>, name: &str, interfaces: usize) {
    if plan.line != LineFact::IpVpn || interfaces < 2 {
        return;
    }
    page.ask(
        text!(
            ja: "`{name}` が NIC の間でパケットを転送しないこと（`ipconfig /all` の「IP ルーティン\
                 グ有効」が「いいえ」で、接続の共有もブリッジもない）",
            en: "that `{name}` forwards nothing between its interfaces: \"IP Routing Enabled\" of \
                 `ipconfig /all` is \"No\", and no connection is shared or bridged",
            name = name,
        ),
        installer(),
        "forwarding = false",
    );
}

/// Hosts from 1; where none is known, one without an address.
fn numbered(hosts: &[Host]) -> Vec<(usize, Option<&Host>)> {
    if hosts.is_empty() {
        return vec![(1, None)];
    }
    (1..).zip(hosts.iter().map(Some)).collect()
}
