//! What penalties on the weights are called.

/// Which penalties a model has. Its loss is the mean over n rows, mean + l1 Σ|w| + l2/2 Σw²; scikit-learn's `alpha` is the same up to its
/// scaling of the loss: for the mean squared error `Ridge(alpha)` is l2 = 2 alpha / n, `Lasso(alpha)` is l1 = 2 alpha, and `ElasticNet(alpha,
/// l1_ratio)` is l1 = 2 alpha l1_ratio with l2 = 2 alpha (1 - l1_ratio).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Penalty {
    Nothing,
    /// l2 alone (Hoerl and Kennard 1970).
    Ridge,
    /// l1 alone (Tibshirani 1996).
    Lasso,
    /// Both (Zou and Hastie 2005).
    ElasticNet,
}

impl Penalty {
    pub const ALL: [Self; 4] = [Self::Nothing, Self::Ridge, Self::Lasso, Self::ElasticNet];

    /// The one that these weights are.
    pub fn of(l1: f64, l2: f64) -> Self {
        match (l1 > 0.0, l2 > 0.0) {
            (false, false) => Self::Nothing,
            (false, true) => Self::Ridge,
            (true, false) => Self::Lasso,
            (true, true) => Self::ElasticNet,
        }
    }

    /// The name on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::Ridge => "ridge",
            Self::Lasso => "lasso",
            Self::ElasticNet => "elastic_net",
        }
    }

    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|penalty| penalty.id() == id)
    }

    /// (l1, l2) as near to these as the penalty allows; what it needs and is 0 becomes 0.01.
    pub fn applied(self, l1: f64, l2: f64) -> (f64, f64) {
        let some = |weight: f64| if weight > 0.0 { weight } else { 0.01 };
        match self {
            Self::Nothing => (0.0, 0.0),
            Self::Ridge => (0.0, some(l2)),
            Self::Lasso => (some(l1), 0.0),
            Self::ElasticNet => (some(l1), some(l2)),
        }
    }
}
