//! Answers to the questions.

use std::collections::BTreeMap;

use diag::{Text, text};

use crate::conversation::QUESTIONS;
use crate::{Form, Question};

/// What was answered so far.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Answers {
    /// By key; `None` where the question was put and stays open.
    given: BTreeMap<&'static str, Option<String>>,
}

impl Answers {
    /// No answer yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes `answer` for the question `key`.
    ///
    /// # Errors
    /// The text says why there is no such question or why this is no answer to it.
    pub fn put(&mut self, key: &str, answer: &str) -> Result<(), Text> {
        let question = find(key)?;
        // What an input method leaves full-width is meant half-width, but for names of people.
        let narrowed = site::half_width(answer.trim());
        let answer = if question.key == "name" { answer.trim() } else { narrowed.trim() };
        if let Form::Choice(choices) = &question.form {
            let choices = choices();
            if !choices.iter().any(|choice| choice.word == answer) {
                let words: Vec<&str> = choices.iter().map(|choice| choice.word).collect();
                return Err(text!(
                    ja: "`{key}` に `{answer}` とは答えられません。{words} のどれかを選んでください",
                    en: "`{answer}` is no answer to `{key}`; choose one of {words}",
                    key = key, answer = answer, words = words.join(", "),
                ));
            }
        }
        (question.check)(answer, self)?;
        self.given.insert(question.key, Some(answer.to_owned()));
        Ok(())
    }

    /// Leaves the question `key` open.
    ///
    /// # Errors
    /// The text says that there is no such question, or that it may not stay open.
    pub fn leave_open(&mut self, key: &str) -> Result<(), Text> {
        let question = find(key)?;
        if !question.may_stay_open {
            return Err(text!(
                ja: "`{key}` に答えがないと、サイトファイルを作れません",
                en: "without an answer to `{key}` no site file can be made",
                key = key,
            ));
        }
        self.given.insert(question.key, None);
        Ok(())
    }

    /// Forgets what was said to the question `key`.
    pub fn forget(&mut self, key: &str) {
        self.given.remove(key);
    }

    /// The questions that have an answer although nobody would put them, however those that decide
    /// it and were not put yet are answered.
    #[must_use]
    pub fn useless(&self) -> Vec<&'static str> {
        let mut possible = vec![self.clone()];
        for key in DECIDING.into_iter().filter(|key| !self.was_put(key)) {
            let Ok(Question { form: Form::Choice(choices), .. }) = find(key) else { continue };
            let more = possible.iter().flat_map(|one| {
                choices().into_iter().map(|choice| {
                    let mut more = one.clone();
                    more.given.insert(key, Some(choice.word.to_owned()));
                    more
                })
            });
            possible = more.collect();
        }
        let given = self.given.iter().filter(|(_, answer)| answer.is_some());
        let given = QUESTIONS.iter().filter(|question| {
            let mut given = given.clone();
            given.any(|(key, _)| *key == question.key)
        });
        let is_useless = |question: &&Question| !possible.iter().any(|one| (question.applies)(one));
        given.filter(is_useless).map(|question| question.key).collect()
    }

    /// The answer to the question `key`, if there is one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.given.get(key)?.as_deref()
    }

    /// Whether the question `key` was put, answered or not.
    #[must_use]
    pub fn was_put(&self, key: &str) -> bool {
        self.given.contains_key(key)
    }

    /// Whether the answer to the question `key` is `word`.
    pub(crate) fn is(&self, key: &str, word: &str) -> bool {
        self.get(key) == Some(word)
    }
}

/// Questions whose answers decide which others apply.
const DECIDING: [&str; 5] = ["line", "placement", "eligibility", "claims", "pppoe-by"];

fn find(key: &str) -> Result<&'static Question, Text> {
    QUESTIONS.iter().find(|question| question.key == key).ok_or_else(
        || text!(ja: "質問 `{key}` はありません", en: "there is no question `{key}`", key = key),
    )
}
