//! Traffic selectors of swanctl.conf.

use std::net::IpAddr;

use diag::{Span, text};
use model::{Family, Net, Ranges};

use crate::registry::linux::config::{Notes, TrafficSelector, Unread};
use crate::registry::linux::lower::effect::ALL;

/// Selectors such as `192.0.2.0/24[tcp/443], dynamic`; `None` and a gap where one is not read.
pub(super) fn selectors(
    written: Option<(&str, Span)>,
    notes: &mut Notes,
) -> Option<Vec<TrafficSelector>> {
    let Some((text, span)) = written else {
        return Some(vec![TrafficSelector {
            addresses: None,
            protocol: None,
            port: None,
            is_widened: false,
        }]);
    };
    let all: Option<Vec<TrafficSelector>> =
        text.split(',').map(|one| selector(one.trim())).collect();
    if all.is_none() {
        let what = text!(
            ja: "読めないトラフィックセレクター", en: "a traffic selector that cannot be read",
        );
        notes.part(Unread { span, what, effects: ALL, family: None });
    }
    all
}

fn selector(text: &str) -> Option<TrafficSelector> {
    let (addresses, suffix) = match text.split_once('[') {
        Some((before, rest)) => (before, rest.strip_suffix(']')?),
        None => (text, ""),
    };
    let (protocol, port) = match suffix.split_once('/') {
        Some((protocol, port)) => (protocol, port),
        None => (suffix, ""),
    };
    let protocol = match protocol {
        "" | "any" => None,
        "tcp" => Some(model::protocol::TCP),
        "udp" => Some(model::protocol::UDP),
        // Zero is any.
        other => Some(other.parse().ok()?).filter(|number| *number != 0),
    };
    let port: Option<u16> = match port {
        "" | "any" => None,
        other => Some(other.parse().ok()?),
    };
    let has_ports = matches!(protocol, Some(model::protocol::TCP | model::protocol::UDP));
    if port.is_some() && !has_ports {
        return None;
    }
    let (addresses, is_widened) = match addresses {
        "dynamic" => (None, false),
        one => {
            let (family, ranges, is_widened) = ranges(one)?;
            (Some((family, ranges)), is_widened)
        }
    };
    Some(TrafficSelector { addresses, protocol, port, is_widened })
}

/// Addresses of a selector as the policies of the kernel hold them, and whether they are more than
/// what is written: a policy has a subnet, and strongSwan takes the smallest that holds both ends
/// of a range.
///
/// # Source
/// strongSwan 5.9.8, `traffic_selector_t.to_subnet`; seen with `ip xfrm policy` (2026-11).
fn ranges(text: &str) -> Option<(Family, Ranges, bool)> {
    if let Some((low, high)) = text.split_once('-') {
        let (low, high): (IpAddr, IpAddr) = (low.parse().ok()?, high.parse().ok()?);
        let family = Family::of(low);
        let (from, to) = (Family::number(low), Family::number(high));
        if family != Family::of(high) || from > to {
            return None;
        }
        let open = u128::BITS - (from ^ to).leading_zeros();
        let rest = 1_u128.checked_shl(open).map_or(u128::MAX, |size| size - 1);
        let subnet = (from & !rest, from | rest);
        let ranges = Ranges::span(subnet.0, subnet.1);
        return Some((family, ranges, subnet != (from, to)));
    }
    let net = match text.parse::<IpAddr>() {
        Ok(address) => Net::host(address),
        Err(_) => text.parse::<Net>().ok()?.prefix(),
    };
    Some((net.family(), net.ranges(), false))
}
