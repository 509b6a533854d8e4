//! `evidence`: writes what the audit log says about one folder, for `sekisho check`.

use std::path::PathBuf;

use clap::Args;
use diag::{Diagnostic, Lang, Sources, Text, text};

use super::output::{self, DONE};
use super::sweep::{existing, policy, unusable};
use super::verify_log;
use crate::evidence::{Subject, evidence};
use crate::moment;
use crate::state;

/// Exit code when the log does not prove anything.
const DOUBTFUL: u8 = 1;

/// A day in nanoseconds.
const DAY: i128 = 86_400 * 1_000_000_000;

/// What the exit codes stand for.
const EXIT_CODES: &str = "\
終了コード: / Exit codes:
  0  作った / made
  1  作ったが、これだけでは何も証明しない / made, but it proves nothing
  3  引数・台帳・出力が使えない / unusable arguments, state or output";

/// 削除の証拠（JSON）を作ります / writes the evidence of deletion (JSON)
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Evidence {
    /// 共有フォルダー（req・res・face がある所）/ the folder that holds req, res and face
    dir: PathBuf,
    /// この日から数える（UTC）/ counts from this day (UTC)
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    since: i128,
    /// 施設名を取るサイトファイル / a site file that has the facility's name
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// このフォルダーを使う資格確認端末（サイトファイルの名前）/ the terminals that use this folder
    #[arg(long = "terminal", value_name = "NAME")]
    terminals: Vec<String>,
    /// 台帳などを置くフォルダー / the folder of our own state
    #[arg(long, value_name = "STATE")]
    state: Option<PathBuf>,
    /// 書き出すファイル（既定は標準出力）/ the file to write (default: standard output)
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Evidence {
    pub(super) fn run(&self, lang: Lang) -> u8 {
        let Some(file) = policy(lang, self.policy.as_deref()) else {
            return output::UNUSABLE;
        };
        let unknown = self.terminals.iter().find(|name| !file.terminals.contains(name));
        if let Some(name) = unknown.filter(|_| file.site.is_some()) {
            output::fail(lang, "L417", &no_terminal(name, &file.terminals));
            return output::UNUSABLE;
        }
        let site = file.site;
        let path = self.state.clone().unwrap_or_else(state::default_path);
        let Some(state) = existing(lang, &path) else { return output::UNUSABLE };
        let folder = match state::absolute(&self.dir) {
            Ok(folder) => folder.display().to_string(),
            Err(error) => return unusable(lang, &self.dir, &error),
        };
        let terminals = self.terminals.clone();
        let subject = Subject { folder, site: site.clone(), terminals, since: self.since };
        let (whole, verified) = match evidence(&state, &subject, moment::now()) {
            Ok(found) => found,
            Err(error) => return unusable(lang, &path, &error),
        };
        let written = display::json_text(&whole);
        match &self.output {
            None => {
                if output::data(lang, &written, DONE) != DONE {
                    return output::UNUSABLE;
                }
            }
            Some(file) => {
                if let Err(error) = std::fs::write(file, written) {
                    return unusable(lang, file, &error);
                }
            }
        }
        let mut found: Vec<Diagnostic> =
            verified.fault.as_ref().map(verify_log::fault).into_iter().collect();
        found.extend(site.is_none().then(no_site));
        let is_of_many = file.terminals.len() > 1 && self.terminals.is_empty();
        found.extend(is_of_many.then(|| of_no_terminal(&file.terminals)));
        if verified.broken_at.is_some_and(|then| then >= self.since) {
            found.push(verify_log::begun_anew(&verified));
        }
        if whole["last_complete_pass"].is_null() {
            found.push(
                Diagnostic::warning(
                    "L412",
                    text!(
                        ja: "このフォルダーの最後まで終わった掃除が記録にありません",
                        en: "the log has no complete pass over this folder",
                    ),
                )
                .advise(text!(
                    ja: "`link sweep DIR --apply` を実行し、`--state` が同じか確かめてください",
                    en: "run `link sweep DIR --apply`, and check that `--state` is the sweeper's",
                )),
            );
        }
        if found.is_empty() {
            return DONE;
        }
        let told = display::diagnostics(&Sources::new(), &found, &output::plain(lang));
        output::tell(lang, &diag::Text::verbatim(told.trim_end()));
        DOUBTFUL
    }
}

fn no_site() -> Diagnostic {
    Diagnostic::warning(
        "L414",
        text!(
            ja: "この証拠には施設名がありません",
            en: "this evidence names no site",
        ),
    )
    .because(text!(
        ja: "施設名のない証拠では `sekisho check` は何も証明しません",
        en: "`sekisho check` proves nothing with evidence that could be of any site",
    ))
    .advise(text!(
        ja: "`--policy` に、掃除に使ったサイトファイルを指定してください",
        en: "name the site file that the sweeper uses with `--policy`",
    ))
}

/// A name that no eligibility terminal of the site file has.
fn no_terminal(name: &str, known: &[String]) -> Text {
    if known.is_empty() {
        return text!(
            ja: "サイトファイルに資格確認端末 `{name}` がありません",
            en: "the site file has no eligibility terminal `{name}`",
            name = name,
        );
    }
    text!(
        ja: "サイトファイルに資格確認端末 `{name}` がありません（あるのは {known}）",
        en: "the site file has no eligibility terminal `{name}`; it has {known}",
        name = name, known = listed(known),
    )
}

/// Evidence of a site with several terminals that names none of them.
fn of_no_terminal(known: &[String]) -> Diagnostic {
    Diagnostic::warning(
        "L417",
        text!(
            ja: "この証拠には、どの資格確認端末のフォルダーかが書かれていません",
            en: "this evidence does not say which terminal's folder it is about",
        ),
    )
    .because(text!(
        ja: "資格確認端末が {count} 台あり（{known}）、名前のない証拠では `sekisho check` はどの\
             端末も\
             証明しません",
        en: "the site has {count} terminals ({known}), and `sekisho check` proves nothing about \
             any of them by evidence without a name",
        count = known.len(), known = listed(known),
    ))
    .advise(text!(
        ja: "`--terminal 名前` を付け、端末ごとに証拠を作ってください",
        en: "make evidence for each terminal, with `--terminal NAME`",
    ))
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn day(text: &str) -> Result<i128, String> {
    let Some(day) = moment::read_date(text) else {
        let wanted = "暦にある日を YYYY-MM-DD の形で書いてください / write a day of the calendar \
                      as YYYY-MM-DD";
        return Err(wanted.to_owned());
    };
    // Where the user is the day may have begun already.
    if day > moment::now() + DAY {
        return Err("今日までの日を書いてください / write a day that has come".to_owned());
    }
    Ok(day)
}
