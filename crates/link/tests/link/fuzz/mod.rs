//! Input that nobody would write, in every format that is read: damaged as bytes, and as what it
//! is made of, with the sums that belong to it, so that more than the first check is reached.
//!
//! `SEKISHO_FUZZ_SECONDS` says for how long; otherwise 20 seconds in CI and 2 elsewhere. With
//! `SEKISHO_FUZZ_LOG` the time is added up in that file over all runs (`log`).
//! `SEKISHO_FUZZ_SEED` says from which numbers; long runs take new ones each time, and say which.

mod answer;
mod archive;
mod document;
mod log;
mod random;
mod record;
mod setting;

use std::time::{Duration, Instant, SystemTime};

use link::catalogue::Catalogue;

use crate::budget;
use answer::{Answers, Sites};
use archive::Archives;
use random::Random;
use record::{AuditLog, Journals, Memories};

/// Seconds of a slice of a run that is written down.
const SLICE_SECONDS: u64 = 60;
/// Rounds of a format before the next one has its turn.
const TURN: u64 = 16;
/// The numbers of everyday runs.
const SEED: u64 = 0x5eed;

/// Processor time of this thread.
#[cfg(target_os = "linux")]
fn spent() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).expect("time is not negative")
}

/// Windows does not say; the time of day is as good for taking turns.
#[cfg(windows)]
fn spent() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

/// Seconds of processor time of this thread; not a number where the system does not say.
pub(crate) fn cpu_seconds() -> f64 {
    if cfg!(windows) { f64::NAN } else { spent().as_secs_f64() }
}

/// A format and what is done with damaged input of it: true if it was taken in spite of the
/// damage, so that everything behind the reading ran, too.
struct Format<'a> {
    name: &'static str,
    round: Box<dyn FnMut(&mut Random) -> bool + 'a>,
    rounds: u64,
    taken: u64,
    took: Duration,
}

/// Says where the numbers of a round came from if it panics.
struct Watch {
    format: &'static str,
    seed: u64,
    round: u64,
}

impl Drop for Watch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self { format, seed, round } = self;
            println!("format {format}, round {round}, SEKISHO_FUZZ_SEED={seed}");
        }
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn seconds() -> u64 {
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    let seconds = number("SEKISHO_FUZZ_SECONDS").or_else(budget::seconds);
    seconds.unwrap_or(if is_ci { 20 } else { 2 })
}

fn seed() -> u64 {
    let clock = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let new =
        || clock().map_or(SEED, |since| since.as_secs() << 20 ^ u64::from(since.subsec_nanos()));
    let otherwise = if budget::is_soak() { new() } else { SEED };
    number("SEKISHO_FUZZ_SEED").unwrap_or(otherwise)
}

fn formats(catalogue: &Catalogue) -> Vec<Format<'_>> {
    fn format<'a>(name: &'static str, round: impl FnMut(&mut Random) -> bool + 'a) -> Format<'a> {
        Format { name, round: Box::new(round), rounds: 0, taken: 0, took: Duration::ZERO }
    }
    let (mut archives, mut answers, mut sites) = (Archives::new(), Answers::new(), Sites::new());
    let (journals, log, memories) = (Journals::new(), AuditLog::new(), Memories::new());
    let others = Journals::new();
    vec![
        format("names", document::names),
        format("XML", |random| document::documents(random, catalogue)),
        format("UTF-8 and Shift_JIS", document::texts),
        format("ZIP", move |random| archives.round(random, catalogue)),
        format("journals", move |random| journals.damaged(random)),
        format("records", move |random| others.false_records(random)),
        format("audit logs", move |random| log.round(random)),
        format("memories", move |random| memories.round(random)),
        format("scenarios", setting::scenarios),
        format("policies", setting::policies),
        format("requests", |random| setting::requests(random, catalogue)),
        format("answers", move |random| answers.round(random, catalogue)),
        format("folders", move |random| sites.round(random, catalogue)),
        format("terminals", |random| answer::terminals(random, catalogue)),
    ]
}

/// Rounds, those that were taken in spite of the damage, formats and seconds of processor time.
type Done = (u64, u64, usize, f64);

/// Damaged input of every format until the time is over, at least one turn of each.
fn run(seed: u64, seconds: u64) -> Done {
    let before = cpu_seconds();
    let end = Instant::now() + Duration::from_secs(seconds);
    let catalogue = Catalogue::load();
    let mut formats = formats(&catalogue);
    // That which took least so far has its turn: each has the same time, however slow it is.
    while let Some(format) = formats.iter_mut().min_by_key(|format| format.took)
        && (Instant::now() < end || format.rounds == 0)
    {
        let begin = spent();
        for _ in 0..TURN {
            let _watch = Watch { format: format.name, seed, round: format.rounds };
            let is_taken = (format.round)(&mut Random::new(seed, format.rounds));
            format.taken += u64::from(is_taken);
            format.rounds += 1;
        }
        format.took += spent().saturating_sub(begin);
    }
    let (mut rounds, mut taken) = (0, 0);
    for format in &formats {
        println!("{}: {} rounds, {} taken", format.name, format.rounds, format.taken);
        rounds += format.rounds;
        taken += format.taken;
    }
    (rounds, taken, formats.len(), cpu_seconds() - before)
}

#[test]
fn fuzz_a16_damaged_input_never_panics_and_never_becomes_something_else() {
    if let Some(path) = std::env::var_os("SEKISHO_FUZZ_LOG") {
        let end = Instant::now() + Duration::from_secs(seconds());
        let mut log = log::Log::open(path.as_ref());
        while Instant::now() < end {
            let (rounds, taken, _, used) = run(log.seed(), SLICE_SECONDS);
            log.add(used, rounds, taken);
            println!("{}", log.said());
        }
        return;
    }
    let seed = seed();
    let (rounds, taken, count, used) = run(seed, seconds());
    println!("numbers from SEKISHO_FUZZ_SEED={seed}");
    println!(
        "soak: A16: {rounds} rounds of damaged input in {count} formats, {taken} taken in spite of \
         it, {used:.0} CPU seconds, no panic"
    );
}
