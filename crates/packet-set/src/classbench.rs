//! Seeded lists that look like those of real packet classifiers, for tests and benchmarks.
//!
//! After ClassBench: prefixes come from shared pools of nested networks, ports are exact, a
//! range or any. The same seed gives the same list on every platform.

use crate::cube::Cube;
use crate::field::Field;
use crate::interval::{Interval, IntervalSet};
use crate::list::Rule;
use crate::pattern::Pattern;

/// What a generated list looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Profile {
    /// Realistic: nested networks from shared pools, well-known ports.
    Struct,
    /// Prefixes of every length anywhere.
    Random,
    /// Adversarial: a third hosts by source and port, a third hosts by destination and port,
    /// a third ports alone.
    Cross,
}

/// IP version of a generated list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Family {
    /// 32-bit addresses, IP version 4.
    V4,
    /// 128-bit addresses, IP version 6.
    V6,
}

/// The generator.
#[derive(Clone, Debug)]
pub struct Generator {
    state: u64,
    profile: Profile,
    family: Family,
    sources: Vec<IntervalSet>,
    destinations: Vec<IntervalSet>,
}

const PORTS: [u128; 16] =
    [22, 25, 53, 80, 88, 110, 123, 135, 139, 143, 389, 443, 445, 636, 3389, 8080];
const OUTCOMES: u32 = 2;

impl Generator {
    /// A generator for lists of about `size` entries: the pools grow with it.
    #[must_use]
    pub fn new(seed: u64, profile: Profile, family: Family, size: usize) -> Self {
        let (sources, destinations) = (Vec::new(), Vec::new());
        let mut generator = Self { state: seed, profile, family, sources, destinations };
        let pool = (size / 4).max(4);
        generator.sources = (0..pool).map(|_| generator.network()).collect();
        generator.destinations = (0..pool).map(|_| generator.network()).collect();
        generator
    }

    /// The next pseudo-random number (splitmix64).
    pub fn next_number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A pseudo-random number below `bound`, which is not 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next_number() % bound
    }

    fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    fn width_bits(&self) -> u32 {
        match self.family {
            Family::V4 => 32,
            Family::V6 => 128,
        }
    }

    fn address(&mut self) -> u128 {
        let number = u128::from(self.next_number());
        match self.family {
            Family::V4 => number & 0xffff_ffff,
            Family::V6 => {
                (0x2001_0db8 << 96) | (number << 32) | u128::from(self.next_number() >> 32)
            }
        }
    }

    fn any_address(&self) -> IntervalSet {
        IntervalSet::prefix(0, 0, self.width_bits())
    }

    /// A network: in the realistic profile within one of 256 sites, so that networks nest.
    fn network(&mut self) -> IntervalSet {
        let (width, address) = (self.width_bits(), self.address());
        if self.profile == Profile::Random {
            let length = self.below(u64::from(width)) + 1;
            return IntervalSet::prefix(address, u32::try_from(length).unwrap_or(width), width);
        }
        let length = match self.below(100) {
            0..2 => 12,
            2..10 => 16,
            10..55 => 24,
            55..65 => 28,
            _ => 32,
        };
        let site = u128::from(self.below(256));
        // In IPv4 sites are 10.x.0.0/16, in IPv6 2001:db8:x::/48; what is below nests alike.
        let (base, host_bits, length) = match self.family {
            Family::V4 => (0x0a00_0000, 16, length),
            Family::V6 => (0x2001_0db8 << 96, 80, if length == 32 { 128 } else { length + 32 }),
        };
        let inside = (address & ((1 << host_bits) - 1)) | (site << host_bits);
        IntervalSet::prefix(base | inside, length, width)
    }

    fn pooled(&mut self, field: Field) -> IntervalSet {
        let pool = match field {
            Field::Source => self.sources.len(),
            _ => self.destinations.len(),
        };
        if pool == 0 {
            return self.any_address();
        }
        // The lower of two draws: some networks are named far more often than others.
        let at = self.below(pool as u64).min(self.below(pool as u64));
        let at = usize::try_from(at).unwrap_or(0);
        match field {
            Field::Source => self.sources[at].clone(),
            _ => self.destinations[at].clone(),
        }
    }

    fn host(&mut self) -> IntervalSet {
        IntervalSet::single(self.address())
    }

    fn known_port(&mut self) -> IntervalSet {
        let at = usize::try_from(self.below(PORTS.len() as u64)).unwrap_or(0);
        IntervalSet::single(PORTS[at])
    }

    fn any_port(&mut self) -> IntervalSet {
        IntervalSet::single(u128::from(self.below(0x1_0000)))
    }

    fn destination_port(&mut self) -> IntervalSet {
        match self.below(100) {
            0..55 => self.known_port(),
            55..65 => self.any_port(),
            65..75 => IntervalSet::range(1024, 0xffff),
            75..80 => {
                let lo = u128::from(self.below(0xf000));
                IntervalSet::range(lo, lo + u128::from(self.below(0x1000)))
            }
            _ => IntervalSet::any(Field::DestinationPort.domain()),
        }
    }

    /// The next entry.
    pub fn rule(&mut self) -> Rule {
        let version = if self.family == Family::V4 { 4 } else { 6 };
        let pattern = Pattern::any().with(Field::IpVersion, IntervalSet::single(version));
        let pattern = match self.profile {
            Profile::Struct | Profile::Random => self.ordinary(pattern),
            Profile::Cross => self.crossing(pattern),
        };
        let outcome = if self.percent(70) { 1 } else { 0 };
        Rule::new(pattern, outcome)
    }

    fn ordinary(&mut self, pattern: Pattern) -> Pattern {
        // Real lists rarely leave both addresses open: such an entry hides all that follow.
        let (destination, source) = match self.below(100) {
            0..10 => (self.any_address(), self.pooled(Field::Source)),
            10..25 => (self.pooled(Field::Destination), self.any_address()),
            _ => (self.pooled(Field::Destination), self.pooled(Field::Source)),
        };
        let protocol = match self.below(100) {
            0..70 => 6,
            70..95 => 17,
            _ => 1,
        };
        let mut pattern = pattern
            .with(Field::Destination, destination)
            .with(Field::Source, source)
            .with(Field::Protocol, IntervalSet::single(protocol));
        if protocol != 1 {
            let port = self.destination_port();
            pattern = pattern.with(Field::DestinationPort, port);
            if self.percent(10) {
                pattern = pattern.with(Field::SourcePort, IntervalSet::range(1024, 0xffff));
            }
        }
        if self.percent(30) {
            let interface = u128::from(self.below(4));
            pattern = pattern.with(Field::InputInterface, IntervalSet::single(interface));
        }
        pattern
    }

    fn crossing(&mut self, pattern: Pattern) -> Pattern {
        let (host, port) = (self.host(), self.any_port());
        let any = self.any_address();
        let pattern = pattern.with(Field::DestinationPort, port);
        match self.below(3) {
            0 => pattern.with(Field::Source, host).with(Field::Destination, any),
            1 => pattern.with(Field::Destination, host).with(Field::Source, any),
            _ => pattern.with(Field::Source, any.clone()).with(Field::Destination, any),
        }
    }

    /// A list of `size` entries.
    pub fn rules(&mut self, size: usize) -> Vec<Rule> {
        (0..size).map(|_| self.rule()).collect()
    }

    /// The list with about `per_mille` thousandths of its outcomes flipped.
    pub fn mutated(&mut self, rules: &[Rule], per_mille: u64) -> Vec<Rule> {
        let mut out = rules.to_vec();
        for rule in &mut out {
            if self.below(1000) < per_mille {
                rule.outcome = (rule.outcome + 1) % OUTCOMES;
            }
        }
        out
    }

    /// The same set with about `per_mille` thousandths of entries added that decide nothing:
    /// each repeats an earlier entry with the other outcome.
    pub fn shadowed(&mut self, rules: &[Rule], per_mille: u64) -> Vec<Rule> {
        let mut out = rules.to_vec();
        for _ in 0..(rules.len() as u64 * per_mille).div_ceil(1000) {
            let Some(at) = usize::try_from(self.below(rules.len().max(1) as u64)).ok() else {
                continue;
            };
            if let Some(rule) = rules.get(at) {
                let mut repeated = rule.clone();
                repeated.outcome = (repeated.outcome + 1) % OUTCOMES;
                out.push(repeated);
            }
        }
        out
    }

    /// A box to ask about: a source and a destination network, a protocol and a port.
    pub fn question(&mut self) -> Cube {
        let destination = self.pooled(Field::Destination);
        let source = self.pooled(Field::Source);
        let port = self.known_port();
        let mut cube = Cube::full();
        let version = if self.family == Family::V4 { 4 } else { 6 };
        let wishes = [
            (Field::Destination, destination),
            (Field::Source, source),
            (Field::Protocol, IntervalSet::single(6)),
            (Field::DestinationPort, port),
            (Field::IpVersion, IntervalSet::single(version)),
        ];
        for (field, values) in wishes {
            let interval = values.iter().next().copied().unwrap_or(Interval::single(0));
            cube = cube.with(field, interval);
        }
        cube
    }
}
