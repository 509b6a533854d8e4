//! Facts that contradict themselves: values that each can be, and that cannot be together.

use std::collections::BTreeMap;

use diag::{Text, text};

use crate::fact::Value;

/// What is wrong with a fact, the key at which it is told, and what to do.
pub(crate) struct Fault {
    pub(crate) key: &'static str,
    pub(crate) headline: Text,
    pub(crate) help: Text,
}

type Values = BTreeMap<&'static str, Value>;

/// What contradicts itself in the values of one fact.
pub(crate) fn faults(values: &Values) -> Vec<Fault> {
    // LAYOUT: what may not be before, or less than, the other.
    let order = [("until", "from"), ("esu_ends", "ends"), ("pppoe_sessions_max", "pppoe_sessions")];
    let mut found: Vec<Fault> =
        order.into_iter().filter_map(|(late, early)| reversed(values, late, early)).collect();
    found.extend(listed_and_excluded(values));
    found
}

fn reversed(values: &Values, late: &'static str, early: &'static str) -> Option<Fault> {
    let headline = match (values.get(late)?, values.get(early)?) {
        (Value::Day(last), Value::Day(first)) if last < first => text!(
            ja: "`{late}` が `{early}` より前の日です",
            en: "`{late}` is before `{early}`",
            late = late, early = early,
        ),
        (Value::Number(most), Value::Number(least)) if most < least => text!(
            ja: "`{late}` が `{early}` より小さい値です",
            en: "`{late}` is less than `{early}`",
            late = late, early = early,
        ),
        _ => return None,
    };
    Some(Fault {
        key: late,
        headline,
        help: text!(
            ja: "出典を見て、どちらかを直してください",
            en: "look the source up and correct one of them",
        ),
    })
}

fn listed_and_excluded(values: &Values) -> Option<Fault> {
    let (Value::Texts(systems), Value::Texts(excluded)) =
        (values.get("systems")?, values.get("excluded")?)
    else {
        return None;
    };
    let both = excluded.iter().find(|one| systems.contains(one))?;
    Some(Fault {
        key: "excluded",
        headline: text!(
            ja: "`{both}` が `systems` と `excluded` の両方にあります",
            en: "`{both}` stands in `systems` and in `excluded`",
            both = both.as_str(),
        ),
        help: text!(
            ja: "一覧にあるかどうかを出典で確かめて、一方を消してください",
            en: "look up whether the list has it, and remove it from one of them",
        ),
    })
}
