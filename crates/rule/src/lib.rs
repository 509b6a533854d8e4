//! What must hold of a site, one folder per rule. A rule asks the network and never sees a
//! vendor; it judges, and leaves assumptions, lines that are not modelled and the replay of its
//! witnesses to `check`.

mod answer;
mod arrival;
mod attempt;
mod carried;
mod counterpart;
mod flows;
mod forgery;
mod group;
mod guilt;
mod house;
mod intrusion;
mod judgement;
mod listed;
mod named;
mod names;
mod peer;
mod private;
mod registry;
mod rewritten;
mod scene;
mod session;
mod stray;
mod subject;
mod tried;
mod tunnel;

pub use attempt::Attempt;
pub use forgery::Forged;
pub use guilt::{Guilt, Suspect};
pub use house::{House, Library, Question, Who};
pub use judgement::{Judgement, Later, Opening, Reason, Remedy, Verdict, Witness};
pub use scene::{Focus, Left, Manner, Scene};

use design::{Blueprint, Server};
use diag::Text;
use model::{Aspects, Effects};
use pattern::Property;
use site::Endpoint;

/// A rule.
pub struct Rule {
    /// Letter and three digits, never reused.
    pub code: &'static str,
    /// The bad thing, in kebab-case.
    pub name: &'static str,
    /// The property of the flow contract that it decides.
    pub property: Property,
    /// What must hold, as a statement.
    pub requirement: fn() -> Text,
    /// What it means, why it matters and what to do.
    pub explain: fn() -> Text,
    /// Whether something must be impossible, or possible.
    pub kind: Kind,
    /// The parts of the analysis that it reads.
    pub aspects: Aspects,
    /// What a line that is not modelled could do to make a proof wrong.
    pub fears: Effects,
    /// Whether it reads facts out of packs. Nothing is proved by it while a pack that the site
    /// file names could not be read whole.
    pub reads_packs: bool,
    /// Judges a site. An empty list means that there is nothing to judge: the rule is proved.
    pub check: fn(&Scene<'_>) -> Vec<Judgement>,
}

/// What sort of statement a rule makes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// Something must be impossible. A wrong proof would be a hole that nobody sees.
    ///
    /// Where it looks at attacks, a single leaf refutes it; see [`Focus::Part`]. One that also
    /// looks at answers or at what a node itself sends is judged as a whole under every reading.
    Denial,
    /// Something must work. A wrong proof is seen on the first day.
    Possibility,
    /// Something is so of the site beside its network; no packet and no line takes part.
    Fact,
}

/// Whether the site has what `rule` is about: without IPsec there is nothing to ask of a tunnel,
/// and without services beside the linkage nothing of whether they arrive.
#[must_use]
pub fn concerns(rule: &Rule, blueprint: &Blueprint) -> bool {
    let is_of_line = [
        &registry::clear_outside::RULE,
        &registry::foreign_peer::RULE,
        &registry::unassessed_service::RULE,
    ];
    let is_of_tunnel = [&registry::blocked_tunnel::RULE, &registry::unguarded_tunnel::RULE];
    let is = |all: &[&Rule]| all.iter().any(|one| one.code == rule.code);
    if is(&[&registry::foreign_terminal_tunnel::RULE]) {
        let endpoint = blueprint.contract.as_ref().map(|contract| contract.endpoint);
        return endpoint == Some(Endpoint::Terminal);
    }
    if is(&[&registry::unreachable_service::RULE]) {
        return registry::unreachable_service::names_one(blueprint);
    }
    if is(&[&registry::answer_without_edns::RULE]) {
        return blueprint.contract.is_none() || asks_a_router(blueprint);
    }
    if is(&is_of_line) {
        return blueprint.contract.is_some();
    }
    let has_tunnel = !blueprint.line_tunnels.is_empty();
    !is(&is_of_tunnel) || blueprint.contract.is_some() || has_tunnel
}

/// Whether some machine is told to ask a router for names. Behind a tunnel machines ask the servers
/// of the provider, and no router of the site has a part in it.
fn asks_a_router(blueprint: &Blueprint) -> bool {
    let routers = &blueprint.parties.routers;
    blueprint.resolvers.iter().any(|one| match one.server {
        Server::Router(_) => true,
        Server::Address(address) => {
            routers.iter().any(|router| blueprint.network.node(*router).owns(address))
        }
    })
}

/// All rules, by code.
#[must_use]
pub fn rules() -> Vec<&'static Rule> {
    let mut rules = registry::RULES.to_vec();
    rules.sort_by_key(|rule| rule.code);
    rules
}
