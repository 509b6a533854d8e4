//! Lists and session tables of interfaces.

use std::borrow::Cow;
use std::collections::BTreeSet;

use diag::{Diagnostic, Span, text};
use model::{
    Action, Effect, Effects, Entry, Family, Match, Origin, Ranges, Related, RelatedDirection,
    Tracker, TrackerIndex, TrackerKind, Trigger, protocol,
};

use super::super::applications::{Application, Gateway};
use super::super::assumptions::{Y_A2, Y_A3, Y_A4, Y_A5, Y_A13, Y_A15};
use super::super::config::{Direction, Dynamic, DynamicWord, FilterKind, IfName, NumberList};
use super::lists::{Meaning, entry};
use super::{Lowering, matches};

/// Port from which an FTP server opens active data connections (RFC 959).
const FTP_DATA: u16 = 20;

/// Port of HTTPS (IANA).
const HTTPS: u16 = 443;

/// One list with its numbers resolved.
#[derive(Debug)]
pub(super) struct Side {
    pub(super) line: Span,
    pub(super) entries: Vec<Entry>,
    /// What dynamic filters open, `www` read as HTTP alone.
    pub(super) triggers: Vec<Trigger>,
    /// Those of them that are for `www`, which may be HTTPS as well.
    pub(super) www: Vec<usize>,
    /// Entries and triggers for addresses that are given by name; here they are about all.
    pub(super) named: Vec<usize>,
    pub(super) named_triggers: Vec<usize>,
    /// Entries that pass only while a line is up, and do not bring it up.
    pub(super) waiting: Vec<usize>,
    pub(super) has_static: bool,
    has_dynamic: bool,
    has_reject: bool,
    pub(super) undefined: Option<Span>,
}

/// How many packets pass by filters whose addresses are given by name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Names {
    /// As many as can: what passes is for all addresses, what is discarded for none.
    Most,
    /// As few as can.
    Least,
}

impl Side {
    /// Whether a name stands in it.
    pub(super) fn has_names(&self) -> bool {
        !self.named.is_empty() || !self.named_triggers.is_empty()
    }

    /// Its static filters in order; those that pass only while a line is up discard if it is not.
    pub(super) fn entries(
        &self,
        names: Names,
        is_up: bool,
    ) -> impl Iterator<Item = Cow<'_, Entry>> {
        let counted = match names {
            Names::Most => Action::Permit,
            Names::Least => Action::Deny,
        };
        let all = self.entries.iter().enumerate();
        all.filter(move |(place, one)| one.action == counted || !self.named.contains(place)).map(
            move |(place, one)| match !is_up && self.waiting.contains(&place) {
                true => Cow::Owned(Entry { action: Action::Deny, ..one.clone() }),
                false => Cow::Borrowed(one),
            },
        )
    }

    /// What its dynamic filters open, where `www` stands for HTTPS as well if `wide_www` says so.
    pub(super) fn triggers(&self, wide_www: bool, names: Names) -> Vec<Trigger> {
        let counts = |place: &usize| names == Names::Most || !self.named_triggers.contains(place);
        let all = self.triggers.iter().enumerate().filter(|(place, _)| counts(place));
        all.map(|(place, one)| match wide_www && self.www.contains(&place) {
            true => with_https(one),
            false => one.clone(),
        })
        .collect()
    }
}

/// `trigger`, which is for HTTP, for HTTPS as well.
fn with_https(trigger: &Trigger) -> Trigger {
    let http = trigger.matches.iter();
    let https =
        http.clone().map(|one| Match { destination_port: Some(Ranges::one(HTTPS)), ..one.clone() });
    Trigger { matches: http.cloned().chain(https).collect(), ..trigger.clone() }
}

/// What stands at an interface in one direction for one family.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) name: IfName,
    pub(super) family: Family,
    pub(super) direction: Direction,
    pub(super) side: Option<Side>,
    pub(super) tracker: Option<TrackerIndex>,
    /// The line because of which packets of open sessions pass.
    pub(super) session_line: Option<Span>,
}

impl Lowering<'_> {
    pub(super) fn filters(&mut self) {
        let listed = self.settings.lists.keys().map(|(name, family, _)| (*name, *family));
        let all: BTreeSet<_> = listed.chain(self.settings.applied_sets.keys().copied()).collect();
        for (name, family) in all {
            self.filters_of(name, family);
        }
    }

    fn filters_of(&mut self, name: IfName, family: Family) {
        let [inward, outward] = [Direction::In, Direction::Out]
            .map(|direction| self.list(name, family, direction))
            .map(|found| found.map(|(list, line)| self.side(name, family, &list, line)));
        let tracked = [&inward, &outward].into_iter().flatten().any(|side| side.has_dynamic);
        let tracker = tracked.then(|| self.tracker(name, family, [&inward, &outward]));
        self.note_assumptions([&inward, &outward]);
        let lines = [&inward, &outward]
            .map(|side| side.as_ref().filter(|side| side.has_dynamic).map(|side| side.line));
        for (direction, side, session_line) in [
            (Direction::In, inward, lines[1].or(lines[0])),
            (Direction::Out, outward, lines[0].or(lines[1])),
        ] {
            let session_line = tracker.and(session_line);
            self.meant.lists.push(Listing { name, family, direction, side, tracker, session_line });
        }
    }

    /// The list that is applied, by numbers or by the name of a set.
    fn list(
        &mut self,
        name: IfName,
        family: Family,
        direction: Direction,
    ) -> Option<(NumberList, Span)> {
        let list = self.settings.lists.get(&(name, family, direction)).copied();
        let Some(((set, place), line)) = self.settings.applied_sets.get(&(name, family)).copied()
        else {
            return list.map(|(list, line)| (list.clone(), line));
        };
        if let Some((list, line)) = list {
            let what = text!(
                ja: "番号のリストと名前のリストの併用",
                en: "a list of numbers beside a named set",
            );
            let effects = Effects::of(&[Effect::Permit, Effect::Deny]);
            self.scoped_gap(line, what, effects, Some(name), Some(family));
            return Some((list.clone(), line));
        }
        let Some(lists) = self.settings.sets.get(&(family, set.to_owned())) else {
            if direction == Direction::In {
                self.undefined_set(set, place);
            }
            return None;
        };
        lists.get(&direction).map(|list| ((*list).clone(), line))
    }

    fn undefined_set(&mut self, set: &str, place: Span) {
        self.say(
            Diagnostic::error(
                "R122",
                text!(
                    ja: "フィルターセット `{set}` は定義されていません（何も適用されません）",
                    en: "the filter set `{set}` is not defined, so nothing is applied",
                    set = set,
                ),
            )
            .at(place),
        );
    }

    fn side(&mut self, name: IfName, family: Family, list: &NumberList, line: Span) -> Side {
        let mut side = Side {
            line,
            entries: Vec::new(),
            triggers: Vec::new(),
            www: Vec::new(),
            named: Vec::new(),
            named_triggers: Vec::new(),
            waiting: Vec::new(),
            has_static: !list.numbers.is_empty(),
            has_dynamic: false,
            has_reject: false,
            undefined: None,
        };
        for number in &list.numbers {
            let meaning = self.static_filter(family, *number, Some(name));
            if matches!(meaning, Meaning::Named(..)) {
                side.named.push(side.entries.len());
            }
            match meaning {
                Meaning::Defined(filter, span) | Meaning::Named(filter, span) => {
                    side.has_reject |= !filter.passes;
                    if filter.restricts && self.waits_for_packets(name) {
                        self.assume(&Y_A15, span);
                        side.waiting.push(side.entries.len());
                    }
                    side.entries.push(entry(filter, span));
                }
                Meaning::Open => {}
                Meaning::Undefined => side.undefined = side.undefined.or(Some(number.1)),
            }
        }
        for number in &list.dynamics {
            let meaning = self.dynamic_filter(family, *number);
            if matches!(meaning, Meaning::Named(..)) {
                side.named_triggers.push(side.triggers.len());
            }
            match meaning {
                Meaning::Defined(dynamic, span) | Meaning::Named(dynamic, span) => {
                    side.has_dynamic = true;
                    if is_www(dynamic) {
                        self.assume(&Y_A13, span);
                        side.www.push(side.triggers.len());
                    }
                    side.triggers.extend(self.trigger(dynamic, span, name));
                }
                Meaning::Open => side.has_dynamic = true,
                Meaning::Undefined => side.undefined = side.undefined.or(Some(number.1)),
            }
        }
        side
    }

    /// Whether a line comes up because a packet asks for it, so that what `restrict` keeps from
    /// asking may find no line. One that is always on is brought up by itself, and while it is
    /// down nothing passes anyway.
    fn waits_for_packets(&mut self, name: IfName) -> bool {
        if !matches!(name, IfName::Pp(_) | IfName::PpAnonymous) {
            return false;
        }
        let always_on = self.settings.interfaces.get(&name).and_then(|one| one.always_on);
        self.deciding.extend(always_on);
        always_on.is_none()
    }

    fn tracker(&mut self, name: IfName, family: Family, sides: [&Option<Side>; 2]) -> TrackerIndex {
        let line = sides.into_iter().flatten().find(|side| side.has_dynamic).map(|side| side.line);
        let origin = match line {
            Some(line) => Origin::Written(line),
            None => self.node.origin.clone(),
        };
        let index = TrackerIndex(u32::try_from(self.node.trackers.len()).unwrap_or(u32::MAX));
        let word = if family == Family::V4 { "ip" } else { "ipv6" };
        self.node.trackers.push(Tracker {
            name: format!("{word} {name} dynamic"),
            kind: TrackerKind::Triggered,
            origin,
        });
        index
    }

    fn note_assumptions(&mut self, sides: [&Option<Side>; 2]) {
        for (side, other) in [(sides[0], sides[1]), (sides[1], sides[0])] {
            let Some(side) = side else { continue };
            if let Some(span) = side.undefined {
                self.assume(&Y_A4, span);
            }
            if !side.has_static {
                self.assume(&Y_A3, side.line);
            }
            if !side.has_dynamic {
                continue;
            }
            if side.has_static && (side.has_reject || !passes_all(&side.entries)) {
                self.assume(&Y_A5, side.line);
            }
            if other.as_ref().is_some_and(|other| other.has_reject) {
                self.assume(&Y_A2, side.line);
            }
        }
    }

    /// What `dynamic` opens; `None` if it opens nothing.
    // UNMODELLED: a TCP session needs a SYN to begin; any first packet is taken to do.
    fn trigger(&mut self, dynamic: &Dynamic, line: Span, name: IfName) -> Option<Trigger> {
        let family = dynamic.family;
        let base = Match {
            family: Some(family),
            source: matches::address(&dynamic.source),
            destination: matches::address(&dynamic.destination),
            ..Match::default()
        };
        let (found, related) = match &dynamic.what {
            DynamicWord::Application(application) => {
                if application.gateway == Gateway::Inert {
                    return None;
                }
                (of_application(application, &base), announced(application, family, line))
            }
            DynamicWord::Filters { trigger, reverse, same } => {
                let found = self.service_matches(trigger, family, &base, (line, name));
                let any = Match::family(family);
                let mut related = Vec::new();
                for (direction, numbers) in
                    [(RelatedDirection::Reverse, reverse), (RelatedDirection::Same, same)]
                {
                    let matches = self.service_matches(numbers, family, &any, (line, name));
                    if !matches.is_empty() {
                        let origin = Origin::Written(line);
                        related.push(Related { direction, matches, is_negotiated: false, origin });
                    }
                }
                (found, related)
            }
        };
        let origin = Origin::Written(line);
        Some(Trigger { matches: found, admits_replies: true, related, origin })
    }

    /// Protocols and ports of the filters; their addresses and actions do not count.
    fn service_matches(
        &mut self,
        numbers: &[(u32, Span)],
        family: Family,
        base: &Match,
        (line, name): (Span, IfName),
    ) -> Vec<Match> {
        let mut all = Vec::new();
        for (number, span) in numbers {
            let key = (family, *number);
            if let Some((filter, _)) = self.settings.filters.get(&key).copied() {
                self.used.insert(key);
                all.extend(matches::of_service(filter, base));
                continue;
            }
            let open = self.settings.unreadable.contains(&(FilterKind::Static, family, *number));
            if !open {
                self.undefined(FilterKind::Static, family, (*number, *span));
            }
            let what = text!(
                ja: "動的フィルターが使う、定義のないフィルター",
                en: "a filter without definition that a dynamic filter uses",
            );
            let effects = Effects::of(&[Effect::Permit]);
            self.scoped_gap(line, what, effects, Some(name), Some(family));
        }
        all
    }
}

/// Whether it is for `www`, of which one public measurement counts HTTPS as well.
fn is_www(dynamic: &Dynamic) -> bool {
    matches!(&dynamic.what, DynamicWord::Application(application) if application.name == "www")
}

/// Whether one of the entries passes everything of its family.
fn passes_all(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| {
        entry.action == Action::Permit
            && entry
                .matches
                .iter()
                .any(|one| Match { family: None, ..one.clone() } == Match::default())
    })
}

fn of_application(application: &Application, base: &Match) -> Vec<Match> {
    let of_one = |(number, port): &(u8, u16)| {
        let found = Match { protocol: Some(Ranges::one(*number)), ..base.clone() };
        match *number {
            protocol::TCP | protocol::UDP if *port == 0 => found,
            protocol::TCP | protocol::UDP => {
                Match { destination_port: Some(Ranges::one(*port)), ..found }
            }
            _ => Match { source_port: Some(Ranges::one(*port)), ..found },
        }
    };
    application.triggers.iter().map(of_one).collect()
}

/// Sessions that an application's session announces.
fn announced(application: &Application, family: Family, line: Span) -> Vec<Related> {
    let of = |number: u8| Match { protocol: Some(Ranges::one(number)), ..Match::family(family) };
    let related = |direction, matches, is_negotiated| Related {
        direction,
        matches,
        is_negotiated,
        origin: Origin::Written(line),
    };
    let both = |matches: Vec<Match>| {
        vec![
            related(RelatedDirection::Reverse, matches.clone(), false),
            related(RelatedDirection::Same, matches, false),
        ]
    };
    match application.gateway {
        Gateway::Plain | Gateway::Inert => Vec::new(),
        Gateway::Ftp => {
            let active = Match { source_port: Some(Ranges::one(FTP_DATA)), ..of(protocol::TCP) };
            vec![
                related(RelatedDirection::Reverse, vec![active], true),
                related(RelatedDirection::Same, vec![of(protocol::TCP)], true),
            ]
        }
        Gateway::AnyUdp => both(vec![of(protocol::UDP)]),
        Gateway::AnyTcpUdp => both(vec![of(protocol::TCP), of(protocol::UDP)]),
    }
}
