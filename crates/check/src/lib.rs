//! The single door to the judgement of a site: bytes in, plain data out.
//!
//! It puts the stages together, replays every witness before it is shown, turns a proof into
//! `unknown` where a line that is not modelled or an open point could overturn it, and counts
//! what was understood. It reads no file, clock or environment.

mod again;
mod ask;
mod assemble;
mod catalogue;
mod code;
mod doubt;
mod due;
mod echo;
mod facts;
mod help;
mod hop;
mod house;
mod judge;
mod load;
mod mark;
mod order;
mod own_firewall;
mod page;
mod picture;
mod placeholder;
mod reading;
mod replay;
mod report;
mod swapped;
mod todo;
mod waiver;

pub use ask::{Answer, AskError, AskVerdict, Doubt, Question, Reachable, Reached, ask, reachable};
pub use code::{Explained, Topic, codes, explain};
pub use due::{Due, Undated, due, due_exit_code};
pub use lifecycle::{Deadline, Matter, Standing};
pub use load::{ConfigFile, Loaded, Unreadable, load};
pub use page::pages;
pub use picture::{
    Link, Mark, Picture, PictureZone, Place, PlaceKind, Purpose, Route, RouteKind, State, Stop,
    picture,
};
pub use report::{
    AssumptionReport, Coverage, Finding, HopReport, Report, RequirementReport, RuleVerdict,
    SiteReport, WaivedBy, WitnessReport, exit_code,
};
pub use rule::Who;
pub use todo::{Todo, todo, waiting};

use site::Date;

/// Judges the site in `loaded`, whose configuration files are `files`.
///
/// `today` decides whether waivers still hold, and what is over; without it no waiver does, and
/// nothing that depends on the day is proved.
#[must_use]
pub fn check(loaded: Loaded, files: &[ConfigFile], today: Option<Date>) -> Report {
    check_with(loaded, files, today, Effort::Shared)
}

/// How much is judged anew under other readings of open points. Both come to the same report.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Effort {
    /// Only what can come out otherwise.
    Shared,
    /// Everything: slow, and what tests compare the other with.
    Plain,
}

/// [`check`] with a choice of effort.
#[must_use]
pub fn check_with(
    loaded: Loaded,
    files: &[ConfigFile],
    today: Option<Date>,
    effort: Effort,
) -> Report {
    let mut site = assemble::Assembled::new(loaded, files, today);
    let known = site.known(files, today);
    judge::judge(site, &known, today, effort)
}
