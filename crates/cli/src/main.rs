//! The command `sekisho`: reads files, the clock and the environment, and hands everything else
//! to the crates below.

mod command;
mod font;
mod input;
mod output;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use link::language::Language;

/// A check makes and drops many small values; this allocator does so in a fifth less time than the
/// system's. `bench` measures with the same one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What every exit code stands for; it is printed by `--help`.
const EXIT_CODES: &str = "\
終了コード: / Exit codes:
  0  すべて証明 / everything proved
  1  反証あり / something refuted
  2  不明あり（反証なし）/ something unknown, nothing refuted
  3  入力や出力が使えない、または sekisho 自身の誤り\
     / unusable input or output, or our fault
ask: 0 開ける、1 開けない、2 不明、3 質問の誤り\
     / ask: 0 open, 1 closed, 2 unknown, 3 bad question
draw: 0 描けた、2 入力に誤りがあり一部だけ、3 描けない\
     / draw: 0 drawn, 2 drawn in part, for the input has errors, 3 not drawn
due: 0 近い期限なし、1 期限切れ、2 近い・不明\
     / due: 0 nothing near, 1 something is over, 2 near or not known
todo: 0 なし、2 あり / todo: 0 nothing to ask, 2 something to ask";

/// What the command is for.
const ABOUT: &str = "\
医療機関・薬局のネットワークが通すものを、実際のルータの設定から証明します\
/ proves what the network of a medical site lets through, from its router configs";

#[derive(Parser)]
#[command(name = "sekisho", version, about = ABOUT, after_help = EXIT_CODES)]
struct Arguments {
    /// 出力の言語（既定はロケール）/ language of the output (default: the locale)
    #[arg(long, global = true, value_enum)]
    lang: Option<Language>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(command::check::Check),
    Ask(command::ask::Ask),
    Draw(command::draw::Draw),
    Due(command::due::Due),
    Todo(command::todo::Todo),
    Explain(command::explain::Explain),
    New(Box<command::new::New>),
    Fmt(command::fmt::Fmt),
    Schema(command::schema::Schema),
    Link(command::link::Link),
    Completions(command::completions::Completions),
    Man(command::man::Man),
}

fn main() -> ExitCode {
    let (arguments, lang) = match link::arguments::read::<Arguments>() {
        Ok(read) => read,
        Err(code) => return ExitCode::from(code),
    };
    let code = match arguments.command {
        Command::Check(check) => check.run(lang),
        Command::Ask(ask) => ask.run(lang),
        Command::Draw(draw) => draw.run(lang),
        Command::Due(due) => due.run(lang),
        Command::Todo(todo) => todo.run(lang),
        Command::Explain(explain) => explain.run(lang),
        Command::New(new) => new.run(lang),
        Command::Fmt(fmt) => fmt.run(lang),
        Command::Schema(schema) => schema.run(lang),
        Command::Link(link) => link.run(lang),
        Command::Completions(completions) => completions.run(lang, Arguments::command()),
        Command::Man(man) => man.run(lang, Arguments::command()),
    };
    ExitCode::from(code)
}
