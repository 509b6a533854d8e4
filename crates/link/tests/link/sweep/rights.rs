//! What the doctor says about rights on real folders.

use diag::{Diagnostic, Severity};
use link::doctor::{self, Options, Probe};

use super::Folders;

fn examined(folders: &Folders) -> Vec<Diagnostic> {
    let options = Options { property: None, samba: None, probe: Probe::Nothing };
    doctor::examine(&folders.root(), &options).expect("the folder can be read")
}

#[test]
fn a_result_may_be_written_in_whatever_the_client_takes() {
    let told = |label: &str, text: &[u8]| {
        let folders = Folders::new();
        let head = format!("<?xml version=\"1.0\" encoding=\"{label}\"?><XmlMsg>");
        let content = [head.as_bytes(), text, b"</XmlMsg>"].concat();
        let path = folders.path("res/OQSsiquc01res_209901010001.xml");
        std::fs::write(path, content).expect("a file");
        examined(&folders).iter().any(|one| one.code == "E417" && one.severity == Severity::Error)
    };
    let (utf8, sjis) = ("試験".as_bytes(), b"\x8e\x8e\x8c\xb1");
    for label in ["Shift_JIS", "CP932", "x-sjis", "MS932", "sjis"] {
        assert_eq!([told(label, sjis), told(label, utf8)], [false, true], "{label}");
    }
    assert_eq!([told("utf8", utf8), told("utf8", sjis)], [false, true]);
}

/// An access list in the kernel's layout: owner and group may do everything, a user what `bits`
/// says, limited by `mask`, others what `others` says.
#[cfg(target_os = "linux")]
fn list(bits: u16, mask: u16, others: u16) -> Vec<u8> {
    const NOBODY: u32 = u32::MAX;
    let entries: [(u16, u16, u32); 5] = [
        (0x01, 7, NOBODY),
        (0x02, bits, 3_999_999),
        (0x04, 7, NOBODY),
        (0x10, mask, NOBODY),
        (0x20, others, NOBODY),
    ];
    let entry = |(tag, bits, id): (u16, u16, u32)| {
        [tag.to_le_bytes().to_vec(), bits.to_le_bytes().to_vec(), id.to_le_bytes().to_vec()]
            .concat()
    };
    [2, 0, 0, 0].into_iter().chain(entries.into_iter().flat_map(entry)).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn an_access_list_of_posix_is_read_with_its_mask() {
    for (bits, mask, is_told) in [(7, 7, true), (7, 5, false), (5, 7, false)] {
        let folders = Folders::new();
        let flags = rustix::fs::XattrFlags::empty();
        let path = folders.path("res");
        let set = |name: &str, list: &[u8]| rustix::fs::setxattr(&path, name, list, flags);
        if set("system.posix_acl_access", &list(bits, mask, 0)).is_err() {
            println!("skipped: this file system has no access lists");
            return;
        }
        let found = examined(&folders);
        let told = found.iter().find(|one| one.code == "E412");
        assert_eq!(told.is_some(), is_told, "{bits} {mask}: {found:?}");
        if let Some(told) = told {
            assert!(told.headline.en.contains("`res` also lets these write: uid 3999999"));
            assert!(told.headline.ja.contains("書き込めます: uid 3999999"));
        }
        set("system.posix_acl_default", &list(5, 7, 4)).expect("as the other one");
        let found = examined(&folders);
        let is_warning =
            |one: &&Diagnostic| one.code == "E412" && one.severity == diag::Severity::Warning;
        let warned = found.iter().find(is_warning).expect("what is made anew is open");
        assert!(warned.headline.en.contains("anybody may read what is made anew in `res`"));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_members_of_a_group_that_may_write_are_named() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let folders = Folders::new();
    let path = folders.path("res");
    let told = |mode: u32| {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("ours");
        let found = examined(&folders);
        let members = found.into_iter().find(|one| one.code == "E425");
        members.filter(|one| one.headline.en.contains("`res`")).map(|one| one.headline.en.clone())
    };
    assert_eq!(told(0o750), None, "the group may not write");
    let gid = std::fs::metadata(&path).expect("there").gid();
    let said = told(0o770);
    if gid == 0 {
        // Whoever runs as root has the group of root, in which root is.
        assert!(said.expect("told").contains("group `root`"), "{gid}");
    }
}

/// Under Wine, where lists are made up of the Linux rights, it is only shown that the calls work.
#[cfg(windows)]
#[test]
fn access_lists_of_windows_are_read() {
    let folders = Folders::new();
    let found = examined(&folders);
    for one in &found {
        println!("{} {}", one.code, one.headline.en);
    }
    let is_unreadable =
        |one: &&Diagnostic| one.code == "E412" && one.headline.en.contains("cannot be read (");
    assert!(!found.iter().any(|one| is_unreadable(&one)), "{found:?}");
}
