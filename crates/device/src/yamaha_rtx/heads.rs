//! First words of commands, and the commands that cannot change a verdict or are known but not
//! modelled. Arguments of commands that are modelled are read by `parse`.

use diag::Text;
use model::{Effect, Effects};

use super::applications;

/// Whether a command begins with `word`.
pub(crate) fn is_head(word: &str) -> bool {
    let mut buffer = [0; 24];
    let Some(word) = lower(word, &mut buffer) else { return false };
    matches!(
        word,
        "ip" | "ipv6"
            | "pp"
            | "ppp"
            | "pppoe"
            | "tunnel"
            | "ipsec"
            | "nat"
            | "bridge"
            | "vlan"
            | "lan"
            | "ethernet"
            | "ngn"
            | "no"
            | "dns"
            | "telnetd"
            | "sshd"
            | "sftpd"
            | "httpd"
            | "tftp"
            | "upnp"
            | "snmp"
            | "sntpd"
            | "dhcp"
            | "l2tp"
            | "pptp"
            | "embedded"
            | "provider"
    ) || IRRELEVANT.iter().any(|entry| entry.head() == word)
        || OPEN.iter().any(|entry| first(entry.words) == word)
}

/// Whether a text that begins with these words is the end of a filter and no command: some names
/// of ports and protocols are also first words of commands.
pub(crate) fn is_operand(first: &str, second: Option<&str>) -> bool {
    // The second word of such a command begins with a letter and is no `syslog=off`.
    let goes_on = |word: &str| word.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_end = second.is_none_or(|word| !goes_on(word) || word.contains('='));
    is_end
        && (first.eq_ignore_ascii_case("ipv6")
            || applications::port(first).is_some()
            || applications::application(first).is_some())
}

/// Whether `text` is surely a command and not a sentence that begins like one.
pub(crate) fn is_command(text: &str) -> bool {
    let mut words = text.split_ascii_whitespace();
    let Some(first) = words.next() else { return false };
    let begins = |second: Option<&str>, starts: &[&str]| {
        second.is_some_and(|second| starts.iter().any(|start| second.starts_with(start)))
    };
    match first {
        "ip" | "ipv6" => {
            let starts = ["lan", "pp", "tunnel", "filter", "route", "routing", "vlan"];
            begins(words.next(), &starts)
        }
        "pp" | "tunnel" => begins(words.next(), &["select", "enable"]),
        "nat" => words.next() == Some("descriptor"),
        "dns" => begins(words.next(), &["server", "host", "service"]),
        "pppoe" => begins(words.next(), &["use", "pass-through"]),
        "telnetd" | "sshd" | "httpd" | "sftpd" => begins(words.next(), &["host", "service"]),
        _ => false,
    }
}

/// `word` in lower case, if it is as short as a keyword.
pub(crate) fn lower<'b>(word: &'b str, buffer: &'b mut [u8; 24]) -> Option<&'b str> {
    let target = buffer.get_mut(..word.len())?;
    // Most words are written so.
    if !word.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Some(word);
    }
    target.copy_from_slice(word.as_bytes());
    target.make_ascii_lowercase();
    std::str::from_utf8(target).ok()
}

/// Commands that cannot change a verdict, and why.
pub(crate) struct Harmless {
    /// First words of the command.
    pub(crate) words: &'static str,
    /// Why they do not matter.
    pub(crate) reason: &'static str,
}

impl Harmless {
    fn head(&self) -> &'static str {
        first(self.words)
    }
}

/// Commands that are known but not modelled.
pub(crate) struct Open {
    /// First words of the command.
    pub(crate) words: &'static str,
    effects: &'static [Effect],
    ja: &'static str,
    en: &'static str,
}

impl Open {
    /// What such a line could do.
    pub(crate) fn effects(&self) -> Effects {
        if self.effects.is_empty() { Effects::ALL } else { Effects::of(self.effects) }
    }

    /// What is not modelled.
    pub(crate) fn what(&self) -> Text {
        Text::new(self.ja, self.en)
    }
}

fn first(words: &'static str) -> &'static str {
    words.split(' ').next().unwrap_or("")
}

/// The entry whose words the command begins with.
pub(crate) fn harmless<'a>(words: impl Iterator<Item = &'a str> + Clone) -> Option<&'static str> {
    // Most entries differ in the first letter: that is looked at before anything is split.
    let letter = words.clone().next()?.bytes().next()?.to_ascii_lowercase();
    IRRELEVANT
        .iter()
        .filter(|entry| entry.words.as_bytes().first() == Some(&letter))
        .find(|entry| begins(words.clone(), entry.words))
        .filter(|_| {
            let mut words = words.clone();
            words.next().is_some_and(|head| !is_operand(head, words.next()))
        })
        .map(|entry| entry.reason)
}

/// The entry whose words the command begins with.
pub(crate) fn open<'a>(words: impl Iterator<Item = &'a str> + Clone) -> Option<&'static Open> {
    OPEN.iter().find(|entry| begins(words.clone(), entry.words))
}

fn begins<'a>(mut words: impl Iterator<Item = &'a str>, prefix: &str) -> bool {
    // Most commands differ in the first word.
    if !words.next().is_some_and(|first| begins_with_word(prefix, first)) {
        return false;
    }
    let is = |word: &str, part: &[u8]| part == b"*" || word.as_bytes().eq_ignore_ascii_case(part);
    let mut parts = prefix.as_bytes().split(|byte| *byte == b' ').skip(1);
    parts.all(|part| words.next().is_some_and(|word| is(word, part)))
}

/// Whether `word` is the first word of `prefix`.
pub(crate) fn begins_with_word(prefix: &str, word: &str) -> bool {
    let own = prefix.as_bytes();
    // Most words differ in the first letter.
    let is_near = match (own, word.as_bytes()) {
        ([own, ..], [its, ..]) => own.eq_ignore_ascii_case(its),
        _ => true,
    };
    is_near
        && own.get(..word.len()).is_some_and(|own| own.eq_ignore_ascii_case(word.as_bytes()))
        && matches!(own.get(word.len()), None | Some(b' '))
}

const fn harmless_entry(words: &'static str, reason: &'static str) -> Harmless {
    Harmless { words, reason }
}

const SCREEN: &str = "how the console looks";
const USERS: &str = "who may log in, not from where";
const LOGGING: &str = "what is logged, not what passes";
const CLOCK: &str = "the router's own clock";
const SPEED: &str = "how fast, not whether";
const TIMER: &str = "how long, not whether";
const SIGN: &str = "lamps, buzzer, buttons and memory sticks";
const CONSOLE: &str = "a console command that changes no setting";
const CRYPTO: &str = "how a tunnel is protected, not what enters it";
const LINK: &str = "how a line is kept up, not what passes";
const LEASE: &str = "which address a host of the LAN gets";

/// The table. Commands whose first words are modelled elsewhere stand there, in `parse`.
///
/// A command is listed by its first words only if none of its forms opens, stops, translates or
/// joins anything: then a form that the router refuses is harmless as well, since so is its
/// absence. Others are compared word for word, in `parse/form.rs` and beside what they are about;
/// a form that is not listed there is not modelled.
pub(crate) static IRRELEVANT: &[Harmless] = &[
    harmless_entry("console", SCREEN),
    harmless_entry("security class", USERS),
    harmless_entry("login", USERS),
    harmless_entry("administrator", USERS),
    harmless_entry("user attribute", USERS),
    harmless_entry("auth user", USERS),
    harmless_entry("ssh known hosts", USERS),
    harmless_entry("timezone", CLOCK),
    harmless_entry("date", CLOCK),
    harmless_entry("time", CLOCK),
    harmless_entry("ntpdate", CLOCK),
    harmless_entry("ntp", CLOCK),
    harmless_entry("syslog", LOGGING),
    harmless_entry("statistics", LOGGING),
    harmless_entry("mail", LOGGING),
    harmless_entry("alarm", SIGN),
    harmless_entry("led", SIGN),
    harmless_entry("sd", SIGN),
    harmless_entry("queue", SPEED),
    harmless_entry("qos", SPEED),
    harmless_entry("speed", SPEED),
    harmless_entry("system packet-buffer", SPEED),
    harmless_entry("system packet-scheduling", SPEED),
    harmless_entry("system temperature", SIGN),
    harmless_entry("system usb", SIGN),
    harmless_entry("system led", SIGN),
    harmless_entry("description", "a remark"),
    harmless_entry("disconnect user", CONSOLE),
    harmless_entry("show", CONSOLE),
    harmless_entry("less", CONSOLE),
    harmless_entry("save", CONSOLE),
    harmless_entry("exit", CONSOLE),
    harmless_entry("quit", CONSOLE),
    harmless_entry("clear", CONSOLE),
    harmless_entry("password", CONSOLE),
    harmless_entry("password:", CONSOLE),
    harmless_entry("heartbeat", LOGGING),
    harmless_entry("heartbeat2", LOGGING),
    harmless_entry("switch control function set led-mode", SIGN),
    harmless_entry("switch control function set system-name", SIGN),
    harmless_entry("switch control watch", SPEED),
    harmless_entry("netvolante-dns", "the name under which the router is known outside"),
    harmless_entry("analog", "telephones; what carries them is said by `sip`"),
    harmless_entry("ngn type", "marks the interface for the carrier's telephone service"),
    harmless_entry("http revision-up", "firmware is fetched by hand"),
    harmless_entry("httpd proxy-access", USERS),
    harmless_entry("httpd custom-gui", USERS),
    harmless_entry("sshd host key", CRYPTO),
    harmless_entry("sshd auth", CRYPTO),
    harmless_entry("sshd encrypt", CRYPTO),
    harmless_entry("sshd client", TIMER),
    harmless_entry("sshd hide", SCREEN),
    harmless_entry("httpd timeout", TIMER),
    harmless_entry("httpd language", SCREEN),
    harmless_entry("dhcp manual", LEASE),
    harmless_entry("ethernet filter", "without effect until an interface applies it"),
    harmless_entry("dashboard", LOGGING),
    harmless_entry("lan-map", LOGGING),
    harmless_entry("wins server", LEASE),
    harmless_entry("sshd session", USERS),
    harmless_entry("telnetd session", USERS),
    harmless_entry("snmp community", USERS),
    harmless_entry("snmp sysname", "a remark"),
    harmless_entry("snmp syslocation", "a remark"),
    harmless_entry("snmp syscontact", "a remark"),
    harmless_entry("snmp trap", LOGGING),
    harmless_entry("snmp display", LOGGING),
    harmless_entry("snmp yrif", LOGGING),
    harmless_entry("snmp yrip", LOGGING),
    harmless_entry("snmp local", "the source address of the router's own messages"),
    harmless_entry("snmpv3 usm", USERS),
    harmless_entry("snmpv3 vacm", USERS),
    harmless_entry("snmpv3 trap", LOGGING),
    harmless_entry("snmpv2c community", USERS),
    harmless_entry("snmpv2c trap", LOGGING),
    harmless_entry("dhcp scope", LEASE),
    harmless_entry("dhcp client", LEASE),
    harmless_entry("dhcp server", LEASE),
    harmless_entry("dhcp duplicate", LEASE),
    harmless_entry("dhcp convert", LEASE),
    harmless_entry("dns cache", TIMER),
    harmless_entry("dns domain", "the name a host is completed with"),
    harmless_entry("dns srcport", "the router's own source ports"),
    harmless_entry("dns syslog", LOGGING),
    harmless_entry("dns service fallback", "in which order the router's own names are asked"),
    harmless_entry("dns notice", "which servers DHCP names; the site file states them"),
    harmless_entry("l2tp always-on", LINK),
    harmless_entry("l2tp keepalive", LINK),
    harmless_entry("l2tp tunnel", CRYPTO),
    harmless_entry("l2tp hostname", CRYPTO),
    harmless_entry("l2tp local", CRYPTO),
    harmless_entry("l2tp remote", CRYPTO),
    harmless_entry("l2tp syslog", LOGGING),
    harmless_entry("pptp keepalive", LINK),
    harmless_entry("pptp hostname", CRYPTO),
    harmless_entry("pptp syslog", LOGGING),
    harmless_entry("bridge learning", TIMER),
    harmless_entry("bridge aging", TIMER),
    harmless_entry("upnp syslog", LOGGING),
    harmless_entry("upnp external", "without effect while UPnP is off; see `upnp use`"),
    harmless_entry("upnp port", TIMER),
    harmless_entry("lan keepalive", LINK),
    harmless_entry("lan count-hub-overflow", LOGGING),
    harmless_entry("lan receive-buffer-size", SPEED),
    harmless_entry("lan linkup", TIMER),
    harmless_entry("lan port-mirroring", "without effect on a LAN that is not divided"),
    harmless_entry("lan snmp", LOGGING),
    harmless_entry("schedule at * startup ntpdate", CLOCK),
    harmless_entry("schedule at * * ntpdate", CLOCK),
    harmless_entry("schedule at * * * ntpdate", CLOCK),
    harmless_entry("schedule at * * * * ntpdate", CLOCK),
];

const fn open_entry(
    words: &'static str,
    effects: &'static [Effect],
    ja: &'static str,
    en: &'static str,
) -> Open {
    Open { words, effects, ja, en }
}

use Effect::{Bridge, Deny, Manage, Permit, Resolve, Route, Translate};

const CHANGES_JA: &str = "運用中に設定を変更する可能性があります";
const CHANGES_EN: &str = "the configuration may change at run time";

/// Known, but not modelled.
pub(crate) static OPEN: &[Open] = &[
    open_entry("schedule", &[], CHANGES_JA, CHANGES_EN),
    open_entry("lua", &[], CHANGES_JA, CHANGES_EN),
    open_entry("usbhost", &[], CHANGES_JA, CHANGES_EN),
    open_entry("external-memory", &[], CHANGES_JA, CHANGES_EN),
    open_entry("operation", &[], CHANGES_JA, CHANGES_EN),
    open_entry("netmeister", &[Manage], CHANGES_JA, CHANGES_EN),
    open_entry("yno", &[], CHANGES_JA, CHANGES_EN),
    open_entry("remote setup", &[Manage], "遠隔設定", "remote set-up"),
    open_entry("cooperation", &[Route], "協調動作", "cooperation with other routers"),
    open_entry("ospf", &[Route], "動的経路制御 (OSPF)", "dynamic routing by OSPF"),
    open_entry("ospfv3", &[Route], "動的経路制御 (OSPFv3)", "dynamic routing by OSPFv3"),
    open_entry("bgp", &[Route], "動的経路制御 (BGP)", "dynamic routing by BGP"),
    open_entry("rip", &[Route], "動的経路制御 (RIP)", "dynamic routing by RIP"),
    open_entry("rip2", &[Route], "動的経路制御 (RIP2)", "dynamic routing by RIP2"),
    open_entry("url", &[Deny], "URL フィルター", "URL filter"),
    open_entry("dpi", &[Deny, Route], "アプリケーション制御", "application control"),
    open_entry("application", &[Deny, Route], "アプリケーション制御", "application control"),
    open_entry("policy", &[Permit, Deny], "ポリシーフィルター", "policy filter"),
    open_entry("upnp", &[Permit, Translate], "UPnP", "UPnP"),
    open_entry("lan backup", &[Route], "LAN のバックアップ", "backup of a LAN interface"),
    open_entry(
        "dns private",
        &[Resolve],
        "ルータが自分で答える名前",
        "a name that the router answers",
    ),
    open_entry("dns static", &[Resolve], "静的な名前", "static names"),
    open_entry("ip host", &[Resolve], "静的な名前", "static names"),
    open_entry("mobile", &[Route, Permit, Manage], "モバイル回線", "a mobile line"),
    open_entry("wan", &[Route, Permit, Manage], "モバイル回線", "a mobile line"),
    open_entry("switch control", &[Deny, Bridge], "スイッチの制御", "control of switches"),
    open_entry("switch", &[Deny, Bridge], "スイッチの制御", "control of switches"),
    open_entry("sip", &[Permit], "電話機能", "telephony"),
    open_entry("isdn", &[Route, Permit, Manage], "ISDN 回線", "an ISDN line"),
    open_entry("line", &[Route, Permit, Manage], "専用線・ISDN 回線", "a leased or ISDN line"),
    open_entry("fr", &[Route, Permit, Manage], "フレームリレー", "frame relay"),
    open_entry("radius", &[Permit], "RADIUS 認証", "authentication by RADIUS"),
    open_entry("diagnosis", &[Manage], "診断機能", "diagnosis"),
    // Without it all frames pass: it can only discard.
    open_entry("ethernet * filter", &[Deny], "イーサネットフィルター", "ethernet filter"),
    open_entry("dhcp relay", &[Permit], "DHCP リレー", "DHCP relay"),
    open_entry("execute", &[], CHANGES_JA, CHANGES_EN),
    open_entry("set-default-config", &[], CHANGES_JA, CHANGES_EN),
];
