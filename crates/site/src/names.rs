//! The names that the file declares, whether or not their entries could be read.

use std::collections::BTreeSet;

use toml::de::DeTable;

use crate::ONU;

/// Names of the networks outside; no entry may be called so.
pub const OUTSIDE: [&str; 3] = ["eligibility-net", "claims-net", "internet"];

/// Declared names by section.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Names {
    /// Zones, with the built-in one.
    pub(crate) zones: BTreeSet<String>,
    /// Machines.
    pub(crate) machines: BTreeSet<String>,
    /// Routers.
    pub(crate) routers: BTreeSet<String>,
    /// Relays.
    pub(crate) relays: BTreeSet<String>,
    /// Standing lines.
    pub(crate) standing: BTreeSet<String>,
}

impl Names {
    pub(crate) fn of(root: &DeTable<'_>) -> Self {
        let keys = |section: &str| -> BTreeSet<String> {
            let table = root.get(section).and_then(|value| value.get_ref().as_table());
            let keys = table.into_iter().flat_map(|table| table.keys());
            keys.map(|key| key.get_ref().to_string()).collect()
        };
        let mut zones = keys("zones");
        zones.insert(ONU.to_owned());
        Self {
            zones,
            machines: keys("machines"),
            routers: keys("routers"),
            relays: keys("relays"),
            standing: keys("standing"),
        }
    }
}
