//! Files packed with gzip are unpacked as they are read.

use std::io::{self, BufReader, Cursor, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;

/// What a gzip begins with.
const MAGIC: [u8; 2] = [0x1f, 0x8b];
/// Bytes of text for every byte of gzip beyond which it is no table but made to fill the memory; columns of one value come to 100.
pub(super) const MOST_TEXT: u64 = 200;
/// Less text than this harms nobody, however little it was packed into.
const HARMLESS: u64 = 1 << 30;

/// Bytes of a file, unpacked if it is a gzip.
pub(super) struct Unpacking<'a> {
    reader: Box<dyn Read + Send + 'a>,
    /// Bytes taken from a gzip.
    taken: Option<Arc<AtomicU64>>,
    unpacked: u64,
}

impl<'a> Unpacking<'a> {
    /// Looks at the first bytes.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn new(mut reader: impl Read + Send + 'a) -> io::Result<Self> {
        let mut first = Vec::new();
        reader.by_ref().take(MAGIC.len() as u64).read_to_end(&mut first)?;
        let packed = first == MAGIC;
        let whole = Cursor::new(first).chain(reader);
        if !packed {
            return Ok(Self {
                reader: Box::new(whole),
                taken: None,
                unpacked: 0,
            });
        }
        let taken = Arc::default();
        let counted = Counted {
            reader: whole,
            taken: Arc::clone(&taken),
        };
        Ok(Self {
            // Tools that pack in parallel, and `cat`, make files of several members one after the other.
            reader: Box::new(MultiGzDecoder::new(BufReader::with_capacity(1 << 16, counted))),
            taken: Some(taken),
            unpacked: 0,
        })
    }

    /// Adds up to `amount` bytes to the buffer, fewer only at the end; returns how many. Straight from the file if that is no gzip.
    ///
    /// # Errors
    /// They cannot be read, or the gzip is damaged.
    pub fn read_more(&mut self, buffer: &mut Vec<u8>, amount: usize) -> io::Result<usize> {
        let got = self.reader.by_ref().take(amount as u64).read_to_end(buffer)?;
        self.unpacked += got as u64;
        Ok(got)
    }

    /// Whether it is a gzip.
    pub fn is_packed(&self) -> bool {
        self.taken.is_some()
    }

    /// Bytes taken from the file so far, packed as they are there.
    pub fn taken(&self) -> u64 {
        match &self.taken {
            Some(taken) => taken.load(Ordering::Relaxed),
            None => self.unpacked,
        }
    }

    /// Bytes of text for every byte taken so far, at least 1.
    pub fn ratio(&self) -> f64 {
        (self.unpacked as f64 / self.taken().max(1) as f64).max(1.0)
    }

    /// Whether there is far more text than any table of this size holds.
    pub fn is_bomb(&self) -> bool {
        self.is_packed() && is_bomb(self.unpacked, self.taken())
    }
}

fn is_bomb(unpacked: u64, taken: u64) -> bool {
    unpacked > HARMLESS && unpacked / MOST_TEXT > taken
}

/// A reader that tells how much it has read.
struct Counted<R> {
    reader: R,
    taken: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.reader.read(buffer)?;
        self.taken.fetch_add(got as u64, Ordering::Relaxed);
        Ok(got)
    }
}

/// What is wrong with the gzip, if that is what an error of reading one says.
pub(super) fn damage(error: &io::Error) -> Option<String> {
    match error.kind() {
        ErrorKind::UnexpectedEof => Some("it breaks off before its end".to_owned()),
        ErrorKind::InvalidInput | ErrorKind::InvalidData => Some(error.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_no_table_is_counts_as_a_bomb() {
        let gigabyte = 1 << 30;
        assert!(is_bomb(2 * gigabyte, 2 << 20));
        assert!(!is_bomb(gigabyte / 2, 1 << 19), "small enough to be read in any case");
        assert!(!is_bomb(64 * gigabyte, gigabyte), "as a table of constants is packed");
    }
}
