//! Which texts are answers.

use std::net::IpAddr;

use diag::{Text, text};
use site::{Net, Use};

use crate::Answers;

pub(crate) fn anything(_: &str, _: &Answers) -> Result<(), Text> {
    Ok(())
}

pub(crate) fn claimed(answer: &str, answers: &Answers) -> Result<(), Text> {
    if answer == "none" && answers.is("placement", "one-terminal") {
        return Err(text!(
            ja: "オンライン請求をしていなければ、資格確認端末はオンライン請求を兼ねません。置き方は\
                 `separate` です",
            en: "where no claims are sent online the terminal does not send them; the placement \
                 is `separate`",
        ));
    }
    Ok(())
}

pub(crate) fn name(answer: &str, _: &Answers) -> Result<(), Text> {
    if answer.is_empty() {
        return Err(text!(ja: "名前を書いてください", en: "write a name"));
    }
    // LIMIT: a name is one line of a drawing.
    const LENGTH_MAX_CHARACTERS: usize = 60;
    if answer.chars().count() > LENGTH_MAX_CHARACTERS || answer.chars().any(char::is_control) {
        return Err(text!(
            ja: "名前は 1 行、{max} 文字までにしてください",
            en: "write the name on one line of at most {max} characters",
            max = LENGTH_MAX_CHARACTERS,
        ));
    }
    Ok(())
}

pub(crate) fn peer(answer: &str, _: &Answers) -> Result<(), Text> {
    let is_name = |text: &str| {
        text.contains('.')
            && text.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '.' | '-'))
    };
    if answer.parse::<IpAddr>().is_ok() || is_name(answer) {
        return Ok(());
    }
    Err(text!(
        ja: "`{answer}` はアドレスでも名前でもありません。203.0.113.1 や vpn.example.jp のように\
             書いてください",
        en: "`{answer}` is no address and no name; write it like 203.0.113.1 or vpn.example.jp",
        answer = answer,
    ))
}

pub(crate) fn linkage(answer: &str, _: &Answers) -> Result<(), Text> {
    Use::read(answer).map(|_| ()).ok_or_else(|| {
        text!(
            ja: "`{answer}` は使い方として読めません。smb や tcp/8000 のように書いてください",
            en: "`{answer}` names no service; write it like smb or tcp/8000",
            answer = answer,
        )
    })
}

pub(crate) fn receipts(answer: &str, answers: &Answers) -> Result<(), Text> {
    hosts(answer, answers.get("terminal-address"))
}

pub(crate) fn terminals(answer: &str, answers: &Answers) -> Result<(), Text> {
    hosts(answer, answers.get("receipt-address"))
}

/// Addresses of one network, which is not the one of `others`.
fn hosts(answer: &str, others: Option<&str>) -> Result<(), Text> {
    let hosts = read_hosts(answer)?;
    let Some(first) = hosts.first() else {
        return Err(text!(ja: "アドレスを書いてください", en: "write an address"));
    };
    for (place, host) in hosts.iter().enumerate() {
        if host.net != first.net {
            return Err(text!(
                ja: "`{host}` は `{net}` の外です。同じ LAN のアドレスを並べてください",
                en: "`{host}` is outside `{net}`; list addresses of one network",
                host = host.address.to_string(), net = first.net,
            ));
        }
        if hosts[..place].iter().any(|before| before.address == host.address) {
            return Err(text!(
                ja: "`{host}` が 2 回あります",
                en: "`{host}` stands there twice",
                host = host.address.to_string(),
            ));
        }
    }
    let others = others.and_then(|others| read_hosts(others).ok()).unwrap_or_default();
    if let Some(other) = others.iter().find(|other| other.net.overlaps(&first.net)) {
        return Err(text!(
            ja: "`{net}` は `{other}` と重なります。間にルータA が入るので、別のネットワークです",
            en: "`{net}` overlaps `{other}`; Router A stands between two different networks",
            net = first.net, other = other.net,
        ));
    }
    Ok(())
}

/// An address with the network it is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Host {
    pub(crate) address: std::net::Ipv4Addr,
    pub(crate) net: Net,
}

/// Addresses with prefix lengths, separated by commas.
pub(crate) fn read_hosts(answer: &str) -> Result<Vec<Host>, Text> {
    answer.split([',', '、']).map(str::trim).filter(|one| !one.is_empty()).map(host).collect()
}

fn host(text: &str) -> Result<Host, Text> {
    let read = text.split_once('/').and_then(|(address, length)| {
        let address = address.parse::<std::net::Ipv4Addr>().ok()?;
        let length = length.parse::<u8>().ok().or_else(|| length_of_mask(length));
        let length = length.filter(|length| *length < 31)?;
        let net = Net::around(address.into(), length)?;
        let is_host = net.address() != IpAddr::V4(address) && net.last() != IpAddr::V4(address);
        is_host.then_some(Host { address, net })
    });
    read.ok_or_else(|| {
        text!(
            ja: "`{text}` は端末のアドレスとして読めません。192.0.2.20/24 のように、プレフィックス\
                 長（30 まで）かマスクを付けて書いてください",
            en: "`{text}` is no address of a machine; write it with its prefix length (at most \
                 30) or its mask, like 192.0.2.20/24",
            text = text,
        )
    })
}

/// The prefix length that a mask such as 255.255.255.0 stands for.
fn length_of_mask(mask: &str) -> Option<u8> {
    let bits = u32::from(mask.parse::<std::net::Ipv4Addr>().ok()?);
    let length = bits.leading_ones();
    (length + bits.trailing_zeros() == u32::BITS).then(|| u8::try_from(length).ok()).flatten()
}
