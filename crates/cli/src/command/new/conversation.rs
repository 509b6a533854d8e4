//! Puts the questions on a terminal: arrow keys and text, Escape goes back.

use diag::{Lang, Text, text};
use draft::{Answers, Form, Question};
use inquire::ui::{RenderConfig, Styled};
use inquire::validator::Validation;
use inquire::{InquireError, Select};

use crate::output;

/// What a person did with a question.
enum Reply {
    Answer(String),
    Open,
    Back,
}

/// Puts every question that `answers` leaves, until none is left.
///
/// # Errors
/// The person broke off, or the terminal cannot be used.
pub(super) fn hold(answers: &mut Answers, lang: Lang) -> Result<(), Text> {
    output::tell_in(
        lang,
        &text!(
            ja: "施設のネットワークについて順に聞きます。Esc で前の質問、Ctrl-C で中止です。",
            en: "Some questions about the site's network. Esc goes back, Ctrl-C breaks off.",
        ),
    );
    let mut asked: Vec<&'static str> = Vec::new();
    while let Some(question) = draft::next(answers) {
        match put(question, answers, lang).map_err(broken_off)? {
            Reply::Answer(answer) => {
                answers.put(question.key, &answer)?;
                asked.push(question.key);
            }
            Reply::Open => {
                answers.leave_open(question.key)?;
                asked.push(question.key);
            }
            Reply::Back => {
                if let Some(before) = asked.pop() {
                    answers.forget(before);
                }
            }
        }
    }
    Ok(())
}

fn put(question: &Question, answers: &Answers, lang: Lang) -> Result<Reply, InquireError> {
    let ask = (question.ask)();
    let hint = (question.hint)();
    match &question.form {
        Form::Choice(choices) => {
            let mut choices = choices();
            choices.retain(|choice| (question.check)(choice.word, answers).is_ok());
            choose(question, (ask.get(lang), hint.get(lang)), &choices, lang)
        }
        Form::Text { example: (ja, en) } => {
            let example = Text::new(*ja, *en);
            write(question, (ask.get(lang), hint.get(lang)), example.get(lang), answers, lang)
        }
    }
}

fn choose(
    question: &Question,
    (ask, hint): (&str, &str),
    choices: &[draft::Choice],
    lang: Lang,
) -> Result<Reply, InquireError> {
    let mut labels: Vec<String> = choices.iter().map(|choice| entry(&choice.label, lang)).collect();
    if question.may_stay_open {
        labels.push(unknown().get(lang).to_owned());
    }
    // A list shows all its entries: none is so long that it would need pages.
    let size = labels.len();
    let select =
        Select::new(ask, labels).with_help_message(hint).with_page_size(size).without_filtering();
    let select = select.with_render_config(looks());
    Ok(match select.raw_prompt_skippable()? {
        None => Reply::Back,
        Some(chosen) => match choices.get(chosen.index) {
            Some(choice) => Reply::Answer(choice.word.to_owned()),
            None => Reply::Open,
        },
    })
}

fn write(
    question: &Question,
    (ask, hint): (&str, &str),
    example: &str,
    answers: &Answers,
    lang: Lang,
) -> Result<Reply, InquireError> {
    let help = help(hint, question.may_stay_open);
    let example = text!(ja: "例: {example}", en: "such as {example}", example = example);
    let told = |answer: &str| match answer.trim() {
        "" => unknown().get(lang).to_owned(),
        answer => answer.to_owned(),
    };
    let (key, may_stay_open) = (question.key, question.may_stay_open);
    let trial = answers.clone();
    let text = inquire::Text::new(ask)
        .with_help_message(help.get(lang))
        .with_placeholder(example.get(lang))
        .with_formatter(&told)
        .with_render_config(looks())
        .with_validator(move |answer: &str| {
            if answer.trim().is_empty() && may_stay_open {
                return Ok(Validation::Valid);
            }
            Ok(match trial.clone().put(key, answer) {
                Ok(()) => Validation::Valid,
                Err(why) => Validation::Invalid(why.get(lang).into()),
            })
        });
    Ok(match text.prompt_skippable()? {
        None => Reply::Back,
        Some(answer) if answer.trim().is_empty() => Reply::Open,
        Some(answer) => Reply::Answer(answer),
    })
}

/// Colours only where they are wanted, and no word that would be of one language.
fn looks() -> RenderConfig<'static> {
    let is_dull = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let looks = if is_dull { RenderConfig::empty() } else { RenderConfig::default_colored() };
    looks.with_canceled_prompt_indicator(Styled::new("←"))
}

/// What stands below a question that is answered by writing.
fn help(hint: &str, may_stay_open: bool) -> Text {
    if may_stay_open {
        text!(ja: "{hint}。不明なら空で Enter", en: "{hint}; empty if not known", hint = hint)
    } else {
        Text::verbatim(hint)
    }
}

fn unknown() -> Text {
    text!(ja: "まだ分からない（あとで確認する）", en: "not known yet (to be asked)")
}

/// A sentence as an entry of a list.
fn entry(label: &Text, lang: Lang) -> String {
    let sentence = label.get(lang).trim_end_matches(['。', '.']).trim_end_matches("です");
    sentence.replace("です（", "（")
}

fn broken_off(error: InquireError) -> Text {
    match error {
        InquireError::OperationInterrupted | InquireError::OperationCanceled => text!(
            ja: "中止しました。ファイルは作っていません",
            en: "broken off; no file was made",
        ),
        other => text!(
            ja: "端末で質問できません（{why}）。フラグで答えてください（--help）",
            en: "the terminal cannot be used for questions ({why}); answer by flags (--help)",
            why = other.to_string(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, Lang, help};

    /// Cells of a line of a usual terminal, without the brackets around a hint.
    const ROOM: usize = 78;

    #[test]
    fn every_hint_stands_on_one_line() {
        for question in draft::QUESTIONS {
            let hint = (question.hint)();
            let is_written = matches!(question.form, Form::Text { .. });
            for lang in [Lang::Ja, Lang::En] {
                let own = hint.get(lang);
                let shown = help(own, is_written && question.may_stay_open);
                let width = unicode_width::UnicodeWidthStr::width(shown.get(lang));
                assert!(width <= ROOM, "{}: {width}: {}", question.key, shown.get(lang));
            }
        }
    }
}
