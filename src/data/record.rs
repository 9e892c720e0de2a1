//! Text into records and fields (RFC 4180, leniently, with everything odd reported).
//!
//! Written here and not with the `csv` crate because the reader must know what that crate passes over in silence: where a quote stood
//! that does not belong, and on which line an unclosed one was opened.

use std::borrow::Cow;

use super::dialect::Syntax;
use super::specials::Specials;

/// Fields of one record beyond this number are not kept: no table has so many columns.
pub(super) const MOST_FIELDS: usize = 100_001;

/// Where the text of a field is and how to read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field {
    start: usize,
    end: usize,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The bytes as they are, between delimiters or between quotes.
    Plain,
    /// As they are, but there is a quote inside that should not be, or text behind the closing one: then the quotes are letters.
    StrayQuote,
    /// From behind the opening quote to behind the closing one, with escapes inside.
    Escaped,
}

impl Field {
    /// Whether a quote stands where none belongs.
    pub fn is_stray(self) -> bool {
        self.form == Form::StrayQuote
    }

    /// The content.
    #[inline]
    pub fn text<'a>(self, text: &'a [u8], syntax: &Syntax) -> Cow<'a, [u8]> {
        let raw = &text[self.start..self.end];
        match self.form {
            Form::Plain | Form::StrayQuote => Cow::Borrowed(raw),
            Form::Escaped => Cow::Owned(unquoted(raw, syntax)),
        }
    }

    /// Whether quotes stand around it.
    pub fn is_quoted(self, text: &[u8], quote: u8) -> bool {
        self.form != Form::StrayQuote && self.start > 0 && text[self.start - 1] == quote
    }

    /// Where the content stands, if it stands there as it is.
    #[inline]
    pub fn plain(self) -> Option<(usize, usize)> {
        (self.form == Form::Plain).then_some((self.start, self.end))
    }

    /// Whether there is nothing between the delimiters, not even quotes.
    pub fn is_blank(self, text: &[u8]) -> bool {
        self.form == Form::Plain && text[self.start..self.end].trim_ascii().is_empty()
    }
}

fn unquoted(raw: &[u8], syntax: &Syntax) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut i = 0;
    while i < raw.len() {
        let byte = raw[i];
        let next = raw.get(i + 1).copied();
        if Some(byte) == syntax.escape && (next == Some(syntax.quote) || next == syntax.escape)
            || byte == syntax.quote && next == Some(byte)
        {
            out.extend(next);
            i += 2;
        } else if byte == syntax.quote {
            break;
        } else {
            out.push(byte);
            i += 1;
        }
    }
    out
}

/// What came of reading one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A record; its line (from 0, of this text).
    Record { line: u64 },
    /// A line without anything on it.
    Blank { line: u64 },
    /// A line that begins with the comment character.
    Comment,
    /// The text ended inside quotes that were opened here.
    Unclosed { line: u64, column: usize },
    /// Nothing is left.
    End,
}

/// Goes over a text record by record.
pub(super) struct Scanner<'a> {
    text: &'a [u8],
    syntax: Syntax,
    /// Finds the bytes that end a run of plain text in an unquoted field.
    specials: Specials,
    /// Where the next record begins.
    pub at: usize,
    /// Lines before `at`.
    pub line: u64,
}

impl<'a> Scanner<'a> {
    pub fn new(text: &'a [u8], syntax: Syntax) -> Self {
        let specials = Specials::new(text, [syntax.delimiter, b'\n', b'\r', syntax.quote]);
        Self {
            text,
            syntax,
            specials,
            at: 0,
            line: 0,
        }
    }

    /// Reads the next record into `fields`.
    pub fn next(&mut self, fields: &mut Vec<Field>) -> Outcome {
        fields.clear();
        let (text, line) = (self.text, self.line);
        if self.at >= text.len() {
            return Outcome::End;
        }
        if self.syntax.comment.is_some_and(|c| text[self.at] == c) {
            let length = memchr::memchr2(b'\n', b'\r', &text[self.at..]).unwrap_or(text.len() - self.at);
            self.end_line(self.at + length);
            return Outcome::Comment;
        }
        let spaced = self.syntax.delimiter == b' ';
        let mut at = self.at;
        loop {
            if spaced {
                at += text[at..].iter().take_while(|&&b| b == b' ').count();
                if !fields.is_empty() && matches!(text.get(at), None | Some(b'\n' | b'\r')) {
                    break;
                }
            }
            let start = at;
            at = self.specials.next(text, at);
            let mut field = Field {
                start,
                end: at,
                form: Form::Plain,
            };
            if text.get(at) == Some(&self.syntax.quote) {
                if text[start..at].iter().all(|&b| b == b' ') {
                    let Some(end) = self.quoted(at + 1, &mut field) else {
                        return Outcome::Unclosed {
                            line,
                            column: fields.len(),
                        };
                    };
                    at = end;
                } else {
                    at = self.rest_of_field(at);
                    field = Field {
                        end: at,
                        form: Form::StrayQuote,
                        ..field
                    };
                }
            }
            if fields.len() < MOST_FIELDS {
                fields.push(field);
            }
            match text.get(at) {
                Some(&b) if b == self.syntax.delimiter => at += 1,
                _ => break,
            }
        }
        self.end_line(at);
        match fields.as_slice() {
            [only] if only.is_blank(text) => Outcome::Blank { line },
            _ => Outcome::Record { line },
        }
    }

    /// Moves behind the line end at `at`.
    fn end_line(&mut self, at: usize) {
        self.at = match self.text.get(at..) {
            Some([b'\r', b'\n', ..]) => at + 2,
            Some([_, ..]) => at + 1,
            _ => at,
        };
        self.line += 1;
    }

    /// Where the field ends that is read without regard to quotes.
    fn rest_of_field(&mut self, mut at: usize) -> usize {
        loop {
            at = self.specials.next(self.text, at);
            if self.text.get(at) != Some(&self.syntax.quote) {
                return at;
            }
            at += 1;
        }
    }

    /// Reads a quoted field whose content begins at `start`; returns where it ends. None if it never does.
    fn quoted(&mut self, start: usize, field: &mut Field) -> Option<usize> {
        let (text, quote) = (self.text, self.syntax.quote);
        let mut at = start;
        let mut escaped = false;
        let close = loop {
            let found = match self.syntax.escape {
                Some(escape) => memchr::memchr2(quote, escape, &text[at..]),
                None => memchr::memchr(quote, &text[at..]),
            };
            at += found?;
            if text[at] != quote || text.get(at + 1) == Some(&quote) {
                escaped = true;
                at += 2;
                if at > text.len() {
                    return None;
                }
            } else {
                break at;
            }
        };
        self.line += count_lines(&text[start..close]);
        // Spaces between the closing quote and the delimiter belong to nobody.
        let after = close + 1;
        let spaces = text[after..].iter().take_while(|&&b| b == b' ').count();
        let next = after + spaces;
        let ended = match text.get(next) {
            None | Some(b'\n' | b'\r') => Some(next),
            Some(&b) if b == self.syntax.delimiter => Some(next),
            // The delimiter is the space itself.
            Some(_) if spaces > 0 && self.syntax.delimiter == b' ' => Some(after),
            Some(_) => None,
        };
        match ended {
            Some(end) => {
                *field = Field {
                    start,
                    end: if escaped { close + 1 } else { close },
                    form: if escaped { Form::Escaped } else { Form::Plain },
                };
                Some(end)
            }
            None => {
                let end = self.rest_of_field(after);
                field.end = end;
                field.form = Form::StrayQuote;
                Some(end)
            }
        }
    }
}

/// Line ends in a text: LF, CRLF and lone CR count one each.
pub(super) fn count_lines(text: &[u8]) -> u64 {
    let lf = memchr::memchr_iter(b'\n', text).count();
    let lone_cr = memchr::memchr_iter(b'\r', text)
        .filter(|&i| text.get(i + 1) != Some(&b'\n'))
        .count();
    (lf + lone_cr) as u64
}

/// Where the last complete record of a text ends: everything before can be read without what follows.
pub(super) fn complete(text: &[u8], syntax: Syntax) -> usize {
    // A CR at the very end may be the first half of a CRLF.
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    if memchr::memchr(syntax.quote, text).is_none() {
        return memchr::memrchr2(b'\n', b'\r', text).map_or(0, |i| i + 1);
    }
    let mut scanner = Scanner::new(text, syntax);
    let mut fields = Vec::new();
    let mut end = 0;
    loop {
        match scanner.next(&mut fields) {
            Outcome::End | Outcome::Unclosed { .. } => return end,
            _ if scanner.at < text.len() || text.ends_with(b"\n") => end = scanner.at,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: Syntax = Syntax {
        delimiter: b',',
        quote: b'"',
        escape: None,
        comment: None,
    };

    fn records(text: &str, syntax: Syntax) -> Vec<(u64, Vec<String>)> {
        let mut scanner = Scanner::new(text.as_bytes(), syntax);
        let mut fields = Vec::new();
        let mut all = Vec::new();
        loop {
            match scanner.next(&mut fields) {
                Outcome::Record { line } | Outcome::Blank { line } => all.push((
                    line,
                    fields
                        .iter()
                        .map(|f| String::from_utf8_lossy(&f.text(text.as_bytes(), &syntax)).into_owned())
                        .collect(),
                )),
                Outcome::Comment => {}
                Outcome::Unclosed { .. } | Outcome::End => return all,
            }
        }
    }

    #[test]
    fn fields_and_lines() {
        let got = records("a,b\r\n\"x\ny\",\"q\"\"r\"\r3\"4, \"z\" \n\"u\" v,\n", COMMA);
        let want = [
            (0, ["a", "b"]),
            (1, ["x\ny", "q\"r"]),
            (3, ["3\"4", "z"]),
            (4, ["\"u\" v", ""]),
        ];
        assert_eq!(got.len(), want.len());
        for ((line, fields), (want_line, want_fields)) in got.iter().zip(want) {
            assert_eq!(
                (*line, fields.as_slice()),
                (want_line, want_fields.map(str::to_owned).as_slice())
            );
        }
    }

    #[test]
    fn runs_of_spaces_and_backslashes() {
        let spaced = Syntax {
            delimiter: b' ',
            ..COMMA
        };
        assert_eq!(records("  1  2 \n3 \"4 5\"\n", spaced)[0].1, ["1", "2"]);
        assert_eq!(records("  1  2 \n3 \"4 5\"\n", spaced)[1].1, ["3", "4 5"]);
        let backslash = Syntax {
            escape: Some(b'\\'),
            ..COMMA
        };
        assert_eq!(records(r#""a\"b","c\\""#, backslash)[0].1, ["a\"b", "c\\"]);
    }

    #[test]
    fn cuts_between_records_only() {
        assert_eq!(complete(b"a,b\nc", COMMA), 4);
        assert_eq!(complete(b"a,b\r", COMMA), 0);
        assert_eq!(complete(b"a,\"b\nc\"\nd,\"e\n", COMMA), 8);
        assert_eq!(complete(b"a,\"b\"", COMMA), 0);
    }
}
