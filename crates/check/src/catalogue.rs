//! Destinations of the site file whose host names, ports and addresses stand in facts of packs.

use std::collections::BTreeSet;
use std::fmt::Display;

use diag::{Diagnostic, Text, text};
use pack::{Facts, Found, Provenance, codes};
use rule::Reason;
use site::{Date, Destination, Net, PortSpec, Site, Spanned};

/// Takes what facts state into the destinations that name them; what cannot be taken is told, and
/// a destination of which no port is known is left out.
pub(crate) fn complete(
    site: &mut Site,
    facts: &Facts,
    unread: &[Reason],
    today: Option<Date>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut has_addresses = false;
    for written in &mut site.destinations {
        let Some(fact) = written.fact.clone() else {
            diagnostics.extend(more_ports(written, facts, today));
            continue;
        };
        let found = match facts.destination(&fact.value, today) {
            // A pack that was not read may say otherwise.
            Found::Known(_) if !unread.is_empty() => Err(not_whole()),
            Found::Known(found) => Ok(found),
            Found::Missing => Err(missing(&fact, facts)),
            Found::Hearsay(_) => Err(text!(
                ja: "この事実は確かさが低く（`L`）、証明に使えません",
                en: "the fact is of low confidence (`L`), which proves nothing",
            )),
            Found::Disputed => Err(text!(
                ja: "この接続先の事実が矛盾しています（R300）",
                en: "the facts about this destination contradict each other (R300)",
            )),
        };
        match found {
            Ok(found) => {
                has_addresses |= written.addresses.is_empty() && !found.addresses.is_empty();
                diagnostics.extend(fill(written, &fact, &found));
            }
            Err(why) => diagnostics.push(unknown(&fact, facts, why)),
        }
    }
    site.destinations.retain(|one| !one.ports.is_empty());
    if has_addresses {
        diagnostics.extend(site::wide_destinations(site));
    }
}

/// Enters what `fact` states, and says where the site file states something else.
fn fill(
    written: &mut Destination,
    name: &Spanned<String>,
    fact: &pack::Destination,
) -> Vec<Diagnostic> {
    // INVARIANT: packs are read with ports and prefixes in the form that site files take.
    let ports: Vec<PortSpec> = fact.ports.iter().filter_map(|one| PortSpec::read(one)).collect();
    let hosts = fact.hosts.clone();
    let nets: Vec<Net> = fact.addresses.iter().filter_map(|one| net(one)).collect();
    let source = &fact.provenance;
    [
        take("hosts", &mut written.hosts, hosts, name, source),
        take("ports", &mut written.ports, ports, name, source),
        take("addresses", &mut written.addresses, nets, name, source),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Puts what a fact states under `key` where nothing is written; `Some` where something else is.
fn take<T: Clone + Ord + Display>(
    key: &str,
    written: &mut Vec<Spanned<T>>,
    stated: Vec<T>,
    name: &Spanned<String>,
    source: &Provenance,
) -> Option<Diagnostic> {
    let Some(first) = written.first() else {
        written.extend(stated.into_iter().map(|one| Spanned::new(one, name.span)));
        return None;
    };
    let own: BTreeSet<&T> = written.iter().map(|one| &one.value).collect();
    if stated.is_empty() || own == stated.iter().collect() {
        return None;
    }
    let stated: Vec<String> = stated.iter().map(ToString::to_string).collect();
    let headline = text!(
        ja: "`{key}` が、`fact` の示す事実と異なります（事実では {stated}）",
        en: "`{key}` differs from the fact that `fact` names, which states {stated}",
        key = key, stated = stated.join(", "),
    );
    Some(
        Diagnostic::error(codes::OTHER_DESTINATION, headline)
            .at(first.span)
            .also(name.span, text!(ja: "この事実です", en: "this is the fact"))
            .because(read_at(source))
            .advise(text!(
                ja: "`{key}` を消すか、`fact` を消してください。事実が古ければ、自施設のパックに \
                     `replaces` とともに書いてください",
                en: "remove `{key}`, or remove `fact`; where the fact is out of date, state it \
                     with `replaces` in a pack of your own",
                key = key,
            )),
    )
}

fn net(text: &str) -> Option<Net> {
    let (address, length) = text.split_once('/')?;
    Net::new(address.parse().ok()?, length.parse().ok()?)
}

fn read_at(source: &Provenance) -> Text {
    text!(
        ja: "出典: {source}（{read} 確認）",
        en: "source: {source} (read on {read})",
        source = source.source, read = source.read,
    )
}

fn not_whole() -> Text {
    text!(
        ja: "パックをすべては読めていないため、ほかの事実と矛盾するかもしれません",
        en: "a pack was not read whole; a fact that is missing may say otherwise",
    )
}

fn missing(fact: &Spanned<String>, facts: &Facts) -> Text {
    let is_dated = facts.destinations().contains(&fact.value.as_str());
    if is_dated {
        return text!(
            ja: "判定する日に有効な事実がありません",
            en: "no fact about it holds on the day that is judged",
        );
    }
    text!(
        ja: "この回線で使えるどのパックにもありません",
        en: "no pack that may be used for this line has it",
    )
}

fn unknown(fact: &Spanned<String>, facts: &Facts, why: Text) -> Diagnostic {
    let headline = text!(
        ja: "接続先の事実 `{name}` を使えません",
        en: "the fact about destination `{name}` cannot be used",
        name = fact.value,
    );
    let found = Diagnostic::error(codes::UNKNOWN_DESTINATION, headline).at(fact.span).because(why);
    let known = facts.destinations();
    let is_known = known.contains(&fact.value.as_str());
    let near = pack::nearest(&fact.value, known.iter().copied()).filter(|_| !is_known);
    match near {
        Some(near) => found.mend(fact.span, format!("\"{near}\"")).advise(text!(
            ja: "`{near}` の書き間違いであれば、直してください",
            en: "write `{near}` if that is what you mean",
            near = near,
        )),
        None => found.advise(text!(
            ja: "回線事業者等の資料で接続先を確認し、`hosts` と `ports` を書いてください。パックに\
                 ある名前は {known} です",
            en: "look the destination up in the papers of the line and write `hosts` and `ports`; \
                 the packs know {known}",
            known = known.join(", "),
        )),
    }
}

/// Says of a destination without `fact` that facts know more ports for one of its host names.
fn more_ports(written: &Destination, facts: &Facts, today: Option<Date>) -> Vec<Diagnostic> {
    let listed = |port: &PortSpec| written.ports.iter().any(|own| holds(&own.value, port));
    let mut found = Vec::new();
    for host in &written.hosts {
        for fact in facts.destinations_at(&host.value, today) {
            let ports = fact.ports.iter().filter_map(|one| PortSpec::read(one));
            let more: Vec<String> =
                ports.filter(|port| !listed(port)).map(|port| port.to_string()).collect();
            if more.is_empty() {
                continue;
            }
            let headline = text!(
                ja: "`{host}`（{purpose}）は、事実 `{fact}` では {ports} も使います",
                en: "by the fact `{fact}`, `{host}` ({purpose}) is used on {ports}, too",
                host = host.value, purpose = fact.purpose, fact = fact.name,
                ports = more.join(", "),
            );
            let note = Diagnostic::note(codes::MORE_PORTS, headline).at(host.span);
            found.push(note.because(read_at(&fact.provenance)).advise(text!(
                ja: "使うなら `ports` に加えるか、`fact = \"{fact}\"` と書いてください",
                en: "add them to `ports` if they are used, or write `fact = \"{fact}\"`",
                fact = fact.name,
            )));
        }
    }
    found
}

/// Whether all of `port` is among `own`.
fn holds(own: &PortSpec, port: &PortSpec) -> bool {
    match (own, port) {
        (PortSpec::Any, _) => true,
        (PortSpec::Tcp(own), PortSpec::Tcp(port)) | (PortSpec::Udp(own), PortSpec::Udp(port)) => {
            own.first() <= port.first() && port.last() <= own.last()
        }
        (own, port) => own == port,
    }
}
