//! Names for logs: what kind of file it is stays readable, what could point to a person does
//! not. The same name gives the same pseudonym on one machine, and another one elsewhere.

use std::ffi::OsStr;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::name::Name;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// Bytes of the keyed hash that are shown.
const SHOWN_BYTES: usize = 8;

/// The secret of one machine.
#[derive(Clone)]
pub struct Key([u8; KEY_BYTES]);

impl Key {
    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// A short word for something that nobody may read.
    #[must_use]
    pub fn word(&self, secret: &[u8]) -> String {
        let mut hash = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length fits");
        hash.update(secret);
        hex(&hash.finalize().into_bytes()[..SHOWN_BYTES])
    }

    /// A seal that only this key gives to a text; it has to name what kind of text it is.
    #[must_use]
    pub fn seal(&self, text: &[u8]) -> String {
        let mut hash = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length fits");
        hash.update(text);
        hex(&hash.finalize().into_bytes())
    }

    /// A file name as a log may show it.
    #[must_use]
    pub fn name(&self, name: &OsStr) -> String {
        let word = self.word(name.as_encoded_bytes());
        match Name::parse(name) {
            Name::Exchange(known) => {
                let (side, extension) = (known.side.word(), known.extension.word());
                format!("{}{side}_~{word}.{extension}", known.api)
            }
            Name::Face(_) => format!("OQSsiquc01res_face_~{word}.xml"),
            Name::Leftover(_) => format!("del~{word}.txt"),
            Name::Temporary(_) => format!(".~{word}.tmp"),
            Name::Foreign(_) => format!("foreign~{word}"),
        }
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Key(hidden)")
    }
}

/// The SHA-256 of a content, in hexadecimal digits.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
