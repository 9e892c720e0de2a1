//! The words that a formula may use.

use super::tape::{Pair, Single};

/// A function of a formula.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Function {
    Of(Single),
    OfTwo(Pair),
    /// `pow(a, b)`, the same as `a^b`.
    Pow,
}

/// Functions by name. As in most languages `log` is the natural logarithm, the same as `ln`.
const FUNCTIONS: [(&str, Function); 26] = [
    ("sin", Function::Of(Single::Sin)),
    ("cos", Function::Of(Single::Cos)),
    ("tan", Function::Of(Single::Tan)),
    ("exp", Function::Of(Single::Exp)),
    ("ln", Function::Of(Single::Ln)),
    ("log", Function::Of(Single::Ln)),
    ("log10", Function::Of(Single::Log10)),
    ("sqrt", Function::Of(Single::Sqrt)),
    ("abs", Function::Of(Single::Abs)),
    ("sinh", Function::Of(Single::Sinh)),
    ("cosh", Function::Of(Single::Cosh)),
    ("tanh", Function::Of(Single::Tanh)),
    ("asin", Function::Of(Single::Asin)),
    ("acos", Function::Of(Single::Acos)),
    ("atan", Function::Of(Single::Atan)),
    ("arcsin", Function::Of(Single::Asin)),
    ("arccos", Function::Of(Single::Acos)),
    ("arctan", Function::Of(Single::Atan)),
    ("sign", Function::Of(Single::Sign)),
    ("floor", Function::Of(Single::Floor)),
    ("ceil", Function::Of(Single::Ceil)),
    ("round", Function::Of(Single::Round)),
    ("min", Function::OfTwo(Pair::Min)),
    ("max", Function::OfTwo(Pair::Max)),
    ("hypot", Function::OfTwo(Pair::Hypot)),
    ("pow", Function::Pow),
];

/// Numbers with a name.
const CONSTANTS: [(&str, f64); 3] = [
    ("pi", std::f64::consts::PI),
    ("π", std::f64::consts::PI),
    ("e", std::f64::consts::E),
];

pub(super) fn function(name: &str) -> Option<Function> {
    FUNCTIONS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, function)| *function)
}

pub(super) fn constant(name: &str) -> Option<f64> {
    CONSTANTS.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

/// All words of more than one letter, for the search of what was meant.
pub(super) fn words() -> Vec<&'static str> {
    let functions = FUNCTIONS.iter().map(|(name, _)| *name);
    functions.chain(["pi"]).collect()
}

/// The first name of a function.
pub(super) fn name_of(function: Function) -> &'static str {
    let found = FUNCTIONS.iter().find(|(_, known)| *known == function);
    found.map_or("", |(name, _)| name)
}
