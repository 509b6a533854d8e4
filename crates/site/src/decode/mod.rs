//! Text to [`Site`]: the walk over the parsed TOML, and the order of the stages.

pub(crate) mod addresses;
pub(crate) mod fields;
pub(crate) mod host;
pub(crate) mod kinds;
pub(crate) mod machine;
pub(crate) mod network;
pub(crate) mod paper;
pub(crate) mod root;
pub(crate) mod scalars;
pub(crate) mod shape;

use std::collections::BTreeSet;
use std::ops::Range;

use diag::{Diagnostic, SourceId, Span, text};
use toml::de::DeTable;

use crate::names::Names;
use crate::{Site, check, codes, recover, syntax};

pub(crate) use scalars::quoted;

use fields::{Context, Fields, Tabled as _};

/// Longest site file that is read.
///
/// # Units
/// Bytes.
// LIMIT: a site of a hundred machines has about 20 kB.
pub const SIZE_MAX_BYTES: usize = 1 << 20;

/// How many diagnostics of one run are shown.
// LIMIT: a file of another kind would bury its user.
pub(crate) const SHOWN_MAX: usize = 200;

/// Reads a site file.
///
/// # Shape
/// Never fails: what is wrong is in the diagnostics, in the order of their places; what could
/// not be read is missing in the site.
#[must_use]
pub fn parse(source: SourceId, text: &str) -> (Site, Vec<Diagnostic>) {
    if let Some(refusal) = syntax::refusal(source, text) {
        return (Site::empty(source), vec![refusal]);
    }
    let (mut table, errors) = DeTable::parse_recoverable(text);
    let (mut faults, mut beside) = (Vec::new(), Vec::new());
    let rest;
    if !errors.is_empty() {
        recover::Recovered { text: rest, faults, beside } = recover::recover(source, text);
        table = DeTable::parse_recoverable(&rest).0;
        let known = |key: &str| root::ROOT.fields.iter().any(|field| field.key == key);
        if !table.get_ref().keys().any(|key| known(key.get_ref())) {
            let first = faults.iter().filter_map(|fault| fault.primary.as_ref()).map(|at| at.span);
            let first = first.min().unwrap_or(Span::new(source, 0, 0));
            return (Site::empty(source), vec![syntax::not_a_site_file(first)]);
        }
    }
    // What was left out stands beside the network, so that absence tells what it tells otherwise.
    let is_whole = faults.len() == beside.len();
    let mut context = Context::new(source, !is_whole);
    let mut fields =
        Fields::open(&mut context, &root::ROOT, table.get_ref(), Span::new(source, 0, 0));
    let mut site = Site::decode(&mut context, &mut fields).unwrap_or_else(|| Site::empty(source));
    fields.close();
    let names = Names::of(table.get_ref());
    site.redactions = context.redactions;
    if !faults.is_empty() {
        site.redactions.extend(syntax::redactions(source, text));
    }
    let mut found = context.diagnostics;
    beside.extend(context.beside);
    site.beside = beside;
    site.wiring = context.wiring;
    void_waivers(&mut site, text, &faults);
    let takes_away = |one: &Diagnostic| {
        let place = one.primary.as_ref().map(|label| label.span);
        one.severity == diag::Severity::Error && place.is_none_or(|at| site.topic(at).is_none())
    };
    let decoded = if !is_whole {
        check::Decoded::Broken
    } else if found.iter().any(takes_away) {
        check::Decoded::Partly
    } else {
        check::Decoded::Fully
    };
    check::check(&site, &names, decoded, &mut found);
    faults.append(&mut found);
    faults.sort_by_key(|diagnostic| diagnostic.primary.as_ref().map(|label| label.span));
    if faults.len() > SHOWN_MAX {
        // What is not told may be about anything.
        site.beside.clear();
    }
    shorten(&mut faults);
    (site, faults)
}

const HEADER: &str = "[[waiver]]";

/// Takes out the waivers of whose text a part could not be read at all: what is left of one could
/// say more than what was written.
fn void_waivers(site: &mut Site, text: &str, faults: &[Diagnostic]) {
    let headers: Vec<Range<usize>> =
        text.match_indices(HEADER).map(|(at, found)| at..at + found.len()).collect();
    let places = faults.iter().filter_map(|fault| fault.primary.as_ref());
    let above = places.filter_map(|label| {
        let at = label.span.start as usize;
        headers.partition_point(|header| header.end <= at).checked_sub(1)
    });
    let voided: BTreeSet<usize> = above.collect();
    site.waivers.retain(|waiver| {
        let own = waiver.span.start as usize;
        !voided.iter().any(|header| headers[*header].contains(&own))
    });
}

/// Keeps the first [`SHOWN_MAX`] and says that there were more.
fn shorten(found: &mut Vec<Diagnostic>) {
    let count = found.len();
    if count <= SHOWN_MAX {
        return;
    }
    found.truncate(SHOWN_MAX);
    let rest = count - SHOWN_MAX;
    found.push(
        Diagnostic::note(
            codes::TOO_MANY,
            text!(
                ja: "ほかに {rest} 件ありますが、表示を省きます",
                en: "{rest} more are not shown",
                rest = rest,
            ),
        )
        .advise(text!(
            ja: "上から順に直して、もう一度実行してください",
            en: "mend these from the top and run again",
        )),
    );
}
