//! What a file is when it is not a CSV, told by its first bytes.

/// Name of the format and what to do, if these are the first bytes of something that is certainly not a CSV.
pub(super) fn foreign(head: &[u8]) -> Option<(&'static str, &'static str)> {
    const UNPACK: &str = "unpack it first";
    const EXPORT: &str = "open it in the program that made it and save as CSV";
    const OTHER: &str = "choose a text file with rows and columns";
    let magic: &[(&[u8], &str, &str)] = &[
        // A gzip around the table is unpacked on the way here: this one is inside it.
        (b"\x1f\x8b", "a gzip", UNPACK),
        (b"BZh", "a bzip2 archive", UNPACK),
        (b"\xfd7zXZ\0", "an xz archive", UNPACK),
        (b"\x28\xb5\x2f\xfd", "a zstd archive", UNPACK),
        (b"7z\xbc\xaf\x27\x1c", "a 7-zip archive", UNPACK),
        (b"Rar!\x1a\x07", "a RAR archive", UNPACK),
        (
            b"PK\x03\x04",
            "a ZIP archive (an Excel or OpenDocument spreadsheet is one)",
            EXPORT,
        ),
        (b"PK\x05\x06", "an empty ZIP archive", OTHER),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Office document", EXPORT),
        (b"\x89PNG", "a PNG image", OTHER),
        (b"\xff\xd8\xff", "a JPEG image", OTHER),
        (b"GIF8", "a GIF image", OTHER),
        (b"%PDF-", "a PDF document", EXPORT),
        (b"PAR1", "a Parquet file", "convert it to CSV first"),
        (b"ARROW1", "an Arrow file", "convert it to CSV first"),
        (b"SQLite format 3\0", "an SQLite database", "export the table as CSV"),
        (b"\x89HDF", "an HDF5 file", "export the table as CSV"),
        (b"\x93NUMPY", "a NumPy array", "save it with numpy.savetxt"),
        (b"\x7fELF", "a program", OTHER),
        (b"{\\rtf", "an RTF document", EXPORT),
    ];
    if let Some(&(_, what, advice)) = magic.iter().find(|(bytes, ..)| head.starts_with(bytes)) {
        return Some((what, advice));
    }
    if (head.len() > 12 && head.starts_with(b"RIFF")) || head.get(4..8) == Some(b"ftyp") {
        return Some(("a sound or video file", OTHER));
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some(("a tar archive", "unpack it and choose a table in it"));
    }
    markup(head)
}

/// HTML, XML and JSON are text, but not tables.
fn markup(head: &[u8]) -> Option<(&'static str, &'static str)> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let begins = |word: &[u8]| text.get(..word.len()).is_some_and(|t| t.eq_ignore_ascii_case(word));
    if begins(b"<!doctype html") || begins(b"<html") || begins(b"<head") || begins(b"<body") {
        return Some(("an HTML page", "download the CSV behind it"));
    }
    if begins(b"<?xml") || begins(b"<!doctype") || begins(b"<svg") {
        return Some(("XML", "convert it to CSV first"));
    }
    // A JSON text begins with a bracket and, within a few blanks, what can follow it; a CSV field hardly does.
    let json = match text {
        [b'{', rest @ ..] => matches!(rest.trim_ascii_start().first(), Some(b'"' | b'}')) && rest.contains(&b':'),
        [b'[', rest @ ..] => {
            let inner = rest.trim_ascii_start();
            let ends = text.trim_ascii_end().ends_with(b"]");
            matches!(inner.first(), Some(b'{' | b'[')) || (ends && !text.trim_ascii_end().contains(&b'\n'))
        }
        _ => false,
    };
    json.then_some(("JSON", "convert it to CSV first"))
}

/// Whether these bytes, which are in no known encoding of two or more bytes a character, are no text.
pub(super) fn is_binary(head: &[u8]) -> bool {
    let control = head
        .iter()
        .filter(|&&b| (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)) || b == 0x7f)
        .count();
    control >= 8 && control * 50 > head.len() || control * 3 > head.len()
}
