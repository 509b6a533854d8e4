//! Bytes of a configuration file to text: UTF-8 or Shift_JIS, never lossy without a word.

use diag::{Diagnostic, text};

/// Largest configuration file that is read.
///
/// # Units
/// Bytes. A full RTX1300 configuration is below 2 MiB.
pub const MAX_CONFIG_BYTES: usize = 16 * 1024 * 1024;

/// What some editors put in front of UTF-8.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// The text of a file and what there is to say about its bytes.
#[derive(Debug)]
pub struct Decoded {
    /// The text; empty when the bytes are no configuration.
    pub text: String,
    /// Remarks and errors, without a place: the caller knows the file.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the bytes can be a configuration at all.
    pub is_usable: bool,
}

/// Decodes the bytes of a configuration file called `name`.
///
/// Line breaks stay as they are, so that line numbers are those of the user's editor, and so does a
/// byte order mark.
///
/// # Errors
/// Too large, binary or undecodable bytes give an error diagnostic and an empty text.
#[must_use]
pub fn decode(name: &str, bytes: &[u8]) -> Decoded {
    if bytes.len() > MAX_CONFIG_BYTES {
        return unusable(too_large(name));
    }
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if is_utf16(body) {
        return unusable(utf16(name));
    }
    let binary = body.iter().position(|byte| is_binary(*byte));
    if let Some(at) = binary {
        return unusable(not_text(name, at));
    }
    if body.iter().all(u8::is_ascii_whitespace) {
        return unusable(empty(name));
    }
    // A byte order mark stays: whether it does harm is for the vendor's reader to say.
    let mut diagnostics: Vec<Diagnostic> = of_windows(name, bytes).into_iter().collect();
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: text.to_owned(), diagnostics, is_usable: true };
    }
    diagnostics.insert(0, read_as_shift_jis(name));
    match encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(body) {
        Some(text) => Decoded {
            text: match body.len() == bytes.len() {
                true => text.into_owned(),
                false => format!("{BYTE_ORDER_MARK}{text}"),
            },
            diagnostics,
            is_usable: true,
        },
        None => unusable(neither_encoding(name)),
    }
}

/// Whether the bytes are text in UTF-16, as PowerShell and old editors of Windows write it.
#[must_use]
pub fn is_utf16(bytes: &[u8]) -> bool {
    /// Bytes that are looked at in a text without a mark.
    const SAMPLE: usize = 64;
    let has_mark = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let sample = bytes.get(..SAMPLE.min(bytes.len()) & !1).unwrap_or(&[]);
    let (pairs, _) = sample.as_chunks::<2>();
    let alternates = |zero: usize| {
        pairs.len() > 1 && pairs.iter().all(|pair| pair[zero] == 0 && pair[1 - zero] != 0)
    };
    has_mark || alternates(0) || alternates(1)
}

fn utf16(name: &str) -> Diagnostic {
    Diagnostic::error(
        "P103",
        text!(
            ja: "`{name}` は UTF-16（Windows の「Unicode」）で保存されています",
            en: "`{name}` is saved as UTF-16 (\"Unicode\" on Windows)",
            name = name,
        ),
    )
    .advise(text!(
        ja: "文字コードに UTF-8 を選んで保存し直してください",
        en: "save it again and choose UTF-8",
    ))
}

/// Control characters that no configuration text holds. Backspace and escape are not among
/// them: pagers of terminals leave them behind.
fn is_binary(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x08 | 0x0c | 0x1b)
}

fn unusable(diagnostic: Diagnostic) -> Decoded {
    Decoded { text: String::new(), diagnostics: vec![diagnostic], is_usable: false }
}

fn too_large(name: &str) -> Diagnostic {
    Diagnostic::error(
        "P100",
        text!(
            ja: "`{name}` は {limit} バイトを超えており、設定ファイルとしては大きすぎます",
            en: "`{name}` has more than {limit} bytes, too large for a configuration",
            name = name, limit = MAX_CONFIG_BYTES,
        ),
    )
    .advise(text!(
        ja: "機器の設定をテキストで保存したファイルを指定してください",
        en: "name the file that holds the device's configuration as text",
    ))
}

fn not_text(name: &str, at: usize) -> Diagnostic {
    Diagnostic::error(
        "P101",
        text!(
            ja: "`{name}` はテキストではありません（{at} バイト目に制御文字があります）",
            en: "`{name}` is not text (control character at byte {at})",
            name = name, at = at + 1,
        ),
    )
    .advise(text!(
        ja: "`show config` などの出力をテキストとして保存し直してください",
        en: "save the output of `show config` or the like as text",
    ))
}

fn empty(name: &str) -> Diagnostic {
    Diagnostic::error("P102", text!(ja: "`{name}` は空です", en: "`{name}` is empty", name = name))
        .advise(text!(
            ja: "機器の設定を保存し直してください。空の設定からは何も証明しません",
            en: "save the device's configuration again; nothing is proved from an empty one",
        ))
}

fn neither_encoding(name: &str) -> Diagnostic {
    Diagnostic::error(
        "P103",
        text!(
            ja: "`{name}` は UTF-8 でも Shift_JIS でもありません",
            en: "`{name}` is neither UTF-8 nor Shift_JIS",
            name = name,
        ),
    )
    .advise(text!(
        ja: "UTF-8 で保存し直してください",
        en: "save it as UTF-8",
    ))
}

/// What editors of Windows add and the text is read without: a mark in front, carriage returns.
fn of_windows(name: &str, bytes: &[u8]) -> Option<Diagnostic> {
    let has_mark = bytes.starts_with(b"\xef\xbb\xbf");
    let has_returns = memchr::memmem::find(bytes, b"\r\n").is_some();
    let what = match (has_mark, has_returns) {
        (false, false) => return None,
        (true, false) => text!(ja: "先頭の BOM", en: "a byte order mark"),
        (false, true) => text!(ja: "行末の CR (CRLF)", en: "carriage returns (CRLF)"),
        (true, true) => text!(
            ja: "先頭の BOM と行末の CR (CRLF)",
            en: "a byte order mark and carriage returns (CRLF)",
        ),
    };
    Some(Diagnostic::note(
        "P105",
        text!(
            ja: "`{name}` は {what} を除いて読みました",
            en: "`{name}` was read without {what}",
            name = name, what = what,
        ),
    ))
}

fn read_as_shift_jis(name: &str) -> Diagnostic {
    Diagnostic::note(
        "P104",
        text!(
            ja: "`{name}` を Shift_JIS として読みました",
            en: "`{name}` was read as Shift_JIS",
            name = name,
        ),
    )
}
