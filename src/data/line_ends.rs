//! Lines that end in one way only, where somebody said so.

use super::LineEnd;

/// Makes spaces of what looks like the end of a line and is none: a lone LF within the cells of a file whose lines end with CRLF.
#[derive(Debug)]
pub(super) struct LineEnds {
    wanted: LineEnd,
    /// The text so far ended with a CR, which may be half of a CRLF.
    waiting: bool,
}

impl LineEnds {
    pub fn new(wanted: LineEnd) -> Self {
        Self { wanted, waiting: false }
    }

    /// Goes over the text `buffer[from..]`, the `last` of the file or not.
    pub fn keep(&mut self, buffer: &mut Vec<u8>, from: usize, last: bool) {
        if std::mem::take(&mut self.waiting) {
            buffer.insert(from, b'\r');
        }
        if !last && buffer.len() > from && buffer.ends_with(b"\r") {
            buffer.pop();
            self.waiting = true;
        }
        let (lf, cr) = match self.wanted {
            LineEnd::Lf => (true, false),
            LineEnd::Cr => (false, true),
            LineEnd::CrLf => (false, false),
            LineEnd::Mixed => return,
        };
        let mut at = from;
        while let Some(found) = memchr::memchr2(b'\n', b'\r', &buffer[at..]) {
            at += found;
            if buffer[at..].starts_with(b"\r\n") {
                at += 2;
                continue;
            }
            let ends = if buffer[at] == b'\n' { lf } else { cr };
            if !ends {
                buffer[at] = b' ';
            }
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_was_said_wherever_the_text_is_cut() {
        let text = b"a\rb\nc\r\nd\r\re\n\nf\r";
        let cases = [
            (LineEnd::Lf, "a b\nc\r\nd  e\n\nf "),
            (LineEnd::Cr, "a\rb c\r\nd\r\re  f\r"),
            (LineEnd::CrLf, "a b c\r\nd  e  f "),
            (LineEnd::Mixed, "a\rb\nc\r\nd\r\re\n\nf\r"),
        ];
        for (wanted, kept) in cases {
            for cut in 0..=text.len() {
                let (mut ends, mut buffer) = (LineEnds::new(wanted), text[..cut].to_vec());
                ends.keep(&mut buffer, 0, false);
                let from = buffer.len();
                buffer.extend_from_slice(&text[cut..]);
                ends.keep(&mut buffer, from, true);
                assert_eq!(String::from_utf8_lossy(&buffer), kept, "{wanted:?} cut at {cut}");
            }
        }
    }
}
