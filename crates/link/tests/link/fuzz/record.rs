//! Journals, the audit log with its anchor, and what a pass remembers: damaged with and without
//! the sums that belong to what they then say.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;

use link::acknowledge::Acknowledgements;
use link::audit::{self, Entry, Log};
use link::client::Ledger;
use link::folder::Folder;
use link::journal::Journal;
use link::moment;
use link::pseudonym::digest;
use link::retention::Reason;
use link::state::State;
use link::sweep::{Confirmation, Line};

use super::random::Random;
use crate::place::Place;
use crate::sweep::{DAY, Folders};

/// Lines that no program wrote.
const LINES: &[&str] = &["\n", "{}\n", "\0\0\0\0\n", "0123456789abcdef \n", "\u{feff}\n", "x"];
/// Values that stand in records, and some that do not.
const VALUES: &[&str] = &[
    "\"end\"",
    "\"intent\"",
    "\"face\"",
    "\"undelivered\"",
    "\"answered\"",
    "\"doubtful\"",
    "\"2099-01-01T00:00:00Z\"",
    "\"-9999-01-01T00:00:00Z\"",
    "\"OQSsiquc01req_1.xml\"",
    "null",
    "1",
    "-1e400",
    "{}",
    "[]",
];

/// Lines of a journal with the sum before each.
fn summed(records: &[String]) -> Vec<String> {
    records.iter().map(|one| format!("{} {one}\n", &digest(one.as_bytes())[..16])).collect()
}

fn lines(text: &str) -> Vec<String> {
    text.split_inclusive('\n').map(str::to_owned).collect()
}

/// A record with a value in the place of another.
fn altered(random: &mut Random, record: &str) -> String {
    if random.is_one_in(4) {
        let damaged = random.damage(record.as_bytes());
        return String::from_utf8_lossy(&damaged).replace('\n', " ");
    }
    let mut pieces: Vec<&str> = record.split(',').collect();
    let at = random.below(pieces.len());
    let other = match pieces[at].split_once(':') {
        Some((key, _)) => format!("{key}:{}", random.of(VALUES)),
        None => random.of(VALUES).to_owned(),
    };
    let end = if at + 1 == pieces.len() && !other.ends_with('}') { "}" } else { "" };
    let other = other + end;
    pieces[at] = &other;
    pieces.join(",")
}

/// Journals of a client and of acknowledgements.
pub(super) struct Journals {
    place: Place,
    records: Vec<String>,
}

impl Journals {
    pub(super) fn new() -> Self {
        let place = Place::in_memory();
        // The key is there before anything is written with it.
        State::open(&place.folder("state")).expect("it opens");
        let expected = "{\"MedicalInstitutionCode\":\"00\",\"ArbitraryFileIdentifier\":\"11\"}";
        let at = "\"at\":\"2099-01-01T00:00:00Z\"";
        let request = "\"request\":\"OQSsiquc01req_209901010001.xml\"";
        let records = [
            format!("{{\"event\":\"intent\",{at},{request},\"expected\":{expected}}}"),
            format!(
                "{{\"event\":\"end\",{at},{request},\"outcome\":\"answered\",\"sha256\":\"0\"}}"
            ),
            format!("{{\"event\":\"undelivered\",{at},{request}}}"),
            format!("{{\"event\":\"face\",{at},\"name\":\"0\",\"sha256\":\"1\"}}"),
            format!("{{\"name\":\"0\",\"sha256\":\"1\",\"consumer\":\"\",{at}}}"),
        ];
        Self { place, records: records.to_vec() }
    }

    /// Damage never makes a record that nobody wrote; what is written after it is read.
    pub(super) fn damaged(&self, random: &mut Random) -> bool {
        let mut written = random.shuffle(summed(&self.records), &[]);
        if random.is_one_in(2) {
            written = random.shuffle(written, LINES);
        }
        let bytes = random.damage(written.concat().as_bytes());
        fs::write(self.place.path().join("journal"), bytes).expect("a file");
        let folder = Folder::open(self.place.path()).expect("it is there");
        let mut journal = Journal::open(&folder, "journal").expect("it opens");
        let is_known = |record: &str| self.records.iter().any(|known| known == record);
        let each = |record: &str| assert!(is_known(record), "{record} was never written");
        if journal.append("{}", each).is_err() {
            return false;
        }
        let mut last = String::new();
        let mut again = Journal::open(&folder, "journal").expect("it opens");
        again.news(|record| record.clone_into(&mut last)).expect("it was right before");
        assert_eq!(last, "{}");
        true
    }

    /// Records that fit their sums and say what no program says.
    pub(super) fn false_records(&self, random: &mut Random) -> bool {
        let records = random.shuffle(self.records.clone(), &["{}", "null", "[1]", "\"\"", ""]);
        let altered: Vec<String> = records.iter().map(|one| altered(random, one)).collect();
        let text = summed(&altered).concat();
        let path = self.place.folder("state");
        for name in ["client", "acknowledged-2099-01"] {
            fs::write(path.join(name), &text).expect("a file");
        }
        let state = State::open(&path).expect("it opens");
        let ledger = Ledger::open(&state);
        if let Ok(ledger) = &ledger {
            for open in ledger.unfinished(|_| false) {
                assert!(ledger.request(&open.request.to_string()).is_some());
            }
            let _ = ledger.handed_over(&state.key, OsStr::new("OQSsiquc01res_209901010001.xml"));
        }
        let mut known = Acknowledgements::new();
        if known.refresh(&state).is_ok() {
            let _ = known.of(&state.key, OsStr::new("x"), None);
        }
        ledger.is_ok_and(|ledger| !ledger.unfinished(|_| false).is_empty())
    }
}

/// The audit log of a state with its anchor.
pub(super) struct AuditLog {
    place: Place,
    files: Vec<(PathBuf, String)>,
}

impl AuditLog {
    pub(super) fn new() -> Self {
        let place = Place::in_memory();
        let state = State::open(place.path()).expect("it opens");
        let now = moment::read("2098-12-31T23:59:58Z").expect("a moment");
        let mut log = Log::open(&state, &[], now).expect("it opens");
        for number in 0..8_i128 {
            let now = now + number * 1_000_000_000;
            log.turn_the_year(&state.folder, now).expect("it turns");
            let name = format!("OQSsiquc01res_~{number:02}.xml");
            let entry = Entry::new("deleted").with("name", name).with("size", 7);
            log.add(now, &entry.with("root", "0").with("rule", "acknowledged"));
        }
        log.close(&state).expect("it is written");
        drop(log);
        let all = fs::read_dir(place.path()).expect("it is there").flatten();
        let files = all.map(|entry| entry.path()).filter(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("audit-"))
        });
        let read = |path: PathBuf| {
            let text = fs::read_to_string(&path).expect("text");
            (path, text)
        };
        let mut files: Vec<_> = files.map(read).collect();
        files.sort();
        assert_eq!(files.len(), 3, "two years and the anchor");
        Self { place, files }
    }

    /// Whatever is changed is told, with every hash made to fit as well.
    pub(super) fn round(&self, random: &mut Random) -> bool {
        let mut logs: Vec<String> = self.files.iter().map(|(_, text)| text.clone()).collect();
        let at = random.below(logs.len());
        match random.below(3) {
            0 => logs = sealed_anew(random, logs),
            1 => logs[at] = random.shuffle(lines(&logs[at]), LINES).concat(),
            _ => {}
        }
        let mut is_same = true;
        for (number, ((path, whole), text)) in self.files.iter().zip(logs).enumerate() {
            let is_hit = number == at && random.is_one_in(2);
            let bytes = if is_hit { random.damage(text.as_bytes()) } else { text.into_bytes() };
            is_same &= bytes == whole.as_bytes();
            fs::write(path, bytes).expect("a file");
        }
        let state = State::open(self.place.path()).expect("it opens");
        let mut records = 0;
        let verified = audit::inspect(&state, &[], |_| records += 1).expect("it is read");
        assert_eq!(verified.fault.is_none(), is_same, "{records} records: {:?}", verified.fault);
        records > 0
    }
}

/// Records that say something else, in a chain that fits.
fn sealed_anew(random: &mut Random, logs: Vec<String>) -> Vec<String> {
    const HASH: &str = ",\"hash\":\"";
    const BEFORE: &str = ",\"prev\":\"";
    let mut before = audit::NO_HASH.to_owned();
    let mut seal = |line: &str| {
        let Some((body, _)) = line.split_once(BEFORE) else { return line.to_owned() };
        let body = match random.below(8) {
            0 => body.replace("deleted", "kept"),
            1 => body.replace("~0", "~1"),
            2 => altered(random, body).trim_end_matches('}').to_owned(),
            _ => body.to_owned(),
        };
        let body = format!("{body}{BEFORE}{before}\"");
        before = digest(body.as_bytes());
        format!("{body}{HASH}{before}\"}}\n")
    };
    let mut seal_file = |text: &str| text.split_inclusive('\n').map(&mut seal).collect::<String>();
    let (anchor, years): (Vec<_>, Vec<_>) =
        logs.into_iter().partition(|text| !text.starts_with('{'));
    let sealed = years.iter().map(|text| seal_file(text));
    // The files are sorted by name, the anchor behind the years.
    sealed.collect::<Vec<_>>().into_iter().chain(anchor).collect()
}

/// What a pass remembers.
pub(super) struct Memories {
    folders: Folders,
    path: PathBuf,
    whole: String,
}

impl Memories {
    pub(super) fn new() -> Self {
        let mut folders = Folders::at(Place::in_memory());
        folders.policy.unread_delete = None;
        folders.put("res/OQSsiquc01res_209901010001.xml", "x");
        folders.put("face/del1.txt", "x");
        folders.apply(DAY);
        let state = folders.place.path().join("state");
        let all = fs::read_dir(state).expect("the state").flatten();
        let is_memory = |path: &PathBuf| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("memory-"))
        };
        let path = all.map(|entry| entry.path()).find(is_memory).expect("a pass left a memory");
        let whole = fs::read_to_string(&path).expect("text");
        Self { folders, path, whole }
    }

    /// Whatever is remembered, a result that nobody acknowledged stays.
    pub(super) fn round(&self, random: &mut Random) -> bool {
        let (body, _) = self.whole.rsplit_once("sum ").expect("a sum");
        let lines = random.shuffle(lines(body), &["budget 0\n", "x\n", "listed 1\n", "\n"]);
        let altered = |line: &String| {
            let mut words: Vec<String> = line.trim_end().split(' ').map(str::to_owned).collect();
            if random.is_one_in(3) {
                let at = random.below(words.len());
                words[at] = random.number();
            }
            words.join(" ") + "\n"
        };
        let body: String = lines.iter().map(altered).collect();
        let sum = digest(body.as_bytes());
        let mut bytes = format!("{body}sum {sum}\n").into_bytes();
        if random.is_one_in(3) {
            bytes = random.damage(&bytes);
        }
        fs::write(&self.path, bytes).expect("a file");
        let plan = self.folders.sweeper().plan(
            &self.folders.after(i128::try_from(random.below(30)).unwrap_or(0) * DAY),
            Confirmation::Missing,
        );
        let is_read = matches!(&plan, Ok(report) if !report.is_memory_damaged);
        if let Ok(report) = plan {
            let is_due = |line: &&Line| matches!(line.decision.reason, Reason::Due(_));
            let mut due = report.lines.iter().filter(is_due);
            assert!(due.all(|line| line.name == "del1.txt"), "{:?}", report.lines);
        }
        is_read
    }
}
