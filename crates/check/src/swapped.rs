//! Configurations that the site file gives to the wrong routers.

use diag::{Diagnostic, Label, text};
use model::Node;
use site::{Router, Site, ZoneIpv6};

/// The code of this finding.
pub(crate) const SWAPPED: &str = "P114";

/// Pairs of routers of which each fits where the other is said to stand.
///
/// `nodes` are the routers as their configurations say, in the order of the site file.
pub(crate) fn swapped<'n>(
    site: &Site,
    nodes: impl Fn(usize) -> Option<&'n Node>,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (first, one) in site.routers.iter().enumerate() {
        for (place, other) in site.routers.iter().enumerate().skip(first + 1) {
            let (Some(own), Some(others)) = (nodes(first), nodes(place)) else { continue };
            let as_written = [fit(site, one, own), fit(site, other, others)];
            let turned = [fit(site, one, others), fit(site, other, own)];
            let fits = |fit: &Fit| fit.outside == 0;
            let is_right = as_written.iter().all(fits);
            let is_better = turned.iter().all(fits)
                && turned.iter().any(|fit| fit.inside > 0)
                && as_written.iter().all(|fit| fit.inside == 0);
            if !is_right && is_better {
                found.extend(told(one, other));
            }
        }
    }
    found
}

/// How the addresses of a configuration fit the zones at the ports of a router.
#[derive(Default)]
struct Fit {
    /// Ports with an address of their zone.
    inside: usize,
    /// Ports whose zone has a prefix, and that have no address in it.
    outside: usize,
}

fn fit(site: &Site, router: &Router, node: &Node) -> Fit {
    let mut fit = Fit::default();
    for port in &router.ports {
        let zones = port.zones.iter().filter_map(|zone| site.zone(&zone.value));
        let prefixes = zones.flat_map(|zone| {
            let ipv6 = zone.ipv6.and_then(|ipv6| match ipv6.value {
                ZoneIpv6::Prefix(net) => Some(net),
                ZoneIpv6::Ra => None,
            });
            zone.ipv4.map(|ipv4| ipv4.value).into_iter().chain(ipv6)
        });
        let index = node.find_interface(&port.name.value);
        let addresses = index.map(|index| &node.interfaces[index.0 as usize].addresses);
        for prefix in prefixes {
            let mut own = addresses.into_iter().flatten().filter_map(|address| address.net);
            match own.any(|net| prefix.contains(net.address())) {
                true => fit.inside += 1,
                false => fit.outside += 1,
            }
        }
    }
    fit
}

fn told(one: &Router, other: &Router) -> Option<Diagnostic> {
    let (first, second) = (one.config.first()?, other.config.first()?);
    let headline = text!(
        ja: "`{one}` と `{other}` の設定ファイルが入れ替わっているようです",
        en: "the configurations of `{one}` and `{other}` seem to be swapped",
        one = one.name.value, other = other.name.value,
    );
    let mut found = Diagnostic::error(SWAPPED, headline)
        .at(first.span)
        .because(text!(
            ja: "どちらのアドレスも、もう一方のルータの `ports` のゾーンに合います",
            en: "the addresses of each are those of the zones at the other's `ports`",
        ))
        .advise(text!(
            ja: "`config` の 2 つのファイル名を入れ替えてください",
            en: "exchange the two file names in `config`",
        ));
    found.secondary.push(Label { span: second.span, text: diag::Text::default() });
    Some(found)
}
