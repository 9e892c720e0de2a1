//! What a model trains on: numbers only, row by row.

/// What is to be predicted.
#[derive(Debug, Clone, PartialEq)]
pub enum Targets {
    /// Numbers, `columns` a row, row-major.
    Values { columns: usize, values: Vec<f64> },
    /// One class a row: an index into `names`, which are sorted (numerically if all of them are numbers).
    Classes { labels: Vec<u32>, names: Vec<String> },
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
        let x = rows.iter().flat_map(|&i| self.row(i as usize)).copied().collect();
        let targets = match &self.targets {
            Targets::Values { columns, values } => Targets::Values {
                columns: *columns,
                values: rows
                    .iter()
                    .flat_map(|&i| &values[i as usize * columns..(i as usize + 1) * columns])
                    .copied()
                    .collect(),
            },
            Targets::Classes { labels, names } => Targets::Classes {
                labels: rows.iter().map(|&i| labels[i as usize]).collect(),
                names: names.clone(),
            },
        };
        Self {
            x,
            targets,
            n_rows: rows.len(),
            ..self.clone_without_rows()
        }
    }

    fn clone_without_rows(&self) -> Self {
        Self {
            name: self.name.clone(),
            feature_names: self.feature_names.clone(),
            target_name: self.target_name.clone(),
            n_rows: 0,
            n_features: self.n_features,
            x: Vec::new(),
            targets: Targets::Values {
                columns: 1,
                values: Vec::new(),
            },
        }
    }
}
