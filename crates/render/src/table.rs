//! The table of requirements.

use check::{Report, RequirementReport, RuleVerdict};
use diag::Severity;

use crate::Style;
use display::{pad, width, wrap};

/// One row for each requirement.
pub(crate) fn requirements(report: &Report, style: &Style) -> String {
    let mut text = String::new();
    for one in &report.requirements {
        let verdict = pad(&verdict(one, style), VERDICT_CELLS);
        let verdict = paint(&verdict, one.verdict, style);
        // The code tells the parts of a property apart.
        let property = one.property.split('.').next().unwrap_or_default();
        let key = pad(&format!("{} {}", pad(property, 3), one.code), KEY_CELLS);
        let indent = 2 + VERDICT_CELLS + 2 + KEY_CELLS + 2;
        let mut statement = one.statement.get(style.lang).to_owned();
        if !one.depends_on.is_empty() {
            let on = one.depends_on.join(", ");
            statement += &match style.lang {
                diag::Lang::Ja => format!("（前提 {on}）"),
                diag::Lang::En => format!(" (assuming {on})"),
            };
        }
        let lines = wrap(&statement, style.width.saturating_sub(indent));
        for (number, line) in lines.iter().enumerate() {
            if number == 0 {
                text += &format!("  {verdict}  {key}  {line}\n");
            } else {
                text += &format!("{}{line}\n", " ".repeat(indent));
            }
        }
    }
    let is_advice = |one: &RequirementReport| {
        one.verdict == RuleVerdict::Refuted && one.level != Severity::Error
    };
    if report.requirements.iter().any(is_advice) {
        text += style.pick(
            "  * 助言か、必須とまでは書かれていない要件です\n",
            "  * advice, or asked in weaker words than a demand\n",
        );
    }
    text
}

const VERDICT_CELLS: usize = 8;
const KEY_CELLS: usize = 8;

fn verdict(one: &RequirementReport, style: &Style) -> String {
    let is_advice = one.level != Severity::Error;
    let word = match one.verdict {
        RuleVerdict::Proved => style.pick("証明", "proved"),
        RuleVerdict::Refuted if is_advice => style.pick("反証*", "refuted*"),
        RuleVerdict::Refuted => style.pick("反証", "refuted"),
        RuleVerdict::Unknown => style.pick("不明", "unknown"),
        RuleVerdict::Waived => style.pick("例外", "waived"),
    };
    debug_assert!(width(word) <= VERDICT_CELLS, "the column holds every verdict");
    word.to_owned()
}

/// The verdict in its colour, if colour is wanted.
pub(crate) fn paint(text: &str, verdict: RuleVerdict, style: &Style) -> String {
    if !style.color {
        return text.to_owned();
    }
    let code = match verdict {
        RuleVerdict::Proved => "32",
        RuleVerdict::Refuted => "1;31",
        RuleVerdict::Unknown => "1;33",
        RuleVerdict::Waived => "36",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}
