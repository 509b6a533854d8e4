//! What lies in the folders: how much, how old, in which encodings, and who else works there.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

use diag::{Diagnostic, Text, text};

use crate::encoding;
use crate::folder::{Folder, Kind};
use crate::name::Name;
use crate::retention::{Class, Part, SECOND, class};
use crate::sweep::age;

/// More files than this in `res` make every listing slow.
const FILES_WANTED: usize = 1_000;
/// A result that lies longer than this has no business reason.
const AGE_WANTED: i128 = 86_400 * SECOND;
/// A temporary file that is older was given up.
const TEMPORARY_WANTED: i128 = 3_600 * SECOND;
/// Times further in the future than this are no rounding.
const FUTURE_MAX: i128 = 300 * SECOND;
/// LIMIT: how many of the newest messages are looked into, and how much of each.
const LOOKED_MAX: usize = 200;
const LOOKED_MAX_BYTES: u64 = 1024 * 1024;

/// What lies in one folder.
pub(super) fn of_part(part: Part, folder: &Folder, now: i128) -> io::Result<Vec<Diagnostic>> {
    let mut oldest: Option<i128> = None;
    let (mut count, mut reports, mut given_up, mut future) = (0, 0, 0, 0);
    let mut aside = false;
    for (name, identity) in folder.look()?.entries {
        if name == OsStr::new(crate::quarantine::FOLDER) {
            continue;
        }
        count += 1;
        future += usize::from(identity.modified > now + FUTURE_MAX);
        aside |= name == OsStr::new(".sweep");
        match class(part, &Name::parse(&name)) {
            Class::Result | Class::Face | Class::Error | Class::Request => {
                let first = identity.modified.min(oldest.unwrap_or(i128::MAX));
                oldest = Some(first);
            }
            Class::Report => reports += 1,
            Class::Temporary if now - identity.modified > TEMPORARY_WANTED => given_up += 1,
            _ => {}
        }
    }
    let word = part.word();
    let mut found = Vec::new();
    if count > FILES_WANTED {
        found.push(too_many(word, count));
    }
    if let Some(oldest) = oldest.filter(|oldest| now - oldest > AGE_WANTED) {
        let time = age(u64::try_from((now - oldest) / SECOND).unwrap_or(u64::MAX));
        found.push(
            Diagnostic::warning(
                "E414",
                text!(
                    ja: "`{part}` の最も古いファイルは {time}前のものです",
                    en: "the oldest file in `{part}` is {time} old", part = word, time = time,
                ),
            )
            .advise(text!(
                ja: "`link sweep DIR` の計画を見て、何が残っているか確かめてください",
                en: "look at the plan of `link sweep DIR` to see what stays",
            )),
        );
    }
    if reports > 0 {
        found.push(Diagnostic::note(
            "E415",
            text!(
                ja: "`{part}` に端末の消し忘れ処理の記録（del*.txt）が {count} 件あります",
                en: "`{part}` holds {count} reports of the terminal's cleaner (del*.txt)",
                part = word, count = reports,
            ),
        ));
    }
    if given_up > 0 || aside {
        found.push(left_behind(word, given_up, aside));
    }
    if future > 0 {
        found.push(in_the_future(word, future));
    }
    Ok(found)
}

fn in_the_future(part: &str, count: usize) -> Diagnostic {
    Diagnostic::warning(
        "E418",
        text!(
            ja: "`{part}` の {count} 件の日時が未来です",
            en: "{count} files in `{part}` have times in the future",
            part = part, count = count,
        ),
    )
    .advise(text!(
        ja: "端末とサーバの時計を確かめてください",
        en: "check the clocks of terminal and server",
    ))
}

fn too_many(part: &str, count: usize) -> Diagnostic {
    Diagnostic::warning(
        "E413",
        text!(
            ja: "`{part}` にファイルが {count} 件あります",
            en: "`{part}` holds {count} files", part = part, count = count,
        ),
    )
    .because(text!(
        ja: "一覧を読むソフトは、残ったファイルの数だけ遅くなります",
        en: "software that lists the folder gets slower with every file that stays",
    ))
    .advise(text!(
        ja: "`link sweep` を定期的に動かしてください", en: "run `link sweep` regularly",
    ))
}

fn left_behind(part: &str, given_up: usize, aside: bool) -> Diagnostic {
    let what = match (given_up, aside) {
        (0, _) => Text::verbatim("`.sweep`"),
        (count, false) => {
            text!(ja: "一時ファイル {count} 件", en: "{count} temporary files", count = count)
        }
        (count, true) => text!(
            ja: "一時ファイル {count} 件と `.sweep`",
            en: "{count} temporary files and `.sweep`", count = count,
        ),
    };
    Diagnostic::warning(
        "E415",
        text!(
            ja: "`{part}` に途中で止まった処理の残りがあります（{what}）",
            en: "`{part}` holds what an interrupted program left ({what})",
            part = part, what = what,
        ),
    )
    .advise(text!(
        ja: "掃除が動いていなければ `link sweep DIR --apply` で片付きます",
        en: "if no sweeper runs, `link sweep DIR --apply` tidies up",
    ))
}

/// In which encodings the newest results are written.
pub(super) fn encodings(parts: &[(Part, Folder)], now: i128) -> Vec<Diagnostic> {
    let mut newest: Vec<(i128, usize, OsString)> = Vec::new();
    for (at, (part, folder)) in parts.iter().enumerate() {
        let Ok(inventory) = folder.look() else { continue };
        for (name, identity) in inventory.entries {
            let is_result =
                matches!(class(*part, &Name::parse(&name)), Class::Result | Class::Face);
            let is_xml = name.as_encoded_bytes().ends_with(b".xml");
            if identity.kind == Kind::File && is_result && is_xml {
                newest.push((now - identity.modified, at, name));
            }
        }
    }
    newest.sort();
    let mut met: BTreeSet<&'static str> = BTreeSet::new();
    let mut contradicting = 0;
    for (_, at, name) in newest.into_iter().take(LOOKED_MAX) {
        let Ok(content) = parts[at].1.read(&name, LOOKED_MAX_BYTES) else { continue };
        if content.bytes.is_empty() {
            continue;
        }
        match encoding::decode(&content.bytes) {
            Ok((_, encoding)) => {
                met.insert(encoding.label());
            }
            Err(_) => contradicting += 1,
        }
    }
    let mut found = Vec::new();
    if contradicting > 0 {
        found.push(
            Diagnostic::error(
                "E417",
                text!(
                    ja: "{count} 件の結果は、宣言した文字コードと中身が違います",
                    en: "{count} results are not in the encoding that they declare",
                    count = contradicting,
                ),
            )
            .advise(text!(
                ja: "端末の「結果ファイル出力用の文字コード」の設定を確かめてください",
                en: "check the terminal's setting for the encoding of results",
            )),
        );
    }
    let names: Vec<&str> = met.iter().copied().collect();
    if names.len() > 1 {
        found.push(Diagnostic::warning(
            "E417",
            text!(
                ja: "結果の文字コードが混ざっています: {names}",
                en: "results are in several encodings: {names}", names = names.join(", "),
            ),
        ));
    } else if let [name] = names[..] {
        found.push(Diagnostic::note(
            "E417",
            text!(ja: "結果の文字コード: {name}", en: "results are in {name}", name = name),
        ));
    }
    found
}

/// Folders and files that other software leaves, and programs that have files open.
pub(super) fn other_consumers(
    root: &Folder,
    parts: &[(Part, Folder)],
) -> io::Result<Vec<Diagnostic>> {
    const FOLDERS: [&str; 6] = ["trash", "archive", "backup", "done", "old", "processed"];
    let mut marks: BTreeSet<String> = BTreeSet::new();
    let of_parts = parts.iter().map(|(part, folder)| (part.word(), folder));
    let whole = root.path().display().to_string();
    for (word, folder) in [(whole.as_str(), root)].into_iter().chain(of_parts) {
        for name in folder.list()?.names {
            let lower = name.to_string_lossy().to_lowercase();
            let is_lock = lower.ends_with(".lock") || lower.ends_with(".lck");
            if FOLDERS.contains(&lower.as_str()) {
                marks.insert(format!("{word}/{lower}"));
            } else if is_lock {
                marks.insert(format!("{word}/*.lock"));
            }
        }
    }
    let mut found = Vec::new();
    if !marks.is_empty() {
        let marks: Vec<String> = marks.into_iter().collect();
        found.push(consumers(text!(
            ja: "ほかのソフトの印があります: {marks}",
            en: "other software has left its marks: {marks}", marks = marks.join(", "),
        )));
    }
    let programs = programs(root.path());
    if !programs.is_empty() {
        let programs: Vec<String> = programs.into_iter().collect();
        found.push(consumers(text!(
            ja: "ここのファイルを開いているプログラム: {programs}",
            en: "programs that have files open here: {programs}", programs = programs.join(", "),
        )));
    }
    Ok(found)
}

fn consumers(headline: Text) -> Diagnostic {
    Diagnostic::note("E419", headline).advise(text!(
        ja: "顔認証の結果を読むものが複数あれば、方針の `consumers` にすべて書いてください",
        en: "if several read the face results, name them all in `consumers` of the policy",
    ))
}

/// The names of other programs that have a file open below the folder, as far as they may be
/// looked at.
#[cfg(target_os = "linux")]
fn programs(root: &Path) -> BTreeSet<String> {
    let mut programs = BTreeSet::new();
    for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let path = process.path();
        let Ok(open) = std::fs::read_dir(path.join("fd")) else { continue };
        let name = std::fs::read_to_string(path.join("comm")).unwrap_or_default();
        // We are one of them, and another sweeper is no consumer.
        let is_ours = name.starts_with("sekisho");
        let has_open = open
            .flatten()
            .filter_map(|descriptor| std::fs::read_link(descriptor.path()).ok())
            .any(|target| target.starts_with(root));
        if has_open && !is_ours {
            programs.insert(name.trim().to_owned());
        }
    }
    programs
}

#[cfg(not(target_os = "linux"))]
fn programs(_: &Path) -> BTreeSet<String> {
    BTreeSet::new()
}

/// Recycle bins, which keep what was deleted.
pub(super) fn recycled(root: &Folder, mount: Option<&Path>) -> Vec<Diagnostic> {
    const BINS: [&str; 6] =
        ["$RECYCLE.BIN", "RECYCLER", ".recycle", "#recycle", "@Recycle", "Trash"];
    let mut places = vec![root.path().to_owned()];
    places.extend(mount.filter(|mount| *mount != Path::new("/")).map(Path::to_owned));
    places.dedup();
    let mut full: BTreeSet<String> = BTreeSet::new();
    for place in places {
        for entry in std::fs::read_dir(&place).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_bin = BINS.contains(&name.as_str()) || name.starts_with(".Trash");
            let has_something = || {
                let inside = std::fs::read_dir(entry.path());
                inside.is_ok_and(|mut inside| inside.next().is_some())
            };
            if is_bin && has_something() {
                full.insert(entry.path().display().to_string());
            }
        }
    }
    if full.is_empty() {
        return Vec::new();
    }
    let places: Vec<String> = full.into_iter().collect();
    vec![
        Diagnostic::warning(
            "E422",
            text!(
                ja: "ごみ箱が空ではありません: {places}",
                en: "a recycle bin is not empty: {places}",
                places = places.join(", "),
            ),
        )
        .because(text!(
            ja: "端末の消し忘れ処理や NAS は、消したファイルをごみ箱に残すことがあります",
            en: "the terminal's cleaner and file servers may keep deleted files there",
        ))
        .advise(text!(
            ja: "中を確かめて空にし、この共有ではごみ箱を使わない設定にしてください",
            en: "look into it and empty it, and turn it off for this share",
        )),
    ]
}
