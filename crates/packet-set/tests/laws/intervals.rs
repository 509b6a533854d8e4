//! Sets of values of one field against a plain table of booleans.

use packet_set::{Field, Interval, IntervalSet, Pattern};
use proptest::prelude::{ProptestConfig, any};
use proptest::{prop_assert, prop_assert_eq, proptest};

const DOMAIN: Interval = Interval::new(0, 15);

fn set(bits: u16) -> IntervalSet {
    (0..16).filter(|value| bits >> value & 1 == 1).map(Interval::single).collect()
}

fn bits(set: &IntervalSet) -> u16 {
    (0..16).filter(|&value| set.contains(value)).map(|value| 1 << value).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn operations_agree_with_a_table(a in any::<u16>(), b in any::<u16>()) {
        let (x, y) = (set(a), set(b));
        prop_assert_eq!(bits(&x), a);
        prop_assert_eq!(bits(&x.union(&y)), a | b);
        prop_assert_eq!(bits(&x.intersection(&y)), a & b);
        prop_assert_eq!(bits(&x.difference(&y)), a & !b);
        prop_assert_eq!(bits(&x.complement(DOMAIN)), !a);
        prop_assert_eq!(x.is_empty(), a == 0);
        prop_assert_eq!(x.is_any(DOMAIN), a == u16::MAX);
    }

    #[test]
    fn equal_sets_are_equal_values(a in any::<u16>(), b in any::<u16>()) {
        let (x, y) = (set(a), set(b));
        prop_assert_eq!(x == y, a == b);
        prop_assert_eq!(x.union(&y), y.union(&x));
        prop_assert_eq!(x.complement(DOMAIN).complement(DOMAIN), x.clone());
        for all in [x.union(&y), x.intersection(&y), x.difference(&y), x.complement(DOMAIN)] {
            let pairs = all.as_slice().windows(2);
            prop_assert!(pairs.into_iter().all(|pair| pair[0].hi() + 1 < pair[1].lo()));
        }
    }

    #[test]
    fn overlap_is_a_common_value(a in any::<u16>(), lo in 0..16u128, width in 0..16u128) {
        let interval = Interval::new(lo, (lo + width).min(15));
        let common = set(a).intersection(&IntervalSet::from(interval));
        prop_assert_eq!(set(a).overlaps(&interval), !common.is_empty());
    }

    #[test]
    fn a_prefix_holds_the_addresses_that_share_it(
        address in any::<u128>(), other in any::<u128>(), length in 0..=128u32,
    ) {
        let prefix = IntervalSet::prefix(address, length, 128);
        let shares = length == 0 || (address ^ other) >> (128 - length) == 0;
        prop_assert_eq!(prefix.contains(other), shares);
        prop_assert!(prefix.contains(address));
    }
}

#[test]
fn the_ends_of_the_widest_domain_do_not_overflow() {
    let domain = Interval::new(0, u128::MAX);
    let ends: IntervalSet =
        [Interval::single(u128::MAX), Interval::single(0)].into_iter().collect();
    let middle = ends.complement(domain);
    assert_eq!(middle.as_slice(), [Interval::new(1, u128::MAX - 1)]);
    assert_eq!(middle.complement(domain), ends);
    assert!(ends.union(&middle).is_any(domain));
    assert!(IntervalSet::any(domain).complement(domain).is_empty());
    assert_eq!(IntervalSet::empty().complement(domain), IntervalSet::any(domain));
}

#[test]
fn a_pattern_drops_what_says_nothing_and_what_leaves_the_domain() {
    let everything = IntervalSet::any(Field::Protocol.domain());
    assert_eq!(Pattern::any().with(Field::Protocol, everything), Pattern::any());
    let wide = Pattern::any().with(Field::Protocol, IntervalSet::range(6, 1000));
    assert_eq!(wide.values(Field::Protocol), Some(&IntervalSet::range(6, 255)));
    assert!(Pattern::any().with(Field::Protocol, IntervalSet::range(300, 400)).is_empty());
}

#[test]
#[should_panic(expected = "an interval is never empty")]
fn an_empty_interval_is_refused() {
    let _ = Interval::new(2, 1);
}

#[test]
fn fields_are_numbered_in_decision_order() {
    for (at, field) in Field::ALL.into_iter().enumerate() {
        assert_eq!(field.index(), at);
    }
    assert!(Field::ALL.is_sorted());
}
