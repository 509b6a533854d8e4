//! What a check comes to, as plain data in both languages.

use pattern::Variant;

use diag::{Diagnostic, Severity, Sources, Span, Text};
use rule::Question;
use site::Date;

/// The result of a check.
#[derive(Clone, Debug)]
pub struct Report {
    /// All files of the run.
    pub sources: Sources,
    /// What the site is.
    pub site: SiteReport,
    /// The day of the judgement.
    pub day: Option<Date>,
    /// What there is to say about the input itself, by place.
    pub diagnostics: Vec<Diagnostic>,
    /// What the site must keep, in the order of the rules.
    pub requirements: Vec<RequirementReport>,
    /// Everything that is not proved, refutations first, and remarks on what is.
    pub findings: Vec<Finding>,
    /// Open points that the configurations rest on, by id.
    pub assumptions: Vec<AssumptionReport>,
    /// What was understood of each router's configuration, in the order of the site file.
    pub coverage: Vec<Coverage>,
    /// Our own faults; when there is one, nothing else in the report is to be relied on.
    pub faults: Vec<Text>,
    /// Whether the input could be judged at all.
    pub is_usable: bool,
    /// Boxes of packets that were made: counted work.
    pub work: u64,
}

/// What a site is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SiteReport {
    /// Name of the facility.
    pub name: String,
    /// Edition of the reference document that judges it.
    pub edition: String,
    /// Id of the pattern; empty if none fits.
    pub pattern: String,
    /// Page of the pattern.
    pub page: String,
    /// Name of the pattern for people.
    pub title: Text,
    /// Ways of connecting in which the site differs from what the page draws.
    pub variants: Vec<Variant>,
}

/// How a rule came out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RuleVerdict {
    /// It holds for every packet.
    Proved,
    /// It does not hold.
    Refuted,
    /// It could not be decided.
    Unknown,
    /// It does not hold, and somebody accepts that for a time.
    Waived,
}

/// One requirement and how it came out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequirementReport {
    /// Code of the rule.
    pub code: &'static str,
    /// Name of the rule.
    pub name: &'static str,
    /// Property of the flow contract, such as `V2`.
    pub property: &'static str,
    /// Clauses of the reference document, such as `P03/R05`.
    pub clauses: Vec<String>,
    /// Further clauses of the page that are decided with it.
    pub covers: Vec<String>,
    /// How the page says it: `explicit`, `weaker`, `inferred` or `advice`.
    pub basis: &'static str,
    /// How much it weighs on this pattern.
    pub level: Severity,
    /// What must hold.
    pub statement: Text,
    /// How it came out.
    pub verdict: RuleVerdict,
    /// Ids of assumptions without which it would come out otherwise.
    pub depends_on: Vec<&'static str>,
}

/// One thing that is not proved, or a remark on a proof.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// What it is, where, why, and what to do.
    pub diagnostic: Diagnostic,
    /// Name of the rule.
    pub name: &'static str,
    /// Whether it is refuted, unknown, or waived; proved for a remark on a proof.
    pub verdict: RuleVerdict,
    /// The packet that shows it.
    pub witness: Option<WitnessReport>,
    /// The code of an earlier finding that shows the same packet at the same line.
    pub same_as: Option<&'static str>,
    /// Who accepts it, and until when.
    pub waived: Option<WaivedBy>,
    /// What to ask whom, where something is not known.
    pub questions: Vec<Question>,
    /// Machines, zones and routers that each of its statements is about.
    pub about: Vec<Vec<String>>,
    /// Codes of the rules whose matter has to be settled first.
    pub waits_for: &'static [&'static str],
}

/// A waiver that applies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WaivedBy {
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Last day.
    pub until: String,
}

/// A packet and its way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WitnessReport {
    /// Who sends it.
    pub from: String,
    /// Source address.
    pub source: String,
    /// Destination address.
    pub destination: String,
    /// Protocol by name or number.
    pub protocol: String,
    /// Source port, if the protocol has ports; the ICMP type for ICMP.
    pub source_port: Option<u16>,
    /// Destination port, if the protocol has ports; the ICMP code for ICMP.
    pub destination_port: Option<u16>,
    /// TCP flags, such as `SYN`; empty for other protocols.
    pub flags: String,
    /// The way of the packet.
    pub hops: Vec<HopReport>,
    /// The way of the answer, when the matter is the answer.
    pub answer: Vec<HopReport>,
}

/// One thing that happens to a packet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HopReport {
    /// Where.
    pub node: String,
    /// What.
    pub text: Text,
    /// The line that decides.
    pub span: Option<Span>,
    /// Whether the packet goes on from here.
    pub passes: bool,
}

/// An open point and how it was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AssumptionReport {
    /// Its id.
    pub id: &'static str,
    /// What is open.
    pub question: Text,
    /// The keyword of the reading taken.
    pub reading: String,
    /// What that means.
    pub meaning: Text,
    /// Whether the site file answers it.
    pub is_answered: bool,
    /// Where it is met first.
    pub span: Option<Span>,
}

/// How many lines of a router's configuration are in which state.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Coverage {
    /// The router.
    pub router: String,
    /// Lines whose meaning is in the model.
    pub modelled: usize,
    /// Lines that cannot change any verdict.
    pub irrelevant: usize,
    /// Lines whose meaning is not in the model.
    pub not_modelled: usize,
}

impl Report {
    /// How many requirements came out as `verdict`.
    #[must_use]
    pub fn count(&self, verdict: RuleVerdict) -> usize {
        self.requirements.iter().filter(|one| one.verdict == verdict).count()
    }
}

/// What the process should exit with: 0 everything proved, 1 something refuted, 2 nothing refuted
/// but something unknown, 3 input that cannot be used, or a fault of ours. Input cannot be used
/// when mistakes in it left nothing to judge; a site that fits no page is unknown.
#[must_use]
pub fn exit_code(report: &Report) -> u8 {
    let is_error = |one: &&Diagnostic| one.severity == Severity::Error;
    let mut errors = report.diagnostics.iter().filter(is_error).peekable();
    let has_error = errors.peek().is_some();
    let is_judged = !report.requirements.is_empty();
    let is_unreadable = !is_judged && errors.any(|one| one.code.starts_with('P'));
    if !report.faults.is_empty() || !report.is_usable || is_unreadable {
        return 3;
    }
    if report.count(RuleVerdict::Refuted) > 0 {
        return 1;
    }
    u8::from(report.count(RuleVerdict::Unknown) > 0 || !is_judged || has_error) * 2
}
