//! A column of numbered levels in little memory.

use super::levels::MISSING;

/// Numbers of levels, of which a table has so few that two bytes are enough for each.
#[derive(Debug, Clone, Default)]
pub struct Codes(Vec<u16>);

const NONE: u16 = u16::MAX;

impl Codes {
    /// Room for so many.
    pub(super) fn with_capacity(count: usize) -> Self {
        Self(Vec::with_capacity(count))
    }

    /// For how many there is room.
    pub(super) fn capacity(&self) -> usize {
        self.0.capacity()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The level of row `i`, [`MISSING`] if it has none or there is no such row.
    pub fn at(&self, i: usize) -> u32 {
        self.0.get(i).map_or(MISSING, |&code| wide(code))
    }

    /// All of them, in the order of the rows.
    pub fn iter(&self) -> impl Iterator<Item = u32> + Clone + '_ {
        self.0.iter().map(|&code| wide(code))
    }
}

impl Extend<u32> for Codes {
    fn extend<I: IntoIterator<Item = u32>>(&mut self, codes: I) {
        // Columns with more levels have become texts long before.
        self.0
            .extend(codes.into_iter().map(|code| u16::try_from(code).unwrap_or(NONE)));
    }
}

impl FromIterator<u32> for Codes {
    fn from_iter<I: IntoIterator<Item = u32>>(codes: I) -> Self {
        let mut all = Self::default();
        all.extend(codes);
        all
    }
}

fn wide(code: u16) -> u32 {
    if code == NONE { MISSING } else { u32::from(code) }
}
