//! Results of the card reader, where there are many, and where they change.

use std::fs;
use std::path::Path;

use link::client::{Answer, Delivery, Faces, Timing};
use link::document::Element;

use crate::place::Place;
use crate::terminal::{INSTITUTION, root};
use crate::verification::{word, written};

/// A result of the card reader about somebody of this name.
pub(crate) fn face(name: &str) -> Vec<u8> {
    let leaf = |name, text| Element::leaf(name, text);
    let header = vec![leaf("MedicalInstitutionCode", INSTITUTION)];
    let body = vec![leaf("ProcessingResultStatus", "1"), leaf("Name", name)];
    let parts =
        vec![Element::parent("MessageHeader", header), Element::parent("MessageBody", body)];
    written(&Element::parent("XmlMsg", parts))
}

fn faces(place: &Place) -> Faces {
    let timing = Timing { settle: Timing::default().second_look, ..Timing::default() };
    let state = place.path().join("state");
    Faces::open(&root(place), &state, INSTITUTION, timing).expect("the folders are there")
}

/// What a process that follows the folder hands over next, if it does at all.
fn next(faces: &mut Faces) -> Option<Answer> {
    for _ in 0..10 {
        let mut found = None;
        let each = |answer| {
            found = Some(answer);
            Delivery::Done
        };
        faces.look(&|_, _| false, each).expect("the folders stay");
        if found.is_some() {
            return found;
        }
        std::thread::sleep(Timing::default().second_look);
    }
    None
}

fn result_path(root: &Path) -> std::path::PathBuf {
    let name = format!("OQSsiquc01res_face_{INSTITUTION}99000000000000000001_20990101090000.xml");
    root.join("face").join(name)
}

#[test]
fn a_face_result_that_becomes_another_file_is_looked_at_again() {
    let place = Place::new();
    let path = result_path(&root(&place));
    let whole = face("試験　太郎");
    fs::write(&path, &whole[..whole.len() / 2]).expect("a file");
    let mut faces = faces(&place);
    assert_eq!(word(&next(&mut faces).expect("it is told")), "unfinished");
    assert!(next(&mut faces).is_none(), "once");
    fs::write(&path, &whole).expect("a file");
    assert_eq!(word(&next(&mut faces).expect("it is whole now")), "answered");
    // The same content with other times is no news; another one under the name is.
    fs::write(&path, &whole).expect("a file");
    assert!(next(&mut faces).is_none());
    fs::write(&path, face("試験　花子")).expect("a file");
    let other = next(&mut faces).expect("it is another one");
    assert_eq!((word(&other), other.is_again), ("answered", false));
}

#[test]
fn two_processes_do_not_both_show_a_face_as_new() {
    let place = Place::new();
    let (mut one, mut other) = (faces(&place), faces(&place));
    fs::write(result_path(&root(&place)), face("試験　太郎")).expect("a file");
    let said = [next(&mut one), next(&mut other)].map(|answer| answer.expect("both").is_again);
    assert_eq!(said, [false, true]);
}

#[cfg(unix)]
#[test]
fn a_folder_that_was_replaced_ends_the_process_that_follows_it() {
    for is_new in [true, false] {
        let place = Place::new();
        let root = root(&place);
        let mut faces = faces(&place);
        assert!(faces.look(&|_, _| false, |_| Delivery::Done).is_ok());
        fs::rename(root.join("face"), root.join("old")).expect("renamed");
        if is_new {
            fs::create_dir(root.join("face")).expect("made");
        }
        assert!(faces.look(&|_, _| false, |_| Delivery::Done).is_err());
    }
}

/// The name of a result of this second.
fn of_second(second: usize) -> String {
    let time = 20_990_101_000_000 + second / 60 * 100 + second % 60;
    format!("OQSsiquc01res_face_{INSTITUTION}{:020}_{time}.xml", 99_999 - second)
}

/// Whoever stands at the card reader now waits for nobody who stood there before.
#[test]
fn the_newest_face_result_comes_first() {
    let place = Place::in_memory();
    let folder = root(&place).join("face");
    for second in 0..300 {
        fs::write(folder.join(of_second(second)), face("試験　太郎")).expect("a file");
    }
    let mut faces = faces(&place);
    let mut order: Vec<String> = Vec::new();
    while order.len() < 301 {
        let each = |answer: Answer| {
            assert_eq!(word(&answer), "answered");
            if order.is_empty() {
                fs::write(folder.join(of_second(999)), face("試験　花子")).expect("a file");
            }
            order.push(answer.response.expect("a name"));
            Delivery::Done
        };
        let pause = faces.look(&|_, _| false, each).expect("the folder stays").expect("delivered");
        std::thread::sleep(pause.min(Timing::default().second_look));
    }
    assert_eq!(order[0], of_second(299));
    let at = order.iter().position(|name| *name == of_second(999)).expect("it comes");
    assert!(at < 200, "{at} came before the newest");
    let mut others: Vec<&String> = order.iter().filter(|name| **name != of_second(999)).collect();
    others.dedup();
    assert_eq!(others.len(), 300, "each once");
}

/// One that was written slowly is handed over soon, however many others there are.
#[test]
fn a_face_result_that_was_doubtful_has_its_turn_soon() {
    let place = Place::in_memory();
    let folder = root(&place).join("face");
    let whole = face("試験　太郎");
    for second in 0..200 {
        let length = if second == 100 { whole.len() / 2 } else { whole.len() };
        fs::write(folder.join(of_second(second)), &whole[..length]).expect("a file");
    }
    let mut faces = faces(&place);
    let mut count = 0;
    while count < 200 {
        let each = |_| {
            count += 1;
            Delivery::Done
        };
        faces.look(&|_, _| false, each).expect("the folder stays");
        std::thread::sleep(Timing::default().second_look);
    }
    fs::write(folder.join(of_second(100)), &whole).expect("a file");
    let found = next(&mut faces).expect("within ten looks");
    assert_eq!(found.response, Some(of_second(100)));
}
