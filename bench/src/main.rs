//! Prints the table of `docs/PERFORMANCE.md`: CPU time as the kernel counts it (so that other
//! work on the machine matters little), medians, peak memory and counted work.

#![allow(clippy::print_stdout, reason = "it is a program whose output is the table")]

mod link;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use rustix::time::{ClockId, clock_gettime};

use bench::{Classbench, SiteFiles, draw, parse_yamaha, root, yamaha_text};

/// The one of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a child process measures when it is started with this word.
const CHILDREN: [&str; 4] = ["list-1000", "list-10000", "fleet-200", "fleet-2000"];

fn main() {
    let word = std::env::args().nth(1).unwrap_or_default();
    match word.as_str() {
        "list-1000" => list(1_000),
        "list-10000" => list(10_000),
        "fleet-200" => fleet(200),
        "fleet-2000" => fleet(2_000),
        // For `valgrind --tool=callgrind`: a number of checks of one example and nothing else.
        "checks" => checks(),
        // The same for parsing alone.
        "parse" => parses(),
        // The rows of whole sites and of parsing alone.
        "sites" => sites(),
        // The rows of the file exchange alone.
        "link" => link::rows(),
        _ => table(),
    }
}

/// `bench checks EXAMPLE COUNT`.
fn checks() {
    let mut words = std::env::args().skip(2);
    let example = words.next().unwrap_or_else(|| "ipvpn-separate-yamaha".to_owned());
    let count = words.next().and_then(|count| count.parse().ok()).unwrap_or(1);
    let files = SiteFiles::example(&example);
    let bytes: usize = (0..count).map(|_| files.to_json().len()).sum();
    println!("{count} checks of {example}, {bytes} bytes of JSON");
}

/// `bench parse MIB`.
fn parses() {
    let size = std::env::args().nth(2).and_then(|mib| mib.parse::<usize>().ok()).unwrap_or(1);
    let text = yamaha_text(size * 1024 * 1024);
    parse_yamaha(&text, false);
    println!("{} bytes parsed", text.len());
}

/// CPU time of this thread so far.
///
/// # Units
/// Nanoseconds.
fn cpu_ns() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    seconds * 1_000_000_000 + u64::try_from(time.tv_nsec).unwrap_or(0)
}

/// Peak resident memory of this process.
///
/// # Units
/// MiB.
fn peak_mib() -> f64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    peak_in(&text).unwrap_or(f64::NAN)
}

/// The `VmHWM` line of a `status` file, in MiB.
fn peak_in(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024.0)
}

/// Median CPU time of `rounds` runs of `work`.
///
/// # Units
/// Milliseconds.
fn median_ms(rounds: usize, mut work: impl FnMut()) -> f64 {
    let mut times: Vec<u64> = (0..rounds)
        .map(|_| {
            let before = cpu_ns();
            work();
            cpu_ns() - before
        })
        .collect();
    times.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "times are far below 2^52 ns")]
    let median = times[times.len() / 2] as f64;
    median / 1e6
}

fn table() {
    println!("| what | measured | goal |");
    println!("|---|---|---|");
    sites();
    drawing();
    process();
    for child in CHILDREN {
        let own = std::env::current_exe().unwrap_or_default();
        let output = Command::new(own).arg(child).output();
        print!(
            "{}",
            output.map(|out| String::from_utf8_lossy(&out.stdout).into_owned()).unwrap_or_default()
        );
    }
    link::rows();
}

fn sites() {
    for example in ["ipvpn-separate-yamaha", "ipvpn-separate-linux"] {
        site(example);
    }
    together();
    yamaha();
}

fn site(example: &str) {
    let files = SiteFiles::example(example);
    for _ in 0..50 {
        let _ = files.to_json();
    }
    let ms = median_ms(500, || drop(files.to_json()));
    println!(
        "| `{example}` ({} lines), parse to JSON, warm | {ms:.3} ms, {} boxes | 0.5 ms |",
        files.lines(),
        files.work(),
    );
}

/// A site with many machines of one kind.
fn fleet(count: usize) {
    let files = SiteFiles::fleet(count);
    let ms = median_ms(3, || drop(files.to_json()));
    println!(
        "| site of {count} machines, parse to JSON | {ms:.0} ms, {:.0} MiB | {} |",
        peak_mib(),
        if count < 1_000 { "" } else { "5,000 ms" },
    );
}

/// The drawing alone, without the check that it shows.
fn drawing() {
    let picture = SiteFiles::example("ipvpn-separate-yamaha").picture();
    let ms = median_ms(500, || assert!(draw(&picture) > 0));
    println!(
        "| `ipvpn-separate-yamaha`, drawing to SVG | {ms:.3} ms, {} bytes | 20 ms |",
        draw(&picture),
    );
}

fn together() {
    let sites = SiteFiles::clean();
    let all = || sites.iter().map(|files| files.to_json().len()).sum::<usize>();
    all();
    let ms = median_ms(50, || assert!(all() > 0));
    println!("| all {} clean examples together, parse to JSON | {ms:.1} ms | 50 ms |", sites.len());
}

/// The command itself, started anew each time.
fn process() {
    let binary = root().join("target/release/sekisho");
    if !binary.exists() {
        println!("| cold process | not measured: build `sekisho-cli` in release first | 12 ms |");
        return;
    }
    let site = root().join("examples/ipvpn-separate-yamaha");
    let mut times: Vec<f64> = (0..40).filter_map(|_| cold(&binary, &site)).collect();
    times.sort_by(f64::total_cmp);
    let median = times.get(times.len() / 2).copied().unwrap_or(f64::NAN);
    println!("| cold process, terminal text | {median:.1} ms | 12 ms |");
    let memory = peak_of(&binary, &site);
    println!("| its peak memory | {memory:.1} MiB | 20 MiB |");
}

/// CPU time of one run of the command: user and system time of waited-for children, which the
/// kernel counts in ticks of 10 ms, so 20 runs are taken at once.
fn cold(binary: &PathBuf, site: &PathBuf) -> Option<f64> {
    const RUNS: u32 = 20;
    let before = children_ticks()?;
    for _ in 0..RUNS {
        Command::new(binary).arg("check").arg(site).output().ok()?;
    }
    let ticks = children_ticks()? - before;
    #[expect(clippy::cast_precision_loss, reason = "ticks are few")]
    let ms = ticks as f64 * 10.0;
    Some(ms / f64::from(RUNS))
}

/// User and system time of all children so far (`/proc/self/stat` fields 16 and 17).
fn children_ticks() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    let rest = text.rsplit_once(')')?.1;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    Some(fields.get(13)?.parse::<u64>().ok()? + fields.get(14)?.parse::<u64>().ok()?)
}

/// Peak memory of the command, sampled from its `status` file for as long as it runs.
///
/// # Units
/// MiB; not a number when it cannot be told.
fn peak_of(binary: &PathBuf, site: &PathBuf) -> f64 {
    let Ok(mut child) = Command::new(binary).arg("check").arg(site).stdout(Stdio::piped()).spawn()
    else {
        return f64::NAN;
    };
    let status = format!("/proc/{}/status", child.id());
    let mut peak = f64::NAN;
    while matches!(child.try_wait(), Ok(None)) {
        let text = fs::read_to_string(&status).unwrap_or_default();
        peak = peak.max(peak_in(&text).unwrap_or(f64::NAN));
    }
    peak
}

fn yamaha() {
    let text = yamaha_text(8 * 1024 * 1024);
    #[expect(clippy::cast_precision_loss, reason = "the text is small")]
    let megabytes = text.len() as f64 / 1e6;
    let ms = median_ms(9, || parse_yamaha(&text, false));
    println!("| Yamaha, parse with spans | {:.0} MB/s | 100 MB/s |", megabytes / (ms / 1e3));
}

fn list(count: usize) {
    let classbench = Classbench::new(count);
    let (what, ms, goal) = if count == 1_000 {
        let ms = median_ms(15, || assert!(classbench.build_and_ask() > 0));
        ("build and 100 queries", ms, "20 ms, 16 MiB")
    } else {
        (("build"), median_ms(3, || assert!(classbench.build() > 0)), "1,000 ms, 300 MiB")
    };
    println!(
        "| list of {count} rules, {what} | {ms:.1} ms, {:.0} MiB, {} nodes | {goal} |",
        peak_mib(),
        classbench.build(),
    );
    let boxes = median_ms(9, || assert!(classbench.ask_boxes() > 0));
    println!("| the same list, 100 queries by boxes | {boxes:.2} ms | |");
}
