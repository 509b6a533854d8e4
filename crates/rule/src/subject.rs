//! What a rule has to look at. Where there is nothing of it, nothing is proved.

use std::collections::BTreeSet;

use design::{Destination, Flow};
use diag::{Span, Text, text};
use model::{Interface, InterfaceKind, Node, NodeId, SegmentId};

use crate::flows::{self, Trial};
use crate::house::not_proved;
use crate::judgement::{Judgement, Reason, Verdict};
use crate::{Question, Scene, Who};

/// Sessions that the site needs and that could not be tried out, with what to ask.
#[derive(Default)]
pub(crate) struct Untried {
    pub(crate) reasons: Vec<Reason>,
    questions: Vec<Question>,
}

impl Untried {
    fn add(&mut self, text: Text, span: Option<Span>, question: Option<Question>) {
        self.reasons.push(Reason::new(text, span));
        self.questions.extend(question.filter(|one| !self.questions.contains(one)));
    }

    fn extend(&mut self, other: Self) {
        self.reasons.extend(other.reasons);
        self.questions.extend(other.questions);
    }

    /// The statement that the rule proves nothing about them; `None` if there are none.
    pub(crate) fn judgement(self, requirement: &Text) -> Option<Judgement> {
        if self.reasons.is_empty() {
            return None;
        }
        let mut found = Judgement::new(Verdict::Unknown(self.reasons), not_proved(requirement));
        found.questions = self.questions;
        Some(found.advise(text!(
            ja: "`[[service]]`、`[destinations]`、`nics` のうち足りないものを書いてください",
            en: "write what is missing under `[[service]]`, `[destinations]` or `nics`",
        )))
    }
}

/// Whether an interface of a machine has no address in the site file though it needs one: what
/// carries a PPPoE session of the machine's own may be there for its frames alone.
pub(crate) fn lacks_address(machine: &Node) -> bool {
    let carries = |index| {
        let is_on = |one: &Interface| one.kind == InterfaceKind::Session { carrier: index };
        machine.interfaces.iter().any(is_on)
    };
    machine.interfaces().any(|(index, one)| {
        one.kind == InterfaceKind::Port && one.addresses.is_empty() && !carries(index)
    })
}

impl Scene<'_> {
    /// What `headline` says depends on an address of `machine` that nobody wrote.
    pub(crate) fn unaddressed(&self, machine: NodeId, headline: Text) -> Judgement {
        let machine = self.node(machine);
        let reason = text!(
            ja: "`{machine}` のアドレスが書かれていません",
            en: "the address of `{machine}` is not written",
            machine = machine.name,
        );
        Judgement::unknown(headline, reason, machine.origin.span())
            .about([machine.name.clone()])
            .advise(text!(
                ja: "`{machine}` の `nics` に `ipv4` か `ipv6` を書いてください",
                en: "write `ipv4` or `ipv6` under `nics` of `{machine}`",
                machine = machine.name,
            ))
            .ask(
                Who::Installer,
                text!(
                    ja: "`{machine}` の IP アドレス", en: "the address of `{machine}`",
                    machine = machine.name,
                ),
            )
    }

    /// Services between claims computers and terminals that could not be tried out.
    pub(crate) fn untried_services(&self) -> Untried {
        let parties = &self.blueprint.parties;
        let mut untried = Untried::default();
        let has_others = parties.medical.iter().any(|one| !parties.terminals.contains(one));
        let terminals = parties.terminals.iter().filter(|one| !parties.medical.contains(one));
        let terminals: Vec<NodeId> = terminals.filter(|_| has_others).copied().collect();
        let is_linked = |terminal: &NodeId| {
            self.blueprint.services.iter().any(|flow| {
                flow.to == *terminal && parties.medical.contains(&flow.from)
                    || flow.from == *terminal && parties.medical.contains(&flow.to)
            })
        };
        if !terminals.is_empty() && !terminals.iter().any(is_linked) {
            untried.add(
                text!(
                    ja: "レセコン等と資格確認端末の間で使うサービスが書かれていません",
                    en: "no service between the claims computers and the terminals is written",
                ),
                self.blueprint.place,
                Some(linkage_question()),
            );
        } else {
            for terminal in terminals.iter().filter(|one| !is_linked(one)) {
                untried.add(
                    text!(
                        ja: "レセコン等と `{terminal}` の間で使うサービスが書かれていません",
                        en: "no service between the claims computers and `{terminal}` is written",
                        terminal = self.name(*terminal),
                    ),
                    self.node(*terminal).origin.span(),
                    Some(linkage_question()),
                );
            }
        }
        untried.extend(self.untried_flows(&|_| true));
        untried
    }

    /// Named services, of those that `is_meant` takes, that could not be tried out.
    pub(crate) fn untried_flows(&self, is_meant: &dyn Fn(&Flow) -> bool) -> Untried {
        let mut untried = Untried::default();
        for flow in self.blueprint.services.iter().filter(|flow| is_meant(flow)) {
            let is_of =
                |one: &Trial| (one.from, one.to, one.span) == (flow.from, flow.to, flow.span);
            if self.services().iter().any(|one| is_of(one)) {
                continue;
            }
            let text = text!(
                ja: "`{from}` か `{to}` のアドレスが分かりません",
                en: "the address of `{from}` or of `{to}` is not known",
                from = self.name(flow.from), to = self.name(flow.to),
            );
            let question = text!(
                ja: "`{from}` と `{to}` の IP アドレス", en: "the addresses of `{from}` and `{to}`",
                from = self.name(flow.from), to = self.name(flow.to),
            );
            untried.add(
                text,
                Some(flow.span),
                Some(Question { who: Who::Installer, text: question }),
            );
        }
        untried
    }

    /// Destinations that machines need and that could not be tried out.
    pub(crate) fn untried_destinations(&self) -> Untried {
        let mut untried = Untried::default();
        for (machine, net) in self.unlisted() {
            let text = text!(
                ja: "`{machine}` が使う `{net}` の接続先が登録されていません",
                en: "no destination on `{net}`, which `{machine}` uses, is listed",
                machine = self.name(machine), net = net,
            );
            untried.add(text, self.node(machine).origin.span(), Some(destination_question(net)));
        }
        for destination in self.unused() {
            let net = self.name(destination.net);
            let text = text!(
                ja: "接続先 `{name}`（`{net}`）を使う端末がありません",
                en: "no machine uses destination `{name}` on `{net}`",
                name = destination.name, net = net,
            );
            let question = text!(
                ja: "`{net}` の接続先を使う端末",
                en: "the machines that use destinations on `{net}`",
                net = net,
            );
            let question = Question { who: Who::Installer, text: question };
            untried.add(text, Some(destination.span), Some(question));
        }
        for destination in self.nameless() {
            let text = text!(
                ja: "接続先 `{name}` のアドレスが書かれていません",
                en: "destination `{name}` has no addresses",
                name = destination.name,
            );
            let net = self.name(destination.net);
            untried.add(text, Some(destination.span), Some(destination_question(net)));
        }
        untried
    }

    /// Both.
    pub(crate) fn untried(&self) -> Untried {
        let mut all = self.untried_services();
        all.extend(self.untried_destinations());
        all
    }

    /// Machines that use a network outside on which nothing is listed, with its name.
    ///
    /// What a machine reaches inside a PPPoE session that it ends itself is the far end's matter:
    /// no router inspects it, and claims need not be listed for it.
    pub(crate) fn unlisted(&self) -> Vec<(NodeId, &'static str)> {
        let blueprint = self.blueprint;
        let parties = &blueprint.parties;
        let is_listed = |net: &str| {
            let mut all = blueprint.catalogue.destinations.iter();
            all.any(|one| self.name(one.net) == net)
        };
        let mut found = Vec::new();
        if !is_listed("eligibility-net") {
            let others = parties.web_api.iter().filter(|one| !parties.terminals.contains(one));
            let machines = parties.terminals.iter().chain(others);
            found.extend(machines.map(|machine| (*machine, "eligibility-net")));
        }
        if !is_listed("claims-net") {
            let ends_itself = |machine: &NodeId| {
                let mut sessions = blueprint.sessions.iter();
                sessions.any(|one| {
                    one.machine == *machine && one.is_pppoe && self.name(one.far) == "claims-net"
                })
            };
            let machines = parties.claims_terminals.iter().filter(|one| !ends_itself(one));
            found.extend(machines.map(|machine| (*machine, "claims-net")));
        }
        found
    }

    /// Listed destinations on closed networks that nobody is said to use.
    fn unused(&self) -> impl Iterator<Item = &Destination> {
        let destinations = self.blueprint.catalogue.destinations.iter();
        destinations.filter(|one| {
            self.name(one.net) != "internet" && flows::users(self, one.net).is_empty()
        })
    }

    /// Listed destinations on closed networks of which no address is known.
    pub(crate) fn nameless(&self) -> impl Iterator<Item = &Destination> {
        let destinations = self.blueprint.catalogue.destinations.iter();
        destinations.filter(|one| one.addresses.is_empty() && self.name(one.net) != "internet")
    }

    /// The statement that nothing of the site touches the line, so that nothing was judged there.
    pub(crate) fn without_edge(&self, requirement: &Text) -> Vec<Judgement> {
        let blueprint = self.blueprint;
        let parties = &blueprint.parties;
        let touches = |node: &NodeId| {
            let mut interfaces = self.node(*node).interfaces.iter();
            interfaces.any(|one| one.segment.is_some() && one.segment == parties.line)
        };
        if parties.routers.iter().chain(&parties.machines).any(touches) {
            return Vec::new();
        }
        let reason = text!(
            ja: "ONU につながる機器が、サイトファイルにありません",
            en: "the site file names nothing that stands at the ONU",
        );
        let found = Judgement::unknown(not_proved(requirement), reason, blueprint.place);
        vec![found.advise(text!(
            ja: "境界のルータを `[routers]` に書き、ONU 側のポートを `ports` で `onu` としてください",
            en: "name the edge router under `[routers]`, and its port towards the ONU as `onu`",
        ))
        .ask(
            Who::Installer,
            text!(
                ja: "どのルータのどのポートが ONU につながっているか",
                en: "which port of which router leads to the ONU",
            ),
        )]
    }

    /// The statements that `machines` have no interface, so that nobody was judged at their place.
    pub(crate) fn unwired(
        &self,
        requirement: &Text,
        machines: impl IntoIterator<Item = NodeId>,
    ) -> Vec<Judgement> {
        let is_unwired = |node: &NodeId| {
            let segments = self.node(*node).interfaces.iter().filter_map(|one| one.segment);
            segments.collect::<Vec<SegmentId>>().is_empty()
        };
        let unknown = |node: NodeId| {
            let name = self.name(node);
            let reason = text!(
                ja: "`{machine}` の NIC が書かれていません",
                en: "`{machine}` has no interface in the site file",
                machine = name,
            );
            let question = text!(
                ja: "`{machine}` の NIC とつながる先",
                en: "the interfaces of `{machine}` and their zones",
                machine = name,
            );
            let span = self.node(node).origin.span();
            Judgement::unknown(not_proved(requirement), reason, span)
                .about([name.to_owned()])
                .advise(text!(
                    ja: "`{machine}` の `nics` を書いてください",
                    en: "write the `nics` of `{machine}`",
                    machine = name,
                ))
                .ask(Who::Installer, question)
        };
        let mut seen: BTreeSet<NodeId> = BTreeSet::new();
        let each = machines.into_iter().filter(|node| seen.insert(*node));
        each.filter(is_unwired).map(unknown).collect()
    }
}

pub(crate) fn linkage_question() -> Question {
    let text = text!(
        ja: "レセコン等と資格確認端末の連携方式（使うサービスとポート、どちらから接続するか）",
        en: "how the claims computers and the terminal are linked: service, port, and who connects",
    );
    Question { who: Who::SystemVendor, text }
}

pub(crate) fn destination_question(net: &str) -> Question {
    let text = text!(
        ja: "`{net}` の接続先のアドレス、ホスト名、ポート、DNS サーバ",
        en: "addresses, host names and ports of the destinations on `{net}`, and its name servers",
        net = net,
    );
    Question { who: Who::LineProvider, text }
}
