//! What can be observed of a site, the pattern that it is, and the edition that judges it.

use diag::{Diagnostic, Span, Text, text};
use pattern::{
    Condition, Edition, Facts, LineFact, Pattern, Placement, Recognised, Requirement, Variant,
    recognise,
};
use site::{AccessMethod, Endpoint, LineKind, Machine, Role, Site, Word};

/// What judges a site.
pub(crate) struct Judge {
    /// The page.
    pub(crate) pattern: &'static Pattern,
    /// The edition of it.
    pub(crate) edition: Edition,
    /// Ways of connecting in which the site differs from what the page draws.
    pub(crate) variants: Vec<Variant>,
    /// What the site has because of which a page asks more.
    conditions: Vec<Condition>,
}

impl Judge {
    /// What is asked of the site.
    pub(crate) fn asks(&self) -> impl Iterator<Item = &'static Requirement> + use<'_> {
        self.pattern.asks(self.edition, &self.conditions)
    }
}

/// The observable facts of `site`.
fn of(site: &Site) -> Facts {
    let (placements, placed) = placements(site);
    Facts { line: line(site), placements, placed }
}

fn line(site: &Site) -> Option<LineFact> {
    let line = &site.line.as_ref()?.value;
    match line.kind.value {
        LineKind::IpVpn => Some(LineFact::IpVpn),
        LineKind::Ipsec => line.endpoint.as_ref().map(|end| match end.value {
            Endpoint::Router => LineFact::IpsecRouter,
            Endpoint::Terminal => LineFact::IpsecTerminal,
        }),
    }
}

/// Whether the machine is a claims computer and an eligibility terminal in one.
fn is_merged(machine: &Machine) -> bool {
    machine.has_role(Role::ClaimsComputer) && machine.has_role(Role::EligibilityTerminal)
}

/// The placements that the roles allow; where there is none, what the roles are.
fn placements(site: &Site) -> (Vec<Placement>, Option<Text>) {
    let named = |is_wanted: &dyn Fn(&Machine) -> bool| {
        let machines = site.machines.iter().filter(|machine| is_wanted(machine));
        machines.map(|machine| machine.name.value.as_str()).collect::<Vec<&str>>().join(", ")
    };
    let is_terminal = |machine: &Machine| machine.has_role(Role::EligibilityTerminal);
    let holds_records = |machine: &Machine| {
        [Role::ClaimsComputer, Role::Server, Role::WebApi].iter().any(|r| machine.has_role(*r))
    };
    let merged = named(&is_merged);
    let alone = named(&|machine| is_terminal(machine) && !is_merged(machine));
    let servers = named(&|one| is_terminal(one) && !is_merged(one) && holds_records(one));
    let claims = named(&|one| {
        holds_records(one) && one.has_role(Role::OnlineClaimsTerminal) && !is_terminal(one)
    });
    let odd = if !servers.is_empty() {
        Some(text!(
            ja: "`{name}` はサーバ等と資格確認端末を兼ねています",
            en: "`{name}` is server and eligibility terminal in one",
            name = servers,
        ))
    } else if !claims.is_empty() {
        Some(text!(
            ja: "`{name}` はレセコン等とオンライン請求端末を兼ねています",
            en: "`{name}` is claims computer and online-claims terminal in one",
            name = claims,
        ))
    } else if !merged.is_empty() && !alone.is_empty() {
        Some(text!(
            ja: "`{merged}` はレセコンと資格確認端末を兼ね、`{alone}` は資格確認端末だけです",
            en: "`{merged}` is claims computer and terminal in one, `{alone}` a terminal only",
            merged = merged, alone = alone,
        ))
    } else {
        None
    };
    if odd.is_some() {
        return (Vec::new(), odd);
    }
    if !merged.is_empty() {
        return based(site);
    }
    let shares = |machine: &Machine| machine.has_role(Role::OnlineClaimsTerminal);
    let is_shared = site.machines.iter().any(|machine| is_terminal(machine) && shares(machine));
    match (alone.is_empty(), is_shared) {
        (true, _) => (Vec::new(), None),
        (false, true) => (vec![Placement::OneTerminal], None),
        (false, false) => (vec![Placement::Separate], None),
    }
}

/// The placements of a site whose terminals are claims computers, too: `base` decides. The roles
/// do not tell, and the operating system must not: whether it is the right one is asked later.
fn based(site: &Site) -> (Vec<Placement>, Option<Text>) {
    let machines = site.machines.iter().filter(|machine| is_merged(machine));
    let mut found: Vec<Placement> = Vec::new();
    for base in machines.filter_map(|machine| machine.base) {
        let placement = match base.value {
            site::Base::Terminal => Placement::ReceiptOnTerminal,
            site::Base::ClaimsComputer => Placement::TerminalOnReceipt,
        };
        if !found.contains(&placement) {
            found.push(placement);
        }
    }
    match found.as_slice() {
        [] => (vec![Placement::ReceiptOnTerminal, Placement::TerminalOnReceipt], None),
        [_] => (found, None),
        _ => {
            let odd = text!(
                ja: "端末によって `base` が異なります",
                en: "`base` differs from machine to machine",
            );
            (Vec::new(), Some(odd))
        }
    }
}

/// What judges `site`, and what there is to say about that; `None` if nothing can.
pub(crate) fn judge(site: &Site, diagnostics: &mut Vec<Diagnostic>) -> Option<Judge> {
    // What is wrong with the edition is said where the file is read.
    let written = site.edition.as_ref()?.value.word();
    let edition = Edition::ALL.into_iter().find(|edition| edition.name() == written)?;
    if let Some(found) = tunnel_elsewhere(site) {
        diagnostics.push(found);
        return None;
    }
    let pattern = pattern(site, diagnostics)?;
    let variants = variants(site, pattern.line);
    for variant in variants.iter().filter(|variant| variant.since() > edition) {
        diagnostics.push(at(site, too_new(*variant, edition)));
    }
    extra_terminals(site, pattern, diagnostics);
    let is_other = |machine: &Machine| {
        let roles = [Role::ClaimsComputer, Role::Server, Role::WebApi];
        roles.iter().any(|role| machine.has_role(*role))
            && !machine.has_role(Role::EligibilityTerminal)
    };
    let has_purpose = site.zones.iter().any(|zone| {
        let is_used = |machine: &Machine| {
            is_merged(machine)
                && machine.nics.iter().any(|nic| nic.value.zone.value == zone.name.value)
        };
        let purpose = zone.purpose.as_ref().map(|purpose| purpose.value);
        purpose == Some(site::ZonePurpose::ClaimsComputers) && !site.machines.iter().any(is_used)
    });
    let has_server = has_purpose || site.machines.iter().any(is_other);
    let is_claims_terminal = |machine: &Machine| {
        machine.has_role(Role::OnlineClaimsTerminal)
            && !machine.has_role(Role::EligibilityTerminal)
            && !is_other(machine)
    };
    let has_claims_terminal = site.machines.iter().any(is_claims_terminal);
    let all = [(has_server, Condition::Server), (has_claims_terminal, Condition::ClaimsTerminal)];
    let met = all.into_iter().filter(|(is_met, _)| *is_met);
    let conditions = met.map(|(_, condition)| condition).collect();
    Some(Judge { pattern, edition, variants, conditions })
}

/// Says that `site`, which was read from `text`, has no router at its edge, and what its page says
/// of that.
pub(crate) fn without_edge(site: &Site, text: &str) -> Option<Diagnostic> {
    let is_inside = |router: &site::Router| {
        router.role.is_some_and(|role| role.value == site::RouterRole::RouterA)
    };
    // One that is written, but could not be read, is told where it stands.
    let is_written = |line: &str| line.split('#').next().is_some_and(|own| own.contains("routers"));
    let is_missing = match site.routers.as_slice() {
        [] => !text.lines().any(is_written),
        routers => routers.iter().all(is_inside),
    };
    if !is_missing {
        return None;
    }
    let fitting = recognise(&of(site)).into_iter().filter(|one| one.mismatches.is_empty());
    let mut pages: Vec<&Pattern> = fitting.map(|one| one.pattern).collect();
    if pages.len() != 1 {
        let stated = site.facility.as_ref().and_then(|one| one.value.pattern.as_ref());
        pages = pattern::patterns().iter().collect();
        pages.retain(|page| stated.is_some_and(|stated| stated.value == page.id));
    }
    let headline = text!(
        ja: "境界のルータ（`router-b`）が、サイトファイルにありません",
        en: "the site file has no router at the edge (`router-b`)",
    );
    let mut found = at(site, Diagnostic::error("T117", headline));
    for page in pages {
        found = found.because(text!(
            ja: "{page}/R25: このページのルータは「{verb}」です",
            en: "{page}/R25: on this page the router is {verb}",
            page = page.page, verb = page.edge.title(),
        ));
    }
    Some(found.advise(text!(
        ja: "端末と ONU の間にルータを導入し、`[routers.router-b]` に設定ファイルとともに書いてくだ\
             さい。端末の `through` にはその名前を書きます",
        en: "bring in a router between the machines and the ONU, and name it with its \
             configuration as `[routers.router-b]`; `through` of a machine is its name",
    )))
}

/// Says where `endpoint` and the machines disagree on what ends the tunnel of the line.
fn tunnel_elsewhere(site: &Site) -> Option<Diagnostic> {
    let line = &site.line.as_ref()?.value;
    if line.kind.value == LineKind::IpVpn {
        return tunnel_beside(site);
    }
    let endpoint = line.endpoint.as_ref()?;
    let own = site.machines.iter().filter(|machine| machine.tunnel.is_some());
    let own: Vec<&str> = own.map(|machine| machine.name.value.as_str()).collect();
    let headline = match (endpoint.value, own.is_empty()) {
        (Endpoint::Router, true) | (Endpoint::Terminal, false) => return None,
        (Endpoint::Router, false) => text!(
            ja: "`endpoint` はルータですが、`{machine}` が自分でトンネルを終端しています",
            en: "`endpoint` says that a router ends the tunnel, but `{machine}` ends one itself",
            machine = own.join(", "),
        ),
        (Endpoint::Terminal, true) => text!(
            ja: "`endpoint` は端末ですが、トンネルを終端する端末がありません",
            en: "`endpoint` says that a terminal ends the tunnel, but no machine has one",
        ),
    };
    Some(Diagnostic::error("T116", headline).at(endpoint.span).advise(text!(
        ja: "`endpoint` を直すか、終端する端末に `tunnel` を書いてください",
        en: "correct `endpoint`, or give the machine that ends the tunnel a `tunnel`",
    )))
}

/// A tunnel that a machine ends though the line has none: who stands at its other end is nobody
/// of the reference document.
fn tunnel_beside(site: &Site) -> Option<Diagnostic> {
    let own = |machine: &'_ site::Machine| Some((machine.name.clone(), machine.tunnel.clone()?));
    let (machine, tunnel) = site.machines.iter().find_map(own)?;
    let headline = text!(
        ja: "回線は IP-VPN ですが、`{machine}` が自分でトンネルを終端しています",
        en: "the line is an IP-VPN, but `{machine}` ends a tunnel itself",
        machine = machine.value,
    );
    let found = Diagnostic::error("T116", headline).at(tunnel.span).because(text!(
        ja: "トンネルの中は、どのルータのフィルターも見ません。相手から何が届くか分かりません",
        en: "no router looks into the tunnel; what comes from its other end is not known",
    ));
    Some(found.advise(text!(
        ja: "保守などの VPN はルータで終端し、`[standing]` に書いてください",
        en: "end a line such as that of a supplier on a router, and write it under `[standing]`",
    )))
}

/// `diagnostic` at the place where the site says what it is.
fn at(site: &Site, diagnostic: Diagnostic) -> Diagnostic {
    let facility = site.facility.as_ref();
    let stated = facility.and_then(|facility| facility.value.pattern.as_ref());
    let place: Option<Span> = stated
        .map(|stated| stated.span)
        .or(site.line.as_ref().map(|line| line.span))
        .or(facility.map(|facility| facility.span));
    match place {
        Some(span) => diagnostic.at(span),
        None => diagnostic,
    }
}

fn variants(site: &Site, fact: LineFact) -> Vec<Variant> {
    let line = site.line.as_ref().map(|line| &line.value);
    let by = |method: Option<site::Spanned<AccessMethod>>| method.map(|method| method.value);
    let is_present = |variant: &Variant| match variant {
        Variant::EligibilityInPppoe => {
            by(line.and_then(|line| line.eligibility)) == Some(AccessMethod::Pppoe)
        }
        Variant::ClaimsOverIpv6 => {
            by(line.and_then(|line| line.claims)) == Some(AccessMethod::Ipoe)
        }
        Variant::WebApi => site.machines.iter().any(|machine| machine.has_role(Role::WebApi)),
    };
    let all = pattern::variants().into_iter();
    all.filter(|variant| variant.fits(fact) && is_present(variant)).collect()
}

fn too_new(variant: Variant, edition: Edition) -> Diagnostic {
    Diagnostic::warning(
        "T115",
        text!(
            ja: "{variant}は {edition} 年版にはありません",
            en: "edition {edition} does not know {variant}",
            variant = variant.title(), edition = edition.name(),
        ),
    )
    .because(text!(
        ja: "{edition} 年版の要件だけで判定します",
        en: "the site is judged by what edition {edition} asks",
        edition = edition.name(),
    ))
    .advise(text!(
        ja: "現在の運用で判定するには `edition = \"{since}\"` と書いてください",
        en: "write `edition = \"{since}\"` to judge it by present practice",
        since = variant.since().name(),
    ))
}

/// Says where there are more terminals than the page draws; they are judged alike.
fn extra_terminals(site: &Site, pattern: &Pattern, diagnostics: &mut Vec<Diagnostic>) {
    let is_terminal = |machine: &&Machine| machine.has_role(Role::EligibilityTerminal);
    let mut others = site.machines.iter().filter(is_terminal).skip(1).peekable();
    if pattern.plan.terminal().is_many || others.peek().is_none() {
        return;
    }
    let names: Vec<&str> = others.map(|machine| machine.name.value.as_str()).collect();
    diagnostics.push(at(
        site,
        Diagnostic::note(
            "T114",
            text!(
                ja: "{page} が示す資格確認端末は一台です。`{names}` も同じ要件で判定します",
                en: "{page} draws one eligibility terminal; `{names}` is judged alike",
                page = pattern.page, names = names.join(", "),
            ),
        ),
    ));
}

/// The pattern that judges `site`.
fn pattern(site: &Site, diagnostics: &mut Vec<Diagnostic>) -> Option<&'static Pattern> {
    let recognised = recognise(&of(site));
    let stated = site.facility.as_ref().and_then(|facility| facility.value.pattern.clone());
    let stated = stated.map(|stated| stated.value);
    if let Some(stated) = stated.as_ref().filter(|stated| find(&recognised, stated).is_none()) {
        diagnostics.push(at(site, unknown_name(stated)));
    }
    let fitting: Vec<&Recognised> =
        recognised.iter().filter(|one| one.mismatches.is_empty()).collect();
    // Where what is written leaves it open, the pattern that the file states answers.
    let is_stated = |one: &Recognised| stated.as_ref() == Some(&one.pattern.id);
    match fitting.as_slice() {
        [] => {
            let nearest =
                recognised.iter().min_by_key(|one| (one.mismatches.len(), !is_stated(one)))?;
            diagnostics.push(at(site, no_pattern(site, nearest)));
            None
        }
        [only] => {
            let other = stated.as_ref().filter(|_| !is_stated(only));
            let other = other.and_then(|stated| find(&recognised, stated));
            diagnostics.extend(other.map(|stated| at(site, differs(stated, only.pattern))));
            Some(only.pattern)
        }
        several => {
            let meant = several.iter().find(|one| is_stated(one));
            if meant.is_none() {
                diagnostics.push(open(site, several));
            }
            meant.map(|one| one.pattern)
        }
    }
}

fn find<'a>(recognised: &'a [Recognised], id: &str) -> Option<&'a Recognised> {
    recognised.iter().find(|one| one.pattern.id == id)
}

fn unknown_name(stated: &str) -> Diagnostic {
    let known: Vec<&str> = pattern::patterns().iter().map(|one| one.id.as_str()).collect();
    Diagnostic::error(
        "T112",
        text!(
            ja: "`{stated}` という参考パターンはありません",
            en: "there is no reference pattern `{stated}`",
            stated = stated,
        ),
    )
    .because(which_page())
    .advise(text!(
        ja: "{known} のどれかを書くか、`pattern` を消してください",
        en: "write one of {known}, or remove `pattern`",
        known = known.join(", "),
    ))
}

/// Why nothing is proved while what is stated is not what the site is.
fn which_page() -> Text {
    text!(
        ja: "どのページの要件で判定するか決まらないため、証明しません",
        en: "which page judges the site is open, so nothing is proved",
    )
}

fn mismatches(mut found: Diagnostic, one: &Recognised) -> Diagnostic {
    for mismatch in &one.mismatches {
        let what = mismatch.found();
        let what = what.unwrap_or_else(|| text!(ja: "書かれていません", en: "not written"));
        found = found.because(text!(
            ja: "`{id}`（{title}）は {wanted} ですが、このサイトは: {what}",
            en: "`{id}` ({title}) has {wanted}; this site: {what}",
            id = one.pattern.id, title = one.pattern.title,
            wanted = mismatch.wanted(), what = what,
        ));
    }
    found
}

fn differs(stated: &Recognised, found: &Pattern) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "T111",
        text!(
            ja: "パターン `{stated}` と書かれていますが、構成は `{found}`（{title}）です",
            en: "pattern `{stated}` is stated, but the facts are those of `{found}` ({title})",
            stated = stated.pattern.id, found = found.id, title = found.title,
        ),
    );
    mismatches(diagnostic, stated).because(which_page()).advise(text!(
        ja: "`pattern` を消すか、端末の役割と回線の種類を直してください",
        en: "remove `pattern`, or correct the roles and the kind of line",
    ))
}

fn no_pattern(site: &Site, nearest: &Recognised) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(
        "T110",
        text!(
            ja: "このサイトに当てはまる参考パターンがありません",
            en: "no known reference pattern fits this site",
        ),
    );
    for role in [Role::EligibilityTerminal, Role::ClaimsComputer] {
        if !site.machines.iter().any(|machine| machine.has_role(role)) {
            diagnostic = diagnostic.because(text!(
                ja: "どの機器の `roles` にも `{role}` がありません",
                en: "no machine has `{role}` in its `roles`",
                role = Word::word(role),
            ));
        }
    }
    mismatches(diagnostic, nearest).advise(text!(
        ja: "`[line]` の種類と、端末の `roles` を確認してください",
        en: "check the kind of `[line]` and the `roles` of the machines",
    ))
}

/// What is written fits several pages: nothing is judged until somebody says which it is.
fn open(site: &Site, several: &[&Recognised]) -> Diagnostic {
    let ids: Vec<String> =
        several.iter().map(|one| format!("{} ({})", one.pattern.id, one.pattern.page)).collect();
    let machine = site.machines.iter().find(|machine| is_merged(machine));
    let found = Diagnostic::error(
        "T113",
        text!(
            ja: "どの参考パターンか決まりません: {ids}",
            en: "which reference pattern this is remains open: {ids}",
            ids = ids.join(", "),
        ),
    )
    .because(text!(
        ja: "対象の OS の一覧が異なるため、どちらに機能を追加したかで要件が変わります",
        en: "the lists of operating systems differ, so it matters which machine it was before",
    ))
    .advise(text!(
        ja: "資格確認端末にレセコン機能を追加したなら `base = \"terminal\"`、レセコンに資格確認\
             の機能を追加したなら `base = \"claims-computer\"` を `{machine}` に書いてください。分\
             からなければシステムベンダに確認してください",
        en: "give `{machine}` `base = \"terminal\"` if claims functions were added to a terminal, \
             `base = \"claims-computer\"` if terminal functions were added to a claims computer; \
             the system vendor knows",
        machine = machine.map_or("?", |machine| machine.name.value.as_str()),
    ));
    match machine {
        Some(machine) => found.at(machine.name.span),
        None => at(site, found),
    }
}
