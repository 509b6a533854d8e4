//! Values of fields that are numbers.

use std::net::IpAddr;

use model::{Family, Net, Ranges};

use super::name;
use super::report::Report;
use crate::registry::linux::config::{Key, Op, Value};

/// The number that a name stands for in a field.
type Names = fn(&Key, &str) -> Option<u128>;

/// The numbers that a field can hold, and the names some of them have.
pub(super) struct Numbers {
    pub(super) top: u128,
    family: Option<Family>,
    named: Names,
    key: Key,
}

impl Numbers {
    /// Those of the field `key`; `None` if it is no number.
    pub(super) fn of(key: &Key) -> Option<Self> {
        let (top, family, named): (u128, _, Names) = match key {
            Key::Address(family, _) => (family.top(), Some(*family), |_, _| None),
            Key::Port(..) => (65535, None, |_, word| name::port(word).map(u128::from)),
            Key::L4Proto | Key::IpProtocol | Key::NextHeader => {
                (255, None, |_, word| name::protocol(word).map(u128::from))
            }
            Key::IcmpType(_) => (255, None, |key, word| match key {
                Key::IcmpType(family) => name::icmp_type(*family, word).map(u128::from),
                _ => None,
            }),
            Key::IcmpCode(_) => (255, None, |key, word| match key {
                Key::IcmpCode(family) => name::icmp_code(*family, word).map(u128::from),
                _ => None,
            }),
            Key::NfProto => (255, None, |_, word| name::nfproto(word).map(u128::from)),
            Key::Protocol | Key::EtherType => {
                (65535, None, |_, word| name::ethertype(word).map(u128::from))
            }
            _ => return None,
        };
        Some(Self { top, family, named, key: key.clone() })
    }

    /// The numbers that `value` stands for; `None` if that is not known.
    pub(super) fn ranges(&self, value: &Value, report: &mut Report) -> Option<Ranges> {
        match value {
            Value::Range(first, last) => {
                let (first, last) = (self.single(first, report)?, self.single(last, report)?);
                (first <= last).then(|| Ranges::span(first, last))
            }
            Value::Prefix(base, length) => {
                let Value::Address(address) = **base else { return None };
                if Some(Family::of(address)) != self.family {
                    return None;
                }
                let length = u8::try_from(*length).ok()?;
                Net::new(address, length).map(Net::ranges)
            }
            Value::Any => Some(Ranges::span(0_u128, self.top)),
            one => self.single(one, report).map(Ranges::one),
        }
    }

    fn single(&self, value: &Value, report: &mut Report) -> Option<u128> {
        match value {
            Value::Number(number) => {
                (*number <= self.top && self.family.is_none()).then_some(*number)
            }
            Value::Address(address) => self.address(*address),
            Value::Word(word) => {
                let found = (self.named)(&self.key, word);
                if found.is_none() {
                    report.unknown_name(word);
                }
                found
            }
            _ => None,
        }
    }

    fn address(&self, address: IpAddr) -> Option<u128> {
        (self.family == Some(Family::of(address))).then(|| Family::number(address))
    }
}

/// The numbers `x` with `x op found`; `None` if the comparison has no sense.
pub(super) fn compared(op: Op, found: &Ranges, top: u128) -> Option<Ranges> {
    let single = match found.as_slice() {
        [(low, high)] if low == high => Some(*low),
        _ => None,
    };
    Some(match op {
        Op::Implicit | Op::Equal => found.clone(),
        Op::NotEqual => found.complement(top),
        Op::Without => return None,
        Op::Less => single?.checked_sub(1).map_or_else(Ranges::none, |to| Ranges::span(0_u128, to)),
        Op::LessOrEqual => Ranges::span(0_u128, single?),
        Op::Greater => {
            single?.checked_add(1).map_or_else(Ranges::none, |from| Ranges::span(from, top))
        }
        Op::GreaterOrEqual => Ranges::span(single?, top),
    })
}
