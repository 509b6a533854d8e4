//! What `ip -d link` says of a port of a bridge.

use diag::{Span, text};
use model::Effect;

use super::gap;
use super::key::Object;
use crate::registry::linux::config::Notes;
use crate::registry::linux::lower::effect::{ALL, DENY};

/// Keys that say nothing of which frames pass: what the spanning tree counts, what is learned, and
/// who listens to a group.
const IDLE: [&str; 29] = [
    "bridge_id",
    "config_pending",
    "cost",
    "designated_bridge",
    "designated_cost",
    "designated_port",
    "designated_root",
    "fastleave",
    "forward_delay_timer",
    "group_fwd_mask",
    "group_fwd_mask_str",
    "guard",
    "hairpin",
    "hold_timer",
    "id",
    "learning",
    "mab",
    "mcast_max_groups",
    "mcast_n_groups",
    "mcast_to_unicast",
    "message_age_timer",
    "multicast_router",
    "no",
    "port_id",
    "port_no",
    "priority",
    "root_block",
    "root_id",
    "topology_change_ack",
];

/// Keys with which a port passes less, and other frames, than one without them.
const LIMITS: [&str; 3] = ["isolated", "locked", "vlan_tunnel"];

/// Keys with which the bridge answers for others, or keeps what would ask them.
const ANSWERS: [&str; 4] = ["neigh_suppress", "neigh_vlan_suppress", "proxy_arp", "proxy_arp_wifi"];

/// Keys that are set unless the bridge keeps frames from the port.
const FLOODS: [&str; 3] = ["bcast_flood", "flood", "mcast_flood"];

/// Reads the details of a port.
pub(super) fn read(port: &Object<'_>, span: Span, notes: &mut Notes) {
    port.is_known(&[&IDLE, &LIMITS, &ANSWERS, &FLOODS, &["state"]], span, notes);
    let is_on = |key: &&str| port.has(key) && port.is_set(key);
    let mut say = |key: &str, effects: &'static [Effect]| {
        let what =
            text!(ja: "ブリッジのポートの `{key}`", en: "`{key}` of a bridge port", key = key);
        gap(notes, span, effects, what);
    };
    if let Some(key) = LIMITS.iter().find(|key| is_on(key)) {
        say(key, &[Effect::Deny, Effect::Bridge]);
    }
    let stopped = FLOODS.iter().find(|key| port.has(key) && !port.is_set(key));
    if let Some(key) = ANSWERS.iter().find(|key| is_on(key)).or(stopped) {
        say(key, DENY);
    }
    match port.word("state") {
        None if !port.has("state") => {}
        Some("forwarding") => {}
        Some("disabled" | "listening" | "learning" | "blocking") => say("state", DENY),
        _ => say("state", ALL),
    }
}
