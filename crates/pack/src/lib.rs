//! Dated facts that a site file refers to by name: operating systems and the end of their
//! support, lists of clauses, kinds of certificates, carriers, name servers, destinations,
//! models of routers and of readers. Each says where it was read, when, and how sure it is.
//!
//! Facts that only the parties of a contract know are never part of the program; a site brings
//! them in packs of its own. It reads no file and no clock: texts and days are arguments.

pub mod codes;
mod consistent;
mod fact;
mod facts;
mod field;
mod firmware;
mod found;
mod owner;
mod read;
mod registry;
mod schema;

pub use fact::{Author, Confidence, Fact, Provenance};
pub use facts::{Facts, built_in};
pub use firmware::Firmware;
pub use found::{
    Carrier, CertificateKind, Destination, Found, NameServers, Os, OsList, RouterModel,
};
pub use owner::Line;
pub use read::{Pack, SIZE_MAX_BYTES, read};
pub use registry::BUILT_IN;
pub use schema::schema;

/// Longest word that is compared.
// LIMIT: comparing takes the product of both lengths.
const LENGTH_MAX: usize = 64;

/// The candidate that `written` was most likely meant to be.
#[must_use]
pub fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = written.to_lowercase().replace(['_', ' '], "-");
    let length = wanted.chars().count();
    if length == 0 || length > LENGTH_MAX {
        return None;
    }
    let limit = (length / 3).max(1);
    let compared = candidates.into_iter().map(|candidate| {
        (strsim::damerau_levenshtein(&wanted, &candidate.replace('_', "-")), candidate)
    });
    let near = compared.filter(|(distance, _)| *distance <= limit);
    near.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}
