//! The distinct texts of a column, numbered in order of appearance.

/// Texts one after the other in one piece of memory.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts {
    bytes: String,
    /// Where each ends, without what is beyond 32 bits.
    ends: Vec<u32>,
    /// The texts from which on there is one more beyond 32 bits.
    carries: Vec<usize>,
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
    #[inline]
    pub fn get(&self, i: usize) -> &str {
        let end = self.end(i);
        let start = if i == 0 { 0 } else { self.end(i - 1) };
        self.bytes.get(start..end).unwrap_or("")
    }

    #[inline]
    fn end(&self, i: usize) -> usize {
        let low = self.ends.get(i).copied().unwrap_or(0) as usize;
        if self.carries.is_empty() {
            return low;
        }
        let carries = self.carries.partition_point(|&text| text <= i) as u64;
        low + (carries << 32) as usize
    }

    /// Says that the last text ends here.
    fn close(&mut self, end: usize) {
        while (self.carries.len() as u64) < end as u64 >> 32 {
            self.carries.push(self.ends.len());
        }
        self.ends.push(end as u32);
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|i| self.get(i))
    }

    /// Adds one at the end.
    pub fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.close(self.bytes.len());
    }

    /// Adds all of another.
    pub fn append(&mut self, other: &Self) {
        let base = self.bytes.len();
        if self.bytes.capacity() < base + other.bytes.len() {
            // Room for as many texts as there is room to say where they end: growing by copying would take twice the memory.
            let known = (base + other.bytes.len()) as f64 / (self.len() + other.len()).max(1) as f64;
            let all = (known * self.ends.capacity() as f64 * 1.05) as usize;
            self.bytes.reserve_exact(all.saturating_sub(base).max(other.bytes.len()));
        }
        self.bytes.push_str(&other.bytes);
        (0..other.len()).for_each(|i| self.close(base + other.end(i)));
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
