//! Tests of the vendor `linux`.

mod cases;
mod damage;
mod example;
mod kernel;
mod load;
mod properties;
mod render;

/// The folder of the example with Linux routers.
fn example() -> std::path::PathBuf {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.join("examples/ipvpn-separate-linux")
}
