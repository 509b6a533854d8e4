//! What decides whether a connection of swanctl.conf is loaded and comes up at all.

use diag::{Span, Text, text};
use model::Net;

use super::{Section, is_word, value};
use crate::registry::linux::config::{Notes, TrafficSelector, Unread};
use crate::registry::linux::lower::effect::{ALL, DENY};

/// Reports sections beside the connections for which strongSwan may load no connection:
/// `--load-all` ends at the first authority or pool that it refuses.
///
/// # Source
/// strongSwan 5.9.8, asked with `swanctl --load-all` (2026-11).
pub(super) fn others(root: &Section, notes: &mut Notes) {
    let named = |word: &'static str| {
        let all = root.sections.iter().filter(move |one| is_word(&one.name, word));
        all.flat_map(|all| &all.sections)
    };
    let pools = named("pools").filter(|pool| !is_loaded(pool));
    for one in named("authorities").chain(pools) {
        let Some(span) = one.span else { continue };
        let what = text!(
            ja: "swanctl.conf の `authorities` か `pools` の `{name}`（読み込めなければ、接続は一つ\
                 も読み込まれません）",
            en: "`{name}` under `authorities` or `pools` of swanctl.conf (no connection is loaded \
                 if strongSwan refuses it)",
            name = one.name,
        );
        notes.part(Unread { span, what, effects: ALL, family: None });
    }
}

/// Whether strongSwan is known to load a pool: one with a subnet and nothing else.
fn is_loaded(pool: &Section) -> bool {
    let is_net = |(key, value, _): &(String, String, Span)| {
        key == "addrs" && value.contains('/') && value.parse::<Net>().is_ok()
    };
    pool.sections.is_empty() && !pool.pairs.is_empty() && pool.pairs.iter().all(is_net)
}

/// Reports what may keep the tunnel of a child down, or packets out of it.
pub(super) fn perhaps_down(
    connection: &Section,
    child: &Section,
    [local, remote]: [&[TrafficSelector]; 2],
    first: Span,
    notes: &mut Notes,
) {
    let mut found: Vec<(Span, Text)> = Vec::new();
    if local.iter().chain(remote).any(|one| one.is_widened) {
        let what = text!(
            ja: "サブネットではないアドレスの範囲（カーネルはそれを含むサブネットを保護しますが、相\
                 手とはその範囲だけを合意します）",
            en: "a range of addresses that is no subnet (the kernel protects the subnet around it, \
                 and the peer has agreed to the range only)",
        );
        found.push((place(child, &["remote_ts", "local_ts"], first), what));
    }
    if is_number(connection, "version", 1) && (local.len() > 1 || remote.len() > 1) {
        let what = text!(
            ja: "IKEv1 の二つ目以降のトラフィックセレクター（使われません）",
            en: "traffic selectors of IKEv1 after the first, which do not work",
        );
        found.push((place(child, &["remote_ts", "local_ts"], first), what));
    }
    for key in ["local_port", "remote_port"] {
        if let Some((port, span)) = connection.value(key)
            && !port.is_empty()
            && !is_number(connection, key, 500)
        {
            let what = text!(
                ja: "鍵交換のポート {port}（`{key}`）",
                en: "key exchange at the port {port} (`{key}`)",
                port = port, key = key,
            );
            found.push((span, what));
        }
    }
    if let Some((offload, span)) = child.value("hw_offload")
        && offload.eq_ignore_ascii_case("yes")
    {
        let what = text!(
            ja: "`hw_offload = yes`（対応しないインターフェースでは IPsec がつながりません）",
            en: "`hw_offload = yes`, with which no tunnel comes up on an interface without it",
        );
        found.push((span, what));
    }
    for (span, what) in found {
        notes.part(Unread { span, what, effects: DENY, family: None });
    }
}

fn is_number(section: &Section, key: &str, number: u32) -> bool {
    section.value(key).and_then(|(value, _)| value::number(value)) == Some(number)
}

/// Where the first of `keys` stands.
fn place(section: &Section, keys: &[&str], first: Span) -> Span {
    keys.iter().find_map(|key| section.value(key)).map_or(first, |(_, span)| span)
}
