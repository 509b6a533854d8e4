//! Requests and their answers, however the terminal writes them.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use link::client::{Ask, Delivery, Outcome, Timing};
use link::message::Doubt;
use link::quarantine::Placing;
use serde_json::Value;

use crate::budget::is_soak;
use crate::place::Place;
use crate::terminal::{
    Terminal, amount, ask, ask_all, assert_whole, client, client_command, lines, person, root,
    settings, text,
};

/// Every way of writing, with stalls that are long where there is time.
fn every_write_mode() -> String {
    let long = if is_soak() { 5_000 } else { 800 };
    format!(
        "long-stall-ms = [400, {long}]\nlong-stall-percent = 10\n\
         [write]\nrename = 1\nin-place = 3\npreallocated = 2\nexclusive = 1\n\
         [result]\nnormal = 8\nzip = 1\nzip-aes = 1\n"
    )
}

#[test]
fn a01_every_write_mode_gives_only_whole_answers() {
    let place = Place::new();
    let root = root(&place);
    let terminal = Terminal::start(&root, &every_write_mode());
    let mut client = client(&place, settings());
    let count = amount(200, 10_000);
    let answers = ask_all(&mut client, count);
    assert_eq!(answers.len(), count, "an answer was lost");
    for answer in &answers {
        assert_eq!(answer.outcome, Outcome::Answered, "{:?}", answer.doubt);
    }
    assert_eq!(terminal.stop().requests, count as u64, "a request was taken twice");
    assert_whole(&root, &answers);
    println!("soak: A1: {count} exchanges in every write mode, each answered once and whole");
    let left = std::fs::read_dir(root.join("req")).expect("it is there").count();
    assert_eq!(left, 0, "a request or a temporary file stayed");
}

#[test]
fn a02_two_processes_get_their_own_answers() {
    let place = Place::new();
    let root = root(&place);
    let terminal = Terminal::start(&root, "[write]\nrename = 1\nin-place = 1\n");
    let start = |process: usize| {
        let mut command = client_command("ask", &root, &place.path().join(format!("s{process}")));
        command.args(["--parallel", "100", "-"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut input = child.stdin.take().expect("a pipe");
        for number in 0..100 {
            let line = Value::Object(person(process * 1_000 + number)).to_string();
            writeln!(input, "{line}").expect("it reads");
        }
        child
    };
    let children = [start(1), start(2)];
    let mut names = BTreeSet::new();
    for (process, child) in children.into_iter().enumerate() {
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success());
        let answers = lines(&output.stdout);
        assert_eq!(answers.len(), 100);
        let mut numbers = BTreeSet::new();
        for answer in &answers {
            let number = text(answer, "InsuredIdentificationNumber").expect("a number");
            assert_eq!(number.parse::<usize>().expect("digits") / 1_000, process + 1);
            numbers.insert(number.to_owned());
            assert!(names.insert(text(answer, "request").expect("a name").to_owned()));
        }
        assert_eq!(numbers.len(), 100);
    }
    assert_eq!(terminal.stop().requests, 200);
    println!("soak: A2: 200 parallel requests of two processes, each its own answer");
}

#[test]
fn a03_a_flood_of_other_files_changes_nothing() {
    let place = Place::new();
    let root = root(&place);
    let terminal = Terminal::start(&root, &every_write_mode());
    let mut client = client(&place, settings());
    let is_over = AtomicBool::new(false);
    let count = amount(40, 1_000);
    let answers = std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0..20_000 {
                let name = format!("OQSsiquc01res_2097{number:08}.xml");
                std::fs::write(root.join("res").join(name), "<XmlMsg").expect("a file");
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        let answers = ask_all(&mut client, count);
        is_over.store(!is_soak(), Ordering::Relaxed);
        answers
    });
    drop(terminal);
    assert!(answers.iter().all(|answer| answer.outcome == Outcome::Answered));
    assert_eq!(answers.len(), count);
    assert_whole(&root, &answers);
    println!("soak: A3: {count} exchanges beside 20,000 other files, no watcher");
}

#[test]
fn a04_left_overs_do_not_matter() {
    let place = Place::new();
    let root = root(&place);
    let count = amount(5_000, 100_000);
    let terminal = Terminal::start(&root, &format!("left-overs = {count}\n"));
    let mut client = client(&place, settings());
    let answers = ask_all(&mut client, 20);
    assert!(answers.iter().all(|answer| answer.outcome == Outcome::Answered));
    drop(terminal);
    assert_whole(&root, &answers);
}

fn quick() -> Timing {
    Timing {
        settle: Duration::from_millis(300),
        timeout: Duration::from_millis(1_500),
        ..Timing::default()
    }
}

/// One question to a terminal that does this.
fn one(play: &str) -> link::client::Answer {
    let place = Place::new();
    let root = root(&place);
    let _terminal = Terminal::start(
        &root,
        &format!("delay-ms = [1, 5]\ntake-ms = [1, 5]\n[result]\n{play} = 1\n"),
    );
    let mut settings = settings();
    // What is right comes whenever it comes; what is not has to end.
    settings.timing.settle = quick().settle;
    if matches!(play, "truncated" | "zip-truncated" | "wrong-declaration" | "bom") {
        settings.timing.timeout = Duration::from_secs(10);
    }
    if matches!(play, "hang" | "refuse" | "late") {
        settings.timing = quick();
    }
    let mut client = client(&place, settings);
    ask_all(&mut client, 1).pop().expect("an answer")
}

#[test]
fn what_is_not_proved_to_be_the_answer_is_never_shown() {
    let plays = [
        ("other-identifier", "other-request"),
        ("other-institution", "other-request"),
        ("wrong-declaration", "encoding-mismatch"),
        ("other-header", "encoding-mismatch"),
        ("bom", "encoding-mismatch"),
        ("truncated", "unfinished"),
        ("document-type", "document-type-or-entity"),
        ("zip-truncated", "archive-unfinished"),
        ("zip-bomb", "too-large"),
        ("pdf", "no-result"),
    ];
    each_of(&plays, |play, doubt| {
        let answer = one(play);
        assert_eq!(answer.outcome, Outcome::Doubtful, "{play}");
        assert_eq!(answer.doubt.as_ref().map(Doubt::word), Some(*doubt), "{play}");
        assert!(answer.content.is_empty(), "{play} is shown");
        assert_eq!(answer.placing, Some(Placing::Moved), "{play}");
    });
}

/// Tries all plays at once: most of their time is waiting.
fn each_of<T: Sync>(plays: &[(&str, T)], try_one: impl Fn(&str, &T) + Sync) {
    std::thread::scope(|scope| {
        for (play, expected) in plays {
            scope.spawn(|| try_one(play, expected));
        }
    });
}

#[test]
fn a_doubtful_answer_stands_in_quarantine_or_is_told_to_stay() {
    for is_possible in [true, false] {
        let place = Place::new();
        let root = root(&place);
        if !is_possible {
            // Something of somebody else's has the name.
            std::fs::write(root.join("res/.quarantine"), "in the way").expect("written");
        }
        let _terminal = Terminal::start(&root, "[result]\nother-identifier = 1\n");
        let mut settings = settings();
        settings.timing.settle = quick().settle;
        let mut client = client(&place, settings);
        let answers = ask_all(&mut client, 2);
        for answer in &answers {
            let name = answer.response.as_deref().expect("a file");
            let is_in = |folder: &str| root.join(folder).join(name).exists();
            let json = answer.to_json();
            if is_possible {
                assert_eq!(json["quarantine"], "moved");
                assert!(is_in("res/.quarantine") && !is_in("res"));
            } else {
                assert_eq!(
                    (&json["quarantine"], &json["kept_because"]),
                    (&"kept".into(), &"refused".into())
                );
                assert!(is_in("res"));
            }
        }
        // The right answer may still come.
        assert_eq!(client.ledger.unfinished(|_| false).len(), 2);
    }
}

#[test]
fn what_the_terminal_says_is_told_apart() {
    let plays = [
        ("normal", Outcome::Answered),
        ("several", Outcome::Answered),
        ("unknown-code", Outcome::Answered),
        ("duplicate", Outcome::Answered),
        ("zip-aes", Outcome::Answered),
        ("failed", Outcome::Failed),
        ("error-file", Outcome::Rejected),
        ("hang", Outcome::Waiting),
        ("refuse", Outcome::Waiting),
        ("late", Outcome::Waiting),
    ];
    each_of(&plays, |play, outcome| assert_eq!(one(play).outcome, *outcome, "{play}"));
}

#[test]
fn an_unknown_code_stays_and_is_marked() {
    let json = one("unknown-code").to_json();
    let codes = json["codes"].as_array().expect("codes");
    let found = codes.iter().find(|code| code["element"] == "PrescriptionIssueSelect");
    let found = found.expect("the element");
    assert_eq!(found["value"], "77");
    assert_eq!(found["unknown"], true);
}

#[test]
fn a_late_answer_is_collected_and_nothing_is_sent_again() {
    let place = Place::new();
    let root = root(&place);
    let scenario = "late-ms = [3000, 3000]\n[result]\nlate = 1\n";
    let terminal = Terminal::start(&root, scenario);
    let mut settings = settings();
    settings.timing = Timing { timeout: Duration::from_millis(200), ..quick() };
    let answers = ask_all(&mut client(&place, settings.clone()), 3);
    assert!(answers.iter().all(|answer| answer.outcome == Outcome::Waiting));
    let names: BTreeSet<String> = answers.into_iter().map(|answer| answer.request).collect();
    let mut late = BTreeSet::new();
    while late.len() < 3 {
        // Another process, after a restart.
        let mut client = client(&place, settings.clone());
        let open = client.ledger.unfinished(|_| true);
        let each = |answer: link::client::Answer| {
            if answer.outcome == Outcome::Answered {
                late.insert(answer.request);
            }
            Delivery::Done
        };
        client.collect(open, each).expect("the folders stay");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(late, names);
    assert_eq!(terminal.stop().requests, 3);
}

#[test]
fn a_bulk_request_is_asked_again_until_it_is_ready() {
    let place = Place::new();
    let root = root(&place);
    let terminal = Terminal::start(&root, "busy = 2\n");
    let request = place.path().join("bulk.json");
    let people: Vec<Value> = (0..3).map(|number| Value::Object(person(number))).collect();
    std::fs::write(&request, Value::Array(people).to_string()).expect("a file");
    let mut command = client_command("bulk", &root, &place.path().join("state"));
    let output = command.args(["--again", "0"]).arg(&request).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let answer = lines(&output.stdout).pop().expect("an answer");
    let units = answer["message"]["MessageBody"]["BulkConfirmUnit"].as_array().expect("units");
    assert_eq!(units.len(), 3);
    // What only led there is not offered again.
    let output = client_command("collect", &root, &place.path().join("state")).output();
    assert_eq!(lines(&output.expect("it runs").stdout).len(), 1);
    // One request with the list, then one for each question.
    assert_eq!(terminal.stop().requests, 4);
}

#[test]
fn drugs_and_check_ups_are_asked_for_with_their_own_elements() {
    let place = Place::new();
    let root = root(&place);
    let _terminal = Terminal::start(&root, "");
    for (name, fields, proof) in [
        (
            "drug",
            "\"StartDate\": \"209807\", \"EndDate\": \"209901\", \"PrDiInfClassification\": \"1\",",
            "DrugC",
        ),
        ("checkup", "", "ItemCode"),
    ] {
        let request = format!(
            "{{\"InsurerNumber\": \"  999999\", \"InsuredPersonIdentificationNumber\": \"0000001\",\
             {fields} \"FileCategory\": \"2\", \"MedicalTreatmentFlag\": \"1\"}}"
        );
        let file = place.path().join("request.json");
        std::fs::write(&file, request).expect("a file");
        let mut command = client_command(name, &root, &place.path().join("state"));
        let output = command.arg(&file).output().expect("it runs");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let answer = lines(&output.stdout).pop().expect("an answer");
        assert!(text(&answer, proof).is_some(), "{name}");
    }
}

/// Who asks for a document to look at gets one, also from a terminal that only behaves well.
#[test]
fn a_document_is_answered_with_a_document() {
    for (scenario, is_packed) in [("", false), ("[result]\nzip = 1\n", true)] {
        let place = Place::new();
        let root = root(&place);
        let _terminal = Terminal::start(&root, scenario);
        for (name, category) in [("drug", "1"), ("drug", "3"), ("checkup", "1")] {
            let period = "\"StartDate\": \"209807\", \"EndDate\": \"209901\", \
                          \"PrDiInfClassification\": \"1\",";
            let request = format!(
                "{{\"InsurerNumber\": \"  999999\", \
                 \"InsuredPersonIdentificationNumber\": \"0000001\", {} \
                 \"FileCategory\": \"{category}\", \"MedicalTreatmentFlag\": \"1\"}}",
                if name == "drug" { period } else { "" }
            );
            let file = place.path().join("request.json");
            std::fs::write(&file, request).expect("a file");
            let mut command = client_command(name, &root, &place.path().join("state"));
            let output = command.arg(&file).output().expect("it runs");
            assert_eq!(
                output.status.code(),
                Some(0),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            let answer = lines(&output.stdout).pop().expect("an answer");
            let response = answer["response"].as_str().expect("a file");
            let bytes = std::fs::read(root.join("res").join(response)).expect("it stays");
            if is_packed {
                let inner = answer["files"][0]["name"].as_str().expect("a name");
                assert!(inner.ends_with(".pdf"), "{name} {category}: {answer}");
            } else {
                assert!(response.ends_with(".pdf") && bytes.starts_with(b"%PDF-"), "{response}");
            }
        }
    }
}

#[test]
fn face_results_are_handed_over_once_each() {
    let place = Place::new();
    let root = root(&place);
    let scenario = "[face]\ncount = 5\nevery-ms = 100\n[write]\nin-place = 1\npreallocated = 1\n";
    let _terminal = Terminal::start(&root, scenario);
    let mut command = client_command("face", &root, &place.path().join("state"));
    let output = command.args(["--follow", "--for", "8"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let answers = lines(&output.stdout);
    let names: BTreeSet<_> = answers.iter().map(|answer| answer["response"].to_string()).collect();
    assert_eq!((answers.len(), names.len()), (5, 5));
    assert!(answers.iter().all(|answer| text(answer, "Name").is_some()));
}

#[test]
fn a_request_that_cannot_be_written_is_not_published() {
    let place = Place::new();
    let root = root(&place);
    let mut settings = settings();
    settings.encoding = link::encoding::Encoding::ShiftJis;
    let mut client = client(&place, settings);
    for (element, value, part) in [
        ("InsuredCardSymbol", "試〜験", "U+301C"),
        ("InsuredCardSymbol", "𠮷", "U+20BB7"),
        ("InsuredCardSymbol", "¥", "U+00A5"),
        ("InsuredCardSymbol", "a\u{1}", "U+0001"),
        ("Nonsense", "1", "Nonsense"),
    ] {
        let mut person = person(1);
        person.insert(element.to_owned(), value.into());
        let ask = Ask { api: "OQSsiquc01".to_owned(), people: vec![person] };
        let mut answers = Vec::new();
        client
            .run([ask], |answer| {
                answers.push(answer);
                Delivery::Done
            })
            .expect("the folders stay");
        assert_eq!(answers[0].outcome, Outcome::Unsent);
        let fault = answers[0].fault.clone().expect("a reason");
        assert!(fault.en.contains(element) && fault.en.contains(part), "{}", fault.en);
    }
    let mut number = person(1);
    number.insert("InsuredBranchNumber".to_owned(), 0.into());
    let ask_number = Ask { people: vec![number], ..ask(1) };
    let mut outcome = None;
    client
        .run([ask_number], |answer| {
            outcome = Some(answer.outcome);
            Delivery::Done
        })
        .expect("the folders stay");
    assert_eq!(outcome, Some(Outcome::Unsent));
    assert_eq!(std::fs::read_dir(root.join("req")).expect("it is there").count(), 0);
}

#[test]
fn what_is_acknowledged_is_not_handed_over_again() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("state");
    let _terminal = Terminal::start(&root, "[face]\ncount = 2\nevery-ms = 1\n");
    let request = place.path().join("request.json");
    let people: Vec<Value> = (0..2).map(|number| Value::Object(person(number))).collect();
    std::fs::write(&request, Value::Array(people).to_string()).expect("a file");
    let run = |name: &str, arguments: &[&str]| {
        let output = client_command(name, &root, &state).args(arguments).output();
        lines(&output.expect("it runs").stdout)
    };
    let mut first = run("ask", &[request.to_str().expect("a path")]);
    first.extend(run("face", &[]));
    let name = |answer: &Value| answer["response"].as_str().expect("a name").to_owned();
    assert_eq!(first.len(), 4);
    let ack = |name: &str| {
        let mut command = crate::terminal::command();
        command.arg("ack").arg("--state").arg(&state).arg(name);
        command.status().expect("it runs").code()
    };
    assert_eq!(ack(&name(&first[0])), Some(0));
    assert_eq!(ack(&name(&first[2])), Some(0));
    assert_eq!(ack("OQSsiquc01res_209901010001.xml"), Some(3), "it was never handed over");
    let mut command = crate::terminal::command();
    command
        .arg("ack")
        .arg("--state")
        .arg(&state)
        .args([&name(&first[0]), "OQSsiquc01res_試験.xml"]);
    let said = String::from_utf8(command.output().expect("it runs").stderr).expect("text");
    assert!(said.contains("name 2") && !said.contains("試験"), "{said}");
    let again = run("collect", &[]);
    assert_eq!(again.iter().map(name).collect::<Vec<_>>(), [name(&first[1])]);
    assert_eq!(again[0]["again"], true);
    let again = run("face", &[]);
    assert_eq!(again.iter().map(name).collect::<Vec<_>>(), [name(&first[3])]);
    assert_eq!(again[0]["again"], true);
}
