//! All packs of a site together: which facts may be used, which contradict each other, and
//! look-ups that never answer with a fact that is in doubt.

use std::collections::BTreeSet;
use std::sync::{LazyLock, OnceLock};

use diag::{Diagnostic, SourceId, Span, text};
use model::Date;

use crate::codes;
use crate::fact::{Author, Confidence, Fact};
use crate::firmware::Firmware;
use crate::found::{
    Carrier, CertificateKind, Destination, Found, NameServers, Os, OsList, RouterModel,
};
use crate::owner::{self, Line};
use crate::read::{Pack, read, subject};
use crate::registry::BUILT_IN;

/// All facts that may be used for one line.
#[derive(Clone, Default)]
pub struct Facts {
    facts: Vec<Fact>,
    /// Kind and subject of facts that contradict each other.
    disputed: BTreeSet<Subject>,
}

/// The kind of a fact and what it is about.
type Subject = (&'static str, Vec<String>);

fn key(fact: &Fact) -> Subject {
    (fact.kind.name, fact.subject().into_iter().map(str::to_owned).collect())
}

impl Facts {
    /// The facts of `packs` for `line`, and what there is to say about them.
    ///
    /// A pack about lines of somebody else is left out. Of a fact of the program and one of the
    /// site that replaces it, the site's is taken.
    #[must_use]
    pub fn of(packs: Vec<Pack>, line: &Line<'_>) -> (Self, Vec<Diagnostic>) {
        let mut diagnostics = owner::mixed(&packs);
        let mut facts: Vec<Fact> = Vec::new();
        for pack in packs {
            let others = owner::others(&pack, line);
            if others.is_empty() {
                facts.extend(pack.facts);
            } else if pack.author == Author::Site {
                diagnostics.extend(others);
            }
        }
        let own: Vec<Fact> =
            facts.iter().filter(|fact| fact.author == Author::Site).cloned().collect();
        let is_replaced = |fact: &Fact| {
            let by = |other: &Fact| !other.text("replaces").is_empty() && key(other) == key(fact);
            fact.author == Author::Program && own.iter().any(by)
        };
        let (replaced, kept): (Vec<Fact>, Vec<Fact>) = facts.into_iter().partition(is_replaced);
        for old in &replaced {
            let by = own.iter().find(|new| key(new) == key(old));
            diagnostics.extend(by.map(|new| replacing(new, old)));
        }
        let mut all = Self { facts: kept, disputed: BTreeSet::new() };
        all.compare(&mut diagnostics);
        (all, diagnostics)
    }

    /// Finds facts about the same that hold on the same day.
    fn compare(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        let mut order: Vec<&Fact> = self.facts.iter().collect();
        order.sort_by_key(|fact| key(fact));
        let mut disputed = BTreeSet::new();
        let mut repeated: Vec<Span> = Vec::new();
        for group in order.chunk_by(|one, two| key(one) == key(two)) {
            for (place, one) in group.iter().enumerate() {
                for two in group[place + 1..].iter().filter(|two| one.overlaps(two)) {
                    match one.difference(two) {
                        Some(what) => {
                            disputed.insert(key(one));
                            diagnostics.push(contradiction(one, two, what));
                        }
                        None => {
                            repeated.push(two.span);
                            diagnostics.push(repetition(one, two));
                        }
                    }
                }
            }
        }
        self.disputed = disputed;
        self.facts.retain(|fact| !repeated.contains(&fact.span));
    }

    /// Says which facts of the site have a source that was read after the day `on`.
    #[must_use]
    pub fn read_after(&self, on: Date) -> Vec<Diagnostic> {
        let own = self.facts.iter().filter(|fact| fact.author == Author::Site);
        let late = own.filter(|fact| fact.provenance().read > on);
        late.map(|fact| read_later(fact, on)).collect()
    }

    fn all(&self, kind: &'static str) -> impl Iterator<Item = &Fact> {
        self.facts.iter().filter(move |fact| fact.kind.name == kind)
    }

    fn find<T>(
        &self,
        kind: &'static str,
        subject: &[&str],
        on: Option<Date>,
        read: impl FnOnce(&Fact) -> Option<T>,
    ) -> Found<T> {
        let is_meant = |fact: &&Fact| fact.subject() == subject;
        let wanted: Vec<String> = subject.iter().map(|one| (*one).to_owned()).collect();
        if self.disputed.contains(&(kind, wanted)) {
            return Found::Disputed;
        }
        let fact = self.all(kind).filter(is_meant).find(|fact| fact.holds(on));
        match fact.and_then(|fact| Some((fact.provenance().confidence, read(fact)?))) {
            None => Found::Missing,
            Some((Confidence::Low, value)) => Found::Hearsay(value),
            Some((Confidence::High | Confidence::Medium, value)) => Found::Known(value),
        }
    }

    /// Names of all operating systems, each once, in order.
    #[must_use]
    pub fn systems(&self) -> Vec<&str> {
        let names: BTreeSet<&str> = self.all("os").map(|fact| fact.text("name")).collect();
        names.into_iter().collect()
    }

    /// Builds that the operating system `name` is known with, in order.
    #[must_use]
    pub fn builds(&self, name: &str) -> Vec<&str> {
        let own = self.all("os").filter(|fact| fact.text("name") == name);
        let builds: BTreeSet<&str> = own.map(|fact| fact.text("build")).collect();
        builds.into_iter().collect()
    }

    /// The operating system `name` with the build `build`, of which only the first part counts.
    #[must_use]
    pub fn os(&self, name: &str, build: &str, on: Option<Date>) -> Found<Os> {
        let first = build.split('.').next().unwrap_or(build);
        // `10.0.19044` is how Windows writes it in other places.
        let first = build
            .strip_prefix("10.0.")
            .map_or(first, |rest| rest.split('.').next().unwrap_or(rest));
        self.find("os", &[name, first], on, |fact| {
            Some(Os {
                name: name.to_owned(),
                build: first.to_owned(),
                title: fact.text("title").to_owned(),
                is_iot: fact.is_set("iot"),
                ends: fact.day("ends")?,
                esu_ends: fact.day("esu_ends"),
                provenance: fact.provenance(),
            })
        })
    }

    /// The operating systems that `clause` (such as `R12`) of `edition` lists.
    #[must_use]
    pub fn os_list(&self, clause: &str, edition: &str, on: Option<Date>) -> Found<OsList> {
        self.find("os_list", &[clause, edition], on, |fact| {
            Some(OsList {
                systems: fact.texts("systems").to_vec(),
                excluded: fact.texts("excluded").to_vec(),
                is_complete: fact.is_set("complete"),
                provenance: fact.provenance(),
            })
        })
    }

    /// The kind of certificate that the terminals have.
    #[must_use]
    pub fn certificate(&self, on: Option<Date>) -> Found<CertificateKind> {
        self.find("certificate", &["client"], on, |fact| {
            let mut warn_days = fact.numbers("warn_days").to_vec();
            warn_days.sort_unstable_by(|one, two| two.cmp(one));
            Some(CertificateKind {
                months: fact.number("months")?,
                renewable_days: fact.number("renewable_days")?,
                warn_days,
                provenance: fact.provenance(),
            })
        })
    }

    /// The model `model` of `vendor`, in whichever letters it is written.
    #[must_use]
    pub fn router(&self, vendor: &str, model: &str, on: Option<Date>) -> Found<RouterModel> {
        let mut own = self.all("router").filter(|fact| fact.text("vendor") == vendor);
        let own = own.find(|fact| fact.text("model").eq_ignore_ascii_case(model));
        let model = own.map_or(model, |fact| fact.text("model"));
        self.find("router", &[vendor, model], on, |fact| {
            Some(RouterModel {
                pass_through: Firmware::read(fact.text("pppoe_pass_through"))?,
                ends: fact.day("ends"),
                provenance: fact.provenance(),
            })
        })
    }

    /// Names of all carriers, each once, in order.
    #[must_use]
    pub fn carriers(&self) -> Vec<&str> {
        let names: BTreeSet<&str> = self.all("carrier").map(|fact| fact.text("name")).collect();
        names.into_iter().collect()
    }

    /// The carrier `name`.
    #[must_use]
    pub fn carrier(&self, name: &str, on: Option<Date>) -> Found<Carrier> {
        self.find("carrier", &[name], on, |fact| {
            Some(Carrier {
                title: fact.text("title").to_owned(),
                methods: fact.texts("methods").to_vec(),
                pppoe_sessions: fact.number("pppoe_sessions"),
                pppoe_sessions_max: fact.number("pppoe_sessions_max"),
                provenance: fact.provenance(),
            })
        })
    }

    /// All models of card readers, each once, in order.
    #[must_use]
    pub fn readers(&self) -> Vec<&str> {
        let all = self.all("reader").map(|fact| fact.text("model"));
        all.collect::<BTreeSet<&str>>().into_iter().collect()
    }

    /// The kind of the card reader `model`: a word of site files, `face` or `generic`.
    #[must_use]
    pub fn reader(&self, model: &str, on: Option<Date>) -> Found<String> {
        self.find("reader", &[model], on, |fact| Some(fact.text("kind").to_owned()))
    }

    /// Names of all destinations, each once, in order.
    #[must_use]
    pub fn destinations(&self) -> Vec<&str> {
        let all = self.all("destination").map(|fact| fact.text("name"));
        all.collect::<BTreeSet<&str>>().into_iter().collect()
    }

    /// The destination `name`.
    #[must_use]
    pub fn destination(&self, name: &str, on: Option<Date>) -> Found<Destination> {
        self.find("destination", &[name], on, |fact| {
            Some(Destination {
                name: name.to_owned(),
                hosts: fact.texts("hosts").to_vec(),
                addresses: fact.texts("addresses").to_vec(),
                ports: fact.texts("ports").to_vec(),
                purpose: fact.text("purpose").to_owned(),
                provenance: fact.provenance(),
            })
        })
    }

    /// The destinations that answer under the host name `host`, by their names.
    #[must_use]
    pub fn destinations_at(&self, host: &str, on: Option<Date>) -> Vec<Destination> {
        let is_meant =
            |one: &Destination| one.hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
        let known = |name: &str| match self.destination(name, on) {
            Found::Known(one) => Some(one),
            Found::Missing | Found::Hearsay(_) | Found::Disputed => None,
        };
        self.destinations().into_iter().filter_map(known).filter(is_meant).collect()
    }

    /// The servers that answer for names under `suffix`, on the lines that these facts are for.
    #[must_use]
    pub fn name_servers(&self, suffix: &str, on: Option<Date>) -> Found<NameServers> {
        let answers = |fact: &&Fact| fact.texts("suffixes").iter().any(|own| own == suffix);
        let Some(fact) = self.all("dns").filter(answers).find(|fact| fact.holds(on)) else {
            return Found::Missing;
        };
        self.find("dns", &[fact.text("name")], on, |fact| {
            Some(NameServers {
                suffixes: fact.texts("suffixes").to_vec(),
                addresses: fact.texts("addresses").to_vec(),
                provenance: fact.provenance(),
            })
        })
    }

    /// The servers that answer for `host`, by the longest suffix that some fact names. Facts that
    /// name different servers for it contradict each other.
    #[must_use]
    pub fn name_servers_of(&self, host: &str, on: Option<Date>) -> Found<NameServers> {
        let host = host.to_ascii_lowercase();
        let holding = || self.all("dns").filter(|fact| fact.holds(on));
        let suffixes = holding().flat_map(|fact| fact.texts("suffixes"));
        let fitting = suffixes.filter(|suffix| is_below(&host, &suffix.to_ascii_lowercase()));
        let Some(suffix) = fitting.max_by_key(|suffix| suffix.len()) else {
            return Found::Missing;
        };
        let addresses: BTreeSet<BTreeSet<&String>> = holding()
            .filter(|fact| fact.texts("suffixes").contains(suffix))
            .map(|fact| fact.texts("addresses").iter().collect())
            .collect();
        if addresses.len() > 1 { Found::Disputed } else { self.name_servers(suffix, on) }
    }
}

/// Whether `host` is `suffix` or lies below it.
fn is_below(host: &str, suffix: &str) -> bool {
    let suffix = suffix.trim_start_matches('.');
    host.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The facts of the program's own packs for a line of `carrier`.
///
/// Their spans lie in no file of a run: a site with packs of its own takes [`Facts::of`], which
/// may have to show them.
#[must_use]
pub fn built_in(carrier: Option<&str>) -> &'static Facts {
    static PACKS: LazyLock<Vec<Pack>> = LazyLock::new(|| {
        let texts = (0..).zip(BUILT_IN);
        texts.map(|(number, (_, text))| read(SourceId(number), text, Author::Program).0).collect()
    });
    static COMMON: LazyLock<Facts> = LazyLock::new(|| Facts::of(PACKS.clone(), &Line::default()).0);
    /// For each carrier that some pack is about.
    static NAMED: LazyLock<Vec<(&str, OnceLock<Facts>)>> = LazyLock::new(|| {
        let about = PACKS.iter().filter_map(|pack| pack.carrier.as_ref());
        about.map(|(name, _)| (name.as_str(), OnceLock::new())).collect()
    });
    match NAMED.iter().find(|(name, _)| Some(*name) == carrier) {
        Some((name, facts)) => facts.get_or_init(|| {
            let carrier = Some((*name, Span::new(SourceId(0), 0, 0)));
            Facts::of(PACKS.clone(), &Line { carrier, provider: None }).0
        }),
        None => &COMMON,
    }
}

fn contradiction(one: &Fact, two: &Fact, what: &str) -> Diagnostic {
    // The user can change what stands in his own file.
    let (first, other) = if two.author == Author::Site { (two, one) } else { (one, two) };
    Diagnostic::error(
        codes::CONTRADICTION,
        text!(
            ja: "`{subject}` の事実が矛盾しています（`{what}`）",
            en: "two facts about `{subject}` contradict each other (`{what}`)",
            subject = subject(first), what = what,
        ),
    )
    .at(first.span)
    .also(other.span, text!(ja: "もう一方の事実です", en: "the other fact"))
    .because(text!(
        ja: "どちらが正しいか分からないため、どちらも使いません",
        en: "which one is right is unknown, so neither is used",
    ))
    .advise(text!(
        ja: "出典を確かめて一方を消すか、`until` と `from` で有効な日を分けるか、組み込みの事実\
             の代わりに使う理由を `replaces` に書いてください",
        en: "look both sources up and remove one, part them by `until` and `from`, or say with \
             `replaces` why yours takes the place of the program's",
    ))
}

fn repetition(one: &Fact, two: &Fact) -> Diagnostic {
    let (first, other) = if two.author == Author::Site { (two, one) } else { (one, two) };
    Diagnostic::warning(
        codes::REPETITION,
        text!(
            ja: "`{subject}` の事実が二度書かれています",
            en: "the fact about `{subject}` is stated twice",
            subject = subject(first),
        ),
    )
    .at(first.span)
    .also(other.span, text!(ja: "もう一方の記述です", en: "the other statement"))
    .advise(text!(ja: "片方を消してください", en: "remove one of them"))
}

fn read_later(fact: &Fact, on: Date) -> Diagnostic {
    Diagnostic::warning(
        codes::READ_LATER,
        text!(
            ja: "`{subject}` の出典を確認した日（{read}）が、判定日（{on}）より後です",
            en: "the source of `{subject}` was read on {read}, after the day of the judgement, {on}",
            subject = subject(fact), read = fact.provenance().read, on = on,
        ),
    )
    .at(fact.read)
    .because(text!(
        ja: "判定日に分かっていた事実かどうか分かりません",
        en: "whether that was known on the day of the judgement is open",
    ))
    .advise(text!(
        ja: "日付の書き間違いであれば、`read` を直してください",
        en: "correct `read` if the day is a slip",
    ))
}

fn replacing(new: &Fact, old: &Fact) -> Diagnostic {
    Diagnostic::note(
        codes::REPLACED,
        text!(
            ja: "`{subject}` には、組み込みの事実の代わりにこの事実を使います",
            en: "this fact about `{subject}` takes the place of the program's",
            subject = subject(new),
        ),
    )
    .at(new.span)
    .also(old.span, text!(ja: "使われない事実です", en: "the fact that is not used"))
    .because(text!(
        ja: "理由: {why}",
        en: "the reason given: {why}",
        why = new.text("replaces"),
    ))
}
