//! `optiscope slice`: the loss of a model on a plane through its parameter space.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;

use clap::ValueEnum;

use super::output::{FormatArg, Rows};
use super::{CliError, execute, interrupt, model, number};
use crate::experiment::LoadedModel;
use crate::landscape::{Biases, Grid, GridSpec, Normalization, Slice as Plane, random_directions, top_eigenpairs};
use crate::model::weights;
use crate::objective::{Batch, Scratch};

/// The loss of a model on a plane through its weights
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    optiscope train iris --target species --save iris.safetensors\n  \
    optiscope slice iris --target species --init iris.safetensors --grid 11\n  \
    optiscope slice iris --target species --init iris.safetensors \\\n    \
      --directions hessian --range 2 --grid 5 --format csv\n\n\
    The loss is that of the training rows, penalties included: give the same options as for training.")]
pub(super) struct Slice {
    #[command(flatten)]
    model: model::ModelArgs,
    /// The weights in the middle of the slice
    #[arg(long, value_name = "WEIGHTS.safetensors")]
    init: PathBuf,
    /// `random`, `hessian` (the two sharpest directions), or a file with tensors u.layers.0.weight .. and v.layers.0.weight ..
    #[arg(long, value_name = "random|hessian|FILE", default_value = "random")]
    directions: String,
    /// How random directions are scaled to the weights
    #[arg(long, value_enum, default_value_t = Scaling::Filter)]
    normalize: Scaling,
    /// How far the slice goes in units of the directions
    #[arg(long, value_name = "R", default_value_t = 1.0, value_parser = number::positive)]
    range: f64,
    /// Points along each axis
    #[arg(long, value_name = "N", default_value_t = 51, value_parser = number::whole::<u16>(1..=2001))]
    grid: u16,
    #[command(flatten)]
    format: FormatArg,
}

/// How a random direction is scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Scaling {
    /// Every neuron's incoming weights keep their norm (Li et al. 2018)
    Filter,
    /// Every layer's weights keep their norm
    Layer,
    /// Every entry is multiplied by its weight
    Weight,
    /// As drawn
    None,
}

impl From<Scaling> for Normalization {
    fn from(scaling: Scaling) -> Self {
        match scaling {
            Scaling::Filter => Self::Filter,
            Scaling::Layer => Self::Layer,
            Scaling::Weight => Self::Weight,
            Scaling::None => Self::None,
        }
    }
}

impl Slice {
    pub fn run(self) -> Result<(), CliError> {
        interrupt::listen();
        self.check_directions()?;
        let mut problem = self.model.problem(None, false)?;
        let mut model = self.model.load(&mut problem)?;
        model.x0 = weights::load(&self.init, model.network.architecture())?.into();
        let [u, v] = self.directions(&model)?;
        let plane = Plane {
            origin: model.x0.to_vec(),
            u,
            v,
        };
        let spec = GridSpec::square(self.range, usize::from(self.grid));
        let bar = execute::bar(spec.n_b as u64, "rows");
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let go_on = |_| {
            bar.inc(1);
            !interrupt::pressed()
        };
        let grid = Grid::evaluate(model.network.as_ref(), &plane, spec, threads, &go_on);
        bar.finish_and_clear();
        interrupt::check()?;
        let mut rows = Rows::new(self.format.format, ["a", "b", "loss"].map(str::to_owned).to_vec())?;
        for i in 0..spec.n_a {
            for j in 0..spec.n_b {
                rows.push(vec![spec.a_at(i).into(), spec.b_at(j).into(), grid.at(i, j).into()])?;
            }
        }
        rows.finish()
    }

    /// A word that is neither a way to find directions nor a file is refused before anything is read.
    fn check_directions(&self) -> Result<(), CliError> {
        match self.directions.as_str() {
            "random" | "hessian" => Ok(()),
            file if Path::new(file).is_file() => Ok(()),
            other => Err(CliError::Value {
                option: "--directions",
                given: other.to_owned(),
                accepted: "there is no such file; it must be random, hessian, or a .safetensors file with tensors u.* and v.*"
                    .to_owned(),
            }),
        }
    }

    fn directions(&self, model: &LoadedModel) -> Result<[Vec<f64>; 2], CliError> {
        match self.directions.as_str() {
            "random" => {
                let normalization = self.normalize.into();
                Ok(random_directions(
                    self.model.seed,
                    &model.x0,
                    &model.blocks(),
                    normalization,
                    Biases::Fixed,
                ))
            }
            "hessian" => {
                let pairs = top_eigenpairs(
                    model.network.as_ref(),
                    &model.x0,
                    Batch::Full,
                    2,
                    1e-6,
                    &mut Scratch::default(),
                );
                let vectors: Vec<Vec<f64>> = pairs.into_iter().map(|pair| pair.vector).collect();
                <[Vec<f64>; 2]>::try_from(vectors).map_err(|_| CliError::Value {
                    option: "--directions",
                    given: "hessian".to_owned(),
                    accepted: "the Hessian has no two finite eigenvalues at these weights; choose random".to_owned(),
                })
            }
            file => model::directions(Path::new(file), model),
        }
    }
}
