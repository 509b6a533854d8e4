//! The example with Linux routers is read completely.

use std::fs;

use model::{LineState, Readings};

use super::{cases, example, render};

fn text_of(router: &str) -> String {
    let files: Vec<_> = ["nft", "net"]
        .iter()
        .map(|ending| {
            let name = format!("{router}.{ending}");
            let text = fs::read_to_string(example().join(&name)).expect("the example is there");
            (name, text)
        })
        .collect();
    let (lowered, sources) = cases::lower(&files, &Readings::default());
    let text = render::lowered(&lowered, &sources);
    let open = lowered.node.lines.iter().filter(|line| line.state == LineState::NotModelled);
    assert_eq!(open.count(), 0, "{text}");
    assert!(lowered.node.gaps.is_empty() && lowered.diagnostics.is_empty(), "{text}");
    text
}

fn is_as_before(router: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = path.join(format!("tests/linux/{router}.txt"));
    let actual = text_of(router);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &actual).expect("the snapshot can be written");
    }
    let expected = fs::read_to_string(&path).expect("the snapshot is there");
    assert_eq!(actual, expected);
}

#[test]
fn router_a_is_read_completely() {
    is_as_before("router-a");
}

#[test]
fn router_b_is_read_completely() {
    is_as_before("router-b");
}
