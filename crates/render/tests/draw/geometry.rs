//! What every drawing must keep, looked at on its finished shapes.

use std::collections::BTreeSet;

use render::draw::{Drawing, Frame, Label, Line, Part, Rect, Shape};

/// Everything of a drawing, sorted by what it is.
struct Seen<'a> {
    places: Vec<Frame>,
    heads: Vec<Frame>,
    pills: Vec<Frame>,
    labels: Vec<&'a Label>,
    lines: Vec<&'a Line>,
    areas: Vec<&'a [(i32, i32)]>,
}

fn rects(drawing: &Drawing, part: Part) -> Vec<Frame> {
    let all = drawing.shapes.iter().filter_map(|shape| match shape {
        Shape::Rect(Rect { part: own, frame, .. }) if *own == part => Some(*frame),
        _ => None,
    });
    all.collect()
}

fn see(drawing: &Drawing) -> Seen<'_> {
    let mut seen = Seen {
        places: rects(drawing, Part::Place),
        heads: rects(drawing, Part::Head),
        pills: rects(drawing, Part::Pill),
        labels: Vec::new(),
        lines: Vec::new(),
        areas: Vec::new(),
    };
    for shape in &drawing.shapes {
        match shape {
            Shape::Text(one) => seen.labels.push(one),
            Shape::Line(one) if one.part != Part::Icon => seen.lines.push(one),
            Shape::Area(one) => seen.areas.push(&one.points),
            _ => {}
        }
    }
    seen
}

/// Everything that is wrong with `drawing`.
pub(crate) fn faults(drawing: &Drawing) -> Vec<String> {
    let seen = see(drawing);
    let mut faults = Vec::new();
    overlaps(&seen, &mut faults);
    labels(drawing, &seen, &mut faults);
    lines(&seen, &mut faults);
    crossings(&seen, &mut faults);
    let page = Frame { x: 0, y: 0, width: drawing.width, height: drawing.height };
    let all = seen.places.iter().chain(&seen.heads).chain(&seen.pills);
    for frame in all.filter(|frame| !page.holds(**frame)) {
        faults.push(format!("{frame:?} leaves the page"));
    }
    for panel in rects(drawing, Part::Panel) {
        let others = seen.places.iter().chain(&seen.heads).chain(&seen.pills);
        for other in others.filter(|other| other.overlaps(panel)) {
            faults.push(format!("{other:?} lies on a panel"));
        }
        for line in &seen.lines {
            for (a, b) in segments(line) {
                if span(a, b).overlaps(panel) {
                    faults.push(format!("{a:?}-{b:?} lies on a panel"));
                }
            }
        }
    }
    faults
}

/// No two places, names of zones or pills have a point inside in common. A pill may lie on the
/// upper edge of a place, where it is a code of that place.
fn overlaps(seen: &Seen<'_>, faults: &mut Vec<String>) {
    let solid: Vec<Frame> = seen.places.iter().chain(&seen.heads).copied().collect();
    for (number, one) in solid.iter().enumerate() {
        for other in &solid[number + 1..] {
            if one.overlaps(*other) {
                faults.push(format!("places {one:?} and {other:?} overlap"));
            }
        }
        for pill in seen.pills.iter().filter(|pill| pill.overlaps(*one)) {
            let is_code = pill.y < one.y && pill.bottom() <= one.y + 3;
            if !is_code {
                faults.push(format!("pill {pill:?} lies on {one:?}"));
            }
        }
    }
    for (number, one) in seen.pills.iter().enumerate() {
        for other in &seen.pills[number + 1..] {
            if one.overlaps(*other) {
                faults.push(format!("pills {one:?} and {other:?} overlap"));
            }
        }
    }
}

/// Every label stays inside its rectangle and hits no other label and no line but the one that
/// it is written on.
fn labels(drawing: &Drawing, seen: &Seen<'_>, faults: &mut Vec<String>) {
    let page = Frame { x: 0, y: 0, width: drawing.width, height: drawing.height };
    for (number, one) in seen.labels.iter().enumerate() {
        let own = one.inside.map(|at| match &drawing.shapes[at] {
            Shape::Rect(rect) => rect.frame,
            other => panic!("a label is inside {other:?}"),
        });
        if !own.unwrap_or(page).holds(one.frame()) {
            faults.push(format!("`{}` {:?} leaves {own:?}", one.text, one.frame()));
        }
        for other in &seen.labels[number + 1..] {
            if one.frame().overlaps(other.frame()) {
                faults.push(format!("`{}` and `{}` overlap", one.text, other.text));
            }
        }
    }
    // What is written on a line stands on ground of its own, so only lines of others count.
    for pill in &seen.pills {
        let middle = pill.y + pill.height / 2;
        for line in &seen.lines {
            for (a, b) in segments(line) {
                let is_own = a.1 == b.1 && a.1 == middle;
                if !is_own && span(a, b).overlaps(*pill) {
                    faults.push(format!("{a:?}-{b:?} runs through pill {pill:?}"));
                }
            }
        }
    }
}

/// Lines run through no place and no name, lie on no other line, and end where something is.
fn lines(seen: &Seen<'_>, faults: &mut Vec<String>) {
    for line in &seen.lines {
        for (a, b) in segments(line) {
            if a.0 != b.0 && a.1 != b.1 {
                faults.push(format!("{a:?}-{b:?} is neither level nor upright"));
            }
            for solid in seen.places.iter().chain(&seen.heads) {
                if inside(a, b, *solid) {
                    faults.push(format!("{a:?}-{b:?} runs through {solid:?}"));
                }
            }
        }
        for end in [line.points[0], line.points[line.points.len() - 1]] {
            if !is_held(seen, line, end) {
                faults.push(format!("a line of {:?} ends in the air at {end:?}", line.part));
            }
        }
    }
    for (number, one) in seen.lines.iter().enumerate() {
        for other in &seen.lines[number + 1..] {
            // A tube is two lines on the same points.
            if one.points == other.points {
                continue;
            }
            for (a, b) in segments(one) {
                for (c, d) in segments(other) {
                    if lie_on_each_other((a, b), (c, d)) {
                        faults.push(format!("{a:?}-{b:?} and {c:?}-{d:?} lie on each other"));
                    }
                }
            }
        }
    }
}

/// Whether something is at the end of a line: a place, a name, an arrow in front of one, or
/// another line to which it belongs.
fn is_held(seen: &Seen<'_>, line: &Line, at: (i32, i32)) -> bool {
    let on_edge = |frame: &Frame| {
        let in_height = frame.y <= at.1 && at.1 <= frame.bottom();
        let in_width = frame.x <= at.0 && at.0 <= frame.right();
        ((at.0 == frame.x || at.0 == frame.right()) && in_height)
            || ((at.1 == frame.y || at.1 == frame.bottom()) && in_width)
    };
    if seen.places.iter().chain(&seen.heads).any(on_edge) {
        return true;
    }
    // The base of an arrow or a bar whose tip is at a place or a zone.
    let has_tip = seen.areas.iter().any(|area| {
        let xs = area.iter().map(|point| point.0);
        let ys = area.iter().map(|point| point.1);
        let (left, right) = (xs.clone().min().unwrap_or(0), xs.max().unwrap_or(0));
        let (top, bottom) = (ys.clone().min().unwrap_or(0), ys.max().unwrap_or(0));
        let room = if line.part == Part::Zone { 3 } else { 1 };
        let is_at = (left - room..=right + room).contains(&at.0) && (top..=bottom).contains(&at.1);
        let is_tip = |x: i32| {
            seen.places.iter().any(|place| {
                (place.x == x || place.right() == x) && place.y <= at.1 && at.1 <= place.bottom()
            }) || seen
                .lines
                .iter()
                .any(|zone| zone.part == Part::Zone && (zone.points[0].0 - x).abs() <= 3)
        };
        is_at && (is_tip(left) || is_tip(right))
    });
    if has_tip {
        return true;
    }
    let is_net = |part| matches!(part, Part::Zone | Part::Link);
    seen.lines.iter().filter(|other| !std::ptr::eq(**other, line)).any(|other| {
        let is_kin = other.stroke == line.stroke
            || is_net(other.part) && is_net(line.part)
            || other.part == Part::Zone
            || line.part == Part::Zone;
        is_kin && segments(other).any(|(a, b)| touches(at, a, b))
    }) || line.part == Part::Zone && line.points[0] != at
}

fn segments(line: &Line) -> impl Iterator<Item = ((i32, i32), (i32, i32))> + '_ {
    line.points.windows(2).map(|pair| (pair[0], pair[1]))
}

fn touches(at: (i32, i32), a: (i32, i32), b: (i32, i32)) -> bool {
    (a.0.min(b.0)..=a.0.max(b.0)).contains(&at.0) && (a.1.min(b.1)..=a.1.max(b.1)).contains(&at.1)
}

/// The room of a segment as a thin rectangle.
fn span(a: (i32, i32), b: (i32, i32)) -> Frame {
    let (x, y) = (a.0.min(b.0), a.1.min(b.1));
    Frame { x, y, width: (a.0 - b.0).abs().max(1), height: (a.1 - b.1).abs().max(1) }
}

/// Whether a segment has a point strictly inside `frame`.
fn inside(a: (i32, i32), b: (i32, i32), frame: Frame) -> bool {
    let (low_x, high_x) = (a.0.min(b.0), a.0.max(b.0));
    let (low_y, high_y) = (a.1.min(b.1), a.1.max(b.1));
    low_x < frame.right() && high_x > frame.x && low_y < frame.bottom() && high_y > frame.y
}

type Segment = ((i32, i32), (i32, i32));

/// Whether two segments share more than a point.
fn lie_on_each_other((a, b): Segment, (c, d): Segment) -> bool {
    let is_level = |a: (i32, i32), b: (i32, i32)| a.1 == b.1;
    let overlap = |a: i32, b: i32, c: i32, d: i32| a.max(b).min(c.max(d)) > a.min(b).max(c.min(d));
    if is_level(a, b) && is_level(c, d) {
        return a.1 == c.1 && overlap(a.0, b.0, c.0, d.0);
    }
    if !is_level(a, b) && !is_level(c, d) {
        return a.0 == c.0 && overlap(a.1, b.1, c.1, d.1);
    }
    false
}

/// No session enters a place at the height at which one of another kind leaves it on the other
/// side: one would read the two as one.
fn crossings(seen: &Seen<'_>, faults: &mut Vec<String>) {
    let wires = || seen.lines.iter().filter(|line| line.part == Part::Wire);
    let looks = |x: i32, y: i32| {
        let touching = wires().filter(|line| {
            let mut ends = [line.points.first(), line.points.last()].into_iter().flatten();
            ends.any(|end| *end == (x, y))
        });
        // A tunnel is two strokes on each other.
        touching.map(|line| line.stroke.dash).collect::<BTreeSet<_>>()
    };
    for place in &seen.places {
        for y in place.y..=place.y + place.height {
            let (left, right) = (looks(place.x, y), looks(place.x + place.width, y));
            if !left.is_empty() && !right.is_empty() && left != right {
                faults.push(format!("{left:?} and {right:?} meet at {y} of {place:?}"));
            }
        }
    }
}
