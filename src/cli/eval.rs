//! `optiscope eval`: a function at a point, with its exact derivatives.

use serde_json::json;

use super::named::FunctionArgs;
use super::output::{Cell, Format, FormatArg, Rows, UnusedSeed, print_json};
use super::{CliError, named};
use crate::experiment::FunctionProblem;
use crate::functions::{FunctionConfig, Minimum};
use crate::objective::{Batch, Scratch};

/// Value, gradient, Hessian and eigenvalues of a function at a point
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  optiscope eval --function rosenbrock --at 1,1\n  \
    optiscope eval --function rosenbrock --param b=10 --at -1.5,2 --format json\n  \
    optiscope eval --function quadratic_ill --transform rotation=45 --at 1,1\n  \
    optiscope eval --formula 'x^2 + a*sin(y)' --param a=10 --at 1,2")]
pub(super) struct Eval {
    #[command(flatten)]
    function: FunctionArgs,
    /// The point
    #[arg(long, value_name = "X,Y", allow_hyphen_values = true)]
    at: String,
    #[command(flatten)]
    _seed: UnusedSeed,
    #[command(flatten)]
    format: FormatArg,
}

/// What is said of a point without a gradient.
const KINK: &str = "no: the function has a kink here; the derivatives above are 0 or those of one side";

impl Eval {
    pub fn run(self) -> Result<(), CliError> {
        let problem = self.function.problem()?;
        if problem.is_on_plane() {
            return self.in_many(&problem);
        }
        let at: [f64; 2] = named::point("--at", &self.at)?;
        let derivatives = problem.derivatives(at);
        let hessian = derivatives.hessian;
        let eigenvalues = derivatives.eigenvalues();
        let nearest = nearest_minimum(&problem, at);
        let differentiable = problem.is_differentiable_at(at);
        if self.format.format == Format::Json {
            return print_json(&json!({
                "function": problem.function.id(),
                "formula": formula(&problem.function),
                "at": at,
                "value": derivatives.value,
                "differentiable": differentiable,
                "gradient": derivatives.gradient,
                "hessian": hessian,
                "eigenvalues": eigenvalues,
                "nearest_minimum": nearest.map(|(minimum, distance)| json!({
                    "x": minimum.x, "value": minimum.value, "distance": distance,
                })),
            }));
        }
        let mut rows = Rows::new(self.format.format, vec!["quantity".to_owned(), "value".to_owned()])?;
        let mut row = |name: &str, value: Cell| rows.push(vec![name.into(), value]);
        row("value", derivatives.value.into())?;
        for (name, g) in ["gradient_x", "gradient_y"].into_iter().zip(derivatives.gradient) {
            row(name, g.into())?;
        }
        for (name, h) in ["hessian_xx", "hessian_xy", "hessian_yx", "hessian_yy"]
            .into_iter()
            .zip(hessian.as_flattened())
        {
            row(name, (*h).into())?;
        }
        for (name, eigenvalue) in ["eigenvalue_1", "eigenvalue_2"].into_iter().zip(eigenvalues) {
            row(name, eigenvalue.into())?;
        }
        if let Some((minimum, distance)) = nearest {
            row("nearest_minimum_x", minimum.x[0].into())?;
            row("nearest_minimum_y", minimum.x[1].into())?;
            row("nearest_minimum_value", minimum.value.into())?;
            row("nearest_minimum_distance", distance.into())?;
        }
        if !differentiable {
            row("differentiable", KINK.into())?;
        }
        rows.finish()
    }
}

/// The formula; the user's own as it was understood.
fn formula(function: &FunctionConfig) -> String {
    match function {
        FunctionConfig::Formula(own) => own.understood(),
        known => known.formula().into_owned(),
    }
}

impl Eval {
    /// More than two variables: value, gradient and, as JSON, the Hessian.
    fn in_many(&self, problem: &FunctionProblem) -> Result<(), CliError> {
        let objective = problem.objective();
        let (n, mut scratch) = (problem.dim, Scratch::default());
        let at = named::point_in("--at", &self.at, n)?;
        let mut gradient = vec![0.0; n];
        let value = objective.value_and_grad(&at, Batch::Full, &mut gradient, &mut scratch);
        let minimum = problem.minimum();
        if self.format.format == Format::Json {
            let mut column = |i: usize| {
                let (mut unit, mut column) = (vec![0.0; n], vec![0.0; n]);
                unit[i] = 1.0;
                objective.hess_vec(&at, &unit, Batch::Full, &mut column, &mut scratch);
                column
            };
            let hessian: Vec<Vec<f64>> = (0..n).map(&mut column).collect();
            return print_json(&json!({
                "function": problem.function.id(),
                "at": at,
                "value": value,
                "gradient": gradient,
                "hessian": hessian,
                "minimum": minimum.map(|(x, value)| json!({ "x": x, "value": value })),
            }));
        }
        let mut rows = Rows::new(self.format.format, vec!["quantity".to_owned(), "value".to_owned()])?;
        rows.push(vec!["value".into(), value.into()])?;
        for (i, g) in gradient.into_iter().enumerate() {
            rows.push(vec![Cell::Text(format!("gradient_x{i}")), g.into()])?;
        }
        if let Some((_, value)) = minimum {
            rows.push(vec!["minimum_value".into(), value.into()])?;
        }
        rows.finish()
    }
}

/// The known minimum that is nearest to a point, and how far away it is.
fn nearest_minimum(problem: &FunctionProblem, at: [f64; 2]) -> Option<(Minimum, f64)> {
    let distance = |minimum: &Minimum| (minimum.x[0] - at[0]).hypot(minimum.x[1] - at[1]);
    let near = problem
        .minima()
        .into_iter()
        .min_by(|p, q| distance(p).total_cmp(&distance(q)))?;
    Some((near, distance(&near)))
}
