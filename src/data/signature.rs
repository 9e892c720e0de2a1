//! What a file is when it is not a CSV, told by its first bytes.

/// Name of the format and what to do, if these are the first bytes of something that is certainly not a CSV.
pub(super) fn foreign(head: &[u8]) -> Option<(&'static str, &'static str)> {
    const UNPACK: &str = "unpack it first";
    const EXPORT: &str = "open it in the program that made it and save as CSV";
    const CONVERT: &str = "convert it to CSV first";
    const OTHER: &str = "choose a text file with rows and columns";
    let magic: &[(&[u8], &str, &str)] = &[
        // A gzip around the table is unpacked on the way here: this one is inside it.
        (b"\x1f\x8b", "a gzip", UNPACK),
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
        (b"II*\0", "a TIFF image", OTHER),
        (b"MM\0*", "a TIFF image", OTHER),
        (b"%PDF-", "a PDF document", EXPORT),
        (b"ARROW1\0\0", "an Arrow file", CONVERT),
        (b"SQLite format 3\0", "an SQLite database", "export the table as CSV"),
        (b"\x89HDF", "an HDF5 file", "export the table as CSV"),
        (b"\x93NUMPY", "a NumPy array", "save it with numpy.savetxt"),
        (b"\x7fELF", "a program", OTHER),
        (b"{\\rtf", "an RTF document", EXPORT),
    ];
    if let Some(&(_, what, advice)) = magic.iter().find(|(bytes, ..)| head.starts_with(bytes)) {
        return Some((what, advice));
    }
    // These are letters, with which a name of a column may begin too; what follows them in such a file is no text.
    let letters: &[(&[u8], &str, &str)] = &[
        (b"BM", "a BMP image", OTHER),
        (b"GIF8", "a GIF image", OTHER),
        (b"MZ", "a Windows program or library", OTHER),
        (b"ID3", "an MP3 sound file", OTHER),
        (b"OggS", "a sound or video file", OTHER),
        (b"fLaC", "a FLAC sound file", OTHER),
        (b"PAR1", "a Parquet file", CONVERT),
        (b"FEA1", "a Feather file", CONVERT),
    ];
    let found = |bytes: &[u8]| {
        head.strip_prefix(bytes)
            .is_some_and(|rest| controls(&rest[..rest.len().min(32)]) >= 3)
    };
    if let Some(&(_, what, advice)) = letters.iter().find(|(bytes, ..)| found(bytes)) {
        return Some((what, advice));
    }
    if let Some(what) = framed(head) {
        return Some((what, OTHER));
    }
    if let [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', b'&', b'S', b'Y', ..] = head {
        return Some(("a bzip2 archive", UNPACK));
    }
    if let [0x80, 2..=5, ..] = head {
        return Some(("a Python pickle", "load it in Python and save the table as CSV"));
    }
    // Eight bytes say how long the JSON is that follows them.
    if let [_, _, _, _, 0, 0, 0, 0, b'{', ..] = head {
        return Some(("a safetensors file of weights", OTHER));
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some(("a tar archive", "unpack it and choose a table in it"));
    }
    markup(head)
}

/// Files made of pieces, each with its length and four letters: the length is no text.
fn framed(head: &[u8]) -> Option<&'static str> {
    let is_text = |bytes: &[u8]| {
        bytes
            .iter()
            .all(|b| (0x20..0x7f).contains(b) || matches!(b, b'\n' | b'\r' | b'\t'))
    };
    match (head.get(..4)?, head.get(4..8)?, head.get(8..12)?) {
        (b"RIFF", length, form) if !is_text(length) => Some(match form {
            b"WEBP" => "a WebP image",
            b"WAVE" => "a WAV sound file",
            b"AVI " => "an AVI video",
            _ => "a sound or video file",
        }),
        (length, b"ftyp", _) if !is_text(length) => Some("a sound or video file"),
        _ => None,
    }
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
    let control = controls(head);
    control >= 8 && control * 50 > head.len() || control * 3 > head.len()
}

/// Bytes that stand for nothing in a text.
fn controls(bytes: &[u8]) -> usize {
    let is_control = |&&b: &&u8| (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)) || b == 0x7f;
    bytes.iter().filter(is_control).count()
}
