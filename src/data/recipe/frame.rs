//! Rows on their way from a table to a data set: columns that steps change, add and drop.

use crate::data::DataError;
use crate::data::dataset::Targets;
use crate::data::levels::{Levels, MISSING, Texts};
use crate::data::table::{Column, Kind, Values, plain};

/// A column on its way.
#[derive(Debug, Clone)]
pub struct Feature {
    pub name: String,
    /// The column of the table that it came from; several for a product.
    pub origin: String,
    pub kind: Kind,
    pub values: Values<Vec<f64>, Vec<u32>>,
}

/// Rows on their way: of the training part, of a held-out part, or of new data.
#[derive(Debug, Clone)]
pub struct Frame {
    pub n_rows: usize,
    pub columns: Vec<Feature>,
    /// None for new data, which nobody has an answer to; no row of those is ever dropped.
    pub targets: Option<Targets>,
    /// Whether the rows are held out, and what the training rows were is known to the step.
    pub held_out: bool,
}

impl Feature {
    /// The cells of these rows of a column.
    pub fn gather(column: &Column, rows: &[u32]) -> Self {
        let values = match &column.values {
            Values::Numbers(values) => Values::Numbers(rows.iter().map(|&r| values.at(r as usize)).collect()),
            Values::Codes { codes, levels } => Values::Codes {
                codes: rows.iter().map(|&r| codes.at(r as usize)).collect(),
                levels: levels.clone(),
            },
            Values::Texts(_) => Values::Numbers(vec![f64::NAN; rows.len()]),
        };
        Self {
            name: column.name.clone(),
            origin: column.name.clone(),
            kind: column.kind,
            values,
        }
    }

    /// All cells of a column, texts as categories.
    pub fn whole(column: &Column) -> Self {
        let rows: Vec<u32> = (0..column.n_rows() as u32).collect();
        let mut feature = Self::gather(column, &rows);
        if let Values::Texts(texts) = &column.values {
            let (codes, levels) = coded(texts);
            feature.values = Values::Codes { codes, levels };
        }
        feature
    }

    /// The cells of a column of new data, as the training data had them.
    ///
    /// # Errors
    /// It holds something else.
    pub fn like(column: &Column, kind: Kind) -> Result<Self, DataError> {
        let mut feature = Self::whole(column);
        let n_rows = column.n_rows();
        let numbers = matches!(feature.values, Values::Numbers(_));
        match kind {
            Kind::Number | Kind::Integer | Kind::Date if numbers => {}
            // Nothing but gaps looks like numbers.
            Kind::Boolean if column.kind == Kind::Boolean || column.missing == n_rows => {}
            Kind::Category => {
                let (codes, levels) = feature.as_levels();
                feature.values = Values::Codes { codes, levels };
            }
            _ => {
                let why = format!(
                    "the model has learnt it as a {} column, and here it is a {} column; correct its cells",
                    kind.label(),
                    column.kind.label()
                );
                let column = column.name.clone();
                return Err(DataError::Feature { column, why });
            }
        }
        if kind == Kind::Boolean && numbers {
            let codes = vec![MISSING; n_rows];
            let levels = Vec::new();
            feature.values = Values::Codes { codes, levels };
        }
        feature.kind = kind;
        Ok(feature)
    }

    /// A column of numbers made from another.
    pub fn number(name: String, origin: &str, values: Vec<f64>) -> Self {
        Self {
            name,
            origin: origin.to_owned(),
            kind: Kind::Number,
            values: Values::Numbers(values),
        }
    }

    /// The numbers; none of a column of categories.
    pub fn numbers(&self) -> &[f64] {
        match &self.values {
            Values::Numbers(values) => values,
            _ => &[],
        }
    }

    /// As many numbers as there are, to be changed.
    pub fn numbers_mut(&mut self) -> &mut [f64] {
        match &mut self.values {
            Values::Numbers(values) => values,
            _ => &mut [],
        }
    }

    pub fn missing(&self) -> usize {
        match &self.values {
            Values::Numbers(values) => values.iter().filter(|v| v.is_nan()).count(),
            Values::Codes { codes, .. } => codes.iter().filter(|&&c| c == MISSING).count(),
            Values::Texts(texts) => texts.iter().filter(|t| t.is_empty()).count(),
        }
    }

    /// Numbers as the levels of a category, sorted, so that what counts levels need not care where they come from.
    pub fn as_levels(&self) -> (Vec<u32>, Vec<String>) {
        match &self.values {
            Values::Codes { codes, levels } => (codes.clone(), levels.clone()),
            Values::Numbers(values) => numbered(values.iter().copied(), self.kind),
            Values::Texts(_) => (Vec::new(), Vec::new()),
        }
    }

    /// Yes and no as 1 and 0, missing as NaN; None of anything else.
    fn truths(&self) -> Option<Vec<f64>> {
        match (&self.values, self.kind) {
            (Values::Codes { codes, .. }, Kind::Boolean) => {
                let number = |&c: &u32| if c == MISSING { f64::NAN } else { f64::from(c) };
                Some(codes.iter().map(number).collect())
            }
            _ => None,
        }
    }

    /// Yes and no become 1 and 0.
    pub fn truths_to_numbers(&mut self) {
        if let Some(values) = self.truths() {
            (self.kind, self.values) = (Kind::Number, Values::Numbers(values));
        }
    }
}

/// All cells of a column as the levels of a category.
pub fn levels_of(column: &Column) -> (Vec<u32>, Vec<String>) {
    match &column.values {
        Values::Numbers(values) => numbered(values.iter(), column.kind),
        Values::Codes { codes, levels } => (codes.iter().collect(), levels.clone()),
        Values::Texts(texts) => coded(texts),
    }
}

/// The levels of a column and how often each occurs.
pub fn level_counts(column: &Column) -> Vec<(String, usize)> {
    let count = |codes: &mut dyn Iterator<Item = u32>, names: Vec<String>| {
        let mut counts = vec![0; names.len()];
        codes.for_each(|c| counts.get_mut(c as usize).into_iter().for_each(|n| *n += 1));
        names.into_iter().zip(counts).collect()
    };
    match &column.values {
        Values::Numbers(values) => {
            let different = different(values.iter());
            let names = different.iter().map(|v| named(*v, column.kind)).collect();
            count(&mut values.iter().map(|v| code(&different, v)), names)
        }
        Values::Codes { codes, levels } => count(&mut codes.iter(), levels.clone()),
        Values::Texts(texts) => {
            let (codes, names) = coded(texts);
            count(&mut codes.into_iter(), names)
        }
    }
}

/// Numbers as the levels of a category, sorted.
fn numbered(values: impl Iterator<Item = f64> + Clone, kind: Kind) -> (Vec<u32>, Vec<String>) {
    let different = different(values.clone());
    let names = different.iter().map(|v| named(*v, kind)).collect();
    (values.map(|v| code(&different, v)).collect(), names)
}

/// The number of a value among the different ones.
fn code(different: &[f64], value: f64) -> u32 {
    match value.is_nan() {
        true => MISSING,
        false => different.partition_point(|d| *d < value) as u32,
    }
}

fn named(value: f64, kind: Kind) -> String {
    match kind {
        Kind::Date => crate::data::date::format(value),
        _ => plain(value),
    }
}

/// The different values, sorted; -0 is 0. Takes the memory of twice as many as there are, however often each occurs.
fn different(values: impl Iterator<Item = f64>) -> Vec<f64> {
    const FEW: usize = 4096;
    let thin = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values.dedup();
    };
    let (mut all, mut most) = (Vec::new(), FEW);
    for value in values.filter(|v| !v.is_nan()) {
        all.push(value + 0.0);
        if all.len() > most {
            thin(&mut all);
            most = 2 * all.len() + FEW;
        }
    }
    thin(&mut all);
    all
}

/// Texts as levels; an empty one is missing.
fn coded(texts: &Texts) -> (Vec<u32>, Vec<String>) {
    let mut levels = Levels::default();
    let code = |text: &str| if text.is_empty() { MISSING } else { levels.code(text) };
    let codes = texts.iter().map(code).collect();
    (codes, levels.texts.iter().map(str::to_owned).collect())
}

/// Whether names sort as the numbers that all of them are, and their order.
pub(super) fn sorted_levels(mut names: Vec<String>) -> Vec<String> {
    let numeric: Option<Vec<f64>> = names.iter().map(|name| name.trim().parse().ok()).collect();
    match numeric {
        Some(_) => names.sort_by(|a, b| {
            let number = |t: &str| t.trim().parse::<f64>().unwrap_or(f64::NAN);
            number(a).total_cmp(&number(b)).then_with(|| a.cmp(b))
        }),
        None => names.sort(),
    }
    names
}

impl Frame {
    /// Keeps these rows only, in this order.
    pub fn keep(&mut self, rows: &[u32]) {
        for feature in &mut self.columns {
            match &mut feature.values {
                Values::Numbers(values) => *values = rows.iter().map(|&r| values[r as usize]).collect(),
                Values::Codes { codes, .. } => *codes = rows.iter().map(|&r| codes[r as usize]).collect(),
                Values::Texts(_) => {}
            }
        }
        self.targets = self.targets.as_ref().map(|targets| targets.rows(rows));
        self.n_rows = rows.len();
    }

    /// Puts others in the place of these columns, one list for each.
    pub fn replace(&mut self, places: &[usize], mut with: impl FnMut(usize, &Feature) -> Vec<Feature>) {
        let mut columns = Vec::with_capacity(self.columns.len());
        for (place, feature) in std::mem::take(&mut self.columns).into_iter().enumerate() {
            match places.iter().position(|p| *p == place) {
                Some(k) => columns.extend(with(k, &feature)),
                None => columns.push(feature),
            }
        }
        self.columns = columns;
    }

    /// Row by row, what the model sees. Infinities, which come of overflow, become the largest number.
    ///
    /// # Errors
    /// A category that no step made numbers of, or a value that is still missing.
    pub fn matrix(&mut self) -> Result<Vec<f64>, (String, String)> {
        for feature in &mut self.columns {
            feature.truths_to_numbers();
            if matches!(feature.values, Values::Codes { .. } | Values::Texts(_)) {
                let why = "it is still a category when the recipe ends; add one_hot or ordinal".to_owned();
                return Err((feature.name.clone(), why));
            }
            let missing = feature.missing();
            if missing > 0 {
                let why =
                    format!("{missing} value(s) are still missing when the recipe ends; add impute before what needs numbers");
                return Err((feature.name.clone(), why));
            }
        }
        let stride = self.columns.len();
        let mut x = vec![0.0; self.n_rows * stride];
        for (at, feature) in self.columns.iter().enumerate() {
            for (out, value) in x.chunks_exact_mut(stride.max(1)).zip(feature.numbers()) {
                out[at] = value.clamp(-f64::MAX, f64::MAX);
            }
        }
        Ok(x)
    }
}
