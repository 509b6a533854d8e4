//! What drafts leave open, in both languages: a site file says it in one.

use diag::{Lang, Text};

use crate::conversation::QUESTIONS;
use crate::{Answers, Form, write};

/// Machines of one kind whose marks are known.
// LIMIT: no form names more; the marks of further ones stay as they are written.
const NUMBER_MAX: usize = 20;

/// All that some draft leaves open.
pub struct Marks(Vec<Text>);

impl Marks {
    /// What is left open where as little as possible is answered, and one question more.
    #[must_use]
    pub fn all() -> Self {
        let mut found: Vec<Text> = Vec::new();
        for pattern in pattern::patterns() {
            let mut base = Answers::new();
            let is_taken = base.put_pattern(&pattern.page).is_ok();
            let named = [("name", "x"), ("kind", "clinic")];
            if !is_taken || named.iter().any(|(key, answer)| base.put(key, answer).is_err()) {
                continue;
            }
            let mut all = vec![base];
            // What these two and one more decide together.
            for keys in [Some("eligibility"), Some("claims"), None] {
                let is_meant = |key: &str| keys.is_none_or(|wanted| wanted == key);
                let more: Vec<Answers> =
                    all.iter().flat_map(|one| one_more(one, &is_meant)).collect();
                all.extend(more);
            }
            for answers in &all {
                let Ok(draft) = write(answers, Lang::En) else { continue };
                for open in draft.open {
                    if !found.contains(&open.what) {
                        found.push(open.what);
                    }
                }
            }
        }
        Self(found)
    }

    /// What `written`, the words of a mark in either language, says in both.
    #[must_use]
    pub fn find(&self, written: &str) -> Option<Text> {
        let numbered = |text: &str, number| text.replace("-1`", &format!("-{number}`"));
        (1..=NUMBER_MAX).find_map(|number| {
            let of_number =
                |text: &Text| Text::new(numbered(&text.ja, number), numbered(&text.en, number));
            let is_it = |text: &Text| [&text.ja, &text.en].iter().any(|own| **own == written);
            self.0.iter().map(of_number).find(is_it)
        })
    }
}

/// `answers` with one more of the questions answered that `is_meant` takes and that have words to
/// choose from, in every way.
fn one_more(answers: &Answers, is_meant: &dyn Fn(&str) -> bool) -> Vec<Answers> {
    let mut found = Vec::new();
    for question in QUESTIONS.iter().filter(|one| is_meant(one.key)) {
        let Form::Choice(choices) = &question.form else { continue };
        if answers.was_put(question.key) || !(question.applies)(answers) {
            continue;
        }
        for choice in choices() {
            let mut more = answers.clone();
            if more.put(question.key, choice.word).is_ok() {
                found.push(more);
            }
        }
    }
    found
}
