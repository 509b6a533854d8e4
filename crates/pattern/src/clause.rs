//! The clauses of the reference document in our own words.

use diag::{Text, text};

use crate::Edition;

/// Ids of all clauses in order. R15 has two forms, of which a page has one.
pub const CLAUSES: [&str; 26] = [
    "R01", "R02", "R03", "R04", "R05", "R06", "R07", "R08", "R09", "R10", "R11", "R12", "R13",
    "R14", "R15a", "R15b", "R16", "R17", "R18", "R19", "R20", "R21", "R22", "R23", "R24", "R25",
];

/// The editions that have the clause `id`, oldest first.
#[must_use]
pub fn editions(id: &str) -> Vec<Edition> {
    match id {
        // Claims over IPv6 on the eligibility terminal are a regular way since 2023.
        "R18" => vec![Edition::Y2021],
        _ => Edition::ALL.to_vec(),
    }
}

/// What clause `id` (such as `R05`) asks in `edition`.
///
/// # Source
/// MHLW, reference patterns for network connection (2020/21 edition), numbered by page and rule.
#[must_use]
pub fn clause(id: &str, edition: Edition) -> Option<Text> {
    let text = match id {
        "R01" => text!(
            ja: "外部からのアクセスを制限するため、境界でステートフルインスペクションを有効にする",
            en: "stateful inspection at the edge restricts access from outside",
        ),
        "R02" => text!(
            ja: "オンライン請求に接続できるよう、境界で PPPoE を通過させる",
            en: "the edge passes PPPoE through for online claims",
        ),
        "R03" => text!(
            ja: "内部からは特定の接続先だけにアクセスを許可する",
            en: "from inside only particular destinations may be reached",
        ),
        "R04" => text!(
            ja: "内部からは、適合性評価を受けた IPsec サービスだけに接続する",
            en: "from inside only an IPsec service that was assessed (HISPRO) may be reached",
        ),
        "R05" => text!(
            ja: "レセコン等から資格確認端末への通信だけを許可し、逆方向を拒否する",
            en: "sessions from the claims computers to the terminal are allowed, the other way \
                 denied",
        ),
        "R06" => text!(
            ja: "資格確認端末と接続するための経路を設定する",
            en: "routing towards the terminal is configured",
        ),
        "R07" => text!(
            ja: "レセコン等が資格確認端末へ要求し、結果を取りに行く",
            en: "the claims computers ask the terminal and fetch the results",
        ),
        "R08" => text!(
            ja: "院内と外部の二つの接続方式のために、端末に LAN ポートを増設する",
            en: "the terminal has a second interface, one for the house and one for the line",
        ),
        "R09" => text!(
            ja: "接続方式が IPv4 だけなので、端末に NIC を増設しない",
            en: "the connection is IPv4 only, so the terminal gets no second interface",
        ),
        "R10" => text!(
            ja: "端末やファイルサーバに一時的に置かれた、処理済みの情報を定期的に削除する",
            en: "finished files on the terminal or a file server are deleted regularly",
        ),
        _ => return host_clause(id).or_else(|| general_clause(id, edition)),
    };
    Some(text)
}

/// Clauses about machines.
fn host_clause(id: &str) -> Option<Text> {
    let text = match id {
        "R11" => text!(
            ja: "レセコン等の機能は、資格確認端末の要件を満たす OS で動作させる",
            en: "claims functions run on an operating system that meets the terminal's requirement",
        ),
        "R12" => text!(
            ja: "資格確認端末の要件以外にも、資格確認の機能が動作する OS の一覧がある",
            en: "besides those of the terminal's requirement, a list names systems on which the \
                 terminal's functions run",
        ),
        "R13" => text!(
            ja: "同じ端末のアプリケーションが干渉しないか、更新のたびに動作検証する",
            en: "whether applications on one machine interfere is tested, again at every update",
        ),
        "R14" => text!(
            ja: "顔認証付きと汎用のカードリーダーを両方つながず、1 台だけ接続する",
            en: "one card reader is connected, not a face recognition and a general one together",
        ),
        "R15a" => text!(
            ja: "オンライン資格確認用の電子証明書を使う",
            en: "the certificate is that for eligibility",
        ),
        "R15b" => text!(
            ja: "オンライン資格確認用とオンライン請求用の電子証明書を使う",
            en: "the certificates are those for eligibility and for online claims",
        ),
        _ => return None,
    };
    Some(text)
}

/// Clauses about sessions in general, servers, the edge and the whole facility.
fn general_clause(id: &str, edition: Edition) -> Option<Text> {
    let text = match (id, edition) {
        ("R16", _) => text!(
            ja: "セッション方向は最初の通信の向きであり、応答は双方向に流れる",
            en: "a session's direction is that of its first packet; answers flow both ways",
        ),
        ("R17", _) => text!(
            ja: "回線事業者によっては、オンライン請求と同じ PPPoE セッションの IPv4 で資格確認に接続する",
            en: "with some carriers eligibility uses IPv4 in the PPPoE session of online claims",
        ),
        ("R18", Edition::Y2021) => text!(
            ja: "IPv6 では、一台の端末で資格確認とオンライン請求を同時に利用しないことが望ましい",
            en: "over IPv6 one machine should not use eligibility and claims at the same time",
        ),
        ("R19", _) => text!(
            ja: "サーバ等を置く場合は、分岐先のサーバやルータでアクセスを制限する",
            en: "where servers branch off the router, they or the router restrict access",
        ),
        ("R20", _) => text!(
            ja: "実現する手段はルータに限らない（結果が満たされればよい）",
            en: "the means are free: what counts is the outcome, not the box",
        ),
        ("R21", _) => text!(
            ja: "端末と ONU の間は、ハブではなくルータでつなぐ",
            en: "a router, not a hub, stands between the terminals and the ONU",
        ),
        ("R22", _) => text!(
            ja: "外部からのアクセス制御は、端末のファイアウォールではなくルータが担う",
            en: "the router, not the terminal's own firewall, controls access from outside",
        ),
        ("R23", _) => text!(
            ja: "LAN ケーブルの差し替えではなく、ルータが通信経路を振り分ける",
            en: "the router chooses the way; no cable is swapped",
        ),
        ("R24", Edition::Y2021) => text!(
            ja: "施設全体が「医療情報システムの安全管理に関するガイドライン 第5版」に従う",
            en: "the whole facility follows the security guideline for medical systems, version 5",
        ),
        ("R24", Edition::Y2023) => text!(
            ja: "施設全体が「医療情報システムの安全管理に関するガイドライン 第6.0版」に従う",
            en: "the whole facility follows the security guideline for medical systems, version 6.0",
        ),
        ("R25", _) => text!(
            ja: "境界のルータを新設するか、既存のルータを使う（確認する）かをページが示す",
            en: "the page says whether the edge router is new, existing, or new if there is none",
        ),
        _ => return None,
    };
    Some(text)
}
