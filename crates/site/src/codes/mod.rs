//! The codes of this crate. What each means, for `sekisho explain CODE`, stands in [`form`] and in
//! [`content`].

use diag::{CodeInfo, Text};

pub mod content;
pub mod form;

/// `syntax-error`.
pub const SYNTAX: &str = "P001";
/// `not-a-site-file`.
pub const NOT_A_SITE_FILE: &str = "P002";
/// `empty-file`.
pub const EMPTY_FILE: &str = "P003";
/// `file-too-large`.
pub const TOO_LARGE: &str = "P004";
/// `nested-too-deep`.
pub const TOO_DEEP: &str = "P005";
/// `too-many-diagnostics`.
pub const TOO_MANY: &str = "P006";
/// `full-width-character`.
pub const FULL_WIDTH: &str = "P007";
/// `repeated-key`.
pub const REPEATED_KEY: &str = "P008";
/// `unknown-key`.
pub const UNKNOWN_KEY: &str = "P010";
/// `missing-key`.
pub const MISSING_KEY: &str = "P011";
/// `wrong-type`.
pub const WRONG_TYPE: &str = "P012";
/// `unknown-word`.
pub const UNKNOWN_WORD: &str = "P013";
/// `malformed-address`.
pub const MALFORMED_ADDRESS: &str = "P014";
/// `malformed-prefix`.
pub const MALFORMED_PREFIX: &str = "P015";
/// `malformed-date`.
pub const MALFORMED_DATE: &str = "P016";
/// `malformed-port`.
pub const MALFORMED_PORT: &str = "P017";
/// `secret-in-clear`.
pub const SECRET_IN_CLEAR: &str = "P018";
/// `unusable-name`.
pub const UNUSABLE_NAME: &str = "P019";
/// `empty-value`.
pub const EMPTY_VALUE: &str = "P020";
/// `idle-key`.
pub const IDLE_KEY: &str = "P021";
/// `malformed-host`.
pub const MALFORMED_HOST: &str = "P022";
/// `repeated-value`.
pub const REPEATED_VALUE: &str = "P023";
/// `malformed-identifier`.
pub const MALFORMED_IDENTIFIER: &str = "P024";
/// `hidden-character`.
pub const HIDDEN_CHARACTER: &str = "P025";
/// `malformed-path`.
pub const MALFORMED_PATH: &str = "P026";
/// `malformed-build`.
pub const MALFORMED_BUILD: &str = "P050";
/// `malformed-period`.
pub const MALFORMED_PERIOD: &str = "P051";
/// `count-out-of-range`.
pub const COUNT_OUT_OF_RANGE: &str = "P070";
/// `unknown-zone`.
pub const UNKNOWN_ZONE: &str = "R001";
/// `unknown-router`.
pub const UNKNOWN_ROUTER: &str = "R002";
/// `unknown-standing-line`.
pub const UNKNOWN_STANDING: &str = "R003";
/// `unknown-name`.
pub const UNKNOWN_NAME: &str = "R004";
/// `shared-name`.
pub const SHARED_NAME: &str = "R005";
/// `shared-address`.
pub const SHARED_ADDRESS: &str = "T001";
/// `address-outside-zone`.
pub const OUTSIDE_ZONE: &str = "T002";
/// `overlapping-zones`.
pub const OVERLAPPING_ZONES: &str = "T003";
/// `empty-zone`.
pub const EMPTY_ZONE: &str = "T004";
/// `router-without-config`.
pub const ROUTER_WITHOUT_CONFIG: &str = "T005";
/// `service-to-itself`.
pub const SELF_SERVICE: &str = "T006";
/// `relay-loop`.
pub const RELAY_LOOP: &str = "T007";
/// `unusable-address`.
pub const UNUSABLE_ADDRESS: &str = "T008";
/// `gateway-elsewhere`.
pub const GATEWAY_ELSEWHERE: &str = "T009";
/// `zone-without-prefix`.
pub const ZONE_WITHOUT_PREFIX: &str = "T010";
/// `machine-without-nic`.
pub const MACHINE_WITHOUT_NIC: &str = "T011";
/// `tunnel-mismatch`.
pub const TUNNEL_MISMATCH: &str = "T012";
/// `session-without-nic`.
pub const SESSION_WITHOUT_NIC: &str = "T013";
/// `frames-told-apart`.
pub const FRAMES_TOLD_APART: &str = "T014";
/// `wide-destination`.
pub const WIDE_DESTINATION: &str = "T015";
/// `shared-config`.
pub const SHARED_CONFIG: &str = "T016";
/// `shared-role`.
pub const SHARED_ROLE: &str = "T017";
/// `island-zone`.
pub const ISLAND_ZONE: &str = "T018";
/// `standing-on-a-session`.
pub const STANDING_ON_SESSION: &str = "T019";
/// `line-elsewhere`.
pub const LINE_ELSEWHERE: &str = "T020";
/// `opening-without-nic`.
pub const OPENING_WITHOUT_NIC: &str = "T060";
/// `base-without-merger`.
pub const BASE_WITHOUT_MERGER: &str = "T061";
/// `two-ways-to-one-network`.
pub const TWO_WAYS: &str = "T062";
/// `unwritten-far-end`.
pub const UNWRITTEN_END: &str = "T063";

/// `period-too-short`.
pub const PERIOD_TOO_SHORT: &str = "T052";
/// `dates-out-of-order`.
pub const DATES_OUT_OF_ORDER: &str = "T050";
/// `updates-without-system`.
pub const UPDATES_WITHOUT_SYSTEM: &str = "T051";

const fn entry(code: &'static str, name: &'static str, explain: fn() -> Text) -> CodeInfo {
    CodeInfo { code, name, explain }
}
