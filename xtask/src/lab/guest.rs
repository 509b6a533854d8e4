//! What this program does inside the virtual machine: it measures.

use std::fs::File;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use crate::problem::Problem;

/// `compare DIR OTHER COUNT` asks for names that are not there, in both folders by turns, so that
/// other work on the machine meets both; it prints the 95th percentile of each in milliseconds,
/// how many times that of the first the second is, and how many names were there.
/// `turns COUNT FIRST SECOND PROGRAM…` runs a program with the one or the other word in place of
/// `@`, by turns, and prints the same. `lock FILE` makes a file and holds its lock until it is
/// ended.
///
/// # Errors
/// When the words are none of these, or the program cannot be started.
pub fn run(words: &[&str]) -> Result<ExitCode, Problem> {
    if let ["lock", path] = words {
        return lock(Path::new(path));
    }
    let usage = || Problem::usage(&format!("lab-guest {}", words.join(" ")));
    let number = |word: &str| word.parse::<u32>().map_err(|_| usage());
    match words {
        ["compare", folder, other, count] => {
            let folders = [Path::new(folder), Path::new(other)];
            println!("{}", compare(folders, number(count)?));
        }
        ["turns", count, first, second, program, rest @ ..] => {
            let mut times = [Times::default(), Times::default()];
            for _ in 0..number(count)? {
                for (times, word) in times.iter_mut().zip([first, second]) {
                    let words = rest.iter().map(|one| if *one == "@" { word } else { one });
                    let mut command = Command::new(program);
                    let begin = Instant::now();
                    let status = command.args(words).stdout(Stdio::null()).status();
                    let status = status.map_err(|error| Problem::program(program, &error))?;
                    times.add(begin.elapsed(), status.success());
                }
            }
            println!("{}", compared(times));
        }
        _ => return Err(usage()),
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks both folders by turns for the same names, which nobody has asked for before.
fn compare(folders: [&Path; 2], count: u32) -> String {
    let mut times = [Times::default(), Times::default()];
    for number in 0..count {
        let name = format!("OQSsiquc01res_1998{number:08}.xml");
        for (times, folder) in times.iter_mut().zip(folders) {
            let begin = Instant::now();
            let is_absent = folder.join(&name).symlink_metadata().is_err();
            times.add(begin.elapsed(), is_absent);
        }
    }
    compared(times)
}

fn compared([mut first, mut second]: [Times; 2]) -> String {
    let (one, other) = (first.at(95), second.at(95));
    format!("{one:.1} {other:.1} {:.2} {}", other / one, first.failed + second.failed)
}

/// How long each of many runs took.
#[derive(Default)]
struct Times {
    all: Vec<Duration>,
    failed: u32,
}

impl Times {
    fn add(&mut self, time: Duration, is_right: bool) {
        self.all.push(time);
        self.failed += u32::from(!is_right);
    }

    /// The time that so many percent of the runs did not need.
    ///
    /// # Units
    /// Milliseconds.
    fn at(&mut self, percent: usize) -> f64 {
        self.all.sort_unstable();
        let place = (self.all.len() * percent / 100).min(self.all.len().saturating_sub(1));
        self.all.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1_000.0)
    }
}

fn lock(path: &Path) -> Result<ExitCode, Problem> {
    let file = File::create(path).and_then(|file| file.lock().map(|()| file));
    let _held = file.map_err(|error| Problem::io(path.display().to_string(), &error))?;
    loop {
        std::thread::sleep(Duration::from_secs(60));
    }
}
