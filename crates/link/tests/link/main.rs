//! Tests of the file exchange. Those that decide an acceptance criterion begin with its number.

mod folder;
mod journal;
mod name;
mod place;
mod sweep;
