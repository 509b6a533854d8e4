//! Forms of commands: what may follow the first words of a command that is not modelled.
//!
//! A form is a row of parts:
//! - `word`, or `one|other`: one of these words, whatever the case;
//! - `#`: a number; `%`: a number that a percent sign may follow; `*`: any word;
//! - `A`: an IPv4 or IPv6 address, a prefix length may follow;
//! - `key=`: an option with any value, `key=on/off` with one of these, where `#` is a number;
//! - a part with `?` at its end: it may be absent;
//! - `{a,b=,#}`: any number of words, each of which is listed, or begins like a listed `key=`;
//! - `...`: whatever follows.

use super::super::text::Word;

/// Commands whose first words may change how the router runs, in the forms that do not.
pub(super) const HARMLESS: &[&str] = &[
    "lan backup * none",
    "rip use off",
    "ospf use off",
    "bgp use off",
    "sip use off",
    "lua use off",
    "mobile use * off",
    "l2ms enable off",
    "yno use off",
    "url filter use off",
    "switch control use * off",
    "switch control use * on {terminal=on/off}",
    "bluetooth use off",
    "usbhost use on|off",
    "external-memory boot permit off",
    "external-memory boot timeout #",
    "external-memory auto-search time #",
    "external-memory syslog filename ...",
    "external-memory statistics filename prefix ...",
    "external-memory cache mode ...",
    "external-memory performance-test ...",
    "operation external-memory download permit off",
    "operation execute batch permit off",
    "operation button function download off|http",
    "operation button function download http revision-up",
    "dns private address spoof on|off",
    "dns private name setup.netvolante.jp",
    "operation http revision-up permit on|off",
    "schedule at # * * ntpdate|syslog|mail|statistics ...",
    "schedule at # * * * ntpdate|syslog|mail|statistics ...",
];

/// Harmless commands that are longer than a console is wide. A line that was joined and has such a
/// form to its last word holds no other command: each word belongs to this one.
pub(super) const LONG: &[&str] = &[
    "user attribute {administrator=,connection=,gui-page=,host=,login-timer=,multi-session=}",
    "user attribute * {administrator=,connection=,gui-page=,host=,login-timer=,multi-session=}",
    "queue * class filter list {#}",
];

/// Whether `words` have one of the `forms`.
pub(super) fn fits(words: &[Word<'_>], forms: &[&str]) -> bool {
    forms.iter().any(|form| may_have(words, form) && has(words, form))
}

/// Whether the first letter of `words` leaves open that they have the form: most forms begin with
/// another one.
fn may_have(words: &[Word<'_>], form: &str) -> bool {
    let form = form.as_bytes();
    let Some(own) = form.first().filter(|byte| byte.is_ascii_lowercase()) else { return true };
    let its = words.first().and_then(|word| word.text.as_bytes().first());
    let is_choice = |part: &[u8]| part.iter().any(|byte| matches!(byte, b'|' | b'?'));
    its.is_some_and(|its| its.eq_ignore_ascii_case(own))
        || split(form, b' ').next().is_some_and(is_choice)
}

fn has(words: &[Word<'_>], form: &str) -> bool {
    let mut rest = words;
    for part in split(form.as_bytes(), b' ') {
        if part == b"..." {
            return true;
        }
        if let Some(listed) = part.strip_prefix(b"{").and_then(|part| part.strip_suffix(b"}")) {
            while let Some((word, after)) = rest.split_first() {
                if !split(listed, b',').any(|one| is(word.text, one)) {
                    break;
                }
                rest = after;
            }
            continue;
        }
        let (part, may_lack) = match part.strip_suffix(b"?") {
            Some(part) => (part, true),
            None => (part, false),
        };
        match rest.split_first() {
            Some((word, after)) if split(part, b'|').any(|one| is(word.text, one)) => rest = after,
            _ if may_lack => {}
            _ => return false,
        }
    }
    rest.is_empty()
}

fn split(text: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    text.split(move |byte| *byte == separator)
}

fn is(word: &str, part: &[u8]) -> bool {
    let is_number = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    let own = word.as_bytes();
    match part {
        b"*" => true,
        b"#" => is_number(own),
        b"%" => is_number(own.strip_suffix(b"%").unwrap_or(own)),
        b"A" => is_address(word),
        _ => match at_equals(part) {
            Some((key, values)) => word.split_once('=').is_some_and(|(own, value)| {
                own.as_bytes().eq_ignore_ascii_case(key)
                    && !value.is_empty()
                    && (values.is_empty() || split(values, b'/').any(|one| is(value, one)))
            }),
            None => own.eq_ignore_ascii_case(part),
        },
    }
}

/// What stands before and behind the first equals sign.
fn at_equals(part: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = part.iter().position(|byte| *byte == b'=')?;
    Some((&part[..at], &part[at + 1..]))
}

fn is_address(word: &str) -> bool {
    let (address, length) = match word.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (word, None),
    };
    let is_length = length.is_none_or(|length| length.parse::<u8>().is_ok());
    is_length && address.parse::<std::net::IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::super::super::text::Word;
    use super::fits;
    use diag::{SourceId, Span};

    fn holds(command: &str, form: &str) -> bool {
        let span = Span::new(SourceId(0), 0, 0);
        let words: Vec<Word<'_>> =
            command.split_ascii_whitespace().map(|text| Word { text, span }).collect();
        fits(&words, &[form])
    }

    #[test]
    fn what_has_a_form_is_not_turned_away_by_its_first_letter() {
        let forms =
            ["mtu #", "in|out off", "maybe? on", "key=on/off x", "# x", "A x", "* x", "{a,b=}"];
        let commands = ["mtu 1", "MTU 1", "out off", "IN off", "on", "Maybe on", "KEY=on x", "1 x"];
        let commands = commands.iter().chain(&["192.0.2.1 x", "any x", "B=1 a", ""]);
        let mut found = 0;
        for command in commands {
            for form in forms {
                let span = Span::new(SourceId(0), 0, 0);
                let words = command.split_ascii_whitespace().map(|text| Word { text, span });
                let words: Vec<Word<'_>> = words.collect();
                assert_eq!(fits(&words, &[form]), super::has(&words, form), "{command}: {form}");
                found += usize::from(super::has(&words, form));
            }
        }
        assert!(found >= 12, "{found} commands have a form");
    }

    #[test]
    fn a_command_has_its_form_to_the_last_word() {
        assert!(holds("mtu 1500", "mtu #"));
        assert!(!holds("mtu 1500 secure filter in 1", "mtu #"));
        assert!(!holds("mtu", "mtu #"));
        assert!(holds("group 1 MODP2048", "group # modp1024|modp2048 modp1024|modp2048?"));
        assert!(holds("use 1 on dpd 10 6", "use # on|off {dpd,heartbeat,#,down=}"));
        assert!(holds("use 1 on down=disconnect", "use # on|off {dpd,heartbeat,#,down=}"));
        assert!(!holds("use 1 on down=", "use # on|off {dpd,heartbeat,#,down=}"));
        assert!(!holds("use 1 on bypass", "use # on|off {dpd,heartbeat,#,down=}"));
        assert!(holds("x o_flag=on", "x {o_flag=on/off,ttl=#/off}"));
        assert!(holds("x ttl=9 ttl=off", "x {o_flag=on/off,ttl=#/off}"));
        assert!(!holds("x o_flag=yes", "x {o_flag=on/off}"));
        assert!(!holds("x ttl=1h", "x {ttl=#}"));
        assert!(!holds("x ttl=", "x {ttl=#}"));
        assert!(holds("name", "name ..."));
        assert!(holds("endpoint 2001:db8::1 192.0.2.1/24", "endpoint A A"));
        assert!(!holds("endpoint 192.0.2.1/x", "endpoint A"));
    }
}
