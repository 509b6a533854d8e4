//! Tests of the vendors: one module each, and their shared cases.

mod linux;
mod yamaha;
