//! A packet and its way, hop by hop.

use check::{HopReport, WitnessReport};
use diag::{Sources, visible};

use crate::Style;
use display::{pad, width};

/// The packet of `witness` with its way, indented.
pub(crate) fn witness(
    sources: &Sources,
    witness: &WitnessReport,
    title: &str,
    style: &Style,
) -> String {
    let mut text = format!("  {title}: {}\n", packet(witness));
    text += &way(sources, &witness.hops, style);
    if !witness.answer.is_empty() {
        text += style.pick("    応答\n", "    answer\n");
        text += &way(sources, &witness.answer, style);
    }
    text
}

/// The packet in one line.
pub(crate) fn packet(witness: &WitnessReport) -> String {
    let is_icmp = witness.protocol.starts_with("icmp");
    let end = |address: &str, port: Option<u16>| match port {
        Some(port) if !is_icmp && address.contains(':') => format!("[{address}]:{port}"),
        Some(port) if !is_icmp => format!("{address}:{port}"),
        _ => address.to_owned(),
    };
    let mut text = format!(
        "{} {} -> {}",
        witness.protocol,
        end(&witness.source, witness.source_port),
        end(&witness.destination, witness.destination_port),
    );
    if let (true, Some(kind), Some(code)) = (is_icmp, witness.source_port, witness.destination_port)
    {
        text += &format!(" type {kind} code {code}");
    }
    if !witness.flags.is_empty() {
        text += &format!(" [{}]", witness.flags);
    }
    text
}

fn way(sources: &Sources, hops: &[HopReport], style: &Style) -> String {
    let cells = hops.iter().map(|hop| width(&visible(&hop.node))).max().unwrap_or(0);
    let mut text = String::new();
    let mut before = "";
    for hop in hops {
        let node = if hop.node == before { "" } else { &hop.node };
        before = &hop.node;
        let sign = if hop.passes { "|" } else { "x" };
        let place = hop.span.map(|span| format!("  ({})", sources.file_line(span)));
        text += &format!(
            "    {} {sign} {}{}\n",
            pad(&visible(node), cells),
            hop.text.get(style.lang),
            place.unwrap_or_default(),
        );
    }
    text
}
