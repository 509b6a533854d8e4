//! Access lists of POSIX, and who is in a group: what Linux keeps beside the nine bits.
//!
//! # Source
//! acl(5); the layout of the attribute `system.posix_acl_access` is that of
//! `linux/posix_acl_xattr.h`: a version, then eight bytes for each entry, little endian.

use std::collections::BTreeMap;

/// The version of the layout.
const VERSION: [u8; 4] = [2, 0, 0, 0];
/// Bytes of an entry.
const ENTRY_BYTES: usize = 8;
const READ: u16 = 4;
const WRITE: u16 = 2;

/// Whom an entry is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Who {
    /// The owner of the folder.
    Owner,
    /// A user, by number.
    User(u32),
    /// The group of the folder.
    OwnGroup,
    /// A group, by number.
    Group(u32),
    /// Everybody else.
    Others,
}

/// What somebody may do, the mask taken into account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Right {
    /// Whom it is about.
    pub(super) who: Who,
    /// Whether he may write.
    pub(super) writes: bool,
    /// Whether he may look.
    pub(super) reads: bool,
}

/// Reads an access list; `None` if it is none.
pub(super) fn parse(bytes: &[u8]) -> Option<Vec<Right>> {
    let entries = bytes.strip_prefix(&VERSION)?;
    if !entries.len().is_multiple_of(ENTRY_BYTES) {
        return None;
    }
    let mut mask = READ | WRITE;
    let mut listed = Vec::new();
    for entry in entries.chunks_exact(ENTRY_BYTES) {
        let short = |at: usize| u16::from_le_bytes([entry[at], entry[at + 1]]);
        let id = u32::from_le_bytes([entry[4], entry[5], entry[6], entry[7]]);
        let who = match short(0) {
            0x01 => Who::Owner,
            0x02 => Who::User(id),
            0x04 => Who::OwnGroup,
            0x08 => Who::Group(id),
            0x10 => {
                mask = short(2);
                continue;
            }
            0x20 => Who::Others,
            _ => return None,
        };
        listed.push((who, short(2)));
    }
    let right = |(who, bits): (Who, u16)| {
        // The mask limits all but the owner and the others.
        let bits = if matches!(who, Who::Owner | Who::Others) { bits } else { bits & mask };
        Right { who, writes: bits & WRITE != 0, reads: bits & READ != 0 }
    };
    Some(listed.into_iter().map(right).collect())
}

/// Names of accounts and members of groups, as the machine's own files tell them.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    users: BTreeMap<u32, String>,
    groups: BTreeMap<u32, (String, Vec<String>)>,
}

impl Accounts {
    /// Reads the texts of `/etc/passwd` and `/etc/group`.
    ///
    /// # Source
    /// passwd(5), group(5): a user belongs to his primary group without standing in its line.
    pub(super) fn read(passwd: &str, group: &str) -> Self {
        let mut accounts = Self::default();
        for line in group.lines() {
            let fields: Vec<&str> = line.split(':').collect();
            let [name, _, id, members] = fields[..] else { continue };
            let Ok(id) = id.parse() else { continue };
            let members = members.split(',').filter(|one| !one.is_empty());
            let members = members.map(str::to_owned).collect();
            accounts.groups.insert(id, (name.to_owned(), members));
        }
        for line in passwd.lines() {
            let fields: Vec<&str> = line.split(':').collect();
            let [name, _, id, primary, ..] = fields[..] else { continue };
            let (Ok(id), Ok(primary)) = (id.parse(), primary.parse::<u32>()) else { continue };
            accounts.users.insert(id, name.to_owned());
            if let Some((_, members)) = accounts.groups.get_mut(&primary)
                && !members.iter().any(|member| member == name)
            {
                members.push(name.to_owned());
            }
        }
        accounts
    }

    /// What a user is called; his number if nobody says.
    pub(super) fn user(&self, id: u32) -> String {
        self.users.get(&id).cloned().unwrap_or_else(|| format!("uid {id}"))
    }

    /// What a group is called; its number if nobody says.
    pub(super) fn group(&self, id: u32) -> String {
        self.groups.get(&id).map_or_else(|| format!("gid {id}"), |group| group.0.clone())
    }

    /// Who is in a group, in order of name; `None` if the machine's files do not know it.
    pub(super) fn members(&self, id: u32) -> Option<Vec<&str>> {
        let mut members: Vec<&str> = self.groups.get(&id)?.1.iter().map(String::as_str).collect();
        members.sort_unstable();
        Some(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An access list in the kernel's layout.
    fn list(entries: &[(u16, u16, u32)]) -> Vec<u8> {
        let mut bytes = VERSION.to_vec();
        for (tag, bits, id) in entries {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(bits.to_le_bytes());
            bytes.extend(id.to_le_bytes());
        }
        bytes
    }

    #[test]
    fn the_mask_limits_named_users_and_groups_only() {
        let bytes = list(&[
            (0x01, 7, u32::MAX),
            (0x02, 7, 1000),
            (0x04, 7, u32::MAX),
            (0x08, 6, 50),
            (0x10, 5, u32::MAX),
            (0x20, 2, u32::MAX),
        ]);
        let rights = parse(&bytes).expect("a list");
        let writes: Vec<Who> =
            rights.iter().filter(|right| right.writes).map(|right| right.who).collect();
        assert_eq!(writes, [Who::Owner, Who::Others]);
        assert!(rights.contains(&Right { who: Who::User(1000), writes: false, reads: true }));
        for length in 0..bytes.len() {
            // Cut within an entry, or within the version, it is no list.
            let is_whole = length >= 4 && (length - 4).is_multiple_of(ENTRY_BYTES);
            assert_eq!(parse(&bytes[..length]).is_some(), is_whole, "{length}");
        }
        assert_eq!(parse(&list(&[(0x40, 7, 0)])), None, "an entry of an unknown kind");
    }

    #[test]
    fn members_are_those_of_the_line_and_those_whose_primary_group_it_is() {
        let passwd = "root:x:0:0::/:/bin/sh\nann:x:1001:50::/:/x\nbob:x:1002:51::/:/x\nnonsense\n";
        let group = "root:x:0:\noqs:x:50:bob,carol\nother:x:51:\nbad:x:y:\n";
        let accounts = Accounts::read(passwd, group);
        assert_eq!(accounts.members(50), Some(vec!["ann", "bob", "carol"]));
        assert_eq!(accounts.members(99), None);
        assert_eq!((accounts.group(51).as_str(), accounts.group(99).as_str()), ("other", "gid 99"));
        assert_eq!((accounts.user(1002).as_str(), accounts.user(7).as_str()), ("bob", "uid 7"));
    }
}
