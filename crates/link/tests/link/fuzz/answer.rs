//! Damaged files where client, sweeper and terminal meet them: in the folders.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use link::archive::{self, Entry};
use link::catalogue::Catalogue;
use link::client::{Client, Delivery, Faces, Open, Outcome, Timing};
use link::document::{self, Element};
use link::emulate::{Emulator, Pace, Scenario};
use link::encoding::Encoding;
use link::name::{Extension, Name};
use link::retention::{Reason, Rule};
use link::sweep::{Confirmation, Outcome as Swept};

use super::document::{bytes, file_name, name, torn};
use super::random::Random;
use super::setting;
use crate::place::Place;
use crate::sweep::{DAY, Folders};
use crate::terminal::{INSTITUTION, ask_all, client, root, settings};

/// Rounds after which folders are made anew, so that journals stay short.
const ROUNDS: u64 = 200;
/// No wait for anything.
const AT_ONCE: Timing = Timing {
    probe_min: Duration::ZERO,
    probe_max: Duration::ZERO,
    second_look: Duration::ZERO,
    settle: Duration::ZERO,
    timeout: Duration::ZERO,
};

/// A client with one open request.
pub(super) struct Answers {
    place: Place,
    client: Client,
    open: Open,
    /// An answer to it as it should be.
    right: Element,
    rounds: u64,
}

impl Answers {
    pub(super) fn new() -> Self {
        let place = Place::in_memory();
        let mut settings = settings();
        settings.timing = AT_ONCE;
        let mut client = client(&place, settings);
        let answers = ask_all(&mut client, 1);
        assert_eq!(answers[0].outcome, Outcome::Waiting);
        let open = client.ledger.unfinished(|_| false).pop().expect("it is open");
        let request = root(&place).join("req").join(open.request.to_string());
        let (request, _) =
            document::parse(&fs::read(request).expect("it is there")).expect("it is whole");
        let leaf = |name, text| Element::leaf(name, text);
        let mut header = request.child("MessageHeader").expect("a header").children.clone();
        header.extend([leaf("SegmentOfResult", "1"), leaf("CharacterCodeIdentifier", "1")]);
        let body = vec![
            leaf("ProcessingResultStatus", "1"),
            leaf("QualificationValidity", "1"),
            Element::parent("ResultList", vec![leaf("Name", "試験　太郎"), leaf("Sex1", "1")]),
        ];
        let right = Element::parent(
            "XmlMsg",
            vec![Element::parent("MessageHeader", header), Element::parent("MessageBody", body)],
        );
        Self { place, client, open, right, rounds: 0 }
    }

    /// Whatever lies there, what is handed over has what tells it from the answer to another
    /// request.
    pub(super) fn round(&mut self, random: &mut Random, catalogue: &Catalogue) -> bool {
        if self.rounds == ROUNDS {
            *self = Self::new();
        }
        self.rounds += 1;
        let whole = document::write(&self.right, Encoding::ShiftJis).expect("it can be written");
        let mut content = match random.below(8) {
            0 => bytes(random, catalogue),
            1 => whole,
            _ => torn(random, &whole),
        };
        let extension = match random.below(200) {
            // Nothing proves it whole, so that a client looks again after a second.
            0 => Extension::Err,
            1..20 => Extension::Pdf,
            20..80 => Extension::Zip,
            _ => Extension::Xml,
        };
        if extension == Extension::Zip {
            content = archive::write(&[Entry { name: "a.xml".to_owned(), bytes: content }], None);
            if random.is_one_in(2) {
                content = random.damage(&content);
            }
        }
        let name = match extension {
            Extension::Err => self.open.request.with_extension(extension),
            _ => self.open.request.counterpart(extension),
        };
        let path = root(&self.place).join("res").join(name.to_string());
        fs::write(&path, content).expect("a file");
        let header = self.right.child("MessageHeader").expect("a header");
        let asked = |name| header.child(name).map(|element| element.text.as_str());
        let mut is_taken = false;
        self.client
            .collect(vec![self.open.clone()], |answer| {
                let json = answer.to_json();
                let messages: Vec<_> = match json["files"].as_array() {
                    Some(files) => files.iter().map(|file| &file["message"]).collect(),
                    None => vec![&json["message"]],
                };
                for message in messages.into_iter().filter(|message| !message.is_null()) {
                    for name in ["MedicalInstitutionCode", "ArbitraryFileIdentifier"] {
                        // One that stands there twice is shown as it stands there.
                        let said = &message["MessageHeader"][name];
                        let said = said.as_array().map_or(said, |all| &all[0]);
                        assert_eq!(said.as_str(), asked(name), "{json}");
                    }
                }
                is_taken = !answer.content.is_empty();
                assert!(!is_taken || answer.outcome != Outcome::Doubtful, "{json}");
                Delivery::Done
            })
            .expect("the folders stay");
        let _ = fs::remove_file(path);
        is_taken
    }
}

/// The three folders of a site with files of any name and content.
pub(super) struct Sites {
    folders: Folders,
    rounds: u64,
}

impl Sites {
    pub(super) fn new() -> Self {
        let mut folders = Folders::at(Place::in_memory());
        folders.policy.unread_delete = None;
        Self { folders, rounds: 0 }
    }

    /// Nothing goes but by a rule: here there are only reports and temporary files.
    pub(super) fn round(&mut self, random: &mut Random, catalogue: &Catalogue) -> bool {
        if self.rounds == ROUNDS {
            *self = Self::new();
        }
        self.rounds += 1;
        let mut put: BTreeMap<PathBuf, OsString> = BTreeMap::new();
        for _ in 0..random.below(6) {
            let name = file_name(&name(random));
            let folder = self.folders.path(random.of(&["req", "res", "face"]));
            let path = folder.join(&name);
            let is_inside = path.parent() == Some(&folder) && path.file_name() == Some(&name);
            if is_inside && fs::write(&path, bytes(random, catalogue)).is_ok() {
                put.insert(path, name);
            }
        }
        let state = self.folders.place.path().join("faces");
        let mut faces = Faces::open(&self.folders.root(), &state, INSTITUTION, AT_ONCE)
            .expect("the folders are there");
        for _ in 0..2 {
            faces.look(&|_, _| false, |_| Delivery::Done).expect("they stay");
        }
        let now = self.folders.after(i128::from(self.rounds) * 10 * DAY);
        let mut sweeper = self.folders.sweeper();
        let plan = sweeper.plan(&now, Confirmation::Given).expect("a plan");
        let report = sweeper.apply(&now, Confirmation::Given).expect("a pass");
        assert_eq!(plan.lines.len(), report.lines.len());
        for line in &report.lines {
            let by = matches!(line.decision.reason, Reason::Due(Rule::Report | Rule::Temporary));
            assert!(line.outcome != Swept::Deleted || by, "{line:?}");
        }
        let is_known = put.values().any(|name| !matches!(Name::parse(name), Name::Foreign(_)));
        for (path, name) in put {
            let may_go = matches!(Name::parse(&name), Name::Leftover(_) | Name::Temporary(_));
            let aside = path.with_file_name(".quarantine").join(&name);
            let is_there = path.symlink_metadata().is_ok() || aside.symlink_metadata().is_ok();
            assert!(is_there || may_go, "{name:?} is gone");
            let _ = fs::remove_file(path);
            let _ = fs::remove_file(aside);
        }
        is_known
    }
}

/// A request as the terminal takes it.
const REQUEST: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><XmlMsg><MessageHeader>\
    <MedicalInstitutionCode>9910000000</MedicalInstitutionCode>\
    <ArbitraryFileIdentifier>T1</ArbitraryFileIdentifier></MessageHeader><MessageBody>\
    <QualificationConfirmSearchInfo><InsurerNumber>  999999</InsurerNumber>\
    <Birthdate>19990101</Birthdate></QualificationConfirmSearchInfo></MessageBody></XmlMsg>";

/// The terminal with requests of any name and content, by a scenario that it took.
pub(super) fn terminals(random: &mut Random, catalogue: &Catalogue) -> bool {
    let whole = setting::SCENARIO.to_owned();
    let text = if random.is_one_in(2) { setting::text(random, setting::SCENARIO) } else { whole };
    let Ok(scenario) = Scenario::parse(&text) else { return false };
    let is_small = scenario.left_overs < 100 && scenario.faces.0 < 100 && scenario.pieces.1 < 1_000;
    if !is_small {
        return false;
    }
    let place = Place::in_memory();
    let root = root(&place);
    for number in 0..random.below(4) {
        let name = match random.below(3) {
            0 => file_name(&name(random)),
            _ => OsString::from(format!("OQSsiquc01req_{number}.xml")),
        };
        let path = root.join("req").join(&name);
        if path.file_name() == Some(&name) {
            let content = match random.below(3) {
                0 => bytes(random, catalogue),
                _ => torn(random, REQUEST.as_bytes()),
            };
            let _ = fs::write(path, content);
        }
    }
    let emulator = Emulator::open(&root, scenario, None).expect("the folders are there");
    let summary = emulator.run(Pace::Simulated, || false).expect("the folders stay");
    summary.requests > 0
}
