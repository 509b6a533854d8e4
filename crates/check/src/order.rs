//! The order in which mistakes of the input are told: a cause before what follows from it, and what
//! only follows not at all.

use diag::{Diagnostic, Severity, Sources};

use crate::assemble::Assembled;
use crate::doubt::{Entry, entry};
use crate::swapped::SWAPPED;

/// That a site fits no page or several, or that its tunnel ends elsewhere: said of what was read.
const OF_WHAT_WAS_READ: [&str; 3] = ["T110", "T113", "T116"];

/// Tables of the site file by which a page is recognised.
const TABLES: [&str; 3] = ["site", "line", "machines"];

/// Tables of the site file that say nothing of which page it is.
const OTHERS: [&str; 11] = [
    "zones",
    "routers",
    "relays",
    "standing",
    "destinations",
    "service",
    "assumption",
    "waiver",
    "interference_test",
    "retention",
    "deletion",
];

/// Leaves out what only follows from other mistakes, and puts causes first.
///
/// # Shape
/// The site file first: what cannot be read, names that lead nowhere, what cannot be so, and which
/// page it is; each in the order of the file. Then the other files.
pub(crate) fn order(diagnostics: &mut Vec<Diagnostic>, assembled: &Assembled) {
    if hides_the_page(diagnostics, assembled) {
        diagnostics.retain(|one| !OF_WHAT_WAS_READ.contains(&one.code));
    }
    diagnostics.sort_by_key(|one| {
        let span = one.primary.as_ref().map(|label| label.span);
        let source = span.map(|span| span.source);
        let is_of_site_file = source == Some(assembled.site.source);
        (source, is_of_site_file.then(|| rank(one.code)), span.map(|span| span.start))
    });
}

/// Leaves out addresses and zones that are missed of a router which is not there, is another one,
/// or of which nobody wrote where its ports lead.
pub(crate) fn drop_echoes(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    let span = |one: &Diagnostic| one.primary.as_ref().map(|label| label.span);
    let is_reference = |one: &&Diagnostic| one.code < "R100" && one.code.starts_with('R');
    let lost: Vec<_> = diagnostics.iter().filter(is_reference).map(span).collect();
    let word = |one: &Diagnostic| {
        let span = one.primary.as_ref()?.span;
        Some(sources.snippet(span).trim_matches('"').to_owned())
    };
    let misses_ports = |one: &&Diagnostic| {
        one.code == "T009" && one.helps.first().is_some_and(|help| help.en.contains("`ports = "))
    };
    let portless: Vec<_> = diagnostics.iter().filter(misses_ports).filter_map(word).collect();
    let is_swapped = diagnostics.iter().any(|one| one.code == SWAPPED);
    // What is not there has no address or zone either, and a router that is another one has others.
    diagnostics.retain(|one| match one.code {
        "T105" => !(is_swapped || lost.contains(&span(one))),
        "T106" => {
            let is_portless = word(one).is_some_and(|router| portless.contains(&router));
            !is_portless && !lost.contains(&span(one))
        }
        _ => true,
    });
}

fn rank(code: &str) -> u8 {
    match code.as_bytes() {
        [b'P', ..] => 0,
        [b'R', ..] => 1,
        [b'T', b'1', b'1', ..] => 3,
        _ => 2,
    }
}

/// Whether a mistake of the site file may be why no page is recognised.
fn hides_the_page(diagnostics: &[Diagnostic], assembled: &Assembled) -> bool {
    let is_of_form = |one: &&Diagnostic| {
        let place = one.primary.as_ref().map(|label| label.span);
        let is_beside = place.is_some_and(|span| assembled.site.topic(span).is_some());
        one.severity == Severity::Error
            && one.code.starts_with('P')
            && one.code < "P100"
            && !is_beside
    };
    let spans = diagnostics.iter().filter(is_of_form).filter_map(|one| one.primary.as_ref());
    let mut entries = spans.map(|label| entry(assembled, label.span));
    entries.any(|one| match one {
        Entry::Table(kind, _) => {
            TABLES.contains(&kind.as_str()) || !OTHERS.contains(&kind.as_str())
        }
        Entry::Page | Entry::Everything => true,
        Entry::Elsewhere => false,
    })
}
