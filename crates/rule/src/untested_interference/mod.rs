//! E004: programs that share a machine were tested together, in the versions that run.

use diag::{Text, text};
use model::{Aspects, Date, Effects};
use pattern::Property;
use site::{App, InterferenceTest, Machine, Role, TestResult};

use crate::house::{self, House, Who, and, at};
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "E004",
    name: "untested-interference",
    property: Property::V12Interference,
    requirement,
    explain: || {
        text!(
            ja: "レセコンと資格確認のソフトウェアが同じ端末で動くと、互いに干渉することがあります。動作検証は、今動いている OS のビルドと各ソフトウェアの版で行われ、最後の更新より後でなければなりません。更新のたびに検証し直します。",
            en: "Claims software and the software of the terminal may interfere on one machine. The test has to be of the build and the versions that run now, and not older than the last change. It is done again at every update.",
        )
    },
    kind: Kind::Fact,
    aspects: Aspects::of(&[]),
    fears: Effects::of(&[]),
    reads_packs: false,
    check,
};

fn requirement() -> Text {
    text!(
        ja: "同じ端末のソフトウェアは、今の版で干渉しないことを動作検証している",
        en: "programs that share a machine were tested together in the versions that run",
    )
}

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let house = match house::of(scene, &requirement()) {
        Ok(house) => house,
        Err(unknown) => return unknown,
    };
    let today = match house.day(&requirement()) {
        Ok(today) => today,
        Err(unknown) => return unknown,
    };
    let mut judgements = house.without_terminal(&requirement());
    let is_shared = |machine: &&Machine| machine.has_role(Role::ClaimsComputer);
    for machine in house.terminals().filter(is_shared) {
        judgements.extend(judge(house, machine, today));
    }
    judgements
}

fn judge(house: &House<'_>, machine: &Machine, today: Date) -> Option<Judgement> {
    let (Some(build), Some(apps), Some(changed)) =
        (&machine.os_build, &machine.apps, machine.changed)
    else {
        return Some(incomplete(machine));
    };
    if apps.value.is_empty() {
        return Some(incomplete(machine));
    }
    if changed.value > today {
        let reason = text!(
            ja: "`changed` が判定日より後です",
            en: "`changed` is later than the day of the judgement",
        );
        return Some(unknown(machine, changed.span, reason).advise(text!(
            ja: "最後に更新した日を確認し、直してください",
            en: "look the day of the last update up and correct it",
        )));
    }
    let own = house.site.interference_tests.iter();
    let own = own.filter(|test| test.machine.value == machine.name.value);
    let (done, later): (Vec<&InterferenceTest>, Vec<_>) =
        own.partition(|test| test.on.value <= today);
    let is_present = |test: &&&InterferenceTest| {
        test.os_build.value == build.value && is_same(&test.apps, &apps.value)
    };
    let later = later.iter().find(is_present).map(|test| not_yet(machine, test));
    let Some(latest) = done.iter().filter(is_present).max_by_key(|test| test.on.value) else {
        return later.or_else(|| Some(untested(machine, &apps.value, apps.span, &done)));
    };
    let name = &machine.name.value;
    if latest.on.value < changed.value {
        if later.is_some() {
            return later;
        }
        let headline = text!(
            ja: "`{name}` は動作検証（{on}）の後、{changed} に更新されています",
            en: "`{name}` was changed on {changed}, after its test of {on}",
            name = *name, on = latest.on.value, changed = changed.value,
        );
        let label = text!(ja: "最後の動作検証です", en: "the last test");
        return Some(again(
            Judgement::new(Verdict::Refuted(None), headline)
                .blame(and(at(changed.span, Text::default()), latest.on.span, label))
                .about([name.clone()]),
        ));
    }
    // Of tests on the same day, one that failed is enough.
    let failed = done.iter().find(|test| {
        is_present(test)
            && test.on.value == latest.on.value
            && test.result.value == TestResult::Failed
    });
    let failed = failed?;
    let headline = text!(
        ja: "`{name}` の動作検証（{on}）で問題がありました",
        en: "the test of `{name}` on {on} failed",
        name = *name, on = failed.on.value,
    );
    Some(again(
        Judgement::new(Verdict::Refuted(None), headline)
            .blame(at(failed.result.span, Text::default()))
            .about([name.clone()]),
    ))
}

/// Whether both name the same programs in the same versions.
fn is_same(one: &[App], other: &[App]) -> bool {
    let has = |all: &[App], wanted: &App| {
        all.iter().any(|app| {
            app.name.value == wanted.name.value && app.version.value == wanted.version.value
        })
    };
    one.iter().all(|app| has(other, app)) && other.iter().all(|app| has(one, app))
}

fn untested(
    machine: &Machine,
    apps: &[App],
    span: diag::Span,
    done: &[&InterferenceTest],
) -> Judgement {
    let name = &machine.name.value;
    let headline = text!(
        ja: "`{name}` の今の版での動作検証がありません",
        en: "there is no test of `{name}` in the versions that run",
        name = *name,
    );
    let mut guilt = at(span, Text::default());
    if let Some(last) = done.iter().max_by_key(|test| test.on.value) {
        let build = machine.os_build.as_ref();
        let other = apps.iter().find(|app| {
            !last.apps.iter().any(|one| {
                one.name.value == app.name.value && one.version.value == app.version.value
            })
        });
        let label = text!(ja: "最後の動作検証です", en: "the last test");
        guilt = match other {
            Some(app) => and(at(app.version.span, Text::default()), last.on.span, label),
            None => {
                let span = build.map_or(span, |build| build.span);
                and(at(span, Text::default()), last.os_build.span, label)
            }
        };
    }
    again(Judgement::new(Verdict::Refuted(None), headline).blame(guilt).about([name.clone()]))
}

fn again(found: Judgement) -> Judgement {
    found.advise(text!(
        ja: "システムベンダに今の版での動作検証を依頼し、`[[interference_test]]` に記録してくだ\
             さい",
        en: "have the system vendor test the versions that run, and record it as \
             `[[interference_test]]`",
    ))
}

/// A test that would do, on a day that has not come.
fn not_yet(machine: &Machine, test: &InterferenceTest) -> Judgement {
    let reason = text!(
        ja: "動作検証の `on` が判定日より後です",
        en: "`on` of the test is later than the day of the judgement",
    );
    unknown(machine, test.on.span, reason).advise(text!(
        ja: "動作検証をした日を確認し、直してください",
        en: "look the day of the test up and correct it",
    ))
}

fn incomplete(machine: &Machine) -> Judgement {
    let mut keys = Vec::new();
    if machine.os_build.is_none() {
        keys.push("`os_build`");
    }
    if machine.apps.as_ref().is_none_or(|apps| apps.value.is_empty()) {
        keys.push("`apps`");
    }
    if machine.changed.is_none() {
        keys.push("`changed`");
    }
    let reason = text!(
        ja: "{keys} がありません", en: "{keys} is not written", keys = keys.join(", "),
    );
    unknown(machine, machine.name.span, reason)
        .advise(text!(
            ja: "OS のビルド（`os_build`）、同居するソフトウェアの版（`apps`）、最後に更新した日\
                 （`changed`）を書いてください",
            en: "write the build (`os_build`), the versions of the programs (`apps`) and the day \
                 of the last change (`changed`)",
        ))
        .ask(
            Who::SystemVendor,
            text!(
                ja: "`{name}` で動くソフトウェアの版、最後の更新日、動作検証の記録",
                en: "versions of the programs on `{name}`, day of the last change, record of the \
                     test",
                name = machine.name.value,
            ),
        )
}

fn unknown(machine: &Machine, span: diag::Span, reason: Text) -> Judgement {
    let headline = text!(
        ja: "`{name}` のソフトウェアが動作検証されているか分かりません",
        en: "it is not known whether the programs of `{name}` were tested together",
        name = machine.name.value,
    );
    Judgement::unknown(headline, reason, Some(span)).about([machine.name.value.clone()])
}
