//! What the pictures show, as read from the document, the results and the playhead. Functions and models answer the same questions.

use crate::app::camera::Area;
use crate::app::number;
use crate::app::state::State;
use crate::data::Task;
use crate::experiment::{Directions, FunctionProblem, Problem, Rows};
use crate::landscape::GridSpec;
use crate::optim::StepEvent;
use crate::run::Trajectory;
use crate::workbench::{SetStanding, Standing};

/// Points through which a trail is drawn, at the most.
const MOST_TRAIL_POINTS: usize = 20_000;

/// A domain this many times as large as what happens in it is not shown whole.
const VAST: f64 = 12.0;
/// Pieces of a path that are drawn, at the most: of very many restarts the latest.
const MOST_PIECES: usize = 40;

/// A path in the plane, in pieces: restarts jump, and jumps are not drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pieces(Vec<Vec<[f64; 2]>>);

impl Pieces {
    /// The pieces that can be drawn.
    pub fn drawable(&self) -> impl Iterator<Item = &Vec<[f64; 2]>> {
        let first = self.0.len().saturating_sub(MOST_PIECES);
        self.0[first..].iter().filter(|piece| piece.len() > 1)
    }
}

/// What is worth seeing of a function: its domain, or the part around its minima and usual start where these are close together in a
/// vast domain.
fn stage(problem: &FunctionProblem) -> Area {
    let domain = problem.domain();
    let mut points: Vec<[f64; 2]> = problem.minima().iter().map(|m| m.x).collect();
    points.push(problem.first_start());
    let around = [0, 1].map(|i| {
        let low = points.iter().map(|p| p[i]).fold(f64::INFINITY, f64::min);
        let high = points.iter().map(|p| p[i]).fold(f64::NEG_INFINITY, f64::max);
        [low, high]
    });
    let size = around.iter().map(|[low, high]| high - low).fold(0.0, f64::max);
    let whole = domain.iter().map(|[low, high]| high - low).fold(0.0, f64::max);
    if size <= 0.0 || size * VAST > whole || points.len() == 1 {
        return domain;
    }
    around.map(|[low, high]| {
        let middle = (low + high) / 2.0;
        [middle - size, middle + size]
    })
}

impl State {
    /// What is shown when nothing was chosen: the domain of a function, the paths on a plane.
    pub fn everything(&self) -> Area {
        match &self.doc.problem {
            Problem::Function(problem) if !problem.is_on_plane() => stage(problem),
            _ => self
                .bench
                .plane()
                .map_or([[-1.0, 1.0], [-1.0, 1.0]], |plane| plane.everything),
        }
    }

    /// Asks for a picture.
    pub fn paint(&mut self, spec: GridSpec) {
        self.bench.paint(&self.doc, spec);
    }

    /// Whether there is a picture of this landscape to be drawn.
    pub fn is_picture_ready(&self) -> bool {
        let is_loaded = matches!(self.doc.problem, Problem::Function(_)) || self.bench.data().model_for(&self.doc).is_some();
        let has_plane = !self.doc.problem.is_on_plane() || self.bench.plane().is_some();
        self.bench.easel().picture().is_some() && is_loaded && has_plane
    }

    /// Known global minima.
    pub fn minima(&self) -> Vec<[f64; 2]> {
        match &self.doc.problem {
            Problem::Function(problem) if !problem.is_on_plane() => problem.minima().iter().map(|m| m.x).collect(),
            _ => Vec::new(),
        }
    }

    /// Where all runs start.
    pub fn start(&self) -> Option<[f64; 2]> {
        match &self.doc.problem {
            Problem::Function(problem) if !problem.is_on_plane() => Some(problem.start),
            _ => {
                let plane = self.bench.plane()?;
                plane.paths.iter().find_map(|path| path.ab.first().copied())
            }
        }
    }

    /// On a plane through many weights or variables the start cannot be moved by hand.
    pub fn can_move_start(&self) -> bool {
        !self.doc.problem.is_on_plane()
    }

    /// Moves the start of all runs, inside the domain.
    pub fn move_start(&mut self, to: [f64; 2]) {
        if !self.can_move_start() {
            return;
        }
        if let Problem::Function(problem) = &mut self.doc.problem {
            let domain = problem.domain();
            problem.start = std::array::from_fn(|i| (to[i].clamp(domain[i][0], domain[i][1]) * 1e4).round() / 1e4);
        }
    }

    fn shown(&self, i: usize) -> Option<&Trajectory> {
        self.bench.lanes().get(i)?.shown()
    }

    /// The row of run `i` at the playhead: a run that ended stays at its end.
    fn row(&self, i: usize) -> Option<usize> {
        let shown = self.shown(i).filter(|shown| !shown.trace().is_empty())?;
        Some(self.playback.step().min(shown.last_step()) as usize)
    }

    /// Where run `i` is at the playhead, exactly.
    pub fn position(&self, i: usize) -> Option<[f64; 2]> {
        if self.doc.problem.is_on_plane() {
            return self.bench.probes().of(i).map(|probe| probe.ab);
        }
        let point = self.shown(i)?.trace().point(self.row(i)?)?;
        Some([*point.first()?, *point.get(1)?])
    }

    /// How far run `i` is from the plane at the playhead; functions of two variables are their own plane.
    pub fn off_plane(&self, i: usize) -> Option<f64> {
        let on_plane = self.doc.problem.is_on_plane();
        self.bench.probes().of(i).filter(|_| on_plane).map(|probe| probe.off)
    }

    /// The path of run `i` before and after the playhead.
    pub fn path(&self, i: usize) -> (Pieces, Pieces) {
        if self.doc.problem.is_on_plane() {
            self.plane_path(i).unwrap_or_default()
        } else {
            self.function_path(i).unwrap_or_default()
        }
    }

    fn function_path(&self, i: usize) -> Option<(Pieces, Pieces)> {
        let (shown, here) = (self.shown(i)?, self.row(i)?);
        let trace = shown.trace();
        // The trail of a very long run is drawn through every k-th point; the ball is always at the very one.
        let stride = trace.len().div_ceil(MOST_TRAIL_POINTS).max(1);
        let restarts = trace.event.contains(&StepEvent::Restarted);
        let pieces = |rows: std::ops::RangeInclusive<usize>| {
            let last = *rows.end();
            let mut pieces = vec![Vec::new()];
            for row in rows.step_by(stride).chain([last]) {
                if let (Some([x, y]), Some(piece)) = (trace.point(row), pieces.last_mut()) {
                    piece.push([*x, *y]);
                }
                let until = (row + stride).min(trace.event.len());
                let after = trace.event.get(row..until).filter(|_| restarts);
                if after.is_some_and(|events| events.contains(&StepEvent::Restarted)) {
                    pieces.push(Vec::new());
                }
            }
            Pieces(pieces)
        };
        Some((pieces(0..=here), pieces(here..=shown.last_step() as usize)))
    }

    fn plane_path(&self, i: usize) -> Option<(Pieces, Pieces)> {
        let path = self.bench.plane()?.paths.get(i)?;
        let restarts = |from: u64, to: u64| {
            let events = self.shown(i).map(|shown| &shown.trace().event);
            let steps = from as usize..to as usize;
            events.is_some_and(|events| events.get(steps).is_some_and(|e| e.contains(&StepEvent::Restarted)))
        };
        let step = self.playback.step();
        let (mut past, mut future) = (vec![Vec::new()], vec![Vec::new()]);
        let mut before = 0;
        for (at, ab) in path.steps.iter().zip(&path.ab) {
            let pieces = if *at <= step { &mut past } else { &mut future };
            if restarts(before, *at) {
                pieces.push(Vec::new());
            }
            if let Some(piece) = pieces.last_mut() {
                piece.push(*ab);
            }
            before = *at;
        }
        if let Some(probe) = self.bench.probes().of(i).filter(|probe| probe.step <= step) {
            past.last_mut()?.push(probe.ab);
            future.first_mut()?.insert(0, probe.ab);
        }
        Some((Pieces(past), Pieces(future)))
    }

    /// What happened on the way to the playhead, and where: accepted uphill moves and restarts, the latest first, `most` at the most.
    pub fn events(&self, i: usize, most: usize) -> Vec<(StepEvent, [f64; 2])> {
        let (Some(shown), Some(here)) = (self.shown(i), self.row(i)) else {
            return Vec::new();
        };
        let trace = shown.trace();
        let rows = (here.saturating_sub(MOST_TRAIL_POINTS)..here).rev();
        let marked = rows.filter(|row| matches!(trace.event[*row], StepEvent::Uphill | StepEvent::Restarted));
        let at = |row: usize| self.on_picture(trace.point(row + 1)?);
        marked
            .filter_map(|row| Some((trace.event[row], at(row)?)))
            .take(most)
            .collect()
    }

    /// Where a point that was kept is on the picture.
    fn on_picture(&self, point: &[f64]) -> Option<[f64; 2]> {
        if !self.doc.problem.is_on_plane() {
            return Some([*point.first()?, *point.get(1)?]);
        }
        let plane = self.bench.plane().filter(|plane| plane.slice.dim() == point.len())?;
        Some(plane.slice.project(point).0)
    }

    /// The lowest value known: the minimum of the function, or the lowest on any run.
    pub fn lowest(&self) -> f64 {
        match &self.doc.problem {
            Problem::Function(problem) => match problem.minimum() {
                Some((_, value)) => value,
                None => self.lowest_visited,
            },
            Problem::Model(_) => 0.0,
        }
    }

    /// Remembers the lowest value on any run, for functions without a minimum.
    pub fn update_lowest(&mut self) {
        if !self.minima().is_empty() {
            return;
        }
        let lanes = self.bench.lanes().iter().filter_map(|lane| lane.shown());
        let values = lanes.flat_map(|shown| shown.trace().value.iter().copied());
        self.lowest_visited = values.fold(f64::INFINITY, f64::min);
    }

    /// The reading in the title of a pane.
    pub fn reading_at_playhead(&self, i: usize) -> String {
        match &self.doc.problem {
            Problem::Function(_) => {
                let value = self.row(i).and_then(|row| self.shown(i)?.trace().value.get(row).copied());
                value.map_or_else(String::new, |value| format!("f {}", number::reading(value)))
            }
            Problem::Model(_) => {
                let probe = self.bench.probes().of(i);
                probe.map_or_else(String::new, |probe| format!("loss {}", number::reading(probe.true_loss)))
            }
        }
    }

    /// Value and gradient norm at a point of the picture, one line each.
    pub fn read_at(&mut self, point: [f64; 2]) -> Vec<String> {
        let lines = |name: &str, value: f64, norm: f64| {
            vec![
                format!("{name} {}", number::reading(value)),
                format!("‖∇f‖ {}", number::reading(norm)),
            ]
        };
        match &self.doc.problem {
            Problem::Function(problem) if !problem.is_on_plane() => {
                let d = problem.derivatives(point);
                lines("f    ", d.value, d.gradient[0].hypot(d.gradient[1]))
            }
            problem => {
                let name = if matches!(problem, Problem::Model(_)) {
                    "loss "
                } else {
                    "f    "
                };
                match self.bench.read_at(&self.doc, point) {
                    Some(reading) => lines(name, reading.loss, reading.grad_norm),
                    None => vec![format!("{name} …"), "‖∇f‖ …".to_owned()],
                }
            }
        }
    }

    /// What the picture shows.
    pub fn landscape_name(&self) -> String {
        match &self.doc.problem {
            Problem::Function(problem) if problem.is_on_plane() => {
                format!(
                    "{} on a slice through {} variables",
                    problem.function.info().name,
                    problem.dim
                )
            }
            Problem::Function(problem) => problem.function.info().name.to_owned(),
            Problem::Model(_) => {
                let n = self.bench.plane().map_or(0, |plane| plane.slice.dim());
                format!("Loss on a slice through {} parameters", number::whole(n as u64))
            }
        }
    }

    /// Number of variables.
    pub fn n_variables(&self) -> usize {
        let lane = self.bench.lanes().first();
        lane.map_or(2, |lane| lane.plan().x0.len())
    }

    /// What the two variables are called whose arithmetic is written out.
    pub fn variable_names(&self) -> [String; 2] {
        match &self.doc.problem {
            Problem::Function(_) if self.n_variables() == 2 => ["x", "y"].map(str::to_owned),
            _ => self.coordinates.map(|i| format!("variable {i}")),
        }
    }

    pub fn axis_names(&self) -> [&'static str; 2] {
        match self.doc.problem.slice().map(|slice| slice.directions) {
            None => ["x", "y"],
            Some(Directions::Pca) => ["PC 1", "PC 2"],
            Some(Directions::Random { .. }) => ["u", "v"],
            Some(Directions::Parameters { .. }) => ["a", "b"],
        }
    }

    /// Which axes these are, in a few words.
    pub fn axes_caption(&self) -> String {
        let Some(slice) = self.doc.problem.slice() else {
            return String::new();
        };
        match slice.directions {
            Directions::Pca => {
                let explained = self.bench.plane().and_then(|plane| plane.explained);
                let shares = explained.map(|[a, b]| format!(" · {} of the paths' variance", number::percent(a + b)));
                format!("axes: PC 1, PC 2{}", shares.unwrap_or_default())
            }
            Directions::Random { .. } => "axes: random, scaled by filter".to_owned(),
            Directions::Parameters { a, b } => format!("axes: parameters {a} and {b}"),
        }
    }

    /// The task's metric: accuracy, R² ...
    pub fn metric_name(&self) -> &'static str {
        self.bench.data().model().map_or("", |model| model.evaluator.metric_name())
    }

    /// The same where there is little room.
    pub fn short_metric_name(&self) -> &'static str {
        match self.metric_name() {
            "accuracy" => "Acc.",
            "r2" => "R²",
            other => other,
        }
    }

    /// The task's metric as text.
    pub fn metric(&self, value: Option<f64>) -> String {
        match value {
            None => "–".to_owned(),
            Some(value) if self.metric_name() == "accuracy" => number::percent(value),
            Some(value) => number::reading(value),
        }
    }

    /// Whether a step sees only some of the rows.
    pub fn is_in_batches(&self) -> bool {
        let first = self.bench.lanes().first();
        first.is_some_and(|lane| lane.plan().batches.steps_per_epoch() > 1)
    }

    /// The task of the model.
    pub fn task(&self) -> Option<Task> {
        match &self.doc.problem {
            Problem::Model(problem) => problem.task(self.table()?.as_ref()),
            Problem::Function(_) => None,
        }
    }

    /// Whether the model that is shown has such rows.
    pub fn has_rows(&self, rows: Rows) -> bool {
        let model = self.bench.data().model_for(&self.doc);
        model.is_some_and(|model| model.prepared.sets().any(|(name, _)| name == rows.id()))
    }

    /// The rows that results are about: those that were chosen, or the training rows where there are none of these.
    pub fn shown_rows(&self) -> Rows {
        let chosen = self.doc.view.results.rows;
        if self.has_rows(chosen) { chosen } else { Rows::Train }
    }

    /// How a run stands on the rows that results are about.
    pub fn shown_set<'a>(&self, standing: &'a Standing) -> Option<&'a SetStanding> {
        let name = self.shown_rows().id();
        standing.sets.iter().find(|set| set.name == name)
    }

    /// Whether the model that is shown reads this column, as it is or as one of several made of it.
    pub fn is_feature(&self, column: &str) -> bool {
        let of_column =
            |feature: &String| feature == column || feature.strip_prefix(column).is_some_and(|rest| rest.starts_with('='));
        let model = self.bench.data().model_for(&self.doc);
        model.is_some_and(|model| model.prepared.train.feature_names.iter().any(of_column))
    }
}
