//! What the site reaches and uses, and what it answers and accepts.

use diag::Span;

use crate::{Date, Net, OutsideNet, PortSpec, Spanned, Use};

/// `[destinations.NAME]`: somewhere outside that the site may reach.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Destination {
    /// Its name.
    pub name: Spanned<String>,
    /// Network it is on.
    pub net: Spanned<OutsideNet>,
    /// The fact of a pack that states the rest.
    pub fact: Option<Spanned<String>>,
    /// Its addresses.
    pub addresses: Vec<Spanned<Net>>,
    /// Its host names.
    pub hosts: Vec<Spanned<String>>,
    /// What is opened to it; not empty unless a fact states it.
    pub ports: Vec<Spanned<PortSpec>>,
}

/// `[[service]]`: who uses what inside the site.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Service {
    /// The whole entry.
    pub span: Span,
    /// Machine or zone that opens the session.
    pub from: Spanned<String>,
    /// Machine or zone that answers.
    pub to: Spanned<String>,
    /// What is used; not empty.
    pub uses: Vec<Spanned<Use>>,
}

/// `[[assumption]]`: how the site reads a sentence that the reference document leaves open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assumption {
    /// The whole entry.
    pub span: Span,
    /// Its identifier.
    pub id: Spanned<String>,
    /// The reading.
    pub reading: Spanned<String>,
    /// Why it is read so.
    pub reason: Spanned<String>,
    /// Who decided.
    pub by: Spanned<String>,
    /// When.
    pub on: Spanned<Date>,
}

/// `[[waiver]]`: a finding that is accepted for a time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waiver {
    /// The whole entry.
    pub span: Span,
    /// Code or name of the rule.
    pub rule: Spanned<String>,
    /// Machine, zone, router or relay it is limited to.
    pub at: Option<Spanned<String>>,
    /// Why it is accepted.
    pub reason: Spanned<String>,
    /// Who accepts it.
    pub by: Spanned<String>,
    /// Last day it is accepted.
    pub until: Spanned<Date>,
}
