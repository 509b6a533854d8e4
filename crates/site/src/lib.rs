//! The site file: TOML text to a [`Site`] with every place it was written, its JSON Schema
//! and its formatter.
//!
//! It reads no device configuration, no clock and no file: text in, data and diagnostics out.

mod check;
pub mod codes;
mod decode;
mod format;
mod host;
mod model;
mod names;
mod recover;
mod schema;
mod slip;
mod suggest;
mod syntax;
mod uses;
mod values;
mod words;

pub use ::model::Date;
pub use check::wide_destinations;
pub use decode::{SIZE_MAX_BYTES, parse};
pub use format::format;
pub use host::{App, Certificate, Deletion, InterferenceTest, Period, Retention};
pub use model::entry::{Assumption, Destination, Service, Waiver};
pub use model::machine::{
    CardReader, Firewall, FirewallOpenings, Hop, Machine, Nic, NicIpv6, Pppoe, Route, RouteTarget,
    Tunnel,
};
pub use model::router::{Port, Relay, Router, RouterSession, RouterTunnel, Standing};
pub use model::{
    Assessment, Beside, Facility, Line, Listing, ONU, Site, Spanned, Topic, Zone, ZoneIpv6,
};
pub use names::OUTSIDE;
pub use schema::schema;
pub use suggest::{half_width, nearest};
pub use uses::{KnownUse, USES, Use};
pub use values::{Net, PortRange, PortSpec, Secret};
pub use words::{
    AccessMethod, Base, Cover, Edition, Endpoint, FacilityKind, InboundDefault, LineKind,
    OutsideNet, Pass, Reader, RelayKind, Role, RouterRole, TestResult, Word, WordInfo, ZonePurpose,
};
