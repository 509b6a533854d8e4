//! The protocols that a rule speaks of, from left to right. nft refuses a field of one protocol
//! behind a condition that asks for another.

use crate::registry::linux::config::TableFamily;

/// What is known of the headers of the packets that reach this place of a rule.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Headers {
    network: Layer,
    transport: Layer,
    icmp: Layer,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
enum Layer {
    #[default]
    Open,
    One(u16),
    /// One of several; nft keeps only the last of them in mind.
    Several,
}

impl Layer {
    /// Asks for `wanted`; whether that can be.
    fn ask(&mut self, wanted: u16) -> bool {
        if *self == Self::Open {
            *self = Self::One(wanted);
        }
        *self == Self::One(wanted)
    }
}

const V4: u16 = model::ethertype::IPV4;
const V6: u16 = model::ethertype::IPV6;

impl Headers {
    /// What is known at the beginning of a rule.
    pub(super) fn of(family: TableFamily) -> Self {
        let network = match family {
            TableFamily::Ip => Layer::One(V4),
            TableFamily::Ip6 => Layer::One(V6),
            TableFamily::Arp => Layer::One(model::ethertype::ARP),
            _ => Layer::Open,
        };
        Self { network, ..Self::default() }
    }

    /// Asks for a network protocol by its EtherType.
    pub(super) fn network(&mut self, wanted: u16) -> bool {
        self.network.ask(wanted)
    }

    /// Whether nothing was asked of the network protocol, or that it is `one`.
    pub(super) fn is_open_or(&self, one: u16) -> bool {
        matches!(self.network, Layer::Open) || self.network == Layer::One(one)
    }

    pub(super) fn v4(&mut self) -> bool {
        self.network.ask(V4)
    }

    pub(super) fn v6(&mut self) -> bool {
        self.network.ask(V6)
    }

    pub(super) fn transport(&mut self, wanted: u8) -> bool {
        self.transport.ask(u16::from(wanted))
    }

    /// The packet is one of several protocols.
    pub(super) fn several_networks(&mut self) -> bool {
        let is_open = self.network == Layer::Open;
        self.network = Layer::Several;
        is_open
    }

    pub(super) fn several_transports(&mut self) -> bool {
        let is_open = self.transport == Layer::Open;
        self.transport = Layer::Several;
        is_open
    }

    pub(super) fn has_transport(&self) -> bool {
        self.transport != Layer::Open
    }

    /// Asks for a packet of IP, of either version.
    pub(super) fn is_ip(&self) -> bool {
        matches!(self.network, Layer::Open | Layer::One(V4 | V6))
    }

    /// The version of IP, if the rule asks for one.
    pub(super) fn version(&self) -> Option<u8> {
        match self.network {
            Layer::One(V4) => Some(4),
            Layer::One(V6) => Some(6),
            _ => None,
        }
    }

    /// Asks for a type of ICMP by the group of types that share a field.
    pub(super) fn icmp(&mut self, group: u16) -> bool {
        self.icmp.ask(group)
    }
}
