//! Console commands that end a session or keep it: what stands behind them may not hold.

use diag::{Diagnostic, Span, text};

use super::super::config::{Body, Statement};
use super::super::text::Word;
use super::{Unmodelled, silent};

/// A console command that decides about the lines behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Console {
    /// `exit`, `quit`.
    Leave,
    /// `save`.
    Keep,
}

/// The console command that `words` are.
pub(super) fn console(head: &str, words: &[Word<'_>]) -> Option<Console> {
    match head {
        "exit" | "quit" => Some(Console::Leave),
        "save" if words.len() == 1 => Some(Console::Keep),
        _ => None,
    }
}

/// Marks those of `said` (their places in `statements`) behind which settings stand that the
/// router may not have taken, or not kept.
///
/// # Source
/// Command reference 12.01, section 2.1: settings are made as administrator, and `save` writes
/// those made until then.
pub(super) fn judge(statements: &mut [Statement], said: &[(usize, Console)]) {
    let last = statements.iter().rposition(|one| matches!(one.body, Body::Command(_)));
    let Some(last) = last else { return };
    let kept = said.iter().filter(|(_, one)| *one == Console::Keep).map(|(place, _)| *place).max();
    for (place, one) in said.iter().copied().filter(|(place, _)| *place < last) {
        if one == Console::Leave || kept == Some(place) {
            let span = statements[place].span;
            statements[place].body = Body::Unmodelled(Box::new(lost(one, span)));
        }
    }
}

fn lost(one: Console, span: Span) -> Unmodelled {
    let headline = match one {
        Console::Leave => text!(
            ja: "この行で操作を終えた後に設定の行があります",
            en: "settings follow after the console is left here",
        ),
        Console::Keep => text!(
            ja: "この保存の後に、保存されていない設定の行があります",
            en: "settings follow that are not saved after this",
        ),
    };
    let why = match one {
        Console::Leave => text!(
            ja: "管理者ではない状態で入力した設定をルータは受け付けません",
            en: "the router takes no settings from anybody but its administrator",
        ),
        Console::Keep => text!(
            ja: "保存していない設定は、電源を入れ直すと失われます",
            en: "settings that are not saved are gone after the next restart",
        ),
    };
    let diagnostic = Diagnostic::error("P142", headline).at(span).because(why).advise(text!(
        ja: "ルータで `show config` を実行し、その出力を渡してください",
        en: "run `show config` on the router and pass its output",
    ));
    let what = text!(
        ja: "行われたかどうか分からない設定", en: "settings that may not have been made",
    );
    Unmodelled { diagnostic: Some(diagnostic), ..silent(what) }
}
