//! Time and memory of both engines on seeded lists: `measure_sets [PROFILE FAMILY SIZE ENGINE]`.
//!
//! Run it in release mode. Without arguments it runs every case in a process of its own, so
//! that the peak memory belongs to one case.

#![allow(clippy::print_stdout, reason = "the figures are the output of this program")]

use std::fs;
use std::process::Command;
use std::time::Instant;

use packet_set::classbench::{Family, Generator, Profile};
use packet_set::{Budget, BudgetExceeded, Cube, Diagrams, List, difference_by_boxes, find};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [profile, family, size, engine] => {
            let profile = match profile.as_str() {
                "struct" => Profile::Struct,
                "random" => Profile::Random,
                _ => Profile::Cross,
            };
            let family = if family == "v6" { Family::V6 } else { Family::V4 };
            let size = size.parse().unwrap_or(1000);
            measure(profile, family, size, engine);
        }
        _ => every_case(),
    }
}

fn every_case() {
    let program = std::env::current_exe().expect("a running program has a path");
    for (profile, family, size) in [
        ("struct", "v4", "100"),
        ("struct", "v4", "1000"),
        ("struct", "v6", "1000"),
        ("random", "v4", "1000"),
        ("cross", "v4", "100"),
        ("cross", "v4", "1000"),
        ("struct", "v4", "10000"),
        ("struct", "v6", "10000"),
    ] {
        for engine in ["outcomes", "deciding", "boxes"] {
            let output = Command::new(&program)
                .args([profile, family, size, engine])
                .output()
                .expect("the program can start itself");
            print!("{}", String::from_utf8_lossy(&output.stdout));
        }
    }
}

/// Milliseconds of CPU time of this process; the resolution is that of the scheduler.
fn cpu_ms() -> f64 {
    let text = fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|word| word.parse::<f64>().ok());
    nanoseconds.unwrap_or_default() / 1e6
}

fn peak_mib() -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or_default() / 1024
}

/// Runs `work` and returns its result with the CPU milliseconds it took.
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let (wall, cpu) = (Instant::now(), cpu_ms());
    let result = work();
    let cpu = cpu_ms() - cpu;
    // schedstat is not there on every kernel, and is coarse below a tick.
    let wall = wall.elapsed().as_secs_f64() * 1e3;
    (result, if cpu <= 0.0 || wall < 5.0 { wall } else { cpu })
}

fn measure(profile: Profile, family: Family, size: usize, engine: &str) {
    let mut generator = Generator::new(1, profile, family, size);
    let rules = generator.rules(size);
    let mutated = generator.mutated(&rules, 10);
    let shadowed = generator.shadowed(&rules, 50);
    let questions: Vec<Cube> = (0..100).map(|_| generator.question()).collect();
    let before = peak_mib();
    let label = format!("{profile:?} {family:?} {size:>5} {engine:<8}").to_lowercase();
    let lists = [List::new(&rules), List::new(&mutated), List::new(&shadowed)];
    if engine == "boxes" {
        boxes(&label, lists, &questions, before);
    } else {
        diagrams(&label, lists, &questions, before, engine == "deciding");
    }
}

fn diagrams(label: &str, lists: [List<'_>; 3], questions: &[Cube], before: u64, deciding: bool) {
    let [list, mutated, shadowed] = lists;
    let mut home = Diagrams::new(Budget::new(400_000_000));
    let (built, build) = timed(|| match deciding {
        true => home.from_list(list),
        false => home.outcomes(list),
    });
    let Ok(set) = built else {
        println!("{label} budget spent after {build:.1} ms, {} MiB", peak_mib());
        return;
    };
    let (own, held, spent) = (home.size_of(set), home.held(), home.budget().left());
    let wanted = |terminal: u32| match deciding {
        true => terminal > 0 && list.rules[terminal as usize - 1].outcome == 1,
        false => terminal == 1,
    };
    let (hits, ask) = timed(|| {
        questions.iter().filter(|question| home.find(set, question, wanted).is_some()).count()
    });
    let after = peak_mib();
    let mut compare = |other| {
        timed(|| {
            let other = if deciding { home.from_list(other) } else { home.outcomes(other) }?;
            Ok::<bool, BudgetExceeded>(other == set)
        })
    };
    let (differs, difference) = compare(mutated);
    let (equal, equality) = compare(shadowed);
    println!(
        "{label} build {build:8.2} ms  100 queries {ask:6.2} ms ({hits} hit)  mutated \
         {difference:8.2} ms {differs:?}  shadowed {equality:8.2} ms {equal:?}  nodes {} edges {} \
         (held {} {})  steps {}  peak {after} MiB (list {before}, end {})",
        own.nodes,
        own.edges,
        held.nodes,
        held.edges,
        400_000_000 - spent,
        peak_mib()
    );
}

fn boxes(label: &str, lists: [List<'_>; 3], questions: &[Cube], before: u64) {
    let [list, mutated, shadowed] = lists;
    let mut budget = Budget::new(20_000_000);
    let (hits, ask) = timed(|| {
        let asked = questions.iter().map(|question| {
            find(question, list.rules, &mut budget, |entry| list.outcome(entry) == 1)
        });
        asked.filter(|answer| matches!(answer, Ok(Some(_)))).count()
    });
    let after = peak_mib();
    let (differs, difference) = timed(|| compare(list, mutated));
    let (equal, equality) = timed(|| compare(list, shadowed));
    println!(
        "{label} 100 queries {ask:6.2} ms ({hits} hit)  mutated {difference:8.2} ms {differs:?}  \
         shadowed {equality:8.2} ms {equal:?}  peak {after} MiB (list {before}, end {})",
        peak_mib()
    );
}

/// Whether both lists decide alike, by box splitting alone.
fn compare(first: List<'_>, second: List<'_>) -> Result<bool, BudgetExceeded> {
    let mut budget = Budget::new(5_000_000);
    let difference = difference_by_boxes(first, second, &Cube::full(), &mut budget)?;
    Ok(difference.is_none())
}
