//! What is known of the machines themselves: certificates, tests of programs, and how long files
//! are kept.

use diag::{Diagnostic, Span, text};

use super::fields::{Context, Fields, Tabled, optional, required};
use super::kinds::{Choice, List, Map, OneOrMany, SomeOf, StringKind};
use super::scalars::{Day, FilePath, NameOf, Words, malformed};
use super::shape::{Doc, Record, Scalar};
use crate::{
    App, Certificate, Cover, Date, Deletion, InterferenceTest, Period, Retention, Spanned,
    TestResult, codes,
};

pub(crate) static CERTIFICATE: Record = Record {
    name: "certificate",
    doc: Doc { ja: "電子証明書", en: "a certificate" },
    fields: &[
        required::<SomeOf<Choice<Cover>>>(
            "covers",
            "証明書の用途です。",
            "What it is accepted for.",
        ),
        optional::<Day>("issued", "有効期間の初日です。", "First day it is valid."),
        required::<Day>("expires", "有効期限の最終日です。", "Last day it is valid."),
    ],
};

pub(crate) static INTERFERENCE_TEST: Record = Record {
    name: "interference-test",
    doc: Doc { ja: "干渉の動作検証", en: "a test of interference" },
    fields: &[
        required::<NameOf>("machine", "検証した機器です。", "Machine that was tested."),
        required::<Build>(
            "os_build",
            "検証時の OS のビルドです。",
            "Build of the operating system at the test.",
        ),
        required::<Map<Words>>(
            "apps",
            "検証時のソフトウェアと版です。",
            "Programs and versions at the test.",
        ),
        required::<Day>("on", "検証した日です。", "Day of the test."),
        required::<Words>("by", "検証した人または会社です。", "Who did the test."),
        required::<Choice<TestResult>>("result", "結果です。", "How it came out."),
    ],
};

pub(crate) static RETENTION: Record = Record {
    name: "retention",
    doc: Doc { ja: "受け渡しフォルダーの保存期間", en: "how long files stay" },
    fields: &[
        optional::<Length>(
            "acknowledged",
            "すべての受け手が受領した結果です。省略時は 15 分です。",
            "A result that every consumer has acknowledged; 15 minutes if absent.",
        ),
        optional::<Length>(
            "error",
            "受領済みのエラー応答です。省略時は 7 日です。",
            "An error answer, after its acknowledgement; 7 days if absent.",
        ),
        optional::<Length>(
            "report",
            "連携アプリが残す `del*.txt` です。省略時は 7 日です。",
            "`del*.txt`, which the linkage application leaves behind; 7 days if absent.",
        ),
        optional::<Length>(
            "temporary",
            "sekisho 自身の一時ファイルです。省略時は 1 時間です。",
            "A temporary file of sekisho's own client; 1 hour if absent.",
        ),
        optional::<Length>(
            "unread-warn",
            "受領されない結果を警告するまでの時間です。省略時は 30 分です。",
            "Until a result that nobody acknowledged is a warning; 30 minutes if absent.",
        ),
        optional::<Length>(
            "unread-alert",
            "受領されない結果をエラーとするまでの時間です。省略時は 24 時間です。",
            "Until such a result is an error; 24 hours if absent.",
        ),
        optional::<Length>(
            "unread-delete",
            "受領されない結果を削除するまでの時間です。省略時は削除しません。",
            "Until such a result is deleted; never if absent.",
        ),
        optional::<Length>(
            "request-alert",
            "端末が受け取らない要求をエラーとするまでの時間です。省略時は 10 分です。",
            "Until a request that the terminal did not take is an error; 10 minutes if absent.",
        ),
        optional::<List<Words>>(
            "consumers",
            "顔認証の結果を受領すべき受け手です。",
            "Who has to acknowledge a result of a face reader.",
        ),
    ],
};

pub(crate) static DELETION: Record = Record {
    name: "deletion",
    doc: Doc { ja: "削除の記録", en: "what shows that files are deleted" },
    fields: &[
        required::<OneOrMany<FilePath>>(
            "evidence",
            "`sekisho link evidence` が作るファイルです。資格確認端末ごとに書きます。",
            "File that `sekisho link evidence` makes, one for each eligibility terminal.",
        ),
        required::<Length>(
            "age",
            "その記録がどれだけ古くてもよいかです。",
            "How old that file may be.",
        ),
        required::<Length>(
            "limit",
            "処理が終わったファイルが残ってよい期間の上限です。",
            "Longest time that a finished file may stay.",
        ),
    ],
};

/// The build of an operating system, such as `19044.6456`.
pub(crate) struct Build;

impl StringKind for Build {
    type Value = String;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc { ja: "OS のビルド番号", en: "the build of an operating system" },
        example: "\"19044.6456\"",
        pattern: r"^[0-9]{1,10}(\.[0-9]{1,10}){0,3}$",
    };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<String> {
        let is_number = |part: &str| {
            (1..=10).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if text.split('.').count() <= 4 && text.split('.').all(is_number) {
            return Some(text.to_owned());
        }
        malformed(context, codes::MALFORMED_BUILD, text, span, Self::SCALAR);
        None
    }
}

/// A length of time, such as `24h`.
pub(crate) struct Length;

impl StringKind for Length {
    type Value = Period;
    const SCALAR: &'static Scalar = &Scalar {
        what: Doc { ja: "期間", en: "a length of time" },
        example: "\"24h\"",
        pattern: r"^[0-9]+(min|h|d)$",
    };
    fn read(context: &mut Context<'_>, text: &str, span: Span) -> Option<Period> {
        let period = Period::read(text);
        if period.is_none() {
            let found = super::scalars::malformed_diagnostic(
                context,
                codes::MALFORMED_PERIOD,
                text,
                span,
                Self::SCALAR,
            );
            context.report(found.because(text!(
                ja: "分は `30min`、時間は `24h`、日は `7d` と書きます（3650 日まで）",
                en: "minutes are written `30min`, hours `24h`, days `7d`, at most 3650 days",
            )));
        }
        period
    }
}

/// Programs by name, as a table has them.
pub(crate) fn apps(pairs: Vec<(Spanned<String>, Spanned<String>)>) -> Vec<App> {
    pairs.into_iter().map(|(name, version)| App { name, version }).collect()
}

/// Reports a first day after the last one.
fn check_order(context: &mut Context<'_>, first: Option<Spanned<Date>>, last: Spanned<Date>) {
    let Some(first) = first.filter(|first| first.value > last.value) else { return };
    context.report(
        Diagnostic::error(
            codes::DATES_OUT_OF_ORDER,
            text!(
                ja: "`{key}` の `issued`（{first}）が `expires`（{last}）より後です",
                en: "`issued` ({first}) of `{key}` is later than `expires` ({last})",
                key = context.path(), first = first.value, last = last.value,
            ),
        )
        .at(first.span)
        .also(last.span, text!(ja: "有効期限です", en: "the last day"))
        .advise(text!(
            ja: "電子証明書の画面で両方の日付を確認し、直してください",
            en: "look both dates up in the certificate and correct them",
        )),
    );
}

/// Reports what says something of an operating system that has no name.
pub(crate) fn needs_of_system<'a>(context: &mut Context<'a>, fields: &Fields<'a>) {
    if fields.key_span(context, "os").is_some() || context.is_broken() {
        return;
    }
    for key in ["os_build", "esu"] {
        let Some(span) = fields.key_span(context, key) else { continue };
        context.report(
            Diagnostic::warning(
                codes::UPDATES_WITHOUT_SYSTEM,
                text!(
                    ja: "`{path}` に `{key}` がありますが、`os` がありません",
                    en: "`{path}` has `{key}`, but no `os`",
                    path = context.path(), key = key,
                ),
            )
            .at(span)
            .advise(text!(
                ja: "`os = \"windows-10-iot-enterprise-ltsc-2021\"` のように OS の名前を加えて\
                     ください",
                en: "add the name of the operating system, such as \
                     `os = \"windows-10-iot-enterprise-ltsc-2021\"`",
            )),
        );
    }
}

impl Tabled for Certificate {
    const RECORD: &'static Record = &CERTIFICATE;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let covers = fields.list::<SomeOf<Choice<Cover>>, _>(context, "covers");
        let issued = fields.take::<Day>(context, "issued");
        let expires = fields.take::<Day>(context, "expires")?;
        check_order(context, issued, expires);
        Some(Self { covers, issued, expires })
    }
}

impl Tabled for InterferenceTest {
    const RECORD: &'static Record = &INTERFERENCE_TEST;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let machine = fields.take::<NameOf>(context, "machine");
        let os_build = fields.take::<Build>(context, "os_build");
        let apps = fields.take::<Map<Words>>(context, "apps").map(|all| self::apps(all.value));
        let on = fields.take::<Day>(context, "on");
        let by = fields.take::<Words>(context, "by");
        let result = fields.take::<Choice<TestResult>>(context, "result");
        Some(Self {
            span: fields.place,
            machine: machine?,
            os_build: os_build?,
            apps: apps?,
            on: on?,
            by: by?,
            result: result?,
        })
    }
}

impl Tabled for Retention {
    const RECORD: &'static Record = &RETENTION;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let mut take = |key| fields.take::<Length>(context, key);
        let retention = Self {
            acknowledged: take("acknowledged"),
            error: take("error"),
            report: take("report"),
            temporary: take("temporary"),
            unread_warn: take("unread-warn"),
            unread_alert: take("unread-alert"),
            unread_delete: take("unread-delete"),
            request_alert: take("request-alert"),
            consumers: Vec::new(),
        };
        let consumers = fields.list::<List<Words>, _>(context, "consumers");
        let retention = Self { consumers, ..retention };
        check_ranges(context, &retention);
        Some(retention)
    }
}

/// Reports limits that the sweeper does not take.
fn check_ranges(context: &mut Context<'_>, retention: &Retention) {
    let minute = Period::of_minutes(1);
    let hour = Period::of_minutes(60);
    let warn = retention.unread_warn.map_or(Period::of_minutes(30), |warn| warn.value);
    let bounds = [
        (retention.report, hour),
        (retention.temporary, hour),
        (retention.unread_warn, minute),
        (retention.unread_alert, warn),
        (retention.unread_delete, hour.max(warn)),
        (retention.request_alert, minute),
    ];
    for (written, least) in bounds {
        let Some(written) = written.filter(|written| written.value < least) else { continue };
        context.report(
            Diagnostic::error(
                codes::PERIOD_TOO_SHORT,
                text!(
                    ja: "{written}は短すぎます（{least}以上にします）",
                    en: "{written} is too short; at least {least} is needed",
                    written = written.value, least = least,
                ),
            )
            .at(written.span)
            .advise(text!(
                ja: "期間を延ばしてください。`unread-alert` と `unread-delete` は `unread-warn` \
                     以上にします",
                en: "make it longer; `unread-alert` and `unread-delete` are at least as long as \
                     `unread-warn`",
            )),
        );
    }
}

impl Tabled for Deletion {
    const RECORD: &'static Record = &DELETION;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let evidence = fields.list::<OneOrMany<FilePath>, _>(context, "evidence");
        let age = fields.take::<Length>(context, "age");
        let limit = fields.take::<Length>(context, "limit");
        let deletion = Self { evidence, age: age?, limit: limit? };
        (!deletion.evidence.is_empty()).then_some(deletion)
    }
}
