//! What people write: scenarios of the terminal, policies, requests.

use diag::Sources;
use link::catalogue::Catalogue;
use link::document;
use link::emulate::Scenario;
use link::encoding::Encoding;
use link::message;
use link::retention;
use serde_json::{Map, Value, json};

use super::document::is_ambiguous;
use super::random::Random;

/// A scenario with everything that one can have.
pub(super) const SCENARIO: &str = r#"institution = "9910000000"
encoding = "UTF-8"
time = "20990101090000"
password = "shiken-99"
seed = 7
busy = 1
left-overs = 2
long-stall-percent = 50
take-ms = [1, 5]
delay-ms = [0, 50]
late-ms = [100, 200]
pieces = [2, 6]
stall-ms = [0, 5]
long-stall-ms = [10, 20]
[result]
normal = 4
several = 1
failed = 1
duplicate = 1
zip = 1
late = 1
truncated = 1
[write]
rename = 1
in-place = 1
preallocated = 1
exclusive = 1
[validity]
1 = 3
3 = 1
[face]
count = 2
every-ms = 10
[cleaner]
stay-minutes = 1
every-ms = 60000
"#;

const POLICY: &str = r#"[site]
name = "架空医院"
[[machine]]
name = "terminal-1"
role = "eligibility-terminal"
[retention]
acknowledged = "15min"
error = "7d"
report = "7d"
temporary = "1h"
unread-warn = "30min"
unread-alert = "24h"
unread-delete = "72h"
request-alert = "10min"
consumers = ["受付", "診察室"]
"#;

/// Pieces of TOML, right ones and wrong ones.
const PIECES: &[&str] = &[
    "[retention]\n",
    "[result]\n",
    "[[machine]]\n",
    "[face]\n",
    "unread_warn = \"1h\"\n",
    "unread-delete = \"0d\"\n",
    "acknowledged = \"99999999999999999999d\"\n",
    "consumers = [1, \"a\", \"a\"]\n",
    "consumers = \"a\"\n",
    "count = -1\n",
    "count = 0x_f\n",
    "seed = 1_0\n",
    "seed = 99999999999999999999\n",
    "take-ms = [5, 1]\n",
    "take-ms = [1]\n",
    "normal = { a = 1 }\n",
    "time = \"２０９９０１０１０９００００\"\n",
    "\u{feff}",
    "= \n",
    "[\n",
    "\"\n",
    "'''",
    "# 注\n",
    "x.y.z = 1979-05-27T07:32:00Z\n",
    "\r",
];

/// A text with lines that are lost, doubled, swapped or strange, and damaged bytes.
pub(super) fn text(random: &mut Random, whole: &str) -> String {
    let lines = whole.split_inclusive('\n').map(str::to_owned).collect();
    let mut text = random.shuffle(lines, PIECES).concat();
    if random.is_one_in(3) {
        let number = random.number();
        text = text.replacen(random.of(&["1", "7", "15", "99"]), &number, 1);
    }
    if random.is_one_in(3) {
        let (from, to) = (random.of(&["\"", "=", "[", "min", "架空"]), random.text());
        text = text.replacen(from, &to, 1);
    }
    if random.is_one_in(2) {
        text = String::from_utf8_lossy(&random.damage(text.as_bytes())).into_owned();
    }
    text
}

/// What is wrong has a line that the text has.
pub(super) fn scenarios(random: &mut Random) -> bool {
    let text = text(random, SCENARIO);
    match Scenario::parse(&text) {
        Ok(scenario) => {
            assert!(Scenario::is_synthetic(&scenario.institution), "{text}");
            true
        }
        Err(mistakes) => {
            let lines = text.matches('\n').count() + 1;
            assert!(!mistakes.is_empty() && mistakes.iter().all(|one| one.line <= lines));
            false
        }
    }
}

/// What is wrong has its place, and a policy without mistakes says nothing that it must not.
pub(super) fn policies(random: &mut Random) -> bool {
    let text = text(random, POLICY);
    let mut sources = Sources::new();
    let source = sources.add("policy.toml", text.as_str());
    let file = retention::parse(source, &text);
    for one in &file.diagnostics {
        let span = one.primary.as_ref().expect("every fault has a place").span;
        assert!(
            span.start <= span.end && text.get(span.start as usize..span.end as usize).is_some()
        );
    }
    if file.diagnostics.is_empty() {
        let policy = &file.policy;
        assert!(policy.report >= 3_600 && policy.temporary >= 3_600);
        assert!(policy.unread_delete.is_none_or(|seconds| seconds >= 3_600));
        assert!(!policy.canonical().is_empty());
    }
    file.diagnostics.is_empty()
}

/// What is built is read as it was built, and holds only what was given.
pub(super) fn requests(random: &mut Random, catalogue: &Catalogue) -> bool {
    let kinds: Vec<_> = catalogue.kinds().collect();
    let kind = random.of(&kinds);
    let person = |random: &mut Random| {
        let mut person = Map::new();
        for field in kind.body.iter().chain(&kind.header) {
            let value = match random.below(24) {
                0 => Value::from(1),
                1 => Value::Null,
                2 => json!({ "a": ["b"] }),
                3 => Value::String("9".repeat(random.below(1_100))),
                4 | 5 => Value::String(random.text()),
                6 => continue,
                _ => Value::String(random.of(&["01", " 1", "19990131", "1", "試験"]).to_owned()),
            };
            person.insert(field.name.clone(), value);
        }
        if random.is_one_in(20) {
            person.insert(random.text(), "x".into());
        }
        person
    };
    let people: Vec<_> = (0..=random.below(3)).map(|_| person(random)).collect();
    let header = [("MedicalInstitutionCode", "9910000000".to_owned())];
    let Ok(built) = message::request(kind, &header, &people) else { return false };
    let _ = message::validate(catalogue, &built);
    for encoding in [Encoding::Utf8, Encoding::ShiftJis] {
        if let Ok(bytes) = document::write(&built, encoding) {
            // A body without anything in it is read as an empty text.
            let read = document::parse(&bytes);
            assert!(read == Ok((built.clone(), encoding)) || is_ambiguous(&bytes), "{read:?}");
        }
    }
    true
}
