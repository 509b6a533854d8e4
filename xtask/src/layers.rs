//! `layers`: a crate imports only lower layers, never a sibling, never upward. The table
//! stands in the root manifest; what sources may touch is in `ambient`.

use std::collections::BTreeMap;
use std::path::Path;

use crate::ambient;
use crate::manifest::{self, Crate, Dependency, DependencyKind, Rank, Workspace};
use crate::problem::Problem;
use crate::tree;

/// Async runtimes, HTTP, PDF, netlink and databases.
const LEAF_WORDS: [&str; 7] =
    ["tokio", "hyper", "axum", "reqwest", "rtnetlink", "typst", "rusqlite"];
/// Below this layer no dependency may name one of [`LEAF_WORDS`].
const LEAF_LAYER: u32 = 7;
/// Below this layer no source may touch the world (invariant 1).
const WORLD_LAYER: u32 = 8;

/// Every import and every use of the world that the layer table forbids.
///
/// # Shape
/// By crate, then by line. Crates outside `crates/` are not judged.
pub fn check(root: &Path) -> Vec<Problem> {
    check_all(root).unwrap_or_else(|problem| vec![problem])
}

fn check_all(root: &Path) -> Result<Vec<Problem>, Problem> {
    let workspace = manifest::workspace(root)?;
    let mut crates = BTreeMap::new();
    for name in tree::folders(root, "crates")? {
        let file = format!("crates/{name}/Cargo.toml");
        if root.join(&file).is_file() {
            crates.insert(name, manifest::of_crate(root, &file, &workspace)?);
        }
    }
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (name, found) in &crates {
        names.insert(found.package.clone(), name.clone());
    }
    for name in ["xtask", "bench", "fuzz"] {
        names.insert(name.to_owned(), name.to_owned());
    }
    let mut problems = unknown_names(&workspace);
    for (name, found) in &crates {
        let Some(rank) = workspace.ranks.get(name) else {
            let what = format!("crate `{name}` is not in the layer table");
            let help = "add it to `[workspace.metadata.layers]` in the root manifest";
            problems.push(Problem::new(&found.file, 1, what, help));
            continue;
        };
        problems.extend(imports(name, rank, found, &workspace, &names));
        if rank.layer < WORLD_LAYER {
            problems.extend(ambient::check(root, name)?);
        }
    }
    Ok(problems)
}

/// Names in `only` and `never` that the table does not have.
fn unknown_names(workspace: &Workspace) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, rank) in &workspace.ranks {
        for other in rank.only.iter().flatten().chain(&rank.never) {
            if !workspace.ranks.contains_key(other) {
                let what = format!("`{name}` names `{other}`, which has no layer");
                problems.push(Problem::new("Cargo.toml", rank.line, what, "correct the name"));
            }
        }
    }
    problems
}

fn imports(
    name: &str,
    rank: &Rank,
    found: &Crate,
    workspace: &Workspace,
    names: &BTreeMap<String, String>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for dependency in &found.dependencies {
        let refusal = match names.get(&dependency.package) {
            Some(other) => inside(name, rank, dependency, other, workspace),
            None => outside(name, rank, dependency),
        };
        if let Some((what, help)) = refusal {
            problems.push(Problem::new(&found.file, dependency.line, what, help));
        }
    }
    problems
}

/// Why a crate may not import another of ours.
fn inside(
    name: &str,
    rank: &Rank,
    dependency: &Dependency,
    other: &str,
    workspace: &Workspace,
) -> Option<(String, String)> {
    let here = format!("`{name}` (layer {})", rank.layer);
    let Some(target) = workspace.ranks.get(other) else {
        let what = format!("{here} imports `{other}`, which no crate may import");
        return Some((what, "remove the dependency".to_owned()));
    };
    let is_test = dependency.kind == DependencyKind::Dev;
    if is_test && (target.is_dev || target.layer < rank.layer) {
        return None;
    }
    let there = format!("`{other}` (layer {})", target.layer);
    let refusal = if target.is_dev {
        (format!("only tests may use {there}"), "move it to `[dev-dependencies]`")
    } else if target.layer > rank.layer {
        ("an import never points upward".to_owned(), "move what is needed to a lower layer")
    } else if target.layer == rank.layer {
        let help = "let a higher layer join them, or move what both need to a lower layer";
        ("siblings never import each other".to_owned(), help)
    } else if rank.never.iter().any(|never| never == other) {
        (format!("`never` names `{other}`"), "ask for what is needed through the model")
    } else if rank.only.as_ref().is_some_and(|only| !only.iter().any(|only| only == other)) {
        let only = rank.only.iter().flatten().map(|name| format!("`{name}`"));
        let only: Vec<String> = only.collect();
        (format!("it may import only {}", only.join(", ")), "remove the dependency")
    } else {
        return None;
    };
    Some((format!("{here} imports {there}: {}", refusal.0), refusal.1.to_owned()))
}

/// Why a crate may not use a package of others.
fn outside(name: &str, rank: &Rank, dependency: &Dependency) -> Option<(String, String)> {
    let package = &dependency.package;
    let mut words = package.split(['-', '_']);
    if rank.layer >= LEAF_LAYER || !words.any(|word| LEAF_WORDS.contains(&word)) {
        return None;
    }
    let what = format!(
        "`{name}` (layer {}) uses `{package}`: async runtimes, HTTP, PDF, netlink and databases \
         live in layer {LEAF_LAYER} and above",
        rank.layer
    );
    Some((what, "move this work to a leaf".to_owned()))
}
