//! `optiscope list`: what there is.

use clap::ValueEnum;

use super::CliError;
use super::output::{Cell, FormatArg, Rows, UnusedSeed};
use crate::data::recipe::StepConfig;
use crate::data::{BUNDLED, GENERATED};
use crate::functions::FunctionConfig;
use crate::optim::{OptimizerConfig, Order, ScheduleConfig};
use crate::param::{ParamInfo, Parameters};

/// List functions, optimizers, schedules, data sets or steps of a recipe
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  optiscope list functions\n  optiscope list optimizers --format csv")]
pub(super) struct List {
    what: Catalogue,
    #[command(flatten)]
    _seed: UnusedSeed,
    #[command(flatten)]
    format: FormatArg,
}

#[derive(Clone, Copy, ValueEnum)]
enum Catalogue {
    Functions,
    Optimizers,
    Schedules,
    Datasets,
    Steps,
}

impl List {
    pub fn run(self) -> Result<(), CliError> {
        let (columns, rows) = match self.what {
            Catalogue::Functions => functions(),
            Catalogue::Optimizers => optimizers(),
            Catalogue::Schedules => schedules(),
            Catalogue::Datasets => datasets(),
            Catalogue::Steps => steps(),
        };
        let mut out = Rows::new(self.format.format, columns.iter().map(|c| (*c).to_owned()).collect())?;
        rows.into_iter().try_for_each(|row| out.push(row))?;
        out.finish()
    }
}

type Listing = (&'static [&'static str], Vec<Vec<Cell>>);

fn functions() -> Listing {
    let row = |function: FunctionConfig| {
        let info = function.info();
        let [[x_low, x_high], [y_low, y_high]] = function.domain();
        let tags: Vec<&str> = info.tags.iter().map(|tag| tag.name()).collect();
        vec![
            function.id().into(),
            info.name.into(),
            function.formula().into_owned().into(),
            parameters(&*function).into(),
            format!("[{x_low}, {x_high}] x [{y_low}, {y_high}]").into(),
            (function.minima().len() as u64).into(),
            if function.any_dim() { "any" } else { "2" }.into(),
            tags.join(" ").into(),
            info.source.into(),
        ]
    };
    let columns = &[
        "id",
        "name",
        "formula",
        "params",
        "domain",
        "minima",
        "variables",
        "tags",
        "source",
    ];
    (columns, FunctionConfig::all().into_iter().map(row).collect())
}

fn optimizers() -> Listing {
    let row = |rule: OptimizerConfig| {
        let info = rule.info();
        let asks = match info.order {
            Order::Zeroth => "values",
            Order::First => "gradients",
            Order::Second => "Hessian-vector products",
        };
        vec![
            rule.id().into(),
            info.name.into(),
            parameters(&*rule).into(),
            asks.into(),
            info.source.into(),
        ]
    };
    (
        &["id", "name", "params", "asks for", "source"],
        OptimizerConfig::all().into_iter().map(row).collect(),
    )
}

fn schedules() -> Listing {
    let row = |schedule: ScheduleConfig| {
        let info = schedule.info();
        vec![
            schedule.id().into(),
            info.name.into(),
            info.formula.into(),
            parameters(&*schedule).into(),
            info.source.into(),
        ]
    };
    (
        &["id", "name", "formula", "params", "source"],
        ScheduleConfig::all().into_iter().map(row).collect(),
    )
}

fn datasets() -> Listing {
    let columns = &["id", "name", "about", "origin", "licence", "comes"];
    let bundled = BUNDLED
        .iter()
        .map(|set| [set.id, set.title, set.about, set.origin, set.licence, "with the program"]);
    let generated = GENERATED
        .iter()
        .map(|set| [set.id, set.title, set.about, set.origin, set.licence, "from a formula"]);
    (
        columns,
        bundled.chain(generated).map(|row| row.map(Cell::from).to_vec()).collect(),
    )
}

fn steps() -> Listing {
    let row = |step: StepConfig| {
        let all = step.all_params();
        let value = |info: &&ParamInfo| step.get(info.name).map(|value| format!("{}={value}", info.name));
        let params: Vec<String> = all.iter().filter_map(value).collect();
        let info = step.info();
        vec![step.id().into(), info.name.into(), params.join(" ").into(), info.about.into()]
    };
    (
        &["id", "name", "params", "about"],
        StepConfig::all().into_iter().map(row).collect(),
    )
}

/// `lr=0.001 momentum=0.9`: as `--set` and `--param` take them.
fn parameters(of: &(impl Parameters + ?Sized)) -> String {
    let one = |info: &&ParamInfo| of.get(info.name).map(|value| format!("{}={value}", info.name));
    let all: Vec<String> = of.params().iter().filter_map(one).collect();
    all.join(" ")
}
