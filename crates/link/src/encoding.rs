//! UTF-8 and Shift_JIS (as Windows has it, CP932), strictly: what does not come back as it was
//! is refused, never replaced.

use std::borrow::Cow;

use encoding_rs::SHIFT_JIS;

/// How a file writes its characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// Shift_JIS with the additions of Windows (CP932).
    ShiftJis,
}

impl Encoding {
    /// The name in an XML declaration.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::ShiftJis => "Shift_JIS",
        }
    }

    /// The value of `CharacterCodeIdentifier`.
    #[must_use]
    pub fn identifier(self) -> &'static str {
        match self {
            Self::Utf8 => "0",
            Self::ShiftJis => "1",
        }
    }

    /// The encoding of a name in an XML declaration.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        let label = label.to_ascii_lowercase();
        match label.as_str() {
            "utf-8" | "utf8" => Some(Self::Utf8),
            "shift_jis" | "shift-jis" | "sjis" | "x-sjis" | "ms932" | "cp932" | "windows-31j"
            | "ms_kanji" => Some(Self::ShiftJis),
            _ => None,
        }
    }
}

/// Why bytes are not text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DecodeError {
    /// The declaration names an encoding that is neither UTF-8 nor Shift_JIS.
    UnknownLabel,
    /// Bytes that the encoding does not have.
    Malformed(Encoding),
    /// The file says one encoding and is written in another.
    Mismatch {
        /// What the file says.
        declared: Encoding,
        /// What it is.
        actual: Encoding,
    },
}

/// The text of a file that never says how it is written, such as `.err`: UTF-8 if it is that, else
/// Shift_JIS; `None` if it is neither.
#[must_use]
pub fn undeclared(bytes: &[u8]) -> Option<String> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned());
    }
    let text = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(text.into_owned())
}

/// The text of a whole file: in the declared encoding, else UTF-8. A file that says one thing
/// and is another is an error even where its bytes happen to mean something.
///
/// # Errors
/// When it is not text in exactly that encoding.
pub fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), DecodeError> {
    let (plain, has_mark) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(plain) => (plain, true),
        None => (bytes, false),
    };
    let declared = match label(plain) {
        None => Encoding::Utf8,
        Some(label) => Encoding::from_label(label).ok_or(DecodeError::UnknownLabel)?,
    };
    let other = match declared {
        Encoding::Utf8 => Encoding::ShiftJis,
        Encoding::ShiftJis => Encoding::Utf8,
    };
    let mismatch = DecodeError::Mismatch { declared, actual: other };
    let is_other = match declared {
        Encoding::ShiftJis => has_mark || is_evidently_utf8(plain),
        Encoding::Utf8 => !has_mark && may_be_kana(plain),
    };
    if is_other {
        return Err(mismatch);
    }
    match decode_as(plain, declared) {
        Some(text) => Ok((text, declared)),
        None if decode_as(plain, other).is_some() => Err(mismatch),
        None => Err(DecodeError::Malformed(declared)),
    }
}

fn decode_as(bytes: &[u8], encoding: Encoding) -> Option<Cow<'_, str>> {
    match encoding {
        Encoding::Utf8 => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Encoding::ShiftJis => SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes),
    }
}

/// True if it is UTF-8 with a character that Japanese text has there: three bytes or more.
/// Japanese text in Shift_JIS is never UTF-8 as a whole, except single half-width kana, which
/// look like two-byte characters.
fn is_evidently_utf8(bytes: &[u8]) -> bool {
    !bytes.is_ascii()
        && std::str::from_utf8(bytes).is_ok()
        && bytes.iter().any(|byte| *byte >= 0xE0)
}

/// True if what would be UTF-8 has no character of three bytes, as all of Japanese has, and is
/// half-width kana in Shift_JIS. Nothing tells which of both was meant.
fn may_be_kana(bytes: &[u8]) -> bool {
    !bytes.is_ascii()
        && !bytes.iter().any(|byte| *byte >= 0xE0)
        && std::str::from_utf8(bytes).is_ok()
        && decode_as(bytes, Encoding::ShiftJis).is_some()
}

/// The encoding that an XML declaration names.
fn label(bytes: &[u8]) -> Option<&str> {
    let declaration = bytes.strip_prefix(b"<?xml")?;
    let end = declaration.iter().take(200).position(|byte| *byte == b'>')?;
    let declaration = std::str::from_utf8(&declaration[..end]).ok()?;
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest[1..].split_once(quote).map(|(label, _)| label)
}

/// The bytes of a text.
///
/// # Errors
/// With the first character that the encoding does not have, or that would come back as
/// another one (`¥` as `\`).
pub fn encode(text: &str, encoding: Encoding) -> Result<Vec<u8>, char> {
    match encoding {
        Encoding::Utf8 => Ok(text.as_bytes().to_owned()),
        Encoding::ShiftJis => {
            let (bytes, _, has_errors) = SHIFT_JIS.encode(text);
            let back = decode_as(&bytes, encoding);
            if !has_errors && back.is_some_and(|back| back == text) {
                return Ok(bytes.into_owned());
            }
            Err(text.chars().find(|c| !is_encodable(*c)).unwrap_or('\u{FFFD}'))
        }
    }
}

fn is_encodable(c: char) -> bool {
    let mut buffer = [0; 4];
    let text: &str = c.encode_utf8(&mut buffer);
    let (bytes, _, has_errors) = SHIFT_JIS.encode(text);
    !has_errors && decode_as(&bytes, Encoding::ShiftJis).is_some_and(|back| back == text)
}
