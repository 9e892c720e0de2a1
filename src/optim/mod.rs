//! Update rules. A rule is one file and one line in the list below; menus, sliders, tooltips, the command line, files, tables
//! and tests follow from that line.

pub mod arithmetic;
mod around;
mod drive;
mod first_order;
mod hyper;
mod info;
mod line_search;
mod matrices;
mod noise;
mod overlay;
mod populations;
mod rule;
pub mod schedules;
mod second_order;
mod stages;
mod together;
mod trace;
mod without_gradients;

pub use arithmetic::Sheet;
pub use around::{Averaging, BasinHopping, Lookahead, Mean, RandomRestarts, Sam, Switch};
pub use drive::{Fixed, RunStatus, Slot, Walk};
pub use first_order::*;
pub use info::{OptimizerInfo, Order};
pub use line_search::{Along, Beta, ConjugateGradient, LineSearchDescent};
pub use matrices::{Adjustment, Muon};
pub use noise::{Noise, NoiseKind};
pub use overlay::Overlay;
pub use populations::*;
pub use rule::{AnyOptimizer, Optimizer, StepCtx, StepEvent};
pub use schedules::{Memory as ScheduleMemory, ScheduleConfig};
pub use second_order::{
    Bfgs, Convention, Estimator, ExactLeastSquares, Lbfgs, LevenbergMarquardt, LineSearch, Newton, NewtonCg, Sophia,
    TrustRegionNewton,
};
pub use stages::Stages;
pub use together::run_together;
pub use trace::Trace;
pub use without_gradients::{
    BayesianOptimisation, CoolingSchedule, Kernel, NelderMead, Proposal, RandomSearch, Sampling, SimulatedAnnealing, Surrogate,
    expected_improvement,
};

use crate::param::registry;

registry! {
    /// An update rule with its hyperparameters.
    pub enum OptimizerConfig: dyn AnyOptimizer {
        "sgd" => Sgd,
        "momentum" => Momentum,
        "nesterov" => Nesterov,
        "adagrad" => Adagrad,
        "adadelta" => Adadelta,
        "rmsprop" => RmsProp,
        "adam" => Adam,
        "adamw" => AdamW,
        "adamax" => Adamax,
        "nadam" => NAdam,
        "radam" => RAdam,
        "rprop" => Rprop,
        "asgd" => Asgd,
        "adafactor" => Adafactor,
        "lion" => Lion,
        "adabelief" => AdaBelief,
        "yogi" => Yogi,
        "adan" => Adan,
        "qhm" => Qhm,
        "qhadam" => QhAdam,
        "line_search_descent" => LineSearchDescent,
        "conjugate_gradient" => ConjugateGradient,
        "bfgs" => Bfgs,
        "lbfgs" => Lbfgs,
        "newton" => Newton,
        "newton_cg" => NewtonCg,
        "trust_region_newton" => TrustRegionNewton,
        "levenberg_marquardt" => LevenbergMarquardt,
        "least_squares" => ExactLeastSquares,
        "sophia" => Sophia,
        "muon" => Muon,
        "nelder_mead" => NelderMead,
        "random_search" => RandomSearch,
        "simulated_annealing" => SimulatedAnnealing,
        "differential_evolution" => DifferentialEvolution,
        "particle_swarm" => ParticleSwarm,
        "genetic_algorithm" => GeneticAlgorithm,
        "cma_es" => CmaEs,
        "evolution_strategy" => EvolutionStrategy,
        "bayesian_optimisation" => BayesianOptimisation,
        "random_restarts" => RandomRestarts,
        "basin_hopping" => BasinHopping,
        "lookahead" => Lookahead,
        "sam" => Sam,
        "averaging" => Averaging,
        "switch" => Switch,
    }
}

impl OptimizerConfig {
    /// Becomes the rule with this id, with its defaults; stays as it is if it is that one already.
    fn become_id(&mut self, id: &str) {
        if self.id() != id
            && let Some(chosen) = Self::from_id(id)
        {
            *self = chosen;
        }
    }
}
