//! Transfer learning: weights to start from, and layers that stay as they are.

use std::sync::Arc;

use optiscope::data::{Bundled, Preparation, Table};
use optiscope::experiment::{Experiment, LoadedModel, ModelProblem, Problem, RunConfig, Source};
use optiscope::math::{Purpose, Rng};
use optiscope::model::{FreeParams, ModelConfig, PartlyFrozen, StartWeights, weights};
use optiscope::objective::{Batch, Objective, Scratch};
use optiscope::optim::OptimizerConfig;
use optiscope::run::Trajectory;

fn iris() -> Table {
    Bundled::from_id("iris").expect("bundled").table().expect("a table")
}

fn problem(hidden: &[usize], frozen: &[&str]) -> ModelProblem {
    let source = Source::Bundled { id: "iris".to_owned() };
    ModelProblem {
        preparation: Preparation {
            target: "species".to_owned(),
            ..Preparation::default()
        },
        model: ModelConfig {
            hidden: hidden.to_vec(),
            l2: 1e-3,
            ..ModelConfig::default()
        },
        frozen: frozen.iter().map(|name| (*name).to_owned()).collect(),
        ..ModelProblem::suggested(source, &iris()).expect("a problem")
    }
}

fn loaded(problem: &ModelProblem) -> LoadedModel {
    LoadedModel::new(problem, 3, &iris()).expect("a model")
}

fn refusal(problem: &ModelProblem) -> String {
    match LoadedModel::new(problem, 3, &iris()) {
        Err(why) => why.to_string(),
        Ok(_) => panic!("it was to be refused"),
    }
}

fn normals(n: usize, index: u64) -> Vec<f64> {
    let mut rng = Rng::stream(8, Purpose::Start, index);
    (0..n).map(|_| 0.5 * rng.normal()).collect()
}

#[test]
fn whatever_the_rule_what_is_frozen_stays_to_the_last_bit() {
    let problem = problem(&[6, 5], &["layers.0", "layers.1.bias"]);
    let model = loaded(&problem);
    let layout = model.network.architecture().layout();
    let mut used = 0;
    for id in OptimizerConfig::IDS {
        let run = RunConfig {
            weight_decay: 0.01,
            ..RunConfig::of(OptimizerConfig::from_id(id).expect("a rule"), 0)
        };
        let experiment = Experiment {
            problem: Problem::Model(problem.clone()),
            steps: 6,
            runs: vec![run],
            ..Experiment::default()
        };
        let Ok(plan) = experiment.plan(&experiment.runs[0], Some(&model)) else {
            continue;
        };
        used += 1;
        let trajectory = Trajectory::of(&plan);
        let last = trajectory.last_step();
        let state = trajectory.state_at(&plan, last).expect("a state");
        let params = plan.whole(&state.walk.x);
        assert_eq!(params.len(), model.x0.len());
        for tensor in &layout {
            let (before, after) = (&model.x0[tensor.range.clone()], &params[tensor.range.clone()]);
            let is_frozen = tensor.name.starts_with("layers.0") || tensor.name == "layers.1.bias";
            assert!(!is_frozen || before == after, "{id} moved {}", tensor.name);
        }
        assert!(
            last < 6 || params[..] != model.x0[..] || *id == "random_search",
            "{id} did nothing"
        );
    }
    assert!(used > 30, "{used} rules were tried");
}

#[test]
fn derivatives_are_those_of_the_whole_restricted() {
    let model = loaded(&problem(&[6, 5], &[]));
    let (network, n) = (&model.network, model.x0.len());
    let frozen = ["layers.1".to_owned(), "layers.2.bias".to_owned()];
    let start: Arc<[f64]> = normals(n, 0).into();
    let free = Arc::new(FreeParams::new(network.architecture(), &frozen, Arc::clone(&start)).expect("free"));
    let part = PartlyFrozen::new(Arc::clone(network), Arc::clone(&free));
    let k = part.dim();
    assert_eq!(k, 4 * 6 + 6 + 5 * 3);
    let (x, v) = (normals(k, 1), normals(k, 2));
    let (mut all, mut direction) = (vec![0.0; n], vec![0.0; n]);
    free.complete(&x, &mut all);
    free.displace(&v, &mut direction);
    let (mut scratch, mut restricted) = (Scratch::default(), vec![0.0; k]);
    for batch in [Batch::Full, Batch::Rows(&[3, 1, 4, 15])] {
        let (mut grad, mut whole) = (vec![0.0; k], vec![0.0; n]);
        let value = part.value_and_grad(&x, batch, &mut grad, &mut scratch);
        assert_eq!(value, network.value_and_grad(&all, batch, &mut whole, &mut scratch));
        free.gather(&whole, &mut restricted);
        assert_eq!(grad, restricted);
        part.hess_vec(&x, &v, batch, &mut grad, &mut scratch);
        network.hess_vec(&all, &direction, batch, &mut whole, &mut scratch);
        free.gather(&whole, &mut restricted);
        assert_eq!(grad, restricted);
    }
    // Matrices that are free lie where their entries are.
    let spans: Vec<_> = part.layout().iter().map(|matrix| matrix.range()).collect();
    assert_eq!(spans, [0..24, 30..45]);
}

#[test]
fn the_equations_of_a_linear_model_leave_the_frozen_bias_out() {
    let table = Bundled::from_id("diabetes").expect("bundled").table().expect("a table");
    let source = Source::Bundled {
        id: "diabetes".to_owned(),
    };
    let mut problem = ModelProblem::suggested(source, &table).expect("a problem");
    problem.model.kind = optiscope::model::ModelKind::Linear;
    problem.frozen = vec!["layers.0.bias".to_owned()];
    let model = LoadedModel::new(&problem, 3, &table).expect("a model");
    let equations = model.objective.least_squares().and_then(|squares| squares.linear());
    let equations = equations.expect("linear equations");
    let x = normals(model.objective.dim(), 4);
    let mut a = vec![0.0; x.len()];
    let misfits = (0..equations.count()).map(|i| {
        let b = equations.equation(i, &mut a);
        let ax: f64 = a.iter().zip(&x).map(|(a, x)| a * x).sum();
        (ax - b).powi(2)
    });
    let sum = equations.factor() * misfits.sum::<f64>();
    let value = model.objective.value(&x, Batch::Full, &mut Scratch::default());
    assert!((sum - value).abs() < 1e-12 * value, "{sum} {value}");
}

#[test]
fn training_starts_from_a_file_and_only_a_last_layer_of_other_outputs_is_fresh() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("trained.safetensors");
    let trained = loaded(&problem(&[6, 5], &[]));
    let params = normals(trained.x0.len(), 5);
    weights::save(&path, trained.network.architecture(), &params).expect("written");
    let start = StartWeights::read(&path).expect("read");
    let from = |mut problem: ModelProblem| {
        problem.start = Some(start.clone());
        problem
    };
    assert_eq!(*loaded(&from(problem(&[6, 5], &[]))).x0, params[..]);

    // A petal's length from the other columns, the species among them.
    let mut other = problem(&[6, 5], &["layers.0"]);
    other.preparation.features = Some(
        ["sepal_length_cm", "sepal_width_cm", "petal_width_cm"]
            .map(str::to_owned)
            .to_vec(),
    );
    other.preparation.target = "petal_length_cm".to_owned();
    assert!(refusal(&from(other.clone())).contains("4-6-5-3"), "fewer features");
    other.preparation.features = None;
    other.preparation.recipe = None;
    let units = LoadedModel::new(&other, 3, &iris())
        .expect("a model")
        .network
        .architecture()
        .units();
    let path = folder.path().join("classes.safetensors");
    let mut wider = trained.network.architecture().clone();
    wider.inputs = units[0];
    let params = normals(wider.n_params(), 6);
    weights::save(&path, &wider, &params).expect("written");
    other.start = Some(StartWeights::read(&path).expect("read"));
    let model = loaded(&other);
    let kept = model.network.architecture().layout()[4].range.start;
    assert_eq!(model.x0[..kept], params[..kept]);
    assert_ne!(model.x0[kept..], params[kept..model.x0.len()]);
    assert!(model.prepared.notes.iter().any(|note| note.contains("classes.safetensors")));
}

#[test]
fn the_document_keeps_the_weights_themselves_and_every_bit_of_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("trained.safetensors");
    let mut problem = problem(&[6], &["layers.0"]);
    let model = loaded(&problem);
    weights::save(&path, model.network.architecture(), &normals(model.x0.len(), 7)).expect("written");
    problem.start = Some(StartWeights::read(&path).expect("read"));
    let experiment = Experiment {
        problem: Problem::Model(problem.clone()),
        ..Experiment::default()
    };
    let text = serde_json::to_string(&experiment).expect("written");
    let again: Experiment = serde_json::from_str(&text).expect("read");
    assert_eq!(again, experiment);
    for (cut, why) in [
        ("[4,6,3]", "[4,7,3]"),
        ("[4,6,3]", "[4]"),
        ("[4,6,3]", "[4,18446744073709551615,3]"),
    ] {
        let broken = serde_json::from_str::<Experiment>(&text.replace(cut, why));
        assert!(broken.expect_err("refused").to_string().contains("trained.safetensors"));
    }
    // Other weights are another run.
    let mut fresh = experiment.clone();
    if let Problem::Model(problem) = &mut fresh.problem {
        problem.start = None;
    }
    assert_ne!(fresh.key(&fresh.runs[0]), experiment.key(&experiment.runs[0]));
}

#[test]
fn what_cannot_be_frozen_gets_a_sentence() {
    assert!(refusal(&problem(&[6], &["layers.2"])).contains("there are layers.0, layers.1"));
    assert!(refusal(&problem(&[6], &["layers.0", "layers.1"])).contains("leave at least the last one free"));
    assert!(refusal(&problem(&[6], &["layers"])).contains("there is no layer layers"));
}
