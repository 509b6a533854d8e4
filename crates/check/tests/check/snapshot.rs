//! A site with its configurations: the base site of a case, and what the case puts in the place of
//! its parts. A block `base one-terminal` takes another base than `separate`; a block
//! `edit router-b` changes lines of the base's own configuration (`edit evidence` those of its
//! evidence, `edit evidence other.json` makes another file of it): `-` before a line takes it away,
//! `+` puts one in the place of the line taken away before. A block `yamaha-rtx router-b signed`
//! has name and password of session 1 behind its last line. Blocks `evidence` and `pack ours.toml`
//! are files of these names.

use check::{ConfigFile, Effort, Loaded, Report};
use diag::{Sources, Span};

use crate::folder;
use crate::markdown::Case;

/// The base of cases that name none.
const BASE: &str = "separate";

/// Longest block of a case.
const LINES_MAX: usize = 25;

/// A site file and its configurations.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    /// Text of the site file.
    pub(crate) site: String,
    /// Configuration files by the name that the site file gives them.
    pub(crate) files: Vec<(String, String)>,
    /// What a line of the site file is called in expectations, where it is not its number.
    places: Vec<String>,
}

/// A line of the site file and what expectations call it.
type Named = (String, String);

/// A table of the site file with its header.
#[derive(Clone, Debug)]
struct Table {
    header: String,
    lines: Vec<Named>,
}

/// What a PPPoE session needs beside what the cases are about.
const SIGNED: &str = "pp select 1\n pp auth accept chap\n pp auth myname user@example secret-1\n";

impl Snapshot {
    /// The base site of cases that name none: it proves clean.
    pub(crate) fn base() -> Self {
        Self::base_of(BASE)
    }

    /// The base site `name`: it proves clean.
    pub(crate) fn base_of(name: &str) -> Self {
        let files = folder::base(name).into_iter();
        let (sites, files): (Vec<_>, Vec<_>) = files.partition(|(file, _)| file == "site.toml");
        Self::new(&sites.first().expect("a base has a site file").1, files)
    }

    /// A site as it is written.
    pub(crate) fn new(site: &str, files: Vec<(String, String)>) -> Self {
        Self { site: site.to_owned(), files, places: Vec::new() }
    }

    /// The base site of `case` with the parts of the case in the place of its own.
    pub(crate) fn of(case: &Case) -> Self {
        let base = Self::base_of(base_name(case));
        let mut tables = tables(&base.site, |_, header| header.to_owned());
        let mut files = Vec::new();
        for block in &case.blocks {
            assert!(block.lines.len() <= LINES_MAX, "{}: {} is too long", case.name, block.info);
            let words: Vec<&str> = block.info.split_whitespace().collect();
            match words.as_slice() {
                ["site"] => tables = replaced(unstated(tables), &block.text()),
                ["findings", ..] | ["base", _] => {}
                ["edit", router] => {
                    let name = match *router {
                        "evidence" => "evidence.json".to_owned(),
                        router => format!("{router}.conf"),
                    };
                    let own = base.files.iter().find(|(file, _)| *file == name);
                    let text = edited(&own.expect("the base has this file").1, &block.lines);
                    files.push(((*router).to_owned(), name, text));
                }
                ["edit", "evidence", file] => {
                    let own = base.files.iter().find(|(name, _)| name == "evidence.json");
                    let text = edited(&own.expect("the base has evidence").1, &block.lines);
                    files.push(((*file).to_owned(), (*file).to_owned(), text));
                }
                ["evidence"] => {
                    let name = "evidence.json".to_owned();
                    files.push(("evidence".to_owned(), name, block.text()));
                }
                ["pack", file] => {
                    files.push(((*file).to_owned(), (*file).to_owned(), block.text()));
                }
                ["yamaha-rtx", router] => {
                    files.push(((*router).to_owned(), format!("{router}.conf"), block.text()));
                }
                ["yamaha-rtx", router, "signed"] => {
                    let text = block.text() + SIGNED;
                    files.push(((*router).to_owned(), format!("{router}.conf"), text));
                }
                ["linux", file] => {
                    let router = file.split('.').next().unwrap_or(file);
                    files.push((router.to_owned(), (*file).to_owned(), block.text()));
                    told_linux(&mut tables, router, file);
                }
                _ => panic!("{}: unknown block {}", case.name, block.info),
            }
        }
        for (name, text) in base.files {
            let router = name.split('.').next().unwrap_or(&name).to_owned();
            if !files.iter().any(|(own, ..)| *own == router) {
                files.push((router, name, text));
            }
        }
        let lines: Vec<Named> = tables.into_iter().flat_map(|table| table.lines).collect();
        let site = lines.iter().map(|(line, _)| format!("{line}\n")).collect();
        let places = lines.into_iter().map(|(_, place)| place).collect();
        let files = files.into_iter().map(|(_, name, text)| (name, text)).collect();
        Self { site, files, places }
    }

    /// This site with the changes that blocks `edit FILE` of `case` describe; places in the site
    /// file are its lines.
    pub(crate) fn edited(&self, case: &Case) -> Self {
        let mut changed = self.clone();
        for block in &case.blocks {
            let Some(file) = block.info.strip_prefix("edit ") else { continue };
            let text = match file {
                "site.toml" => &mut changed.site,
                _ => changed.file_mut(file),
            };
            *text = edited(text, &block.lines);
        }
        changed
    }

    /// The text of a configuration.
    pub(crate) fn file_mut(&mut self, name: &str) -> &mut String {
        let found = self.files.iter_mut().find(|(own, _)| own == name);
        &mut found.expect("the snapshot has this file").1
    }

    /// Runs a check on `today`, if that is given.
    pub(crate) fn check(&self, today: Option<site::Date>) -> Report {
        self.check_with(today, Effort::Shared)
    }

    /// Runs a check with a choice of effort.
    pub(crate) fn check_with(&self, today: Option<site::Date>, effort: Effort) -> Report {
        let loaded = check::load("site.toml", self.site.as_bytes());
        let files = self.config_files(&loaded);
        check::check_with(loaded, &files, today, effort)
    }

    /// The files that the site file names.
    pub(crate) fn config_files(&self, loaded: &Loaded) -> Vec<ConfigFile> {
        let wanted = loaded.files();
        let found = self.files.iter().filter(|(name, _)| wanted.contains(name));
        let file = |(name, text): &(String, String)| ConfigFile {
            name: name.clone(),
            shown: name.clone(),
            content: Ok(text.clone().into_bytes()),
        };
        found.map(file).collect()
    }

    /// `span` as expectations write it: `router-a:3`, `router-a.nft:7`, `site:2` for a line of
    /// the case's own part of the site, `site:machines.claims-1` for a table of the base site.
    pub(crate) fn place(&self, sources: &Sources, span: Span) -> String {
        let file = sources.file(span.source);
        let line = file.line_of(span.start);
        let name = file.name();
        if name == "site.toml" {
            let index = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
            let place = self.places.get(index).cloned();
            return format!("site:{}", place.unwrap_or_else(|| line.to_string()));
        }
        format!("{}:{line}", name.trim_end_matches(".conf"))
    }
}

/// The base site that `case` changes.
pub(crate) fn base_name(case: &Case) -> &str {
    let named = case.blocks.iter().find_map(|block| block.info.strip_prefix("base "));
    named.unwrap_or(BASE)
}

/// `text` with the changes that `edits` describe.
fn edited(text: &str, edits: &[String]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut place = 0;
    for edit in edits {
        if let Some(old) = edit.strip_prefix('-') {
            let found = lines.iter().position(|line| line == old);
            place = found.unwrap_or_else(|| panic!("the base has no line `{old}`"));
            lines.remove(place);
        } else {
            let new = edit.strip_prefix('+').expect("a change begins with - or +");
            lines.insert(place, new.to_owned());
            place += 1;
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// `text` cut at its table headers; `name` says what a line is called, given its number and the
/// header that it stands under.
fn tables(text: &str, name: impl Fn(usize, &str) -> String) -> Vec<Table> {
    let mut tables: Vec<Table> = vec![Table { header: String::new(), lines: Vec::new() }];
    for (number, line) in (1..).zip(text.lines()) {
        if line.starts_with('[') {
            let header = line.trim().trim_matches(['[', ']']).to_owned();
            tables.push(Table { header, lines: Vec::new() });
        }
        let table = tables.last_mut().expect("there is the table without header");
        let place = name(number, &table.header);
        table.lines.push((line.to_owned(), place));
    }
    tables
}

/// `base` with the tables of `text`: one of the same name is replaced, or removed if the new one
/// is empty; a site that begins with its edition replaces everything.
fn replaced(base: Vec<Table>, text: &str) -> Vec<Table> {
    let mut own = tables(text, |number, _| number.to_string());
    if text.starts_with("edition") {
        return own;
    }
    // Keys above all tables are added to those of the base.
    let root = own.remove(0).lines;
    let is_replaced =
        |table: &Table| !table.header.is_empty() && own.iter().any(|o| o.header == table.header);
    let mut all: Vec<Table> = base.into_iter().filter(|table| !is_replaced(table)).collect();
    all[0].lines.extend(root);
    all.extend(own.into_iter().filter(|table| table.lines.len() > 1));
    all
}

/// `base` without the pattern that it states: what a case changes may make it another one.
fn unstated(mut base: Vec<Table>) -> Vec<Table> {
    for table in base.iter_mut().filter(|table| table.header == "site") {
        table.lines.retain(|(line, _)| !line.starts_with("pattern ="));
    }
    base
}

/// Makes `router` a Linux one, whose files are `*.nft`, `*.net` and `file`.
fn told_linux(tables: &mut [Table], router: &str, file: &str) {
    let header = format!("routers.{router}");
    let table = tables.iter_mut().find(|table| table.header == header);
    for (line, _) in &mut table.expect("the router is in the site").lines {
        if line.starts_with("vendor =") {
            *line = "vendor = \"linux\"".to_owned();
        } else if line.starts_with("config =") {
            if !line.contains(".nft\"") {
                *line = format!("config = [\"{router}.nft\", \"{router}.net\"]");
            }
            if !line.contains(file) {
                *line = line.replace(']', &format!(", \"{file}\"]"));
            }
        }
    }
}
