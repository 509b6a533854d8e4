//! The clauses of the reference document in our own words.

use diag::{Text, text};

/// What clause `id` (such as `R05`) asks.
///
/// # Source
/// MHLW, reference patterns for network connection (2020/21 edition), numbered by page and rule.
#[must_use]
pub fn clause(id: &str) -> Option<Text> {
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
        "R16" => text!(
            ja: "セッション方向は最初の通信の向きであり、応答は双方向に流れる",
            en: "a session's direction is that of its first packet; answers flow both ways",
        ),
        "R21" => text!(
            ja: "端末と ONU の間は、ハブではなくルータでつなぐ",
            en: "a router, not a hub, stands between the terminals and the ONU",
        ),
        "R22" => text!(
            ja: "外部からのアクセス制御は、端末のファイアウォールではなくルータが担う",
            en: "the router, not the terminal's own firewall, controls access from outside",
        ),
        _ => return None,
    };
    Some(text)
}
