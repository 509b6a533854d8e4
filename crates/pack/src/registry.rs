//! The packs that are part of the program.

/// Name and text of each, in order.
pub static BUILT_IN: &[(&str, &str)] = &[
    ("packs/carrier.toml", include_str!("../data/carrier.toml")),
    ("packs/certificate.toml", include_str!("../data/certificate.toml")),
    ("packs/destination.toml", include_str!("../data/destination.toml")),
    ("packs/ntt-east.toml", include_str!("../data/ntt-east.toml")),
    ("packs/ntt-west.toml", include_str!("../data/ntt-west.toml")),
    ("packs/os.toml", include_str!("../data/os.toml")),
    ("packs/router.toml", include_str!("../data/router.toml")),
];
