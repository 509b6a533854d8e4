//! What to do, where that needs more than a rule knows: the words of a vendor, and the answer to
//! an open point as it has to stand in the site file.

use std::collections::BTreeSet;

use design::{Blueprint, HEARD};
use diag::{Text, text};
use model::Assumption;
use rule::{Judgement, Remedy, Verdict};
use site::Date;

use crate::assemble::{Assembled, assumptions};

/// What to do about `judgement` beside what its rule says.
pub(crate) fn helps(
    assembled: &Assembled,
    blueprint: &Blueprint,
    judgement: &Judgement,
    today: Option<Date>,
) -> Vec<Text> {
    let remedies = judgement.remedies.iter();
    let mut helps: Vec<Text> =
        remedies.filter_map(|remedy| command(assembled, blueprint, *remedy)).collect();
    if let Verdict::Unknown(reasons) = &judgement.verdict {
        let ids: BTreeSet<&str> =
            reasons.iter().flat_map(|reason| reason.open_points.iter().copied()).collect();
        let open = assumptions(blueprint);
        let open = open.iter().map(|used| used.assumption).filter(|one| ids.contains(one.id));
        helps.extend(open.map(|assumption| match assumption.id == HEARD.id {
            true => said_at_the_interface(),
            false => answer(assumption, today),
        }));
    }
    helps
}

/// What to write about [`HEARD`], which each interface has its own key for.
fn said_at_the_interface() -> Text {
    text!(
        ja: "機器で IPv6 が有効か確かめ（Windows では `ipconfig` の「IPv6 アドレス」）、示した\
             インターフェースに `ipv6 = \"ra\"`（使う）か `ipv6 = \"off\"`（無効）を書いてください",
        en: "see on the machine whether IPv6 is on (on Windows `ipconfig` shows \"IPv6 Address\"), \
             and write `ipv6 = \"ra\"` (it is used) or `ipv6 = \"off\"` (it is switched off) at \
             the interfaces named here",
    )
}

fn command(assembled: &Assembled, blueprint: &Blueprint, remedy: Remedy) -> Option<Text> {
    let Remedy::Route { router, prefix, via } = remedy;
    let place = blueprint.parties.routers.iter().position(|one| *one == router)?;
    let command = assembled.route(place, prefix, via)?;
    Some(text!(
        ja: "`{router}` に次の経路を加えてください: `{command}`",
        en: "add this route to `{router}`: `{command}`",
        router = blueprint.network.node(router).name, command = command,
    ))
}

/// Longest line of a comment in a block.
///
/// # Units
/// Cells. What prints the block indents it and breaks no line of this length.
const COMMENT_MAX: usize = 56;

/// The block that answers `assumption`, to be pasted into the site file. What only somebody who
/// looked can know is left empty, so that the block is refused as long as nobody did.
fn answer(assumption: &Assumption, today: Option<Date>) -> Text {
    let day = today.map_or_else(|| "2026-12-31".to_owned(), |today| today.to_string());
    let meanings: Vec<(&str, Text)> =
        assumption.readings.iter().map(|one| (one.keyword, (one.meaning)())).collect();
    let comments = |pick: fn(&Text) -> &str| {
        let lines = meanings.iter().flat_map(|(keyword, meaning)| {
            let lines = display::wrap(pick(meaning), COMMENT_MAX);
            let meaning = lines.into_iter().map(|line| format!("#   {line}"));
            std::iter::once(format!("# \"{keyword}\":")).chain(meaning)
        });
        lines.collect::<Vec<String>>().join("\n")
    };
    let comments = Text::new(comments(|text| &text.ja), comments(|text| &text.en));
    text!(
        ja: "実機か資料で確かめて、結果を次のようにサイトファイルに書いてください（`sekisho \
             explain {id}`）:\n[[assumption]]\nid = \"{id}\"\n{comments}\nreading = \"\"\n\
             # 確かめた方法（機種・版、資料の名前）\nreason = \"\"\n\
             # 確かめた人の名前\nby = \"\"\non = {day}",
        en: "look at the device or ask the vendor, and write the result into the site file \
             (`sekisho explain {id}`):\n[[assumption]]\nid = \"{id}\"\n{comments}\nreading = \
             \"\"\n# how it was found out (model and firmware, or the document)\nreason = \"\"\n# \
             who found it out\nby = \"\"\non = {day}",
        id = assumption.id, comments = comments, day = day,
    )
}
