//! What waiting costs.

use std::fs;
use std::time::{Duration, Instant};

use crate::place::Place;
use crate::terminal::{amount, client_command, command, root};

/// The most memory that a process ever had.
pub(crate) fn peak_kib(process: &str) -> u64 {
    memory_kib(process, "VmHWM:")
}

fn memory_kib(process: &str, word: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix(word)).expect("a number");
    line.trim().trim_end_matches(" kB").trim().parse().expect("a number")
}

/// Hundredths of a second of processor time.
fn ticks(process: &str) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("it runs");
    let rest = stat.rsplit(") ").next().expect("fields");
    rest.split(' ').skip(11).take(2).map(|field| field.parse::<u64>().expect("ticks")).sum()
}

#[test]
fn a19_waiting_costs_nearly_nothing() {
    let place = Place::new();
    let root = root(&place);
    for number in 0..200 {
        let name = format!("OQSsiquc01res_{number:012}.xml");
        fs::write(root.join("face").join(name), "<XmlMsg").expect("a file");
    }
    let seconds = amount(4, 60) as u64;
    let mut command = client_command("face", &root, &place.path().join("state"));
    command.args(["--follow", "--for", &(seconds + 30).to_string()]);
    let mut child = command.spawn().expect("it starts");
    let process = child.id().to_string();
    std::thread::sleep(Duration::from_secs(1));
    let begin = ticks(&process);
    std::thread::sleep(Duration::from_secs(seconds));
    let used = ticks(&process) - begin;
    let peak = peak_kib(&process);
    child.kill().expect("it is ours");
    child.wait().expect("it ended");
    println!("soak: A19: {used} ticks of 10 ms in {seconds} s, {peak} KiB");
    assert!(used <= seconds, "{used} ticks in {seconds} s are more than one percent");
    assert!(peak < 20 * 1024, "{peak} KiB");
}

/// What a pass over a full folder needed is given back before the service sleeps.
#[test]
fn a19_a_sweeping_service_costs_nearly_nothing_between_passes() {
    let place = Place::new();
    let root = root(&place);
    for number in 0..100_000 {
        let name = format!("OQSsiquc01res_2098{number:08}.xml");
        fs::write(root.join("res").join(name), "").expect("a file");
    }
    let state = place.path().join("state");
    let mut daemon = command();
    daemon.args(["sweep", "--daemon", "--interval", "1440", "--state"]).arg(&state).arg(&root);
    let mut child = daemon.spawn().expect("it starts");
    let process = child.id().to_string();
    // The memory of the pass is the last that it writes.
    let is_memory = |name: std::ffi::OsString| name.to_string_lossy().starts_with("memory-");
    let begin = Instant::now();
    loop {
        let mut names = fs::read_dir(&state).into_iter().flatten().flatten();
        if names.any(|entry| is_memory(entry.file_name())) {
            break;
        }
        assert!(begin.elapsed() < Duration::from_secs(300), "the pass never ends");
        std::thread::sleep(Duration::from_millis(50));
    }
    // It tidies up and tells before it sleeps.
    std::thread::sleep(Duration::from_secs(2));
    let seconds = amount(4, 60) as u64;
    let before = ticks(&process);
    std::thread::sleep(Duration::from_secs(seconds));
    let used = ticks(&process) - before;
    let (now, peak) = (memory_kib(&process, "VmRSS:"), peak_kib(&process));
    child.kill().expect("it is ours");
    child.wait().expect("it ended");
    println!(
        "soak: A19: {used} ticks of 10 ms in {seconds} s, {now} KiB after a pass over 100,000 \
         files that needed {peak} KiB"
    );
    assert!(used <= seconds, "{used} ticks in {seconds} s are more than one percent");
    assert!(now < 20 * 1024, "{now} KiB");
}
