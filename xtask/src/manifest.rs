//! Manifests as `layers` needs them: the layer table of the workspace, and the dependencies
//! of each crate with their lines.

use std::collections::BTreeMap;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::Problem;
use crate::tree;

/// Where a crate stands, and what else is said of its imports.
#[derive(Debug)]
pub(crate) struct Rank {
    pub(crate) layer: u32,
    pub(crate) only: Option<Vec<String>>,
    pub(crate) never: Vec<String>,
    /// Tests of every crate may use it, and nothing else may.
    pub(crate) is_dev: bool,
    /// Line in the root manifest.
    pub(crate) line: usize,
}

/// The root manifest.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// By crate, that is, by folder name.
    pub(crate) ranks: BTreeMap<String, Rank>,
    /// `[workspace.dependencies]`: the package behind each key.
    packages: BTreeMap<String, String>,
}

/// In which table a dependency is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DependencyKind {
    Normal,
    Build,
    Dev,
}

/// One line of a crate's dependency tables.
#[derive(Debug)]
pub(crate) struct Dependency {
    pub(crate) package: String,
    pub(crate) kind: DependencyKind,
    pub(crate) line: usize,
}

/// A crate's manifest.
#[derive(Debug)]
pub(crate) struct Crate {
    /// Path of the manifest.
    pub(crate) file: String,
    pub(crate) package: String,
    pub(crate) dependencies: Vec<Dependency>,
}

const TABLES: [(&str, DependencyKind); 3] = [
    ("dependencies", DependencyKind::Normal),
    ("build-dependencies", DependencyKind::Build),
    ("dev-dependencies", DependencyKind::Dev),
];

/// Reads the root manifest.
pub(crate) fn workspace(root: &Path) -> Result<Workspace, Problem> {
    let file = "Cargo.toml";
    let text = tree::read(root, file)?;
    let parsed = parse(file, &text)?;
    let workspace = table(parsed.get_ref(), "workspace");
    let layers = workspace.and_then(|w| table(w, "metadata")).and_then(|m| table(m, "layers"));
    let Some(layers) = layers else {
        let help = "write the layer of every crate there";
        return Err(Problem::new(file, 1, "no table `[workspace.metadata.layers]`", help));
    };
    let mut ranks = BTreeMap::new();
    for (name, value) in layers {
        let line = line_of(&text, name.span().start);
        let rank = rank(value.get_ref(), line).ok_or_else(|| {
            let what = format!("`{}` has no layer that can be read", name.get_ref());
            Problem::new(file, line, what, "write `{ layer = N }` with only, never, dev as needed")
        })?;
        ranks.insert(name.get_ref().to_string(), rank);
    }
    let mut packages = BTreeMap::new();
    for (key, value) in workspace.and_then(|w| table(w, "dependencies")).into_iter().flatten() {
        packages.insert(key.get_ref().to_string(), package_of(key.get_ref(), value.get_ref()));
    }
    Ok(Workspace { ranks, packages })
}

/// Reads a crate's manifest.
pub(crate) fn of_crate(root: &Path, file: &str, known: &Workspace) -> Result<Crate, Problem> {
    let text = tree::read(root, file)?;
    let parsed = parse(file, &text)?;
    let manifest = parsed.get_ref();
    let package = table(manifest, "package").and_then(|package| string(package, "name"));
    let package = package
        .ok_or_else(|| Problem::new(file, 1, "no package name", "write `name` in `[package]`"))?;
    let mut dependencies = in_tables(&text, manifest, known);
    for (_, target) in table(manifest, "target").into_iter().flatten() {
        if let DeValue::Table(target) = target.get_ref() {
            dependencies.extend(in_tables(&text, target, known));
        }
    }
    dependencies.sort_by_key(|dependency| dependency.line);
    Ok(Crate { file: file.to_owned(), package, dependencies })
}

fn in_tables(text: &str, manifest: &DeTable<'_>, known: &Workspace) -> Vec<Dependency> {
    let mut found = Vec::new();
    for (name, kind) in TABLES {
        for (key, value) in table(manifest, name).into_iter().flatten() {
            let key_text: &str = key.get_ref();
            let package = match known.packages.get(key_text) {
                Some(package) if is_inherited(value.get_ref()) => package.clone(),
                _ => package_of(key_text, value.get_ref()),
            };
            found.push(Dependency { package, kind, line: line_of(text, key.span().start) });
        }
    }
    found
}

fn parse<'i>(file: &str, text: &'i str) -> Result<Spanned<DeTable<'i>>, Problem> {
    DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        Problem::new(file, line, error.message(), "write it as TOML")
    })
}

fn rank(value: &DeValue<'_>, line: usize) -> Option<Rank> {
    let DeValue::Table(fields) = value else { return None };
    let layer = fields.get("layer")?.get_ref().as_integer()?.as_str().parse().ok()?;
    let never = names(fields, "never").unwrap_or_default();
    let is_dev = fields.get("dev").is_some_and(|dev| dev.get_ref().as_bool() == Some(true));
    Some(Rank { layer, only: names(fields, "only"), never, is_dev, line })
}

fn names(fields: &DeTable<'_>, key: &str) -> Option<Vec<String>> {
    let array = fields.get(key)?.get_ref().as_array()?;
    Some(array.iter().filter_map(|name| name.get_ref().as_str().map(str::to_owned)).collect())
}

fn table<'a, 'i>(parent: &'a DeTable<'i>, key: &str) -> Option<&'a DeTable<'i>> {
    parent.get(key)?.get_ref().as_table()
}

fn string(parent: &DeTable<'_>, key: &str) -> Option<String> {
    parent.get(key)?.get_ref().as_str().map(str::to_owned)
}

fn package_of(key: &str, value: &DeValue<'_>) -> String {
    value.as_table().and_then(|fields| string(fields, "package")).unwrap_or_else(|| key.to_owned())
}

fn is_inherited(value: &DeValue<'_>) -> bool {
    let inherited = value.as_table().and_then(|fields| fields.get("workspace"));
    inherited.is_some_and(|flag| flag.get_ref().as_bool() == Some(true))
}

/// Line, from 1, of a byte position.
pub(crate) fn line_of(text: &str, position: usize) -> usize {
    text.bytes().take(position).filter(|byte| *byte == b'\n').count() + 1
}
