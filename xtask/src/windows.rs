//! `windows`: builds the file exchange for Windows and runs its tests under Wine. It needs a
//! cross compiler, Wine and the sources of the standard library, and is therefore no part of
//! `test`.
//!
//! `--prepare` installs the Debian packages and unpacks the sources below `target/windows`. Wine
//! is not Windows: what passes there is compiled and runs, and no more than that.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::problem::Problem;
use crate::process;

const TARGET: &str = "x86_64-pc-windows-gnu";
/// The linker of that target, of the package of the same line.
const LINKER: (&str, &str) = ("/usr/bin/x86_64-w64-mingw32-gcc", "gcc-mingw-w64-x86-64-win32");
const WINE: (&str, &str) = ("/usr/lib/wine/wine64", "wine64");
/// Where Debian's Wine keeps its libraries.
const WINE_LIBRARIES: &str = "/usr/lib/x86_64-linux-gnu/wine/x86_64-windows";
/// LIMIT: how long one program of tests may run. A wait that never ends under Wine is none on
/// Windows, so that it is worth to be told.
const PATIENCE_SECONDS: u64 = 2_400;
/// A library that Rust's programs ask for, and that older Wines do not have.
const RANDOM: &str = "bcryptprimitives.dll";
/// The one function of it.
const RANDOM_SOURCE: &str = "\
__declspec(dllimport) unsigned char __stdcall SystemFunction036(void *, unsigned long);
__declspec(dllexport) int __stdcall ProcessPrng(void *to, unsigned long long length) {
    return SystemFunction036(to, (unsigned long)length);
}
";
/// The suite of Debian that has the sources of this compiler.
const SUITE: &str = "trixie-backports";

/// Runs the tests whose names hold the words, or all; `--prepare` installs what they need.
///
/// # Errors
/// When something is missing, or a program cannot be started.
pub fn run(root: &Path, words: &[&str]) -> Result<ExitCode, Problem> {
    let place = root.join("target/windows");
    std::fs::create_dir_all(&place).map_err(|error| Problem::io("target/windows", &error))?;
    if words.contains(&"--prepare") {
        prepare(&place)?;
    }
    for (program, package) in [LINKER, WINE] {
        if !Path::new(program).exists() {
            return Err(missing(program, &format!("`apt-get install {package}`")));
        }
    }
    let toolchain = toolchain(root, &place)?;
    let runner = runner(&place)?;
    let libraries = place.join("build").join(TARGET).join("debug/deps");
    std::fs::create_dir_all(&libraries).map_err(|error| Problem::io("target/windows", &error))?;
    supply_random(&place, &libraries)?;
    let rest = words.iter().copied().filter(|word| *word != "--prepare");
    let start = ["test", "-p", "sekisho-link", "-Zbuild-std", "--target", TARGET];
    // A test that fails, or hangs until its time is over, must not hide what the others say.
    let start = start.into_iter().chain(["--no-fail-fast", "--"]);
    let mut cargo = Command::new(toolchain.join("bin/cargo"));
    cargo.args(start).args(rest).args(["--test-threads=2"]).current_dir(root);
    cargo
        .env("RUSTC", toolchain.join("bin/rustc"))
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", place.join("build"))
        .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", LINKER.0)
        .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", runner)
        // Whoever started this task set these for his own toolchain; with his libraries the copy
        // takes his folder, which has no sources, for its own.
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("LD_LIBRARY_PATH");
    process::exit_code(&mut cargo)
}

fn missing(what: &str, how: &str) -> Problem {
    Problem::new(what, 1, "is not there", format!("run {how}, or `cargo xtask windows --prepare`"))
}

/// Installs the packages, and fetches the sources of the standard library for this compiler.
fn prepare(place: &Path) -> Result<(), Problem> {
    let apt = |words: &[&str]| done(Command::new("apt-get").args(words));
    apt(&["update"])?;
    apt(&["install", "-y", "--no-install-recommends", LINKER.1, WINE.1])?;
    if place.join("source").exists() {
        return Ok(());
    }
    // Lists of its own, so that the machine's own packages stay what they are.
    let lists = place.join("apt");
    for folder in ["lists/partial", "cache/archives/partial"] {
        std::fs::create_dir_all(lists.join(folder)).map_err(|error| Problem::io("apt", &error))?;
    }
    let sources = lists.join("sources.list");
    let mirror =
        mirror().ok_or_else(|| missing("a mirror of Debian", "`rustup component add rust-src`"))?;
    let line = format!(
        "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {mirror} {SUITE} main\n"
    );
    std::fs::write(&sources, line).map_err(|error| Problem::io("sources.list", &error))?;
    let options = [
        format!("-oDir::Etc::SourceList={}", sources.display()),
        "-oDir::Etc::SourceParts=/dev/null".to_owned(),
        format!("-oDir::State::Lists={}", lists.join("lists").display()),
        format!("-oDir::Cache={}", lists.join("cache").display()),
    ];
    done(Command::new("apt-get").args(&options).arg("update"))?;
    let package = format!("rust-src={}*", release()?);
    done(Command::new("apt-get").args(&options).args(["download", &package]).current_dir(&lists))?;
    let entries = std::fs::read_dir(&lists).map_err(|error| Problem::io("apt", &error))?;
    let mut files = entries.flatten().map(|entry| entry.path());
    let file = files.find(|path| path.extension().is_some_and(|extension| extension == "deb"));
    let file = file.ok_or_else(|| missing("rust-src", "`apt-get download rust-src`"))?;
    done(Command::new("dpkg").arg("-x").arg(file).arg(place.join("source")))
}

/// Where this machine gets its own packages of Debian from.
fn mirror() -> Option<String> {
    let folder = std::fs::read_dir("/etc/apt/sources.list.d").into_iter().flatten().flatten();
    let files = folder.map(|entry| entry.path()).chain(["/etc/apt/sources.list".into()]);
    let texts = files.filter_map(|path| std::fs::read_to_string(path).ok());
    texts.into_iter().find_map(|text| mirror_in(&text))
}

/// The first address in a list of sources that ends with the name of the distribution.
#[must_use]
pub fn mirror_in(text: &str) -> Option<String> {
    let lines = text.lines().filter(|line| line.starts_with("URIs:") || line.starts_with("deb "));
    let mut words = lines.flat_map(str::split_whitespace);
    let found = words.find(|word| word.trim_end_matches('/').ends_with("/debian"));
    found.map(str::to_owned)
}

fn done(command: &mut Command) -> Result<(), Problem> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| Problem::program(&name, &error))?;
    if status.success() {
        Ok(())
    } else {
        Err(Problem::new(name, 1, status.to_string(), "read what it says above"))
    }
}

/// What a program prints in its first line.
fn said(program: &str, words: &[&str]) -> Result<String, Problem> {
    let output = Command::new(program).args(words).output();
    let output = output.map_err(|error| Problem::program(program, &error))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The number of the compiler's release.
fn release() -> Result<String, Problem> {
    let version = said("rustc", &["--version"])?;
    Ok(version.split(' ').nth(1).unwrap_or_default().to_owned())
}

/// A toolchain with the sources of its standard library: the present one if it has them,
/// otherwise a copy, of hard links where that is possible, beside the sources.
fn toolchain(root: &Path, place: &Path) -> Result<PathBuf, Problem> {
    const SOURCES: &str = "lib/rustlib/src/rust";
    let present = PathBuf::from(said("rustc", &["--print", "sysroot"])?);
    if present.join(SOURCES).join("library/std").exists() {
        return Ok(present);
    }
    let source = place.join("source/usr/src").join(format!("rustc-{}", release()?));
    if !source.exists() {
        return Err(missing(
            &format!("{} of the sources of the standard library", release()?),
            "`rustup component add rust-src`",
        ));
    }
    let copy = place.join("toolchain");
    if !copy.exists() {
        let link = Command::new("cp").arg("-al").args([&present, &copy]).status();
        if !link.is_ok_and(|status| status.success()) {
            done(Command::new("cp").arg("-a").args([&present, &copy]).current_dir(root))?;
        }
    }
    let folder = copy.join(SOURCES);
    if !folder.join("library/std").exists() {
        let parent = folder.parent().unwrap_or(&folder);
        std::fs::create_dir_all(parent)
            .and_then(|()| std::os::unix::fs::symlink(&source, &folder))
            .map_err(|error| Problem::io("target/windows/toolchain", &error))?;
    }
    Ok(copy)
}

/// A script that runs a program of Windows with a folder of settings of its own.
fn runner(place: &Path) -> Result<PathBuf, Problem> {
    use std::os::unix::fs::PermissionsExt;
    let script = format!(
        "#!/bin/sh\n\
         export WINEPREFIX='{prefix}' WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml='\n\
         export WINELOADER={wine} WINESERVER=/usr/lib/wine/wineserver64\n\
         exec timeout --foreground {PATIENCE_SECONDS} {wine} \"$@\"\n",
        prefix = place.join("prefix").display(),
        wine = WINE.0,
    );
    let path = place.join("wine.sh");
    std::fs::write(&path, script)
        .and_then(|()| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)))
        .map_err(|error| Problem::io("target/windows/wine.sh", &error))?;
    Ok(path)
}

/// Puts the library that older Wines lack beside the programs.
fn supply_random(place: &Path, beside: &Path) -> Result<(), Problem> {
    if Path::new(WINE_LIBRARIES).join(RANDOM).exists() || beside.join(RANDOM).exists() {
        return Ok(());
    }
    let source = place.join("random.c");
    std::fs::write(&source, RANDOM_SOURCE).map_err(|error| Problem::io("random.c", &error))?;
    let library = beside.join(RANDOM);
    done(
        Command::new(LINKER.0).arg("-shared").arg(source).arg("-ladvapi32").arg("-o").arg(&library),
    )?;
    // The programs themselves stand one folder above those of the tests.
    let above = beside.parent().unwrap_or(beside).join(RANDOM);
    std::fs::copy(&library, above).map_err(|error| Problem::io(RANDOM, &error))?;
    Ok(())
}
