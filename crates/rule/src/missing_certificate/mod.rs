//! E003: each machine has a valid certificate for what it does.

use diag::{Text, text};
use lifecycle::Flaw;
use model::{Aspects, Date, Effects};
use pack::Found;
use pattern::Property;
use site::{Certificate, Cover, Machine, OutsideNet, Role, Spanned, Word};

use crate::house::{self, House, Who, and, at, not_proved};
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "E003",
    name: "missing-certificate",
    property: Property::V12Certificate,
    requirement,
    explain: || {
        text!(
            ja: "電子証明書が切れると、資格確認もオンライン請求もできなくなります。端末がオンライン請求も行うなら、ページに資格確認用しかなくても、請求に使える証明書が必要です。有効期間は 3 年 3 か月で、期限の 90 日前から更新できます。それより先の期限は書き間違いとみなします。",
            en: "Without a valid certificate neither eligibility nor claims work. A terminal that also sends claims needs a certificate that claims accept, though the page may list the one for eligibility only. A certificate is valid for 3 years and 3 months and can be renewed from 90 days before its end. A last day beyond that is taken for a slip.",
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
        ja: "端末は、行う業務に使える有効な電子証明書を判定日に持っている",
        en: "each machine has a certificate for what it does that is valid on the day",
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
    judgements.extend(without_sender(house));
    let web_api = house.site.machines.iter().filter(|one| one.has_role(Role::WebApi));
    judgements.extend(web_api.filter_map(|one| uncertified(one, today)));
    for machine in &house.site.machines {
        for cover in needed(house, machine) {
            judgements.extend(judge(house, machine, cover, today));
        }
    }
    judgements
}

/// Claims are sent online, and no machine is said to send them.
fn without_sender(house: &House<'_>) -> Option<Judgement> {
    let line = house.site.line.as_ref().and_then(|line| line.value.claims.as_ref());
    let mut listed = house.site.destinations.iter().map(|one| &one.net);
    let listed = listed.find(|net| net.value == OutsideNet::ClaimsNet);
    let span = line.map(|claims| claims.span).or(listed.map(|net| net.span))?;
    let sends = |one: &Machine| one.has_role(Role::OnlineClaimsTerminal);
    if house.site.machines.iter().any(sends) || house.cites(RULE.property, "R15b") {
        return None;
    }
    let reason = text!(
        ja: "オンライン請求をどの端末が送るか書かれていません",
        en: "which machine sends the claims is not written",
    );
    let found = Judgement::unknown(not_proved(&requirement()), reason, Some(span));
    Some(found.advise(text!(
        ja: "その端末の `roles` に `online-claims-terminal` を書くか、請求しないなら `claims` を\
             消してください",
        en: "write `online-claims-terminal` in the `roles` of that machine, or remove `claims` if \
             none are sent",
    )).ask(Who::Installer, text!(
        ja: "オンライン請求を送る端末", en: "the machine that sends online claims",
    )))
}

/// What a machine needs certificates for.
fn needed(house: &House<'_>, machine: &Machine) -> Vec<Cover> {
    let is_terminal = machine.has_role(Role::EligibilityTerminal);
    let mut covers = Vec::new();
    if is_terminal {
        covers.push(Cover::Eligibility);
    }
    let sends = |one: &Machine| one.has_role(Role::OnlineClaimsTerminal);
    // A page that lists both means the machine in one, unless another machine sends the claims.
    let is_both =
        is_terminal && house.cites(RULE.property, "R15b") && !house.site.machines.iter().any(sends);
    if sends(machine) || is_both {
        covers.push(Cover::Claims);
    }
    covers
}

/// A machine that talks with the centre itself needs a client certificate. Of what kind, or whether
/// that of a terminal does, is what only the service's specification says, so that one that is
/// valid is taken for it and the lack of one is a question.
fn uncertified(machine: &Machine, today: Date) -> Option<Judgement> {
    let name = &machine.name.value;
    let own = machine.certificates.iter().flat_map(|all| &all.value);
    let is_valid = |one: &Spanned<Certificate>| {
        let is_begun = one.value.issued.is_none_or(|issued| issued.value <= today);
        is_begun && today <= one.value.expires.value
    };
    if own.clone().any(is_valid) {
        return None;
    }
    let headline = text!(
        ja: "`{name}` に Web API で使う有効な電子証明書があるか分かりません",
        en: "it is not known whether `{name}` has a valid certificate for the Web API",
        name = *name,
    );
    let reason = match own.map(|one| one.value.expires).max_by_key(|day| day.value) {
        Some(day) if day.value < today => text!(
            ja: "書かれた電子証明書は {ends} に期限が切れました",
            en: "the certificate that is written ended on {ends}",
            ends = day.value,
        ),
        Some(_) => text!(
            ja: "書かれた電子証明書は、まだ使えません",
            en: "the certificate that is written is not valid yet",
        ),
        None => text!(
            ja: "`web-api` の機器に電子証明書が書かれていません",
            en: "no certificate is written for this machine with the role `web-api`",
        ),
    };
    let found = Judgement::unknown(headline, reason, Some(machine.name.span));
    Some(
        found
            .about([name.clone()])
            .advise(text!(
                ja: "Web API の接続には、クライアント証明書のある機器が院内に必要です。この機器に\
                     入れる電子証明書を確認し、`certificates` に書いてください",
                en: "the Web API needs a machine inside that holds a client certificate: find out \
                     which one this machine has, and write it as `certificates`",
            ))
            .ask(
                Who::SystemVendor,
                text!(
                    ja: "`{name}` が Web API の接続に使う電子証明書（種類と有効期限）",
                    en: "the certificate that `{name}` uses for the Web API, and its last day",
                    name = *name,
                ),
            ),
    )
}

/// The word of what a certificate is for.
fn word(cover: Cover) -> Text {
    match cover {
        Cover::Eligibility => text!(ja: "資格確認", en: "eligibility"),
        Cover::Claims => text!(ja: "オンライン請求", en: "online claims"),
    }
}

fn judge(house: &House<'_>, machine: &Machine, cover: Cover, today: Date) -> Option<Judgement> {
    let name = &machine.name.value;
    let Some(all) = &machine.certificates else {
        let reason = text!(ja: "`certificates` がありません", en: "there is no `certificates`");
        return Some(unknown(machine, cover, machine.name.span, reason).advise(text!(
            ja: "端末の電子証明書の画面で用途と有効期限を確認し、次のように書いてください:\n\
                 certificates = [{{ covers = [\"{cover}\"], expires = 2027-03-31 }}]",
            en: "look purpose and last day up in the certificate and write them so:\n\
                 certificates = [{{ covers = [\"{cover}\"], expires = 2027-03-31 }}]",
            cover = Word::word(cover),
        )));
    };
    let covers =
        |one: &&Spanned<Certificate>| one.value.covers.iter().any(|own| own.value == cover);
    let own: Vec<&Spanned<Certificate>> = all.value.iter().filter(covers).collect();
    // A certificate whose days cannot be right says nothing.
    let (odd, sound): (Vec<_>, Vec<_>) =
        own.into_iter().partition(|one| slip(house, &one.value, today).is_some());
    let is_valid = |one: &&&Spanned<Certificate>| {
        let certificate = &one.value;
        certificate.issued.is_none_or(|issued| issued.value <= today)
            && today <= certificate.expires.value
    };
    if sound.iter().any(|one| is_valid(&one)) {
        return None;
    }
    if let Some(one) = odd.first() {
        let (span, reason) = slip(house, &one.value, today)?;
        return Some(unknown(machine, cover, span, reason).advise(text!(
            ja: "電子証明書の画面で有効期限を確認し、直してください",
            en: "look the last day up in the certificate and correct it",
        )));
    }
    let Some(latest) = sound.iter().max_by_key(|one| one.value.expires.value) else {
        let headline = text!(
            ja: "`{name}` に{word}の電子証明書がありません",
            en: "`{name}` has no certificate for {word}",
            name = *name, word = word(cover),
        );
        let found = Judgement::new(Verdict::Refuted(None), headline)
            .blame(and(at(all.span, Text::default()), machine.name.span, Text::default()))
            .about([name.clone()]);
        let is_beyond_page = cover == Cover::Claims && !house.cites(RULE.property, "R15b");
        let found = if is_beyond_page { found.because(beyond_page()) } else { found };
        return Some(found.advise(text!(
            ja: "{word}に使える電子証明書を取得してください。今ある証明書が兼ねるなら、`covers` \
                 に書いてください",
            en: "apply for a certificate for {word}; if one that is there is accepted, write that \
                 in its `covers`",
            word = word(cover),
        )));
    };
    Some(invalid(machine, cover, &latest.value, today))
}

/// Why claims need one where the page lists that for eligibility alone.
fn beyond_page() -> Text {
    text!(
        ja: "ページが挙げるのは資格確認用の電子証明書だけですが、この端末は請求も送るため、\
             請求に使えるものも求めます（sekisho の判断）",
        en: "the page lists the certificate for eligibility only; this machine sends claims, so \
             sekisho asks for one that covers them too (a decision of sekisho)",
    )
}

fn invalid(machine: &Machine, cover: Cover, latest: &Certificate, today: Date) -> Judgement {
    let name = &machine.name.value;
    let word = word(cover);
    if latest.expires.value < today {
        let headline = text!(
            ja: "`{name}` の{word}の電子証明書は {ends} に期限が切れました",
            en: "the certificate of `{name}` for {word} ended on {ends}",
            name = *name, word = word, ends = latest.expires.value,
        );
        return Judgement::new(Verdict::Refuted(None), headline)
            .blame(at(latest.expires.span, Text::default()))
            .about([name.clone()])
            .advise(text!(
                ja: "電子証明書を更新し、新しい期限を書いてください",
                en: "renew the certificate and write its new last day",
            ));
    }
    let first = latest.issued.map_or(latest.expires, |issued| issued);
    let headline = text!(
        ja: "`{name}` の{word}の電子証明書は {first} からしか使えません",
        en: "the certificate of `{name}` for {word} is valid from {first} only",
        name = *name, word = word, first = first.value,
    );
    Judgement::new(Verdict::Refuted(None), headline)
        .blame(at(first.span, Text::default()))
        .about([name.clone()])
        .advise(text!(
            ja: "その日より前に使える証明書も `certificates` に残してください",
            en: "keep the certificate that is valid until then in `certificates` too",
        ))
}

/// Why the days of a certificate cannot be right, with the place.
fn slip(house: &House<'_>, certificate: &Certificate, today: Date) -> Option<(diag::Span, Text)> {
    let expires = certificate.expires;
    let issued = certificate.issued.map(|issued| issued.value);
    if let Some(issued) = certificate.issued.filter(|issued| issued.value > expires.value) {
        let text = text!(
            ja: "`issued` が `expires` より後です", en: "`issued` is later than `expires`",
        );
        return Some((issued.span, text));
    }
    let Found::Known(kind) = house.library.of(&RULE).certificate(Some(today)) else {
        let text = text!(
            ja: "電子証明書の有効期間の事実がありません",
            en: "there is no fact about how long a certificate is valid",
        );
        return Some((expires.span, text));
    };
    let flaw = lifecycle::flaw(&kind, issued, expires.value, Some(today))?;
    let (Flaw::TooLong(latest) | Flaw::TooFar(latest)) = flaw;
    let text = text!(
        ja: "有効期間は {months} か月なので、遅くとも {latest} に終わるはずです",
        en: "it is valid for {months} months, so it should end on {latest} at the latest",
        months = kind.months, latest = latest,
    );
    Some((expires.span, text))
}

fn unknown(machine: &Machine, cover: Cover, span: diag::Span, reason: Text) -> Judgement {
    let name = &machine.name.value;
    let headline = text!(
        ja: "`{name}` に{word}の有効な電子証明書があるか分かりません",
        en: "it is not known whether `{name}` has a valid certificate for {word}",
        name = *name, word = word(cover),
    );
    Judgement::unknown(headline, reason, Some(span)).about([name.clone()]).ask(
        Who::Hospital,
        text!(
            ja: "`{name}` の電子証明書の用途（{word}）と有効期限",
            en: "purpose ({word}) and last day of the certificate of `{name}`",
            name = *name, word = word(cover),
        ),
    )
}
