//! Words that a key takes: one enum per key, with the word of the file and what it means.

/// A word of the site file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WordInfo<T> {
    /// As it is written.
    pub word: &'static str,
    /// Its value.
    pub value: T,
    /// What it means, in Japanese.
    pub ja: &'static str,
    /// What it means, in English.
    pub en: &'static str,
}

/// A key's closed set of words.
pub trait Word: Copy + PartialEq + 'static {
    /// Every word, in the order in which they are offered.
    const WORDS: &'static [WordInfo<Self>];

    /// The word as it is written in the file.
    #[must_use]
    fn word(self) -> &'static str {
        // INVARIANT: WORDS names every value; a test walks them.
        Self::WORDS.iter().find(|info| info.value == self).map_or("", |info| info.word)
    }
}

const fn word<T: Copy>(
    word: &'static str,
    value: T,
    ja: &'static str,
    en: &'static str,
) -> WordInfo<T> {
    WordInfo { word, value, ja, en }
}

/// Edition of the reference document (the year it was published).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Edition {
    /// The edition of 2021.
    Y2021,
    /// Practice since 2023.
    Y2023,
}

impl Word for Edition {
    const WORDS: &'static [WordInfo<Self>] = &[
        word(
            "2021",
            Self::Y2021,
            "2021 年の版です（ガイドライン第5版）。",
            "The edition of 2021, with version 5 of the guideline.",
        ),
        word(
            "2023",
            Self::Y2023,
            "2023 年からの運用です（IPv6 のオンライン請求、ガイドライン第6.0版）。",
            "Practice since 2023: claims over IPv6, and version 6.0 of the guideline.",
        ),
    ];
}

/// Kind of facility.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FacilityKind {
    /// A hospital.
    Hospital,
    /// A medical clinic.
    Clinic,
    /// A dental clinic.
    Dental,
    /// A pharmacy.
    Pharmacy,
}

impl Word for FacilityKind {
    const WORDS: &'static [WordInfo<Self>] = &[
        word("hospital", Self::Hospital, "病院です。", "A hospital."),
        word("clinic", Self::Clinic, "診療所（医科）です。", "A medical clinic."),
        word("dental", Self::Dental, "歯科診療所です。", "A dental clinic."),
        word("pharmacy", Self::Pharmacy, "薬局です。", "A pharmacy."),
    ];
}

/// Kind of access line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LineKind {
    /// A closed line (IP-VPN).
    IpVpn,
    /// An Internet line with IPsec and IKE.
    Ipsec,
}

impl Word for LineKind {
    const WORDS: &'static [WordInfo<Self>] = &[
        word("ip-vpn", Self::IpVpn, "閉域網の回線（IP-VPN）です。", "A closed line (IP-VPN)."),
        word(
            "ipsec",
            Self::Ipsec,
            "インターネット回線に IPsec＋IKE を重ねた接続です。",
            "An Internet line with IPsec and IKE.",
        ),
    ];
}

/// How traffic is carried over an IP-VPN line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum AccessMethod {
    /// IPoE, without a session.
    Ipoe,
    /// In a PPPoE session.
    Pppoe,
}

impl Word for AccessMethod {
    const WORDS: &'static [WordInfo<Self>] = &[
        word(
            "ipoe",
            Self::Ipoe,
            "IPoE 方式です（セッションを張りません）。",
            "IPoE, without a session.",
        ),
        word("pppoe", Self::Pppoe, "PPPoE セッションの中を通ります。", "In a PPPoE session."),
    ];
}

/// What ends the IPsec tunnel of the line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Endpoint {
    /// A router of the site.
    Router,
    /// Software on the terminals.
    Terminal,
}

impl Word for Endpoint {
    const WORDS: &'static [WordInfo<Self>] = &[
        word(
            "router",
            Self::Router,
            "施設のルータがトンネルを終端します。",
            "A router of the site.",
        ),
        word(
            "terminal",
            Self::Terminal,
            "端末のソフトウェアがトンネルを終端します。",
            "Software on the terminals.",
        ),
    ];
}

/// What stands in a zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ZonePurpose {
    /// Claims computers and servers.
    ClaimsComputers,
    /// Eligibility terminals, on their inner side.
    Terminals,
    /// Machines behind the edge router.
    Edge,
    /// Something else.
    Other,
}

impl Word for ZonePurpose {
    const WORDS: &'static [WordInfo<Self>] = &[
        word(
            "claims-computers",
            Self::ClaimsComputers,
            "レセプトコンピュータ等とサーバを置きます。",
            "Claims computers and servers.",
        ),
        word(
            "terminals",
            Self::Terminals,
            "資格確認端末を（院内側で）置きます。",
            "Eligibility terminals, on their inner side.",
        ),
        word(
            "edge",
            Self::Edge,
            "ルータBの内側で、外部へ出る機器を置きます。",
            "Machines behind the edge router.",
        ),
        word("other", Self::Other, "その他です。", "Something else."),
    ];
}

/// What a machine does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// Claims computer or medical record system.
    ClaimsComputer,
    /// A server of those.
    Server,
    /// Eligibility terminal.
    EligibilityTerminal,
    /// Online-claims terminal.
    OnlineClaimsTerminal,
    /// Claims computer or server that talks with the centre itself.
    WebApi,
    /// Something else.
    Other,
}

impl Word for Role {
    const WORDS: &'static [WordInfo<Self>] = &[
        word(
            "claims-computer",
            Self::ClaimsComputer,
            "レセプトコンピュータ等（電子カルテを含む）です。",
            "A claims computer or an electronic record system.",
        ),
        word(
            "server",
            Self::Server,
            "レセプトコンピュータ等のサーバです。",
            "A server of the claims computers.",
        ),
        word(
            "eligibility-terminal",
            Self::EligibilityTerminal,
            "資格確認端末です。",
            "An eligibility terminal.",
        ),
        word(
            "online-claims-terminal",
            Self::OnlineClaimsTerminal,
            "オンライン請求端末です。",
            "An online-claims terminal.",
        ),
        word(
            "web-api",
            Self::WebApi,
            "Web API で直接接続するレセプトコンピュータ等です。",
            "A claims computer or server that uses the Web API of the centre itself.",
        ),
        word("other", Self::Other, "その他の機器です。", "Something else."),
    ];
}

/// What a machine was before another function was installed on it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Base {
    /// An eligibility terminal.
    Terminal,
    /// A claims computer.
    ClaimsComputer,
}

impl Word for Base {
    const WORDS: &'static [WordInfo<Self>] = &[
        word(
            "terminal",
            Self::Terminal,
            "資格確認端末に、レセプトコンピュータ等の機能を搭載しました。",
            "An eligibility terminal, on which claims functions were installed.",
        ),
        word(
            "claims-computer",
            Self::ClaimsComputer,
            "レセプトコンピュータ等に、資格確認端末の機能を搭載しました。",
            "A claims computer, on which the terminal's functions were installed.",
        ),
    ];
}

/// Kind of card reader.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reader {
    /// Card reader with face recognition.
    Face,
    /// General card reader.
    Generic,
}

impl Word for Reader {
    const WORDS: &'static [WordInfo<Self>] = &[
        word(
            "face",
            Self::Face,
            "顔認証付きカードリーダーです。",
            "A card reader with face recognition.",
        ),
        word("generic", Self::Generic, "汎用カードリーダーです。", "A general card reader."),
    ];
}

/// What a certificate is accepted for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Cover {
    /// Online Eligibility Verification.
    Eligibility,
    /// Online claims.
    Claims,
}

impl Word for Cover {
    const WORDS: &'static [WordInfo<Self>] = &[
        word(
            "eligibility",
            Self::Eligibility,
            "資格確認用の電子証明書です。",
            "Online Eligibility Verification.",
        ),
        word("claims", Self::Claims, "オンライン請求用の電子証明書です。", "Online claims."),
    ];
}

/// How a test came out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TestResult {
    /// Everything worked.
    Passed,
    /// Something did not.
    Failed,
}

impl Word for TestResult {
    const WORDS: &'static [WordInfo<Self>] = &[
        word("passed", Self::Passed, "問題なく動作しました。", "Everything worked."),
        word("failed", Self::Failed, "問題がありました。", "Something did not work."),
    ];
}

/// What a host firewall does with what it does not open.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum InboundDefault {
    /// Nothing else may open a session.
    Closed,
}

impl Word for InboundDefault {
    const WORDS: &'static [WordInfo<Self>] = &[word(
        "closed",
        Self::Closed,
        "ほかの着信はすべて拒否します。",
        "Nothing else may open a session to the machine.",
    )];
}

/// A network outside the site.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum OutsideNet {
    /// The closed net of the Online Eligibility Verification system.
    EligibilityNet,
    /// The closed net of the online-claims system.
    ClaimsNet,
    /// The Internet.
    Internet,
}

impl Word for OutsideNet {
    const WORDS: &'static [WordInfo<Self>] = &[
        word(
            "eligibility-net",
            Self::EligibilityNet,
            "オンライン資格確認等システムの閉域網です。",
            "The closed net of the Online Eligibility Verification system.",
        ),
        word(
            "claims-net",
            Self::ClaimsNet,
            "オンライン請求システムの閉域網です。",
            "The closed net of the online-claims system.",
        ),
        word("internet", Self::Internet, "インターネットです。", "The Internet."),
    ];
}

/// Which router of the reference document a router is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RouterRole {
    /// Router A, between claims computers and eligibility terminals.
    RouterA,
    /// Router B, at the edge to the line.
    RouterB,
    /// Another router.
    Other,
}

impl Word for RouterRole {
    const WORDS: &'static [WordInfo<Self>] = &[
        word(
            "router-a",
            Self::RouterA,
            "ルータA（レセプトコンピュータ等と資格確認端末の間）です。",
            "Router A, between claims computers and eligibility terminals.",
        ),
        word(
            "router-b",
            Self::RouterB,
            "ルータB（外部ネットワークとの境界）です。",
            "Router B, at the edge to the line.",
        ),
        word("other", Self::Other, "その他のルータです。", "Another router."),
    ];
}

/// Kind of device that passes frames on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RelayKind {
    /// A hub.
    Hub,
    /// A switch.
    Switch,
    /// The optical network unit of the line.
    Onu,
    /// A home gateway of the carrier.
    HomeGateway,
    /// A wireless access point.
    Wireless,
}

impl Word for RelayKind {
    const WORDS: &'static [WordInfo<Self>] = &[
        word("hub", Self::Hub, "ハブです。", "A hub."),
        word("switch", Self::Switch, "スイッチです。", "A switch."),
        word(
            "onu",
            Self::Onu,
            "回線終端装置（ONU）です。",
            "The optical network unit of the line.",
        ),
        word(
            "home-gateway",
            Self::HomeGateway,
            "回線事業者のホームゲートウェイです。",
            "A home gateway of the carrier.",
        ),
        word("wireless", Self::Wireless, "無線アクセスポイントです。", "A wireless access point."),
    ];
}

/// A kind of frame that a relay passes on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Pass {
    /// Every frame.
    All,
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
    /// PPPoE discovery and session.
    Pppoe,
}

impl Word for Pass {
    const WORDS: &'static [WordInfo<Self>] = &[
        word("all", Self::All, "すべてのフレームを通します。", "Every frame."),
        word("ipv4", Self::Ipv4, "IPv4 を通します。", "IPv4."),
        word("ipv6", Self::Ipv6, "IPv6 を通します。", "IPv6."),
        word(
            "pppoe",
            Self::Pppoe,
            "PPPoE（ディスカバリとセッション）を通します。",
            "PPPoE, discovery and session.",
        ),
    ];
}
