//! What rules and the chains that they call come to, as far as their text alone tells.

use crate::registry::linux::config::{Rule, Statement, Table, Verdict};

/// Most rules that are looked at for one question.
// LIMIT: beyond it a rule is taken for one that may permit, and that others follow.
const MAX_RULES: usize = 2_000;

/// Whether `rule` of `table` could let packets pass, itself or by a chain that it calls.
pub(super) fn may_permit(table: &Table, rule: &Rule) -> bool {
    permits(table, rule, &mut MAX_RULES.clone())
}

fn permits(table: &Table, rule: &Rule, budget: &mut usize) -> bool {
    let Some(left) = budget.checked_sub(1) else { return true };
    *budget = left;
    rule.statements.iter().any(|one| match one {
        Statement::Verdict(Verdict::Jump(name, _) | Verdict::Goto(name, _)) => {
            let chain = table.chains.iter().find(|chain| chain.name == *name);
            chain.is_none_or(|chain| chain.rules.iter().any(|rule| permits(table, rule, budget)))
        }
        Statement::Verdict(verdict) => *verdict == Verdict::Accept,
        Statement::Match(_) | Statement::Update(_) | Statement::Chance(..) | Statement::Nothing => {
            false
        }
        Statement::Vmap(..)
        | Statement::Nat(_)
        | Statement::Relay(_)
        | Statement::Effect(..)
        | Statement::Helper(..)
        | Statement::Rest => true,
    })
}

/// Whether no packet that reaches `rule` comes to the rule behind it in its chain.
pub(super) fn is_last(table: &Table, rule: &Rule) -> bool {
    match unconditional(rule) {
        Some(Verdict::Jump(name, _)) => holds(table, name, &mut MAX_RULES.clone()),
        Some(Verdict::Continue) | None => false,
        Some(_) => true,
    }
}

/// The verdict of a rule that every packet fulfils.
fn unconditional(rule: &Rule) -> Option<&Verdict> {
    let mut others = rule.statements.iter().filter(|one| !matches!(one, Statement::Nothing));
    match others.next() {
        Some(Statement::Verdict(verdict)) => Some(verdict),
        _ => None,
    }
}

/// Whether every packet that comes into the chain `name` is accepted or dropped in it.
fn holds(table: &Table, name: &str, budget: &mut usize) -> bool {
    let Some(chain) = table.chains.iter().find(|chain| chain.name == name) else { return false };
    for rule in &chain.rules {
        let Some(left) = budget.checked_sub(1) else { return false };
        *budget = left;
        match unconditional(rule) {
            Some(Verdict::Accept | Verdict::Drop) => return true,
            Some(Verdict::Return) => return false,
            Some(Verdict::Jump(next, _)) if holds(table, next, budget) => return true,
            Some(Verdict::Goto(next, _)) => return holds(table, next, budget),
            Some(Verdict::Jump(..) | Verdict::Continue) => continue,
            None => {}
        }
        let may_leave = rule.statements.iter().any(|one| match one {
            Statement::Verdict(verdict) => matches!(verdict, Verdict::Return | Verdict::Goto(..)),
            Statement::Vmap(..) | Statement::Rest => true,
            _ => false,
        });
        if may_leave {
            return false;
        }
    }
    false
}
