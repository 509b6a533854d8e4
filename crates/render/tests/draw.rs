//! Drawings: that nothing overlaps or leaves its place, on written and on random sites.

#[path = "draw/example.rs"]
mod example;
#[path = "draw/geometry.rs"]
mod geometry;
#[path = "draw/random.rs"]
mod random;
#[path = "draw/svg.rs"]
mod svg;
