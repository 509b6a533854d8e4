//! Where a text holds passwords and keys, so that they can be blacked out.

use diag::{SourceId, Span};

use super::heads::{begins_with_word, lower};
use super::text::{LineKind, Reader, Word};

/// First words of commands, and how many of the words after them are not secret.
///
/// # Shape
/// `*` stands for any word.
const SECRETS: &[(&str, usize)] = &[
    ("pp auth myname", 1),
    ("pp auth username", 1),
    ("ppp auth myname", 1),
    ("wan auth myname", 1),
    ("mobile auth myname", 1),
    ("mobile pin code", 1),
    ("ipsec ike pre-shared-key", 2),
    ("ipsec ike eap myname", 1),
    ("auth user", 2),
    ("login password encrypted", 0),
    ("login password", 0),
    ("login user", 1),
    ("administrator password encrypted", 0),
    ("administrator password", 0),
    ("snmp community", 1),
    ("snmpv2c community", 1),
    ("snmp trap community", 0),
    ("snmpv2c trap community", 0),
    ("snmp host", 1),
    ("snmpv2c host", 1),
    ("snmpv3 usm user", 1),
    ("l2tp tunnel auth", 1),
    ("radius secret", 0),
    ("mail server smtp", 2),
    ("mail server pop", 2),
    ("mail server", 2),
    ("netvolante-dns", 2),
    ("ospf area", 1),
    ("bgp neighbor", 3),
    ("sshd host key generate", 0),
    ("httpd proxy-access password", 0),
    ("switch control password", 0),
    ("yno access", 0),
    ("heartbeat2 transmit", 1),
    ("heartbeat2 receive", 1),
];

/// Spans of every secret value in `text`.
///
/// # Shape
/// In the order of the text; a command that is wrapped over several lines is covered whole.
pub(crate) fn secret_spans(source: SourceId, text: &str) -> Vec<Span> {
    let mut reader = Reader::new(source, text);
    let mut spans = Vec::new();
    let mut is_broken_off = false;
    while let Some(logical) = reader.next() {
        if std::mem::take(&mut is_broken_off) {
            spans.push(logical.line);
        }
        if logical.kind != LineKind::Command && logical.kind != LineKind::Comment {
            continue;
        }
        if !may_hold_secret(&logical.text) {
            continue;
        }
        let words = logical.words();
        let Some(first) = first_secret(&words) else { continue };
        // What `show config` hides is there, as a star.
        let is_hidden = words.last().is_some_and(|word| word.text.bytes().all(|one| one == b'*'));
        is_broken_off = first == words.len() && !is_hidden;
        if logical.more.is_empty() {
            spans.extend(words[first..].iter().map(|word| word.span));
        } else {
            spans.push(logical.line);
            spans.extend(&logical.more);
        }
    }
    spans.dedup();
    spans
}

/// Whether the command of `text` may be one with a secret, by its first word.
fn may_hold_secret(text: &str) -> bool {
    let is_end = |byte| matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'\\' | b'#');
    let end = text.bytes().position(is_end).unwrap_or(text.len());
    let (first, rest) = text.split_at(end);
    // Quotes and backslashes are left to those who read words.
    !matches!(rest.as_bytes().first(), None | Some(b' ' | b'\t'))
        || lower(first, &mut [0; 24]).is_some_and(may_begin_secret)
}

/// Whether a command whose first word is `head`, in lower case, may be one with a secret: whether
/// it is `no`, or the first word of one of [`SECRETS`].
pub(crate) fn may_begin_secret(head: &str) -> bool {
    matches!(
        head,
        "no" | "pp"
            | "ppp"
            | "wan"
            | "mobile"
            | "ipsec"
            | "auth"
            | "login"
            | "administrator"
            | "snmp"
            | "snmpv2c"
            | "snmpv3"
            | "l2tp"
            | "radius"
            | "mail"
            | "netvolante-dns"
            | "ospf"
            | "bgp"
            | "sshd"
            | "httpd"
            | "switch"
            | "yno"
            | "heartbeat2"
    )
}

/// Place of the first secret word; one past the last word when the secret itself is missing, as
/// where it was broken off to the next line.
pub(crate) fn first_secret(words: &[Word<'_>]) -> Option<usize> {
    let skip = usize::from(words.first().is_some_and(|word| word.text.eq_ignore_ascii_case("no")));
    let words_after = words.get(skip..)?;
    let first = words_after.first()?.text;
    // Most commands are none of these, which the first word tells.
    SECRETS.iter().filter(|(prefix, _)| begins_with_word(prefix, first)).find_map(
        |(prefix, open)| {
            let mut length = 0;
            for part in prefix.split(' ') {
                let word = words_after.get(length)?;
                if !word.text.eq_ignore_ascii_case(part) {
                    return None;
                }
                length += 1;
            }
            let first = skip + length + open;
            (first <= words.len()).then_some(first)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{SECRETS, may_begin_secret, secret_spans};
    use diag::Sources;

    #[test]
    fn the_first_word_of_every_secret_is_known() {
        for (prefix, _) in SECRETS {
            let first = prefix.split(' ').next().unwrap_or_default();
            assert!(may_begin_secret(first), "{first}");
        }
        assert!(!may_begin_secret("ip"));
    }

    #[test]
    fn covers_every_kind_of_secret() {
        let text = "pp select 1\n pp auth myname user@example S3cret-1\n\
                    ipsec ike pre-shared-key 1 text S3cret-2\n\
                    login user staff encrypted S3cret-3\n# administrator password S3cret-4\n\
                    no login password S3cret-5\nl2tp tunnel auth on S3cret-6\n";
        let mut sources = Sources::new();
        let source = sources.add("router", text);
        let said: Vec<&str> =
            secret_spans(source, text).into_iter().map(|span| sources.snippet(span)).collect();
        for number in 1..=6 {
            let secret = format!("S3cret-{number}");
            assert!(said.contains(&secret.as_str()), "{secret} in {said:?}");
        }
        assert!(!said.contains(&"user@example"));
    }
}
