//! What only Windows has: share modes, deletion by handle, the attribute "read-only", locks that
//! forbid others to read, junctions. They run on Windows and under Wine (`cargo xtask windows`).

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::windows::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use link::folder::Folder;
use link::journal::Journal;
use link::retention::Reason;
use link::sweep::{Obstacle, Outcome};
use link::{audit, folder};

use crate::place::Place;
use crate::sweep::{DAY, Folders, MINUTE, deleted, line};

/// Tells the test below which file it is to hold, and how.
const HELD: &str = "SEKISHO_TEST_HOLDS";

/// Not a test by itself: another process that holds a file until its input ends.
#[test]
fn holds_a_file_for_another_test() {
    let Some(held) = std::env::var_os(HELD) else { return };
    let share = std::env::var("SEKISHO_TEST_SHARES").expect("set beside it");
    let mut options = OpenOptions::new();
    options.read(true).share_mode(share.parse().expect("a number"));
    let file = options.open(held).expect("it opens");
    println!("\nholding");
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    drop(file);
}

struct Holder(Child);

impl Holder {
    fn of(path: &Path, share: u32) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("we run"))
            .args(["--exact", "windows::holds_a_file_for_another_test", "--nocapture"])
            .env(HELD, path)
            .env("SEKISHO_TEST_SHARES", share.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut said = Vec::new();
        let output = child.stdout.as_mut().expect("piped");
        while !said.ends_with(b"holding") {
            let mut byte = [0];
            output.read_exact(&mut byte).expect("it says so");
            said.push(byte[0]);
        }
        Self(child)
    }

    /// Lets it go on; nobody has ended it.
    fn end(mut self) {
        drop(self.0.stdin.take());
        assert!(self.0.wait().expect("it ends").success());
    }
}

#[test]
fn a09_a_file_that_another_process_has_open_waits_whatever_it_shares() {
    const ALL: u32 = 7;
    const READING: u32 = 1;
    for share in [ALL, READING] {
        let folders = Folders::new();
        folders.put("res/del1.txt", "x");
        folders.put("res/del2.txt", "x");
        let holder = Holder::of(&folders.path("res/del1.txt"), share);
        let report = folders.apply(8 * DAY);
        assert_eq!(line(&report, "del1.txt").outcome, Outcome::Obstacle(Obstacle::Open));
        assert_eq!(deleted(&report), ["del2.txt"]);
        holder.end();
        assert_eq!(deleted(&folders.apply(8 * DAY + MINUTE)), ["del1.txt"]);
        assert!(!folders.has("res/del1.txt") && !folders.has("res/.sweep"));
        let verified = audit::verify(&folders.state().folder).expect("the log can be read");
        assert_eq!(verified.fault, None);
    }
}

#[test]
fn a_file_that_is_marked_read_only_stays_and_is_told() {
    let folders = Folders::new();
    folders.put("res/del1.txt", "x");
    let path = folders.path("res/del1.txt");
    let mut rights = fs::metadata(&path).expect("it is there").permissions();
    rights.set_readonly(true);
    fs::set_permissions(&path, rights.clone()).expect("ours");
    let report = folders.apply(8 * DAY);
    let outcome = line(&report, "del1.txt").outcome;
    assert!(matches!(outcome, Outcome::Obstacle(Obstacle::Refused(_))), "{outcome:?}");
    assert!(folders.has("res/del1.txt"));
    #[expect(clippy::permissions_set_readonly_false, reason = "an attribute on Windows")]
    rights.set_readonly(false);
    fs::set_permissions(&path, rights).expect("ours");
    // Its attributes changed, and with them its age.
    folders.apply(8 * DAY + MINUTE);
    assert_eq!(deleted(&folders.apply(17 * DAY)), ["del1.txt"]);
}

#[test]
fn a06_a_folder_with_the_name_of_a_file_is_left() {
    let folders = Folders::new();
    fs::create_dir(folders.path("res/del1.txt")).expect("made");
    fs::write(folders.path("res/del1.txt/del2.txt"), "precious").expect("written");
    let report = folders.apply(30 * DAY);
    assert_eq!(line(&report, "del1.txt").decision.reason, Reason::NotPlain);
    assert!(folders.has("res/del1.txt/del2.txt"));
}

#[test]
fn a06_a_file_with_two_names_is_left() {
    let folders = Folders::new();
    let precious = folders.place.path().join("precious");
    fs::write(&precious, "precious").expect("written");
    fs::hard_link(&precious, folders.path("res/del1.txt")).expect("a link");
    let report = folders.apply(30 * DAY);
    assert_eq!(line(&report, "del1.txt").decision.reason, Reason::HardLinks);
    assert_eq!(fs::read_to_string(&precious).expect("there"), "precious");
    assert!(folders.has("res/del1.txt"));
}

#[test]
fn a06_a_junction_in_place_of_a_folder_is_not_followed() {
    let folders = Folders::new();
    let outside = folders.place.folder("outside");
    fs::write(outside.join("del1.txt"), "precious").expect("written");
    fs::remove_dir(folders.path("res")).expect("empty");
    let made = Command::new("cmd")
        .args(["/c", "mklink", "/j"])
        .arg(folders.path("res"))
        .arg(&outside)
        .status();
    let is_there = folders
        .path("res")
        .symlink_metadata()
        .is_ok_and(|found| std::os::windows::fs::MetadataExt::file_attributes(&found) & 0x400 != 0);
    if !is_there {
        println!("skipped: no junction can be made here ({made:?})");
        return;
    }
    let report = folders.apply(30 * DAY);
    assert_eq!(report.unreadable.len(), 1, "it is told");
    assert_eq!(fs::read_to_string(outside.join("del1.txt")).expect("there"), "precious");
}

/// While the sweeper works in a folder, nobody can rename it or put another in its place.
#[test]
fn a06_a_folder_that_is_open_cannot_be_exchanged() {
    let place = Place::new();
    let root = place.folder("root");
    let folder = Folder::open(&root).expect("it opens");
    let child = folder.child_or_new("res").expect("it opens");
    assert!(fs::rename(root.join("res"), root.join("other")).is_err());
    assert!(fs::remove_dir(root.join("res")).is_err());
    drop(child);
    fs::rename(root.join("res"), root.join("other")).expect("nobody holds it any more");
}

#[test]
fn a_locked_journal_can_be_read_by_others_and_written_by_one() {
    let place = Place::new();
    let folder = Folder::open(place.path()).expect("it opens");
    let mut journal = Journal::open(&folder, "journal").expect("it opens");
    let mut other = Journal::open(&folder, "journal").expect("it opens");
    let is_appended = journal.append_if(
        |_| (),
        || {
            // Whoever only looks, as a backup does, is not refused.
            let mut text = String::new();
            let mut reader = File::open(place.path().join("journal")).expect("it opens");
            reader.read_to_string(&mut text).expect("nobody forbids it");
            Some("one".to_owned())
        },
    );
    assert!(is_appended.expect("it is written"));
    other.append("two", |_| ()).expect("the lock was given back");
    let mut all = Vec::new();
    journal.news(|record| all.push(record.to_owned())).expect("it is read");
    assert_eq!(all, ["two"], "its own was known");
}

#[test]
fn names_that_mean_something_else_to_windows_are_refused() {
    let place = Place::new();
    let folder = Folder::open(place.path()).expect("it opens");
    for name in ["a:b", "a\\b", "a.", "a ", "..", "a*", "a?", "a\"", "a|b", "a<b", "\u{1}"] {
        assert!(folder.create_new(name.as_ref()).is_err(), "{name:?}");
        assert!(folder.probe(name.as_ref()).is_err(), "{name:?}");
    }
}

/// What A7 rests on, with none of our code in it: while a name is going away because somebody still
/// has the file open, nobody can write a new file under it. Wine lets the new content into the old
/// file, and takes both away when the last handle is closed.
#[test]
fn a_name_that_is_going_away_takes_no_new_content() {
    const ALL: u32 = 7;
    const DELETE: u32 = 0x1_0000;
    const DELETE_ON_CLOSE: u32 = 0x0400_0000;
    let place = Place::new();
    let path = place.path().join("a.xml");
    fs::write(&path, "old").expect("written");
    let other = OpenOptions::new().read(true).share_mode(ALL).open(&path).expect("it opens");
    let mut options = OpenOptions::new();
    options.access_mode(DELETE).share_mode(ALL).custom_flags(DELETE_ON_CLOSE);
    drop(options.open(&path).expect("it opens"));
    let is_taken = fs::write(&path, "new").is_ok();
    drop(other);
    let is_there = path.exists();
    if is_taken && !is_there {
        println!("skipped: this system is not Windows: new content went with the old name");
        return;
    }
    assert_eq!(is_taken, is_there, "what could be written is there");
}

/// A reader asks that nobody writes; while the terminal writes, the answer is not looked at.
#[test]
fn a_file_that_is_being_written_is_not_read() {
    let place = Place::new();
    let folder = Folder::open(place.path()).expect("it opens");
    let mut writer = File::create(place.path().join("a.xml")).expect("made");
    writer.write_all(b"<XmlMsg>").expect("written");
    assert!(folder.read("a.xml".as_ref(), 100).is_err());
    drop(writer);
    assert_eq!(folder.read("a.xml".as_ref(), 100).expect("it is free").bytes, b"<XmlMsg>");
    assert_eq!(
        folder.probe("a.xml".as_ref()).expect("asked").expect("there").kind,
        folder::Kind::File
    );
}
