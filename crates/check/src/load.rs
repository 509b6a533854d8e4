//! The site file, and which configuration files it names.

use diag::{Diagnostic, Sources, Text, text};
use site::Site;

/// A site file that was read.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub(crate) sources: Sources,
    pub(crate) site: Site,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) is_usable: bool,
}

/// A file that the site file names, as the caller found it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigFile {
    /// Its name as the site file writes it.
    pub name: String,
    /// Its name as the user should see it.
    pub shown: String,
    /// Its bytes, or why they could not be read.
    pub content: Result<Vec<u8>, Unreadable>,
}

/// Why a file could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// Why.
    pub reason: Text,
    /// What to do.
    pub help: Text,
}

impl From<Text> for Unreadable {
    /// For `reason`, where nothing more particular helps.
    fn from(reason: Text) -> Self {
        let help = text!(
            ja: "名前を確かめて、保存し直してください",
            en: "check its name, and save it anew",
        );
        Self { reason, help }
    }
}

/// Reads the site file called `name`.
#[must_use]
pub fn load(name: &str, bytes: &[u8]) -> Loaded {
    let mut sources = Sources::new();
    let Ok(text) = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) else {
        let source = sources.add(name, String::from_utf8_lossy(bytes));
        let valid = std::str::from_utf8(bytes).err().map_or(0, |error| error.valid_up_to());
        let span = diag::Span::new(source, valid, valid + char::REPLACEMENT_CHARACTER.len_utf8());
        let found = Diagnostic::error(
            "P110",
            text!(
                ja: "`{name}` は UTF-8 ではありません（{at} バイト目）",
                en: "`{name}` is not UTF-8 (at byte {at})",
                name = name, at = valid + 1,
            ),
        )
        .at(span);
        let found = match other_encoding(bytes) {
            Some(encoding) => found.because(text!(
                ja: "{encoding} のようです", en: "it seems to be {encoding}", encoding = encoding,
            )),
            None => found,
        }
        .advise(text!(
            ja: "サイトファイルは UTF-8 で保存してください（メモ帳では「名前を付けて保存」の文字コード）",
            en: "save the site file as UTF-8",
        ));
        let site = Site::empty(source);
        return Loaded { sources, site, diagnostics: vec![found], is_usable: false };
    };
    let source = sources.add(name, text);
    let (site, diagnostics) = site::parse(source, text);
    let is_usable = site.facility.is_some() || !site.routers.is_empty();
    Loaded { sources, site, diagnostics, is_usable }
}

/// The encoding that bytes which are no UTF-8 seem to have.
fn other_encoding(bytes: &[u8]) -> Option<&'static str> {
    if device::is_utf16(bytes) {
        return Some("UTF-16");
    }
    device::decode("", bytes).is_usable.then_some("Shift_JIS")
}

impl Loaded {
    /// Names of the files that the site file needs, each once, in order: configurations, packs and
    /// the evidence of deletion.
    #[must_use]
    pub fn files(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let deletion = self.site.deletion.iter();
        let evidence = deletion.flat_map(|deletion| &deletion.value.evidence);
        let configs = self.site.routers.iter().flat_map(|router| &router.config);
        for file in configs.chain(&self.site.packs).chain(evidence) {
            if !names.contains(&file.value) {
                names.push(file.value.clone());
            }
        }
        names
    }

    /// The site.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// The site file among the sources.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// What there is to say about the site file alone.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}
