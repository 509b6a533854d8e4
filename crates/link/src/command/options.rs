//! What every command of the claims computer's side has to know.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use diag::{Lang, Text, text};
use serde_json::{Map, Value};

use super::output;
use crate::client::{Client, Ledger, PARALLEL_MAX, Settings, Timing};
use crate::encoding::Encoding;
use crate::journal::JournalError;
use crate::state::{self, State};
use crate::user_file;

/// Most bytes of requests that are read. LIMIT.
const REQUEST_MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Most bytes of a password file. LIMIT.
const PASSWORD_MAX_BYTES: u64 = 4_096;
/// Longest time that anything is waited for. LIMIT: a week, as long as an answer is looked for.
pub(super) const SECONDS_MAX: u64 = 7 * 86_400;

/// How requests are written.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Written {
    /// UTF-8
    #[value(name = "utf-8")]
    Utf8,
    /// Shift_JIS (CP932)
    #[value(name = "shift_jis")]
    ShiftJis,
}

/// Folders and institution.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// 共有フォルダー（req・res・face がある所）/ the shared folder that holds req, res and face
    #[arg(long, value_name = "DIR")]
    pub(super) root: PathBuf,
    /// 医療機関コード 10 桁 / the institution's code, ten digits
    #[arg(long, value_name = "CODE")]
    pub(super) institution: String,
    /// 台帳などを置くフォルダー / the folder of our own state
    #[arg(long, value_name = "DIR")]
    pub(super) state: Option<PathBuf>,
    /// 不完全なまま変わらなければ疑わしいとする秒数（要求を待つ間は、待つ時間が過ぎてから）/
    /// seconds unchanged until it is doubtful; while a request waits, not before its time is over
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    #[arg(value_parser = clap::value_parser!(u64).range(..=SECONDS_MAX))]
    settle: u64,
}

/// How answers are opened.
#[derive(Debug, Args)]
pub(super) struct Opening {
    /// 暗号化 ZIP のパスワードを書いたファイル / a file with the password of encrypted answers
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

/// How requests are sent and waited for.
#[derive(Debug, Args)]
pub(super) struct Sending {
    /// 要求の文字コード / how requests are written
    #[arg(long, value_enum, default_value = "utf-8")]
    encoding: Written,
    /// 待つ秒数 / seconds to wait
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    #[arg(value_parser = clap::value_parser!(u64).range(..=SECONDS_MAX))]
    timeout: u64,
}

/// How many requests are sent at once.
#[derive(Debug, Args)]
pub(super) struct Parallel {
    /// 同時に待つ要求の数 / requests under way at once
    #[arg(long, value_name = "N", default_value_t = 32)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=PARALLEL_MAX as i64))]
    parallel: u16,
}

impl Parallel {
    /// The number.
    pub(super) fn count(&self) -> usize {
        self.parallel.into()
    }
}

impl Sending {
    /// What a client is told.
    pub(super) fn set(&self, client: &mut Client) {
        client.settings.encoding = match self.encoding {
            Written::Utf8 => Encoding::Utf8,
            Written::ShiftJis => Encoding::ShiftJis,
        };
        client.settings.timing.timeout = Duration::from_secs(self.timeout);
    }
}

impl Options {
    /// Whether the institution's code is one; the user was told if not.
    pub(super) fn is_institution_right(&self, lang: Lang) -> bool {
        let is_right =
            self.institution.len() == 10 && self.institution.bytes().all(|b| b.is_ascii_digit());
        if !is_right {
            output::fail(
                lang,
                "P400",
                &text!(
                    ja: "`--institution` は 10 桁の数字で書いてください",
                    en: "`--institution` has to be ten digits",
                ),
            );
        }
        is_right
    }

    /// A client that asks for one thing at a time, or an explanation on standard error.
    pub(super) fn client(&self, lang: Lang, opening: &Opening) -> Option<Client> {
        if !self.is_institution_right(lang) {
            return None;
        }
        let password = match &opening.password_file {
            None => None,
            Some(path) => match read(path, PASSWORD_MAX_BYTES) {
                Ok(text) => Some(text.trim_end_matches(['\r', '\n']).to_owned()),
                Err(reason) => {
                    unreadable(lang, &path.display().to_string(), &reason);
                    return None;
                }
            },
        };
        let settings = Settings {
            institution: self.institution.clone(),
            encoding: Encoding::Utf8,
            timing: self.timing(),
            parallel: 1,
            password,
        };
        if !self.is_state_usable(lang) {
            return None;
        }
        match Client::open(&self.root, &self.state_path(), settings) {
            Ok(client) => Some(client),
            Err(error) => {
                self.unusable_root(lang, &error.text());
                None
            }
        }
    }

    /// Tells why the shared folder cannot be used.
    pub(super) fn unusable_root(&self, lang: Lang, reason: &Text) {
        let what = text!(
            ja: "共有フォルダー `{root}` を使えません: {reason}",
            en: "the shared folder `{root}` cannot be used: {reason}",
            root = self.root.display().to_string(), reason = *reason,
        );
        output::fail(lang, "P403", &what);
    }

    /// Whether the state and its journal can be used; the user was told if not.
    pub(super) fn is_state_usable(&self, lang: Lang) -> bool {
        let path = self.state_path();
        if state::is_inside(&path, &self.root) {
            output::fail(lang, "P403", &shared_state(&path));
            return false;
        }
        let ready = State::open(&path)
            .map_err(JournalError::from)
            .and_then(|state| Ledger::open(&state).map(|_| ()));
        let Err(error) = ready else { return true };
        let what = text!(
            ja: "台帳のフォルダー `{path}` を使えません: {reason}",
            en: "the state folder `{path}` cannot be used: {reason}",
            path = path.display().to_string(), reason = error.text(),
        );
        output::fail(lang, "P403", &what);
        false
    }

    pub(super) fn state_path(&self) -> PathBuf {
        self.state.clone().unwrap_or_else(state::default_path)
    }

    pub(super) fn timing(&self) -> Timing {
        Timing { settle: Duration::from_secs(self.settle), ..Timing::default() }
    }
}

/// Where requests come from.
#[derive(Debug, Args)]
pub(super) struct Source {
    /// 要求（JSON。`-` は標準入力）/ requests as JSON objects, `-` for standard input
    #[arg(value_name = "FILE")]
    request: PathBuf,
}

impl Source {
    /// The objects, or an explanation on standard error.
    pub(super) fn objects(&self, lang: Lang) -> Option<Vec<Map<String, Value>>> {
        let shown = self.request.display().to_string();
        let content = match read(&self.request, REQUEST_MAX_BYTES) {
            Ok(content) => content,
            Err(reason) => {
                unreadable(lang, &shown, &reason);
                return None;
            }
        };
        let mut objects = Vec::new();
        let mut stream = serde_json::Deserializer::from_str(&content).into_iter::<Value>();
        let mut end = 0;
        while let Some(value) = stream.next() {
            // The message of the parser could hold a piece of the content; the place does not.
            let line =
                value.as_ref().map_or_else(serde_json::Error::line, |_| begins_in(&content, end));
            let (begin, is_right) = (end, value.is_ok());
            end = stream.byte_offset();
            let values = match value {
                Ok(Value::Array(values)) => values,
                Ok(value) => vec![value],
                Err(_) => vec![Value::Null],
            };
            if let Some(at) = content.get(begin..end).filter(|_| is_right).and_then(twice) {
                let line = content[..begin + at].matches('\n').count() + 1;
                let what = text!(
                    ja: "`{file}` の同じオブジェクトに同じ項目が 2 回あります（{line} 行）",
                    en: "`{file}` has a key twice in one object (line {line})",
                    file = shown, line = line,
                );
                output::fail(lang, "P401", &what);
                return None;
            }
            for value in values {
                let Value::Object(object) = value else {
                    output::fail(
                        lang,
                        "P401",
                        &text!(
                            ja: "`{file}` は JSON の {{…}} の並びではありません（{line} 行）",
                            en: "`{file}` is not a sequence of JSON objects {{…}} (line {line})",
                            file = shown, line = line,
                        ),
                    );
                    return None;
                };
                objects.push(object);
            }
        }
        if objects.is_empty() {
            output::fail(
                lang,
                "P401",
                &text!(
                    ja: "`{file}` に要求がありません", en: "`{file}` holds no request",
                    file = shown,
                ),
            );
            return None;
        }
        Some(objects)
    }
}

/// Where a key stands for the second time in an object of JSON that is right otherwise: which of
/// both is meant, nobody knows.
fn twice(json: &str) -> Option<usize> {
    let mut open: Vec<BTreeSet<String>> = Vec::new();
    let mut rest = json.char_indices();
    while let Some((start, c)) = rest.next() {
        match c {
            '{' | '[' => open.push(BTreeSet::new()),
            '}' | ']' => {
                open.pop();
            }
            '"' => {
                let mut is_escaped = false;
                let (end, _) = rest.by_ref().find(|(_, c)| {
                    let is_end = *c == '"' && !is_escaped;
                    is_escaped = *c == '\\' && !is_escaped;
                    is_end
                })?;
                let is_key = json[end + 1..].trim_start().starts_with(':');
                let text: String = serde_json::from_str(&json[start..=end]).ok()?;
                if is_key && !open.last_mut()?.insert(text) {
                    return Some(start);
                }
            }
            _ => {}
        }
    }
    None
}

/// The line in which the next value begins, from 1.
fn begins_in(content: &str, end: usize) -> usize {
    let rest = &content[end..];
    let begin = end + (rest.len() - rest.trim_start().len());
    content[..begin].matches('\n').count() + 1
}

fn read(path: &Path, limit: u64) -> Result<String, Text> {
    let mut content = String::new();
    let outcome = if path.as_os_str() == "-" {
        std::io::stdin().lock().take(limit + 1).read_to_string(&mut content)
    } else {
        user_file::open(path).and_then(|file| file.take(limit + 1).read_to_string(&mut content))
    };
    match outcome {
        Err(error) => Err(diag::os_error(&error)),
        Ok(size) if size as u64 > limit => {
            Err(text!(ja: "ファイルが大きすぎます", en: "the file is too large"))
        }
        // What editors of Windows put before UTF-8.
        Ok(_) => match content.strip_prefix('\u{feff}') {
            Some(plain) => Ok(plain.to_owned()),
            None => Ok(content),
        },
    }
}

/// Why a state in the shared folder is not used: whoever uses the share could read its key, and
/// change what it knows.
pub(super) fn shared_state(path: &Path) -> Text {
    text!(
        ja: "台帳のフォルダー `{path}` が共有フォルダーの中です。ほかの機器から見えない所を \
             `--state` に指定してください",
        en: "the state folder `{path}` lies inside the shared folder; name one with `--state` \
             that no other machine sees",
        path = path.display().to_string(),
    )
}

pub(super) fn unreadable(lang: Lang, file: &str, reason: &Text) {
    let what = text!(
        ja: "`{file}` を読めません: {reason}", en: "`{file}` cannot be read: {reason}",
        file = file, reason = *reason,
    );
    output::fail(lang, "P402", &what);
}

/// A folder, the state or the journal cannot be used.
pub(super) fn broken(lang: Lang, root: &str, reason: &Text) {
    let what = text!(
        ja: "`{root}` または台帳を使えません: {reason}",
        en: "`{root}` or the journal cannot be used: {reason}",
        root = root, reason = *reason,
    );
    output::fail(lang, "P403", &what);
}
