//! What the doctor says about the settings of a Samba server that shares the folder.

use std::fs;

use crate::place::Place;
use crate::terminal::{command, root};

#[test]
fn the_doctor_says_which_settings_are_in_the_way() {
    let place = Place::new();
    let root = root(&place);
    let own = place.path().join("own.conf");
    fs::write(&own, format!("path = {}\nvfs objects = recycle\n", root.display())).expect("a file");
    let settings = place.path().join("smb.conf");
    let text = |more: &str| {
        format!("[global]\n{more}\n[OQS]\ninclude = {}\n[x]\npath = /nowhere\n", own.display())
    };
    let told = |text: &str| {
        fs::write(&settings, text).expect("a file");
        let output = command()
            .args(["doctor", "--format", "json", "--samba"])
            .arg(&settings)
            .arg(&root)
            .output()
            .expect("it runs");
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
        let codes = said["diagnostics"].as_array().expect("a list").clone();
        let codes = codes.into_iter().filter_map(|one| one["code"].as_str().map(str::to_owned));
        let mut codes: Vec<String> =
            codes.filter(|code| ["E427", "E428", "E429"].contains(&code.as_str())).collect();
        codes.sort_unstable();
        codes
    };
    assert_eq!(told(&text("")), ["E427", "E428"]);
    assert_eq!(
        told(&text("case sensitive = yes\nveto files = /*.tmp/\noplocks = no")),
        ["E428", "E428", "E429"]
    );
    assert_eq!(told("[OQS]\npath = /nowhere/else\n"), [""; 0]);
    // A file that includes itself ends.
    assert_eq!(told(&format!("include = {}\n", settings.display())), [""; 0]);
    let missing = command().args(["doctor", "--samba", "/nowhere/x"]).arg(&root).output();
    assert_eq!(missing.expect("it runs").status.code(), Some(3));
}
