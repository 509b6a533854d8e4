//! A10: a clock that jumped stops the pass, with an alert.

use link::retention::Distrust;
use link::sweep::Confirmation;

use super::{DAY, Folders, HOUR, MINUTE, deleted};

/// A result that is due as soon as a pass believes the clock.
fn due() -> Folders {
    let folders = Folders::new();
    folders.put("res/del1.txt", "x");
    folders.apply(9 * HOUR);
    folders
}

#[test]
fn a10_a_jump_of_a_day_stops_the_pass_in_which_it_is_noticed() {
    for (jump, distrust) in
        [(30 * DAY, Distrust::Jumped(30 * 86_400)), (-DAY, Distrust::Backwards(86_400 - 60))]
    {
        let folders = due();
        let mut now = folders.after(9 * HOUR + MINUTE);
        now.wall += jump;
        for mode in ["plan", "apply"] {
            let mut sweeper = folders.sweeper();
            let report = match mode {
                "plan" => sweeper.plan(&now, Confirmation::Given),
                _ => sweeper.apply(&now, Confirmation::Given),
            };
            let report = report.expect("a pass");
            assert_eq!(report.clock.distrust, Some(distrust));
            assert!(report.lines.is_empty() && !report.is_complete);
            assert_eq!(report.totals().alerts, 1);
        }
        assert!(folders.has("res/del1.txt"));
    }
}

#[test]
fn a10_after_a_jump_every_age_begins_anew() {
    let folders = due();
    let mut now = folders.after(9 * HOUR + MINUTE);
    now.wall += 30 * DAY;
    let apply = |now: &link::retention::Reading| {
        let report = folders.sweeper().apply(now, Confirmation::Given).expect("a pass");
        deleted(&report).len()
    };
    apply(&now);
    now.wall += MINUTE;
    now.counter += MINUTE;
    assert_eq!(apply(&now), 0, "a month that did not pass does not count");
    // The clock is set right again: that is a jump too, and stops one pass.
    now.wall -= 30 * DAY;
    now.counter += MINUTE;
    assert_eq!(apply(&now), 0);
    now.wall += 7 * DAY - HOUR;
    now.counter += 7 * DAY - HOUR;
    assert_eq!(apply(&now), 0);
    now.wall += 2 * HOUR;
    now.counter += 2 * HOUR;
    assert_eq!(apply(&now), 1, "a week after the clock was believed again");
}

#[test]
fn a10_a_clock_before_an_acknowledgement_stops_the_pass() {
    let folders = Folders::new();
    folders.put("res/OQSsiquc01res_1.xml", "x");
    folders.acknowledge("OQSsiquc01res_1.xml", "x", "", folders.start + HOUR);
    let report = folders.apply(MINUTE);
    assert!(matches!(report.clock.distrust, Some(Distrust::Backwards(_))));
    // It stops one pass, not every pass of the hour to come.
    assert_eq!(folders.apply(2 * MINUTE).clock.distrust, None);
}
