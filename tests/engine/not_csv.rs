//! What is no CSV is refused by its name, and no CSV is taken for it.

use std::path::Path;

use optiscope::data::{Progress, ReadOptions, Table, read_bytes};

fn read(bytes: &[u8]) -> Result<Table, String> {
    read_bytes("t.csv", bytes, &ReadOptions::default(), &Progress::default()).map_err(|error| error.to_string())
}

#[test]
fn files_of_other_programs() {
    let cases: &[(&[u8], &str)] = &[
        (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "a BMP image"),
        (b"GIF89a\x10\0\x10\0\x80\0\0", "a GIF image"),
        (b"II*\0\x08\0\0\0", "a TIFF image"),
        (b"MM\0*\0\0\0\x08", "a TIFF image"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "a WebP image"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "a WAV sound file"),
        (b"RIFF\x24\0\0\0AVI LIST", "an AVI video"),
        (b"\0\0\0\x20ftypisom\0\0\x02\0", "a sound or video file"),
        (b"ID3\x04\0\0\0\0\x01\x7f", "an MP3 sound file"),
        (b"fLaC\0\0\0\x22\x10\0\x10\0", "a FLAC sound file"),
        (b"OggS\0\x02\0\0\0\0\0\0", "a sound or video file"),
        (b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0", "a Windows program or library"),
        (b"\x7fELF\x02\x01\x01\0\0\0", "a program"),
        (b"PAR1\x15\x04\x15\x80\x7d\x15\x92\x1f", "a Parquet file"),
        (b"ARROW1\0\0\xff\xff\xff\xff", "an Arrow file"),
        (b"FEA1\0\0\0\0\x01\0\0\0", "a Feather file"),
        (b"\x89HDF\r\n\x1a\n\0\0", "an HDF5 file"),
        (b"\x93NUMPY\x01\0v\0{'descr'", "a NumPy array"),
        (b"\x80\x04\x95\x10\0\0\0\0\0\0\0}", "a Python pickle"),
        (b"\x40\0\0\0\0\0\0\0{\"w\":{\"dtype\"", "a safetensors file"),
        (b"SQLite format 3\0\x10\0", "an SQLite database"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "a 7-zip archive"),
        (b"\xfd7zXZ\0\0\x04", "an xz archive"),
        (b"\x28\xb5\x2f\xfd\x04\0", "a zstd archive"),
        (b"BZh91AY&SY\x01\x02", "a bzip2 archive"),
        (b"Rar!\x1a\x07\x01\0", "a RAR archive"),
    ];
    for (bytes, want) in cases {
        let said = read(bytes).map(|table| table.n_rows).expect_err(want);
        assert!(said.contains(&format!("t.csv: is {want}")), "{want}: {said}");
    }
}

#[test]
fn names_that_begin_like_them() {
    for name in [
        "BM",
        "BMI",
        "MZ",
        "ID3",
        "GIF87a",
        "PAR1",
        "BZh",
        "BZh9",
        "RIFF",
        "II",
        "MM",
        "fLaC",
        "OggS",
        "FEA1",
        "ARROW1",
        "Rar",
        "7z",
        "ELF",
        "SQLite format 3",
        "ftyp",
        "PK",
    ] {
        let table = read(format!("{name},WAVE,b\n1,2,3\n4,5,6\n").as_bytes()).expect(name);
        assert_eq!((table.columns[0].name.as_str(), table.n_rows), (name, 2));
    }
    let table = read(b"abc,ftyp,x\n1,2,3\n").expect("reads");
    assert_eq!(table.columns[1].name, "ftyp");
    assert_eq!(read(b"RIFF,ab,WAVE\n1,2,3\n").expect("reads").columns.len(), 3);
    // Even with a control character, which is told.
    assert_eq!(read(b"BM,x\n1,2\x01\n3,4\n").expect("reads").n_rows, 2);
}

#[test]
fn utf_32_is_refused_by_name() {
    let text = "name,wert\na,1\nb,2\n";
    for (mark, little) in [(true, true), (true, false), (false, true), (false, false)] {
        let letters = mark.then_some('\u{feff}').into_iter().chain(text.chars());
        let bytes: Vec<u8> = letters
            .flat_map(|c| {
                if little {
                    u32::from(c).to_le_bytes()
                } else {
                    u32::from(c).to_be_bytes()
                }
            })
            .collect();
        let said = read(&bytes).map(|table| table.n_rows).expect_err("no text");
        assert!(said.contains("written in UTF-32") && said.contains("UTF-8"), "{said}");
    }
}

/// A file that becomes shorter while it is read, or is another when texts are read again, is no table.
#[test]
fn a_file_that_changes_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.csv");
    let row = |i: u32| {
        format!(
            "{i},{}.5,{}\n",
            i % 97,
            if i < 400_000 { i.to_string() } else { format!("w{}", i % 9) }
        )
    };
    let text = "a,b,c\n".to_owned() + &(0..450_000).map(row).collect::<String>();
    for change in [shorten as fn(&Path), replace] {
        // Whether the change comes in time is up to the machine; what comes of it is not.
        let refused = (0..30).any(|_| {
            std::fs::write(&path, &text).expect("written");
            match read_while(&path, change) {
                Ok(rows) => {
                    assert_eq!(rows, 450_000, "the whole of it or nothing");
                    false
                }
                Err(said) => {
                    assert!(said.contains("changed while it was being read"), "{said}");
                    true
                }
            }
        });
        assert!(refused, "never caught in thirty attempts");
    }
}

/// Reads the file on one thread and changes it from another as soon as it is begun.
fn read_while(path: &Path, change: fn(&Path)) -> Result<usize, String> {
    let progress = Progress::default();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| optiscope::data::read(path, &ReadOptions::default(), &progress));
        while progress.rows.load(std::sync::atomic::Ordering::Relaxed) == 0 && !reader.is_finished() {
            std::hint::spin_loop();
        }
        change(path);
        let table = reader.join().expect("no panic");
        table.map(|table| table.n_rows).map_err(|error| error.to_string())
    })
}

fn shorten(path: &Path) {
    let file = std::fs::File::options().write(true).open(path).expect("opens");
    file.set_len(1_000_000).expect("shorter");
}

/// Another file takes its place, whole, as a program that writes one does.
fn replace(path: &Path) {
    let other = path.with_extension("new");
    std::fs::write(&other, "a,b,c\n1,2,3\n4,5,x\n").expect("written");
    std::fs::rename(other, path).expect("replaced");
}
