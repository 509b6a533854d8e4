//! A9 over SMB, with the sweeper on the folder that the server exports: a file that a client of
//! the server has open stays, is told, and goes in a later pass.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use link::sweep::{Obstacle, Outcome};

use crate::budget::is_soak;
use crate::samba::{Samba, is_skipped};
use crate::sweep::{DAY, Folders, MINUTE, deleted, line};

/// Waits for something that another process does.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a client holds a file.
#[derive(Clone, Copy, Debug)]
enum Hold {
    /// Nobody else may open it.
    Alone,
    /// It reads and stops in between; everybody else may do everything.
    Reading,
    /// It writes and stops in between; everybody else may do everything.
    Writing,
}

/// An `smbclient` that has `res/del1.txt` open.
struct Holder {
    client: Child,
    pipe: std::path::PathBuf,
    hold: Hold,
}

impl Holder {
    fn start(samba: &Samba, folders: &Folders, hold: Hold) -> Self {
        let pipe = folders.place.path().join("pipe");
        let made = Command::new("mkfifo").arg(&pipe).status().expect("it runs");
        assert!(made.success());
        let shown = pipe.display();
        // A pipe that nobody else has open stops the client when it has opened the file.
        let words = match hold {
            Hold::Alone => "open res\\del1.txt\n".to_owned(),
            Hold::Reading => format!("get res\\del1.txt {shown}\n"),
            Hold::Writing => format!("put {shown} res\\del1.txt\n"),
        };
        let mut client = samba
            .client()
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        client.stdin.as_mut().expect("piped").write_all(words.as_bytes()).expect("it listens");
        let begin = Instant::now();
        while !is_open(&folders.path("res/del1.txt")) {
            assert!(begin.elapsed() < PATIENCE, "{hold:?}: the client does not open it");
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { client, pipe, hold }
    }

    /// Lets it go on to its end; it was not ended by anybody.
    fn end(mut self) {
        match self.hold {
            Hold::Alone => {}
            Hold::Reading => drop(fs::read(&self.pipe).expect("the other end comes")),
            Hold::Writing => fs::write(&self.pipe, "more").expect("the other end comes"),
        }
        self.client.stdin.take().expect("piped").write_all(b"quit\n").expect("it listens");
        assert!(self.client.wait().expect("it ends").success());
        fs::remove_file(&self.pipe).expect("it is there");
    }
}

/// True if the server, which is another process, has the file open.
fn is_open(path: &Path) -> bool {
    let own = std::process::id().to_string();
    fs::read_dir("/proc").expect("processes").flatten().any(|process| {
        let is_own = process.file_name().to_str() == Some(&own);
        let open = fs::read_dir(process.path().join("fd")).into_iter().flatten().flatten();
        let mut links = open.filter_map(|descriptor| fs::read_link(descriptor.path()).ok());
        !is_own && links.any(|target| target == path)
    })
}

#[test]
fn a09_over_smb_a_file_that_a_client_has_open_waits() {
    if is_skipped() {
        return;
    }
    let mut count = 0;
    for hold in [Hold::Alone, Hold::Reading, Hold::Writing] {
        let folders = Folders::new();
        let samba = Samba::start(&folders.place, &folders.root());
        folders.put("res/del1.txt", "x");
        folders.put("res/del2.txt", "x");
        let holder = Holder::start(&samba, &folders, hold);
        let report = folders.apply(8 * DAY);
        assert_eq!(
            line(&report, "del1.txt").outcome,
            Outcome::Obstacle(Obstacle::Open),
            "{hold:?}"
        );
        assert_eq!(deleted(&report), ["del2.txt"], "{hold:?}");
        assert!(folders.has("res/del1.txt"));
        holder.end();
        assert!(folders.has("res/del1.txt"), "{hold:?}: it stays until the next pass");
        let mut gone = deleted(&folders.apply(8 * DAY + MINUTE)).len();
        if matches!(hold, Hold::Writing) {
            assert_eq!(gone, 0, "what was written is young again");
            gone += deleted(&folders.apply(17 * DAY)).len();
        }
        assert_eq!(gone, 1, "{hold:?}");
        count += 1;
    }
    println!("soak: A9 over SMB: {count} ways to hold a file through smbd, each waited for");
}

/// A client of the server writes a file anew while a pass deletes it.
#[test]
fn a09_over_smb_what_a_client_writes_meanwhile_is_kept() {
    const NAME: &str = "OQSsiquc01res_1.xml";
    if is_skipped() {
        return;
    }
    let mut folders = Folders::new();
    folders.policy.acknowledged = 0;
    folders.acknowledge(NAME, "x", "", folders.start);
    let samba = Samba::start(&folders.place, &folders.root());
    let own = folders.place.folder("client");
    fs::write(own.join("new"), "more").expect("a file");
    let path = folders.path(&format!("res/{NAME}"));
    let rounds = if is_soak() { 600 } else { 16 };
    let mut gone = 0;
    for round in 0..rounds {
        fs::write(&path, "x").expect("written");
        let (is_written, report) = std::thread::scope(|scope| {
            let writer = scope.spawn(|| samba.run(&own, &format!("put new res\\{NAME}")));
            // The client needs some time to begin; a pass takes about a tenth of a second.
            std::thread::sleep(Duration::from_millis(12 * (round % 16)));
            let report = folders.apply(i128::from(round + 1) * DAY);
            (writer.join().expect("no panic"), report)
        });
        assert!(is_written, "round {round}: the server refuses nobody: {report:?}");
        let found = fs::read_to_string(&path).expect("what was written is there");
        assert_eq!(found, "more", "round {round}: {report:?}");
        gone += deleted(&report).len();
        fs::remove_file(&path).expect("it is there");
    }
    println!(
        "soak: A9 over SMB: {rounds} files written anew during a pass, {gone} old ones deleted, 0 lost"
    );
}
