//! Gauss-Newton products: JᵀHJ v, where J holds the derivatives of the outputs and H those of the loss with respect to them. Forward along
//! v, then back as for a gradient (Schraudolph 2002, Fast Curvature Matrix-Vector Products, section 3).

use super::forward::{Arena, Keep, Memory, Portion};
use super::gradient::{GRADIENT_SAMPLES, capacity};
use super::kernels::LossSum;
use super::tangent::Tangents;
use super::{Loss, Network};
use crate::data::Targets;
use crate::math::vector;
use crate::objective::{Batch, LeastSquares, LinearEquations, Objective, Scratch};

impl Network {
    /// The loss is a mean of squares, and so is what is added to it.
    pub(super) fn is_sum_of_squares(&self) -> bool {
        self.loss == Loss::Mse && self.l1 == 0.0
    }
}

impl LinearEquations for Network {
    fn count(&self) -> usize {
        let penalised = if self.l2 == 0.0 { 0 } else { self.layers[0].weights().len() };
        self.data.n_rows * self.architecture.outputs + penalised
    }

    fn factor(&self) -> f64 {
        self.weight(Batch::Full)
    }

    /// One for each number to predict, then one for each weight of which the square is a penalty.
    fn equation(&self, index: usize, coefficients: &mut [f64]) -> f64 {
        let (layer, outputs) = (self.layers[0], self.architecture.outputs);
        let (row, output) = (index / outputs, index % outputs);
        coefficients.fill(0.0);
        match &self.data.targets {
            Targets::Values { values, .. } if row < self.data.n_rows => {
                let weights = layer.weight + output * layer.inputs;
                coefficients[weights..weights + layer.inputs].copy_from_slice(self.data.row(row));
                coefficients[layer.bias + output] = 1.0;
                values[index]
            }
            _ => {
                let weight = layer.weight + index - self.data.n_rows * outputs;
                coefficients[weight] = (0.5 * self.l2 / self.factor()).sqrt();
                0.0
            }
        }
    }
}

impl LeastSquares for Network {
    fn linear(&self) -> Option<&dyn LinearEquations> {
        let one_layer = self.layers.len() == 1;
        one_layer.then_some(self as &dyn LinearEquations)
    }

    fn gauss_newton_vec(&self, x: &[f64], v: &[f64], batch: Batch<'_>, gv: &mut [f64], scratch: &mut Scratch) {
        assert!(
            x.len() == self.dim() && v.len() == self.dim() && gv.len() == self.dim(),
            "one number a parameter"
        );
        gv.fill(0.0);
        let n = self.batch_size(batch);
        if n > 0 {
            let (weight, capacity) = (self.weight(batch), capacity(n, GRADIENT_SAMPLES));
            let floats = Memory::floats(self, capacity, Keep::Curvatures) + Tangents::floats(self, capacity);
            let mut arena = Arena::new(scratch.floats(floats + Arena::SLACK));
            let mut memory = Memory::new(self, capacity, Keep::Curvatures, &mut arena);
            let mut tangents = Tangents::new(self, capacity, &mut arena);
            for portion in Portion::all(batch, n, capacity) {
                let chunk = portion.chunk;
                self.fetch(portion, weight, &mut memory);
                self.forward(x, chunk, &mut memory);
                self.losses(chunk, &mut memory, &mut LossSum::default());
                self.forward_tangents(x, v, chunk, &memory, &mut tangents);
                self.tangent_losses(weight, chunk, &memory, &mut tangents);
                std::mem::swap(&mut memory.errors, &mut tangents.errors);
                self.backward(x, chunk, &mut memory);
                self.transpose(memory.units, chunk, memory.capacity, memory.transposed);
                for (i, layer) in self.layers.iter().enumerate() {
                    self.layer_gradient(*layer, &[self.samples(i, chunk, &memory)], gv, portion.first > 0, 1);
                }
            }
        }
        if self.l2 != 0.0 {
            for layer in &self.layers {
                vector::axpy(self.l2, &v[layer.weights()], &mut gv[layer.weights()]);
            }
        }
    }
}
