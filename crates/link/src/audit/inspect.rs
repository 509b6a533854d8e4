//! The whole log against everything that is known of it elsewhere: the anchor, and what each
//! swept folder's memory says.

use std::io;

use super::anchor::{self, Found};
use super::record::{Chain, Record};
use super::verify::{Fault, FaultKind, Verified, each};
use crate::state::State;

/// Reads the whole log, hands out every record that fits, and says what is wrong first. `heads`
/// are number and hash of records that the log must have, as others remember them.
///
/// # Errors
/// When the log or the anchor cannot be read; what does not fit is part of the result.
pub fn inspect(
    state: &State,
    heads: &[(u64, String)],
    mut hand_out: impl FnMut(&Record),
) -> io::Result<Verified> {
    let anchor = anchor::read(state)?;
    let mut wanted: Vec<(&(u64, String), bool)> = heads.iter().map(|head| (head, false)).collect();
    let sealed = match &anchor {
        Found::Anchor(anchor) => Some((anchor.chain.last, anchor.chain.head.clone())),
        Found::Nothing | Found::Damaged => None,
    };
    wanted.extend(sealed.as_ref().map(|head| (head, false)));
    // Number 0 is the end of a log without records.
    wanted.retain(|(head, _)| head.0 > 0);
    let mut verified = each(&state.folder, |record| {
        for ((number, hash), is_met) in &mut wanted {
            *is_met |= *number == record.number && *hash == record.hash;
        }
        hand_out(record);
    })?;
    if verified.fault.as_ref().is_some_and(|fault| fault.kind != FaultKind::Torn) {
        return Ok(verified);
    }
    if verified.breaks > 0 {
        // What memories know of before the break stands in files that were set aside.
        let first = verified.first;
        wanted.retain(|(head, _)| head.0 >= first || sealed.as_ref() == Some(head));
    }
    let is_empty = verified.first == 0 && wanted.is_empty();
    let fault = match &anchor {
        Found::Damaged => Some((FaultKind::AnchorChanged, verified.chain.last)),
        Found::Nothing if !is_empty => Some((FaultKind::AnchorGone, verified.chain.last)),
        Found::Nothing => None,
        Found::Anchor(anchor) if anchor.breaks != verified.breaks && verified.first > 0 => {
            Some((FaultKind::NotNext, verified.first))
        }
        Found::Anchor(_) => missing(&wanted, &verified.chain),
    };
    if let Some((kind, number)) = fault {
        let file = "audit-*.jsonl".to_owned();
        verified.fault = Some(Fault { file, line: 0, number, kind });
    }
    Ok(verified)
}

/// The first record that has to be there and is not, or is another one.
fn missing(wanted: &[(&(u64, String), bool)], chain: &Chain) -> Option<(FaultKind, u64)> {
    let missing = wanted.iter().filter(|(_, is_met)| !is_met).map(|(head, _)| head.0);
    let first = missing.min()?;
    Some(if first > chain.last {
        (FaultKind::Shortened, chain.last + 1)
    } else {
        (FaultKind::Replaced, first)
    })
}
