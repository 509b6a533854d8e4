//! A Samba server on this machine's loopback with folders of its own, and clients of it that
//! hold files. No right of an administrator is needed.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::at;
use crate::problem::Problem;
use crate::process;

/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server.
pub(super) struct Server {
    child: Child,
    settings: PathBuf,
    /// Where it listens.
    pub(super) port: u16,
    /// Who may use it.
    pub(super) user: String,
    /// A word that was invented for this run.
    pub(super) word: String,
}

impl Server {
    /// Starts it with shares: a name, a folder, and further settings.
    pub(super) fn start(home: &Path, shares: &[(&str, &Path, &str)]) -> Result<Self, Problem> {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        let port = at(home, free)?.port();
        let user = process::text(Command::new("id").arg("-un"))?.trim().to_owned();
        let mut text = format!(
            "[global]\nserver role = standalone server\ninterfaces = lo\n\
             bind interfaces only = yes\nsmb ports = {port}\ndisable netbios = yes\n\
             load printers = no\nprinting = bsd\nprintcap name = /dev/null\n\
             disable spoolss = yes\nlog level = 0\nserver min protocol = SMB3\n"
        );
        for key in ["private", "lock", "state", "cache", "pid", "ncalrpc"] {
            let folder = home.join(key);
            at(&folder, fs::create_dir_all(&folder))?;
            let word = if matches!(key, "lock" | "state" | "cache") { "directory" } else { "dir" };
            let word = if key == "pid" { "directory" } else { word };
            text += &format!("{key} {word} = {}\n", folder.display());
        }
        let accounts = home.join("private/accounts");
        text += &format!("passdb backend = smbpasswd:{}\n", accounts.display());
        for (name, folder, more) in shares {
            text += &format!("[{name}]\npath = {}\nread only = no\n{more}", folder.display());
        }
        let settings = home.join("smb.conf");
        at(&settings, fs::write(&settings, text))?;
        let word = random()?;
        account(&settings, &user, &word)?;
        let log = home.join("log");
        let log = at(&log, fs::File::create(&log))?;
        let child = Command::new("smbd")
            .args(["--foreground", "--no-process-group", "--debug-stdout", "-s"])
            .arg(&settings)
            // When it ends it ends its whole process group.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(at(home, log.try_clone())?)
            .stderr(log)
            .spawn()
            .map_err(|error| Problem::program("smbd", &error))?;
        let server = Self { child, settings, port, user, word };
        let begin = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if begin.elapsed() > PATIENCE {
                return Err(Problem::new("smbd", 1, "does not answer", "see its log"));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    /// A client in a share that carries out what it is told on its standard input.
    pub(super) fn client(&self, share: &str) -> Result<Client, String> {
        let mut client = Command::new("smbclient");
        client.arg(format!("//127.0.0.1/{share}")).args(["-p", &self.port.to_string(), "-s"]);
        client.arg(&self.settings).env("USER", format!("{}%{}", self.user, self.word));
        let client = client.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        client.spawn().map(Client).map_err(|error| error.to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends its children when it is asked to end.
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

/// A client of the server.
pub(super) struct Client(Child);

impl Client {
    /// Tells it what to do next.
    pub(super) fn tell(&mut self, words: &str) -> Result<(), String> {
        let input = self.0.stdin.as_mut().ok_or("its input is closed")?;
        writeln!(input, "{words}").map_err(|error| error.to_string())
    }

    /// Lets it end; an error if it was ended before, by whomever.
    pub(super) fn end(mut self) -> Result<(), String> {
        self.tell("quit")?;
        let status = self.0.wait().map_err(|error| error.to_string())?;
        if status.success() { Ok(()) } else { Err(format!("the client ended with {status}")) }
    }
}

fn account(settings: &Path, user: &str, word: &str) -> Result<(), Problem> {
    let mut make = Command::new("pdbedit");
    make.arg("-s").arg(settings).args(["-a", "-t", "-u", user]);
    let child = make.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = child.map_err(|error| Problem::program("pdbedit", &error))?;
    if let Some(mut input) = child.stdin.take() {
        at(settings, write!(input, "{word}\n{word}\n"))?;
    }
    let status = at(settings, child.wait())?;
    if status.success() {
        return Ok(());
    }
    Err(Problem::new("pdbedit", 1, format!("failed: {status}"), "see whether samba is whole"))
}

fn random() -> Result<String, Problem> {
    let path = Path::new("/dev/urandom");
    let mut bytes = [0; 12];
    at(path, fs::File::open(path).and_then(|mut file| file.read_exact(&mut bytes)))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
