//! The letters that a formula may use as it likes, each with a slider.

use super::Formula;
use crate::functions::domain::end;
use crate::param::ParamSpec;

/// Latin letters but x, y and e (in capitals too, lest X be taken for x), and the Greek ones that look like no other; π is a number.
pub(super) const LETTERS: [&str; 66] = [
    "a", "b", "c", "d", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "z", "A", "B",
    "C", "D", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W", "Z", "α", "β", "γ", "δ",
    "ε", "ζ", "η", "θ", "κ", "λ", "μ", "ν", "ξ", "ρ", "σ", "τ", "φ", "χ", "ψ", "ω",
];

/// A value for each letter.
pub(super) type Values = [f64; LETTERS.len()];

/// What a letter is worth until it is set.
pub(super) const FIRST_VALUE: f64 = 1.0;

/// The place of a letter in the list.
pub(super) fn index_of(name: &str) -> Option<usize> {
    LETTERS.iter().position(|letter| *letter == name)
}

/// The slider of the letter at a place in the list.
const fn of<const I: usize>() -> ParamSpec<Formula> {
    ParamSpec::number(LETTERS[I], LETTERS[I], |f: &mut Formula| &mut f.letters[I])
        .linear(-10.0, 10.0)
        .symbol(LETTERS[I])
        .help("A letter of the formula: any number")
}

/// The ends of the box, then all letters; those that a formula does not use are not shown.
pub(super) const SPECS: [ParamSpec<Formula>; 4 + LETTERS.len()] = [
    end("x_min", "Left end", |f| &mut f.domain.x_min),
    end("x_max", "Right end", |f| &mut f.domain.x_max),
    end("y_min", "Lower end", |f| &mut f.domain.y_min),
    end("y_max", "Upper end", |f| &mut f.domain.y_max),
    of::<0>(),
    of::<1>(),
    of::<2>(),
    of::<3>(),
    of::<4>(),
    of::<5>(),
    of::<6>(),
    of::<7>(),
    of::<8>(),
    of::<9>(),
    of::<10>(),
    of::<11>(),
    of::<12>(),
    of::<13>(),
    of::<14>(),
    of::<15>(),
    of::<16>(),
    of::<17>(),
    of::<18>(),
    of::<19>(),
    of::<20>(),
    of::<21>(),
    of::<22>(),
    of::<23>(),
    of::<24>(),
    of::<25>(),
    of::<26>(),
    of::<27>(),
    of::<28>(),
    of::<29>(),
    of::<30>(),
    of::<31>(),
    of::<32>(),
    of::<33>(),
    of::<34>(),
    of::<35>(),
    of::<36>(),
    of::<37>(),
    of::<38>(),
    of::<39>(),
    of::<40>(),
    of::<41>(),
    of::<42>(),
    of::<43>(),
    of::<44>(),
    of::<45>(),
    of::<46>(),
    of::<47>(),
    of::<48>(),
    of::<49>(),
    of::<50>(),
    of::<51>(),
    of::<52>(),
    of::<53>(),
    of::<54>(),
    of::<55>(),
    of::<56>(),
    of::<57>(),
    of::<58>(),
    of::<59>(),
    of::<60>(),
    of::<61>(),
    of::<62>(),
    of::<63>(),
    of::<64>(),
    of::<65>(),
];
