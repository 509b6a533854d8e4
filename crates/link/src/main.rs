//! The command `sekisho-link`: the file exchange alone, without the proof engine.

use std::process::ExitCode;

use clap::Parser;
use link::arguments;
use link::command::Link;
use link::language::Language;

#[derive(Parser)]
#[command(name = "sekisho-link", version)]
#[command(about = "レセコンと資格確認端末のファイル連携 / \
                   the file exchange between claims computer and eligibility terminal")]
struct Arguments {
    /// 出力の言語（既定はロケール）/ language of the output (default: the locale)
    #[arg(long, global = true, value_enum)]
    lang: Option<Language>,
    #[command(subcommand)]
    command: Link,
}

fn main() -> ExitCode {
    match arguments::read::<Arguments>() {
        Ok((arguments, lang)) => ExitCode::from(arguments.command.run(lang)),
        Err(code) => ExitCode::from(code),
    }
}
