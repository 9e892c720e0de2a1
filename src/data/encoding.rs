//! Bytes into text.

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::DataError;

/// What the bytes of a file are.
pub(super) struct Detected {
    pub encoding: &'static Encoding,
    /// Length of the byte order mark.
    pub bom: usize,
}

/// The encoding someone asked for by name.
pub(super) fn named(label: &str) -> Result<&'static Encoding, DataError> {
    Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| DataError::Option {
        field: "encoding",
        value: label.to_owned(),
        advice: "use a name such as utf-8, utf-16le, windows-1252, iso-8859-15 or shift_jis",
    })
}

/// Tells the encoding from the beginning of a file. UTF-8 unless a byte order mark, a pattern of NULs (UTF-16 without a mark) or bytes that
/// UTF-8 cannot contain say otherwise.
pub(super) fn detect(head: &[u8]) -> Detected {
    if let Some((encoding, bom)) = Encoding::for_bom(head) {
        return Detected { encoding, bom };
    }
    let encoding = utf16_without_mark(head).unwrap_or_else(|| {
        let (valid, invalid) = sequences(head);
        if invalid > valid { guess(head) } else { UTF_8 }
    });
    Detected { encoding, bom: 0 }
}

/// What a text that is not UTF-8 is most likely written in.
pub(super) fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
    // A handful of accents is too little to tell Windows-1252 from its relatives: then it is the most common one.
    let few = bytes.iter().filter(|b| !b.is_ascii()).take(10).count() < 10;
    if few && guess.is_single_byte() { WINDOWS_1252 } else { guess }
}

/// ASCII text in UTF-16 has a NUL in every second byte, always on the same side.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    if pairs < 2 {
        return None;
    }
    let nuls = |odd: usize| head.chunks_exact(2).filter(|pair| pair[odd] == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    let most = pairs * 4 / 5;
    if odd > most && even * 20 < pairs {
        Some(UTF_16LE)
    } else if even > most && odd * 20 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Whether this is UTF-32, with its byte order mark or without: of four bytes a letter, all but one are NUL in ASCII text.
pub(super) fn is_utf32(head: &[u8]) -> bool {
    let mark = head.starts_with(b"\xff\xfe\0\0") || head.starts_with(b"\0\0\xfe\xff");
    let letters = || head.chunks_exact(4);
    let ascii = |at: usize| letters().filter(|l| (0..4).all(|i| (l[i] == 0) != (i == at))).count();
    let most = (head.len() / 4).max(2) * 4 / 5;
    mark || ascii(0) > most || ascii(3) > most
}

/// How many multi-byte sequences are valid UTF-8 and how many are not (one cut off at the end does not count).
fn sequences(bytes: &[u8]) -> (usize, usize) {
    let mut counts = (0, 0);
    for chunk in bytes[..bytes.len() - unfinished(bytes)].utf8_chunks() {
        counts.0 += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        counts.1 += usize::from(!chunk.invalid().is_empty());
    }
    counts
}

/// Length of a character that begins at the end of the text and is not complete.
fn unfinished(bytes: &[u8]) -> usize {
    for n in 1..=bytes.len().min(3) {
        let tail = &bytes[bytes.len() - n..];
        let announced = match tail[0] {
            0x80..=0xbf => continue,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 0,
        };
        return if n < announced { n } else { 0 };
    }
    0
}

/// Turns the bytes of a file into UTF-8, block by block.
pub(super) enum Decoding {
    /// Checked, not converted. `tail` is a character cut in two by the block's end; `plain` until a byte above 127 was met.
    Utf8 {
        tail: Vec<u8>,
        plain: bool,
    },
    Other(Box<Decoder>),
}

impl Decoding {
    pub fn new(encoding: &'static Encoding) -> Self {
        if encoding == UTF_8 {
            Self::Utf8 {
                tail: Vec::new(),
                plain: true,
            }
        } else {
            Self::Other(Box::new(encoding.new_decoder_without_bom_handling()))
        }
    }

    /// Makes text of the bytes `buffer[from..]`. Returns whether some were no text and stand as U+FFFD now, and the encoding if it had to
    /// change: a file that was ASCII so far may prove to be in Windows-1252 at its first accent.
    pub fn decode(&mut self, buffer: &mut Vec<u8>, from: usize, last: bool) -> (bool, Option<&'static Encoding>) {
        match self {
            Self::Utf8 { tail, plain } => {
                if !tail.is_empty() {
                    buffer.splice(from..from, tail.drain(..));
                }
                let fresh = &buffer[from..];
                match std::str::from_utf8(fresh) {
                    Ok(_) => *plain = *plain && fresh.is_ascii(),
                    Err(error) if error.error_len().is_none() && !last => {
                        let at = from + error.valid_up_to();
                        *plain = false;
                        *tail = buffer.split_off(at);
                    }
                    Err(_) => {
                        let (valid, invalid) = sequences(fresh);
                        if *plain && invalid > valid {
                            let encoding = guess(fresh);
                            *self = Self::new(encoding);
                            return (self.decode(buffer, from, last).0, Some(encoding));
                        }
                        *plain = false;
                        // A character may still be cut off at the end, behind the bytes that are none.
                        let end = fresh.len() - if last { 0 } else { unfinished(fresh) };
                        *tail = buffer.split_off(from + end);
                        let text = String::from_utf8_lossy(&buffer[from..]).into_owned();
                        buffer.truncate(from);
                        buffer.extend_from_slice(text.as_bytes());
                        return (true, None);
                    }
                }
                (false, None)
            }
            Self::Other(decoder) => {
                let raw = buffer.split_off(from);
                let room = decoder.max_utf8_buffer_length(raw.len()).unwrap_or(raw.len() * 3 + 16);
                buffer.resize(from + room, 0);
                let (_, _, written, errors) = decoder.decode_to_utf8(&raw, &mut buffer[from..], last);
                buffer.truncate(from + written);
                (errors, None)
            }
        }
    }
}
