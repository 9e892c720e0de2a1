//! Bias correction of running means that start at 0.

use crate::math::ops;

/// βᵗ as a running product, for the correction 1/(1 − βᵗ) (Kingma and Ba 2015, section 3).
///
/// A product a step instead of a power: exact to t ulp, and much cheaper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bias {
    power: f64,
    /// Steps done.
    t: u64,
}

impl Default for Bias {
    fn default() -> Self {
        Self { power: 1.0, t: 0 }
    }
}

impl Bias {
    /// Below this, 1 − βᵗ is 1 in floating point. The product then stays 0 instead of creeping into subnormal numbers, which are slow.
    const NEGLIGIBLE: f64 = 1e-17;

    /// Multiplies by β; returns 1 − βᵗ.
    #[inline]
    pub fn advance(&mut self, beta: f64) -> f64 {
        self.become_power(self.power * beta)
    }

    /// The same for a decay that a schedule may have `set` anew: it is then raised to the number of the step, as in PyTorch.
    #[inline]
    pub fn advance_set(&mut self, beta: f64, set: bool) -> f64 {
        let power = self.power_ahead(beta, set);
        self.become_power(power)
    }

    #[inline]
    fn become_power(&mut self, power: f64) -> f64 {
        self.t += 1;
        self.power = if power < Self::NEGLIGIBLE { 0.0 } else { power };
        1.0 - self.power
    }

    /// 1 − βᵗ of the steps done; 0 before the first.
    pub fn now(self) -> f64 {
        1.0 - self.power
    }

    /// βᵗ of the next step; `set` as in [`advance_set`](Self::advance_set).
    #[inline]
    pub fn power_ahead(self, beta: f64, set: bool) -> f64 {
        if set {
            ops::powf(beta, (self.t + 1) as f64)
        } else {
            self.power * beta
        }
    }

    /// 1 − βᵗ of the next step.
    pub fn peek(self, beta: f64) -> f64 {
        1.0 - self.power_ahead(beta, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_power_and_ends_at_one() {
        let mut bias = Bias::default();
        for t in 1..=5000 {
            let expected = 1.0 - 0.999_f64.powi(t);
            let got = bias.advance(0.999);
            assert!(
                (got - expected).abs() <= 1e-12 * expected,
                "t = {t}: {got} against {expected}"
            );
        }
        let mut bias = Bias::default();
        let last = (0..400).map(|_| bias.advance(0.9)).last();
        assert_eq!(last, Some(1.0));
        assert_eq!(bias.power, 0.0, "no subnormal numbers");
    }
}
