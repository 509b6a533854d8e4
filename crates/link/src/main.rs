//! The command `sekisho-link`: the file exchange alone, without the proof engine.

use std::process::ExitCode;

use clap::Parser;
use link::command::Link;
use link::language::{self, Language};

/// What the command is for, in lines that fit a terminal.
const ABOUT: &str = "\
レセコンと資格確認端末のファイル連携
the file exchange between claims computer and eligibility terminal";

/// Exit code for arguments that cannot be used.
const UNUSABLE: u8 = 3;

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
        Err(error) => {
            // A broken pipe while help is printed is no reason to complain.
            let _ = error.print();
            ExitCode::from(if error.use_stderr() { UNUSABLE } else { 0 })
        }
    }
}
