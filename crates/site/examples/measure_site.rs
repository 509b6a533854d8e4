//! Time to parse and to format a site file of 60 lines, warm.

use std::hint::black_box;
use std::time::Instant;

const TEXT: &str = include_str!("../tests/site/separate.toml");
const RUNS: u32 = 5000;

fn main() {
    let time = |work: &dyn Fn()| {
        work();
        let start = Instant::now();
        (0..RUNS).for_each(|_| work());
        start.elapsed() / RUNS
    };
    let toml = time(&|| drop(black_box(toml::de::DeTable::parse_recoverable(TEXT))));
    let parse = time(&|| drop(black_box(site::parse(diag::SourceId(0), TEXT))));
    let format = time(&|| drop(black_box(site::format(TEXT))));
    let lines = TEXT.lines().count();
    #[expect(clippy::print_stdout, reason = "a measurement says what it measured")]
    {
        println!("{lines} lines: toml alone {toml:?}, parse {parse:?}, format {format:?}");
    }
}
