//! The file as blocks of whole records, decoded.

use std::fs::File;
use std::path::Path;
use std::sync::atomic::Ordering;

use encoding_rs::Encoding;

use super::dialect::Syntax;
use super::gzip::{self, Unpacking};
use super::line_ends::LineEnds;
use super::{DataError, LineEnd, Progress, encoding, record, signature};

/// Bytes read at a time: a block and what is made of it stay in a core's cache.
const BLOCK: usize = 512 << 10;
/// Bytes looked at to find the dialect.
const HEAD: usize = 256 << 10;
/// No record and no header is longer: beyond it, a quote was opened and never closed.
const LONGEST_RECORD: usize = 64 << 20;

/// Where the bytes come from; can be opened more than once.
#[derive(Debug, Clone, Copy)]
pub(super) enum Origin<'a> {
    File(&'a Path),
    Bytes { name: &'a str, bytes: &'a [u8] },
}

impl Origin<'_> {
    /// What messages call it.
    pub fn label(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Bytes { name, .. } => (*name).to_owned(),
        }
    }

    /// A short name for the table.
    pub fn name(&self) -> String {
        let path = match self {
            Self::File(path) => path,
            Self::Bytes { name, .. } => Path::new(name),
        };
        let stem = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let name = match path.extension() {
            Some(ending) if ending.eq_ignore_ascii_case("gz") => path.file_stem().and_then(|inner| stem(Path::new(inner))),
            _ => stem(path),
        };
        name.unwrap_or_else(|| self.label())
    }
}

/// A reader that hands out blocks which end where a record ends.
pub(super) struct Source<'a> {
    label: String,
    reader: Unpacking<'a>,
    decoding: encoding::Decoding,
    pub encoding: &'static Encoding,
    /// How lines end, if that was said.
    pub line_end: Option<LineEnd>,
    ends: Option<LineEnds>,
    pub bom: bool,
    /// Decoded text that belongs to the next block.
    pub carry: Vec<u8>,
    /// The length the file had when it was opened (None: a pipe).
    pub length: Option<u64>,
    pub ended: bool,
    /// Whether it ended before the file does.
    pub is_cut: bool,
    /// Whether bytes were met that are no text in this encoding.
    pub lossy: bool,
    /// Blocks handed out.
    blocks: usize,
}

impl<'a> Source<'a> {
    /// Opens it, refuses what is no CSV, finds the encoding and decodes the head into `carry`.
    pub fn open(
        origin: &Origin<'a>,
        wanted: Option<&'static Encoding>,
        line_end: Option<LineEnd>,
        progress: &Progress,
    ) -> Result<Self, DataError> {
        let label = origin.label();
        let unreadable = |source| DataError::Unreadable {
            file: label.clone(),
            source,
        };
        let (reader, length) = match *origin {
            Origin::File(path) => {
                let file = File::open(path).map_err(unreadable)?;
                let meta = file.metadata().map_err(unreadable)?;
                if meta.is_dir() {
                    return Err(DataError::NotCsv {
                        file: label,
                        what: "a folder".to_owned(),
                        advice: "choose a file in it",
                    });
                }
                // Files that the system makes up as they are read say that they have no length.
                (Unpacking::new(file), Some(meta.len()).filter(|&l| meta.is_file() && l > 0))
            }
            Origin::Bytes { bytes, .. } => (Unpacking::new(bytes), Some(bytes.len() as u64)),
        };
        let mut reader = reader.map_err(unreadable)?;
        progress.done.store(0, Ordering::Relaxed);
        progress.total.store(length.unwrap_or(0), Ordering::Relaxed);

        let mut head = Vec::new();
        let mut want = HEAD;
        let ended = loop {
            let missing = want - head.len();
            let got = reader
                .read_more(&mut head, missing)
                .map_err(|error| failure(&label, &reader, length, error))?;
            let ended = got == 0 || head.len() < want;
            if progress.is_cancelled() {
                return Err(DataError::Cancelled);
            }
            // A header may be longer than the head: two line ends make sure that one record is whole.
            if ended || want >= LONGEST_RECORD || head.iter().filter(|b| matches!(b, b'\n' | b'\r')).count() > 2 {
                break ended;
            }
            want *= 2;
        };
        if head.is_empty() {
            return Err(DataError::Empty { file: label });
        }
        if ended && length.is_some_and(|length| length != reader.taken()) {
            return Err(DataError::Changed { file: label });
        }
        let no_csv = |(what, advice): (&str, _)| DataError::NotCsv {
            file: label.clone(),
            what: format!("{what}{}", if reader.is_packed() { " inside a gzip" } else { "" }),
            advice,
        };
        if let Some(foreign) = signature::foreign(&head) {
            return Err(no_csv(foreign));
        }
        if encoding::is_utf32(&head) {
            return Err(DataError::Utf32 { file: label });
        }
        let found = encoding::detect(&head);
        let encoding = wanted.unwrap_or(found.encoding);
        let bom = found.bom > 0 && encoding == found.encoding;
        let mut carry = head.split_off(if bom { found.bom } else { 0 });
        let wide = encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE;
        if !wide && signature::is_binary(&carry) {
            return Err(no_csv(("binary data", "choose a text file with rows and columns")));
        }
        let mut decoding = encoding::Decoding::new(encoding);
        let (lossy, changed) = decoding.decode(&mut carry, 0, ended);
        let mut ends = line_end.map(LineEnds::new);
        if let Some(ends) = &mut ends {
            ends.keep(&mut carry, 0, ended);
        }
        Ok(Self {
            label,
            line_end,
            ends,
            reader,
            decoding,
            encoding: changed.unwrap_or(encoding),
            bom,
            carry,
            length,
            ended,
            is_cut: false,
            lossy,
            blocks: 0,
        })
    }

    /// About how many bytes of text there are, from the length the file had when it was opened.
    pub fn text_length(&self) -> f64 {
        self.length.unwrap_or(0) as f64 * self.reader.ratio()
    }

    /// Whether the file is a gzip.
    pub fn is_packed(&self) -> bool {
        self.reader.is_packed()
    }

    /// Lets the text end with the last whole record of what has been read.
    pub fn end_here(&mut self, syntax: Syntax) {
        if !self.ended {
            self.carry.truncate(record::complete(&self.carry, syntax));
            (self.ended, self.is_cut) = (true, true);
        }
    }

    /// Fills `block` with the next whole records and returns its number; None at the end.
    pub fn next_block(&mut self, block: &mut Vec<u8>, syntax: Syntax, progress: &Progress) -> Result<Option<usize>, DataError> {
        block.clear();
        block.append(&mut self.carry);
        let mut want = BLOCK;
        while !self.ended {
            if progress.is_cancelled() {
                return Err(DataError::Cancelled);
            }
            self.read_more(block, want.saturating_sub(block.len()).max(BLOCK / 4))?;
            progress.done.store(self.reader.taken(), Ordering::Relaxed);
            if self.ended {
                break;
            }
            let cut = record::complete(block, syntax);
            if cut > 0 {
                self.carry.extend_from_slice(&block[cut..]);
                block.truncate(cut);
                break;
            }
            if block.len() > LONGEST_RECORD {
                return Err(DataError::TooLarge {
                    file: self.label.clone(),
                    limit: LONGEST_RECORD as u64,
                    what: "bytes in one row (a quote that is never closed?)",
                });
            }
            want = block.len() * 2;
        }
        if block.is_empty() {
            return Ok(None);
        }
        self.blocks += 1;
        Ok(Some(self.blocks - 1))
    }

    fn read_more(&mut self, block: &mut Vec<u8>, amount: usize) -> Result<(), DataError> {
        let from = block.len();
        let got =
            (self.reader.read_more(block, amount)).map_err(|error| failure(&self.label, &self.reader, self.length, error))?;
        self.ended = got < amount;
        let file = || self.label.clone();
        if self.ended && self.length.is_some_and(|length| length != self.reader.taken()) {
            return Err(DataError::Changed { file: file() });
        }
        if self.reader.is_bomb() {
            return Err(DataError::Bomb {
                file: file(),
                times: gzip::MOST_TEXT,
            });
        }
        let (lossy, changed) = self.decoding.decode(block, from, self.ended);
        if let Some(ends) = &mut self.ends {
            ends.keep(block, from, self.ended);
        }
        self.lossy |= lossy;
        if let Some(encoding) = changed {
            self.encoding = encoding;
        }
        Ok(())
    }
}

/// Why the next bytes could not be had: the disk, a gzip that is damaged, or one that somebody is still writing.
fn failure(label: &str, reader: &Unpacking, length: Option<u64>, error: std::io::Error) -> DataError {
    let file = label.to_owned();
    match gzip::damage(&error).filter(|_| reader.is_packed()) {
        None => DataError::Unreadable { file, source: error },
        Some(why) => {
            let cut = error.kind() == std::io::ErrorKind::UnexpectedEof;
            let changed = length.is_some_and(|length| reader.taken() > length || cut && reader.taken() < length);
            if changed {
                DataError::Changed { file }
            } else {
                DataError::Damaged { file, why }
            }
        }
    }
}
