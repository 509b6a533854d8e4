//! How long the parsers as they are were given damaged input, over all long runs: a row for each
//! version of them, in a file that `SEKISHO_FUZZ_LOG` names.
//!
//! Time is counted in slices, each with a seed of its own, and written down after each: a run may
//! be ended at any moment, and the next one goes on where it was. Other parsers begin at nothing.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use link::{moment, pseudonym};

/// Everything that reads what somebody else wrote, the damage that is done to it, and what it
/// rests on.
const PARSERS: [&str; 32] = [
    include_str!("../../../src/acknowledge.rs"),
    include_str!("../../../src/archive.rs"),
    include_str!("../../../src/audit/anchor.rs"),
    include_str!("../../../src/audit/log.rs"),
    include_str!("../../../src/audit/record.rs"),
    include_str!("../../../src/audit/verify.rs"),
    include_str!("../../../src/catalogue.rs"),
    include_str!("../../../src/client/content.rs"),
    include_str!("../../../src/client/ledger.rs"),
    include_str!("../../../src/client/look.rs"),
    include_str!("../../../src/document.rs"),
    include_str!("../../../src/emulate/answer.rs"),
    include_str!("../../../src/emulate/plan.rs"),
    include_str!("../../../src/emulate/play.rs"),
    include_str!("../../../src/emulate/scenario.rs"),
    include_str!("../../../src/encoding.rs"),
    include_str!("../../../src/journal.rs"),
    include_str!("../../../src/message.rs"),
    include_str!("../../../src/moment.rs"),
    include_str!("../../../src/name.rs"),
    include_str!("../../../src/pdf.rs"),
    include_str!("../../../src/question.rs"),
    include_str!("../../../src/retention/decide.rs"),
    include_str!("../../../src/retention/policy_file.rs"),
    include_str!("../../../src/sweep/memory.rs"),
    include_str!("answer.rs"),
    include_str!("archive.rs"),
    include_str!("document.rs"),
    include_str!("mod.rs"),
    include_str!("random.rs"),
    include_str!("record.rs"),
    include_str!("setting.rs"),
];
/// Crates that read for us.
const CRATES: [&str; 6] = ["encoding_rs", "quick-xml", "serde_json", "toml", "zip", "flate2"];
const LOCK_FILE: &str = include_str!("../../../../../Cargo.lock");
/// What A16 asks for: 24 hours.
const CPU_SECONDS: u64 = 24 * 3_600;
/// How a row begins.
const ROW: &str = "| `";

/// A word for the parsers as they are: another one whenever one of them changes.
pub(super) fn version() -> String {
    let mut all = PARSERS.concat().replace('\r', "");
    for package in LOCK_FILE.split("[[package]]") {
        if CRATES.iter().any(|name| package.contains(&format!("name = \"{name}\"\n"))) {
            all += package;
        }
    }
    pseudonym::digest(all.as_bytes())[..12].to_owned()
}

/// What was done with one version.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Row {
    version: String,
    seeds: u64,
    /// Tenths of a second.
    cpu: u64,
    rounds: u64,
    taken: u64,
    first: String,
    last: String,
}

impl Row {
    fn parse(line: &str) -> Option<Self> {
        let cells: Vec<&str> = line.strip_prefix(ROW)?.split('|').map(str::trim).collect();
        let [version, seeds, cpu_seconds, _, rounds, taken, first, last, _] = cells[..] else {
            return None;
        };
        Some(Self {
            version: version.trim_end_matches('`').to_owned(),
            seeds: seeds.strip_prefix("below ")?.parse().ok()?,
            cpu: cpu_seconds.replace('.', "").parse().ok()?,
            rounds: rounds.parse().ok()?,
            taken: taken.parse().ok()?,
            first: first.to_owned(),
            last: last.to_owned(),
        })
    }

    fn written(&self) -> String {
        let Self { version, seeds, cpu, rounds, taken, first, last } = self;
        let (used, share) = (decimal(*cpu), decimal(cpu * 100 / CPU_SECONDS));
        format!(
            "{ROW}{version}` | below {seeds} | {used} | {share} % | {rounds} | {taken} | {first} | \
             {last} |"
        )
    }
}

/// A number of tenths.
fn decimal(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The file, held by one run.
pub(super) struct Log {
    file: File,
    content: String,
    row: Row,
}

impl Log {
    /// Opens the file and takes it for this run; the row of this version is new or goes on.
    pub(super) fn open(path: &Path) -> Self {
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).open(path).expect("the log is there");
        file.try_lock().expect("no other run writes the log");
        let mut content = String::new();
        file.read_to_string(&mut content).expect("the log is text");
        let own = version();
        let row = content.lines().filter_map(Row::parse).find(|row| row.version == own);
        let row = row.unwrap_or_else(|| Row { version: own, first: today(), ..Row::default() });
        Self { file, content, row }
    }

    /// The seed of the next slice.
    pub(super) fn seed(&self) -> u64 {
        self.row.seeds
    }

    /// Writes down that the slice of this seed came to its end without a panic.
    pub(super) fn add(&mut self, cpu_seconds: f64, rounds: u64, taken: u64) {
        self.row.seeds += 1;
        self.row.cpu += (cpu_seconds * 10.0) as u64;
        self.row.rounds += rounds;
        self.row.taken += taken;
        self.row.last = today();
        self.content = with(&self.content, &self.row);
        self.file.seek(SeekFrom::Start(0)).expect("a file");
        self.file.write_all(self.content.as_bytes()).expect("it is written");
        self.file.set_len(self.content.len() as u64).expect("a file");
        self.file.sync_data().expect("a disk");
    }

    /// What was done with this version so far, in words.
    pub(super) fn said(&self) -> String {
        let Row { version, cpu, rounds, .. } = &self.row;
        let used = decimal(*cpu);
        format!("parsers {version}: {used} of {CPU_SECONDS} CPU seconds, {rounds} rounds")
    }
}

/// The file with this row in the place of that of its version, or as the last.
fn with(content: &str, row: &Row) -> String {
    let mut lines: Vec<String> = content.lines().map(str::to_owned).collect();
    let is_its = |line: &String| Row::parse(line).is_some_and(|old| old.version == row.version);
    match lines.iter().position(is_its) {
        Some(at) => lines[at] = row.written(),
        None => lines.push(row.written()),
    }
    lines.join("\n") + "\n"
}

fn today() -> String {
    let now = moment::written(moment::now());
    now[..10].to_owned()
}

#[test]
fn a_row_of_its_version_goes_on_and_another_version_begins_at_nothing() {
    let place = crate::place::Place::new();
    let path = place.path().join("log.md");
    let other = Row {
        version: "0123456789ab".to_owned(),
        seeds: 7,
        cpu: 432_000,
        rounds: 9,
        taken: 1,
        first: "2026-01-01".to_owned(),
        last: "2026-01-02".to_owned(),
    };
    assert!(other.written().contains("50.0 %"));
    let head = format!("# Head\n\n| version |\n|---|\n{}\n", other.written());
    std::fs::write(&path, &head).expect("written");
    for (seed, cpu_seconds) in [(0, 60.0), (1, 0.79)] {
        let mut log = Log::open(&path);
        assert_eq!(log.seed(), seed);
        log.add(cpu_seconds, 100, 10);
    }
    let content = std::fs::read_to_string(&path).expect("it is there");
    let rows: Vec<Row> = content.lines().filter_map(Row::parse).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0], other, "what was done with other parsers stays as it was");
    assert_eq!((rows[1].version.as_str(), rows[1].cpu), (version().as_str(), 607));
    assert_eq!((rows[1].seeds, rows[1].rounds, rows[1].taken), (2, 200, 20));
    assert!(content.starts_with("# Head\n"));
}
