//! Configurations that cannot be read: one diagnostic with its place, the run goes on, and
//! nothing that depends on the router is proved.

use std::fs::{self, File};
use std::path::Path;

use crate::run::{Checked, check, command, copy, finish, folder, replace, root, sekisho};

/// Rules that hold whatever a router does: they read what the site file says of the machines.
const OF_MACHINES_ALONE: [&str; 4] = ["F008", "F013", "T121", "X002"];

/// Line of the site file that names `config`.
fn line_of(site: &Path, config: &str) -> usize {
    let text = fs::read_to_string(site.join("site.toml")).expect("the site file is there");
    let at = text
        .lines()
        .position(|line| line.contains(&format!("config = \"{config}\"")))
        .expect("the router is declared");
    at + 1
}

/// That `code` is said once at the line that names `config`, and that nothing is proved.
fn assert_unread(site: &Path, config: &str, code: &str) -> Checked {
    let checked = check(site);
    assert_at(&checked, site, line_of(site, config), code);
    checked
}

fn assert_at(checked: &Checked, site: &Path, line: usize, code: &str) {
    let place = format!("{}:{line}", site.join("site.toml").display());
    let said: Vec<_> = checked.said().into_iter().filter(|(one, _)| one == code).collect();
    assert_eq!(said, [(code.to_owned(), place)], "{:#?}", checked.said());
    let proved = checked.requirements("proved");
    // Codes of equipment and of what is over: rules that read no router.
    let is_of_machines =
        |one: &&str| OF_MACHINES_ALONE.contains(one) || one.starts_with(['E', 'L']);
    assert!(proved.iter().all(is_of_machines), "{proved:?}");
    let all = ["proved", "refuted", "unknown"].map(|one| checked.requirements(one).len());
    let clean = check(Path::new("examples/ipvpn-separate-yamaha")).requirements("proved").len();
    assert_eq!(all.iter().sum::<usize>(), clean, "every requirement is judged");
    // Nothing is known of the router, so nothing is refuted either.
    assert_eq!(checked.code, 2, "{:?}", checked.requirements("refuted"));
}

#[test]
fn a_configuration_that_is_not_there() {
    for config in ["router-a.conf", "router-b.conf"] {
        let site = copy(&format!("missing-{config}"));
        fs::remove_file(site.join(config)).expect("it was just copied");
        assert_unread(&site, config, "P111");
    }
}

#[test]
fn both_configurations_missing_are_both_reported() {
    let site = copy("missing-both");
    for config in ["router-a.conf", "router-b.conf"] {
        fs::remove_file(site.join(config)).expect("it was just copied");
    }
    let said = check(&site).said();
    assert_eq!(said.iter().filter(|(code, _)| code == "P111").count(), 2, "{said:#?}");
}

#[test]
fn a_folder_instead_of_a_configuration() {
    let site = copy("folder-for-file");
    fs::remove_file(site.join("router-a.conf")).expect("it was just copied");
    fs::create_dir(site.join("router-a.conf")).expect("the folder is this test's own");
    assert_unread(&site, "router-a.conf", "P111");
}

/// The folder of the site file itself, however it is written.
#[test]
fn the_folder_itself_as_a_configuration() {
    for name in [".", "./", "./."] {
        let site = copy("folder-itself");
        let line = replace(
            &site.join("site.toml"),
            "config = \"router-a.conf\"",
            &format!("config = \"{name}\""),
        );
        let line = usize::try_from(line).expect("the file is short");
        assert_at(&check(&site), &site, line, "P111");
    }
}

/// A file that the user may not read. Root may read all, so root runs it as nobody.
#[cfg(unix)]
#[test]
fn a_configuration_that_may_not_be_read() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;

    let site = copy("not-readable");
    let file = site.join("router-b.conf");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).expect("it is this test's own");
    let mut program = command();
    program.args(["check", "--lang", "en", "--on", "2026-11-23"]).arg(&site);
    if fs::metadata(&file).expect("it was just copied").uid() == 0 {
        program.uid(NOBODY).gid(NOBODY);
    }
    let ran = finish(&mut program);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    let line = line_of(&site, "router-b.conf");
    assert!(ran.stdout.contains("[P111]"), "{}", ran.stdout);
    assert!(ran.stdout.contains(&format!("site.toml:{line}:")), "{}", ran.stdout);
    let told = ran.stdout.split_whitespace().collect::<Vec<&str>>().join(" ");
    assert!(told.contains("permission denied"), "{}", ran.stdout);
    for (proved, code) in [(true, "F008"), (false, "F003"), (false, "F009")] {
        let is_proved = |line: &str| line.starts_with("proved") && line.contains(code);
        assert_eq!(ran.stdout.lines().any(|line| is_proved(line.trim())), proved, "{code}");
    }
}

/// The user who owns nothing.
#[cfg(unix)]
const NOBODY: u32 = 65_534;

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere() {
    let site = copy("dangling-link");
    fs::remove_file(site.join("router-b.conf")).expect("it was just copied");
    std::os::unix::fs::symlink("nowhere.conf", site.join("router-b.conf")).expect("links work");
    assert_unread(&site, "router-b.conf", "P111");
}

#[test]
fn an_empty_configuration() {
    let site = copy("empty");
    fs::write(site.join("router-a.conf"), "").expect("the folder is this test's own");
    assert_unread(&site, "router-a.conf", "P102");
}

#[test]
fn a_configuration_of_blanks_and_comments_only() {
    let site = copy("blank");
    fs::write(site.join("router-b.conf"), "# none\n\n  \n").expect("the folder is its own");
    let checked = check(&site);
    assert_ne!(checked.code, 0);
    let proved = checked.requirements("proved");
    assert!(!proved.contains(&"F009") && !proved.contains(&"F005"), "{proved:?}");
}

#[test]
fn a_configuration_that_is_no_text() {
    let site = copy("garbage");
    // A linear congruential generator: bytes of every value, the same on every run.
    let mut state = 1_u32;
    let bytes: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    })
    .take(4_096)
    .collect();
    fs::write(site.join("router-b.conf"), bytes).expect("the folder is this test's own");
    assert_unread(&site, "router-b.conf", "P101");
}

/// A hundred megabytes that take no room on the disk.
#[test]
fn a_huge_configuration_is_not_read() {
    let site = copy("huge");
    let file = File::create(site.join("router-a.conf")).expect("the folder is this test's own");
    file.set_len(100 << 20).expect("sparse files can be made");
    assert_unread(&site, "router-a.conf", "P100");
}

/// The same with all memory of the process bounded well below the size of the file.
#[cfg(target_os = "linux")]
#[test]
fn a_huge_configuration_fits_in_little_memory() {
    let site = copy("huge-bounded");
    let file = File::create(site.join("router-a.conf")).expect("the folder is this test's own");
    file.set_len(1 << 30).expect("sparse files can be made");
    let program = command();
    let mut shell = std::process::Command::new("sh");
    // Kilobytes of address space: a quarter of the file. The allocator reserves more than it uses.
    shell.arg("-c").arg("ulimit -v 262144; exec \"$0\" check \"$1\"");
    shell.arg(program.get_program()).arg(&site).current_dir(&site);
    let ran = finish(&mut shell);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stdout.contains("P100"), "{}", ran.stdout);
}

#[test]
fn a_vendor_that_is_not_known() {
    let site = copy("vendor");
    let file = site.join("site.toml");
    let old = "role = \"router-a\"\nvendor = \"yamaha-rtx\"";
    let line = replace(&file, old, "role = \"router-a\"\nvendor = \"yamaha-rtz\"") + 1;
    let checked = check(&site);
    assert_at(&checked, &site, usize::try_from(line).expect("few lines"), "P112");
}

#[test]
fn a_site_file_that_is_not_there() {
    let site = folder("nothing");
    let mut command = command();
    command.arg("check").arg(&site);
    let ran = finish(&mut command);
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""));
    assert!(
        ran.stderr.contains("site.toml") && ran.stderr.contains("sekisho new"),
        "{}",
        ran.stderr
    );
}

/// Runs the binary and ends it after some seconds: a reader that waits for a pipe would wait for
/// ever.
#[cfg(unix)]
fn within_seconds(arguments: &[&str]) -> crate::run::Ran {
    let program = command();
    let mut bounded = std::process::Command::new("timeout");
    bounded.arg("10").arg(program.get_program()).args(arguments).current_dir(crate::run::root());
    finish(&mut bounded)
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_refused_and_not_waited_for() {
    let site = copy("pipe");
    let pipe = site.join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is there");
    assert!(made.success());
    let shown = pipe.to_str().expect("test folders have plain names");
    for arguments in [
        &["check", shown][..],
        &["check", "/dev/zero"],
        &["fmt", shown],
        &["due", shown],
        &["draw", shown],
        &["link", "sweep", ".", "--policy", shown],
        &["link", "doctor", ".", "--config", shown],
        &["link", "emulate", "--root", ".", "--scenario", shown],
    ] {
        for (lang, words) in [("ja", "パイプやデバイスです"), ("en", "a pipe or a device")]
        {
            let mut all = vec!["--lang", lang];
            all.extend(arguments);
            let ran = within_seconds(&all);
            assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{arguments:?}");
            // Lines break wherever the width asks for it.
            let flat = |text: &str| text.replace(['\n', ' '], "");
            assert!(flat(&ran.stderr).contains(&flat(words)), "{arguments:?}: {}", ran.stderr);
            assert!(!ran.stderr.contains("sekisho new"), "{arguments:?}: {}", ran.stderr);
        }
    }
    let file = site.join("site.toml");
    let original = fs::read_to_string(&file).expect("it was just copied");
    for (old, new) in [
        ("config = \"router-a.conf\"", "config = \"pipe\""),
        ("evidence = \"evidence.json\"", "evidence = \"pipe\""),
        ("edition = \"2021\"", "edition = \"2021\"\npacks = [\"pipe\"]"),
    ] {
        fs::write(&file, original.replace(old, new)).expect("the folder is this test's own");
        let folder = site.to_str().expect("test folders have plain names");
        let ran = within_seconds(&["check", folder, "--on", "2026-11-23", "--lang", "ja"]);
        assert_ne!(ran.code, 0, "{new}: {}", ran.stdout);
        assert!(ran.code <= 3, "{new}: it was waited for");
        let flat = ran.stdout.replace(['\n', ' '], "");
        assert!(flat.contains("パイプやデバイスです"), "{new}: {}", ran.stdout);
    }
}

#[test]
fn what_the_system_refused_is_told_in_the_users_language() {
    let site = copy("os-error");
    fs::remove_file(site.join("router-a.conf")).expect("it was just copied");
    let path = site.to_str().expect("test folders have plain names");
    let told = |lang| sekisho(&["check", path, "--lang", lang]).stdout.replace(['\n', ' '], "");
    assert!(told("ja").contains("ファイルまたはフォルダーがありません（OSのエラー2）"));
    assert!(told("en").contains("nosuchfileorfolder(oserror2)"));
    // Only a file that is not there is to be made anew.
    let below = format!("{path}/site.toml/site.toml");
    for (path, is_missing) in [("/nowhere/site.toml", true), (below.as_str(), false)] {
        let ran = sekisho(&["check", path, "--lang", "ja"]);
        assert_eq!(ran.code, 3);
        assert_eq!(ran.stderr.contains("sekisho new"), is_missing, "{}", ran.stderr);
        assert!(!ran.stderr.contains("directory"), "{}", ran.stderr);
    }
}

/// The report of a check of `site`, whose file `config` is a log of `lines` lines.
fn report_of_a_log(site: &Path, config: &str, code: &str, lines: usize) -> usize {
    let log = "2026/11/23 10:00:00: [DHCPD] LAN1(port1) Allocates 192.0.2.10\n".repeat(lines);
    fs::write(site.join(config), log).expect("the folder is this test's own");
    let path = site.to_str().expect("test folders have plain names");
    let ran = sekisho(&["check", path, "--lang", "en", "--on", "2026-11-23"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert_eq!(ran.stdout.matches(&format!("error[{code}]")).count(), 1, "{}", ran.stdout);
    ran.stdout.lines().count()
}

/// What is said of a file that is no configuration does not grow with its lines.
#[test]
fn a_log_instead_of_a_configuration() {
    let yamaha = copy("log");
    let few = report_of_a_log(&yamaha, "router-a.conf", "P141", 100);
    assert_eq!(report_of_a_log(&yamaha, "router-a.conf", "P141", 4_000), few);
    let linux = folder("log-linux");
    for file in [
        "site.toml",
        "router-a.nft",
        "router-a.net",
        "router-b.nft",
        "router-b.net",
        "evidence.json",
    ] {
        let from = root().join("examples/ipvpn-separate-linux").join(file);
        fs::copy(from, linux.join(file)).expect("the clean example has this file");
    }
    let few = report_of_a_log(&linux, "router-a.nft", "P211", 100);
    assert_eq!(report_of_a_log(&linux, "router-a.nft", "P211", 4_000), few);
}

/// Of many remarks alike a few are printed, and how many more there are; data has all of them.
#[test]
fn many_remarks_of_a_kind_are_counted() {
    let site = copy("many-notes");
    let file = site.join("router-a.conf");
    let mut text = fs::read_to_string(&file).expect("it was just copied");
    for number in 0..300 {
        text += &format!("ip filter {} pass *\n", 700_000 + number);
    }
    fs::write(&file, text).expect("the folder is this test's own");
    let path = site.to_str().expect("test folders have plain names");
    let ran = sekisho(&["check", path, "--lang", "en", "--on", "2026-11-23"]);
    assert_eq!(ran.stdout.matches("R123").count(), 21, "{}", ran.stdout);
    assert!(ran.stdout.contains("280 more of R123"), "{}", ran.stdout);
    assert_eq!(check(&site).said().iter().filter(|(code, _)| code == "R123").count(), 300);
}
