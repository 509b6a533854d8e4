//! The command `sekisho-link`: the file exchange alone, without the proof engine.

use std::process::ExitCode;

use clap::Parser;
use link::arguments;
use link::command::Link;
use link::language::{self, Language};

/// What the command is for, in lines that fit a terminal.
const ABOUT: &str = "\
レセコンと資格確認端末のファイル連携
the file exchange between claims computer and eligibility terminal";

#[derive(Parser)]
#[command(name = "sekisho-link", version, about = ABOUT, max_term_width = 100)]
struct Arguments {
    /// 出力の言語 / language of the output
    #[arg(long, global = true, value_enum)]
    lang: Option<Language>,
    #[command(subcommand)]
    command: Link,
}

fn main() -> ExitCode {
    match Arguments::try_parse() {
        Ok(arguments) => ExitCode::from(arguments.command.run(language::choose(arguments.lang))),
        Err(error) => ExitCode::from(arguments::printed(&error)),
    }
}
