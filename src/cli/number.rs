//! Values of options that are numbers: each refusal says what is accepted.

use std::ops::RangeInclusive;

/// A whole number within a range, in digits alone.
pub(super) fn whole<T: TryFrom<u64>>(range: RangeInclusive<u64>) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync {
    move |text| {
        let number = text.parse::<u64>().ok().filter(|number| range.contains(number));
        number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| {
            let accepted = match (range.start(), range.end()) {
                (low, &u64::MAX) => format!("{low} or more"),
                (low, high) => format!("from {low} to {high}"),
            };
            format!("it must be a whole number, {accepted}, in digits alone (1000, not 1e3)")
        })
    }
}

/// A finite number, 0 or more.
pub(super) fn not_negative(text: &str) -> Result<f64, String> {
    real(text, |number| number >= 0.0).ok_or_else(|| "it must be a finite number, 0 or more".to_owned())
}

/// A finite number above 0.
pub(super) fn positive(text: &str) -> Result<f64, String> {
    real(text, |number| number > 0.0).ok_or_else(|| "it must be a finite number above 0".to_owned())
}

/// A share of the rows of a table.
pub(super) fn share(text: &str) -> Result<f64, String> {
    real(text, |number| (0.0..=0.9).contains(&number))
        .ok_or_else(|| "it must be a share of the rows from 0 (none) to 0.9, such as 0.2".to_owned())
}

/// The chance of something that is not certain.
pub(super) fn chance(text: &str) -> Result<f64, String> {
    real(text, |number| (0.0..1.0).contains(&number))
        .ok_or_else(|| "it must be the chance of a unit to be left out, 0 <= p < 1, such as 0.2".to_owned())
}

fn real(text: &str, accepted: impl Fn(f64) -> bool) -> Option<f64> {
    let number = text.parse().ok();
    number.filter(|number: &f64| number.is_finite() && accepted(*number))
}

#[cfg(test)]
mod tests {
    use super::{chance, not_negative, positive, share, whole};

    #[test]
    fn only_what_is_accepted_is_read() {
        let steps = whole::<u64>(1..=1000);
        assert_eq!((steps("1"), steps("1000")), (Ok(1), Ok(1000)));
        for bad in ["0", "1001", "-5", "1e2", "", "many"] {
            assert!(steps(bad).is_err_and(|refusal| refusal.contains("from 1 to 1000")), "{bad}");
        }
        assert!(whole::<u64>(1..=u64::MAX)("0").is_err_and(|refusal| refusal.contains("1 or more")));
        assert!(whole::<u16>(0..=100_000)("70000").is_err());
        for bad in ["-1", "nan", "inf", "x"] {
            assert!(
                not_negative(bad).is_err() && positive(bad).is_err() && share(bad).is_err(),
                "{bad}"
            );
        }
        assert_eq!((not_negative("0"), share("0.9")), (Ok(0.0), Ok(0.9)));
        assert!(positive("0").is_err() && share("0.91").is_err());
        assert!(chance("0") == Ok(0.0) && chance("0.95") == Ok(0.95));
        for bad in ["1", "-0.1", "nan"] {
            assert!(
                chance(bad).is_err_and(|refusal| refusal.contains("unit") && refusal.contains("0 <= p < 1")),
                "{bad}"
            );
        }
    }
}
