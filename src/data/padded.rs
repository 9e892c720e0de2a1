//! Digits that are names: postal codes, telephone and article numbers.

/// Shorter ones may be months, hours or a counter with zeros in front.
const SHORTEST: usize = 4;

/// Whether all of these cells (but the empty ones) are nothing but digits, of one length, and some begin with a zero: `08123` is no 8123.
pub(super) fn are_codes<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let (mut length, mut zero) = (None, false);
    for cell in cells.map(str::trim).filter(|cell| !cell.is_empty()) {
        if *length.get_or_insert(cell.len()) != cell.len() || !cell.bytes().all(|b| b.is_ascii_digit()) {
            return false;
        }
        zero |= cell.starts_with('0');
    }
    zero && length.is_some_and(|length| length >= SHORTEST)
}

#[cfg(test)]
mod tests {
    use super::are_codes;

    #[test]
    fn tells_codes_from_numbers() {
        assert!(are_codes(["08123", "90210", "", "10115"].into_iter()));
        assert!(!are_codes(["8123", "9021"].into_iter()), "no zero in front");
        assert!(!are_codes(["08123", "9021"].into_iter()), "of different lengths");
        assert!(!are_codes(["01", "02", "12"].into_iter()), "months");
        assert!(!are_codes(["0.123", "0.456"].into_iter()), "fractions");
        assert!(!are_codes(["", ""].into_iter()));
    }
}
