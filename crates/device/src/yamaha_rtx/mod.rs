//! Yamaha RTX and NVR routers: `show config` as text. See `README.md` in this folder.

mod applications;
mod assumptions;
mod codes;
mod config;
mod detect;
mod heads;
mod lower;
mod models;
mod parse;
mod secret;
mod settings;
mod text;

use diag::text;
use model::Readings;

use crate::{Config, Input, Lowered, Vendor};

/// The vendor.
pub(crate) static VENDOR: Vendor = Vendor {
    name: "yamaha-rtx",
    title: || text!(ja: "ヤマハ RTX / NVR", en: "Yamaha RTX / NVR"),
    detect: detect::detect,
    parse: |input: &Input<'_>| Box::new(parse::parse(input)),
    route: |prefix, via| {
        let command = if via.is_ipv4() { "ip" } else { "ipv6" };
        format!("{command} route {prefix} gateway {via}")
    },
    secrets: secret::secret_spans,
    assumptions: assumptions::ALL,
    codes: codes::CODES,
};

impl Config for config::RtxConfig {
    fn lower(&self, readings: &Readings) -> Lowered {
        lower::lower(self, readings)
    }
}
