//! Every witness is replayed by the oracle before it is shown.

use diag::{Text, text};
use model::{Network, Outcome, Packet, StepKind, Trace};
use oracle::Oracle;
use reach::Mode;
use rule::{Later, Witness};

/// The ways of a witness and, if the matter is the answer, of the answer, as the oracle saw them.
pub(crate) struct Replayed {
    pub(crate) way: Trace,
    pub(crate) answer: Option<Trace>,
}

/// Replays `witness`.
///
/// # Errors
/// When the oracle disagrees: a fault of ours, in words.
pub(crate) fn replay(network: &Network, witness: &Witness) -> Result<Replayed, Text> {
    let mut oracle = Oracle::new(network);
    if let Some(before) = witness.before {
        oracle.attack(before.from, before.packet);
    }
    let traces = match witness.mode {
        Mode::Attack => oracle.attack(witness.from, witness.packet),
        Mode::Originate => oracle.originate(witness.from, witness.packet),
    };
    // That a node takes a packet as its own is in the outcome; the judges need not both say it.
    let told = |kind: &StepKind| *kind != StepKind::Accepted;
    let same = |trace: &Trace| {
        let seen = trace.steps.iter().map(|step| (step.node, step.kind));
        let found = witness.way.iter().map(|step| (step.node, step.kind));
        seen.filter(|(_, kind)| told(kind)).eq(found.filter(|(_, kind)| told(kind)))
    };
    let ended = |trace: &&Trace| trace.outcome == witness.outcome;
    let exact = traces.iter().filter(ended).find(|trace| same(trace));
    let way = exact.or_else(|| traces.iter().find(ended));
    let Some(way) = way.cloned() else {
        let found = traces.first().map(|trace| trace.outcome);
        return Err(disagrees(network, witness, (witness.outcome, found)));
    };
    let Some((outcome, _)) = &witness.answer else {
        return Ok(Replayed { way, answer: None });
    };
    let mut answers = oracle.answer(&way);
    if let Some(later) = witness.later {
        answers = follow_up(&mut oracle, witness, &way, later);
    }
    let first = answers.first().map(|answer| answer.outcome);
    if let Some(answer) = answers.into_iter().find(|answer| answer.outcome == *outcome) {
        return Ok(Replayed { way, answer: Some(answer) });
    }
    let other = with_another_port(network, witness, *outcome);
    other.ok_or_else(|| disagrees(network, witness, (*outcome, first)))
}

/// The ways of the witness and of an answer that ends with `outcome`, where a translator on the way
/// chooses another port than the first that it may choose.
fn with_another_port(network: &Network, witness: &Witness, outcome: Outcome) -> Option<Replayed> {
    let mut oracle = Oracle::telling_ports(network);
    let traces = match witness.mode {
        Mode::Attack => oracle.attack(witness.from, witness.packet),
        Mode::Originate => oracle.originate(witness.from, witness.packet),
    };
    traces.into_iter().filter(|trace| trace.outcome == witness.outcome).find_map(|way| {
        let answers = match witness.later {
            Some(later) => follow_up(&mut oracle, witness, &way, later),
            None => oracle.answer(&way),
        };
        let answer = answers.into_iter().find(|answer| answer.outcome == outcome)?;
        Some(Replayed { way, answer: Some(answer) })
    })
}

/// The ways of the packet after the answer that the witness is about.
fn follow_up(oracle: &mut Oracle<'_>, witness: &Witness, way: &Trace, later: Later) -> Vec<Trace> {
    let tcp_flags = later.tcp_flags.unwrap_or(witness.packet.tcp_flags);
    if later.is_answer {
        return oracle.later_answer(way, tcp_flags);
    }
    let packet = Packet { tcp_flags, ..witness.packet };
    match witness.mode {
        Mode::Attack => oracle.attack(witness.from, packet),
        Mode::Originate => oracle.originate(witness.from, packet),
    }
}

fn disagrees(
    network: &Network,
    witness: &Witness,
    (expected, found): (Outcome, Option<Outcome>),
) -> Text {
    let packet = witness.packet;
    text!(
        ja: "内部の矛盾: `{from}` から {source} → {destination}（プロトコル {protocol}）のパケッ\
             トについて、二つの判定器の結果が異なります（{expected} と {found}）",
        en: "internal contradiction: the two judges disagree on the packet {source} -> \
             {destination} (protocol {protocol}) from `{from}` ({expected} against {found})",
        from = network.node(witness.from).name,
        source = packet.source, destination = packet.destination, protocol = packet.protocol,
        expected = format!("{expected:?}"),
        found = format!("{found:?}"),
    )
}
