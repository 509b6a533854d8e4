//! Addresses and prefixes, alone or beside the words that stand for one.

use std::net::{IpAddr, Ipv4Addr};

use diag::{Diagnostic, Span, text};

use super::fields::Context;
use super::kinds::StringKind;
use super::scalars::{malformed_diagnostic, quoted};
use super::shape::{Doc, Scalar};
use crate::{Hop, Net, NicIpv6, RouteTarget, ZoneIpv6, codes, suggest};

/// Which families a value may be of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Ipv4,
    Ipv6,
    Both,
}

impl Family {
    fn has(self, address: IpAddr) -> bool {
        match self {
            Self::Ipv4 => address.is_ipv4(),
            Self::Ipv6 => address.is_ipv6(),
            Self::Both => true,
        }
    }
}

/// What `text` says if it is a prefix at all.
enum PrefixReading {
    Good(Net),
    HostBits(Net),
    Mask(Net),
    Bad,
}

fn prefix_of(text: &str) -> PrefixReading {
    let Some((address, length)) = text.split_once('/') else { return PrefixReading::Bad };
    let Ok(address) = address.parse::<IpAddr>() else { return PrefixReading::Bad };
    if let Ok(mask) = length.parse::<Ipv4Addr>() {
        let bits = u32::from(mask);
        let ones = bits.leading_ones();
        let is_mask = bits.count_ones() == ones;
        let net = is_mask.then(|| Net::around(address, u8::try_from(ones).unwrap_or(32)));
        return net.flatten().map_or(PrefixReading::Bad, PrefixReading::Mask);
    }
    let is_plain = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
    let length = if is_plain { length.parse::<u8>().ok() } else { None };
    let Some(length) = length else { return PrefixReading::Bad };
    match Net::new(address, length) {
        Some(net) => PrefixReading::Good(net),
        None => Net::around(address, length).map_or(PrefixReading::Bad, PrefixReading::HostBits),
    }
}

fn read_prefix(
    context: &mut Context<'_>,
    text: &str,
    span: Span,
    family: Family,
    scalar: &Scalar,
) -> Option<Net> {
    let reading = prefix_of(text);
    if let PrefixReading::Good(net) = reading
        && family.has(net.address())
    {
        return Some(net);
    }
    let base = malformed_diagnostic(context, codes::MALFORMED_PREFIX, text, span, scalar);
    let diagnostic = match reading {
        PrefixReading::Good(net) => base.because(wrong_family(net.is_ipv4())),
        PrefixReading::HostBits(net) => Diagnostic::error(
            codes::MALFORMED_PREFIX,
            text!(
                ja: "`{key}` の `{text}` はネットワークではなくアドレスを指しています",
                en: "`{key}` holds `{text}`, which names an address, not a network",
                key = context.path(), text = quoted(text),
            ),
        )
        .at(span)
        .because(text!(
            ja: "プレフィックス長より後ろのビットは 0 でなければなりません",
            en: "the bits behind the prefix length have to be zero",
        ))
        .advise(text!(
            ja: "ネットワークであれば `{net}` と書いてください",
            en: "write `{net}` for the network",
            net = net,
        ))
        .mend(span, format!("\"{net}\"")),
        PrefixReading::Mask(net) => base
            .because(text!(
                ja: "ネットマスクではなく、プレフィックス長で書きます",
                en: "the length of the prefix is written, not a netmask",
            ))
            .mend(span, format!("\"{net}\"")),
        PrefixReading::Bad => bad_prefix(base, text, span),
    };
    context.report(diagnostic);
    None
}

fn bad_prefix(base: Diagnostic, text: &str, span: Span) -> Diagnostic {
    let half = suggest::half_width(text);
    if half != text
        && let PrefixReading::Good(net) = prefix_of(half.trim())
    {
        return base.because(full_width()).mend(span, format!("\"{net}\""));
    }
    if text.parse::<IpAddr>().is_ok() {
        return base.because(text!(
            ja: "アドレスの後ろにプレフィックス長（`/24` など）がありません",
            en: "the length of the prefix, such as `/24`, is missing behind the address",
        ));
    }
    base
}

fn full_width() -> diag::Text {
    text!(
        ja: "全角の文字があります。アドレスは半角で書きます",
        en: "there are full-width characters; an address is written in half-width ones",
    )
}

fn wrong_family(is_ipv4: bool) -> diag::Text {
    let (found, key) = if is_ipv4 { ("IPv4", "ipv4") } else { ("IPv6", "ipv6") };
    text!(
        ja: "これは {found} です。{found} は `{key}` に書きます",
        en: "this is {found}, which is written under `{key}`",
        found = found, key = key,
    )
}

fn read_address(
    context: &mut Context<'_>,
    text: &str,
    span: Span,
    family: Family,
    scalar: &Scalar,
) -> Option<IpAddr> {
    let parsed = text.parse::<IpAddr>().ok();
    if let Some(address) = parsed.filter(|address| family.has(*address)) {
        return Some(address);
    }
    let base = malformed_diagnostic(context, codes::MALFORMED_ADDRESS, text, span, scalar);
    let half = suggest::half_width(text);
    let diagnostic = if let Some(address) = parsed {
        base.because(wrong_family(address.is_ipv4()))
    } else if let Some(address) = without_length(text) {
        base.because(text!(
            ja: "プレフィックス長はゾーンの側に書きます",
            en: "the length of the prefix is written at the zone",
        ))
        .mend(span, format!("\"{address}\""))
    } else if let Some(address) = half.trim().parse::<IpAddr>().ok().filter(|_| half != text) {
        base.because(full_width()).mend(span, format!("\"{address}\""))
    } else if has_leading_zero(text) {
        base.because(text!(
            ja: "各数字の先頭に `0` を付けません（`192.0.2.001` ではなく `192.0.2.1`）",
            en: "no number may begin with `0` (`192.0.2.1`, not `192.0.2.001`)",
        ))
    } else {
        base
    };
    context.report(diagnostic);
    None
}

fn without_length(text: &str) -> Option<IpAddr> {
    let (address, length) = text.split_once('/')?;
    length.parse::<u8>().ok()?;
    address.parse().ok()
}

fn has_leading_zero(text: &str) -> bool {
    text.contains('.') && text.split('.').any(|part| part.len() > 1 && part.starts_with('0'))
}

/// Whether a value that may be a name or an address was meant as an address.
fn looks_like_address(text: &str) -> bool {
    let half = suggest::half_width(text);
    half.contains(':')
        || (half.contains('.') && half.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
        || without_length(&half).is_some()
}

/// An IPv4 prefix.
pub(crate) struct Ipv4Prefix;

impl StringKind for Ipv4Prefix {
    type Value = Net;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc { ja: "IPv4 プレフィックス", en: "an IPv4 prefix" },
        example: "\"192.0.2.0/24\"",
        pattern: r"^[0-9]+(\.[0-9]+){3}/[0-9]+$",
    };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<Net> {
        read_prefix(context, text, span, Family::Ipv4, Self::SCALAR)
    }
}

/// An IPv6 prefix.
pub(crate) struct Ipv6Prefix;

impl StringKind for Ipv6Prefix {
    type Value = Net;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc { ja: "IPv6 プレフィックス", en: "an IPv6 prefix" },
        example: "\"2001:db8::/64\"",
        pattern: r"^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*/[0-9]+$",
    };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<Net> {
        read_prefix(context, text, span, Family::Ipv6, Self::SCALAR)
    }
}

/// A prefix of either family.
pub(crate) struct Prefix;

impl StringKind for Prefix {
    type Value = Net;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc { ja: "プレフィックス", en: "a prefix" },
        example: "\"203.0.113.0/24\"",
        pattern: r"^[0-9A-Fa-f:.]+/[0-9]+$",
    };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<Net> {
        read_prefix(context, text, span, Family::Both, Self::SCALAR)
    }
}

/// `ra` or an IPv6 prefix.
pub(crate) struct ZoneIpv6Text;

impl StringKind for ZoneIpv6Text {
    type Value = ZoneIpv6;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc { ja: "`ra` または IPv6 プレフィックス", en: "`ra` or an IPv6 prefix" },
        example: "\"ra\"",
        pattern: r"^(ra|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*/[0-9]+)$",
    };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<ZoneIpv6> {
        if text == "ra" {
            return Some(ZoneIpv6::Ra);
        }
        read_prefix(context, text, span, Family::Ipv6, Self::SCALAR).map(ZoneIpv6::Prefix)
    }
}

/// An IPv4 address.
pub(crate) struct Ipv4Text;

impl StringKind for Ipv4Text {
    type Value = Ipv4Addr;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc { ja: "IPv4 アドレス", en: "an IPv4 address" },
        example: "\"192.0.2.20\"",
        pattern: r"^[0-9]+(\.[0-9]+){3}$",
    };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<Ipv4Addr> {
        match read_address(context, text, span, Family::Ipv4, Self::SCALAR)? {
            IpAddr::V4(address) => Some(address),
            IpAddr::V6(_) => None,
        }
    }
}

/// `ra`, `off` or an IPv6 address.
pub(crate) struct NicIpv6Text;

impl StringKind for NicIpv6Text {
    type Value = NicIpv6;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc {
            ja: "`ra`、`off` または IPv6 アドレス", en: "`ra`, `off` or an IPv6 address"
        },
        example: "\"ra\"",
        pattern: r"^(ra|off|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$",
    };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<NicIpv6> {
        match text {
            "ra" => return Some(NicIpv6::Ra),
            "off" => return Some(NicIpv6::Off),
            _ => {}
        }
        match read_address(context, text, span, Family::Ipv6, Self::SCALAR)? {
            IpAddr::V6(address) => Some(NicIpv6::Address(address)),
            IpAddr::V4(_) => None,
        }
    }
}

/// A router by name, or an address.
pub(crate) struct HopText;

impl StringKind for HopText {
    type Value = Hop;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc {
            ja: "ルータの名前またはアドレス", en: "the name of a router or an address"
        },
        example: "\"router-a\"",
        pattern: r"\S",
    };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<Hop> {
        if looks_like_address(text) || text.trim().is_empty() {
            return read_address(context, text, span, Family::Both, Self::SCALAR).map(Hop::Address);
        }
        Some(Hop::Router(text.to_owned()))
    }
}

/// `default`, a zone by name, or a prefix.
pub(crate) struct TargetText;

impl StringKind for TargetText {
    type Value = RouteTarget;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc {
            ja: "`default`・ゾーンの名前・プレフィックスのどれか",
            en: "`default`, the name of a zone or a prefix",
        },
        example: "\"claims-lan\"",
        pattern: r"\S",
    };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<RouteTarget> {
        if text == "default" {
            return Some(RouteTarget::Default);
        }
        if text.contains('/') || looks_like_address(text) || text.trim().is_empty() {
            return read_prefix(context, text, span, Family::Both, Self::SCALAR)
                .map(RouteTarget::Prefix);
        }
        Some(RouteTarget::Zone(text.to_owned()))
    }
}
