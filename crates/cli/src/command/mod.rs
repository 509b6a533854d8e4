//! One file per command.

pub(crate) mod ask;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod difference;
pub(crate) mod draw;
pub(crate) mod due;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod format;
pub(crate) mod link;
pub(crate) mod man;
pub(crate) mod new;
pub(crate) mod schema;
pub(crate) mod todo;
