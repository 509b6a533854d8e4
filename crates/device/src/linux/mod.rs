//! Linux routers: nftables rulesets, `ip -j` output, a small declared file, and swanctl.conf.

mod assumption;
mod codes;
mod config;
mod detect;
mod lower;
mod net;
mod parse;
mod setting;
mod swanctl;

use diag::text;

/// The vendor `linux`.
pub(crate) static VENDOR: crate::Vendor = crate::Vendor {
    name: "linux",
    title: || text!(ja: "Linux（nftables）", en: "Linux (nftables)"),
    detect: detect::detect,
    parse: |input| Box::new(parse::router(input)),
    route: |prefix, via| format!("ip route add {prefix} via {via}"),
    // Of all files only swanctl.conf holds secrets.
    secrets: swanctl::secrets,
    assumptions: assumption::ALL,
    codes: &[codes::CODES],
};

impl crate::Config for config::Router {
    fn lower(&self, readings: &model::Readings) -> crate::Lowered {
        lower::router(self, readings)
    }
}
