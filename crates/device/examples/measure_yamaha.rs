//! Measures how fast configurations of the vendor `yamaha-rtx` are parsed:
//! `cargo run --release -p sekisho-device --example measure_yamaha`.

use std::io::{Write, stdout};
use std::time::Instant;

use device::{File, Input};
use model::{Origin, Readings};

const BYTES: usize = 20_000_000;
const ROUNDS: u32 = 5;

/// A configuration with `BYTES` bytes: filters, routes, comments and harmless lines.
fn synthetic() -> String {
    let mut text = String::with_capacity(BYTES + 4_096);
    text.push_str("# RTX830 Rev.15.02.31\nip lan1 address 192.0.2.1/24\n");
    let mut number = 1_u32;
    while text.len() < BYTES {
        let host = number % 250 + 1;
        text += &format!(
            "ip filter {number} pass-nolog 192.0.2.{host} 198.51.100.0/24 tcp * 445\n\
             ip filter dynamic {number} 192.0.2.0/24 * www syslog=off\n\
             ipv6 filter {number} reject-log * 2001:db8:{host:x}::/48 udp,tcp * domain,ntp\n\
             ip route 203.0.113.{host}/32 gateway 192.0.2.254\n\
             # remark number {number}\n\
             syslog host 192.0.2.{host}\n"
        );
        number += 1;
    }
    text
}

fn main() -> std::io::Result<()> {
    let text = synthetic();
    let mut sources = diag::Sources::new();
    let source = sources.add("synthetic", text.as_str());
    let files = [File { source, name: "synthetic", text: &text }];
    let input = Input {
        name: "router",
        origin: Origin::Default(diag::Text::verbatim("measure")),
        model: None,
        files: &files,
    };
    let vendor = device::vendor("yamaha-rtx").expect("the vendor is registered");
    let mut best = f64::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let config = (vendor.parse)(&input);
        best = best.min(start.elapsed().as_secs_f64());
        drop(config);
    }
    let megabytes = text.len() as f64 / 1e6;
    writeln!(stdout(), "parse: {megabytes:.0} MB in {best:.3} s = {:.0} MB/s", megabytes / best)?;
    let config = (vendor.parse)(&input);
    let start = Instant::now();
    let lowered = config.lower(&Readings::default());
    let seconds = start.elapsed().as_secs_f64();
    let lines = lowered.node.lines.len();
    writeln!(stdout(), "lower: {lines} lines in {seconds:.3} s = {:.0} MB/s", megabytes / seconds)
}
