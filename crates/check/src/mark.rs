//! What the site file itself marks as still to be asked: the lines that `sekisho new` leaves.

use diag::{Diagnostic, Severity, Source, SourceId, Span, Text, text};
use rule::Who;

use crate::report::Report;
use crate::todo::Todo;

/// How a mark begins, behind the `#` of the comment.
const MARKS: [&str; 2] = ["要確認: ", "to be asked: "];

/// What stands between what is asked and who knows it.
const ARROWS: [&str; 2] = [" ← ", " <- "];

/// Who knows it, in the words of the form.
const WHO: [(&str, &str, Who); 5] = [
    ("施設の方", "the facility", Who::Hospital),
    ("回線事業者・回線の契約書", "the carrier, or the contract of the line", Who::LineProvider),
    ("IPsec サービスの提供事業者", "the provider of the IPsec service", Who::LineProvider),
    ("レセコン・電子カルテのベンダ", "the vendor of the claims computer", Who::SystemVendor),
    ("ネットワークを設置した業者", "who installed the network", Who::Installer),
];

/// Keys and tables that something asks for by itself while they are missing, and what does. One
/// whose rules wait for a mistake to be mended asks nothing yet.
const ASKED: [(&str, &[&str]); 12] = [
    ("os", &["E001"]),
    ("apps", &["E004"]),
    ("[deletion", &["L001"]),
    ("[[interference_test", &["E004"]),
    ("readers", &["E002"]),
    ("certificates", &["E003"]),
    ("eligibility", &["P011"]),
    ("claims", &["E003", "F005", "T120", "X004"]),
    ("peer", &["F031", "F032", "F034"]),
    ("assessment", &["E007"]),
    ("vendor", &["T005", "P111"]),
    ("[destinations", &["F006", "F007", "F009", "F014", "F030"]),
];

/// What tells that something is not written which the site file marks as to be asked.
const MISSES: [&str; 3] = ["P011", "T005", "T009"];

/// Keys that some of these rules ask for where they can judge what the key is about.
const ASKED_BY: [(&str, &[&str]); 2] = [("firewall", &["F008", "F033"]), ("forwarding", &["T121"])];

/// The site of a report is its first source.
const SITE: SourceId = SourceId(0);

/// What `report`'s site file marks and nothing asks by itself, in the order of the file; `list` is
/// what is asked by itself.
pub(crate) fn marks(report: &Report, list: &[Todo]) -> Vec<Todo> {
    let text = report.sources.file(SITE).text();
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        let comment = line.trim().strip_prefix("# ");
        let mark = comment.and_then(|own| MARKS.iter().find_map(|mark| own.strip_prefix(mark)));
        let Some(mark) = mark else { continue };
        // What is marked further on this line, or belongs into the next line, too.
        let is_mark =
            |one: &&str| MARKS.iter().any(|mark| one.trim_start_matches("# ").starts_with(mark));
        let mut rest = text[at..].lines().map(str::trim).skip_while(is_mark).peekable();
        let next = rest.peek().copied();
        let sample: Vec<&str> = rest.take_while(|one| one.starts_with('#')).collect();
        let is_filled = sample.is_empty() && next.is_some_and(|next| is_answered(mark, next));
        if is_asked(report, list, &sample) || is_filled {
            continue;
        }
        let (what, who) =
            ARROWS.iter().find_map(|arrow| mark.rsplit_once(arrow)).unwrap_or((mark, ""));
        let who = WHO.iter().find(|(ja, en, _)| [*ja, *en].contains(&who));
        let end = start + line.trim().len();
        found.push(Todo {
            who: who.map_or(Who::Installer, |(.., who)| *who),
            text: Text::verbatim(what),
            codes: Vec::new(),
            span: Some(Span::new(SITE, start, end)),
        });
    }
    found
}

/// Whether the line behind a mark, which is no comment any more, says what the mark asks: an
/// interface has an address or name servers (which X002 asks by itself where it has an address),
/// any other line is what was the sample.
fn is_answered(mark: &str, line: &str) -> bool {
    let has_address = line.contains("ipv4") || line.contains("ipv6");
    match line.starts_with('{') {
        true if mark.contains("dns = ") => has_address || line.contains("dns"),
        true => has_address,
        false => !line.is_empty(),
    }
}

/// Whether something asks what the lines of `sample`, still a comment, would say.
fn is_asked(report: &Report, list: &[Todo], sample: &[&str]) -> bool {
    let bare = |line: &&str| line.trim_start_matches(['#', ' ']).to_owned();
    let Some(first) = sample.first().map(bare) else { return false };
    let key = first.split(['=', ' ', '.', ']']).next().unwrap_or_default();
    // How the claims computers use a terminal F001 asks; what else there may be nobody does.
    let is_linkage = first.starts_with("[[service]]")
        && sample.iter().map(bare).any(|line| line.starts_with("to = \"terminal-"));
    let asks = |codes: &[&str]| {
        let mut findings = report.findings.iter();
        findings.any(|one| codes.contains(&one.diagnostic.code) && !one.questions.is_empty())
    };
    let is_listed = |codes: &[&str]| {
        let mut told = list.iter().flat_map(|one| &one.codes);
        told.any(|code| codes.contains(code))
    };
    let is_linkage = is_linkage && is_listed(&["F001", "F007"]);
    let is_asked = ASKED.iter().any(|(own, codes)| *own == key && is_listed(codes));
    let is_asked_by = ASKED_BY.iter().any(|(own, codes)| *own == key && asks(codes));
    is_linkage || is_asked || is_asked_by
}

/// Says of what is missing, and marked by the site file `file` as to be asked, that it is still to
/// be filled in: nobody made a mistake.
pub(crate) fn soften(diagnostics: &mut [Diagnostic], file: &Source) {
    let tables = marked_tables(file.text());
    let is_marked = |one: &Diagnostic| {
        let span = one.primary.as_ref().filter(|label| label.span.source == SITE)?.span;
        let line = file.line_of(span.start);
        let (_, keys) = tables.iter().rev().find(|(header, _)| *header <= line)?;
        let help = &one.helps.first()?.en;
        Some(keys.iter().any(|key| help.contains(&format!("`{key} = "))))
    };
    for one in diagnostics.iter_mut().filter(|one| MISSES.contains(&one.code)) {
        if is_marked(one) == Some(true) {
            one.severity = Severity::Warning;
            one.headline = text!(
                ja: "これから記入します: {headline}", en: "still to be filled in: {headline}",
                headline = one.headline,
            );
        }
    }
}

/// Whether `one` says what is [still to be filled in](soften).
pub(crate) fn is_still_open(one: &Diagnostic) -> bool {
    one.severity == Severity::Warning && MISSES.contains(&one.code)
}

/// The line on which each table of `text` begins, and the keys that are marked in it and still a
/// comment.
fn marked_tables(text: &str) -> Vec<(u32, Vec<&str>)> {
    let mut tables: Vec<(u32, Vec<&str>)> = vec![(0, Vec::new())];
    let mut is_sample = false;
    for (number, line) in (1..).zip(text.lines()) {
        let Some(comment) = line.trim().strip_prefix("# ") else {
            is_sample = false;
            if line.starts_with('[') {
                tables.push((number, Vec::new()));
            }
            continue;
        };
        if MARKS.iter().any(|mark| comment.starts_with(mark)) {
            is_sample = true;
        } else if let Some((key, _)) = comment.split_once(" = ").filter(|_| is_sample)
            && let Some((_, keys)) = tables.last_mut()
        {
            keys.push(key);
        }
    }
    tables
}
