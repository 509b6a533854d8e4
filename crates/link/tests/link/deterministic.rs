//! The emulated terminal does the same thing every time, and only for institutions that do not
//! exist.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use link::document;
use link::emulate::{Emulator, Pace, Scenario};
use link::encoding::Encoding;
use link::message;

use crate::place::Place;
use crate::terminal::{INSTITUTION, command, person};

const EVERYTHING: &str = "
take-ms = [10, 90]
[write]
rename = 1
in-place = 2
preallocated = 1
exclusive = 1
[result]
normal = 5
several = 1
error-file = 1
failed = 1
hang = 1
late = 1
duplicate = 1
other-identifier = 1
wrong-declaration = 1
zip = 1
zip-aes = 1
zip-truncated = 1
pdf = 1
[validity]
1 = 3
2 = 1
3 = 1
4 = 1
5 = 1
[face]
count = 3
every-ms = 250
[cleaner]
stay-minutes = 1
every-ms = 30000
";

fn requests(root: &Path, institution: &str, count: usize, name_of: impl Fn(usize) -> usize) {
    let catalogue = link::catalogue::Catalogue::load();
    let kind = catalogue.kind("OQSsiquc01").expect("it is known");
    fs::create_dir_all(root.join("req")).expect("a folder");
    for number in 0..count {
        let header = [
            ("QualificationConfirmationDate", "20990101".to_owned()),
            ("MedicalInstitutionCode", institution.to_owned()),
            ("ArbitraryFileIdentifier", format!("T{number:05}")),
        ];
        let message = message::request(kind, &header, &[person(number)]).expect("a request");
        let bytes = document::write(&message, Encoding::Utf8).expect("it can be written");
        let name = format!("req/OQSsiquc01req_{:012}.xml", name_of(number));
        fs::write(root.join(name), bytes).expect("a file");
    }
}

/// The history and every file that is left.
fn play(seed: u64, institution: &str) -> (String, BTreeMap<String, Vec<u8>>) {
    let place = Place::new();
    let root = place.folder("oqs");
    requests(&root, institution, 120, |number| number);
    let scenario = Scenario { seed, ..Scenario::parse(EVERYTHING).expect("a right scenario") };
    let history = place.path().join("history");
    let emulator = Emulator::open(&root, scenario, Some(&history)).expect("the folders");
    emulator.run(Pace::Simulated, || false).expect("the folders stay");
    let mut files = BTreeMap::new();
    for folder in ["req", "res", "face"] {
        for entry in fs::read_dir(root.join(folder)).expect("a folder") {
            let path = entry.expect("a name").path();
            let name = path.strip_prefix(&root).expect("inside").display().to_string();
            let name = name.replace('\\', "/");
            files.insert(name, fs::read(&path).expect("a file"));
        }
    }
    (fs::read_to_string(history).expect("a history"), files)
}

#[test]
fn a17_the_same_seed_gives_the_same_history_byte_for_byte() {
    let first = play(7, INSTITUTION);
    let second = play(7, INSTITUTION);
    assert!(first == second);
    assert!(first.0.lines().count() > 300, "{}", first.0.lines().count());
    assert!(play(8, INSTITUTION).0 != first.0);
}

#[test]
fn a17_a_real_institution_is_not_answered() {
    let (history, files) = play(7, "1310000000");
    assert_eq!(history.matches(" refused req/").count(), 120);
    assert!(files.keys().all(|name| !name.starts_with("res/OQSsiquc01res_0")));
    let asked = files.keys().filter(|name| name.starts_with("req/")).count();
    assert_eq!(asked, 120, "the requests are left alone");
}

#[test]
fn a17_a_scenario_with_a_real_institution_does_not_start() {
    let mistakes = Scenario::parse("seed = 1\ninstitution = \"1310000000\"\n").expect_err("no");
    assert_eq!(mistakes.len(), 1);
    assert_eq!(mistakes[0].line, 2);
    let place = Place::new();
    let file = place.path().join("scenario.toml");
    fs::write(&file, "institution = \"1310000000\"\n").expect("a file");
    let mut command = command();
    command.args(["emulate", "--for", "0", "--root"]).arg(place.path());
    let output = command.arg("--scenario").arg(&file).output().expect("it runs");
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(fs::read_dir(place.path()).expect("a folder").count(), 1, "nothing was made");
}

#[test]
fn a_wrong_scenario_is_told_with_every_line() {
    let content = "sed = 1\ntake-ms = 5\n[write]\nrenam = 1\n[face]\ncount = -1\n";
    let mistakes = Scenario::parse(content).expect_err("it is wrong");
    let lines: Vec<usize> = mistakes.iter().map(|mistake| mistake.line).collect();
    assert_eq!(lines, [1, 2, 3, 4, 6]);
    for time in
        ["20991301000000", "20990229000000", "20990101240000", "2099010100006", "２０９９０１"]
    {
        let mistakes = Scenario::parse(&format!("\ntime = \"{time}\"\n")).expect_err(time);
        assert_eq!(mistakes.iter().map(|one| one.line).collect::<Vec<_>>(), [2], "{time}");
    }
}

#[test]
fn a_consent_ends_on_a_day_that_there_is() {
    let place = Place::new();
    let root = place.folder("oqs");
    let scenario =
        "time = \"20991231101112\"\nencoding = \"UTF-8\"\n[face]\ncount = 1\nevery-ms = 1\n";
    let scenario = Scenario::parse(scenario).expect("a right scenario");
    let emulator = Emulator::open(&root, scenario, None).expect("the folders");
    emulator.run(Pace::Simulated, || false).expect("the folders stay");
    let file = fs::read_dir(root.join("face")).expect("a folder").next().expect("a result");
    let content = fs::read(file.expect("a name").path()).expect("it is whole");
    let (message, _) = document::parse(&content).expect("a message");
    assert_eq!(message.text_of("PharmacistsInfoConsTime"), Some("20991231101112"));
    assert_eq!(message.text_of("PharmacistsInfoAvailableTime"), Some("21000101101112"));
}

/// Every answer by the identifier of its question; files that are no message by their content.
fn answers(name_of: impl Fn(usize) -> usize) -> Vec<Vec<u8>> {
    let place = Place::new();
    let root = place.folder("oqs");
    requests(&root, INSTITUTION, 60, name_of);
    let scenario =
        "seed = 7\n[result]\nnormal = 3\nfailed = 2\nerror-file = 2\nseveral = 1\nhang = 1\n";
    let scenario = Scenario::parse(scenario).expect("a right scenario");
    let emulator = Emulator::open(&root, scenario, None).expect("the folders");
    emulator.run(Pace::Simulated, || false).expect("the folders stay");
    let files = fs::read_dir(root.join("res")).expect("a folder");
    let mut files: Vec<Vec<u8>> =
        files.map(|file| fs::read(file.expect("a name").path()).expect("a file")).collect();
    files.sort();
    files
}

#[test]
fn a17_the_same_questions_have_the_same_answers_whatever_their_files_are_called() {
    let first = answers(|number| number);
    assert!(first.iter().any(|file| !file.starts_with(b"<?xml")), "some are sent back");
    assert!(first.len() > 40 && first.len() < 120, "some hang: {}", first.len());
    // In another order, too.
    assert_eq!(first, answers(|number| 900_000 - 7_919 * number));
}

#[test]
fn a_reason_in_shift_jis_is_read() {
    let bytes = link::encoding::encode("TEST0001,試験\r\n", Encoding::ShiftJis).expect("it can be");
    assert_eq!(link::encoding::undeclared(&bytes).as_deref(), Some("TEST0001,試験\r\n"));
    assert_eq!(link::encoding::undeclared("試験".as_bytes()).as_deref(), Some("試験"));
    assert_eq!(link::encoding::undeclared(&[0x81]), None);
}

/// What cannot be read may be a request of a real institution; it stays where it is.
#[test]
fn a17_a_request_whose_institution_is_not_known_is_left_alone() {
    let place = Place::new();
    let root = crate::terminal::root(&place);
    let name = "OQSsiquc01req_209901010001.xml";
    let code = |code: &str| format!("<MedicalInstitutionCode>{code}</MedicalInstitutionCode>");
    let real = code("1312345678");
    let mixed = code(INSTITUTION) + &real;
    for (content, is_sent_back) in
        [("junk", false), (&real, false), (&mixed, false), (&code(INSTITUTION), true)]
    {
        let path = root.join("req").join(name);
        fs::write(&path, format!("<XmlMsg><a>{content}</b></XmlMsg>")).expect("written");
        let scenario = Scenario::parse("").expect("a right scenario");
        let emulator = Emulator::open(&root, scenario, None).expect("the folders are there");
        let summary = emulator.run(Pace::Simulated, || false).expect("the folders stay");
        let counted = (summary.refused, summary.sent_back);
        assert_eq!(counted, (u64::from(!is_sent_back), u64::from(is_sent_back)), "{content}");
        assert_eq!(path.exists(), !is_sent_back, "{content}");
    }
}

/// On a mounted share a file that has just come cannot always be read at once; here a folder has
/// its name first.
#[cfg(target_os = "linux")]
#[test]
fn a_request_that_cannot_be_read_at_once_is_taken_later() {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    let place = Place::new();
    let root = crate::terminal::root(&place);
    let other = place.folder("other");
    requests(&other, INSTITUTION, 1, |number| number);
    let name = fs::read_dir(other.join("req")).expect("a folder").next().expect("a request");
    let name = name.expect("a name").file_name();
    let (from, to) = (other.join("req").join(&name), root.join("req").join(&name));
    fs::create_dir(&to).expect("a folder");
    // Nobody ever reads it: that is told, and no more than that.
    let history = place.path().join("history");
    let open = || {
        let scenario = Scenario::parse("").expect("a right scenario");
        Emulator::open(&root, scenario, Some(&history)).expect("the folders are there")
    };
    let summary = open().run(Pace::Simulated, || false).expect("the folders stay");
    let said = fs::read_to_string(&history).expect("a history");
    assert_eq!((summary.requests, said.matches(" unreadable req/").count()), (0, 1), "{said}");
    let looks = std::cell::Cell::new(0);
    let begin = std::time::Instant::now();
    let is_over = || {
        looks.set(looks.get() + 1);
        if looks.get() == 3 {
            renameat_with(CWD, &from, CWD, &to, RenameFlags::EXCHANGE).expect("they change places");
        }
        !to.exists() || begin.elapsed().as_secs() > 60
    };
    let summary = open().run(Pace::Real(None), is_over).expect("the folders stay");
    assert_eq!(summary.requests, 1, "{}", fs::read_to_string(&history).expect("a history"));
}

/// A message whose form nobody here knows is answered with what the scenario says, as it stands
/// there.
#[test]
fn a_message_of_unknown_form_is_answered_as_the_scenario_says() {
    let place = Place::new();
    let root = place.folder("oqs");
    requests(&root, INSTITUTION, 2, |number| number);
    let (one, other) = ("req/OQSsiquc01req_000000000000.xml", "req/EPSsixxx01req_1.xml");
    fs::rename(root.join(one), root.join(other)).expect("renamed");
    let answer = "<XmlMsg><MessageHeader><MedicalInstitutionCode>{institution}\
                  </MedicalInstitutionCode><ArbitraryFileIdentifier>{identifier}\
                  </ArbitraryFileIdentifier></MessageHeader><MessageBody><Unheard  of='it'/> 試験\
                  </MessageBody></XmlMsg>";
    let scenario = format!("[opaque]\nEPSsixxx01 = \"{answer}\"\n");
    let scenario = Scenario::parse(&scenario).expect("a right scenario");
    let emulator = Emulator::open(&root, scenario, None).expect("the folders");
    emulator.run(Pace::Simulated, || false).expect("the folders stay");
    let said = fs::read_to_string(root.join("res/EPSsixxx01res_1.xml")).expect("an answer");
    let wanted = answer.replace("{institution}", INSTITUTION).replace("{identifier}", "T00000");
    assert_eq!(said, wanted);
    assert!(root.join("res/OQSsiquc01res_000000000001.xml").exists(), "others as ever");
}

#[test]
fn an_answer_of_unknown_form_names_no_real_institution_and_no_known_kind() {
    for (kind, code, line) in [
        ("EPSsixxx01", "1310000000", "99"),
        ("OQSsiquc01", "{institution}", "OQSsiquc01"),
        ("nonsense", "{institution}", "nonsense"),
    ] {
        let answer =
            format!("<XmlMsg><MedicalInstitutionCode>{code}</MedicalInstitutionCode></XmlMsg>");
        let mistakes = Scenario::parse(&format!("[opaque]\n{kind} = \"{answer}\"\n"));
        let mistakes = mistakes.expect_err("it is refused");
        assert_eq!(mistakes.len(), 1, "{kind}");
        assert_eq!(mistakes[0].line, 2, "{kind}");
        assert!(mistakes[0].what.en.contains(line), "{kind}: {}", mistakes[0].what.en);
    }
    assert!(Scenario::parse("[opaque]\nEPSsixxx01 = 7\n").is_err());
    let parsed = |element: &str| {
        Scenario::parse(&format!("[opaque]\nEPSsixxx01 = \"<XmlMsg>{element}</XmlMsg>\"\n"))
    };
    for element in [
        "<MedicalInstitutionCode >1312345678</MedicalInstitutionCode>",
        "<x:MedicalInstitutionCode\\n>1312345678</x:MedicalInstitutionCode>",
        "<MedicalInstitutionCode a='>1312345678</MedicalInstitutionCode>",
        "<MedicalInstitutionCode><![CDATA[1312345678]]></MedicalInstitutionCode>",
        "<MedicalInstitutionCode>&#49;312345678</MedicalInstitutionCode>",
    ] {
        assert!(parsed(element).is_err(), "{element}");
    }
    let right = "<MedicalInstitutionCode >{institution}</MedicalInstitutionCode >";
    assert!(parsed(right).is_ok());
}
