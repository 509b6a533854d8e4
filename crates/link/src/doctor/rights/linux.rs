//! The rights on Linux: the nine bits, access lists of POSIX, and the members of groups.

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use diag::{Diagnostic, Text, text};

use super::posix::{self, Accounts, Right, Who};
use super::{Named, anybody_looks, anybody_writes, listed, members, those};

const OTHERS_WRITE: u32 = 0o002;
const OTHERS_READ: u32 = 0o004;
const GROUP_WRITES: u32 = 0o020;
/// LIMIT: longest access list that is read.
const LIST_MAX_BYTES: usize = 64 * 1024;
/// LIMIT: most names in one sentence.
const NAMES_MAX: usize = 10;

/// What the rights of the folders are.
pub(super) fn findings(folders: &[Named]) -> Vec<Diagnostic> {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let accounts = Accounts::read(&read("/etc/passwd"), &read("/etc/group"));
    let mode =
        |path: &Path| std::fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode());
    let advice = text!(
        ja: "連携用のグループだけに許してください（例 `chmod 2770`）",
        en: "allow a group for the linkage only (for example `chmod 2770`)",
    );
    let mut found = Vec::new();
    if let Some(names) = those(folders, |(_, path)| mode(path) & OTHERS_WRITE != 0) {
        found.push(anybody_writes(&names, advice.clone()));
    }
    let is_shown = |(_, path): &Named| mode(path) & (OTHERS_READ | OTHERS_WRITE) == OTHERS_READ;
    if let Some(names) = those(folders, is_shown) {
        found.push(anybody_looks(&names, advice));
    }
    let list = |path: &Path, of: &str| attribute(path, of).and_then(|bytes| posix::parse(&bytes));
    let is_open = |(_, path): &Named| {
        let rights = list(path, "system.posix_acl_default").unwrap_or_default();
        rights.iter().any(|right| right.who == Who::Others && (right.reads || right.writes))
    };
    if let Some(names) = those(folders, is_open) {
        found.push(open_for_new(&names));
    }
    let mut writers: BTreeMap<String, Vec<Named>> = BTreeMap::new();
    let mut groups: BTreeMap<u32, Vec<Named>> = BTreeMap::new();
    for folder in folders {
        let rights = list(&folder.1, "system.posix_acl_access").unwrap_or_default();
        let who = named_writers(&rights, &accounts);
        if !who.is_empty() {
            writers.entry(short(&who)).or_default().push(folder.clone());
        }
        for group in writing_groups(&folder.1, mode(&folder.1), &rights) {
            groups.entry(group).or_default().push(folder.clone());
        }
    }
    for (who, folders) in &writers {
        found.extend(those(folders, |_| true).map(|names| listed(&names, who)));
    }
    for (group, folders) in &groups {
        let Some(names) = those(folders, |_| true) else { continue };
        let who = match accounts.members(*group) {
            Some(members) if members.is_empty() => continue,
            Some(members) => {
                short(&members.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>())
            }
            None => "?".to_owned(),
        };
        found.push(members(&names, &accounts.group(*group), &who));
    }
    if let Some(names) = those(folders, |(_, path)| attribute(path, "security.NTACL").is_some()) {
        found.push(of_samba(&names));
    }
    found
}

/// An extended attribute of the folder, if it has it.
fn attribute(path: &Path, name: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0_u8; LIST_MAX_BYTES];
    let length = rustix::fs::lgetxattr(path, name, &mut bytes[..]).ok()?;
    bytes.truncate(length);
    (length > 0).then_some(bytes)
}

/// Users and groups that an access list names and lets write.
fn named_writers(rights: &[Right], accounts: &Accounts) -> Vec<String> {
    let writing = rights.iter().filter(|right| right.writes);
    let named = writing.filter_map(|right| match right.who {
        Who::User(id) => Some(accounts.user(id)),
        Who::Group(id) => Some(format!("@{}", accounts.group(id))),
        Who::Owner | Who::OwnGroup | Who::Others => None,
    });
    named.collect()
}

/// The groups that may write: the folder's own, and those of its list.
fn writing_groups(path: &Path, mode: u32, rights: &[Right]) -> Vec<u32> {
    let own = std::fs::metadata(path).ok().map(|found| found.gid());
    // With a list the bits of the group are its mask, and the list says what the group may.
    let is_own = if rights.is_empty() {
        mode & GROUP_WRITES != 0
    } else {
        rights.iter().any(|right| right.who == Who::OwnGroup && right.writes)
    };
    let listed = rights.iter().filter(|right| right.writes).filter_map(|right| match right.who {
        Who::Group(id) => Some(id),
        _ => None,
    });
    own.filter(|_| is_own).into_iter().chain(listed).collect()
}

fn short(names: &[String]) -> String {
    let shown = names.iter().take(NAMES_MAX).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMES_MAX) {
        0 => shown,
        more => format!("{shown}, +{more}"),
    }
}

fn open_for_new(names: &str) -> Diagnostic {
    let advice: Text = text!(
        ja: "`setfacl -d -m o::- DIR` で、ほかの利用者に許さないでください",
        en: "deny it to others with `setfacl -d -m o::- DIR`",
    );
    Diagnostic::warning(
        "E412",
        text!(
            ja: "{names} に新しくできるファイルは、誰でも読めます（既定の権限表）",
            en: "anybody may read what is made anew in {names} (its default access list)",
            names = names,
        ),
    )
    .advise(advice)
}

fn of_samba(names: &str) -> Diagnostic {
    Diagnostic::note(
        "E412",
        text!(
            ja: "{names} には Samba の権限表（NT ACL）があり、ここでは読みません",
            en: "{names} have an access list of Samba (NT ACL), which is not read here",
            names = names,
        ),
    )
    .advise(text!(
        ja: "`samba-tool ntacl get DIR` や「セキュリティ」のタブで、Everyone に許していないか確か\
             めてください",
        en: "check with `samba-tool ntacl get DIR`, or in Windows' security tab, that Everyone is \
             not allowed",
    ))
}
