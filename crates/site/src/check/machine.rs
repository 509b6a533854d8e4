//! What one machine says of itself and cannot be: openings without an interface, a base without
//! a second function, a session to nobody knows where.

use diag::{Diagnostic, text};

use crate::{AccessMethod, Firewall, Line, LineKind, Machine, Pppoe, Role, Site, Spanned, codes};

/// Adds what is wrong with each machine alone.
pub(crate) fn check(site: &Site, found: &mut Vec<Diagnostic>) {
    for machine in &site.machines {
        openings(machine, found);
        base(machine, found);
        far_end(site, machine, found);
    }
}

/// Who is at the other end of the machine's PPPoE session, where it is not written and cannot be
/// guessed.
fn far_end(site: &Site, machine: &Machine, found: &mut Vec<Diagnostic>) {
    let (Some(line), Some(session)) = (&site.line, &machine.pppoe) else { return };
    if session.value.to.is_empty() && !is_of_claims(&line.value, machine) {
        found.push(unwritten_end(machine, session));
    }
}

/// Whether a session of `machine` without `to` is the one for claims.
fn is_of_claims(line: &Line, machine: &Machine) -> bool {
    let method = line.claims.as_ref().map(|written| written.value);
    let sends_nothing = [Role::Server, Role::Other];
    line.kind.value == LineKind::IpVpn
        && method == Some(AccessMethod::Pppoe)
        && machine.roles.iter().any(|role| !sends_nothing.contains(&role.value))
}

fn unwritten_end(machine: &Machine, session: &Spanned<Pppoe>) -> Diagnostic {
    let headline = text!(
        ja: "`{machine}` の PPPoE セッションの相手先の網が書かれていません",
        en: "to which network the PPPoE session of `{machine}` leads is not written",
        machine = machine.name.value,
    );
    Diagnostic::error(codes::UNWRITTEN_END, headline).at(session.span).advise(text!(
        ja: "`to = [\"claims-net\"]` のように、相手先の網を書いてください",
        en: "write the network at its other end, such as `to = [\"claims-net\"]`",
    ))
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
