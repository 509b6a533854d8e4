//! What is wrong with a command line, in both languages.

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use diag::{Lang, Text, text};

use super::{help, tree};

/// The headline, and what to do; `called` is the command that was meant.
pub(super) fn words(error: &Error, called: &mut Command) -> (Text, Vec<Text>) {
    let mut helps = Vec::new();
    let headline = headline(error, &mut helps);
    let similar =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    for near in similar.into_iter().filter_map(|kind| list(error, kind)) {
        helps.push(text!(
            ja: "{near} の書き間違いであれば、直してください",
            en: "write {near} if that is what you mean", near = near,
        ));
    }
    let is_known = matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::ValueValidation);
    if !is_known {
        let usage = help::usage(called);
        let usage = Text::new(
            format!("`{}`", help::usage_in(&usage, Lang::Ja)),
            format!("`{}`", help::usage_in(&usage, Lang::En)),
        );
        helps.push(text!(
            ja: "{usage} の形で書いてください", en: "write it as {usage}", usage = usage,
        ));
    }
    helps.push(text!(
        ja: "`{name} --help` で説明を表示できます", en: "see `{name} --help`",
        name = called.get_bin_name().unwrap_or_else(|| called.get_name()),
    ));
    (headline, helps)
}

fn headline(error: &Error, helps: &mut Vec<Text>) -> Text {
    let argument = list(error, ContextKind::InvalidArg).unwrap_or_default();
    let value = list(error, ContextKind::InvalidValue).unwrap_or_default();
    match error.kind() {
        ErrorKind::UnknownArgument => {
            text!(
                ja: "{argument} は使えない引数です", en: "{argument} cannot be used here",
                argument = argument,
            )
        }
        ErrorKind::InvalidSubcommand => text!(
            ja: "{name} というコマンドはありません", en: "there is no command {name}",
            name = list(error, ContextKind::InvalidSubcommand).unwrap_or_default(),
        ),
        ErrorKind::MissingSubcommand => {
            if let Some(known) = list(error, ContextKind::ValidSubcommand) {
                helps.push(text!(
                    ja: "次のどれかを書いてください: {known}", en: "write one of {known}",
                    known = known,
                ));
            }
            text!(ja: "コマンドがありません", en: "a command is missing")
        }
        ErrorKind::InvalidValue => {
            if let Some(known) = list(error, ContextKind::ValidValue) {
                helps.push(text!(
                    ja: "次のどれかを書いてください: {known}", en: "write one of {known}",
                    known = known,
                ));
            }
            if value.is_empty() {
                text!(
                    ja: "{argument} に値がありません", en: "{argument} needs a value",
                    argument = argument,
                )
            } else {
                unfit(argument, value)
            }
        }
        ErrorKind::ValueValidation => {
            if let Some(source) = std::error::Error::source(error) {
                helps.push(wanted(&source.to_string()));
            }
            unfit(argument, value)
        }
        ErrorKind::MissingRequiredArgument => {
            text!(ja: "{argument} が必要です", en: "{argument} is missing", argument = argument)
        }
        ErrorKind::ArgumentConflict => conflict(error, argument),
        ErrorKind::TooManyValues => text!(
            ja: "{argument} に余分な値 {value} があります",
            en: "{argument} has the value {value} too many", argument = argument, value = value,
        ),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => text!(
            ja: "{argument} の値の数が合いません", en: "{argument} has the wrong number of values",
            argument = argument,
        ),
        ErrorKind::NoEquals => text!(
            ja: "{argument} の値は `=` に続けて書いてください",
            en: "the value of {argument} comes behind `=`", argument = argument,
        ),
        ErrorKind::InvalidUtf8 => text!(
            ja: "引数に UTF-8 ではない文字があります", en: "an argument is not UTF-8 text",
        ),
        _ => text!(ja: "引数を使えません", en: "the arguments cannot be used"),
    }
}

/// What a reader of values asks for; those of numbers are the parser's own and speak English.
fn wanted(source: &str) -> Text {
    if let Some((_, range)) = source.split_once(" is not in ") {
        let (first, last) = range.split_once("..=").unwrap_or((range, ""));
        return text!(
            ja: "{first}〜{last} の整数を書いてください",
            en: "write a whole number from {first} to {last}", first = first, last = last,
        );
    }
    if source.is_ascii() {
        return text!(ja: "整数を書いてください", en: "write a whole number");
    }
    Text::new(tree::sentence(source, Lang::Ja), tree::sentence(source, Lang::En))
}

fn unfit(argument: String, value: String) -> Text {
    text!(
        ja: "{argument} に {value} は使えません", en: "{value} cannot be used for {argument}",
        argument = argument, value = value,
    )
}

fn conflict(error: &Error, argument: String) -> Text {
    let prior = list(error, ContextKind::PriorArg);
    match prior {
        Some(prior) if prior != argument => text!(
            ja: "{argument} と {prior} は一緒に使えません",
            en: "{argument} and {prior} cannot be used together", argument = argument,
            prior = prior,
        ),
        _ => text!(
            ja: "{argument} は一度しか書けません", en: "{argument} can be written once only",
            argument = argument,
        ),
    }
}

/// What the parser says about `kind`, quoted.
fn list(error: &Error, kind: ContextKind) -> Option<String> {
    let all = match error.get(kind)? {
        ContextValue::String(one) if one.is_empty() => return None,
        ContextValue::String(one) => vec![one.clone()],
        // Suggestions come with the likeliest last.
        ContextValue::Strings(all) if kind == ContextKind::SuggestedSubcommand => {
            all.iter().rev().cloned().collect()
        }
        ContextValue::Strings(all) => all.clone(),
        _ => return None,
    };
    let quoted = all.iter().map(|one| format!("`{one}`"));
    Some(quoted.collect::<Vec<_>>().join(", "))
}
