//! The command line speaks one language at a time: help, mistakes, completions and the manual.

use std::process::Command;

use unicode_width::UnicodeWidthStr;

use crate::run::{CLEAN, Ran, command, finish, sekisho};

/// Whether `text` holds a kana or a Chinese character.
fn is_japanese(text: &str) -> bool {
    text.chars().any(|letter| matches!(letter, 'ぁ'..='ヿ' | '一'..='鿿'))
}

/// Help of `path` and of all commands below it.
fn all_help(path: &[&str], lang: &str, visit: &mut dyn FnMut(&str, &str)) {
    let mut arguments = path.to_vec();
    arguments.extend(["--help", "--lang", lang]);
    let ran = sekisho(&arguments);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{path:?}");
    visit(&path.join(" "), &ran.stdout);
    let head = if lang == "ja" { "コマンド:" } else { "Commands:" };
    let commands = ran.stdout.lines().skip_while(|line| *line != head).skip(1);
    for line in commands.take_while(|line| !line.is_empty()) {
        let is_first = line.starts_with("  ") && !line.starts_with("   ");
        let name = line.split_whitespace().next().filter(|name| is_first && *name != "help");
        if let Some(name) = name {
            let mut below = path.to_vec();
            below.push(name);
            all_help(&below, lang, visit);
        }
    }
}

#[test]
fn help_is_in_one_language_and_fits_the_terminal() {
    for lang in ["ja", "en"] {
        let mut seen = 0;
        all_help(&[], lang, &mut |path, help| {
            seen += 1;
            assert_eq!(is_japanese(help), lang == "ja", "{path}: {help}");
            for line in help.lines() {
                assert!(line.width() <= 80, "{path}: {line}");
                assert!(!line.contains(" / "), "{path}: {line}");
            }
            if lang == "ja" {
                for word in ["Usage", "Options", "Commands", "Print", "possible", "default"] {
                    assert!(!help.contains(word), "{path}: {word}: {help}");
                }
                for row in help.lines().filter(|line| line.trim_start().starts_with("--")) {
                    let is_alone = row.split_whitespace().count() <= 2;
                    assert!(is_japanese(row) || is_alone, "{path}: {row}");
                }
            }
        });
        assert_eq!(seen, 29, "every command was asked");
    }
}

#[test]
fn the_command_help_takes_the_language_too() {
    for (help, flag) in [
        (&["help", "--lang", "ja"][..], &["--help", "--lang", "ja"][..]),
        (&["--lang", "ja", "help", "check"], &["check", "--help", "--lang", "ja"]),
        (&["link", "help", "sweep", "--lang=ja"], &["link", "sweep", "--help", "--lang=ja"]),
    ] {
        let (help, flag) = (sekisho(help), sekisho(flag));
        assert_eq!((help.code, help.stdout), (0, flag.stdout));
    }
}

fn told(arguments: &[&str], lang: &str) -> String {
    let mut all = arguments.to_vec();
    all.extend(["--lang", lang]);
    let Ran { code, stdout, stderr } = sekisho(&all);
    assert_eq!((code, stdout.as_str()), (3, ""), "{arguments:?}");
    stderr
}

#[test]
fn mistakes_are_told_in_the_users_language_with_what_was_meant() {
    for (arguments, ja, en) in [
        (&["chekc"][..], "`chekc` というコマンドはありません", "there is no command `chekc`"),
        (&["chekc"], "`check`", "`check`"),
        (&["check", "--fromat", "json"], "`--fromat` は使えない引数です", "`--fromat` cannot be"),
        (&["check", "--fromat", "json"], "`--format` の書き間違い", "write `--format`"),
        (&["check", "--format", "jsom"], "`json` の書き間違い", "write `json` if that"),
        (&["check", "--format"], "`--format <FORMAT>` に値がありません", "needs a value"),
        (&["check", "--on", "tomorrow"], "暦にある日を YYYY-MM-DD", "a day of the calendar"),
        (&["ask"], "質問の形ではありません", "this is not the form of a question"),
        (&["completions"], "が必要です", "is missing"),
        (&["check", "a", "b"], "[オプション]", "[OPTIONS]"),
        (&["link"], "コマンドがありません", "a command is missing"),
        (&["check", "a", "b"], "`b` は使えない引数です", "`b` cannot be used here"),
        (&["draw", "--plain", "--verdicts"], "一緒に使えません", "cannot be used together"),
        (&["check", "--on", "2026-01-01", "--on", "2026-01-01"], "一度しか", "once only"),
        (&["link", "sweep", ".", "--interval", "0"], "1〜1440 の整数", "from 1 to 1440"),
        (&["link", "sweep", ".", "--files-max", "x"], "整数を書いて", "a whole number"),
        (
            &["link", "sweep", ".", "--intervall", "1"],
            "`sekisho link sweep --help`",
            "`--interval`",
        ),
    ] {
        let (told_ja, told_en) = (told(arguments, "ja"), told(arguments, "en"));
        assert!(told_ja.starts_with("エラー: "), "{told_ja}");
        assert!(told_en.starts_with("error: ") && !is_japanese(&told_en), "{told_en}");
        assert!(told_ja.contains(ja), "{arguments:?}: {told_ja}");
        assert!(told_en.contains(en), "{arguments:?}: {told_en}");
        for word in ["error", "Usage", "invalid", "unexpected", "possible", "tip:"] {
            assert!(!told_ja.contains(word), "{told_ja}");
        }
        for line in told_ja.lines().chain(told_en.lines()) {
            assert!(line.width() <= 80, "{line}");
        }
    }
}

#[test]
fn the_locale_chooses_the_language_of_mistakes_and_help() {
    let run = |arguments: &[&str]| finish(command().env("LANG", "ja_JP.UTF-8").args(arguments));
    assert!(run(&["chekc"]).stderr.starts_with("エラー: "));
    assert!(run(&["--help"]).stdout.contains("使い方: "));
    // What is asked for goes before it, wherever it stands, and a value that is none does not.
    assert!(run(&["chekc", "--lang", "en"]).stderr.starts_with("error: "));
    assert!(run(&["--lang=en", "chekc"]).stderr.starts_with("error: "));
    assert!(run(&["check", "--lang", "fr", CLEAN]).stderr.starts_with("エラー: "));
}

#[test]
fn without_arguments_help_goes_to_standard_error() {
    let ran = sekisho(&["--lang", "ja"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""));
    let mut plain: Command = command();
    let ran = finish(plain.env("LC_ALL", "ja_JP.UTF-8"));
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""));
    assert!(ran.stderr.contains("コマンド:") && ran.stderr.ends_with('\n'), "{}", ran.stderr);
}

#[test]
fn completions_and_the_manual_follow_the_language() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ja = sekisho(&["completions", shell, "--lang", "ja"]);
        let en = sekisho(&["completions", shell, "--lang", "en"]);
        assert_eq!((ja.code, en.code), (0, 0), "{shell}");
        assert!(!is_japanese(&en.stdout), "{shell}");
        assert_eq!(is_japanese(&ja.stdout), shell != "bash", "{shell}");
        assert!(!ja.stdout.contains("Print help"), "{shell}: {}", ja.stdout);
    }
    let ja = sekisho(&["man", "--lang", "ja"]).stdout;
    let en = sekisho(&["man", "--lang", "en"]).stdout;
    assert!(!is_japanese(&en) && en.contains(".SH \"EXIT CODES\""), "{en}");
    assert!(ja.contains(".SH 終了コード") && !ja.contains(".SH EXTRA"), "{ja}");
    assert!(!ja.contains("Print help") && !ja.contains(" / "), "{ja}");
}
