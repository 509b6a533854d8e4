//! The workloads that are measured, each a function that does the work once.

use std::fs;
use std::path::{Path, PathBuf};

use check::ConfigFile;
use model::{NodeKind, Origin, Readings};
use packet_set::classbench::{Family, Generator, Profile};
use packet_set::{Budget, Cube, Diagrams, List, Rule, find};

/// The folder of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}

/// The files of a site, read once.
pub struct SiteFiles {
    name: String,
    site: Vec<u8>,
    files: Vec<ConfigFile>,
}

impl SiteFiles {
    /// The example `name`.
    ///
    /// # Panics
    /// When the example is not there.
    #[must_use]
    pub fn example(name: &str) -> Self {
        let folder = root().join("examples").join(name);
        let site = fs::read(folder.join("site.toml")).expect("the example has a site file");
        let loaded = check::load("site.toml", &site);
        let files = loaded
            .files()
            .into_iter()
            .map(|name| {
                let content =
                    fs::read(folder.join(&name)).map_err(|error| diag::os_error(&error).into());
                ConfigFile { shown: name.clone(), name, content }
            })
            .collect();
        Self { name: "site.toml".to_owned(), site, files }
    }

    /// The example with Yamaha routers, with `count` claims computers in a wider zone.
    #[must_use]
    pub fn fleet(count: usize) -> Self {
        let mut fleet = Self::example("ipvpn-separate-yamaha");
        let site = widened(&String::from_utf8_lossy(&fleet.site));
        let machines: String = (1..count).map(claims_computer).collect();
        fleet.site = format!("{site}\n{machines}").into_bytes();
        for file in &mut fleet.files {
            file.content = file.content.clone().map(|bytes| {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let is_inner = file.name == "router-a.conf";
                if is_inner { widened(&text).into_bytes() } else { bytes }
            });
        }
        fleet
    }

    /// All example sites without a fault, in the order of their names.
    #[must_use]
    pub fn clean() -> Vec<Self> {
        let folders = fs::read_dir(root().join("examples")).into_iter().flatten().flatten();
        let mut names: Vec<String> = folders
            .filter(|folder| folder.path().join("site.toml").exists())
            .filter_map(|folder| folder.file_name().into_string().ok())
            .collect();
        names.sort();
        names.iter().map(|name| Self::example(name)).collect()
    }

    /// Bytes of the site file to bytes of JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let loaded = check::load(&self.name, &self.site);
        render::json(&check::check(loaded, &self.files, None))
    }

    /// The site as it is drawn, with its verdicts.
    #[must_use]
    pub fn picture(&self) -> check::Picture {
        let loaded = check::load(&self.name, &self.site);
        let report = check::check(loaded.clone(), &self.files, None);
        check::picture(loaded, &self.files, Some(&report), None)
    }

    /// Boxes of packets made by the attacks of one check: counted work.
    #[must_use]
    pub fn work(&self) -> u64 {
        check::check(check::load(&self.name, &self.site), &self.files, None).work
    }

    /// Lines of all configurations.
    #[must_use]
    pub fn lines(&self) -> usize {
        let contents = self.files.iter().filter_map(|file| file.content.as_ref().ok());
        contents.map(|bytes| bytes.split(|byte| *byte == b'\n').count()).sum()
    }
}

/// `text` with the zone of the claims computers widened to a /16.
fn widened(text: &str) -> String {
    let mut text = text.to_owned();
    for (own, wide) in [
        ("192.0.2.0/25", "10.1.0.0/16"),
        ("192.0.2.1/25", "10.1.0.1/16"),
        ("192.0.2.2-192.0.2.9", "10.1.0.2-10.1.0.9"),
        ("192.0.2.1 ", "10.1.0.1 "),
        ("192.0.2.1\n", "10.1.0.1\n"),
        ("192.0.2.10\n", "10.1.0.10\n"),
        ("192.0.2.20\"", "10.1.0.20\""),
    ] {
        text = text.replace(own, wide);
    }
    text
}

fn claims_computer(number: usize) -> String {
    format!(
        "[machines.receipt-{}]\nroles = [\"claims-computer\"]\n\
         nics = [{{ zone = \"claims-lan\", ipv4 = \"10.1.{}.{}\", gateway = \"router-a\" }}]\n\n",
        number + 1,
        number / 250 + 1,
        number % 250 + 1,
    )
}

/// Draws `picture` in Japanese; the length of the SVG.
#[must_use]
pub fn draw(picture: &check::Picture) -> usize {
    render::draw::svg(&render::draw::drawing(picture, diag::Lang::Ja)).len()
}

/// A Yamaha configuration of about `bytes` bytes, made of the example's lines.
#[must_use]
pub fn yamaha_text(bytes: usize) -> String {
    let file = root().join("examples/ipvpn-separate-yamaha/router-b.conf");
    let text = fs::read_to_string(file).unwrap_or_default();
    text.repeat(bytes / text.len().max(1) + 1)
}

/// Parses `text` as a Yamaha configuration and lowers it if `lowers`.
///
/// # Panics
/// When the vendor is missing.
pub fn parse_yamaha(text: &str, lowers: bool) {
    let vendor = device::vendor("yamaha-rtx").expect("the vendor is part of the crate");
    let files = [device::File { source: diag::SourceId(0), name: "router.conf", text }];
    let input = device::Input {
        name: "router",
        origin: Origin::Written(diag::Span::new(diag::SourceId(0), 0, 0)),
        model: None,
        files: &files,
    };
    let config = (vendor.parse)(&input);
    if lowers {
        let lowered = config.lower(&Readings::default());
        assert_eq!(lowered.node.kind, NodeKind::Router, "a configuration is a router");
    }
}

/// A list like those of ClassBench, with questions.
pub struct Classbench {
    rules: Vec<Rule>,
    questions: Vec<Cube>,
}

impl Classbench {
    /// `count` rules and 100 questions.
    #[must_use]
    pub fn new(count: usize) -> Self {
        let mut generator = Generator::new(7, Profile::Struct, Family::V4, count);
        let rules = generator.rules(count);
        let questions = (0..100).map(|_| generator.question()).collect();
        Self { rules, questions }
    }

    /// Builds the diagram of what the list permits; the number of its nodes.
    ///
    /// # Panics
    /// When the budget does not suffice.
    #[must_use]
    pub fn build(&self) -> usize {
        let mut diagrams = Diagrams::new(Budget::unlimited());
        let built = diagrams.outcomes(List::new(&self.rules)).expect("the budget is unlimited");
        diagrams.size_of(built).nodes
    }

    /// Builds the diagram and asks it all questions; how many are answered with yes.
    ///
    /// # Panics
    /// When the budget does not suffice.
    #[must_use]
    pub fn build_and_ask(&self) -> usize {
        let mut diagrams = Diagrams::new(Budget::unlimited());
        let built = diagrams.outcomes(List::new(&self.rules)).expect("the budget is unlimited");
        let yes = |cube: &&Cube| diagrams.overlaps(built, cube);
        self.questions.iter().filter(yes).count()
    }

    /// Asks all questions by box splitting, without building anything.
    ///
    /// # Panics
    /// When the budget does not suffice.
    #[must_use]
    pub fn ask_boxes(&self) -> usize {
        let list = List::new(&self.rules);
        let permits = |entry: Option<usize>| list.outcome(entry) != 0;
        let yes = |cube: &&Cube| {
            let budget = &mut Budget::unlimited();
            find(cube, &self.rules, budget, permits).expect("the budget is unlimited").is_some()
        };
        self.questions.iter().filter(yes).count()
    }
}
