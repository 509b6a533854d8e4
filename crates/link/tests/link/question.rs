//! An answer that says which question it answers has to name the one that was asked.

use std::fs;

use link::client::Ask;
use link::document::Element;
use link::name::Extension;
use serde_json::json;

use crate::verification::{Desk, word, written};

/// A question about one person.
fn ask() -> Ask {
    let person = json!({
        "InsurerNumber": "  999999", "InsuredCardSymbol": "試験", "Birthdate": "19990101",
        "InsuredIdentificationNumber": "0000001", "InsuredBranchNumber": "00",
        "LimitApplicationCertificateRelatedConsFlg": "0", "ArbitraryIdentifier": "ROW1",
    });
    let people = person.as_object().cloned().into_iter().collect();
    Ask { api: "OQSsiquc01".to_owned(), people }
}

/// What comes of that question if the answer has this in its body, too.
fn answered(more: &Element) -> &'static str {
    let mut desk = Desk::new();
    let open = desk.publish(&ask());
    let mut right = desk.right(&open);
    right.children[1].children.push(more.clone());
    fs::write(desk.path(&open, Extension::Xml), written(&right)).expect("a file");
    // Another process knows of the question what stands in the journal.
    let place = std::mem::replace(&mut desk.place, crate::place::Place::new());
    let mut client = Desk::client(&place);
    let open = client.ledger.request(&open.request.to_string()).expect("written down").clone();
    word(&crate::verification::collect(&mut client, &open)[0])
}

fn around(name: &str, leaves: &[(&str, &str)]) -> Element {
    let leaves = leaves.iter().map(|(name, text)| Element::leaf(name, text)).collect();
    Element::parent(name, leaves)
}

#[test]
fn an_answer_that_repeats_another_question_is_nobodys() {
    const SEARCH: &str = "QualificationConfirmSearchInfo";
    const RESULT: &str = "ResultOfQualificationConfirmation";
    for (parent, name, text, expected) in [
        (SEARCH, "InsuredIdentificationNumber", "7777777", "other-request"),
        (SEARCH, "Birthdate", "19000101", "other-request"),
        (SEARCH, "InsurerNumber", "  888888", "other-request"),
        (SEARCH, "InsuredCardSymbol", "試", "other-request"),
        (SEARCH, "ArbitraryIdentifier", "ROW9", "other-request"),
        (RESULT, "Birthdate", "19990102", "other-request"),
        (RESULT, "ArbitraryIdentifier", "ROW9", "other-request"),
        // The same, written in another way, or not said.
        (SEARCH, "InsuredIdentificationNumber", "１", "answered"),
        (SEARCH, "InsurerNumber", "00999999", "answered"),
        (SEARCH, "InsuredBranchNumber", "", "answered"),
        (RESULT, "Birthdate", "19990101", "answered"),
        // Whoever changed the insurer has another number since.
        (RESULT, "InsurerNumber", "  888888", "answered"),
        (RESULT, "InsuredIdentificationNumber", "7777777", "answered"),
    ] {
        let more = around(parent, &[(name, text)]);
        assert_eq!(answered(&more), expected, "{parent} {name} {text}");
    }
}

#[test]
fn a_drug_result_about_another_number_is_nobodys() {
    let person = json!({
        "InsurerNumber": "  999999", "InsuredPersonIdentificationNumber": "0000001",
        "StartDate": "209807", "EndDate": "209901", "FileCategory": "2",
        "PrDiInfClassification": "1", "MedicalTreatmentFlag": "1",
    });
    let people = person.as_object().cloned().into_iter().collect();
    let ask = Ask { api: "YZKsiquc01".to_owned(), people };
    for (number, expected) in [("0000001", "answered"), ("0000002", "other-request")] {
        let mut desk = Desk::new();
        let open = desk.publish(&ask);
        let mut right = desk.right(&open);
        let header = &mut right.children[0].children;
        let is_number = |one: &&mut Element| one.name == "InsuredPersonIdentificationNumber";
        header.iter_mut().find(is_number).expect("it is asked about").text = number.to_owned();
        fs::write(desk.path(&open, Extension::Xml), written(&right)).expect("a file");
        assert_eq!(word(&desk.collect(&open)[0]), expected, "{number}");
    }
}

/// What comes of a question about these people if its result has these rows.
fn result_of(people: &[&str], rows: &[&str]) -> &'static str {
    const SEARCH: &str = "QualificationConfirmSearchInfo";
    const NUMBER: &str = "99000000000000000001";
    let person = |row: &&str| {
        let person = json!({
            "InsurerNumber": "  999999", "InsuredIdentificationNumber": "0000001",
            "Birthdate": "19990101", "LimitApplicationCertificateRelatedConsFlg": "0",
            "ArbitraryIdentifier": row,
        });
        person.as_object().cloned().expect("an object")
    };
    let people = people.iter().map(person).collect();
    let mut desk = Desk::new();
    let first = desk.publish(&Ask { api: "OQSmuquc01".to_owned(), people });
    let mut taken = desk.right(&first);
    taken.children[0].children.push(Element::leaf("ReceptionNumber", NUMBER));
    taken.children[1].children.clear();
    fs::write(desk.path(&first, Extension::Xml), written(&taken)).expect("a file");
    assert_eq!(word(&desk.collect(&first)[0]), "answered");
    let number = json!({ "ReceptionNumber": NUMBER });
    let people = number.as_object().cloned().into_iter().collect();
    let second = desk.publish(&Ask { api: "OQSmuquc02".to_owned(), people });
    let mut right = desk.right(&second);
    let unit = |row: &&str| {
        let around = around(SEARCH, &[("ArbitraryIdentifier", row)]);
        Element::parent("BulkConfirmUnit", vec![around])
    };
    right.children[1].children = rows.iter().map(unit).collect();
    fs::write(desk.path(&second, Extension::Xml), written(&right)).expect("a file");
    // Another process knows of the first step what stands in the journal.
    let place = std::mem::replace(&mut desk.place, crate::place::Place::new());
    let mut client = Desk::client(&place);
    let second = client.ledger.request(&second.request.to_string()).expect("written down").clone();
    word(&crate::verification::collect(&mut client, &second)[0])
}

#[test]
fn a_result_about_many_people_is_about_those_who_were_asked() {
    for (people, rows, expected) in [
        (&["A", "B", "C"][..], &["C", "A", "B"][..], "answered"),
        (&["A", "B", "C"], &["A", "B", "D"], "other-request"),
        (&["A", "B", "C"], &["A", "B", "B"], "other-request"),
        (&["A"], &["B"], "other-request"),
        // How many there are its header says.
        (&["A", "B", "C"], &["B"], "answered"),
        (&["A", "B", "B"], &["B", "A", "B"], "answered"),
        // Who is not told apart in the request or in the result is not compared.
        (&["A", "", "C"], &["A", "B", "D"], "answered"),
        (&["A", "B"], &["A", ""], "answered"),
    ] {
        assert_eq!(result_of(people, rows), expected, "{people:?} {rows:?}");
    }
}
