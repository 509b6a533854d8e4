//! How the folder is reached: a local file system, or a share and by which version of SMB. On
//! Linux `/proc/self/mountinfo` tells; elsewhere nothing is said.

use std::path::{Path, PathBuf};

use diag::{Diagnostic, text};

/// The mount that a folder lies on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mount {
    /// What is mounted; a share as `//server/share`.
    pub source: String,
    /// Where it is mounted.
    pub point: PathBuf,
    /// The kind of file system.
    pub kind: String,
    /// Options of the file system, as the system writes them.
    pub options: Vec<String>,
}

impl Mount {
    /// Whether it is a share of an SMB server.
    pub(super) fn is_smb(&self) -> bool {
        matches!(self.kind.as_str(), "cifs" | "smb3")
    }

    /// Whether it is the share of this name, or a folder of it.
    #[cfg(target_os = "linux")]
    pub(super) fn is_of(&self, share: &str) -> bool {
        let mut words = self.source.split(['/', '\\']).filter(|word| !word.is_empty());
        words.nth(1).is_some_and(|word| word.eq_ignore_ascii_case(share))
    }
}

pub(super) fn read(path: &Path) -> Option<Mount> {
    let table = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    mount_of(&table, path)
}

/// The mount of an absolute path in the text of `mountinfo`. Of several at the same place the
/// last one is seen.
///
/// # Source
/// proc(5), `/proc/pid/mountinfo`.
#[must_use]
pub fn mount_of(table: &str, path: &Path) -> Option<Mount> {
    let mut best: Option<Mount> = None;
    for line in table.lines() {
        let Some((fields, rest)) = line.split_once(" - ") else { continue };
        let Some(point) = fields.split(' ').nth(4) else { continue };
        let point = PathBuf::from(unescaped(point));
        let length = point.components().count();
        let is_better = best.as_ref().is_none_or(|best| length >= best.point.components().count());
        if !path.starts_with(&point) || !is_better {
            continue;
        }
        let mut words = rest.split(' ');
        let kind = words.next().unwrap_or_default().to_owned();
        let source = unescaped(words.next().unwrap_or_default());
        let options = words.next().unwrap_or_default().split(',').map(str::to_owned).collect();
        best = Some(Mount { source, point, kind, options });
    }
    best
}

/// `\040` and the like, as the table writes spaces.
fn unescaped(text: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let digits = after.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = digits.and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match code.filter(|_| *byte == b'\\') {
            Some(code) => {
                out.push(code);
                rest = &after[3..];
            }
            None => {
                out.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

pub(super) fn findings(mount: &Mount) -> Vec<Diagnostic> {
    if !mount.is_smb() {
        return Vec::new();
    }
    let value = |key: &str| {
        let mut options = mount.options.iter();
        options.find_map(|option| option.strip_prefix(key)?.strip_prefix('='))
    };
    let mut found = Vec::new();
    let version = value("vers").unwrap_or("?");
    let headline = text!(
        ja: "共有は SMB {version} でつながっています", en: "the share is reached by SMB {version}",
        version = version,
    );
    let advice = text!(
        ja: "SMB 3 でつなぎ直してください（`vers=3.1.1`）",
        en: "mount it with SMB 3 (`vers=3.1.1`)",
    );
    found.push(match version {
        "1.0" => Diagnostic::error("E420", headline)
            .because(text!(
                ja: "SMB 1 は暗号化も改ざん検知もなく、使ってはいけません",
                en: "SMB 1 neither encrypts nor notices changes and must not be used",
            ))
            .advise(advice),
        "2.0" | "2.1" | "?" => Diagnostic::warning("E420", headline).advise(advice),
        _ => Diagnostic::note("E420", headline),
    });
    let is_guest = value("sec") == Some("none")
        || value("username").is_some_and(|name| name.is_empty() || name == "guest")
        || mount.options.iter().any(|option| option == "guest");
    if is_guest {
        found.push(
            Diagnostic::error(
                "E421",
                text!(
                    ja: "共有に利用者の確認なし（ゲスト）でつながっています",
                    en: "the share is reached as a guest, without any account",
                ),
            )
            .because(text!(
                ja: "同じ LAN の誰でも結果を読み、要求を置けます",
                en: "anybody on the same LAN can read results and leave requests",
            ))
            .advise(text!(
                ja: "連携専用の利用者でつなぎ、ゲストを禁じてください",
                en: "use an account of its own for the linkage and forbid guests",
            )),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 22 0:50 / /mnt/with\\040space rw - cifs //192.0.2.130/OQS rw,vers=1.0,sec=none,uid=0
41 22 0:51 / /mnt/oqs rw shared:1 - cifs //192.0.2.130/OQS rw,vers=3.1.1,username=linkage
";

    #[test]
    fn the_innermost_mount_is_the_one() {
        let of = |path: &str| mount_of(TABLE, Path::new(path)).expect("a mount");
        assert_eq!(of("/srv").kind, "ext4");
        assert_eq!(of("/mnt/oqs/res").point, Path::new("/mnt/oqs"));
        assert_eq!(of("/mnt/oqs2").kind, "ext4");
        assert_eq!(of("/mnt/with space/res").kind, "cifs");
        assert_eq!(mount_of("nonsense\n - \n", Path::new("/")), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_share_is_known_by_its_name() {
        let mount = mount_of(TABLE, Path::new("/mnt/oqs/res")).expect("a mount");
        assert!(mount.is_of("oqs") && !mount.is_of("192.0.2.130") && !mount.is_of("OQS2"));
    }

    #[test]
    fn an_old_version_and_a_guest_are_told() {
        let codes = |path: &str| {
            let mount = mount_of(TABLE, Path::new(path)).expect("a mount");
            let found = findings(&mount);
            found.iter().map(|one| (one.code, one.severity)).collect::<Vec<_>>()
        };
        use diag::Severity::{Error, Note};
        assert_eq!(codes("/mnt/with space"), [("E420", Error), ("E421", Error)]);
        assert_eq!(codes("/mnt/oqs"), [("E420", Note)]);
        assert_eq!(codes("/"), []);
    }
}
