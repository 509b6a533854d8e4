//! What makes a file the answer: one message, in which everything that tells it from another
//! one stands once and is that of the request.

use std::fs;
use std::path::PathBuf;

use link::archive::{self, Entry};
use link::client::{self, Answer, Ask, Client, Delivery, Open, Outcome, Timing};
use link::document::{self, Element};
use link::encoding::Encoding;
use link::message::Doubt;
use link::name::Extension;
use serde_json::{Value, json};

use crate::place::Place;
use crate::terminal::{
    INSTITUTION, Terminal, ask, client as new_client, client_command, lines, person, root, settings,
};

/// A terminal whose answers are written by hand.
pub(crate) struct Desk {
    pub(crate) place: Place,
    pub(crate) client: Client,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let place = Place::new();
        let client = Self::client(&place);
        Self { place, client }
    }

    /// Another client with the same state.
    pub(crate) fn client(place: &Place) -> Client {
        let mut settings = settings();
        settings.timing.settle = Timing::default().second_look;
        new_client(place, settings)
    }

    pub(crate) fn publish(&mut self, ask: &Ask) -> Open {
        client::publish(&mut self.client, ask).expect("it is published")
    }

    /// A right answer to a request.
    pub(crate) fn right(&self, open: &Open) -> Element {
        let request = root(&self.place).join("req").join(open.request.to_string());
        let (request, _) =
            document::parse(&fs::read(request).expect("it is there")).expect("it is whole");
        let leaf = |name, text| Element::leaf(name, text);
        let mut header = request.child("MessageHeader").expect("a header").children.clone();
        header.extend([leaf("SegmentOfResult", "1"), leaf("CharacterCodeIdentifier", "0")]);
        let mut body = vec![
            leaf("ResultCode", "1"),
            leaf("ProcessingResultStatus", "1"),
            leaf("Name", "試験　太郎"),
        ];
        if let Some(number) = request.text_of("ReceptionNumber") {
            header.push(leaf("ReceptionNumber", number));
            body = vec![Element::parent("BulkConfirmUnit", body)];
        }
        let parts =
            vec![Element::parent("MessageHeader", header), Element::parent("MessageBody", body)];
        Element::parent("XmlMsg", parts)
    }

    /// Where the answer to a request stands.
    pub(crate) fn path(&self, open: &Open, extension: Extension) -> PathBuf {
        root(&self.place).join("res").join(open.request.counterpart(extension).to_string())
    }

    /// What `collect` hands over.
    pub(crate) fn collect(&mut self, open: &Open) -> Vec<Answer> {
        collect(&mut self.client, open)
    }

    /// What comes of a request that is answered by this file; it is made of a right answer.
    fn answer(
        &mut self,
        ask: &Ask,
        extension: Extension,
        content: impl FnOnce(&Element) -> Vec<u8>,
    ) -> Answer {
        let open = self.publish(ask);
        let content = content(&self.right(&open));
        fs::write(self.path(&open, extension), content).expect("a file");
        self.collect(&open).pop().expect("one request has one answer")
    }
}

/// What a client collects of one request.
pub(crate) fn collect(client: &mut Client, open: &Open) -> Vec<Answer> {
    let mut found = Vec::new();
    client
        .collect(vec![open.clone()], |answer| {
            found.push(answer);
            Delivery::Done
        })
        .expect("the folders stay");
    found
}

pub(crate) fn written(message: &Element) -> Vec<u8> {
    document::write(message, Encoding::Utf8).expect("UTF-8 takes it")
}

pub(crate) fn word(answer: &Answer) -> &'static str {
    assert!(answer.outcome != Outcome::Doubtful || answer.content.is_empty());
    answer.doubt.as_ref().map_or(answer.outcome.word(), Doubt::word)
}

fn part<'a>(message: &'a mut Element, name: &str) -> &'a mut Vec<Element> {
    let part = message.children.iter_mut().find(|child| child.name == name);
    &mut part.expect("both parts are there").children
}

fn drug() -> Ask {
    drug_as("2")
}

/// A request for drugs as a message (`2`) or as a document to look at (`1`).
fn drug_as(category: &str) -> Ask {
    let person = json!({
        "InsurerNumber": "  999999", "InsuredPersonIdentificationNumber": "0000001",
        "StartDate": "209807", "EndDate": "209901", "FileCategory": category,
        "PrDiInfClassification": "1", "MedicalTreatmentFlag": "1",
    });
    let people = person.as_object().cloned().into_iter().collect();
    Ask { api: "YZKsiquc01".to_owned(), people }
}

#[test]
fn the_result_of_another_reception_is_nobodys() {
    let mut desk = Desk::new();
    let person = json!({ "ReceptionNumber": "99000000000000000001" });
    let people = person.as_object().cloned().into_iter().collect();
    let ask = Ask { api: "OQSmuquc02".to_owned(), people };
    let right = desk.answer(&ask, Extension::Xml, written);
    assert_eq!((word(&right), right.content.get("verified_by")), ("answered", None));
    let other = desk.answer(&ask, Extension::Xml, |right| {
        let mut other = right.clone();
        part(&mut other, "MessageHeader").last_mut().expect("a number").text =
            "99000000000000000777".to_owned();
        written(&other)
    });
    assert_eq!(word(&other), "other-request");
    // An answer that does not say its number can only be known by its name, and says so.
    let silent = desk.answer(&ask, Extension::Xml, |right| {
        let mut silent = right.clone();
        part(&mut silent, "MessageHeader").retain(|one| one.name != "ReceptionNumber");
        written(&silent)
    });
    assert_eq!(word(&silent), "answered");
    assert_eq!(silent.content.get("verified_by"), Some(&json!("name")));
}

#[test]
fn a_bulk_result_with_fewer_people_than_it_says_is_not_whole() {
    let mut desk = Desk::new();
    let person = json!({ "ReceptionNumber": "99000000000000000001" });
    let people = person.as_object().cloned().into_iter().collect();
    let ask = Ask { api: "OQSmuquc02".to_owned(), people };
    let mut saying = |said: &str| {
        let answer = desk.answer(&ask, Extension::Xml, |right| {
            let mut right = right.clone();
            let said = Element::leaf("NumberOfProcessingResult", said);
            part(&mut right, "MessageHeader").push(said);
            written(&right)
        });
        word(&answer)
    };
    assert_eq!(
        ["1", "2", "0", "x"].map(&mut saying),
        ["answered", "no-result", "no-result", "no-result"]
    );
}

#[test]
fn the_emulated_terminal_mixes_up_receptions_too() {
    let place = Place::new();
    let root = root(&place);
    let _terminal = Terminal::start(&root, "busy = 0\n[result]\nother-identifier = 1\n");
    let mut command = client_command("bulk", &root, &place.path().join("state"));
    let number = ["--reception", "99000000000000000001"];
    let output = command.args(number).output().expect("it runs");
    let answers = lines(&output.stdout);
    assert_eq!(output.status.code(), Some(4), "{answers:?}");
    assert_eq!(answers[0]["doubt"], "other-request");
}

#[test]
fn a_bulk_request_goes_on_when_its_first_answer_is_packed() {
    for play in ["zip", "zip-aes"] {
        let place = Place::new();
        let root = root(&place);
        let _terminal = Terminal::start(&root, &format!("busy = 1\n[result]\n{play} = 1\n"));
        let request = place.path().join("bulk.json");
        let people = [person(1), person(2)].map(Value::Object).to_vec();
        fs::write(&request, Value::Array(people).to_string()).expect("a file");
        let password = place.path().join("password");
        fs::write(&password, "shiken-99").expect("a file");
        let mut command = client_command("bulk", &root, &place.path().join("state"));
        command.args(["--again", "0", "--password-file"]).arg(&password).arg(&request);
        let output = command.output().expect("it runs");
        let answer = lines(&output.stdout).pop().expect("an answer");
        assert_eq!(output.status.code(), Some(0), "{answer}");
        assert_eq!(answer["api"], "OQSmuquc02", "{answer}");
        let message = &answer["files"][0]["message"];
        let units = message["MessageBody"]["BulkConfirmUnit"].as_array().expect("units");
        assert_eq!(units.len(), 2);
    }
}

#[test]
fn a_packed_answer_holds_a_message_that_was_verified() {
    let mut desk = Desk::new();
    let pack = |entries: &[(&str, &[u8])]| {
        let entry = |(name, bytes): &(&str, &[u8])| Entry {
            name: (*name).to_owned(),
            bytes: (*bytes).to_vec(),
        };
        archive::write(&entries.iter().map(entry).collect::<Vec<_>>(), None)
    };
    let pdf = PDF.as_bytes();
    let other = |right: &Element| {
        let mut other = right.clone();
        let header = part(&mut other, "MessageHeader");
        let found = header.iter_mut().find(|one| one.name == "ArbitraryFileIdentifier");
        found.expect("an identifier").text = "S99".to_owned();
        written(&other)
    };
    let zip = Extension::Zip;
    let answer = desk.answer(&ask(1), zip, |_| pack(&[("readme.txt", b"x")]));
    assert_eq!(word(&answer), "no-result");
    let answer = desk.answer(&ask(1), zip, |right| pack(&[("A.XML", &other(right))]));
    assert_eq!(word(&answer), "other-request");
    let answer = desk.answer(&ask(1), zip, |right| pack(&[("A.XML", &written(right))]));
    assert_eq!(word(&answer), "answered");
    let beside = |name| move |right: &Element| pack(&[("a.xml", &written(right)), (name, pdf)]);
    assert_eq!(word(&desk.answer(&ask(1), zip, beside("a.pdf"))), "no-result");
    assert_eq!(word(&desk.answer(&drug(), zip, beside("a.pdf"))), "answered");
    assert_eq!(word(&desk.answer(&drug(), zip, beside("a.txt"))), "no-result");
    let documents = drug_as("1");
    let answer = desk.answer(&documents, zip, |_| pack(&[("a.pdf", pdf)]));
    assert_eq!(word(&answer), "answered");
    assert_eq!(answer.content["files"][0]["verified_by"], "name");
    let answer = desk.answer(&documents, zip, |_| pack(&[("a.pdf", &pdf[..pdf.len() - 2])]));
    assert_eq!(word(&answer), "not-pdf");
}

/// A document that says nothing.
const PDF: &str = "%PDF-1.4\nxref\n0 1\ntrailer<<>>\nstartxref\n9\n%%EOF\n";

#[test]
fn a_look_without_a_wait_leaves_what_may_still_be_written() {
    let mut desk = Desk::new();
    let open = desk.publish(&ask(1));
    let whole = written(&desk.right(&open));
    let path = desk.path(&open, Extension::Xml);
    fs::write(&path, &whole[..whole.len() / 2]).expect("a file");
    let answer = desk.collect(&open).pop().expect("it is told");
    assert_eq!((word(&answer), answer.outcome), ("unfinished", Outcome::Waiting));
    assert!(path.exists(), "the terminal goes on in it");
    fs::write(&path, &whole).expect("a file");
    assert_eq!(word(&desk.collect(&open)[0]), "answered");
}

#[test]
fn a_document_answers_only_who_asked_for_one() {
    let mut desk = Desk::new();
    let pack = |_: &Element| {
        let entry = Entry { name: "a.pdf".to_owned(), bytes: PDF.into() };
        archive::write(&[entry], None)
    };
    for (category, expected) in
        [("1", "answered"), ("2", "no-result"), ("3", "answered"), ("4", "no-result")]
    {
        let ask = drug_as(category);
        let plain = desk.answer(&ask, Extension::Pdf, |_| PDF.into());
        let packed = desk.answer(&ask, Extension::Zip, pack);
        assert_eq!([word(&plain), word(&packed)], [expected; 2], "{category}");
    }
}

/// Whoever reads the answer may take what stands anywhere else for what decides.
#[test]
fn what_decides_stands_nowhere_else() {
    let mut desk = Desk::new();
    let xml = Extension::Xml;
    for (place, name) in [
        ("MessageBody", "MessageHeader"),
        ("MessageBody", "SegmentOfResult"),
        ("MessageBody", "ArbitraryFileIdentifier"),
        ("MessageHeader", "MessageBody"),
    ] {
        for depth in [0, 2] {
            let answer = desk.answer(&ask(1), xml, |right| {
                let inner = (0..depth).fold(Element::leaf(name, "9"), |inner, _| {
                    Element::parent("Name2", vec![inner])
                });
                let mut message = right.clone();
                part(&mut message, place).push(inner);
                written(&message)
            });
            assert_eq!(word(&answer), "ambiguous", "{name} in {place}, {depth}");
        }
    }
    let answer = desk.answer(&ask(1), xml, |right| {
        let mut message = right.clone();
        message.children.push(Element::parent("Extra", vec![Element::leaf("Name", "別人")]));
        written(&message)
    });
    assert_eq!(word(&answer), "ambiguous");
}

#[test]
fn what_decides_stands_once_and_in_its_place() {
    let mut desk = Desk::new();
    let twice = |name: &'static str| {
        move |right: &Element| {
            let mut twice = right.clone();
            let mut second = twice.child(name).expect("it is there").clone();
            second.children.push(Element::leaf("MedicalInstitutionCode", "9999999999"));
            twice.children.push(second);
            written(&twice)
        }
    };
    let header = |name: &'static str, text: &'static str| {
        move |right: &Element| {
            let mut message = right.clone();
            part(&mut message, "MessageHeader").push(Element::leaf(name, text));
            written(&message)
        }
    };
    let xml = Extension::Xml;
    assert_eq!(word(&desk.answer(&ask(1), xml, written)), "answered");
    for name in ["MessageHeader", "MessageBody"] {
        assert_eq!(word(&desk.answer(&ask(1), xml, twice(name))), "ambiguous", "{name}");
    }
    for (name, text) in [
        ("ArbitraryFileIdentifier", "S99"),
        ("MedicalInstitutionCode", "9999999999"),
        ("SegmentOfResult", "9"),
        ("CharacterCodeIdentifier", "1"),
    ] {
        assert_eq!(word(&desk.answer(&ask(1), xml, header(name, text))), "ambiguous", "{name}");
    }
    let answer = desk.answer(&ask(1), xml, |right| {
        written(&Element { name: "Other".to_owned(), ..right.clone() })
    });
    assert_eq!(word(&answer), "ambiguous");
    // A state somewhere deep is not that of the answer.
    let deep = |keep: bool| {
        move |right: &Element| {
            let mut deep = right.clone();
            let body = part(&mut deep, "MessageBody");
            body.retain(|one| keep || one.name != "ProcessingResultStatus");
            let leaf = Element::leaf("ProcessingResultStatus", "2");
            body.push(Element::parent("Foo", vec![leaf]));
            written(&deep)
        }
    };
    assert_eq!(word(&desk.answer(&ask(1), xml, deep(false))), "no-result");
    assert_eq!(word(&desk.answer(&ask(1), xml, deep(true))), "ambiguous");
    let answer = desk.answer(&drug(), xml, |right| {
        let mut twice = right.clone();
        part(&mut twice, "MessageBody").push(Element::leaf("ResultCode", "9"));
        written(&twice)
    });
    assert_eq!(word(&answer), "ambiguous");
}

#[test]
fn a_face_result_is_looked_at_as_an_answer_is() {
    let place = Place::new();
    let root = root(&place);
    let leaf = |name, text| Element::leaf(name, text);
    let face = |extra: Vec<Element>| {
        let mut header = vec![leaf("MedicalInstitutionCode", INSTITUTION)];
        header.extend(extra);
        let body = vec![leaf("ProcessingResultStatus", "1"), leaf("Name", "試験　太郎")];
        let parts =
            vec![Element::parent("MessageHeader", header), Element::parent("MessageBody", body)];
        written(&Element::parent("XmlMsg", parts))
    };
    for (number, extra, doubt) in [
        (1, vec![leaf("CharacterCodeIdentifier", "0")], None),
        (2, vec![leaf("CharacterCodeIdentifier", "1")], Some("encoding-mismatch")),
        (3, vec![leaf("MedicalInstitutionCode", "9999999999")], Some("ambiguous")),
    ] {
        let name = format!("OQSsiquc01res_face_{INSTITUTION}99{number:018}_20990101090000.xml");
        let path = root.join("face").join(name);
        fs::write(&path, face(extra)).expect("a file");
        let mut command = client_command("face", &root, &place.path().join("state"));
        let output = command.args(["--settle", "1"]).output().expect("it runs");
        let answer = lines(&output.stdout).pop().expect("an answer");
        assert_eq!(answer["doubt"].as_str(), doubt, "{answer}");
        assert_eq!(output.status.code(), Some(if doubt.is_some() { 4 } else { 0 }));
        fs::remove_file(&path).expect("it goes");
    }
}

#[test]
fn whoever_asks_does_not_choose_what_an_answer_is_known_by() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("state");
    let file = place.path().join("request.json");
    let ask = |objects: &[Value], name: &str| {
        fs::write(&file, Value::Array(objects.to_vec()).to_string()).expect("a file");
        let mut command = client_command(name, &root, &state);
        if name == "ask" {
            command.args(["--timeout", "0"]);
        }
        let output = command.arg(&file).output().expect("it runs");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), told, fs::read_dir(root.join("req")).expect("a folder").count())
    };
    let with = |key: &str, value: &str| {
        let mut person = person(1);
        person.insert(key.to_owned(), value.into());
        Value::Object(person)
    };
    for (key, value) in
        [("ArbitraryFileIdentifier", "SAME"), ("MedicalInstitutionCode", "9920000000")]
    {
        let (code, told, sent) = ask(&[with(key, value)], "ask");
        assert_eq!((code, sent), (Some(3), 0), "{key}: {told}");
        assert!(told.contains(key) && !told.contains(value), "{told}");
    }
    // What is in the header is there once, whoever of the people says it.
    let day = |day: &str| with("QualificationConfirmationDate", day);
    let (code, told, sent) = ask(&[day("20990101"), day("20990102")], "bulk");
    assert_eq!((code, sent), (Some(3), 0), "{told}");
    assert!(told.contains("QualificationConfirmationDate"), "{told}");
    let (code, told, sent) = ask(&[with("MedicalInstitutionCode", INSTITUTION)], "ask");
    assert_eq!((code, sent), (Some(2), 1), "{told}");
}
