//! Where a drawing shows what is left open.

use check::{Picture, PlaceKind, RouteKind, State};

use crate::expectation::DAY;
use crate::markdown;
use crate::snapshot::Snapshot;

/// The drawing of a base site with what `text`, a case, puts in the place of its parts.
fn drawn(text: &str) -> Picture {
    let snapshot = Snapshot::of(&markdown::cases(text)[0]);
    let today = site::Date::read(DAY);
    let loaded = check::load("site.toml", snapshot.site.as_bytes());
    let files = snapshot.config_files(&loaded);
    let report = snapshot.check(today);
    check::picture(loaded, &files, Some(&report), today)
}

/// A question about one session leaves the others as they are.
#[test]
fn a_question_about_one_session_is_marked_at_that_one() {
    let picture = drawn(
        "## one\nThe second terminal has no way back.\n```site\n\
         [machines.terminal-2]\nroles = [\"eligibility-terminal\"]\nforwarding = false\n\
         nics = [{ zone = \"terminal-lan\", ipv4 = \"192.0.2.131\", dns = [] }, \
         { zone = \"edge-lan\", ipv6 = \"ra\" }]\n\
         [[service]]\nfrom = \"receipt-1\"\nto = \"terminal-1\"\nuse = \"smb\"\n\
         [[service]]\nfrom = \"receipt-1\"\nto = \"terminal-2\"\nuse = \"smb\"\n```\n",
    );
    let open = picture.routes.iter().filter(|one| one.code == "F007");
    assert!(open.clone().all(|one| one.kind == RouteKind::Flow), "{:?}", picture.routes);
    let session = picture.routes.iter().find(|one| one.kind == RouteKind::Pppoe);
    assert!(session.is_some_and(|one| one.state != State::Unknown), "{:?}", picture.routes);
}

/// What terminals are used for has its mark at one of them, not at the ONU.
#[test]
fn deletion_is_marked_at_a_terminal() {
    let picture = drawn("## one\nNothing is written of it.\n```site\n[deletion]\n```\n");
    let marks: Vec<PlaceKind> = picture
        .marks
        .iter()
        .filter(|mark| mark.code == "L001")
        .map(|mark| picture.places[mark.place].kind)
        .collect();
    assert_eq!(marks, [PlaceKind::Terminal]);
}
