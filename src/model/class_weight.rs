//! Classes that count more than others.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ModelError;
use crate::data::{Dataset, Targets};

/// How much each class counts in the loss, which becomes the weighted mean Σ wᵢ lᵢ / Σ wᵢ over the samples of a batch, as in PyTorch's
/// `CrossEntropyLoss(weight=...)`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassWeight {
    /// n / (k nᶜ), with n training rows, k classes and nᶜ rows of the class: all classes count alike (King and Zeng 2001; `balanced` in
    /// scikit-learn).
    Balanced,
    /// By name; a class that is not named has weight 1.
    Given(BTreeMap<String, f64>),
}

impl ClassWeight {
    /// The weight of each class of the training rows, in order; 1 for a class without rows.
    ///
    /// # Errors
    /// The target is a number, there is no class of a name, a weight is negative or not finite, or no class counts.
    pub fn of(&self, train: &Dataset) -> Result<Vec<f64>, ModelError> {
        let Targets::Classes { labels, names } = &train.targets else {
            return Err(ModelError::ClassWeightNeedsClasses);
        };
        match self {
            Self::Balanced => {
                let mut counts = vec![0_usize; names.len()];
                labels.iter().for_each(|&label| counts[label as usize] += 1);
                let weight = |count: &usize| match count {
                    0 => 1.0,
                    count => labels.len() as f64 / (names.len() * count) as f64,
                };
                Ok(counts.iter().map(weight).collect())
            }
            Self::Given(given) => {
                let mut weights = vec![1.0; names.len()];
                for (name, &weight) in given {
                    let place = names.iter().position(|class| class == name);
                    let Some(place) = place else {
                        let name = name.clone();
                        let classes = names.join(", ");
                        return Err(ModelError::NoSuchClass { name, classes });
                    };
                    if !(weight.is_finite() && weight >= 0.0) {
                        return Err(ModelError::Penalty {
                            field: "class_weight",
                            value: weight,
                        });
                    }
                    weights[place] = weight;
                }
                if labels.iter().all(|&label| weights[label as usize] == 0.0) {
                    return Err(ModelError::NoClassCounts);
                }
                Ok(weights)
            }
        }
    }
}
