//! What is agreed on paper: services, assumptions and waivers.

use super::fields::{Context, Fields, Tabled, optional, required};
use super::kinds::OneOrMany;
use super::scalars::{Day, NameOf, RuleId, Usage, Words};
use super::shape::{Doc, Record};
use crate::{Assumption, Service, Waiver};

pub(crate) static SERVICE: Record = Record {
    name: "service",
    doc: Doc { ja: "施設内の通信", en: "a service" },
    fields: &[
        required::<NameOf>(
            "from",
            "セッションを開始する側の機器またはゾーンです。",
            "Machine or zone that opens the session.",
        ),
        required::<NameOf>(
            "to",
            "応答する側の機器またはゾーンです。",
            "Machine or zone that answers.",
        ),
        required::<OneOrMany<Usage>>(
            "use",
            "用途です（`smb` などの名前、または `tcp/445`）。",
            "What is used: a name such as `smb`, or `tcp/445`.",
        ),
    ],
};

pub(crate) static ASSUMPTION: Record = Record {
    name: "assumption",
    doc: Doc { ja: "解釈", en: "an assumption" },
    fields: &[
        required::<Words>("id", "識別子です。", "Its identifier."),
        required::<Words>("reading", "採用した解釈です。", "The reading that is taken."),
        required::<Words>("reason", "そう解釈する理由です。", "Why it is read so."),
        required::<Words>("by", "決めた人です。", "Who decided."),
        required::<Day>("on", "決めた日です。", "When it was decided."),
    ],
};

pub(crate) static WAIVER: Record = Record {
    name: "waiver",
    doc: Doc { ja: "期限付きの受け入れ", en: "a waiver" },
    fields: &[
        required::<RuleId>(
            "rule",
            "受け入れるルールのコードまたは名前です。",
            "Code or name of the rule.",
        ),
        optional::<NameOf>(
            "at",
            "対象とする機器・ゾーン・ルータです。省略するとすべてが対象です。",
            "Machine, zone, router or relay it is limited to.",
        ),
        required::<Words>("reason", "受け入れる理由です。", "Why it is accepted."),
        required::<Words>("by", "受け入れを決めた人です。", "Who accepts it."),
        required::<Day>("until", "受け入れの期限（最終日）です。", "Last day it is accepted."),
    ],
};

impl Tabled for Service {
    const RECORD: &'static Record = &SERVICE;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let from = fields.take::<NameOf>(context, "from");
        let to = fields.take::<NameOf>(context, "to");
        let uses = fields.list::<OneOrMany<Usage>, _>(context, "use");
        Some(Self { span: fields.place, from: from?, to: to?, uses })
    }
}

impl Tabled for Assumption {
    const RECORD: &'static Record = &ASSUMPTION;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let id = fields.take::<Words>(context, "id");
        let reading = fields.take::<Words>(context, "reading");
        let reason = fields.take::<Words>(context, "reason");
        let by = fields.take::<Words>(context, "by");
        let on = fields.take::<Day>(context, "on");
        Some(Self {
            span: fields.place,
            id: id?,
            reading: reading?,
            reason: reason?,
            by: by?,
            on: on?,
        })
    }
}

impl Tabled for Waiver {
    const RECORD: &'static Record = &WAIVER;
    const IS_VOID_IF_FAULTY: bool = true;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let rule = fields.take::<RuleId>(context, "rule");
        let at = fields.take::<NameOf>(context, "at");
        let reason = fields.take::<Words>(context, "reason");
        let by = fields.take::<Words>(context, "by");
        let until = fields.take::<Day>(context, "until");
        Some(Self { span: fields.place, rule: rule?, at, reason: reason?, by: by?, until: until? })
    }
}
