//! Early stopping: where a run ends, and what is restored.

use optiscope::data::{Bundled, Preparation};
use optiscope::experiment::{Experiment, LoadedModel, ModelProblem, Problem, RunConfig, Source};
use optiscope::model::ModelConfig;
use optiscope::optim::{OptimizerConfig, RunStatus};
use optiscope::run::{Run, RunPlan, Trajectory};

/// A network that is too large for the few rows of `wine`'s training part, and overfits quickly.
fn plan(early_stopping: Option<u64>, validation: f64) -> RunPlan {
    let source = Source::Bundled {
        id: "diabetes".to_owned(),
    };
    let table = Bundled::from_id("diabetes").expect("bundled").table().expect("a table");
    let problem = ModelProblem {
        preparation: Preparation {
            target: "progression".to_owned(),
            validation,
            ..Preparation::default()
        },
        model: ModelConfig {
            hidden: vec![64],
            ..ModelConfig::default()
        },
        batch: None,
        early_stopping,
        ..ModelProblem::suggested(source, &table).expect("a problem")
    };
    let mut adam = OptimizerConfig::from_id("adam").expect("a rule");
    adam.set_text("lr", "0.02").expect("a rate");
    let model = LoadedModel::new(&problem, 5, &table).expect("a model");
    let experiment = Experiment {
        problem: Problem::Model(problem),
        steps: 400,
        runs: vec![RunConfig::of(adam, 0)],
        ..Experiment::default()
    };
    experiment.plan(&experiment.runs[0], Some(&model)).expect("a plan")
}

/// (step, validation loss) of every measurement.
fn losses(trajectory: &Trajectory) -> Vec<(u64, f64)> {
    let measured = trajectory.measurements().iter();
    measured
        .map(|(step, m)| (*step, m.validation_loss.expect("held out")))
        .collect()
}

#[test]
fn a_run_stops_when_the_validation_loss_no_longer_falls_and_its_best_weights_are_restored() {
    let (whole, plan) = (Trajectory::of(&plan(None, 0.3)), plan(Some(30), 0.3));
    let stopped = Trajectory::of(&plan);
    let RunStatus::StoppedEarly { best } = stopped.status() else {
        panic!("it overfits: {:?}", stopped.status());
    };
    let (all, seen) = (losses(&whole), losses(&stopped));
    assert_eq!(all[..seen.len()], seen, "the way there is the same");
    let lowest = seen.iter().map(|(_, loss)| *loss).fold(f64::INFINITY, f64::min);
    assert!(seen.contains(&(best, lowest)));
    let last = stopped.last_step();
    assert!(last - best >= 30 && last < whole.last_step());
    assert!(seen.iter().all(|(step, _)| *step < last || step - best >= 30), "not before");
    assert_eq!(stopped.restored(last), best);
    assert_eq!(stopped.restored(u64::MAX), best);
    assert_eq!(stopped.restored(3), 3, "elsewhere the playhead is where it is");
    let restored = stopped.state_at(&plan, best).expect("a state").walk.x;
    let evaluator = plan.evaluator.as_ref().expect("a model");
    let again = evaluator.measure(&restored, &mut optiscope::objective::Scratch::default());
    assert_eq!(again.validation_loss, Some(lowest));
}

#[test]
fn how_a_run_is_cut_does_not_change_where_it_stops() {
    let plan = plan(Some(30), 0.3);
    let whole = Trajectory::of(&plan);
    for stretch in [1, 7, 64] {
        let (mut run, mut pieces) = (Run::new(plan.clone()), Trajectory::new(&plan));
        while run.is_running() {
            pieces.append(run.advance(stretch));
        }
        assert_eq!((pieces.status(), pieces.last_step()), (whole.status(), whole.last_step()));
        assert_eq!(pieces.trace().value, whole.trace().value);
    }
}

#[test]
fn without_validation_rows_nothing_stops_early() {
    assert_eq!(Trajectory::of(&plan(Some(1), 0.0)).status(), RunStatus::Finished);
}
