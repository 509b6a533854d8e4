//! The site file from outside: diagnostics, schema, formatter, and texts of any kind.

#[path = "site/agreement.rs"]
mod agreement;
#[path = "site/cases.rs"]
mod cases;
#[path = "site/examples.rs"]
mod examples;
#[path = "site/formatter.rs"]
mod formatter;
#[path = "site/random.rs"]
mod random;
