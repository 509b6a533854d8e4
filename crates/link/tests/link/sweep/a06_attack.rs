//! A6: whatever an attacker with access to the hand-over folders puts there, nothing outside
//! changes.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use link::pseudonym::digest;
use link::state::State;
use link::sweep::{Cap, Confirmation, Outcome, Sweeper};
use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::{DAY, Folders, deleted, line};
use crate::budget::Rounds;

/// Files that look like what a sweeper deletes, in a place that is none of its business.
struct Canary {
    path: PathBuf,
    before: String,
}

impl Canary {
    fn new(folders: &Folders) -> Self {
        let path = folders.place.folder("canary");
        for number in 0..40 {
            fs::write(path.join(format!("del{number}.txt")), format!("precious {number}"))
                .expect("written");
        }
        fs::write(path.join("OQSsiquc01res_1.xml"), "precious").expect("written");
        Self { before: Self::hash(&path), path }
    }

    /// Every name and content.
    fn hash(path: &Path) -> String {
        let mut entries: Vec<PathBuf> =
            fs::read_dir(path).expect("it is there").flatten().map(|one| one.path()).collect();
        entries.sort();
        let mut all = Vec::new();
        for entry in entries {
            all.extend_from_slice(entry.as_os_str().as_encoded_bytes());
            all.extend(fs::read(&entry).expect("it can be read"));
        }
        digest(&all)
    }

    fn check(&self) {
        assert_eq!(Self::hash(&self.path), self.before, "something outside changed");
    }
}

#[test]
fn a06_a_root_behind_a_link_that_is_swapped_is_not_followed() {
    let folders = Folders::new();
    let canary = Canary::new(&folders);
    folders.put("res/del1.txt", "x");
    let mut sweeper = folders.sweeper();
    let moved = folders.place.path().join("moved");
    fs::rename(folders.root(), &moved).expect("moved");
    fs::create_dir(folders.root()).expect("made");
    symlink(&canary.path, folders.root().join("res")).expect("a link");
    let refused = sweeper.apply(&folders.after(30 * DAY), Confirmation::Given);
    assert!(refused.is_err(), "{refused:?}");
    canary.check();
    assert!(moved.join("res/del1.txt").exists());
}

#[test]
fn a06_a_child_that_is_a_link_is_not_followed() {
    let folders = Folders::new();
    let canary = Canary::new(&folders);
    fs::remove_dir(folders.path("res")).expect("empty");
    symlink(&canary.path, folders.path("res")).expect("a link");
    let report = folders.apply(30 * DAY);
    assert_eq!(report.unreadable.len(), 1, "it is told");
    assert!(!report.is_complete);
    canary.check();
}

/// Exchanges two names at full speed until it is told to stop.
fn exchange(one: &Path, other: &Path, stop: &AtomicBool) -> u64 {
    let mut times = 0;
    while !stop.load(Ordering::Relaxed) {
        times += u64::from(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok());
    }
    times
}

#[test]
fn a06_a_folder_that_becomes_a_link_at_full_speed_leads_nowhere() {
    let mut folders = Folders::new();
    folders.policy.report = 0;
    folders.limits.first = u64::MAX;
    let canary = Canary::new(&folders);
    let decoy = folders.path("decoy");
    symlink(&canary.path, &decoy).expect("a link");
    let mut rounds = Rounds::new(25, 600);
    let stop = AtomicBool::new(false);
    let mut gone = 0;
    std::thread::scope(|scope| {
        let res = folders.path("res");
        let (stop, decoy) = (&stop, &decoy);
        let attacker = scope.spawn(move || exchange(&res, decoy, stop));
        for round in rounds.by_ref() {
            for number in 0..40 {
                // Wherever `res` leads at this moment; never into the canary.
                let real = [folders.path("res"), decoy.clone()];
                let real =
                    real.iter().find(|path| path.symlink_metadata().is_ok_and(|one| one.is_dir()));
                if let Some(real) = real {
                    let folder = link::folder::Folder::open(real);
                    let name = OsString::from(format!("del{number}.txt"));
                    let _ = folder.and_then(|folder| folder.create_new(&name));
                }
            }
            let now = folders.after(i128::from(round) * DAY);
            let report = folders.sweeper().apply(&now, Confirmation::Given);
            gone += report.map_or(0, |report| deleted(&report).len());
        }
        stop.store(true, Ordering::Relaxed);
        let exchanges = attacker.join().expect("no panic");
        assert!(exchanges > 1_000, "the attack was fast");
        let rounds = rounds.said();
        println!("soak: A6: {rounds} passes, {exchanges} exchanges, nothing outside changed");
    });
    canary.check();
    assert!(gone > 0, "the sweeper worked meanwhile");
}

#[test]
fn a06_a_file_that_becomes_a_link_at_full_speed_leads_nowhere() {
    let mut folders = Folders::new();
    folders.policy.report = 0;
    folders.limits.first = u64::MAX;
    let canary = Canary::new(&folders);
    for round in Rounds::new(15, 300) {
        let (file, decoy) = (folders.path("res/del1.txt"), folders.path("res/x"));
        folders.put("res/del1.txt", "x");
        symlink(canary.path.join("del1.txt"), &decoy).expect("a link");
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let attacker = scope.spawn(|| exchange(&file, &decoy, &stop));
            folders.apply(i128::from(round + 1) * DAY);
            stop.store(true, Ordering::Relaxed);
            attacker.join().expect("no panic");
        });
        for path in [&file, &decoy] {
            let _ = fs::remove_file(path);
        }
        let _ = fs::remove_dir_all(folders.path("res/.sweep"));
    }
    canary.check();
}

#[test]
fn a06_links_pipes_and_second_names_are_told_and_left() {
    let folders = Folders::new();
    let canary = Canary::new(&folders);
    symlink(canary.path.join("del1.txt"), folders.path("res/del1.txt")).expect("a link");
    fs::hard_link(canary.path.join("del2.txt"), folders.path("res/del2.txt")).expect("a link");
    rustix::fs::mknodat(
        CWD,
        folders.path("res/del3.txt"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RWXU,
        0,
    )
    .expect("a pipe");
    symlink(&canary.path, folders.path("face/OQSsiquc01res_1.xml")).expect("a link");
    let report = folders.apply(30 * DAY);
    assert_eq!(deleted(&report), [""; 0]);
    assert!(report.totals().warnings >= 3);
    canary.check();
}

#[test]
fn a06_names_that_no_file_system_should_have_are_told_and_left() {
    let folders = Folders::new();
    let canary = Canary::new(&folders);
    let mut names: Vec<OsString> = [
        "CON.xml",
        "AUX",
        "NUL.txt",
        "del..",
        "del .txt ",
        "...",
        "del\n.txt",
        "-rf",
        "*",
        "~",
        "OQSsiquc01res_..xml",
        "OQSsiquc01res_a:b.xml",
        "OQSsiquc01res_\\..\\x.xml",
        "$(reboot).txt",
        "OQSsiquc01res_\u{202E}lmx.xml",
    ]
    .iter()
    .map(OsString::from)
    .collect();
    names.push(OsString::from_vec(b"del\xFF\xFE.txt".to_vec()));
    names.push(OsString::from_vec(b"OQSsiquc01res_\x80.xml".to_vec()));
    names.push("d".repeat(255).into());
    names.push(format!("OQSsiquc01res_{}.xml", "9".repeat(255 - 18)).into());
    for name in &names {
        fs::write(folders.path("res").join(name), "x").expect("written");
    }
    folders.put(&format!("res/del{}.txt", "9".repeat(255 - 7)), "the longest of ours");
    let report = folders.apply(30 * DAY);
    let gone = deleted(&report);
    assert!(gone.iter().all(|name| name.starts_with("del") && name.len() == 255), "{gone:?}");
    assert_eq!(gone.len(), 1);
    for name in &names {
        // One that is a result by its grammar goes into quarantine with its name.
        let places = [folders.path("res"), folders.path("res/.quarantine")];
        assert!(places.iter().any(|place| place.join(name).exists()), "{name:?}");
    }
    canary.check();
}

#[test]
fn a06_a_private_folder_of_somebody_else_is_not_used() {
    let folders = Folders::new();
    let canary = Canary::new(&folders);
    folders.put("res/del1.txt", "x");
    let aside = folders.path("res/.sweep");
    symlink(&canary.path, &aside).expect("a link");
    let report = folders.apply(30 * DAY);
    assert_eq!(line(&report, "del1.txt").outcome, Outcome::Waiting(Cap::Folder));
    canary.check();

    fs::remove_file(&aside).expect("it goes");
    fs::create_dir(&aside).expect("made");
    fs::set_permissions(&aside, fs::Permissions::from_mode(0o777)).expect("ours");
    let report = folders.apply(31 * DAY);
    assert_eq!(line(&report, "del1.txt").outcome, Outcome::Waiting(Cap::Folder));
    assert!(folders.has("res/del1.txt"));

    fs::remove_dir_all(&aside).expect("it goes");
    fs::write(&aside, "a file").expect("written");
    let report = folders.apply(32 * DAY);
    assert_eq!(line(&report, "del1.txt").outcome, Outcome::Waiting(Cap::Folder));
    fs::remove_file(&aside).expect("it goes");
    assert_eq!(deleted(&folders.apply(33 * DAY)), ["del1.txt"]);
}

#[test]
fn a06_a_state_or_a_root_behind_a_link_is_the_users_own_choice() {
    let folders = Folders::new();
    folders.put("res/del1.txt", "x");
    let link = folders.place.path().join("shortcut");
    symlink(folders.root(), &link).expect("a link");
    let state = State::open(&folders.place.path().join("state")).expect("it opens");
    let mut sweeper =
        Sweeper::open(&link, state, folders.policy.clone(), folders.limits).expect("it opens");
    assert_eq!(sweeper.root().path(), folders.root());
    let report = sweeper.apply(&folders.after(8 * DAY), Confirmation::Missing).expect("a pass");
    assert_eq!(deleted(&report), ["del1.txt"]);
}
