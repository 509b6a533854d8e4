//! A9: a file that somebody has open stays, is told, and goes in a later pass. Nobody is
//! signalled.

use std::fs::{self, File, OpenOptions};
use std::io::Write;

use super::{DAY, Folders, MINUTE, deleted};
use crate::budget::Rounds;

/// The same with a shell of Linux; Windows has its own in `windows.rs`.
#[cfg(target_os = "linux")]
mod other_process {
    use std::io::{Read, Write};
    use std::path::{Path, PathBuf};
    use std::process::{Child, Command, Stdio};

    use link::sweep::{Obstacle, Outcome};

    use crate::place::elsewhere;

    use super::super::{DAY, Folders, MINUTE, deleted, line};

    /// Another process that has the file open until its input ends.
    struct Holder(Child);

    impl Holder {
        fn of(path: &std::path::Path, redirection: &str) -> Self {
            let script = format!("exec 3{redirection}\"$0\"; echo open; read end; echo alive");
            let mut child = Command::new("sh")
                .args(["-c", &script])
                .arg(path)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .expect("a shell");
            let mut said = [0; 5];
            child.stdout.as_mut().expect("piped").read_exact(&mut said).expect("it says so");
            Self(child)
        }

        /// Lets it go on; it is still there and says so.
        fn end(mut self) {
            self.0.stdin.take().expect("piped").write_all(b"end\n").expect("it listens");
            let mut said = String::new();
            self.0.stdout.take().expect("piped").read_to_string(&mut said).expect("it speaks");
            assert_eq!(said, "alive\n");
            assert!(self.0.wait().expect("it ends").success());
        }
    }

    #[test]
    fn a09_a_file_that_another_process_has_open_waits() {
        let here = Path::to_owned;
        let ways: [fn(&Path) -> PathBuf; 2] = [here, elsewhere];
        for (redirection, way) in ["<", ">>"].into_iter().flat_map(|one| ways.map(|way| (one, way)))
        {
            let folders = Folders::new();
            folders.put("res/del1.txt", "x");
            folders.put("res/del2.txt", "x");
            let path = folders.path("res/del1.txt");
            let holder = Holder::of(&way(&path), redirection);
            let report = folders.apply(8 * DAY);
            let obstacle =
                if way(&path) == path { Obstacle::Open } else { Obstacle::OpenElsewhere };
            assert_eq!(line(&report, "del1.txt").outcome, Outcome::Obstacle(obstacle));
            assert_eq!(deleted(&report), ["del2.txt"]);
            assert_eq!(report.totals().overdue, 1);
            assert!(folders.has("res/del1.txt"));
            holder.end();
            assert_eq!(deleted(&folders.apply(8 * DAY + MINUTE)), ["del1.txt"]);
        }
    }
}

#[test]
fn a09_a_file_that_is_open_here_waits_too() {
    let folders = Folders::new();
    folders.put("res/del1.txt", "x");
    let held = File::open(folders.path("res/del1.txt")).expect("it opens");
    assert_eq!(deleted(&folders.apply(8 * DAY)), [""; 0]);
    drop(held);
    assert_eq!(deleted(&folders.apply(8 * DAY + MINUTE)), ["del1.txt"]);
}

/// Somebody appends to a file while a pass deletes it: what he wrote is still there, whenever
/// he came.
#[test]
fn a09_what_an_opener_writes_meanwhile_is_kept() {
    const NAME: &str = "OQSsiquc01res_1.xml";
    let mut folders = Folders::new();
    folders.policy.acknowledged = 0;
    folders.acknowledge(NAME, "x", "", folders.start);
    let path = folders.path(&format!("res/{NAME}"));
    let mut rounds = Rounds::new(40, 3_000);
    let mut kept = 0;
    for round in rounds.by_ref() {
        fs::write(&path, "x").expect("written");
        let time = i128::from(round + 1) * DAY;
        let append = || {
            let file = OpenOptions::new().append(true).open(&path);
            file.is_ok_and(|mut file| file.write_all(b"more").is_ok())
        };
        let (is_written, report) = match round % 20 {
            // Before the pass, after it, and everywhere in between.
            0 => (append(), folders.apply(time)),
            19 => {
                let report = folders.apply(time);
                (append(), report)
            }
            part => std::thread::scope(|scope| {
                let writer = scope.spawn(|| {
                    std::thread::sleep(std::time::Duration::from_millis(2 * part));
                    append()
                });
                let report = folders.apply(time);
                (writer.join().expect("no panic"), report)
            }),
        };
        if is_written {
            kept += 1;
            let found = fs::read_to_string(&path).expect("what was written is there");
            assert_eq!(found, "xmore", "round {round}: {report:?}");
        } else {
            assert!(!path.exists(), "round {round}: {report:?}");
        }
        let _ = fs::remove_file(&path);
    }
    let seen = 1..rounds.done();
    assert!(seen.contains(&kept), "both ends were seen: {kept} of {seen:?}");
    let rounds = rounds.said();
    println!("soak: A9: {rounds} openers during a deletion, {kept} wrote, 0 lost");
}
