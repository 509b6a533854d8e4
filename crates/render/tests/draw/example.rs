//! Drawings of all examples, of those that are broken too, and of site files of other shapes.

use std::fs;
use std::path::{Path, PathBuf};

use check::{ConfigFile, Picture, PlaceKind, RouteKind, State, Stop};
use diag::Lang;
use render::draw::drawing;

use crate::geometry::faults;

fn folders(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("the folder of examples can be read");
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths.into_iter().filter(|path| path.is_dir()) {
        if path.join("site.toml").is_file() {
            found.push(path);
        } else {
            folders(&path, found);
        }
    }
}

/// The site in `folder`, drawn with its verdicts and without.
fn pictures(folder: &Path) -> [Picture; 2] {
    let site = fs::read(folder.join("site.toml")).expect("the folder holds a site file");
    let loaded = check::load("site.toml", &site);
    let files: Vec<ConfigFile> = loaded
        .files()
        .into_iter()
        .map(|name| {
            let content =
                fs::read(folder.join(&name)).map_err(|error| diag::os_error(&error).into());
            ConfigFile { shown: name.clone(), name, content }
        })
        .collect();
    let report = check::check(loaded.clone(), &files, None);
    [
        check::picture(loaded.clone(), &files, Some(&report), None),
        check::picture(loaded, &files, None, None),
    ]
}

fn examples() -> Vec<PathBuf> {
    let mut found = Vec::new();
    folders(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples"), &mut found);
    found
}

#[test]
fn nothing_overlaps_on_any_example() {
    let examples = examples();
    assert!(examples.len() > 30, "{} examples", examples.len());
    for folder in examples {
        for picture in pictures(&folder) {
            for lang in [Lang::Ja, Lang::En] {
                let faults = faults(&drawing(&picture, lang));
                assert!(faults.is_empty(), "{} {lang:?}: {faults:#?}", folder.display());
            }
        }
    }
}

/// What is refuted is seen: on a way, or at a place.
#[test]
fn every_refutation_with_a_packet_is_drawn() {
    let broken = examples().into_iter().filter(|path| path.iter().any(|part| part == "broken"));
    let mut drawn = 0;
    for folder in broken {
        let [picture, plain] = pictures(&folder);
        assert!(plain.routes.iter().all(|route| route.state == State::Plain));
        assert!(plain.requirements.is_empty() && plain.marks.is_empty());
        for one in
            picture.requirements.iter().filter(|one| one.verdict == check::RuleVerdict::Refuted)
        {
            let on_way = picture
                .routes
                .iter()
                .any(|route| route.code == one.code && route.state == State::Refuted);
            let at_place = picture.marks.iter().any(|mark| mark.code == one.code);
            assert!(on_way || at_place, "{}: {} is not drawn", folder.display(), one.code);
            drawn += 1;
        }
    }
    assert!(drawn > 30, "{drawn} refutations");
}

/// A way is green only if what is said of it is proved.
#[test]
fn nothing_is_called_proved_that_is_not() {
    for folder in examples() {
        let [picture, _] = pictures(&folder);
        for route in picture.routes.iter().filter(|route| route.state == State::Proved) {
            let is_proved = |name: &str| {
                let one = picture.requirements.iter().find(|one| one.name == name);
                one.is_some_and(|one| one.verdict == check::RuleVerdict::Proved)
            };
            let needed: &[&str] = match (route.kind, route.is_stopped) {
                (RouteKind::Flow, true) if route.code == "F002" => &["terminal-initiated-session"],
                (RouteKind::Flow, true) => &["outside-initiated-session"],
                _ => &["lost-answer"],
            };
            for name in needed {
                assert!(is_proved(name), "{}: {route:?}", folder.display());
            }
            let kind = |stop: Option<&Stop>| match stop {
                Some(Stop::Place(place)) => Some(&picture.places[*place]),
                _ => None,
            };
            let is_terminal = |place: Option<&check::Place>| {
                place.is_some_and(|one| one.titles.iter().any(|title| title.ja == "資格確認端末"))
            };
            let (first, last) = (kind(route.way.first()), kind(route.way.last()));
            let is_edge = last.is_some_and(|one| one.kind == PlaceKind::EdgeRouter);
            match (route.kind, route.is_stopped) {
                // The online-claims terminal is no eligibility terminal.
                (RouteKind::Flow, true) if route.code == "F002" => assert!(is_terminal(first)),
                (RouteKind::Flow, false) if !is_edge => {
                    let is_medical = first.map(|one| one.kind) == Some(PlaceKind::Medical);
                    // The linkage, and what else the site file names.
                    let rule = if is_medical && is_terminal(last) {
                        "unreachable-terminal"
                    } else {
                        "unreachable-service"
                    };
                    assert!(is_proved(rule), "{}: {route:?}", folder.display());
                }
                _ => {}
            }
        }
    }
}

fn site(text: &str) -> Picture {
    let loaded = check::load("site.toml", text.as_bytes());
    check::picture(loaded, &[], None, None)
}

/// The beginning of every site file below.
const START: &str = "edition = \"2021\"\n[site]\nname = \"みどり内科\"\nkind = \"clinic\"\n";

const ROUTER_B: &str = "[routers.router-b]\nrole = \"router-b\"\nvendor = \"yamaha-rtx\"\n\
    config = \"b.conf\"\nports = { lan1 = \"terminal-lan\", lan2 = \"onu\" }\n";

fn names(picture: &Picture, kind: RouteKind) -> Vec<Vec<String>> {
    let routes = picture.routes.iter().filter(|route| route.kind == kind);
    routes
        .map(|route| {
            let name = |stop: &Stop| match stop {
                Stop::Place(place) => {
                    let place = &picture.places[*place];
                    let is_onu = place.kind == PlaceKind::Onu;
                    if is_onu { "ONU".to_owned() } else { place.name.clone() }
                }
                Stop::Zone(zone) => picture.zones[*zone].name.clone(),
            };
            route.way.iter().map(name).collect()
        })
        .collect()
}

#[test]
fn a_tunnel_of_the_router_begins_at_the_router() {
    let picture = site(&format!(
        "{START}[line]\nkind = \"ipsec\"\nendpoint = \"router\"\npeer = \"203.0.113.9\"\n\
         [zones]\nterminal-lan = {{ ipv4 = \"192.0.2.128/28\" }}\n\
         [machines.terminal-1]\nroles = [\"eligibility-terminal\"]\n\
         nics = [{{ zone = \"terminal-lan\", ipv4 = \"192.0.2.130\", gateway = \"router-b\" }}]\n\
         {ROUTER_B}",
    ));
    assert_eq!(names(&picture, RouteKind::Ipsec), [["router-b", "ONU", "eligibility-net"]]);
    assert_eq!(names(&picture, RouteKind::Flow), [["terminal-1", "router-b"]]);
    assert_eq!(faults(&drawing(&picture, Lang::Ja)), Vec::<String>::new());
}

#[test]
fn a_tunnel_of_the_terminal_goes_through_the_router() {
    let picture = site(&format!(
        "{START}[line]\nkind = \"ipsec\"\nendpoint = \"terminal\"\npeer = \"203.0.113.9\"\n\
         [zones]\nterminal-lan = {{ ipv4 = \"192.0.2.128/28\" }}\n\
         [machines.terminal-1]\nroles = [\"eligibility-terminal\", \"online-claims-terminal\"]\n\
         nics = [{{ zone = \"terminal-lan\", ipv4 = \"192.0.2.130\", gateway = \"router-b\" }}]\n\
         tunnel = {{ through = \"router-b\", secret = \"env:PSK\" }}\n\
         {ROUTER_B}",
    ));
    let way = |net| vec!["terminal-1", "router-b", "ONU", net];
    assert_eq!(names(&picture, RouteKind::Ipsec), [way("eligibility-net"), way("claims-net")]);
    assert_eq!(faults(&drawing(&picture, Lang::Ja)), Vec::<String>::new());
}

/// A hospital with 30 machines: those that are alike are drawn as one, and all are named.
#[test]
fn a_large_site_names_every_machine() {
    let mut text = format!(
        "{START}[line]\nkind = \"ip-vpn\"\neligibility = \"ipoe\"\n\
         [zones]\nclaims-lan = {{ ipv4 = \"192.0.2.0/25\" }}\n\
         terminal-lan = {{ ipv4 = \"192.0.2.128/28\", ipv6 = \"ra\" }}\n\
         [routers.router-a]\nrole = \"router-a\"\nvendor = \"linux\"\nconfig = \"a.nft\"\n\
         ports = {{ lan0 = \"claims-lan\", lan1 = \"terminal-lan\" }}\n{ROUTER_B}",
    );
    for number in 1..=22 {
        text += &format!(
            "[machines.receipt-{number}]\nroles = [\"claims-computer\"]\n\
             nics = [{{ zone = \"claims-lan\", ipv4 = \"192.0.2.{}\" }}]\n",
            number + 20,
        );
    }
    for number in 1..=8 {
        text += &format!(
            "[machines.terminal-{number}]\nroles = [\"eligibility-terminal\"]\n\
             nics = [{{ zone = \"terminal-lan\", ipv4 = \"192.0.2.{}\", ipv6 = \"ra\" }}]\n",
            number + 130,
        );
    }
    text += "[[service]]\nfrom = \"claims-lan\"\nto = \"terminal-lan\"\nuse = \"smb\"\n";
    let picture = site(&text);
    let drawing = drawing(&picture, Lang::Ja);
    assert_eq!(faults(&drawing), Vec::<String>::new());
    let svg = render::draw::svg(&drawing);
    for number in 1..=22 {
        let line = format!(">receipt-{number} 192.0.2.{}<", number + 20);
        assert!(svg.contains(&line), "{line}");
    }
    assert!(svg.contains("×8台"), "terminals are one place");
}
