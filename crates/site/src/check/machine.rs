//! What one machine says of itself and cannot be: openings without an interface, a base without
//! a second function.

use diag::{Diagnostic, text};

use crate::{Firewall, Machine, Role, Site, Spanned, codes};

/// Adds what is wrong with each machine alone.
pub(crate) fn check(site: &Site, found: &mut Vec<Diagnostic>) {
    for machine in &site.machines {
        openings(machine, found);
        base(machine, found);
    }
}

fn openings(machine: &Machine, found: &mut Vec<Diagnostic>) {
    let Some(Spanned { value: Firewall::Openings(openings), .. }) = &machine.firewall else {
        return;
    };
    let has = |zone: &str| machine.nics.iter().any(|nic| nic.value.zone.value == zone);
    for zone in openings.on.iter().filter(|zone| !has(&zone.value)) {
        found.push(
            Diagnostic::error(
                codes::OPENING_WITHOUT_NIC,
                text!(
                    ja: "機器 `{machine}` にはゾーン `{zone}` の NIC がありません",
                    en: "the machine `{machine}` has no interface in the zone `{zone}`",
                    machine = machine.name.value, zone = zone.value,
                ),
            )
            .at(zone.span)
            .advise(text!(
                ja: "`on` には、その機器の `nics` にあるゾーンを書いてください",
                en: "write a zone of the machine's own `nics` in `on`",
            )),
        );
    }
}

fn base(machine: &Machine, found: &mut Vec<Diagnostic>) {
    let Some(base) = &machine.base else { return };
    if machine.has_role(Role::ClaimsComputer) && machine.has_role(Role::EligibilityTerminal) {
        return;
    }
    found.push(
        Diagnostic::warning(
            codes::BASE_WITHOUT_MERGER,
            text!(
                ja: "`{machine}` はレセコンと資格確認端末を兼ねていないため、`base` は意味を持ち\
                     ません",
                en: "`base` has no meaning for `{machine}`, which is not claims computer and \
                     terminal in one",
                machine = machine.name.value,
            ),
        )
        .at(base.span)
        .advise(text!(
            ja: "`base` を消すか、`roles` を見直してください",
            en: "remove `base`, or correct `roles`",
        )),
    );
}
