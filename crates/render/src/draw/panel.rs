//! Below the drawing: what its lines mean, how the requirements came out, and what is missing.

use check::{Picture, RequirementReport, RouteKind, RuleVerdict, State};
use diag::{Lang, Text};

use super::card::{MARK, PILL};
use super::measure::{clipped, width, wrap};
use super::paint::Canvas;
use super::shape::{Frame, Part, Stroke};
use super::sign;
use super::style::{self, INK, LARGE, NET, NORMAL, PALE, RED, WHITE};

/// Room between the edge of the panel and its words.
const MARGIN: i32 = 12;
/// Height of a line.
const LINE: i32 = 17;
/// Length of a line in the legend.
const SAMPLE: i32 = 44;
/// Room for mark and code before a statement.
const CODE: i32 = 66;
/// Most errors that are told; the others are counted.
const MISSING_MAX: usize = 5;

/// An entry of the legend.
enum Entry {
    Net,
    Route(RouteKind),
    State(State),
    Stopped,
}

/// Draws everything below the drawing from `y` on; where it ends.
pub(super) fn panel(
    canvas: &mut Canvas,
    picture: &Picture,
    (left, right, y): (i32, i32, i32),
    lang: Lang,
) -> i32 {
    let mut y = legend(canvas, picture, (left, right, y), lang);
    if !picture.requirements.is_empty() {
        y = requirements(canvas, picture, (left, right, y + 10), lang);
    }
    if !picture.missing.is_empty() {
        y = missing(canvas, picture, (left, right, y + 10), lang);
    }
    y
}

fn legend(
    canvas: &mut Canvas,
    picture: &Picture,
    (left, right, y): (i32, i32, i32),
    lang: Lang,
) -> i32 {
    let mut entries = vec![Entry::Net];
    let kinds =
        [RouteKind::Flow, RouteKind::Pppoe, RouteKind::Ipoe, RouteKind::Ipsec, RouteKind::Standing];
    let has_kind = |kind: &RouteKind| picture.routes.iter().any(|route| route.kind == *kind);
    entries.extend(kinds.into_iter().filter(has_kind).map(Entry::Route));
    if picture.routes.iter().any(|route| route.is_stopped) {
        entries.push(Entry::Stopped);
    }
    let states = [State::Proved, State::Refuted, State::Unknown, State::Waived, State::Plain];
    let is_judged = !picture.requirements.is_empty();
    let has_state = |state: &State| {
        let is_told = *state != State::Plain || is_judged;
        is_told && picture.routes.iter().any(|route| route.state == *state)
            || picture.requirements.iter().any(|one| State::from(one.verdict) == *state)
    };
    entries.extend(states.into_iter().filter(has_state).map(Entry::State));
    let title = pick(lang, "凡例", "Legend");
    let indent = width(title, LARGE) + 16;
    let mut rows: Vec<Vec<(i32, &Entry)>> = vec![Vec::new()];
    let mut x = left + MARGIN + indent;
    for entry in &entries {
        let room = SAMPLE + 8 + width(name(entry).get(lang), NORMAL) + 22;
        if x + room > right - MARGIN && x > left + MARGIN + indent {
            rows.push(Vec::new());
            x = left + MARGIN + indent;
        }
        if let Some(row) = rows.last_mut() {
            row.push((x, entry));
        }
        x += room;
    }
    let height = 2 * MARGIN + 22 * count(rows.len()) - 6;
    let frame = Frame { x: left, y, width: right - left, height };
    let panel = canvas.rect(Part::Panel, frame, (WHITE, Some(Stroke::solid(NET, 1)), 4));
    canvas.text(Some(panel), (left + MARGIN, y + MARGIN + 13), (LARGE, INK), title);
    for (number, row) in rows.iter().enumerate() {
        let middle = y + MARGIN + 8 + 22 * count(number);
        for (x, entry) in row {
            sample(canvas, entry, (*x, middle));
            let at = (x + SAMPLE + 8, middle + 4);
            canvas.text(Some(panel), at, (NORMAL, INK), name(entry).get(lang));
        }
    }
    frame.bottom()
}

fn sample(canvas: &mut Canvas, entry: &Entry, (x, y): (i32, i32)) {
    let from_to = |end: i32| vec![(x, y), (end, y)];
    match entry {
        Entry::Net => {
            canvas.line(Part::Icon, from_to(x + SAMPLE), Stroke::solid(NET, 2));
            canvas.dot((x + SAMPLE / 2, y), 4, NET);
        }
        Entry::Route(kind) => {
            let look = style::look(*kind, State::Plain);
            let is_directed = *kind != RouteKind::Standing;
            let end = if is_directed { x + SAMPLE - 10 } else { x + SAMPLE };
            canvas.line(Part::Icon, from_to(end), look.outer);
            if let Some(inner) = look.inner {
                canvas.line(Part::Icon, from_to(end), inner);
            }
            let half = if *kind == RouteKind::Flow { 5 } else { 8 };
            let tip = x + SAMPLE;
            if is_directed {
                canvas.area(vec![(tip, y), (end, y - half), (end, y + half)], INK);
            }
        }
        Entry::Stopped => {
            let end = x + SAMPLE - 4;
            canvas.line(Part::Icon, from_to(end), Stroke::solid(INK, 2));
            let (top, bottom) = (y - 8, y + 8);
            let corners = vec![(end, top), (x + SAMPLE, top), (x + SAMPLE, bottom), (end, bottom)];
            canvas.area(corners, INK);
        }
        Entry::State(state) => {
            let look = style::look(RouteKind::Flow, *state);
            let sign = if *state == State::Plain { 0 } else { MARK + 4 };
            canvas.line(Part::Icon, from_to(x + SAMPLE - sign), look.outer);
            sign::mark(canvas, *state, (x + SAMPLE - MARK, y - 5), style::color(*state));
        }
    }
}

fn name(entry: &Entry) -> Text {
    match entry {
        Entry::Net => Text::new("ネットワーク", "network"),
        Entry::Route(RouteKind::Flow) => {
            Text::new("セッション方向（開く側から）", "session, from the one who opens it")
        }
        Entry::Route(RouteKind::Pppoe) => Text::new("PPPoE セッション", "PPPoE session"),
        Entry::Route(RouteKind::Ipoe) => Text::new("IPoE セッション", "IPoE session"),
        Entry::Route(RouteKind::Ipsec) => Text::new("IPsec トンネル", "IPsec tunnel"),
        Entry::Route(RouteKind::Standing) => Text::new("常設回線", "standing line"),
        Entry::Stopped => Text::new("ここで遮断", "stopped here"),
        Entry::State(State::Plain) => Text::new("個別の判定なし", "not judged by itself"),
        Entry::State(State::Proved) => Text::new("証明", "proved"),
        Entry::State(State::Refuted) => Text::new("反証", "refuted"),
        Entry::State(State::Unknown) => Text::new("不明", "unknown"),
        Entry::State(State::Waived) => Text::new("例外として承認", "waived"),
    }
}

/// One requirement, ready to be written.
struct Row<'a> {
    one: &'a RequirementReport,
    lines: Vec<String>,
}

fn requirements(
    canvas: &mut Canvas,
    picture: &Picture,
    (left, right, y): (i32, i32, i32),
    lang: Lang,
) -> i32 {
    let columns = if right - left > 760 { 2 } else { 1 };
    let room = (right - left - MARGIN - MARGIN * columns) / columns;
    // What needs attention comes first.
    let mut all: Vec<&RequirementReport> = picture.requirements.iter().collect();
    all.sort_by_key(|one| std::cmp::Reverse(State::from(one.verdict)));
    let rows: Vec<Row<'_>> = all
        .into_iter()
        .map(|one| {
            let clauses = one.clauses.join(", ");
            let statement = one.statement.get(lang);
            let text = match (clauses.is_empty(), lang) {
                (true, _) => statement.to_owned(),
                (false, Lang::Ja) => format!("{statement}（{clauses}）"),
                (false, Lang::En) => format!("{statement} ({clauses})"),
            };
            Row { one, lines: wrap(&text, NORMAL, room - CODE) }
        })
        .collect();
    let total: usize = rows.iter().map(|row| row.lines.len()).sum();
    let half = if columns == 2 { total.div_ceil(2) } else { total };
    let mut sides: Vec<Vec<&Row<'_>>> = vec![Vec::new(), Vec::new()];
    let mut filled = 0;
    for row in &rows {
        sides[usize::from(filled >= half)].push(row);
        filled += row.lines.len();
    }
    let lines = |side: &Vec<&Row<'_>>| side.iter().map(|row| row.lines.len()).sum::<usize>();
    let deepest = sides.iter().map(lines).max().unwrap_or(0);
    let height = 2 * MARGIN + 24 + LINE * count(deepest);
    let frame = Frame { x: left, y, width: right - left, height };
    let panel = canvas.rect(Part::Panel, frame, (WHITE, Some(Stroke::solid(NET, 1)), 4));
    let title = clipped(&summary(picture, lang), LARGE, frame.width - 2 * MARGIN);
    canvas.text(Some(panel), (left + MARGIN, y + MARGIN + 12), (LARGE, INK), &title);
    for (number, side) in sides.iter().enumerate() {
        let x = left + MARGIN + count(number) * (room + MARGIN);
        let mut line = y + MARGIN + 24;
        for row in side {
            requirement(canvas, panel, row, (x, line));
            line += LINE * count(row.lines.len());
        }
    }
    frame.bottom()
}

fn requirement(canvas: &mut Canvas, panel: usize, row: &Row<'_>, (x, y): (i32, i32)) {
    let state = State::from(row.one.verdict);
    let color = style::color(state);
    if state == State::Refuted {
        let frame = Frame { x, y: y + 1, width: CODE - 8, height: PILL };
        canvas.rect(Part::Icon, frame, (RED, None, 7));
    }
    let ink = if state == State::Refuted { WHITE } else { color };
    sign::mark(canvas, state, (x + 6, y + 4), ink);
    canvas.text(Some(panel), (x + 22, y + 13), (NORMAL, ink), row.one.code);
    for (number, text) in row.lines.iter().enumerate() {
        let at = (x + CODE, y + 13 + LINE * count(number));
        canvas.text(Some(panel), at, (NORMAL, INK), text);
    }
}

fn summary(picture: &Picture, lang: Lang) -> String {
    let of = |verdict| picture.requirements.iter().filter(|one| one.verdict == verdict).count();
    let parts = [
        (RuleVerdict::Refuted, Text::new("反証", "refuted")),
        (RuleVerdict::Unknown, Text::new("不明", "unknown")),
        (RuleVerdict::Waived, Text::new("例外", "waived")),
        (RuleVerdict::Proved, Text::new("証明", "proved")),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(verdict, _)| of(*verdict) > 0)
        .map(|(verdict, word)| match lang {
            Lang::Ja => format!("{} {}", word.ja, of(*verdict)),
            Lang::En => format!("{} {}", of(*verdict), word.en),
        })
        .collect();
    match (picture.day, lang) {
        (Some(day), Lang::Ja) => format!("要件の判定（{day} の時点）: {}", parts.join("・")),
        (None, Lang::Ja) => format!("要件の判定: {}", parts.join("・")),
        (Some(day), Lang::En) => format!("Requirements on {day}: {}", parts.join(", ")),
        (None, Lang::En) => format!("Requirements: {}", parts.join(", ")),
    }
}

fn missing(
    canvas: &mut Canvas,
    picture: &Picture,
    (left, right, y): (i32, i32, i32),
    lang: Lang,
) -> i32 {
    let room = right - left - 2 * MARGIN;
    let mut lines: Vec<String> = Vec::new();
    for one in picture.missing.iter().take(MISSING_MAX) {
        lines.extend(wrap(one.get(lang), NORMAL, room));
    }
    if picture.missing.len() > MISSING_MAX {
        let rest = picture.missing.len() - MISSING_MAX;
        lines.push(match lang {
            Lang::Ja => format!("ほか {rest} 件"),
            Lang::En => format!("and {rest} more"),
        });
    }
    let height = 2 * MARGIN + 20 + LINE * count(lines.len());
    let frame = Frame { x: left, y, width: right - left, height };
    let look = (WHITE, Some(Stroke { color: RED, width: 2, dash: &[6, 3] }), 4);
    let panel = canvas.rect(Part::Panel, frame, look);
    let title = pick(
        lang,
        "入力に誤りがあり、この図は完全ではありません",
        "The input has errors; this drawing is not complete",
    );
    canvas.text(Some(panel), (left + MARGIN, y + MARGIN + 11), (LARGE, RED), title);
    for (number, text) in lines.iter().enumerate() {
        let at = (left + MARGIN, y + MARGIN + 32 + LINE * count(number));
        canvas.text(Some(panel), at, (NORMAL, PALE), text);
    }
    frame.bottom()
}

fn pick<'a>(lang: Lang, ja: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
