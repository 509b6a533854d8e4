//! The answer to a question about one session, and lists of what can be reached.

use check::{Answer, Doubt, Reached};
use diag::{Lang, Sources, visible};

use crate::{Style, hop};
use display::{hanging, pad, width, wrap};

/// The answer with the packet's way and that of its answer.
#[must_use]
pub fn answer(answer: &Answer, style: &Style) -> String {
    let mut text = hanging("", verdict(answer, style), 0, style.width);
    if let Some(before) = &answer.before {
        text += &hanging("", before.get(style.lang), 0, style.width);
    }
    if let Some(witness) = &answer.witness {
        let title = style.pick("例", "example");
        text += &hop::witness(&answer.sources, witness, title, style);
    }
    text + &doubts(&answer.sources, &answer.doubts, style)
}

fn verdict(answer: &Answer, style: &Style) -> &'static str {
    let is_known = answer.doubts.is_empty();
    match (answer.is_open, answer.is_open_to_attack) {
        (true, _) if is_known && is_unanswered(answer) => style.pick(
            "届きますが、例の応答は途中で破棄されます（セッションは成立しません）",
            "it arrives, but the answer to the example is discarded: no session comes about",
        ),
        (true, _) if is_known => {
            style.pick("開けます: このセッションは届きます", "open: such a session arrives")
        }
        (true, _) => style.pick(
            "不明: 読めていない設定か未回答の前提があるため、決められません。読めた範囲では届きます",
            "unknown: a part of the configuration was not read or an open point is not \
             answered; by what was read it arrives only with a forged source, by another way, or \
             while another session lives",
        ),
        (false, true) if is_known && answer.before.is_some() => style.pick(
            "通常は開けませんが、ほかのセッションが開いている間は届きます",
            "closed as configured, but it arrives while another session lives",
        ),
        (false, true) if is_known => style.pick(
            "通常は開けませんが、送信元や経路を偽れば届きます",
            "closed as configured, but it arrives with a forged source or another way",
        ),
        (false, true) => style.pick(
            "不明: 読めていない設定か未回答の前提があるため、決められません。読めた範囲では、\
             送信元や経路を偽ったときか、ほかのセッションが開いている間だけ届きます",
            "unknown: a part of the configuration was not read or an open point is not \
             answered; by what was read it arrives only with a forged source, by another way, \
             or while another session lives",
        ),
        (false, false) if is_known && answer.is_only_errors => style.pick(
            "開けません: 届くのは ICMP のエラー通知だけです",
            "closed: nothing but ICMP error messages arrives",
        ),
        (false, false) if is_known => {
            style.pick("開けません: どのパケットも届きません", "closed: no such packet arrives")
        }
        (false, false) => style.pick(
            "不明: 読めていない設定か未回答の前提があるため、決められません。\
             読めた範囲では届きません",
            "unknown: a part of the configuration was not read or an open point is not \
             answered; by what was read it does not arrive",
        ),
    }
}

/// Whether the answer to the packet that is shown does not come back.
fn is_unanswered(answer: &Answer) -> bool {
    let witness = answer.witness.as_ref();
    witness.is_some_and(|one| one.answer.last().is_some_and(|hop| !hop.passes))
}

/// What was not read or is not modelled, a paragraph each.
fn doubts(sources: &Sources, doubts: &[Doubt], style: &Style) -> String {
    let mut text = String::new();
    for (what, span) in doubts {
        let place = sources.file_line(*span);
        let doubt = match style.lang {
            Lang::Ja => format!("{place}: 次の理由で結果が変わり得ます: {}", what.ja),
            Lang::En => format!("{place}: this could change the answer: {}", what.en),
        };
        for line in wrap(&doubt, style.width) {
            text += &format!("{line}\n");
        }
    }
    text
}

/// What an attacker reaches, a line each.
#[must_use]
pub fn reachable(from: &str, reached: &Reached, style: &Style) -> String {
    let from = visible(from);
    let is_whole = reached.doubts.is_empty();
    let head = match (style.lang, is_whole) {
        (Lang::Ja, true) => format!("`{from}` から届くもの（送信元・経路を問わない）"),
        (Lang::Ja, false) => {
            format!("`{from}` から届くもの（不明な点があり、これで全部とは限りません）")
        }
        (Lang::En, true) => format!("what `{from}` reaches, with any source and by any way"),
        (Lang::En, false) => {
            format!("what `{from}` reaches; not everything is known, so there may be more")
        }
    };
    let mut text = hanging("", &head, 2, style.width);
    let list = &reached.list;
    if list.is_empty() && is_whole {
        text += style.pick("  ありません\n", "  nothing\n");
    } else if list.is_empty() {
        text += style.pick("  読めた範囲ではありません\n", "  nothing by what was read\n");
    }
    let cells = list.iter().map(|one| width(&visible(&one.target))).max().unwrap_or(0);
    for one in list {
        let mut services = if one.services.is_empty() {
            String::new()
        } else {
            format!("  [{}]", one.services.join(", "))
        };
        if one.needs_session {
            services += style
                .pick("  （ほかのセッションが開いている間）", "  (while another session lives)");
        }
        let head = format!(
            "  {}  {}  {} ",
            pad(&visible(&one.target), cells),
            one.family.name(),
            pad(&one.protocol, 6),
        );
        let ports = if one.protocol == "other" { "" } else { &one.ports };
        text += &hanging(&head, &format!("{ports}{services}"), 2, style.width);
    }
    let has_labels = list.iter().any(|one| !one.services.is_empty() || one.protocol == "other");
    if has_labels {
        let legend = style.pick(
            "[ ] は、そこで応答するルータのサービスです（ike は IPsec の鍵交換）。other は、\
             TCP・UDP・ICMP 以外のプロトコルです。",
            "[ ] names services of a router that answer there (ike: key exchange of IPsec); other \
             is any protocol but TCP, UDP and ICMP.",
        );
        text += &hanging("", legend, 0, style.width);
    }
    text + &doubts(&reached.sources, &reached.doubts, style)
}
