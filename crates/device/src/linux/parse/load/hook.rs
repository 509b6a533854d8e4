//! Which hooks have which statements. The kernel looks at every chain that a base chain leads to.

use super::refusal::{Load, Refusal, Why};
use super::walk::{Chain, Table, Walk};
use crate::registry::linux::config::{ChainKind, Hook, TableFamily};

/// What rules do that only some hooks have; one bit each.
pub(super) const CT: u32 = 1;
pub(super) const DNAT: u32 = 1 << 1;
pub(super) const SNAT: u32 = 1 << 2;
pub(super) const MASQUERADE: u32 = 1 << 3;
pub(super) const REJECT: u32 = 1 << 4;
pub(super) const FIB: u32 = 1 << 5;
pub(super) const FIB_INWARD: u32 = 1 << 6;
pub(super) const FIB_OUTWARD: u32 = 1 << 7;
pub(super) const FIB_TYPE: u32 = 1 << 8;
pub(super) const RT: u32 = 1 << 9;
pub(super) const RT_MTU: u32 = 1 << 10;
pub(super) const SOCKET: u32 = 1 << 11;
pub(super) const PACKET_KIND: u32 = 1 << 12;
pub(super) const RELAY: u32 = 1 << 13;
pub(super) const FLOW: u32 = 1 << 14;
pub(super) const IPSEC_IN: u32 = 1 << 15;
pub(super) const IPSEC_OUT: u32 = 1 << 16;
const ALL: u32 = (1 << 17) - 1;

pub(super) fn is_known(uses: u32) -> bool {
    uses & !ALL == 0
}

/// What the chains of a hook can do.
///
/// # Source
/// Linux 6.1: the `validate` functions of `net/netfilter/nft_*.c`; compared with Linux 6.18.
fn allowed(family: TableFamily, kind: ChainKind, hook: Hook) -> u32 {
    let is_nat = kind == ChainKind::Nat;
    let ip = CT | FIB_TYPE | RT;
    match family {
        TableFamily::Netdev if hook == Hook::Ingress => RELAY | PACKET_KIND | REJECT,
        TableFamily::Netdev => RELAY,
        TableFamily::Bridge => match hook {
            Hook::Prerouting => CT | REJECT | PACKET_KIND,
            Hook::Input => CT | REJECT,
            _ => CT,
        },
        TableFamily::Arp => 0,
        TableFamily::Ip | TableFamily::Ip6 | TableFamily::Inet => match hook {
            Hook::Ingress | Hook::Egress => 0,
            Hook::Prerouting => {
                ip | FIB
                    | IPSEC_IN
                    | FIB_INWARD
                    | SOCKET
                    | REJECT
                    | PACKET_KIND
                    | if is_nat { DNAT } else { 0 }
            }
            Hook::Input => {
                ip | IPSEC_IN | FIB_INWARD | SOCKET | REJECT | if is_nat { SNAT } else { 0 }
            }
            Hook::Forward => {
                ip | IPSEC_IN | IPSEC_OUT | FIB_INWARD | FIB_OUTWARD | REJECT | RT_MTU | FLOW
            }
            Hook::Output => {
                ip | IPSEC_OUT | FIB_OUTWARD | REJECT | RT_MTU | if is_nat { DNAT } else { 0 }
            }
            Hook::Postrouting => {
                ip | IPSEC_OUT | FIB_OUTWARD | RT_MTU | if is_nat { SNAT | MASQUERADE } else { 0 }
            }
        },
    }
}

/// Most chains on the way to a rule, of those that the kernel takes (`NFT_JUMP_STACK_SIZE`).
const DEPTH_MAX: usize = 15;

/// Looks at the calls of all tables: they end somewhere, in no circle, and no chain does what the
/// hooks from which it is called do not have.
pub(super) fn calls(walk: &Walk<'_>) -> Load {
    for table in &walk.tables {
        let depths = depths(table)?;
        for (index, chain) in table.chains.iter().enumerate() {
            if called(table, chain).any(|target| table.chains[target].base.is_some()) {
                return Err(Refusal { span: chain.span, why: Why::Place });
            }
            let Some((kind, hook, _)) = chain.base else { continue };
            let too_deep = depths[index] > DEPTH_MAX;
            if too_deep {
                return Err(Refusal { span: chain.span, why: Why::Circle });
            }
            let allowed = allowed(table.family, kind, hook);
            let mut seen = vec![false; table.chains.len()];
            reached(table, index, &mut seen);
            let reached = table.chains.iter().zip(&seen).filter(|(_, is_reached)| **is_reached);
            for (chain, _) in reached {
                if chain.uses & !allowed != 0 {
                    return Err(Refusal { span: chain.span, why: Why::Hook });
                }
            }
        }
    }
    Ok(())
}

/// The chains that `chain` calls, by itself and through maps.
fn called<'a>(table: &'a Table<'_>, chain: &'a Chain<'_>) -> impl Iterator<Item = usize> + 'a {
    let maps = chain.maps.iter().filter_map(|name| table.set(name));
    let through = maps.flat_map(|map| table.sets[map].calls.iter().map(|(name, _)| *name));
    chain.calls.iter().copied().chain(through).filter_map(|name| table.chain(name))
}

fn reached(table: &Table<'_>, from: usize, seen: &mut [bool]) {
    let mut open = vec![from];
    while let Some(index) = open.pop() {
        if !std::mem::replace(&mut seen[index], true) {
            open.extend(called(table, &table.chains[index]));
        }
    }
}

/// How many calls lie one in the other below each chain.
fn depths(table: &Table<'_>) -> Load<Vec<usize>> {
    let mut depths = vec![0; table.chains.len()];
    // In each round the calls of one more depth are known; what still grows is a circle.
    for round in 0..=table.chains.len() {
        let mut grows = None;
        for (index, chain) in table.chains.iter().enumerate() {
            let deepest = called(table, chain).map(|target| depths[target] + 1).max().unwrap_or(0);
            if deepest > depths[index] {
                depths[index] = deepest;
                grows = Some(index);
            }
        }
        let Some(index) = grows else { return Ok(depths) };
        if depths[index] > DEPTH_MAX || round == table.chains.len() {
            return Err(Refusal { span: table.chains[index].span, why: Why::Circle });
        }
    }
    Ok(depths)
}
