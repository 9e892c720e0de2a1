//! The best that can be said without looking at the features: what every model is measured against.

use super::Loss;
use crate::data::Targets;
use crate::math::ops;

/// Halvings of an interval after which its ends are neighbours.
const HALVINGS: usize = 200;

impl Loss {
    /// The smallest mean loss that one and the same answer for every row can have on these targets: for classes their frequencies, for
    /// numbers the mean (mean squared error), the median (mean absolute error) or Huber's location. NaN without rows, and for the hinge
    /// loss of more than two classes, whose best scores no formula gives.
    ///
    /// `class_weights` say how much each class counts; none: every row alike.
    pub fn of_best_constant(self, targets: &Targets, class_weights: Option<&[f64]>) -> f64 {
        match targets {
            Targets::Values { columns, values } => {
                let columns = (*columns).max(1);
                let of = |column: usize| self.of_column(values.iter().skip(column).step_by(columns).copied().collect());
                (0..columns).map(of).sum::<f64>() / columns as f64
            }
            Targets::Classes { labels, names } => {
                let mut shares = vec![0.0; names.len()];
                let weight = |label: u32| class_weights.map_or(1.0, |weights| weights[label as usize]);
                let total: f64 = labels.iter().map(|label| weight(*label)).sum();
                for &label in labels {
                    shares[label as usize] += weight(label) / total;
                }
                if labels.is_empty() {
                    f64::NAN
                } else {
                    self.of_shares(&shares)
                }
            }
        }
    }

    fn of_column(self, mut y: Vec<f64>) -> f64 {
        y.sort_by(f64::total_cmp);
        let mean = |of: &dyn Fn(f64) -> f64| y.iter().map(|y| of(*y)).sum::<f64>() / y.len() as f64;
        let middle = |k: usize| y.get(k).copied().unwrap_or(f64::NAN);
        match self {
            Self::Mae => {
                let median = f64::midpoint(middle(y.len().saturating_sub(1) / 2), middle(y.len() / 2));
                mean(&|y| (y - median).abs())
            }
            Self::Huber => {
                let (mut low, mut high) = (middle(0), middle(y.len().saturating_sub(1)));
                for _ in 0..HALVINGS {
                    let c = f64::midpoint(low, high);
                    let pull: f64 = y.iter().map(|y| (y - c).clamp(-1.0, 1.0)).sum();
                    *(if pull > 0.0 { &mut low } else { &mut high }) = c;
                }
                let c = f64::midpoint(low, high);
                mean(&|y| {
                    let r = (y - c).abs();
                    if r <= 1.0 { r * r / 2.0 } else { r - 0.5 }
                })
            }
            _ => {
                let centre = mean(&|y| y);
                mean(&|y| (y - centre) * (y - centre))
            }
        }
    }

    fn of_shares(self, shares: &[f64]) -> f64 {
        let most = shares.iter().copied().fold(0.0, f64::max);
        match (self, shares.len()) {
            // c between -1 and 1 costs 1 - c (2 p - 1): least at an end.
            (Self::Hinge, 2) => 1.0 - (2.0 * most - 1.0).abs(),
            (Self::Hinge, _) => f64::NAN,
            _ => -shares.iter().filter(|p| **p > 0.0).map(|p| p * ops::ln(*p)).sum::<f64>(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(values: &[f64]) -> Targets {
        Targets::Values {
            columns: 1,
            values: values.to_vec(),
        }
    }

    fn classes(labels: &[u32]) -> Targets {
        Targets::Classes {
            labels: labels.to_vec(),
            names: ["no", "yes"].map(str::to_owned).to_vec(),
        }
    }

    #[test]
    fn no_other_constant_is_better() {
        let y = [-3.0, 0.0, 0.1, 0.4, 9.0];
        let loss = |of: Loss, c: f64| {
            let one = |y: &f64| match of {
                Loss::Mae => (y - c).abs(),
                Loss::Huber if (y - c).abs() > 1.0 => (y - c).abs() - 0.5,
                Loss::Huber => (y - c).powi(2) / 2.0,
                _ => (y - c).powi(2),
            };
            y.iter().map(one).sum::<f64>() / y.len() as f64
        };
        for of in [Loss::Mse, Loss::Mae, Loss::Huber] {
            let best = (-4000..10_000)
                .map(|k| loss(of, f64::from(k) / 1000.0))
                .fold(f64::MAX, f64::min);
            let found = of.of_best_constant(&values(&y), None);
            assert!(found <= best && best - found < 1e-5, "{of:?}: {found} {best}");
        }
    }

    #[test]
    fn of_classes_it_is_the_entropy_of_their_shares() {
        let one_in_four = classes(&[0, 0, 1, 0]);
        let entropy = -(0.25 * 0.25_f64.ln() + 0.75 * 0.75_f64.ln());
        for of in [Loss::CrossEntropy, Loss::Bce] {
            assert!((of.of_best_constant(&one_in_four, None) - entropy).abs() < 1e-15);
        }
        assert!((Loss::Hinge.of_best_constant(&one_in_four, None) - 0.5).abs() < 1e-15);
        let balanced = Loss::Bce.of_best_constant(&one_in_four, Some(&[1.0, 3.0]));
        assert!((balanced - 2.0_f64.ln()).abs() < 1e-15);
        assert!(Loss::Bce.of_best_constant(&classes(&[]), None).is_nan());
    }
}
