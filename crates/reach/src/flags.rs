//! TCP flags as a field of boxes.
//!
//! Conditions on flags ask for SYN, ACK, RST and FIN. In the order of the header their bits lie
//! scattered, and a condition becomes dozens of intervals; with those four on top it becomes a
//! few. So a box holds the flags byte with its bits in this order.

use model::Ranges;
use packet_set::{Interval, IntervalSet};

/// Bits of the flags byte, the highest bit of the field first: ACK, SYN, RST, FIN, then PSH, URG,
/// ECE and CWR.
const ORDER: [u8; 8] = [0x10, 0x02, 0x04, 0x01, 0x08, 0x20, 0x40, 0x80];

/// The value of the field for the flags byte `flags`.
#[must_use]
pub fn field_of_flags(flags: u8) -> u128 {
    ORDER.iter().fold(0, |value, bit| value << 1 | u128::from(flags & bit != 0))
}

/// The flags byte for a value of the field.
#[must_use]
pub fn flags_of_field(value: u128) -> u8 {
    let bits = ORDER.iter().rev().enumerate();
    bits.fold(0, |flags, (place, bit)| if value >> place & 1 == 1 { flags | bit } else { flags })
}

/// The field's values for one flags byte.
#[must_use]
pub fn exactly(flags: u8) -> Interval {
    Interval::single(field_of_flags(flags))
}

/// The field's values for a set of flags bytes.
pub(crate) fn fields_of(ranges: &Ranges) -> IntervalSet {
    let bytes = (0..=u8::MAX).filter(|byte| ranges.contains(*byte));
    bytes.map(exactly).collect()
}
