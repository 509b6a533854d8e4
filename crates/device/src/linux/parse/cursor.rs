//! A place in a list of tokens, and the variables known there.

use std::rc::Rc;

use diag::Span;

use super::lexer::{Kind, Token};
use crate::registry::linux::config::{Notes, Value};

/// A place in the tokens of one file.
pub(super) struct Cursor<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) at: usize,
    pub(super) end: Span,
}

/// What is known while reading.
#[derive(Default)]
pub(super) struct Context {
    /// Variables, the youngest last.
    pub(super) variables: Vec<(String, Rc<Value>)>,
    pub(super) notes: Notes,
    /// Tables and chains that are open: what is defined there ends there.
    pub(super) scopes: usize,
    /// Values made so far, see [`super::MAX_VALUES`].
    pub(super) values: usize,
}

impl Context {
    /// Begins a table or a chain.
    pub(super) fn open(&mut self) -> usize {
        self.scopes += 1;
        self.variables.len()
    }

    /// Ends what began when there were `known` variables.
    pub(super) fn close(&mut self, known: usize) {
        self.scopes -= 1;
        self.variables.truncate(known);
    }
}

impl<'a> Cursor<'a> {
    pub(super) fn new(tokens: &'a [Token], end: Span) -> Self {
        Self { tokens, at: 0, end }
    }

    pub(super) fn peek(&self) -> Option<&'a Kind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<&'a Kind> {
        self.tokens.get(self.at + ahead).map(|token| &token.kind)
    }

    pub(super) fn bump(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len());
    }

    /// Where the next token stands.
    pub(super) fn here(&self) -> Span {
        self.tokens.get(self.at).map_or(self.end, |token| token.span)
    }

    /// From the token `start` to the last token read.
    pub(super) fn since(&self, start: usize) -> Span {
        let first = self.tokens.get(start).map_or(self.end, |token| token.span);
        let last = self.at.max(start + 1) - 1;
        self.tokens.get(last).map_or(first, |token| first.to(token.span))
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Whether a rule or a command ends here.
    pub(super) fn is_end(&self) -> bool {
        matches!(self.peek(), None | Some(Kind::End | Kind::Line | Kind::Sign("}")))
    }

    pub(super) fn word(&self) -> Option<&'a str> {
        match self.peek() {
            Some(Kind::Word(word)) => Some(word),
            _ => None,
        }
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.word() == Some(word)
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Kind::Sign(found)) if *found == sign)
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.bump();
        }
        found
    }

    pub(super) fn take_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        if found {
            self.bump();
        }
        found
    }

    /// A word or a quoted text.
    pub(super) fn take_name(&mut self) -> Option<&'a str> {
        match self.peek() {
            Some(Kind::Word(name) | Kind::Quoted(name)) => {
                self.bump();
                Some(name)
            }
            _ => None,
        }
    }

    pub(super) fn take_number(&mut self) -> Option<u128> {
        match self.peek() {
            Some(Kind::Number(number)) => {
                self.bump();
                Some(*number)
            }
            _ => None,
        }
    }

    pub(super) fn skip_ends(&mut self) {
        while matches!(self.peek(), Some(Kind::End | Kind::Line)) {
            self.bump();
        }
    }

    /// Skips to where the rule or command ends, over whatever stands in braces.
    pub(super) fn skip_to_end(&mut self) {
        let mut depth = 0_usize;
        while let Some(kind) = self.peek() {
            match kind {
                Kind::Sign("{") => depth += 1,
                Kind::Sign("}") if depth == 0 => return,
                Kind::Sign("}") => depth -= 1,
                Kind::End | Kind::Line if depth == 0 => return,
                _ => {}
            }
            self.bump();
        }
    }
}
