//! The linkage application's `UserDefinition.property`: lines `key=value`. Only one key is
//! read, `ResponseFileStayTime`, in minutes.

use diag::{Diagnostic, text};

const KEY: &str = "ResponseFileStayTime";
/// Longer than a day and the terminal keeps what nobody fetches longer than consents last.
const MINUTES_MAX: u64 = 1_440;

/// The value of `ResponseFileStayTime`, as it is written; `None` if the key is absent. Of
/// several lines the last one counts.
#[must_use]
pub fn stay_time(text: &str) -> Option<&str> {
    let is_comment = |line: &&str| line.starts_with(['#', '!']);
    text.lines()
        .map(str::trim)
        .filter(|line| !is_comment(line))
        .filter_map(|line| line.split_once(['=', ':']))
        .filter(|(key, _)| key.trim() == KEY)
        .map(|(_, value)| value.trim())
        .next_back()
}

pub(super) fn findings(text: &str) -> Option<Diagnostic> {
    let advice = text!(
        ja: "連携アプリケーションの設定で 1440（1 日）以下の分数にしてください",
        en: "set it to 1440 minutes (one day) or less in the linkage application",
    );
    let Some(value) = stay_time(text) else {
        let headline = text!(
            ja: "`ResponseFileStayTime` が設定されていません",
            en: "`ResponseFileStayTime` is not set",
        );
        let note = text!(
            ja: "端末が消し忘れの結果をいつ消すかが決まりません",
            en: "when the terminal clears forgotten results is not settled",
        );
        return Some(Diagnostic::warning("E416", headline).because(note).advise(advice));
    };
    match value.parse::<u64>() {
        Ok(minutes) if (1..=MINUTES_MAX).contains(&minutes) => None,
        Ok(minutes) => Some(
            Diagnostic::warning(
                "E416",
                text!(
                    ja: "`ResponseFileStayTime` が {minutes} 分です",
                    en: "`ResponseFileStayTime` is {minutes} minutes", minutes = minutes,
                ),
            )
            .advise(advice),
        ),
        Err(_) => Some(
            Diagnostic::error(
                "E416",
                text!(
                    ja: "`ResponseFileStayTime` が数ではありません",
                    en: "`ResponseFileStayTime` is not a number",
                ),
            )
            .advise(advice),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_counts_and_comments_do_not() {
        let text = "# ResponseFileStayTime=1\nOther=2\r\n ResponseFileStayTime = 30\n";
        assert_eq!(stay_time(text), Some("30"));
        assert_eq!(stay_time("ResponseFileStayTime=1\nResponseFileStayTime=2"), Some("2"));
        assert_eq!(stay_time("XResponseFileStayTime=1\n=\n"), None);
    }

    #[test]
    fn what_is_missing_too_large_or_no_number_is_told() {
        for (text, is_told) in [
            ("", true),
            ("ResponseFileStayTime=0", true),
            ("ResponseFileStayTime=1440", false),
            ("ResponseFileStayTime=1441", true),
            ("ResponseFileStayTime=", true),
            ("ResponseFileStayTime=-1", true),
        ] {
            assert_eq!(findings(text).is_some(), is_told, "{text}");
        }
    }
}
