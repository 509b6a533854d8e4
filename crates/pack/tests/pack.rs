//! Facts of the program and of sites: what is read, what is refused, and what contradicts.

use diag::{Diagnostic, SourceId, Span};
use model::Date;
use pack::{Author, BUILT_IN, Confidence, Facts, Found, Line, Pack, codes, read};

/// The packs of the program.
fn built_in() -> Vec<Pack> {
    let texts = BUILT_IN.iter().zip(0..);
    let packs = texts.map(|((name, text), id)| {
        let (pack, found) = read(SourceId(id), text, Author::Program);
        assert!(found.is_empty(), "{name}: {found:?}");
        pack
    });
    packs.collect()
}

/// The packs of the program and one of the site, on a line of `carrier`.
fn with(own: &str, carrier: Option<&str>) -> (Facts, Vec<Diagnostic>) {
    let (own, mut said) = read(SourceId(99), own, Author::Site);
    let mut packs = built_in();
    packs.push(own);
    let (facts, found) = Facts::of(packs, &line(carrier, None));
    said.extend(found);
    (facts, said)
}

/// A line of these two.
fn line<'a>(carrier: Option<&'a str>, provider: Option<&'a str>) -> Line<'a> {
    let named = |name: Option<&'a str>| name.map(|name| (name, Span::new(SourceId(98), 0, 1)));
    Line { carrier: named(carrier), provider: named(provider) }
}

fn date(text: &str) -> Option<Date> {
    Some(Date::read(text).expect("the test names a day"))
}

fn codes_of(said: &[Diagnostic]) -> Vec<&str> {
    said.iter().map(|one| one.code).collect()
}

/// The rest of a fact whose own keys are `keys`.
fn fact(kind: &str, keys: &str) -> String {
    format!(
        "[[{kind}]]\n{keys}\nsource = \"a paper\"\nread = 2026-11-01\nconfidence = \"H\"\n\
         class = \"contract-only\"\n"
    )
}

const LTSC_2019: &str = "name = \"windows-10-iot-enterprise-ltsc-2019\"\nbuild = \"17763\"\n\
                         title = \"LTSC 2019\"\niot = true";

#[test]
fn the_facts_of_the_program_are_public_dated_and_in_no_doubt() {
    let packs = built_in();
    for fact in packs.iter().flat_map(|pack| &pack.facts) {
        let provenance = fact.provenance();
        assert!(provenance.is_public, "{:?}", fact.span);
        assert!(provenance.source.len() > 8 && Some(provenance.read) >= date("2026-11-20"));
        assert!(provenance.confidence <= Confidence::Medium);
    }
    for carrier in [None, Some("ntt-east"), Some("ntt-west")] {
        assert_eq!(Facts::of(packs.clone(), &line(carrier, None)).1, []);
    }
}

#[test]
fn the_facts_of_the_program_are_those_of_its_packs() {
    for carrier in [None, Some("ntt-east"), Some("ntt-west"), Some("another")] {
        let read = Facts::of(built_in(), &line(carrier, None)).0;
        let kept = pack::built_in(carrier);
        assert_eq!(kept.systems(), read.systems());
        assert_eq!(kept.carriers(), read.carriers());
        assert_eq!(kept.certificate(None), read.certificate(None));
        for name in kept.carriers() {
            assert_eq!(kept.carrier(name, None), read.carrier(name, None));
        }
        let servers = kept.name_servers("onshikaku.org", None);
        assert_eq!(servers, read.name_servers("onshikaku.org", None), "{carrier:?}");
    }
}

/// Microsoft ends its support on a Tuesday.
#[test]
fn systems_end_on_a_tuesday() {
    let (facts, _) = Facts::of(built_in(), &Line::default());
    let mut count = 0;
    for name in facts.systems() {
        for build in facts.builds(name) {
            let Found::Known(os) = facts.os(name, build, None) else { panic!("{name} {build}") };
            for day in [Some(os.ends), os.esu_ends].into_iter().flatten() {
                assert_eq!(day.number().rem_euclid(7), 5, "{name} {build} ends on {day}");
            }
            assert_eq!(os.is_iot, name.contains("iot"), "{name}");
            count += 1;
        }
    }
    assert!(count >= 15);
}

#[test]
fn a_system_is_known_by_name_and_build() {
    let (facts, _) = Facts::of(built_in(), &Line::default());
    let ends = |name: &str, build: &str| match facts.os(name, build, date("2026-12-01")) {
        Found::Known(os) => Some(os.ends.to_string()),
        _ => None,
    };
    let iot = "windows-10-iot-enterprise-ltsc-2021";
    assert_eq!(ends(iot, "19044.6456").as_deref(), Some("2032-01-13"));
    assert_eq!(ends(iot, "10.0.19044.6456").as_deref(), Some("2032-01-13"));
    assert_eq!(ends("windows-10-enterprise-ltsc-2021", "19044").as_deref(), Some("2027-01-12"));
    // The same name with the build of another release is no such system.
    assert_eq!(ends(iot, "17763"), None);
    assert_eq!(ends("windows-10-iot-enterprise-ltsc-2020", "19044"), None);
    assert_eq!(pack::nearest("windows-10-iot-enterprise-ltsc2021", facts.systems()), Some(iot),);
}

#[test]
fn facts_that_contradict_each_other_are_not_used() {
    let own = format!(
        "[pack]\nname = \"ours\"\n{}",
        fact("os", &format!("{LTSC_2019}\nends = 2030-01-08"))
    );
    let (facts, said) = with(&own, None);
    assert_eq!(codes_of(&said), [codes::CONTRADICTION]);
    // Both places are shown, the site's own first.
    assert_eq!(said[0].primary.as_ref().map(|label| label.span.source), Some(SourceId(99)));
    assert_eq!(said[0].secondary.len(), 1);
    assert!(said[0].headline.en.contains("`ends`"), "{}", said[0].headline.en);
    let found = facts.os("windows-10-iot-enterprise-ltsc-2019", "17763", date("2026-12-01"));
    assert_eq!(found, Found::Disputed);
}

#[test]
fn two_contradicting_facts_of_one_file_are_told_too() {
    let list = |systems: &str| {
        fact(
            "os_list",
            &format!("clause = \"R12\"\nedition = \"2023\"\nsystems = {systems}\ncomplete = true"),
        )
    };
    let own = format!("[pack]\nname = \"ours\"\n{}{}", list("[\"a\"]"), list("[\"b\"]"));
    let (facts, said) = with(&own, None);
    assert_eq!(codes_of(&said), [codes::CONTRADICTION]);
    assert_eq!(facts.os_list("R12", "2023", None), Found::Disputed);
}

#[test]
fn facts_that_hold_at_different_times_do_not_contradict() {
    let list = |systems: &str, when: &str| {
        fact(
            "os_list",
            &format!(
                "clause = \"R12\"\nedition = \"2023\"\nsystems = {systems}\ncomplete = true\n{when}"
            ),
        )
    };
    let own = format!(
        "[pack]\nname = \"ours\"\n{}{}",
        list("[\"a\"]", "until = 2026-12-31"),
        list("[\"b\"]", "from = 2027-01-01"),
    );
    let (facts, said) = with(&own, None);
    assert_eq!(said, []);
    let systems = |on| match facts.os_list("R12", "2023", on) {
        Found::Known(list) => list.systems,
        _ => Vec::new(),
    };
    assert_eq!(systems(date("2026-12-31")), ["a"]);
    assert_eq!(systems(date("2027-01-01")), ["b"]);
    // Without a day nothing that holds for a time only is known.
    assert_eq!(systems(None), Vec::<String>::new());
}

#[test]
fn the_same_fact_twice_is_told_and_used() {
    let own = format!(
        "[pack]\nname = \"ours\"\n{}",
        fact("os", &format!("{LTSC_2019}\nends = 2029-01-09"))
    );
    let (facts, said) = with(&own, None);
    assert_eq!(codes_of(&said), [codes::REPETITION]);
    let found = facts.os("windows-10-iot-enterprise-ltsc-2019", "17763", None);
    assert!(matches!(found, Found::Known(_)));
}

#[test]
fn a_site_may_replace_a_fact_with_a_reason() {
    let own = format!(
        "[pack]\nname = \"ours\"\n{}",
        fact(
            "os",
            &format!("{LTSC_2019}\nends = 2030-01-08\nreplaces = \"a letter of the maker\"")
        )
    );
    let (facts, said) = with(&own, None);
    assert_eq!(codes_of(&said), [codes::REPLACED]);
    let Found::Known(os) = facts.os("windows-10-iot-enterprise-ltsc-2019", "17763", None) else {
        panic!("the site's own fact is used");
    };
    assert_eq!(Some(os.ends), date("2030-01-08"));
}

#[test]
fn hearsay_is_told_apart() {
    let own = format!(
        "[pack]\nname = \"ours\"\n{}",
        fact("os", "name = \"x\"\nbuild = \"1\"\ntitle = \"X\"\niot = false\nends = 2030-01-08")
    );
    let own = own.replace("\"H\"", "\"L\"");
    let (facts, said) = with(&own, None);
    assert_eq!(said, []);
    assert!(matches!(facts.os("x", "1", None), Found::Hearsay(_)));
}

#[test]
fn one_carriers_facts_never_judge_anothers_line() {
    let servers = |carrier: Option<&str>| match Facts::of(built_in(), &line(carrier, None))
        .0
        .name_servers("onshikaku.org", None)
    {
        Found::Known(found) => found.addresses.into_iter().next(),
        _ => None,
    };
    assert_ne!(servers(Some("ntt-east")), servers(Some("ntt-west")));
    assert!(servers(Some("ntt-east")).is_some_and(|address| address.starts_with("2404:")));
    assert_eq!(servers(None), None);
    assert_eq!(servers(Some("ctc")), None);

    let dns = fact(
        "dns",
        "name = \"eligibility\"\nsuffixes = [\"onshikaku.org\"]\naddresses = [\"2001:db8::53\"]",
    );
    let own = format!("[pack]\nname = \"provider-x\"\ncarrier = \"provider-x\"\n{dns}");
    let (facts, said) = with(&own, Some("ntt-east"));
    assert_eq!(codes_of(&said), [codes::OTHER_OWNER]);
    let Found::Known(found) = facts.name_servers("onshikaku.org", None) else {
        panic!("the carrier's own servers stay");
    };
    assert_ne!(found.addresses, ["2001:db8::53"]);
    assert_eq!(codes_of(&with(&own, None).1), [codes::OTHER_OWNER]);
    assert_eq!(codes_of(&with(&own, Some("provider-x")).1), Vec::<&str>::new());
}

#[test]
fn packs_of_two_carriers_are_refused() {
    let pack = |id, name: &str| {
        let text = format!("[pack]\nname = \"{name}\"\ncarrier = \"{name}\"\n");
        read(SourceId(id), &text, Author::Site).0
    };
    let packs = vec![pack(97, "x"), pack(99, "y")];
    let (_, said) = Facts::of(packs, &line(Some("x"), None));
    assert_eq!(codes_of(&said), [codes::MIXED_OWNERS, codes::OTHER_OWNER]);
}

/// A pack of the provider `name` that says where its service takes the names from.
fn of_provider(id: u32, name: &str) -> Pack {
    let dns = fact(
        "dns",
        &format!("name = \"{name}\"\nsuffixes = [\"x.test\"]\naddresses = [\"192.0.2.53\"]"),
    );
    let text = format!("[pack]\nname = \"{name}\"\nprovider = \"{name}\"\n{dns}");
    let (pack, said) = read(SourceId(id), &text, Author::Site);
    assert_eq!(said, []);
    pack
}

#[test]
fn one_providers_facts_never_judge_anothers_tunnel() {
    let said = |provider: Option<&str>| {
        let (facts, said) = Facts::of(vec![of_provider(97, "a")], &line(Some("ctc"), provider));
        let is_used = matches!(facts.name_servers("x.test", None), Found::Known(_));
        (is_used, codes_of(&said).concat())
    };
    assert_eq!(said(Some("a")), (true, String::new()));
    assert_eq!(said(Some("b")), (false, codes::OTHER_OWNER.to_owned()));
    assert_eq!(said(None), (false, codes::OTHER_OWNER.to_owned()));
}

#[test]
fn packs_of_two_providers_are_refused_and_of_carrier_and_provider_are_not() {
    let both = vec![of_provider(97, "a"), of_provider(99, "b")];
    let (_, said) = Facts::of(both, &line(None, Some("a")));
    assert_eq!(codes_of(&said), [codes::MIXED_OWNERS, codes::OTHER_OWNER]);
    let text = "[pack]\nname = \"ours\"\ncarrier = \"ctc\"\nprovider = \"a\"\n";
    let ours = read(SourceId(99), text, Author::Site).0;
    let both = vec![of_provider(97, "a"), ours.clone()];
    assert_eq!(Facts::of(both, &line(Some("ctc"), Some("a"))).1, []);
    // The pack is about the service of `a` on lines of `ctc` only.
    let (_, said) = Facts::of(vec![ours], &line(Some("qtnet"), Some("b")));
    assert_eq!(codes_of(&said), [codes::OTHER_OWNER, codes::OTHER_OWNER]);
}

#[test]
fn models_are_found_in_any_letters() {
    let (facts, _) = with("[pack]\nname = \"ours\"\n", None);
    let known = |model| match facts.router("yamaha-rtx", model, None) {
        Found::Known(found) => Some(found.pass_through.to_string()),
        _ => None,
    };
    assert_eq!(known("rtx830").as_deref(), Some("15.02.03"));
    assert_eq!(known("RTX1220").as_deref(), Some("all"));
    assert_eq!(known("vRX").as_deref(), Some("none"));
    assert_eq!(known("any").as_deref(), Some("configured"));
    assert_eq!(known("RTX9999"), None);
    let wrong = "vendor = \"x\"\nmodel = \"y\"\npppoe_pass_through = \"every\"";
    let text = format!("[pack]\nname = \"ours\"\n{}", fact("router", wrong));
    assert_eq!(codes_of(&read(SourceId(0), &text, Author::Site).1), [codes::WRONG_VALUE]);
}

#[test]
fn every_mistake_of_a_file_is_told_at_its_place() {
    let text = "[pack]\nnme = \"ours\"\n[[os]]\nname = \"x\"\nbuild = 19044\nends = 2026-02-30\n";
    // A day that does not exist is no TOML.
    let said = read(SourceId(0), text, Author::Site).1;
    assert_eq!(codes_of(&said), [codes::NOT_TOML]);
    assert!(said[0].helps[0].en.contains("a day that the calendar has"), "{said:?}");
    let text = text.replace("2026-02-30", "\"2026-02-28\"") + "[[oss]]\n";
    let (pack, said) = read(SourceId(0), &text, Author::Site);
    assert!(pack.facts.is_empty());
    let has = |code: &str, words: &str| {
        said.iter().any(|one| {
            let all = one.helps.iter().chain([&one.headline]);
            one.code == code
                && one.primary.is_some()
                && all.into_iter().any(|text| text.en.contains(words))
        })
    };
    assert!(has(codes::UNKNOWN_KEY, "`name`"), "{said:?}");
    assert!(has(codes::UNKNOWN_KEY, "`os`"), "{said:?}");
    assert!(has(codes::WRONG_VALUE, "`os.build`"), "{said:?}");
    assert!(has(codes::WRONG_VALUE, "ends = 2027-03-31"), "{said:?}");
    assert!(has(codes::MISSING_KEY, "`confidence`"), "{said:?}");
    for one in &said {
        assert!(!one.headline.ja.is_empty() && !one.helps.is_empty(), "{one:?}");
    }
}

#[test]
fn a_fact_that_contradicts_itself_is_not_taken() {
    let os = |more: &str| fact("os", &format!("{LTSC_2019}\n{more}"));
    let list = "clause = \"R12\"\nedition = \"2023\"\nsystems = [\"a\"]\ncomplete = true";
    let carrier = "name = \"x\"\ntitle = \"x\"\nmethods = [\"ipoe\"]\npppoe_sessions = 2";
    for (own, at) in [
        (os("ends = 2030-01-08\nfrom = 2027-01-01\nuntil = 2026-01-01"), "2026-01-01"),
        (os("ends = 2030-01-08\nesu_ends = 2029-01-08"), "2029-01-08"),
        (fact("os_list", &format!("{list}\nexcluded = [\"b\", \"a\"]")), "[\"b\", \"a\"]"),
        (fact("carrier", &format!("{carrier}\npppoe_sessions_max = 1")), "1"),
    ] {
        let own = format!("[pack]\nname = \"ours\"\n{own}");
        let (pack, said) = read(SourceId(0), &own, Author::Site);
        assert_eq!(codes_of(&said), [codes::SELF_CONTRADICTION], "{own}");
        let span = said[0].primary.as_ref().expect("a place").span;
        assert_eq!(&own[span.start as usize..span.end as usize], at);
        assert!(pack.facts.is_empty());
    }
}

#[test]
fn a_build_that_no_machine_can_have_is_refused() {
    let named = |build: &str| {
        let os = LTSC_2019.replace("17763", build) + "\nends = 2030-01-08";
        let own = format!("[pack]\nname = \"ours\"\n{}", fact("os", &os));
        codes_of(&read(SourceId(0), &own, Author::Site).1).len()
    };
    assert_eq!(["17763", "22H2", "17763.6532", "10.0.17763", "17 763"].map(named), [0, 0, 1, 1, 1]);
}

#[test]
fn a_list_is_of_a_clause_and_an_edition_that_there_is() {
    let said = |clause: &str, edition: &str| {
        let list = format!(
            "clause = \"{clause}\"\nedition = \"{edition}\"\nsystems = [\"a\"]\ncomplete = true"
        );
        let own = format!("[pack]\nname = \"ours\"\n{}", fact("os_list", &list));
        codes_of(&read(SourceId(0), &own, Author::Site).1).len()
    };
    assert_eq!([said("R11", "2021"), said("R99", "2021"), said("R12", "2024")], [0, 1, 1]);
}

#[test]
fn the_schema_knows_every_key_of_the_program_s_packs() {
    let schema = pack::schema();
    for (name, text) in BUILT_IN {
        let table = toml::de::DeTable::parse(text).expect("it was read above");
        for (kind, items) in table.get_ref() {
            let known = &schema["properties"][kind.get_ref().as_ref()];
            for item in items.get_ref().as_array().into_iter().flat_map(|all| all.iter()) {
                for key in item.get_ref().as_table().into_iter().flat_map(|table| table.keys()) {
                    let path = &known["items"]["properties"][key.get_ref().as_ref()];
                    assert!(path["description"].is_string(), "{name}: {}", key.get_ref());
                }
            }
        }
    }
}

#[test]
fn any_text_is_survived() {
    let text: String = BUILT_IN.iter().map(|(_, text)| *text).collect();
    let letters: Vec<char> = text.chars().collect();
    for step in 1..200 {
        let cut: String = letters.iter().skip(step * 7).step_by(1 + step % 3).take(400).collect();
        let (pack, said) = read(SourceId(0), &cut, Author::Site);
        assert!(pack.facts.is_empty() || said.is_empty() || said.len() <= 50);
    }
}
