//! `sekisho new` with its answers as flags.

use std::fs;

use serde_json::Value;

use crate::run::{folder, sekisho};

/// Every family of lines, with the answers that only it asks for.
fn families() -> Vec<(&'static str, Vec<&'static str>)> {
    let mut families = vec![
        ("ipsec-router", vec!["--peer", "203.0.113.1"]),
        ("ipsec-soft", vec!["--peer", "vpn.example.jp"]),
    ];
    for eligibility in ["ipoe", "pppoe"] {
        for claims in ["ipoe", "pppoe", "none"] {
            families.push(("ipvpn", vec!["--eligibility", eligibility, "--claims", claims]));
        }
    }
    families
}

const PLACEMENTS: [&str; 4] =
    ["separate", "one-terminal", "receipt-on-terminal", "terminal-on-receipt"];

/// Answers that every site has.
const PLAIN: [&str; 8] = [
    "--name",
    "みどり内科",
    "--kind",
    "clinic",
    "--router-b",
    "yamaha-rtx",
    "--maintenance",
    "none",
];

/// Answers that only sites of this placement and line are asked for.
fn inner(family: &str, placement: &str) -> Vec<&'static str> {
    let terminal = ["--terminal-address", "192.0.2.130/28"];
    let apart =
        ["--receipt-address", "192.0.2.20/25", "--linkage", "smb", "--router-a", "yamaha-rtx"];
    match placement {
        "separate" | "one-terminal" => [&terminal[..], &apart].concat(),
        _ if family == "ipvpn" => Vec::new(),
        _ => terminal.to_vec(),
    }
}

#[test]
fn every_pattern_is_written_and_recognised_again() {
    let folder = folder("new-patterns");
    for (number, (family, own)) in families().iter().enumerate() {
        for placement in PLACEMENTS {
            for machine in ["same", "own"] {
                let id = format!("{family}.{placement}");
                let file = folder.join(format!("{id}-{number}-{machine}.toml"));
                let path = file.to_str().expect("test folders have plain names");
                let mut fixed = vec!["new", path, "--pattern", &id];
                if placement.contains("receipt") && !own.contains(&"none") {
                    fixed.extend(["--claims-machine", machine]);
                }
                fixed.extend(PLAIN.iter().chain(own));
                fixed.extend(inner(family, placement));
                let ran = sekisho(&fixed);
                if placement == "one-terminal" && own.contains(&"none") {
                    // A terminal that sends claims although none are sent.
                    assert_eq!((ran.code, file.exists()), (3, false), "{id}");
                    continue;
                }
                assert_eq!(ran.code, 0, "{id}: {}", ran.stderr);
                assert_eq!(sekisho(&["fmt", path, "--check"]).code, 0, "{id} is formatted");
                is_recognised(path, &id);
            }
        }
    }
}

/// Asserts that the site file is of this pattern, right in all that was asked, and proves nothing
/// without the configurations.
fn is_recognised(path: &str, id: &str) {
    let ran = sekisho(&["check", path, "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.stdout).expect("the output is JSON");
    assert_eq!(report["site"]["pattern"], Value::from(id), "{path}: {}", ran.stdout);
    let found = report["diagnostics"].as_array().expect("a list").iter();
    let codes: Vec<&str> = found.filter_map(|one| one["code"].as_str()).collect();
    assert!(codes.iter().all(|code| *code == "P111"), "{path}: {codes:?}");
    assert_ne!(ran.code, 0, "{path}: nothing is proved without a configuration");
}

#[test]
fn what_is_not_answered_is_asked_for_in_both_languages() {
    for (lang, mark) in [("ja", "要確認"), ("en", "to be asked")] {
        let open = ["new", "-", "--lang", lang, "--pattern", "ipvpn.separate"];
        let ran = sekisho(&[open.to_vec(), vec!["--name", "x", "--kind", "dental"]].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let marked = ran.stdout.matches(mark).count();
        let listed = ran.stderr.lines().filter(|line| line.starts_with("  - ")).count();
        assert!(listed >= 10, "{}", ran.stderr);
        // The head of the file explains the mark once more.
        assert_eq!(marked, listed + 1, "{}\n{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn what_decides_the_pattern_is_never_guessed() {
    let file = folder("new-open").join("site.toml");
    let path = file.to_str().expect("test folders have plain names");
    let ran = sekisho(&["new", path, "--line", "ipsec", "--name", "x"]);
    assert_eq!(ran.code, 3);
    for flag in ["--kind", "--endpoint", "--placement"] {
        assert!(ran.stderr.contains(flag), "{}", ran.stderr);
    }
    assert!(!file.exists());
}

#[test]
fn a_wrong_answer_names_the_right_ones() {
    for (flag, answer, part) in [
        ("--line", "isdn", "ip-vpn, ipsec"),
        ("--pattern", "ipvpn.seperate", "ipvpn.separate"),
        ("--receipt-address", "192.0.2.20", "prefix length"),
        ("--receipt-address", "192.0.2.0/24", "no address of a machine"),
        ("--receipt-address", "192.0.2.20/25,192.0.2.200/25", "outside `192.0.2.0/25`"),
        ("--receipt-address", "192.0.2.20/25,192.0.2.20/25", "twice"),
        ("--linkage", "445", "tcp/8000"),
        ("--peer", "not an address", "vpn.example.jp"),
        ("--name", "", "write a name"),
    ] {
        let ran = sekisho(&["new", "-", "--lang", "en", flag, answer]);
        assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{flag} {answer}");
        assert!(ran.stderr.contains(part), "{flag} {answer}: {}", ran.stderr);
    }
    let both = ["--receipt-address", "192.0.2.20/24", "--terminal-address", "192.0.2.130/28"];
    let ran = sekisho(&[&["new", "-", "--lang", "en"][..], &both].concat());
    assert!(ran.stderr.contains("overlaps"), "{}", ran.stderr);
}

#[test]
fn a_name_with_quotes_stays_a_name() {
    let file = folder("new-quotes").join("site.toml");
    let path = file.to_str().expect("test folders have plain names");
    let name = r#"A"B\C = [x]"#;
    let arguments = ["new", path, "--pattern", "ipvpn.separate", "--kind", "clinic"];
    assert_eq!(sekisho(&[&arguments[..], &["--name", name]].concat()).code, 0);
    let ran = sekisho(&["check", path, "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.stdout).expect("the output is JSON");
    assert_eq!(report["site"]["name"], Value::from(name));
}

#[test]
fn a_new_site_file_never_overwrites() {
    let file = folder("new-twice").join("site.toml");
    fs::write(&file, "mine").expect("the folder is this test's own");
    let path = file.to_str().expect("test folders have plain names");
    let ran = sekisho(&["new", path, "--lang", "en"]);
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("overwritten"), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(&file).ok().as_deref(), Some("mine"));
}

/// The site file that `new` makes of these answers beside those that every site has.
fn made(name: &str, id: &str, rest: &[&str]) -> String {
    let file = folder(name).join("site.toml");
    let path = file.to_str().expect("test folders have plain names");
    let fixed = ["new", path, "--pattern", id, "--name", "x", "--kind", "clinic"];
    let ran = sekisho(&fixed.iter().chain(rest).copied().collect::<Vec<&str>>());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    fs::read_to_string(&file).expect("the file was written")
}

#[test]
fn a_linux_router_has_the_files_and_ports_of_linux() {
    let text = made("new-linux", "ipsec-router.separate", &["--router-b", "linux"]);
    let files = "config = [\"router-b.nft\", \"router-b.net\", \"router-b.swanctl.conf\"]";
    assert!(text.contains(files), "{text}");
    assert!(text.contains("# ports = { lan0 = \"terminal-lan\", wan0 = \"onu\" }"), "{text}");
}

#[test]
fn a_terminal_that_shares_folders_is_not_proposed_to_be_closed() {
    let text = made("new-firewall", "ipsec-soft.separate", &["--linkage", "smb"]);
    let open =
        "# firewall = { inbound = \"closed\", open = [\"tcp/445\"], on = [\"terminal-lan\"] }";
    assert_eq!(text.matches(open).count(), 1, "{text}");
    assert_eq!(text.matches("# firewall = \"inbound-closed\"").count(), 1, "{text}");
}

#[test]
fn the_assessment_of_the_service_is_to_be_asked() {
    let text = made("new-assessment", "ipsec-router.separate", &[]);
    assert!(text.contains("HISPRO") && text.contains("# assessment = {"), "{text}");
}

/// What the sheet marks, `todo` lists: the lines of suppliers, firewalls, addresses and ports.
#[test]
fn what_the_sheet_marks_is_listed_as_to_be_asked() {
    for (id, lang) in [("ipvpn.separate", "ja"), ("ipsec-router.separate", "en")] {
        let name = format!("new-todo-{lang}");
        let line: &[&str] = match id {
            "ipvpn.separate" => &["--eligibility", "ipoe", "--claims", "pppoe"],
            _ => &[],
        };
        made(&name, id, &[line, &["--maintenance", "some", "--lang", lang]].concat());
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(&name);
        let site = path.to_str().expect("test folders have plain names");
        let listed = sekisho(&["todo", site, "--lang", lang]).stdout;
        let told: String = listed.split_whitespace().collect();
        let marks = match lang {
            "ja" => [
                "保守などの回線",
                "端末自身のファイアウォールが着信を閉じていること",
                "`receipt-1`のアドレス",
                "レセコン等のLANのアドレス",
                "`router-b`のどのポートがどこにつながっているか",
                "レセプトのファイルをオンライン請求端末へ渡す方法",
            ],
            _ => [
                "thelinesofsuppliers",
                "addressof`claims-1`",
                "addressof`receipt-1`",
                "howreceiptfilesget",
                "whichportof`router-b`leadswhere",
                "addressof`terminal-1`",
            ],
        };
        for mark in marks {
            assert_eq!(told.matches(mark).count(), 1, "{mark}: {listed}");
        }
        // What a rule asks is not asked once more.
        assert_eq!(told.matches("winver").count(), 1, "{listed}");
    }
}

/// What a fresh file leaves open is no mistake; `todo` lists all of it in the reader's language.
#[test]
fn a_fresh_file_is_to_be_filled_in() {
    for (page, count, code) in [("P05", 13, "P011"), ("P11", 19, "T009")] {
        let name = format!("new-fresh-{page}");
        let text = made(&name, page, &["--lang", "ja"]);
        assert!(text.matches("要確認: ").count() >= count, "{text}");
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(&name);
        let site = path.to_str().expect("test folders have plain names");
        let listed = sekisho(&["todo", site, "--lang", "en"]).stdout;
        assert!(listed.matches("\n  - ").count() >= count, "{listed}");
        let is_foreign = |one: char| ('\u{3040}'..'\u{a000}').contains(&one);
        assert!(!listed.contains(is_foreign), "{listed}");
        let told = sekisho(&["check", site, "--lang", "en", "--on", "2026-11-28"]);
        let open = format!("warning[{code}]: still to be filled in: ");
        assert!(told.code == 2 && told.stdout.contains(&open), "{}", told.stdout);
        assert!(!told.stdout.contains("error["), "{}", told.stdout);
    }
}

/// How receipt files travel is asked where a machine of its own sends claims.
#[test]
fn the_way_of_receipt_files_is_a_service_or_none() {
    let text = |way: &str| {
        let rest = ["--receipt-files", way, "--linkage", "smb"];
        made(&format!("new-receipts-{way}"), "ipsec-router.separate", &rest)
    };
    let service = |from: &str, to: &str| format!("from = \"{from}\"\nto   = \"{to}\"\n");
    assert!(text("push").contains(&service("receipt-1", "claims-1")), "{}", text("push"));
    assert!(text("pull").contains(&service("claims-1", "receipt-1")), "{}", text("pull"));
    let carried = text("media");
    assert!(!carried.lines().any(|line| line.contains("claims-1\"")), "{carried}");
    let open = made("new-receipts-open", "ipsec-router.separate", &["--linkage", "smb"]);
    assert!(open.contains("# to = \"claims-1\""), "{open}");
    let one = made("new-receipts-one", "ipsec-router.one-terminal", &["--linkage", "smb"]);
    assert!(!one.contains("claims-1"), "{one}");
}

#[test]
fn a_flag_that_contradicts_the_pattern_is_refused() {
    for (pattern, flag, word) in [
        ("P07", "--line", "ip-vpn"),
        ("P07", "--placement", "one-terminal"),
        ("P13", "--endpoint", "router"),
    ] {
        let mut arguments = vec!["new", "-", "--no-input", "--name", "x", "--kind", "clinic"];
        arguments.extend(["--pattern", pattern, flag, word, "--lang", "en"]);
        let ran = sekisho(&arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{pattern} {flag}");
        assert!(ran.stderr.contains("contradicts"), "{}", ran.stderr);
    }
}

/// A flag that no question of the site asks for is no answer to anything.
#[test]
fn a_flag_that_means_nothing_for_the_site_is_refused() {
    for (pattern, flag, word) in [
        ("P05", "--receipt-address", "192.0.2.20/25"),
        ("P05", "--router-a", "linux"),
        ("P05", "--terminal-address", "192.0.2.130/28"),
        ("P07", "--eligibility", "ipoe"),
        ("P03", "--claims-machine", "own"),
        ("P03", "--peer", "203.0.113.1"),
        ("P03", "--endpoint", "router"),
        ("P04", "--receipt-files", "push"),
    ] {
        let mut arguments = vec!["new", "-", "--no-input", "--name", "x", "--kind", "clinic"];
        arguments.extend(["--pattern", pattern, flag, word, "--lang", "en"]);
        if flag == "--terminal-address" {
            arguments.extend(["--eligibility", "ipoe"]);
        }
        let ran = sekisho(&arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{pattern} {flag}");
        assert!(ran.stderr.contains("means nothing"), "{pattern} {flag}: {}", ran.stderr);
        assert!(ran.stderr.contains(flag), "{}", ran.stderr);
    }
    // Where router B dials, the machines have addresses behind it.
    let dialled = ["--eligibility", "pppoe", "--pppoe-by", "router"];
    let address = ["--terminal-address", "192.0.2.130/28"];
    let text = made("new-dialled", "P05", &[&dialled[..], &address].concat());
    assert!(text.contains("edge-lan.ipv4    = \"192.0.2.128/28\""), "{text}");
    assert!(text.contains("ipv4 = \"192.0.2.130\""), "{text}");
}

/// What a terminal forwards and whom it asks for names is asked, and what stands in the files of a
/// Linux router is told.
#[test]
fn what_proofs_about_terminals_need_is_to_be_asked() {
    let line = ["--eligibility", "ipoe", "--claims", "pppoe", "--router-b", "linux"];
    let text = made("new-forwarding", "ipvpn.separate", &line);
    assert_eq!(text.matches("# forwarding = false").count(), 2, "{text}");
    assert_eq!(text.matches("dns = []").count(), 1, "{text}");
    assert!(text.contains("nft list ruleset") && text.contains("forwarding ipv4 on"), "{text}");
    // The page of a line with IPv4 only does not ask it.
    let text = made("new-names", "ipsec-router.separate", &[]);
    assert!(!text.contains("forwarding") && text.matches("dns = []").count() == 2, "{text}");
}
