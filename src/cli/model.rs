//! The options that say what model is trained on what, shared by `train` and `slice`.

use std::collections::BTreeMap;
use std::path::Path;

use super::recipe::RecipeArgs;
use super::table::{self, TableArgs};
use super::{CliError, number};
use crate::data::{DataError, Finding, Preparation, Table, Task, Topic, effect};
use crate::experiment::{ExperimentError, LoadedModel, ModelProblem, SliceConfig};
use crate::model::{Activation, Activations, ClassWeight, Init, Loss, ModelConfig, ModelError, ModelKind, Penalty, weights};

/// A model and its data.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct ModelArgs {
    #[command(flatten)]
    table: TableArgs,
    /// The column to predict
    #[arg(long, value_name = "COLUMN")]
    target: String,
    /// The columns to predict from, with commas between them; without it all that can serve
    #[arg(long, value_name = "A,B,..", value_delimiter = ',')]
    features: Option<Vec<String>>,
    /// Recognised from the target if not given
    #[arg(long, value_name = "regression|classification", value_parser = task)]
    task: Option<Task>,
    /// linear, logistic or mlp; ridge, lasso or elastic_net for a linear model with that penalty (l2, l1 or both, 0.01 if not given)
    #[arg(long = "model", value_name = "KIND", default_value = "mlp", value_parser = known("model", Family::from_id, &Family::IDS))]
    family: Family,
    /// Units of each hidden layer of an mlp [default: 16,16]
    #[arg(long, value_name = "N,N,..", value_delimiter = ',', value_parser = units)]
    hidden: Option<Vec<usize>>,
    /// Activation of hidden layers: one for all, or one a layer with commas between them [default: tanh]
    #[arg(long, value_name = "ID,ID,..", value_delimiter = ',', value_parser = known("activation", Activation::from_id, &Activation::ALL.map(Activation::id)))]
    activation: Option<Vec<Activation>>,
    /// mse, mae or huber for numbers, cross_entropy, bce or hinge for classes; without it mse or cross_entropy
    #[arg(long, value_name = "ID", value_parser = known("loss", Loss::from_id, &Loss::ALL.map(Loss::id)))]
    loss: Option<Loss>,
    /// Weight of the sum of absolute weights [default: 0]
    #[arg(long, value_name = "W", value_parser = number::not_negative)]
    l1: Option<f64>,
    /// Weight of half the sum of squared weights [default: 0]
    #[arg(long, value_name = "W", value_parser = number::not_negative)]
    l2: Option<f64>,
    /// The chance of a hidden unit to be left out in a step of training
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = number::chance)]
    dropout: f64,
    /// How much each class counts in the loss: `balanced`, `none`, or weights such as yes=5,no=1
    #[arg(long, value_name = "balanced|none|CLASS=W,..", default_value = "none", value_parser = class_weight)]
    class_weight: Weights,
    /// Give features (those only without --prepare) and a number to predict mean 0 and standard deviation 1 on the training rows
    #[arg(long, value_name = "true|false", default_value_t = true, action = clap::ArgAction::Set)]
    standardize: bool,
    #[command(flatten)]
    recipe: RecipeArgs,
    /// Share of the rows held out to watch training [default: 0.2, or 0 if there are too few rows]
    #[arg(long, value_name = "SHARE", value_parser = number::share)]
    validation: Option<f64>,
    /// Share of the rows held out for the final word [default: 0.2, or 0 if there are too few rows]
    #[arg(long, value_name = "SHARE", value_parser = number::share)]
    test: Option<f64>,
    /// Seed of the split, the initial weights and the batches
    #[arg(long, default_value_t = 0, value_parser = number::whole::<u64>(0..=u64::MAX))]
    pub seed: u64,
}

fn task(text: &str) -> Result<Task, String> {
    let tasks = [Task::Regression, Task::Classification];
    let task = tasks.into_iter().find(|task| task.label() == text);
    task.ok_or_else(|| "it must be regression or classification".to_owned())
}

fn units(text: &str) -> Result<usize, String> {
    let none = "for a model without hidden layers give --model linear or --model logistic";
    number::whole(1..=u64::MAX)(text).map_err(|refusal| format!("{refusal}; {none}"))
}

/// A kind of model, and the penalty that its name implies.
#[derive(Debug, Clone, Copy)]
struct Family {
    kind: ModelKind,
    penalty: Option<Penalty>,
}

impl Family {
    const IDS: [&'static str; 6] = ["linear", "logistic", "mlp", "ridge", "lasso", "elastic_net"];

    fn from_id(id: &str) -> Option<Self> {
        let plain = |kind| Self { kind, penalty: None };
        let penalised = |penalty| Self {
            kind: ModelKind::Linear,
            penalty: Some(penalty),
        };
        let by_penalty = || {
            Penalty::from_id(id)
                .filter(|penalty| *penalty != Penalty::Nothing)
                .map(penalised)
        };
        ModelKind::from_id(id).map(plain).or_else(by_penalty)
    }
}

/// How much classes count, as the option says it.
#[derive(Debug, Clone)]
struct Weights(Option<ClassWeight>);

/// A comma after a number ends a weight; any other belongs to the name of a class.
fn weights_by_name(text: &str) -> Option<BTreeMap<String, f64>> {
    let number = |pair: &str| pair.rsplit_once('=')?.1.parse::<f64>().ok();
    let (mut given, mut pair) = (BTreeMap::new(), String::new());
    for piece in text.split(',') {
        pair.push_str(piece);
        if let Some(weight) = number(&pair) {
            let (class, _) = pair.rsplit_once('=').filter(|_| weight.is_finite() && weight >= 0.0)?;
            given.insert(class.to_owned(), weight);
            pair.clear();
        } else {
            pair.push(',');
        }
    }
    pair.is_empty().then_some(given)
}

fn class_weight(text: &str) -> Result<Weights, String> {
    match text {
        "none" => Ok(Weights(None)),
        "balanced" => Ok(Weights(Some(ClassWeight::Balanced))),
        pairs => {
            let given = weights_by_name(pairs);
            let given =
                given.ok_or_else(|| "it must be balanced, none, or a weight for each class such as yes=5,no=1".to_owned())?;
            Ok(Weights(Some(ClassWeight::Given(given))))
        }
    }
}

/// A reader of ids that names what there is when it does not know one.
fn known<T>(
    what: &'static str,
    from_id: fn(&str) -> Option<T>,
    ids: &[&'static str],
) -> impl Fn(&str) -> Result<T, String> + Clone + use<T> {
    let ids: Vec<&'static str> = ids.to_vec();
    move |text: &str| from_id(text).ok_or_else(|| format!("there is no such {what}; there are {}", ids.join(", ")))
}

impl ModelArgs {
    /// The weights of the penalties: those given, and those that the name of the model asks for. What contradicts it is refused.
    fn penalties(&self) -> Result<(f64, f64), CliError> {
        let given = (self.l1.unwrap_or(0.0), self.l2.unwrap_or(0.0));
        let Some(penalty) = self.family.penalty else {
            return Ok(given);
        };
        let (uses_l1, uses_l2) = (penalty != Penalty::Ridge, penalty != Penalty::Lasso);
        for (option, is_used, weight) in [("--l1", uses_l1, self.l1), ("--l2", uses_l2, self.l2)] {
            let Some(weight) = weight.filter(|weight| is_used != (*weight > 0.0)) else {
                continue;
            };
            let must = if is_used { "it must be above 0" } else { "it must be 0" };
            return Err(CliError::Value {
                option,
                given: weight.to_string(),
                accepted: format!("{must} for --model {}; leave it out, or take --model linear", penalty.id()),
            });
        }
        Ok(penalty.applied(given.0, given.1))
    }

    /// Refuses what is said of hidden layers to a model that has none.
    fn check_hidden(&self) -> Result<(), CliError> {
        let units = self.hidden.iter().flatten().map(usize::to_string);
        let activations = self.activation.iter().flatten().map(|activation| activation.id().to_owned());
        let dropout = (self.dropout > 0.0).then(|| self.dropout.to_string());
        let given = [
            ("--hidden", units.collect::<Vec<_>>()),
            ("--activation", activations.collect()),
            ("--dropout", dropout.into_iter().collect()),
        ];
        let meaningless = given
            .into_iter()
            .find(|(_, given)| self.family.kind != ModelKind::Mlp && !given.is_empty());
        meaningless.map_or(Ok(()), |(option, given)| {
            Err(CliError::Value {
                option,
                given: given.join(","),
                accepted: format!(
                    "a {} model has no hidden layers; leave this out, or take --model mlp",
                    self.family.kind.id()
                ),
            })
        })
    }

    /// The problem as an experiment states it.
    pub fn problem(&self, batch: Option<u64>, shuffle: bool) -> Result<ModelProblem, CliError> {
        let (l1, l2) = self.penalties()?;
        self.check_hidden()?;
        let default = ModelConfig::default();
        Ok(ModelProblem {
            source: self.table.source(),
            preparation: Preparation {
                target: self.target.clone(),
                features: self.features.clone(),
                task: self.task,
                standardize: self.standardize,
                recipe: self.recipe.steps()?,
                split: self.recipe.split()?,
                folds: None,
                validation: self.validation.unwrap_or(DEFAULT_SHARE),
                test: self.test.unwrap_or(DEFAULT_SHARE),
                seed: self.seed,
            },
            model: ModelConfig {
                kind: self.family.kind,
                hidden: self.hidden.clone().unwrap_or(default.hidden),
                activation: match self.activation.as_deref() {
                    None => default.activation,
                    Some([one]) => Activations::All(*one),
                    Some(each) => Activations::Each(each.to_vec()),
                },
                loss: self.loss,
                l1,
                l2,
                init: Init::default(),
                dropout: self.dropout,
                class_weight: self.class_weight.0.clone(),
            },
            batch,
            shuffle,
            early_stopping: None,
            start: None,
            frozen: Vec::new(),
            slice: SliceConfig::default(),
        })
    }

    /// Reads the data and builds the model; what was done to the data is told on stderr.
    pub fn load(&self, problem: &mut ModelProblem) -> Result<LoadedModel, CliError> {
        let table = self.table()?;
        let model = self.on_table(problem, &table)?;
        for note in self.notes(&model) {
            eprintln!("note: {note}");
        }
        if let Ok(Some(effect)) = effect(&table, &problem.preparation) {
            eprintln!("note: {effect}");
        }
        Ok(model)
    }

    /// What was done to the data, and what was asked for and could not be done.
    pub fn notes(&self, model: &LoadedModel) -> Vec<String> {
        let asked = self.recipe.is_stratified_by_wish() && !model.network.loss().is_for_classes();
        let no_classes = asked.then(|| {
            format!(
                "--split stratified: the target '{}' is a number and has no classes to be divided evenly; the split is random",
                self.target
            )
        });
        no_classes.into_iter().chain(model.prepared.notes.iter().cloned()).collect()
    }

    /// Reads the data and tells what was odd about them.
    pub fn table(&self) -> Result<Table, CliError> {
        let table = self.table.table()?;
        // Of the target there is more to say than that it explains nothing, when the rows are prepared.
        let is_of_target = |f: &Finding| f.topic == Topic::Constant && f.column.as_deref() == Some(self.target.as_str());
        table::warn_unless(&table, is_of_target);
        Ok(table)
    }

    /// The model on data that are read.
    pub fn on_table(&self, problem: &mut ModelProblem, table: &Table) -> Result<LoadedModel, CliError> {
        self.build(problem, table).map_err(in_options)
    }

    /// The model on a table. A share that nobody asked for is given up where it leaves a part without rows.
    fn build(&self, problem: &mut ModelProblem, table: &Table) -> Result<LoadedModel, ExperimentError> {
        if table.n_rows < FEW_ROWS {
            problem.preparation.validation = self.validation.unwrap_or(0.0);
            problem.preparation.test = self.test.unwrap_or(0.0);
        }
        if problem.preparation.folds.is_some() {
            problem.preparation.test = self.test.unwrap_or(0.0);
        }
        loop {
            let refusal = match LoadedModel::new(problem, self.seed, table) {
                Ok(model) => return Ok(model),
                Err(refusal) => refusal,
            };
            let ExperimentError::Data(DataError::Share { field, .. }) = &refusal else {
                return Err(refusal);
            };
            let preparation = &mut problem.preparation;
            let share = match (self.validation, self.test) {
                (None, _) if *field == "validation" || self.test.is_some() => &mut preparation.validation,
                (_, None) if *field != "validation" => &mut preparation.test,
                _ => return Err(refusal),
            };
            if *share == 0.0 {
                return Err(refusal);
            }
            *share = 0.0;
        }
    }
}

/// A refusal of the engine, which speaks of fields, in the words of the command line.
fn in_options(refusal: ExperimentError) -> CliError {
    match refusal {
        ExperimentError::Data(DataError::Share { field, value, advice }) => {
            let options = match field {
                "validation" => "--validation",
                "test" => "--test",
                _ => "--validation and --test together",
            };
            CliError::Usage(format!("{options} {value}: {advice}"))
        }
        ExperimentError::Model(ModelError::HiddenUnits { units, max, .. }) => CliError::Value {
            option: "--hidden",
            given: units.to_string(),
            accepted: format!("each hidden layer takes 1 to {max} units"),
        },
        ExperimentError::Model(problem) => {
            let text = problem.to_string();
            let named = text.strip_prefix("model.").and_then(|rest| rest.split_once(": "));
            let named = named.map(|(field, why)| match field {
                "kind" => format!("--model: {why}"),
                field => format!("--{}: {why}", field.replace('_', "-")),
            });
            CliError::Usage(named.unwrap_or(text))
        }
        other => other.into(),
    }
}

/// What is held out, for validation and for the test each, if nothing is said.
const DEFAULT_SHARE: f64 = 0.2;

/// Of fewer rows than this none are held out unless it is asked for.
const FEW_ROWS: usize = 10;

/// The two directions in a file: tensors as those of the weights, named `u.layers.0.weight` ... and `v.layers.0.weight` ...
pub(super) fn directions(path: &Path, model: &LoadedModel) -> Result<[Vec<f64>; 2], CliError> {
    let one = |prefix| weights::load_prefixed(path, model.network.architecture(), prefix);
    Ok([one("u.")?, one("v.")?])
}
