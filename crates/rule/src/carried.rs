//! Sessions that get on inside a tunnel of the line or a PPPoE session of a machine: explorations
//! follow them as if these were up.

use design::{LineTunnel, SessionLine};
use diag::{Text, text};
use model::{InterfaceIndex, NodeId, StepKind};
use reach::Exploration;

use crate::Scene;
use crate::flows::Trial;
use crate::house::not_proved;
use crate::judgement::{Judgement, Reason, Verdict};
use crate::registry::blocked_tunnel;

/// An interface that carries nothing as far as is known, since what it stands for is not proved to
/// come up.
struct Door {
    node: NodeId,
    interface: InterfaceIndex,
    reason: Reason,
    /// The rule that tells it.
    code: &'static [&'static str],
}

impl Scene<'_> {
    /// The tunnels of the line, each with what there is to say of its outer packets; of one that
    /// comes up that is nothing.
    pub(crate) fn tunnels(&self) -> &[(LineTunnel, Vec<Judgement>)] {
        self.atlas.go_beyond_attacks();
        self.tried.tunnels.get_or_init(|| {
            let all = self.blueprint.line_tunnels.iter();
            all.map(|one| (*one, blocked_tunnel::judge(self, one))).collect()
        })
    }

    /// The statements that `requirement` is not proved for those of `ways` that lead through a
    /// tunnel or a PPPoE session that is not proved to come up.
    pub(crate) fn held_up<'s>(
        &self,
        requirement: &Text,
        ways: impl Iterator<Item = (&'s Trial, &'s Exploration)>,
    ) -> Vec<Judgement> {
        let tunnels = self.tunnels().iter().filter_map(|(one, said)| self.closed(one, said));
        let sessions = self.blueprint.sessions.iter().filter_map(|one| self.silent(one));
        let mut doors: Vec<(Door, Option<Judgement>)> =
            tunnels.chain(sessions).map(|door| (door, None)).collect();
        if doors.is_empty() {
            return Vec::new();
        }
        for (trial, found) in ways {
            let passes = |door: &Door| {
                let mut steps = found.leaves.iter().flat_map(|leaf| found.back(leaf));
                steps.any(|step| match step.kind {
                    StepKind::Sent(interface) | StepKind::Received(interface) => {
                        (step.node, interface) == (door.node, door.interface)
                    }
                    _ => false,
                })
            };
            for (door, said) in doors.iter_mut().filter(|(door, _)| passes(door)) {
                let own = door.says(requirement).about([self.name(trial.from).to_owned()]);
                match said {
                    Some(same) => same.merge(&own),
                    None => *said = Some(own),
                }
            }
        }
        doors.into_iter().filter_map(|(_, said)| said).collect()
    }

    /// The door of the tunnel `one`, if what is `said` of it is not that it comes up.
    fn closed(&self, one: &LineTunnel, said: &[Judgement]) -> Option<Door> {
        let is_refuted = said.iter().any(|one| matches!(one.verdict, Verdict::Refuted(_)));
        let is_open = said.iter().any(|one| matches!(one.verdict, Verdict::Unknown(_)));
        let tunnel = self.line_tunnel(one);
        let text = if is_refuted {
            text!(
                ja: "`{node}` のトンネルがつながりません（F032）",
                en: "the tunnel of `{node}` does not come up (F032)",
                node = self.name(one.node),
            )
        } else {
            text!(
                ja: "`{node}` のトンネルがつながるか分かりません（F032）",
                en: "whether the tunnel of `{node}` comes up is not known (F032)",
                node = self.name(one.node),
            )
        };
        (is_refuted || is_open).then(|| Door {
            node: one.node,
            interface: tunnel.interface,
            reason: Reason::new(text, tunnel.origin.span()),
            code: &["F032"],
        })
    }

    /// The door of the PPPoE session `one`, if its frames are stopped.
    fn silent(&self, one: &SessionLine) -> Option<Door> {
        if !one.is_pppoe || self.stopped_stage(one).is_none() {
            return None;
        }
        let text = text!(
            ja: "`{machine}` の PPPoE セッションがつながりません（F005）",
            en: "the PPPoE session of `{machine}` does not come up (F005)",
            machine = self.name(one.machine),
        );
        Some(Door {
            node: one.machine,
            interface: one.interface,
            reason: Reason::new(text, Some(one.span)),
            code: &["F005"],
        })
    }
}

impl Door {
    fn says(&self, requirement: &Text) -> Judgement {
        let verdict = Verdict::Unknown(vec![self.reason.clone()]);
        Judgement::new(verdict, not_proved(requirement)).after(self.code).advise(text!(
            ja: "先に {code} を解決してください。そのあとで、あらためて判定されます",
            en: "settle {code} first; this is judged again then",
            code = self.code.join(", "),
        ))
    }
}
