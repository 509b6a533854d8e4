//! Whether nft loads a file at all. It loads nothing of a file with one mistake, and then nothing
//! is filtered, so a file counts as loading only if every word of it stands in a form that nft is
//! known to take. The forms are compared with nft itself and the kernel in `tests/linux/load.rs`.

mod assignment;
mod chain;
mod command;
mod datatype;
mod element;
mod field;
mod header;
mod hook;
mod meta;
mod nat;
mod object;
mod refusal;
mod rule;
mod set;
mod statement;
mod symbol;
mod table;
mod value;
mod walk;
mod word;

use diag::{Diagnostic, SourceId, Span, text};

use self::refusal::Refusal;
use self::walk::Walk;
use super::lexer::Token;
use crate::registry::linux::config::{Facts, Notes};
use crate::registry::linux::lower::effect::ALL;

/// A ruleset file as it was read.
pub(super) struct Read<'f> {
    pub(super) source: SourceId,
    pub(super) name: &'f str,
    pub(super) text: &'f str,
    pub(super) tokens: Vec<Token>,
    /// Whether it is loaded on its own, not by another file.
    pub(super) is_root: bool,
}

impl Read<'_> {
    fn end(&self) -> Span {
        Span::new(self.source, self.text.len(), self.text.len())
    }
}

/// Notes the first place of each file at which nft may refuse it, unless the file is known not to
/// be understood as a whole.
pub(super) fn judge(files: &[Read<'_>], facts: &Facts, notes: &mut Notes) {
    let mut walk = Walk::new(files, facts);
    for file in files.iter().filter(|file| file.is_root) {
        let Err(refusal) = command::file(&mut walk, file) else { continue };
        let is_said = notes
            .gaps
            .iter()
            .any(|gap| gap.effects == ALL && walk.loaded.contains(&gap.span.source));
        if !is_said {
            say(&refusal, notes);
        }
    }
    notes.listing = walk.xt;
}

fn say(refusal: &Refusal, notes: &mut Notes) {
    let what = refusal.why.text();
    notes.diagnostics.push(
        Diagnostic::error(
            "P210",
            text!(
                ja: "nft がこのファイルを読み込まないかもしれません：{what}",
                en: "nft may not load this file: {what}",
                what = what,
            ),
        )
        .at(refusal.span)
        .because(text!(
            ja: "nft は 1 か所でも受け付けないとファイル全体を読み込まず、フィルターは空のままで\
                 す。このファイルからは何も証明しません",
            en: "nft loads nothing of a file with one mistake, and the filter stays empty; nothing \
                 is proved from this file",
        ))
        .advise(text!(
            ja: "ルータで `nft -c -f ファイル` を実行し、エラーがあればこの箇所を直してください。\
                 エラーがなければ、`nft list ruleset` の出力にある書き方に直してください",
            en: "run `nft -c -f FILE` on the router and correct this place if it reports an error; \
                 if it does not, write it as the output of `nft list ruleset` does",
        )),
    );
    let what = text!(
        ja: "nft が読み込まないかもしれないファイル", en: "a file that nft may not load",
    );
    super::command::unread_note(notes, refusal.span, what, ALL);
}
