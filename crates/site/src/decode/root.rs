//! The file as a whole, `[site]` and `[line]`.

use diag::{Diagnostic, text};
use toml::de::DeValue;

use super::fields::{Context, Fields, Kind, Raw, Tabled, optional, required};
use super::kinds::{Choice, Count, Entries, List, Table, unknown_word};
use super::scalars::{Day, FilePath, Host, PatternId, Words};
use super::shape::{Doc, Record, Shape, WordDoc};
use crate::{
    AccessMethod, Assessment, Assumption, Deletion, Destination, Edition, Endpoint, Facility,
    FacilityKind, InterferenceTest, Line, LineKind, Listing, Machine, Relay, Retention, Router,
    Service, Site, Spanned, Standing, Topic, Waiver, Word, Zone, codes,
};

pub(crate) static ROOT: Record = Record {
    name: "site-file",
    doc: Doc { ja: "サイトファイル", en: "the site file" },
    fields: &[
        required::<Choice<Edition>>(
            "edition",
            "判定の基準とする参考資料の版です。",
            "Edition of the reference document that judges this site.",
        ),
        optional::<List<FilePath>>(
            "packs",
            "施設や事業者が用意した事実のファイルです。",
            "Files with facts of the site's own, or of its provider.",
        ),
        required::<Table<Facility>>(
            "site",
            "施設の名称と種別です。",
            "Name and kind of the facility.",
        ),
        required::<Table<Line>>(
            "line",
            "オンライン資格確認等システムへの接続回線です。",
            "The access line to the Online Eligibility Verification system.",
        ),
        optional::<Entries<Zone>>(
            "zones",
            "ゾーン（ルータを通らずに届く範囲）です。`onu` は宣言しなくても使えます。",
            "Zones: what reaches each other without a router. `onu` exists without a declaration.",
        ),
        optional::<Entries<Machine>>(
            "machines",
            "端末・サーバなどの機器です。",
            "Computers: claims computers, terminals and servers.",
        ),
        optional::<Entries<Router>>("routers", "ルータです。", "Routers."),
        optional::<Entries<Relay>>(
            "relays",
            "ハブ・ONU など、ルーティングせずにフレームを通す機器です。",
            "Hubs, ONUs and other devices that pass frames on without routing.",
        ),
        optional::<Entries<Standing>>(
            "standing",
            "リモート保守など、常設回線です。",
            "Standing lines of somebody else, such as remote maintenance.",
        ),
        optional::<Entries<Destination>>(
            "destinations",
            "施設から接続してよい外部の接続先です。",
            "Destinations outside that the site may reach.",
        ),
        optional::<List<Table<Service>>>(
            "service",
            "施設内で許可する通信です。ここにないものは拒否します。",
            "Who uses what inside the site; everything else is denied.",
        ),
        optional::<List<Table<Assumption>>>(
            "assumption",
            "参考資料が明記していない点の解釈です。",
            "How the site reads what the reference document leaves open.",
        ),
        optional::<List<Table<Waiver>>>(
            "waiver",
            "期限付きで受け入れる指摘です。",
            "Findings that are accepted for a time.",
        ),
        optional::<List<Table<InterferenceTest>>>(
            "interference_test",
            "同居するソフトウェアの動作検証の記録です。",
            "Tests of programs that share a machine.",
        ),
        optional::<Table<Retention>>(
            "retention",
            "受け渡しフォルダーに何をどれだけ残すかです（`sekisho link sweep` が読みます）。",
            "How long what may stay in the hand-over folders; `sekisho link sweep` reads it.",
        ),
        optional::<Table<Deletion>>(
            "deletion",
            "処理が終わったファイルを削除している記録です。",
            "What shows that finished files are deleted.",
        ),
    ],
};

pub(crate) static FACILITY: Record = Record {
    name: "facility",
    doc: Doc { ja: "施設", en: "the facility" },
    fields: &[
        required::<Words>("name", "施設の名称です。", "Name of the facility."),
        required::<Choice<FacilityKind>>("kind", "施設の種別です。", "Kind of facility."),
        optional::<PatternId>(
            "pattern",
            "該当する参考パターンの識別子です。省略すると機器の記述から判定します。",
            "Reference pattern the site claims to be; without it, it is inferred.",
        ),
    ],
};

pub(crate) static LINE: Record = Record {
    name: "line",
    doc: Doc { ja: "接続回線", en: "the access line" },
    fields: &[
        required::<Choice<LineKind>>("kind", "回線の種類です。", "Kind of line."),
        optional::<Words>("carrier", "回線事業者です。", "Who runs the line."),
        optional::<Choice<AccessMethod>>(
            "eligibility",
            "資格確認の通信を運ぶ方式です（IP-VPN では必須）。",
            "How eligibility traffic is carried (required on an IP-VPN line).",
        ),
        optional::<Choice<AccessMethod>>(
            "claims",
            "オンライン請求の通信を運ぶ方式です。請求しない施設では省きます。",
            "How online claims are carried; absent where none are sent.",
        ),
        optional::<Choice<Endpoint>>(
            "endpoint",
            "IPsec トンネルを終端する機器です（IPsec では必須）。",
            "What ends the IPsec tunnel (required on an IPsec line).",
        ),
        optional::<Words>(
            "provider",
            "IPsec 接続サービスの事業者です。",
            "Who provides the IPsec service.",
        ),
        optional::<Host>(
            "peer",
            "事業者側のトンネル終端のアドレスまたはホスト名です。",
            "Address or host name of the provider's end of the tunnel.",
        ),
        optional::<AssessmentKind>(
            "assessment",
            "IPsec 接続サービスの HISPRO 適合性評価です。省略時は不明です。",
            "Assessment (HISPRO) of the IPsec service; unknown if absent.",
        ),
        optional::<Count<1, 64>>(
            "sessions_max",
            "回線で同時に張れる PPPoE セッションの数です（契約で確認した値）。",
            "How many PPPoE sessions the contract lets be open at once.",
        ),
    ],
};

pub(crate) static LISTING: Record = Record {
    name: "assessment",
    doc: Doc { ja: "適合性評価", en: "an assessment" },
    fields: &[
        required::<Words>(
            "service",
            "評価を取得したサービスの、一覧にある名称です。",
            "The service as the list of assessed ones names it.",
        ),
        required::<Day>("checked", "一覧を確認した日です。", "The day the list was looked up."),
        optional::<Day>(
            "until",
            "評価の有効期限です（示されている場合）。",
            "Last day of the assessment, where one is given.",
        ),
    ],
};

/// `assessment` of `[line]`: the word `none`, or what the list says.
pub(crate) struct AssessmentKind;

fn assessment_words() -> Vec<WordDoc> {
    let none = Doc {
        ja: "適合性評価を取得していません。", en: "The service was not assessed."
    };
    vec![WordDoc { word: "none", doc: none }]
}

impl Kind for AssessmentKind {
    type Value = Assessment;
    const SHAPE: Shape =
        Shape::Either(&[Shape::Word(assessment_words), <Table<Listing> as Kind>::SHAPE]);

    fn decode<'a>(context: &mut Context<'a>, raw: &'a Raw<'a>) -> Option<Assessment> {
        match raw.get_ref() {
            DeValue::String(word) if word.as_ref() == "none" => Some(Assessment::None),
            DeValue::String(word) => {
                let span = context.span(raw);
                let words = assessment_words();
                unknown_word(context, word, span, words.iter().map(|known| known.word));
                None
            }
            DeValue::Table(_) => {
                <Table<Listing> as Kind>::decode(context, raw).map(Assessment::Listed)
            }
            _ => {
                context.wrong_type(raw, &Self::SHAPE);
                None
            }
        }
    }
}

impl Tabled for Listing {
    const RECORD: &'static Record = &LISTING;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let service = fields.take::<Words>(context, "service");
        let checked = fields.take::<Day>(context, "checked");
        let until = fields.take::<Day>(context, "until");
        Some(Self { service: service?, checked: checked?, until })
    }
}

impl Tabled for Site {
    const RECORD: &'static Record = &ROOT;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let empty = Self::empty(fields.place.source);
        Some(Self {
            edition: fields.take::<Choice<Edition>>(context, "edition"),
            facility: fields.take::<Table<Facility>>(context, "site"),
            line: fields.take::<Table<Line>>(context, "line"),
            zones: fields.list::<Entries<Zone>, _>(context, "zones"),
            machines: fields.list::<Entries<Machine>, _>(context, "machines"),
            routers: fields.list::<Entries<Router>, _>(context, "routers"),
            relays: fields.list::<Entries<Relay>, _>(context, "relays"),
            standing: fields.list::<Entries<Standing>, _>(context, "standing"),
            destinations: fields.list::<Entries<Destination>, _>(context, "destinations"),
            services: values(fields.list::<List<Table<Service>>, _>(context, "service")),
            assumptions: values(fields.list::<List<Table<Assumption>>, _>(context, "assumption")),
            waivers: values(context.beside(Topic::Waivers, |context| {
                fields.list::<List<Table<Waiver>>, _>(context, "waiver")
            })),
            interference_tests: values(context.beside(Topic::Programs, |context| {
                fields.list::<List<Table<InterferenceTest>>, _>(context, "interference_test")
            })),
            retention: context.beside(Topic::Deletion, |context| {
                fields.take::<Table<Retention>>(context, "retention")
            }),
            deletion: context.beside(Topic::Deletion, |context| {
                fields.take::<Table<Deletion>>(context, "deletion")
            }),
            packs: fields.list::<List<FilePath>, _>(context, "packs"),
            ..empty
        })
    }
}

impl Tabled for Facility {
    const RECORD: &'static Record = &FACILITY;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let name = fields.take::<Words>(context, "name");
        let kind = context.beside(Topic::Facility, |context| {
            fields.take::<Choice<FacilityKind>>(context, "kind")
        });
        let pattern = fields.take::<PatternId>(context, "pattern");
        Some(Self { name: name?, kind, pattern })
    }
}

impl Tabled for Line {
    const RECORD: &'static Record = &LINE;

    fn decode<'a>(context: &mut Context<'a>, fields: &mut Fields<'a>) -> Option<Self> {
        let kind = fields.take::<Choice<LineKind>>(context, "kind");
        let carrier = fields.take::<Words>(context, "carrier");
        let eligibility = fields.take::<Choice<AccessMethod>>(context, "eligibility");
        let claims = fields.take::<Choice<AccessMethod>>(context, "claims");
        let endpoint = fields.take::<Choice<Endpoint>>(context, "endpoint");
        let provider = fields.take::<Words>(context, "provider");
        let peer = fields.take::<Host>(context, "peer");
        let assessment = context.beside(Topic::Assessment, |context| {
            fields.take::<AssessmentKind>(context, "assessment")
        });
        let sessions_max = fields.take::<Count<1, 64>>(context, "sessions_max");
        needs_of_line(context, fields, kind.map(|kind| kind.value));
        let kind = kind?;
        Some(Self {
            kind,
            carrier,
            eligibility,
            claims,
            endpoint,
            provider,
            peer,
            assessment,
            sessions_max,
        })
    }
}

/// Entries that know their own place.
fn values<T>(items: Vec<Spanned<T>>) -> Vec<T> {
    items.into_iter().map(|item| item.value).collect()
}

/// Which keys a kind of line needs, and which have no meaning on it.
fn needs_of_line<'a>(context: &mut Context<'a>, fields: &Fields<'a>, kind: Option<LineKind>) {
    let (needed, idle): (&str, &[&str]) = match kind {
        Some(LineKind::IpVpn) => ("eligibility", &["endpoint", "provider", "peer", "assessment"]),
        Some(LineKind::Ipsec) => ("endpoint", &["eligibility", "claims"]),
        None => return,
    };
    if fields.key_span(context, needed).is_none() {
        fields.miss(context, needed);
    }
    for key in idle {
        if let Some(span) = fields.key_span(context, key) {
            let word = kind.map_or("", Word::word);
            context.report(
                Diagnostic::warning(
                    codes::IDLE_KEY,
                    text!(
                        ja: "`line.{key}` は `kind = \"{word}\"` の回線では意味を持ちません",
                        en: "`line.{key}` has no meaning on a line with `kind = \"{word}\"`",
                        key = *key, word = word,
                    ),
                )
                .at(span)
                .advise(text!(
                    ja: "行を消すか、`kind` を見直してください",
                    en: "remove the line, or correct `kind`",
                )),
            );
        }
    }
}
