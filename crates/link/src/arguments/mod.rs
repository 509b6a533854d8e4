//! The command line in the user's language: reading it, help, and what is said when it cannot be
//! used. It is the same in every binary.

mod help;
mod mistake;
mod tree;

use std::ffi::OsString;
use std::io::{self, ErrorKind, IsTerminal, Write};

use clap::{Command, CommandFactory, FromArgMatches};
use diag::{Lang, Text};
use display::Style;

use crate::language;

pub use tree::for_reference;

/// Exit code for arguments that cannot be used, and for help that could not be written.
const UNUSABLE: u8 = 3;

/// Reads the arguments of this process and the language they ask for.
///
/// # Errors
/// After help or a mistake was printed: the exit code.
pub fn read<A: CommandFactory + FromArgMatches>() -> Result<(A, Lang), u8> {
    let mut written: Vec<OsString> = std::env::args_os().collect();
    let lang = language::of(&written);
    // The texts of all commands take longer to make than most commands take, and only help and
    // mistakes show them.
    let matches = A::command().try_get_matches_from(&written).ok();
    if let Some(arguments) = matches.and_then(|it| A::from_arg_matches(&it).ok()) {
        return Ok((arguments, lang));
    }
    let mut command = tree::with_help(A::command(), lang, style(lang, false).width);
    ask_for_help(&command, &mut written);
    let matches = command.try_get_matches_from_mut(&written);
    match matches.and_then(|mut matches| A::from_arg_matches_mut(&mut matches)) {
        Ok(arguments) => Ok((arguments, lang)),
        Err(error) => Err(printed(&error, called(&mut command, &written), lang)),
    }
}

/// Prints what the parser of the arguments has to say and gives the exit code: 0 for help. A
/// reader that went away while it was printed is no fault.
fn printed(error: &clap::Error, called: &mut Command, lang: Lang) -> u8 {
    use clap::error::ErrorKind as Kind;
    let is_help = matches!(error.kind(), Kind::DisplayHelp | Kind::DisplayVersion);
    if is_help {
        return match write(anstream::stdout(), &text(error)) {
            Err(why) if why.kind() != ErrorKind::BrokenPipe => UNUSABLE,
            _ => 0,
        };
    }
    let told = if error.kind() == Kind::DisplayHelpOnMissingArgumentOrSubcommand {
        text(error)
    } else {
        let (headline, helps) = mistake::words(error, called);
        complaint(&headline, &helps, lang)
    };
    let _ = write(anstream::stderr(), &told);
    UNUSABLE
}

/// Help, or the version.
fn text(error: &clap::Error) -> String {
    format!("{}\n", error.render().to_string().trim_end())
}

/// Writes `help check` as `check --help`: the parser's own command `help` takes no option.
fn ask_for_help(command: &Command, written: &mut Vec<OsString>) {
    let mut at = command;
    for place in 1..written.len() {
        if written[place] == "help" && at.has_subcommands() {
            written.remove(place);
            written.push("--help".into());
            return;
        }
        at = at.find_subcommand(&written[place]).unwrap_or(at);
    }
}

/// The command that was meant: that to which the words lead down the tree.
fn called<'a>(command: &'a mut Command, written: &[OsString]) -> &'a mut Command {
    let mut at = command;
    for word in written.iter().skip(1) {
        if at.find_subcommand(word).is_some() {
            at = at.find_subcommand_mut(word).expect("it was just found");
        }
    }
    at
}

/// An error that stands in no file, as it looks on standard error.
#[must_use]
pub fn complaint(headline: &Text, helps: &[Text], lang: Lang) -> String {
    display::complaint(headline, helps, &style(lang, std::io::stderr().is_terminal()))
}

/// How text looks on a terminal, or elsewhere.
fn style(lang: Lang, is_terminal: bool) -> Style {
    let is_dull = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let width = columns.map_or(80, |columns: usize| columns.clamp(40, 100));
    Style { lang, color: is_terminal && !is_dull, width }
}

/// What is written repeats words of the command line.
fn write(mut out: impl Write, text: &str) -> io::Result<()> {
    out.write_all(display::terminal(text).as_bytes()).and_then(|()| out.flush())
}
