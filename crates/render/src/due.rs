//! What is due, and what is still to be asked, for a terminal and for programs.

use check::{Deadline, Due, Standing, Todo, Who, due_exit_code};
use diag::{Lang, Text, visible};
use display::{diagnostics, hanging, pad, place_json, text_json, wrap};
use serde_json::{Value, json as value};

use crate::Style;

/// Cells of the columns before the text.
const COLUMNS: [usize; 3] = [10, 12, 9];

/// What is due, as text.
#[must_use]
pub fn due(due: &Due, style: &Style) -> String {
    let head = match style.lang {
        Lang::Ja => format!("{} — {} の時点", visible(&due.site), due.on),
        Lang::En => format!("{} on {}", visible(&due.site), due.on),
    };
    let mut text = hanging("", &head, 2, style.width) + "\n";
    if !due.diagnostics.is_empty() {
        text += &diagnostics(&due.sources, &due.diagnostics, style);
        text += "\n";
    }
    for one in &due.deadlines {
        let days = match style.lang {
            Lang::Ja if one.days < 0 => format!("{} 日超過", -one.days),
            Lang::Ja => format!("あと {} 日", one.days),
            Lang::En if one.days < 0 => format!("{} over", -one.days),
            Lang::En if one.days == 1 => "1 day".to_owned(),
            Lang::En => format!("{} days", one.days),
        };
        let cells = [one.ends.to_string(), days, standing(one.standing, style.lang)];
        let what = subject(&one.subject, &one.what, style);
        text += &row(&cells, color(one.standing), &what, style);
        if one.standing != Standing::Later {
            text += &row(&Default::default(), "", one.advice.get(style.lang), style);
        }
    }
    for one in &due.undated {
        let unknown = style.pick("不明", "unknown").to_owned();
        let cells = ["----------".to_owned(), String::new(), unknown];
        let what = subject(&one.subject, &one.what, style);
        let what = format!("{what}: {}", one.reason.get(style.lang));
        text += &row(&cells, "1;33", &what, style);
    }
    if due.deadlines.is_empty() && due.undated.is_empty() {
        text += style.pick("期限のあるものは書かれていません\n", "nothing has a last day\n");
    }
    text
}

fn subject(subject: &str, what: &Text, style: &Style) -> String {
    format!("{}: {}", visible(subject), what.get(style.lang))
}

/// A row with its text in the last column.
fn row(cells: &[String; 3], color: &str, what: &str, style: &Style) -> String {
    let head: Vec<String> =
        cells.iter().zip(COLUMNS).map(|(cell, width)| pad(cell, width)).collect();
    let head = format!("  {}", head.join("  "));
    let indent = 2 + COLUMNS.iter().sum::<usize>() + 2 * COLUMNS.len();
    let head = if style.color && !color.is_empty() {
        format!("\u{1b}[{color}m{head}\u{1b}[0m")
    } else {
        head
    };
    let lines = wrap(what, style.width.saturating_sub(indent));
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        text += &if number == 0 {
            format!("{head}  {line}\n")
        } else {
            format!("{}{line}\n", " ".repeat(indent))
        };
    }
    text
}

fn standing(standing: Standing, lang: Lang) -> String {
    match (standing, lang) {
        (Standing::Over, Lang::Ja) => "期限切れ".to_owned(),
        (Standing::Over, Lang::En) => "over".to_owned(),
        (Standing::Within(days), Lang::Ja) => format!("{days} 日以内"),
        (Standing::Within(days), Lang::En) => format!("in {days}"),
        (Standing::Later, Lang::Ja) => "余裕あり".to_owned(),
        (Standing::Later, Lang::En) => "later".to_owned(),
    }
}

fn color(standing: Standing) -> &'static str {
    match standing {
        Standing::Over => "1;31",
        Standing::Within(_) => "1;33",
        Standing::Later => "32",
    }
}

/// What is due, as JSON.
#[must_use]
pub fn due_json(due: &Due) -> String {
    let sources = &due.sources;
    let deadline = |one: &Deadline| {
        let (word, within) = match one.standing {
            Standing::Over => ("over", None),
            Standing::Within(days) => ("near", Some(days)),
            Standing::Later => ("later", None),
        };
        value!({
            "matter": one.matter.word(),
            "subject": one.subject,
            "what": text_json(&one.what),
            "ends": one.ends.to_string(),
            "days": one.days,
            "standing": word,
            "within_days": within,
            "advice": text_json(&one.advice),
            "source": one.source,
            "at": one.span.map(|span| place_json(sources, span)),
        })
    };
    let whole = value!({
        "form": FORM,
        "exit_code": due_exit_code(due),
        "site": due.site,
        "on": due.on.to_string(),
        "deadlines": due.deadlines.iter().map(deadline).collect::<Vec<Value>>(),
        "undated": due.undated.iter().map(|one| value!({
            "matter": one.matter.word(),
            "subject": one.subject,
            "what": text_json(&one.what),
            "reason": text_json(&one.reason),
            "at": one.span.map(|span| place_json(sources, span)),
        })).collect::<Vec<_>>(),
        "diagnostics": due.diagnostics.iter()
            .map(|one| display::diagnostic_json(sources, one)).collect::<Vec<_>>(),
    });
    display::json_text(&whole)
}

/// Why nothing came of it, as JSON: a program that reads many answers gets one for each.
#[must_use]
pub fn refusal_json(headline: &Text, helps: &[Text], exit_code: u8) -> String {
    let whole = value!({
        "form": FORM,
        "exit_code": exit_code,
        "refused": {
            "headline": text_json(headline),
            "helps": helps.iter().map(text_json).collect::<Vec<_>>(),
        },
    });
    display::json_text(&whole)
}

/// Version of the form of the JSON.
const FORM: u32 = 1;

/// What is still to be asked, as text, by who knows it.
#[must_use]
pub fn todo(list: &[Todo], sources: &diag::Sources, style: &Style) -> String {
    if list.is_empty() {
        return style.pick("確認することはありません\n", "nothing is left to ask\n").to_owned();
    }
    let mut text = String::new();
    for who in Who::ALL {
        let own: Vec<&Todo> = list.iter().filter(|one| one.who == who).collect();
        if own.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text += "\n";
        }
        text += &format!("{}\n", who.title().get(style.lang));
        for one in own {
            let place = one.span.map(|span| sources.file_line(span)).unwrap_or_default();
            let mut what = one.text.get(style.lang).to_owned();
            if !one.codes.is_empty() {
                what += &format!("  [{}]", one.codes.join(", "));
            }
            for (number, line) in wrap(&what, style.width.saturating_sub(4)).iter().enumerate() {
                text += &format!("{}{line}\n", if number == 0 { "  - " } else { "    " });
            }
            if !place.is_empty() {
                text += &format!("    {place}\n");
            }
        }
    }
    text
}

/// What is still to be asked, as JSON, with the code that the program ends with.
#[must_use]
pub fn todo_json(list: &[Todo], sources: &diag::Sources, exit_code: u8) -> String {
    let whole = value!({
        "form": FORM,
        "exit_code": exit_code,
        "todo": list.iter().map(|one| value!({
            "who": one.who.word(),
            "title": text_json(&one.who.title()),
            "text": text_json(&one.text),
            "codes": one.codes,
            "at": one.span.map(|span| place_json(sources, span)),
        })).collect::<Vec<_>>(),
    });
    display::json_text(&whole)
}
