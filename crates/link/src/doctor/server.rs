//! What the server of a mounted share does for the sweeper.

use diag::Diagnostic;
#[cfg(target_os = "linux")]
use diag::text;

use crate::folder::Folder;
use crate::retention::Part;

/// Questions that are timed in each folder.
#[cfg(target_os = "linux")]
const QUESTIONS: usize = 5;
/// A name that is not there takes this many times as long in a folder that is searched.
#[cfg(target_os = "linux")]
const SEARCHED: u32 = 4;
/// What takes less is nobody's trouble.
#[cfg(target_os = "linux")]
const QUICK: std::time::Duration = std::time::Duration::from_millis(20);

/// Whether the server searches a whole folder for a name that is not there, by the time it takes
/// in the fullest and in the emptiest one.
#[cfg(target_os = "linux")]
pub(super) fn searches(parts: &[(Part, Folder)]) -> Option<Diagnostic> {
    use crate::folder::Reach;
    let on_share = parts.iter().filter(|(_, folder)| folder.reach() == Reach::Smb);
    let mut times: Vec<_> =
        on_share.filter_map(|(part, folder)| Some((time_of_a_question(folder)?, *part))).collect();
    times.sort_unstable();
    let ((least, _), (most, part)) = (times.first()?, times.last()?);
    is_searched(*least, *most).then(|| {
        Diagnostic::warning(
            "E427",
            text!(
                ja: "`{part}` では、ない名前を 1 つ聞くのに {most} ms かかります（ほかは {least} ms）",
                en: "asking for a name that is not there takes {most} ms in `{part}` and \
                     {least} ms elsewhere",
                part = part.word(), most = most.as_millis().to_string(),
                least = least.as_millis().to_string(),
            ),
        )
        .because(text!(
            ja: "サーバが大文字・小文字の違う名前を探してフォルダー全体を調べています。残った\
                 ファイルが多いほど回答が遅れます",
            en: "the server searches the whole folder for another spelling in upper and lower \
                 case; the more files are left, the later every answer",
        ))
        .advise(text!(
            ja: "残ったファイルを片付け、Samba なら共有の設定に `case sensitive = yes` を書いてください",
            en: "clear what is left there; on Samba write `case sensitive = yes` into the settings \
                 of the share",
        ))
    })
}

#[cfg(target_os = "linux")]
fn is_searched(least: std::time::Duration, most: std::time::Duration) -> bool {
    most > QUICK && most > least * SEARCHED
}

/// The median time of a question for a name that is not there.
#[cfg(target_os = "linux")]
fn time_of_a_question(folder: &Folder) -> Option<std::time::Duration> {
    let one = |_| {
        let name = format!("OQSsiquc01res_{:016x}.xml", crate::folder::random().ok()?);
        let begin = std::time::Instant::now();
        folder.probe(std::ffi::OsStr::new(&name)).ok()?;
        Some(begin.elapsed())
    };
    let mut times = (0..QUESTIONS).map(one).collect::<Option<Vec<_>>>()?;
    times.sort_unstable();
    times.get(QUESTIONS / 2).copied()
}

#[cfg(not(target_os = "linux"))]
pub(super) fn searches(_: &[(Part, Folder)]) -> Option<Diagnostic> {
    None
}

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
                ja: "サーバは、ほかの機器がファイルを開いているかどうかを答えません",
                en: "the server does not tell whether other machines have a file open",
            ),
        )
        .because(text!(
            ja: "開かれているか分からないファイルは消さないため、掃除は何も消しません",
            en: "what may be open is not deleted, so the sweeper deletes nothing here",
        ))
        .advise(text!(
            ja: "サーバで oplock を許し（Samba は `oplocks = yes`）、`cache=strict` で mount し、\
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::time::Duration;

    use super::is_searched;

    #[test]
    fn only_what_is_slow_in_one_folder_is_a_search() {
        for (least, most, is_told) in
            [(11, 271, true), (90, 95, false), (1, 15, false), (100, 300, false), (6, 25, true)]
        {
            let ms = Duration::from_millis;
            assert_eq!(is_searched(ms(least), ms(most)), is_told, "{least} {most}");
        }
    }
}
