//! Who may look into a folder and who may write into it, as far as this machine tells. What the
//! system's own lists say stands in one module for each system.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod posix;
#[cfg(windows)]
mod windows;

use std::path::PathBuf;

use diag::{Diagnostic, Text, text};

/// A folder, and how it is called.
pub(super) type Named = (String, PathBuf);

/// What the rights of the folders are.
pub(super) fn findings(folders: &[Named]) -> Vec<Diagnostic> {
    #[cfg(target_os = "linux")]
    return linux::findings(folders);
    #[cfg(windows)]
    windows::findings(folders)
}

/// The names of those folders that are meant, as text; `None` if none is.
fn those(folders: &[Named], is_meant: impl Fn(&Named) -> bool) -> Option<String> {
    let meant = folders.iter().filter(|folder| is_meant(folder));
    let names: Vec<String> = meant.map(|(name, _)| format!("`{name}`")).collect();
    (!names.is_empty()).then(|| names.join(" "))
}

fn anybody_writes(names: &str, advice: Text) -> Diagnostic {
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
    .advise(advice)
}

fn anybody_looks(names: &str, advice: Text) -> Diagnostic {
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
    .advise(advice)
}

/// Whom a list of its own allows to write.
fn listed(names: &str, who: &str) -> Diagnostic {
    Diagnostic::note(
        "E412",
        text!(
            ja: "{names} には権限表（ACL）があり、次の利用者・グループも書き込めます: {who}",
            en: "an access list of {names} also lets these write: {who}",
            names = names, who = who,
        ),
    )
    .advise(text!(
        ja: "連携に要らない利用者とグループを外してください",
        en: "take away the users and groups that the linkage does not need",
    ))
}

/// Who is in a group that may write.
fn members(names: &str, group: &str, who: &str) -> Diagnostic {
    Diagnostic::note(
        "E425",
        text!(
            ja: "グループ `{group}` は {names} に書き込めます。入っている利用者: {who}",
            en: "group `{group}` may write into {names}; its members: {who}",
            group = group, names = names, who = who,
        ),
    )
    .advise(text!(
        ja: "連携に要らない利用者が入っていないか確かめてください",
        en: "check that nobody is in it whom the linkage does not need",
    ))
}
