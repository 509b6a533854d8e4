//! Output that cannot be written is no success, and a site file brings no file into a report that
//! does not stand beside it.

use std::fs::{self, OpenOptions};
use std::io::Read;
use std::os::unix::fs::symlink;
use std::process::Stdio;

use crate::run::{CLEAN, command, copy, folder, replace, sekisho};

/// Commands that write data, all of which end with 0 on the clean example.
const WRITING: [&[&str]; 10] = [
    &["check", CLEAN, "--on", "2026-11-23"],
    &["check", CLEAN, "--on", "2026-11-23", "--format", "json"],
    &["draw", CLEAN, "--on", "2026-11-23"],
    &["due", CLEAN, "--on", "2026-11-23"],
    &["todo", CLEAN, "--on", "2026-11-23"],
    &["ask", CLEAN, "receipt-1 -> terminal-1 tcp/445"],
    &["schema"],
    &["explain"],
    &["man"],
    &["link", "catalogue"],
];

#[test]
fn a_full_disk_is_no_success() {
    for arguments in WRITING {
        let right = command().args(arguments).output().expect("it runs");
        assert_eq!(right.status.code(), Some(0), "{arguments:?}");
        for lang in ["ja", "en"] {
            let full = OpenOptions::new().write(true).open("/dev/full").expect("Linux has one");
            let ran = command()
                .args(["--lang", lang])
                .args(arguments)
                .stdout(full)
                .stderr(Stdio::piped())
                .output()
                .expect("it runs");
            let told = String::from_utf8_lossy(&ran.stderr).into_owned();
            assert_eq!(ran.status.code(), Some(3), "{arguments:?}: {told}");
            let word = if lang == "ja" { "標準出力" } else { "standard output" };
            assert!(told.contains(word), "{arguments:?}: {told}");
        }
    }
}

#[test]
fn help_on_a_full_disk_is_no_success() {
    let full = OpenOptions::new().write(true).open("/dev/full").expect("Linux has one");
    let ran = command().arg("--help").stdout(full).output().expect("it runs");
    assert_eq!(ran.status.code(), Some(3));
}

#[test]
fn a_reader_that_went_away_is_no_fault() {
    for arguments in WRITING {
        let mut child = command()
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        drop(child.stdout.take());
        let mut told = String::new();
        child.stderr.take().expect("it is a pipe").read_to_string(&mut told).expect("it is text");
        let code = child.wait().expect("it ends").code();
        assert_eq!((code, told.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn a_file_elsewhere_is_not_shown() {
    let outside = folder("elsewhere").join("private.conf");
    fs::write(&outside, "PRIVATE-LINE one\nPRIVATE-LINE two\n").expect("it is this test's own");
    let outside = outside.to_str().expect("test folders have plain names").to_owned();
    let site = copy("beside");
    let file = site.join("site.toml");
    let path = site.to_str().expect("test folders have plain names");
    symlink(&outside, site.join("link.conf")).expect("the folder is this test's own");
    symlink(site.join("../elsewhere"), site.join("below")).expect("the folder is its own");
    let original = fs::read_to_string(&file).expect("it was just copied");
    let config = "config = \"router-a.conf\"";
    let evidence = "evidence = \"evidence.json\"";
    for name in
        [&outside, "../elsewhere/private.conf", "link.conf", "below/private.conf", "../nothing"]
    {
        for (old, new) in [
            (config, format!("config = \"{name}\"")),
            (evidence, format!("evidence = \"{name}\"")),
            ("edition = \"2021\"", format!("edition = \"2021\"\npacks = [\"{name}\"]")),
        ] {
            fs::write(&file, &original).expect("the folder is this test's own");
            replace(&file, old, &new);
            for arguments in [
                &["check", path, "--on", "2026-11-23", "--lang", "en"][..],
                &["check", path, "--on", "2026-11-23", "--format", "json"],
                &["due", path, "--on", "2026-11-23"],
                &["todo", path, "--on", "2026-11-23"],
                &["ask", path, "receipt-1 -> terminal-1 tcp/445"],
                &["draw", path, "--on", "2026-11-23"],
            ] {
                let ran = sekisho(arguments);
                let all = ran.stdout + &ran.stderr;
                assert!(!all.contains("PRIVATE-LINE"), "{arguments:?} with {new}: {all}");
                if arguments[0] == "check" {
                    assert!(ran.code != 0, "{new} is not noticed");
                }
                if arguments.contains(&"json") {
                    assert!(all.contains("outside the folder"), "{new}: {all}");
                }
            }
        }
    }
    // Links that stay in the folder, and folders below, are the site's own.
    fs::write(&file, &original).expect("the folder is this test's own");
    fs::create_dir(site.join("configs")).expect("the folder is this test's own");
    fs::rename(site.join("router-a.conf"), site.join("configs/a.conf")).expect("it was copied");
    symlink("configs/a.conf", site.join("current.conf")).expect("the folder is its own");
    replace(&file, config, "config = \"current.conf\"");
    assert_eq!(sekisho(&["check", path, "--on", "2026-11-23"]).code, 0);
}
