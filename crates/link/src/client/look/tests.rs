//! How soon an answer is handed over, by a clock of the test's own.

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::client::{Ask, Settings, publish};
use crate::emulate::{Emulator, Pace, Scenario};

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
        let mut look = Look::new(open, self.client.settings.timing, start);
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
    // Wine looks through the whole folder for every name that is not there.
    let left_overs = if cfg!(windows) { 2_000 } else { 20_000 };
    for number in 0..left_overs {
        let name = format!("oqs/res/OQSsiquc01res_2098{number:08}.xml");
        std::fs::write(bench.home.join(name), "x").expect("written");
    }
    let bound = bench.client.settings.timing.probe_max + Duration::from_secs(1);
    for step in 1..20 {
        let appears = Duration::from_millis(step * 2_003);
        let second = Duration::from_secs(1);
        let stall = appears.saturating_sub(second)..appears + 9 * second;
        let latency = bench.latency(appears, stall);
        assert!(latency <= bound, "{latency:?}");
    }
}
