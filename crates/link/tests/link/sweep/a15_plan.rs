//! A15: what the plan says is what the next pass does.

use std::fs::File;

use link::sweep::{Mode, Report};
use proptest::prelude::*;

use super::{DAY, Folders, HOUR, MINUTE};

/// A report without what tells plan from pass.
fn said(report: &Report) -> String {
    let lines: Vec<String> = report.lines.iter().map(|line| format!("{line:?}")).collect();
    format!("{}\n{:?} {}", lines.join("\n"), report.totals(), report.is_complete)
}

#[test]
fn a15_a_plan_is_what_the_next_pass_does() {
    let mut folders = Folders::new();
    folders.policy.unread_delete = Some(72 * 3_600);
    folders.limits.first = 12;
    for number in 0..12 {
        folders.put(&format!("res/del{number}.txt"), "x");
        let name = format!("OQSsiquc01res_{number}.xml");
        folders.put(&format!("res/{name}"), "x");
        let content = if number % 3 == 0 { "other" } else { "x" };
        let acknowledged = folders.start + i128::from(number) * DAY;
        folders.acknowledge(&name, content, "", acknowledged);
    }
    folders.put("res/notes.txt", "x");
    folders.put("req/OQSsiquc01req_3.xml", "x");
    #[cfg(target_os = "linux")]
    std::os::unix::fs::symlink("/etc/passwd", folders.path("res/del-link.txt")).expect("a link");
    std::fs::hard_link(folders.path("res/del3.txt"), folders.path("res/notes2.txt"))
        .expect("a link");
    let held = File::open(folders.path("res/del5.txt")).expect("it opens");
    for time in [12 * DAY, 12 * DAY + MINUTE, 13 * DAY] {
        let plan = folders.plan(time);
        assert_eq!(plan.mode, Mode::Plan);
        let pass = folders.apply(time);
        assert_eq!(said(&plan), said(&pass));
        folders.limits.first += 100;
    }
    drop(held);
}

/// The private folder is somebody else's, or others may write into it: nothing can be deleted.
#[cfg(target_os = "linux")]
#[test]
fn a15_a_plan_knows_a_folder_in_which_nothing_can_be_deleted() {
    use std::os::unix::fs::PermissionsExt;
    let folders = Folders::new();
    folders.put("res/del1.txt", "x");
    folders.put("face/del2.txt", "x");
    let aside = folders.path("res/.sweep");
    std::fs::create_dir(&aside).expect("made");
    std::fs::set_permissions(&aside, PermissionsExt::from_mode(0o777)).expect("ours");
    let plan = folders.plan(8 * DAY);
    assert!(!plan.is_complete && folders.has("face/del2.txt"));
    let pass = folders.apply(8 * DAY);
    assert_eq!(said(&plan), said(&pass));
    assert!(folders.has("res/del1.txt") && !folders.has("face/del2.txt"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn a15_for_any_folder(
        files in prop::collection::vec((0_u8..6, 0_u32..5, any::<bool>()), 0..12),
        hours in prop::collection::vec(1_i128..200, 1..4),
        first in 0_u64..8,
    ) {
        let mut folders = Folders::new();
        folders.policy.unread_delete = Some(72 * 3_600);
        folders.limits.first = first;
        let mut time = 0;
        for hour in hours {
            for (kind, number, is_acknowledged) in &files {
                let name = match kind {
                    0 => format!("del{number}.txt"),
                    1 => format!("OQSsiquc01res_{number}.xml"),
                    2 => format!("OQSsiquc01req_{number}.err"),
                    3 => format!(".{number:016x}.tmp"),
                    4 => format!("OQSsiquc01req_{number}.xml"),
                    _ => format!("notes-{number}"),
                };
                folders.put(&format!("res/{name}"), "x");
                if *is_acknowledged {
                    folders.acknowledge(&name, "x", "", folders.start + time);
                }
            }
            time += hour * HOUR;
            let plan = folders.plan(time);
            prop_assert_eq!(said(&plan), said(&folders.apply(time)));
        }
    }
}
