//! Rows that were met before, found by hash.

/// A set of rows whose hashes are kept elsewhere: open addressing with half of the slots free.
pub(super) struct Met<'a> {
    /// The hash of every row.
    hashes: &'a [u32],
    /// Row + 1; 0 is free. A power of two long.
    slots: Vec<u32>,
    count: usize,
}

impl<'a> Met<'a> {
    pub fn of(hashes: &'a [u32]) -> Self {
        Self {
            hashes,
            slots: Vec::new(),
            count: 0,
        }
    }

    /// Whether a row that is the `same` was met before; if not, this one is met now.
    pub fn before(&mut self, row: usize, same: impl Fn(usize, usize) -> bool) -> bool {
        if self.slots.len() <= 2 * self.count {
            self.grow();
        }
        let (hash, mask) = (self.hashes[row], self.slots.len() - 1);
        let mut slot = hash as usize & mask;
        while self.slots[slot] != 0 {
            let other = self.slots[slot] as usize - 1;
            if self.hashes[other] == hash && same(other, row) {
                return true;
            }
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = row as u32 + 1;
        self.count += 1;
        false
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(64);
        for row in std::mem::replace(&mut self.slots, vec![0; size])
            .into_iter()
            .filter(|&row| row != 0)
        {
            let mut slot = self.hashes[row as usize - 1] as usize & (size - 1);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.slots[slot] = row;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_rows_that_were_met_from_those_of_the_same_hash() {
        // A poor hash: ten rows that differ share each.
        let hashes: Vec<u32> = (0..2000).map(|row| row % 700 / 10).collect();
        let (mut met, same) = (Met::of(&hashes), |a: usize, b: usize| a % 700 == b % 700);
        for row in 0..2000 {
            assert_eq!(met.before(row, same), row >= 700, "{row}");
        }
    }
}
