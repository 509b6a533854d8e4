//! What the server of a mounted share does for the sweeper.

use diag::Diagnostic;
#[cfg(target_os = "linux")]
use diag::text;

use crate::folder::Folder;

/// Whether the server says which files others have open, tried with a new file that nobody
/// else can have open.
#[cfg(target_os = "linux")]
pub(super) fn tells(root: &Folder) -> Option<Diagnostic> {
    use crate::folder::Reach;
    use crate::sweep::does_server_tell;
    let is_told = match root.reach() {
        Reach::Local => return None,
        Reach::Other => false,
        Reach::Smb => {
            // That nothing can be written was told with the clocks.
            let (name, file) = root.create_temporary().ok()?;
            let is_told = does_server_tell(&file);
            drop(file);
            // What cannot be taken away is tidied up like every temporary file.
            let _ = root.remove(&name);
            is_told
        }
    };
    (!is_told).then(|| {
        Diagnostic::warning(
            "E429",
            text!(
                ja: "サーバーは、ほかの機器がファイルを開いているかどうかを答えません",
                en: "the server does not tell whether other machines have a file open",
            ),
        )
        .because(text!(
            ja: "開かれているか分からないファイルは消さないため、掃除は何も消しません",
            en: "what may be open is not deleted, so the sweeper deletes nothing here",
        ))
        .advise(text!(
            ja: "サーバーで oplock を許し（Samba は `oplocks = yes`）、`cache=strict` で mount し、\
                 mount の `uid=` の利用者で動かしてください",
            en: "let the server grant oplocks (Samba: `oplocks = yes`), mount with \
                 `cache=strict`, and run as the user of the mount's `uid=`",
        ))
    })
}

#[cfg(not(target_os = "linux"))]
pub(super) fn tells(_: &Folder) -> Option<Diagnostic> {
    None
}
