//! The usual sets of effects of what is not modelled.

use model::Effect;

pub(in crate::registry::linux) const NONE: &[Effect] = &[];
pub(in crate::registry::linux) const PERMIT: &[Effect] = &[Effect::Permit];
pub(in crate::registry::linux) const DENY: &[Effect] = &[Effect::Deny];
/// What an interface loses whose address and routes are not there: what goes to them may go
/// another way.
pub(in crate::registry::linux) const LOSS: &[Effect] = &[Effect::Deny, Effect::Route];
pub(in crate::registry::linux) const STALL: &[Effect] = &[Effect::Stall];
pub(in crate::registry::linux) const DECIDE: &[Effect] = &[Effect::Permit, Effect::Deny];
pub(in crate::registry::linux) const TRANSLATE: &[Effect] = &[Effect::Translate];
pub(in crate::registry::linux) const ROUTE: &[Effect] = &[Effect::Route];
pub(in crate::registry::linux) const BRIDGE: &[Effect] = &[Effect::Bridge];
/// What an interface can do that takes the frames of another one.
pub(in crate::registry::linux) const REACHED: &[Effect] =
    &[Effect::Permit, Effect::Route, Effect::Bridge, Effect::Manage];
pub(in crate::registry::linux) const ALL: &[Effect] = &[
    Effect::Permit,
    Effect::Deny,
    Effect::Translate,
    Effect::Route,
    Effect::Bridge,
    Effect::Manage,
    Effect::Resolve,
];
