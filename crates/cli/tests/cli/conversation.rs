//! `sekisho new` on a terminal: a pseudo-terminal of 80 columns, typed on as a person would.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use nix::pty::{Winsize, openpty};

use crate::run::{command, folder};

const ENTER: &str = "\r";
const DOWN: &str = "\x1b[B";
const UP: &str = "\x1b[A";
const ESCAPE: &str = "\x1b";
const BREAK: &str = "\x03";

/// How long something may take to appear before the test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// The binary on a terminal.
struct Terminal {
    child: Child,
    keyboard: File,
    screen: Receiver<String>,
    /// What appeared and was not looked at yet.
    shown: String,
}

impl Terminal {
    fn new(file: &Path) -> Self {
        let size = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = openpty(Some(&size), None).expect("Linux has pseudo-terminals");
        let end = || Stdio::from(pty.slave.try_clone().expect("a descriptor can be doubled"));
        let mut command = command();
        command.env("LANG", "ja_JP.UTF-8").env("TERM", "xterm-256color");
        command.arg("new").arg(file).stdin(end()).stdout(end()).stderr(end());
        let child = command.spawn().expect("the binary was built with this test");
        let master = File::from(pty.master);
        let mut reader = master.try_clone().expect("a descriptor can be doubled");
        let (sender, screen) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            let mut rest = Vec::new();
            // The read fails when the other end is closed.
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                rest.extend_from_slice(&buffer[..count]);
                let text = String::from_utf8_lossy(&rest).into_owned();
                if text.ends_with('\u{fffd}') && rest.len() < buffer.len() {
                    // A character came in two pieces.
                    continue;
                }
                rest.clear();
                if sender.send(text).is_err() {
                    return;
                }
            }
        });
        Self { child, keyboard: master, screen, shown: String::new() }
    }

    /// Waits until `text` appears.
    fn sees(&mut self, text: &str) -> &mut Self {
        let begin = Instant::now();
        loop {
            if let Some(place) = self.shown.find(text) {
                self.shown.drain(..place + text.len());
                return self;
            }
            let left = PATIENCE.saturating_sub(begin.elapsed());
            match self.screen.recv_timeout(left) {
                Ok(more) => self.shown.push_str(&more),
                Err(_) => panic!("`{text}` does not appear: {:?}", self.shown),
            }
        }
    }

    fn types(&mut self, keys: &str) -> &mut Self {
        self.keyboard.write_all(keys.as_bytes()).expect("the terminal is open");
        self
    }

    fn ends(mut self) -> i32 {
        // The last output has to be taken away, or the child cannot end.
        while self.screen.recv_timeout(PATIENCE).is_ok() {}
        let status = self.child.wait().expect("the child is ours");
        status.code().expect("the command is not killed")
    }
}

#[test]
fn questions_answered_with_arrow_keys_make_a_site_file() {
    let file = folder("conversation").join("site.toml");
    let mut terminal = Terminal::new(&file);
    terminal.sees("施設の名前").types("みどり内科").types(ENTER);
    terminal.sees("施設の種類").sees("薬局").types(DOWN).types(ENTER);
    terminal.sees("使う回線").sees("IPsec").types(ENTER);
    terminal.sees("資格確認の接続方式").sees("まだ分からない").types(ENTER);
    terminal.sees("機能の置き方").sees("1 台").types(DOWN).types(UP).types(ENTER);
    terminal.sees("請求の接続方式").sees("まだ分からない").types(DOWN).types(ENTER);
    terminal.sees("レセコン等の IP アドレス").types("192.0.2.300/25").types(ENTER);
    // A wrong answer is told, and the question stays.
    terminal.sees("読めません").types(&"\x7f".repeat(14)).types("192.0.2.20/25").types(ENTER);
    terminal.sees("院内側の IP アドレス").types("192.0.2.130/28").types(ENTER);
    terminal.sees("使う方法").types("smb").types(ENTER);
    terminal.sees("請求端末へ渡す方法").sees("まだ分からない").types(DOWN).types(ENTER);
    terminal.sees("ルータA の種類").sees("まだ分からない").types(UP).types(UP).types(UP);
    terminal.types(ENTER).sees("ルータB の種類").sees("まだ分からない").types(ENTER);
    terminal.sees("外から入る回線").sees("まだ分からない").types(UP).types(ENTER);
    terminal.sees("これから確認すること").sees("保守業者").sees("sekisho check");
    assert_eq!(terminal.ends(), 0);
    let text = fs::read_to_string(&file).expect("the file was made");
    for line in [
        "name    = \"みどり内科\"",
        "kind    = \"clinic\"",
        "pattern = \"ipvpn.separate\"",
        "claims      = \"pppoe\"",
        "to   = \"claims-1\"",
        "claims-lan   = { ipv4 = \"192.0.2.0/25\", purpose = \"claims-computers\" }",
    ] {
        assert!(text.lines().any(|one| one.starts_with(line)), "{line}: {text}");
    }
}

#[test]
fn escape_goes_back_and_the_answer_may_be_another_one() {
    let file = folder("conversation-back").join("site.toml");
    let mut terminal = Terminal::new(&file);
    terminal.sees("施設の名前").types("x").types(ENTER);
    terminal.sees("施設の種類").sees("薬局").types(ENTER);
    terminal.sees("使う回線").sees("IPsec").types(ESCAPE);
    terminal.sees("施設の種類").sees("薬局").types(UP).types(ENTER);
    terminal.sees("使う回線").sees("IPsec").types(DOWN).types(ENTER);
    terminal.sees("終端するもの").sees("端末の").types(ENTER);
    // From here on nothing is known.
    terminal.sees("IPsec の接続先").types(ENTER).sees("機能の置き方").sees("1 台");
    terminal.types(UP).types(ENTER).sees("請求をする端末").sees("まだ").types(UP).types(ENTER);
    terminal.sees("院内側の IP アドレス").types(ENTER);
    terminal.sees("ルータB の種類").sees("まだ").types(UP).types(ENTER);
    terminal.sees("外から入る回線").sees("まだ").types(UP).types(ENTER);
    terminal.sees("sekisho check");
    assert_eq!(terminal.ends(), 0);
    let text = fs::read_to_string(&file).expect("the file was made");
    assert!(text.contains("kind    = \"pharmacy\""), "{text}");
    assert!(text.contains("pattern = \"ipsec-router.terminal-on-receipt\""), "{text}");
}

#[test]
fn breaking_off_makes_no_file() {
    let file = folder("conversation-break").join("site.toml");
    let mut terminal = Terminal::new(&file);
    terminal.sees("施設の名前").types("x").types(ENTER).sees("施設の種類").types(BREAK);
    terminal.sees("中止しました");
    assert_eq!(terminal.ends(), 3);
    assert!(!file.exists());
}
