//! What was understood of a configuration, what was assumed, and what was not understood.

use std::cell::RefCell;
use std::collections::BTreeMap;

use diag::{Span, Text, text};

use crate::{Family, InterfaceIndex};

/// The state of one line of a device configuration. There is no fourth state.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LineState {
    /// Its meaning is in the model.
    Modelled,
    /// It cannot change any verdict; the vendor's list says why.
    Irrelevant,
    /// Its meaning is not in the model; a [`Gap`] says what it could do.
    NotModelled,
}

/// One line and its state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineClass {
    /// The line without its break.
    pub span: Span,
    /// Its state.
    pub state: LineState,
}

/// What a line that is not modelled could do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Effect {
    /// Let packets pass that the model discards.
    Permit,
    /// Discard packets that the model lets pass.
    Deny,
    /// Translate addresses.
    Translate,
    /// Send packets another way.
    Route,
    /// Join segments at layer 2.
    Bridge,
    /// Open or close a management service.
    Manage,
    /// Resolve names another way.
    Resolve,
    /// Keep an interface or a route from working at all. What must be possible may be lost;
    /// what must be impossible and is not stays so as soon as it works.
    Stall,
}

/// A set of [`Effect`]s.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Effects(u8);

impl Effects {
    /// Every effect: nothing is known about the line.
    pub const ALL: Self = Self(0b1111_1111);

    /// The effects listed.
    #[must_use]
    pub const fn of(effects: &[Effect]) -> Self {
        let mut bits = 0;
        let mut index = 0;
        while index < effects.len() {
            bits |= 1 << effects[index] as u8;
            index += 1;
        }
        Self(bits)
    }

    /// Whether `effect` is in the set.
    #[must_use]
    pub fn contains(self, effect: Effect) -> bool {
        self.0 & (1 << effect as u8) != 0
    }

    /// Whether the two sets share an effect.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A line that is not modelled and what it could do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gap {
    /// The line.
    pub span: Span,
    /// What is not modelled.
    pub what: Text,
    /// What it could do.
    pub effects: Effects,
    /// The only interface it could do it on, if that is known.
    pub interface: Option<InterfaceIndex>,
    /// The only family it could do it to, if that is known.
    pub family: Option<Family>,
}

impl Gap {
    /// LIMIT: gaps of a device that are the same but for their lines.
    const MAX_ALIKE: usize = 8;

    /// `gaps` with no more than a few that are the same but for their lines. What such a gap does
    /// to a judgement the first of them does already; the last that is kept says how many more
    /// there are. A text that is no configuration at all has one for each of its lines.
    #[must_use]
    pub fn folded(gaps: Vec<Self>) -> Vec<Self> {
        // For each kind: where the last one stands that was kept, and how many there were.
        let mut kinds: Vec<(usize, usize)> = Vec::new();
        let mut kept: Vec<Self> = Vec::with_capacity(gaps.len().min(64));
        for gap in gaps {
            match kinds.iter_mut().find(|(last, _)| kept[*last].is_alike(&gap)) {
                Some((_, count)) if *count >= Self::MAX_ALIKE => *count += 1,
                Some((last, count)) => {
                    (*last, *count) = (kept.len(), *count + 1);
                    kept.push(gap);
                }
                None => {
                    kinds.push((kept.len(), 1));
                    kept.push(gap);
                }
            }
        }
        for (last, count) in kinds {
            if let Some(more) = count.checked_sub(Self::MAX_ALIKE).filter(|more| *more > 0) {
                let what = std::mem::take(&mut kept[last].what);
                kept[last].what = text!(
                    ja: "{what}（ほか {more} 行）",
                    en: "{what} (and {more} lines more)",
                    what = what, more = more,
                );
            }
        }
        kept
    }

    fn is_alike(&self, other: &Self) -> bool {
        let place = |one: &Self| (one.effects, one.interface, one.family);
        place(self) == place(other) && self.what == other.what
    }
}

/// The part of the analysis that an assumption touches.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Aspect {
    /// Which first packets pass.
    FirstPackets,
    /// Which answers pass.
    Replies,
    /// Packets from and to the router itself.
    RouterItself,
    /// Frames relayed at layer 2.
    Frames,
}

/// A set of [`Aspect`]s.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Aspects(u8);

impl Aspects {
    /// The aspects listed.
    #[must_use]
    pub const fn of(aspects: &[Aspect]) -> Self {
        let mut bits = 0;
        let mut index = 0;
        while index < aspects.len() {
            bits |= 1 << aspects[index] as u8;
            index += 1;
        }
        Self(bits)
    }

    /// Aspects in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the two sets share an aspect.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A point that a vendor's documents leave open, with the readings it may have.
#[derive(Debug)]
pub struct Assumption {
    /// Its name, such as `Y-A2`; never reused.
    pub id: &'static str,
    /// What is left open.
    pub question: fn() -> Text,
    /// The readings it may have. The first is the default.
    pub readings: &'static [Reading],
    /// Whether the default may be relied on; if not, every verdict that depends on the point
    /// is unknown until the site file answers it.
    pub has_default: bool,
    /// What it touches.
    pub aspects: Aspects,
}

/// One way to read an open point.
#[derive(Debug)]
pub struct Reading {
    /// The word that the site file uses for it.
    pub keyword: &'static str,
    /// What it means.
    pub meaning: fn() -> Text,
}

/// An assumption that the meaning of a configuration rests on.
#[derive(Clone, Debug)]
pub struct AssumptionUse {
    /// Which.
    pub assumption: &'static Assumption,
    /// The line where it is met first.
    pub span: Option<Span>,
}

/// Which reading of each assumption is taken, and which of them was asked for.
///
/// # Shape
/// Assumption id to the keyword of the reading; an id that is absent takes the first reading.
/// Equal values take the same readings, whatever was asked for.
#[derive(Clone, Debug, Default)]
pub struct Readings {
    taken: BTreeMap<String, String>,
    asked: RefCell<Vec<&'static Assumption>>,
}

impl PartialEq for Readings {
    fn eq(&self, other: &Self) -> bool {
        self.taken == other.taken
    }
}

impl Eq for Readings {}

impl Readings {
    /// Takes `reading` for `assumption` from now on.
    pub fn take(&mut self, assumption: impl Into<String>, reading: impl Into<String>) {
        self.taken.insert(assumption.into(), reading.into());
    }

    /// The keyword taken for `assumption`, which is noted as asked for.
    #[must_use]
    pub fn of(&self, assumption: &'static Assumption) -> &str {
        let mut asked = self.asked.borrow_mut();
        if !asked.iter().any(|known| known.id == assumption.id) {
            asked.push(assumption);
        }
        self.keyword(assumption)
    }

    fn keyword(&self, assumption: &Assumption) -> &str {
        let default = assumption.readings.first().map_or("", |reading| reading.keyword);
        self.taken.get(assumption.id).map_or(default, String::as_str)
    }

    /// The same readings, of which none was asked for.
    #[must_use]
    pub fn unasked(&self) -> Self {
        Self { taken: self.taken.clone(), asked: RefCell::default() }
    }

    /// Whether `other` reads all that was asked for in the same way: whatever was made of these
    /// readings, and of nothing else that changes, is made of the others too.
    #[must_use]
    pub fn suffice_for(&self, other: &Self) -> bool {
        let asked = self.asked.borrow();
        asked.iter().all(|one| self.keyword(one) == other.keyword(one))
    }

    /// Whether the site file answers `assumption`.
    #[must_use]
    pub fn answers(&self, assumption: &Assumption) -> bool {
        self.taken.contains_key(assumption.id)
    }
}
