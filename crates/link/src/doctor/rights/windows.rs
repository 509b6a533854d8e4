//! The rights on Windows: the access list of each folder, those of the shares that lead there,
//! and who administers the machine.

use diag::{Diagnostic, text};

use super::{Named, anybody_looks, anybody_writes, listed, members, those};
use crate::windows::access::{self, Access, Grant};

/// Accounts that stand for anybody, by their identifiers.
///
/// # Source
/// Microsoft, "Security identifiers": Everyone, Anonymous, Authenticated Users, Interactive,
/// Network, Users, Guests.
const ANYBODY: [&str; 7] =
    ["S-1-1-0", "S-1-5-7", "S-1-5-11", "S-1-5-4", "S-1-5-2", "S-1-5-32-545", "S-1-5-32-546"];
/// Those that belong to every folder: the system, the administrators, whoever made it.
const USUAL: [&str; 3] = ["S-1-5-18", "S-1-5-32-544", "S-1-3-0"];
/// The account that claims computers use, and how others call theirs.
const LINKAGE: &str = "ONSRENKEI";

/// What the rights of the folders are.
pub(super) fn findings(folders: &[Named]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut of_each: Vec<(Named, Vec<Grant>)> = Vec::new();
    for folder in folders {
        match access::of_folder(&folder.1) {
            Ok(access) => of_each.push((folder.clone(), grants(access))),
            Err(error) => found.push(unreadable(&folder.0, &error.to_string())),
        }
    }
    found.extend(of_lists(&of_each));
    match access::shares(folders.iter().map(|(_, path)| path.as_path())) {
        Ok(shares) => found.extend(shares.into_iter().flat_map(|(name, access)| {
            let named = (format!("share {name}"), std::path::PathBuf::new());
            of_lists(&[(named, grants(access))])
        })),
        Err(_) => found.push(no_shares()),
    }
    if let Ok(administrators) = access::administrators() {
        found.extend(of_administrators(&administrators));
    }
    found
}

/// Whoever may do something; without any list everybody may do everything.
fn grants(access: Access) -> Vec<Grant> {
    match access {
        Access::List(grants) => grants,
        Access::NoList => {
            vec![Grant { sid: ANYBODY[0].to_owned(), name: None, writes: true, reads: true }]
        }
    }
}

fn is_anybody(grant: &Grant) -> bool {
    ANYBODY.contains(&grant.sid.as_str())
}

fn of_lists(of_each: &[(Named, Vec<Grant>)]) -> Vec<Diagnostic> {
    let advice = text!(
        ja: "「セキュリティ」のタブで、連携用の利用者だけに許してください",
        en: "allow the account for the linkage only, in the security tab",
    );
    let folders: Vec<Named> = of_each.iter().map(|(folder, _)| folder.clone()).collect();
    let any = |folder: &Named, is_meant: fn(&Grant) -> bool| {
        let its = of_each.iter().find(|(other, _)| other == folder);
        its.is_some_and(|(_, grants)| {
            grants.iter().any(|grant| is_anybody(grant) && is_meant(grant))
        })
    };
    let mut found = Vec::new();
    if let Some(names) = those(&folders, |folder| any(folder, |grant| grant.writes)) {
        found.push(anybody_writes(&names, advice.clone()));
    }
    let is_shown =
        |folder: &Named| any(folder, |grant| grant.reads) && !any(folder, |grant| grant.writes);
    if let Some(names) = those(&folders, is_shown) {
        found.push(anybody_looks(&names, advice));
    }
    for (folder, grants) in of_each {
        let is_special = |grant: &&Grant| {
            grant.writes && !is_anybody(grant) && !USUAL.contains(&grant.sid.as_str())
        };
        let who: Vec<&str> = grants.iter().filter(is_special).map(Grant::shown).collect();
        if !who.is_empty() {
            found.push(listed(&format!("`{}`", folder.0), &who.join(", ")));
        }
    }
    found
}

/// The account of the claims computers needs no power over the terminal.
fn of_administrators(names: &[String]) -> Vec<Diagnostic> {
    let is_linkage = |name: &&String| name.to_uppercase().ends_with(LINKAGE);
    let mut found: Vec<Diagnostic> = names
        .iter()
        .filter(is_linkage)
        .map(|name| {
            Diagnostic::warning(
                "E426",
                text!(
                    ja: "連携用の利用者 `{name}` が管理者です",
                    en: "the account for the linkage, `{name}`, is an administrator",
                    name = name.as_str(),
                ),
            )
            .because(text!(
                ja: "レセコンがその端末を意のままにできます",
                en: "the claims computers can do what they like on this machine",
            ))
            .advise(text!(
                ja: "Administrators から外し、共有とフォルダーの権限だけを与えてください",
                en: "take it out of Administrators, and give it rights on share and folders only",
            ))
        })
        .collect();
    if !names.is_empty() {
        found.push(members("`DIR`", "Administrators", &names.join(", ")));
    }
    found
}

fn unreadable(name: &str, reason: &str) -> Diagnostic {
    Diagnostic::warning(
        "E412",
        text!(
            ja: "`{name}` の権限表を読めません（{reason}）",
            en: "the access list of `{name}` cannot be read ({reason})",
            name = name, reason = reason,
        ),
    )
}

fn no_shares() -> Diagnostic {
    Diagnostic::note(
        "E412",
        text!(
            ja: "共有の権限はここからは読めません",
            en: "the rights of shares cannot be read from here",
        ),
    )
    .advise(text!(
        ja: "共有する機械で、管理者として `link doctor` を動かしてください",
        en: "run `link doctor` as an administrator on the machine that shares the folder",
    ))
}
