//! The file exchange: many exchanges with the emulated terminal, probes by exact name, the
//! sweeper over many files, and what waiting costs.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use link::client::{Ask, Client, Delivery, Outcome, Settings, Timing};
use link::emulate::{Emulator, Pace, Scenario};
use link::encoding::Encoding;
use link::folder::Folder;
use rustix::fs::{AtFlags, StatxFlags};
use serde_json::json;

use crate::{cpu_ns, peak_in};

/// Files that nobody took away.
const LEFT_OVERS: usize = 100_000;
/// Exchanges with the emulated terminal.
const EXCHANGES: usize = 10_000;
/// Probes in one measurement.
const PROBES: u64 = 100;
/// Measurements of each kind.
const SAMPLES: u64 = 400;

/// Prints the rows of the table.
pub(crate) fn rows() {
    let home = std::env::temp_dir().join(format!("sekisho-bench-{}", std::process::id()));
    let parts = ["req", "res", "face"];
    for name in parts.iter().flat_map(|part| [format!("oqs/{part}"), format!("empty/{part}")]) {
        if fs::create_dir_all(home.join(name)).is_err() {
            println!("| file exchange | not measured: no temporary folder | |");
            return;
        }
    }
    let root = fs::canonicalize(home.join("oqs")).unwrap_or_default();
    exchanges(&home, &root);
    probes(&root);
    answers(&home, &root);
    sweeps(&home, &root);
    idle(&home);
    let _ = fs::remove_dir_all(&home);
}

/// Two folders that are asked for the same names, one of them with left-overs; and what the file
/// system alone needs for the same questions.
fn probes(root: &Path) {
    let (empty, full) = (root.join("face"), root.join("res"));
    for number in 0..LEFT_OVERS {
        let _ = fs::write(full.join(format!("OQSsiquc01res_2098{number:08}.xml")), "x");
    }
    for (what, question, goal) in [
        ("probe by exact name, as a waiting client repeats it", Question::Again, "1.2 ×"),
        ("first probe of a name", Question::First, ""),
        ("the same without our code: `statx` of a name that is ready", Question::Bare, ""),
    ] {
        let (empty, full) = alternating(&empty, &full, question);
        println!(
            "| {what}, p95: empty folder, {LEFT_OVERS} left-overs | {empty:.2} µs, {full:.2} µs \
             ({:.2} ×) | {goal} |",
            full / empty,
        );
    }
}

/// From a request to its answer, in an empty folder and beside the left-overs, by turns.
fn answers(home: &Path, root: &Path) {
    const TURNS: usize = 100;
    let empty = fs::canonicalize(home.join("empty")).unwrap_or_default();
    let scenario = || Scenario::parse("take-ms = [1, 5]\ndelay-ms = [1, 5]\n").ok();
    let emulator = |root: &Path| Emulator::open(root, scenario()?, None).ok();
    let client = |root: &Path, state: &str| Client::open(root, &home.join(state), settings(1)).ok();
    let places = [empty.as_path(), root].map(emulator);
    let [Some(one), Some(other)] = places else { return };
    let clients = [client(&empty, "state-empty"), client(root, "state-full")];
    let [Some(mut first), Some(mut second)] = clients else { return };
    let is_over = AtomicBool::new(false);
    let mut times = [Vec::new(), Vec::new()];
    std::thread::scope(|scope| {
        for emulator in [one, other] {
            let is_over = || is_over.load(Ordering::Relaxed);
            scope.spawn(move || emulator.run(Pace::Real(None), is_over));
        }
        for turn in 0..TURNS {
            for (times, client) in times.iter_mut().zip([&mut first, &mut second]) {
                let begin = Instant::now();
                let _ = client.run(std::iter::once(ask(turn)), |_| Delivery::Done);
                times.push(u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX));
            }
        }
        is_over.store(true, Ordering::Relaxed);
    });
    let [empty, full] = times.map(|times| p95(times) / 1e3);
    println!(
        "| request to answer, p95: empty folder, {LEFT_OVERS} left-overs, by turns | \
         {empty:.0} ms, {full:.0} ms ({:.2} ×) | 1.2 × |",
        full / empty,
    );
}

/// Which names are asked for, and by whom.
#[derive(Clone, Copy)]
enum Question {
    /// Names of a hundred open requests, again and again: what a client does.
    Again,
    /// Names that nobody has asked for before: the first tick after a request.
    First,
    /// As `First`, by a bare system call.
    Bare,
}

/// The 95th percentile in both folders, measured in turns, so that other work on the machine
/// meets both.
///
/// # Units
/// Microseconds.
fn alternating(empty: &Path, full: &Path, question: Question) -> (f64, f64) {
    let mut times = [Vec::new(), Vec::new()];
    let folders = [empty, full].map(|path| Folder::open(path).ok().zip(fs::File::open(path).ok()));
    for round in 0..SAMPLES {
        for (times, folder) in times.iter_mut().zip(&folders) {
            let Some((folder, handle)) = folder else { continue };
            let time = sample(folder, handle, round, question);
            // The first round fills the kernel's caches.
            if round > 0 {
                times.push(time);
            }
        }
    }
    let [empty, full] = times.map(p95);
    (empty, full)
}

/// The 95th percentile of times in nanoseconds.
///
/// # Units
/// Microseconds.
fn p95(mut times: Vec<u64>) -> f64 {
    times.sort_unstable();
    let at = times.get(times.len() * 95 / 100).copied();
    #[expect(clippy::cast_precision_loss, reason = "times are far below 2^52 ns")]
    at.map_or(f64::NAN, |time| time as f64 / 1e3)
}

/// CPU time of one probe for a name that is not there, the mean of a hundred.
///
/// # Units
/// Nanoseconds.
fn sample(folder: &Folder, handle: &fs::File, round: u64, question: Question) -> u64 {
    let first = match question {
        Question::Again => 0,
        Question::First => (round + 1) * PROBES,
        Question::Bare => (round + 1 + SAMPLES) * PROBES,
    };
    let names: Vec<String> = (first..first + PROBES)
        .map(|number| format!("OQSsiquc01res_20990101{number:012}.xml"))
        .collect();
    let before = cpu_ns();
    for name in &names {
        match question {
            Question::Bare => {
                let (flags, wanted) = (AtFlags::SYMLINK_NOFOLLOW, StatxFlags::BASIC_STATS);
                let _ = rustix::fs::statx(handle, name.as_str(), flags, wanted);
            }
            _ => drop(folder.probe(OsStr::new(name))),
        }
    }
    (cpu_ns() - before) / PROBES
}

/// The sweeper over the left-overs: a plan, a first pass that writes every decision into the
/// log, and a second one.
fn sweeps(home: &Path, root: &Path) {
    let binary = crate::root().join("target/release/sekisho-link");
    for (what, action, goal) in [
        ("plan", "--plan", "1 s"),
        ("first pass, each decision into the log", "--apply", ""),
        ("a pass after it", "--apply", ""),
    ] {
        let mut command = Command::new(&binary);
        command.args(["sweep", action]).arg(root).arg("--state").arg(home.join("sweep"));
        let Some((seconds, memory)) = run(&mut command) else {
            println!("| sweeper: {what} | not measured: build `sekisho-link` in release first | |");
            continue;
        };
        println!(
            "| sweeper, {LEFT_OVERS} files that nobody acknowledged: {what} | {seconds:.2} s, \
             {memory:.0} MiB | {goal} |",
        );
    }
}

/// Elapsed seconds and peak memory in MiB of a program that ends by itself.
fn run(command: &mut Command) -> Option<(f64, f64)> {
    let begin = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = f64::NAN;
    while child.try_wait().ok()?.is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        peak = peak.max(peak_in(&text).unwrap_or(f64::NAN));
        std::thread::sleep(Duration::from_millis(1));
    }
    Some((begin.elapsed().as_secs_f64(), peak))
}

fn exchanges(home: &Path, root: &Path) {
    let scenario = "take-ms = [1, 20]\ndelay-ms = [1, 50]\n[write]\nrename = 1\nin-place = 1\n";
    let Ok(scenario) = Scenario::parse(scenario) else { return };
    let Ok(emulator) = Emulator::open(root, scenario, None) else { return };
    let Ok(mut client) = Client::open(root, &home.join("state"), settings(512)) else { return };
    let is_over = AtomicBool::new(false);
    let begin = Instant::now();
    let mut right = 0;
    std::thread::scope(|scope| {
        scope.spawn(|| emulator.run(Pace::Real(None), || is_over.load(Ordering::Relaxed)));
        let _ = client.run((0..EXCHANGES).map(ask), |answer| {
            right += usize::from(answer.outcome == Outcome::Answered);
            Delivery::Done
        });
        is_over.store(true, Ordering::Relaxed);
    });
    println!(
        "| {right} exchanges with the emulated terminal, journalled | {:.1} s | 60 s |",
        begin.elapsed().as_secs_f64(),
    );
}

fn settings(parallel: usize) -> Settings {
    Settings {
        institution: "9910000000".to_owned(),
        encoding: Encoding::Utf8,
        timing: Timing { timeout: Duration::from_secs(300), ..Timing::default() },
        parallel,
        password: None,
    }
}

fn ask(number: usize) -> Ask {
    let person = json!({
        "InsurerNumber": "  999999",
        "InsuredIdentificationNumber": format!("{number:07}"),
        "Birthdate": "19990101",
        "LimitApplicationCertificateRelatedConsFlg": "1",
    });
    let people = person.as_object().cloned().into_iter().collect();
    Ask { api: "OQSsiquc01".to_owned(), people }
}

/// What waiting for card reader results costs, and the sweeper between two passes over a folder
/// with the answers of [`answers`].
fn idle(home: &Path) {
    let root = fs::canonicalize(home.join("empty")).unwrap_or_default();
    let face = ["face", "--follow", "--institution", "9910000000", "--root"];
    let sweep = ["sweep", "--daemon"];
    for (what, words) in
        [("waiting for card reader results", &face[..]), ("sweeper between two passes", &sweep)]
    {
        let state = home.join(format!("idle-{}", words[0]));
        let binary: PathBuf = crate::root().join("target/release/sekisho-link");
        let mut command = Command::new(&binary);
        command.args(words).arg(&root).arg("--state").arg(state);
        let Some((percent, memory)) = resting(&mut command) else {
            println!("| {what} | not measured: build `sekisho-link` in release first | |");
            continue;
        };
        println!("| {what} | {percent:.2} % of a core, {memory:.1} MiB | 1 %, 20 MiB |");
    }
}

/// Percent of a core and peak memory in MiB of a program that waits.
fn resting(command: &mut Command) -> Option<(f64, f64)> {
    const SECONDS: u64 = 20;
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    let process = format!("/proc/{}", child.id());
    std::thread::sleep(Duration::from_secs(2));
    let before = ticks(&process);
    std::thread::sleep(Duration::from_secs(SECONDS));
    let used = ticks(&process).saturating_sub(before);
    let memory = fs::read_to_string(format!("{process}/status")).ok();
    let memory = memory.and_then(|status| peak_in(&status)).unwrap_or(f64::NAN);
    let is_alive = child.try_wait().ok()?.is_none();
    let _ = child.kill();
    let _ = child.wait();
    #[expect(clippy::cast_precision_loss, reason = "ticks are few")]
    let percent = used as f64 / SECONDS as f64;
    is_alive.then_some((percent, memory))
}

/// User and system time of a process, in hundredths of a second.
fn ticks(process: &str) -> u64 {
    let stat = fs::read_to_string(format!("{process}/stat")).unwrap_or_default();
    let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields = rest.split_whitespace().skip(11).take(2);
    fields.filter_map(|field| field.parse::<u64>().ok()).sum()
}
