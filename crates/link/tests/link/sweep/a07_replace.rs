//! A7: somebody writes a new response under the same name while the acknowledged one is being
//! deleted. No new response is ever lost.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use link::sweep::Limits;

use super::{DAY, Folders, deleted, is_soak};

/// Files that are rewritten during one pass.
const FILES: u64 = 100;
/// How a new response gets its name.
const WAYS: u64 = 3;

fn name(number: u64) -> String {
    format!("OQSsiquc01res_{number}.xml")
}

/// Writes a new response: renamed over the old one, in place, or taken away and made anew.
fn write(folder: &std::path::Path, number: u64, content: &str) {
    let path = folder.join(name(number));
    match number % WAYS {
        0 => {
            let temporary = folder.join(format!("writer-{number}"));
            fs::write(&temporary, content).expect("written");
            fs::rename(&temporary, &path).expect("renamed");
        }
        1 => {
            let mut file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .open(&path)
                .expect("it opens");
            file.write_all(content.as_bytes()).expect("written");
        }
        _ => {
            let _ = fs::remove_file(&path);
            fs::write(&path, content).expect("written");
        }
    }
}

#[test]
fn a07_a_response_that_is_written_during_the_deletion_is_never_lost() {
    let mut folders = Folders::new();
    folders.policy.acknowledged = 0;
    folders.limits = Limits { first: u64::MAX, ..Limits::default() };
    let rounds = if is_soak() { 100_000 } else { 2_000 };
    for number in 0..FILES {
        folders.acknowledge(&name(number), "old", "", folders.start);
    }
    let folder = folders.path("res");
    let (mut gone, mut kept) = (0, 0);
    for pass in 0..rounds / FILES {
        for number in 0..FILES {
            fs::write(folder.join(name(number)), "old").expect("written");
        }
        let next = AtomicU64::new(0);
        let content = format!("new {pass}");
        let report = std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                // The writer begins earlier and later within the pass, and goes on beyond it.
                std::thread::sleep(std::time::Duration::from_micros(700 * (pass % 200)));
                while next.load(Ordering::Relaxed) < FILES {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    write(&folder, number, &content);
                }
            });
            let report = folders.apply(i128::from(pass + 1) * DAY);
            writer.join().expect("no panic");
            report
        });
        gone += deleted(&report).len();
        // What stands aside because its name was taken goes back as soon as it can, and a
        // newer response is never replaced by it.
        for number in 0..FILES {
            let found = fs::read_to_string(folder.join(name(number)));
            let found = found.unwrap_or_else(|_| panic!("pass {pass}: {number} is lost"));
            assert_eq!(found, content, "pass {pass}: {number}");
            kept += 1;
            fs::remove_file(folder.join(name(number))).expect("it goes");
        }
        let aside = folder.join(".sweep");
        if aside.exists() {
            fs::remove_dir_all(aside).expect("it goes");
        }
    }
    assert_eq!(kept, rounds);
    assert!(gone > 0, "some were deleted before they were rewritten");
    println!("soak: A7: {rounds} rounds, {gone} deletions, {kept} new responses, 0 lost");
}
