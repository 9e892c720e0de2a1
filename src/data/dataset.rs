//! What a model trains on: numbers only, row by row.

/// What is to be predicted.
#[derive(Debug, Clone, PartialEq)]
pub enum Targets {
    /// Numbers, `columns` a row, row-major.
    Values { columns: usize, values: Vec<f64> },
    /// One class a row: an index into `names`, which are sorted (numerically if all of them are numbers).
    Classes { labels: Vec<u32>, names: Vec<String> },
}

impl Targets {
    /// The targets of these rows, in this order.
    pub fn rows(&self, rows: &[u32]) -> Self {
        match self {
            Self::Values { columns, values } => {
                let mut chosen = Vec::with_capacity(rows.len() * columns);
                for &i in rows {
                    chosen.extend_from_slice(&values[i as usize * columns..(i as usize + 1) * columns]);
                }
                Self::Values {
                    columns: *columns,
                    values: chosen,
                }
            }
            Self::Classes { labels, names } => Self::Classes {
                labels: rows.iter().map(|&i| labels[i as usize]).collect(),
                names: names.clone(),
            },
        }
    }
}

/// Features and targets of a set of samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    pub name: String,
    pub feature_names: Vec<String>,
    pub target_name: String,
    pub n_rows: usize,
    pub n_features: usize,
    /// `n_rows` x `n_features`, row-major.
    pub x: Vec<f64>,
    pub targets: Targets,
}

impl Dataset {
    /// The features of row `i`.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.x[i * self.n_features..(i + 1) * self.n_features]
    }

    /// The set that consists of these rows, in this order.
    pub fn rows(&self, rows: &[u32]) -> Self {
        let mut x = Vec::with_capacity(rows.len() * self.n_features);
        for &i in rows {
            x.extend_from_slice(self.row(i as usize));
        }
        Self {
            name: self.name.clone(),
            feature_names: self.feature_names.clone(),
            target_name: self.target_name.clone(),
            n_rows: rows.len(),
            n_features: self.n_features,
            x,
            targets: self.targets.rows(rows),
        }
    }
}
