//! A router with two legs in the network namespace of this process, and what the kernel does
//! with packets that arrive on a leg.

use std::collections::BTreeMap;
use std::io::{Error, Result, Write as _};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use model::{Family, Packet, protocol};
use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, MsgFlags, SockFlag, SockProtocol, SockType, bind, recv, send, setsockopt,
    socket, sockopt,
};

use super::LEGS;
use super::wire::{Tag, frame, header_bytes, parse};

/// The far ends of the legs, where packets are put in and taken out.
const FAR: [&str; 2] = ["far0", "far1"];
/// An EtherType for local experiments (IEEE 802): frames that close a batch.
const SENTINEL: u16 = 0x88b5;
/// How long a sentinel may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of frames that may wait to be read.
const BUFFER_BYTES: usize = 32 << 20;

/// The addresses of the router's legs, both families.
pub const ADDRESSES: [[&str; 2]; 2] =
    [["192.0.2.1/25", "2001:db8:0:1::1/64"], ["198.51.100.1/24", "2001:db8:0:2::1/64"]];
/// Next hops of the default routes, on the second leg.
pub const GATEWAYS: [&str; 2] = ["198.51.100.9", "2001:db8:0:2::9"];
/// The hosts on each leg's nets that have a layer-2 address: `.2` to `.9`.
pub const HOSTS: std::ops::RangeInclusive<u8> = 2..=9;

/// What the kernel did with a packet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Decision {
    /// It sent the packet on this leg, as it then was.
    Forwarded(usize, Packet),
    /// It took the packet as its own.
    Taken,
    /// It did neither.
    Dropped,
}

/// A packet to put in.
#[derive(Clone, Copy, Debug)]
pub struct Shot {
    /// The leg on which it arrives.
    pub leg: usize,
    /// The packet.
    pub packet: Packet,
    /// Its tag.
    pub tag: Tag,
}

/// The router.
#[derive(Debug)]
pub struct Judge {
    far: [OwnedFd; 2],
    near: [OwnedFd; 2],
    taken: Vec<(OwnedFd, usize)>,
    rounds: u32,
}

impl Judge {
    /// Builds the router. The process must be alone in its namespace.
    ///
    /// # Errors
    /// When a tool fails, or a socket is refused.
    pub fn new() -> Result<Self> {
        for (path, value) in SETTINGS_BEFORE {
            std::fs::write(format!("/proc/sys/net/{path}"), value)?;
        }
        run("ip", &["-batch", "-"], &links())?;
        for (path, value) in SETTINGS {
            for leg in LEGS.iter().chain(&FAR) {
                let path = path.replace("LEG", leg);
                std::fs::write(format!("/proc/sys/net/{path}"), value)?;
            }
        }
        let mut taken = Vec::new();
        for (domain, number, kind) in [
            (AddressFamily::Inet, protocol::TCP, SockProtocol::Tcp),
            (AddressFamily::Inet, protocol::UDP, SockProtocol::Udp),
            (AddressFamily::Inet, protocol::ICMP, SockProtocol::Icmp),
            (AddressFamily::Inet6, protocol::TCP, SockProtocol::Tcp),
            (AddressFamily::Inet6, protocol::UDP, SockProtocol::Udp),
            (AddressFamily::Inet6, protocol::ICMPV6, SockProtocol::IcmpV6),
        ] {
            // A raw IPv4 socket hears the IP header too.
            let (family, before) = match domain {
                AddressFamily::Inet => (Family::V4, 20),
                _ => (Family::V6, 0),
            };
            taken.push((open(domain, kind)?, before + header_bytes(family, number)));
        }
        Ok(Self {
            far: [packet_socket(FAR[0])?, packet_socket(FAR[1])?],
            near: [packet_socket(LEGS[0])?, packet_socket(LEGS[1])?],
            taken,
            rounds: 0,
        })
    }

    /// Loads `ruleset` in place of all rules, and sets `rp_filter` of each leg. Each case has a
    /// connection table of its own.
    ///
    /// # Errors
    /// What nft says about it.
    pub fn load(&self, ruleset: &str, sources: [usize; 2]) -> Result<()> {
        for (leg, check) in LEGS.iter().zip(sources) {
            let path = format!("/proc/sys/net/ipv4/conf/{leg}/rp_filter");
            std::fs::write(path, check.to_string())?;
        }
        run("nft", &["-f", "-"], &format!("flush ruleset\n{ZONES}\n{ruleset}"))
    }

    /// What the kernel does with each of `shots`, which are in flight together.
    ///
    /// # Errors
    /// When a socket fails, or a sentinel gets lost.
    pub fn ask(&mut self, shots: &[Shot]) -> Result<Vec<Decision>> {
        for shot in shots {
            let bytes = frame(&shot.packet, shot.tag, mac(1, shot.leg), mac(0, shot.leg));
            send(self.far[shot.leg].as_raw_fd(), &bytes, MsgFlags::empty())?;
        }
        // Frames keep their order: what the router received before the sentinel it has worked
        // on, and what it sent has arrived before the second sentinel.
        for leg in 0..LEGS.len() {
            self.rounds += 1;
            sentinel(&self.far[leg], self.rounds)?;
            wait(&self.near[leg], self.rounds, |_| {})?;
        }
        // What the kernel itself says in answer to a packet carries no tag where one is read.
        let mut seen: BTreeMap<Tag, Decision> = BTreeMap::new();
        for leg in 0..LEGS.len() {
            self.rounds += 1;
            sentinel(&self.near[leg], self.rounds)?;
            wait(&self.far[leg], self.rounds, |bytes| {
                if let Some((packet, tag)) = parse(bytes) {
                    seen.insert(tag, Decision::Forwarded(leg, packet));
                }
            })?;
        }
        for (socket, before) in &self.taken {
            drain(socket, |bytes| {
                let payload = bytes.get(*before..).unwrap_or_default();
                if let Some(tag) = Tag::of_payload(payload) {
                    seen.insert(tag, Decision::Taken);
                }
            })?;
        }
        let decision = |shot: &Shot| seen.get(&shot.tag).copied().unwrap_or(Decision::Dropped);
        Ok(shots.iter().map(decision).collect())
    }
}

/// A layer-2 address of a leg: the router's (0), its neighbour's (1).
fn mac(end: u8, leg: usize) -> [u8; 6] {
    [0x02, 0, 0, 0, end, u8::from(leg == 1)]
}

fn mac_text(end: u8, leg: usize) -> String {
    let bytes: Vec<String> = mac(end, leg).iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(":")
}

const SETTINGS_BEFORE: [(&str, &str); 6] = [
    ("ipv6/conf/default/accept_dad", "0"),
    ("ipv6/conf/default/accept_ra", "0"),
    ("ipv6/conf/default/autoconf", "0"),
    ("ipv4/conf/all/rp_filter", "0"),
    ("ipv4/conf/default/rp_filter", "0"),
    ("ipv4/icmp_echo_ignore_all", "1"),
];

const SETTINGS: [(&str, &str); 8] = [
    ("ipv4/ip_forward", "1"),
    ("ipv6/conf/all/forwarding", "1"),
    ("ipv4/conf/all/send_redirects", "0"),
    ("ipv4/conf/LEG/send_redirects", "0"),
    ("ipv4/conf/LEG/accept_redirects", "0"),
    ("ipv6/conf/LEG/accept_redirects", "0"),
    ("ipv6/conf/LEG/accept_ra", "0"),
    ("ipv6/icmp/echo_ignore_all", "1"),
];

/// A table that gives each case a connection table of its own, by the number in the packet.
const ZONES: &str = "table inet sekisho_zones { chain each {
  type filter hook prerouting priority -350;
  meta nfproto ipv4 ct zone set @nh,32,16
  meta nfproto ipv6 ct zone set @nh,16,16
}
}";

/// The batch of `ip` that builds the legs.
fn links() -> String {
    let mut text = String::from("link set dev lo up\n");
    for (leg, (near, far)) in LEGS.iter().zip(FAR).enumerate() {
        // The far end's own address is not the one neighbours are known by: the kernel takes
        // nothing there that the router sends.
        text +=
            &format!("link add {near} address {} type veth peer name {far}\n", mac_text(0, leg));
        text += &format!("link set dev {far} arp off addrgenmode none\n");
        text += &format!("link set dev {near} addrgenmode none\n");
        text += &format!("link set dev {far} up\nlink set dev {near} up\n");
        for address in ADDRESSES[leg] {
            let nodad = if address.contains(':') { " nodad" } else { "" };
            text += &format!("address add {address} dev {near}{nodad}\n");
        }
        for host in HOSTS {
            for address in neighbours(leg, host) {
                let neighbour = mac_text(1, leg);
                text +=
                    &format!("neigh add {address} lladdr {neighbour} dev {near} nud permanent\n");
            }
        }
    }
    for gateway in GATEWAYS {
        text += &format!("route add default via {gateway} dev {}\n", LEGS[1]);
    }
    text
}

/// The addresses of host number `host` on `leg`.
#[must_use]
pub fn neighbours(leg: usize, host: u8) -> [String; 2] {
    let v4 = if leg == 0 { "192.0.2" } else { "198.51.100" };
    [format!("{v4}.{host}"), format!("2001:db8:0:{}::{host}", leg + 1)]
}

/// The same router as the declared file of our own vendor `linux`, with `rp_filter` of each leg.
#[must_use]
pub fn declaration(sources: [usize; 2]) -> String {
    let mut text = String::new();
    for (leg, name) in LEGS.iter().enumerate() {
        for address in ADDRESSES[leg] {
            text += &format!("interface {name} address {address}\n");
        }
    }
    text += "forwarding ipv4 on\nforwarding ipv6 on\nservice none\n";
    text += "sysctl net.ipv4.conf.all.rp_filter = 0\n";
    for (leg, check) in LEGS.iter().zip(sources) {
        text += &format!("sysctl net.ipv4.conf.{leg}.rp_filter = {check}\n");
    }
    for gateway in GATEWAYS {
        text += &format!("route default via {gateway} on {}\n", LEGS[1]);
    }
    text
}

/// Runs `program` with `input`; what it says on failure is the error.
fn run(program: &str, arguments: &[&str], input: &str) -> Result<()> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::other(format!("{program}: {}", String::from_utf8_lossy(&output.stderr))))
}

fn open(domain: AddressFamily, kind: SockProtocol) -> Result<OwnedFd> {
    let socket = socket(domain, SockType::Raw, SockFlag::SOCK_NONBLOCK, kind)?;
    setsockopt(&socket, sockopt::RcvBufForce, &BUFFER_BYTES)?;
    Ok(socket)
}

/// A socket for all frames of an interface.
fn packet_socket(interface: &str) -> Result<OwnedFd> {
    let socket = open(AddressFamily::Packet, SockProtocol::EthAll)?;
    let addresses = nix::ifaddrs::getifaddrs()?;
    let link = addresses
        .filter(|one| one.interface_name == interface)
        .find_map(|one| one.address.and_then(|address| address.as_link_addr().copied()));
    let link = link.ok_or_else(|| Error::other(format!("{interface} has no link address")))?;
    bind(socket.as_raw_fd(), &link)?;
    // Frames of other interfaces that came before it was bound.
    drain(&socket, |_| {})?;
    Ok(socket)
}

fn sentinel(socket: &OwnedFd, round: u32) -> Result<()> {
    let mut bytes = vec![0xff; 6];
    bytes.extend(mac(2, 0));
    bytes.extend(SENTINEL.to_be_bytes());
    bytes.extend(round.to_be_bytes());
    bytes.resize(60, 0);
    send(socket.as_raw_fd(), &bytes, MsgFlags::empty())?;
    Ok(())
}

/// Reads frames until the sentinel of `round`.
fn wait(socket: &OwnedFd, round: u32, mut each: impl FnMut(&[u8])) -> Result<()> {
    let begun = Instant::now();
    let mut is_over = false;
    while !is_over {
        drain(socket, |bytes| {
            let is_sentinel = bytes.get(12..14) == Some(&SENTINEL.to_be_bytes());
            if is_sentinel && bytes.get(14..18) == Some(&round.to_be_bytes()) {
                is_over = true;
            } else {
                each(bytes);
            }
        })?;
        if begun.elapsed() > PATIENCE {
            return Err(Error::other("a sentinel got lost"));
        }
    }
    Ok(())
}

/// Reads all frames that wait.
fn drain(socket: &OwnedFd, mut each: impl FnMut(&[u8])) -> Result<()> {
    let mut buffer = [0; 2048];
    loop {
        match recv(socket.as_raw_fd(), &mut buffer, MsgFlags::empty()) {
            Ok(length) => each(&buffer[..length]),
            Err(Errno::EAGAIN) => return Ok(()),
            Err(Errno::ENETDOWN | Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
