//! Ways of connecting that compose with any placement.

use diag::{Text, text};

use crate::{Edition, LineFact};

/// A way of connecting that differs from what the pages draw.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Variant {
    /// Eligibility goes over IPv4 in a PPPoE session, as with some carriers (R17).
    EligibilityInPppoe,
    /// Online claims go over IPv6 without a session.
    ClaimsOverIpv6,
    /// A claims computer or a server talks with the centre itself.
    WebApi,
}

/// All variants.
#[must_use]
pub fn variants() -> [Variant; 3] {
    [Variant::EligibilityInPppoe, Variant::ClaimsOverIpv6, Variant::WebApi]
}

impl Variant {
    /// Its id.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::EligibilityInPppoe => "eligibility-in-pppoe",
            Self::ClaimsOverIpv6 => "claims-over-ipv6",
            Self::WebApi => "web-api",
        }
    }

    /// What it is, in words.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::EligibilityInPppoe => text!(
                ja: "PPPoE の IPv4 による資格確認",
                en: "eligibility over IPv4 in PPPoE",
            ),
            Self::ClaimsOverIpv6 => text!(
                ja: "IPv6（IPoE）によるオンライン請求",
                en: "online claims over IPv6 (IPoE)",
            ),
            Self::WebApi => text!(
                ja: "レセコン等からの Web API 接続",
                en: "a claims computer or server that uses the Web API",
            ),
        }
    }

    /// The edition from which it is a regular way.
    #[must_use]
    pub fn since(self) -> Edition {
        match self {
            Self::EligibilityInPppoe => Edition::Y2021,
            Self::ClaimsOverIpv6 | Self::WebApi => Edition::Y2023,
        }
    }

    /// Whether there can be such a thing on this kind of line.
    #[must_use]
    pub fn fits(self, line: LineFact) -> bool {
        match self {
            Self::EligibilityInPppoe | Self::ClaimsOverIpv6 => line == LineFact::IpVpn,
            Self::WebApi => true,
        }
    }
}
