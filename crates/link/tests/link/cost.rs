//! What waiting costs.

use std::fs;
use std::time::Duration;

use crate::place::Place;
use crate::terminal::{amount, client_command, root};

/// The most memory that a process ever had.
pub(crate) fn peak_kib(process: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
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
