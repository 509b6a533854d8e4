//! The first packets of a box to which a packet that came after them belongs.

use packet_set::{Cube, Field};
use reach::Leaf;

/// `first` with those of its packets alone whose sessions `later` belongs to: an answer if
/// `is_answer`, else a packet of who began. Where addresses or ports were rewritten on the way,
/// which belong together is not told by them, and `first` is returned as it is.
///
/// A witness shows a first packet and what became of its answer: both have to be of one session.
pub(crate) fn of(first: &Leaf, later: &Leaf, is_answer: bool) -> Leaf {
    if first.is_rewritten() {
        return first.clone();
    }
    match narrowed(first.sent, &later.sent, is_answer) {
        Some(sent) => first.with_sent(sent),
        None => first.clone(),
    }
}

fn narrowed(first: Cube, later: &Cube, is_answer: bool) -> Option<Cube> {
    let number = first.interval(Field::Protocol).lo();
    let has_ports = [model::protocol::TCP, model::protocol::UDP].map(u128::from).contains(&number);
    let addresses = [(Field::Source, Field::Destination), (Field::Destination, Field::Source)];
    let ports =
        [(Field::SourcePort, Field::DestinationPort), (Field::DestinationPort, Field::SourcePort)];
    let fields = addresses.into_iter().chain(ports.into_iter().filter(|_| has_ports));
    fields.into_iter().try_fold(first, |cube, (own, turned)| {
        cube.narrowed(own, later.interval(if is_answer { turned } else { own }))
    })
}
