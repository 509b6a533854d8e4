//! Every rule of `docs/PACKET-WALK.md` once, on networks of a few nodes, for IPv4 and IPv6.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail")]

mod builder;
mod layer2;
mod lists;
mod node;
mod routing;
mod sessions;
mod translation;
