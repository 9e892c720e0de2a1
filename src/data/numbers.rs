//! A column of numbers in little memory: block by block, each as small as it can be without changing a bit.
//!
//! A cell of one digit is two bytes of a file and would be eight as a double; an empty one is a single byte.

/// Numbers of a block.
pub(super) const BLOCK: usize = 1024;

/// Numbers, NaN for missing.
#[derive(Debug, Clone, Default)]
pub struct Numbers {
    blocks: Vec<Block>,
    bytes: Vec<i8>,
    shorts: Vec<i16>,
    wholes: Vec<i32>,
    reals: Vec<f64>,
    masks: Vec<Mask>,
    /// Those behind the last full block.
    tail: Vec<f64>,
    /// How many are to come, as far as is known.
    expected: usize,
}

/// A bit for each number of a block, set where there is one.
type Mask = [u64; BLOCK / 64];

/// Where the numbers of a block are. The lowest whole number of each width stands for missing.
#[derive(Debug, Clone, Copy)]
enum Block {
    Bytes(usize),
    Shorts(usize),
    Wholes(usize),
    Reals(usize),
    /// The mask, and where those that there are begin among the reals.
    Sparse(usize, usize),
}

impl Numbers {
    /// Room for so many, of whatever form they will be.
    pub(super) fn with_capacity(count: usize) -> Self {
        Self {
            expected: count,
            ..Self::default()
        }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.blocks.len() * BLOCK + self.tail.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number `i`, if there are so many.
    pub fn get(&self, i: usize) -> Option<f64> {
        let at = i % BLOCK;
        let Some(block) = self.blocks.get(i / BLOCK) else {
            return self.tail.get(i - self.blocks.len() * BLOCK).copied();
        };
        Some(match *block {
            Block::Bytes(start) => number(self.bytes[start + at], i8::MIN),
            Block::Shorts(start) => number(self.shorts[start + at], i16::MIN),
            Block::Wholes(start) => number(self.wholes[start + at], i32::MIN),
            Block::Reals(start) => self.reals[start + at],
            Block::Sparse(mask, start) => {
                let (mask, word, bit) = (&self.masks[mask], at / 64, 1 << (at % 64));
                let before = mask[..word].iter().map(|w| w.count_ones()).sum::<u32>() + (mask[word] & (bit - 1)).count_ones();
                if mask[word] & bit == 0 {
                    f64::NAN
                } else {
                    self.reals[start + before as usize]
                }
            }
        })
    }

    /// Number `i`; missing if there are not so many.
    pub fn at(&self, i: usize) -> f64 {
        self.get(i).unwrap_or(f64::NAN)
    }

    /// Adds one at the end.
    pub(super) fn push(&mut self, value: f64) {
        self.append(&[value]);
    }

    /// Adds these at the end.
    pub(super) fn append(&mut self, mut values: &[f64]) {
        if !self.tail.is_empty() {
            let (first, rest) = values.split_at(values.len().min(BLOCK - self.tail.len()));
            self.tail.extend_from_slice(first);
            values = rest;
            if self.tail.len() < BLOCK {
                return;
            }
            let mut full = std::mem::take(&mut self.tail);
            self.seal(&full);
            full.clear();
            self.tail = full;
        }
        let (blocks, rest) = values.as_chunks::<BLOCK>();
        blocks.iter().for_each(|block| self.seal(block));
        self.tail.extend_from_slice(rest);
    }

    /// Adds a whole block in the smallest form in which it comes back bit by bit.
    fn seal(&mut self, values: &[f64]) {
        let left = self.expected.saturating_sub(self.blocks.len() * BLOCK).max(BLOCK);
        let present = values.iter().filter(|v| !v.is_nan()).count();
        let sparse = BLOCK / 8 + 8 * present;
        let block = match range(values) {
            Some([low, high]) if low > i32::from(i8::MIN) && high <= i32::from(i8::MAX) && sparse >= BLOCK => {
                let pack = |v: &f64| if v.is_nan() { i8::MIN } else { *v as i8 };
                Block::Bytes(add(&mut self.bytes, values.iter().map(pack), left))
            }
            Some([low, high]) if low > i32::from(i16::MIN) && high <= i32::from(i16::MAX) && sparse >= 2 * BLOCK => {
                let pack = |v: &f64| if v.is_nan() { i16::MIN } else { *v as i16 };
                Block::Shorts(add(&mut self.shorts, values.iter().map(pack), left))
            }
            Some([low, _]) if low > i32::MIN && sparse >= 4 * BLOCK => {
                let pack = |v: &f64| if v.is_nan() { i32::MIN } else { *v as i32 };
                Block::Wholes(add(&mut self.wholes, values.iter().map(pack), left))
            }
            _ if sparse >= 7 * BLOCK => Block::Reals(add(&mut self.reals, values.iter().copied(), left)),
            _ => {
                let mut mask = [0; BLOCK / 64];
                for (i, _) in values.iter().enumerate().filter(|(_, v)| !v.is_nan()) {
                    mask[i / 64] |= 1 << (i % 64);
                }
                self.masks.push(mask);
                let there = values.iter().copied().filter(|v| !v.is_nan());
                Block::Sparse(self.masks.len() - 1, add(&mut self.reals, there, present))
            }
        };
        self.blocks.push(block);
    }

    /// How many blocks there are.
    pub(super) fn n_blocks(&self) -> usize {
        self.blocks.len() + usize::from(!self.tail.is_empty())
    }

    /// Block number `k`, unpacked into `buffer` unless it is there as it is.
    pub(super) fn block<'a>(&'a self, k: usize, buffer: &'a mut [f64; BLOCK]) -> &'a [f64] {
        match self.blocks.get(k).copied() {
            None => return &self.tail,
            Some(Block::Reals(start)) => return &self.reals[start..start + BLOCK],
            Some(Block::Bytes(start)) => fill(buffer, &self.bytes[start..], i8::MIN),
            Some(Block::Shorts(start)) => fill(buffer, &self.shorts[start..], i16::MIN),
            Some(Block::Wholes(start)) => fill(buffer, &self.wholes[start..], i32::MIN),
            Some(Block::Sparse(mask, start)) => {
                buffer.fill(f64::NAN);
                let there = (0..BLOCK).filter(|i| self.masks[mask][i / 64] >> (i % 64) & 1 == 1);
                there.zip(&self.reals[start..]).for_each(|(i, value)| buffer[i] = *value);
            }
        }
        buffer
    }

    /// All of them.
    pub fn iter(&self) -> Iter<'_> {
        Iter {
            numbers: self,
            next: 0,
            unpacked: None,
            buffer: [0.0; BLOCK],
        }
    }
}

impl From<Vec<f64>> for Numbers {
    fn from(values: Vec<f64>) -> Self {
        let mut numbers = Self::default();
        numbers.append(&values);
        numbers
    }
}

impl FromIterator<f64> for Numbers {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut numbers = Self::default();
        values.into_iter().for_each(|value| numbers.push(value));
        numbers
    }
}

/// Goes over all numbers of a column.
#[derive(Clone)]
pub struct Iter<'a> {
    numbers: &'a Numbers,
    next: usize,
    /// The block that is in the buffer.
    unpacked: Option<usize>,
    buffer: [f64; BLOCK],
}

impl Iterator for Iter<'_> {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        let block = self.next / BLOCK;
        let value = match self.numbers.blocks.get(block) {
            None | Some(Block::Reals(_)) => self.numbers.get(self.next)?,
            Some(_) => {
                if self.unpacked != Some(block) {
                    self.numbers.block(block, &mut self.buffer);
                    self.unpacked = Some(block);
                }
                self.buffer[self.next % BLOCK]
            }
        };
        self.next += 1;
        Some(value)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.numbers.len() - self.next;
        (left, Some(left))
    }
}

/// Adds these, with room for `left` in all if there is none; returns where they begin.
fn add<T>(to: &mut Vec<T>, values: impl Iterator<Item = T>, left: usize) -> usize {
    let start = to.len();
    if to.capacity() - start < BLOCK {
        to.reserve(left);
    }
    to.extend(values);
    start
}

fn number<T: Copy + PartialEq + Into<f64>>(value: T, missing: T) -> f64 {
    if value == missing { f64::NAN } else { value.into() }
}

fn fill<T: Copy + PartialEq + Into<f64>>(buffer: &mut [f64; BLOCK], values: &[T], missing: T) {
    for (slot, value) in buffer.iter_mut().zip(values) {
        *slot = number(*value, missing);
    }
}

/// The range of whole numbers of 32 bits, if there are only such; what is written "-0" is none, for it would come back as 0.
fn range(values: &[f64]) -> Option<[i32; 2]> {
    let mut range = [i32::MAX, i32::MIN + 1];
    for value in values.iter().filter(|v| !v.is_nan()) {
        let whole = *value as i32;
        if f64::from(whole).to_bits() != value.to_bits() {
            return None;
        }
        range = [range[0].min(whole), range[1].max(whole)];
    }
    Some(range)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{Purpose, Rng};

    /// Columns of every kind, of a length that ends within a block.
    fn columns() -> Vec<Vec<f64>> {
        let mut rng = Rng::stream(0, Purpose::Bench, 0);
        let mut column = |make: &mut dyn FnMut(&mut Rng) -> f64| (0..5000).map(|_| make(&mut rng)).collect::<Vec<f64>>();
        vec![
            column(&mut |rng| rng.below(10) as f64),
            column(&mut |rng| rng.below(256) as f64 - 128.0),
            column(&mut |rng| rng.below(60_000) as f64 - 32_768.0),
            column(&mut |rng| (rng.below(1 << 32) as f64) - (1_u64 << 31) as f64),
            column(&mut |rng| rng.normal()),
            column(&mut |rng| if rng.below(20) == 0 { rng.normal() } else { f64::NAN }),
            column(&mut |rng| if rng.below(3) == 0 { 7.0 } else { f64::NAN }),
            column(&mut |_| f64::NAN),
            column(&mut |_| -0.0),
            column(&mut |rng| [f64::INFINITY, 1e300, 0.0, f64::MIN_POSITIVE][rng.below(4) as usize]),
        ]
    }

    #[test]
    fn every_bit_comes_back() {
        for column in columns() {
            let mut pieces = Numbers::default();
            for piece in column.chunks(777) {
                pieces.append(piece);
            }
            let pushed: Numbers = column.iter().copied().collect();
            for numbers in [pieces, pushed] {
                let same = |a: f64, b: f64| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
                assert_eq!(numbers.len(), column.len());
                assert_eq!(numbers.iter().count(), column.len());
                assert!(numbers.iter().zip(&column).all(|(a, b)| same(a, *b)));
                assert!((0..column.len()).all(|i| same(numbers.at(i), column[i])));
                assert_eq!(numbers.get(column.len()), None);
                let mut buffer = [0.0; BLOCK];
                let mut unpacked = Vec::new();
                (0..numbers.n_blocks()).for_each(|k| unpacked.extend_from_slice(numbers.block(k, &mut buffer)));
                assert!(unpacked.iter().zip(&column).all(|(a, b)| same(*a, *b)) && unpacked.len() == column.len());
            }
        }
    }
}
