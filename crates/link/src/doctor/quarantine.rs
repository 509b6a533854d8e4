//! What stands in quarantine, and whether anything could be put there.

use std::io;

use diag::{Diagnostic, text};

use crate::folder::{Folder, Kind};
use crate::quarantine;
use crate::retention::{Part, SECOND};
use crate::sweep::age;

/// What the quarantine of one folder says.
pub(super) fn of_part(part: Part, folder: &Folder, now: i128) -> io::Result<Vec<Diagnostic>> {
    let inside = match quarantine::open(folder) {
        Ok(None) => return Ok(Vec::new()),
        Ok(Some(inside)) => inside,
        Err(error) => return Ok(vec![unusable(part, &error.kind().to_string())]),
    };
    let mut found = Vec::new();
    if !inside.is_private()? {
        found.push(open_to_others(part));
    }
    let (mut count, mut oldest) = (0, None);
    for (_, identity) in inside.look()?.entries {
        if identity.kind == Kind::File {
            count += 1;
            let moment = identity.changed.max(identity.modified);
            oldest = Some(oldest.map_or(moment, |oldest: i128| oldest.min(moment)));
        }
    }
    if let Some(oldest) = oldest {
        let time = age(u64::try_from((now - oldest).max(0) / SECOND).unwrap_or(u64::MAX));
        found.push(
            Diagnostic::error(
                "E423",
                text!(
                    ja: "`{part}` の隔離（`.quarantine`）にファイルが {count} 件あります（最も古い\
                         ものは {time}前）",
                    en: "the quarantine of `{part}` (`.quarantine`) holds {count} files, the \
                         oldest since {time}",
                    part = part.word(), count = count, time = time,
                ),
            )
            .advise(text!(
                ja: "`link quarantine DIR` で確かめ、戻すか用済みにしてください",
                en: "look at them with `link quarantine DIR`, then put back or settle them",
            )),
        );
    }
    Ok(found)
}

fn open_to_others(part: Part) -> Diagnostic {
    Diagnostic::error(
        "E424",
        text!(
            ja: "`{part}` の `.quarantine` はほかの利用者のもの、またはほかの利用者が書けます",
            en: "`.quarantine` in `{part}` is somebody else's, or others may write into it",
            part = part.word(),
        ),
    )
    .because(text!(
        ja: "このままでは疑わしいファイルを隔離せず、元の場所に残します",
        en: "as it is, doubtful files are not put there and stay where they are",
    ))
    .advise(text!(
        ja: "クライアントと掃除を同じ利用者で動かし、空なら `.quarantine` を消してください。次に必\
             要なとき作り直します",
        en: "run client and sweeper as one user, and delete `.quarantine` if it is empty; it is \
             made anew when it is needed",
    ))
}

fn unusable(part: Part, reason: &str) -> Diagnostic {
    Diagnostic::error(
        "E424",
        text!(
            ja: "`{part}` の `.quarantine` を開けません（{reason}）",
            en: "`.quarantine` in `{part}` cannot be opened ({reason})",
            part = part.word(), reason = reason,
        ),
    )
    .advise(text!(
        ja: "リンクやファイルなら消し、ほかの利用者のフォルダーなら中を確かめてください",
        en: "delete it if it is a link or a file; if it is a folder of somebody else, look into it",
    ))
}
