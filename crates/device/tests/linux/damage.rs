//! Damage to a ruleset: a token, a line or a brace that is taken away, doubled, moved, garbled or
//! put in the place of another.

/// A stream of numbers that its seed determines (splitmix64).
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which is not 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.number() % bound as u64).unwrap_or(0)
    }

    /// One of `items`, which are not none.
    pub(super) fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }
}

/// `text` in words, quotations, signs and blanks; joined they are the text again.
pub(super) fn pieces(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let belongs = |one: char| one.is_ascii_alphanumeric() || "_-./:".contains(one);
        let length = match first {
            '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            '#' => rest.find('\n').unwrap_or(rest.len()),
            one if one.is_ascii_alphanumeric() => {
                rest.find(|one| !belongs(one)).unwrap_or(rest.len())
            }
            one => one.len_utf8(),
        };
        pieces.push(rest[..length].to_owned());
        rest = &rest[length..];
    }
    pieces
}

/// `text` with one to three damages.
pub(super) fn damaged(random: &mut Random, text: &str) -> String {
    let mut pieces = pieces(text);
    let count = [1, 1, 1, 2, 3][random.below(5)];
    for _ in 0..count {
        match random.below(16) {
            0..=1 => lines(random, &mut pieces),
            2 => blank(random, &mut pieces),
            3 => brace(random, &mut pieces),
            4..=7 => alike(random, &mut pieces),
            8..=9 => statement(random, &mut pieces),
            _ => token(random, &mut pieces),
        }
    }
    pieces.concat()
}

fn is_blank(piece: &str) -> bool {
    piece.trim().is_empty()
}

/// A place at which a piece stands that `fits`.
fn place(random: &mut Random, pieces: &[String], fits: impl Fn(&str) -> bool) -> Option<usize> {
    let places: Vec<usize> = (0..pieces.len()).filter(|place| fits(&pieces[*place])).collect();
    if places.is_empty() { None } else { Some(random.pick(&places)) }
}

fn token(random: &mut Random, pieces: &mut Vec<String>) {
    let Some(at) = place(random, pieces, |piece| !is_blank(piece)) else { return };
    match random.below(9) {
        0 => drop(pieces.remove(at)),
        1 => {
            let copy = pieces[at].clone();
            pieces.splice(at..at, [copy, " ".to_owned()]);
        }
        2 => {
            let other = place(random, pieces, |piece| !is_blank(piece)).unwrap_or(at);
            let near = (at + 1 + random.below(4)).min(pieces.len() - 1);
            let with = if random.below(10) < 7 { near } else { other };
            pieces.swap(at, with);
        }
        3 => garble(random, &mut pieces[at]),
        4 => {
            let other = place(random, pieces, |piece| !is_blank(piece)).unwrap_or(at);
            pieces[at] = pieces[other].clone();
        }
        5 => {
            let word = random.pick(&STATEMENTS).to_owned();
            pieces.splice(at..at, [word, " ".to_owned()]);
        }
        _ => pieces[at] = word(random, WORDS),
    }
}

/// One of the words of a list.
fn word(random: &mut Random, list: &str) -> String {
    let words: Vec<&str> = list.split_whitespace().collect();
    random.pick(&words).to_owned()
}

/// A token in whose place another of its kind is put; nft takes many of these.
fn alike(random: &mut Random, pieces: &mut [String]) {
    let kinds: Vec<&str> = ALIKE.trim().lines().collect();
    let kind = random.pick(&kinds);
    let Some(at) = place(random, pieces, |piece| kind.split(' ').any(|one| one == piece)) else {
        return;
    };
    pieces[at] = word(random, kind);
}

/// A statement at the beginning of a line.
fn statement(random: &mut Random, pieces: &mut Vec<String>) {
    let begins: Vec<usize> = (1..pieces.len())
        .filter(|at| is_blank(&pieces[at - 1]) && !is_blank(&pieces[*at]))
        .filter(|at| {
            pieces[..*at]
                .iter()
                .rev()
                .find(|one| *one != "\t" && *one != " ")
                .is_some_and(|one| one == "\n")
        })
        .collect();
    if begins.is_empty() {
        return;
    }
    let at = random.pick(&begins);
    let word = random.pick(&STATEMENTS).to_owned();
    pieces.splice(at..at, [word, " ".to_owned()]);
}

fn garble(random: &mut Random, piece: &mut String) {
    let mut letters: Vec<char> = piece.chars().collect();
    let at = random.below(letters.len());
    let new = random.pick(&['a', '0', '9', '-', '.', ':', '/', '*', '"', '{', ',', 'é', '!', '\\']);
    match random.below(3) {
        0 => drop(letters.remove(at)),
        1 => letters[at] = new,
        _ => letters.insert(at, new),
    }
    *piece = letters.into_iter().collect();
}

/// A blank or a line break that is taken away, doubled or another.
fn blank(random: &mut Random, pieces: &mut Vec<String>) {
    let Some(at) = place(random, pieces, is_blank) else { return };
    match random.below(4) {
        0 => drop(pieces.remove(at)),
        1 => pieces[at] = "\n".to_owned(),
        2 => pieces[at] = " ; ".to_owned(),
        _ => pieces[at].push('\n'),
    }
}

fn brace(random: &mut Random, pieces: &mut Vec<String>) {
    let is_brace = |piece: &str| ["{", "}", "(", ")", "[", "]", ",", ";", "="].contains(&piece);
    if let Some(at) = place(random, pieces, is_brace) {
        pieces.remove(at);
    }
}

/// A line that is taken away, doubled or moved.
fn lines(random: &mut Random, pieces: &mut Vec<String>) {
    let text = pieces.concat();
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (at, to) = (random.below(lines.len()), random.below(lines.len()));
    match random.below(3) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(to, lines[at]),
        _ => lines.swap(at, to),
    }
    *pieces = self::pieces(&lines.concat());
}

/// Statements and declarations that are put before a token.
const STATEMENTS: [&str; 60] = [
    "ip ttl set 300",
    "ip ttl set 3",
    "meta nftrace set 5",
    "ct mark set nope",
    "ct mark set 5",
    "ip dscp set nope",
    "ct event set nope",
    "ct label set nope",
    "ct label set 128",
    "tcp dport 22",
    "udp dport 70000",
    "ip protocol udp",
    "meta l4proto { tcp, udp }",
    "ip6 saddr ::1",
    "ip saddr 192.0.2.9",
    "icmp type echo-request",
    "icmpv6 type echo-request",
    "th dport 53",
    "masquerade",
    "redirect",
    "redirect to :5000",
    "dnat to 192.0.2.1",
    "snat to 2001:db8::1",
    "reject",
    "reject with icmp type port-unreachable",
    "reject with tcp reset",
    "fwd to \"wan0\"",
    "fwd to \"lan9\"",
    "iif \"lan9\" drop",
    "iif \"lan0\"",
    "notrack",
    "accept",
    "drop",
    "continue",
    "return",
    "jump ssh",
    "jump nowhere",
    "goto input",
    "counter",
    "counter name \"nope\"",
    "log prefix \"x\"",
    "limit rate 5/second",
    "quota 5 bytes",
    "add @recent { ip saddr }",
    "update @undefined { ip saddr }",
    "tcp dport vmap { 22 : nope }",
    "tcp dport vmap { 22 : accept, 22 : drop }",
    "tcp dport { }",
    "type filter hook input priority 0;",
    "policy drop;",
    "flags interval;",
    "flags nope;",
    "elements = { 192.0.2.1 };",
    "chain extra { }\n",
    "set extra { type ipv4_addr; }\n",
    "define extra = 5\n",
    "delete table ip x\n",
    "flush ruleset\n",
    "list bogus\n",
    "comment \"x\"",
];

/// Words that are put in the place of a token: of the grammar, of every type, at limits.
const WORDS: &str = r#"
0 1 7 8 15 16 22 63 64 127 128 255 256 65535 65536 70000 4294967295 4294967296
18446744073709551616 -1 0x10 010 1-5 5-1 22-22 1-70000 192.0.2.1 192.0.2.0/24 192.0.2.0/33
198.51.100.0/24 192.0.2.9-192.0.2.1 192.0.2.1-192.0.2.9 2001:db8::1 2001:db8::/32 2001:db8::/129
[2001:db8::1] 00:00:5e:00:53:01 300.1.2.3 192.0.2 lan0 lan1 wan0 lan9 "lan0" "lan9" "lan*"
"averyverylongname" "" "*" tcp udp icmp icmpv6 ipv6-icmp esp sctp ip ip6 inet arp bridge netdev
ether vlan meta ct th fib rt socket saddr daddr sport dport protocol nexthdr ttl hoplimit dscp
ecn length id type code flags option state status mark zone label helper direction iif oif
iifname oifname iifgroup l4proto nfproto skuid pkttype day hour cpu priority established related
new invalid syn ack fin snat dnat masquerade redirect reject accept drop continue return jump
goto queue notrack counter limit quota log rate over burst packets bytes mbytes second 5/second
0/second minute vmap map set add update delete == != < > <= ! & | . , : ; { } ( ) / - * @ $
@undefined $undefined @admins $LAN $PORTS ssh http https domain nope echo-request
destination-unreachable nd-router-advert cs1 ect0 ipv4_addr ipv6_addr inet_service inet_proto
ether_addr ifname verdict interval timeout dynamic constant 1h 30 1m elements size auto-merge
typeof filter nat route hook input forward output prerouting postrouting ingress
"#;

/// Tokens of one kind each.
const ALIKE: &str = r#"
0 1 5 9 10 22 53 80 100 255 256 1024 65535 65536
0x1 0x2 0x5 0x10 0xff 0x100 0x8863 0x8864 0xffffffff 0x1ffffffff
192.0.2.1 192.0.2.2 192.0.2.9 198.51.100.0/24 192.0.2.0/25 203.0.113.1 2001:db8::1 198.51.100.9
2001:db8::1 2001:db8::2 2001:db8::/32 fe80::/10 2001:db8::/64 :: 192.0.2.1
lan0 lan1 wan0 lan9 lo
"lan0" "lan1" "wan0" "lan*" "lan9" "lo" "wan"
saddr daddr sport dport protocol length ttl type code id
ip ip6 tcp udp icmp icmpv6 meta ct ether th arp vlan
iif oif iifname oifname mark l4proto nfproto pkttype skuid cpu
accept drop continue return reject masquerade redirect notrack
state status mark zone direction label bytes packets expiration
established related new invalid untracked snat dnat original
prerouting input forward output postrouting ingress egress
filter nat route raw mangle dstnat srcnat security out
ipv4_addr ipv6_addr inet_service ifname ether_addr icmp_type verdict iface_index dscp ct_state
interval timeout dynamic constant auto-merge
== != < > <= >= ! & |
inet ip ip6 bridge netdev arp
1-5 80-90 1-1023 1-100 7-9 20-30 90-80 100-1500 1024-65535
admins a b c d e f g h m n o recent
"#;
