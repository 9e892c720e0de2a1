//! Where every run is at the playhead, exactly: its state replayed from the keyframe before, its true loss, and how far it is from the plane.

use std::sync::Arc;

use super::job::{Job, Notify};
use super::lane::Lane;
use super::plane::Plane;
use super::pool::{Next, Pool, Priority};
use crate::landscape::Slice;
use crate::model::Measurement;
use crate::objective::{Batch, Objective, Scratch};
use crate::run::{Keyframe, RunPlan, replay};

/// One run at one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Probe {
    pub step: u64,
    /// Its point on the plane.
    pub ab: [f64; 2],
    /// Its distance from the plane.
    pub off: f64,
    /// Loss at the point itself, over the watched rows.
    pub true_loss: f64,
    /// Loss at its point on the plane, over the watched rows.
    pub plane_loss: f64,
    /// Losses and metrics at the point itself.
    pub measured: Measurement,
}

struct Question {
    plan: RunPlan,
    from: Arc<Keyframe>,
    step: u64,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    step: u64,
    plane: u64,
    /// Which runs, and where their rows end.
    lanes: Vec<(u64, u64)>,
}

/// Answers about one step at a time.
#[derive(Default)]
pub struct Probes {
    answers: Vec<Option<Probe>>,
    asked: Option<Key>,
    job: Option<Job<Vec<Option<Probe>>>>,
}

impl Probes {
    /// The answer for lane `i`; it says itself for which step it is.
    pub fn of(&self, i: usize) -> Option<&Probe> {
        self.answers.get(i)?.as_ref()
    }

    pub(super) fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    pub(super) fn poll(&mut self) -> bool {
        let answers = Job::fetch(&mut self.job);
        let news = answers.is_some();
        self.answers = answers.unwrap_or_else(|| std::mem::take(&mut self.answers));
        news
    }

    /// Asks about a step, unless the last question is still being answered: the next frame asks again.
    pub(super) fn ask(
        &mut self,
        pool: &Pool,
        notify: &Notify,
        plane: &Arc<Plane>,
        lanes: &[Lane],
        watched: &Arc<dyn Objective>,
        step: u64,
    ) {
        let key = Key {
            step,
            plane: plane.number,
            lanes: lanes
                .iter()
                .map(|lane| (lane.number(), lane.trajectory().last_step().min(step)))
                .collect(),
        };
        if self.job.is_some() || self.asked.as_ref() == Some(&key) {
            return;
        }
        self.asked = Some(key);
        let questions: Vec<Option<Question>> = lanes.iter().map(|lane| question(lane, step)).collect();
        let slice = Arc::clone(&plane.slice);
        let objective = Arc::clone(watched);
        let mut answers = Vec::with_capacity(questions.len());
        let mut scratch = Scratch::default();
        self.job = Some(Job::start(pool, Priority::Glance, notify, move |port| {
            if let Some(question) = questions.get(answers.len()) {
                answers.push(question.as_ref().map(|q| answer(q, objective.as_ref(), &slice, &mut scratch)));
            }
            if answers.len() < questions.len() {
                return Next::Again;
            }
            port.send(std::mem::take(&mut answers));
            Next::Done
        }));
    }
}

fn question(lane: &Lane, step: u64) -> Option<Question> {
    let step = step.min(lane.trajectory().last_step());
    let from = lane.trajectory().keyframe_before(step)?;
    Some(Question {
        plan: lane.plan().clone(),
        from: Arc::clone(from),
        step,
    })
}

fn answer(question: &Question, objective: &dyn Objective, slice: &Slice, scratch: &mut Scratch) -> Probe {
    let state = replay(&question.plan, &question.from, question.step);
    let x = question.plan.whole(&state.walk.x);
    let (ab, off) = slice.project(&x);
    let mut on_plane = vec![0.0; slice.dim()];
    slice.embed(ab[0], ab[1], &mut on_plane);
    Probe {
        step: question.step,
        ab,
        off,
        true_loss: objective.value(&x, Batch::Full, scratch),
        plane_loss: objective.value(&on_plane, Batch::Full, scratch),
        measured: question
            .plan
            .evaluator
            .as_ref()
            .map(|evaluator| evaluator.measure(&x, scratch))
            .unwrap_or_default(),
    }
}
