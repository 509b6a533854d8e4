//! Translations to the address that an interface has: `masquerade` and `redirect`.

use diag::{Diagnostic, text};
use model::{
    AddressSource, Family, Hop, InterfaceAddress, InterfaceIndex, InterfaceKind, Match, Node,
};

use super::chain::Lists;
use super::condition::all_pairs;
use super::effect::TRANSLATE;
use super::nat::{Rules, push, too_much};
use super::own_route::leads;
use crate::registry::linux::config::{Hook, Nat, NatKind, Rule};

/// `masquerade` and `redirect`: to the address of the interface.
pub(super) fn own_address(
    lists: &mut Lists<'_>,
    rules: &mut Rules<'_>,
    rule: &Rule,
    nat: &Nat,
    matches: &[Match],
) {
    if nat.kind == NatKind::Redirect && rules.hook == Hook::Output {
        too_much(lists, nat);
        return;
    }
    let interfaces: Vec<(InterfaceIndex, String)> =
        rules.node.interfaces().map(|(index, one)| (index, one.name.clone())).collect();
    for (index, name) in interfaces {
        for family in Family::ALL {
            let mut here = Match::family(family);
            match nat.kind {
                NatKind::Masquerade => here.out_interfaces = Some(vec![index]),
                _ => here.in_interfaces = Some(vec![index]),
            }
            let both = all_pairs(matches, &[here]).unwrap_or_default();
            if both.is_empty() || is_idle(rules.node, index, family, nat.kind) {
                continue;
            }
            let addresses = &rules.node.interface(index).addresses;
            let own = addresses.iter().filter_map(|one| one.net).map(model::Net::address);
            match own.filter(|address| Family::of(*address) == family).collect::<Vec<_>>()[..] {
                [] => unknown_address(lists, nat, &name, (index, family)),
                [first, ..] => push(lists, rules, rule, nat, &both, first),
            }
        }
    }
}

/// Whether no packet of `family` is ever translated there: the router forwards none and has no
/// address of it, or they would have to come in by a loopback.
fn is_idle(node: &Node, index: InterfaceIndex, family: Family, kind: NatKind) -> bool {
    let of = |own: &InterfaceAddress| match own.source {
        AddressSource::Static => own.net.map(model::Net::family),
        AddressSource::Dhcp { .. } | AddressSource::Ipcp => Some(Family::V4),
        AddressSource::Advertised | AddressSource::Delegated { .. } => Some(Family::V6),
    };
    let mut all = node.interfaces.iter().flat_map(|one| &one.addresses);
    let has_none = !node.forwards(family) && !all.any(|own| of(own) == Some(family));
    let is_loopback = node.interface(index).kind == InterfaceKind::Loopback;
    let is_unused = match kind {
        NatKind::Redirect => is_loopback,
        _ => !may_leave(node, index, family, of),
    };
    has_none || is_unused
}

/// Whether packets of `family` may leave by an interface: it has an address of it, or a route
/// leads there.
fn may_leave(
    node: &Node,
    index: InterfaceIndex,
    family: Family,
    of: impl Fn(&InterfaceAddress) -> Option<Family>,
) -> bool {
    let has_address = node.interface(index).addresses.iter().any(|own| of(own) == Some(family));
    let routes = node.routes.iter().filter(|route| route.prefix.family() == family);
    let mut hops = routes.flat_map(|route| &route.hops).map(|hop| hop.hop);
    has_address
        || hops.any(|hop| hop != Hop::Discard && leads(node, hop).is_none_or(|to| to == index))
}

fn unknown_address(
    lists: &mut Lists<'_>,
    nat: &Nat,
    name: &str,
    (interface, family): (InterfaceIndex, Family),
) {
    let what = text!(
        ja: "`{name}` の {family} アドレスが分からないアドレス変換",
        en: "a translation to the unknown {family} address of `{name}`",
        name = name, family = family.name(),
    );
    lists.report.say(
        nat.span,
        Diagnostic::warning("R158", text!(ja: "{what}です", en: "this is {what}", what = what))
            .advise(text!(
                ja: "`address {name} …` か `ip -j addr` の出力でアドレスを示してください",
                en: "give the address with `address {name} …` or the output of `ip -j addr`",
                name = name,
            )),
    );
    lists.report.gap(what, TRANSLATE, (Some(interface), Some(family)));
}
