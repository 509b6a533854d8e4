//! The file exchange: probes by exact name, and many exchanges with the emulated terminal.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use link::client::{Ask, Client, Delivery, Outcome, Settings, Timing};
use link::emulate::{Emulator, Pace, Scenario};
use link::encoding::Encoding;
use link::folder::Folder;
use serde_json::json;

use crate::{cpu_ns, peak_in};

/// Files that nobody took away.
const LEFT_OVERS: usize = 100_000;
/// Exchanges with the emulated terminal.
const EXCHANGES: usize = 10_000;
/// Probes in one measurement.
const PROBES: u64 = 100;

/// Prints the rows of the table.
pub(crate) fn rows() {
    let home = std::env::temp_dir().join(format!("sekisho-bench-{}", std::process::id()));
    for name in ["oqs/req", "oqs/res", "oqs/face"] {
        if fs::create_dir_all(home.join(name)).is_err() {
            println!("| file exchange | not measured: no temporary folder | |");
            return;
        }
    }
    let root = fs::canonicalize(home.join("oqs")).unwrap_or_default();
    exchanges(&home, &root);
    probes(&root);
    idle(&home, &root);
    let _ = fs::remove_dir_all(&home);
}

fn probes(root: &Path) {
    let empty = probe_p95(&root.join("face"));
    let res = root.join("res");
    for number in 0..LEFT_OVERS {
        let _ = fs::write(res.join(format!("OQSsiquc01res_2098{number:08}.xml")), "x");
    }
    let full = probe_p95(&res);
    println!(
        "| probe by exact name, p95: empty folder, {LEFT_OVERS} left-overs | {empty:.2} µs, \
         {full:.2} µs ({:.2} ×) | 1.2 × |",
        full / empty,
    );
}

/// CPU time of one probe for a name that is not there: 95th of 100.
///
/// # Units
/// Microseconds.
fn probe_p95(path: &Path) -> f64 {
    let Ok(folder) = Folder::open(path) else { return f64::NAN };
    let mut number = 0_u64;
    let mut times: Vec<u64> = (0..400)
        .map(|_| {
            let before = cpu_ns();
            for _ in 0..PROBES {
                number += 1;
                let name = format!("OQSsiquc01res_20990101{number:012}.xml");
                let _ = folder.probe(OsStr::new(&name));
            }
            (cpu_ns() - before) / PROBES
        })
        .collect();
    times.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "times are far below 2^52 ns")]
    let p95 = times[times.len() * 95 / 100] as f64;
    p95 / 1e3
}

fn exchanges(home: &Path, root: &Path) {
    let scenario = "take-ms = [1, 20]\ndelay-ms = [1, 50]\n[write]\nrename = 1\nin-place = 1\n";
    let Ok(scenario) = Scenario::parse(scenario) else { return };
    let Ok(emulator) = Emulator::open(root, scenario, None) else { return };
    let settings = Settings {
        institution: "9910000000".to_owned(),
        encoding: Encoding::Utf8,
        timing: Timing { timeout: Duration::from_secs(300), ..Timing::default() },
        parallel: 512,
        password: None,
    };
    let Ok(mut client) = Client::open(root, &home.join("state"), settings) else { return };
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

/// Waiting for card reader results beside an empty folder.
fn idle(home: &Path, root: &Path) {
    const SECONDS: u64 = 20;
    let binary: PathBuf = crate::root().join("target/release/sekisho-link");
    let mut command = Command::new(&binary);
    command.args(["face", "--follow", "--institution", "9910000000", "--root"]).arg(root);
    let Ok(mut child) = command.arg("--state").arg(home.join("idle")).spawn() else {
        println!("| waiting | not measured: build `sekisho-link` in release first | 1 %, 20 MiB |");
        return;
    };
    let process = format!("/proc/{}", child.id());
    std::thread::sleep(Duration::from_secs(1));
    let before = ticks(&process);
    std::thread::sleep(Duration::from_secs(SECONDS));
    let used = ticks(&process).saturating_sub(before);
    let memory = fs::read_to_string(format!("{process}/status")).ok();
    let memory = memory.and_then(|status| peak_in(&status)).unwrap_or(f64::NAN);
    let _ = child.kill();
    let _ = child.wait();
    #[expect(clippy::cast_precision_loss, reason = "ticks are few")]
    let percent = used as f64 / SECONDS as f64;
    println!(
        "| waiting for card reader results | {percent:.2} % of a core, {memory:.1} MiB | 1 %, 20 MiB |"
    );
}

/// User and system time of a process, in hundredths of a second.
fn ticks(process: &str) -> u64 {
    let stat = fs::read_to_string(format!("{process}/stat")).unwrap_or_default();
    let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields = rest.split_whitespace().skip(11).take(2);
    fields.filter_map(|field| field.parse::<u64>().ok()).sum()
}
