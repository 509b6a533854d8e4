//! How likely a text belongs to a Linux router.

/// Whether the text looks like a ruleset of nftables.
pub(super) fn is_ruleset(text: &str) -> bool {
    let starts = ["table ", "add table ", "flush ruleset", "#!/usr/sbin/nft", "define "];
    text.lines().any(|line| starts.iter().any(|start| line.starts_with(start)))
}

/// Likelihood from 0 to 100.
pub(super) fn detect(text: &str) -> u8 {
    let has_hook = text.contains("type filter hook ") || text.contains("type nat hook ");
    match (is_ruleset(text), has_hook) {
        (true, true) => 95,
        (true, false) if text.contains('{') => 60,
        _ if text.trim_start().starts_with("[{") && text.contains("\"ifname\"") => 80,
        _ => 0,
    }
}
