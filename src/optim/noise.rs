//! Noise on what a rule is told: the same draws for every run, whatever it asks.

use serde::de::value::MapAccessDeserializer;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::math::{Purpose, Rng, ops};
use crate::objective::Question;
use crate::param::{Limit, ParamSpec, Parametric};

/// Noise on values and gradients. The default is none.
///
/// The scale at step t is that given, times (1 + t)^(−`decay`/2): the variance falls as η / (1 + t)^γ (Neelakantan et al. 2015, Adding
/// Gradient Noise Improves Learning for Very Deep Networks, eq. 1, with γ = 0.55).
///
/// A file may give it as a number, the standard deviation of Gaussian noise on the gradient, and it is so written where that says it all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Noise {
    pub kind: NoiseKind,
    /// Scale of the noise on every coordinate of the gradient; Gaussian: its standard deviation.
    pub gradient: f64,
    /// Scale of the noise on the value.
    pub value: f64,
    /// Degrees of freedom ν of Student's distribution.
    pub nu: f64,
    /// How fast both fade: γ.
    pub decay: f64,
}

/// Of which distribution the noise is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoiseKind {
    #[default]
    Gaussian,
    /// Heavy tails: no variance where ν <= 2, no mean where ν <= 1; ν = 1 is Cauchy's distribution.
    StudentT,
}

impl Default for Noise {
    fn default() -> Self {
        Self::gaussian(0.0)
    }
}

impl Parametric for Noise {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::number("gradient", "Gradient noise", |n: &mut Self| &mut n.gradient)
            .log(1e-4, 100.0)
            .limit(Limit::NonNegative)
            .symbol("σ")
            .help("Scale of the noise on every coordinate of the gradient; for Gaussian noise its standard deviation"),
        ParamSpec::number("value", "Value noise", |n: &mut Self| &mut n.value)
            .log(1e-4, 100.0)
            .limit(Limit::NonNegative)
            .help("Scale of the noise on every value that a rule is told: it misleads rules that compare values"),
        ParamSpec::choice(
            "kind",
            "Distribution",
            &["gaussian", "student_t"],
            |n: &Self| match n.kind {
                NoiseKind::Gaussian => "gaussian",
                NoiseKind::StudentT => "student_t",
            },
            |n: &mut Self, word| {
                n.kind = match word {
                    "student_t" => NoiseKind::StudentT,
                    _ => NoiseKind::Gaussian,
                }
            },
        )
        .help("Student's has heavy tails: now and then a draw is enormous"),
        ParamSpec::number("nu", "Degrees of freedom", |n: &mut Self| &mut n.nu)
            .log(0.5, 100.0)
            .limit(Limit::Positive)
            .symbol("ν")
            .help("The fewer, the heavier the tails: 1 is Cauchy's distribution, below 2 there is no variance, many are nearly Gaussian"),
        ParamSpec::number("decay", "Decay of the noise", |n: &mut Self| &mut n.decay)
            .linear(0.0, 2.0)
            .limit(Limit::NonNegative)
            .symbol("γ")
            .help("The variance falls as 1/(1 + t)^γ; 0 is noise that stays, 0.55 is usual"),
    ];

    fn is_used(&self, name: &str) -> bool {
        match name {
            "nu" => self.kind == NoiseKind::StudentT,
            "kind" | "decay" => !self.is_off(),
            _ => true,
        }
    }
}

impl Noise {
    /// Gaussian noise of this standard deviation on every coordinate of the gradient.
    pub const fn gaussian(gradient: f64) -> Self {
        Self {
            kind: NoiseKind::Gaussian,
            gradient,
            value: 0.0,
            nu: 3.0,
            decay: 0.0,
        }
    }

    /// Whether there is none.
    pub fn is_off(&self) -> bool {
        self.gradient <= 0.0 && self.value <= 0.0
    }

    /// Adds the noise of question number `question` within `step` to a gradient.
    pub(super) fn on_gradient(&self, seed: u64, step: u64, question: Question, grad: &mut [f64]) {
        if self.gradient <= 0.0 {
            return;
        }
        let scale = self.gradient * self.fading(step);
        let mut rng = Rng::stream(seed, Purpose::GradientNoise, index(step, question));
        for g in grad {
            *g += scale * self.draw(&mut rng);
        }
    }

    /// The noise of question number `question` within `step` on a value.
    pub(super) fn on_value(&self, seed: u64, step: u64, question: Question) -> f64 {
        if self.value <= 0.0 {
            return 0.0;
        }
        let mut rng = Rng::stream(seed, Purpose::ValueNoise, index(step, question));
        self.value * self.fading(step) * self.draw(&mut rng)
    }

    fn fading(&self, step: u64) -> f64 {
        if self.decay == 0.0 {
            return 1.0;
        }
        ops::powf(1.0 + step as f64, -self.decay / 2.0)
    }

    fn draw(&self, rng: &mut Rng) -> f64 {
        match self.kind {
            NoiseKind::Gaussian => rng.normal(),
            NoiseKind::StudentT => rng.student_t(self.nu),
        }
    }
}

/// The stream of a question: that of its step for the first, which the loop asks. A step has the lower 40 bits, a question the upper 24.
fn index(step: u64, question: Question) -> u64 {
    step ^ question.rotate_left(40)
}

/// The long form in files.
#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    gradient: f64,
    value: f64,
    kind: NoiseKind,
    nu: f64,
    decay: f64,
}

impl Default for Written {
    fn default() -> Self {
        Self::of(Noise::default())
    }
}

impl Written {
    fn of(noise: Noise) -> Self {
        Self {
            gradient: noise.gradient,
            value: noise.value,
            kind: noise.kind,
            nu: noise.nu,
            decay: noise.decay,
        }
    }

    fn noise(self) -> Noise {
        Noise {
            kind: self.kind,
            gradient: self.gradient,
            value: self.value,
            nu: self.nu,
            decay: self.decay,
        }
    }
}

impl Serialize for Noise {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if *self == Self::gaussian(self.gradient) {
            return self.gradient.serialize(serializer);
        }
        Written::of(*self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Noise {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberOrFields)
    }
}

struct NumberOrFields;

impl<'de> de::Visitor<'de> for NumberOrFields {
    type Value = Noise;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a number, or the fields gradient, value, kind, nu and decay")
    }

    fn visit_f64<E: de::Error>(self, gradient: f64) -> Result<Noise, E> {
        Ok(Noise::gaussian(gradient))
    }

    fn visit_u64<E: de::Error>(self, gradient: u64) -> Result<Noise, E> {
        Ok(Noise::gaussian(gradient as f64))
    }

    fn visit_i64<E: de::Error>(self, gradient: i64) -> Result<Noise, E> {
        Ok(Noise::gaussian(gradient as f64))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Noise, A::Error> {
        Written::deserialize(MapAccessDeserializer::new(map)).map(Written::noise)
    }
}
