//! What a draft leaves open stands in it as a comment: taken out of the comment it is right as it
//! stands, one by one and all together.

use diag::{Diagnostic, Lang, Severity, SourceId};
use draft::Answers;

/// Files with as little answered as possible, and with a few answers that change what is asked.
fn drafts() -> Vec<(String, String)> {
    const MORE: [&[(&str, &str)]; 5] = [
        &[],
        &[("claims", "ipoe"), ("maintenance", "some")],
        &[("claims", "pppoe"), ("eligibility", "pppoe"), ("router-a", "linux")],
        &[("eligibility", "pppoe"), ("claims", "pppoe"), ("pppoe-by", "router")],
        &[("router-a", "other"), ("router-b", "yamaha-rtx"), ("receipt-address", "192.0.2.20/25")],
    ];
    let mut drafts = Vec::new();
    for pattern in pattern::patterns() {
        for more in MORE {
            let mut answers = Answers::new();
            answers.put_pattern(&pattern.page).expect("a page is taken for its pattern");
            answers.put("name", "x").expect("any name");
            answers.put("kind", "clinic").expect("a kind");
            let taken = more.iter().filter(|(key, answer)| {
                draft::relevant(&answers.clone()).any(|one| one.key == *key)
                    && answers.put(key, answer).is_ok()
            });
            let name = format!("{} {:?}", pattern.page, taken.collect::<Vec<_>>());
            let draft = draft::write(&answers, Lang::En).expect("enough is answered");
            drafts.push((name, draft.text));
        }
    }
    drafts
}

/// What is wrong with `text`, in words.
fn errors(text: &str) -> Vec<String> {
    let (_, found) = site::parse(SourceId(0), text);
    let is_error = |one: &&Diagnostic| one.severity == Severity::Error;
    found.iter().filter(is_error).map(|one| format!("{} {}", one.code, one.headline.en)).collect()
}

/// Whether the comment `line` holds a line of the file.
fn is_code(line: &str) -> bool {
    let Some(rest) = line.trim_start().strip_prefix("# ") else { return false };
    let key = rest.split('=').next().unwrap_or_default().trim();
    let is_key = rest.contains(" = ")
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    is_key || rest.starts_with('[')
}

/// Lines that are taken out of their comments together.
fn blocks(text: &str) -> Vec<Vec<usize>> {
    let lines: Vec<&str> = text.lines().collect();
    let mut blocks: Vec<Vec<usize>> = Vec::new();
    for (number, _) in lines.iter().enumerate().filter(|(_, line)| is_code(line)) {
        match blocks.last_mut().filter(|last| {
            let gap = &lines[last[last.len() - 1] + 1..number];
            gap.iter().all(|line| line.trim() == "#")
        }) {
            Some(last) => last.push(number),
            None => blocks.push(vec![number]),
        }
    }
    blocks
}

fn without_comment(text: &str, numbers: &[usize]) -> String {
    let line = |(number, line): (usize, &str)| match numbers.contains(&number) {
        true => line.replacen("# ", "", 1) + "\n",
        false => line.to_owned() + "\n",
    };
    text.lines().enumerate().map(line).collect()
}

#[test]
fn what_is_taken_out_of_its_comment_is_right() {
    for (name, text) in drafts() {
        let before = errors(&text);
        let blocks = blocks(&text);
        assert!(!blocks.is_empty(), "{name}\n{text}");
        for block in &blocks {
            let changed = without_comment(&text, block);
            // Ports that are still a comment are missed once everything else can be read.
            let misses_port = |one: &str| one.starts_with("T009") || one.starts_with("T018");
            let is_new = |one: &String| !before.contains(one) && !misses_port(one);
            let new: Vec<String> = errors(&changed).into_iter().filter(is_new).collect();
            assert_eq!(new, Vec::<String>::new(), "{name}\n{changed}");
        }
        let all = without_comment(&text, &blocks.concat());
        assert_eq!(errors(&all), Vec::<String>::new(), "{name}\n{all}");
    }
}

#[test]
fn claims_that_a_router_passes_have_destinations() {
    for (name, text) in drafts() {
        let is_routed = name.contains("\"ipoe\"") || text.contains("kind = \"ipsec\"");
        if is_routed {
            assert!(text.contains("# [destinations.claims]"), "{name}\n{text}");
        }
    }
}

/// The site file of `page` where eligibility goes over PPPoE and claims as `claims` says.
fn over_pppoe(page: &str, claims: &str, by: &str) -> String {
    let mut answers = Answers::new();
    answers.put_pattern(page).expect("a page is taken for its pattern");
    let all = [
        ("name", "x"),
        ("kind", "clinic"),
        ("eligibility", "pppoe"),
        ("claims", claims),
        ("claims-machine", "same"),
        ("pppoe-by", by),
    ];
    for (key, answer) in all {
        answers.put(key, answer).expect("it is an answer");
    }
    draft::write(&answers, Lang::En).expect("enough is answered").text
}

#[test]
fn a_session_of_one_machine_leads_to_all_that_it_is_for() {
    for page in ["P04", "P05", "P06"] {
        let both = over_pppoe(page, "pppoe", "machine");
        assert!(both.contains("to = [\"eligibility-net\", \"claims-net\"]"), "{both}");
        let one = over_pppoe(page, "ipoe", "machine");
        assert!(one.contains("to = \"eligibility-net\""), "{one}");
        assert!(both.contains("# addresses = [\"198.51.100.0/25\"]"), "{both}");
    }
    let apart = over_pppoe("P03", "pppoe", "machine");
    assert!(apart.contains("to = \"eligibility-net\"") && !apart.contains("to = ["), "{apart}");
}

#[test]
fn a_session_of_the_router_is_asked_for_and_no_machine_has_one() {
    for page in ["P03", "P04", "P05", "P06"] {
        let text = over_pppoe(page, "pppoe", "router");
        let sample = "# sessions = { pp1 = [\"eligibility-net\", \"claims-net\"] }";
        assert!(text.contains(sample) && !text.contains("pppoe = {"), "{text}");
        assert!(text.contains("zone = \"edge-lan\", gateway = \"router-b\""), "{text}");
    }
}

/// The site file of `page` where nobody said yet which machine sends claims.
fn without_sender(page: &str, claims: &str) -> String {
    let mut answers = Answers::new();
    answers.put_pattern(page).expect("a page is taken for its pattern");
    let all = [("name", "x"), ("kind", "clinic"), ("eligibility", "pppoe"), ("claims", claims)];
    for (key, answer) in all.into_iter().chain([("pppoe-by", "machine")]) {
        answers.put(key, answer).expect("it is an answer");
    }
    draft::write(&answers, Lang::En).expect("enough is answered").text
}

/// What stands at the open question which machine sends claims is all that has to be written.
#[test]
fn an_open_sender_of_claims_names_all_that_is_to_be_written() {
    for page in ["P05", "P06"] {
        let mut text = without_sender(page, "pppoe");
        let says = "make `to` of its `pppoe` [\"eligibility-net\", \"claims-net\"]";
        assert!(text.contains(says), "{text}");
        assert!(text.contains("covers = [\"eligibility\", \"claims\"]"), "{text}");
        for (before, after) in [
            ("\"claims-computer\"]", "\"claims-computer\", \"online-claims-terminal\"]"),
            ("to = \"eligibility-net\"", "to = [\"eligibility-net\", \"claims-net\"]"),
        ] {
            assert_eq!(text.matches(before).count(), 1, "{before}\n{text}");
            text = text.replace(before, after);
        }
        let blocks = blocks(&text);
        let filled = without_comment(&text, &blocks.concat());
        assert_eq!(errors(&filled), Vec::<String>::new(), "{filled}");
        let known = over_pppoe(page, "pppoe", "machine");
        let bare = |text: &str| {
            let lines = text.lines().map(|line| line.trim().trim_start_matches("# ").to_owned());
            // The session was made one for both above; its secret has another name.
            let lines = lines.filter(|line| !line.starts_with("pppoe = "));
            lines.filter(|line| line.contains(" = ")).collect::<Vec<String>>()
        };
        let missing: Vec<String> =
            bare(&known).into_iter().filter(|line| !bare(&text).contains(line)).collect();
        assert_eq!(missing, Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_a_draft_leaves_open_is_known_in_both_languages() {
    let known = draft::Marks::all();
    let mut answers = Answers::new();
    answers.put_pattern("P03").expect("a page is taken for its pattern");
    let all = [
        ("name", "x"),
        ("kind", "clinic"),
        ("eligibility", "ipoe"),
        ("claims", "pppoe"),
        ("terminal-address", "192.0.2.130/28, 192.0.2.131/28"),
    ];
    for (key, answer) in all {
        answers.put(key, answer).expect("it is an answer");
    }
    let draft = draft::write(&answers, Lang::Ja).expect("enough is answered");
    assert!(draft.open.iter().any(|one| one.what.en.contains("`terminal-2`")));
    for one in &draft.open {
        assert_eq!(known.find(&one.what.ja).as_ref(), Some(&one.what));
        assert_eq!(known.find(&one.what.en).as_ref(), Some(&one.what));
    }
    assert_eq!(known.find("something else"), None);
}
