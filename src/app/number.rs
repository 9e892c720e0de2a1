//! How numbers are written on the screen: three significant digits, a true minus, thin spaces between thousands.

const THIN_SPACE: char = '\u{2009}';
const MINUS: char = '−';

/// A reading: `0.652`, `12.3`, `8.5e−3`, `1 240`.
pub fn reading(v: f64) -> String {
    if v.is_nan() {
        return "–".to_owned();
    }
    if v.is_infinite() {
        return if v > 0.0 { "∞".to_owned() } else { format!("{MINUS}∞") };
    }
    let size = v.abs();
    let text = if size == 0.0 {
        "0".to_owned()
    } else if size < 0.01 {
        format!("{v:.1e}")
    } else if size < 9.995 {
        format!("{v:.3}")
    } else if size < 99.95 {
        format!("{v:.2}")
    } else if size < 999.5 {
        format!("{v:.1}")
    } else if size < 1e6 {
        return signed(v, &whole(size.round() as u64));
    } else {
        format!("{v:.1e}")
    };
    text.replace('-', &MINUS.to_string())
}

fn signed(v: f64, size: &str) -> String {
    if v < 0.0 { format!("{MINUS}{size}") } else { size.to_owned() }
}

/// A whole number: `1 500`.
pub fn whole(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(THIN_SPACE);
        }
        text.push(digit);
    }
    text
}

/// A setting exactly as it is: the shortest text that reads back as the same number.
pub fn setting(v: f64) -> String {
    let plain = format!("{v}");
    if plain.len() <= 9 { plain } else { format!("{v:e}") }
}

/// A coordinate, in steps of a hundredth.
pub fn coordinate(v: f64) -> String {
    format!("{v:.2}").replace('-', &MINUS.to_string())
}

/// A share as a percentage.
pub fn percent(v: f64) -> String {
    if v.is_nan() {
        "–".to_owned()
    } else {
        format!("{:.1}{THIN_SPACE}%", 100.0 * v)
    }
}

/// A power of ten for an axis: `10³`, `1`, `10⁻²`.
pub fn decade(exponent: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    if exponent == 0 {
        return "1".to_owned();
    }
    let mut text = String::from("10");
    for c in exponent.to_string().chars() {
        text.push(c.to_digit(10).map_or('⁻', |d| DIGITS[d as usize]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_have_three_significant_digits() {
        let table = [
            (0.0, "0"),
            (0.652, "0.652"),
            (0.008_512, "8.5e−3"),
            (-1.5, "−1.500"),
            (31.838, "31.84"),
            (1001.6, "1\u{2009}002"),
            (-123_456.0, "−123\u{2009}456"),
            (1e9, "1.0e9"),
            (f64::INFINITY, "∞"),
        ];
        for (v, text) in table {
            assert_eq!(reading(v), text);
        }
    }

    #[test]
    fn decades_are_written_as_powers() {
        assert_eq!([decade(0), decade(3), decade(-12)], ["1", "10³", "10⁻¹²"]);
    }
}
