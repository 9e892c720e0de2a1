//! The distinct texts of a column, numbered in order of appearance.

/// Texts one after the other in one piece of memory.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts {
    bytes: String,
    ends: Vec<u64>,
}

impl Texts {
    /// How many.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Text number `i`; empty if there is none.
    pub fn get(&self, i: usize) -> &str {
        let end = self.ends.get(i).copied().unwrap_or(0) as usize;
        let start = if i == 0 {
            0
        } else {
            self.ends.get(i - 1).copied().unwrap_or(0) as usize
        };
        self.bytes.get(start..end).unwrap_or("")
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|i| self.get(i))
    }

    /// Adds one at the end.
    pub fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len() as u64);
    }

    /// Adds all of another.
    pub fn append(&mut self, other: &Self) {
        let base = self.bytes.len() as u64;
        self.bytes.push_str(&other.bytes);
        self.ends.extend(other.ends.iter().map(|end| base + end));
    }

    /// Makes room for `more` texts.
    pub fn reserve(&mut self, more: usize) {
        self.ends.reserve(more);
    }
}

/// What a word says, if it can only be yes or no.
pub(super) fn truth(cell: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|w| cell.trim().eq_ignore_ascii_case(w));
    if is(&["true", "yes", "t", "y"]) {
        Some(true)
    } else if is(&["false", "no", "f", "n"]) {
        Some(false)
    } else {
        None
    }
}

/// Code of a missing cell.
pub const MISSING: u32 = u32::MAX;

/// A table from text to number: open addressing, so that a cell met before costs one hash and one comparison.
#[derive(Debug, Clone, Default)]
pub(super) struct Levels {
    pub texts: Texts,
    hashes: Vec<u64>,
    /// Number + 1; 0 is free. A power of two long.
    slots: Vec<u32>,
}

impl Levels {
    /// The number of this text, new if it was not met before.
    #[inline]
    pub fn code(&mut self, text: &str) -> u32 {
        if self.slots.len() < 2 * self.hashes.len() + 16 {
            self.grow();
        }
        let hash = hash(text.as_bytes());
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            match self.slots[slot] {
                0 => break,
                code if self.hashes[code as usize - 1] == hash && self.texts.get(code as usize - 1) == text => return code - 1,
                _ => slot = (slot + 1) & mask,
            }
        }
        self.texts.push(text);
        self.hashes.push(hash);
        self.slots[slot] = self.hashes.len() as u32;
        self.hashes.len() as u32 - 1
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(64);
        self.slots.clear();
        self.slots.resize(size, 0);
        for (number, &hash) in (1..).zip(&self.hashes) {
            let mut slot = hash as usize & (size - 1);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.slots[slot] = number;
        }
    }
}

/// A quick hash of short texts: eight bytes a step, folded products (after Wang Yi's wyhash).
#[inline]
fn hash(bytes: &[u8]) -> u64 {
    const A: u64 = 0xa076_1d64_78bd_642f;
    const B: u64 = 0xe703_7ed1_a0b4_28db;
    let fold = |x: u64, y: u64| {
        let product = u128::from(x) * u128::from(y);
        product as u64 ^ (product >> 64) as u64
    };
    let mut state = A ^ bytes.len() as u64;
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        state = fold(state ^ u64::from_le_bytes(word), B);
    }
    fold(state, A)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_texts_in_order_of_appearance() {
        let mut levels = Levels::default();
        for round in 0..3 {
            for i in 0..1000_u32 {
                assert_eq!(levels.code(&format!("level {i}")), i, "round {round}");
            }
        }
        assert_eq!(levels.texts.len(), 1000);
        assert_eq!(levels.texts.get(7), "level 7");
    }
}
