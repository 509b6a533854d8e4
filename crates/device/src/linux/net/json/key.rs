//! The keys of an object that `ip -j` prints.

use diag::{Span, text};
use serde_json::{Map, Value};

use super::gap;
use crate::registry::linux::config::Notes;
use crate::registry::linux::lower::effect::ALL;

/// An object of the output.
pub(super) struct Object<'a>(pub(super) &'a Map<String, Value>);

impl<'a> Object<'a> {
    pub(super) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    pub(super) fn value(&self, key: &str) -> Option<&'a Value> {
        self.0.get(key)
    }

    pub(super) fn word(&self, key: &str) -> Option<&'a str> {
        self.0.get(key).and_then(Value::as_str)
    }

    /// A number that is there and fits.
    pub(super) fn number<T: TryFrom<u64>>(&self, key: &str) -> Option<T> {
        self.0.get(key).and_then(Value::as_u64).and_then(|number| T::try_from(number).ok())
    }

    /// Whether the flag is set.
    pub(super) fn is_set(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(|value| value.as_bool().unwrap_or(true))
    }

    pub(super) fn object(&self, key: &str) -> Option<Object<'a>> {
        self.0.get(key).and_then(Value::as_object).map(Object)
    }

    pub(super) fn list(&self, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
        self.0.get(key).and_then(Value::as_array).into_iter().flatten()
    }

    /// The first key that is in none of the lists.
    pub(super) fn other(&self, known: &[&[&str]]) -> Option<&'a str> {
        let is_known = |key: &&String| known.iter().any(|list| list.contains(&key.as_str()));
        self.0.keys().find(|key| !is_known(key)).map(String::as_str)
    }

    /// Whether all keys are in one of the lists; if not, that is a gap.
    pub(super) fn is_known(&self, known: &[&[&str]], span: Span, notes: &mut Notes) -> bool {
        let Some(key) = self.other(known) else { return true };
        let what = text!(
            ja: "`ip -j` の出力の `{key}`", en: "`{key}` in the output of `ip -j`", key = key,
        );
        gap(notes, span, ALL, what);
        false
    }
}
