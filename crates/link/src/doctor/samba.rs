//! Settings of a Samba server on this machine that bear on the exchange, for the shares that lead
//! to the folder.
//!
//! Read are the file that Samba reads and the files that it includes by a plain path. What stands
//! in the registry, and a share whose path holds a variable (`%U`), are not seen; a file that
//! `testparm -s` has written holds everything.
//!
//! # Source
//! smb.conf(5) of Samba 4.17, read on 2026-11-27.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use diag::{Diagnostic, text};

use super::mount::Mount;
use crate::user_file;

/// Where Debian and most others keep the settings.
const FILE: &str = "/etc/samba/smb.conf";
/// LIMIT: how much of one file is read.
const FILE_MAX_BYTES: u64 = 1024 * 1024;
/// LIMIT: how many files are read.
const FILES_MAX: usize = 32;
/// Names of the linkage that a pattern could mean: our own folders, a request before it is
/// published, and an answer.
const OURS: [&str; 4] =
    [".sweep", ".quarantine", ".0123456789abcdef.tmp", "oqssiquc01res_202611270001.xml"];

/// What the settings say about the folder.
pub(super) fn findings(
    folder: &Path,
    mount: Option<&Mount>,
    file: Option<&Path>,
) -> Vec<Diagnostic> {
    let is_mounted = mount.is_some_and(Mount::is_smb);
    if is_mounted && file.is_none() {
        // Another machine's, or one that this machine shares with itself.
        return Vec::new();
    }
    let mut left = FILES_MAX;
    let text = text_of(file.unwrap_or(Path::new(FILE)), &mut left);
    let is_meant = |(name, settings): &&Share| match mount.filter(|_| is_mounted) {
        Some(mount) => mount.is_of(name),
        None => is_at(settings, folder),
    };
    sections(&text).iter().filter(is_meant).flat_map(of_share).collect()
}

/// The text of a file of settings with those that it includes; empty if it cannot be read.
fn text_of(file: &Path, left: &mut usize) -> String {
    let Some(rest) = left.checked_sub(1) else { return String::new() };
    *left = rest;
    let Ok(bytes) = user_file::read(file, FILE_MAX_BYTES) else { return String::new() };
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n").replace("\\\n", "");
    let mut whole = String::new();
    for line in text.lines() {
        let included = line.split_once('=').filter(|(key, _)| plain(key) == "include");
        match included {
            Some((_, path)) => whole += &text_of(Path::new(path.trim()), left),
            None => whole += line,
        }
        whole.push('\n');
    }
    whole
}

/// A share: its name, and its own settings.
type Share = (String, BTreeMap<String, String>);

/// Every section of the settings, each with those of `[global]`.
fn sections(text: &str) -> Vec<Share> {
    let mut sections: Vec<Share> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            sections.push((name.trim().to_owned(), BTreeMap::new()));
        } else if let (Some((key, value)), Some(section)) =
            (line.split_once('='), sections.last_mut())
        {
            section.1.insert(plain(key), value.trim().to_owned());
        }
    }
    let is_global = |share: &Share| plain(&share.0) == "global";
    let mut global = BTreeMap::new();
    for section in sections.extract_if(.., |share| is_global(share)) {
        global.extend(section.1);
    }
    let with_global = |(name, own)| (name, global.clone().into_iter().chain(own).collect());
    sections.into_iter().map(with_global).collect()
}

/// Whether a share leads to the folder, above it or below it.
fn is_at(settings: &BTreeMap<String, String>, folder: &Path) -> bool {
    let is_for_printing = ["printable", "printok"].iter().any(|key| is_yes(settings, key));
    let path = settings.get("path").or(settings.get("directory")).map(PathBuf::from);
    path.filter(|path| path.is_absolute() && !is_for_printing).is_some_and(|path| {
        let path = path.canonicalize().unwrap_or(path);
        folder.starts_with(&path) || path.starts_with(folder)
    })
}

/// A key as it is compared: Samba sees neither case nor spaces.
fn plain(key: &str) -> String {
    key.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

fn is_yes(settings: &BTreeMap<String, String>, key: &str) -> bool {
    let value = settings.get(key).map(|value| value.to_lowercase());
    value.is_some_and(|value| matches!(value.as_str(), "yes" | "true" | "on" | "1"))
}

fn of_share((name, settings): &Share) -> Vec<Diagnostic> {
    let value = |keys: &[&str]| {
        let found = keys.iter().find_map(|key| settings.get(*key));
        found.map(|value| value.to_lowercase()).unwrap_or_default()
    };
    let is_on = |keys: &[&str]| keys.iter().any(|key| is_yes(settings, key));
    let is_off = |keys: &[&str]| matches!(value(keys).as_str(), "no" | "false" | "off" | "0");
    let mut found = Vec::new();
    if !is_on(&["casesensitive", "casesignames"]) {
        found.push(case(name));
    }
    if value(&["vfsobjects", "vfsobject"]).split([' ', ',', '\t']).any(|word| word == "recycle") {
        found.push(recycle(name));
    }
    if is_on(&["fakeoplocks"]) {
        found.push(fake(name));
    }
    let vetoed = |keys: &[&str]| OURS.into_iter().find(|ours| is_meant(&value(keys), ours));
    let is_silent = is_off(&["oplocks"]) || is_on(&["kerneloplocks"]);
    if is_silent || vetoed(&["vetooplockfiles"]).is_some() {
        found.push(silent(name));
    }
    if let Some(ours) = vetoed(&["vetofiles"]) {
        found.push(veto(name, ours));
    }
    if is_off(&["hidedotfiles"]) {
        found.push(shown(name));
    }
    found
}

/// Whether a list of patterns between slashes means a name.
fn is_meant(patterns: &str, name: &str) -> bool {
    patterns.split('/').filter(|pattern| !pattern.is_empty()).any(|pattern| fits(pattern, name))
}

/// Whether a name fits a pattern with `*` and `?`.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut at, mut of) = (0, 0);
    // Where the last star stands, and what it has swallowed so far.
    let mut star: Option<(usize, usize)> = None;
    while at < name.len() {
        match pattern.get(of) {
            Some(b'*') => {
                star = Some((of, at));
                of += 1;
            }
            Some(letter) if *letter == b'?' || *letter == name[at] => {
                of += 1;
                at += 1;
            }
            _ => {
                let Some((place, swallowed)) = star else { return false };
                star = Some((place, swallowed + 1));
                of = place + 1;
                at = swallowed + 1;
            }
        }
    }
    pattern[of..].iter().all(|letter| *letter == b'*')
}

fn case(share: &str) -> Diagnostic {
    Diagnostic::warning(
        "E427",
        text!(
            ja: "Samba の共有 `{share}` は、ない名前を聞かれるたびにフォルダー全体を調べます",
            en: "the Samba share `{share}` searches the whole folder for every name that is not there",
            share = share,
        ),
    )
    .because(text!(
        ja: "大文字・小文字の違う名前を探すためで、残ったファイルが多いほど回答が遅れます",
        en: "it looks for another spelling in upper and lower case; left-over files delay every answer",
    ))
    .advise(text!(
        ja: "この共有の設定に `case sensitive = yes` を書いてください",
        en: "write `case sensitive = yes` into the settings of this share",
    ))
}

fn recycle(share: &str) -> Diagnostic {
    Diagnostic::warning(
        "E428",
        text!(
            ja: "Samba の共有 `{share}` は、消されたファイルをごみ箱に移して残します",
            en: "the Samba share `{share}` keeps what is deleted in a recycle bin", share = share,
        ),
    )
    .because(text!(
        ja: "`vfs objects` に `recycle` があります。掃除が消した結果も、端末が取り込んだ要求も残ります",
        en: "`vfs objects` names `recycle`: results that the sweeper deletes and requests that the \
             terminal takes stay there",
    ))
    .advise(text!(
        ja: "この共有の `vfs objects` から `recycle` を外し、今あるごみ箱を空にしてください",
        en: "take `recycle` out of `vfs objects` of this share and empty the bin",
    ))
}

fn fake(share: &str) -> Diagnostic {
    Diagnostic::error(
        "E429",
        text!(
            ja: "Samba の共有 `{share}` は、開かれているファイルも「誰も開いていない」と答えます",
            en: "the Samba share `{share}` says that nobody has a file open when somebody has",
            share = share,
        ),
    )
    .because(text!(
        ja: "`fake oplocks = yes` です。別の機器から掃除すると、使用中のファイルが消えることがあります",
        en: "`fake oplocks = yes`: a sweeper on another machine may delete a file that is in use",
    ))
    .advise(text!(
        ja: "`fake oplocks` を消してください（既定の `no` に戻ります）",
        en: "take `fake oplocks` out; the default is `no`",
    ))
}

fn silent(share: &str) -> Diagnostic {
    Diagnostic::warning(
        "E429",
        text!(
            ja: "Samba の共有 `{share}` は、ファイルが開かれているかどうかをほかの機器に答えません",
            en: "the Samba share `{share}` does not tell other machines whether a file is open",
            share = share,
        ),
    )
    .because(text!(
        ja: "別の機器から mount して掃除しても、何も消しません",
        en: "a sweeper on another machine that mounts it deletes nothing",
    ))
    .advise(text!(
        ja: "`oplocks = yes`・`kernel oplocks = no` にし、`veto oplock files` から連携の名前を\
             外すか、このサーバの上で掃除を動かしてください",
        en: "set `oplocks = yes` and `kernel oplocks = no` and take names of the linkage out of \
             `veto oplock files`, or run the sweeper on this server",
    ))
}

fn veto(share: &str, name: &str) -> Diagnostic {
    Diagnostic::error(
        "E428",
        text!(
            ja: "Samba の共有 `{share}` では `{name}` のような名前を使えません",
            en: "the Samba share `{share}` forbids names such as `{name}`",
            share = share, name = name,
        ),
    )
    .because(text!(
        ja: "`veto files` にあります。要求を出す前の一時ファイル、`.sweep`、`.quarantine`、回答の\
             どれかが見えません",
        en: "`veto files` means it: temporary files of requests, `.sweep`, `.quarantine` or \
             answers are out of reach",
    ))
    .advise(text!(
        ja: "この共有の `veto files` から外してください",
        en: "take it out of `veto files` of this share",
    ))
}

fn shown(share: &str) -> Diagnostic {
    Diagnostic::note(
        "E428",
        text!(
            ja: "Samba の共有 `{share}` では `.sweep` と `.quarantine` が隠しフォルダーになりません",
            en: "the Samba share `{share}` shows `.sweep` and `.quarantine` as ordinary folders",
            share = share,
        ),
    )
    .advise(text!(
        ja: "`hide dot files` を消してください（既定の `yes` に戻ります）",
        en: "take `hide dot files` out; the default is `yes`",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(settings: &str) -> Vec<(&'static str, diag::Severity)> {
        let text =
            format!("[global]\n{settings}\n[other]\npath = /srv/other\n[OQS]\npath = /srv\n");
        let shares = sections(&text);
        let ours = shares.iter().filter(|share| is_at(&share.1, Path::new("/srv/oqs")));
        ours.flat_map(of_share).map(|one| (one.code, one.severity)).collect()
    }

    #[test]
    fn what_is_wrong_is_told_and_what_is_right_is_not() {
        use diag::Severity::{Error, Note, Warning};
        for (settings, expected) in [
            ("", &[("E427", Warning)][..]),
            ("case sensitive = auto", &[("E427", Warning)]),
            (" CaseSignames=True", &[]),
            ("case sensitive = yes\nvfs objects = acl_xattr recycle", &[("E428", Warning)]),
            ("case sensitive = yes\nvfs objects = recycler", &[]),
            ("case sensitive = yes\noplocks = no", &[("E429", Warning)]),
            ("case sensitive = yes\nkernel oplocks = 1", &[("E429", Warning)]),
            ("case sensitive = yes\nfake oplocks = yes", &[("E429", Error)]),
            ("case sensitive = yes\nveto oplock files = /*.mdb/*.XML/", &[("E429", Warning)]),
            ("case sensitive = yes\nveto oplock files = /*.mdb/", &[]),
            ("case sensitive = yes\nveto files = /.*/", &[("E428", Error)]),
            ("case sensitive = yes\nveto files = /.DS_Store/._*/Thumbs.db/", &[]),
            ("case sensitive = yes\nhide dot files = no", &[("E428", Note)]),
            ("case sensitive = yes\nhide dot files = yes", &[]),
        ] {
            assert_eq!(codes(settings), expected, "{settings}");
        }
    }

    #[test]
    fn a_share_is_found_by_its_path_and_its_own_setting_counts() {
        let text = "# [no]\n[ Global ]\n case sensitive = no\n; x\n[A]\npath = /srv/oqs/res\n\
                    case sensitive = yes\n[B]\ndirectory = /srv/oqsother\n[C]\nx\n= y\n[D]\n\
                    path=/srv/oqs\n[E]\npath = /srv\nprintable = yes\n[F]\npath = \n";
        let mut shares = sections(text);
        shares.retain(|share| is_at(&share.1, Path::new("/srv/oqs")));
        let names: Vec<&str> = shares.iter().map(|share| share.0.as_str()).collect();
        assert_eq!(names, ["A", "D"]);
        assert_eq!(of_share(&shares[0]).len(), 0, "its own setting counts");
        assert_eq!(of_share(&shares[1]).len(), 1, "that of all counts");
        assert!(sections("path = /srv/oqs\nnonsense").is_empty());
    }

    #[test]
    fn patterns_fit_as_in_samba() {
        for (pattern, name, is_fit) in [
            ("*", "", true),
            (".*", ".sweep", true),
            ("a*b*c", "axxbyybc", true),
            ("a*b*c", "axxbyyb", false),
            ("?.tmp", "a.tmp", true),
            ("?.tmp", ".tmp", false),
            ("", "a", false),
        ] {
            assert_eq!(fits(pattern, name), is_fit, "{pattern} {name}");
        }
    }
}
