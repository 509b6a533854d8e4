//! Whether a connection has what it proves itself with: secrets stand in swanctl.conf, certificates
//! and private keys in files beside it.
//!
//! # Source
//! strongSwan 5.9.8, two daemons in network namespaces (2026-11): the daemon that begins looks a
//! secret up by its own identity and by the `id` of `remote`, not by the address of the peer, and
//! says "no shared key found" where neither is among the identities of a secret.

use std::net::IpAddr;

use super::{Section, is_word, value};
use crate::registry::linux::config::Credential;

/// A pre-shared key: the identities that it is for. Without any it is for everybody.
#[derive(Debug)]
pub(in crate::registry::linux) struct Secret {
    ids: Vec<String>,
}

/// The pre-shared keys of a file.
pub(super) fn secrets(root: &Section) -> Vec<Secret> {
    let all = root.section("secrets").flat_map(|all| &all.sections);
    all.filter(|one| one.name.starts_with("ike"))
        .filter(|one| one.value("secret").is_some_and(|(secret, _)| !secret.is_empty()))
        .map(|one| {
            let ids = one.pairs.iter().filter(|(key, ..)| key.starts_with("id"));
            Secret { ids: ids.map(|(_, id, _)| id.clone()).collect() }
        })
        .collect()
}

/// What the connection proves itself with, and its peer.
pub(super) fn of(connection: &Section, secrets: &[Secret]) -> Credential {
    let ends = |word: &str| {
        let is_end = |one: &&Section| one.name.to_ascii_lowercase().starts_with(word);
        connection.sections.iter().filter(is_end).collect::<Vec<_>>()
    };
    let (local, remote) = (ends("local"), ends("remote"));
    let is_shared =
        |end: &&Section| end.value("auth").is_some_and(|(method, _)| is_word(method, "psk"));
    let ([local], [remote]) = (local.as_slice(), remote.as_slice()) else {
        return Credential::Elsewhere;
    };
    if !is_shared(local) || !is_shared(remote) {
        return Credential::Elsewhere;
    }
    let id = |end: &Section| end.value("id").map(|(id, _)| id.to_owned());
    let address = |key: &str| {
        let (written, _) = connection.value(key)?;
        written.parse::<IpAddr>().ok().map(|_| written.to_owned())
    };
    let own = id(local).filter(|id| !id.is_empty()).or_else(|| address("local_addrs"));
    let mut other = id(remote).filter(|id| !id.is_empty());
    let version = connection.value("version").and_then(|(version, _)| value::number(version));
    if version == Some(1) {
        // IKEv1 looks it up by the address of the peer as well.
        other = other.or_else(|| address("remote_addrs"));
    }
    let fits = |secret: &Secret| {
        let is_one = |id: &String| {
            id == "%any" || [&own, &other].into_iter().flatten().any(|end| is_alike(id, end))
        };
        secret.ids.is_empty() || secret.ids.iter().any(is_one)
    };
    if secrets.iter().any(fits) { Credential::Here } else { Credential::Missing }
}

fn is_alike(one: &str, other: &str) -> bool {
    let address = |text: &str| text.parse::<IpAddr>().ok();
    one == other || address(one).is_some_and(|own| address(other) == Some(own))
}
