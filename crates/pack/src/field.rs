//! The declarative table of a pack file: which kinds of facts there are, and which keys each
//! takes. Reading, the check for contradictions and the JSON Schema all read it.

/// A key of a fact.
pub(crate) struct Field {
    /// As it is written.
    pub(crate) key: &'static str,
    /// What it holds.
    pub(crate) form: Form,
    /// What part it plays.
    pub(crate) part: Part,
    /// What it means, in Japanese.
    pub(crate) ja: &'static str,
    /// What it means, in English.
    pub(crate) en: &'static str,
}

/// What a key holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    /// A text that is not blank.
    Text,
    /// A date without quotes.
    Day,
    /// `true` or `false`.
    Flag,
    /// A whole number from 1.
    Number,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Texts in brackets; not empty.
    Texts,
    /// A build of an operating system without what stands behind its first dot.
    Build,
    /// A release of firmware, or a word about all of them.
    Firmware,
    /// Some of these words in brackets; not empty.
    Words(&'static [&'static str]),
    /// Whole numbers from 1 in brackets; not empty.
    Numbers,
    /// Protocols and ports in brackets, as site files write them; not empty.
    Ports,
    /// Prefixes in brackets; not empty.
    Prefixes,
    /// Addresses in brackets; not empty.
    Addresses,
}

/// What part a key plays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    /// It says what the fact is about; required. Two facts with the same are about the same.
    Subject,
    /// It is stated of the subject; required.
    Stated,
    /// It is stated of the subject; may be absent.
    Extra,
    /// It tells where the fact comes from and when it holds; required.
    Provenance,
    /// The same; may be absent.
    ExtraProvenance,
}

impl Part {
    /// Whether the key has to be there.
    pub(crate) fn is_required(self) -> bool {
        matches!(self, Self::Subject | Self::Stated | Self::Provenance)
    }

    /// Whether two facts that differ in it say different things.
    pub(crate) fn is_statement(self) -> bool {
        matches!(self, Self::Stated | Self::Extra)
    }
}

/// A kind of facts.
pub(crate) struct Kind {
    /// The name of its tables.
    pub(crate) name: &'static str,
    /// What it is about, in Japanese.
    pub(crate) ja: &'static str,
    /// What it is about, in English.
    pub(crate) en: &'static str,
    /// Its own keys.
    pub(crate) fields: &'static [Field],
}

const fn field(
    key: &'static str,
    form: Form,
    part: Part,
    ja: &'static str,
    en: &'static str,
) -> Field {
    Field { key, form, part, ja, en }
}

/// Keys of `[pack]`.
pub(crate) static PACK: &[Field] = &[
    field("name", Form::Text, Part::Stated, "パックの名前です。", "Name of the pack."),
    field(
        "carrier",
        Form::Text,
        Part::Extra,
        "このパックの事実が当てはまる回線事業者です。ほかの事業者の回線には使いません。",
        "Carrier whose lines the facts are about; they are used for no other line.",
    ),
    field(
        "provider",
        Form::Text,
        Part::Extra,
        "このパックの事実が当てはまる IPsec 接続サービスの事業者です。ほかの事業者の回線には使いま\
         せん。",
        "Provider of the IPsec service that the facts are about; they are used for no other.",
    ),
];

/// Keys that every fact has.
pub(crate) static COMMON: &[Field] = &[
    field(
        "source",
        Form::Text,
        Part::Provenance,
        "出典（URL または文書名）です。",
        "Where it was read: an address or a document.",
    ),
    field("read", Form::Day, Part::Provenance, "出典を読んだ日です。", "Day it was read."),
    field(
        "confidence",
        Form::Word(&["H", "M", "L"]),
        Part::Provenance,
        "確かさです。`L` の事実では何も証明しません。",
        "How sure it is; nothing is proved with `L`.",
    ),
    field(
        "class",
        Form::Word(&["public", "contract-only"]),
        Part::Provenance,
        "公開されているか、契約者だけが知るものかです。",
        "Whether it is public, or known to parties of a contract only.",
    ),
    field("from", Form::Day, Part::ExtraProvenance, "有効になる日です。", "First day it holds."),
    field("until", Form::Day, Part::ExtraProvenance, "有効な最後の日です。", "Last day it holds."),
    field(
        "replaces",
        Form::Text,
        Part::ExtraProvenance,
        "組み込みの事実の代わりに使う理由です。",
        "Why it takes the place of the fact that the program brings.",
    ),
    field("note", Form::Text, Part::ExtraProvenance, "補足です。", "What else there is to say."),
];

/// What a fact is about, where it has a name.
const NAME: Field = field("name", Form::Text, Part::Subject, "名前です。", "Its name.");

/// What a carrier's traffic may be carried by.
const METHODS: &[&str] = &["ipoe", "pppoe"];

/// Clauses that name operating systems.
const CLAUSES: &[&str] = &["R11", "R12"];

/// Editions of the document, as site files write them.
const EDITIONS: &[&str] = &["2021", "2023"];

/// Every kind of facts.
pub(crate) static KINDS: &[Kind] = &[
    Kind {
        name: "os",
        ja: "OS の版とサポート期限",
        en: "a release of an operating system and the end of its support",
        fields: &[
            NAME,
            field(
                "build",
                Form::Build,
                Part::Subject,
                "ビルド番号のうち、最初の点より前です。",
                "Its build up to the first dot.",
            ),
            field(
                "title",
                Form::Text,
                Part::Stated,
                "正式な名称です。",
                "What its maker calls it.",
            ),
            field(
                "iot",
                Form::Flag,
                Part::Stated,
                "IoT 版かどうかです。",
                "Whether it is for IoT.",
            ),
            field(
                "ends",
                Form::Day,
                Part::Stated,
                "サポートの最終日です。",
                "Last day of its maker's support.",
            ),
            field(
                "esu_ends",
                Form::Day,
                Part::Extra,
                "拡張セキュリティ更新（ESU）を購入できる最終日です。なければ購入できません。",
                "Last day that extended security updates are sold for; without it there are none.",
            ),
        ],
    },
    Kind {
        name: "os_list",
        ja: "参考資料が求める OS の一覧",
        en: "the operating systems that a clause lists",
        fields: &[
            field("clause", Form::Word(CLAUSES), Part::Subject, "条項です。", "The clause."),
            field("edition", Form::Word(EDITIONS), Part::Subject, "資料の版です。", "The edition."),
            field("systems", Form::Texts, Part::Stated, "OS の名前です。", "Names of the systems."),
            field(
                "excluded",
                Form::Texts,
                Part::Extra,
                "一覧にないと分かっている OS の名前です。",
                "Names of systems that are known not to be listed.",
            ),
            field(
                "complete",
                Form::Flag,
                Part::Stated,
                "ほかの OS がないかどうかです。",
                "Whether there are no others.",
            ),
        ],
    },
    Kind {
        name: "certificate",
        ja: "電子証明書の有効期間",
        en: "how long a kind of certificate is valid",
        fields: &[
            NAME,
            field("months", Form::Number, Part::Stated, "有効な月数です。", "Months it is valid."),
            field(
                "renewable_days",
                Form::Number,
                Part::Stated,
                "期限の何日前から更新できるかです。",
                "Days before its end from which it can be renewed.",
            ),
            field(
                "warn_days",
                Form::Numbers,
                Part::Stated,
                "期限の何日前に警告するかです。",
                "Days before its end at which to warn.",
            ),
        ],
    },
    Kind {
        name: "carrier",
        ja: "回線事業者",
        en: "a carrier of access lines",
        fields: &[
            NAME,
            field("title", Form::Text, Part::Stated, "正式な名称です。", "What it is called."),
            field(
                "methods",
                Form::Words(METHODS),
                Part::Stated,
                "資格確認を運ぶ方式です。",
                "How eligibility traffic is carried.",
            ),
            field(
                "pppoe_sessions",
                Form::Number,
                Part::Extra,
                "同時に張れる PPPoE セッションの数です。",
                "PPPoE sessions that a line allows at the same time.",
            ),
            field(
                "pppoe_sessions_max",
                Form::Number,
                Part::Extra,
                "申し込みで増やせる場合の、PPPoE セッションの最大数です。",
                "Most of them where more can be ordered.",
            ),
        ],
    },
    Kind {
        name: "dns",
        ja: "名前を引くサーバ",
        en: "servers that answer for names",
        fields: &[
            NAME,
            field(
                "suffixes",
                Form::Texts,
                Part::Stated,
                "引ける名前です。",
                "Names it answers for.",
            ),
            field("addresses", Form::Addresses, Part::Stated, "アドレスです。", "Its addresses."),
        ],
    },
    Kind {
        name: "destination",
        ja: "外部の接続先",
        en: "somewhere outside that a site may reach",
        fields: &[
            NAME,
            field("hosts", Form::Texts, Part::Extra, "ホスト名です。", "Its host names."),
            field(
                "addresses",
                Form::Prefixes,
                Part::Extra,
                "アドレスの範囲です。",
                "Its addresses.",
            ),
            field("ports", Form::Ports, Part::Stated, "ポートです。", "What is opened to it."),
            field("purpose", Form::Text, Part::Stated, "用途です。", "What it is for."),
        ],
    },
    Kind {
        name: "router",
        ja: "ルータの機種",
        en: "a model of router",
        fields: &[
            field("vendor", Form::Text, Part::Subject, "ベンダです。", "Its vendor."),
            field(
                "model",
                Form::Text,
                Part::Subject,
                "機種です（ほかに事実のない機種すべてなら `any`）。",
                "Its model; `any` for every model without a fact of its own.",
            ),
            field(
                "pppoe_pass_through",
                Form::Firmware,
                Part::Stated,
                "PPPoE パススルーに対応する最初のファームウェアです。すべてなら `all`、対応しなけ\
                 れば `none`、コマンドを受け付ける版なら対応している場合は `configured` です。",
                "First firmware that can pass PPPoE through; `all` if every one can, `none` if \
                 none can, `configured` if each can that takes the command.",
            ),
            field(
                "ends",
                Form::Day,
                Part::Extra,
                "ファームウェア提供の最終日です。",
                "Last day of its maker's support.",
            ),
        ],
    },
    Kind {
        name: "reader",
        ja: "カードリーダーの機種",
        en: "a model of card reader",
        fields: &[
            field("model", Form::Text, Part::Subject, "機種です。", "Its model."),
            field(
                "kind",
                Form::Word(&["face", "generic"]),
                Part::Stated,
                "種類です。",
                "What it is.",
            ),
        ],
    },
];
