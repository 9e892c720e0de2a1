//! Products of columns.

use serde::{Deserialize, Serialize};

use super::contract::{Replay, Step, StepInfo, numbers_only};
use super::frame::{Feature, Frame};
use crate::data::Kind;
use crate::param::{Limit, ParamSpec, Parametric};

/// All products of up to `degree` columns, in the order of `PolynomialFeatures` of scikit-learn: by degree, then by column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Polynomial {
    pub degree: u64,
    pub interaction_only: bool,
    pub include_bias: bool,
}

impl Default for Polynomial {
    fn default() -> Self {
        Self {
            degree: 2,
            interaction_only: false,
            include_bias: false,
        }
    }
}

impl Parametric for Polynomial {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::integer("degree", "Degree", 1, 5, |s: &mut Self| &mut s.degree)
            .limit(Limit::AtLeastOne)
            .help("The most factors of a product"),
        ParamSpec::switch("interaction_only", "Interactions only", |s: &mut Self| {
            &mut s.interaction_only
        })
        .help("Products of different columns only: no squares"),
        ParamSpec::switch("include_bias", "Constant", |s: &mut Self| &mut s.include_bias)
            .help("A column of ones, which a model with a bias does not need"),
    ];
}

/// The columns of every product.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Products {
    columns: Vec<usize>,
    terms: Vec<Vec<usize>>,
}

/// More columns than this are a mistake.
const MOST: usize = 5000;

impl Step for Polynomial {
    const INFO: StepInfo = StepInfo {
        name: "Polynomial",
        about: "Products and powers of columns, in their place at the end",
    };
    type Fitted = Products;

    fn can(&self, kind: Kind) -> Result<(), &'static str> {
        numbers_only(kind)
    }

    fn fit(&self, _train: &Frame, columns: &[usize]) -> Result<Products, String> {
        let mut terms = if self.include_bias { vec![Vec::new()] } else { Vec::new() };
        let mut last: Vec<Vec<usize>> = vec![Vec::new()];
        for _ in 0..self.degree {
            last = last.iter().flat_map(|term| self.longer(term, columns)).collect();
            if last.is_empty() {
                break;
            }
            terms.extend(last.iter().cloned());
            if terms.len() > MOST {
                return Err(format!(
                    "degree {} of {} columns makes more than {MOST} columns; lower the degree or name fewer columns",
                    self.degree,
                    columns.len()
                ));
            }
        }
        let columns = columns.to_vec();
        Ok(Products { columns, terms })
    }
}

impl Polynomial {
    /// The products with one factor more; factors stand in the order of the columns.
    fn longer(&self, term: &[usize], columns: &[usize]) -> Vec<Vec<usize>> {
        let from = match (term.last(), self.interaction_only) {
            (None, _) => 0,
            (Some(last), false) => columns.partition_point(|c| c < last),
            (Some(last), true) => columns.partition_point(|c| c <= last),
        };
        let with = |c: &usize| term.iter().copied().chain([*c]).collect();
        columns[from..].iter().map(with).collect()
    }
}

impl Replay for Products {
    fn replay(&self, frame: &mut Frame) -> Result<(), String> {
        let made: Vec<Feature> = self.terms.iter().map(|term| product(frame, term)).collect();
        frame.replace(&self.columns, |_, _| Vec::new());
        frame.columns.extend(made);
        Ok(())
    }

    fn places(&self) -> Vec<usize> {
        self.columns.iter().chain(self.terms.iter().flatten()).copied().collect()
    }
}

fn product(frame: &Frame, term: &[usize]) -> Feature {
    let factors: Vec<&Feature> = term.iter().map(|&c| &frame.columns[c]).collect();
    let value = |row: usize| {
        let product = factors
            .iter()
            .fold(1.0, |product, f| product * f.numbers().get(row).copied().unwrap_or(f64::NAN));
        // 0 times what has overflowed is no number: what overflows stays at the end of the range.
        product.clamp(-f64::MAX, f64::MAX)
    };
    let powers = term.chunk_by(|a, b| a == b);
    let written = powers.map(|power| match power {
        [one] => frame.columns[*one].name.clone(),
        more => format!("{}^{}", frame.columns[more[0]].name, more.len()),
    });
    let written: Vec<String> = written.collect();
    let name = if written.is_empty() {
        "1".to_owned()
    } else {
        written.join(" ")
    };
    let origin = factors.first().map_or("", |f| f.origin.as_str());
    Feature::number(name, origin, (0..frame.n_rows).map(value).collect())
}
