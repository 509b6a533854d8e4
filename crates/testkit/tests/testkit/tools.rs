//! The tools themselves.

use model::{Family, Packet};
use testkit::random::{self, Random};
use testkit::shrink::{describe, shrink};

#[test]
fn splitmix_is_the_published_one() {
    let mut random = Random::new(1_234_567);
    let numbers = [0; 3].map(|_| random.number());
    let published =
        [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
    assert_eq!(numbers, published);
}

#[test]
fn a_seed_determines_its_network() {
    let network = |seed| describe(&random::network(&mut Random::new(seed)));
    assert_eq!(network(7), network(7));
    assert_ne!(network(7), network(8));
}

#[test]
fn shrinking_keeps_what_it_is_asked_to_keep() {
    let network = random::network(&mut Random::new(3));
    let routes = |network: &model::Network| -> usize {
        network.nodes.iter().map(|node| node.routes.len()).sum()
    };
    assert!(routes(&network) > 1);
    let small = shrink(&network, |network| routes(network) > 0);
    assert_eq!(routes(&small), 1);
    assert!(small.nodes.iter().all(|node| node.pipelines.is_empty() && node.relays.is_empty()));
}

#[cfg(target_os = "linux")]
#[test]
fn a_frame_carries_its_packet_and_tag() {
    use testkit::kernel::{Tag, frame, parse};
    let mut random = Random::new(5);
    let network = random::network(&mut random);
    for case in 0..2_000 {
        let packet = random::packet(&mut random, &network);
        let tag = Tag { case, step: 3, is_answer: random.chance(50) };
        let bytes = frame(&packet, tag, [2; 6], [4; 6]);
        assert_eq!(parse(&bytes), Some((packet, tag)));
        if Family::of(packet.source) == Family::V4 {
            assert_eq!(sum(&bytes[14..34]), 0xffff, "the checksum of the header");
        }
        let upper = &bytes[if packet.family() == Family::V4 { 34 } else { 54 }..];
        if packet.has_ports() {
            assert_eq!(sum(&[&pseudo(&packet, upper.len())[..], upper].concat()), 0xffff);
        }
    }
}

/// The header that checksums of TCP and UDP cover beside the packet.
fn pseudo(packet: &Packet, length: usize) -> Vec<u8> {
    let octets = |address| match address {
        std::net::IpAddr::V4(address) => address.octets().to_vec(),
        std::net::IpAddr::V6(address) => address.octets().to_vec(),
    };
    let length = u16::try_from(length).unwrap().to_be_bytes();
    [octets(packet.source), octets(packet.destination), vec![0, packet.protocol], length.to_vec()]
        .concat()
}

/// The one's complement sum of all words, which is all ones where a checksum is right.
fn sum(bytes: &[u8]) -> u32 {
    let words = bytes
        .chunks(2)
        .map(|pair| u32::from(pair[0]) << 8 | u32::from(pair.get(1).copied().unwrap_or(0)));
    words.fold(0, |sum, word| {
        let sum = sum + word;
        (sum & 0xffff) + (sum >> 16)
    })
}
