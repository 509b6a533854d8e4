//! What the operating system refused, in words for the user.

use std::io::{Error, ErrorKind};

use crate::{Text, text};

/// `error` in both languages. The number of the operating system stays, for those who are asked
/// for help; an error that a program made itself keeps its words.
#[must_use]
pub fn os_error(error: &Error) -> Text {
    if let Some(own) = error.get_ref() {
        let told = own.downcast_ref::<Told>().map(|told| told.0.clone());
        return told.unwrap_or_else(|| Text::verbatim(error.to_string()));
    }
    let words = words(error.kind()).unwrap_or_else(|| unnamed(error));
    match error.raw_os_error() {
        Some(number) => text!(
            ja: "{words}（OS のエラー {number}）", en: "{words} (os error {number})",
            words = words, number = number,
        ),
        None => words,
    }
}

/// An error that a program makes itself, with `text` as its words in both languages.
#[must_use]
pub fn refused(kind: ErrorKind, text: Text) -> Error {
    Error::new(kind, Told(text))
}

#[derive(Debug)]
struct Told(Text);

impl std::fmt::Display for Told {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0.en)
    }
}

impl std::error::Error for Told {}

/// What has no words here keeps those of the system, without the number that comes behind them.
fn unnamed(error: &Error) -> Text {
    let told = error.to_string();
    let told = told.split(" (os error").next().unwrap_or_default();
    text!(
        ja: "OS が応じませんでした: {told}", en: "the system refused: {told}", told = told,
    )
}

fn words(kind: ErrorKind) -> Option<Text> {
    Some(match kind {
        ErrorKind::NotFound => {
            text!(ja: "ファイルまたはフォルダーがありません", en: "no such file or folder")
        }
        ErrorKind::PermissionDenied => {
            text!(ja: "アクセスする権限がありません", en: "permission denied")
        }
        ErrorKind::AlreadyExists => text!(ja: "すでにあります", en: "it exists already"),
        ErrorKind::IsADirectory => text!(ja: "フォルダーです", en: "it is a folder"),
        ErrorKind::NotADirectory => {
            text!(ja: "途中の名前がフォルダーではありません", en: "a part of the path is no folder")
        }
        ErrorKind::DirectoryNotEmpty => {
            text!(ja: "フォルダーが空ではありません", en: "the folder is not empty")
        }
        ErrorKind::StorageFull => {
            text!(ja: "ディスクの空きがありません", en: "no space is left on the disk")
        }
        ErrorKind::QuotaExceeded => {
            text!(ja: "割り当てられた容量を超えます", en: "the quota is used up")
        }
        ErrorKind::FileTooLarge => text!(ja: "ファイルが大きすぎます", en: "the file is too large"),
        ErrorKind::ReadOnlyFilesystem => text!(
            ja: "書き込めないファイルシステムです", en: "the file system cannot be written to",
        ),
        ErrorKind::InvalidFilename => {
            text!(ja: "使えないファイル名です", en: "the name of the file cannot be used")
        }
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy | ErrorKind::WouldBlock => {
            text!(ja: "ほかで使用中です", en: "it is in use elsewhere")
        }
        ErrorKind::TimedOut => text!(ja: "時間切れです", en: "it took too long"),
        ErrorKind::BrokenPipe => text!(ja: "読む側が終了しました", en: "the reader went away"),
        ErrorKind::InvalidData => {
            text!(ja: "UTF-8 の文章ではありません", en: "it is not UTF-8 text")
        }
        ErrorKind::UnexpectedEof => text!(ja: "途中で終わっています", en: "it ends in the middle"),
        ErrorKind::OutOfMemory => {
            text!(ja: "メモリーが足りません", en: "there is not enough memory")
        }
        ErrorKind::Unsupported => {
            text!(ja: "この OS では使えない操作です", en: "the system cannot do this")
        }
        ErrorKind::StaleNetworkFileHandle
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::NotConnected => {
            text!(ja: "共有フォルダーのサーバに届きません", en: "the file server is out of reach")
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::{os_error, refused};

    #[test]
    #[cfg(unix)]
    fn numbers_stay_and_words_are_translated() {
        let said = |number| os_error(&Error::from_raw_os_error(number));
        let missing = said(2);
        assert_eq!(missing.ja, "ファイルまたはフォルダーがありません（OS のエラー 2）");
        assert_eq!(missing.en, "no such file or folder (os error 2)");
        for number in [13, 17, 20, 21, 28, 30, 122] {
            let said = said(number);
            assert!(said.ja.ends_with(&format!("（OS のエラー {number}）")), "{said:?}");
            assert!(!said.ja.contains("応じません"), "{said:?} has words of its own");
        }
        let unnamed = said(5);
        assert!(unnamed.ja.starts_with("OS が応じませんでした: "), "{unnamed:?}");
        assert!(unnamed.ja.ends_with("（OS のエラー 5）"), "{unnamed:?}");
        assert_eq!(unnamed.ja.matches('5').count(), 1, "{unnamed:?}");
    }

    #[test]
    fn what_a_program_said_itself_is_kept() {
        let own = os_error(&Error::new(ErrorKind::InvalidData, "own words"));
        assert_eq!((own.ja.as_str(), own.en.as_str()), ("own words", "own words"));
        let told = crate::Text::new("大きすぎます", "too large");
        assert_eq!(os_error(&refused(ErrorKind::FileTooLarge, told.clone())), told);
        assert_eq!(os_error(&ErrorKind::InvalidData.into()).ja, "UTF-8 の文章ではありません");
    }
}
