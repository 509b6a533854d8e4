//! `verify-log`: reads the whole audit log and says whether anything in it was changed.

use std::path::PathBuf;

use clap::Args;
use diag::{Diagnostic, Lang, Severity, Sources, Text, text};
use serde_json::Value;

use super::output::{self, DONE};
use super::sweep::{existing, unusable};
use crate::audit::{Fault, FaultKind, Verified};
use crate::evidence;
use crate::moment;
use crate::state;
use crate::sweep;
use crate::user_file;

/// Exit code when the log is not as it was written.
const CHANGED: u8 = 1;
/// LIMIT: largest evidence file that is read.
const EVIDENCE_MAX_BYTES: u64 = 1024 * 1024;

/// What the exit codes stand for.
const EXIT_CODES: &str = "\
終了コード: / Exit codes:
  0  書いたときのまま（新しく始めた記録は L413 で示す）\
     / as it was written; a log that was begun anew is told as L413
  1  正しくない、記録がない、または証拠と合わない\
     / it is not, there is none, or the evidence is of another log
  3  引数や台帳が使えない / unusable arguments or state";

/// 監査記録が書き換えられていないか調べます / checks that the audit log is as it was written
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct VerifyLog {
    /// 台帳などを置くフォルダー / the folder of our own state
    #[arg(long, value_name = "STATE")]
    state: Option<PathBuf>,
    /// 証拠のファイルとも照らし合わせる / compares with an evidence file, too
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
}

impl VerifyLog {
    pub(super) fn run(&self, lang: Lang) -> u8 {
        let path = self.state.clone().unwrap_or_else(state::default_path);
        let Some(state) = existing(lang, &path) else { return output::UNUSABLE };
        let whole = match self.evidence.as_deref().map(evidence_in).transpose() {
            Ok(whole) => whole,
            Err(error) => {
                return unusable(lang, self.evidence.as_deref().unwrap_or(&path), &error);
            }
        };
        let wanted = whole.as_ref().and_then(head_of);
        let mut is_there = whole.is_none();
        let outcome = sweep::inspect(&state, |record| {
            let found = (record.number, record.hash.as_str());
            is_there |=
                wanted.as_ref().is_some_and(|(number, head)| (*number, head.as_str()) == found);
        });
        let verified = match outcome {
            Ok(verified) => verified,
            Err(error) => return unusable(lang, &path, &error),
        };
        let mut told = said(&verified).get(lang).to_owned() + "\n";
        let mut found = Vec::new();
        found.extend(verified.fault.as_ref().map(fault));
        if verified.fault.is_none() && verified.first == 0 {
            found.push(no_log());
        }
        if verified.breaks > 0 {
            found.push(begun_anew(&verified));
        }
        if !is_there && verified.fault.is_none() {
            found.push(foreign_evidence());
        } else if let (Some(whole), None) = (&whole, &verified.fault) {
            match evidence::disagreements(&state, whole) {
                Ok(keys) if keys.is_empty() => {}
                Ok(keys) => found.push(false_evidence(&keys)),
                Err(error) => return unusable(lang, &path, &error),
            }
        }
        told += &display::diagnostics(&Sources::new(), &found, &output::style(lang));
        // A break that was accepted is told for ever; it is no news.
        let is_wrong = found.iter().any(|one| one.severity == Severity::Error);
        output::data(lang, &told, if is_wrong { CHANGED } else { DONE })
    }
}

/// What an evidence file holds.
fn evidence_in(path: &std::path::Path) -> std::io::Result<Value> {
    use std::io::Read;
    let wrong = || {
        let what = text!(ja: "証拠のファイルではありません", en: "it is not an evidence file");
        diag::refused(std::io::ErrorKind::InvalidData, what)
    };
    let mut text = String::new();
    user_file::open(path)?.take(EVIDENCE_MAX_BYTES).read_to_string(&mut text)?;
    let whole: Value = serde_json::from_str(&text).map_err(|_| wrong())?;
    if head_of(&whole).is_none() { Err(wrong()) } else { Ok(whole) }
}

/// Number and hash of the last record that an evidence speaks of.
fn head_of(evidence: &Value) -> Option<(u64, String)> {
    let log = evidence.get("log")?;
    Some((log.get("last")?.as_u64()?, log.get("head")?.as_str()?.to_owned()))
}

fn said(verified: &Verified) -> Text {
    let (first, chain) = (verified.first, &verified.chain);
    if first == 0 {
        return text!(ja: "監査記録: まだありません", en: "audit log: nothing yet");
    }
    match &verified.fault {
        None => text!(
            ja: "監査記録: {first} から {last} までの連鎖は正しい（末尾 {head}）",
            en: "audit log: records {first} to {last} are as they were written (head {head})",
            first = first, last = chain.last, head = chain.head.get(..16).unwrap_or_default(),
        ),
        Some(_) => text!(
            ja: "監査記録: {first} から {last} までだけが正しい",
            en: "audit log: only records {first} to {last} are as they were written",
            first = first, last = chain.last,
        ),
    }
}

/// What is wrong when nothing says where the log ends, and why that matters.
fn anchor_fault() -> (Text, Text) {
    (
        text!(
            ja: "監査記録の末尾を示す `audit-anchor` がないか、書き換えられています",
            en: "`audit-anchor`, which says where the audit log ends, is gone or was changed",
        ),
        text!(
            ja: "記録が末尾まであるかどうか分かりません",
            en: "whether the log is there to its end is not known",
        ),
    )
}

/// The fault as a diagnostic.
pub(super) fn fault(fault: &Fault) -> Diagnostic {
    let Fault { file, line, number, kind } = fault;
    let place = format!("{file}:{line}");
    let (headline, note) = match kind {
        FaultKind::Changed => (
            text!(
                ja: "{place}: 記録 {number} が書き換えられています",
                en: "{place}: record {number} was changed", place = place, number = number,
            ),
            text!(
                ja: "この行のハッシュが内容と合いません",
                en: "the hash in this line does not fit its content",
            ),
        ),
        FaultKind::NotNext => (
            text!(
                ja: "{place}: 記録 {number} があるはずの所に別の記録があります",
                en: "{place}: another record stands where record {number} has to stand",
                place = place, number = number,
            ),
            text!(
                ja: "記録が抜かれたか、差し込まれたか、並べ替えられました",
                en: "records were taken out, put in or moved",
            ),
        ),
        FaultKind::Torn => (
            text!(
                ja: "{place}: 記録 {number} が途中で切れています",
                en: "{place}: record {number} ends in the middle", place = place, number = number,
            ),
            text!(
                ja: "書き込み中に止まったときに起こります。次の掃除が切り取って記録します",
                en: "this happens when writing is interrupted; the next pass cuts it off and \
                     says so",
            ),
        ),
        FaultKind::Replaced => (
            text!(
                ja: "記録 {number} が別の記録に置き換わっています",
                en: "another record stands in the place of record {number}", number = number,
            ),
            text!(
                ja: "前回までの掃除が覚えているハッシュと合いません",
                en: "its hash is not the one that earlier passes remember",
            ),
        ),
        FaultKind::AnchorGone | FaultKind::AnchorChanged => anchor_fault(),
        FaultKind::Shortened => (
            text!(
                ja: "記録 {number} から後がなくなっています",
                en: "record {number} and all behind it are missing", number = number,
            ),
            text!(
                ja: "もっと多くの記録が書かれたことが別に残っています",
                en: "it is known elsewhere that more records were written",
            ),
        ),
    };
    Diagnostic::error("L410", headline).because(note).advise(text!(
        ja: "控えと比べ、誰が台帳のフォルダーに書けるか確かめてください。この記録は証拠になりません",
        en: "compare it with a copy and find out who can write into the state folder; this log \
             proves nothing",
    ))
}

fn no_log() -> Diagnostic {
    Diagnostic::error("L410", text!(ja: "監査記録がありません", en: "there is no audit log"))
        .because(text!(
            ja: "記録がなければ、何も検証できません",
            en: "without a record nothing is verified",
        ))
        .advise(text!(
            ja: "`link sweep DIR --apply` を実行し、`--state` が同じか確かめてください",
            en: "run `link sweep DIR --apply`, and check that `--state` is the sweeper's",
        ))
}

/// The log begins after a break.
pub(super) fn begun_anew(verified: &Verified) -> Diagnostic {
    let then = moment::written(verified.broken_at.unwrap_or_default());
    Diagnostic::warning(
        "L413",
        text!(
            ja: "監査記録は {then} に新しく始められました（断絶 {breaks} 回）",
            en: "the audit log was begun anew at {then} (breaks: {breaks})",
            then = then.as_str(), breaks = verified.breaks,
        ),
    )
    .because(text!(
        ja: "その前の記録は壊れていて、何も証明しません",
        en: "what was recorded before is broken and proves nothing",
    ))
    .advise(text!(
        ja: "証拠は、その翌日以降を `--since` に指定して作ってください",
        en: "make evidence with a `--since` after that day",
    ))
}

fn foreign_evidence() -> Diagnostic {
    Diagnostic::error(
        "L411",
        text!(
            ja: "証拠の示す記録がこの監査記録にありません",
            en: "the record that the evidence speaks of is not in this audit log",
        ),
    )
    .because(text!(
        ja: "証拠が別の台帳のものか、監査記録が作り直されています",
        en: "the evidence comes from another state, or the audit log was made anew",
    ))
    .advise(text!(
        ja: "`--state` を確かめ、証拠を作り直してください",
        en: "check `--state`, and write the evidence anew",
    ))
}

fn false_evidence(keys: &[&str]) -> Diagnostic {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    Diagnostic::error(
        "L411",
        text!(
            ja: "証拠の {keys} が監査記録と違います",
            en: "the evidence says something else than the audit log: {keys}",
            keys = keys.join(", "),
        ),
    )
    .because(text!(
        ja: "証拠が書き換えられたか、別の版の `sekisho` が作りました",
        en: "the evidence was changed, or another version of `sekisho` wrote it",
    ))
    .advise(text!(
        ja: "この証拠は使わず、作り直してください",
        en: "do not use this evidence; write it anew",
    ))
}
