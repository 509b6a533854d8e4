//! F015: no router filters IPv4 on a way and lets IPv6 pass there without any list.

use diag::text;
use model::{
    Aspect, Aspects, Effect, Effects, Family, InterfaceIndex, InterfaceKind, Node, Origin, Point,
    StageKind,
};
use pattern::Property;

use crate::guilt::{Guilt, Suspect};
use crate::judgement::{Judgement, Verdict};
use crate::{Kind, Rule, Scene};

pub(crate) static RULE: Rule = Rule {
    code: "F015",
    name: "unfiltered-ipv6",
    property: Property::V3,
    requirement: || {
        text!(
            ja: "IPv4 にフィルターがあるところには、IPv6 にもある",
            en: "where a router filters IPv4 it filters IPv6 too",
        )
    },
    explain: || {
        text!(
            ja: "IPv4 のフィルターは IPv6 には効きません。同じインターフェースで IPv4 だけにフィ\
                 ルターを付けると、いまは何も届かなくても、経路やアドレスが加わった日に IPv6 が素\
                 通りします。いま実際に届くものは、F002 と F003 がエラーとして示します。",
            en: "An IPv4 list does nothing to IPv6. If only IPv4 is filtered on an interface, IPv6 \
                 passes unseen on the day a route or an address is added, even if nothing is \
                 reachable now. What is reachable now is told by F002 and F003 as an error.",
        )
    },
    kind: Kind::Denial,
    aspects: Aspects::of(&[Aspect::FirstPackets]),
    fears: Effects::of(&[Effect::Permit]),
    reads_packs: false,
    check,
};

fn check(scene: &Scene<'_>) -> Vec<Judgement> {
    let mut judgements = scene.without_edge(&(RULE.requirement)());
    let routers = scene.blueprint.parties.routers.iter().map(|router| scene.node(*router));
    for node in routers.filter(|node| node.forwards(Family::V6)) {
        for found in node.interfaces().filter_map(|(index, _)| judge(node, index)) {
            // One list filters IPv4 on several interfaces: that is one thing to mend.
            let list = found.guilt.others.last().and_then(|list| list.span);
            let same = judgements
                .iter_mut()
                .find(|one| one.guilt.others.last().and_then(|own| own.span) == list);
            match same {
                Some(same) => {
                    same.merge(&found);
                    same.guilt.others.splice(0..0, found.guilt.primary).for_each(drop);
                }
                None => judgements.push(found),
            }
        }
    }
    judgements
}

fn judge(node: &Node, from: InterfaceIndex) -> Option<Judgement> {
    if !has_ipv6(node, from) {
        return None;
    }
    let (to, list) = node.interfaces().find_map(|(to, _)| {
        let is_way = to != from && has_ipv6(node, to);
        let is_open = is_way && filter(node, from, to, Family::V6).is_none();
        Some((to, filter(node, from, to, Family::V4).filter(|_| is_open)?))
    })?;
    let interface = node.interface(from);
    let headline = text!(
        ja: "`{router}` の `{from}` から `{to}` へは、IPv4 にだけフィルターがあり IPv6 にありません",
        en: "`{router}` filters IPv4 from `{from}` to `{to}`, but not IPv6",
        router = node.name, from = interface.name, to = node.interface(to).name,
    );
    let address = interface.addresses.iter().find(|one| {
        one.net.is_some_and(|net| net.family() == Family::V6) && one.origin.span().is_some()
    });
    let origin = address.map_or(&interface.origin, |address| &address.origin);
    let mut guilt = Guilt::at(
        origin,
        text!(
            ja: "`{from}` で受けた IPv6 には、フィルターが適用されていません",
            en: "no list is applied to IPv6 received on `{from}`",
            from = interface.name,
        ),
    );
    guilt.others.push(Suspect::of(
        list,
        text!(ja: "IPv4 はここでフィルターされます", en: "IPv4 is filtered here"),
    ));
    let found = Judgement::new(Verdict::Refuted(None), headline);
    Some(
        found
            .blame(guilt)
            .about([node.name.clone()])
            .because(text!(
                ja: "ここを通っていま何に届くかは、F002 と F003 が判定しています",
                en: "what is reachable by this way at present is the matter of F002 and F003",
            ))
            .advise(text!(
                ja: "IPv6 にも同じ方針のフィルターを付けるか、使わないなら IPv6 の転送を止めてく\
                     ださい",
                en: "apply a list of the same intent to IPv6, or stop forwarding IPv6 if it is not \
                     used",
            ))
            .at_most(diag::Severity::Warning),
    )
}

/// Whether IPv6 packets may come and go on the interface.
fn has_ipv6(node: &Node, index: InterfaceIndex) -> bool {
    let interface = node.interface(index);
    let is_usable = interface.enabled && interface.segment.is_some();
    let has_address =
        interface.addresses.iter().any(|one| one.net.is_some_and(|net| net.family() == Family::V6));
    is_usable && (has_address || interface.kind == InterfaceKind::Tunnel)
}

/// The first list that packets of `family` meet between the two interfaces.
fn filter(
    node: &Node,
    from: InterfaceIndex,
    to: InterfaceIndex,
    family: Family,
) -> Option<&Origin> {
    let points = [
        Point::Ingress(from),
        Point::Prerouting,
        Point::Forward,
        Point::Postrouting,
        Point::Egress(to),
    ];
    points.into_iter().flat_map(|point| node.stages(point, family)).find_map(|stage| {
        match stage.kind {
            StageKind::Filter(acl) => Some(&node.acl(acl).default_origin),
            _ => None,
        }
    })
}
