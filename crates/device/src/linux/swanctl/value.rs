//! Keys of swanctl.conf that say how, not what or whether, with the values that strongSwan takes:
//! one that it refuses costs the whole connection.
//!
//! # Source
//! strongSwan 5.9.8, asked with `swanctl --load-conns` and `ip xfrm policy` (2026-11).

/// What a key may hold.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Switch,
    /// A number up to this one.
    Number(u32),
    /// `30s`, `4h`.
    Time,
    /// `500m`.
    Bytes,
    /// One of these, in either case.
    Word(&'static [&'static str]),
    /// Words with `|` between them, see [`actions`].
    Actions,
    /// Proposals of IKE.
    Keys,
    /// Proposals of ESP.
    Ciphers,
    /// `psk`, `pubkey` or a method of EAP or XAuth.
    Method,
    Text,
}

use Form::{Actions, Bytes, Ciphers, Keys, Method, Number, Switch, Text, Time, Word};

/// Where keys stand.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Connection,
    Child,
    /// `local` and `remote`.
    End,
    /// `children`, which holds sections only.
    Children,
}

const CONNECTION: &[(&str, Form)] = &[
    ("version", Number(2)),
    ("proposals", Keys),
    ("local_port", Number(65_535)),
    ("remote_port", Number(65_535)),
    ("rekey_time", Time),
    ("reauth_time", Time),
    ("over_time", Time),
    ("rand_time", Time),
    ("dpd_delay", Time),
    ("dpd_timeout", Time),
    ("fragmentation", Word(&["yes", "accept", "force", "no"])),
    ("keyingtries", Number(u32::MAX)),
    ("unique", Word(&["never", "no", "keep", "replace"])),
    ("mobike", Switch),
    ("aggressive", Switch),
    ("pull", Switch),
    ("send_cert", Word(&["ifasked", "always", "never"])),
    ("send_certreq", Switch),
];

const CHILD: &[(&str, Form)] = &[
    ("esp_proposals", Ciphers),
    ("rekey_time", Time),
    ("life_time", Time),
    ("rand_time", Time),
    ("rekey_bytes", Bytes),
    ("life_bytes", Bytes),
    ("rand_bytes", Bytes),
    ("rekey_packets", Number(u32::MAX)),
    ("life_packets", Number(u32::MAX)),
    ("rand_packets", Number(u32::MAX)),
    ("dpd_action", Actions),
    ("close_action", Actions),
    ("inactivity", Time),
    ("replay_window", Number(u32::MAX)),
    ("hw_offload", Word(&["no", "yes", "auto"])),
    ("copy_df", Switch),
    ("copy_ecn", Switch),
    ("copy_dscp", Word(&["out", "in", "yes", "no"])),
    ("sha256_96", Switch),
];

const END: &[(&str, Form)] = &[
    ("auth", Method),
    ("id", Text),
    ("eap_id", Text),
    ("aaa_id", Text),
    ("xauth_id", Text),
    ("certs", Text),
    ("cacerts", Text),
    ("pubkeys", Text),
    ("groups", Text),
    ("revocation", Word(&["strict", "ifuri", "relaxed"])),
    ("round", Number(u32::MAX)),
];

/// What the key may hold at this place, if it is one that says how.
pub(super) fn form(place: Place, key: &str) -> Option<Form> {
    let keys = match place {
        Place::Connection => CONNECTION,
        Place::Child => CHILD,
        Place::End => END,
        Place::Children => &[],
    };
    keys.iter().find(|(known, _)| *known == key).map(|(_, form)| *form)
}

/// Whether strongSwan is known to take `value`.
pub(super) fn is_taken(form: Form, value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    match form {
        Switch => switch(value).is_some(),
        Number(most) => number(value).is_some_and(|number| number <= most),
        Time => {
            let count = value.trim_end_matches(['d', 'h', 'm', 's']);
            value.len() - count.len() <= 1 && number(count).is_some()
        }
        Bytes => {
            let count = value.trim_end_matches(['k', 'm', 'g']);
            value.len() - count.len() <= 1 && number(count).is_some()
        }
        Word(words) => words.contains(&lower.as_str()),
        Actions => actions(value).is_some(),
        Keys => value.split(',').all(|one| is_proposal(one.trim(), true)),
        Ciphers => value.split(',').all(|one| is_proposal(one.trim(), false)),
        Method => {
            matches!(lower.as_str(), "psk" | "pubkey")
                || lower.starts_with("eap")
                || lower.starts_with("xauth")
        }
        Text => true,
    }
}

pub(super) fn switch(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "yes" | "true" | "enabled" | "1" => Some(true),
        "no" | "false" | "disabled" | "0" => Some(false),
        _ => None,
    }
}

/// A number; one with a leading zero would be octal.
pub(super) fn number(text: &str) -> Option<u32> {
    let is_plain =
        |digits: &str| !digits.is_empty() && digits.bytes().all(|one| one.is_ascii_hexdigit());
    if let Some(hex) = text.strip_prefix("0x").filter(|hex| is_plain(hex)) {
        return u32::from_str_radix(hex, 16).ok();
    }
    let is_octal = text.len() > 1 && text.starts_with('0');
    if is_octal || !is_plain(text) { None } else { text.parse().ok() }
}

/// What is done with a child as soon as it is loaded.
#[derive(Clone, Copy, Default)]
pub(super) struct Action {
    pub(super) is_trap: bool,
    pub(super) is_start: bool,
}

/// What the actions do; `None` if strongSwan does not know one of them.
pub(super) fn actions(value: &str) -> Option<Action> {
    let mut found = Action::default();
    for word in value.split('|') {
        match word.trim().to_ascii_lowercase().as_str() {
            "trap" | "route" => found.is_trap = true,
            "start" | "restart" => found.is_start = true,
            "none" | "clear" => {}
            _ => return None,
        }
    }
    Some(found)
}

const CLASSIC: &[&str] = &[
    "aes",
    "aes128",
    "aes192",
    "aes256",
    "aes128ctr",
    "aes192ctr",
    "aes256ctr",
    "camellia128",
    "camellia192",
    "camellia256",
    "3des",
];

const COMBINED: &[&str] = &[
    "aes128gcm",
    "aes192gcm",
    "aes256gcm",
    "aes128gcm8",
    "aes192gcm8",
    "aes256gcm8",
    "aes128gcm12",
    "aes192gcm12",
    "aes256gcm12",
    "aes128gcm16",
    "aes192gcm16",
    "aes256gcm16",
    "aes128gcm64",
    "aes192gcm64",
    "aes256gcm64",
    "aes128gcm96",
    "aes192gcm96",
    "aes256gcm96",
    "aes128gcm128",
    "aes192gcm128",
    "aes256gcm128",
    "aes128ccm8",
    "aes192ccm8",
    "aes256ccm8",
    "aes128ccm12",
    "aes192ccm12",
    "aes256ccm12",
    "aes128ccm16",
    "aes192ccm16",
    "aes256ccm16",
    "chacha20poly1305",
];

const INTEGRITY: &[&str] = &[
    "md5", "sha", "sha1", "sha256", "sha384", "sha512", "sha2_256", "sha2_384", "sha2_512",
    "aesxcbc", "aescmac",
];

const FUNCTION: &[&str] =
    &["prfmd5", "prfsha1", "prfsha256", "prfsha384", "prfsha512", "prfaesxcbc", "prfaescmac"];

const GROUP: &[&str] = &[
    "modp768",
    "modp1024",
    "modp1536",
    "modp2048",
    "modp3072",
    "modp4096",
    "modp6144",
    "modp8192",
    "modp1024s160",
    "modp2048s224",
    "modp2048s256",
    "ecp192",
    "ecp224",
    "ecp256",
    "ecp384",
    "ecp521",
    "ecp224bp",
    "ecp256bp",
    "ecp384bp",
    "ecp512bp",
    "curve25519",
    "x25519",
    "curve448",
    "x448",
];

/// Whether it is a proposal with ciphers of one kind and what else it needs.
fn is_proposal(text: &str, is_of_keys: bool) -> bool {
    if text == "default" {
        return true;
    }
    let words: Vec<&str> = text.split('-').collect();
    let has = |kind: &[&str]| words.iter().any(|word| kind.contains(word));
    let kinds = [CLASSIC, COMBINED, INTEGRITY, FUNCTION, GROUP, &["esn", "noesn"]];
    let is_known = words.iter().all(|word| kinds.iter().any(|kind| kind.contains(word)));
    let is_whole = match is_of_keys {
        false => true,
        true if has(CLASSIC) => has(INTEGRITY) && has(GROUP),
        true => (has(INTEGRITY) || has(FUNCTION)) && has(GROUP),
    };
    is_known && is_whole && has(CLASSIC) != has(COMBINED)
}
