//! Names of files and folders, and what stands in files of the user, speak to no terminal.

use std::fs;
use std::process::Command;

use crate::place::Place;
use crate::terminal::{command, root};

const HOSTILE: [&str; 5] =
    ["\u{1b}]0;x\u{7}.xml", "del\u{1b}[31m.txt", "a\u{9b}31m.xml", "\u{202e}lmx.a", "a\nb\r.xml"];

fn assert_shown(command: &mut Command) {
    let output = command.env("CLICOLOR_FORCE", "1").output().expect("it runs");
    let all = [output.stdout, output.stderr].concat();
    let all = String::from_utf8(all).expect("all output is UTF-8");
    let hidden = all.chars().find(|letter| diag::is_hidden(*letter) && *letter != '\n');
    assert_eq!(hidden, None, "{command:?}: {all}");
}

#[test]
fn no_name_speaks_to_the_terminal() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("state");
    // Linux takes any name, Windows none with controls of ASCII.
    let is_possible = |name: &&str| cfg!(unix) || !name.contains(|letter| letter < ' ');
    for name in HOSTILE.into_iter().filter(is_possible) {
        fs::write(root.join("res").join(name), "x").expect("the system takes it");
        fs::create_dir(root.join(format!("{name}.lock"))).expect("the system takes it");
    }
    for lang in ["ja", "en"] {
        for words in [
            &["sweep", "--all", "--names"][..],
            &["sweep", "--all", "--names", "--format", "json"],
            &["sweep", "--apply", "--all", "--names"],
        ] {
            assert_shown(command().args(words).arg(&root).arg("--state").arg(&state));
        }
        assert_shown(command().args(["--lang", lang, "doctor"]).arg(&root));
        assert_shown(command().args(["--lang", lang, "name"]).args(HOSTILE));
        assert_shown(command().args(["ack", "--state"]).arg(&state).args(HOSTILE));
        for name in HOSTILE {
            assert_shown(command().args(["status", name, "--state"]).arg(&state));
            assert_shown(command().args(["verify-log", "--state", name]));
        }
    }
}

#[test]
fn no_file_of_the_user_speaks_to_the_terminal() {
    let place = Place::new();
    let root = root(&place);
    let state = place.path().join("state");
    let file = place.path().join("file");
    for name in HOSTILE {
        let keys = format!("{:?} = {:?}", "k\u{1b}[2J", "v\u{9b}");
        for content in [
            format!("[retention]\n\"{}\" = 1\n", name.escape_unicode()),
            format!("[site]\nname = \"{}\"\n", name.escape_debug()),
            name.to_owned(),
            keys,
        ] {
            fs::write(&file, content).expect("the file is this test's own");
            let of_policy = |words: &[&str]| {
                let mut command = command();
                command.args(words).arg(&root).arg("--policy").arg(&file);
                assert_shown(command.arg("--state").arg(&state));
            };
            of_policy(&["sweep"]);
            of_policy(&["evidence", "--since", "2026-01-01"]);
            assert_shown(
                command()
                    .args(["emulate", "--simulate", "--root"])
                    .arg(&root)
                    .arg("--scenario")
                    .arg(&file),
            );
            assert_shown(
                command()
                    .args(["ask", "--timeout", "0", "--institution", "9910000000", "--root"])
                    .arg(&root)
                    .arg("--state")
                    .arg(&state)
                    .arg(&file),
            );
        }
    }
}
