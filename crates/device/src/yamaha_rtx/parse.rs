//! Text to [`RtxConfig`]: which command stands on which line, and its arguments. Nothing is
//! resolved here: whether a number is defined is the business of `settings`.

mod address;
mod advertise;
mod args;
mod dial_in;
mod filter;
mod form;
mod interface;
mod ipsec;
mod layer2;
mod line;
mod mistaken;
mod nat;
mod prefix;
mod remark;
mod route;
mod service;
mod session;

use std::cell::OnceCell;

use diag::{Diagnostic, Span, Text, text};
use model::{Effect, Effects, Family};

use args::Args;
use remark::{broken, changes_at_run_time, doubtful, embedded, open_ended};
use remark::{second_heading, swallowed, too_long};
use session::Console;

use super::config::{
    ALL_PEERS, ALL_TUNNELS, Body, Command, FilterKind, IfName, RtxConfig, ServiceName, ServiceWord,
    Statement, Unmodelled,
};
use super::heads;
use super::models::{self, Model};
use super::secret;
use super::text::{LineKind, Logical, Reader, Word};
use crate::Input;

/// Longest command that the router takes.
///
/// # Units
/// Characters.
///
/// # Source
/// Command reference 12.01, section 1.5.
const MAX_LINE_CHARS: usize = 4095;

/// What the lines before select.
#[derive(Clone, Copy)]
struct Context {
    pp: Option<IfName>,
    tunnel: Option<IfName>,
    /// What the model is known to have.
    model: Model,
}

/// Why a command cannot be read.
struct Fault {
    span: Span,
    headline: Text,
    help: Option<Text>,
    code: &'static str,
    defines: Option<(FilterKind, Family, u32)>,
}

type Parsed = Result<Body, Box<Fault>>;

impl Fault {
    fn at(span: Span, headline: Text) -> Box<Self> {
        Box::new(Self { span, headline, help: None, code: "P121", defines: None })
    }
}

/// A decimal number as a router prints it: without zeros in front.
fn number(word: Word<'_>) -> Option<(u32, Span)> {
    let is_plain = word.text.len() == 1 || !word.text.starts_with('0');
    let is_number = is_plain && word.text.bytes().all(|byte| byte.is_ascii_digit());
    let value = if is_number { word.text.parse().ok() } else { None };
    value.map(|value| (value, word.span))
}

/// The number of a `pp`, a tunnel or a gateway, of which the model has `limit`.
fn small(word: Word<'_>, limit: u16) -> Result<u16, Box<Fault>> {
    let value = number(word).and_then(|(value, _)| u16::try_from(value).ok());
    let value = value.filter(|value| *value > 0).ok_or_else(|| unreadable(word))?;
    if value <= limit {
        return Ok(value);
    }
    Err(Fault::at(
        word.span,
        text!(
            ja: "この機種が番号 {value} を受け付けるとは限りません（確かなのは {limit} までです）",
            en: "whether the model takes number {value} is not known; it is sure up to {limit}",
            value = value, limit = limit,
        ),
    ))
}

fn unreadable(word: Word<'_>) -> Box<Fault> {
    let headline = text!(
        ja: "引数 `{word}` を読み取れません",
        en: "the argument `{word}` cannot be read",
        word = shown(word.text),
    );
    let help = mistaken::strange_letter(word.text);
    Box::new(Fault { help, ..*Fault::at(word.span, headline) })
}

/// At most 40 characters of `word`.
fn shown(word: &str) -> String {
    match word.char_indices().nth(40) {
        None => word.to_owned(),
        Some((at, _)) => format!("{}…", &word[..at]),
    }
}

/// Reads all files of one device.
pub(crate) fn parse(input: &Input<'_>) -> RtxConfig {
    let mut config = RtxConfig {
        name: input.name.to_owned(),
        origin: input.origin.clone(),
        model: input.model.map(str::to_owned),
        heading: None,
        statements: Vec::new(),
        more_lines: Vec::new(),
        diagnostics: Vec::new(),
        meant: OnceCell::new(),
    };
    for file in input.files {
        let mut reader = Reader::new(file.source, file.text);
        let start = config.statements.len();
        let model = models::model_of(config.model.as_deref());
        let context = Context { pp: None, tunnel: None, model };
        let mut parser = Parser {
            config: &mut config,
            context,
            after_secret: false,
            is_headed: false,
            console: Vec::new(),
        };
        parser.config.statements.reserve(file.text.len() / 40);
        while let Some(logical) = reader.next() {
            parser.read(&logical, &mut reader);
        }
        let console = parser.console;
        session::judge(&mut config.statements, &console);
        if reader.is_inside_body() {
            let end = Span::new(file.source, file.text.len(), file.text.len());
            config.diagnostics.push(open_ended(end));
        }
        config.diagnostics.append(&mut reader.diagnostics);
        let own = config.statements.get_mut(start..).unwrap_or(&mut []);
        mistaken::tell_folded(own, file.text);
        config.diagnostics.extend(mistaken::no_configuration(own, file.text));
    }
    config
}

struct Parser<'c> {
    config: &'c mut RtxConfig,
    context: Context,
    /// Whether the line before holds a password or key, of which this one may be the rest.
    after_secret: bool,
    /// Whether the file has a header already.
    is_headed: bool,
    /// Console commands that decide about the lines behind them, by their place.
    console: Vec<(usize, Console)>,
}

impl Parser<'_> {
    fn read(&mut self, logical: &Logical<'_>, reader: &mut Reader<'_>) {
        let place = self.config.statements.len();
        for line in &logical.more {
            self.config.more_lines.push((place, *line));
        }
        let body = match logical.kind {
            LineKind::Remains => Body::Irrelevant,
            LineKind::Comment => self.header(&logical.text, logical.span()),
            LineKind::Broken => Body::Unmodelled(Box::new(broken(logical.line))),
            LineKind::Doubtful => Body::Unmodelled(Box::new(doubtful())),
            LineKind::Body => Body::Unmodelled(Box::new(silent(changes_at_run_time()))),
            LineKind::Command => match self.command(logical, reader) {
                // A harmless command may be followed by anything.
                Body::Irrelevant
                    if logical.may_swallow && !form::fits(&logical.words(), form::LONG) =>
                {
                    Body::Unmodelled(Box::new(swallowed(logical.line)))
                }
                body => body,
            },
        };
        self.config.statements.push(Statement { line: logical.line, span: logical.span(), body });
    }

    /// Takes model and firmware from a header such as `# RTX830 Rev.15.02.31 (…)`. A second one in
    /// a file begins another configuration.
    fn header(&mut self, comment: &str, span: Span) -> Body {
        let Some((model, firmware)) = heading(comment) else { return Body::Irrelevant };
        self.config.model.get_or_insert_with(|| model.to_owned());
        self.context.model = models::model_of(self.config.model.as_deref());
        let heading = || (model.to_owned(), firmware.to_owned(), span);
        self.config.heading.get_or_insert_with(heading);
        if std::mem::replace(&mut self.is_headed, true) {
            return Body::Unmodelled(Box::new(second_heading(span)));
        }
        Body::Irrelevant
    }

    fn command(&mut self, logical: &Logical<'_>, reader: &mut Reader<'_>) -> Body {
        let span = logical.span();
        if logical.text.len() > MAX_LINE_CHARS && logical.text.chars().count() > MAX_LINE_CHARS {
            return Body::Unmodelled(Box::new(too_long(span)));
        }
        let words = logical.words();
        let Some(head) = words.first() else { return Body::Irrelevant };
        let here = || words.iter().find_map(|word| word.text.strip_prefix("<<"));
        if let Some(here) = memchr::memchr(b'<', logical.text.as_bytes()).and_then(|_| here()) {
            let terminator = if here.is_empty() { "EOF" } else { here };
            reader.begin_body(terminator);
            return Body::Unmodelled(Box::new(embedded(span)));
        }
        let mut buffer = [0; 24];
        let head_text = heads::lower(head.text, &mut buffer).unwrap_or("");
        let end = Span { start: span.end, ..span };
        let mut args = Args { words: &words, at: 1, end, context: self.context };
        let parsed = dispatch(head_text, &mut args).and_then(|body| whole(body, &args));
        let after_secret = std::mem::replace(&mut self.after_secret, is_secret(head_text, &words));
        match parsed {
            Ok(Body::Unmodelled(gap)) if after_secret && quotes(&gap) => {
                Body::Unmodelled(hidden(gap, span))
            }
            Ok(body) => {
                let console = session::console(head_text, &words);
                self.console.extend(console.map(|one| (self.config.statements.len(), one)));
                self.select(&body, head_text);
                body
            }
            Err(fault) => Body::Unmodelled(Box::new(faulty(*fault, &words))),
        }
    }

    /// One thing is selected at a time: the router refuses what is about the other.
    ///
    /// # Source
    /// Command reference 12.01, `pp select` and `tunnel select`: both set the one prompt.
    fn select(&mut self, body: &Body, head: &str) {
        if let Body::Command(Command::Select(selected)) = body {
            (self.context.pp, self.context.tunnel) = match (head, selected) {
                ("pp", one) => (*one, None),
                (_, one) => (None, *one),
            };
        }
    }
}

/// Model and firmware in a comment that `show config` begins with.
fn heading(comment: &str) -> Option<(&str, &str)> {
    let mut words = comment.split_whitespace();
    let series = ["RTX", "NVR", "FWX", "vRX", "RT", "SRT"];
    let is_model = |word: &&str| series.iter().any(|series| word.starts_with(series));
    let model = words.next().filter(is_model)?;
    Some((model, words.next()?.strip_prefix("Rev.")?))
}

/// Whether a command holds a secret; the first word decides quickly for nearly all.
fn is_secret(head: &str, words: &[Word<'_>]) -> bool {
    secret::may_begin_secret(head) && secret::first_secret(words).is_some()
}

/// Whether the diagnostic quotes the line's first word.
fn quotes(gap: &Unmodelled) -> bool {
    gap.diagnostic.as_ref().is_some_and(|said| said.code == "P120")
}

/// The same gap without a word of the line, which may be the rest of a secret.
fn hidden(mut gap: Box<Unmodelled>, span: Span) -> Box<Unmodelled> {
    gap.diagnostic = gap.diagnostic.map(|before| {
        let headline = text!(
            ja: "パスワードや鍵の行に続く行を読み取れません",
            en: "a line after a password or key cannot be read",
        );
        Diagnostic { notes: before.notes, ..Diagnostic::new("P120", before.severity, headline) }
            .at(span)
            .advise(text!(
                ja: "途中で折り返された行なら、つなげて保存し直してください",
                en: "if it is the rest of that line, save the file again without line breaks",
            ))
    });
    gap
}

/// A command with a word too many is one that the router refuses. Harmless forms are compared to
/// their last word where they are listed.
fn whole(body: Body, args: &Args<'_>) -> Parsed {
    if matches!(body, Body::Command(_)) {
        args.finish()?;
    }
    Ok(body)
}

fn dispatch(head: &str, args: &mut Args<'_>) -> Parsed {
    match head {
        "ip" => interface::ip(Family::V4, args),
        "ipv6" => interface::ip(Family::V6, args),
        "pp" => line::pp(args),
        "ppp" => line::ppp(args),
        "pppoe" => line::pppoe(args),
        "tunnel" => line::tunnel(args),
        "ipsec" => ipsec::ipsec(args),
        "nat" => nat::nat(args),
        "bridge" => layer2::bridge(args),
        "vlan" => layer2::vlan(args),
        "lan" => layer2::lan(args),
        "telnetd" | "sshd" | "sftpd" | "httpd" | "tftp" | "snmp" | "snmpv2c" | "snmpv3"
        | "sntpd" | "dhcp" | "l2tp" | "pptp" | "upnp" => service::service(head, args),
        "dns" => service::dns(args),
        "no" => reset(args),
        _ => Ok(other(args)),
    }
}

/// `no …`: a command goes back to its initial value.
fn reset(args: &mut Args<'_>) -> Parsed {
    let words = args.words;
    let rest = words.get(1..).unwrap_or(&[]);
    let Some(head) = rest.first() else { return Ok(Body::Irrelevant) };
    let mut inner = Args { words: rest, at: 1, end: args.end, context: args.context };
    let family = match head.text.to_ascii_lowercase().as_str() {
        "ip" => Some(Family::V4),
        "ipv6" => Some(Family::V6),
        _ => None,
    };
    if let Some(family) = family
        && let Some(command) = interface::no_ip(family, &mut inner)
    {
        args.at = words.len();
        return Ok(Body::Command(command));
    }
    if heads::harmless(rest.iter().map(|word| word.text)).is_some() {
        return Ok(Body::Irrelevant);
    }
    for (all, form) in [(ALL_TUNNELS, "tunnel enable all"), (ALL_PEERS, "pp enable all")] {
        if form::fits(rest, &[form]) {
            args.at = words.len();
            return Ok(Body::Command(Command::DisableAll(all)));
        }
    }
    if form::fits(rest, &["dhcp service"]) {
        let word = ServiceWord::Runs(false);
        args.at = words.len();
        return Ok(Body::Command(Command::Service(ServiceName::Dhcp, word)));
    }
    Ok(Body::Unmodelled(Box::new(Unmodelled {
        what: text!(ja: "`no` による取り消し", en: "a setting taken back with `no`"),
        effects: Effects::ALL,
        interface: None,
        family: None,
        diagnostic: Some(
            Diagnostic::warning(
                "P122",
                text!(
                    ja: "`no {head}` による取り消しは読み取れません",
                    en: "what `no {head}` takes back is not modelled",
                    head = shown(head.text),
                ),
            )
            .at(head.span)
            .advise(text!(
                ja: "`show config` の出力のように、有効な設定だけを残してください",
                en: "leave only the settings that hold, as `show config` does",
            )),
        ),
        defines: None,
    })))
}

/// A command that no part of `parse` models: harmless, known or unknown.
fn other(args: &Args<'_>) -> Body {
    let words = || args.words.iter().map(|word| word.text);
    if heads::harmless(words()).is_some() || form::fits(args.words, form::HARMLESS) {
        return Body::Irrelevant;
    }
    let first = args.words[0];
    let span = args.words.get(1).map_or(first.span, |second| first.span.to(second.span));
    if let Some(open) = heads::open(words()) {
        return Body::Unmodelled(Box::new(known(open.what(), open.effects(), span)));
    }
    let security = is_security(args.words);
    let is_open = secret::first_secret(args.words).is_none_or(|at| at > 1);
    let second = args.words.get(1).filter(|_| is_open && heads::is_head(first.text));
    let span = if second.is_some() { span } else { first.span };
    // Of two words the router knows the first.
    let word = match second {
        Some(second) => format!("{} {}", shown(first.text), shown(second.text)),
        None => shown(first.text),
    };
    let severity = if security { diag::Severity::Error } else { diag::Severity::Warning };
    let diagnostic = Diagnostic::new(
        "P120",
        severity,
        text!(
            ja: "`{word}` は知らないコマンドです",
            en: "the command `{word}` is not known",
            word = word,
        ),
    )
    .at(span)
    .because(text!(
        ja: "何をする行か分からないため、関係する要件は証明できません",
        en: "what the line does is unknown, so no requirement it may touch can be proved",
    ))
    .advise(mistaken::strange_letter(first.text).unwrap_or_else(|| {
        text!(
            ja: "設定の一部でなければ行を消し、コマンドなら、つづりと、前の行の続きでないかを確かめてください",
            en: "take the line out if it is no part of the configuration; else look at its \
                 spelling, and whether it goes on from the line before",
        )
    }));
    Body::Unmodelled(Box::new(Unmodelled {
        what: text!(ja: "未知のコマンド", en: "an unknown command"),
        effects: Effects::ALL,
        interface: None,
        family: None,
        diagnostic: Some(diagnostic),
        defines: None,
    }))
}

/// What is said of `what`, a setting that is understood and not modelled.
pub(super) fn not_modelled(what: &Text, at: Span) -> Diagnostic {
    let headline = text!(
        ja: "この設定はモデル化していません（{what}）",
        en: "this setting is not modelled ({what})",
        what = what,
    );
    Diagnostic::warning("P122", headline).at(at)
}

/// A command that is known but not modelled.
fn known(what: Text, effects: Effects, span: Span) -> Unmodelled {
    let diagnostic = not_modelled(&what, span);
    Unmodelled {
        what,
        effects,
        interface: None,
        family: None,
        diagnostic: Some(diagnostic),
        defines: None,
    }
}

fn known_on(what: Text, effects: &[Effect], span: Span, interface: IfName) -> Body {
    let unmodelled = known(what, Effects::of(effects), span);
    Body::Unmodelled(Box::new(Unmodelled { interface: Some(interface), ..unmodelled }))
}

fn silent(what: Text) -> Unmodelled {
    Unmodelled {
        what,
        effects: Effects::ALL,
        interface: None,
        family: None,
        diagnostic: None,
        defines: None,
    }
}

/// Whether the command is of a family whose every line must be understood.
fn is_security(words: &[Word<'_>]) -> bool {
    let word = |at: usize| words.get(at).map_or("", |word| word.text);
    let is = |at: usize, keyword: &str| word(at).eq_ignore_ascii_case(keyword);
    if is(0, "ip") || is(0, "ipv6") {
        let late = (2..5).any(|at| is(at, "secure") || is(at, "nat") || is(at, "forward"));
        return is(1, "filter") || is(1, "forward") || late;
    }
    is(0, "nat") || is(0, "ipsec") || is(0, "ethernet")
}

fn faulty(fault: Fault, words: &[Word<'_>]) -> Unmodelled {
    let severity = if is_security(words) { diag::Severity::Error } else { diag::Severity::Warning };
    let mut diagnostic =
        Diagnostic::new(fault.code, severity, fault.headline).at(fault.span).because(text!(
            ja: "この行は使わず、関係する要件は証明しません",
            en: "the line is not used, and no requirement it may touch is proved",
        ));
    if let Some(help) = fault.help {
        diagnostic = diagnostic.advise(help);
    }
    Unmodelled {
        what: text!(ja: "読み取れない引数", en: "an argument that cannot be read"),
        effects: Effects::ALL,
        interface: None,
        family: None,
        diagnostic: Some(diagnostic),
        defines: fault.defines,
    }
}
