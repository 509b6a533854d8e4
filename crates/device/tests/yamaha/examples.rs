//! The two routers of the example site are read without a remark.

use model::{LineState, Readings};

use super::{device, rendering};

const ROUTERS: [(&str, &str); 2] = [
    ("router-a", include_str!("../../../../examples/ipvpn-separate-yamaha/router-a.conf")),
    ("router-b", include_str!("../../../../examples/ipvpn-separate-yamaha/router-b.conf")),
];

#[test]
fn examples_are_understood_to_the_last_line() {
    for (name, text) in ROUTERS {
        let device = device(text, &Readings::default());
        let said = rendering::diagnostics(&device);
        assert!(said.is_empty(), "{name}: {said:#?}");
        let lines = &device.lowered.node.lines;
        assert!(lines.iter().all(|line| line.state != LineState::NotModelled), "{name}");
        assert!(device.lowered.node.gaps.is_empty(), "{name}");
        if std::env::var("SHOW").is_ok() {
            println!("{name}\n{}", rendering::render(&device));
        }
    }
}
