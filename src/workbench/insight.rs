//! What a run knows at the playhead, brought onto the plane that is shown: the gradient, the step that follows, and what its rule
//! shows of its state. Replayed exactly from the keyframe before.

use std::sync::Arc;

use super::job::{Job, Notify};
use super::lane::Lane;
use super::pool::{Next, Pool, Priority};
use crate::landscape::Slice;
use crate::math::ops;
use crate::objective::{Batch, Bounds, Scratch};
use crate::optim::arithmetic::{Line, explain};
use crate::optim::{Overlay, StepEvent, Surrogate, Trace};
use crate::run::{Keyframe, RunPlan, replay};

/// Cells along a side of the domain of which a surrogate's belief is shown.
const CELLS: usize = 20;
/// Corners of a curve that is drawn as a polygon.
const CORNERS: usize = 64;

/// One run at one step, in the coordinates (a, b) of the plane.
#[derive(Debug, Clone, PartialEq)]
pub struct Insight {
    pub step: u64,
    pub at: [f64; 2],
    /// −∇f at the point, exact.
    pub downhill: [f64; 2],
    /// The learning rate of the step that follows, if the rule has one.
    pub lr: Option<f64>,
    /// The displacement of the step that follows, if there is one.
    pub next: Option<[f64; 2]>,
    pub marks: Vec<Mark>,
    /// The step that follows, written out, if that was asked for.
    pub arithmetic: Vec<Line>,
}

/// What is asked about one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// Whether its state is drawn.
    pub inside: bool,
    /// The coordinates of which the next step is written out.
    pub written_out: Option<[usize; 2]>,
}

impl Look {
    fn is_needed(self) -> bool {
        self.inside || self.written_out.is_some()
    }
}

/// An [`Overlay`] on the plane.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A displacement from the point.
    Velocity([f64; 2]),
    /// Half the sides of a box around the point, in units of the gradient, with |∇f| at the start to measure them by.
    Squares {
        sides: [f64; 2],
        unit: f64,
    },
    Average([f64; 2]),
    Probe([f64; 2]),
    Simplex(Vec<[f64; 2]>),
    Population(Vec<[f64; 2]>),
    Proposals(Vec<([f64; 2], StepEvent)>),
    /// Its mean, and its one-sigma outline.
    Ellipse {
        centre: [f64; 2],
        outline: Vec<[f64; 2]>,
    },
    /// How far a step may go.
    TrustRegion(Vec<[f64; 2]>),
    Best([f64; 2]),
    /// What a surrogate believes, and where it has looked.
    Belief {
        cells: Vec<Cell>,
        size: [f64; 2],
        observed: Vec<[f64; 2]>,
    },
}

/// A surrogate's belief about the height in the middle of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    pub at: [f64; 2],
    pub mean: f64,
    /// Its standard deviation as a share of the largest.
    pub doubt: f64,
}

struct Question {
    plan: RunPlan,
    from: Arc<Keyframe>,
    step: u64,
    /// Whether a step follows.
    goes_on: bool,
    /// |∇f| at the start.
    unit: f64,
    written_out: Option<[usize; 2]>,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    step: u64,
    plane: u64,
    /// Which runs, and where their rows end; none for runs that nobody looks into.
    lanes: Vec<Option<(u64, u64)>>,
    looks: Vec<Look>,
}

/// Answers about one step at a time.
#[derive(Default)]
pub struct Insights {
    answers: Vec<Option<Insight>>,
    asked: Option<Key>,
    job: Option<Job<Vec<Option<Insight>>>>,
}

impl Insights {
    /// The answer for lane `i`; it says itself for which step it is.
    pub fn of(&self, i: usize) -> Option<&Insight> {
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

    /// Forgets all answers: nobody looks.
    pub(super) fn clear(&mut self) {
        self.answers.clear();
        self.asked = None;
    }

    /// Asks about a step on the plane with this number, a look a run, unless the last question is still being answered: the next frame
    /// asks again.
    pub(super) fn ask(
        &mut self,
        pool: &Pool,
        notify: &Notify,
        (slice, plane): (Arc<Slice>, u64),
        lanes: &[Lane],
        looks: &[Look],
        step: u64,
    ) {
        let needed = |i: usize| looks.get(i).copied().filter(|look| look.is_needed());
        let of = |(i, lane): (usize, &Lane)| needed(i).map(|_| (lane.number(), lane.trajectory().last_step().min(step)));
        let key = Key {
            step,
            plane,
            lanes: lanes.iter().enumerate().map(of).collect(),
            looks: looks.to_vec(),
        };
        if self.job.is_some() || self.asked.as_ref() == Some(&key) {
            return;
        }
        self.asked = Some(key);
        let of = |(i, lane): (usize, &Lane)| needed(i).and_then(|look| question(lane, step, look));
        let questions: Vec<Option<Question>> = lanes.iter().enumerate().map(of).collect();
        let mut answers = Vec::with_capacity(questions.len());
        self.job = Some(Job::start(pool, Priority::Glance, notify, move |port| {
            if let Some(question) = questions.get(answers.len()) {
                answers.push(question.as_ref().and_then(|question| answer(question, &slice)));
            }
            if answers.len() < questions.len() {
                return Next::Again;
            }
            port.send(std::mem::take(&mut answers));
            Next::Done
        }));
    }
}

fn question(lane: &Lane, step: u64, look: Look) -> Option<Question> {
    let trajectory = lane.trajectory();
    let last = trajectory.last_step();
    let step = step.min(last);
    Some(Question {
        plan: lane.plan().clone(),
        from: Arc::clone(trajectory.keyframe_before(step)?),
        step,
        goes_on: step < last,
        unit: trajectory.trace().grad_norm.first().copied()?,
        written_out: look.written_out,
    })
}

fn answer(question: &Question, slice: &Slice) -> Option<Insight> {
    let Question { plan, from, step, .. } = question;
    let mut state = replay(plan, from, *step);
    let before = state.walk.x.clone();
    let here = plan.whole(&before);
    if here.len() != slice.dim() {
        return None;
    }
    let mut downhill = vec![0.0; before.len()];
    plan.objective
        .value_and_grad(&before, Batch::Full, &mut downhill, &mut Scratch::default());
    downhill.iter_mut().for_each(|g| *g = -*g);
    let overlays = state.slot.overlays().into_iter();
    let place = Place {
        plan,
        slice,
        here: &here,
        domain: plan.objective.domain(),
        unit: question.unit,
    };
    let marks = overlays.filter_map(|overlay| place.mark(overlay)).collect();
    let coordinates = question.written_out.filter(|_| question.goes_on);
    let arithmetic = coordinates.map(|of| explain(state.slot.as_ref(), &plan.fixed(), &state.walk, &of));
    let next = question.goes_on.then(|| step_on(plan, &mut state));
    Some(Insight {
        step: *step,
        at: slice.project(&here).0,
        downhill: place.displacement(&downhill),
        lr: next.filter(|lr| lr.is_finite()),
        next: next.map(|_| place.displacement(&difference(&state.walk.x, &before))),
        marks,
        arithmetic: arithmetic.unwrap_or_default(),
    })
}

/// Takes one step; its learning rate, NaN where the rule has none.
fn step_on(plan: &RunPlan, state: &mut Keyframe) -> f64 {
    let mut row = Trace::new(0);
    state.slot.advance(&plan.fixed(), &mut state.walk, 1, &mut row);
    row.lr.first().copied().unwrap_or(f64::NAN)
}

fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

/// Where overlays are brought to.
struct Place<'a> {
    plan: &'a RunPlan,
    slice: &'a Slice,
    here: &'a [f64],
    domain: Option<&'a Bounds>,
    unit: f64,
}

impl Place<'_> {
    /// Nothing for points that are no points of this space.
    fn point(&self, x: &[f64]) -> Option<[f64; 2]> {
        let x = self.plan.whole(x);
        (x.len() == self.slice.dim()).then(|| self.slice.project(&x).0)
    }

    fn displacement(&self, d: &[f64]) -> [f64; 2] {
        self.slice.project_displacement(&self.plan.whole_displacement(d))
    }

    fn axes(&self, axes: &[Vec<f64>]) -> Vec<Vec<f64>> {
        axes.iter()
            .map(|axis| self.plan.whole_displacement(axis).into_owned())
            .collect()
    }

    /// What a rule shows, on the plane.
    fn mark(&self, overlay: Overlay) -> Option<Mark> {
        let slice = self.slice;
        let points = |xs: &[Vec<f64>]| xs.iter().filter_map(|x| self.point(x)).collect();
        Some(match overlay {
            Overlay::Velocity(d) => Mark::Velocity(self.displacement(&d)),
            Overlay::Squares(sides) => Mark::Squares {
                sides: extent(&self.plan.whole_displacement(&sides), slice),
                unit: self.unit,
            },
            Overlay::Average(x) => Mark::Average(self.point(&x)?),
            Overlay::Probe(x) => Mark::Probe(self.point(&x)?),
            Overlay::Simplex(xs) => Mark::Simplex(points(&xs)),
            Overlay::Population(xs) => Mark::Population(points(&xs)),
            Overlay::Proposals(xs) => {
                Mark::Proposals(xs.iter().filter_map(|(x, event)| Some((self.point(x)?, *event))).collect())
            }
            Overlay::Ellipse { centre, axes } => Mark::Ellipse {
                centre: self.point(&centre)?,
                outline: ellipse(self.point(&centre)?, &self.axes(&axes), slice),
            },
            Overlay::TrustRadius(radius) => Mark::TrustRegion(ball(self.point(self.here)?, radius, slice)),
            Overlay::Best { x, .. } => Mark::Best(self.point(&x)?),
            Overlay::Surrogate(surrogate) => self.belief(&surrogate)?,
        })
    }

    /// What a surrogate of two variables believes, all over the domain.
    fn belief(&self, surrogate: &Surrogate) -> Option<Mark> {
        let domain = self.domain.filter(|domain| domain.low.len() == 2)?;
        let size = [0, 1].map(|i| (domain.high[i] - domain.low[i]) / CELLS as f64);
        let middle = |i: usize, k: usize| domain.low[i] + (k as f64 + 0.5) * size[i];
        let mut cells: Vec<Cell> = Vec::with_capacity(CELLS * CELLS);
        for k in 0..CELLS * CELLS {
            let at = [middle(0, k % CELLS), middle(1, k / CELLS)];
            let [mean, doubt] = surrogate.at(&at);
            cells.push(Cell { at, mean, doubt });
        }
        let most = cells.iter().map(|cell| cell.doubt).fold(f64::MIN_POSITIVE, f64::max);
        cells.iter_mut().for_each(|cell| cell.doubt /= most);
        let observed = surrogate.observed().filter_map(|(x, _)| self.point(x)).collect();
        Some(Mark::Belief { cells, size, observed })
    }
}

/// How far a box with these half sides reaches along the two directions.
fn extent(sides: &[f64], slice: &Slice) -> [f64; 2] {
    let [uu, _, vv] = slice.gram();
    let along = |direction: &[f64], squared: f64| {
        let reach: f64 = sides.iter().zip(direction).map(|(side, d)| (side * d).abs()).sum();
        if squared > 0.0 { reach / squared } else { 0.0 }
    };
    [along(&slice.u, uu), along(&slice.v, vv)]
}

/// Lower triangular root of a symmetric matrix [[xx, xy], [xy, yy]], 0 where it is not positive.
fn root([xx, xy, yy]: [f64; 3]) -> [f64; 3] {
    let a = xx.max(0.0).sqrt();
    let b = if a > 0.0 { xy / a } else { 0.0 };
    [a, b, (yy - b * b).max(0.0).sqrt()]
}

fn circle() -> impl Iterator<Item = (f64, f64)> {
    (0..CORNERS).map(|k| {
        let (sin, cos) = ops::sin_cos(std::f64::consts::TAU * k as f64 / CORNERS as f64);
        (cos, sin)
    })
}

/// The one-sigma outline of a normal distribution, seen along the plane: its covariance is that of the projected axes.
fn ellipse(centre: [f64; 2], axes: &[Vec<f64>], slice: &Slice) -> Vec<[f64; 2]> {
    let mut covariance = [0.0; 3];
    for axis in axes.iter().filter(|axis| axis.len() == slice.dim()) {
        let [a, b] = slice.project_displacement(axis);
        covariance = [covariance[0] + a * a, covariance[1] + a * b, covariance[2] + b * b];
    }
    let [l, m, n] = root(covariance);
    let corner = |(cos, sin): (f64, f64)| [centre[0] + l * cos, centre[1] + m * cos + n * sin];
    circle().map(corner).collect()
}

/// Where the plane cuts the ball of this radius around a point of the plane: with Gram matrix G = L Lᵀ the edge is
/// centre + radius L⁻ᵀ (cos, sin).
fn ball(centre: [f64; 2], radius: f64, slice: &Slice) -> Vec<[f64; 2]> {
    let [l, m, n] = root(slice.gram());
    if l <= 0.0 || n <= 0.0 {
        return Vec::new();
    }
    let corner = |(cos, sin): (f64, f64)| {
        let b = sin / n;
        let a = (cos - m * b) / l;
        [centre[0] + radius * a, centre[1] + radius * b]
    };
    circle().map(corner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skew() -> Slice {
        Slice {
            origin: vec![1.0, 0.0, 2.0],
            u: vec![2.0, 0.0, 0.0],
            v: vec![1.0, 1.0, 0.0],
        }
    }

    #[test]
    fn the_edge_of_a_trust_region_is_as_far_as_it_says() {
        let slice = skew();
        let centre = [0.3, -0.2];
        let (mut middle, mut edge) = (vec![0.0; 3], vec![0.0; 3]);
        slice.embed(centre[0], centre[1], &mut middle);
        for [a, b] in ball(centre, 0.7, &slice) {
            slice.embed(a, b, &mut edge);
            let distance = crate::math::vector::norm(&difference(&edge, &middle));
            assert!((distance - 0.7).abs() < 1e-12, "{distance}");
        }
    }

    #[test]
    fn an_ellipse_on_its_own_plane_passes_through_its_axes() {
        let axes = [vec![3.0, 0.0], vec![0.0, 0.5]];
        let outline = ellipse([1.0, 1.0], &axes, &Slice::plane());
        let on_it = |[a, b]: &[f64; 2]| (((a - 1.0) / 3.0).powi(2) + ((b - 1.0) / 0.5).powi(2) - 1.0).abs() < 1e-12;
        assert!(outline.len() == CORNERS && outline.iter().all(on_it));
    }
}
