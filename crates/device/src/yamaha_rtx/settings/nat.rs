//! What is said about NAT descriptors.

use std::collections::BTreeMap;

use diag::Span;
use model::Ranges;

use super::super::config::{IncomingWord, NatType, NatWord, OuterWord, PortForward, StaticNat};
use super::Said;

/// What is said about one NAT descriptor.
#[derive(Default)]
pub(crate) struct NatSettings<'c> {
    pub(crate) kind: Option<Said<NatType>>,
    pub(crate) outer: Option<Said<OuterWord>>,
    pub(crate) inner: Option<Said<&'c Ranges>>,
    pub(crate) statics: BTreeMap<u32, Said<StaticNat>>,
    pub(crate) forwards: BTreeMap<u32, Said<&'c PortForward>>,
    pub(crate) incoming: Option<Said<IncomingWord>>,
}

impl<'c> NatSettings<'c> {
    pub(super) fn apply(&mut self, word: &'c NatWord, span: Span) {
        match word {
            NatWord::Type(kind) => self.kind = Some((*kind, span)),
            NatWord::Outer(outer) => self.outer = Some((*outer, span)),
            NatWord::Inner(inner) => self.inner = inner.as_deref().map(|inner| (inner, span)),
            NatWord::Static(entry, one) => drop(self.statics.insert(*entry, (*one, span))),
            NatWord::MasqueradeStatic(entry, one) => {
                self.forwards.insert(*entry, (one, span));
            }
            NatWord::Incoming(word) => self.incoming = Some((*word, span)),
        }
    }
}
