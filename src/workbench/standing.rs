//! How every run stands at the playhead, exactly: its model at that step on all rows of each set, its answers over the features, and a
//! verdict on its learning curve up to there.

use std::sync::Arc;

use super::job::{Job, Notify};
use super::lane::Lane;
use super::pool::{Next, Pool, Priority};
use crate::experiment::LoadedModel;
use crate::landscape::{Answers, FeaturePlane};
use crate::model::{Charts, Ending, FitVerdict, Measurement, Metric, judge};
use crate::objective::Scratch;
use crate::run::{Keyframe, RunPlan, replay};

/// Points along each side of the grid on which answers are drawn.
const GRID: usize = 81;

/// One run at one step.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub step: u64,
    /// Training rows first, then those of the held-out sets that there are.
    pub sets: Vec<SetStanding>,
    /// What the model answers over [`Standings::plane`].
    pub answers: Option<Answers>,
    pub verdict: FitVerdict,
    /// What was measured up to this step.
    pub curve: Vec<(u64, Measurement)>,
}

/// The same on one set of rows.
#[derive(Debug, Clone, PartialEq)]
pub struct SetStanding {
    /// `train`, `validation` or `test`.
    pub name: &'static str,
    pub metrics: Vec<Metric>,
    pub charts: Charts,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StandingLook {
    /// The class that curves are about; none = the last.
    pub class: Option<usize>,
    /// The features over which answers are drawn; none = the only two, or two principal components.
    pub features: Option<[usize; 2]>,
}

struct Question {
    plan: RunPlan,
    from: Arc<Keyframe>,
    step: u64,
    curve: Vec<(u64, Measurement)>,
    ending: Ending,
}

/// What was asked.
#[derive(Clone)]
struct Key {
    step: u64,
    model: Arc<[f64]>,
    look: StandingLook,
    /// Which runs, and where their rows and measurements end.
    lanes: Vec<(u64, u64, usize)>,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        // A model that was loaded anew is another one, whatever its numbers.
        Arc::ptr_eq(&self.model, &other.model) && (self.step, self.look, &self.lanes) == (other.step, other.look, &other.lanes)
    }
}

impl Key {
    /// Whether answers to both are drawn over the same plane.
    fn has_plane_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.model, &other.model) && self.look.features == other.look.features
    }
}

/// All answers to one question.
struct Reply {
    plane: Option<Arc<FeaturePlane>>,
    runs: Vec<Option<Standing>>,
}

/// Answers about one step at a time.
#[derive(Default)]
pub struct Standings {
    runs: Vec<Option<Standing>>,
    plane: Option<Arc<FeaturePlane>>,
    /// The question that the plane was laid for.
    laid: Option<Key>,
    /// Counts the replies, so that pictures of them are painted once.
    number: u64,
    asked: Option<Key>,
    job: Option<Job<Reply>>,
}

impl Standings {
    /// How run `i` stands; it says itself at which step.
    pub fn of(&self, i: usize) -> Option<&Standing> {
        self.runs.get(i)?.as_ref()
    }

    /// The plane over which answers are drawn; none with fewer than two features.
    pub fn plane(&self) -> Option<&Arc<FeaturePlane>> {
        self.plane.as_ref()
    }

    /// Another one with every reply.
    pub fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    pub(super) fn poll(&mut self) -> bool {
        let Some(Reply { plane, runs }) = Job::fetch(&mut self.job) else {
            return false;
        };
        (self.plane, self.runs) = (plane, runs);
        self.number += 1;
        true
    }

    /// Forgets all answers: nobody looks.
    pub(super) fn clear(&mut self) {
        self.runs.clear();
        self.asked = None;
    }

    /// Asks about a step, unless the last question is still being answered: the next frame asks again.
    pub(super) fn ask(
        &mut self,
        pool: &Pool,
        notify: &Notify,
        model: &LoadedModel,
        lanes: &[Lane],
        look: StandingLook,
        step: u64,
    ) {
        let of = |lane: &Lane| {
            let last = lane.trajectory().last_step().min(step);
            (lane.number(), last, measured(lane, last).len())
        };
        let key = Key {
            step,
            model: Arc::clone(&model.x0),
            look,
            lanes: lanes.iter().map(of).collect(),
        };
        if self.job.is_some() || self.asked.as_ref() == Some(&key) {
            return;
        }
        let is_laid = self.laid.as_ref().is_some_and(|laid| laid.has_plane_of(&key));
        let mut plane = is_laid.then(|| self.plane.clone());
        self.laid = Some(key.clone());
        self.asked = Some(key);
        let questions: Vec<Option<Question>> = lanes.iter().map(|lane| question(lane, step)).collect();
        let model = model.clone();
        let mut runs = Vec::with_capacity(questions.len());
        let mut scratch = Scratch::default();
        self.job = Some(Job::start(pool, Priority::Glance, notify, move |port| {
            let plane = plane.get_or_insert_with(|| lay(&model, look.features));
            if let Some(question) = questions.get(runs.len()) {
                let plane = plane.as_deref();
                runs.push(question.as_ref().map(|q| answer(q, &model, plane, look.class, &mut scratch)));
            }
            if runs.len() < questions.len() {
                return Next::Again;
            }
            port.send(Reply {
                plane: plane.clone(),
                runs: std::mem::take(&mut runs),
            });
            Next::Done
        }));
    }
}

/// What was measured on a run up to a step.
fn measured(lane: &Lane, step: u64) -> &[(u64, Measurement)] {
    let all = lane.trajectory().measurements();
    &all[..all.partition_point(|(at, _)| *at <= step)]
}

fn question(lane: &Lane, step: u64) -> Option<Question> {
    let ending = lane.trajectory().ending(step);
    let step = lane.trajectory().restored(step);
    Some(Question {
        plan: lane.plan().clone(),
        from: Arc::clone(lane.trajectory().keyframe_before(step)?),
        step,
        curve: measured(lane, step).to_vec(),
        ending,
    })
}

fn lay(model: &LoadedModel, features: Option<[usize; 2]>) -> Option<Arc<FeaturePlane>> {
    let held_out = model.prepared.validation.as_deref();
    FeaturePlane::new(model.watched.data(), held_out, features).map(Arc::new)
}

fn answer(
    question: &Question,
    model: &LoadedModel,
    plane: Option<&FeaturePlane>,
    class: Option<usize>,
    scratch: &mut Scratch,
) -> Standing {
    let state = replay(&question.plan, &question.from, question.step);
    let x = &*question.plan.whole(&state.walk.x);
    let constant = model.watched.loss_of_best_constant();
    let sets = model.reports(x, scratch).into_iter().map(|(name, report)| SetStanding {
        name,
        metrics: report.metrics(),
        charts: report.charts(class.unwrap_or(usize::MAX)),
    });
    let sets = sets.collect();
    // The step itself has been measured only if a measurement fell on it.
    let mut curve = question.curve.clone();
    let is_measured = curve.last().is_some_and(|(step, _)| *step == question.step);
    if let Some(evaluator) = question.plan.evaluator.as_ref().filter(|_| !is_measured) {
        curve.push((question.step, evaluator.measure(x, scratch)));
    }
    Standing {
        step: question.step,
        sets,
        answers: plane.map(|plane| plane.answers(&model.watched, x, GRID, scratch)),
        verdict: judge(&curve, constant, question.ending),
        curve,
    }
}
