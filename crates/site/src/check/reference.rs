//! References between entries: every name that is used is declared, and only once.

use std::collections::{BTreeMap, BTreeSet};

use diag::{Diagnostic, Span, Text, text};

use crate::decode::quoted;
use crate::names::Names;
use crate::{Firewall, Hop, Machine, RouteTarget, Site, Spanned, codes, suggest};

/// How many names a slip is compared with, and up to how many diagnostics.
// LIMIT: comparing every name with every name takes minutes in a file of 1 MiB.
const CANDIDATES_MAX: usize = 1000;
const SUGGESTED_MAX: usize = 200;

/// What kind of entry a name belongs to, as a message says it.
fn kind_text(section: &str) -> Text {
    match section {
        "zones" => Text::new("ゾーン", "zone"),
        "machines" => Text::new("機器", "machine"),
        "routers" => Text::new("ルータ", "router"),
        "relays" => Text::new("中継機器", "relay"),
        _ => Text::new("常設回線", "standing line"),
    }
}

/// Two entries that may be named in one place and have one name.
pub(crate) fn shared_names(site: &Site, found: &mut Vec<Diagnostic>) {
    let zones = site.zones.iter().map(|zone| ("zones", &zone.name));
    let machines = site.machines.iter().map(|machine| ("machines", &machine.name));
    let routers = site.routers.iter().map(|router| ("routers", &router.name));
    let relays = site.relays.iter().map(|relay| ("relays", &relay.name));
    let standing = site.standing.iter().map(|line| ("standing", &line.name));
    let mut seen: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
    let mut names: Vec<_> =
        zones.chain(machines).chain(routers).chain(relays).chain(standing).collect();
    names.sort_by_key(|(_, name)| name.span);
    for (section, name) in names {
        let Some((other, first)) = seen.get(name.value.as_str()) else {
            seen.insert(&name.value, (section, name.span));
            continue;
        };
        found.push(
            Diagnostic::error(
                codes::SHARED_NAME,
                text!(
                    ja: "{other}と{kind}が同じ名前 `{name}` です",
                    en: "a {other} and a {kind} are both called `{name}`",
                    other = kind_text(other), kind = kind_text(section), name = name.value,
                ),
            )
            .at(name.span)
            .also(*first, text!(ja: "同じ名前の項目です", en: "the other entry"))
            .advise(text!(
                ja: "どちらかの名前を変え、それを指す箇所も直してください",
                en: "rename one of them, and what refers to it",
            )),
        );
    }
}

/// What the names are looked up in.
struct Lookup<'a> {
    names: &'a Names,
    found: &'a mut Vec<Diagnostic>,
}

/// Every use of a name that nothing declares.
pub(crate) fn references(site: &Site, names: &Names, found: &mut Vec<Diagnostic>) {
    let mut lookup = Lookup { names, found };
    for machine in &site.machines {
        lookup.machine(machine);
    }
    for router in &site.routers {
        for zone in router.ports.iter().flat_map(|port| &port.zones) {
            lookup.zone(zone);
        }
        for tunnel in &router.tunnels {
            lookup.standing(&tunnel.standing);
        }
    }
    for zone in site.relays.iter().flat_map(|relay| &relay.zones) {
        lookup.zone(zone);
    }
    for line in &site.standing {
        lookup.router(&line.router);
    }
    for service in &site.services {
        lookup.party(&service.from);
        lookup.party(&service.to);
    }
    for test in &site.interference_tests {
        lookup.tested(&test.machine);
    }
    for at in site.waivers.iter().filter_map(|waiver| waiver.at.as_ref()) {
        lookup.place(at);
    }
}

impl Lookup<'_> {
    fn machine(&mut self, machine: &Machine) {
        for nic in machine.nics.iter().map(|nic| &nic.value) {
            self.zone(&nic.zone);
            if let Some(gateway) = &nic.gateway {
                self.hop(gateway);
            }
            for route in nic.routes.iter().map(|route| &route.value) {
                if let RouteTarget::Zone(zone) = &route.to.value {
                    self.zone(&Spanned::new(zone.clone(), route.to.span));
                }
                self.hop(&route.via);
            }
            for server in nic.name_servers() {
                self.hop(server);
            }
        }
        if let Some(Spanned { value: Firewall::Openings(openings), .. }) = &machine.firewall {
            for zone in openings.from.iter().chain(&openings.on) {
                self.zone(zone);
            }
        }
        if let Some(pppoe) = &machine.pppoe {
            self.router(&pppoe.value.through);
            if let Some(zone) = &pppoe.value.zone {
                self.zone(zone);
            }
        }
        if let Some(tunnel) = &machine.tunnel {
            self.router(&tunnel.value.through);
        }
    }

    fn hop(&mut self, hop: &Spanned<Hop>) {
        if let Hop::Router(name) = &hop.value {
            self.router(&Spanned::new(name.clone(), hop.span));
        }
    }

    fn zone(&mut self, name: &Spanned<String>) {
        let names = self.names;
        self.find(codes::UNKNOWN_ZONE, &[&names.zones], name, || {
            let help = text!(
                ja: "`[zones.{name}]` を加えるか、名前を直してください",
                en: "add `[zones.{name}]`, or correct the name",
                name = quoted(&name.value),
            );
            (kind_text("zones"), help)
        });
    }

    fn router(&mut self, name: &Spanned<String>) {
        let names = self.names;
        self.find(codes::UNKNOWN_ROUTER, &[&names.routers], name, || {
            let help = text!(
                ja: "`[routers.{name}]` を加えるか、名前を直してください",
                en: "add `[routers.{name}]`, or correct the name",
                name = quoted(&name.value),
            );
            (kind_text("routers"), help)
        });
    }

    fn standing(&mut self, name: &Spanned<String>) {
        let names = self.names;
        self.find(codes::UNKNOWN_STANDING, &[&names.standing], name, || {
            let help = text!(
                ja: "`[standing.{name}]` を加えるか、名前を直してください",
                en: "add `[standing.{name}]`, or correct the name",
                name = quoted(&name.value),
            );
            (kind_text("standing"), help)
        });
    }

    /// A machine.
    fn tested(&mut self, name: &Spanned<String>) {
        let names = self.names;
        self.find(codes::UNKNOWN_NAME, &[&names.machines], name, || {
            let help = text!(
                ja: "`[machines.{name}]` を加えるか、名前を直してください",
                en: "add `[machines.{name}]`, or correct the name",
                name = quoted(&name.value),
            );
            (kind_text("machines"), help)
        });
    }

    /// A machine or a zone.
    fn party(&mut self, name: &Spanned<String>) {
        let names = self.names;
        self.find(codes::UNKNOWN_NAME, &[&names.machines, &names.zones], name, || {
            let help = text!(
                ja: "`[machines]` か `[zones]` にある名前を書いてください",
                en: "write a name that `[machines]` or `[zones]` declares",
            );
            (Text::new("機器またはゾーン", "machine or zone"), help)
        });
    }

    /// Anything that a finding can be about.
    fn place(&mut self, name: &Spanned<String>) {
        let names = self.names;
        let all = [&names.machines, &names.zones, &names.routers, &names.relays, &names.standing];
        self.find(codes::UNKNOWN_NAME, &all, name, || {
            let help = text!(
                ja: "機器・ゾーン・ルータなどの名前を書いてください",
                en: "write the name of a machine, zone, router, relay or standing line",
            );
            (Text::new("機器・ゾーン・ルータなど", "entry"), help)
        });
    }

    /// Reports `name` unless one of `sets` has it.
    fn find(
        &mut self,
        code: &'static str,
        sets: &[&BTreeSet<String>],
        name: &Spanned<String>,
        words: impl FnOnce() -> (Text, Text),
    ) {
        if sets.iter().any(|set| set.contains(&name.value)) {
            return;
        }
        let (what, help) = words();
        let mut diagnostic = Diagnostic::error(
            code,
            text!(
                ja: "`{name}` という{what}は宣言されていません",
                en: "no {what} is called `{name}`",
                name = quoted(&name.value), what = what,
            ),
        )
        .at(name.span);
        let known = sets.iter().copied().flatten().map(String::as_str).take(CANDIDATES_MAX);
        let near = if self.found.len() < SUGGESTED_MAX {
            suggest::nearest(&name.value, known)
        } else {
            None
        };
        let is_case = |near: &&str| near.to_lowercase() == name.value.to_lowercase();
        diagnostic = match near {
            Some(near) if is_case(&near) => diagnostic
                .mend(name.span, format!("\"{near}\""))
                .because(text!(
                    ja: "大文字と小文字は区別します", en: "upper and lower case differ",
                ))
                .advise(text!(
                    ja: "宣言のとおり `{near}` と書いてください",
                    en: "write `{near}` as it is declared", near = near,
                )),
            Some(near) => diagnostic.mend(name.span, format!("\"{near}\"")).advise(text!(
                ja: "`{near}` の書き間違いであれば、直してください",
                en: "write `{near}` if that is what you mean",
                near = near,
            )),
            None => diagnostic.advise(help),
        };
        self.found.push(diagnostic);
    }
}
