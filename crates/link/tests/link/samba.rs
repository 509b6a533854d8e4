//! The exchange through a real SMB server: `smbd` and `smbclient` of Debian, started on
//! 127.0.0.1 (or in network namespaces of the test's own) with folders of the test's own.
//!
//! Nothing is mounted: the kernels of the test machines have no `cifs`. `smbclient` speaks to
//! the share; the client and the emulated terminal use the folder that the server exports.

use std::collections::BTreeSet;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use link::client::{Outcome, Settings};
use link::document;
use link::encoding::Encoding;
use link::message;
use serde_json::Value;

use crate::place::Place;
use crate::terminal::{
    self, INSTITUTION, Terminal, amount, ask_all, assert_whole, client, is_soak, person, root,
    settings, text,
};

/// Waits for something that another process does.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server for one test.
pub(crate) struct Samba {
    server: Child,
    port: u16,
    settings: PathBuf,
}

/// Why there is no server here.
fn obstacle() -> Option<String> {
    let missing: Vec<&str> = ["smbd", "smbclient"]
        .into_iter()
        .filter(|name| Command::new(name).arg("--version").output().is_err())
        .collect();
    (!missing.is_empty()).then(|| format!("{} not installed", missing.join(" and ")))
}

/// True if the test cannot be made here; it then says so, or fails where it must be made.
pub(crate) fn is_skipped() -> bool {
    let Some(why) = obstacle() else { return false };
    let required = std::env::var("SEKISHO_TESTS_REQUIRE").unwrap_or_default();
    assert!(!required.contains("samba"), "no SMB server: {why}");
    println!("skipped: no SMB server: {why}");
    true
}

/// The settings of a server that exports `share` and keeps everything else in `home`.
fn configuration(home: &Path, share: &Path, port: u16, interfaces: &str) -> PathBuf {
    let mut text = format!(
        "[global]\nworkgroup = TEST\nserver role = standalone server\n\
         interfaces = {interfaces}\nbind interfaces only = yes\nsmb ports = {port}\n\
         disable netbios = yes\nload printers = no\nprinting = bsd\nprintcap name = /dev/null\n\
         disable spoolss = yes\nmap to guest = bad user\nguest account = {user}\nlog level = 0\n",
        user = user(),
    );
    for key in [
        "private dir",
        "lock directory",
        "state directory",
        "cache directory",
        "pid directory",
        "ncalrpc dir",
    ] {
        let folder = home.join(key.replace(' ', "-"));
        fs::create_dir_all(&folder).expect("a folder");
        text.push_str(&format!("{key} = {}\n", folder.display()));
    }
    text.push_str(&format!(
        "[OQS]\npath = {}\nread only = no\nguest ok = yes\nforce user = {}\n",
        share.display(),
        user(),
    ));
    let path = home.join("smb.conf");
    fs::write(&path, text).expect("a file");
    path
}

fn user() -> String {
    let output = Command::new("id").arg("-un").output().expect("it runs");
    String::from_utf8(output.stdout).expect("a name").trim().to_owned()
}

impl Samba {
    pub(crate) fn start(place: &Place, share: &Path) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        let port = free.expect("a free port").port();
        let settings = configuration(&place.folder("samba"), share, port, "lo");
        let server = Command::new("smbd")
            .args(["--foreground", "--no-process-group", "--debug-stdout", "-s"])
            .arg(&settings)
            // When it ends it ends its whole process group.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let samba = Self { server, port, settings };
        let begin = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begin.elapsed() < PATIENCE, "the server does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        samba
    }

    /// Runs commands of `smbclient` in the folder; true if all went well.
    pub(crate) fn run(&self, folder: &Path, commands: &str) -> bool {
        let mut client = self.client();
        client.args(["-c", commands]).current_dir(folder);
        client.output().expect("it runs").status.success()
    }

    /// A client that takes commands.
    pub(crate) fn client(&self) -> Command {
        let mut client = Command::new("smbclient");
        client.arg("//127.0.0.1/OQS").args(["-N", "-p", &self.port.to_string(), "-s"]);
        client.arg(&self.settings);
        client
    }
}

impl Drop for Samba {
    fn drop(&mut self) {
        // `smbd` ends its children when it is asked to end.
        let process = self.server.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &process]).status();
        let _ = self.server.wait();
    }
}

/// A request as a file.
fn request(folder: &Path, number: usize) -> String {
    let catalogue = link::catalogue::Catalogue::load();
    let kind = catalogue.kind("OQSsiquc01").expect("it is known");
    let header = [
        ("QualificationConfirmationDate", "20990101".to_owned()),
        ("MedicalInstitutionCode", INSTITUTION.to_owned()),
        ("ArbitraryFileIdentifier", format!("T{number:05}")),
    ];
    let message = message::request(kind, &header, &[person(number)]).expect("a request");
    let bytes = document::write(&message, Encoding::Utf8).expect("it can be written");
    let name = format!("OQSsiquc01req_{number:012}.xml");
    fs::write(folder.join(&name), bytes).expect("a file");
    name
}

#[test]
fn a02_over_smb_two_claims_computers_get_their_own_answers() {
    if is_skipped() {
        return;
    }
    let place = Place::new();
    let root = root(&place);
    let samba = Samba::start(&place, &root);
    let terminal = Terminal::start(&root, "[write]\nrename = 1\nin-place = 2\n");
    let count = amount(8, 100);
    let one = |process: usize| {
        let own = place.folder(&format!("claims{process}"));
        for number in process * 1_000..process * 1_000 + count {
            let name = request(&own, number);
            let put = format!(
                "put {name} req\\.000000000000000{process}.tmp; \
                 rename req\\.000000000000000{process}.tmp req\\{name}"
            );
            assert!(samba.run(&own, &put), "the share takes the request");
            let answer = name.replace("req_", "res_");
            let begin = Instant::now();
            let message = loop {
                // By its exact name; whole by its format.
                if samba.run(&own, &format!("get res\\{answer} {answer}")) {
                    let bytes = fs::read(own.join(&answer)).expect("a file");
                    if let Ok((message, _)) = document::parse(&bytes) {
                        break message;
                    }
                }
                assert!(begin.elapsed() < PATIENCE, "no answer to {name}");
            };
            let identifier = message.text_of("ArbitraryFileIdentifier");
            assert_eq!(identifier, Some(format!("T{number:05}").as_str()));
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| one(1));
        scope.spawn(|| one(2));
    });
    assert_eq!(terminal.stop().requests, 2 * count as u64);
    println!("soak: A2 over SMB: {} requests by two smbclients, each its own answer", 2 * count);
}

#[test]
fn a01_over_smb_the_client_takes_what_the_share_writes() {
    if is_skipped() {
        return;
    }
    let place = Place::new();
    let root = root(&place);
    let samba = Samba::start(&place, &root);
    // The terminal works in a folder of its own; everything goes over the share.
    let own = place.folder("terminal");
    let terminal = Terminal::start(&own, "take-ms = [1, 5]\ndelay-ms = [1, 20]\n");
    let is_over = AtomicBool::new(false);
    let carry = || {
        let mut taken = BTreeSet::new();
        let mut given = BTreeSet::new();
        while !is_over.load(Ordering::Relaxed) {
            let _ = samba.run(&own.join("req"), "cd req; prompt off; mget OQS*");
            for name in names(&own.join("req")) {
                if taken.insert(name.clone()) {
                    assert!(samba.run(&own, &format!("del req\\{name}")));
                }
            }
            for name in names(&own.join("res")) {
                if given.insert(name.clone()) {
                    // `put` writes in place, as a terminal may.
                    assert!(samba.run(&own.join("res"), &format!("cd res; put {name}")));
                }
            }
        }
    };
    // Every file costs the start of some programs, one after the other: who waits for many at once
    // waits long on a machine that does other things as well.
    let mut client = client(&place, Settings { parallel: 16, ..settings() });
    let count = amount(10, 500);
    let answers = std::thread::scope(|scope| {
        scope.spawn(carry);
        let answers = ask_all(&mut client, count);
        is_over.store(true, Ordering::Relaxed);
        answers
    });
    assert_eq!(answers.len(), count);
    let wrong = answers.iter().find(|answer| answer.outcome != Outcome::Answered);
    assert!(wrong.is_none(), "{wrong:?}");
    assert_whole(&root, &answers);
    drop(terminal);
    println!("soak: A1 over SMB: {count} answers written through smbd, all whole");
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("a folder");
    let names = names.map(|entry| entry.expect("a name").file_name().into_string().expect("ours"));
    names.filter(|name| name.starts_with("OQS")).collect()
}

#[test]
fn a04_over_smb_left_overs_do_not_matter_to_an_exact_name() {
    if is_skipped() {
        return;
    }
    let place = Place::new();
    let root = root(&place);
    let samba = Samba::start(&place, &root);
    fs::write(root.join("res/OQSsiquc01res_000000000001.xml"), "<XmlMsg/>").expect("a file");
    // What a waiting client asks for is not there, and Samba then looks for another spelling.
    let there = ("get res\\OQSsiquc01res_000000000001.xml found", true);
    let absent = ("get res\\OQSsiquc01res_000000000002.xml found", false);
    let median = |(get, is_there): (&str, bool)| {
        let mut times: Vec<Duration> = (0..amount(5, 31))
            .map(|_| {
                let begin = Instant::now();
                assert_eq!(samba.run(place.path(), get), is_there);
                begin.elapsed()
            })
            .collect();
        times.sort_unstable();
        times[times.len() / 2]
    };
    let empty = [there, absent].map(&median);
    for number in 0..amount(2_000, 100_000) {
        fs::write(root.join(format!("res/OQSsiquc01res_2098{number:08}.xml")), "x")
            .expect("a file");
    }
    let full = [there, absent].map(&median);
    let ms = |time: Duration| time.as_millis();
    for (what, empty, full) in
        [("exact name", empty[0], full[0]), ("name that is not there", empty[1], full[1])]
    {
        println!("soak: A4 over SMB: {what} {} ms empty, {} ms full", ms(empty), ms(full));
    }
    // The clock of a busy machine decides nothing in everyday runs. What is not there depends on a
    // setting of the server, as the doctor says, and is only told.
    assert!(!is_soak() || full[0] < empty[0] + Duration::from_millis(300), "{empty:?} {full:?}");
}

/// Router A between two namespaces: claims may open TCP 445 to the terminal, nothing may be
/// opened the other way. The client works in a folder of the claims computer; what it hands in and
/// what it waits for crosses the router by `smbclient`, in the place of a mount.
const TWO_NAMESPACES: &str = r#"
set -e
mkdir -p /run/netns; mount -t tmpfs none /run/netns
ip netns add claims; ip netns add terminal
ip link add c0 type veth peer name eth0 netns claims
ip link add t0 type veth peer name eth0 netns terminal
ip addr add 192.0.2.1/24 dev c0; ip link set c0 up
ip addr add 198.51.100.1/24 dev t0; ip link set t0 up
ip -n claims addr add 192.0.2.10/24 dev eth0
ip -n terminal addr add 198.51.100.10/24 dev eth0
for n in claims terminal; do ip -n $n link set lo up; ip -n $n link set eth0 up; done
ip -n claims route add default via 192.0.2.1
ip -n terminal route add default via 198.51.100.1
echo 1 > /proc/sys/net/ipv4/ip_forward
nft -f - <<RULES
table inet router_a {
  counter refused { }
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    iifname "c0" oifname "t0" tcp dport 445 accept
    iifname "t0" counter name refused drop
  }
}
RULES
conf="$HOME_DIR/smb.conf"
ip netns exec terminal setsid smbd -F --no-process-group -s "$conf" >/dev/null 2>&1 &
server=$!
carrier=
trap 'kill $server $emulator $carrier 2>/dev/null' EXIT
ip netns exec terminal "$LINK" emulate --root "$SHARE" --for 60 2>/dev/null &
emulator=$!
smb() {
  ip netns exec claims smbclient //198.51.100.10/OQS -N -s "$conf" -c "$1" >/dev/null 2>&1
}
try() { for i in $(seq 100); do smb "$1" && break; sleep 0.1; done; }
cd "$HOME_DIR"
try ls
mkdir -p claims/req claims/res claims/face
carry() {
  while sleep 0.1; do
    for file in claims/req/OQS*; do
      test -e "$file" || continue
      name=${file##*/}
      tmp='req\.0000000000000001.tmp'
      smb "lcd claims/req; put $name $tmp; rename $tmp req\\$name" || continue
      rm "$file"; touch "asked-$name"
    done
    for asked in asked-*; do
      test -e "$asked" || continue
      name=${asked#asked-}; name=${name/req_/res_}
      smb "get res\\$name coming" || continue
      mv coming "claims/res/$name"; rm "$asked"
    done
  done
}
carry & carrier=$!
ip netns exec claims "$LINK" ask --root claims --state state --institution 9910000000 \
  --parallel 8 request.json > answers.json
open() { ip netns exec terminal timeout 2 bash -c '</dev/tcp/192.0.2.10/445' 2>/dev/null; echo $?; }
echo "with the rules: $(open)"
nft list counter inet router_a refused | grep -o 'packets [0-9]*'
nft flush ruleset
echo "without rules: $(open)"
"#;

#[test]
fn a18_the_terminal_answers_and_opens_nothing() {
    if is_skipped() {
        return;
    }
    let probe = Command::new("unshare").args(["--net", "nft", "list", "ruleset"]).output();
    if !probe.is_ok_and(|output| output.status.success()) {
        let required = std::env::var("SEKISHO_TESTS_REQUIRE").unwrap_or_default();
        assert!(!required.contains("nft"), "no network namespace with nftables");
        println!("skipped: no network namespace with nftables");
        return;
    }
    let place = Place::new();
    let root = root(&place);
    let home = place.folder("samba");
    configuration(&home, &root, 445, "lo eth0");
    let people: Vec<Value> = (1..=20).map(|number| Value::Object(person(number))).collect();
    fs::write(home.join("request.json"), Value::Array(people).to_string()).expect("a file");
    let mut script = Command::new("unshare");
    script.args(["--net", "--mount", "bash", "-c", TWO_NAMESPACES]);
    script.env("HOME_DIR", &home).env("SHARE", &root);
    script.env("LINK", env!("CARGO_BIN_EXE_sekisho-link"));
    let output = script.stdin(Stdio::null()).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complaint}");
    let answers = fs::read(home.join("answers.json")).expect("answers over two networks");
    let mut numbers: Vec<u64> = Vec::new();
    for answer in terminal::lines(&answers) {
        assert_eq!(answer["outcome"], "answered", "{answer}");
        let number = text(&answer, "InsuredIdentificationNumber").expect("somebody");
        assert_eq!(answer["number"].as_u64(), number.parse().ok(), "of somebody else");
        numbers.extend(answer["number"].as_u64());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "with the rules: 124", "dropped without an answer");
    let dropped = lines[1].strip_prefix("packets ").and_then(|count| count.parse::<u64>().ok());
    assert!(dropped.is_some_and(|count| count > 0), "{said}");
    assert_eq!(lines[2], "without rules: 1", "refused by the machine itself, so it was reached");
    println!("soak: A18: 20 exchanges through Router A; {} from the terminal dropped", lines[1]);
}
