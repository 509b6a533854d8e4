//! A question of the hearing sheet.

use diag::Text;

use crate::Answers;

/// A question.
pub struct Question {
    /// What it is called in flags and messages.
    pub key: &'static str,
    /// The question, as it is put to a person.
    pub ask: fn() -> Text,
    /// What helps to answer it.
    pub hint: fn() -> Text,
    /// Who knows the answer, where the person who is asked does not.
    pub who: fn() -> Text,
    /// What an answer looks like.
    pub form: Form,
    /// What is wrong with an answer of this form after the answers so far, if anything.
    pub check: fn(&str, &Answers) -> Result<(), Text>,
    /// Whether it may stay open. What decides the reference pattern may not: without it there is
    /// no site to write down.
    pub may_stay_open: bool,
    /// Whether it is to be asked after these answers.
    pub applies: fn(&Answers) -> bool,
}

/// What an answer looks like.
pub enum Form {
    /// One of these.
    Choice(fn() -> Vec<Choice>),
    /// Free text.
    Text {
        /// An example of an answer, in Japanese and in English.
        example: (&'static str, &'static str),
    },
}

/// One of several answers.
pub struct Choice {
    /// The word of the site file or of the flag.
    pub word: &'static str,
    /// What it means.
    pub label: Text,
}
