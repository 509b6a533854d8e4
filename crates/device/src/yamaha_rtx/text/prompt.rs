//! Prompts of consoles: which of the words that look like one are one.

use super::super::heads::is_head;
use super::{first_word, trim};

/// The prompts that a text has.
#[derive(Debug)]
pub(super) struct Prompts {
    /// What the router is told to write before `#` and `>`.
    names: Vec<String>,
    /// The one name that stands before every command of the text.
    throughout: Option<String>,
}

impl Prompts {
    /// The prompts of `text`.
    pub(super) fn of(text: &str) -> Self {
        let mut names = Vec::new();
        let mut throughout: Option<&str> = None;
        let mut differ = false;
        for line in text.lines() {
            let line = trim(line);
            let Some((length, name)) = prompt(line) else {
                differ |= is_head(first_word(line));
                names.extend(console_prompt(line));
                continue;
            };
            names.extend(console_prompt(&line[length..]));
            let name = device(name);
            differ |= *throughout.get_or_insert(name) != name;
        }
        Self { names, throughout: throughout.filter(|_| !differ).map(str::to_owned) }
    }

    /// Whether `name`, what stands before `#` or `>`, makes a prompt.
    pub(super) fn has(&self, name: &str) -> bool {
        let name = device(name);
        let is_told = self.names.iter().any(|told| told == name);
        is_told || is_model(name) || self.throughout.as_deref() == Some(name)
    }
}

/// The length of the word with which `text` begins, and its name, if it looks like a prompt such
/// as `RTX830# ` or `> `.
pub(super) fn prompt(text: &str) -> Option<(usize, &str)> {
    let word = first_word(text);
    let last = *word.as_bytes().last()?;
    if last != b'#' && last != b'>' {
        return None;
    }
    let name = &word[..word.len() - 1];
    let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.()[]".contains(&b));
    (is_name && (last == b'>' || !name.is_empty())).then_some((word.len(), name))
}

/// Whether the bare prompt `>`, which a router has before anybody names it, stands before a command
/// that is typed there and sets nothing, or before none.
pub(super) fn is_console_word(name: &str, command: &str) -> bool {
    const TYPED: [&str; 8] =
        ["show", "less", "administrator", "exit", "quit", "console", "login", "save"];
    let typed = first_word(trim(command));
    let is_typed = TYPED.iter().any(|word| typed.eq_ignore_ascii_case(word));
    name.is_empty() && (is_typed || typed.is_empty())
}

/// Whether a line is of the greeting that a router prints before anybody logs in.
pub(super) fn is_banner(text: &str) -> bool {
    may_greet(text) && is_greeting(text)
}

/// Whether a greeting may begin as `text` does: with one of its sentences, a model or an address.
/// It is asked of every line, and few commands do.
fn may_greet(text: &str) -> bool {
    match text.as_bytes() {
        [b'C' | b'T' | b'M' | b'R' | b'N' | b'F' | b'v' | b'S', ..] => true,
        [first, _, third, ..] if first.is_ascii_hexdigit() => *third == b':',
        [first, ..] => first.is_ascii_whitespace(),
        [] => false,
    }
}

fn is_greeting(text: &str) -> bool {
    const BEGINNINGS: [&str; 4] = [
        "Copyright (c) ",
        "To display the software copyright statement",
        "The login password is ",
        "Memory ",
    ];
    let mut words = text.split_ascii_whitespace();
    let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let is_address = first.len() >= 17
        && first.bytes().take(17).enumerate().all(|(at, byte)| match at % 3 {
            2 => byte == b':',
            _ => byte.is_ascii_hexdigit(),
        });
    let names_itself = is_model(first) && (second == "BootROM" || second.starts_with("Rev."));
    names_itself || is_address || BEGINNINGS.iter().any(|start| text.starts_with(start))
}

/// `console prompt NAME`.
fn console_prompt(command: &str) -> Option<String> {
    let mut words = command.split_ascii_whitespace();
    let is = |word: Option<&str>, keyword| word.is_some_and(|w| w.eq_ignore_ascii_case(keyword));
    let told = is(words.next(), "console") && is(words.next(), "prompt");
    let name = words.next().filter(|_| told)?.trim_matches(['"', '\'', '#', '>', ' ']);
    (!name.is_empty()).then(|| name.to_owned())
}

/// The part of a prompt that is the same whatever is selected: `RTX830` in `RTX830pp1`.
fn device(name: &str) -> &str {
    let rest = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let numbered = ["pp", "tunnel"].iter().find_map(|kind| rest.strip_suffix(kind));
    numbered.filter(|_| rest.len() < name.len()).unwrap_or(name)
}

/// Whether `name` is a model, which is the prompt of a router that is told no other.
fn is_model(name: &str) -> bool {
    ["RTX", "NVR", "FWX", "vRX", "SRT", "RT"].iter().any(|series| {
        let rest = name.strip_prefix(series);
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    })
}
