//! Threads: the work behind the window. It follows the experiment, and the window reads what is there.

mod conditioning;
mod cross_validation;
mod data;
mod errands;
mod examination;
mod height_map;
mod hover;
mod insight;
mod job;
mod lane;
mod picture;
mod plane;
mod pool;
mod probe;
mod space;
mod standing;
mod tables;

use std::path::PathBuf;
use std::sync::Arc;

pub use cross_validation::{CrossValidations, FoldResults};
pub use data::Data;
use errands::AtStep;
pub use errands::{Errands, Outcome, Predicted};
pub use hover::Reading;
pub use insight::{Cell, Insight, Insights, Look, Mark};
pub use job::{Job, Notify};
pub use lane::Lane;
pub use picture::{Easel, Picture};
pub use plane::{Path, Plane};
pub use pool::{Pool, Priority};
pub use probe::{Probe, Probes};
pub use standing::{SetStanding, Standing, StandingLook, Standings};
pub use tables::{Incoming, Opened};

use crate::experiment::{Experiment, LoadedModel, Problem, RunConfig};
use crate::landscape::{GridSpec, Slice};
use picture::Subject;

/// All work of one window.
pub struct Workbench {
    pool: Pool,
    notify: Notify,
    lanes: Vec<Lane>,
    /// Lanes started so far.
    n_started: u64,
    data: Data,
    plane: plane::Planes,
    spaces: space::Spaces,
    easel: Easel,
    probes: Probes,
    insights: Insights,
    standings: Standings,
    cross_validations: CrossValidations,
    errands: Errands,
    height_maps: height_map::HeightMaps,
    /// The plane that a function of two variables is.
    whole: Arc<Slice>,
    hover: hover::Hover,
}

impl Workbench {
    /// `notify` is called from worker threads whenever there is something new to see.
    pub fn new(pool: Pool, notify: Notify) -> Self {
        Self {
            pool,
            notify,
            lanes: Vec::new(),
            n_started: 0,
            data: Data::default(),
            plane: plane::Planes::default(),
            spaces: space::Spaces::default(),
            easel: Easel::default(),
            probes: Probes::default(),
            insights: Insights::default(),
            standings: Standings::default(),
            cross_validations: CrossValidations::default(),
            errands: Errands::default(),
            height_maps: height_map::HeightMaps::default(),
            whole: Arc::new(Slice::plane()),
            hover: hover::Hover::default(),
        }
    }

    /// Makes the work fit the experiment: what did not change goes on, what changed starts again.
    pub fn reconcile(&mut self, experiment: &Experiment) {
        self.data.reconcile(&self.pool, &self.notify, experiment);
        self.reconcile_lanes(experiment);
    }

    fn reconcile_lanes(&mut self, experiment: &Experiment) {
        let model = self.data.model_for(experiment);
        if self.data.refusal(experiment).is_some() {
            self.lanes.clear();
            return;
        }
        if matches!(experiment.problem, Problem::Model(_)) && model.is_none() {
            // Runs of the last model stay on the screen until the next is ready; runs on a function would be out of place.
            self.lanes.retain(|lane| lane.plan().evaluator.is_some());
            return;
        }
        let mut before: Vec<Option<Lane>> = self.lanes.drain(..).map(Some).collect();
        // Runs that did not change keep their lanes, wherever they moved; only then may a changed run show the lane it replaces.
        let same: Vec<Option<Lane>> = (experiment.runs.iter())
            .map(|run| {
                let key = experiment.key(run);
                before
                    .iter_mut()
                    .find_map(|lane| lane.take_if(|lane| lane.is_for(&key, model.as_ref())))
            })
            .collect();
        for (i, (run, same)) in experiment.runs.iter().zip(same).enumerate() {
            let lane = same.or_else(|| {
                let replaced = before.get_mut(i).and_then(Option::take);
                self.start_lane(experiment, run, model.as_ref(), replaced)
            });
            self.lanes.extend(lane);
        }
    }

    fn start_lane(
        &mut self,
        experiment: &Experiment,
        run: &RunConfig,
        model: Option<&LoadedModel>,
        before: Option<Lane>,
    ) -> Option<Lane> {
        let plan = experiment.draft(run, model).ok()?;
        self.n_started += 1;
        Some(Lane::start(
            &self.pool,
            &self.notify,
            self.n_started,
            experiment.key(run),
            plan,
            before,
        ))
    }

    /// Takes in what the workers have found. True if there is anything new.
    pub fn poll(&mut self, experiment: &Experiment) -> bool {
        self.pool.run_inline();
        let mut news = self.data.poll();
        if news {
            self.reconcile(experiment);
        }
        for lane in &mut self.lanes {
            news |= lane.poll();
        }
        // Whatever the experiment has become, jobs that were started are seen to their end.
        if self.plane.poll() {
            self.hover.forget();
            news = true;
        }
        news |= self.height_maps.poll() | self.errands.poll();
        news |= self.probes.poll() | self.insights.poll() | self.standings.poll() | self.hover.poll();
        news |= self.cross_validations.poll();
        let model = self.data.model_for(experiment);
        if let Some((space, slice)) = self.spaces.of(experiment, model.as_ref()) {
            let visible = |i: usize| experiment.runs.get(i).is_none_or(|run| run.look.visible);
            self.plane
                .follow(&self.pool, &self.notify, slice, &space, &self.lanes, &visible);
        }
        news | self.easel.poll()
    }

    /// One lane a run, in the order of the runs; none while data are being loaded.
    pub fn lanes(&self) -> &[Lane] {
        &self.lanes
    }

    /// The last step that every run knows, or its end if it has ended.
    pub fn known_step(&self, last: u64) -> u64 {
        let known = |lane: &Lane| {
            if lane.is_computing() {
                lane.trajectory().last_step()
            } else {
                last
            }
        };
        self.lanes.iter().map(known).min().unwrap_or(0)
    }

    pub fn data(&self) -> &Data {
        &self.data
    }

    pub fn data_mut(&mut self) -> &mut Data {
        &mut self.data
    }

    /// Starts to open data, and with them the experiment they belong to, if it came from a file.
    pub fn open(&mut self, opened: Opened) {
        self.data.open(&self.pool, &self.notify, opened);
    }

    pub fn is_loading(&self) -> bool {
        self.data.is_loading() || self.height_maps.is_busy() || self.errands.is_busy()
    }

    pub fn cancel_loading(&mut self) {
        self.data.cancel();
        self.height_maps.cancel();
        self.errands.cancel();
    }

    /// Starts to read a height map.
    pub fn read_height_map(&mut self, path: std::path::PathBuf) {
        self.height_maps.read(&self.pool, &self.notify, path);
    }

    /// The height map that was read, once.
    pub fn take_height_map(&mut self) -> Option<height_map::Loaded> {
        self.height_maps.take()
    }

    /// The plane through the parameter space of the model on which its runs are drawn.
    pub fn plane(&self) -> Option<&Arc<Plane>> {
        self.plane.current()
    }

    /// What is painted now.
    pub fn easel(&self) -> &Easel {
        &self.easel
    }

    /// Asks for a picture of this part of the landscape, unless it is there or on its way.
    pub fn paint(&mut self, experiment: &Experiment, spec: GridSpec) {
        let subject = match &experiment.problem {
            Problem::Function(problem) if !problem.is_on_plane() => Some(Subject::function(problem)),
            Problem::Model(_) if self.data.model_for(experiment).is_none() => None,
            _ => self.shown(experiment).map(|(space, plane)| Subject::plane(&space, &plane)),
        };
        if let Some(subject) = subject {
            self.easel.paint(&self.pool, &self.notify, subject, spec);
        }
    }

    /// The space of this experiment, if it has one, and the plane in it; while a model is being prepared, those of the last.
    fn shown(&mut self, experiment: &Experiment) -> Option<(space::Space, Arc<Plane>)> {
        let model = self.data.model_for(experiment).or_else(|| self.data.model().cloned());
        let (space, _) = self.spaces.of(experiment, model.as_ref())?;
        let plane = self.plane.of(&space).cloned()?;
        Some((space, plane))
    }

    /// Asks for the exact state of every run at a step, as far as they are shown on a plane.
    pub fn probe(&mut self, experiment: &Experiment, step: u64) {
        if let Some((space, plane)) = self.shown(experiment) {
            self.probes
                .ask(&self.pool, &self.notify, &plane, &self.lanes, &space.objective, step);
        }
    }

    /// Value and gradient norm at a point of the plane, once they have been computed.
    pub fn read_at(&mut self, experiment: &Experiment, ab: [f64; 2]) -> Option<Reading> {
        let (space, plane) = self.shown(experiment)?;
        self.hover.read(&self.pool, &self.notify, &plane, &space.objective, ab)
    }

    pub fn probes(&self) -> &Probes {
        &self.probes
    }

    /// Asks what the rules know at a step; one look a run.
    pub fn look_inside(&mut self, experiment: &Experiment, looks: &[Look], step: u64) {
        let plane = if experiment.problem.is_on_plane() {
            self.plane.current().map(|plane| (Arc::clone(&plane.slice), plane.number))
        } else {
            Some((Arc::clone(&self.whole), 0))
        };
        if let Some(plane) = plane {
            self.insights.ask(&self.pool, &self.notify, plane, &self.lanes, looks, step);
        }
    }

    /// Nobody looks inside any more.
    pub fn look_away(&mut self) {
        self.insights.clear();
    }

    pub fn insights(&self) -> &Insights {
        &self.insights
    }

    /// Errands: what is being done, and with what.
    pub fn errands(&self) -> &Errands {
        &self.errands
    }

    /// What came of the last errand, once.
    pub fn take_outcome(&mut self) -> Option<Result<Outcome, String>> {
        self.errands.take()
    }

    /// Keeps predictions until it is known where to write them.
    pub fn keep_predictions(&mut self, predicted: Predicted) {
        self.errands.keep(predicted);
    }

    /// Writes the model of run `i` as it is at a step.
    pub fn save_model(&mut self, experiment: &Experiment, i: usize, step: u64, path: PathBuf) {
        if let Some((model, run)) = self.trained(experiment, i, step) {
            self.errands.save_model(&self.pool, &self.notify, &model, run, path);
        }
    }

    /// Predicts the rows of a CSV file by run `i` as it is at a step.
    pub fn predict(&mut self, experiment: &Experiment, i: usize, step: u64, data: PathBuf) {
        if let (Some((model, run)), Problem::Model(problem)) = (self.trained(experiment, i, step), &experiment.problem) {
            let of = (&model, &problem.source);
            self.errands.predict(&self.pool, &self.notify, of, run, data);
        }
    }

    /// Predicts the rows of a CSV file by a saved model.
    pub fn predict_with(&mut self, model: PathBuf, data: PathBuf) {
        self.errands.predict_with(&self.pool, &self.notify, model, data);
    }

    /// Reads weights to start from.
    pub fn read_weights(&mut self, path: PathBuf) {
        self.errands.read_weights(&self.pool, &self.notify, path);
    }

    /// Writes what was predicted last.
    pub fn write_predictions(&mut self, path: PathBuf) {
        self.errands.write_predictions(&self.pool, &self.notify, path);
    }

    /// Writes every metric of every visible run at a step.
    pub fn export_results(&mut self, experiment: &Experiment, step: u64, path: PathBuf) {
        let Some(model) = self.data.model_for(experiment) else {
            return;
        };
        let runs = self.lanes.iter().zip(&experiment.runs).filter(|(_, run)| run.look.visible);
        let runs = runs.filter_map(|(lane, run)| AtStep::of(lane, &run.name, step)).collect();
        self.errands.export(&self.pool, &self.notify, model, runs, path);
    }

    /// Run `i` at a step, if it trains a model that is there.
    fn trained(&self, experiment: &Experiment, i: usize, step: u64) -> Option<(LoadedModel, AtStep)> {
        let run = AtStep::of(self.lanes.get(i)?, &experiment.runs.get(i)?.name, step)?;
        Some((self.data.model_for(experiment)?, run))
    }

    /// Asks how the runs stand at a step; nothing while there is no model.
    pub fn stand(&mut self, experiment: &Experiment, look: StandingLook, step: u64) {
        match self.data.model_for(experiment) {
            Some(model) => self.standings.ask(&self.pool, &self.notify, &model, &self.lanes, look, step),
            None => self.stop_standing(),
        }
    }

    /// Nobody looks at how the runs stand any more.
    pub fn stop_standing(&mut self) {
        self.standings.clear();
    }

    /// Trains every visible run on every fold of the experiment, unless that is known.
    pub fn cross_validate(&mut self, experiment: &Experiment) {
        if let Problem::Model(problem) = &experiment.problem
            && let Some(table) = self.data.table(&problem.source)
        {
            self.cross_validations.follow(&self.pool, &self.notify, experiment, table);
        }
    }

    /// Nobody looks at all folds any more.
    pub fn stop_cross_validating(&mut self) {
        self.cross_validations.stop();
    }

    pub fn cross_validations(&self) -> &CrossValidations {
        &self.cross_validations
    }

    pub fn standings(&self) -> &Standings {
        &self.standings
    }

    /// Whether runs or pictures are still being computed.
    pub fn is_computing(&self) -> bool {
        self.easel.is_painting() || self.lanes.iter().any(Lane::is_computing)
    }

    /// Whether anything at all is still on its way.
    pub fn is_busy(&self) -> bool {
        self.is_loading()
            || self.data.is_examining()
            || self.lanes.iter().any(Lane::is_computing)
            || self.easel.is_painting()
            || self.plane.is_busy()
            || self.probes.is_busy()
            || self.insights.is_busy()
            || self.standings.is_busy()
            || self.cross_validations.is_busy()
    }
}
