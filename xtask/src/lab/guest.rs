//! What this program does inside the virtual machine: it measures.

use std::fs::File;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use crate::problem::Problem;

/// Something that is measured: it is told its number, and says whether it went well.
type Measured<'a> = Box<dyn FnMut(u32) -> Result<bool, Problem> + 'a>;

/// `probe DIR COUNT` asks for names that are not there; `time COUNT PROGRAM…` runs a program.
/// Both print the median and the 95th percentile in milliseconds, and how many runs failed.
/// `lock FILE` makes a file and holds its lock until it is ended.
///
/// # Errors
/// When the words are none of these, or the program cannot be started.
pub fn run(words: &[&str]) -> Result<ExitCode, Problem> {
    if let ["lock", path] = words {
        return lock(Path::new(path));
    }
    let usage = || Problem::usage(&format!("lab-guest {}", words.join(" ")));
    let (count, mut one): (&str, Measured<'_>) = match words {
        ["probe", folder, count] => {
            let folder = Path::new(folder);
            let probe = move |number| {
                let name = format!("OQSsiquc01res_1998{number:08}.xml");
                Ok(folder.join(name).symlink_metadata().is_err())
            };
            (count, Box::new(probe))
        }
        ["time", count, program, rest @ ..] => {
            let run = move |_| {
                let mut command = Command::new(program);
                let status = command.args(rest).stdout(Stdio::null()).status();
                status
                    .map(|status| status.success())
                    .map_err(|error| Problem::program(program, &error))
            };
            (count, Box::new(run))
        }
        _ => return Err(usage()),
    };
    let count: u32 = count.parse().map_err(|_| usage())?;
    let mut times: Vec<Duration> = Vec::new();
    let mut failed = 0;
    for number in 0..count {
        let begin = Instant::now();
        failed += u32::from(!one(number)?);
        times.push(begin.elapsed());
    }
    times.sort_unstable();
    let at = |percent: usize| {
        let place = times.len() * percent / 100;
        times.get(place.min(times.len().saturating_sub(1))).map_or(0.0, Duration::as_secs_f64)
    };
    println!("{:.1} {:.1} {failed}", at(50) * 1_000.0, at(95) * 1_000.0);
    Ok(ExitCode::SUCCESS)
}

fn lock(path: &Path) -> Result<ExitCode, Problem> {
    let file = File::create(path).and_then(|file| file.lock().map(|()| file));
    let _held = file.map_err(|error| Problem::io(path.display().to_string(), &error))?;
    loop {
        std::thread::sleep(Duration::from_secs(60));
    }
}
