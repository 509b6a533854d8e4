//! Site files and references that are wrong: one diagnostic with its place, the run goes on.

use std::fs;
use std::path::Path;

use crate::run::{check, copy, folder, replace};

/// That `code` is said at `line` of `file`, the rest is judged, and the exit is not 0.
fn assert_said(site: &Path, code: &str, file: &str, line: u64) {
    let checked = check(site);
    let place = (code.to_owned(), format!("{}:{line}", site.join(file).display()));
    assert!(checked.said().contains(&place), "{place:?} in {:#?}", checked.said());
    assert_ne!(checked.code, 0);
    let all = ["proved", "refuted", "unknown"].map(|one| checked.requirements(one).len());
    let clean = check(Path::new("examples/ipvpn-separate-yamaha")).requirements("proved").len();
    assert_eq!(all.iter().sum::<usize>(), clean, "every requirement is judged");
}

/// Nothing about the network is proved: what machines and papers are does not depend on it.
fn assert_nothing_proved(site: &Path) {
    let checked = check(site);
    let proved = checked.requirements("proved").into_iter();
    let of_network: Vec<&str> =
        proved.filter(|code| !["E001", "E002", "E003", "L001"].contains(code)).collect();
    assert_eq!(of_network, Vec::<&str>::new());
}

#[test]
fn a_filter_number_that_is_not_defined() {
    let site = copy("undefined-filter");
    let file = site.join("router-a.conf");
    let line = replace(&file, "filter in 200090 200091 200099", "filter in 200090 200091 200909");
    assert_said(&site, "R120", "router-a.conf", line);
    let checked = check(&site);
    assert_eq!(checked.code, 2);
    assert_eq!(checked.requirements("unknown"), ["F002"]);
}

#[test]
fn two_machines_with_one_address() {
    let site = copy("one-address");
    let second = "[machines.receipt-2]\nroles = [\"claims-computer\"]\n\
                  nics = [{ zone = \"claims-lan\", ipv4 = \"192.0.2.20\" }]\n\n";
    let file = site.join("site.toml");
    let line = replace(&file, "[machines.terminal-1]", &format!("{second}[machines.terminal-1]"));
    assert_said(&site, "T001", "site.toml", line + 2);
    assert_nothing_proved(&site);
}

#[test]
fn a_zone_without_a_port() {
    let site = copy("zone-without-port");
    let file = site.join("site.toml");
    let ports = r#"ports = { lan1 = "claims-lan", lan2 = "terminal-lan" }"#;
    replace(&file, ports, r#"ports = { lan1 = "claims-lan" }"#);
    // The interface of the router that is in use but stands nowhere.
    assert_said(&site, "T102", "router-a.conf", 49);
    assert_nothing_proved(&site);
}

#[test]
fn an_interface_in_a_zone_that_does_not_exist() {
    let site = copy("no-such-zone");
    let file = site.join("site.toml");
    let old = r#"nics = [{ zone = "edge-lan", ipv6 = "off" }]"#;
    let line = replace(&file, old, r#"nics = [{ zone = "egde-lan", ipv6 = "off" }]"#);
    assert_said(&site, "R001", "site.toml", line);
    assert_nothing_proved(&site);
    assert_eq!(check(&site).code, 2, "and nothing is refuted because of it");
}

#[test]
fn a_machine_without_interfaces() {
    let site = copy("no-interface");
    let file = site.join("site.toml");
    let line = replace(&file, r#"nics = [{ zone = "edge-lan", ipv6 = "off" }]"#, "nics = []");
    assert_said(&site, "T011", "site.toml", line - 5);
    assert_nothing_proved(&site);
}

#[test]
fn a_loop_of_relays() {
    let site = copy("relay-loop");
    let hub = |name, zones| format!("[relays.{name}]\nkind = \"hub\"\nzones = [{zones}]\n\n");
    let hubs = hub("hub-1", r#""claims-lan", "terminal-lan""#)
        + &hub("hub-2", r#""terminal-lan", "claims-lan""#);
    let file = site.join("site.toml");
    let line = replace(&file, "[routers.router-a]", &format!("{hubs}[routers.router-a]"));
    assert_said(&site, "T007", "site.toml", line + 6);
    assert!(check(&site).requirements("refuted").contains(&"F002"));
}

#[test]
fn a_word_that_is_not_taken() {
    let site = copy("word");
    let line = replace(&site.join("site.toml"), r#"kind = "clinic" "#, r#"kind = "クリニック" "#);
    assert_said(&site, "P013", "site.toml", line);
}

#[test]
fn a_site_file_that_is_not_utf_8() {
    let site = folder("not-utf-8");
    fs::write(site.join("site.toml"), b"edition = \"2021\"\n# \xff\xfe\n").expect("its own folder");
    let checked = check(&site);
    assert_eq!(checked.code, 3);
    let place = format!("{}:2", site.join("site.toml").display());
    assert_eq!(checked.said(), [("P110".to_owned(), place)]);
    assert_nothing_proved(&site);
}

#[test]
fn an_empty_site_file() {
    let site = folder("empty-site");
    fs::write(site.join("site.toml"), "").expect("its own folder");
    let checked = check(&site);
    assert_eq!(checked.code, 3);
    let place = format!("{}:1", site.join("site.toml").display());
    assert!(checked.said().contains(&("P003".to_owned(), place)), "{:#?}", checked.said());
    assert_nothing_proved(&site);
}

#[test]
fn an_edition_that_does_not_exist_leaves_nothing_to_judge() {
    let site = copy("edition");
    replace(&site.join("site.toml"), "edition = \"2021\"", "edition = \"2024\"");
    assert_eq!(check(&site).code, 3);
    assert_nothing_proved(&site);
    let path = site.to_str().expect("test folders have plain names");
    let ran = crate::run::sekisho(&["todo", path, "--on", "2026-11-23"]);
    assert_eq!(ran.code, 3, "{}", ran.stdout);
}

#[test]
fn several_mistakes_are_all_reported_in_one_run() {
    let site = copy("several");
    let file = site.join("site.toml");
    replace(&file, r#"kind = "clinic" "#, r#"kind = "clinik" "#);
    replace(
        &file,
        r#"nics = [{ zone = "edge-lan", ipv6 = "off" }]"#,
        r#"nics = [{ zone = "egde-lan", ipv6 = "off" }]"#,
    );
    replace(&site.join("router-a.conf"), "200091 200099", "200091 200909");
    fs::remove_file(site.join("router-b.conf")).expect("it was just copied");
    let said = check(&site).said();
    for code in ["P013", "R001", "R120", "P111"] {
        assert!(said.iter().any(|(one, _)| one == code), "{code} in {said:#?}");
    }
    assert_nothing_proved(&site);
}

#[test]
fn a_secret_in_clear_is_not_shown() {
    let site = copy("secret");
    let line = replace(&site.join("site.toml"), "env:PPPOE_CLAIMS", "hunter2hunter2");
    let checked = check(&site);
    let report = checked.report.to_string();
    assert!(!report.contains("hunter2hunter2"), "line {line}");
    let path = site.to_str().expect("test folders have plain names");
    let text = crate::run::sekisho(&["check", path, "--lang", "ja"]).stdout;
    assert!(!text.contains("hunter2hunter2"), "{text}");
}
