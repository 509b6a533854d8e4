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

/// The flags byte for each value of the field.
const FLAGS: [u8; 256] = {
    let mut all = [0; 256];
    let mut value = 0;
    while value < all.len() {
        let mut place = 0;
        while place < ORDER.len() {
            if value >> (ORDER.len() - 1 - place) & 1 == 1 {
                all[value] |= ORDER[place];
            }
            place += 1;
        }
        value += 1;
    }
    all
};

/// The flags byte for a value of the field.
#[must_use]
pub fn flags_of_field(value: u128) -> u8 {
    FLAGS[usize::from(u8::try_from(value & 0xff).unwrap_or(0))]
}

/// The field's values for one flags byte.
#[must_use]
pub fn exactly(flags: u8) -> Interval {
    Interval::single(field_of_flags(flags))
}

/// The field's values for a set of flags bytes.
pub(crate) fn fields_of(ranges: &Ranges) -> IntervalSet {
    let mut is_in = [false; 256];
    for (low, high) in ranges.as_slice() {
        let byte = |value: u128| usize::try_from(value.min(255)).unwrap_or(255);
        is_in[byte(*low)..=byte(*high)].fill(true);
    }
    let values = (0_u128..).zip(FLAGS).filter(|(_, flags)| is_in[usize::from(*flags)]);
    values.map(|(value, _)| Interval::single(value)).collect()
}
