//! Text of {{name}} to its [`Configuration`]. Never fails; no meaning: that is `lower`.

use diag::Span;

use super::config::Configuration;
use crate::Input;

/// Reads the files of one device.
pub(super) fn parse(input: &Input<'_>) -> Configuration {
    let mut not_modelled = Vec::new();
    for file in input.files {
        let mut start = 0;
        for line in file.text.split_inclusive('\n') {
            let end = start + line.trim_end().len();
            if end > start {
                not_modelled.push(Span::new(file.source, start, end));
            }
            start += line.len();
        }
    }
    Configuration { name: input.name.to_owned(), origin: input.origin.clone(), not_modelled }
}
