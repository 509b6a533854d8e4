//! How soon an answer is handed over, by a clock of the test's own.

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::client::{Ask, Settings, publish};
use crate::emulate::{Emulator, Pace, Scenario};
use crate::encoding::Encoding;
use crate::folder::asked;

/// Wine looks through the whole folder for every name that is not there.
const LEFT_OVERS: u32 = if cfg!(windows) { 2_000 } else { 20_000 };

/// How long after the end of the writing an answer is handed over, in virtual time: the
/// clock is what the test says, so that nothing else on the machine matters.
struct Bench {
    home: std::path::PathBuf,
    client: Client,
}

impl Bench {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("sekisho-look-{}-{number}", std::process::id());
        let home = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&home);
        for part in ["req", "res", "face"] {
            std::fs::create_dir_all(home.join("oqs").join(part)).expect("a folder");
        }
        let settings = Settings {
            institution: "9910000000".to_owned(),
            encoding: Encoding::Utf8,
            timing: Timing::default(),
            parallel: 1,
            password: None,
        };
        let client = Client::open(&home.join("oqs"), &home.join("state"), settings);
        Self { client: client.expect("the folders are there"), home }
    }

    /// The answer appears after `appears`; in `stall` nobody looks. Returns how long after
    /// the later of both it was handed over.
    fn latency(&mut self, appears: Duration, stall: std::ops::Range<Duration>) -> Duration {
        let (mut look, start) = self.asked();
        let mut is_written = false;
        for _ in 0..10_000 {
            let mut time = look.due() - start;
            if stall.contains(&time) {
                time = stall.end;
            }
            if time >= appears && !is_written {
                self.terminal_answers();
                is_written = true;
            }
            if let Seen::Answer(answer) = look.look(&self.client, start + time) {
                assert_eq!(answer.outcome, Outcome::Answered, "after {time:?}");
                let possible = if stall.contains(&appears) { stall.end } else { appears };
                return time - possible;
            }
        }
        panic!("the wait never ends");
    }

    /// How often the folders are asked for one name, and listed, while an answer is waited for that
    /// comes after `appears`.
    fn work(&mut self, appears: Duration) -> (u64, u64) {
        let (probes, listings) = (asked::PROBES.get(), asked::LISTINGS.get());
        let (mut look, start) = self.asked();
        let mut is_written = false;
        loop {
            let time = look.due() - start;
            let written = (asked::PROBES.get(), asked::LISTINGS.get());
            if time >= appears && !is_written {
                self.terminal_answers();
                // What the terminal asks is its own matter.
                asked::PROBES.set(written.0);
                asked::LISTINGS.set(written.1);
                is_written = true;
            }
            if let Seen::Answer(answer) = look.look(&self.client, start + time) {
                assert_eq!(answer.outcome, Outcome::Answered);
                return (asked::PROBES.get() - probes, asked::LISTINGS.get() - listings);
            }
        }
    }

    /// Files that nobody took away.
    fn leave(&self, count: u32) {
        for number in 0..count {
            let name = format!("oqs/res/OQSsiquc01res_2098{number:08}.xml");
            std::fs::write(self.home.join(name), "x").expect("written");
        }
    }

    /// A request that was made, and when.
    fn asked(&mut self) -> (Look, Instant) {
        let person = serde_json::json!({
            "InsurerNumber": "  999999",
            "InsuredIdentificationNumber": "0000001",
            "Birthdate": "19990101",
            "LimitApplicationCertificateRelatedConsFlg": "1",
        });
        let people = person.as_object().cloned().into_iter().collect();
        let ask = Ask { api: "OQSsiquc01".to_owned(), people };
        let open = publish(&mut self.client, &ask).expect("it is published");
        let start = Instant::now();
        (Look::new(open, self.client.settings.timing, start), start)
    }

    fn terminal_answers(&self) {
        let scenario = Scenario::parse("").expect("the defaults");
        let emulator = Emulator::open(&self.home.join("oqs"), scenario, None);
        let emulator = emulator.expect("the folders are there");
        emulator.run(Pace::Simulated, || false).expect("the folders stay");
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

#[test]
fn a03_without_a_watcher_an_answer_comes_within_a_poll_interval_and_a_second() {
    let mut bench = Bench::new();
    let timing = bench.client.settings.timing;
    let bound = timing.probe_max + Duration::from_secs(1);
    let mut worst = Duration::ZERO;
    for step in 0..60 {
        let appears = Duration::from_millis(step * 911);
        worst = worst.max(bench.latency(appears, Duration::ZERO..Duration::ZERO));
    }
    assert!(worst <= bound, "{worst:?}");
    // The bound is tight: some answers have to wait for nearly a whole interval.
    assert!(worst > timing.probe_max / 2, "{worst:?}");
}

/// The client is stalled while its answer, and whatever else, is written: no event that could
/// be lost says so, and the first look after the stall finds it.
#[test]
fn a03_after_a_stall_an_answer_comes_as_soon() {
    let mut bench = Bench::new();
    bench.leave(LEFT_OVERS);
    let bound = bench.client.settings.timing.probe_max + Duration::from_secs(1);
    for step in 1..20 {
        let appears = Duration::from_millis(step * 2_003);
        let second = Duration::from_secs(1);
        let stall = appears.saturating_sub(second)..appears + 9 * second;
        let latency = bench.latency(appears, stall);
        assert!(latency <= bound, "{latency:?}");
    }
}

/// A terminal that writes in place and hangs for longer than `settle` may still write on: the wait
/// ends when the time is over, not before.
#[test]
fn what_may_still_be_written_is_waited_for_to_the_end() {
    let mut bench = Bench::new();
    let timing = bench.client.settings.timing;
    assert!(timing.settle * 2 < timing.timeout);
    for stalled_for in [timing.settle * 2, timing.timeout * 2] {
        let (mut look, start) = bench.asked();
        bench.terminal_answers();
        let name = bench.home.join("oqs/res").join(look.name(Extension::Xml));
        let whole = std::fs::read(&name).expect("the answer");
        std::fs::write(&name, &whole[..whole.len() / 2]).expect("a half");
        let mut is_whole = false;
        let (answer, time) = loop {
            let time = look.due() - start;
            if time >= stalled_for && !is_whole {
                std::fs::write(&name, &whole).expect("the other half");
                is_whole = true;
            }
            if let Seen::Answer(answer) = look.look(&bench.client, start + time) {
                break (answer, time);
            }
        };
        let (outcome, end) = if stalled_for < timing.timeout {
            (Outcome::Answered, stalled_for + timing.probe_max)
        } else {
            (Outcome::Doubtful, timing.timeout)
        };
        assert_eq!(answer.outcome, outcome, "{:?} after {time:?}", answer.doubt);
        assert!(time <= end, "{time:?}");
    }
}

/// The folder is asked for the same names as often, and is never listed, however many files are
/// left in it.
#[test]
fn a04_left_overs_cost_not_one_question_more() {
    let mut bench = Bench::new();
    let waits = [0, 300, 5_000, 50_000].map(Duration::from_millis);
    let empty = waits.map(|appears| bench.work(appears));
    bench.leave(LEFT_OVERS);
    let full = waits.map(|appears| bench.work(appears));
    assert_eq!(empty, full);
    assert!(full.iter().all(|(probes, listings)| *probes > 0 && *listings == 0), "{full:?}");
}

/// Once a request has waited for some seconds, the folder is asked for a few names each second.
#[test]
fn a19_a_wait_asks_five_questions_a_second_at_most() {
    let mut bench = Bench::new();
    let (mut look, start) = bench.asked();
    let (from, to) = (Duration::from_secs(15), Duration::from_secs(55));
    let mut asked = 0;
    loop {
        let time = look.due() - start;
        if time >= to {
            break;
        }
        let before = asked::PROBES.get();
        assert!(matches!(look.look(&bench.client, start + time), Seen::Nothing));
        if time >= from {
            asked += asked::PROBES.get() - before;
        }
    }
    assert!(asked > 0 && asked <= 5 * (to - from).as_secs(), "{asked} in {:?}", to - from);
}
