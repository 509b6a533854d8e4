//! What can be observed of a site, and the pattern that it is.

use diag::{Diagnostic, text};
use pattern::{Facts, LineFact, Pattern, Placement, Recognised, recognise};
use site::{Endpoint, LineKind, Role, Site};

/// The observable facts of `site`.
pub(crate) fn of(site: &Site) -> Facts {
    let line = site.line.as_ref().map(|line| &line.value);
    let line = line.and_then(|line| match line.kind.value {
        LineKind::IpVpn => Some(LineFact::IpVpn),
        LineKind::Ipsec => line.endpoint.as_ref().map(|end| match end.value {
            Endpoint::Router => LineFact::IpsecRouter,
            Endpoint::Terminal => LineFact::IpsecTerminal,
        }),
    });
    let shares = |a: Role, b: Role| {
        site.machines.iter().any(|machine| machine.has_role(a) && machine.has_role(b))
    };
    let has = |role: Role| site.machines.iter().any(|machine| machine.has_role(role));
    let placement = if shares(Role::ClaimsComputer, Role::EligibilityTerminal) {
        Some(Placement::Merged)
    } else if shares(Role::EligibilityTerminal, Role::OnlineClaimsTerminal) {
        Some(Placement::OneTerminal)
    } else {
        has(Role::EligibilityTerminal).then_some(Placement::Separate)
    };
    Facts { line, placement }
}

/// The pattern that judges `site`, and what there is to say about that.
pub(crate) fn pattern(site: &Site, diagnostics: &mut Vec<Diagnostic>) -> Option<Pattern> {
    let recognised = recognise(&of(site));
    let stated = site.facility.as_ref().and_then(|facility| facility.value.pattern.clone());
    // Of patterns that fit equally well the one that is stated is meant.
    let is_stated =
        |one: &Recognised| stated.as_ref().is_some_and(|stated| stated.value == one.pattern.id);
    let nearest =
        recognised.into_iter().min_by_key(|one| (one.mismatches.len(), !is_stated(one)))?;
    let place = stated
        .as_ref()
        .map(|stated| stated.span)
        .or(site.line.as_ref().map(|line| line.span))
        .or(site.facility.as_ref().map(|facility| facility.span));
    let at = |found: Diagnostic| match place {
        Some(span) => found.at(span),
        None => found,
    };
    if nearest.mismatches.is_empty() {
        let other = stated.filter(|stated| stated.value != nearest.pattern.id);
        if let Some(stated) = other {
            diagnostics.push(at(Diagnostic::warning(
                "T111",
                text!(
                    ja: "パターン `{stated}` と書かれていますが、構成は `{found}`（{title}）です",
                    en: "pattern `{stated}` is stated, but the facts are those of `{found}` \
                         ({title})",
                    stated = stated.value, found = nearest.pattern.id,
                    title = nearest.pattern.title,
                ),
            )
            .advise(text!(
                ja: "`pattern` を消すか、端末の役割と回線の種類を直してください",
                en: "remove `pattern`, or correct the roles and the kind of line",
            ))));
        }
        return Some(nearest.pattern);
    }
    let mut found = Diagnostic::error(
        "T110",
        text!(
            ja: "このサイトに当てはまる参考パターンがありません",
            en: "no known reference pattern fits this site",
        ),
    );
    for mismatch in &nearest.mismatches {
        let what = mismatch.found.clone();
        let what = what.unwrap_or_else(|| text!(ja: "書かれていません", en: "not written"));
        found = found.because(text!(
            ja: "`{id}`（{title}）は {wanted} ですが、このサイトは: {what}",
            en: "`{id}` ({title}) has {wanted}; this site: {what}",
            id = nearest.pattern.id, title = nearest.pattern.title,
            wanted = mismatch.wanted, what = what,
        ));
    }
    diagnostics.push(at(found.advise(text!(
        ja: "`[line]` の種類と、端末の `roles` を確認してください",
        en: "check the kind of `[line]` and the `roles` of the machines",
    ))));
    None
}
