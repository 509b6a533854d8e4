//! Tests of the file exchange. Those that decide an acceptance criterion begin with its number.

mod attack;
mod cost;
mod crash;
mod deterministic;
mod encoding;
mod exchange;
mod folder;
mod journal;
mod name;
mod place;
mod samba;
mod secrecy;
mod sweep;
mod terminal;
mod value;
