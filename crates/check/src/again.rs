//! A site under other readings, judged only as far as it can come out otherwise.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use design::{Blueprint, OwnPrefix};
use model::{Family, Readings};
use packet_set::Cube;
use reach::{Atlas, Difference, Limits};
use rule::{Focus, Kind, Left, Manner, Scene};

use crate::Effort;
use crate::assemble::Assembled;
use crate::judge::{Judged, overall};
use crate::report::RuleVerdict;
use crate::waiver::Waivers;

/// The site as it was judged first.
pub(crate) struct First<'a> {
    pub(crate) assembled: &'a Assembled,
    /// The scene of its blueprint, after all rules were run on it.
    pub(crate) scene: &'a Scene<'a>,
    pub(crate) effort: Effort,
    pub(crate) waivers: Waivers<'a>,
    /// Whether machines have no firewalls of their own in it (see
    /// [`design::without_own_firewalls`]); under other readings they have none then, either.
    pub(crate) is_without_own: bool,
}

/// The site under other readings.
pub(crate) struct Turned {
    blueprint: Blueprint,
    /// Ids of the open points that are read in another way.
    ids: Vec<&'static str>,
}

/// A network under other readings, prepared for questions.
pub(crate) struct Prepared<'t> {
    atlas: Atlas<'t>,
    /// In what it differs from the network as it was judged first; `None` if it has to be judged
    /// as a whole.
    difference: Option<Difference>,
}

/// Places for sites under other readings and for their networks, which are kept so that later
/// ones can be compared with them.
pub(crate) struct Room<T>(Vec<OnceCell<T>>);

impl<T> Room<T> {
    /// Room for `count`.
    pub(crate) fn new(count: usize) -> Self {
        Self((0..count).map(|_| OnceCell::new()).collect())
    }

    /// Puts `one` at `place`, which is empty.
    fn put(&self, place: usize, one: T) -> &T {
        self.0[place].get_or_init(|| one)
    }
}

/// The networks of a [`Room`] of sites.
pub(crate) type Networks<'t> = Room<Prepared<'t>>;

/// A site that was judged, and which rules were proved on it, by their place.
struct Known<'s> {
    turned: &'s Turned,
    atlas: &'s Atlas<'s>,
    /// Boxes of attacks that may go another way than at first.
    parts: usize,
    proved: Vec<bool>,
}

impl Known<'_> {
    fn count(&self) -> usize {
        self.proved.iter().filter(|proved| **proved).count()
    }
}

/// Judges a site again and again.
pub(crate) struct Judge<'s, 't> {
    first: &'s First<'s>,
    sites: &'t Room<Turned>,
    networks: &'s Networks<'t>,
    used: usize,
    known: Vec<Known<'s>>,
}

impl<'s, 't: 's> Judge<'s, 't> {
    /// Judges the site of `first` again; there must be room for all times.
    pub(crate) fn new(
        first: &'s First<'s>,
        sites: &'t Room<Turned>,
        networks: &'s Networks<'t>,
    ) -> Self {
        Self { first, sites, networks, used: 0, known: Vec::new() }
    }

    /// Goes on to `blueprint`, where the open points `ids` are read in another way.
    ///
    /// What was learnt of other sites is made use of if `is_compared`.
    pub(crate) fn turn(
        &mut self,
        blueprint: Blueprint,
        ids: Vec<&'static str>,
        is_compared: bool,
    ) -> Again<'_> {
        let turned = self.sites.put(self.used, Turned { blueprint, ids });
        let first = self.first;
        let before = self.networks.0.iter().filter_map(OnceCell::get).map(|one| &one.atlas);
        let others: Vec<&Atlas<'_>> = [first.scene.atlas].into_iter().chain(before).collect();
        let atlas = Atlas::like(&turned.blueprint.network, &others);
        let difference = first.difference(&turned.blueprint, &atlas);
        let prepared = self.networks.put(self.used, Prepared { atlas, difference });
        self.used += 1;
        let is_alike = is_compared && self.is_like_one_before(turned, prepared);
        let known = if is_compared { self.known.as_slice() } else { &[] };
        Again { is_alike, ..Again::new(first, turned, prepared, known) }
    }

    /// Whether a site that was turned to before decides alike about everything as `turned`, the
    /// last one. Compared are those without the readings that change nothing alone; that is a
    /// guess, and what the comparison says is none.
    fn is_like_one_before(&self, turned: &Turned, prepared: &Prepared<'_>) -> bool {
        if prepared.difference.is_none() {
            return false;
        }
        let before = || {
            let all = self.sites.0.iter().zip(&self.networks.0).take(self.used - 1);
            let both = all.filter_map(|(site, network)| Some((site.get()?, network.get()?)));
            both.filter_map(|(site, network)| Some((site, network, network.difference.as_ref()?)))
        };
        let tells = |id: &&str| {
            !before().any(|(site, _, difference)| site.ids == [*id] && difference.is_nothing())
        };
        let telling: Vec<&str> = turned.ids.iter().copied().filter(tells).collect();
        if telling.len() == turned.ids.len() {
            return false;
        }
        let mut those = before().filter(|(site, ..)| site.ids == telling);
        those.any(|(_, network, _)| {
            let compared = reach::difference(&network.atlas, &prepared.atlas);
            compared.is_some_and(|compared| compared.is_nothing())
        })
    }

    /// Notes what was proved on the site that was turned to last.
    pub(crate) fn learn(&mut self, proved: Option<Vec<bool>>) {
        let last = self.used.wrapping_sub(1);
        let last = self.sites.0.get(last).zip(self.networks.0.get(last));
        let Some((turned, prepared)) = last.and_then(|(one, two)| Some((one.get()?, two.get()?)))
        else {
            return;
        };
        let (Prepared { atlas, difference: Some(difference) }, Some(proved)) = (prepared, proved)
        else {
            return;
        };
        let parts = difference.new_attacks().len();
        self.known.push(Known { turned, atlas, parts, proved });
    }
}

/// Sites judged before that one more is compared with, for one rule.
// LIMIT: comparing costs, too.
const COMPARED_MAX: usize = 1;

/// Rules that have to be proved on a site that others are compared with.
const PROVED_MIN: usize = 3;

/// The judgement of a site under other readings.
pub(crate) struct Again<'s> {
    first: &'s First<'s>,
    turned: &'s Turned,
    prepared: &'s Prepared<'s>,
    known: &'s [Known<'s>],
    /// Whether a site that was turned to before decides alike about everything.
    is_alike: bool,
    whole: OnceCell<Scene<'s>>,
    /// Boxes of packets that are left to judge: those that may go another way than in the site as
    /// it was judged first, and under `Some` also another way than in the site at this place in
    /// `known`.
    left: BTreeMap<Option<usize>, Left>,
    /// Scenes of these.
    parts: BTreeMap<Option<usize>, Scene<'s>>,
    /// In what the site differs from those in `known`, as far as that was asked.
    compared: BTreeMap<usize, Option<Difference>>,
    /// Places in `known` of those that probably help, the best first.
    order: Vec<usize>,
    proved: Vec<bool>,
}

/// What a proof needs to be repeated.
enum Anew {
    Nothing,
    /// The packets that are left by what was proved of the site as it was judged first, and of the
    /// one at this place.
    Part(Option<usize>),
    Everything,
}

impl<'s> Again<'s> {
    fn new(
        first: &'s First<'s>,
        turned: &'s Turned,
        prepared: &'s Prepared<'s>,
        known: &'s [Known<'s>],
    ) -> Self {
        let left = |at: &usize| left(known, &turned.ids, &known[*at].turned.ids);
        let difference = prepared.difference.as_ref();
        let parts = match known {
            [] => 0,
            _ => difference.map_or(0, |difference| difference.new_attacks().len()),
        };
        let helps = |at: &usize| left(at) < parts && known[*at].count() >= PROVED_MIN;
        let mut order: Vec<usize> = (0..known.len()).filter(helps).collect();
        order.sort_by_key(|at| (left(at), std::cmp::Reverse(known[*at].count())));
        Self {
            first,
            turned,
            prepared,
            known,
            is_alike: false,
            whole: OnceCell::new(),
            left: BTreeMap::new(),
            parts: BTreeMap::new(),
            compared: BTreeMap::new(),
            order,
            proved: Vec::new(),
        }
    }

    /// Whether rules that are still proved are proved here: they were, or were not concerned, on a
    /// site that was turned to before and decides alike about everything.
    pub(crate) fn is_settled(&self) -> bool {
        self.is_alike
    }

    /// What the rule at `place`, which came to `before` at first, comes to now: if that was a
    /// proof, a proof or anything else.
    pub(crate) fn verdict(
        &mut self,
        place: usize,
        one: &Judged,
        before: RuleVerdict,
    ) -> RuleVerdict {
        let needed =
            if before == RuleVerdict::Proved { self.needed(place, one) } else { Anew::Everything };
        let _ = self.prepared.atlas.went_beyond_attacks();
        // Of a proof only that it does not hold any more is of interest, not why, unless what is
        // found first may be waived.
        let waivers = self.first.waivers;
        let is_brief = before == RuleVerdict::Proved
            && self.first.effort == Effort::Shared
            && waivers.are_none();
        let manner = if is_brief { Manner::Briefly } else { Manner::Fully };
        let judged = |scene: &Scene<'_>| {
            scene.ask(manner);
            let mut judgements = (one.rule.check)(scene);
            waivers.mark(one.rule, &mut judgements);
            overall(&judgements)
        };
        let verdict = match needed {
            Anew::Nothing => RuleVerdict::Proved,
            Anew::Part(than) => judged(self.part(than)),
            Anew::Everything => judged(self.whole()),
        };
        if self.proved.len() <= place {
            self.proved.resize(place + 1, false);
        }
        // A proof that also rests on flows of this site says nothing of packets on another one.
        let is_alone = !self.prepared.atlas.went_beyond_attacks();
        self.proved[place] = is_alone && verdict == RuleVerdict::Proved;
        verdict
    }

    /// What has to be judged anew of a rule that was proved at first.
    ///
    /// Where a network decides alike about everything, whatever was proved of it is proved again:
    /// a rule is proved if nothing that it looks at is wrong, and which entry of a list decides is
    /// wrong nowhere. A denial that looks at attacks only holds for every packet that goes the
    /// same way as in any network for which it is proved, so it is refuted by a packet that goes
    /// another way than in each of them, or not at all.
    fn needed(&mut self, place: usize, one: &Judged) -> Anew {
        let Some(first) = &self.prepared.difference else { return Anew::Everything };
        if first.is_nothing() {
            return Anew::Nothing;
        }
        let is_about_attacks = one.rule.kind == Kind::Denial && one.is_about_attacks;
        let mut best = None;
        let mut count = if is_about_attacks { self.left(None).attacks.len() } else { usize::MAX };
        let known = self.known;
        let is_proved = |at: &usize| known[*at].proved.get(place) == Some(&true);
        let order: Vec<usize> =
            self.order.iter().copied().filter(is_proved).take(COMPARED_MAX).collect();
        for at in order {
            if count == 0 {
                break;
            }
            let compared = self
                .compared
                .entry(at)
                .or_insert_with(|| reach::difference(known[at].atlas, &self.prepared.atlas));
            let Some(compared) = compared else { continue };
            if compared.is_nothing() {
                return Anew::Nothing;
            }
            if is_about_attacks && self.left(Some(at)).attacks.len() < count {
                best = Some(at);
                count = self.left(best).attacks.len();
            }
        }
        if is_about_attacks { Anew::Part(best) } else { Anew::Everything }
    }

    /// The packets that go another way than in the site as it was judged first, and than in the
    /// one at the place `than`, with which this one was compared.
    fn left(&mut self, than: Option<usize>) -> &Left {
        let (prepared, compared) = (self.prepared, &self.compared);
        self.left.entry(than).or_insert_with(|| {
            let first = prepared.difference.as_ref();
            let first = first.map(left_by).unwrap_or_default();
            let Some(other) = than.and_then(|at| compared.get(&at)?.as_ref()).map(left_by) else {
                return first;
            };
            Left {
                attacks: in_both(&first.attacks, &other.attacks),
                forgeries: in_both(&first.forgeries, &other.forgeries),
            }
        })
    }

    /// The scene of the packets that are left.
    fn part(&mut self, than: Option<usize>) -> &Scene<'s> {
        let left = self.left(than).clone();
        let (first, turned, prepared) = (self.first, self.turned, self.prepared);
        self.parts.entry(than).or_insert_with(|| scene(first, turned, prepared, Focus::Part(left)))
    }

    fn whole(&self) -> &Scene<'s> {
        let (first, turned, prepared) = (self.first, self.turned, self.prepared);
        self.whole.get_or_init(|| scene(first, turned, prepared, Focus::All))
    }

    /// Which rules were proved on the site, if others may be compared with it.
    ///
    /// Whether a packet that needs an open session gets on depends on who can open it, that is on
    /// other packets; where some do, no packet can be judged alone.
    pub(crate) fn proved(self) -> Option<Vec<bool>> {
        let mut scenes = self.parts.values().chain(self.whole.get());
        let is_alone = !scenes.any(Scene::relies_on_sessions);
        (self.prepared.difference.is_some() && is_alone).then_some(self.proved)
    }
}

/// What a network leaves to judge that differs so from one in which a rule is proved.
fn left_by(difference: &Difference) -> Left {
    Left { attacks: difference.new_attacks(), forgeries: difference.forgeries() }
}

/// The packets that are in boxes of `one` and in boxes of `other`.
fn in_both(one: &[(Family, Cube)], other: &[(Family, Cube)]) -> Vec<(Family, Cube)> {
    let mut found: Vec<(Family, Cube)> = Vec::new();
    for (family, own) in one {
        for (_, its) in other.iter().filter(|(its, _)| its == family) {
            let Some(both) = own.intersect(its) else { continue };
            if !found.iter().any(|(known, cube)| known == family && cube.covers(&both)) {
                found.retain(|(known, cube)| known != family || !both.covers(cube));
                found.push((*family, both));
            }
        }
    }
    found
}

/// How many boxes of attacks are probably left between two sites: those of the open points that
/// are read differently. It only decides which sites are compared.
fn left(known: &[Known<'_>], one: &[&str], other: &[&str]) -> usize {
    let only_one = one.iter().filter(|id| !other.contains(id));
    let only_other = other.iter().filter(|id| !one.contains(id));
    let alone = |id: &&str| {
        let known = known.iter().find(|known| known.turned.ids == [*id]);
        known.map_or(usize::MAX, |known| known.parts)
    };
    only_one.chain(only_other).map(alone).fold(0, usize::saturating_add)
}

fn scene<'s>(
    first: &'s First<'s>,
    turned: &'s Turned,
    prepared: &'s Prepared<'s>,
    focus: Focus,
) -> Scene<'s> {
    let scene = Scene::new(&turned.blueprint, &prepared.atlas, Limits::default(), focus);
    let scene = like(first, scene);
    match &prepared.difference {
        Some(difference) => scene.after(first.scene, difference),
        None => scene,
    }
}

/// `scene`, with what is known beside the network, judged with the effort of `first`.
fn like<'s>(first: &First<'s>, scene: Scene<'s>) -> Scene<'s> {
    let scene = match first.scene.house {
        Some(house) => scene.with_house(house),
        None => scene,
    };
    match first.effort {
        Effort::Shared => scene,
        Effort::Plain => scene.plain(),
    }
}

impl First<'_> {
    /// The blueprint under other readings.
    pub(crate) fn turn(&self, readings: &Readings) -> Blueprint {
        self.alike(match self.effort {
            Effort::Shared => self.assembled.turn(self.scene.blueprint, readings),
            Effort::Plain => self.assembled.lower(readings).blueprint,
        })
    }

    /// The blueprint with the line's prefix inside `net`.
    pub(crate) fn with_prefix(&self, net: OwnPrefix) -> Blueprint {
        self.alike(self.assembled.lower_with(&self.assembled.readings, Some(net)).blueprint)
    }

    fn alike(&self, blueprint: Blueprint) -> Blueprint {
        let opened = self.is_without_own.then(|| design::without_own_firewalls(&blueprint));
        opened.flatten().unwrap_or(blueprint)
    }

    /// In what the network of `other` differs; `None` if it has to be judged as a whole.
    fn difference(&self, other: &Blueprint, atlas: &Atlas<'_>) -> Option<Difference> {
        let own = self.scene.blueprint;
        // Whether a packet that needs an open session gets on depends on who can open it, that is
        // on other packets.
        let is_whole = self.effort == Effort::Plain || self.scene.relies_on_sessions();
        let is_same_site =
            || Arc::ptr_eq(&own.setting, &other.setting) || own.setting.is_same(&other.setting);
        if is_whole || !is_same_site() {
            return None;
        }
        reach::difference(self.scene.atlas, atlas)
    }
}
