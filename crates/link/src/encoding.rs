//! UTF-8 and Shift_JIS (as Windows has it, CP932), strictly: what does not come back as it was
//! is refused, never replaced.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, SHIFT_JIS};

/// Longest text of a file. LIMIT: Shift_JIS of this size as UTF-8 is one and a half times as long
/// where half of it is Japanese.
pub const TEXT_MAX_BYTES: usize = 16 * 1024 * 1024;
/// Most bytes beyond ASCII of a file that may be text in both encodings. LIMIT: no text of more
/// than some words is.
const SHORT_MAX_BYTES: usize = 256;

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
    /// It is longer than [`TEXT_MAX_BYTES`].
    TooLong,
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
    shift_jis_of(bytes).map(Cow::into_owned)
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
    let likely = if has_mark { Some(Encoding::Utf8) } else { likely(plain) };
    if likely == Some(other) {
        return Err(mismatch);
    }
    let text = match declared {
        Encoding::Utf8 => std::str::from_utf8(plain).ok().map(Cow::Borrowed),
        Encoding::ShiftJis => shift_jis(plain, TEXT_MAX_BYTES)?,
    };
    match text {
        Some(text) => Ok((text, declared)),
        None if is_text(plain, other) => Err(mismatch),
        None => Err(DecodeError::Malformed(declared)),
    }
}

/// The text of Shift_JIS; `None` if it is none.
fn shift_jis(bytes: &[u8], longest: usize) -> Result<Option<Cow<'_, str>>, DecodeError> {
    if let Some(text) = std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii()) {
        return Ok(Some(Cow::Borrowed(text)));
    }
    let mut decoder = SHIFT_JIS.new_decoder_without_bom_handling();
    // A single byte becomes three at most; what is not written to costs nothing.
    let mut text = String::with_capacity(bytes.len().saturating_mul(3).min(longest) + 16);
    let (result, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        DecoderResult::InputEmpty => Ok(Some(Cow::Owned(text))),
        DecoderResult::OutputFull => Err(DecodeError::TooLong),
        DecoderResult::Malformed(..) => Ok(None),
    }
}

fn shift_jis_of(bytes: &[u8]) -> Option<Cow<'_, str>> {
    shift_jis(bytes, usize::MAX - 16).ok().flatten()
}

/// True if bytes are text in an encoding. It costs no memory.
#[must_use]
pub fn is_text(bytes: &[u8], encoding: Encoding) -> bool {
    if encoding == Encoding::Utf8 {
        return std::str::from_utf8(bytes).is_ok();
    }
    let mut decoder = SHIFT_JIS.new_decoder_without_bom_handling();
    let (mut rest, mut text) = (bytes, String::with_capacity(4 * 1024));
    loop {
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
        match result {
            DecoderResult::InputEmpty => return true,
            DecoderResult::Malformed(..) => return false,
            DecoderResult::OutputFull => {}
        }
        text.clear();
        rest = &rest[read..];
    }
}

/// What a text that can be read in both encodings is; `None` where it can be in one of them only,
/// or is ASCII. Japanese text in Shift_JIS is never UTF-8 as a whole, except some words.
fn likely(bytes: &[u8]) -> Option<Encoding> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.is_ascii())?;
    if !is_text(bytes, Encoding::ShiftJis) {
        return None;
    }
    // All of Japanese has three bytes or more in UTF-8; two are half-width kana in Shift_JIS.
    if !bytes.iter().any(|byte| *byte >= 0xE0) {
        return Some(Encoding::ShiftJis);
    }
    let is_short = bytes.iter().filter(|byte| !byte.is_ascii()).count() <= SHORT_MAX_BYTES;
    let other = shift_jis(bytes, TEXT_MAX_BYTES).ok().flatten().filter(|_| is_short);
    match other {
        Some(other) if rareness(&other) < rareness(text) => Some(Encoding::ShiftJis),
        _ => Some(Encoding::Utf8),
    }
}

/// How unlikely a text is, by characters: kanji of the first level of JIS X 0208 count once, what
/// stands behind them three times, what CP932 does not have five times; and a word that goes on
/// with a letter three times, for the second byte of a character in the other encoding often is
/// one.
fn rareness(text: &str) -> usize {
    let rare = |c: char| match encode(c.encode_utf8(&mut [0; 4]), Encoding::ShiftJis).as_deref() {
        Err(_) => 5,
        Ok([first, second]) if (*first, *second) > (0x98, 0x72) => 3,
        Ok([first, _]) if *first >= 0x88 => 1,
        Ok(_) => 0,
    };
    let mut is_wide = false;
    let letter = |c: char| {
        let was_wide = std::mem::replace(&mut is_wide, !c.is_ascii());
        if was_wide && matches!(c, '@'..='~') { 3 } else { 0 }
    };
    let rares = text.chars().filter(|c| !c.is_ascii()).map(rare).sum::<usize>();
    rares + text.chars().map(letter).sum::<usize>()
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
            if !has_errors && shift_jis_of(&bytes).is_some_and(|back| back == text) {
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
    !has_errors && shift_jis_of(&bytes).is_some_and(|back| back == text)
}
