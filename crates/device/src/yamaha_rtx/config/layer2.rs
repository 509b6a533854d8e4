//! What divides and joins the ports of a LAN.

/// What a `lan type` says about how its ports are divided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Division {
    /// `port-based-option=divide-network`: a network for each port or VLAN.
    Divided,
    /// `port-based-option=split-into-…`: one network, whose ports do not hear each other.
    Isolated,
    /// `port-based-option=off`.
    Whole,
    /// Another option of that kind, of older models.
    Other,
    /// Nothing.
    Unsaid,
}
