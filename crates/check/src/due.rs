//! What is due at a site: the last days of certificates, systems, waivers, tests and evidence.

use diag::{Diagnostic, Sources, Span, Text, text};
use lifecycle::{
    Deadline, Evidence, Flaw, LOOKED_UP_DAYS, Lack, Matter, Standing, Support, flaw, sort,
    standing, support,
};
use model::Product;
use pack::{CertificateKind, Found};
use site::{
    Assessment, Beside, Certificate, Cover, Date, Line, Machine, Role, Site, Spanned, Topic,
};

use crate::assemble::Assembled;
use crate::house::Known;
use crate::load::{ConfigFile, Loaded};

/// What is due at a site, seen from one day.
#[derive(Clone, Debug)]
pub struct Due {
    /// All files of the run.
    pub sources: Sources,
    /// Name of the facility.
    pub site: String,
    /// The day.
    pub on: Date,
    /// Last days, the nearest first.
    pub deadlines: Vec<Deadline>,
    /// What has a last day that is not known, in the order of the site file.
    pub undated: Vec<Undated>,
    /// What there is to say about the input itself.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the input could be used at all.
    pub is_usable: bool,
}

/// Something whose last day is not known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Undated {
    /// What it is about.
    pub matter: Matter,
    /// The machine.
    pub subject: String,
    /// What it is.
    pub what: Text,
    /// Why its last day is not known.
    pub reason: Text,
    /// Where.
    pub span: Option<Span>,
}

/// The exit code that tells what is due: 0 nothing is near, 1 something is over, 2 something is
/// near or has a last day that is not known, 3 input that cannot be used.
#[must_use]
pub fn due_exit_code(due: &Due) -> u8 {
    let is = |wanted: fn(&Deadline) -> bool| due.deadlines.iter().any(wanted);
    let is_error = |one: &Diagnostic| one.severity == diag::Severity::Error;
    if !due.is_usable {
        3
    } else if is(|one| one.standing == Standing::Over) {
        1
    } else {
        let is_near = is(|one| matches!(one.standing, Standing::Within(_)));
        let is_open = !due.undated.is_empty() || due.diagnostics.iter().any(is_error);
        u8::from(is_near || is_open) * 2
    }
}

/// What is due at the site in `loaded`, whose files are `files`, seen from the day `on`.
#[must_use]
pub fn due(loaded: Loaded, files: &[ConfigFile], on: Date) -> Due {
    let mut assembled = Assembled::new(loaded, files, Some(on));
    let known = assembled.known(files, Some(on));
    let mut diary = Diary { known: &known, on, deadlines: Vec::new(), undated: Vec::new() };
    let site = &assembled.site;
    for machine in &site.machines {
        diary.certificates(site, machine);
        diary.system(machine);
        let tests = site.interference_tests.iter();
        let own = tests.filter(|test| test.machine.value == machine.name.value);
        diary.test(machine, own.map(|test| test.on.value).filter(|day| *day <= on).max());
    }
    let network = assembled.lower(&assembled.readings).blueprint.network;
    for router in &site.routers {
        let node = network.find(&router.name.value).map(|id| network.node(id));
        diary.models(router, node.and_then(|node| node.product.as_ref()));
    }
    if let Some(line) = &site.line {
        diary.assessment(&line.value);
    }
    for waiver in &site.waivers {
        let what = text!(
            ja: "{code} の例外（{by}）", en: "the waiver of {code} by {by}",
            code = waiver.rule.value, by = waiver.by.value,
        );
        let advice = text!(
            ja: "設定を直すか、理由を確かめて期限を延ばしてください",
            en: "mend the configuration, or confirm the reason and extend it",
        );
        let of = (Matter::Waiver, waiver.rule.value.clone(), what);
        diary.add(of, waiver.until, Matter::Waiver.warn_days(), advice, None);
    }
    diary.evidence(site.deletion.as_ref().map(|deletion| &deletion.value));
    let Diary { mut deadlines, undated, .. } = diary;
    sort(&mut deadlines);
    let name = site.facility.as_ref().map(|facility| facility.value.name.value.clone());
    Due {
        site: name.unwrap_or_default(),
        on,
        deadlines,
        undated,
        diagnostics: assembled.diagnostics.clone(),
        is_usable: assembled.is_usable,
        sources: assembled.shown_sources(),
    }
}

struct Diary<'a> {
    known: &'a Known,
    on: Date,
    deadlines: Vec<Deadline>,
    undated: Vec<Undated>,
}

/// What a last day is about: matter, machine, and what it is.
type Of = (Matter, String, Text);

impl Diary<'_> {
    fn add(
        &mut self,
        (matter, subject, what): Of,
        ends: Spanned<Date>,
        warn_days: &[u32],
        advice: Text,
        source: Option<String>,
    ) {
        self.deadlines.push(Deadline {
            matter,
            subject,
            what,
            ends: ends.value,
            days: self.on.days_until(ends.value),
            standing: standing(ends.value, self.on, warn_days),
            advice,
            source,
            span: Some(ends.span),
        });
    }

    fn open(&mut self, (matter, subject, what): Of, reason: Text, span: Span) {
        self.undated.push(Undated { matter, subject, what, reason, span: Some(span) });
    }

    fn certificates(&mut self, site: &Site, machine: &Machine) {
        let kind = match self.known.facts.certificate(Some(self.on)) {
            Found::Known(kind) => Some(kind),
            _ => None,
        };
        let roles = [Role::EligibilityTerminal, Role::OnlineClaimsTerminal];
        let Some(all) = &machine.certificates else {
            if roles.into_iter().any(|role| machine.has_role(role)) {
                let what = text!(ja: "電子証明書", en: "certificates");
                let is_spoiled = |one: &Beside| one.topic == Topic::Certificates;
                let reason = match site.beside.iter().any(is_spoiled) {
                    true => text!(
                        ja: "`certificates` の書き方に誤りがあります",
                        en: "there is a mistake in what is written as `certificates`",
                    ),
                    false => text!(
                        ja: "`certificates` がありません", en: "there is no `certificates`",
                    ),
                };
                let of = (Matter::Certificate, machine.name.value.clone(), what);
                self.open(of, reason, machine.name.span);
            }
            return;
        };
        for one in &all.value {
            self.certificate(machine, &one.value, kind.as_ref());
        }
    }

    fn certificate(
        &mut self,
        machine: &Machine,
        one: &Certificate,
        kind: Option<&CertificateKind>,
    ) {
        let ends = one.expires;
        let covers = |cover: Cover| one.covers.iter().any(|own| own.value == cover);
        let what = match (covers(Cover::Eligibility), covers(Cover::Claims)) {
            (true, true) => text!(
                ja: "資格確認とオンライン請求の電子証明書",
                en: "certificate for eligibility and online claims",
            ),
            (false, true) => text!(
                ja: "オンライン請求の電子証明書", en: "certificate for online claims",
            ),
            _ => text!(ja: "資格確認の電子証明書", en: "certificate for eligibility"),
        };
        let of = (Matter::Certificate, machine.name.value.clone(), what);
        let issued = one.issued.map(|issued| issued.value);
        let found = kind.and_then(|kind| flaw(kind, issued, ends.value, Some(self.on)));
        let is_turned = issued.is_some_and(|issued| issued > ends.value);
        if let Some(Flaw::TooLong(latest) | Flaw::TooFar(latest)) = found {
            let reason = text!(
                ja: "{ends} はありえません（遅くとも {latest}）",
                en: "{ends} cannot be, {latest} is the latest",
                ends = ends.value, latest = latest,
            );
            return self.open(of, reason, ends.span);
        }
        if is_turned {
            let reason = text!(
                ja: "`issued` が `expires` より後です", en: "`issued` is later than `expires`",
            );
            return self.open(of, reason, ends.span);
        }
        let days = kind.map_or(90, |kind| i64::from(kind.renewable_days));
        let from = ends.value.plus_days(-days).unwrap_or(ends.value);
        let advice = text!(
            ja: "{from} から更新できます。切れると資格確認もオンライン請求も止まります",
            en: "it can be renewed from {from}; without it eligibility and claims stop",
            from = from,
        );
        let steps = kind.map_or_else(
            || Matter::Certificate.warn_days().to_vec(),
            |kind| kind.warn_days.clone(),
        );
        let source = kind.map(|kind| kind.provenance.source.clone());
        self.add(of, ends, &steps, advice, source);
    }

    fn system(&mut self, machine: &Machine) {
        let what = text!(ja: "OS のサポート", en: "support of the operating system");
        let of = (Matter::System, machine.name.value.clone(), what);
        let Some(os) = &machine.os else {
            if machine.has_role(Role::EligibilityTerminal) {
                let reason = text!(ja: "`os` がありません", en: "there is no `os`");
                self.open(of, reason, machine.name.span);
            }
            return;
        };
        let build = machine.os_build.as_ref().map(|build| build.value.as_str());
        let esu = machine.esu.map(|esu| esu.value);
        let facts = &self.known.facts;
        let (system, ends) = match support(facts, &os.value, build, esu, Some(self.on)) {
            Support::Maker(system) => (system.clone(), Spanned::new(system.ends, os.span)),
            Support::Extended(system, until) => {
                let span = machine.esu.map_or(os.span, |esu| esu.span);
                (system, Spanned::new(until, span))
            }
            Support::Unknown(lack) => {
                return self.open(of, lacking(&os.value, &lack), os.span);
            }
        };
        let what = text!(
            ja: "{title} のサポート", en: "support of {title}", title = system.title,
        );
        let advice = match system.esu_ends.filter(|last| *last > ends.value) {
            Some(last) => text!(
                ja: "入れ替えるか、{last} まで販売される ESU を購入してください",
                en: "change the system, or buy extended updates, which are sold until {last}",
                last = last,
            ),
            None => text!(
                ja: "サポート期間中の OS への入れ替えを計画してください",
                en: "plan the change to a system in support",
            ),
        };
        let of = (Matter::System, machine.name.value.clone(), what);
        self.add(of, ends, Matter::System.warn_days(), advice, Some(system.provenance.source));
    }

    /// A machine that was changed after its last test needs another one since then.
    fn test(&mut self, machine: &Machine, last: Option<Date>) {
        let is_shared =
            machine.has_role(Role::ClaimsComputer) && machine.has_role(Role::EligibilityTerminal);
        if !is_shared {
            return;
        }
        let what = text!(ja: "干渉の動作検証", en: "test of programs together");
        let of = (Matter::Test, machine.name.value.clone(), what);
        match machine.changed {
            None => {
                let reason = text!(ja: "`changed` がありません", en: "there is no `changed`");
                self.open(of, reason, machine.name.span);
            }
            Some(changed) if last.is_none_or(|last| last < changed.value) => {
                let advice = text!(
                    ja: "更新の後の動作検証を依頼し、`[[interference_test]]` に記録してください",
                    en: "have it tested after the change and record it as `[[interference_test]]`",
                );
                self.add(of, changed, Matter::Test.warn_days(), advice, None);
            }
            Some(_) => {}
        }
    }

    /// The models that the site file and the heading of the configuration name.
    fn models(&mut self, router: &site::Router, product: Option<&Product>) {
        let stated = router.vendor.as_ref().map(|vendor| vendor.value.as_str());
        let vendor = stated.or(product.map(|product| product.vendor)).unwrap_or_default();
        let heading = product.and_then(|product| product.heading.as_ref());
        let heading = heading.map(|(model, _, span)| Spanned::new(model.clone(), *span));
        let is_new = |one: &Spanned<String>| {
            router.model.as_ref().is_none_or(|model| model.value != one.value)
        };
        for model in router.model.iter().chain(heading.as_ref().filter(|one| is_new(one))) {
            self.router(&router.name.value, vendor, model);
        }
    }

    fn router(&mut self, name: &str, vendor: &str, model: &Spanned<String>) {
        let Found::Known(fact) = self.known.facts.router(vendor, &model.value, Some(self.on))
        else {
            return;
        };
        let Some(ends) = fact.ends else { return };
        let what = text!(
            ja: "{model} のファームウェアの提供", en: "firmware of {model}",
            model = model.value,
        );
        let advice = text!(
            ja: "後継機種への入れ替えを計画してください", en: "plan the change to a newer model",
        );
        let ends = Spanned::new(ends, model.span);
        let of = (Matter::Firmware, name.to_owned(), what);
        let source = Some(fact.provenance.source);
        self.add(of, ends, Matter::Firmware.warn_days(), advice, source);
    }

    /// The assessment of the IPsec service: its last day, or until when the look-up tells.
    fn assessment(&mut self, line: &Line) {
        let listing = match line.assessment.as_ref().map(|one| &one.value) {
            Some(Assessment::Listed(listing)) => listing,
            _ => return,
        };
        let what = text!(
            ja: "IPsec 接続サービスの適合性評価", en: "assessment of the IPsec service",
        );
        let of = (Matter::Assessment, listing.service.value.clone(), what);
        let checked = listing.checked;
        if checked.value > self.on {
            let reason = text!(
                ja: "`checked` が判定日より後です", en: "`checked` is later than the day",
            );
            return self.open(of, reason, checked.span);
        }
        let told = checked.value.plus_days(LOOKED_UP_DAYS).unwrap_or(checked.value);
        let ends = listing.until.unwrap_or(Spanned::new(told, checked.span));
        let advice = text!(
            ja: "一覧を見直して `checked` と `until` を直してください。載っていなければ、評価を取\
                 得したサービスへの切り替えを計画してください",
            en: "look the list up again and correct `checked` and `until`; plan the change to an \
                 assessed service if it is not listed any more",
        );
        self.add(of, ends, Matter::Assessment.warn_days(), advice, None);
    }

    fn evidence(&mut self, deletion: Option<&site::Deletion>) {
        let Some(deletion) = deletion else { return };
        let known = self.known;
        for (name, read) in deletion.evidence.iter().zip(&known.evidence) {
            self.one_evidence(deletion, name, read);
        }
    }

    fn one_evidence(
        &mut self,
        deletion: &site::Deletion,
        name: &Spanned<String>,
        read: &Result<Evidence, Text>,
    ) {
        let what = text!(ja: "削除の記録", en: "evidence of deletion");
        let of = (Matter::Evidence, name.value.clone(), what);
        let span = name.span;
        let pass = match read {
            Ok(evidence) => evidence.pass.as_ref(),
            Err(reason) => return self.open(of, reason.clone(), span),
        };
        let days = i64::from(deletion.age.value.minutes() / (24 * 60));
        let Some(ends) = pass.and_then(|pass| pass.end.day_in_japan().plus_days(days)) else {
            let reason = text!(
                ja: "最後まで終わった掃除がありません", en: "no sweep has come to its end",
            );
            return self.open(of, reason, span);
        };
        let advice = text!(
            ja: "`sekisho link evidence` で記録を作り直してください",
            en: "make it anew with `sekisho link evidence`",
        );
        self.add(of, Spanned::new(ends, span), Matter::Evidence.warn_days(), advice, None);
    }
}

fn lacking(name: &str, lack: &Lack) -> Text {
    match lack {
        Lack::Name(Some(near)) => text!(
            ja: "`{name}` の事実がありません（`{near}` でしょうか）",
            en: "no fact names `{name}` (perhaps `{near}`)",
            name = name, near = *near,
        ),
        Lack::Name(None) => text!(
            ja: "`{name}` の事実がありません", en: "no fact names `{name}`", name = name,
        ),
        Lack::NoBuild(_) => text!(ja: "`os_build` がありません", en: "there is no `os_build`"),
        Lack::Build(builds) => text!(
            ja: "`{name}` のビルドは {builds} で始まるはずです",
            en: "the build of `{name}` should begin with {builds}",
            name = name, builds = builds.join(" / "),
        ),
        Lack::Disputed => text!(
            ja: "事実が矛盾しています（R300）", en: "the facts contradict each other (R300)",
        ),
        Lack::Hearsay => text!(
            ja: "事実の確かさが低すぎます（`L`）", en: "the fact is of low confidence (`L`)",
        ),
        Lack::Beyond(last) => text!(
            ja: "`esu` が販売の最終日（{last}）より後です",
            en: "`esu` is later than the last day on sale, {last}",
            last = *last,
        ),
        Lack::NotSold => text!(
            ja: "この版に ESU はありません", en: "there are no extended updates for this edition",
        ),
    }
}
