//! The commands beside `check`, and what holds for all of them.

use std::fs;
use std::path::Path;

use crate::run::{CLEAN, CLEAN_LINUX, command, copy, finish, folder, replace, root, sekisho};

#[test]
fn clean_examples_are_proved() {
    for example in [CLEAN, CLEAN_LINUX] {
        assert_eq!(sekisho(&["check", example, "--on", "2026-11-23"]).code, 0, "{example}");
    }
}

#[test]
fn a_folder_and_its_site_file_are_the_same() {
    let site = format!("{CLEAN}/site.toml");
    let check = |path| sekisho(&["check", path, "--on", "2026-11-23"]).stdout;
    assert_eq!(check(CLEAN), check(&site));
}

#[test]
fn a_question_is_answered_in_both_directions() {
    let there = sekisho(&["ask", CLEAN, "receipt-1 -> terminal-1 tcp/445"]);
    assert_eq!(there.code, 0);
    assert!(there.stdout.starts_with("open:"), "{}", there.stdout);
    let back = sekisho(&["ask", CLEAN, "terminal-1 -> receipt-1 tcp/445"]);
    assert_eq!(back.code, 1);
    assert!(back.stdout.starts_with("closed:"), "{}", back.stdout);
    // The line that discards it is named.
    assert!(back.stdout.contains("router-a.conf:71"), "{}", back.stdout);
}

#[test]
fn a_question_that_cannot_be_read_is_refused() {
    for question in ["receipt-1", "receipt-2 -> terminal-1 tcp/445", "receipt-1 -> terminal-1 x/y"]
    {
        let ran = sekisho(&["ask", CLEAN, question]);
        assert_eq!(ran.code, 3, "{question}");
        assert_eq!(ran.stdout, "", "{question}");
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    }
}

#[test]
fn what_a_party_reaches_is_listed() {
    let ran = sekisho(&["ask", CLEAN, "--from", "terminal-1"]);
    // Whether lists of a router look at packets to itself, for one, is open.
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.contains("eligibility-net"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("receipt-1"), "{}", ran.stdout);
}

/// A terminal begins a session in the name of the claims computer and answers it itself.
#[test]
fn what_forged_sessions_reach_is_told() {
    let site = folder("forged-question");
    let from = root().join("examples/ipsec-router-separate-linux");
    for file in fs::read_dir(&from).expect("an example") {
        let file = file.expect("a file").path();
        fs::copy(&file, site.join(file.file_name().expect("a name"))).expect("it can be copied");
    }
    let whole = "iifname $CLAIMS_IF oifname $TERMINAL_IF jump to_terminal";
    replace(&site.join("router-a.nft"), whole, "oifname $TERMINAL_IF jump to_terminal");
    // A router that looks at sources lets none of it in.
    for interface in ["all", "lan0", "lan1"] {
        let strict = format!("{interface}.rp_filter = 1");
        replace(&site.join("router-a.net"), &strict, &format!("{interface}.rp_filter = 0"));
    }
    let site = site.display().to_string();
    let told = sekisho(&["ask", &site, "terminal-1 -> receipt-1 any", "--lang", "en"]);
    assert!(told.code == 1 && told.stdout.contains("it arrives while"), "{}", told.stdout);
    let told = sekisho(&["ask", &site, "--from", "terminal-1", "--lang", "en"]);
    assert!(told.stdout.contains("receipt-1"), "{}", told.stdout);
}

#[test]
fn a_question_is_read_as_people_type_it() {
    let ask = |question: &str| {
        let ran = sekisho(&["ask", CLEAN, question]);
        assert!(ran.code < 3, "{question}: {}", ran.stderr);
        (ran.code, ran.stdout)
    };
    let plain = ask("receipt-1 -> terminal-1 tcp/445");
    assert_eq!(plain.0, 0);
    for question in [
        "receipt-1 → terminal-1 ｔｃｐ／４４５",
        "ｒｅｃｅｉｐｔ－１ －＞ terminal-1 smb",
        "Receipt-1 -> TERMINAL-1 TCP/445",
    ] {
        assert_eq!(ask(question), plain, "{question}");
    }
    // A zone stands for every machine in it, and for all of its addresses.
    assert_eq!(ask("claims-lan -> terminal-1 smb"), plain);
    assert_eq!(ask("receipt-1 -> terminal-lan smb").0, 0);
    assert_eq!(ask("terminal-lan -> receipt-1 any").0, 1);
    assert_eq!(ask("claims-lan -> internet tcp/443").0, 1);
    let told = sekisho(&["ask", CLEAN, "edge-lam -> internet", "--lang", "en"]);
    assert!(told.code == 3 && told.stderr.contains("`edge-lan`"), "{}", told.stderr);
    for (question, form) in [("receipt-1 -> terminal-1 smbb", "smb, https"), ("a b", "->")] {
        let told = sekisho(&["ask", CLEAN, question]);
        assert!(told.code == 3 && told.stderr.contains(form), "{}", told.stderr);
    }
}

/// Sites whose terminals or claims computers may open something to the outside: the packet shown
/// goes there and not to an address of the house.
#[test]
fn an_example_to_the_outside_goes_outside() {
    for (site, question) in [
        ("examples/broken/17-outbound-pass-all", "terminal-1 -> eligibility-net"),
        ("examples/broken/17-outbound-pass-all", "terminal-1 -> eligibility-net tcp/443"),
        (CLEAN, "terminal-1 -> eligibility-net"),
        (CLEAN, "receipt-1 -> eligibility-net"),
        (CLEAN, "claims-lan -> internet tcp/443"),
    ] {
        let ran = sekisho(&["ask", site, question, "--json"]);
        let answer: serde_json::Value = serde_json::from_str(&ran.stdout).expect("valid JSON");
        let to = answer["witness"]["destination"].as_str().unwrap_or_default().to_owned();
        assert!(!to.is_empty(), "{site} {question}: {}", ran.stdout);
        let house = ["192.0.2.", "0.0.0.0", "2001:db8:fff0:"];
        assert!(!house.iter().any(|own| to.starts_with(own)), "{site} {question}: {to}");
    }
}

#[test]
fn what_a_party_reaches_comes_as_json_too() {
    for form in [&["--json"][..], &["--format", "json"]] {
        let mut arguments = vec!["ask", CLEAN, "--from", "terminal-1"];
        arguments.extend(form);
        let ran = sekisho(&arguments);
        let list: serde_json::Value = serde_json::from_str(&ran.stdout).expect("valid JSON");
        let reached = list["reachable"].as_array().expect("a list");
        assert!(reached.iter().any(|one| one["target"] == "eligibility-net"), "{}", ran.stdout);
    }
}

/// Answers an open point of the site in `folder`.
fn answer(folder: &Path, id: &str, reading: &str) {
    let file = folder.join("site.toml");
    let text = fs::read_to_string(&file).expect("the copy has the file");
    let answer = format!(
        "{text}\n[[assumption]]\nid = \"{id}\"\nreading = \"{reading}\"\nreason = \"seen\"\n\
         by = \"the installer\"\non = 2026-11-01\n",
    );
    fs::write(&file, answer).expect("the copy can be written");
}

/// A router stands in the zone, too, and whether its lists look at packets to itself is open.
#[test]
fn an_answer_that_hangs_on_an_open_point_is_unknown() {
    let open = sekisho(&["ask", CLEAN, "terminal-lan -> claims-lan any", "--lang", "en"]);
    assert_eq!(open.code, 2, "{}", open.stdout);
    assert!(open.stdout.contains("Y-A6") && open.stdout.contains("`spared`"), "{}", open.stdout);
    let list = sekisho(&["ask", CLEAN, "--from", "terminal-1", "--lang", "en"]);
    assert_eq!(list.code, 2, "{}", list.stdout);
    assert!(list.stdout.contains("Y-A6") && list.stdout.contains("S-A1"), "{}", list.stdout);
    let site = copy("ask-with-an-answer");
    answer(&site, "Y-A6", "filtered");
    let path = site.to_str().expect("the path is UTF-8");
    let closed = sekisho(&["ask", path, "terminal-lan -> claims-lan any", "--on", "2026-11-23"]);
    assert_eq!(closed.code, 1, "{}", closed.stdout);
}

/// Read in another way the whole ruleset is not modelled (L-A9).
#[test]
fn an_answer_says_what_only_another_reading_leaves_open() {
    let (site, from) = (folder("ask-listing"), root().join(CLEAN_LINUX));
    for file in fs::read_dir(&from).expect("an example") {
        let file = file.expect("a file").path();
        fs::copy(&file, site.join(file.file_name().expect("a name"))).expect("it can be copied");
    }
    let chain = "chain to_terminal {";
    let listed = format!("{chain}\n        meta l4proto ipv6-icmp xt match icmp6 accept");
    replace(&site.join("router-a.nft"), chain, &listed);
    let path = site.display().to_string();
    let told = sekisho(&["ask", &path, "terminal-1 -> receipt-1 tcp/445", "--lang", "en"]);
    assert!(told.code == 2 && told.stdout.contains("L-A9"), "{}", told.stdout);
}

#[test]
fn answers_come_as_json_too() {
    let ran = sekisho(&["ask", CLEAN, "receipt-1 -> terminal-1 tcp/445", "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&ran.stdout).expect("valid JSON");
    assert_eq!(answer["open"], true);
}

#[test]
fn an_answer_is_unknown_while_a_configuration_is_missing() {
    let site = copy("ask-without-a-configuration");
    fs::remove_file(site.join("router-a.conf")).expect("the copy has the file");
    let path = site.to_str().expect("the path is UTF-8");
    let ran = sekisho(&["--lang", "ja", "ask", path, "receipt-1 -> terminal-1 smb"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.starts_with("不明: "), "{}", ran.stdout);
    let ran = sekisho(&["ask", path, "receipt-1 -> terminal-1 smb", "--json"]);
    let answer: serde_json::Value = serde_json::from_str(&ran.stdout).expect("valid JSON");
    assert_eq!((ran.code, &answer["verdict"]), (2, &"unknown".into()));
    let ran = sekisho(&["--lang", "ja", "ask", path, "--from", "receipt-1"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.contains("これで全部とは限りません"), "{}", ran.stdout);
    assert!(ran.stdout.contains("router-a.conf"), "{}", ran.stdout);
    let ran = sekisho(&["ask", path, "--from", "receipt-1", "--json"]);
    let list: serde_json::Value = serde_json::from_str(&ran.stdout).expect("valid JSON");
    assert_eq!(ran.code, 2);
    assert!(list["doubts"].as_array().is_some_and(|all| !all.is_empty()), "{}", ran.stdout);
}

#[test]
fn an_error_message_from_outside_is_no_session() {
    let ran = sekisho(&["--lang", "ja", "ask", CLEAN, "internet -> terminal-1"]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(ran.stdout.starts_with("開けません: 届くのは ICMP のエラー通知だけ"), "{}", ran.stdout);
}

/// While the terminal holds one session to the destination, the list passes further ones.
#[test]
fn what_another_session_lets_pass_is_asked_for_too() {
    let site = copy("ask-announced");
    let router = site.join("router-b.conf");
    let text = fs::read_to_string(&router).expect("the copy has the file");
    let text = text
        .replace("103099 dynamic 103080", "103099 dynamic 103085 103080")
        .replace(" 101022 101023", " 101024 101022 101023")
        + "ipv6 filter 101024 pass-nolog * * tcp * 443-8443\n\
           ipv6 filter 103040 pass-nolog * * tcp * https\n\
           ipv6 filter 103041 pass-nolog * * tcp * 443-8443\n\
           ipv6 filter dynamic 103085 * * filter 103040 out 103041 syslog=off\n";
    fs::write(&router, text).expect("the copy can be written");
    let path = site.to_str().expect("the path is UTF-8");
    let question = "terminal-1 -> 2001:db8:a1::5 tcp/445";
    answer(&site, "S-A1", "apart");
    let ran = sekisho(&["ask", path, question, "--lang", "en", "--on", "2026-11-23"]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(ran.stdout.contains("while another session lives"), "{}", ran.stdout);
    assert!(ran.stdout.contains("`terminal-1` opened"), "{}", ran.stdout);
    let ran = sekisho(&["ask", path, "--from", "terminal-1", "--lang", "en"]);
    assert!(ran.stdout.contains("while another session lives"), "{}", ran.stdout);
}

#[test]
fn pages_properties_and_clauses_are_explained_in_both_languages() {
    let told = |word: &str, lang: &str| {
        let ran = sekisho(&["explain", word, "--lang", lang]);
        assert_eq!(ran.code, 0, "{word}");
        ran.stdout
    };
    assert_eq!(told("P03", "en"), told("ipvpn.separate", "en"));
    assert!(told("P05", "ja").contains("- router-b（edge-lan, onu の間）: 新規に導入する"));
    assert!(told("P10", "en").contains("router-b, between edge-lan, onu: there; its settings are"));
    assert!(told("p09", "en").contains("- 10: only the footnotes of this page survive."));
    assert!(told("V3", "en").contains("- P10 ipsec-router.terminal-on-receipt: error, weaker"));
    assert!(told("v12.os", "ja").contains("OS が対象の一覧にあり"));
    assert!(
        told("R05", "ja").contains(
            "- P04 ipvpn.one-terminal: 明記、判定: V1 (F001), V1.claims (F043), V2 (F002,"
        )
    );
    assert!(told("R24", "en").contains("edition 2021: the whole facility"));
    let list = sekisho(&["explain", "--lang", "ja"]).stdout;
    for line in ["P14 ", "V13 ", "R15b ", "要件（ルール）:", "Y-A2 "] {
        assert!(list.lines().any(|own| own.starts_with(line)), "{line}");
    }
    // Code, title and name.
    let flat = list.replace(['\n', ' '], "");
    let f002 =
        "F002資格確認端末からレセコン等へ、新しいセッションを開けない[terminal-initiated-session]";
    assert!(flat.contains(f002), "{list}");
    assert_eq!(told("Ｆ００２", "ja"), told("f002", "ja"));
}

#[test]
fn a_code_is_explained_in_both_languages() {
    let ja = sekisho(&["explain", "F002", "--lang", "ja"]);
    let en = sekisho(&["explain", "F002", "--lang", "en"]);
    for ran in [&ja, &en] {
        assert_eq!(ran.code, 0);
        assert!(ran.stdout.starts_with("F002 terminal-initiated-session"), "{}", ran.stdout);
    }
    assert!(ja.stdout.contains("資格確認端末"), "{}", ja.stdout);
    assert_ne!(ja.stdout, en.stdout);
}

/// A supplier's box of which nothing is known stands among the claims computers.
#[test]
fn asking_from_a_line_into_an_unknown_box_lists_what_it_stands_among() {
    for interface in ["vpn1", "wan"] {
        let folder = copy(&format!("supplier-box-{interface}"));
        let file = folder.join("site.toml");
        let example = fs::read_to_string(&file).expect("it was just copied");
        let own = format!(
            "\n[routers.supplier-box]\nvendor = \"other\"\n\
             ports = {{ lan = \"claims-lan\", wan = \"onu\" }}\n\n\
             [standing.supplier-vpn]\nrouter = \"supplier-box\"\ninterface = \"{interface}\"\n\
             purpose = \"remote maintenance\"\nowner = \"Example Systems\"\n\
             ipv4 = \"198.51.100.0/24\"\n"
        );
        fs::write(&file, format!("{example}{own}")).expect("the folder is this test's own");
        let site = folder.to_str().expect("test folders have plain names");
        let ran = sekisho(&["--lang", "en", "ask", site, "--from", "supplier-vpn"]);
        assert_eq!(ran.code, 2, "{interface}: {}", ran.stderr);
        for reached in
            ["receipt-1        IPv4  tcp    0-65535", "terminal-1       IPv4  tcp    445"]
        {
            assert!(ran.stdout.contains(reached), "{interface}: {}", ran.stdout);
        }
    }
}

#[test]
fn asking_from_a_standing_line_lists_all_that_it_reaches() {
    let site = "examples/broken/59-supplier-vpn";
    let ran = sekisho(&["--lang", "en", "ask", site, "--from", "supplier-vpn"]);
    let reached = |name: &str, what: &str| {
        ran.stdout.lines().any(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some(name) && line.contains(what)
        })
    };
    assert!(reached("receipt-1", "tcp"), "{}", ran.stdout);
    assert!(!reached("receipt-1", "udp"), "the list passes TCP only: {}", ran.stdout);
    assert!(!reached("terminal-1", ""), "no list lets it there: {}", ran.stdout);
}

#[test]
fn an_unknown_code_is_refused() {
    let ran = sekisho(&["explain", "Q999"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""));
    assert!(ran.stderr.contains("Q999"), "{}", ran.stderr);
    for (written, meant) in [("p3", "`P03`"), ("terminal-initiated-sesion", "`terminal-init")] {
        let ran = sekisho(&["explain", written]);
        assert!(ran.code == 3 && ran.stderr.contains(meant), "{}", ran.stderr);
    }
}

#[test]
fn formatting_keeps_comments_and_is_stable() {
    let file = copy("fmt").join("site.toml");
    let path = file.to_str().expect("test folders have plain names");
    let ugly = "edition   =    \"2021\" # 版\n";
    let text = fs::read_to_string(&file).expect("the file was just copied");
    fs::write(
        &file,
        format!(
            "{ugly}{}",
            text.split_once("edition")
                .map_or("", |(_, rest)| { rest.split_once('\n').map_or("", |(_, rest)| rest) })
        ),
    )
    .expect("the folder is this test's own");
    assert_eq!(sekisho(&["fmt", path, "--check"]).code, 1);
    assert_eq!(sekisho(&["fmt", path]).code, 0);
    assert_eq!(sekisho(&["fmt", path, "--check"]).code, 0);
    let text = fs::read_to_string(&file).expect("the file was just formatted");
    assert!(text.starts_with("edition = \"2021\""), "{text}");
    for comment in ["# 版", "# ゾーンは、ルータを通らずに届き合う範囲", "# 施設名"]
    {
        assert!(text.contains(comment), "{comment}: {text}");
    }
}

#[test]
fn formatting_leaves_a_broken_file_alone() {
    let file = folder("fmt-broken").join("site.toml");
    let path = file.to_str().expect("test folders have plain names");
    fs::write(&file, "[site\n").expect("the folder is this test's own");
    let ran = sekisho(&["fmt", path]);
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("site.toml:1:"), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(&file).ok().as_deref(), Some("[site\n"));
}

#[test]
fn the_schema_is_json() {
    let ran = sekisho(&["schema"]);
    assert_eq!(ran.code, 0);
    let schema: serde_json::Value = serde_json::from_str(&ran.stdout).expect("valid JSON");
    assert!(schema["properties"]["machines"].is_object(), "{schema:#}");
}

#[test]
fn completions_and_the_manual_are_written() {
    let completions = sekisho(&["completions", "bash"]);
    assert!(completions.code == 0 && completions.stdout.contains("_sekisho"));
    let manual = sekisho(&["man"]);
    assert!(manual.code == 0 && manual.stdout.contains(".TH sekisho"));
}

/// The page of a command tells its options, and every page that another refers to can be had.
#[test]
fn every_command_has_a_manual_page() {
    let page = sekisho(&["man", "check", "--lang", "en"]);
    assert!(page.code == 0 && page.stdout.contains(".TH sekisho-check 1"), "{}", page.stdout);
    assert!(page.stdout.contains("\\-\\-format"), "{}", page.stdout);
    let folder = folder("manual");
    let all = folder.to_str().expect("the folder has a plain name");
    assert_eq!(sekisho(&["man", "--all", all, "--lang", "ja"]).code, 0);
    let text = std::fs::read_to_string(folder.join("sekisho.1")).expect("it was written");
    let named = text.lines().filter_map(|line| line.strip_suffix("(1)"));
    let named: Vec<String> = named.map(|name| name.replace('\\', "")).collect();
    assert!(named.len() > 8, "{text}");
    for name in named {
        assert!(folder.join(format!("{name}.1")).exists(), "{name}");
    }
    assert!(folder.join("sekisho-link-ask.1").exists());
    let wrong = sekisho(&["man", "chekc", "--lang", "en"]);
    assert!(wrong.code == 3 && wrong.stderr.contains("`chekc`"), "{}", wrong.stderr);
}

#[test]
fn help_documents_the_exit_codes() {
    let ran = sekisho(&["--help"]);
    assert_eq!(ran.code, 0);
    let at = ran.stdout.find("Exit codes:").expect("there is a table of exit codes");
    let table = &ran.stdout[at..];
    for (code, meaning) in
        [("0", "everything proved"), ("1", "refuted"), ("2", "unknown"), ("3", "unusable input")]
    {
        let row = table.lines().find(|line| line.trim_start().starts_with(code));
        assert!(row.is_some_and(|row| row.contains(meaning)), "{code}: {table}");
    }
}

#[test]
fn a_mistake_on_the_command_line_is_unusable_input() {
    for arguments in [&["chekc"][..], &["check", "--on", "tomorrow"], &["check", "--lang", "fr"]] {
        let ran = sekisho(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{arguments:?}");
    }
}

#[test]
fn the_locale_chooses_the_language() {
    let first_words = |locale: &[(&str, &str)]| {
        let mut command = command();
        command.envs(locale.iter().copied()).args(["explain", "Q999"]);
        finish(&mut command).stderr.chars().take(3).collect::<String>()
    };
    assert_eq!(first_words(&[("LC_ALL", "ja_JP.UTF-8")]), "エラー");
    assert_eq!(first_words(&[("LANG", "ja_JP.UTF-8")]), "エラー");
    assert_eq!(first_words(&[("LC_ALL", "C"), ("LANG", "ja_JP.UTF-8")]), "err");
    assert_eq!(first_words(&[("LC_ALL", ""), ("LC_MESSAGES", "ja_JP.UTF-8")]), "エラー");
    assert_eq!(first_words(&[]), "err");
}

#[test]
fn output_to_a_pipe_has_no_colour() {
    let ran = sekisho(&["check", "examples/broken/02-pass-all-at-end"]);
    assert!(!ran.stdout.contains('\u{1b}'));
}

#[test]
fn the_folder_that_one_stands_in_is_the_default() {
    let mut command = command();
    command.current_dir(root().join(CLEAN)).args(["check", "--on", "2026-11-23"]);
    assert_eq!(finish(&mut command).code, 0);
}

#[test]
fn a_clause_in_parts_is_explained_whole() {
    let ran = sekisho(&["explain", "r15", "--lang", "en"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("R15a") && ran.stdout.contains("R15b"), "{}", ran.stdout);
}
