//! Pictures of the landscape: values on a grid, coarse at first where they are dear.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::job::{Job, Notify};
use super::plane::Plane;
use super::pool::{Next, Pool, Priority};
use super::space::Space;
use crate::experiment::FunctionProblem;
use crate::functions::{FunctionConfig, Transform};
use crate::landscape::{ColourScale, Grid, GridSpec, Ranked, RowWork, Slice, quantile_levels};
use crate::objective::Objective;

/// How long painting may keep a thread before the runs get their turn.
const TURN: Duration = Duration::from_millis(4);
/// Contour lines.
const LEVELS: usize = 9;

/// Values on a part of the landscape, and how to colour them.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    pub grid: Grid,
    pub scale: ColourScale,
    /// Heights of the contour lines.
    pub levels: Vec<f64>,
    /// Tells pictures apart.
    pub number: u64,
}

impl Picture {
    /// A small picture of a function over its domain, painted at once.
    pub fn small(function: &FunctionConfig, [n_a, n_b]: [usize; 2]) -> Self {
        let subject = Subject::function(&FunctionProblem::of(function.clone()));
        let [a, b] = function.domain();
        let spec = GridSpec { a, b, n_a, n_b };
        let grid = Grid::evaluate(subject.objective.as_ref(), &subject.slice, spec, 1, &|_| true);
        finish(grid, subject.floor, 0)
    }
}

/// What is painted.
pub(super) struct Subject {
    id: SubjectId,
    objective: Arc<dyn Objective>,
    slice: Arc<Slice>,
    /// The lowest height known.
    floor: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
enum SubjectId {
    Function(FunctionConfig, Transform),
    Plane(u64),
}

impl SubjectId {
    /// Whether a picture of the other is at least a picture of the same thing, to be shown until the new one is painted.
    fn resembles(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Function(a, _), Self::Function(b, _)) => a.id() == b.id(),
            (Self::Plane(a), Self::Plane(b)) => a == b,
            _ => false,
        }
    }
}

impl Subject {
    pub fn function(problem: &FunctionProblem) -> Self {
        Self {
            id: SubjectId::Function(problem.function.clone(), problem.transform),
            objective: problem.objective(),
            slice: Arc::new(Slice::plane()),
            floor: problem.minima().first().map(|m| m.value),
        }
    }

    pub fn plane(space: &Space, plane: &Arc<Plane>) -> Self {
        Self {
            id: SubjectId::Plane(plane.number),
            objective: Arc::clone(&space.objective),
            slice: Arc::clone(&plane.slice),
            floor: None,
        }
    }
}

/// Paints one picture at a time, always the one asked for last.
#[derive(Default)]
pub struct Easel {
    shown: Option<Arc<Picture>>,
    wanted: Option<(SubjectId, GridSpec)>,
    job: Option<Job<Picture>>,
    number: u64,
}

impl Easel {
    /// The last picture that was finished, or a coarse one of what comes.
    pub fn picture(&self) -> Option<&Arc<Picture>> {
        self.shown.as_ref()
    }

    /// How much of the picture asked for is done, while it is being painted.
    pub fn progress(&self) -> Option<f64> {
        self.job.as_ref().map(|job| job.progress().fraction())
    }

    pub(super) fn is_painting(&self) -> bool {
        self.job.is_some()
    }

    pub(super) fn paint(&mut self, pool: &Pool, notify: &Notify, subject: Subject, spec: GridSpec) {
        let wanted = (subject.id.clone(), spec);
        if self.wanted.as_ref() == Some(&wanted) {
            return;
        }
        if self.wanted.as_ref().is_some_and(|(before, _)| !before.resembles(&wanted.0)) {
            self.shown = None;
        }
        self.wanted = Some(wanted);
        self.number += 2;
        self.job = Some(start(pool, notify, subject, spec, self.number));
    }

    pub(super) fn poll(&mut self) -> bool {
        let Some(job) = &self.job else {
            return false;
        };
        let (picture, end) = job.poll();
        let news = picture.is_some();
        if let Some(picture) = picture {
            self.shown = Some(Arc::new(picture));
        }
        if end.is_some() {
            self.job = None;
        }
        news
    }
}

fn start(pool: &Pool, notify: &Notify, subject: Subject, spec: GridSpec, number: u64) -> Job<Picture> {
    let dear = subject.objective.n_samples() > 0;
    let mut passes = vec![spec];
    if dear {
        passes.push(spec.coarser(4));
    }
    let rows: usize = passes.iter().map(|pass| pass.n_b).sum();
    let mut grid: Option<Grid> = None;
    let (mut row, mut done) = (0, 0);
    let mut work = None;
    let priority = if dear { Priority::Work } else { Priority::Glance };
    Job::start(pool, priority, notify, move |port| {
        let Some(pass) = passes.last().copied() else {
            return Next::Done;
        };
        let work = work.get_or_insert_with(|| RowWork::new(subject.objective.as_ref(), &subject.slice));
        let grid_now = grid.get_or_insert_with(|| Grid::empty(pass));
        let began = Instant::now();
        while row < pass.n_b && began.elapsed() < TURN {
            let line = row * pass.n_a..(row + 1) * pass.n_a;
            pass.fill_row(
                subject.objective.as_ref(),
                &subject.slice,
                row,
                work,
                &mut grid_now.values[line],
            );
            row += 1;
            done += 1;
        }
        port.report(done as u64, rows as u64);
        if row < pass.n_b {
            return Next::Again;
        }
        passes.pop();
        row = 0;
        if let Some(grid) = grid.take() {
            port.send(finish(grid, subject.floor, number + u64::from(passes.is_empty())));
        }
        if passes.is_empty() { Next::Done } else { Next::Again }
    })
}

fn finish(grid: Grid, floor: Option<f64>, number: u64) -> Picture {
    let ranked = Ranked::of(&grid.values);
    let levels = quantile_levels(&ranked, LEVELS);
    Picture {
        scale: ColourScale::of(&ranked, floor),
        levels,
        grid,
        number,
    }
}
