//! Who may look into a folder and who may write into it, as far as this machine tells.

#[cfg(unix)]
use std::path::Path;
use std::path::PathBuf;

use diag::Diagnostic;
#[cfg(unix)]
use diag::text;

/// What the rights of the folders are; each comes with how it is called.
#[cfg(unix)]
pub(super) fn findings(folders: &[(String, PathBuf)]) -> Vec<Diagnostic> {
    use std::os::unix::fs::PermissionsExt;
    const OTHERS_WRITE: u32 = 0o002;
    const OTHERS_READ: u32 = 0o004;
    let mode =
        |path: &Path| std::fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode());
    let named = |is_meant: &dyn Fn(&Path) -> bool| {
        let meant = folders.iter().filter(|(_, path)| is_meant(path));
        let names: Vec<String> = meant.map(|(name, _)| format!("`{name}`")).collect();
        (!names.is_empty()).then(|| names.join(" "))
    };
    let advice = text!(
        ja: "連携用のグループだけに許してください（例 `chmod 2770`）",
        en: "allow a group for the linkage only (for example `chmod 2770`)",
    );
    let mut found = Vec::new();
    if let Some(names) = named(&|path| mode(path) & OTHERS_WRITE != 0) {
        found.push(
            Diagnostic::error(
                "E411",
                text!(
                    ja: "誰でも書き込めるフォルダー: {names}",
                    en: "anybody may write into {names}", names = names,
                ),
            )
            .because(text!(
                ja: "偽の結果やリンクを置いたり、結果を消したりできます",
                en: "false results and links can be planted, and results taken away",
            ))
            .advise(advice.clone()),
        );
    }
    let is_shown = |path: &Path| mode(path) & (OTHERS_READ | OTHERS_WRITE) == OTHERS_READ;
    if let Some(names) = named(&is_shown) {
        found.push(
            Diagnostic::warning(
                "E411",
                text!(
                    ja: "誰でも中を見られるフォルダー: {names}",
                    en: "anybody may look into {names}", names = names,
                ),
            )
            .because(text!(
                ja: "ファイル名にも患者を指す番号が入ることがあります",
                en: "even the names of the files may hold numbers that identify patients",
            ))
            .advise(advice),
        );
    }
    if let Some(names) = named(&has_list) {
        found.push(
            Diagnostic::note(
                "E412",
                text!(
                    ja: "別の権限表（ACL）があるフォルダー: {names}",
                    en: "folders with an access list of their own (ACL): {names}", names = names,
                ),
            )
            .advise(text!(
                ja: "`getfacl` や「セキュリティ」のタブで、Everyone に許していないか確かめてください",
                en: "check with `getfacl`, or in Windows' security tab, that Everyone is not \
                     allowed",
            )),
        );
    }
    found
}

/// Whether the folder has an access list, of POSIX or of Samba.
#[cfg(target_os = "linux")]
fn has_list(path: &Path) -> bool {
    ["system.posix_acl_access", "security.NTACL"].iter().any(|name| {
        let mut nothing: [u8; 0] = [];
        rustix::fs::lgetxattr(path, *name, &mut nothing).is_ok_and(|size| size > 0)
    })
}

#[cfg(all(unix, not(target_os = "linux")))]
fn has_list(_: &Path) -> bool {
    false
}

/// What the rights of the folders are: Windows' access lists are not read.
#[cfg(not(unix))]
pub(super) fn findings(_: &[(String, PathBuf)]) -> Vec<Diagnostic> {
    Vec::new()
}
