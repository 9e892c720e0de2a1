//! The plane through the space of weights or variables: which one it is, and where the runs go on it.

use std::borrow::Cow;
use std::sync::Arc;

use super::job::{Job, Notify};
use super::lane::Lane;
use super::pool::{Pool, Priority};
use super::space::Space;
use crate::experiment::{Directions, SliceConfig};
use crate::landscape::{Biases, Slice, axes, pca, random_directions, random_walk_ratio};
use crate::run::{Keyframe, RunPlan};

/// Points of one run that go into the principal components, at the most.
const POINTS_A_RUN: usize = 64;

/// A plane and the paths of the runs on it.
#[derive(Debug, Clone)]
pub struct Plane {
    pub slice: Arc<Slice>,
    /// Share of the variance of all paths along the two axes, for principal components.
    pub explained: Option<[f64; 2]>,
    /// One a lane.
    pub paths: Vec<Path>,
    /// The smallest box around all paths, with a margin.
    pub everything: [[f64; 2]; 2],
    /// Tells planes with different directions apart.
    pub number: u64,
}

impl Plane {
    /// What a random walk would explain along the two axes together.
    pub fn random_walk(&self) -> f64 {
        random_walk_ratio(1) + random_walk_ratio(2)
    }
}

/// A run on the plane, at its keyframes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Path {
    pub steps: Vec<u64>,
    pub ab: Vec<[f64; 2]>,
    /// Distance from the plane.
    pub off: Vec<f64>,
}

/// What the directions depend on.
#[derive(Debug, Clone, PartialEq)]
struct DirectionsKey {
    config: SliceConfig,
    visible: Vec<bool>,
    runs: Vec<u64>,
    /// How far the runs are, in quarters: directions follow the runs, but not at every frame.
    quarters: Vec<u64>,
}

#[derive(Debug, Clone, PartialEq)]
struct Key {
    directions: DirectionsKey,
    /// Which run, and number and last step of its keyframes, for each lane.
    keyframes: Vec<(u64, usize, u64)>,
}

/// Keeps the plane up to date with the runs.
#[derive(Default)]
pub(super) struct Planes {
    current: Option<Arc<Plane>>,
    key: Option<Key>,
    /// The start in the space whose plane this is.
    x0: Option<Arc<[f64]>>,
    job: Option<Job<Plane>>,
    number: u64,
}

impl Planes {
    pub fn current(&self) -> Option<&Arc<Plane>> {
        self.current.as_ref()
    }

    /// The plane, if it lies in this space.
    pub fn of(&self, space: &Space) -> Option<&Arc<Plane>> {
        let n = space.x0.len();
        self.current.as_ref().filter(|plane| plane.slice.dim() == n)
    }

    pub fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    pub fn poll(&mut self) -> bool {
        let plane = Job::fetch(&mut self.job);
        let news = plane.is_some();
        self.current = plane.map(Arc::new).or_else(|| self.current.take());
        news
    }

    /// Starts a job if the runs have moved on and none is under way.
    pub fn follow(
        &mut self,
        pool: &Pool,
        notify: &Notify,
        config: &SliceConfig,
        space: &Space,
        lanes: &[Lane],
        visible: &dyn Fn(usize) -> bool,
    ) {
        let key = Key {
            directions: DirectionsKey {
                config: config.clone(),
                visible: (0..lanes.len()).map(visible).collect(),
                runs: lanes.iter().map(Lane::number).collect(),
                quarters: lanes.iter().map(quarters).collect(),
            },
            keyframes: lanes.iter().map(keyframes).collect(),
        };
        if self.x0.as_ref().is_none_or(|x0| !Arc::ptr_eq(x0, &space.x0)) {
            self.x0 = Some(Arc::clone(&space.x0));
            self.current = None;
        } else if self.job.is_some() || self.key.as_ref() == Some(&key) {
            return;
        }
        let same_directions = self.key.as_ref().is_some_and(|k| k.directions == key.directions);
        let kept = self.current.clone().filter(|_| same_directions);
        if kept.is_none() {
            self.number += 1;
        }
        let work = PlaneWork {
            number: self.number,
            config: config.clone(),
            space: space.clone(),
            visible: key.directions.visible.clone(),
            paths: lanes.iter().map(Keyframes::of).collect(),
        };
        self.key = Some(key);
        self.job = Some(Job::once(pool, Priority::Glance, notify, move |_| {
            work.plane(kept.as_deref())
        }));
    }
}

fn quarters(lane: &Lane) -> u64 {
    let steps = lane.plan().steps.max(1);
    if lane.is_computing() {
        lane.trajectory().last_step() * 4 / steps
    } else {
        4
    }
}

fn keyframes(lane: &Lane) -> (u64, usize, u64) {
    let keyframes = lane.trajectory().keyframes();
    (lane.number(), keyframes.len(), keyframes.last().map_or(0, |k| k.walk.step))
}

struct PlaneWork {
    number: u64,
    config: SliceConfig,
    space: Space,
    visible: Vec<bool>,
    paths: Vec<Keyframes>,
}

/// The keyframes of a run, and the plan that says which variables their points have.
struct Keyframes {
    plan: RunPlan,
    all: Vec<Arc<Keyframe>>,
}

impl Keyframes {
    fn of(lane: &Lane) -> Self {
        Self {
            plan: lane.plan().clone(),
            all: lane.trajectory().keyframes().to_vec(),
        }
    }

    /// A keyframe's point among all weights or variables.
    fn point<'k>(&self, keyframe: &'k Keyframe) -> Cow<'k, [f64]> {
        self.plan.whole(&keyframe.walk.x)
    }
}

impl PlaneWork {
    fn plane(&self, kept: Option<&Plane>) -> Plane {
        let (slice, explained) = match kept {
            Some(plane) => (Arc::clone(&plane.slice), plane.explained),
            None => self.directions(),
        };
        let paths: Vec<Path> = self.paths.iter().map(|keyframes| path(&slice, keyframes)).collect();
        Plane {
            everything: around(&paths, &self.visible),
            paths,
            slice,
            explained,
            number: self.number,
        }
    }

    fn directions(&self) -> (Arc<Slice>, Option<[f64; 2]>) {
        let n = self.space.x0.len();
        let mut explained = None;
        let (origin, [u, v]) = match self.config.directions {
            Directions::Pca => {
                let points = self.points();
                let points: Vec<&[f64]> = points.iter().map(AsRef::as_ref).collect();
                let found = pca(&points, 2);
                explained = Some(std::array::from_fn(|i| {
                    found.explained_variance_ratio.get(i).copied().unwrap_or(0.0)
                }));
                let mut directions = found.directions.into_iter();
                let mut next = || directions.next().unwrap_or_else(|| vec![0.0; n]);
                (found.mean, [next(), next()])
            }
            Directions::Random { normalize } => {
                let center = self.end();
                let normalize = self.space.normalization(normalize);
                let directions = random_directions(self.config.seed, &center, &self.space.blocks, normalize, Biases::Fixed);
                (center, directions)
            }
            Directions::Parameters { a, b } => (self.end(), axes(n, a.min(n.saturating_sub(1)), b.min(n.saturating_sub(1)))),
        };
        (Arc::new(Slice { origin, u, v }), explained)
    }

    fn visible_paths(&self) -> impl Iterator<Item = &Keyframes> {
        self.paths
            .iter()
            .zip(&self.visible)
            .filter(|(_, visible)| **visible)
            .map(|(path, _)| path)
    }

    /// Evenly chosen points of all visible runs.
    fn points(&self) -> Vec<Cow<'_, [f64]>> {
        let mut points = Vec::new();
        for path in self.visible_paths() {
            let every = path.all.len().div_ceil(POINTS_A_RUN).max(1);
            points.extend(path.all.iter().step_by(every).map(|k| path.point(k)));
        }
        if points.is_empty() {
            points.push(Cow::Borrowed(&*self.space.x0));
        }
        points
    }

    /// Where the first visible run is.
    fn end(&self) -> Vec<f64> {
        let last = self
            .visible_paths()
            .find_map(|path| Some(path.point(path.all.last()?).into_owned()));
        last.unwrap_or_else(|| self.space.x0.to_vec())
    }
}

fn path(slice: &Slice, keyframes: &Keyframes) -> Path {
    let mut path = Path::default();
    for keyframe in &keyframes.all {
        let (ab, off) = slice.project(&keyframes.point(keyframe));
        path.steps.push(keyframe.walk.step);
        path.ab.push(ab);
        path.off.push(off);
    }
    path
}

fn around(paths: &[Path], visible: &[bool]) -> [[f64; 2]; 2] {
    let shown = || {
        paths
            .iter()
            .zip(visible)
            .filter(|(_, visible)| **visible)
            .flat_map(|(path, _)| &path.ab)
    };
    let mut area = [0, 1].map(|i| {
        let coordinates = || shown().map(|ab| ab[i]).filter(|v| v.is_finite());
        [
            coordinates().fold(f64::INFINITY, f64::min),
            coordinates().fold(f64::NEG_INFINITY, f64::max),
        ]
    });
    let size = area.iter().map(|[low, high]| high - low).fold(0.0, f64::max);
    let margin = if size.is_finite() && size > 0.0 { 0.3 * size } else { 1.0 };
    for [low, high] in &mut area {
        if !(low.is_finite() && high.is_finite()) {
            (*low, *high) = (0.0, 0.0);
        }
        *low -= margin;
        *high += margin;
    }
    area
}
