//! Text that exists in both languages at once.

/// A language of the output.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Lang {
    /// Japanese.
    #[default]
    Ja,
    /// English.
    En,
}

impl Lang {
    /// The language that a POSIX locale name such as `ja_JP.UTF-8` asks for.
    #[must_use]
    pub fn from_locale(locale: &str) -> Self {
        if locale.starts_with("ja") { Self::Ja } else { Self::En }
    }
}

/// The same statement in Japanese and English; neither says less than the other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Text {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Both languages at once; [`text!`](crate::text!) is the usual way to write one.
    #[must_use]
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }

    /// A name or a quotation that is the same in every language; what is hidden in it is
    /// [shown](crate::visible_lines).
    #[must_use]
    pub fn verbatim(text: impl Into<String>) -> Self {
        let text = text.into();
        let text = match crate::visible_lines(&text) {
            std::borrow::Cow::Owned(shown) => shown,
            std::borrow::Cow::Borrowed(_) => text,
        };
        Self { ja: text.clone(), en: text }
    }

    /// The text in `lang`.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.ja,
            Lang::En => &self.en,
        }
    }
}

/// Writes one statement in both languages with the same arguments.
///
/// An argument is an expression that implements `Display`, or a [`Text`](crate::Text) after
/// `text` (it is then inserted in the language of the sentence). An argument that one of the
/// two sentences does not use is a compile error. What is hidden in an argument is
/// [shown](crate::visible), so that no input can forge lines or speak to the terminal.
///
/// ```
/// let need = 2;
/// let said = diag::text!(
///     ja: "NIC が {need} 枚必要です",
///     en: "{need} network interfaces are required",
///     need = need,
/// );
/// assert_eq!(said.ja, "NIC が 2 枚必要です");
/// ```
#[macro_export]
macro_rules! text {
    (ja: $ja:literal, en: $en:literal $(, $name:ident = $value:expr)* $(,)?) => {
        // All values are computed before any name is bound, so that a name may equal a
        // variable that a later value uses.
        match ($($crate::Localized::of(&$value),)*) {
            ($($name,)*) => $crate::Text::new(
                format!($ja $(, $name = $name.in_ja())*),
                format!($en $(, $name = $name.in_en())*),
            ),
        }
    };
}

/// An argument of [`text!`](crate::text!) as it reads in each language.
pub struct Localized {
    ja: String,
    en: String,
}

impl Localized {
    /// `value` in both languages.
    pub fn of(value: &impl Localize) -> Self {
        Self { ja: value.localize(Lang::Ja), en: value.localize(Lang::En) }
    }

    /// As it reads in Japanese.
    #[must_use]
    pub fn in_ja(&self) -> &str {
        &self.ja
    }

    /// As it reads in English.
    #[must_use]
    pub fn in_en(&self) -> &str {
        &self.en
    }
}

/// Something that can be an argument of a bilingual text.
pub trait Localize {
    /// How it reads in `lang`.
    fn localize(&self, lang: Lang) -> String;
}

impl Localize for Text {
    fn localize(&self, lang: Lang) -> String {
        self.get(lang).to_owned()
    }
}

macro_rules! localize_display {
    ($($type:ty),*) => {$(
        impl Localize for $type {
            fn localize(&self, _: Lang) -> String {
                self.to_string()
            }
        }
    )*};
}

impl Localize for str {
    fn localize(&self, _: Lang) -> String {
        crate::visible(self).into_owned()
    }
}

impl Localize for String {
    fn localize(&self, lang: Lang) -> String {
        self.as_str().localize(lang)
    }
}

impl Localize for char {
    fn localize(&self, lang: Lang) -> String {
        self.encode_utf8(&mut [0; 4]).localize(lang)
    }
}

localize_display!(
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    i32,
    i64,
    std::net::IpAddr,
    std::net::Ipv4Addr,
    std::net::Ipv6Addr
);

impl<T: Localize + ?Sized> Localize for &T {
    fn localize(&self, lang: Lang) -> String {
        (**self).localize(lang)
    }
}
