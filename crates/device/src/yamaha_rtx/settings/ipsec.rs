//! What is said about IPsec: policies and gateways by their numbers.

use std::collections::BTreeMap;

use diag::Span;
use model::Ranges;

use super::super::config::{IdSide, IpsecWord, LocalWord, RemoteWord, SaPolicy, TraversalWord};
use super::Said;

/// All of it.
#[derive(Default)]
pub(crate) struct IpsecSettings<'c> {
    pub(crate) policies: BTreeMap<u32, Said<&'c SaPolicy>>,
    pub(crate) gateways: BTreeMap<u32, GatewaySettings<'c>>,
    /// Whether the router begins key exchange at all.
    pub(crate) refreshes: Option<Said<bool>>,
    pub(crate) is_used: Option<Said<bool>>,
    /// Policies in transport mode, by the number of what says so.
    pub(crate) transports: BTreeMap<u32, Said<u32>>,
    /// Numbers for which the same is said.
    pub(crate) transport_templates: BTreeMap<u32, Said<&'c Ranges>>,
}

/// What is said about one gateway.
#[derive(Default)]
pub(crate) struct GatewaySettings<'c> {
    pub(crate) remote: Option<Said<&'c RemoteWord>>,
    pub(crate) local: Option<Said<LocalWord>>,
    pub(crate) local_id: Option<&'c Ranges>,
    pub(crate) remote_id: Option<&'c Ranges>,
    pub(crate) local_name: Option<Span>,
    pub(crate) remote_name: Option<Span>,
    pub(crate) version: Option<Said<u32>>,
    pub(crate) traversal: Option<TraversalWord>,
    pub(crate) has_key: bool,
    pub(crate) refreshes: Option<Said<bool>>,
}

impl<'c> IpsecSettings<'c> {
    pub(super) fn apply(&mut self, word: &'c IpsecWord, span: Span) {
        match word {
            IpsecWord::Policy(number, policy) => {
                self.policies.insert(*number, (policy, span));
            }
            IpsecWord::Remote(gateway, remote) => {
                self.gateway(*gateway).remote = Some((remote, span));
            }
            IpsecWord::Local(gateway, local) => {
                self.gateway(*gateway).local = Some((*local, span));
            }
            IpsecWord::Id(gateway, side, id) => match side {
                IdSide::Local => self.gateway(*gateway).local_id = Some(id),
                IdSide::Remote => self.gateway(*gateway).remote_id = Some(id),
            },
            IpsecWord::Named(gateway, side) => match side {
                IdSide::Local => self.gateway(*gateway).local_name = Some(span),
                IdSide::Remote => self.gateway(*gateway).remote_name = Some(span),
            },
            IpsecWord::Version(gateway, version) => {
                self.gateway(*gateway).version = Some((*version, span));
            }
            IpsecWord::NatTraversal(gateway, word) => {
                self.gateway(*gateway).traversal = Some(*word);
            }
            IpsecWord::Key(gateway) => self.gateway(*gateway).has_key = true,
            IpsecWord::AutoRefresh(Some(gateway), on) => {
                self.gateway(*gateway).refreshes = Some((*on, span));
            }
            IpsecWord::AutoRefresh(None, on) => self.refreshes = Some((*on, span)),
            IpsecWord::Use(on) => self.is_used = Some((*on, span)),
            IpsecWord::Transport(number, policy) => {
                self.transports.insert(*number, (*policy, span));
            }
            IpsecWord::TransportTemplate(number, others) => {
                self.transport_templates.insert(*number, (others, span));
            }
        }
    }

    fn gateway(&mut self, number: u32) -> &mut GatewaySettings<'c> {
        self.gateways.entry(number).or_default()
    }
}
