//! What the codes that all vendors share stand for.

use diag::{CodeInfo, text};

/// Codes of the decoder.
pub static CODES: &[CodeInfo] = &[
    CodeInfo {
        code: "P100",
        name: "config-too-large",
        explain: || {
            text!(
                ja: "設定ファイルが大きすぎます。機器の設定を保存したテキストではない可能性があ\
                     ります。このファイルからは何も読み取らず、関係する要件は証明しません。",
                en: "The configuration file is too large to be one. Nothing is read from it, and \
                     no requirement that needs it is proved.",
            )
        },
    },
    CodeInfo {
        code: "P101",
        name: "config-not-text",
        explain: || {
            text!(
                ja: "設定ファイルにテキストでは使わない制御文字があります。バイナリのバックアッ\
                     プではなく、テキストの設定を保存してください。このファイルからは何も証明し\
                     ません。",
                en: "The configuration file holds control characters that text does not have. \
                     Save the configuration as text, not as a binary backup. Nothing is proved \
                     from it.",
            )
        },
    },
    CodeInfo {
        code: "P102",
        name: "config-empty",
        explain: || {
            text!(
                ja: "設定ファイルが空です。空の設定は「何も許可しない」ではなく「何も分からない」\
                     ことを意味し、関係する要件は証明しません。",
                en: "The configuration file is empty. That does not mean that nothing is allowed \
                     but that nothing is known, so no requirement that needs it is proved.",
            )
        },
    },
    CodeInfo {
        code: "P103",
        name: "config-encoding",
        explain: || {
            text!(
                ja: "設定ファイルの文字コードが UTF-8 でも Shift_JIS でもありません。推測で読む\
                     と行の意味が変わるおそれがあるため、読み取りません。",
                en: "The configuration file is neither UTF-8 nor Shift_JIS. Guessing could \
                     change what a line means, so it is not read.",
            )
        },
    },
    CodeInfo {
        code: "P104",
        name: "config-read-as-shift-jis",
        explain: || {
            text!(
                ja: "設定ファイルを Shift_JIS として読みました。判定には影響しません。",
                en: "The configuration file was read as Shift_JIS. This does not change any \
                     verdict.",
            )
        },
    },
    CodeInfo {
        code: "P105",
        name: "config-of-windows",
        explain: || {
            text!(
                ja: "設定ファイルの BOM や行末の CR は、Windows のエディターや転送が付けたもので\
                     す。除いて読みました。判定には影響しません。",
                en: "Editors and transfers of Windows add a byte order mark and carriage returns \
                     to a configuration. It was read without them. This does not change any \
                     verdict.",
            )
        },
    },
];
