//! A packet and its way, hop by hop.

use check::{HopReport, WitnessReport};
use diag::{Sources, visible};

use crate::Style;
use display::{hanging, pad, width, wrap};

/// The packet of `witness` with its way, indented.
pub(crate) fn witness(
    sources: &Sources,
    witness: &WitnessReport,
    title: &str,
    style: &Style,
) -> String {
    let mut text = hanging("  ", &format!("{title}: {}", packet(witness)), 2, style.width);
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
        let head = format!("    {} {sign} ", pad(&visible(node), cells));
        let under = format!("    {} |   ", pad("", cells));
        let room = |head: &str| style.width.saturating_sub(width(head));
        let mut lines = wrap(hop.text.get(style.lang), room(&under)).into_iter();
        let mut last = head + &lines.next().unwrap_or_default();
        for line in lines {
            text += &format!("{last}\n");
            last = format!("{under}{line}");
        }
        if let Some(span) = hop.span {
            let place = format!("({})", sources.file_line(span));
            if width(&last) + PLACE_GAP + width(&place) <= style.width {
                last += &format!("{}{place}", " ".repeat(PLACE_GAP));
            } else {
                // A path stays whole, however long it is.
                text += &format!("{last}\n");
                last = format!("{under}{place}");
            }
        }
        text += &format!("{last}\n");
    }
    text
}

/// Cells between a step and the place that decides it.
const PLACE_GAP: usize = 2;
