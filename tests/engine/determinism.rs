//! Same experiment, same seed: same bits, whatever the number of threads, the scrubbing, or which runs are shown.

use std::sync::Arc;
use std::time::{Duration, Instant};

use optiscope::data::Progress;
use optiscope::experiment::{Experiment, LoadedModel, MAX_RUNS, ModelProblem, Problem, RunConfig, Source};
use optiscope::functions::FunctionConfig;
use optiscope::math::{Purpose, Rng};
use optiscope::model::{Measurement, ModelKind};
use optiscope::objective::{Batch, Scratch};
use optiscope::optim::{Noise, OptimizerConfig, RunStatus, Trace, Walk};
use optiscope::param::{Range, Value};
use optiscope::run::{Keyframe, Run, RunPlan, Trajectory};
use optiscope::workbench::{Lane, Pool, Workbench};

const CHUNKS: [u64; 4] = [1, 7, 64, u64::MAX];

/// Long enough for keyframes to be thinned out more than once.
fn welcome() -> Experiment {
    Experiment::default()
}

/// Every rule there is, with noise, clipping and weight decay on: those that can be used on a function on one, the others on a
/// model.
fn all_rules() -> Vec<Experiment> {
    let mut on_function = Experiment { steps: 300, ..welcome() };
    if let Problem::Function(problem) = &mut on_function.problem {
        problem.noise = Noise {
            value: 0.01,
            ..Noise::gaussian(0.3)
        };
    }
    let offer = on_function.offer(None).expect("a function is always there");
    let (functions, models): (Vec<_>, Vec<_>) = OptimizerConfig::all()
        .into_iter()
        .partition(|rule| rule.refusal(&offer).is_none());
    let of = |rules: &[OptimizerConfig], experiment: Experiment| Experiment {
        runs: rules.iter().map(|rule| staged(rule.clone())).collect(),
        ..experiment
    };
    let parts = functions.chunks(MAX_RUNS).map(|part| of(part, on_function.clone()));
    let mut linear = network_on("sine", None);
    if let Problem::Model(problem) = &mut linear.problem {
        problem.model.kind = ModelKind::Linear;
    }
    let (linear_only, models): (Vec<_>, Vec<_>) = models.into_iter().partition(|rule| rule.id() == "least_squares");
    let on_models = [of(&models, network_on("sine", None)), of(&linear_only, linear)];
    parts.chain(on_models).collect()
}

/// The welcome, every rule, and a model in batches.
fn problems() -> Vec<Experiment> {
    [welcome(), network()].into_iter().chain(all_rules()).collect()
}

fn staged(rule: OptimizerConfig) -> RunConfig {
    RunConfig {
        clip_norm: Some(40.0),
        weight_decay: 1e-3,
        ..RunConfig::of(rule, 0)
    }
}

fn generated(id: &str) -> Source {
    Source::Generated {
        id: id.to_owned(),
        rows: 60,
        noise: 0.1,
        seed: 3,
    }
}

/// A small network in batches.
fn network() -> Experiment {
    network_on("two_moons", Some(16))
}

fn network_on(set: &str, batch: Option<u64>) -> Experiment {
    let table = generated(set).table(None, &Progress::default()).expect("made from a formula");
    let mut problem = ModelProblem::suggested(generated(set), &table).expect("something to predict");
    problem.model.hidden = vec![5];
    problem.batch = batch;
    let mut experiment = welcome();
    experiment.show_model(problem);
    experiment.steps = 90;
    experiment
}

fn loaded(experiment: &Experiment) -> Option<LoadedModel> {
    let Problem::Model(problem) = &experiment.problem else {
        return None;
    };
    let table = problem.source.table(None, &Progress::default()).expect("readable");
    Some(LoadedModel::new(problem, experiment.seed, &table).expect("it fits"))
}

fn plans(experiment: &Experiment) -> Vec<RunPlan> {
    let model = loaded(experiment);
    let plan = |run: &RunConfig| experiment.plan(run, model.as_ref()).expect("a plan");
    experiment.runs.iter().map(plan).collect()
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|v| v.to_bits()).collect()
}

fn measured(measurements: &[(u64, Measurement)]) -> Vec<(u64, Vec<u64>)> {
    let numbers = |m: &Measurement| {
        let held_out = [m.validation_loss, m.validation_metric, m.test_loss, m.test_metric];
        let held_out = held_out.map(|v| v.unwrap_or(-1.0));
        bits(&[&[m.train_loss, m.train_metric][..], &held_out].concat())
    };
    measurements.iter().map(|(step, m)| (*step, numbers(m))).collect()
}

#[track_caller]
fn same_rows(a: &Trace, b: &Trace, who: &str) {
    assert_eq!(a.len(), b.len(), "{who}: number of rows");
    assert_eq!(bits(&a.x), bits(&b.x), "{who}: points");
    assert_eq!(bits(&a.value), bits(&b.value), "{who}: values");
    assert_eq!(bits(&a.grad_norm), bits(&b.grad_norm), "{who}: norms of gradients");
    assert_eq!(bits(&a.lr), bits(&b.lr), "{who}: learning rates");
    assert_eq!(a.event, b.event, "{who}: events");
}

#[track_caller]
fn same_state(a: &Keyframe, b: &Keyframe, who: &str) {
    assert_eq!(a.walk.step, b.walk.step, "{who}: step");
    assert_eq!(bits(&a.walk.x), bits(&b.walk.x), "{who}: point at step {}", a.walk.step);
    assert_eq!(a.walk.counts, b.walk.counts, "{who}: questions asked");
    assert!(
        a.slot.equals(b.slot.as_ref()),
        "{who}: memory of the rule at step {}",
        a.walk.step
    );
}

#[track_caller]
fn same(a: &Trajectory, b: &Trajectory, who: &str) {
    same_rows(a.trace(), b.trace(), who);
    assert_eq!(a.status(), b.status(), "{who}: status");
    assert_eq!(a.counts(), b.counts(), "{who}: questions asked");
    assert_eq!(measured(a.measurements()), measured(b.measurements()), "{who}: measurements");
    assert_eq!(a.keyframes().len(), b.keyframes().len(), "{who}: keyframes");
    for (a, b) in a.keyframes().iter().zip(b.keyframes()) {
        same_state(a, b, who);
    }
}

/// The run in pieces of so many steps.
fn in_chunks(plan: &RunPlan, steps: u64) -> Trajectory {
    let mut trajectory = Trajectory::new(plan);
    let mut run = Run::new(plan.clone());
    while run.is_running() {
        trajectory.append(run.advance(steps));
    }
    trajectory
}

/// The state after so many steps, by the loop alone.
fn straight(plan: &RunPlan, step: u64) -> Keyframe {
    let mut walk = Walk::new(&plan.x0);
    let mut slot = plan.rule.start(&plan.x0);
    slot.advance(&plan.fixed(), &mut walk, step, &mut Trace::new(0));
    Keyframe { walk, slot }
}

#[track_caller]
fn settle(bench: &mut Workbench, experiment: &Experiment) {
    let begun = Instant::now();
    loop {
        bench.poll(experiment);
        if !bench.is_busy() {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(120), "the work does not end");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn bench(pool: Pool, experiment: &Experiment) -> Workbench {
    let mut bench = Workbench::new(pool, Arc::new(|| {}));
    bench.reconcile(experiment);
    settle(&mut bench, experiment);
    assert_eq!(bench.lanes().len(), experiment.runs.len());
    bench
}

#[test]
fn chunks_change_nothing() {
    for experiment in problems() {
        for (plan, run) in plans(&experiment).iter().zip(&experiment.runs) {
            let whole = Trajectory::of(plan);
            assert_ne!(whole.status(), RunStatus::Running);
            for steps in CHUNKS {
                same(&in_chunks(plan, steps), &whole, &format!("{} in chunks of {steps}", run.name));
            }
        }
    }
}

#[test]
fn letters_that_were_joined_in_the_mailbox_change_nothing() {
    for plan in all_rules().iter().flat_map(plans) {
        let mut run = Run::new(plan.clone());
        let mut joined = run.advance(3);
        while run.is_running() {
            joined.merge(run.advance(5));
        }
        let mut trajectory = Trajectory::new(&plan);
        trajectory.append(joined);
        same(&trajectory, &Trajectory::of(&plan), plan.rule.id());
    }
}

#[test]
fn threads_change_nothing() {
    for experiment in problems() {
        let inline = bench(Pool::inline(), &experiment);
        let threaded = bench(Pool::threaded(), &experiment);
        for (i, plan) in plans(&experiment).iter().enumerate() {
            let alone = Trajectory::of(plan);
            same(inline.lanes()[i].trajectory(), &alone, "without threads");
            same(threaded.lanes()[i].trajectory(), &alone, "with threads");
        }
    }
}

#[test]
fn a_second_time_gives_the_same_pictures() {
    let experiment = network();
    let (a, b) = (bench(Pool::inline(), &experiment), bench(Pool::inline(), &experiment));
    let (a, b) = (a.plane().expect("a plane"), b.plane().expect("a plane"));
    assert_eq!(bits(&a.slice.origin), bits(&b.slice.origin));
    assert_eq!([bits(&a.slice.u), bits(&a.slice.v)], [bits(&b.slice.u), bits(&b.slice.v)]);
    assert_eq!(a.paths, b.paths);
}

/// What a lane computed once is the same object as long as nobody computes it again.
fn first_keyframe(lane: &Lane) -> *const Keyframe {
    lane.trajectory().keyframes().first().map_or(std::ptr::null(), Arc::as_ptr)
}

#[test]
fn hiding_naming_styling_and_reordering_start_nothing_again() {
    for mut experiment in [welcome(), network()] {
        let mut bench = bench(Pool::inline(), &experiment);
        let before: Vec<_> = bench.lanes().iter().map(first_keyframe).collect();
        let rows: Vec<Trajectory> = bench.lanes().iter().map(|lane| lane.trajectory().clone()).collect();
        for run in &mut experiment.runs {
            run.look.visible = run.look.style % 2 == 0;
            run.look.style += 7;
            run.look.open = true;
            run.name.push_str(" renamed");
        }
        experiment.view.speed = 4.0;
        experiment.view.looping = false;
        experiment.runs.reverse();
        bench.reconcile(&experiment);
        settle(&mut bench, &experiment);
        let mut after: Vec<_> = bench.lanes().iter().map(first_keyframe).collect();
        after.reverse();
        assert_eq!(before, after);
        for (lane, rows) in bench.lanes().iter().rev().zip(&rows) {
            same(lane.trajectory(), rows, "reordered");
        }
    }
}

#[test]
fn a_copy_has_the_bits_of_its_original_and_company_changes_nothing() {
    for experiment in [welcome(), network()] {
        let alone = Experiment {
            runs: vec![experiment.runs[2].clone()],
            ..experiment.clone()
        };
        let mut crowd = experiment.clone();
        crowd.runs.insert(0, experiment.runs[2].clone());
        crowd.runs.push(experiment.runs[2].clone());
        let (alone, crowd) = (bench(Pool::inline(), &alone), bench(Pool::threaded(), &crowd));
        for i in [0, 3, 7] {
            same(crowd.lanes()[i].trajectory(), alone.lanes()[0].trajectory(), "a copy");
        }
    }
}

#[test]
fn edits_on_the_way_leave_no_trace() {
    // What the user drags about before ends where a fresh start with the last values ends.
    let last = welcome();
    let mut bench = Workbench::new(Pool::threaded(), Arc::new(|| {}));
    for i in 0..40_u32 {
        let mut dragged = last.clone();
        let lr = 1e-4 * f64::from(i + 1);
        dragged.runs[0]
            .rule
            .set("lr", Value::Number(lr))
            .expect("SGD has a learning rate");
        if let Problem::Function(problem) = &mut dragged.problem {
            problem.start[0] += 0.01 * f64::from(i % 7);
        }
        bench.reconcile(&dragged);
        bench.poll(&dragged);
    }
    bench.reconcile(&last);
    settle(&mut bench, &last);
    for (lane, plan) in bench.lanes().iter().zip(plans(&last)) {
        same(lane.trajectory(), &Trajectory::of(&plan), "after edits");
    }
}

#[test]
fn the_state_at_any_step_is_that_of_the_straight_run() {
    for experiment in problems() {
        for (plan, run) in plans(&experiment).iter().zip(&experiment.runs) {
            let trajectory = Trajectory::of(plan);
            let last = trajectory.last_step();
            let mut rng = Rng::stream(1, Purpose::Rule, 0);
            let random = (0..25).map(|_| (rng.uniform() * (last + 1) as f64) as u64);
            for step in [0, 1, last].into_iter().chain(random) {
                let step = step.min(last);
                let state = trajectory.state_at(plan, step).expect("a keyframe is before it");
                same_state(&state, &straight(plan, step), &run.name);
                if let Some(point) = trajectory.trace().point(step as usize) {
                    assert_eq!(bits(&state.walk.x), bits(point), "{} at {step}", run.name);
                }
            }
            let beyond = trajectory.state_at(plan, u64::MAX).expect("the end");
            assert_eq!(beyond.walk.step, last, "{}", run.name);
        }
    }
}

#[test]
fn scrubbing_a_model_shows_its_true_state_and_changes_nothing() {
    let experiment = network();
    let mut bench = bench(Pool::inline(), &experiment);
    let before: Vec<Trajectory> = bench.lanes().iter().map(|lane| lane.trajectory().clone()).collect();
    for step in [90, 3, 41, 0, 40, 42, 89, 41] {
        bench.probe(&experiment, step);
        settle(&mut bench, &experiment);
        for (i, lane) in bench.lanes().iter().enumerate() {
            let probe = bench.probes().of(i).expect("an answer");
            let state = straight(lane.plan(), step.min(lane.trajectory().last_step()));
            let objective = &lane.plan().objective;
            let loss = objective.value(&state.walk.x, Batch::Full, &mut Scratch::default());
            assert_eq!(probe.step, state.walk.step);
            assert_eq!(
                probe.true_loss.to_bits(),
                loss.to_bits(),
                "{} at {step}",
                experiment.runs[i].name
            );
        }
    }
    for (lane, before) in bench.lanes().iter().zip(&before) {
        same(lane.trajectory(), before, "after scrubbing");
    }
}

#[test]
fn keyframes_are_thinned_out_evenly_and_never_lost() {
    let experiment = Experiment {
        steps: 20_000,
        ..welcome()
    };
    for plan in plans(&experiment) {
        let whole = Trajectory::of(&plan);
        let mut steps: Vec<u64> = whole.keyframes().iter().map(|k| k.walk.step).collect();
        assert_eq!(steps.pop(), Some(plan.steps), "the end is kept");
        assert!((2..=256).contains(&steps.len()), "{} keyframes", steps.len());
        assert_eq!(steps[0], 0);
        let every = steps[1];
        assert!(every.is_power_of_two());
        for (k, step) in steps.iter().enumerate() {
            assert_eq!(*step, k as u64 * every, "{}: keyframe {k}", plan.rule.id());
        }
        assert!(whole.last_step() - steps[steps.len() - 1] <= every);
        same(&in_chunks(&plan, 37), &whole, plan.rule.id());
    }
}

#[test]
fn a_run_that_diverges_ends_at_its_last_finite_row() {
    let mut experiment = welcome();
    experiment.runs.truncate(2);
    for run in &mut experiment.runs {
        run.rule.set("lr", Value::Number(0.5)).expect("a learning rate");
    }
    for plan in plans(&experiment) {
        for steps in CHUNKS {
            let trajectory = in_chunks(&plan, steps);
            let RunStatus::Diverged { step } = trajectory.status() else {
                panic!("{} must diverge, not {:?}", plan.rule.id(), trajectory.status());
            };
            let (trace, last) = (trajectory.trace(), trajectory.last_step() as usize);
            assert!(last as u64 <= step && trace.len() as u64 <= step + 1);
            assert!(trace.value[last].is_finite());
            assert!(trace.point(last).is_some_and(|x| x.iter().all(|v| v.is_finite())));
            assert!(trace.value[last + 1..].iter().all(|v| !v.is_finite()));
            let end = trajectory.state_at(&plan, u64::MAX).expect("the end");
            same_state(&end, &straight(&plan, last as u64), "the end");
        }
    }
}

#[test]
fn what_is_only_looked_at_is_not_in_the_key() {
    for experiment in [welcome(), network()] {
        let key = experiment.key(&experiment.runs[0]);
        let mut other = experiment.clone();
        other.view.speed = 10.0;
        other.view.looping = false;
        other.view.layout = optiscope::experiment::Layout::Overlay;
        if let Problem::Model(problem) = &mut other.problem {
            problem.slice.grid = 99;
            problem.slice.seed = 4;
            problem.slice.directions = optiscope::experiment::Directions::Parameters { a: 1, b: 2 };
        }
        let run = &mut other.runs[0];
        run.name = "another name".to_owned();
        run.look.style = 9;
        run.look.visible = false;
        run.look.open = true;
        other.runs.swap(1, 3);
        assert!(key == other.key(&other.runs[0]));
    }
}

type Edit = fn(&mut Experiment);

fn function_of(experiment: &mut Experiment) -> &mut optiscope::experiment::FunctionProblem {
    match &mut experiment.problem {
        Problem::Function(problem) => problem,
        Problem::Model(_) => panic!("a function"),
    }
}

fn model_of(experiment: &mut Experiment) -> &mut ModelProblem {
    match &mut experiment.problem {
        Problem::Model(problem) => problem,
        Problem::Function(_) => panic!("a model"),
    }
}

#[track_caller]
fn every_edit_changes_the_key(experiment: &Experiment, edits: &[Edit]) {
    let key = experiment.key(&experiment.runs[0]);
    for (i, edit) in edits.iter().enumerate() {
        let mut edited = experiment.clone();
        edit(&mut edited);
        assert!(key != edited.key(&edited.runs[0]), "edit {i} of the list");
    }
}

#[test]
fn what_changes_numbers_is_in_the_key() {
    let common: [Edit; 6] = [
        |e| e.seed += 1,
        |e| e.steps += 1,
        |e| e.runs[0].weight_decay = 1e-9,
        |e| e.runs[0].clip_norm = Some(1e9),
        |e| e.runs[0].clip_value = Some(1e9),
        |e| e.runs[0].rule = OptimizerConfig::from_id("adam").expect("in the list"),
    ];
    every_edit_changes_the_key(&welcome(), &common);
    every_edit_changes_the_key(&network(), &common);
    every_edit_changes_the_key(
        &welcome(),
        &[
            |e| function_of(e).start[0] += 1e-12,
            |e| function_of(e).start[1] += 1e-12,
            |e| function_of(e).noise.gradient = 1e-12,
            |e| function_of(e).noise.value = 1e-12,
            |e| function_of(e).transform.shift_x = 1e-12,
            |e| function_of(e).function = FunctionConfig::from_id("beale").expect("in the list"),
        ],
    );
    every_edit_changes_the_key(
        &network(),
        &[
            |e| model_of(e).batch = None,
            |e| model_of(e).batch = Some(17),
            |e| model_of(e).shuffle = false,
            |e| model_of(e).source = Source::default(),
            |e| model_of(e).preparation.target = "x".to_owned(),
            |e| model_of(e).preparation.features = Some(Vec::new()),
            |e| model_of(e).preparation.task = Some(optiscope::data::Task::Regression),
            |e| model_of(e).preparation.standardize = false,
            |e| model_of(e).preparation.validation = 0.21,
            |e| model_of(e).preparation.test = 0.01,
            |e| model_of(e).preparation.seed += 1,
            |e| model_of(e).model.kind = optiscope::model::ModelKind::Logistic,
            |e| model_of(e).model.hidden.push(2),
            |e| model_of(e).model.activation = optiscope::model::Activation::Relu.into(),
            |e| model_of(e).model.loss = Some(optiscope::model::Loss::Hinge),
            |e| model_of(e).model.l1 = 1e-12,
            |e| model_of(e).model.l2 = 1e-12,
            |e| model_of(e).model.init = optiscope::model::Init::He,
        ],
    );
}

/// Another value of the same parameter.
fn other_value(range: Range, value: Value) -> Option<Value> {
    Some(match (range, value) {
        (_, Value::Switch(on)) => Value::Switch(!on),
        (_, Value::Integer(n)) => Value::Integer(n + 1),
        (_, Value::Number(v)) => Value::Number(if v == 0.0 { 0.125 } else { v * 0.875 }),
        (Range::Choice(words), Value::Choice(word)) => Value::Choice(words.iter().find(|w| **w != word)?),
        _ => return None,
    })
}

#[test]
fn every_parameter_of_every_rule_and_function_is_in_the_key() {
    for rule in OptimizerConfig::all() {
        for info in rule.params() {
            let mut experiment = welcome();
            experiment.runs[0].rule = rule.clone();
            let key = experiment.key(&experiment.runs[0]);
            let other = rule
                .get(info.name)
                .and_then(|value| other_value(info.range, value))
                .expect("another value");
            experiment.runs[0]
                .rule
                .set(info.name, other)
                .unwrap_or_else(|e| panic!("{}: {e}", rule.id()));
            assert!(key != experiment.key(&experiment.runs[0]), "{}.{}", rule.id(), info.name);
        }
    }
    for function in FunctionConfig::all() {
        for info in function.params() {
            let mut experiment = welcome();
            function_of(&mut experiment).function = function.clone();
            let key = experiment.key(&experiment.runs[0]);
            let other = function
                .get(info.name)
                .and_then(|value| other_value(info.range, value))
                .expect("another value");
            let function = &mut function_of(&mut experiment).function;
            function
                .set(info.name, other)
                .unwrap_or_else(|e| panic!("{}: {e}", info.name));
            assert!(key != experiment.key(&experiment.runs[0]), "{}", info.name);
        }
    }
}

#[test]
fn a_run_that_cannot_be_done_keeps_its_place_and_says_why() {
    let mut experiment = network();
    if let Problem::Model(problem) = &mut experiment.problem {
        problem.model.hidden = vec![50, 50];
    }
    experiment.steps = 2;
    experiment.runs.truncate(3);
    experiment.runs[1].rule = OptimizerConfig::from_id("bfgs").expect("there is BFGS");
    let bench = bench(Pool::inline(), &experiment);
    let lanes = bench.lanes();
    assert_eq!(lanes.len(), 3);
    for (i, lane) in lanes.iter().enumerate() {
        let refused = lane.refusal().is_some_and(|why| why.starts_with("BFGS"));
        assert_eq!((refused, lane.trajectory().trace().is_empty()), (i == 1, i == 1), "lane {i}");
    }
    let model = loaded(&experiment);
    let offer = experiment.offer(model.as_ref()).expect("the data are loaded");
    assert_eq!(experiment.runs[1].rule.refusal(&offer).as_deref(), lanes[1].refusal());
    assert!(experiment.plan(&experiment.runs[1], model.as_ref()).is_err());
}
