//! Which lines of a file formatting changes, for a reader.

/// Most changes that are shown.
// LIMIT: a file that was never formatted differs in almost every line.
const SHOWN_MAX: usize = 20;

/// The lines of `before` that `after` has in another form, each with its number and both forms.
pub(crate) fn of(name: &str, before: &str, after: &str) -> String {
    let old: Vec<&str> = before.lines().collect();
    let new: Vec<&str> = after.lines().collect();
    let mut changes = Vec::new();
    let (mut here, mut there) = (0, 0);
    while here < old.len() || there < new.len() {
        match (old.get(here), new.get(there)) {
            (Some(one), Some(two)) if one == two => {}
            (Some(one), Some(two)) if is_same(one, two) => {
                changes.push(format!("{name}:{}\n- {one}\n+ {two}\n", here + 1));
            }
            (Some(one), two) => {
                let moved = new[there..].iter().position(|other| is_same(one, other));
                let is_added = moved.is_some() && two.is_some();
                if is_added {
                    changes.push(format!("{name}:{}\n+ {}\n", here + 1, new[there]));
                    there += 1;
                } else {
                    changes.push(format!("{name}:{}\n- {one}\n", here + 1));
                    here += 1;
                }
                continue;
            }
            (None, Some(two)) => {
                changes.push(format!("{name}:{}\n+ {two}\n", old.len()));
                there += 1;
                continue;
            }
            (None, None) => break,
        }
        here += 1;
        there += 1;
    }
    let rest = changes.len().saturating_sub(SHOWN_MAX);
    let mut text = changes.into_iter().take(SHOWN_MAX).collect::<String>();
    if text.is_empty() {
        text = format!("{name}\n");
    } else if rest > 0 {
        text += &format!("... +{rest}\n");
    }
    text
}

/// Whether both lines say the same in another spacing.
fn is_same(one: &str, two: &str) -> bool {
    let letters =
        |line: &str| -> String { line.chars().filter(|one| !one.is_whitespace()).collect() };
    !one.trim().is_empty() && letters(one) == letters(two)
}
