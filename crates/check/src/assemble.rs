//! Site file and configurations to a blueprint, under any readings of the open points.

use std::cell::{OnceCell, RefCell};
use std::net::IpAddr;
use std::sync::Arc;

use design::{Blueprint, OwnPrefix};
use device::{Config, File, Input, Vendor};
use diag::{Diagnostic, SourceId, Sources, Span, text};
use model::{
    AssumptionUse, Effects, Gap, Interface, InterfaceKind, Net, Node, NodeKind, Origin, Readings,
};
use site::{Date, Router, Site};

use crate::catalogue;
use crate::house::{self, Known, Library};
use crate::load::{ConfigFile, Loaded, Unreadable};
use crate::placeholder;
use crate::swapped;

/// A site with its parsed configurations.
pub(crate) struct Assembled {
    pub(crate) sources: Sources,
    pub(crate) site: Site,
    library: Library,
    pub(crate) is_usable: bool,
    /// One for each router of the site file; `None` if nothing of it can be read.
    configs: Vec<Option<Parsed>>,
    pub(crate) readings: Readings,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The routers under [`Self::readings`].
    lowered: OnceCell<Lowered>,
    /// Routers as they stand in blueprints that were turned.
    turned: RefCell<design::Turned>,
}

/// The routers of a site.
#[derive(Clone)]
struct Lowered {
    nodes: Vec<Arc<Node>>,
    diagnostics: Vec<Diagnostic>,
}

/// A router as it was lowered once.
struct Version {
    /// The readings under which it was, of which it asked for some.
    readings: Readings,
    node: Arc<Node>,
    diagnostics: Vec<Diagnostic>,
}

/// The configuration of one router in its vendor's own words.
struct Parsed {
    vendor: &'static Vendor,
    sources: Vec<SourceId>,
    config: Box<dyn Config>,
    /// What became of it so far.
    versions: RefCell<Vec<Version>>,
}

impl Parsed {
    /// The router under `readings`; what it says is added to `diagnostics`.
    ///
    /// A configuration is a value, so what it becomes depends on the readings that it asks for and
    /// on nothing else: where they are the same, it becomes the same.
    fn lower(&self, readings: &Readings, diagnostics: &mut Vec<Diagnostic>) -> Arc<Node> {
        let mut versions = self.versions.borrow_mut();
        let known = versions.iter().position(|one| one.readings.suffice_for(readings));
        let place = known.unwrap_or_else(|| {
            let readings = readings.unasked();
            let device::Lowered { mut node, diagnostics } = self.config.lower(&readings);
            node.gaps = Gap::folded(node.gaps);
            versions.push(Version { readings, node: Arc::new(node), diagnostics });
            versions.len() - 1
        });
        let version = &versions[place];
        diagnostics.extend_from_slice(&version.diagnostics);
        Arc::clone(&version.node)
    }
}

/// A blueprint under certain readings.
pub(crate) struct Reading {
    pub(crate) blueprint: Blueprint,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Assembled {
    /// `today` decides which answers to open points are taken; without it all are.
    pub(crate) fn new(loaded: Loaded, files: &[ConfigFile], today: Option<Date>) -> Self {
        let Loaded { mut sources, mut site, mut diagnostics, is_usable } = loaded;
        let library = house::library(&site, files, &mut sources, &mut diagnostics);
        let Library { facts, unread } = &library;
        catalogue::complete(&mut site, facts, unread, today, &mut diagnostics);
        let texts = decode(&site, files, &mut sources, &mut diagnostics);
        let configs = site
            .routers
            .iter()
            .enumerate()
            .map(|(place, router)| {
                // Whose file it is nobody knows; the site file's own check says so.
                let is_new = !site.routers[..place].iter().any(|one| one.has_config_of(router));
                is_new.then(|| parse(router, &texts, &sources, &mut diagnostics)).flatten()
            })
            .collect();
        let readings = answers(&site, today, &mut diagnostics);
        let (lowered, turned) = (OnceCell::new(), RefCell::default());
        Self { sources, site, library, is_usable, configs, readings, diagnostics, lowered, turned }
    }

    /// What is known beside the network; what there is to say about that is added here.
    pub(crate) fn known(&mut self, files: &[ConfigFile], today: Option<Date>) -> Known {
        let library = self.library.clone();
        house::read(&self.site, library, files, today, &mut self.diagnostics)
    }

    /// The sources with every secret hidden.
    pub(crate) fn shown_sources(&self) -> Sources {
        let mut shown = self.sources.clone();
        let mut secrets = self.site.redactions.clone();
        for parsed in self.configs.iter().flatten() {
            for source in &parsed.sources {
                let text = self.sources.file(*source).text();
                secrets.extend((parsed.vendor.secrets)(*source, text));
            }
        }
        for secret in secrets {
            shown.redact(secret);
        }
        shown
    }

    /// The configurations with the names of their routers.
    pub(crate) fn config_sources(&self) -> Vec<(SourceId, String)> {
        let routers = self.site.routers.iter().zip(&self.configs);
        routers
            .filter_map(|(router, parsed)| Some((router, parsed.as_ref()?)))
            .flat_map(|(router, parsed)| {
                let name = &router.name.value;
                parsed.sources.iter().map(move |source| (*source, name.clone()))
            })
            .collect()
    }

    /// The command of the vendor of router number `place` that sets a static route.
    pub(crate) fn route(&self, place: usize, prefix: Net, via: IpAddr) -> Option<String> {
        let parsed = self.configs.get(place)?.as_ref()?;
        Some((parsed.vendor.route)(prefix, via))
    }

    /// What there is to say about which configuration belongs to which router.
    pub(crate) fn swapped(&self) -> Vec<Diagnostic> {
        let lowered = self.lowered.get_or_init(|| self.routers(&self.readings));
        let read = |place: usize| self.configs.get(place).is_some_and(Option::is_some);
        swapped::swapped(&self.site, |place| {
            lowered.nodes.get(place).filter(|_| read(place)).map(AsRef::as_ref)
        })
    }

    /// The blueprint under `readings`.
    pub(crate) fn lower(&self, readings: &Readings) -> Reading {
        self.lower_with(readings, None)
    }

    /// The blueprint under `readings`, with the line's prefix where `inside` says.
    pub(crate) fn lower_with(&self, readings: &Readings, inside: Option<OwnPrefix>) -> Reading {
        let Lowered { nodes, mut diagnostics } = if *readings == self.readings {
            self.lowered.get_or_init(|| self.routers(readings)).clone()
        } else {
            self.routers(readings)
        };
        let nodes = nodes.into_iter().map(Arc::unwrap_or_clone).collect();
        let blueprint = design::build(&self.site, nodes, inside, readings);
        diagnostics.extend_from_slice(&blueprint.diagnostics);
        Reading { blueprint, diagnostics }
    }

    /// The blueprint under `readings`, which shares with `first`, that under
    /// [`Self::readings`], whatever they have in common.
    pub(crate) fn turn(&self, first: &Blueprint, readings: &Readings) -> Blueprint {
        let Lowered { nodes, .. } = self.routers(readings);
        let own = self.lowered.get().map_or(&[][..], |lowered| &lowered.nodes);
        let is_heard = design::taken(readings) == design::taken(&self.readings);
        let mut known = self.turned.borrow_mut();
        let turned = is_heard.then(|| design::turned(first, own, &nodes, &mut known)).flatten();
        turned.unwrap_or_else(|| {
            let nodes = nodes.into_iter().map(Arc::unwrap_or_clone).collect();
            design::build(&self.site, nodes, None, readings)
        })
    }

    fn routers(&self, readings: &Readings) -> Lowered {
        let mut diagnostics = Vec::new();
        let nodes = self
            .site
            .routers
            .iter()
            .zip(&self.configs)
            .map(|(router, parsed)| match parsed {
                Some(parsed) => parsed.lower(readings, &mut diagnostics),
                None => Arc::new(opaque(router)),
            })
            .collect();
        Lowered { nodes, diagnostics }
    }
}

/// Assumptions of the blueprint, each once, by id.
pub(crate) fn assumptions(blueprint: &Blueprint) -> Vec<AssumptionUse> {
    let nodes = blueprint.network.nodes.iter().flat_map(|node| &node.assumptions);
    let mut found: Vec<AssumptionUse> = Vec::new();
    for one in nodes.chain(&blueprint.assumptions) {
        if !found.iter().any(|known| known.assumption.id == one.assumption.id) {
            found.push(one.clone());
        }
    }
    found.sort_by_key(|one| one.assumption.id);
    found
}

struct Text {
    name: String,
    source: SourceId,
    is_usable: bool,
}

fn decode(
    site: &Site,
    files: &[ConfigFile],
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Text> {
    let mut texts = Vec::new();
    for file in files {
        let mut configs = site.routers.iter().flat_map(|router| &router.config);
        // Packs and evidence are no configurations.
        let Some(config) = configs.find(|config| config.value == file.name) else { continue };
        let at = |found: Diagnostic| match found.primary {
            None => found.at(config.span),
            Some(_) => found,
        };
        let (text, is_usable) = match &file.content {
            Ok(bytes) => {
                let decoded = device::decode(&file.shown, bytes);
                diagnostics.extend(decoded.diagnostics.into_iter().map(at));
                (decoded.text, decoded.is_usable)
            }
            Err(unread) => {
                diagnostics.push(at(unreadable(&file.shown, unread)));
                (String::new(), false)
            }
        };
        let source = sources.add(file.shown.clone(), text);
        texts.push(Text { name: file.name.clone(), source, is_usable });
    }
    texts
}

fn unreadable(name: &str, unread: &Unreadable) -> Diagnostic {
    Diagnostic::error(
        "P111",
        text!(
            ja: "設定ファイル `{name}` を読めません: {reason}",
            en: "configuration file `{name}` cannot be read: {reason}",
            name = name, reason = unread.reason,
        ),
    )
    .because(text!(
        ja: "このルータについては何も証明しません",
        en: "nothing is proved about this router",
    ))
    .advise(unread.help.clone())
}

fn parse(
    router: &Router,
    texts: &[Text],
    sources: &Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Parsed> {
    let own: Vec<&Text> = router
        .config
        .iter()
        .filter_map(|config| texts.iter().find(|text| text.name == config.value))
        .collect();
    if own.is_empty() || own.iter().any(|text| !text.is_usable) {
        return None;
    }
    let files: Vec<File<'_>> = own
        .iter()
        .map(|text| {
            let file = sources.file(text.source);
            File { source: text.source, name: file.name(), text: file.text() }
        })
        .collect();
    let vendor = vendor(router, &files, diagnostics)?;
    let input = Input {
        name: &router.name.value,
        origin: Origin::Written(router.name.span),
        model: router.model.as_ref().map(|model| model.value.as_str()),
        files: &files,
    };
    let sources = own.iter().map(|text| text.source).collect();
    let config = (vendor.parse)(&input);
    Some(Parsed { vendor, sources, config, versions: RefCell::default() })
}

/// The vendor that the site file states, else the one that the text looks like.
fn vendor(
    router: &Router,
    files: &[File<'_>],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<&'static Vendor> {
    let all: String = files.iter().map(|file| file.text).collect();
    let Some(stated) = &router.vendor else {
        let found = device::detect(&all);
        if found.is_none() {
            diagnostics.push(unknown_vendor(router.name.span, None));
        }
        return found;
    };
    let found = device::vendor(&stated.value);
    match found {
        None => diagnostics.push(unknown_vendor(stated.span, Some(&stated.value))),
        Some(found) => diagnostics.extend(other_vendor(found, &all, stated.span)),
    }
    found
}

fn unknown_vendor(span: Span, stated: Option<&str>) -> Diagnostic {
    let names: Vec<&str> = device::vendors().iter().map(|vendor| vendor.name).collect();
    let headline = match stated {
        Some(name) => text!(
            ja: "ベンダ `{name}` には対応していません",
            en: "vendor `{name}` is not supported",
            name = name,
        ),
        None => text!(
            ja: "設定の文面からベンダを判別できません",
            en: "the vendor cannot be told from the configuration",
        ),
    };
    let mut found = Diagnostic::error("P112", headline)
        .at(span)
        .because(text!(
            ja: "このルータについては何も証明しません",
            en: "nothing is proved about this router",
        ))
        .advise(text!(
            ja: "`vendor` に {names} のどれかを書いてください",
            en: "set `vendor` to one of {names}",
            names = names.join(", "),
        ));
    let near = stated
        .and_then(|stated| names.iter().find(|name| strsim::jaro_winkler(name, stated) > 0.8));
    if let Some(near) = near {
        found = found.advise(text!(
            ja: "`{near}` の書き間違いでないか確認してください",
            en: "check whether `{near}` is meant",
            near = *near,
        ));
    }
    found
}

fn other_vendor(stated: &Vendor, text: &str, span: Span) -> Option<Diagnostic> {
    if (stated.detect)(text) != 0 {
        return None;
    }
    let looks_like = device::detect(text)?;
    let other = (looks_like.detect)(text);
    (looks_like.name != stated.name && other >= 50).then(|| {
        Diagnostic::warning(
            "P113",
            text!(
                ja: "`{stated}` と書かれていますが、設定は `{other}` のように見えます",
                en: "`{stated}` is stated, but the configuration looks like `{other}`",
                stated = stated.name, other = looks_like.name,
            ),
        )
        .at(span)
        .advise(text!(
            ja: "設定ファイルの取り違えか、`vendor` の書き間違いを確認してください",
            en: "check for a swapped file or a wrong `vendor`",
        ))
    })
}

/// A router of which only the site file knows: it may do anything.
fn opaque(router: &Router) -> Node {
    let span = router.config.first().map_or(router.name.span, |config| config.span);
    let origin = Origin::Written(router.name.span);
    let mut node = Node::new(router.name.value.clone(), NodeKind::Router, origin);
    node.interfaces = router
        .ports
        .iter()
        .map(|port| Interface {
            name: port.name.value.clone(),
            kind: InterfaceKind::Port,
            enabled: true,
            addresses: Vec::new(),
            advertises: None,
            segment: None,
            origin: Origin::Written(port.name.span),
        })
        .collect();
    node.gaps.push(Gap {
        span,
        what: text!(
            ja: "`{router}` の設定が読めていません",
            en: "the configuration of `{router}` was not read",
            router = router.name.value,
        ),
        effects: Effects::ALL,
        interface: None,
        family: None,
    });
    node
}

/// Every open point that the site file can answer.
fn every_assumption() -> Vec<&'static model::Assumption> {
    let vendors = device::vendors().iter();
    let own = vendors.flat_map(|vendor| vendor.assumptions.iter().copied());
    own.chain(design::ASSUMPTIONS).collect()
}

/// The answers that the site file gives to open points.
fn answers(site: &Site, today: Option<Date>, diagnostics: &mut Vec<Diagnostic>) -> Readings {
    let mut readings = Readings::default();
    let known = every_assumption();
    for (place, answer) in site.assumptions.iter().enumerate() {
        let before = site.assumptions[..place].iter().find(|one| one.id.value == answer.id.value);
        if let Some(before) = before {
            diagnostics.push(
                Diagnostic::error(
                    "R113",
                    text!(
                        ja: "前提 `{id}` に二度答えています",
                        en: "assumption `{id}` is answered twice",
                        id = answer.id.value,
                    ),
                )
                .at(answer.id.span)
                .also(before.id.span, text!(ja: "最初の答え", en: "the first answer"))
                .advise(text!(ja: "どちらかを削除してください", en: "remove one of them")),
            );
        }
        let left_open = placeholder::in_assumption(answer, today);
        if !left_open.is_empty() {
            diagnostics.extend(left_open);
            continue;
        }
        let Some(assumption) = known.iter().find(|one| one.id == answer.id.value) else {
            let ids: Vec<&str> = known.iter().map(|one| one.id).collect();
            diagnostics.push(
                Diagnostic::error(
                    "R110",
                    text!(
                        ja: "前提 `{id}` はありません",
                        en: "there is no assumption `{id}`",
                        id = answer.id.value,
                    ),
                )
                .at(answer.id.span)
                .advise(text!(
                    ja: "{ids} のどれかを書いてください",
                    en: "write one of {ids}",
                    ids = ids.join(", "),
                )),
            );
            continue;
        };
        let keywords: Vec<&str> = assumption.readings.iter().map(|one| one.keyword).collect();
        if keywords.contains(&answer.reading.value.as_str()) {
            readings.take(answer.id.value.clone(), answer.reading.value.clone());
        } else {
            diagnostics.push(
                Diagnostic::error(
                    "R111",
                    text!(
                        ja: "前提 `{id}` に読み方 `{reading}` はありません",
                        en: "assumption `{id}` has no reading `{reading}`",
                        id = answer.id.value, reading = answer.reading.value,
                    ),
                )
                .at(answer.reading.span)
                .advise(text!(
                    ja: "{keywords} のどれかを書いてください",
                    en: "write one of {keywords}",
                    keywords = keywords.join(", "),
                )),
            );
        }
    }
    readings
}
