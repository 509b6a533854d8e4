//! Configurations of {{name}} to the model: the only place that translates, and that makes
//! every default explicit.

use diag::{Span, text};
use model::{Effects, Gap, LineClass, LineState, Node, NodeKind, Readings};

use super::config::Configuration;
use crate::{Config, Lowered};

impl Config for Configuration {
    fn lower(&self, _readings: &Readings) -> Lowered {
        let mut node = Node::new(self.name.as_str(), NodeKind::Router, self.origin.clone());
        for &span in &self.not_modelled {
            node.lines.push(LineClass { span, state: LineState::NotModelled });
            node.gaps.push(gap(span));
        }
        Lowered { node, diagnostics: Vec::new() }
    }
}

/// A line that could do anything.
fn gap(span: Span) -> Gap {
    let what = text!(ja: "この行はまだ解釈できません", en: "this line is not modelled yet");
    Gap { span, what, effects: Effects::ALL, interface: None, family: None }
}
