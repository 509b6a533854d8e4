//! The tasks, tried on small workspaces in `fixtures/`: one that is right, one that breaks
//! every rule of the layers. Changes are made to copies in a temporary folder.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
#![allow(clippy::print_stdout, reason = "a test that skips something says so")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use xtask::new::Addition;
use xtask::problem::{Level, Problem};
use xtask::test::count::{self, Tally};
use xtask::{bench, generate, help, layers, new, tidy, tree, windows};

/// A copy of the right workspace that goes away at the end of the test.
struct Copy(PathBuf);

impl Copy {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("sekisho-xtask-{}-{number}", std::process::id());
        let copy = Self(std::env::temp_dir().join(name));
        for file in tree::files(&fixture("good"), "").unwrap() {
            copy.write(&file, fs::read(fixture("good").join(&file)).unwrap());
        }
        copy
    }

    fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Every file with its content.
    fn content(&self) -> BTreeMap<String, Vec<u8>> {
        let files = tree::files(&self.0, "").unwrap().into_iter();
        files.map(|file| (file.clone(), fs::read(self.0.join(file)).unwrap())).collect()
    }

    fn tidy(&self) -> Vec<Problem> {
        tidy::check(&self.0, &tree::files(&self.0, "").unwrap())
    }

    /// What tidy says when one more file is there.
    fn tidy_with(&self, file: &str, content: impl AsRef<[u8]>) -> String {
        self.write(file, content);
        let problems = self.tidy();
        fs::remove_file(self.0.join(file)).unwrap();
        lines(&problems)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

#[test]
fn layers_accepts_the_right_workspace() {
    assert_eq!(lines(&layers::check(&fixture("good"))), "");
}

#[test]
fn layers_names_every_forbidden_import_with_its_line_and_remedy() {
    let root = fixture("forbidden-import");
    let expected = fs::read_to_string(root.join("expected.txt")).unwrap();
    assert_eq!(lines(&layers::check(&root)), expected);
}

#[test]
fn layers_asks_for_a_table_and_for_names_that_it_has() {
    let copy = Copy::new();
    let manifest = fs::read_to_string(copy.0.join("Cargo.toml")).unwrap();
    copy.write("Cargo.toml", manifest.replace("only = [\"model\"", "only = [\"modell\""));
    let found = lines(&layers::check(&copy.0));
    assert!(
        found.contains("Cargo.toml:11: `oracle` names `modell`, which has no layer"),
        "{found}"
    );
    copy.write("Cargo.toml", "[workspace]\n");
    let found = lines(&layers::check(&copy.0));
    assert!(found.contains("no table `[workspace.metadata.layers]`"), "{found}");
}

#[test]
fn the_program_fails_with_one_line_a_problem() {
    let run = |words: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let output = program.args(words).current_dir(fixture("good")).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let manifest = fixture("forbidden-import").join("Cargo.toml");
    let (code, errors) = run(&["layers", "--manifest", manifest.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert_eq!(errors, fs::read_to_string(manifest.with_file_name("expected.txt")).unwrap());
    assert_eq!(run(&["layers"]), (Some(0), String::new()));
    assert_eq!(run(&["generate", "--check"]), (Some(0), String::new()));
    let (code, errors) = run(&["generat"]);
    assert_eq!(code, Some(1));
    assert_eq!(errors, "cargo xtask:1: no task understands `generat`; see `cargo xtask help`\n");
}

#[test]
fn generated_files_are_fresh_until_a_folder_comes_or_goes() {
    let copy = Copy::new();
    assert_eq!(lines(&generate::check(&copy.0)), "");
    fs::remove_dir_all(copy.0.join("crates/pattern/patterns/ipsec.shared")).unwrap();
    fs::remove_dir_all(copy.0.join("crates/rule/src/missing_route")).unwrap();
    let stale = lines(&generate::check(&copy.0));
    assert_eq!(stale.lines().count(), 3, "{stale}");
    assert!(stale.contains("crates/pattern/src/registry.rs:1: is not what the folders say; run"));
    let changed = generate::write(&copy.0).unwrap();
    let expected =
        ["crates/rule/src/registry.rs", "crates/pattern/src/registry.rs", "docs/rules/README.md"];
    assert_eq!(changed, expected);
    assert_eq!(lines(&generate::check(&copy.0)), "");
    assert!(generate::write(&copy.0).unwrap().is_empty());
}

#[test]
fn the_rule_index_is_sorted_by_code_and_quotes_the_first_paragraph() {
    let page = fs::read_to_string(fixture("good").join("docs/rules/README.md")).unwrap();
    let rows: Vec<&str> = page.lines().skip(6).collect();
    let link = "../../crates/rule/src";
    let first = format!(
        "| [F003]({link}/terminal_initiated_session/README.md) | `terminal-initiated-session` | \
         The eligibility terminal can open a session to the claims computer. |"
    );
    let second = format!(
        "| [R001]({link}/missing_route/README.md) | `missing-route` | \
         資格確認端末への経路がありません。 |"
    );
    assert_eq!(rows, [first, second]);
}

#[test]
fn generate_refuses_folders_from_which_nothing_right_follows() {
    let said = |file: &str, content: &str| {
        let copy = Copy::new();
        copy.write(file, content);
        lines(&generate::check(&copy.0))
    };
    let rule = |code: &str, name: &str| {
        let start = "//! X.\npub static RULE: Rule = Rule {\n";
        format!("{start}    code: \"{code}\",\n    name: \"{name}\",\n}};\n")
    };
    let found = said("crates/device/src/empty/notes.txt", "");
    assert!(found.contains("crates/device/src/empty:1: folder has no `mod.rs`; add"), "{found}");
    let found = said("crates/device/src/Not-Snake/mod.rs", "");
    assert!(found.contains("folder name is not snake_case; rename"), "{found}");
    let found = said("crates/pattern/patterns/x/README.md", "# x\n");
    assert!(found.contains("folder has no `pattern.toml`"), "{found}");
    let path = "crates/rule/src/missing_route/mod.rs";
    let found = said(path, &rule("F003", "missing-route"));
    assert!(found.contains("`F003` is already the rule in"), "{found}");
    let found = said(path, &rule("Q003", "missing-route"));
    assert!(found.contains("mod.rs:3: `Q003` is not a rule code"), "{found}");
    let found = said(path, &rule("R001", "missing-way"));
    assert!(found.contains("mod.rs:4: rule `missing-way` stands in the folder"), "{found}");
    let found = said(path, "//! X.\n");
    assert!(found.contains("no line `code: \"...\",`"), "{found}");
    let found = said("crates/rule/src/missing_route/README.md", "# Title\n");
    assert!(found.contains("README.md:1: no first paragraph"), "{found}");
}

#[test]
fn generated_rust_is_what_rustfmt_writes() {
    let copy = Copy::new();
    assert_formatted(&copy);
    new::add(&copy.0, Addition::Vendor("b-vendor")).unwrap();
    fs::remove_dir_all(copy.0.join("crates/rule/src/missing_route")).unwrap();
    fs::remove_dir_all(copy.0.join("crates/pattern/patterns/ipsec.shared")).unwrap();
    assert_formatted(&copy);
    for code in 10..16 {
        let (name, code) = (format!("very-long-name-of-a-rule-{code}"), format!("F0{code}"));
        new::add(&copy.0, Addition::Rule(&name, &code)).unwrap();
    }
    for vendor in ["yamaha_rtx", "b_vendor"] {
        fs::remove_dir_all(copy.0.join("crates/device/src").join(vendor)).unwrap();
    }
    fs::remove_dir_all(copy.0.join("crates/pattern/patterns/ipvpn.separate")).unwrap();
    assert_formatted(&copy);
    let long = "a-vendor-with-a-name-that-is-much-longer-than-anybody-would-ever-choose";
    new::add(&copy.0, Addition::Vendor(long)).unwrap();
    new::add(&copy.0, Addition::Pattern("a")).unwrap();
    new::add(&copy.0, Addition::Pattern("b")).unwrap();
    assert_formatted(&copy);
}

/// Generates, and asks rustfmt whether it would write the registries in another way.
fn assert_formatted(copy: &Copy) {
    generate::write(&copy.0).unwrap();
    copy.write("rustfmt.toml", include_str!("../../rustfmt.toml"));
    for name in ["device", "rule", "pattern"] {
        let path = copy.0.join(format!("crates/{name}/src/registry.rs"));
        let mut rustfmt = Command::new("rustfmt");
        // From standard input rustfmt does not follow the modules.
        rustfmt.args(["--edition", "2024", "--emit", "stdout"]).current_dir(&copy.0);
        match rustfmt.stdin(fs::File::open(&path).unwrap()).output() {
            Ok(output) => {
                let formatted = String::from_utf8_lossy(&output.stdout).into_owned();
                assert_eq!(formatted, fs::read_to_string(&path).unwrap());
            }
            Err(error) if std::env::var("CI").is_err() => println!("skipping rustfmt: {error}"),
            Err(error) => panic!("rustfmt: {error}"),
        }
    }
}

#[test]
fn new_adds_one_folder_and_changes_generated_files_only() {
    let rule = Addition::Rule("unrestricted-outbound", "F009");
    let pages = ["crates/rule/src/registry.rs", "docs/rules/README.md"];
    assert_adds(rule, "crates/rule/src/unrestricted_outbound", 3, &pages);
    let pages = ["crates/device/src/registry.rs"];
    assert_adds(Addition::Vendor("nec-ix"), "crates/device/src/nec_ix", 7, &pages);
    let pages = ["crates/pattern/src/registry.rs"];
    let folder = "crates/pattern/patterns/ipvpn.one-line";
    assert_adds(Addition::Pattern("ipvpn.one-line"), folder, 3, &pages);
}

fn assert_adds(addition: Addition<'_>, folder: &str, files: usize, changed: &[&str]) {
    let copy = Copy::new();
    let before = copy.content();
    new::add(&copy.0, addition).unwrap();
    let after = copy.content();
    let added: Vec<&String> = after.keys().filter(|file| !before.contains_key(*file)).collect();
    assert_eq!(added.len(), files);
    assert!(added.iter().all(|file| file.starts_with(&format!("{folder}/"))), "{added:?}");
    for file in added {
        assert!(!String::from_utf8_lossy(&after[file]).contains("{{"), "{file}");
    }
    let is_changed = |file: &&String| after.get(*file) != before.get(*file);
    assert_eq!(before.keys().filter(is_changed).collect::<Vec<_>>(), changed);
    assert_eq!(lines(&generate::check(&copy.0)), "");
    assert_eq!(lines(&copy.tidy()), "");
}

#[test]
fn new_refuses_what_is_taken_or_no_name_and_then_changes_nothing() {
    let copy = Copy::new();
    let before = copy.content();
    let refused = |addition, why: &str| {
        let found = lines(&new::add(&copy.0, addition).unwrap_err());
        assert!(found.contains(why), "{found}");
    };
    refused(Addition::Rule("other", "F003"), "already the rule `terminal-initiated-session`");
    refused(Addition::Rule("other", "F3"), "`F3` is not a rule code");
    refused(Addition::Rule("missing-route", "F004"), "exists already");
    refused(Addition::Rule("Not_Kebab", "F004"), "cannot be used as a name");
    refused(Addition::Vendor("registry"), "cannot be used as a name");
    refused(Addition::Vendor("a.b"), "cannot be used as a name");
    refused(Addition::Pattern("../x"), "cannot be used as a name");
    assert_eq!(copy.content(), before);
}

#[test]
fn tidy_looks_at_the_form_of_our_own_text() {
    let copy = Copy::new();
    assert_eq!(lines(&copy.tidy()), "");
    let rust = |body: &str| copy.tidy_with("crates/diag/src/a.rs", format!("//! A.\n{body}\n"));
    let long = "資".repeat(50);
    assert_eq!(rust(&format!("// {}", &long[..48 * 3])), "");
    assert!(rust(&format!("// {long}")).contains("a.rs:2: width: 103 columns"));
    assert_eq!(rust(&format!("    \"{long}\",")), "");
    assert_eq!(rust(&format!("// https://example.com/{}", "a".repeat(100))), "");
    assert!(rust("// FIXME").contains("a.rs:2: unfinished: `FIXME`; do it"));
    assert!(rust("// a \n\tb").contains("a.rs:2: space:"));
    assert!(rust("// a\n\tb").contains("a.rs:3: tab:"));
    assert!(rust("\n").contains("newline:"));
    assert!(copy.tidy_with("crates/diag/src/a.rs", "// A.\n").contains("a.rs:1: header:"));
    let spelt = concat!("サー", "バーです\n");
    assert!(copy.tidy_with("docs/a.md", spelt).contains("a.md:1: spelling:"));
    assert_eq!(copy.tidy_with("docs/a.md", "ルータとサーバとベンダのインターフェースです\n"), "");
    assert!(copy.tidy_with("docs/a.md", "no line feed").contains("a.md:1: newline:"));
    assert_eq!(copy.tidy_with("docs/a.conf", "as the\tdevice wrote it \r\n"), "");
    assert!(rust(&"// a\n".repeat(499)).contains("warning: size:"));
    assert!(rust(&"// a\n".repeat(800)).contains("rs:802: size:"));
    copy.write("crates/diag/src/a.rs", format!("//! A.\n{}", "// a\n".repeat(500)));
    assert!(copy.tidy().iter().all(|problem| problem.level == Level::Warning));
}

#[test]
fn tidy_finds_unit_tests_that_nobody_runs() {
    let copy = Copy::new();
    let source = "//! A.\n\n#[test]\nfn a() {}\n";
    assert_eq!(copy.tidy_with("crates/idle/src/a.rs", source), "");
    copy.write("crates/idle/Cargo.toml", "[lib]\nname = \"idle\"\ntest = false\n");
    let found = copy.tidy_with("crates/idle/src/a.rs", source);
    assert!(found.contains("crates/idle/src/a.rs:3: idle: nobody runs this test"), "{found}");
    assert_eq!(copy.tidy_with("crates/idle/tests/a.rs", source), "");
    assert_eq!(copy.tidy_with("crates/idle/src/b/a.rs", "//! A.\n"), "");
}

#[test]
fn tidy_wants_complete_folders() {
    for file in [
        "crates/rule/src/missing_route/cases.md",
        "crates/device/src/yamaha_rtx/lower.rs",
        "crates/device/src/yamaha_rtx/cases/first.md",
        "crates/pattern/patterns/ipsec.shared/README.md",
    ] {
        let copy = Copy::new();
        fs::remove_file(copy.0.join(file)).unwrap();
        let found = lines(&copy.tidy());
        assert!(found.contains(": folder: no `"), "{file}: {found}");
    }
}

#[test]
fn tidy_finds_addresses_that_may_be_somebodys() {
    let copy = Copy::new();
    let case = |line: &str| copy.tidy_with("examples/a/router.conf", format!("{line}\n"));
    for fine in [
        "192.0.2.0/24 198.51.100.1-198.51.100.9 203.0.113.7:445 0.0.0.0/0 0.0.0.255",
        "127.0.0.1 224.0.0.1 255.255.255.0 15.02.22 1.3.6.1.4.1 192.0.2.*",
        "ip filter 1 reject 10.0.0.0/8 * * * *",
        "2001:db8::1 fe80::1%lan1 ff02::1 fc00::/7 ::/0 ::1 64:ff9b::1 2000::/3 12:30:45",
    ] {
        assert_eq!(case(fine), "", "{fine}");
    }
    for (foreign, word) in [
        ("ip route default gateway 192.168.1.1", "192.168.1.1"),
        ("ip filter 1 reject 8.8.8.8 * * * *", "8.8.8.8"),
        ("peer:172.16.0.1.", "peer:172.16.0.1."),
        ("ipv6 2400:4050::1/64", "2400:4050::1"),
    ] {
        let found = case(foreign);
        assert!(found.contains(&format!("router.conf:1: address: `{word}`")), "{found}");
    }
    let test = "//! A.\nfn a() { Add::add(\"10.0.0.1\"); }\n";
    let found = copy.tidy_with("crates/diag/tests/a.rs", test);
    assert!(found.contains("a.rs:2: address: `10.0.0.1`") && !found.contains("Add"), "{found}");
    assert_eq!(copy.tidy_with("docs/a.md", "Not an example: 10.0.0.1\n"), "");
}

#[test]
fn tidy_finds_secrets_anywhere() {
    let copy = Copy::new();
    let found = copy.tidy_with("docs/a.md", "ipsec ike pre-shared-key 1 text himitsu\n");
    assert!(found.contains("docs/a.md:1: secret: a pre-shared key; write REDACTED"), "{found}");
    let key = b"\xff\n-----BEGIN RSA PRIVATE KEY-----\n";
    assert!(copy.tidy_with("a.pem", key).contains("a.pem:2: secret: a private key"));
    assert_eq!(copy.tidy_with("a.conf", "ipsec ike pre-shared-key 1 text EXAMPLE-KEY\n"), "");
}

#[test]
fn tidy_takes_exceptions_with_a_reason_that_something_needs() {
    let copy = Copy::new();
    copy.write("examples/a/router.conf", "10.0.0.1\n");
    assert_eq!(copy.tidy().len(), 1);
    copy.write(tidy::ALLOW, "# comment\naddress examples/**.conf a reason\n");
    assert_eq!(lines(&copy.tidy()), "");
    copy.write(tidy::ALLOW, "secret examples/* a reason\naddress examples/**\n");
    let found = lines(&copy.tidy());
    assert!(found.contains("tidy-allow.txt:1: nothing needs the exception"), "{found}");
    assert!(found.contains("tidy-allow.txt:2: exception without a reason"), "{found}");
    assert!(found.contains("router.conf:1: address"), "{found}");
}

#[test]
fn results_of_both_test_runners_are_counted() {
    let tally = |passed, failed, skipped| Tally { passed, failed, skipped };
    let line = |text: &str| count::of_nextest(&format!("x\n     Summary [   0.012s] {text}\ny\n"));
    assert_eq!(line("1 test run: 1 passed, 0 skipped"), tally(1, 0, 0));
    let text = "9 tests run: 5 passed (1 slow, 1 leaky), 2 failed, 2 timed out, 4 skipped";
    assert_eq!(line(text), tally(5, 4, 4));
    assert_eq!(line("3/9 tests run: 2 passed, 1 failed, 6 skipped"), tally(2, 1, 6));
    assert_eq!(count::of_nextest("error: could not compile"), tally(0, 0, 0));
    let output = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
                  test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";
    assert_eq!(count::of_cargo_test(output), tally(4, 2, 1));
}

#[test]
fn the_last_line_counts_and_ci_forbids_skipping() {
    let mut tally = Tally { passed: 3, failed: 0, skipped: 0 };
    assert_eq!(count::conclusion(&tally, true), (true, "3 passed, 0 failed".to_owned()));
    tally.skipped = 2;
    let (is_passed, lines) = count::conclusion(&tally, false);
    assert_eq!((is_passed, lines.lines().last()), (true, Some("3 passed, 0 failed")));
    let (is_passed, lines) = count::conclusion(&tally, true);
    assert_eq!((is_passed, lines.lines().last()), (false, Some("3 passed, 2 failed")));
    assert!(lines.contains("CI: nothing may be skipped\n"));
    tally.add(&Tally::default(), false);
    assert_eq!(tally.failed, 1, "a run that did not compile is a failure");
}

#[test]
fn the_mirror_of_the_machine_is_found_in_both_forms_of_its_lists() {
    let deb822 = "Types: deb\n# URIs: http://old.invalid/debian\nURIs: http://a.invalid/debian\n";
    let found = windows::mirror_in(deb822);
    assert_eq!(found.as_deref(), Some("http://a.invalid/debian"));
    let line = "deb [arch=amd64] http://b.invalid/debian/ stable main\n";
    assert_eq!(windows::mirror_in(line).as_deref(), Some("http://b.invalid/debian/"));
    assert_eq!(windows::mirror_in("deb http://c.invalid/other stable main\n"), None);
}

#[test]
fn the_benchmark_block_is_replaced_and_dated() {
    let page = "# P\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nrest\n";
    let expected = "# P\n<!-- bench:begin -->\nnew\n<!-- bench:end -->\nrest\n";
    assert_eq!(bench::replace_block(page, "new  \n").unwrap(), expected);
    assert!(bench::replace_block("# P\n", "new").is_err());
    let dates = [0, 59, 789, 19_782, 20_088].map(bench::date);
    assert_eq!(dates, ["1970-01-01", "1970-03-01", "1972-02-29", "2024-02-29", "2024-12-31"]);
}

#[test]
fn help_lists_every_task() {
    for task in ["generate", "new rule", "new vendor", "new pattern", "layers", "tidy", "test, ci"]
    {
        assert!(help::TEXT.contains(&format!("\n  {task} ")), "{task}");
    }
}
