//! Waivers: findings that somebody accepts for a time.

use diag::{Diagnostic, text};
use rule::{Judgement, Rule};
use site::{Date, Site};

use crate::placeholder;
use crate::report::WaivedBy;

/// The waiver that covers what `judgement` of the rule `code` (`name`) states itself, whatever was
/// taken into it.
pub(crate) fn covering(
    site: &Site,
    today: Option<Date>,
    (code, name): (&str, &str),
    judgement: &Judgement,
) -> Option<WaivedBy> {
    let today = today?;
    let subjects = &judgement.subjects;
    let waiver = site.waivers.iter().find(|waiver| {
        let rule = &waiver.rule.value;
        let is_about = waiver.at.as_ref().is_none_or(|at| subjects.contains(&at.value));
        (rule == code || rule == name)
            && is_about
            && today <= waiver.until.value
            && placeholder::is_filled(waiver)
    })?;
    Some(WaivedBy {
        by: waiver.by.value.clone(),
        reason: waiver.reason.value.clone(),
        until: waiver.until.value.to_string(),
    })
}

/// The waivers of a site that hold on a day.
#[derive(Clone, Copy)]
pub(crate) struct Waivers<'a> {
    pub(crate) site: &'a Site,
    pub(crate) today: Option<Date>,
}

impl Waivers<'_> {
    /// Whether there are none.
    pub(crate) fn are_none(&self) -> bool {
        self.site.waivers.is_empty()
    }

    /// Marks which of the statements of `judgements` they cover.
    pub(crate) fn mark(&self, rule: &Rule, judgements: &mut [Judgement]) {
        if self.are_none() {
            return;
        }
        let code = (rule.code, rule.name);
        for judgement in judgements {
            judgement.revise(|one| {
                one.is_accepted = covering(self.site, self.today, code, one).is_some();
            });
        }
    }
}

/// Says which waivers are over, which name a rule that does not exist, and which nobody filled in.
pub(crate) fn review(site: &Site, today: Option<Date>) -> Vec<Diagnostic> {
    let rules = rule::rules();
    let mut found = Vec::new();
    for waiver in &site.waivers {
        found.extend(placeholder::in_waiver(waiver));
        let name = &waiver.rule.value;
        if !rules.iter().any(|rule| rule.code == name || rule.name == name) {
            found.push(
                Diagnostic::error(
                    "R112",
                    text!(
                        ja: "ルール `{name}` はありません",
                        en: "there is no rule `{name}`",
                        name = *name,
                    ),
                )
                .at(waiver.rule.span)
                .advise(text!(
                    ja: "`F002` のような番号か、`terminal-initiated-session` のような名前を書い\
                         てください",
                    en: "write a code such as `F002`, or a name such as \
                         `terminal-initiated-session`",
                )),
            );
        }
        if today.is_some_and(|today| today > waiver.until.value) {
            found.push(
                Diagnostic::warning(
                    "L110",
                    text!(
                        ja: "`{rule}` の例外の期限（{until}）が過ぎています",
                        en: "the waiver of `{rule}` ended on {until}",
                        rule = *name, until = waiver.until.value,
                    ),
                )
                .at(waiver.until.span)
                .advise(text!(
                    ja: "設定を直すか、理由を確かめて期限を延ばしてください",
                    en: "mend the configuration, or confirm the reason and extend it",
                )),
            );
        }
    }
    found
}
