//! Conjugate gradients end on a quadratic in n variables after n steps (Hestenes and Stiefel 1952, Theorem 4:1), with exact line searches.

use optiscope::math::{Rng, vector};
use optiscope::objective::{Batch, Batches, Objective, Scratch};
use optiscope::optim::{Fixed, OptimizerConfig, Stages, Trace, Walk};
use serde_json::json;

/// Σ λᵢ xᵢ² / 2
struct Quadratic(Vec<f64>);

impl Objective for Quadratic {
    fn dim(&self) -> usize {
        self.0.len()
    }
    fn value(&self, x: &[f64], _batch: Batch<'_>, _scratch: &mut Scratch) -> f64 {
        self.0.iter().zip(x).map(|(l, x)| l * x * x / 2.0).sum()
    }
    fn value_and_grad(&self, x: &[f64], batch: Batch<'_>, grad: &mut [f64], scratch: &mut Scratch) -> f64 {
        for ((g, l), x) in grad.iter_mut().zip(&self.0).zip(x) {
            *g = l * x;
        }
        self.value(x, batch, scratch)
    }
    fn hess_vec(&self, _x: &[f64], v: &[f64], _batch: Batch<'_>, hv: &mut [f64], _scratch: &mut Scratch) {
        for ((h, l), v) in hv.iter_mut().zip(&self.0).zip(v) {
            *h = l * v;
        }
    }
    fn sample_start(&self, _rng: &mut Rng, x: &mut [f64]) {
        x.fill(1.0);
    }
}

/// |∇f| after so many steps, as a share of what it was.
fn left_after(steps: u64, rule: &serde_json::Value, objective: &Quadratic) -> f64 {
    let rule: OptimizerConfig = serde_json::from_value(rule.clone()).expect("a rule");
    let x0 = vec![1.0; objective.dim()];
    let stages = Stages::default();
    let fixed = Fixed {
        objective,
        batches: &Batches::Full,
        stages: &stages,
        seed: 0,
    };
    let (mut walk, mut slot, mut trace) = (Walk::new(&x0), rule.start(&x0), Trace::new(0));
    slot.advance(&fixed, &mut walk, steps, &mut trace);
    let norm = |x: &[f64]| {
        let mut grad = vec![0.0; x.len()];
        objective.value_and_grad(x, Batch::Full, &mut grad, &mut Scratch::default());
        vector::norm(&grad)
    };
    norm(&walk.x) / norm(&x0)
}

#[test]
fn n_steps_for_n_variables() {
    let objective = Quadratic((1..=10).map(f64::from).collect());
    for beta in ["fletcher_reeves", "polak_ribiere"] {
        let rule = json!({ "id": "conjugate_gradient", "beta": beta, "c2": 1e-9 });
        assert!(
            left_after(9, &rule, &objective) > 1e-5,
            "{beta}: one step fewer is not enough"
        );
        assert!(
            left_after(10, &rule, &objective) < 1e-6,
            "{beta}: {:e}",
            left_after(10, &rule, &objective)
        );
    }
}

#[test]
fn as_many_steps_as_there_are_different_curvatures() {
    let objective = Quadratic([1.0, 5.0, 25.0].into_iter().cycle().take(12).collect());
    let rule = json!({ "id": "conjugate_gradient", "c2": 1e-9 });
    assert!(left_after(2, &rule, &objective) > 1e-3 && left_after(3, &rule, &objective) < 1e-6);
}
