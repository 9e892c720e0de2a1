//! Finding the few bytes that structure a text, 64 at a time.

/// Bytes looked at in one go.
const WINDOW: usize = 64;

/// A cursor over the positions of four special bytes of a text.
pub(super) struct Specials {
    bytes: [u8; 4],
    /// Start of the window that was looked at last, and which of its bytes are special.
    window: usize,
    mask: u64,
}

impl Specials {
    pub fn new(text: &[u8], bytes: [u8; 4]) -> Self {
        Self {
            bytes,
            window: 0,
            mask: mask(text, 0, bytes),
        }
    }

    /// The first special byte at or behind `at`; the length of the text if there is none. `at` may go back, at a price.
    #[inline]
    pub fn next(&mut self, text: &[u8], at: usize) -> usize {
        let window = at / WINDOW * WINDOW;
        if window != self.window {
            self.window = window;
            self.mask = mask(text, window, self.bytes);
        }
        let mut left = self.mask & (u64::MAX << (at % WINDOW));
        while left == 0 {
            if self.window + WINDOW >= text.len() {
                return text.len();
            }
            self.window += WINDOW;
            self.mask = mask(text, self.window, self.bytes);
            left = self.mask;
        }
        self.window + left.trailing_zeros() as usize
    }
}

/// Which of the 64 bytes from `at` are one of these.
#[inline]
fn mask(text: &[u8], at: usize, bytes: [u8; 4]) -> u64 {
    match text.get(at..).and_then(<[u8]>::first_chunk::<WINDOW>) {
        Some(window) => mask_of_window(window, bytes),
        None => {
            let rest = text.get(at..).unwrap_or_default();
            let is = |b: &u8| u64::from(bytes.contains(b));
            rest.iter().enumerate().fold(0, |mask, (i, b)| mask | is(b) << i)
        }
    }
}

/// A zero byte of `x` is found by `(x & 0x7f) + 0x7f | x`, whose top bit is clear exactly there; a product gathers the eight top bits.
#[inline]
fn mask_of_window(window: &[u8; WINDOW], bytes: [u8; 4]) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let mut mask = 0;
    for (i, part) in window.as_chunks::<8>().0.iter().enumerate() {
        let word = u64::from_le_bytes(*part);
        let found = bytes.iter().fold(0, |found, &b| {
            let x = word ^ (u64::from(b) * 0x0101_0101_0101_0101);
            found | !(((x & LOW) + LOW) | x) & !LOW
        });
        mask |= ((found >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * i);
    }
    mask
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{Purpose, Rng};

    #[test]
    fn finds_what_a_loop_finds() {
        let mut rng = Rng::stream(0, Purpose::Bench, 0);
        let bytes = [b',', b'\n', b'\r', b'"'];
        for length in 0..300 {
            let text: Vec<u8> = (0..length)
                .map(|_| {
                    if rng.below(4) == 0 {
                        bytes[rng.below(4) as usize]
                    } else {
                        rng.below(256) as u8
                    }
                })
                .collect();
            let mut specials = Specials::new(&text, bytes);
            for at in 0..=text.len() {
                let want = text[at..]
                    .iter()
                    .position(|b| bytes.contains(b))
                    .map_or(text.len(), |i| at + i);
                assert_eq!(specials.next(&text, at), want, "{length} {at}");
            }
        }
    }
}
