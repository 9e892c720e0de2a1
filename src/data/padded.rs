//! Digits that are names: postal codes, telephone and article numbers.

use super::number::is_missing;

/// Shorter ones may be months, hours or a counter with zeros in front.
const SHORTEST: usize = 4;

/// What cells that were seen one after the other have in common, as far as it tells codes from numbers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Digits {
    /// The length of all so far; 0 before the first.
    length: usize,
    /// Whether one begins with a zero.
    zero: bool,
    /// Whether they differ in length, or one is more than digits.
    differ: bool,
}

impl Digits {
    /// Looks at a cell; one that stands for "missing" says nothing.
    #[inline]
    pub fn see(&mut self, cell: &[u8]) {
        // Most columns are settled at their second cell.
        if !self.differ {
            self.compare(cell.trim_ascii());
        }
    }

    fn compare(&mut self, cell: &[u8]) {
        if is_missing(cell) {
            return;
        }
        if self.length == 0 {
            self.length = cell.len();
        }
        self.differ = cell.len() != self.length || !cell.iter().all(u8::is_ascii_digit);
        self.zero |= cell[0] == b'0';
    }

    /// Adds what others have seen.
    pub fn join(&mut self, other: Self) {
        let both = self.length > 0 && other.length > 0;
        self.differ |= other.differ || (both && self.length != other.length);
        self.length = self.length.max(other.length);
        self.zero |= other.zero;
    }

    /// Whether all are nothing but digits, of one length, and some begin with a zero: `08123` is no 8123.
    pub fn are_codes(self) -> bool {
        !self.differ && self.zero && self.length >= SHORTEST
    }
}

/// Whether all of these cells (but the missing ones) are codes.
pub(super) fn are_codes<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let mut digits = Digits::default();
    for cell in cells {
        digits.see(cell.as_bytes());
        if digits.differ {
            return false;
        }
    }
    digits.are_codes()
}

#[cfg(test)]
mod tests {
    use super::are_codes;

    #[test]
    fn tells_codes_from_numbers() {
        assert!(are_codes(["08123", "90210", "", "NA", "10115"].into_iter()));
        assert!(!are_codes(["8123", "9021"].into_iter()), "no zero in front");
        assert!(!are_codes(["08123", "9021"].into_iter()), "of different lengths");
        assert!(!are_codes(["01", "02", "12"].into_iter()), "months");
        assert!(!are_codes(["0.123", "0.456"].into_iter()), "fractions");
        assert!(!are_codes(["", ""].into_iter()));
    }
}
