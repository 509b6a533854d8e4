//! Whose folder a piece of evidence is about: each eligibility terminal has hand-over folders of
//! its own, and one that was swept says nothing about another.

use diag::{Text, text};
use lifecycle::Evidence;
use site::{Deletion, Machine, Spanned};

use super::unknown;
use crate::house::{House, Who};
use crate::judgement::Judgement;

/// A terminal that the evidence names and the site does not have.
pub(super) fn stranger(house: &House<'_>, evidence: &Evidence) -> Option<Text> {
    let is_own = |name: &&String| house.terminals().any(|own| own.name.value == **name);
    let name = evidence.terminals.iter().find(|name| !is_own(name))?;
    Some(text!(
        ja: "記録にある端末 `{name}` は、サイトファイルの資格確認端末ではありません（`terminals`）",
        en: "the evidence names `{name}`, which is no eligibility terminal of the site file \
             (`terminals`)",
        name = *name,
    ))
}

/// Whether the evidence is about the folders of `machine`.
///
/// Evidence without a name is about the only terminal of a site that has no other.
pub(super) fn is_about(house: &House<'_>, evidence: &Evidence, machine: &Machine) -> bool {
    if evidence.terminals.is_empty() {
        return house.terminals().count() == 1;
    }
    evidence.terminals.contains(&machine.name.value)
}

/// Terminals whose folders no evidence is about.
pub(super) fn missing(house: &House<'_>, deletion: &Deletion) -> Vec<Judgement> {
    let files: Vec<(&Spanned<String>, &Evidence)> = deletion
        .evidence
        .iter()
        .zip(&house.evidence)
        .filter_map(|(name, read)| Some((name, read.as_ref().ok()?)))
        .collect();
    if files.is_empty() {
        // Why none can be read is said of each file.
        return Vec::new();
    }
    let lacking = house.terminals().filter_map(|machine| {
        let own: Vec<_> =
            files.iter().filter(|(_, evidence)| is_about(house, evidence, machine)).collect();
        if own.is_empty() {
            return Some(without(machine, &files));
        }
        let twice = own.iter().find_map(|file| same_folder(file, &files))?;
        Some(of_another(machine, twice))
    });
    lacking.collect()
}

type File<'a> = (&'a Spanned<String>, &'a Evidence);

/// Another file about the folder of `file` that names other terminals.
fn same_folder<'a>(file: &File<'a>, files: &[File<'a>]) -> Option<(File<'a>, File<'a>)> {
    let other = files.iter().find(|(_, other)| {
        let is_same = file.1.folder_id.is_some() && file.1.folder_id == other.folder_id;
        is_same && file.1.terminals != other.terminals
    })?;
    Some((*file, *other))
}

fn without(machine: &Machine, files: &[File<'_>]) -> Judgement {
    let name = &machine.name.value;
    let unnamed = files.iter().find(|(_, evidence)| evidence.terminals.is_empty());
    let (span, reason) = match unnamed {
        Some((file, _)) => (
            file.span,
            text!(
                ja: "資格確認端末が複数あり、`{file}` にはどの端末の記録かが書かれていません\
                     （`terminals`）",
                en: "the site has several terminals, and `{file}` does not say which one it is \
                     about (`terminals`)",
                file = file.value,
            ),
        ),
        None => (
            machine.name.span,
            text!(
                ja: "`{name}` のフォルダーの記録がありません",
                en: "no evidence is about the folder of `{name}`",
                name = *name,
            ),
        ),
    };
    ask(unknown(Some(span), reason), name)
}

fn of_another(machine: &Machine, (one, other): (File<'_>, File<'_>)) -> Judgement {
    let reason = text!(
        ja: "`{one}` と `{other}` は同じフォルダーの記録ですが、端末の名前が異なります\
             （`folder_id`）",
        en: "`{one}` and `{other}` are about the same folder, but name different terminals \
             (`folder_id`)",
        one = one.0.value, other = other.0.value,
    );
    ask(unknown(Some(one.0.span), reason), &machine.name.value)
}

/// What to do, and whom to ask.
fn ask(found: Judgement, name: &str) -> Judgement {
    let advised = found.about([name.to_owned()]).advise(text!(
        ja: "`{name}` のフォルダーを掃除している機器で `sekisho link evidence フォルダー \
             --terminal {name}` を実行し、できたファイルを `[deletion]` の `evidence = [ … ]` に\
             加えてください",
        en: "run `sekisho link evidence FOLDER --terminal {name}` where the folder of `{name}` is \
             swept, and add the file to `evidence = [ ... ]` of `[deletion]`",
        name = name,
    ));
    advised.ask(
        Who::Installer,
        text!(
            ja: "`{name}` のフォルダーの削除の記録（`sekisho link evidence` のファイル）",
            en: "the evidence of deletion for the folder of `{name}`, the file that `sekisho link \
                 evidence` makes",
            name = name,
        ),
    )
}
