//! Text of all files of a router to its configuration in its own words.

mod assignment;
mod block;
mod command;
mod cursor;
mod key;
mod lexer;
mod load;
mod nat;
mod rule;
mod statement;
mod value;

use diag::{Diagnostic, Span, text};

use self::cursor::{Context, Cursor};
use super::config::{FileLines, Router, Table, TableFamily};
use super::lower::effect::ALL;
use super::{net, swanctl};
use crate::{File, Input};

/// Deepest nesting of sets, parentheses and included files.
// LIMIT: deeper text is reported as not understood.
pub(super) const MAX_DEPTH: usize = 16;

/// Most values that are read, variables counted where they are used.
// LIMIT: reported as P206.
pub(super) const MAX_VALUES: usize = 1_000_000;

/// Most files that are read through `include`, one that is included twice counted twice.
// LIMIT: further ones are reported as missing.
pub(super) const MAX_INCLUDES: usize = 256;

/// Reads the files of one router.
pub(super) fn router(input: &Input<'_>) -> Router {
    let mut loader = Loader {
        files: input.files,
        included: Vec::new(),
        names: Vec::new(),
        tables: Vec::new(),
        read: Vec::new(),
        context: Context::default(),
    };
    let mut facts = super::config::Facts::default();
    let rulesets: Vec<_> = input.files.iter().filter(|file| is_ruleset(file)).collect();
    let (mut children, mut connections) = (Vec::new(), Vec::new());
    let is_swanctl = |file: &&File<'_>| swanctl::is_swanctl(file);
    let keys: Vec<_> = input.files.iter().filter(is_swanctl).flat_map(swanctl::keys).collect();
    for file in input.files.iter().filter(|file| !is_ruleset(file)) {
        let notes = &mut loader.context.notes;
        if swanctl::is_swanctl(file) {
            children.extend(swanctl::read(file, &mut connections, &keys, notes));
        } else {
            net::read(file, &mut facts, notes);
        }
    }
    net::finish(&mut facts, &mut loader.context.notes);
    let by_others = included_names(&rulesets);
    for file in &rulesets {
        if !by_others.iter().any(|name| is_named(file.name, name)) {
            loader.load_root(file);
        }
    }
    // A file that only files include which nobody loads is loaded on its own.
    for file in &rulesets {
        if !loader.included.contains(&file.source) {
            loader.load_root(file);
        }
    }
    load::judge(&loader.read, &facts, &mut loader.context.notes);
    if rulesets.is_empty() {
        no_ruleset(input, &mut loader.context);
    }
    Router {
        name: input.name.to_owned(),
        origin: input.origin.clone(),
        files: input.files.iter().map(lines).collect(),
        tables: loader.tables,
        facts,
        children,
        notes: loader.context.notes,
    }
}

fn is_ruleset(file: &File<'_>) -> bool {
    if swanctl::is_swanctl(file) {
        return false;
    }
    match file.name.rsplit('.').next() {
        Some("nft" | "nftables") => true,
        Some("net" | "json" | "sysctl") => false,
        _ => file.name.ends_with("nftables.conf") || super::detect::is_ruleset(file.text),
    }
}

fn base_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// The files that an `include` of `name` is for: of those that have its last part, the ones whose
/// folders are most like its own. `None` if that is more than one file, or for a pattern more than
/// one folder. `called` says what a file is called.
fn chosen<'f, F>(files: &'f [F], name: &str, called: fn(&F) -> &str) -> Option<Vec<&'f F>> {
    let likeness = |file: &&F| {
        let own = called(file).rsplit('/').skip(1);
        own.zip(name.rsplit('/').skip(1)).take_while(|(a, b)| a == b).count()
    };
    let mut found: Vec<&F> = files.iter().filter(|file| is_named(called(file), name)).collect();
    let most = found.iter().map(likeness).max().unwrap_or(0);
    found.retain(|file| likeness(file) == most);
    found.sort_by_key(|file| called(file));
    let folder = |file: &'f F| called(file).rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_one = match name.contains('*') {
        true => found.windows(2).all(|two| folder(two[0]) == folder(two[1])),
        false => found.len() < 2,
    };
    is_one.then_some(found)
}

fn is_named(file: &str, name: &str) -> bool {
    let name = base_name(name);
    match name.split_once('*') {
        Some((before, after)) => {
            let own = base_name(file);
            own.len() >= before.len() + after.len()
                && own.starts_with(before)
                && own.ends_with(after)
        }
        None => base_name(file) == name,
    }
}

/// Names that `include` lines of the files give.
fn included_names(files: &[&File<'_>]) -> Vec<String> {
    let mut names = Vec::new();
    for file in files {
        for line in file.text.lines() {
            let Some(rest) = line.trim().strip_prefix("include") else { continue };
            let name = rest.split('"').nth(1).unwrap_or("");
            let is_itself = base_name(file.name) == base_name(name);
            if rest.starts_with([' ', '\t']) && !name.is_empty() && !is_itself {
                names.push(name.to_owned());
            }
        }
    }
    names
}

/// The non-blank lines of a file.
fn lines(file: &File<'_>) -> FileLines {
    let mut lines = Vec::new();
    let mut start = 0;
    for piece in file.text.split_inclusive('\n') {
        let line = piece.trim_end_matches(['\n', '\r']);
        if !line.trim().is_empty() {
            let before = line.len() - line.trim_start().len();
            let end = start + line.trim_end().len();
            let span = Span::new(file.source, start + before, end);
            lines.push((span, !line.trim_start().starts_with('#')));
        }
        start += piece.len();
    }
    FileLines { source: file.source, lines }
}

fn no_ruleset(input: &Input<'_>, context: &mut Context) {
    let first = input.files.first().map(|file| Span::new(file.source, 0, 0));
    let place = first.or_else(|| input.origin.span());
    let mut diagnostic = Diagnostic::error(
        "P209",
        text!(
            ja: "`{name}` に nftables の規則（`*.nft`）がありません",
            en: "`{name}` has no nftables ruleset (`*.nft`)",
            name = input.name,
        ),
    )
    .advise(text!(
        ja: "`nft list ruleset` の出力を保存して追加してください",
        en: "add the saved output of `nft list ruleset`",
    ));
    if let Some(span) = place {
        diagnostic = diagnostic.at(span);
        let what = text!(ja: "規則のファイルがない", en: "the ruleset is missing");
        command::unread(context, span, what, ALL);
    }
    context.notes.diagnostics.push(diagnostic);
}

/// The ruleset as it grows command by command.
struct Loader<'a> {
    files: &'a [File<'a>],
    included: Vec<diag::SourceId>,
    /// The names by which `include` called files.
    names: Vec<(diag::SourceId, String)>,
    tables: Vec<Table>,
    /// The files that were read, with their tokens.
    read: Vec<load::Read<'a>>,
    context: Context,
}

impl<'a> Loader<'a> {
    /// Loads a file on its own: its variables end with it.
    fn load_root(&mut self, file: &File<'a>) {
        self.load(file, 0);
        self.context.variables.clear();
    }

    fn load(&mut self, file: &File<'a>, depth: usize) {
        self.included.push(file.source);
        let tokens = lexer::tokens(file.source, file.text);
        let end = Span::new(file.source, file.text.len(), file.text.len());
        command::file(self, &tokens, end, depth);
        self.keep(file, tokens, depth == 0);
    }

    /// Keeps what was read of a file, for the question whether nft loads it.
    fn keep(&mut self, file: &File<'a>, tokens: Vec<lexer::Token>, is_root: bool) {
        let (source, name, text) = (file.source, file.name, file.text);
        if !self.read.iter().any(|known| known.source == source) {
            self.read.push(load::Read { source, name, text, tokens, is_root });
        }
    }

    /// Whether the table called `name` is dormant; `None` if it is not there.
    fn dormancy(&self, family: TableFamily, name: &str) -> Option<bool> {
        let mut tables = self.tables.iter();
        tables.find(|one| one.family == family && one.name == name).map(|one| one.is_dormant)
    }

    /// The table called `name`, which is made if it is not there.
    fn table(&mut self, family: TableFamily, name: &str) -> usize {
        let is_it = |table: &Table| table.family == family && table.name == name;
        self.tables.iter().position(is_it).unwrap_or_else(|| {
            self.tables.push(Table {
                family,
                name: name.to_owned(),
                is_dormant: false,
                chains: Vec::new(),
                sets: Vec::new(),
                helpers: Vec::new(),
            });
            self.tables.len() - 1
        })
    }

    /// The files that an `include` names; without any it is reported.
    fn found(&mut self, name: &str, span: Span, depth: usize) -> Vec<File<'a>> {
        let files = self.files;
        let found = chosen(files, name, |file| file.name).unwrap_or_default();
        let found: Vec<File<'a>> = found.into_iter().copied().collect();
        // One file that two names are for: another one of its name is missing.
        let is_other = |file: &File<'a>| {
            let mut known = self.names.iter().filter(|(source, _)| *source == file.source);
            known.any(|(_, own)| own != name)
        };
        let is_clear = !found.iter().any(is_other);
        self.names.extend(found.iter().map(|file| (file.source, name.to_owned())));
        let is_allowed = depth < MAX_DEPTH && self.included.len() < MAX_INCLUDES;
        if is_allowed && is_clear && !found.is_empty() {
            return found;
        }
        self.context.notes.diagnostics.push(
            Diagnostic::error(
                "R154",
                text!(
                    ja: "`include` するファイル `{name}` がないか、どれか決まりません",
                    en: "the included file `{name}` is not there, or it may be one of several",
                    name = name,
                ),
            )
            .at(span)
            .advise(text!(
                ja: "このファイルもルータと同じフォルダー名で設定に追加するか、`nft list ruleset` \
                     の出力を使ってください",
                en: "add this file to the router's files, with the names of its folders, or use \
                     the output of `nft list ruleset`",
            )),
        );
        let what = text!(ja: "読めない `include`", en: "an `include` that cannot be followed");
        command::unread(&mut self.context, span, what, ALL);
        Vec::new()
    }

    fn include(&mut self, name: &str, span: Span, depth: usize) {
        for file in self.found(name, span, depth) {
            self.load(&file, depth + 1);
        }
    }

    /// An `include` in the braces of the table `index`.
    fn include_inside(&mut self, name: &str, span: Span, index: usize, depth: usize) {
        for file in self.found(name, span, depth) {
            self.included.push(file.source);
            let tokens = lexer::tokens(file.source, file.text);
            let end = Span::new(file.source, file.text.len(), file.text.len());
            let mut cursor = Cursor::new(&tokens, end);
            block::included(self, &mut cursor, index, depth + 1);
            self.keep(&file, tokens, false);
        }
    }
}
