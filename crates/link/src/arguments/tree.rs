//! The commands with their texts in one language. Beside the arguments stand texts of the form
//! `ja / en`; of those that have several lines each line has that form.

use clap::builder::{PossibleValuesParser, StyledStr};
use clap::{Arg, ArgAction, Command};
use diag::{Lang, Text, text};

use super::help;

/// `command` and all below it in `lang`, each with its help in lines of at most `width` cells.
pub(super) fn with_help(command: Command, lang: Lang, width: usize) -> Command {
    let mut command = in_language(command, lang);
    command.build();
    finished(command, lang, Some(width))
}

/// `command` and all below it in `lang`, to make completions or a manual of.
#[must_use]
pub fn for_reference(command: Command, lang: Lang) -> Command {
    let mut command = in_language(named_values(command, lang), lang);
    command.build();
    finished(command, lang, None)
}

/// The values of arguments with their help in `lang`. Their types are lost with that, so nothing
/// can be read with it.
fn named_values(command: Command, lang: Lang) -> Command {
    let argument = |arg: Arg| {
        let values = arg.get_possible_values();
        if values.is_empty() || !arg.get_action().takes_values() {
            return arg;
        }
        let values = values.into_iter().map(|value| {
            let help = value.get_help().map(|help| paragraph(help, lang));
            match help {
                Some(help) => value.help(help),
                None => value,
            }
        });
        arg.value_parser(PossibleValuesParser::new(values))
    };
    command.mut_args(argument).mut_subcommands(|below| named_values(below, lang))
}

/// Looks after what only a built command has: the command `help`, and the line of usage.
fn finished(mut command: Command, lang: Lang, width: Option<usize>) -> Command {
    if let Some(width) = width {
        let help = help::help(&mut command, lang, width);
        command = command.override_help(help);
    }
    command.mut_subcommands(|below| {
        let below = if below.get_name() == "help" {
            below.about(help::of_help().get(lang).to_owned())
        } else {
            below
        };
        finished(below, lang, width)
    })
}

fn in_language(command: Command, lang: Lang) -> Command {
    let has_version = command.get_version().is_some();
    let about = command.get_about().map(|about| paragraph(about, lang));
    let after = command.get_after_help().map(|after| lines(&after.to_string(), lang));
    let mut command = command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(|arg| argument(arg, lang))
        .mut_subcommands(|below| in_language(below, lang));
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(after) = after {
        command = command.after_help(after);
    }
    let flag = |name: &'static str, short, action, what: Text| {
        Arg::new(name).short(short).long(name).action(action).help(what.get(lang).to_owned())
    };
    let help = text!(ja: "この説明を表示する", en: "show this help");
    command = command.arg(flag("help", 'h', ArgAction::Help, help));
    if has_version {
        let version = text!(ja: "版を表示する", en: "show the version");
        command = command.arg(flag("version", 'V', ArgAction::Version, version));
    }
    command
}

/// `arg` with its help in `lang`, behind which the values and the default stand.
fn argument(arg: Arg, lang: Lang) -> Arg {
    let mut told = arg.get_help().map(|help| paragraph(help, lang)).unwrap_or_default();
    let takes = arg.get_action().takes_values();
    let values: Vec<String> = arg
        .get_possible_values()
        .into_iter()
        .filter(|value| takes && !value.is_hide_set())
        .map(|value| {
            let help = value.get_help().map(|help| paragraph(help, lang)).unwrap_or_default();
            let colon = if help.is_empty() { "" } else { ": " };
            format!("{}{colon}{help}", value.get_name())
        })
        .collect();
    let defaults = arg.get_default_values().iter().map(|value| value.to_string_lossy());
    let defaults: Vec<_> = defaults.filter(|_| takes).collect();
    let mut add = |word: Text, list: &str| {
        if !list.is_empty() {
            let space = if told.is_empty() { "" } else { " " };
            told += &format!("{space}[{}: {list}]", word.get(lang));
        }
    };
    add(text!(ja: "値", en: "values"), &values.join(" | "));
    add(text!(ja: "既定", en: "default"), &defaults.join(" "));
    arg.help(told).hide_possible_values(takes).hide_default_value(takes)
}

fn paragraph(text: &StyledStr, lang: Lang) -> String {
    sentence(&text.to_string(), lang)
}

/// One sentence of the form `ja / en`, in `lang`.
pub(super) fn sentence(text: &str, lang: Lang) -> String {
    match (both(text), lang) {
        (None, _) => text.to_owned(),
        (Some((ja, _)), Lang::Ja) => ja.to_owned(),
        (Some((_, en)), Lang::En) => en.to_owned(),
    }
}

/// Lines of the form `ja / en`, in `lang`. A line of another form is the same in both.
fn lines(text: &str, lang: Lang) -> String {
    text.lines().map(|line| one(line, lang)).collect::<Vec<_>>().join("\n")
}

fn one(line: &str, lang: Lang) -> String {
    match (both(line), lang) {
        (None, _) => line.to_owned(),
        (Some((ja, _)), Lang::Ja) => ja.to_owned(),
        (Some((ja, en)), Lang::En) => format!("{}{en}", head(ja)),
    }
}

/// The two halves of a line. Behind a full-width letter the stroke needs no space.
fn both(line: &str) -> Option<(&str, &str)> {
    let (at, _) = line.match_indices("/ ").find(|(at, _)| {
        let before = &line[..*at];
        before.ends_with(|letter: char| letter == ' ' || !letter.is_ascii()) && !before.is_ascii()
    })?;
    Some((line[..at].trim_end(), line[at + 2..].trim()))
}

/// What stands before the sentence itself in both languages: an exit code, or an entry of a file
/// before its comment.
fn head(ja: &str) -> &str {
    if let Some(at) = ja.find("# ") {
        return &ja[..at + 2];
    }
    let is_number = |letter: char| letter == ' ' || letter.is_ascii_digit();
    &ja[..ja.len() - ja.trim_start_matches(is_number).len()]
}

#[cfg(test)]
mod tests {
    use diag::Lang;

    use super::lines;

    #[test]
    fn a_line_is_split_and_keeps_what_both_share() {
        for (line, ja, en) in [
            ("基準の日（既定は今日）/ the day", "基準の日（既定は今日）", "the day"),
            ("  0  異常なし / nothing alarming", "  0  異常なし", "  0  nothing alarming"),
            ("  a = 1  # 警告 / a warning", "  a = 1  # 警告", "  a = 1  # a warning"),
            ("ip-vpn | ipsec", "ip-vpn | ipsec", "ip-vpn | ipsec"),
            ("電文 / any / all", "電文", "any / all"),
        ] {
            assert_eq!(lines(line, Lang::Ja), ja);
            assert_eq!(lines(line, Lang::En), en);
        }
    }
}
