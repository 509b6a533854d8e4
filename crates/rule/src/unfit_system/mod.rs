//! E001: the operating system of a terminal is one that the page names, and in support.

use diag::{Span, Text, text};
use lifecycle::{Lack, Support, support};
use model::{Aspects, Date, Effects};
use pack::{Found, Os};
use pattern::Property;
use site::Machine;

use crate::house::{self, House, Who, and, at, source};
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "E001",
    name: "unfit-system",
    property: Property::V12Os,
    requirement,
    explain: || {
        text!(
            ja: "サポートの終わった OS には、見つかった欠陥の修正が届きません。また、資格確認のソフトウェアは決まった OS でしか動作が保証されません。版とビルドで判定します。IoT 版とそうでない版は見た目が同じでも期限が異なります。期限は日付と出典のある事実（パック）から取り、事実がなければ「不明」とします。",
            en: "A system whose support ended gets no mends for flaws that are found, and the software of the terminal is made for certain systems only. Edition and build decide: editions with and without IoT look the same and end on different days. The days come from dated facts with a source (packs); without a fact the answer is unknown.",
        )
    },
    kind: Kind::Fact,
    aspects: Aspects::of(&[]),
    fears: Effects::of(&[]),
    reads_packs: true,
    check,
};

fn requirement() -> Text {
    text!(
        ja: "資格確認端末の OS は、ページに一覧があればその一覧にあり、サポート期間中である",
        en: "the terminals' operating systems are those that the page names, if any, and in support",
    )
}

/// Clauses that name systems.
const LISTS: [&str; 2] = ["R11", "R12"];

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
    for machine in house.terminals() {
        judgements.extend(judge(house, machine, today));
    }
    judgements
}

fn judge(house: &House<'_>, machine: &Machine, today: Date) -> Vec<Judgement> {
    let Some(os) = &machine.os else {
        return vec![
            unknown(machine, text!(ja: "`os` がありません", en: "there is no `os`"))
                .advise(text!(
                    ja: "端末で `winver` を実行し、`os` と `os_build` を書いてください",
                    en: "run `winver` on the terminal and write `os` and `os_build`",
                ))
                .ask(Who::Installer, build_question(machine)),
        ];
    };
    let build = machine.os_build.as_ref().map(|build| build.value.as_str());
    let esu = machine.esu.map(|esu| esu.value);
    let support = support(house.library.of(&RULE), &os.value, build, esu, Some(today));
    let (system, ends) = match &support {
        Support::Unknown(lack) => return vec![lacking(machine, lack)],
        Support::Maker(system) => (system, system.ends),
        Support::Extended(system, until) => (system, *until),
    };
    let mut judgements = Vec::new();
    if ends < today {
        judgements.push(beside_page(house, ended(machine, system, ends)));
    }
    judgements.extend(listed(house, machine, today));
    judgements
}

fn ended(machine: &Machine, system: &Os, ends: Date) -> Judgement {
    let bought = machine.esu.filter(|esu| esu.value == ends);
    let span = bought.map(|esu| esu.span).or(machine.os.as_ref().map(|os| os.span));
    let span = span.unwrap_or(machine.name.span);
    let headline = text!(
        ja: "`{name}` の OS のサポートは {ends} に終わりました",
        en: "support of the operating system of `{name}` ended on {ends}",
        name = machine.name.value, ends = ends,
    );
    let label = Text::verbatim(system.title.clone());
    let found = Judgement::new(Verdict::Refuted(None), headline)
        .blame(at(span, label))
        .about([machine.name.value.clone()])
        .because(source(&system.provenance));
    match system.esu_ends.filter(|last| *last > ends) {
        Some(last) => found.advise(text!(
            ja: "サポート期間中の OS に入れ替えるか、拡張セキュリティ更新（ESU、{last} まで販売）\
                 を購入し、購入済みの最終日を `esu` に書いてください",
            en: "change to a system in support, or buy extended security updates (ESU, sold until \
                 {last}) and write the last day that was bought as `esu`",
            last = last,
        )),
        None => found.advise(text!(
            ja: "サポート期間中の OS に入れ替えてください。この OS に ESU はありません",
            en: "change to a system in support; there are no extended updates for this one",
        )),
    }
}

/// What is wrong with the system as one of those that the page names.
fn listed(house: &House<'_>, machine: &Machine, today: Date) -> Option<Judgement> {
    let cited: Vec<&str> =
        LISTS.into_iter().filter(|one| house.cites(RULE.property, one)).collect();
    // What meets the terminal's own requirement is never shut out by the wider list.
    let wanted: &[&str] = if cited.contains(&"R12") { &LISTS } else { &cited };
    let os = machine.os.as_ref()?;
    let mut excluding = None;
    let mut is_open = false;
    for clause in wanted {
        match house.library.of(&RULE).os_list(clause, house.edition, Some(today)) {
            Found::Known(list) if list.systems.contains(&os.value) => return None,
            Found::Known(list) if list.excluded.contains(&os.value) => excluding = Some(list),
            Found::Known(list) => is_open |= !list.is_complete,
            Found::Missing | Found::Hearsay(_) | Found::Disputed => is_open = true,
        }
    }
    if wanted.is_empty() {
        return None;
    }
    if is_open && excluding.is_none() {
        return Some(beside_page(house, unlisted(machine, house.edition)));
    }
    let headline = text!(
        ja: "`{name}` の OS `{os}` は、このページの対象に含まれません",
        en: "the operating system `{os}` of `{name}` is not one that the page names",
        name = machine.name.value, os = os.value,
    );
    let found = Judgement::new(Verdict::Refuted(None), headline)
        .blame(at(os.span, Text::default()))
        .about([machine.name.value.clone()])
        .advise(text!(
            ja: "資格確認端末の要件を満たす OS（Windows 10 IoT Enterprise LTSC 2019 等）に入れ替\
                 えてください",
            en: "change to a system that meets the terminal's requirement, such as Windows 10 \
                 IoT Enterprise LTSC 2019",
        ));
    Some(match excluding {
        Some(list) => found.because(source(&list.provenance)),
        None => found,
    })
}

/// Adds, on a page that names systems whose normal support is over, that it is.
fn beside_page(house: &House<'_>, found: Judgement) -> Judgement {
    if !house.cites(RULE.property, "R12") {
        return found;
    }
    found.because(text!(
        ja: "このページが挙げる OS の通常サポートはすべて終わっています。ESU を購入するか、資格確\
             認端末の要件を満たす OS（Windows 10 IoT Enterprise LTSC 2019 等）にするかです（決定 \
             8）",
        en: "normal support of every system that this page names is over: what is left are bought \
             updates (ESU), or a system that meets the terminal's own requirement, such as Windows \
             10 IoT Enterprise LTSC 2019 (decision 8)",
    ))
}

fn unlisted(machine: &Machine, edition: &str) -> Judgement {
    let os = machine.os.as_ref().map(|os| os.value.clone()).unwrap_or_default();
    let reason = text!(
        ja: "`{os}` は知られている一覧になく、一覧は閉じていません",
        en: "`{os}` is on no list that is known, and the lists are not closed",
        os = os,
    );
    unknown_at(machine, machine.os.as_ref().map(|os| os.span), reason)
        .advise(text!(
            ja: "ポータルサイトで現在の対象 OS を確認し、`[[os_list]]` のある自施設のパックに出典\
                 とともに書いてください",
            en: "look the present list up at the ministry's portal and write it with its source \
                 into a pack of your own, as `[[os_list]]`",
        ))
        .ask(
            Who::Portal,
            text!(
                ja: "`{os}` が資格確認端末の対象 OS かどうか（{edition} 年の版）",
                en: "whether `{os}` is a system for eligibility terminals (edition {edition})",
                os = os, edition = edition,
            ),
        )
}

fn unknown(machine: &Machine, reason: Text) -> Judgement {
    unknown_at(machine, None, reason)
}

fn unknown_at(machine: &Machine, span: Option<Span>, reason: Text) -> Judgement {
    let headline = text!(
        ja: "`{name}` の OS が要件を満たすか分かりません",
        en: "it is not known whether the operating system of `{name}` is fit",
        name = machine.name.value,
    );
    Judgement::unknown(headline, reason, Some(span.unwrap_or(machine.name.span)))
        .about([machine.name.value.clone()])
}

/// The system as it is written, and the place.
fn written(machine: &Machine) -> (String, Option<Span>) {
    let os = machine.os.as_ref();
    (os.map(|os| os.value.clone()).unwrap_or_default(), os.map(|os| os.span))
}

fn build_question(machine: &Machine) -> Text {
    text!(
        ja: "`{name}` の OS の版とビルド番号（`winver` に表示されます）",
        en: "edition and build of the operating system of `{name}`, as `winver` shows them",
        name = machine.name.value,
    )
}

fn lacking(machine: &Machine, lack: &Lack) -> Judgement {
    let (os, place) = written(machine);
    let esu = machine.esu.map(|esu| esu.span).or(place);
    match lack {
        Lack::Name(near) => lacking_name(machine, near.as_deref()),
        Lack::NoBuild(builds) => {
            let reason = text!(ja: "`os_build` がありません", en: "there is no `os_build`");
            unknown_at(machine, place, reason)
                .advise(text!(
                    ja: "端末で `winver` を実行し、`os_build` を書いてください（この名前では \
                         {builds} で始まります）",
                    en: "run `winver` on the terminal and write `os_build`, which begins with \
                         {builds} for this name",
                    builds = builds.join(" / "),
                ))
                .ask(Who::Installer, build_question(machine))
        }
        Lack::Build(builds) => {
            let reason = text!(
                ja: "`{os}` のビルドは {builds} で始まるはずです",
                en: "the build of `{os}` should begin with {builds}",
                os = os, builds = builds.join(" / "),
            );
            let build = machine.os_build.as_ref().map(|build| build.span).or(place);
            let found = unknown_at(machine, build, reason);
            let found = match place {
                Some(span) => {
                    let guilt = found.guilt.clone();
                    found.blame(and(guilt, span, Text::default()))
                }
                None => found,
            };
            found
                .advise(text!(
                    ja: "名前とビルドのどちらかが違います。`winver` で確認して直してください",
                    en: "either the name or the build is wrong; look both up with `winver`",
                ))
                .ask(Who::Installer, build_question(machine))
        }
        Lack::Disputed => {
            let reason = text!(
                ja: "この OS の事実が矛盾しています（R300）",
                en: "the facts about this system contradict each other (R300)",
            );
            unknown_at(machine, place, reason)
        }
        Lack::Hearsay => {
            let reason = text!(
                ja: "この OS の事実は確かさが低く（`L`）、証明に使えません",
                en: "the fact about this system is of low confidence (`L`), which proves nothing",
            );
            unknown_at(machine, place, reason)
        }
        Lack::Beyond(last) => lacking_updates(machine, esu, *last),
        Lack::NotSold => {
            let reason = text!(
                ja: "この版の OS に ESU はありません",
                en: "there are no extended updates for this edition",
            );
            unknown_at(machine, esu, reason)
                .advise(text!(
                    ja: "版と `esu` を確認し、誤っている方を直してください",
                    en: "check the edition and `esu`, and correct the one that is wrong",
                ))
                .ask(Who::Installer, build_question(machine))
        }
    }
}

fn lacking_name(machine: &Machine, near: Option<&str>) -> Judgement {
    let (os, place) = written(machine);
    let reason = text!(
        ja: "`{os}` という OS の事実がありません", en: "no fact names a system `{os}`", os = os,
    );
    let found = unknown_at(machine, place, reason).ask(Who::Installer, build_question(machine));
    match near {
        Some(near) => found.advise(text!(
            ja: "`{near}` の書き間違いであれば、直してください",
            en: "write `{near}` if that is what you mean",
            near = near,
        )),
        None => found.advise(text!(
            ja: "名前を直すか、サポート期限を出典とともに自施設のパックの `[[os]]` に書いてくださ\
                 い",
            en: "correct the name, or write when its support ends with the source into a pack of \
                 your own, as `[[os]]`",
        )),
    }
}

fn lacking_updates(machine: &Machine, place: Option<Span>, last: Date) -> Judgement {
    let reason = text!(
        ja: "ESU は {last} までしか販売されません",
        en: "extended updates are sold until {last} only",
        last = last,
    );
    unknown_at(machine, place, reason)
        .advise(text!(
            ja: "購入した ESU の最終日を契約書で確認してください",
            en: "look up in the contract until when the updates were bought",
        ))
        .ask(
            Who::SystemVendor,
            text!(
                ja: "`{name}` の ESU の最終日", en: "the last day of the ESU of `{name}`",
                name = machine.name.value,
            ),
        )
}
