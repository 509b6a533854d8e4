//! {{name}}: the declaration of this vendor. Its words are in `config`, its syntax in `parse`,
//! their meaning in `lower`.

mod config;
mod detect;
mod lower;
mod parse;

use diag::Text;

use crate::{Config, Input, Vendor};

/// The vendor {{name}}.
pub(crate) static VENDOR: Vendor = Vendor {
    name: "{{name}}",
    title: || Text::verbatim("{{name}}"),
    detect: detect::likelihood,
    parse: parse_boxed,
    route: |prefix, via| format!("route {prefix} {via}"),
    secrets: |_, _| Vec::new(),
    assumptions: &[],
    codes: &[],
};

fn parse_boxed(input: &Input<'_>) -> Box<dyn Config> {
    Box::new(parse::parse(input))
}
