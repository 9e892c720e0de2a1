//! Declarations of parameters and the checked door to their values.

use std::fmt;

use thiserror::Error;

use super::List;

/// The value of one parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    Number(f64),
    Integer(u64),
    Switch(bool),
    Choice(&'static str),
    List(List),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(v) if *v != 0.0 && !(1e-4..1e9).contains(&v.abs()) => write!(f, "{v:e}"),
            Self::Number(v) => write!(f, "{v}"),
            Self::Integer(v) => write!(f, "{v}"),
            Self::Switch(v) => write!(f, "{v}"),
            Self::Choice(v) => f.write_str(v),
            Self::List(v) => write!(f, "{v}"),
        }
    }
}

/// How a parameter is shown: the span of its slider. Values outside the span but inside the [`Limit`] may be typed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Range {
    /// Even steps of the value.
    Linear {
        min: f64,
        max: f64,
    },
    /// Even steps of the logarithm; 0 sits at the left end where the limit allows it.
    Log {
        min: f64,
        max: f64,
    },
    /// Even steps of log10(1 - value): for decay rates just below 1.
    NearOne {
        max: f64,
    },
    Integer {
        min: u64,
        max: u64,
    },
    Switch,
    Choice(&'static [&'static str]),
    /// A few whole numbers.
    List,
}

/// Which numbers make sense at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Any finite number.
    Finite,
    /// Finite and > 0.
    Positive,
    /// Finite and >= 0.
    NonNegative,
    /// 0 <= v < 1, as decay rates must be.
    UnitOpen,
    /// 0 <= v <= 1.
    UnitClosed,
    /// An integer >= 1.
    AtLeastOne,
}

impl Limit {
    fn admits(self, v: f64) -> bool {
        v.is_finite()
            && match self {
                Self::Finite => true,
                Self::Positive => v > 0.0,
                Self::NonNegative => v >= 0.0,
                Self::UnitOpen => (0.0..1.0).contains(&v),
                Self::UnitClosed => (0.0..=1.0).contains(&v),
                Self::AtLeastOne => v >= 1.0,
            }
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::Finite => "a finite number",
            Self::Positive => "a finite number above 0",
            Self::NonNegative => "a finite number, 0 or above",
            Self::UnitOpen => "at least 0 and below 1",
            Self::UnitClosed => "from 0 to 1",
            Self::AtLeastOne => "1 or more",
        }
    }
}

/// A refused value. The message names the field, what was given and what is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParamError {
    #[error("{name} = {given} is out of range: it must be {accepted}")]
    OutOfRange {
        name: &'static str,
        given: String,
        accepted: String,
    },
    #[error("{name} = {given} cannot be read: it must be {accepted}")]
    Unreadable {
        name: &'static str,
        given: String,
        accepted: String,
    },
    #[error("there is no parameter \"{given}\" here; there are: {known}")]
    Unknown { given: String, known: String },
}

/// What is known about a parameter, whatever struct it lives in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParamInfo {
    /// The field's name, PyTorch's where it has one: `lr`, `beta1`.
    pub name: &'static str,
    /// As written beside a slider: "Learning rate".
    pub label: &'static str,
    /// As written in the formula: "η".
    pub symbol: &'static str,
    /// One sentence: what it does.
    pub help: &'static str,
    pub range: Range,
    pub limit: Limit,
}

impl ParamInfo {
    fn accepted(&self) -> String {
        match self.range {
            Range::Switch => "true or false".to_owned(),
            Range::Choice(choices) => format!("one of {}", choices.join(", ")),
            Range::Integer { .. } => format!("a whole number, {}", self.limit.in_words()),
            Range::List => format!("at most {} whole numbers, written 30|80", List::CAPACITY),
            _ => self.limit.in_words().to_owned(),
        }
    }

    fn unreadable(&self, given: impl fmt::Display) -> ParamError {
        ParamError::Unreadable {
            name: self.name,
            given: given.to_string(),
            accepted: self.accepted(),
        }
    }

    /// Checks that `value` is of this parameter's kind and within its limit.
    pub fn check(&self, value: Value) -> Result<(), ParamError> {
        let fits = match (self.range, value) {
            (Range::Switch, Value::Switch(_)) | (Range::List, Value::List(_)) => true,
            (Range::Choice(choices), Value::Choice(choice)) => choices.contains(&choice),
            (Range::Integer { .. }, Value::Integer(v)) => self.limit.admits(v as f64),
            (Range::Linear { .. } | Range::Log { .. } | Range::NearOne { .. }, Value::Number(v)) => self.limit.admits(v),
            _ => return Err(self.unreadable(value)),
        };
        if fits {
            return Ok(());
        }
        Err(ParamError::OutOfRange {
            name: self.name,
            given: value.to_string(),
            accepted: self.accepted(),
        })
    }

    /// Reads a value as typed on a command line.
    pub fn parse(&self, text: &str) -> Result<Value, ParamError> {
        let text = text.trim();
        let value = match self.range {
            Range::Switch => text.parse().ok().map(Value::Switch),
            Range::Choice(choices) => choices.iter().find(|c| **c == text).map(|c| Value::Choice(c)),
            Range::Integer { .. } => text.parse().ok().map(Value::Integer),
            Range::List => text.parse().ok().map(Value::List),
            _ => text.parse().ok().map(Value::Number),
        };
        let value = value.ok_or_else(|| self.unreadable(text))?;
        self.check(value).map(|()| value)
    }
}

enum Access<T> {
    Number(fn(&mut T) -> &mut f64),
    Integer(fn(&mut T) -> &mut u64),
    Switch(fn(&mut T) -> &mut bool),
    Choice(fn(&T) -> &'static str, fn(&mut T, &'static str)),
    List(fn(&mut T) -> &mut List),
}

/// The declaration of one parameter of `T`: what is known about it, and where it lives.
pub struct ParamSpec<T> {
    pub info: ParamInfo,
    access: Access<T>,
}

impl<T> ParamSpec<T> {
    const fn new(name: &'static str, label: &'static str, range: Range, limit: Limit, access: Access<T>) -> Self {
        let info = ParamInfo {
            name,
            label,
            symbol: "",
            help: "",
            range,
            limit,
        };
        Self { info, access }
    }

    /// A number with a linear slider from 0 to 1 unless said otherwise.
    pub const fn number(name: &'static str, label: &'static str, field: fn(&mut T) -> &mut f64) -> Self {
        Self::new(
            name,
            label,
            Range::Linear { min: 0.0, max: 1.0 },
            Limit::Finite,
            Access::Number(field),
        )
    }

    /// A whole number with a slider from `min` to `max`.
    pub const fn integer(name: &'static str, label: &'static str, min: u64, max: u64, field: fn(&mut T) -> &mut u64) -> Self {
        Self::new(
            name,
            label,
            Range::Integer { min, max },
            Limit::NonNegative,
            Access::Integer(field),
        )
    }

    /// On or off.
    pub const fn switch(name: &'static str, label: &'static str, field: fn(&mut T) -> &mut bool) -> Self {
        Self::new(name, label, Range::Switch, Limit::Finite, Access::Switch(field))
    }

    /// A few whole numbers.
    pub const fn list(name: &'static str, label: &'static str, field: fn(&mut T) -> &mut List) -> Self {
        Self::new(name, label, Range::List, Limit::Finite, Access::List(field))
    }

    /// One of a few words.
    pub const fn choice(
        name: &'static str,
        label: &'static str,
        choices: &'static [&'static str],
        get: fn(&T) -> &'static str,
        set: fn(&mut T, &'static str),
    ) -> Self {
        Self::new(name, label, Range::Choice(choices), Limit::Finite, Access::Choice(get, set))
    }

    pub const fn linear(mut self, min: f64, max: f64) -> Self {
        self.info.range = Range::Linear { min, max };
        self
    }

    pub const fn log(mut self, min: f64, max: f64) -> Self {
        self.info.range = Range::Log { min, max };
        self
    }

    pub const fn near_one(mut self, max: f64) -> Self {
        self.info.range = Range::NearOne { max };
        self
    }

    pub const fn limit(mut self, limit: Limit) -> Self {
        self.info.limit = limit;
        self
    }

    pub const fn symbol(mut self, symbol: &'static str) -> Self {
        self.info.symbol = symbol;
        self
    }

    pub const fn help(mut self, help: &'static str) -> Self {
        self.info.help = help;
        self
    }
}

impl<T: Clone> ParamSpec<T> {
    fn get(&self, owner: &T) -> Value {
        match self.access {
            Access::Number(field) => Value::Number(*field(&mut owner.clone())),
            Access::Integer(field) => Value::Integer(*field(&mut owner.clone())),
            Access::Switch(field) => Value::Switch(*field(&mut owner.clone())),
            Access::Choice(get, _) => Value::Choice(get(owner)),
            Access::List(field) => Value::List(*field(&mut owner.clone())),
        }
    }

    fn set(&self, owner: &mut T, value: Value) -> Result<(), ParamError> {
        self.info.check(value)?;
        match (&self.access, value) {
            (Access::Number(field), Value::Number(v)) => *field(owner) = v,
            (Access::Integer(field), Value::Integer(v)) => *field(owner) = v,
            (Access::Switch(field), Value::Switch(v)) => *field(owner) = v,
            (Access::Choice(_, set), Value::Choice(v)) => set(owner, v),
            (Access::List(field), Value::List(v)) => *field(owner) = v,
            _ => return Err(self.info.unreadable(value)),
        }
        Ok(())
    }
}

/// A struct whose fields are declared as parameters.
pub trait Parametric: Clone + 'static {
    /// In the order in which they are shown.
    const PARAMS: &'static [ParamSpec<Self>];

    /// Whether a parameter has a meaning beside the values of the others: one that has none is not shown.
    fn is_used(&self, _name: &str) -> bool {
        true
    }
}

/// The parameters of something, whatever its type: what sliders, the command line and the tables work on.
/// Implemented for everything [`Parametric`].
pub trait Parameters {
    /// Those that have a meaning now, in the order in which they are shown.
    fn params(&self) -> Vec<&'static ParamInfo>;

    /// All that are declared, shown or not.
    fn all_params(&self) -> Vec<&'static ParamInfo>;

    /// The value of a parameter, by name.
    fn get(&self, name: &str) -> Option<Value>;

    /// Sets a parameter by name.
    ///
    /// # Errors
    /// The name is not known, or the value is of another kind or outside the limit; nothing changes then.
    fn set(&mut self, name: &str, value: Value) -> Result<(), ParamError>;

    /// Checks every value against its declaration: for values that came from a file.
    fn check(&self) -> Result<(), ParamError> {
        for info in self.all_params() {
            if let Some(value) = self.get(info.name) {
                info.check(value)?;
            }
        }
        Ok(())
    }

    /// Sets a parameter from text such as `--set name=text`.
    fn set_text(&mut self, name: &str, text: &str) -> Result<(), ParamError> {
        let params = self.all_params();
        let info = params
            .iter()
            .find(|info| info.name == name)
            .ok_or_else(|| unknown(name, &self.params()))?;
        self.set(info.name, info.parse(text)?)
    }
}

fn unknown(name: &str, params: &[&'static ParamInfo]) -> ParamError {
    let names: Vec<_> = params.iter().map(|info| info.name).collect();
    ParamError::Unknown {
        given: name.to_owned(),
        known: if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(", ")
        },
    }
}

impl<T: Parametric> Parameters for T {
    fn params(&self) -> Vec<&'static ParamInfo> {
        let mut infos = self.all_params();
        infos.retain(|info| self.is_used(info.name));
        infos
    }

    fn all_params(&self) -> Vec<&'static ParamInfo> {
        T::PARAMS.iter().map(|spec| &spec.info).collect()
    }

    fn get(&self, name: &str) -> Option<Value> {
        T::PARAMS
            .iter()
            .find(|spec| spec.info.name == name)
            .map(|spec| spec.get(self))
    }

    fn set(&mut self, name: &str, value: Value) -> Result<(), ParamError> {
        let spec = T::PARAMS.iter().find(|spec| spec.info.name == name);
        spec.ok_or_else(|| unknown(name, &self.params()))?.set(self, value)
    }
}
