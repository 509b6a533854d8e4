//! nft and the kernel as judges of which rulesets load: whatever they refuse, sekisho must not
//! take for loaded. `nft -c` does not see what only some hooks have, so every file is loaded.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use device::{File, Input};
use diag::{SourceId, Text};
use model::{Effect, Effects, Origin, Readings};

use super::damage::{Random, damaged, pieces};

/// Rulesets that nft 1.0.6 loads on a kernel with every part that they use, with their names.
///
/// Not here, because the kernels on which the tests run lack it: connection tracking, `reject` and
/// `fib` in tables of the family `bridge`, flow tables, `meta nftrace`, `secmark`.
const CORPUS: [(&str, &str); 6] = [
    ("inet", include_str!("corpus/inet.nft")),
    ("nat", include_str!("corpus/nat.nft")),
    ("bridge", include_str!("corpus/bridge.nft")),
    ("flat", include_str!("corpus/flat.nft")),
    ("sets", include_str!("corpus/sets.nft")),
    ("values", include_str!("corpus/values.nft")),
];

/// Interfaces that the rulesets name.
const INTERFACES: [&str; 3] = ["lan0", "lan1", "wan0"];

/// Damaged rulesets that are compared, unless `SEKISHO_LOAD_CASES` says how many.
const CASES: u64 = 2_400;
/// The first seed, unless `SEKISHO_LOAD_SEED` names another.
const SEED: u64 = 1;
/// Of 100 damaged rulesets that nft loads, those that sekisho takes for loaded at least.
const FLOOR: u64 = 80;
/// Of those that sekisho does not take, one of so many is given to nft.
const SAMPLE: u64 = 8;

/// Everything that a file that is not loaded could do.
const ALL: [Effect; 7] = [
    Effect::Permit,
    Effect::Deny,
    Effect::Translate,
    Effect::Route,
    Effect::Bridge,
    Effect::Manage,
    Effect::Resolve,
];

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// nft in a network namespace of its own, which vanishes with the process.
struct Judge {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    folder: PathBuf,
}

/// Makes the interfaces and loads one file for every line that comes in.
const SCRIPT: &str = "for one in lan0 lan1 wan0; do \
    ip link add $one type veth peer name x$one || exit 77; done; echo ready; \
    while read file; do nft -f $file 2>said; echo $?; done";

impl Judge {
    /// The judge; `None`, and why, where nft cannot be asked.
    fn new(folder: PathBuf) -> Result<Self, String> {
        fs::create_dir_all(&folder).expect("the temporary folder can be made");
        let mut command = Command::new("unshare");
        command.args(["-n", "sh", "-c", SCRIPT]).current_dir(&folder);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let input = child.stdin.take().expect("it is piped");
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut judge = Self { child, input, output, folder };
        if judge.answer() != "ready" {
            return Err("no network namespace with nft can be made".to_owned());
        }
        match judge.refusal("table inet probe\n") {
            None => Ok(judge),
            Some(why) => Err(why),
        }
    }

    fn answer(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("the judge answers");
        line.trim().to_owned()
    }

    /// What nft and the kernel say; nothing if they load it. Every ruleset comes into an empty
    /// kernel.
    fn refusal(&mut self, text: &str) -> Option<String> {
        let file = self.folder.join("router.nft");
        fs::write(file, format!("flush ruleset\n{text}")).expect("the folder can be written");
        writeln!(self.input, "router.nft").expect("the judge listens");
        if self.answer() == "0" {
            return None;
        }
        Some(fs::read_to_string(self.folder.join("said")).unwrap_or_default())
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Whether sekisho takes the ruleset for loaded, and what it says.
fn is_taken(text: &str) -> (bool, String) {
    let net: String = INTERFACES.iter().map(|name| format!("interface {name}\n")).collect();
    is_taken_with(text, &net)
}

/// The same on a router that is described so.
fn is_taken_with(text: &str, net: &str) -> (bool, String) {
    let (one, two) = (SourceId(0), SourceId(1));
    let files = [
        File { source: one, name: "router.nft", text },
        File { source: two, name: "router.net", text: net },
    ];
    let origin = Origin::Default(Text::verbatim("test"));
    let input = Input { name: "router", origin, model: None, files: &files };
    let vendor = device::vendor("linux").expect("there is this vendor");
    let lowered = (vendor.parse)(&input).lower(&Readings::default());
    let all = Effects::of(&ALL);
    let is_taken = !lowered.node.gaps.iter().any(|gap| gap.effects == all);
    let said = lowered.diagnostics.iter().map(|one| {
        let place = one.primary.as_ref().map_or(0, |label| label.span.start as usize);
        let line = text.get(..place).map_or(0, |before| before.matches('\n').count() + 1);
        format!("{}:{line} {}\n", one.code, one.headline.en)
    });
    (is_taken, said.collect())
}

fn rulesets() -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> =
        CORPUS.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut open = vec![root];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("the examples can be read") {
            let path = entry.expect("the examples can be read").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "nft") {
                files.push(path);
            }
        }
    }
    files.sort();
    for file in files {
        let text = fs::read_to_string(&file).expect("a ruleset is text");
        found.push((file.display().to_string(), text));
    }
    found
}

/// The ruleset with as few pieces as still show the disagreement.
fn shrunk(judge: &mut Judge, text: &str) -> String {
    let mut shows = |text: &str| is_taken(text).0 && judge.refusal(text).is_some();
    let mut smallest: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    for _ in 0..2 {
        let mut width = smallest.len() / 2;
        while width > 0 {
            let mut at = 0;
            while at + width <= smallest.len() {
                let mut smaller = smallest.clone();
                smaller.drain(at..at + width);
                if shows(&smaller.concat()) {
                    smallest = smaller;
                } else {
                    at += width;
                }
            }
            width /= 2;
        }
        smallest = pieces(&smallest.concat());
    }
    smallest.concat()
}

#[test]
fn every_ruleset_of_an_example_is_taken_on_its_own_router() {
    let mut count = 0;
    for (name, text) in rulesets() {
        let net = PathBuf::from(&name).with_extension("net");
        let Ok(net) = fs::read_to_string(net) else { continue };
        let (is_taken, said) = is_taken_with(&text, &net);
        assert!(is_taken, "{name}: {said}");
        count += 1;
    }
    assert!(count >= 10, "{count} rulesets");
}

#[test]
fn what_nft_refuses_is_not_taken_for_loaded() {
    let folder = std::env::temp_dir().join(format!("sekisho-load-{}", std::process::id()));
    let mut judge = match Judge::new(folder) {
        Ok(judge) => judge,
        Err(why) => {
            let required = std::env::var("SEKISHO_TESTS_REQUIRE").unwrap_or_default();
            assert!(!required.split(',').any(|one| one.trim() == "nft"), "nft is required: {why}");
            println!("skipped: nft cannot be asked here ({why})");
            return;
        }
    };
    let rulesets = rulesets();
    let mut not_taken = String::new();
    for (name, text) in &rulesets {
        assert_eq!(judge.refusal(text), None, "{name}");
        let (is_taken, said) = is_taken(text);
        if !is_taken {
            not_taken += &format!("{name}: {said}");
        }
    }
    assert_eq!(not_taken, "");
    let cases = setting("SEKISHO_LOAD_CASES").unwrap_or(CASES);
    let first = setting("SEKISHO_LOAD_SEED").unwrap_or(SEED);
    let (mut loaded, mut both, mut refused) = (0, 0, 0);
    let mut wrong = Vec::new();
    for seed in first..first + cases {
        let mut random = Random::new(seed);
        let (name, text) = random.pick(&rulesets);
        let text = damaged(&mut random, &text);
        let (is_taken, said) = is_taken(&text);
        // What is not taken can be no wrong; some of it tells how much of what loads is taken.
        if !is_taken && !seed.is_multiple_of(SAMPLE) {
            continue;
        }
        let weight = if is_taken { 1 } else { SAMPLE };
        match judge.refusal(&text) {
            None => {
                loaded += weight;
                both += u64::from(is_taken);
                if !is_taken && std::env::var_os("SEKISHO_LOAD_TELL").is_some() {
                    println!("only nft loads seed {seed} of {name}: {said}");
                }
            }
            // Kernels without connection tracking in bridges and in netdev say this.
            Some(why) if why.contains("Protocol error") => {}
            Some(why) => {
                refused += weight;
                if is_taken && wrong.len() < 40 {
                    let text = shrunk(&mut judge, &text);
                    wrong.push(format!("seed {seed} of {name}\n{text}\n{why}"));
                }
            }
        }
    }
    println!(
        "{cases} damaged: nft refuses about {refused}, loads about {loaded}, of these taken {both}"
    );
    assert!(wrong.is_empty(), "{}\n{} in all", wrong.join("\n----\n"), wrong.len());
    assert!(both * 100 >= loaded * FLOOR, "{both} of {loaded}");
}
