//! The site file and the devices' models put together: one network, who is who in it, and the
//! flows that the site needs.
//!
//! It judges nothing. What it has to guess about the line it names as an assumption.

mod advertised;
mod blueprint;
mod bridge;
mod build;
mod carrier;
mod codes;
mod contract;
mod flow;
mod heard;
mod hop;
mod machine;
mod machine_tunnel;
mod outside;
mod own_address;
mod own_firewall;
mod own_line;
mod own_prefix;
mod relay;
mod router;
mod session;
mod standin;
mod turn;
mod way_back;

pub use blueprint::{
    Blueprint, Catalogue, Destination, Flow, LineTunnel, Parties, Ports, Resolver, Server,
    SessionLine, Setting, UndeclaredLine,
};
pub use build::build;
pub use codes::CODES;
pub use contract::{Contract, is_agreed};
pub use heard::{HEARD, HEARD_BESIDE, taken};
pub use own_firewall::without_own_firewalls;
pub use own_prefix::OwnPrefix;
pub use standin::{LINE_ADDRESS, LINE_PREFIX};
pub use turn::{Turned, turned};
pub use way_back::WAY_BACK;

/// The open points of a site itself; those of a device are its vendor's.
pub static ASSUMPTIONS: [&model::Assumption; 5] =
    [&LINE_PREFIX, &LINE_ADDRESS, &WAY_BACK, &HEARD, &HEARD_BESIDE];
