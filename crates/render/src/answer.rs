//! The answer to a question about one session, and lists of what can be reached.

use check::{Answer, Reachable};
use diag::{Lang, visible};

use crate::{Style, hop};
use display::{hanging, pad, width, wrap};

/// The answer with the packet's way and that of its answer.
#[must_use]
pub fn answer(answer: &Answer, style: &Style) -> String {
    let verdict = match (answer.is_open, answer.is_open_to_attack) {
        (true, _) => {
            style.pick("開けます: このセッションは届きます", "open: such a session arrives")
        }
        (false, true) => style.pick(
            "通常は開けませんが、送信元や経路を偽れば届きます",
            "closed as configured, but it arrives with a forged source or another way",
        ),
        (false, false) => {
            style.pick("開けません: どのパケットも届きません", "closed: no such packet arrives")
        }
    };
    let mut text = hanging("", verdict, 0, style.width);
    if let Some(witness) = &answer.witness {
        let title = style.pick("例", "example");
        text += &hop::witness(&answer.sources, witness, title, style);
    }
    for (what, span) in &answer.doubts {
        let place = answer.sources.file_line(*span);
        let doubt = match style.lang {
            Lang::Ja => format!("{place}: モデル化していないため、結果が変わり得ます: {}", what.ja),
            Lang::En => format!("{place}: not modelled, so it could change this: {}", what.en),
        };
        for line in wrap(&doubt, style.width) {
            text += &format!("{line}\n");
        }
    }
    text
}

/// What an attacker reaches, a line each.
#[must_use]
pub fn reachable(from: &str, list: &[Reachable], style: &Style) -> String {
    let from = visible(from);
    let head = match style.lang {
        Lang::Ja => format!("`{from}` から届くもの（送信元・経路を問わない）"),
        Lang::En => format!("what `{from}` reaches, with any source and by any way"),
    };
    let mut text = hanging("", &head, 2, style.width);
    if list.is_empty() {
        text += style.pick("  ありません\n", "  nothing\n");
    }
    let cells = list.iter().map(|one| width(&visible(&one.target))).max().unwrap_or(0);
    for one in list {
        let services = if one.services.is_empty() {
            String::new()
        } else {
            format!("  [{}]", one.services.join(", "))
        };
        let head = format!(
            "  {}  {}  {} ",
            pad(&visible(&one.target), cells),
            one.family.name(),
            pad(&one.protocol, 6),
        );
        let ports = if one.protocol == "other" { "" } else { &one.ports };
        text += &hanging(&head, &format!("{ports}{services}"), 2, style.width);
    }
    text
}
