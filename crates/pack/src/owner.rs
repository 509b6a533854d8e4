//! Whose lines a pack is about. Carriers of lines and providers of IPsec services have addresses
//! and names of their own; those of one never judge what hangs on another.

use diag::{Diagnostic, Span, Text, text};

use crate::codes;
use crate::fact::Author;
use crate::read::Pack;

/// Who runs the line of a site, and where its file says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Line<'a> {
    /// The carrier.
    pub carrier: Option<(&'a str, Span)>,
    /// The provider of the IPsec service on it.
    pub provider: Option<(&'a str, Span)>,
}

/// What a pack can be about.
#[derive(Clone, Copy)]
enum Owner {
    Carrier,
    Provider,
}

impl Owner {
    const ALL: [Self; 2] = [Self::Carrier, Self::Provider];

    fn of(self, pack: &Pack) -> Option<&(String, Span)> {
        match self {
            Self::Carrier => pack.carrier.as_ref(),
            Self::Provider => pack.provider.as_ref(),
        }
    }

    fn on<'a>(self, line: &Line<'a>) -> Option<(&'a str, Span)> {
        match self {
            Self::Carrier => line.carrier,
            Self::Provider => line.provider,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Carrier => "carrier",
            Self::Provider => "provider",
        }
    }

    fn title(self) -> Text {
        match self {
            Self::Carrier => text!(ja: "回線事業者", en: "carrier"),
            Self::Provider => text!(
                ja: "IPsec 接続サービスの事業者",
                en: "provider of the IPsec service",
            ),
        }
    }
}

/// Packs of the site that cannot be used together.
pub(crate) fn mixed(packs: &[Pack]) -> Vec<Diagnostic> {
    Owner::ALL.into_iter().flat_map(|owner| mixed_owners(packs, owner)).collect()
}

fn mixed_owners(packs: &[Pack], owner: Owner) -> Vec<Diagnostic> {
    let own = packs.iter().filter(|pack| pack.author == Author::Site);
    let named: Vec<&(String, Span)> = own.filter_map(|pack| owner.of(pack)).collect();
    let Some((first, at)) = named.first() else { return Vec::new() };
    let others = named.iter().filter(|(name, _)| name != first);
    others
        .map(|(name, other)| {
            Diagnostic::error(
                codes::MIXED_OWNERS,
                text!(
                    ja: "`{first}` と `{name}` のパックを同時に使うことはできません",
                    en: "packs of `{first}` and of `{name}` cannot be used together",
                    first = *first, name = *name,
                ),
            )
            .at(*other)
            .also(*at, text!(ja: "先に指定されたパックです", en: "the pack that comes first"))
            .advise(text!(
                ja: "`packs` には、この回線の{owner}のパックだけを残してください",
                en: "keep only the pack of this line's {owner} in `packs`",
                owner = owner.title(),
            ))
        })
        .collect()
}

/// Why `pack` is not about `line`; empty if it is.
pub(crate) fn others(pack: &Pack, line: &Line<'_>) -> Vec<Diagnostic> {
    let other = |owner: Owner| match (owner.of(pack)?, owner.on(line)) {
        ((own, _), Some((named, _))) if own == named => None,
        ((own, at), Some(named)) => Some(other_owner(owner, own, *at, named)),
        ((own, at), None) => Some(no_owner(owner, own, *at)),
    };
    Owner::ALL.into_iter().filter_map(other).collect()
}

fn no_owner(owner: Owner, own: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        codes::OTHER_OWNER,
        text!(
            ja: "`{own}` のパックですが、サイトファイルに{owner}が書かれていません",
            en: "the pack is about `{own}`, but the site file names no {owner}",
            own = own, owner = owner.title(),
        ),
    )
    .at(at)
    .advise(text!(
        ja: "`[line]` に `{key} = \"{own}\"` を加えるか、パックを外してください",
        en: "add `{key} = \"{own}\"` to `[line]`, or leave the pack out",
        key = owner.key(), own = own,
    ))
}

fn other_owner(owner: Owner, own: &str, at: Span, (named, span): (&str, Span)) -> Diagnostic {
    Diagnostic::error(
        codes::OTHER_OWNER,
        text!(
            ja: "`{own}` のパックですが、回線の{owner}は `{named}` です",
            en: "the pack is about `{own}`, but the {owner} of the line is `{named}`",
            own = own, owner = owner.title(), named = named,
        ),
    )
    .at(at)
    .also(
        span,
        text!(
            ja: "サイトファイルはこう書いています", en: "this is what the site file says",
        ),
    )
    .because(text!(
        ja: "ある事業者の事実で、ほかの事業者の回線は判定しません",
        en: "what is so with one of them never judges the line of another",
    ))
    .advise(text!(
        ja: "`{key}` を直すか、パックを外してください",
        en: "correct `{key}`, or leave the pack out",
        key = owner.key(),
    ))
}
