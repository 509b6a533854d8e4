//! The flows of a site tried out, with the answers to them and what follows these; taken over from
//! a network that is almost the same wherever nothing differs for them.

use std::cell::OnceCell;
use std::rc::Rc;

use design::LineTunnel;
use reach::{Difference, Exploration, Leaf};

use crate::Scene;
use crate::flows::{self, Trial};
use crate::judgement::Judgement;

/// What was tried out so far.
#[derive(Default)]
pub(crate) struct Tried<'a> {
    services: OnceCell<Vec<Rc<Trial>>>,
    destinations: OnceCell<Vec<Rc<Trial>>>,
    answers: OnceCell<Vec<Vec<Option<Answers>>>>,
    pub(crate) tunnels: OnceCell<Vec<(LineTunnel, Vec<Judgement>)>>,
    before: Option<Before<'a>>,
}

/// The same site with a network that is almost the same, judged before.
///
/// What is followed from a node on and meets nothing in which the networks differ is taken over:
/// it is what would be found again, but for the numbers of entries, which are told and decide
/// nothing.
#[derive(Clone, Copy)]
struct Before<'a> {
    scene: &'a Scene<'a>,
    difference: &'a Difference,
}

/// The answers to a packet that arrived, and what is sent after them.
#[derive(Clone)]
struct Answers {
    found: Rc<Exploration>,
    each: Later,
    /// The same with all TCP flags in one box.
    at_once: Later,
}

/// What is sent after the first answer, as far as it was asked.
#[derive(Clone, Default)]
struct Later {
    own: Rc<OnceCell<Exploration>>,
    /// What those who answer send.
    answers: Rc<OnceCell<Exploration>>,
}

impl Later {
    /// What of it is the same where `is_same` says so.
    fn taken_over(&self, is_same: &impl Fn(&Exploration) -> bool) -> Self {
        let taken_over = |known: &Rc<OnceCell<Exploration>>| match known.get() {
            Some(later) if is_same(later) => Rc::clone(known),
            _ => Rc::default(),
        };
        Self { own: taken_over(&self.own), answers: taken_over(&self.answers) }
    }
}

/// A packet of a flow that arrived, with its answers.
#[derive(Clone, Copy)]
pub(crate) struct Answered<'s> {
    pub(crate) trial: &'s Trial,
    pub(crate) leaf: &'s Leaf,
    pub(crate) found: &'s Exploration,
    each: &'s Later,
    at_once: &'s Later,
}

impl<'a> Scene<'a> {
    /// The scene with what was found on `scene`, whose network differs from this one in
    /// `difference`. The sites must be the same beside their networks.
    #[must_use]
    pub fn after(mut self, scene: &'a Scene<'a>, difference: &'a Difference) -> Self {
        if difference.keeps_addresses() {
            self.tried.before = Some(Before { scene, difference });
        }
        self
    }

    /// The scene that this one comes [after](Self::after), and in what their networks differ.
    pub(crate) fn before(&self) -> Option<(&'a Scene<'a>, &'a Difference)> {
        self.tried.before.map(|before| (before.scene, before.difference))
    }

    /// Each service of the site tried out, in the order of the site file.
    pub(crate) fn services(&self) -> &[Rc<Trial>] {
        self.atlas.go_beyond_attacks();
        self.tried.services.get_or_init(|| match &self.tried.before {
            Some(before) => self.tried_again(before, before.scene.services()),
            None => flows::services(self).into_iter().map(Rc::new).collect(),
        })
    }

    /// Each listed destination tried out by each machine that needs it.
    pub(crate) fn destinations(&self) -> &[Rc<Trial>] {
        self.atlas.go_beyond_attacks();
        self.tried.destinations.get_or_init(|| match &self.tried.before {
            Some(before) => self.tried_again(before, before.scene.destinations()),
            None => flows::destinations(self).into_iter().map(Rc::new).collect(),
        })
    }

    /// Whether the listed destinations were tried out already, or are taken over for the most part.
    pub(crate) fn are_destinations_tried(&self) -> bool {
        self.is_plain() || self.tried.before.is_some() || self.tried.destinations.get().is_some()
    }

    fn tried_again(&self, before: &Before<'_>, trials: &[Rc<Trial>]) -> Vec<Rc<Trial>> {
        let again = |trial: &Rc<Trial>| {
            if before.difference.touches(&trial.found) {
                Rc::new(flows::again(self, trial))
            } else {
                Rc::clone(trial)
            }
        };
        trials.iter().map(again).collect()
    }

    fn trials(&self) -> impl Iterator<Item = &Rc<Trial>> {
        self.services().iter().chain(self.destinations())
    }

    fn answers(&self) -> &[Vec<Option<Answers>>] {
        self.tried.answers.get_or_init(|| {
            let all = self.trials().enumerate();
            all.map(|(place, trial)| self.answers_to(place, trial)).collect()
        })
    }

    /// The answers to the packets of the trial at `place`, one for each leaf that arrives.
    fn answers_to(&self, place: usize, trial: &Rc<Trial>) -> Vec<Option<Answers>> {
        let anew = |leaf: &Leaf| Answers {
            found: Rc::new(self.atlas.answer(&trial.found, leaf, &self.limits)),
            each: Later::default(),
            at_once: Later::default(),
        };
        // Those of another exploration have other leaves.
        let before = self.tried.before.as_ref().filter(|before| {
            before.scene.trials().nth(place).is_some_and(|known| Rc::ptr_eq(known, trial))
        });
        let known = before.and_then(|before| before.scene.answers().get(place));
        let again = |number: usize, leaf: &Leaf| {
            let is_same = |found: &Exploration| {
                before.is_some_and(|before| !before.difference.touches(found))
            };
            let Some(Some(known)) = known.and_then(|known| known.get(number)) else {
                return anew(leaf);
            };
            let mut answers =
                if is_same(&known.found) { Answers::clone(known) } else { anew(leaf) };
            answers.each = known.each.taken_over(&is_same);
            answers.at_once = known.at_once.taken_over(&is_same);
            answers
        };
        let leaves = trial.found.leaves.iter().enumerate();
        leaves.map(|(number, leaf)| trial.arrives(leaf).then(|| again(number, leaf))).collect()
    }

    /// Services and listed destinations tried out, each packet that arrives with its answers.
    pub(crate) fn answered(&self) -> impl Iterator<Item = Answered<'_>> {
        self.trials().zip(self.answers()).flat_map(|(trial, answers)| {
            let leaves = trial.found.leaves.iter().zip(answers);
            leaves.filter_map(move |(leaf, answers)| {
                let Answers { found, each, at_once } = answers.as_ref()?;
                Some(Answered { trial, leaf, found, each, at_once })
            })
        })
    }

    /// The ways of [all that arrives](Self::answered), and those of the answers.
    pub(crate) fn ways(&self) -> impl Iterator<Item = (&Trial, &Exploration)> {
        self.answered().flat_map(|one| [(one.trial, &one.trial.found), (one.trial, one.found)])
    }

    /// What becomes of the packets that follow the answers of `one`.
    pub(crate) fn later<'s>(&self, one: &Answered<'s>) -> &'s Exploration {
        let Answered { trial, leaf, each, .. } = *one;
        each.own.get_or_init(|| self.atlas.follow_up(&trial.start, leaf, &self.limits))
    }

    /// What becomes of the packets that those who answer send later.
    pub(crate) fn later_answers<'s>(&self, one: &Answered<'s>) -> &'s Exploration {
        let Answered { trial, leaf, each, .. } = *one;
        each.answers.get_or_init(|| self.atlas.later_answer(&trial.found, leaf, &self.limits))
    }

    /// Whether all of [`later`](Self::later) and of [`later_answers`](Self::later_answers) is seen
    /// to come to ends of which `is_own_end` and `is_end_of_answer` hold, without following them
    /// one after the other.
    ///
    /// They are followed in one box together with packets that have other flags. Each of them has
    /// the same ways there, since an exploration holds all ways of every packet in it; so if no
    /// packet of the box is lost, none of them is. If one is lost, it may be another.
    pub(crate) fn surely_goes_on(
        &self,
        one: &Answered<'_>,
        is_own_end: impl Fn(&Leaf) -> bool,
        is_end_of_answer: impl Fn(&Leaf) -> bool,
    ) -> bool {
        if self.is_plain() {
            return false;
        }
        let Answered { trial, leaf, at_once, .. } = *one;
        let limits = &self.limits;
        let own =
            at_once.own.get_or_init(|| self.atlas.follow_up_at_once(&trial.start, leaf, limits));
        if !own.is_complete || !own.leaves.iter().all(is_own_end) {
            return false;
        }
        let answers = at_once
            .answers
            .get_or_init(|| self.atlas.later_answer_at_once(&trial.found, leaf, limits));
        answers.is_complete && answers.leaves.iter().all(is_end_of_answer)
    }
}
