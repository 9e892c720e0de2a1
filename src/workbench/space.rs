//! The space through which a plane is laid: the weights of a model, or the variables of a function of more than two.

use std::sync::Arc;

use crate::experiment::{Experiment, FunctionProblem, LoadedModel, Problem, SliceConfig};
use crate::landscape::{Block, Normalization};
use crate::objective::Objective;

/// What has to be known of a problem to lay a plane through its space and to look at it there.
#[derive(Clone)]
pub(super) struct Space {
    /// Where all runs start; the same allocation as long as it is the same space.
    pub x0: Arc<[f64]>,
    /// How random directions are scaled.
    pub blocks: Vec<Block>,
    /// Whether the scale of the weights is taken from the weights themselves, as the document says: variables of a function have none.
    pub is_model: bool,
    /// What is looked at.
    pub objective: Arc<dyn Objective>,
}

impl Space {
    pub fn of_model(model: &LoadedModel) -> Self {
        Self {
            x0: Arc::clone(&model.x0),
            blocks: model.blocks(),
            is_model: true,
            objective: Arc::clone(&model.watched) as Arc<dyn Objective>,
        }
    }

    fn of_function(problem: &FunctionProblem) -> Self {
        Self {
            x0: problem.x0().into(),
            blocks: vec![Block {
                range: 0..problem.dim,
                rows: Some(1),
            }],
            is_model: false,
            objective: problem.objective(),
        }
    }

    /// The normalisation of random directions.
    pub fn normalization(&self, wanted: Normalization) -> Normalization {
        if self.is_model { wanted } else { Normalization::None }
    }
}

/// Remembers the space of the function that is shown, so that it stays the same one while nothing changes.
#[derive(Default)]
pub(super) struct Spaces {
    function: Option<(FunctionProblem, Space)>,
}

impl Spaces {
    /// The space of an experiment and the plane wanted in it; none for functions of two variables and while a model is loaded.
    pub fn of<'e>(&mut self, experiment: &'e Experiment, model: Option<&LoadedModel>) -> Option<(Space, &'e SliceConfig)> {
        match &experiment.problem {
            Problem::Model(problem) => model.map(|model| (Space::of_model(model), &problem.slice)),
            Problem::Function(problem) if problem.is_on_plane() => Some((self.function(problem), &problem.slice)),
            Problem::Function(_) => None,
        }
    }

    fn function(&mut self, problem: &FunctionProblem) -> Space {
        let numbers = FunctionProblem {
            slice: SliceConfig::default(),
            ..problem.clone()
        };
        match &self.function {
            Some((known, space)) if *known == numbers => space.clone(),
            _ => {
                let space = Space::of_function(problem);
                self.function = Some((numbers, space.clone()));
                space
            }
        }
    }
}
