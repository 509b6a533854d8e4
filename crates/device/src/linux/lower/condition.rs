//! Conditions as unions of matches, with a bound from above and one from below where nftables
//! looks at something that the model does not know.

use model::{Match, Ranges};

/// Most matches of one rule.
// LIMIT: beyond it the rule is reported as not modelled.
pub(super) const MAX_MATCHES: usize = 4096;

/// How well a condition is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Doubt {
    /// `may` and `must` are equal.
    None,
    /// An ordinary packet of `may` fulfils it, but a sender can evade it.
    Evadable,
    /// It depends on something that is not known.
    Open,
}

/// The packets for which a condition holds.
///
/// # Shape
/// `must` is part of `may`.
#[derive(Clone, Debug)]
pub(super) struct Bounds {
    /// At most these.
    pub(super) may: Vec<Match>,
    /// At least these.
    pub(super) must: Vec<Match>,
    pub(super) doubt: Doubt,
}

impl Bounds {
    pub(super) fn exact(matches: Vec<Match>) -> Self {
        Self { may: matches.clone(), must: matches, doubt: Doubt::None }
    }

    pub(super) fn always() -> Self {
        Self::exact(vec![Match::any()])
    }

    pub(super) fn never() -> Self {
        Self::exact(Vec::new())
    }

    pub(super) fn of(is_true: bool) -> Self {
        if is_true { Self::always() } else { Self::never() }
    }

    /// Perhaps some of these, perhaps none.
    pub(super) fn perhaps(may: Vec<Match>) -> Self {
        Self::between(may, Vec::new())
    }

    pub(super) fn between(may: Vec<Match>, must: Vec<Match>) -> Self {
        let doubt = if may == must { Doubt::None } else { Doubt::Open };
        Self { may, must, doubt }
    }

    /// The same, but an ordinary packet of `may` fulfils it.
    pub(super) fn evadable(self) -> Self {
        Self { doubt: self.doubt.min(Doubt::Evadable), ..self }
    }

    /// Packets for which both hold; `None` if there are too many matches.
    pub(super) fn and(&self, other: &Self) -> Option<Self> {
        let may = all_pairs(&self.may, &other.may)?;
        if (self.doubt, other.doubt) == (Doubt::None, Doubt::None) {
            return Some(Self::exact(may));
        }
        let must = all_pairs(&self.must, &other.must)?;
        let doubt = if may == must { Doubt::None } else { self.doubt.max(other.doubt) };
        Some(Self { may, must, doubt })
    }

    /// Packets for which one holds.
    pub(super) fn or(mut self, other: Self) -> Self {
        self.may.extend(other.may);
        self.must.extend(other.must);
        self.doubt = self.doubt.max(other.doubt);
        self
    }
}

/// The intersection of two unions; `None` if it would be too long.
pub(super) fn all_pairs(left: &[Match], right: &[Match]) -> Option<Vec<Match>> {
    if left.len().saturating_mul(right.len()) > MAX_MATCHES {
        return None;
    }
    Some(left.iter().flat_map(|a| right.iter().filter_map(|b| both(a, b))).collect())
}

/// The packets that both matches hold for; `None` if there are none.
pub(super) fn both(a: &Match, b: &Match) -> Option<Match> {
    let family = match (a.family, b.family) {
        (Some(a), Some(b)) if a != b => return None,
        (a, b) => a.or(b),
    };
    Some(Match {
        family,
        ethertypes: ranges(a.ethertypes.as_ref(), b.ethertypes.as_ref())?,
        source: ranges(a.source.as_ref(), b.source.as_ref())?,
        destination: ranges(a.destination.as_ref(), b.destination.as_ref())?,
        protocol: ranges(a.protocol.as_ref(), b.protocol.as_ref())?,
        source_port: ranges(a.source_port.as_ref(), b.source_port.as_ref())?,
        destination_port: ranges(a.destination_port.as_ref(), b.destination_port.as_ref())?,
        tcp_flags: ranges(a.tcp_flags.as_ref(), b.tcp_flags.as_ref())?,
        states: states(a.states, b.states)?,
        in_interfaces: list(a.in_interfaces.as_ref(), b.in_interfaces.as_ref())?,
        out_interfaces: list(a.out_interfaces.as_ref(), b.out_interfaces.as_ref())?,
    })
}

fn ranges(a: Option<&Ranges>, b: Option<&Ranges>) -> Option<Option<Ranges>> {
    let found = match (a, b) {
        (Some(a), Some(b)) => a.intersection(b),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => return Some(None),
    };
    (!found.is_empty()).then_some(Some(found))
}

fn states(a: Option<model::States>, b: Option<model::States>) -> Option<Option<model::States>> {
    let found = match (a, b) {
        (Some(a), Some(b)) => a.intersection(b),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => return Some(None),
    };
    (!found.is_empty()).then_some(Some(found))
}

fn list<T: Copy + PartialEq>(a: Option<&Vec<T>>, b: Option<&Vec<T>>) -> Option<Option<Vec<T>>> {
    let found: Vec<T> = match (a, b) {
        (Some(a), Some(b)) => a.iter().copied().filter(|one| b.contains(one)).collect(),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => return Some(None),
    };
    (!found.is_empty()).then_some(Some(found))
}
