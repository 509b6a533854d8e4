//! What is done in a folder stays in it and never replaces anything.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
#[cfg(target_os = "linux")]
use std::io::Write;

use link::folder::Folder;

use crate::place::Place;
#[cfg(target_os = "linux")]
use crate::place::elsewhere;

#[test]
fn a_published_file_appears_whole_and_replaces_nothing() {
    let place = Place::new();
    let folder = Folder::open(place.path()).unwrap();
    let name = OsStr::new("OQSsiquc01req_1.xml");
    folder.publish(name, b"first").unwrap();
    let again = folder.publish(name, b"second").unwrap_err();
    assert_eq!(again.kind(), ErrorKind::AlreadyExists);
    assert_eq!(folder.read(name, 100).unwrap().bytes, b"first");
    assert_eq!(folder.list().unwrap().names, [name], "no temporary file is left");
}

#[test]
fn a_file_is_moved_over_nothing() {
    let place = Place::new();
    let folder = Folder::open(place.path()).unwrap();
    let aside = folder.child_or_new(".aside").unwrap();
    folder.publish(OsStr::new("a"), b"a").unwrap();
    aside.publish(OsStr::new("a"), b"b").unwrap();
    let moved = folder.rename_new(OsStr::new("a"), &aside, OsStr::new("a")).unwrap_err();
    assert_eq!(moved.kind(), ErrorKind::AlreadyExists);
    assert_eq!(aside.read(OsStr::new("a"), 9).unwrap().bytes, b"b");
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_two_want_at_once_goes_to_one() {
    let place = Place::new();
    let folder = Folder::open(place.path()).unwrap();
    let theirs = elsewhere(place.path());
    let mut took = std::time::Duration::from_millis(5);
    for round in 0..120 {
        let name = format!("OQSsiquc01req_{round}.xml");
        // At every moment of the other's work.
        let pause = took * (round % 24) / 20;
        let (is_ours, is_theirs) = std::thread::scope(|scope| {
            let other = scope.spawn(|| {
                std::thread::sleep(pause);
                let mut options = fs::OpenOptions::new();
                let file = options.write(true).create_new(true).open(theirs.join(&name));
                file.is_ok_and(|mut file| file.write_all(b"theirs").is_ok())
            });
            let begin = std::time::Instant::now();
            let published = folder.publish(OsStr::new(&name), b"ours").is_ok();
            took = begin.elapsed();
            (published, other.join().unwrap())
        });
        assert_ne!(is_ours, is_theirs, "round {round}: the name goes to one of them");
        let content = fs::read(theirs.join(&name)).unwrap();
        assert_eq!(content, if is_ours { &b"ours"[..] } else { b"theirs" }, "round {round}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_linked_folder_is_not_opened() {
    let place = Place::new();
    let real = place.folder("real");
    let link = place.path().join("link");
    std::os::unix::fs::symlink(&real, &link).unwrap();
    assert!(Folder::open(&link).is_err());
    assert!(Folder::open(&link.join("..")).is_err(), "a link in the middle");
    assert!(Folder::open(place.path()).unwrap().child("link").is_err());
}

#[cfg(target_os = "linux")]
#[test]
fn a_link_in_the_folder_is_seen_and_not_followed() {
    let place = Place::new();
    let root = place.folder("root");
    fs::write(place.path().join("outside"), "secret").unwrap();
    std::os::unix::fs::symlink("../outside", root.join("link.xml")).unwrap();
    let folder = Folder::open(&root).unwrap();
    let name = OsStr::new("link.xml");
    assert_eq!(folder.probe(name).unwrap().unwrap().kind, link::folder::Kind::Link);
    assert!(folder.read(name, 100).is_err());
    assert!(folder.open_or_create(name).is_err());
    folder.remove(name).unwrap();
    assert_eq!(fs::read(place.path().join("outside")).unwrap(), b"secret");
}

#[test]
fn a_look_at_the_folder_tells_what_each_name_tells_by_itself() {
    let place = Place::new();
    // More than one answer of the system holds.
    for number in 0..1_500 {
        let name = format!("資格-{number:04}-{}.xml", "x".repeat(number % 90));
        fs::write(place.path().join(name), "y".repeat(number)).unwrap();
    }
    place.folder("folder");
    let folder = Folder::open(place.path()).unwrap();
    let seen = folder.look().unwrap();
    assert!(!seen.is_cut);
    let names: Vec<_> = seen.entries.iter().map(|entry| entry.0.clone()).collect();
    assert_eq!(names, folder.list().unwrap().names);
    for (name, identity) in seen.entries {
        assert_eq!(folder.probe(&name).unwrap(), Some(identity), "{name:?}");
    }
}

#[test]
fn a_name_that_is_a_path_is_refused() {
    let place = Place::new();
    let folder = Folder::open(place.path()).unwrap();
    for name in ["", ".", "..", "../x", "a/b", "a\0"] {
        let name = OsStr::new(name);
        assert!(folder.probe(name).is_err());
        assert!(folder.create_new(name).is_err());
        assert!(folder.remove(name).is_err());
        assert!(folder.publish(name, b"").is_err());
    }
    assert!(folder.child("..").is_err());
    assert!(folder.child_or_new("../beside").is_err());
}

#[cfg(target_os = "linux")]
#[test]
fn a_pipe_does_not_hold_the_reader() {
    let place = Place::new();
    let path = place.path().join("pipe.xml");
    let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    let folder = Folder::open(place.path()).unwrap();
    assert!(folder.read(OsStr::new("pipe.xml"), 10).is_err());
}

#[test]
fn a_large_file_is_refused_without_being_read() {
    let place = Place::new();
    let file = fs::File::create(place.path().join("large.xml")).unwrap();
    file.set_len(1 << 40).unwrap();
    drop(file);
    let folder = Folder::open(place.path()).unwrap();
    let error = folder.read(OsStr::new("large.xml"), 16 << 20).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::FileTooLarge);
}

#[cfg(target_os = "linux")]
#[test]
fn a_replaced_folder_is_noticed() {
    let place = Place::new();
    let root = place.folder("root");
    let folder = Folder::open(&root).unwrap();
    assert!(folder.is_still_there());
    fs::rename(&root, place.path().join("moved")).unwrap();
    assert!(!folder.is_still_there());
    place.folder("root");
    assert!(!folder.is_still_there());
    folder.publish(OsStr::new("a"), b"a").unwrap();
    assert!(place.path().join("moved/a").exists(), "the handle leads to the folder that it opened");
}
