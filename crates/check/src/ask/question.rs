//! What a question says, as people type it.

use site::{PortSpec, Use, half_width};

/// A question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// Who opens the session: a machine, a router, a zone or a network outside.
    pub from: String,
    /// Who answers: such a name, or an address.
    pub to: String,
    /// What is opened; everything, if empty.
    pub ports: Vec<PortSpec>,
}

/// Why a question cannot be answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AskError {
    /// The question is not of the form `from -> to ports`.
    Form,
    /// Nobody has this name.
    Name {
        /// The name.
        name: String,
        /// What it was most likely meant to be.
        near: Option<String>,
        /// All names there are.
        names: Vec<String>,
    },
    /// No machine stands in this zone, so nobody opens a session there.
    NoMachine(String),
    /// The port is not one.
    Port(String),
}

/// Arrows that stand between the two ends; the longer ones first.
const ARROWS: [&str; 12] =
    ["-->", "->", "=>", "－＞", "ー＞", "−＞", "-＞", "→", "⇒", "➡", "⟶", "＝＞"];

impl Question {
    /// Reads `from -> to ports`, where the ports may be missing. Full-width letters and other
    /// arrows are taken, ports by protocol and number or by the name of a service.
    ///
    /// # Errors
    /// When the text has not that form or the port is not one.
    pub fn read(text: &str) -> Result<Self, AskError> {
        let arrow = ARROWS.iter().filter_map(|arrow| Some((text.find(arrow)?, arrow)));
        let (at, arrow) = arrow.min_by_key(|(at, _)| *at).ok_or(AskError::Form)?;
        let (from, rest) = (text[..at].trim(), &text[at + arrow.len()..]);
        let mut words = rest.split_whitespace();
        let to = words.next().ok_or(AskError::Form)?.to_owned();
        // `tcp 445` is `tcp/445`.
        let words: Vec<&str> = words.collect();
        let ports = match words.as_slice() {
            [] => Vec::new(),
            [word] => ports(word)?,
            [protocol, number] => ports(&format!("{protocol}/{number}"))?,
            _ => return Err(AskError::Form),
        };
        if from.is_empty() {
            return Err(AskError::Form);
        }
        Ok(Self { from: from.to_owned(), to, ports })
    }
}

/// What a word such as `tcp/445`, `445/tcp` or `smb` stands for.
fn ports(word: &str) -> Result<Vec<PortSpec>, AskError> {
    let plain = half_width(word).to_lowercase();
    let turned = plain.split_once('/').map(|(first, second)| format!("{second}/{first}"));
    let known = Use::read(&plain).or_else(|| Use::read(&turned?));
    known.map(|known| known.ports).ok_or_else(|| AskError::Port(word.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{AskError, Question};

    #[test]
    fn what_people_type_is_understood() {
        let plain = Question::read("receipt-1 -> terminal-1 tcp/445").expect("the plain form");
        for text in [
            "receipt-1->terminal-1 TCP/445",
            "receipt-1 → terminal-1 ｔｃｐ／４４５",
            "receipt-1　－＞　terminal-1　tcp/445",
            "receipt-1 ⇒ terminal-1 445/tcp",
            "receipt-1 => terminal-1 tcp 445",
            "receipt-1 --> terminal-1 smb",
            "receipt-1 -> terminal-1 ＳＭＢ",
        ] {
            assert_eq!(Question::read(text), Ok(plain.clone()), "{text}");
        }
        let dns = Question::read("terminal-1 -> router-b dns").expect("a service with two ports");
        assert_eq!(dns.ports.len(), 2);
        assert_eq!(Question::read("a -> b ping").map(|one| one.ports.len()), Ok(1));
        assert_eq!(Question::read("a -> b").map(|one| one.ports.len()), Ok(0));
        for text in ["a", "a ->", "-> b", "a -> b tcp 1 2"] {
            assert_eq!(Question::read(text), Err(AskError::Form), "{text}");
        }
        for text in ["a -> b smbb", "a -> b tcp/70000", "a -> b 445"] {
            assert!(matches!(Question::read(text), Err(AskError::Port(_))), "{text}");
        }
    }
}
