//! A column of numbers in little memory: block by block, each as small as it can be without changing a bit.
//!
//! A cell of one digit is two bytes of a file and would be eight as a double; an empty one is a single byte.

/// Numbers of a block.
pub(super) const BLOCK: usize = 1024;

/// Numbers, NaN for missing.
#[derive(Debug, Clone, Default)]
pub struct Numbers {
    sealed: Vec<Block>,
    /// Those behind the last full block.
    tail: Vec<f64>,
}

impl Numbers {
    /// Room for so many.
    pub(super) fn with_capacity(count: usize) -> Self {
        Self {
            sealed: Vec::with_capacity(count / BLOCK),
            tail: Vec::new(),
        }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.sealed.len() * BLOCK + self.tail.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number `i`, if there are so many.
    pub fn get(&self, i: usize) -> Option<f64> {
        match self.sealed.get(i / BLOCK) {
            Some(block) => Some(block.get(i % BLOCK)),
            None => self.tail.get(i - self.sealed.len() * BLOCK).copied(),
        }
    }

    /// Number `i`; missing if there are not so many.
    pub fn at(&self, i: usize) -> f64 {
        self.get(i).unwrap_or(f64::NAN)
    }

    /// Adds one at the end.
    pub(super) fn push(&mut self, value: f64) {
        self.tail.push(value);
        if self.tail.len() == BLOCK {
            self.sealed.push(Block::of(&self.tail));
            self.tail.clear();
        }
    }

    /// Adds these at the end.
    pub(super) fn append(&mut self, mut values: &[f64]) {
        if !self.tail.is_empty() {
            let (first, rest) = values.split_at(values.len().min(BLOCK - self.tail.len()));
            self.tail.extend_from_slice(first);
            values = rest;
            if self.tail.len() == BLOCK {
                self.sealed.push(Block::of(&self.tail));
                self.tail.clear();
            }
        }
        let (blocks, rest) = values.as_chunks::<BLOCK>();
        self.sealed.extend(blocks.iter().map(|block| Block::of(block)));
        self.tail.extend_from_slice(rest);
    }

    /// How many blocks there are.
    pub(super) fn n_blocks(&self) -> usize {
        self.sealed.len() + usize::from(!self.tail.is_empty())
    }

    /// Block number `k`, unpacked into `buffer` unless it is there as it is.
    pub(super) fn block<'a>(&'a self, k: usize, buffer: &'a mut [f64; BLOCK]) -> &'a [f64] {
        match self.sealed.get(k) {
            Some(block) => block.unpack(buffer),
            None => &self.tail,
        }
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
        let (block, at) = (self.next / BLOCK, self.next % BLOCK);
        let Some(sealed) = self.numbers.sealed.get(block) else {
            let value = self.numbers.get(self.next);
            self.next += usize::from(value.is_some());
            return value;
        };
        self.next += 1;
        if let Block::Real(values) = sealed {
            return Some(values[at]);
        }
        if self.unpacked != Some(block) {
            sealed.unpack(&mut self.buffer);
            self.unpacked = Some(block);
        }
        Some(self.buffer[at])
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.numbers.len() - self.next;
        (left, Some(left))
    }
}

/// [`BLOCK`] numbers. The lowest whole number of each width stands for missing.
#[derive(Debug, Clone)]
enum Block {
    Byte(Box<[i8]>),
    Short(Box<[i16]>),
    Whole(Box<[i32]>),
    Real(Box<[f64]>),
    /// A bit for each, set where there is one, and those that there are.
    Sparse {
        present: [u64; BLOCK / 64],
        values: Box<[f64]>,
    },
}

impl Block {
    fn of(values: &[f64]) -> Self {
        let present = values.iter().filter(|v| !v.is_nan()).count();
        let sparse = BLOCK / 8 + 8 * present;
        match range(values) {
            Some([low, high]) if low > i32::from(i8::MIN) && high <= i32::from(i8::MAX) && sparse >= BLOCK => {
                Self::Byte(values.iter().map(|v| if v.is_nan() { i8::MIN } else { *v as i8 }).collect())
            }
            Some([low, high]) if low > i32::from(i16::MIN) && high <= i32::from(i16::MAX) && sparse >= 2 * BLOCK => {
                Self::Short(values.iter().map(|v| if v.is_nan() { i16::MIN } else { *v as i16 }).collect())
            }
            Some([low, _]) if low > i32::MIN && sparse >= 4 * BLOCK => {
                Self::Whole(values.iter().map(|v| if v.is_nan() { i32::MIN } else { *v as i32 }).collect())
            }
            _ if sparse >= 7 * BLOCK => Self::Real(values.into()),
            _ => Self::sparse(values),
        }
    }

    fn sparse(values: &[f64]) -> Self {
        let mut present = [0; BLOCK / 64];
        for (i, _) in values.iter().enumerate().filter(|(_, v)| !v.is_nan()) {
            present[i / 64] |= 1 << (i % 64);
        }
        Self::Sparse {
            present,
            values: values.iter().copied().filter(|v| !v.is_nan()).collect(),
        }
    }

    fn get(&self, i: usize) -> f64 {
        match self {
            Self::Byte(values) => number(values[i], i8::MIN),
            Self::Short(values) => number(values[i], i16::MIN),
            Self::Whole(values) => number(values[i], i32::MIN),
            Self::Real(values) => values[i],
            Self::Sparse { present, values } => {
                let (word, bit) = (i / 64, 1 << (i % 64));
                if present[word] & bit == 0 {
                    return f64::NAN;
                }
                let before: u32 = present[..word].iter().map(|w| w.count_ones()).sum();
                values[(before + (present[word] & (bit - 1)).count_ones()) as usize]
            }
        }
    }

    fn unpack<'a>(&'a self, buffer: &'a mut [f64; BLOCK]) -> &'a [f64] {
        match self {
            Self::Byte(values) => fill(buffer, values, i8::MIN),
            Self::Short(values) => fill(buffer, values, i16::MIN),
            Self::Whole(values) => fill(buffer, values, i32::MIN),
            Self::Real(values) => return values,
            Self::Sparse { present, values } => {
                buffer.fill(f64::NAN);
                let there = (0..BLOCK).filter(|i| present[i / 64] >> (i % 64) & 1 == 1);
                there.zip(values).for_each(|(i, value)| buffer[i] = *value);
            }
        }
        buffer
    }
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
