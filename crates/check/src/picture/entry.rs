//! Which place of the drawing a place in a file belongs to.

use diag::{SourceId, Span};
use site::Site;

/// Where the entries of a site file begin.
pub(crate) struct Entries {
    source: SourceId,
    /// Start of each entry with the name of the machine, router or relay that it declares.
    heads: Vec<(u32, Option<String>)>,
    /// Configurations with the router that they belong to.
    configs: Vec<(SourceId, String)>,
}

impl Entries {
    /// Those of `site`, whose routers have the configurations `configs`.
    pub(crate) fn of(site: &Site, configs: Vec<(SourceId, String)>) -> Self {
        let mut heads = Vec::new();
        let named = |span: Span, name: &str| (span.start, Some(name.to_owned()));
        heads.extend(site.machines.iter().map(|one| named(one.name.span, &one.name.value)));
        heads.extend(site.routers.iter().map(|one| named(one.name.span, &one.name.value)));
        heads.extend(site.relays.iter().map(|one| named(one.name.span, &one.name.value)));
        // The line begins at the ONU.
        heads.extend(site.line.as_ref().map(|one| named(one.span, site::ONU)));
        let mut others: Vec<Span> = Vec::new();
        others.extend(site.facility.as_ref().map(|one| one.span));
        others.extend(site.zones.iter().map(|one| one.name.span));
        others.extend(site.standing.iter().map(|one| one.name.span));
        others.extend(site.destinations.iter().map(|one| one.name.span));
        others.extend(site.services.iter().map(|one| one.span));
        others.extend(site.interference_tests.iter().map(|one| one.span));
        others.extend(site.retention.as_ref().map(|one| one.span));
        others.extend(site.deletion.as_ref().map(|one| one.span));
        others.extend(site.assumptions.iter().map(|one| one.span));
        others.extend(site.waivers.iter().map(|one| one.span));
        heads.extend(others.into_iter().map(|span| (span.start, None)));
        heads.sort();
        Self { source: site.source, heads, configs }
    }

    /// Name of the machine, router or relay that `span` speaks of.
    pub(crate) fn owner(&self, span: Span) -> Option<&str> {
        if span.source != self.source {
            let found = self.configs.iter().find(|(source, _)| *source == span.source);
            return found.map(|(_, router)| router.as_str());
        }
        let before = self.heads.iter().rev().find(|(start, _)| *start <= span.start);
        before.and_then(|(_, name)| name.as_deref())
    }
}
