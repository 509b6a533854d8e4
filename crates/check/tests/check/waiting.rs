//! What is still to be asked while configurations cannot be read.

use check::ConfigFile;

use crate::snapshot::Snapshot;

/// The list of the base site whose file of Router B is not there.
fn without_router_b() -> Vec<check::Todo> {
    let base = Snapshot::base();
    let loaded = check::load("site.toml", base.site.as_bytes());
    let file = |name: String| {
        let found = base.files.iter().find(|(own, _)| *own == name && name != "router-b.conf");
        let content = found.map(|(_, text)| text.clone().into_bytes());
        ConfigFile {
            shown: name.clone(),
            name,
            content: content.ok_or(diag::Text::verbatim("not there").into()),
        }
    };
    let files: Vec<ConfigFile> = loaded.files().into_iter().map(file).collect();
    let day = site::Date::read("2026-12-01").expect("the calendar has this day");
    check::todo(&check::check(loaded, &files, Some(day)))
}

#[test]
fn a_missing_file_is_asked_for_once() {
    let list = without_router_b();
    let files: Vec<&check::Todo> = list.iter().filter(|one| one.codes.contains(&"P111")).collect();
    assert_eq!(files.len(), 1, "{list:?}");
    let says = |one: &&check::Todo| one.text.en.contains("was not read");
    assert_eq!(list.iter().filter(says).count(), 0, "{list:?}");
}

/// What the site file of the base marks, with `lines` behind the header of Router B.
fn marked(lines: &str) -> Vec<String> {
    let mut base = Snapshot::base();
    base.site = base.site.replace("[routers.router-b]\n", &format!("[routers.router-b]\n{lines}"));
    let report = base.check(site::Date::read("2026-11-23"));
    check::todo(&report).into_iter().map(|one| one.text.en).collect()
}

#[test]
fn a_mark_is_asked_until_its_line_is_no_comment() {
    let mark = "# to be asked: its model <- who installed the network\n";
    assert_eq!(marked(&format!("{mark}# model = \"RTX830\"\n")), ["its model"]);
    assert_eq!(marked(&format!("{mark}model = \"RTX830\"\n")), Vec::<String>::new());
}
