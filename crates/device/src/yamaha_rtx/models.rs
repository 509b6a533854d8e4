//! What the models have: interfaces, and numbers up to which commands are taken.

/// What is sure to be there on a model.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Model {
    /// LAN interfaces, from `lan1`.
    pub(crate) lans: u16,
    /// Whether `onu1` exists.
    pub(crate) has_onu: bool,
    /// Tunnels and gateways of IPsec.
    pub(crate) tunnels: u16,
    /// Numbers of `pp`.
    pub(crate) peers: u16,
    /// Whether it may have the command `pppoe pass-through`; since when is a fact of packs.
    pub(crate) has_pass_through: bool,
    /// Whether the command reference covers it, whose words are read here.
    pub(crate) coverage: Coverage,
}

/// How far the words of the command reference are those of a model.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Coverage {
    /// The reference is about it.
    Covered,
    /// Older or of another series: filters, routes and NAT are the same, other words may lack.
    Related,
    /// Nothing is known about it.
    Foreign,
}

const fn model(lans: u16, tunnels: u16, peers: u16, coverage: Coverage) -> Model {
    let has_pass_through = !matches!(coverage, Coverage::Foreign);
    Model { lans, has_onu: false, tunnels, peers, has_pass_through, coverage }
}

/// A router of which nobody says what it is: it has what every model has.
const UNSAID: Model = model(2, 4, 30, Coverage::Covered);

/// The model called `name`; `None` if nothing says which it is.
///
/// # Source
/// LANs and ONU ports: Yamaha product pages. Tunnels: the number of peers of a VPN on the same
/// pages, without further licences. Numbers of `pp`: general knowledge, the smallest that any
/// such model takes. What is covered: command reference 12.01.
pub(crate) fn model_of(name: Option<&str>) -> Model {
    use Coverage::{Covered, Foreign, Related};
    let Some(name) = name.filter(|name| !name.is_empty()) else { return UNSAID };
    let onu = |model: Model| Model { has_onu: true, ..model };
    match name.to_ascii_uppercase().as_str() {
        "RTX830" | "RTX840" => model(2, 20, 30, Covered),
        "RTX1210" | "RTX1220" | "RTX1300" => model(3, 100, 100, Covered),
        "RTX3500" | "RTX3510" | "RTX5000" => model(4, 1000, 100, Covered),
        "RTX810" | "RTX820" => model(2, 6, 30, Related),
        "FWX120" => model(2, 30, 30, Related),
        // The vendor's page on PPPoE pass-through does not name it.
        "RTX1200" => Model { has_pass_through: false, ..model(3, 100, 100, Related) },
        "NVR500" => model(2, 4, 30, Related),
        "NVR510" => onu(model(2, 4, 30, Related)),
        "NVR700W" => onu(model(2, 20, 30, Related)),
        name if name.starts_with("VRX") => model(3, 20, 30, Covered),
        _ => model(2, 4, 30, Foreign),
    }
}
