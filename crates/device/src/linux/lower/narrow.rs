//! The conditions of a rule, one after the other.

use diag::{Diagnostic, Span, text};

use super::chain::{Lists, Reading};
use super::condition::{Bounds, Doubt, all_pairs};
use super::effect::DECIDE;
use super::field::Place;
use crate::registry::linux::config::{Condition, Key, Op, Rule, Statement, Value};

impl<'a> Lists<'a> {
    /// Adds `condition` of `rule`, with those that nft may put together with it; false if the rule
    /// cannot be listed any more.
    pub(super) fn matching(
        &mut self,
        place: Place,
        reading: &mut Reading<'a>,
        rule: &'a Rule,
        condition: &'a Condition,
    ) -> bool {
        let together = neighbours(rule, condition);
        let found = match together.as_slice() {
            [] => self.scope.condition(place, condition, &mut self.report),
            // They stand together where the first of them stands.
            [first, ..] if !std::ptr::eq(*first, condition) => return true,
            all => self.merged(place, all),
        };
        let keys: Vec<Key> = match together.as_slice() {
            [] => condition.keys.clone(),
            all => all.iter().flat_map(|one| one.keys.iter().cloned()).collect(),
        };
        self.narrow(place, reading, found, (&keys, condition.span))
    }

    /// What inequalities come to that nft may make one comparison of all their bytes of: as written
    /// each must hold, put together one of them.
    ///
    /// # Source
    /// nft 1.0.6 (`nft --debug=netlink`) makes `tcp sport != 445 tcp dport != 445` one load of four
    /// bytes with one `neq`; the kernel then takes packets of which one port is 445.
    fn merged(&mut self, place: Place, all: &[&Condition]) -> Option<Bounds> {
        let mut found: Option<Bounds> = None;
        for condition in all {
            let one = self.scope.condition(place, condition, &mut self.report)?;
            found = Some(match found {
                None => one,
                Some(mut before) => {
                    before.must = all_pairs(&before.must, &one.must)?;
                    before.may.extend(one.may);
                    before
                }
            });
        }
        found.map(|found| Bounds { doubt: Doubt::Open, ..found })
    }

    /// Adds a condition; false if the rule cannot be listed any more.
    pub(super) fn narrow(
        &mut self,
        place: Place,
        reading: &mut Reading<'a>,
        found: Option<Bounds>,
        (keys, span): (&[Key], Span),
    ) -> bool {
        let Some(found) = found else { return self.too_many(place, reading, span) };
        if found.doubt != Doubt::None {
            let names: Vec<_> = keys.iter().map(super::word::key).collect();
            let what = text!(
                ja: "正確には読めない条件 `{key}`",
                en: "the condition `{key}`, which cannot be read exactly",
                key = names.join(" . "),
            );
            reading.doubt.get_or_insert((span, "P202", what));
            reading.is_rate = false;
        }
        match reading.bounds.and(&found) {
            Some(both) => reading.bounds = both,
            None => return self.too_many(place, reading, span),
        }
        true
    }

    fn too_many(&mut self, place: Place, reading: &Reading<'a>, span: Span) -> bool {
        self.report.say(
            span,
            Diagnostic::error(
                "P206",
                text!(
                    ja: "この規則の条件の組み合わせが多すぎます（上限 {limit}）",
                    en: "the conditions of this rule have too many combinations (limit {limit})",
                    limit = super::condition::MAX_MATCHES,
                ),
            ),
        );
        let scope = self.reach(place, &reading.bounds.may);
        let what = text!(ja: "大きすぎる規則", en: "a rule that is too large");
        self.report.gap(what, DECIDE, scope);
        false
    }
}

/// `condition` and the other inequalities of `rule` about the same header, in order; empty if there
/// are no others.
fn neighbours<'a>(rule: &'a Rule, condition: &'a Condition) -> Vec<&'a Condition> {
    let Some(own) = compared_in(condition) else { return Vec::new() };
    let conditions = rule.statements.iter().filter_map(|statement| match statement {
        Statement::Match(condition) => Some(condition),
        _ => None,
    });
    let found: Vec<&Condition> =
        conditions.filter(|one| compared_in(one).is_some_and(|its| its == own)).collect();
    if found.len() > 1 { found } else { Vec::new() }
}

/// The header in which `condition` is an inequality with one value, of which nft can make a
/// comparison together with the bytes beside it. Addresses are too long for that.
fn compared_in(condition: &Condition) -> Option<&str> {
    let is_single = matches!(condition.value, Value::Number(_) | Value::Word(_));
    let [key] = condition.keys.as_slice() else { return None };
    if condition.op != Op::NotEqual || condition.mask.is_some() || !is_single {
        return None;
    }
    match key {
        Key::Port(..) | Key::TcpFlags => Some("port"),
        Key::IcmpType(_) | Key::IcmpCode(_) => Some("icmp"),
        Key::IpProtocol => Some("ip"),
        Key::NextHeader => Some("ip6"),
        Key::EtherType => Some("ether"),
        Key::Opaque(name, ..) => match name.split(' ').next()? {
            "tcp" | "udp" | "udplite" | "sctp" | "dccp" | "th" => Some("port"),
            "icmp" | "icmpv6" => Some("icmp"),
            header => Some(header),
        },
        _ => None,
    }
}
