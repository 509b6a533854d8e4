//! Help of one command: what it is for, its usage, its arguments, the commands below it.

use clap::{Arg, Command};
use diag::{Lang, Text, text};
use display::{pad, width, wrap};

/// Most cells of the first column; what is wider stands on a line of its own.
const KEY_CELLS_MAX: usize = 26;

/// Cells before a row, and between its columns.
const GAP_CELLS: usize = 2;

/// What the command `help` is for.
pub(super) fn of_help() -> Text {
    text!(ja: "コマンドの説明を表示します", en: "shows the help of a command")
}

/// The help of `command` in lines of at most `cells` cells.
pub(super) fn help(command: &mut Command, lang: Lang, cells: usize) -> String {
    let mut text = String::new();
    if let Some(about) = command.get_about() {
        for line in about.to_string().lines().flat_map(|line| wrap(line, cells)) {
            text += &format!("{line}\n");
        }
        text.push('\n');
    }
    text +=
        &paragraph(&title(&text!(ja: "使い方", en: "Usage"), lang), &usage(command), lang, cells);
    let below: Vec<(String, String)> = command
        .get_subcommands()
        .filter(|below| !below.is_hide_set())
        .map(|below| {
            let about = match below.get_name() {
                "help" => of_help().get(lang).to_owned(),
                _ => below.get_about().map(ToString::to_string).unwrap_or_default(),
            };
            (below.get_name().to_owned(), about)
        })
        .collect();
    text += &section(&text!(ja: "コマンド", en: "Commands"), &below, lang, cells);
    let mut arguments: Vec<&Arg> =
        command.get_arguments().filter(|arg| !arg.is_hide_set()).collect();
    // What every command has comes last.
    arguments
        .sort_by_key(|arg| ["lang", "help", "version"].iter().position(|id| arg.get_id() == *id));
    let rows = |is_positional: bool| -> Vec<(String, String)> {
        let own = arguments.iter().filter(|arg| arg.is_positional() == is_positional);
        own.map(|arg| (key(arg), arg.get_help().map(ToString::to_string).unwrap_or_default()))
            .collect()
    };
    text += &section(&text!(ja: "引数", en: "Arguments"), &rows(true), lang, cells);
    text += &section(&text!(ja: "オプション", en: "Options"), &rows(false), lang, cells);
    if let Some(after) = command.get_after_help() {
        text.push('\n');
        for line in after.to_string().lines() {
            text += &hanging(line, cells);
        }
    }
    text
}

/// How `command` is written, in English.
pub(super) fn usage(command: &mut Command) -> String {
    let usage = command.render_usage().to_string();
    usage.trim().trim_start_matches("Usage:").trim().to_owned()
}

/// A usage in `lang`.
pub(super) fn usage_in(usage: &str, lang: Lang) -> String {
    match lang {
        Lang::En => usage.to_owned(),
        Lang::Ja => usage
            .replace("[OPTIONS]", "[オプション]")
            .replace("<COMMAND>", "<コマンド>")
            .replace("[COMMAND]", "[コマンド]"),
    }
}

fn title(word: &Text, lang: Lang) -> String {
    format!("{}: ", word.get(lang))
}

fn paragraph(title: &str, usage: &str, lang: Lang, cells: usize) -> String {
    let lines = wrap(&usage_in(usage, lang), cells.saturating_sub(width(title)));
    let indent = " ".repeat(width(title));
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        text += &format!("{}{line}\n", if number == 0 { title } else { &indent });
    }
    text
}

fn section(name: &Text, rows: &[(String, String)], lang: Lang, cells: usize) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let keys = rows.iter().map(|(key, _)| width(key)).filter(|cells| *cells <= KEY_CELLS_MAX);
    let column = keys.max().unwrap_or_default();
    let indent = 2 * GAP_CELLS + column;
    let mut text = format!("\n{}:\n", name.get(lang));
    for (key, told) in rows {
        let is_apart = width(key) > column;
        if is_apart {
            text += &format!("  {key}\n");
        }
        for (number, line) in wrap(told, cells.saturating_sub(indent)).iter().enumerate() {
            let before = if number == 0 && !is_apart { key.as_str() } else { "" };
            let row = format!("  {}  {line}", pad(before, column));
            text += &format!("{}\n", row.trim_end());
        }
    }
    text
}

/// How an argument is written.
fn key(arg: &Arg) -> String {
    match arg.get_short() {
        _ if arg.is_positional() => arg.to_string(),
        Some(short) => format!("-{short}, {arg}"),
        None => format!("    {arg}"),
    }
}

/// A line whose further lines stand under its sentence.
fn hanging(line: &str, cells: usize) -> String {
    let is_head = |letter: char| letter == ' ' || letter.is_ascii_digit();
    let head = &line[..line.len() - line.trim_start_matches(is_head).len()];
    let indent = " ".repeat(width(head));
    let mut text = String::new();
    for (number, part) in
        wrap(&line[head.len()..], cells.saturating_sub(width(head))).iter().enumerate()
    {
        text += format!("{}{part}", if number == 0 { head } else { &indent }).trim_end();
        text.push('\n');
    }
    text
}
