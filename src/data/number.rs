//! Numbers as people write them.

use std::borrow::Cow;

/// How numbers are written in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct NumberFormat {
    /// `.` or `,`.
    pub decimal: char,
    /// Between groups of three digits, if any.
    pub thousands: Option<char>,
}

impl Default for NumberFormat {
    fn default() -> Self {
        Self {
            decimal: '.',
            thousands: None,
        }
    }
}

/// A cell as a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell {
    Missing,
    /// The value, and whether it was written with a decimal mark or an exponent.
    Number(f64, bool),
    Other,
}

/// Whether the (trimmed) cell stands for "no value".
pub(super) fn is_missing(cell: &[u8]) -> bool {
    match cell.len() {
        0 => true,
        1 => matches!(cell, b"?" | b"-" | b"."),
        2 => matches!(cell, b"NA" | b"na" | b"--" | b".."),
        3 => matches!(cell, b"NaN" | b"nan" | b"NAN" | b"N/A" | b"n/a" | b"NaT" | b"---"),
        4 => matches!(
            cell,
            b"null" | b"NULL" | b"Null" | b"None" | b"#N/A" | b"-nan" | b"-NaN" | b"<NA>"
        ),
        5 => matches!(cell, b"#NULL"),
        6 => matches!(cell, b"#NULL!" | b"#VALUE"),
        7 => matches!(cell, b"#VALUE!" | b"#DIV/0!"),
        8 => matches!(cell, b"#N/A N/A" | b"1.#QNAN "),
        _ => false,
    }
}

/// 10^0 to 10^22: the powers that are exact doubles.
const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
    1e22,
];

/// Reads the cell `text[start..end]` if it is short and plain: an optional minus, up to 16 digits, perhaps a decimal mark. None: [`parse`] must
/// look closer.
///
/// All digits at once: the 16 bytes from `start` are one word, from which the mark is cut out and whose digits are summed pairwise
/// (Lemire, "Quickly parsing eight digits", 2018). Rounds once, as `parse` does.
#[inline]
pub(super) fn parse_plain(text: &[u8], start: usize, end: usize, decimal: u8) -> Option<(f64, bool)> {
    const EACH: u128 = 0x0101_0101_0101_0101_0101_0101_0101_0101;
    let word = u128::from_le_bytes(*text.get(start..)?.first_chunk::<16>()?);
    let negative = u32::from(word as u8 == b'-');
    let length = (end - start) as u32 - negative.min((end - start) as u32);
    if !(1..=16 - negative).contains(&length) {
        return None;
    }
    let word = (word >> (8 * negative)) & (u128::MAX >> (128 - 8 * length));
    // The lowest top bit marks the first byte that equals the decimal mark.
    let same = word ^ (EACH * u128::from(decimal));
    let mark = same.wrapping_sub(EACH) & !same & (EACH << 7);
    let (digits, count, fraction) = if mark == 0 {
        (word, length, 0)
    } else {
        let at = mark.trailing_zeros() / 8;
        let below = (1_u128 << (8 * at)) - 1;
        (word & below | (word >> 8) & !below, length - 1, length - 1 - at)
    };
    if count == 0 {
        return None;
    }
    // Right-aligned, with zeros in front.
    let zeros = 8 * (16 - count);
    let digits = if zeros == 0 {
        digits
    } else {
        digits << zeros | (EACH * 0x30) & ((1 << zeros) - 1)
    };
    if digits & (EACH * 0xf0) != EACH * 0x30 || (digits + EACH * 6) & (EACH * 0xf0) != EACH * 0x30 {
        return None;
    }
    let mantissa = eight_digits(digits as u64) * 100_000_000 + eight_digits((digits >> 64) as u64);
    if mantissa > 1 << 53 {
        return None;
    }
    let magnitude = mantissa as f64 / EXACT_POWERS[fraction as usize];
    // The sign is as random as the data: no branch on it.
    Some((f64::from_bits(magnitude.to_bits() | u64::from(negative) << 63), mark != 0))
}

/// Eight ASCII digits, the first in the lowest byte.
#[inline]
fn eight_digits(digits: u64) -> u64 {
    const PAIR: u64 = 0x0000_00ff_0000_00ff;
    let digits = digits - 0x3030_3030_3030_3030;
    let pairs = digits * 10 + (digits >> 8);
    let high = (pairs & PAIR).wrapping_mul(0x000f_4240_0000_0064);
    let low = ((pairs >> 16) & PAIR).wrapping_mul(0x0000_2710_0000_0001);
    high.wrapping_add(low) >> 32
}

/// Reads a cell. Correctly rounded: a mantissa below 2^53 and a power of ten up to 22 are exact doubles, so that one product or
/// quotient rounds once (Clinger 1990); everything else goes through the standard library, which is correct for any length.
#[inline]
pub(super) fn parse(cell: &[u8], format: NumberFormat) -> Cell {
    let cell = cell.trim_ascii();
    let decimal = format.decimal as u8;
    let (negative, digits) = match cell {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, cell),
    };
    let mut mantissa = 0_u64;
    let mut i = 0;
    while let Some(d) = digits.get(i).map(|b| b.wrapping_sub(b'0')).filter(|&d| d < 10) {
        mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(d));
        i += 1;
    }
    let whole = i;
    let mut fraction = 0;
    if digits.get(i) == Some(&decimal) {
        i += 1;
        let start = i;
        while let Some(d) = digits.get(i).map(|b| b.wrapping_sub(b'0')).filter(|&d| d < 10) {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(d));
            i += 1;
        }
        fraction = i - start;
    }
    let written = whole + fraction;
    let mut power = -(fraction as i64);
    let mut exponent = false;
    if written > 0 && i < digits.len() && matches!(digits[i], b'e' | b'E') {
        let (sign, tail) = match digits.get(i + 1) {
            Some(b'-') => (-1, i + 2),
            Some(b'+') => (1, i + 2),
            _ => (1, i + 1),
        };
        let shown = &digits[tail..];
        if !shown.is_empty() && shown.len() <= 4 && shown.iter().all(u8::is_ascii_digit) {
            let value = shown.iter().fold(0_i64, |v, b| v * 10 + i64::from(b - b'0'));
            power += sign * value;
            exponent = true;
            i = digits.len();
        }
    }
    if written == 0 || i < digits.len() {
        return unusual(cell, format);
    }
    let fractional = exponent || digits.get(whole) == Some(&decimal);
    if written <= 19 && mantissa <= 1 << 53 && (-22..=22).contains(&power) {
        let magnitude = if power < 0 {
            mantissa as f64 / EXACT_POWERS[(-power) as usize]
        } else {
            mantissa as f64 * EXACT_POWERS[power as usize]
        };
        return Cell::Number(if negative { -magnitude } else { magnitude }, fractional);
    }
    standard(cell, decimal).map_or(Cell::Other, |value| Cell::Number(value, fractional))
}

/// The standard library's parser, once the decimal mark is a point.
fn standard(cell: &[u8], decimal: u8) -> Option<f64> {
    let text = std::str::from_utf8(cell).ok()?;
    if decimal == b'.' {
        text.parse().ok()
    } else {
        text.replace(char::from(decimal), ".").parse().ok()
    }
}

/// What is not plainly digits: missing, infinite, with thousands separators, or no number.
#[cold]
fn unusual(cell: &[u8], format: NumberFormat) -> Cell {
    if is_missing(cell) {
        return Cell::Missing;
    }
    let unsigned = cell.strip_prefix(b"-").or(cell.strip_prefix(b"+")).unwrap_or(cell);
    if unsigned.eq_ignore_ascii_case(b"inf") || unsigned.eq_ignore_ascii_case(b"infinity") {
        let value = if cell[0] == b'-' { f64::NEG_INFINITY } else { f64::INFINITY };
        return Cell::Number(value, true);
    }
    // "1e99999" has an exponent too long for the fast path, yet is a number: infinite, and told as such.
    if format.decimal == '.'
        && cell
            .iter()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'))
        && let Some(value) = standard(cell, b'.')
    {
        return Cell::Number(value, true);
    }
    let Some(separator) = format.thousands.map(|c| c as u8) else {
        return Cell::Other;
    };
    let spaced = std::str::from_utf8(cell).map(plain_spaces);
    let cell = match &spaced {
        Ok(cell) if separator == b' ' => cell.as_bytes(),
        _ => cell,
    };
    let unsigned = cell.strip_prefix(b"-").or(cell.strip_prefix(b"+")).unwrap_or(cell);
    let whole = unsigned.split(|&b| b == format.decimal as u8).next().unwrap_or_default();
    if !grouped(whole, separator) {
        return Cell::Other;
    }
    let plain: Vec<u8> = cell.iter().copied().filter(|&b| b != separator).collect();
    match standard(&plain, format.decimal as u8) {
        Some(value) => Cell::Number(value, whole.len() < unsigned.len()),
        None => Cell::Other,
    }
}

/// Whole numbers up to here are doubles, every one of them: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Whether `value`, read from this cell, is not the whole number that stands there, because no double is.
#[inline]
pub(super) fn is_rounded(cell: &[u8], value: f64, is_fractional: bool) -> bool {
    !is_fractional && value.abs() >= EXACT && value.is_finite() && differs(cell, value)
}

#[cold]
fn differs(cell: &[u8], value: f64) -> bool {
    let written: Vec<u8> = cell
        .iter()
        .copied()
        .filter(u8::is_ascii_digit)
        .skip_while(|&b| b == b'0')
        .collect();
    written != format!("{:.0}", value.abs()).as_bytes()
}

/// Whether these are digits in groups of three: `1,234,567`. What begins with a zero is none: `0,125` is an eighth.
pub(super) fn grouped(whole: &[u8], separator: u8) -> bool {
    let mut groups = whole.split(|&b| b == separator);
    let digits = |g: &[u8]| g.iter().all(u8::is_ascii_digit);
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len())
        && first[0] != b'0'
        && digits(first)
        && whole.contains(&separator)
        && groups.all(|g| g.len() == 3 && digits(g))
}

/// Spaces that do not break and thin ones, with which French and SI numbers are grouped, beside the plain one.
pub(super) const SPACES: [char; 3] = ['\u{a0}', '\u{202f}', '\u{2009}'];

/// The text with plain spaces for every kind of them.
pub(super) fn plain_spaces(text: &str) -> Cow<'_, str> {
    if text.contains(SPACES) {
        text.replace(SPACES, " ").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_standard_library() {
        for text in [
            "0.1",
            "0.30000000000000004",
            "1.7976931348623157e308",
            "4.9e-324",
            "9007199254740993",
            "-0",
            "1e22",
            "1e23",
            "5.",
            ".5",
            "+1.5",
            "123456789012345678901234567890",
            "1E3",
            "1e+3",
            "1e-5",
            "179769313486231580793728971405301e290",
            "1e999",
            "-1e99999",
            "0e99999",
        ] {
            let expected: f64 = text.parse().expect(text);
            match parse(text.as_bytes(), NumberFormat::default()) {
                Cell::Number(value, _) => assert_eq!(value.to_bits(), expected.to_bits(), "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn plain_numbers_are_the_same_numbers() {
        let mut rng = crate::math::Rng::stream(0, crate::math::Purpose::Bench, 0);
        let alphabet = b"0123456789012345678901234567890123456789..-e,x ";
        let mut plain = 0;
        for _ in 0..200_000 {
            let length = rng.below(18) as usize;
            let cell: Vec<u8> = (0..length)
                .map(|_| alphabet[rng.below(alphabet.len() as u64) as usize])
                .collect();
            let text = [&cell, b",0000000000000000".as_slice()].concat();
            if let Some((value, fractional)) = parse_plain(&text, 0, length, b'.') {
                plain += 1;
                match parse(&cell, NumberFormat::default()) {
                    Cell::Number(want, f) => assert!(
                        value.to_bits() == want.to_bits() && f == fractional,
                        "{cell:?} {value} {want}"
                    ),
                    other => panic!("{cell:?} {value} {other:?}"),
                }
            }
        }
        assert!(plain > 30_000, "{plain}");
        for exact in ["1234567890123456", "-0.5", "9007199254740992", "-9", "5.", ".5", "-.25"] {
            let text = format!("{exact},0000000000000000");
            let want: f64 = exact.parse().expect(exact);
            assert_eq!(
                parse_plain(text.as_bytes(), 0, exact.len(), b'.').map(|p| p.0),
                Some(want),
                "{exact}"
            );
        }
        for no in ["", "-", ".", "-.", "1.2.3", "+1", "9007199254740993"] {
            assert_eq!(
                parse_plain(format!("{no},0000000000000000").as_bytes(), 0, no.len(), b'.'),
                None,
                "{no}"
            );
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in [
            "0x10",
            "1_000",
            "1e",
            "e5",
            "+",
            "1.2.3",
            "10%",
            "1,5",
            "--1",
            "٣",
            "1 2",
            "infin",
            "1e5x",
            "nano",
            "2020-01-01",
        ] {
            assert_eq!(parse(text.as_bytes(), NumberFormat::default()), Cell::Other, "{text}");
        }
        for text in ["", "  ", "NA", "?", "-", "null"] {
            assert_eq!(parse(text.as_bytes(), NumberFormat::default()), Cell::Missing, "{text}");
        }
    }

    #[test]
    fn reads_other_formats() {
        let comma = NumberFormat {
            decimal: ',',
            thousands: Some('.'),
        };
        assert_eq!(parse(b"1.234,5", comma), Cell::Number(1234.5, true));
        assert_eq!(parse(b"1.234", comma), Cell::Number(1234.0, false));
        assert_eq!(parse(b"1.23", comma), Cell::Other);
        let english = NumberFormat {
            decimal: '.',
            thousands: Some(','),
        };
        assert_eq!(parse(b"-1,234.5", english), Cell::Number(-1234.5, true));
        assert_eq!(parse(b"1,23", english), Cell::Other);
        assert_eq!(parse(b"0,125", english), Cell::Other, "no 125");
        let french = NumberFormat {
            decimal: ',',
            thousands: Some(' '),
        };
        for space in [" ", "\u{a0}", "\u{202f}", "\u{2009}"] {
            let cell = format!("-1{space}234{space}567,5");
            assert_eq!(parse(cell.as_bytes(), french), Cell::Number(-1_234_567.5, true), "{cell}");
        }
    }
}
