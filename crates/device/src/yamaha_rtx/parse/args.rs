//! The words of a command, one after the other.

use diag::{Span, text};

use super::super::text::Word;
use super::{Context, Fault, number, small, unreadable};

/// Numbers by which a command can name a policy, a gateway or a NAT descriptor.
///
/// # Source
/// Command reference 12.01: the widest range of any of them.
const IDS: std::ops::RangeInclusive<u32> = 1..=0x7fff_ffff;

/// The words of a command, read from the left.
pub(super) struct Args<'w> {
    pub(super) words: &'w [Word<'w>],
    pub(super) at: usize,
    pub(super) end: Span,
    pub(super) context: Context,
}

impl<'w> Args<'w> {
    pub(super) fn peek(&self) -> Option<&'w str> {
        self.words.get(self.at).map(|word| word.text)
    }

    pub(super) fn next(&mut self) -> Option<Word<'w>> {
        let word = self.words.get(self.at).copied();
        self.at += usize::from(word.is_some());
        word
    }

    /// The next word; a fault at the end of the command if there is none.
    pub(super) fn need(&mut self) -> Result<Word<'w>, Box<Fault>> {
        self.next().ok_or_else(|| self.missing())
    }

    /// The fault of a command that ends too early.
    pub(super) fn missing(&self) -> Box<Fault> {
        Fault::at(self.end, text!(ja: "コマンドの引数が足りません", en: "an argument is missing"))
    }

    /// The number of a gateway of IPsec.
    pub(super) fn gateway(&mut self) -> Result<u32, Box<Fault>> {
        let word = self.need()?;
        small(word, self.context.model.tunnels).map(u32::from)
    }

    /// Takes the next word if it is `keyword`.
    pub(super) fn take(&mut self, keyword: &str) -> bool {
        let found = self.peek().is_some_and(|word| word.eq_ignore_ascii_case(keyword));
        self.at += usize::from(found);
        found
    }

    pub(super) fn number(&mut self) -> Result<(u32, Span), Box<Fault>> {
        let word = self.need()?;
        number(word).ok_or_else(|| unreadable(word))
    }

    /// A number that names something: never 0.
    pub(super) fn id(&mut self) -> Result<(u32, Span), Box<Fault>> {
        let word = self.need()?;
        let is_id = |(value, _): &(u32, Span)| IDS.contains(value);
        number(word).filter(is_id).ok_or_else(|| unreadable(word))
    }

    /// `on` or `off`.
    pub(super) fn switch(&mut self) -> Result<bool, Box<Fault>> {
        let word = self.need()?;
        match word.text {
            on if on.eq_ignore_ascii_case("on") => Ok(true),
            off if off.eq_ignore_ascii_case("off") => Ok(false),
            _ => Err(unreadable(word)),
        }
    }

    /// A fault at the next word if there is one.
    pub(super) fn finish(&self) -> Result<(), Box<Fault>> {
        match self.words.get(self.at) {
            None => Ok(()),
            Some(word) => Err(unreadable(*word)),
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.words.len()
    }
}
