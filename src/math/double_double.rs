//! Sums of products as if in twice the digits: every rounding error is itself a double, and is kept.
//!
//! Ogita, Rump and Oishi 2005, Accurate Sum and Dot Product, algorithms 3.1, 3.5 and 5.3.

/// a + b rounded, and what rounding left off: together they are the exact sum (Knuth).
#[inline]
pub fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// a b rounded, and what rounding left off: together they are the exact product, unless that is tiny.
#[inline]
pub fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    (product, a.mul_add(b, -product))
}

/// A sum that is rounded once, when it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Sum {
    high: f64,
    low: f64,
}

impl Sum {
    #[inline]
    pub fn add(&mut self, term: f64) {
        let (sum, error) = two_sum(self.high, term);
        self.high = sum;
        self.low += error;
    }

    #[inline]
    pub fn add_product(&mut self, a: f64, b: f64) {
        let (product, error) = two_product(a, b);
        self.add(product);
        self.low += error;
    }

    #[inline]
    pub fn value(self) -> f64 {
        self.high + self.low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cancels_leaves_the_rest() {
        let mut sum = Sum::default();
        for term in [1e100, 1.0, -1e100] {
            sum.add(term);
        }
        assert_eq!(sum.value(), 1.0);
        let tiny = 2.0_f64.powi(-40);
        let mut square = Sum::default();
        square.add_product(1.0 + tiny, 1.0 + tiny);
        square.add(-1.0);
        square.add(-2.0 * tiny);
        assert_eq!(square.value(), tiny * tiny);
    }
}
