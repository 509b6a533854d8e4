//! What a rule says about a site.

use std::net::IpAddr;

use diag::{Severity, Span, Text};
use model::{Net, NodeId, Outcome, Packet, protocol};
use packet_set::{Field, Interval};
use reach::{Leaf, Mode, Way, flags_of_field};

use crate::{Guilt, Question, Who};

/// One statement of a rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judgement {
    /// What came out.
    pub verdict: Verdict,
    /// What is the matter, as a headline; of a proof what is to be remarked.
    pub headline: Text,
    /// The place it is about, and the others that take part.
    pub guilt: Guilt,
    /// Why.
    pub notes: Vec<Text>,
    /// What to do.
    pub helps: Vec<Text>,
    /// What to add to the configuration of a router, in no vendor's words.
    pub remedies: Vec<Remedy>,
    /// The most that it weighs, whatever the property weighs on the page.
    pub weight_max: Severity,
    /// Machines, zones and routers that a waiver may name.
    pub subjects: Vec<String>,
    /// Further statements about the same line and other subjects: a waiver covers each or none of
    /// it, and what it does not cover is still stated.
    ///
    /// # Shape
    /// One for each list of subjects; they have none in turn.
    pub merged: Vec<Self>,
    /// What to ask whom, where something is not known.
    pub questions: Vec<Question>,
    /// Codes of the rules whose matter has to be settled first; there is nothing else to ask then.
    pub waits_for: &'static [&'static str],
    /// Whether a waiver covers it. What is accepted must not hide what nobody has accepted.
    pub is_accepted: bool,
}

/// A verdict. There is no fourth.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It holds for every packet, and there is something to remark all the same.
    Proved,
    /// It does not hold: here is why.
    Refuted(Option<Witness>),
    /// It could not be decided.
    Unknown(Vec<Reason>),
}

/// Why something could not be decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason {
    /// What is missing.
    pub text: Text,
    /// Where.
    pub span: Option<Span>,
    /// The open points of a vendor whose answer would decide it.
    pub open_points: Vec<&'static str>,
}

/// Something that a router lacks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Remedy {
    /// A static route.
    Route {
        /// The router.
        router: NodeId,
        /// Destinations.
        prefix: Net,
        /// Next hop.
        via: IpAddr,
    },
}

impl Reason {
    /// Something is missing at `span`.
    #[must_use]
    pub fn new(text: Text, span: Option<Span>) -> Self {
        Self { text, span, open_points: Vec::new() }
    }
}

/// A packet that shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Witness {
    /// How it is sent.
    pub mode: Mode,
    /// Who sends it.
    pub from: NodeId,
    /// The packet as sent.
    pub packet: Packet,
    /// Where it ends.
    pub outcome: Outcome,
    /// Its way.
    pub way: Vec<Way>,
    /// Where the answer to it ends, when the matter is the answer, with its way.
    pub answer: Option<(Outcome, Vec<Way>)>,
    /// Which packet after the first answer that is, if it is one.
    pub later: Option<Later>,
    /// What was sent before, where the packet passes only because of that.
    pub before: Option<Opening>,
}

/// A packet of a session after the first answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Later {
    /// Whether the one who answers sends it; else the one who began.
    pub is_answer: bool,
    /// Its TCP flags; `None` if it has none.
    pub tcp_flags: Option<u8>,
}

impl Later {
    /// The packets of `leaf`, which an exploration of later packets has.
    pub(crate) fn of(leaf: &Leaf, is_answer: bool) -> Self {
        let tcp = Interval::single(u128::from(protocol::TCP));
        let is_tcp = leaf.sent.interval(Field::Protocol) == tcp;
        let tcp_flags = flags_of_field(leaf.sent.interval(Field::TcpFlags).lo());
        Self { is_answer, tcp_flags: is_tcp.then_some(tcp_flags) }
    }
}

/// A packet that begins the session on which a witness relies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Opening {
    /// Who sends it, as an attacker would: from any interface, to any layer-2 address.
    pub from: NodeId,
    /// The packet.
    pub packet: Packet,
}

impl Judgement {
    /// A statement without place, reasons or advice.
    #[must_use]
    pub fn new(verdict: Verdict, headline: Text) -> Self {
        Self {
            verdict,
            headline,
            guilt: Guilt::default(),
            notes: Vec::new(),
            helps: Vec::new(),
            remedies: Vec::new(),
            weight_max: Severity::Error,
            subjects: Vec::new(),
            merged: Vec::new(),
            questions: Vec::new(),
            waits_for: &[],
            is_accepted: false,
        }
    }

    /// Something could not be decided for the reason `text`.
    #[must_use]
    pub fn unknown(headline: Text, text: Text, span: Option<Span>) -> Self {
        Self::new(Verdict::Unknown(vec![Reason::new(text, span)]), headline)
    }

    /// Adds a reason.
    #[must_use]
    pub fn because(mut self, note: Text) -> Self {
        self.notes.push(note);
        self
    }

    /// Adds an advice.
    #[must_use]
    pub fn advise(mut self, help: Text) -> Self {
        for one in &mut self.merged {
            one.helps.push(help.clone());
        }
        self.helps.push(help);
        self
    }

    /// Adds what a router lacks.
    #[must_use]
    pub(crate) fn remedy(mut self, remedy: Option<Remedy>) -> Self {
        self.remedies.extend(remedy);
        self
    }

    /// Says that it weighs no more than `severity`.
    #[must_use]
    pub(crate) fn at_most(mut self, severity: Severity) -> Self {
        self.weight_max = severity;
        self
    }

    /// Adds a question to somebody who knows.
    #[must_use]
    pub fn ask(mut self, who: Who, text: Text) -> Self {
        self.questions.push(Question { who, text });
        self
    }

    /// Says that the matter of the rules `codes` has to be settled first.
    #[must_use]
    pub(crate) fn after(mut self, codes: &'static [&'static str]) -> Self {
        self.waits_for = codes;
        self
    }

    /// Sets the places.
    #[must_use]
    pub fn blame(mut self, guilt: Guilt) -> Self {
        self.guilt = guilt;
        self
    }

    /// Takes `other`, which says the same of the same line, into this statement.
    pub fn merge(&mut self, other: &Self) {
        for one in other.statements() {
            if !self.is_about(&one.subjects) {
                self.merged.push(Self { merged: Vec::new(), ..one.clone() });
            }
        }
    }

    /// This statement, and those that were taken into it.
    pub fn statements(&self) -> impl Iterator<Item = &Self> {
        [self].into_iter().chain(&self.merged)
    }

    /// Does `change` to each of the [statements](Self::statements).
    pub fn revise(&mut self, mut change: impl FnMut(&mut Self)) {
        self.merged.iter_mut().for_each(&mut change);
        change(self);
    }

    /// Whether one of the [statements](Self::statements) has these subjects.
    pub(crate) fn is_about(&self, subjects: &[String]) -> bool {
        self.statements().any(|one| one.subjects == subjects)
    }

    /// Whether both blame the same line.
    pub(crate) fn blames_same(&self, other: &Self) -> bool {
        self.guilt.span().is_some() && self.guilt.span() == other.guilt.span()
    }

    /// Adds names that a waiver may use.
    #[must_use]
    pub fn about(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.subjects.extend(names);
        self
    }
}
