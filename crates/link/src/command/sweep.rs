//! `sweep`: deletes what is finished; without `--apply` or `--daemon` it says what it would do.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use diag::{Diagnostic, Lang, Severity, Sources, text};

use super::output::{self, DONE, UNUSABLE};
use crate::retention::{self, PolicyFile};
use crate::state::{self, State};
use crate::sweep::{Confirmation, Limits, Mode, Report, SweepError, Sweeper, clock, findings};
use crate::{heap, user_file};

/// Exit code when something needs somebody's attention.
const ALARMING: u8 = 1;
/// Exit code when the pass was stopped before it deleted anything.
const STOPPED: u8 = 2;
/// LIMIT: largest policy file that is read.
const POLICY_MAX_BYTES: u64 = 2 * 1024 * 1024;
/// LIMIT: longest reason for a new log.
const REASON_MAX_BYTES: usize = 500;
/// How often a sleeping daemon looks whether the machine was asleep or the time is over.
const TICK: Duration = Duration::from_secs(5);

/// What the exit codes stand for.
const EXIT_CODES: &str = "\
終了コード: / Exit codes:
  0  異常なし / nothing alarming
  1  対処が必要なものがある / something needs attention
  2  時計や壊れた監査記録のため何も消さずに止めた\
     / stopped before anything was deleted: the clock, or a broken audit log
  3  引数・方針・フォルダーが使えない / unusable arguments, policy or folder

方針ファイル（省略できます。サイトファイルも使えます）: \
     / Policy file (may be left out; a site file will do):
  [retention]
  acknowledged  = \"15min\"  # 確認済みの結果 / acknowledged results
  error         = \"7d\"     # 確認済みの .err / acknowledged .err
  report        = \"7d\"     # del*.txt
  unread-warn   = \"30min\"  # 未確認なら警告 / not acknowledged: warn
  unread-alert  = \"24h\"    # 未確認ならエラー / not acknowledged: error
  unread-delete = \"72h\"    # 書いた場合だけ未確認でも消す / deletes unread ones too
  consumers     = [\"reception\"]  # 顔認証の結果を確認する全員 / all who acknowledge";

/// 終わったファイルを消します（既定は計画の表示だけ）/ deletes what is finished (default: plan)
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Sweep {
    /// 共有フォルダー（req・res・face がある所）/ the folder that holds req, res and face
    dir: PathBuf,
    #[command(flatten)]
    action: Action,
    /// 保存期間を書いたファイル / a file with a table [retention]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// 台帳などを置くフォルダー / the folder of our own state
    #[arg(long, value_name = "STATE")]
    state: Option<PathBuf>,
    /// 計画を確かめたので、初回の上限なしで消す / the plan was looked at: no first limit
    #[arg(long)]
    confirm_first: bool,
    /// 壊れた監査記録を別名で残し、理由を書いて新しく始める（--apply と）/ sets a broken audit
    /// log aside and begins a new one that says why, with --apply
    #[arg(long, value_name = "REASON", requires = "apply", value_parser = reason_word)]
    begin_log_anew: Option<String>,
    /// 初回に消す最大数 / most files that a first pass deletes
    #[arg(long, value_name = "N", default_value_t = 200)]
    first_max: u64,
    /// 1 回に消す最大数 / most files that a pass deletes
    #[arg(long, value_name = "N", default_value_t = 5_000)]
    files_max: u64,
    /// --daemon の間隔（分）/ minutes between passes of --daemon
    #[arg(long, value_name = "MINUTES", default_value_t = 5)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=1440))]
    interval: u64,
    /// 残すファイルも 1 つずつ示す / shows the files that stay, too
    #[arg(long)]
    all: bool,
    /// 実際のファイル名（患者を指すことがあります）/ real names, which may identify patients
    #[arg(long)]
    names: bool,
    /// 出力の形式 / form of the output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Args)]
#[group(multiple = false)]
struct Action {
    /// 何を消すかを示すだけ（既定）/ only says what would be deleted (default)
    #[arg(long)]
    plan: bool,
    /// 1 回だけ消す / deletes, once
    #[arg(long)]
    apply: bool,
    /// 止められるまで繰り返す / deletes again and again
    #[arg(long)]
    daemon: bool,
}

/// The form of the output.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Format {
    /// 端末用の文章 / text for a terminal
    Text,
    /// JSON（両言語）/ JSON, both languages
    Json,
}

/// How much of a report is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Shown {
    /// The files that stay, too.
    pub(super) is_all: bool,
    /// Their real names.
    pub(super) is_named: bool,
}

impl Sweep {
    pub(super) fn run(&self, lang: Lang) -> u8 {
        let Some(file) = policy(lang, self.policy.as_deref()) else { return UNUSABLE };
        let policy = file.policy;
        let state_path = self.state.clone().unwrap_or_else(state::default_path);
        if state::is_inside(&state_path, &self.dir) {
            output::fail(lang, "P440", &super::options::shared_state(&state_path));
            return UNUSABLE;
        }
        let state = match State::open(&state_path) {
            Ok(state) => state,
            Err(error) => return unusable(lang, &state_path, &error),
        };
        let limits = Limits { first: self.first_max, files: self.files_max, ..Limits::default() };
        let mut sweeper = match Sweeper::open(&self.dir, state, policy, limits) {
            Ok(sweeper) => sweeper,
            Err(error) => return unusable(lang, &self.dir, &error),
        };
        if self.action.daemon {
            return self.repeat(lang, &mut sweeper);
        }
        if let Some(reason) = &self.begin_log_anew
            && let Err(error) = sweeper.begin_log_anew(&clock::reading(), reason)
        {
            return not_begun(lang, &error);
        }
        let mode = if self.action.apply { Mode::Apply } else { Mode::Plan };
        self.once(lang, &mut sweeper, mode)
    }

    fn once(&self, lang: Lang, sweeper: &mut Sweeper, mode: Mode) -> u8 {
        let given = Confirmation::Given;
        let confirmation = if self.confirm_first { given } else { Confirmation::Missing };
        let now = clock::reading();
        let outcome = match mode {
            Mode::Plan => sweeper.plan(&now, confirmation),
            Mode::Apply => sweeper.apply(&now, confirmation),
        };
        let report = match outcome {
            Ok(report) => report,
            Err(error) => return refused(lang, sweeper, &error),
        };
        let shown = Shown { is_all: self.all, is_named: self.names };
        let text = match self.format {
            Format::Text => super::report::text(sweeper, &report, shown, lang),
            Format::Json => super::report::json(sweeper, &report, shown),
        };
        output::data(lang, &text, code(&report, &findings(&report)))
    }

    /// Passes until the process is ended. What a pass says goes to standard error when it is
    /// news, so that a journal of the system stays short.
    fn repeat(&self, lang: Lang, sweeper: &mut Sweeper) -> u8 {
        let interval = Duration::from_secs(self.interval * 60);
        let mut told = String::new();
        loop {
            let begun = Instant::now();
            let given = Confirmation::Given;
            let confirmation = if self.confirm_first { given } else { Confirmation::Missing };
            let outcome = sweeper.apply(&clock::reading(), confirmation);
            // What stops the work is told at every pass, not only when it is news.
            let is_stopped = outcome.is_err();
            let said = match outcome {
                Ok(report) => {
                    let findings = findings(&report);
                    let sources = Sources::new();
                    display::diagnostics(&sources, &findings, &output::plain(lang))
                }
                Err(error @ SweepError::Moved) => return refused(lang, sweeper, &error),
                Err(SweepError::Broken(fault)) => broken(&fault, &output::plain(lang)),
                Err(error) => reason(&error).get(lang).to_owned(),
            };
            if (is_stopped || said != told) && !said.is_empty() {
                output::tell(lang, &diag::Text::verbatim(said.trim_end()));
            }
            told = said;
            heap::give_back();
            while begun.elapsed() < interval {
                std::thread::sleep(TICK.min(interval - begun.elapsed().min(interval)));
            }
        }
    }
}

/// What a policy file says, or the defaults; `None` after the user was told what is wrong.
pub(super) fn policy(lang: Lang, path: Option<&std::path::Path>) -> Option<PolicyFile> {
    let Some(path) = path else { return Some(PolicyFile::default()) };
    let shown = path.display().to_string();
    let bytes = match read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            unusable(lang, path, &error);
            return None;
        }
    };
    let Ok(content) = String::from_utf8(bytes) else {
        let what = text!(
            ja: "`{path}` は UTF-8 の文章ではありません", en: "`{path}` is not UTF-8 text",
            path = shown.as_str(),
        );
        output::fail(lang, "P430", &what);
        return None;
    };
    let mut sources = Sources::new();
    // A message of the exchange that was named by mistake must not be quoted.
    let is_policy = content.contains("[retention");
    let quoted = if is_policy { content.clone() } else { hidden(&content) };
    let source = sources.add(shown, quoted.as_str());
    let file = retention::parse(source, &content);
    if file.diagnostics.is_empty() {
        return Some(file);
    }
    let style = output::plain(lang);
    let told = display::diagnostics(&sources, &file.diagnostics, &style);
    output::tell(lang, &diag::Text::verbatim(told.trim_end()));
    None
}

/// As many lines and bytes as `content` has, which say nothing.
fn hidden(content: &str) -> String {
    content.bytes().map(|byte| if byte == b'\n' { '\n' } else { '*' }).collect()
}

fn read(path: &std::path::Path) -> std::io::Result<Vec<u8>> {
    user_file::read(path, POLICY_MAX_BYTES)
}

pub(super) fn unusable(lang: Lang, path: &std::path::Path, error: &std::io::Error) -> u8 {
    let what = text!(
        ja: "`{path}` を使えません: {reason}", en: "`{path}` cannot be used: {reason}",
        path = path.display().to_string(), reason = diag::os_error(error),
    );
    output::fail(lang, "P440", &what);
    UNUSABLE
}

/// The state in `path`; `None` after the user was told that there is none, or what is wrong.
pub(super) fn existing(lang: Lang, path: &std::path::Path) -> Option<State> {
    match State::existing(path) {
        Ok(state) => return Some(state),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let what = text!(
                ja: "`{path}` に台帳がありません。`--state` を確かめてください",
                en: "there is no state in `{path}`; check `--state`",
                path = path.display().to_string(),
            );
            output::fail(lang, "P440", &what);
        }
        Err(error) => {
            unusable(lang, path, &error);
        }
    }
    None
}

/// A reason that stands in the log: a sentence on one line.
fn reason_word(text: &str) -> Result<String, String> {
    let is_plain = !text.trim().is_empty() && text.len() <= REASON_MAX_BYTES;
    let is_line = !text.chars().any(char::is_control);
    let wrong = "1 行の理由を書いてください / one line that says why";
    (is_plain && is_line).then(|| text.trim().to_owned()).ok_or_else(|| wrong.to_owned())
}

fn not_begun(lang: Lang, error: &SweepError) -> u8 {
    let is_whole = matches!(error, SweepError::Log(error)
        if error.kind() == std::io::ErrorKind::InvalidInput);
    let why = if is_whole {
        text!(
            ja: "監査記録は正しいので、新しく始めません",
            en: "the audit log is as it was written; it is not begun anew",
        )
    } else {
        reason(error)
    };
    output::fail(lang, "P441", &why);
    UNUSABLE
}

/// What is said of a log that is not as it was written, and what to do about it.
fn broken(fault: &crate::audit::Fault, style: &display::Style) -> String {
    let found = super::verify_log::fault(fault)
        .because(text!(
            ja: "壊れた記録には何も書き足さず、何も消しません",
            en: "nothing is added to a log that is broken, and nothing is deleted",
        ))
        .advise(text!(
            ja: "原因が分かったら `link sweep DIR --apply --begin-log-anew \"理由\"` で新しく\
                 始めてください。壊れた記録は別名で残り、断絶は新しい記録に残ります",
            en: "once the cause is known, begin a new log with `link sweep DIR --apply \
                 --begin-log-anew \"why\"`; the broken one stays under another name, and the new \
                 one says for ever that there was a break",
        ));
    display::diagnostics(&Sources::new(), &[found], style)
}

fn refused(lang: Lang, sweeper: &Sweeper, error: &SweepError) -> u8 {
    if let SweepError::Broken(fault) = error {
        let told = broken(fault, &output::plain(lang));
        output::tell(lang, &diag::Text::verbatim(told.trim_end()));
        return STOPPED;
    }
    let what = text!(
        ja: "`{dir}` を掃除できません。{reason}", en: "`{dir}` cannot be swept: {reason}",
        dir = sweeper.root().path().display().to_string(), reason = reason(error),
    );
    output::fail(lang, "P441", &what);
    UNUSABLE
}

fn reason(error: &SweepError) -> diag::Text {
    match error {
        SweepError::Busy => text!(
            ja: "別の掃除が同じ台帳で動いています", en: "another sweeper uses the same state",
        ),
        SweepError::Moved => text!(
            ja: "フォルダーが別のものに入れ替わりました",
            en: "the path leads to another folder now",
        ),
        SweepError::NoParts => text!(
            ja: "req・res・face のどれもありません", en: "it holds none of req, res and face",
        ),
        SweepError::Acknowledgements(error) => text!(
            ja: "確認の記録を読めません: {reason}",
            en: "the acknowledgements cannot be read: {reason}", reason = error.text(),
        ),
        SweepError::Log(error) => text!(
            ja: "監査記録を書けないため止めました。予告した 1 組（64 件まで）のほかは消していま\
                 せん。どうなったかは、次に書けたとき記録します: {reason}",
            en: "the audit log cannot be written, so the pass ended; at most the one batch of 64 \
                 files that it had announced is deleted, and the next pass writes down what \
                 became of it: {reason}",
            reason = diag::os_error(error),
        ),
        SweepError::Broken(_) => text!(
            ja: "監査記録が書いたときのままではありません",
            en: "the audit log is not as it was written",
        ),
        SweepError::Io(error) => diag::os_error(error),
    }
}

fn code(report: &Report, findings: &[Diagnostic]) -> u8 {
    if report.clock.distrust.is_some() {
        STOPPED
    } else if findings.iter().any(|one| one.severity == Severity::Error) {
        ALARMING
    } else {
        DONE
    }
}
