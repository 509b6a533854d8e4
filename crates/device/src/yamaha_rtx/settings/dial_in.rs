//! What is said about users who dial in.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use diag::Span;
use model::Ranges;

use super::super::config::{DialInWord, IfName, PoolWord};
use super::Said;

/// All of it.
#[derive(Default)]
pub(crate) struct DialInSettings<'c> {
    /// Numbers of the tunnels that carry them.
    pub(crate) bound: Option<Said<&'c Ranges>>,
    pub(crate) pool: Option<Said<&'c PoolWord>>,
    /// Addresses of single users.
    pub(crate) users: Vec<Said<Ipv4Addr>>,
    /// Numbers of the tunnels that are made like this one.
    pub(crate) templates: BTreeMap<IfName, Said<&'c Ranges>>,
    /// Lines of PPP that carry no IPv6.
    pub(crate) without_v6: BTreeMap<IfName, Span>,
    /// Addresses that DHCP hands out, by the number of the scope.
    pub(crate) scopes: BTreeMap<u32, &'c Ranges>,
    /// Addresses in them that are kept for hosts of a LAN.
    pub(crate) kept: Vec<&'c Ranges>,
}

impl<'c> DialInSettings<'c> {
    /// Takes over what `word` says; the interface that it is about is returned.
    pub(super) fn apply(&mut self, word: &'c DialInWord, span: Span) -> Option<IfName> {
        match word {
            DialInWord::Bind(tunnels) => self.bound = Some((tunnels, span)),
            DialInWord::Pool(pool) => self.pool = Some((pool, span)),
            DialInWord::User(address) => self.users.push((*address, span)),
            DialInWord::Template(name, tunnels) => {
                self.templates.insert(*name, (tunnels, span));
                return Some(*name);
            }
            DialInWord::Ipv6(name, is_carried) => {
                match is_carried {
                    true => self.without_v6.remove(name),
                    false => self.without_v6.insert(*name, span),
                };
                return Some(*name);
            }
            DialInWord::Scope(number, addresses) => {
                self.scopes.insert(*number, addresses);
                return None;
            }
            DialInWord::Kept(addresses) => {
                self.kept.push(addresses);
                return None;
            }
        }
        Some(IfName::PpAnonymous)
    }

    /// The addresses that DHCP may hand out to users who dial in.
    pub(crate) fn leased(&self) -> Ranges {
        let union = |all: Ranges, one: &&Ranges| all.union(one);
        let scopes = self.scopes.values().fold(Ranges::none(), union);
        let kept = self.kept.iter().fold(Ranges::none(), union);
        scopes.intersection(&kept.complement(model::Family::V4.top()))
    }
}
