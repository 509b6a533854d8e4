//! The single door as a whole: rules on small sites, mutated configurations, the same bytes
//! twice, secrets.

#[path = "check/advice.rs"]
mod advice;
#[path = "check/cases.rs"]
mod cases;
#[path = "check/destination.rs"]
mod destination;
#[path = "check/determinism.rs"]
mod determinism;
#[path = "check/dialled.rs"]
mod dialled;
#[path = "check/drawn.rs"]
mod drawn;
#[path = "check/evidence.rs"]
mod evidence;
#[path = "check/expectation.rs"]
mod expectation;
#[path = "check/faults.rs"]
mod faults;
#[path = "check/folder.rs"]
mod folder;
#[path = "check/markdown.rs"]
mod markdown;
#[path = "check/matrix.rs"]
mod matrix;
#[path = "check/mutant.rs"]
mod mutant;
#[path = "check/mutation.rs"]
mod mutation;
#[path = "check/need.rs"]
mod need;
#[path = "check/order.rs"]
mod order;
#[path = "check/pack.rs"]
mod pack;
#[path = "check/port.rs"]
mod port;
#[path = "check/probe.rs"]
mod probe;
#[path = "check/readme.rs"]
mod readme;
#[path = "check/recognition.rs"]
mod recognition;
#[path = "check/remark.rs"]
mod remark;
#[path = "check/secret.rs"]
mod secret;
#[path = "check/seeded.rs"]
mod seeded;
#[path = "check/shortcut.rs"]
mod shortcut;
#[path = "check/snapshot.rs"]
mod snapshot;
#[path = "check/tunnel.rs"]
mod tunnel;
#[path = "check/unread.rs"]
mod unread;
#[path = "check/vacuity.rs"]
mod vacuity;
#[path = "check/violation.rs"]
mod violation;
#[path = "check/waiting.rs"]
mod waiting;
