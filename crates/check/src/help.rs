//! What to do, where that needs more than a rule knows: the words of a vendor, and the answer to
//! an open point as it has to stand in the site file.

use std::collections::BTreeSet;

use design::Blueprint;
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
        helps.extend(open.map(|assumption| answer(assumption, today)));
    }
    helps
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

/// The block that answers `assumption`, to be pasted into the site file.
fn answer(assumption: &Assumption, today: Option<Date>) -> Text {
    let keywords: Vec<String> =
        assumption.readings.iter().map(|one| format!("\"{}\"", one.keyword)).collect();
    let first = keywords.first().cloned().unwrap_or_default();
    let choice = if keywords.len() > 1 {
        text!(
            ja: "\n# reading: {all} のどれか", en: "\n# reading: one of {all}",
            all = keywords.join(", "),
        )
    } else {
        Text::default()
    };
    let day = today.map_or_else(|| "2026-12-31".to_owned(), |today| today.to_string());
    text!(
        ja: "実機か資料で確かめて、結果を次のようにサイトファイルに書いてください（`sekisho \
             explain {id}`）:\n[[assumption]]\nid = \"{id}\"\nreading = {first}{choice}\nreason = \
             \"実機で確認（機種・版）\"\nby = \"確認した人の名前\"\non = {day}",
        en: "look at the device or ask the vendor, and write the result into the site file \
             (`sekisho explain {id}`):\n[[assumption]]\nid = \"{id}\"\nreading = \
             {first}{choice}\nreason = \"tried on the device (model, firmware)\"\nby = \"name of \
             who looked\"\non = {day}",
        id = assumption.id, first = first, choice = choice, day = day,
    )
}
