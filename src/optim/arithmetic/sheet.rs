//! The sheet on which a rule writes its step.

use super::formula::work_out;
use super::listener::Told;
use super::{Line, Worked};
use crate::objective::MatrixSpan;
use crate::optim::Stages;
use crate::param::{Parameters, Value};

/// What a letter stands for.
enum Meaning {
    /// One number for all coordinates.
    Same(f64),
    /// A number for each coordinate that is shown.
    Each(Vec<f64>),
}

struct Letter {
    name: &'static str,
    meaning: Meaning,
    read: bool,
}

/// A step being written out. Known from the start: x and g, and the numbers among the hyperparameters under the symbols of their
/// declarations, with η the learning rate and μ or β₁ the momentum of this step.
pub struct Sheet<'a> {
    told: &'a Told,
    x: &'a [f64],
    coordinates: Vec<usize>,
    letters: Vec<Letter>,
    lines: Vec<Line>,
}

/// The learning rate before the schedule, what the schedule multiplies it with, and the line that does.
const BASE_RATE: &str = "η₀";
const RATE_SCALE: &str = "c";
const RATE: &str = "η";

impl<'a> Sheet<'a> {
    pub(super) fn new(told: &'a Told, x: &'a [f64], stages: &Stages, coordinates: &[usize]) -> Self {
        let mut sheet = Self {
            told,
            x,
            coordinates: coordinates.iter().copied().filter(|i| *i < x.len()).collect(),
            letters: Vec::new(),
            lines: Vec::new(),
        };
        let gradient = if stages.leave_gradients() {
            "∇f(x)"
        } else {
            "∇f(x) after noise, clipping and weight decay"
        };
        sheet.each("x", x).each("g", &told.grad).given("g", gradient);
        sheet
    }

    /// The point at which the step starts, whole.
    pub fn x(&self) -> &'a [f64] {
        self.x
    }

    /// The gradient that the rule is told, whole.
    pub fn grad(&self) -> &'a [f64] {
        &self.told.grad
    }

    /// Whether no step has been written yet: only what is given, and the learning rate.
    pub fn is_blank(&self) -> bool {
        let given = |line: &Line| line.symbol == RATE || line.worked.iter().all(|w| w.terms.is_empty());
        self.lines.iter().all(given)
    }

    /// Which variables are the entries of matrices.
    pub fn layout(&self) -> &'a [MatrixSpan] {
        &self.told.layout
    }

    /// The index of the coordinate that is shown as number `k`.
    pub fn coordinate(&self, k: usize) -> usize {
        self.coordinates.get(k).copied().unwrap_or(0)
    }

    /// What the schedule multiplies the learning rate with.
    pub fn lr_scale(&self) -> f64 {
        self.told.lr_scale
    }

    /// What the schedule sets momentum, or β₁, to.
    pub fn momentum(&self) -> Option<f64> {
        self.told.momentum
    }

    /// Gives the hyperparameters their letters.
    pub(in crate::optim) fn parameters(&mut self, rule: &dyn Parameters) {
        for info in rule.all_params().into_iter().filter(|info| !info.symbol.is_empty()) {
            let set_by_schedule = self.told.momentum.filter(|_| ["momentum", "beta1"].contains(&info.name));
            match set_by_schedule.map(Value::Number).or_else(|| rule.get(info.name)) {
                Some(Value::Number(lr)) if info.symbol == RATE => self.rate(lr),
                Some(Value::Number(value)) => _ = self.same(info.symbol, value),
                Some(Value::Integer(value)) => _ = self.same(info.symbol, value as f64),
                _ => {}
            }
        }
    }

    fn rate(&mut self, lr: f64) {
        if self.lr_scale() == 1.0 {
            self.same(RATE, lr);
        } else {
            let scale = self.lr_scale();
            self.same(BASE_RATE, lr).same(RATE_SCALE, scale).line(RATE, "η₀ c");
        }
    }

    /// A letter for a number that all coordinates share.
    pub fn same(&mut self, name: &'static str, value: f64) -> &mut Self {
        self.letter(name, Meaning::Same(value))
    }

    /// A letter for what is kept for every coordinate: `values` is as long as x.
    pub fn each(&mut self, name: &'static str, values: &[f64]) -> &mut Self {
        let shown = self.coordinates.iter().map(|i| values.get(*i).copied().unwrap_or(f64::NAN));
        self.letter(name, Meaning::Each(shown.collect()))
    }

    /// A line: what `symbol` becomes.
    pub fn line(&mut self, symbol: &'static str, formula: &'static str) -> &mut Self {
        self.cases(symbol, formula, |_, _| formula)
    }

    /// A line that differs from coordinate to coordinate: `description` says when it is what; `formula` chooses, for the coordinate that
    /// is shown as number `k`.
    pub fn cases(
        &mut self,
        symbol: &'static str,
        description: &'static str,
        formula: impl Fn(&Self, usize) -> &'static str,
    ) -> &mut Self {
        let mut shared = true;
        let mut worked = Vec::with_capacity(self.coordinates.len());
        for (k, coordinate) in self.coordinates.clone().into_iter().enumerate() {
            let chosen = formula(self, k);
            let answer = work_out(chosen, &mut |text| {
                let letter = longest(&mut self.letters, text)?;
                letter.read = true;
                shared &= matches!(letter.meaning, Meaning::Same(_));
                Some((letter.name.len(), letter.meaning.at(k)))
            });
            worked.push(Worked {
                coordinate: Some(coordinate),
                terms: answer.terms,
                result: answer.value,
            });
        }
        if shared {
            worked.truncate(1);
            worked.iter_mut().for_each(|only| only.coordinate = None);
        }
        self.push(symbol, description, worked)
    }

    /// The newest value of a letter for the coordinate shown as number `k`; NaN if there is no such letter.
    pub fn value(&self, name: &str, k: usize) -> f64 {
        let letter = self.letters.iter().find(|letter| letter.name == name);
        letter.map_or(f64::NAN, |letter| letter.meaning.at(k))
    }

    /// A line for what is known without computing.
    fn given(&mut self, symbol: &'static str, what: &'static str) {
        let worked = |(k, i): (usize, &usize)| Worked {
            coordinate: Some(*i),
            terms: Vec::new(),
            result: self.value(symbol, k),
        };
        let worked = self.coordinates.iter().enumerate().map(worked).collect();
        self.push(symbol, what, worked);
    }

    fn push(&mut self, symbol: &'static str, formula: &'static str, worked: Vec<Worked>) -> &mut Self {
        let meaning = match worked.as_slice() {
            [only] if only.coordinate.is_none() => Meaning::Same(only.result),
            _ => Meaning::Each(worked.iter().map(|w| w.result).collect()),
        };
        self.lines.push(Line { symbol, formula, worked });
        self.letter(symbol, meaning)
    }

    fn letter(&mut self, name: &'static str, meaning: Meaning) -> &mut Self {
        self.letters.retain(|letter| letter.name != name);
        self.letters.push(Letter {
            name,
            meaning,
            read: false,
        });
        self
    }

    /// The lines written.
    pub(super) fn finish(mut self) -> Vec<Line> {
        let idle = self.letters.iter().any(|letter| letter.name == RATE && !letter.read);
        self.lines.retain(|line| line.symbol != RATE || !idle);
        // A rule that wrote nothing has nothing explained, not even its gradient.
        if self.is_blank() {
            self.lines.clear();
        }
        self.lines
    }
}

impl Meaning {
    fn at(&self, k: usize) -> f64 {
        match self {
            Self::Same(value) => *value,
            Self::Each(values) => values.get(k).copied().unwrap_or(f64::NAN),
        }
    }
}

/// The longest letter with which the text begins.
fn longest<'l>(letters: &'l mut [Letter], text: &str) -> Option<&'l mut Letter> {
    let fits = letters.iter_mut().filter(|letter| text.starts_with(letter.name));
    fits.max_by_key(|letter| letter.name.len())
}
