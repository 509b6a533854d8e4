//! Names under `sessions` of a router, and what they may be.

use diag::{Diagnostic, Text, text};
use model::{InterfaceIndex, InterfaceKind, NodeId};
use site::{LineKind, OutsideNet, Router, RouterSession};

use crate::build::Builder;
use crate::router::is_opaque;

/// The far end that the site file gives a tunnel in clear by which a line reaches the Internet
/// (DS-Lite, MAP-E): whoever stands there may send into it, as into a PPPoE session.
pub(crate) fn of_tunnel(
    builder: &Builder<'_>,
    written: &Router,
    (id, interface): (NodeId, InterfaceIndex),
) -> Option<NodeId> {
    let name = &builder.network.node(id).interface(interface).name;
    let named = written.sessions.iter().find(|one| one.name.value == *name)?;
    is_open(builder, named, (id, interface)).then(|| builder.outside(OutsideNet::Internet))
}

/// Whether a tunnel protects nothing and is said to lead into the Internet.
fn is_open(
    builder: &Builder<'_>,
    named: &RouterSession,
    (id, interface): (NodeId, InterfaceIndex),
) -> bool {
    let is_clear = builder.network.node(id).tunnel_at(interface).is_none();
    is_clear && named.far_nets().eq([OutsideNet::Internet])
}

/// Whether a PPPoE session is said to lead to closed networks only, on a line over the Internet: it
/// is judged as the Internet too, since these networks stand behind the tunnel.
pub(crate) fn is_closed_on_open_line(builder: &Builder<'_>, session: &RouterSession) -> bool {
    let line = builder.site.line.as_ref().map(|line| line.value.kind.value);
    line == Some(LineKind::Ipsec) && session.far_nets().all(|net| net != OutsideNet::Internet)
}

/// Says which names under `sessions` are of no use.
pub(crate) fn unknown(builder: &mut Builder<'_>, id: NodeId, written: &Router) {
    if is_opaque(builder, &written.name.value) {
        return;
    }
    let node = builder.network.node(id);
    let mut found = Vec::new();
    for named in &written.sessions {
        let name = &named.name.value;
        let known = node.find_interface(name);
        let kind = known.map(|index| node.interface(index).kind);
        let (headline, help) = match (known, kind) {
            (_, Some(InterfaceKind::Session { .. })) if is_closed_on_open_line(builder, named) => {
                leads_out(&written.name.value, name)
            }
            (_, Some(InterfaceKind::Session { .. })) => continue,
            (Some(index), Some(InterfaceKind::Tunnel)) if is_open(builder, named, (id, index)) => {
                continue;
            }
            (Some(_), Some(InterfaceKind::Tunnel)) => (
                text!(
                    ja: "`{router}` のトンネル `{name}` の相手先は `sessions` では決まりません",
                    en: "`sessions` does not say where the tunnel `{name}` of `{router}` leads",
                    router = written.name.value, name = name,
                ),
                text!(
                    ja: "オンライン資格確認の IPsec は `[line]` の `peer` に、業者などの回線は \
                         `[standing]` に書いてください。ここに書けるのは、暗号化のないトンネル（\
                         DS-Lite、MAP-E）の `\"internet\"` だけです",
                    en: "write the peer of the eligibility line under `[line]`, and the lines of \
                         suppliers under `[standing]`; here only `\"internet\"` counts, for \
                         tunnels in clear (DS-Lite, MAP-E)",
                ),
            ),
            (Some(_), Some(_)) => (
                text!(
                    ja: "`{router}` の `{name}` は PPPoE セッションではありません",
                    en: "`{name}` of `{router}` is no PPPoE session",
                    router = written.name.value, name = name,
                ),
                text!(
                    ja: "ポートは `ports` に書いてください",
                    en: "write ports under `ports`",
                ),
            ),
            _ => (
                text!(
                    ja: "`{router}` の設定に PPPoE セッション `{name}` がありません",
                    en: "the configuration of `{router}` has no PPPoE session `{name}`",
                    router = written.name.value, name = name,
                ),
                text!(
                    ja: "設定にあるセッションの名前（`pp1`、`ppp0` など）を書いてください",
                    en: "name a session that the configuration has, such as `pp1` or `ppp0`",
                ),
            ),
        };
        // A session that is there and has no far end written is judged as the Internet.
        let severity = if known.is_none() { Diagnostic::error } else { Diagnostic::warning };
        found.push(severity("T135", headline).at(named.name.span).advise(help));
    }
    builder.diagnostics.append(&mut found);
}

/// That the session `name` of `router` leads to the Internet, and what to write.
fn leads_out(router: &str, name: &str) -> (Text, Text) {
    let headline = text!(
        ja: "IPsec の回線では、`{router}` の PPPoE セッション `{name}` の先はインターネットです",
        en: "on an IPsec line PPPoE session `{name}` of `{router}` leads to the Internet",
        router = router, name = name,
    );
    let help = text!(
        ja: "`{name} = \"internet\"` と書いてください。閉域網は IPsec トンネルの先にあります。イン\
             ターネットにもつながるものとして判定しています",
        en: "write `{name} = \"internet\"`: the closed networks are behind the IPsec tunnel; it is \
             judged as the Internet too",
        name = name,
    );
    (headline, help)
}
