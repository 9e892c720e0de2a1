//! A formula in the field's letters, worked out.
//!
//! ```text
//! sum     = product { ("+" | "−") product }
//! product = power { ["·" | "/"] power }
//! power   = atom [ "²" | "^" atom ]
//! atom    = number | letter | "(" sum ")" | "|" sum "|" | "√" atom | "sign(" sum ")" | ("max(" | "min(") sum ", " sum ")"
//! ```
//!
//! Factors side by side are multiplied. A letter may be any text, such as "β₁ᵗ" or "RMS(x)"; the longest that fits is meant.

use super::Term;
use crate::math::ops;

/// A formula with numbers for letters.
pub(super) struct Answer {
    pub terms: Vec<Term>,
    /// NaN if the formula is not one.
    pub value: f64,
}

/// Works out `formula`; `letters` finds the letter with which a text begins, and its value.
pub(super) fn work_out(formula: &str, letters: &mut dyn FnMut(&str) -> Option<(usize, f64)>) -> Answer {
    let mut reader = Reader {
        rest: formula,
        terms: Vec::new(),
        letters,
    };
    let value = reader.sum();
    let value = if reader.rest.is_empty() { value } else { f64::NAN };
    Answer {
        terms: reader.terms,
        value,
    }
}

struct Reader<'a> {
    rest: &'a str,
    terms: Vec<Term>,
    letters: &'a mut dyn FnMut(&str) -> Option<(usize, f64)>,
}

impl Reader<'_> {
    /// Takes a sign from the formula and writes one.
    fn take(&mut self, sign: &str, written: &'static str) -> bool {
        let Some(rest) = self.rest.trim_start().strip_prefix(sign) else {
            return false;
        };
        self.rest = rest;
        self.terms.push(Term::Sign(written));
        true
    }

    fn sum(&mut self) -> f64 {
        let mut sum = self.product();
        loop {
            if self.take("+", " + ") {
                sum += self.product();
            } else if self.take("−", " − ") {
                sum -= self.product();
            } else {
                return sum;
            }
        }
    }

    fn product(&mut self) -> f64 {
        let mut product = self.power();
        loop {
            if self.take("/", " / ") {
                product /= self.power();
            } else if self.take("·", " · ") || self.another_factor() {
                let left = self.rest.len();
                product *= self.power();
                if self.rest.len() == left {
                    // No factor after all: it would be looked for again for ever.
                    return f64::NAN;
                }
            } else {
                return product;
            }
        }
    }

    /// Whether a factor follows without a sign; writes the sign.
    fn another_factor(&mut self) -> bool {
        let rest = self.rest.trim_start();
        let follows = !rest.is_empty() && !rest.starts_with(['+', '−', ')', ',', '|']);
        if follows {
            self.terms.push(Term::Sign(" · "));
        }
        follows
    }

    fn power(&mut self) -> f64 {
        let base = self.atom();
        if self.take("²", "²") {
            base * base
        } else if self.take("^", "^") {
            ops::powf(base, self.atom())
        } else {
            base
        }
    }

    fn atom(&mut self) -> f64 {
        if self.take("√", "√") {
            self.atom().sqrt()
        } else if self.take("|", "|") {
            let inner = self.sum();
            self.close("|", inner.abs())
        } else if self.take("(", "(") {
            let inner = self.sum();
            self.close(")", inner)
        } else if self.take("sign(", "sign(") {
            let inner = self.sum();
            let sign = f64::from(u8::from(inner > 0.0)) - f64::from(u8::from(inner < 0.0));
            self.close(")", sign)
        } else if self.take("max(", "max(") {
            self.greater_or_lesser(f64::max)
        } else if self.take("min(", "min(") {
            self.greater_or_lesser(f64::min)
        } else {
            self.number()
        }
    }

    fn greater_or_lesser(&mut self, choose: fn(f64, f64) -> f64) -> f64 {
        let first = self.sum();
        let first = self.close(", ", first);
        let second = self.sum();
        self.close(")", choose(first, second))
    }

    fn close(&mut self, sign: &'static str, value: f64) -> f64 {
        if self.take(sign, sign) { value } else { f64::NAN }
    }

    /// A letter, or a number that stands in the formula.
    fn number(&mut self) -> f64 {
        let rest = self.rest.trim_start();
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let literal = rest[..digits].parse().ok().map(|value| (digits, value));
        let Some((length, value)) = literal.or_else(|| (self.letters)(rest)) else {
            // No formula: what is left over says so.
            return f64::NAN;
        };
        self.rest = &rest[length..];
        self.write(value);
        value
    }

    /// Writes a number, in brackets if its sign would stand beside another.
    fn write(&mut self, value: f64) {
        let opens = |sign: &&str| sign.ends_with(['(', '|']) || *sign == ", ";
        let alone = match self.terms.last() {
            Some(Term::Sign(sign)) => opens(sign),
            _ => self.terms.is_empty(),
        };
        let raised = self.rest.trim_start().starts_with(['²', '^']);
        if value.is_sign_negative() && !value.is_nan() && (raised || !alone) {
            self.terms.extend([Term::Sign("("), Term::Number(value), Term::Sign(")")]);
        } else {
            self.terms.push(Term::Number(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worked(formula: &str) -> (String, f64) {
        let letters = [("β₁ᵗ", 0.5), ("β₁", 0.9), ("m", -2.0), ("RMS(x)", 3.0), ("v", 4.0)];
        let mut find = |text: &str| {
            letters
                .iter()
                .find(|(name, _)| text.starts_with(name))
                .map(|(n, v)| (n.len(), *v))
        };
        let answer = work_out(formula, &mut find);
        let piece = |term: &Term| match term {
            Term::Sign(sign) => (*sign).to_owned(),
            Term::Number(value) => value.to_string(),
        };
        (answer.terms.iter().map(piece).collect(), answer.value)
    }

    #[test]
    fn letters_become_numbers() {
        for (formula, written, value) in [
            ("m − v m", "-2 − 4 · (-2)", 6.0),
            (
                "β₁ m + (1 − β₁) v²",
                "0.9 · (-2) + (1 − 0.9) · 4²",
                0.9 * -2.0 + (1.0 - 0.9) * 16.0,
            ),
            ("v / (1 − β₁ᵗ)", "4 / (1 − 0.5)", 8.0),
            ("√v RMS(x) / √(m²)", "√4 · 3 / √((-2)²)", 3.0),
            ("max(m, |m|) · v^0.5", "max(-2, |-2|) · 4^0.5", 4.0),
            ("min(sign(m) v, m)", "min(sign(-2) · 4, -2)", -4.0),
        ] {
            assert_eq!(worked(formula), (written.to_owned(), value), "{formula}");
        }
        for nonsense in ["", "q", "(v", "v +", "v)", "max(v)", "|m"] {
            assert!(worked(nonsense).1.is_nan(), "{nonsense}");
        }
    }
}
