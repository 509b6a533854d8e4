//! `smb-lab`: the file exchange on a share that a Linux kernel has mounted. The server runs
//! here, the client and the sweeper in the virtual machine.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use super::image::Image;
use super::server::{Client, Server};
use super::{at, built, folder, machine, packages};
use crate::bench::{circumstances, load, paragraph, replace_between};
use crate::problem::Problem;
use crate::{process, tree};

const PAGE: &str = "docs/TRUST.md";
const MARKS: (&str, &str) = ("<!-- smb-lab:begin -->", "<!-- smb-lab:end -->");
const PROGRAMS: [(&str, &str); 10] = [
    ("qemu-system-x86_64", "qemu-system-x86"),
    ("busybox", "busybox-static"),
    ("cpio", "cpio"),
    ("smbd", "samba"),
    ("pdbedit", "samba-common-bin"),
    ("smbclient", "smbclient"),
    ("apt-get", "apt"),
    ("dpkg-deb", "dpkg"),
    ("mkfifo", "coreutils"),
    ("gzip", "gzip"),
];
/// What a mount needs: the file system, its hashes and ciphers, and the network card.
const MODULES: [&str; 13] = [
    "fs/smb",
    "fs/netfs",
    "fs/fscache",
    "fs/nls",
    "crypto",
    "arch/x86/crypto",
    "lib",
    "net/core",
    "net/dns_resolver",
    "drivers/net/virtio_net.ko",
    "drivers/net/net_failover.ko",
    "drivers/virtio",
    "drivers/char/hw_random",
];
/// Longer than any run on a machine that does other work as well.
const PATIENCE: Duration = Duration::from_secs(3_600);
/// Requests of one process: two of them make the 200 of A2.
const REQUESTS: usize = 100;
/// How old a file is that may go.
const OLD: Duration = Duration::from_secs(30 * 86_400);
/// The terminal: every way to write an answer, in pieces, with pauses.
const SCENARIO: &str = "take-ms = [1, 20]\ndelay-ms = [1, 200]\n\
                        [write]\nrename = 1\nin-place = 2\npreallocated = 1\nexclusive = 1\n";

/// A terminal that answers at once.
const QUICK: &str = "take-ms = [1, 5]\ndelay-ms = [1, 5]\n";

/// Runs the lab; `--save` writes the results into the page.
///
/// # Errors
/// When something is missing, or the page has no block to replace.
pub fn run(root: &Path, words: &[&str]) -> Result<ExitCode, Problem> {
    let is_saved = match words {
        [] => false,
        ["--save"] => true,
        _ => return Err(Problem::usage(&format!("smb-lab {}", words.join(" ")))),
    };
    packages::require(&PROGRAMS)?;
    let begin = Instant::now();
    let mut host = Host::new(root)?;
    let kernel = packages::kernel(&folder(root, "kernel")?)?;
    let image = host.image(&kernel)?;
    let said = machine::run(&kernel.image(), &image, PATIENCE, |words| host.act(words))?;
    drop(host);
    let took = begin.elapsed().as_secs();
    let is_right = said.is_right();
    said.tell("smb-lab", took);
    // A run in which single checks were wrong is told as that; one that was broken off is not.
    if said.is_whole && is_saved {
        let page = tree::read(root, PAGE)?;
        let lines: Vec<String> = said.results.iter().map(|line| format!("- {line}")).collect();
        let head = format!(
            "{}{} Emulated processor (qemu, no acceleration), Samba on the same machine; {} in \
             {took} s.",
            circumstances(),
            load(),
            said.checks(),
        );
        let block = format!("{}\n\n{}", paragraph(&head), lines.join("\n"));
        tree::write(root, PAGE, &replace_between(PAGE, &page, MARKS, &block)?)?;
    }
    Ok(if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Questions about nobody.
fn requests(count: usize) -> String {
    let one = |number| {
        format!(
            "{{\"InsurerNumber\": \"  999999\", \"InsuredCardSymbol\": \"試験\", \
             \"InsuredIdentificationNumber\": \"{number:07}\", \"InsuredBranchNumber\": \"00\", \
             \"Birthdate\": \"19990101\", \"LimitApplicationCertificateRelatedConsFlg\": \"1\"}}\n"
        )
    };
    (0..count).map(one).collect()
}

/// What stands under a number in the races.
fn numbered(number: usize) -> String {
    format!("del{number}.txt")
}

/// This side of the lab: the machine with the folder.
struct Host {
    oqs: PathBuf,
    link: PathBuf,
    tests: PathBuf,
    home: PathBuf,
    server: Server,
    terminals: Vec<Child>,
    held: Option<Held>,
    writer: Option<JoinHandle<std::io::Result<()>>>,
}

/// A file that a client of the server has open, and the pipe that makes it wait.
struct Held(Client, Option<PathBuf>);

impl Host {
    /// Builds the programs, makes the folders, and starts the server.
    fn new(root: &Path) -> Result<Self, Problem> {
        let home = folder(root, "smb")?;
        let tests = built(root, "sekisho-link", "link")?;
        let link = tests.with_file_name("..").join("sekisho-link");
        let link = at(&link, link.canonicalize())?;
        let share = home.join("share");
        if share.exists() {
            at(&share, fs::remove_dir_all(&share))?;
        }
        // Further exchanges in folders of the same share: one that stays nearly empty, one with
        // the left-overs of A4, and one with those of a plan.
        for exchange in ["", "empty", "full", "many"] {
            for part in ["req", "res", "face"] {
                let path = share.join("oqs").join(exchange).join(part);
                at(&path, fs::create_dir_all(&path))?;
            }
        }
        let (oqs, other) = (share.join("oqs"), share.join("tests"));
        at(&other, fs::create_dir_all(&other))?;
        let shares: [(&str, &Path, &str); 5] = [
            ("OQS", &oqs, ""),
            ("EXACT", &oqs, "case sensitive = yes\n"),
            ("TESTS", &other, ""),
            ("KERNEL", &oqs, "kernel oplocks = yes\n"),
            ("SILENT", &oqs, "oplocks = no\n"),
        ];
        let server = Server::start(&home.join("server"), &shares)?;
        Ok(Self { oqs, link, tests, home, server, terminals: Vec::new(), held: None, writer: None })
    }

    /// What the virtual machine boots.
    fn image(&self, kernel: &packages::Kernel) -> Result<PathBuf, Problem> {
        let image = Image::new(self.home.join("image"))?;
        image.modules(kernel, &MODULES, &["virtio_pci", "virtio_net", "cifs"])?;
        image.program(&self.link, "bin/oqs")?;
        // The tests look for the program, and for a folder to work in, where they were built.
        image.program(&self.link, self.link.display().to_string().trim_start_matches('/'))?;
        image.program(&self.tests, "bin/tests")?;
        image.program(&at(&self.home, std::env::current_exe())?, "bin/lab")?;
        image.write("lab/script", include_str!("../../lab/smb.sh"))?;
        image.write("lab/requests.json", &requests(REQUESTS))?;
        image.write("lab/request.json", &requests(1))?;
        let target = self.link.parent().and_then(Path::parent).unwrap_or(&self.home);
        let environment = format!(
            "PORT={}\nNAME={}\nWORD={}\nTEMPORARY={}\nREQUESTS={REQUESTS}\n",
            self.server.port,
            self.server.user,
            self.server.word,
            target.join("tmp").display(),
        );
        image.write("lab/environment", &environment)?;
        let packed = self.home.join("image.gz");
        image.pack(&packed)?;
        Ok(packed)
    }

    /// Does what the script asks for.
    fn act(&mut self, words: &[&str]) -> Result<(), String> {
        let number = |word: &str| word.parse::<usize>().map_err(|error| error.to_string());
        let io = |error: std::io::Error| error.to_string();
        match words {
            ["start-terminal"] => self.start_terminal(SCENARIO, "."),
            ["start-quick-terminals"] => {
                let first = self.start_terminal(QUICK, "full");
                first.and_then(|()| self.start_terminal(QUICK, "empty"))
            }
            ["stop-terminals"] => self.stop_terminals(),
            ["fill", folder, count] => self.fill(folder, number(count)?).map_err(io),
            ["clear"] => self.clear().map_err(io),
            ["old", names @ ..] => names.iter().try_for_each(|name| self.old(name)).map_err(io),
            ["hold", how, name] => self.hold(how, name),
            ["release"] => self.release(),
            ["rewrite", count, delay] => {
                let (count, delay) = (number(count)?, number(delay)?);
                let folder = self.oqs.join("res");
                self.writer = Some(thread::spawn(move || rewrite(&folder, count, delay)));
                Ok(())
            }
            ["rewritten", count] => {
                let writer = self.writer.take().ok_or("nobody writes")?;
                writer.join().map_err(|_| "the writer panicked")?.map_err(io)?;
                self.rewritten(number(count)?)
            }
            _ => Err("unknown words".to_owned()),
        }
    }

    /// Starts a terminal in a folder of the share.
    fn start_terminal(&mut self, text: &str, folder: &str) -> Result<(), String> {
        let scenario = self.home.join("scenario.toml");
        fs::write(&scenario, text).map_err(|error| error.to_string())?;
        let mut emulate = Command::new(&self.link);
        emulate.args(["emulate", "--seed", "1", "--root"]);
        let root = self.oqs.join(folder).canonicalize().map_err(|error| error.to_string())?;
        emulate.arg(root).arg("--for").arg(PATIENCE.as_secs().to_string());
        emulate.arg("--scenario").arg(scenario);
        let emulate = emulate.stdout(Stdio::null()).stderr(Stdio::null());
        self.terminals.push(emulate.spawn().map_err(|error| error.to_string())?);
        Ok(())
    }

    fn stop_terminals(&mut self) -> Result<(), String> {
        for mut terminal in self.terminals.drain(..) {
            terminal.kill().and_then(|()| terminal.wait()).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Empty left-overs: their names are what a server looks through.
    fn fill(&self, folder: &str, count: usize) -> std::io::Result<()> {
        let res = self.oqs.join(folder).join("res");
        for number in 0..count {
            File::create(res.join(format!("OQSsiquc01res_2098{number:08}.xml")))?;
        }
        Ok(())
    }

    fn clear(&self) -> std::io::Result<()> {
        for part in ["req", "res", "face"] {
            // The folders themselves stay: the terminal holds them.
            for entry in fs::read_dir(self.oqs.join(part))? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    fs::remove_dir_all(entry.path())?;
                } else {
                    fs::remove_file(entry.path())?;
                }
            }
        }
        Ok(())
    }

    fn old(&self, name: &str) -> std::io::Result<()> {
        let mut file = File::create(self.oqs.join(name))?;
        file.write_all(b"old")?;
        file.set_modified(SystemTime::now() - OLD)
    }

    fn hold(&mut self, how: &str, name: &str) -> Result<(), String> {
        let path = self.oqs.join(name);
        let held = match how {
            "alone" | "reading" => {
                let mut client = self.server.client("OQS")?;
                let remote = name.replace('/', "\\");
                if how == "alone" {
                    client.tell(&format!("open {remote}"))?;
                    Held(client, None)
                } else {
                    // A pipe that nobody else has open stops the client when it has the file.
                    let pipe = self.home.join("pipe");
                    let _ = fs::remove_file(&pipe);
                    process::done(Command::new("mkfifo").arg(&pipe))
                        .map_err(|problem| problem.to_string())?;
                    client.tell(&format!("get {remote} {}", pipe.display()))?;
                    Held(client, Some(pipe))
                }
            }
            _ => return Err("unknown way to hold a file".to_owned()),
        };
        self.held = Some(held);
        let begin = Instant::now();
        while !is_open(&path) {
            if begin.elapsed() > Duration::from_secs(30) {
                return Err("the client does not open it".to_owned());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    fn release(&mut self) -> Result<(), String> {
        let Held(client, pipe) = self.held.take().ok_or("nothing is held")?;
        if let Some(pipe) = pipe {
            fs::read(&pipe).map_err(|error| error.to_string())?;
        }
        client.end()
    }

    /// Whether every new content is there, and nothing else.
    fn rewritten(&self, count: usize) -> Result<(), String> {
        for number in 0..count {
            let path = self.oqs.join("res").join(numbered(number));
            match fs::read_to_string(&path) {
                Ok(content) if content == "new" => {}
                other => return Err(format!("{number}: {other:?}")),
            }
        }
        Ok(())
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.stop_terminals();
    }
}

/// Writes new contents under names that are just being deleted: renamed over the old one, in
/// place, or taken away and made anew.
fn rewrite(folder: &Path, count: usize, delay: usize) -> std::io::Result<()> {
    thread::sleep(Duration::from_millis(delay as u64));
    for number in 0..count {
        let path = folder.join(numbered(number));
        match number % 3 {
            0 => {
                let temporary = folder.join(format!("writer-{number}"));
                fs::write(&temporary, "new")?;
                fs::rename(&temporary, &path)?;
            }
            1 => fs::write(&path, "new")?,
            _ => {
                let _ = fs::remove_file(&path);
                fs::write(&path, "new")?;
            }
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// True if another process of this machine has the file open.
fn is_open(path: &Path) -> bool {
    let own = std::process::id().to_string();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.filter(|process| process.file_name().to_str() != Some(&own)).any(|process| {
        let open = fs::read_dir(process.path().join("fd")).into_iter().flatten().flatten();
        open.filter_map(|descriptor| fs::read_link(descriptor.path()).ok())
            .any(|target| target == path)
    })
}
