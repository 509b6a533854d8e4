//! The decision about one file. It never says "delete" without an acknowledgement of exactly
//! this content, or a rule of the policy that speaks of age alone.

use diag::Severity;

use super::policy::{Policy, Rule};
use super::{Clock, SECOND};
use crate::folder::Kind;
use crate::name::{Extension, Foreign, Name, Side};

/// A hand-over folder.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    /// `req`: claims computer to terminal.
    Request,
    /// `res`: terminal to claims computer.
    Response,
    /// `face`: results of the card reader.
    Face,
}

impl Part {
    /// All, in the order in which they are swept.
    pub const ALL: [Self; 3] = [Self::Request, Self::Response, Self::Face];

    /// The folder's name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Request => "req",
            Self::Response => "res",
            Self::Face => "face",
        }
    }
}

/// What a file is for the policy.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Class {
    /// An answer.
    Result,
    /// A result of the card reader.
    Face,
    /// An error answer, or the request that the terminal sent back with it.
    Error,
    /// A report of the terminal's own cleaner.
    Report,
    /// A file of our own client that was not published.
    Temporary,
    /// A request.
    Request,
    /// Not a file of the linkage, for this reason.
    Foreign(Foreign),
    /// A file of the linkage in a folder where such files do not belong.
    Misplaced,
}

/// What a file of this name is in this folder.
#[must_use]
pub fn class(part: Part, name: &Name) -> Class {
    match (part, name) {
        (_, Name::Foreign(reason)) => Class::Foreign(*reason),
        (_, Name::Temporary(_)) => Class::Temporary,
        (Part::Response, Name::Exchange(known)) => match (known.side, known.extension) {
            (Side::Request, Extension::Err | Extension::Xml) => Class::Error,
            (Side::Response, Extension::Err) => Class::Error,
            (Side::Response, Extension::Xml | Extension::Zip | Extension::Pdf) => Class::Result,
            _ => Class::Misplaced,
        },
        (Part::Request, Name::Exchange(known)) if known.side == Side::Request => Class::Request,
        (Part::Face, Name::Face(_)) => Class::Face,
        (Part::Response | Part::Face, Name::Leftover(_)) => Class::Report,
        _ => Class::Misplaced,
    }
}

/// Somebody said that he has what a file holds.
///
/// # Units
/// Nanoseconds since 1970-01-01 UTC.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Acknowledgement {
    /// Who; empty for a site with a single consumer.
    pub consumer: String,
    /// When.
    pub at: i128,
}

/// What is known of a file.
///
/// # Units
/// Nanoseconds since 1970-01-01 UTC.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    /// What it is for the policy.
    pub class: Class,
    /// What the name leads to.
    pub kind: Kind,
    /// How many names it has.
    pub links: u64,
    /// Last write.
    pub modified: i128,
    /// Last change of anything.
    pub changed: i128,
    /// When it was first listed; `None` if it was there before anybody listed.
    pub first_seen: Option<i128>,
    /// Acknowledgements of this name *and this content*.
    pub acknowledgements: Vec<Acknowledgement>,
    /// Whether the request that it answers is still waiting.
    pub has_request: bool,
    /// Whether it stands in the quarantine of its folder.
    pub is_quarantined: bool,
}

/// Why.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reason {
    /// The rule allows it and the time is over.
    Due(Rule),
    /// The rule would allow it, later.
    Young(Rule),
    /// Nobody acknowledged it; it is young.
    Unread,
    /// Nobody acknowledged it for long enough to be warned about.
    UnreadLong,
    /// Nobody acknowledged it for longer than anybody should wait.
    UnreadTooLong,
    /// Nobody acknowledged it for so long, or not all did, that it goes into quarantine.
    Quarantine,
    /// It stands in quarantine, and somebody has to look at it.
    Quarantined,
    /// Some consumers acknowledged it, not all; otherwise as the three above.
    NotAll,
    /// As [`Reason::NotAll`], for long enough to be warned about.
    NotAllLong,
    /// It would be deleted by age, but its request is still there.
    RequestThere,
    /// A request on its way.
    Waiting,
    /// A request that the terminal does not take.
    NotTaken,
    /// It has several names; taking one away erases nothing.
    HardLinks,
    /// The grammar does not have the name.
    Foreign,
    /// As [`Reason::Foreign`], for longer than an answer should wait; by its name it may be one.
    LikeAnswer,
    /// A file of the linkage in the wrong folder.
    Misplaced,
    /// A link, a folder or a device, whatever its name.
    NotPlain,
    /// Its times lie in the future.
    Future,
}

/// What is to be done with a file, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decision {
    /// Why; only [`Reason::Due`] allows a deletion, only [`Reason::Quarantine`] a move.
    pub reason: Reason,
    /// Age since it counts.
    ///
    /// # Units
    /// Whole seconds.
    pub age: u64,
    /// The policy wants it gone, and something else keeps it.
    pub is_overdue: bool,
    /// When everybody who has to had acknowledged it.
    pub finished: Option<i128>,
}

/// Decides about one file.
#[must_use]
pub fn decide(policy: &Policy, clock: &Clock, facts: &Facts) -> Decision {
    let finished = finished(policy, facts);
    let from = [Some(facts.modified), Some(facts.changed), facts.first_seen, finished]
        .into_iter()
        .flatten()
        .fold(clock.floor, i128::max);
    let age = u64::try_from((clock.now - from).max(0) / SECOND).unwrap_or(u64::MAX);
    let keep = |reason| Decision { reason, age, is_overdue: false, finished };
    match facts.class {
        Class::Foreign(Foreign::LikeAnswer | Foreign::BadFace)
            if facts.kind == Kind::File && age >= policy.unread_alert =>
        {
            return keep(Reason::LikeAnswer);
        }
        Class::Foreign(_) => return keep(Reason::Foreign),
        Class::Misplaced => return keep(Reason::Misplaced),
        _ if facts.kind != Kind::File => return keep(Reason::NotPlain),
        _ => {}
    }
    let reason = match facts.class {
        Class::Request if age >= policy.request_alert => Reason::NotTaken,
        Class::Request => Reason::Waiting,
        Class::Report => by_limit(Rule::Report, policy.report, age),
        Class::Temporary => by_limit(Rule::Temporary, policy.temporary, age),
        Class::Error if finished.is_some() => by_limit(Rule::Error, policy.error, age),
        _ if finished.is_some() => by_limit(Rule::Acknowledged, policy.acknowledged, age),
        _ => unread(policy, facts, age),
    };
    if !matches!(reason, Reason::Due(_)) {
        let is_future = from > clock.now + super::age::JUMP_MAX;
        return keep(if is_future { Reason::Future } else { reason });
    }
    if facts.links > 1 {
        return Decision { is_overdue: true, ..keep(Reason::HardLinks) };
    }
    keep(reason)
}

/// When the file was finished: the moment of the last acknowledgement that it needed.
fn finished(policy: &Policy, facts: &Facts) -> Option<i128> {
    let of = |consumer: Option<&String>| {
        let theirs = facts
            .acknowledgements
            .iter()
            .filter(|one| consumer.is_none_or(|consumer| one.consumer == *consumer));
        theirs.map(|one| one.at).min()
    };
    if facts.class == Class::Face && !policy.consumers.is_empty() {
        let each: Option<Vec<i128>> = policy.consumers.iter().map(|one| of(Some(one))).collect();
        return each?.into_iter().max();
    }
    matches!(facts.class, Class::Face | Class::Result | Class::Error).then(|| of(None))?
}

fn by_limit(rule: Rule, limit: u64, age: u64) -> Reason {
    if age >= limit { Reason::Due(rule) } else { Reason::Young(rule) }
}

/// A result that not everybody who has to has acknowledged.
fn unread(policy: &Policy, facts: &Facts, age: u64) -> Reason {
    let is_partly = !facts.acknowledgements.is_empty();
    if policy.unread_delete.is_some_and(|limit| age >= limit) {
        if facts.has_request { Reason::RequestThere } else { Reason::Due(Rule::Unread) }
    } else if facts.is_quarantined {
        Reason::Quarantined
    } else if age >= policy.unread_alert {
        // With another name, or while its request is on its way, moving it would settle nothing.
        let is_settled = facts.links == 1 && !facts.has_request;
        if is_settled { Reason::Quarantine } else { Reason::UnreadTooLong }
    } else if age >= policy.unread_warn {
        if is_partly { Reason::NotAllLong } else { Reason::UnreadLong }
    } else if is_partly {
        Reason::NotAll
    } else {
        Reason::Unread
    }
}

impl Reason {
    /// The word for it in log and output in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Due(rule) | Self::Young(rule) => rule.word(),
            Self::Unread => "not-acknowledged",
            Self::UnreadLong => "not-acknowledged-long",
            Self::UnreadTooLong => "not-acknowledged-too-long",
            Self::Quarantine => "quarantine",
            Self::Quarantined => "quarantined",
            Self::NotAll => "not-all-acknowledged",
            Self::NotAllLong => "not-all-acknowledged-long",
            Self::RequestThere => "request-still-there",
            Self::Waiting => "request-waiting",
            Self::NotTaken => "request-not-taken",
            Self::HardLinks => "hard-links",
            Self::Foreign => "foreign",
            Self::LikeAnswer => "like-an-answer",
            Self::Misplaced => "misplaced",
            Self::NotPlain => "not-a-plain-file",
            Self::Future => "times-in-the-future",
        }
    }

    /// How much it weighs; `None` if there is nothing to say.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Due(_) | Self::Young(_) | Self::Unread | Self::NotAll | Self::Waiting => None,
            Self::Foreign | Self::Misplaced => Some(Severity::Note),
            Self::UnreadLong | Self::NotAllLong | Self::RequestThere => Some(Severity::Warning),
            Self::HardLinks | Self::NotPlain | Self::Future => Some(Severity::Warning),
            Self::UnreadTooLong | Self::Quarantine | Self::Quarantined | Self::NotTaken => {
                Some(Severity::Error)
            }
            Self::LikeAnswer => Some(Severity::Error),
        }
    }

    /// True if the file is a result that somebody still has to acknowledge.
    #[must_use]
    pub fn is_unread(self) -> bool {
        let unread = [Self::Unread, Self::UnreadLong, Self::UnreadTooLong, Self::NotAll];
        let moved = [Self::Quarantine, Self::Quarantined];
        unread.contains(&self)
            || moved.contains(&self)
            || matches!(self, Self::NotAllLong | Self::RequestThere)
    }
}
