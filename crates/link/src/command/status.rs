//! `status`: when the sweeper last worked, and what it left.

use std::path::PathBuf;

use clap::Args;
use diag::{Lang, Text, text};
use serde_json::Value;

use super::output::{self, DONE};
use super::sweep::{existing, unusable};
use crate::evidence::{Subject, evidence};
use crate::moment;
use crate::retention::SECOND;
use crate::state;
use crate::sweep::age;

/// Exit code when there was no complete pass, or the log is not as it was written.
const ALARMING: u8 = 1;
/// How far back passes and deletions are counted.
const PERIOD: i128 = 7 * 86_400 * SECOND;

/// What the exit codes stand for.
const EXIT_CODES: &str = "\
終了コード: / Exit codes:
  0  最後まで終わった掃除がある / a pass came to its end
  1  まだない、または監査記録が正しくない\
     / none yet, or the audit log is not as it was written
  3  引数や台帳が使えない / unusable arguments or state";

/// 掃除が最後にいつ動いたかを示します / says when the sweeper last worked
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Status {
    /// 共有フォルダー（req・res・face がある所）/ the folder that holds req, res and face
    dir: PathBuf,
    /// 台帳などを置くフォルダー / the folder of our own state
    #[arg(long, value_name = "STATE")]
    state: Option<PathBuf>,
}

impl Status {
    pub(super) fn run(&self, lang: Lang) -> u8 {
        let path = self.state.clone().unwrap_or_else(state::default_path);
        let Some(state) = existing(lang, &path) else { return output::UNUSABLE };
        let folder = match state::absolute(&self.dir) {
            Ok(folder) => folder.display().to_string(),
            Err(error) => return unusable(lang, &self.dir, &error),
        };
        let now = moment::now();
        let since = now - PERIOD;
        let subject = Subject { folder, site: None, terminals: Vec::new(), since };
        let (whole, verified) = match evidence(&state, &subject, now) {
            Ok(found) => found,
            Err(error) => return unusable(lang, &path, &error),
        };
        let lines = lines(&whole, now).into_iter().map(|line| line.get(lang).to_owned() + "\n");
        if output::data(lang, &lines.collect::<String>(), DONE) != DONE {
            return output::UNUSABLE;
        }
        if verified.fault.is_some() {
            let what = text!(
                ja: "監査記録が正しくありません。`link verify-log` で調べてください",
                en: "the audit log is not as it was written; run `link verify-log`",
            );
            output::fail(lang, "L410", &what);
            return ALARMING;
        }
        if whole["last_complete_pass"].is_null() { ALARMING } else { DONE }
    }
}

fn lines(whole: &Value, now: i128) -> Vec<Text> {
    let pass = &whole["last_complete_pass"];
    let Some(end) = pass["end"].as_str() else {
        return vec![text!(
            ja: "最後まで終わった掃除はまだありません", en: "no pass has been complete yet",
        )];
    };
    let ago = moment::read(end).map_or(0, |end| (now - end).max(0) / SECOND);
    let ago = age(u64::try_from(ago).unwrap_or(u64::MAX));
    let number = |value: &Value| value.as_u64().unwrap_or_default();
    let oldest = |key: &str| match pass[key].as_u64() {
        Some(seconds) => age(seconds),
        None => text!(ja: "なし", en: "none"),
    };
    let sum: u64 =
        whole["deleted"].as_object().into_iter().flatten().map(|one| number(one.1)).sum();
    vec![
        text!(
            ja: "最後の掃除: {end}（{ago}前）", en: "last pass: {end} ({ago} ago)",
            end = end, ago = ago,
        ),
        text!(
            ja: "そのとき: {seen} 件を見て {deleted} 件を消し、期限を過ぎて残ったものは {overdue} 件",
            en: "it saw {seen} files and deleted {deleted}; {overdue} are overdue",
            seen = number(&pass["seen"]), deleted = number(&pass["deleted"]),
            overdue = number(&pass["overdue"]),
        ),
        text!(
            ja: "隔離（`.quarantine`）にあるもの: {count} 件",
            en: "in quarantine (`.quarantine`): {count} files",
            count = number(&pass["quarantined"]),
        ),
        text!(
            ja: "残る最も古いもの: 終わったもの {finished}、未確認 {unread}",
            en: "oldest that stays: finished {finished}, not acknowledged {unread}",
            finished = oldest("oldest_finished_s"), unread = oldest("oldest_unread_s"),
        ),
        text!(
            ja: "この 7 日: {complete} 回完了、{stopped} 回中断、{sum} 件を削除",
            en: "last 7 days: complete passes {complete}, others {stopped}; files deleted: {sum}",
            complete = number(&whole["passes"]["complete"]),
            stopped = number(&whole["passes"]["stopped"]), sum = sum,
        ),
    ]
}
