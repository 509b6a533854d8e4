//! Which forged sessions may come to something else in one of two networks.

use model::{Family, State, States, protocol};
use packet_set::{Cube, Field};

use super::told::{Difference, largest};
use crate::answer::may_be_forged;
use crate::compile::bounds;
use crate::flight::universe;

impl Difference {
    /// First packets of [forged sessions](Atlas::forged_answer) that may come to more than before:
    /// they may go another way, or their answers may get on, or their source may be an address in
    /// one network only.
    ///
    /// Where a list only discards more of a first packet, other nodes remember it; so such lists
    /// count for these, and for answers they do not. No table differs, so what a node remembers
    /// follows from the way of the packets. Answers meet the elements of a node in one state more.
    /// Those that are discarded because their source is the node's own answer packets to an
    /// address; where it is there in one network only, these are among
    /// [`openings`](Self::openings).
    ///
    /// # Shape
    /// As of `attacks`.
    #[must_use]
    pub fn forgeries(&self) -> Vec<(Family, Cube)> {
        let answers = self.parts.iter().filter(|part| part.is_looser);
        let answered = answers.filter_map(|part| Some((part.family, mirrored(&part.cube)?)));
        let in_names = self
            .nets
            .iter()
            .map(|net| (net.family(), universe(net.family()).with(Field::Source, bounds(*net))));
        largest(self.openings().into_iter().chain(answered).chain(in_names))
    }

    /// First packets of forged sessions that may go another way. An open session announces none
    /// of them.
    ///
    /// # Shape
    /// As of `attacks`.
    #[must_use]
    pub fn openings(&self) -> Vec<(Family, Cube)> {
        self.met_in(States::of(&[State::New, State::Invalid, State::Untracked]), |_| true)
    }
}

/// A box with all packets that a packet of `cube`, sent as a forged answer, may answer.
fn mirrored(cube: &Cube) -> Option<Cube> {
    // The answer has any flags, the packet before it SYN.
    let cube = may_be_forged(&cube.with(Field::TcpFlags, Field::TcpFlags.domain()))?;
    let is_icmp = [protocol::ICMP, protocol::ICMPV6]
        .into_iter()
        .any(|number| cube.interval(Field::Protocol).contains(u128::from(number)));
    // Request and reply have different types, which stand in the place of a port.
    let ports = match is_icmp {
        true => [Field::SourcePort, Field::DestinationPort].map(Field::domain),
        false => [Field::DestinationPort, Field::SourcePort].map(|port| cube.interval(port)),
    };
    let turned = cube
        .with(Field::Source, cube.interval(Field::Destination))
        .with(Field::Destination, cube.interval(Field::Source))
        .with(Field::SourcePort, ports[0])
        .with(Field::DestinationPort, ports[1]);
    Some(turned)
}
