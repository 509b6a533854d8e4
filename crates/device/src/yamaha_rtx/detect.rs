//! How likely a text is a configuration of an RTX.

/// LIMIT: lines that are looked at.
const MAX_LINES: usize = 2_000;

/// Beginnings of lines that hardly any other router uses.
const SIGNS: [&str; 12] = [
    "ip filter ",
    "ipv6 filter ",
    "ip lan",
    "ipv6 lan",
    "ip pp ",
    "pp select",
    "pppoe use",
    "pppoe pass-through",
    "nat descriptor",
    "tunnel select",
    "telnetd ",
    "dns server select",
];

/// See [`Vendor::detect`](crate::Vendor).
pub(crate) fn detect(text: &str) -> u8 {
    let mut signs: u32 = 0;
    for line in text.lines().take(MAX_LINES) {
        let line = line.trim_start();
        if line.starts_with("# RTX") || line.starts_with("# NVR") {
            return 100;
        }
        signs += u32::from(SIGNS.iter().any(|sign| {
            line.get(..sign.len()).is_some_and(|start| start.eq_ignore_ascii_case(sign))
        }));
    }
    match signs {
        0 => 0,
        1 => 40,
        2 => 70,
        _ => 95,
    }
}
