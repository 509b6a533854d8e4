//! What is known of a site beside its network: facts out of packs, and the evidence of deletion.

use std::borrow::Cow;

use diag::{Diagnostic, Severity, Sources, Span, Text, text};
use lifecycle::{Evidence, EvidenceFault};
use pack::{Author, Facts, Found, Pack, codes};
use rule::Reason;
use site::{CardReader, Date, Line, Reader, Role, Site, Spanned, Word};

use crate::load::ConfigFile;

/// Facts and evidence of a site.
pub(crate) struct Known {
    pub(crate) facts: Cow<'static, Facts>,
    /// The packs of the site file that could not be read whole.
    pub(crate) unread: Vec<Reason>,
    /// For each file of evidence that the site file names, it or why it proves nothing.
    pub(crate) evidence: Vec<Result<Evidence, Text>>,
}

/// The facts for the line of a site.
#[derive(Clone)]
pub(crate) struct Library {
    pub(crate) facts: Cow<'static, Facts>,
    /// The packs of the site file that could not be read whole.
    pub(crate) unread: Vec<Reason>,
}

/// Reads the packs of the program and those of `site`.
pub(crate) fn library(
    site: &Site,
    files: &[ConfigFile],
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Library {
    let line = site.line.as_ref().map(|line| &line.value);
    let carrier = line.and_then(|line| line.carrier.as_ref());
    let mut unread = Vec::new();
    let facts = if site.packs.is_empty() {
        Cow::Borrowed(pack::built_in(carrier.map(|name| name.value.as_str())))
    } else {
        let provider = line.and_then(|line| line.provider.as_ref());
        let line = pack::Line { carrier: named(carrier), provider: named(provider) };
        Cow::Owned(together(site, &line, (files, sources, diagnostics), &mut unread))
    };
    Library { facts, unread }
}

/// Judges what `site` says by the facts of `library`, and reads its evidence.
pub(crate) fn read(
    site: &Site,
    library: Library,
    files: &[ConfigFile],
    today: Option<Date>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Known {
    let Library { facts, unread } = library;
    diagnostics.extend(today.into_iter().flat_map(|today| facts.read_after(today)));
    let line = site.line.as_ref().map(|line| &line.value);
    let carrier = line.and_then(|line| line.carrier.as_ref());
    diagnostics.extend(carrier.and_then(|name| unknown_carrier(&facts, name)));
    diagnostics.extend(line.and_then(|line| other_method(&facts, line, today)));
    let others = site.machines.iter().filter(|one| !one.has_role(Role::EligibilityTerminal));
    let systems = others.filter_map(|machine| machine.os.as_ref());
    diagnostics.extend(systems.filter_map(|name| unknown_system(&facts, name)));
    let readers = site.machines.iter().filter_map(|machine| machine.readers.as_ref());
    let readers = readers.flat_map(|readers| &readers.value);
    diagnostics.extend(readers.filter_map(|one| unknown_reader(&facts, one)));
    let named = site.deletion.iter().flat_map(|deletion| &deletion.value.evidence);
    let evidence = named.map(|name| evidence_of(name, files)).collect();
    Known { facts, unread, evidence }
}

/// The facts of the program's packs and of those of `site`; those that could not be read whole are
/// added to `unread`.
fn together(
    site: &Site,
    line: &pack::Line<'_>,
    (files, sources, diagnostics): (&[ConfigFile], &mut Sources, &mut Vec<Diagnostic>),
    unread: &mut Vec<Reason>,
) -> Facts {
    let mut packs: Vec<Pack> = pack::BUILT_IN
        .iter()
        .map(|(name, text)| {
            let source = sources.add(format!("sekisho:{name}"), *text);
            // INVARIANT: a test reads them all and finds nothing to say.
            pack::read(source, text, Author::Program).0
        })
        .collect();
    for name in &site.packs {
        let mut found = Vec::new();
        packs.extend(own_pack(name, files, sources, &mut found));
        if found.iter().any(|one| one.severity == Severity::Error) {
            unread.push(unread_pack(name));
        }
        diagnostics.extend(found);
    }
    let (facts, found) = Facts::of(packs, line);
    diagnostics.extend(found);
    facts
}

fn named(name: Option<&Spanned<String>>) -> Option<(&str, Span)> {
    name.map(|name| (name.value.as_str(), name.span))
}

fn content<'a>(name: &str, files: &'a [ConfigFile]) -> Option<&'a ConfigFile> {
    files.iter().find(|file| file.name == name)
}

fn unread_pack(name: &Spanned<String>) -> Reason {
    let text = text!(
        ja: "パック `{name}` をすべては読めていません。読めていない事実が、これを覆すかもしれません",
        en: "the pack `{name}` was not read whole; a fact that is missing may say otherwise",
        name = name.value,
    );
    Reason::new(text, Some(name.span))
}

fn own_pack(
    name: &Spanned<String>,
    files: &[ConfigFile],
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Pack> {
    let file = content(&name.value, files);
    let reason = match file.map(|file| &file.content) {
        Some(Ok(bytes)) => match std::str::from_utf8(bytes) {
            Ok(text) => {
                let text = text.strip_prefix('\u{feff}').unwrap_or(text);
                let shown = file.map_or_else(|| name.value.clone(), |file| file.shown.clone());
                let source = sources.add(shown, text);
                let (pack, found) = pack::read(source, text, Author::Site);
                diagnostics.extend(found);
                return Some(pack);
            }
            Err(_) => text!(ja: "UTF-8 ではありません", en: "it is not UTF-8"),
        },
        Some(Err(unread)) => unread.reason.clone(),
        None => text!(ja: "ファイルがありません", en: "it is not there"),
    };
    diagnostics.push(
        Diagnostic::error(
            codes::UNREADABLE,
            text!(
                ja: "パック `{name}` を読めません: {reason}",
                en: "the pack `{name}` cannot be read: {reason}",
                name = name.value, reason = reason,
            ),
        )
        .at(name.span)
        .advise(text!(
            ja: "サイトファイルからの相対パスと、ファイルの権限を確認してください",
            en: "check the path, which is relative to the site file, and the file's permissions",
        )),
    );
    None
}

fn unknown_carrier(facts: &Facts, name: &Spanned<String>) -> Option<Diagnostic> {
    // A fact that holds on some day only is a fact.
    if facts.carriers().contains(&name.value.as_str()) {
        return None;
    }
    let headline = text!(
        ja: "`{name}` という回線事業者の事実がありません",
        en: "no fact names a carrier `{name}`",
        name = name.value,
    );
    Some(unknown(codes::UNKNOWN_CARRIER, headline, name, facts.carriers()))
}

/// Says where the line carries eligibility in a way that its carrier does not.
fn other_method(facts: &Facts, line: &Line, today: Option<Date>) -> Option<Diagnostic> {
    let (name, method) = (line.carrier.as_ref()?, line.eligibility.as_ref()?);
    let Found::Known(carrier) = facts.carrier(&name.value, today) else { return None };
    let written = method.value.word();
    if carrier.methods.is_empty() || carrier.methods.iter().any(|own| own == written) {
        return None;
    }
    let headline = text!(
        ja: "{carrier} の回線が資格確認を運ぶ方式は {known} ですが、`{written}` と書かれています",
        en: "lines of {carrier} carry eligibility by {known}, but `{written}` is written",
        carrier = carrier.title, known = carrier.methods.join(", "), written = written,
    );
    let found = Diagnostic::error(codes::OTHER_METHOD, headline)
        .at(method.span)
        .also(name.span, text!(ja: "回線の事業者です", en: "the carrier of the line"))
        .because(text!(
            ja: "出典: {source}（{read} 確認）",
            en: "source: {source} (read on {read})",
            source = carrier.provenance.source, read = carrier.provenance.read,
        ));
    Some(found.advise(text!(
        ja: "回線事業者に方式を確認し、`eligibility` か `carrier` を直してください",
        en: "ask the carrier how eligibility is carried, and correct `eligibility` or `carrier`",
    )))
}

fn unknown_system(facts: &Facts, name: &Spanned<String>) -> Option<Diagnostic> {
    if facts.systems().contains(&name.value.as_str()) {
        return None;
    }
    let headline = text!(
        ja: "`{name}` という OS の事実がありません",
        en: "no fact names a system `{name}`",
        name = name.value,
    );
    Some(unknown(codes::UNKNOWN_SYSTEM, headline, name, facts.systems()))
}

fn unknown_reader(facts: &Facts, reader: &Spanned<CardReader>) -> Option<Diagnostic> {
    let CardReader::Model(model) = &reader.value else { return None };
    let mut known = facts.readers();
    if known.contains(&model.as_str()) {
        return None;
    }
    let headline = text!(
        ja: "`{model}` というカードリーダーの事実がありません",
        en: "no fact names a card reader `{model}`",
        model = *model,
    );
    known.extend(Reader::WORDS.iter().map(|kind| kind.word));
    let name = Spanned::new(model.clone(), reader.span);
    Some(unknown(codes::UNKNOWN_READER, headline, &name, known))
}

fn unknown(
    code: &'static str,
    headline: Text,
    name: &Spanned<String>,
    known: Vec<&str>,
) -> Diagnostic {
    let found = Diagnostic::warning(code, headline).at(name.span);
    match pack::nearest(&name.value, known) {
        Some(near) => found.mend(name.span, format!("\"{near}\"")).advise(text!(
            ja: "`{near}` の書き間違いであれば、直してください",
            en: "write `{near}` if that is what you mean",
            near = near,
        )),
        None => found.advise(text!(
            ja: "名前を直すか、出典とともに自施設のパックに書いてください",
            en: "correct the name, or write the fact with its source into a pack of your own",
        )),
    }
}

fn evidence_of(name: &Spanned<String>, files: &[ConfigFile]) -> Result<Evidence, Text> {
    let bytes = match content(&name.value, files).map(|file| &file.content) {
        Some(Ok(bytes)) => bytes,
        Some(Err(unread)) => {
            return Err(text!(
                ja: "記録 `{name}` を読めません: {reason}",
                en: "the evidence `{name}` cannot be read: {reason}",
                name = name.value, reason = unread.reason,
            ));
        }
        None => {
            return Err(text!(
                ja: "記録 `{name}` がありません",
                en: "the evidence `{name}` is not there",
                name = name.value,
            ));
        }
    };
    Evidence::read(bytes).map_err(|fault| match fault {
        EvidenceFault::OtherForm => text!(
            ja: "`{name}` は `sekisho link evidence` の記録ではありません",
            en: "`{name}` is not what `sekisho link evidence` writes",
            name = name.value,
        ),
        EvidenceFault::OtherVersion(version) => text!(
            ja: "記録の版 {version} は読めません",
            en: "evidence of version {version} cannot be read",
            version = version,
        ),
        EvidenceFault::Key(key) => text!(
            ja: "記録の `{key}` を読めません",
            en: "`{key}` of the evidence cannot be read",
            key = key,
        ),
        EvidenceFault::Contradiction { key, statement } => text!(
            ja: "記録の `{key}` が矛盾しています（{statement}）",
            en: "`{key}` of the evidence contradicts the rest: {statement}",
            key = key, statement = statement,
        ),
    })
}
