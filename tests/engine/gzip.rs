//! A table packed with gzip is read like the table itself, and a bad gzip is told.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use optiscope::data::{DataError, Progress, ReadOptions, Table, read, read_bytes};

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn read_all(name: &str, bytes: &[u8]) -> Result<Table, DataError> {
    read_bytes(name, bytes, &ReadOptions::default(), &Progress::default())
}

fn csv(table: &Table) -> String {
    let mut out = Vec::new();
    table.to_csv(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A table of several blocks, with texts that turn up late, so that it is read twice.
fn long() -> String {
    let row = |i: u64| {
        let z = if i < 50_000 { i.to_string() } else { format!("word {i}") };
        format!("{i},{}.{},{z}\n", i * 7919 % 1000, i * 31 % 1000)
    };
    "x,y,z\n".to_owned() + &(0..80_000).map(row).collect::<String>()
}

#[test]
fn a_packed_table_is_the_table() {
    let text = long();
    let plain = read_all("t.csv", text.as_bytes()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv.gz");
    // Two members, one after the other, the second of which begins in the middle of a line.
    let (head, tail) = text.as_bytes().split_at(300_001);
    fs::write(&path, [pack(head), pack(tail)].concat()).unwrap();
    let progress = Progress::default();
    let packed = read(&path, &ReadOptions::default(), &progress).unwrap();
    assert_eq!(csv(&packed), csv(&plain));
    assert_eq!((packed.name.as_str(), packed.dialect.gzip), ("t", true));
    assert_eq!(progress.fraction(), 1.0);
    assert!(!plain.dialect.gzip);
    // UTF-16 inside, and nothing but a line without an end.
    let wide: Vec<u8> = "x,y\n1,2\n3,é".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let table = read_all("w.GZ", &pack(&wide)).unwrap();
    assert_eq!((csv(&table).as_str(), table.name.as_str()), ("x,y\r\n1,2\r\n3,é\r\n", "w"));
}

#[test]
fn a_bad_gzip_is_told() {
    let packed = pack(long().as_bytes());
    let wrong = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = packed.clone();
        change(&mut bytes);
        match read_all("t.csv.gz", &bytes) {
            Ok(table) => panic!("read as {} rows", table.n_rows),
            Err(error) => error.to_string(),
        }
    };
    let middle = packed.len() / 2;
    let cut = wrong(&|bytes| bytes.truncate(middle));
    assert!(
        cut.contains("damaged (it breaks off before its end); copy or download it again"),
        "{cut}"
    );
    let checksum = wrong(&|bytes| {
        let at = bytes.len() - 6;
        bytes[at] ^= 1;
    });
    assert!(checksum.contains("checksum"), "{checksum}");
    let torn = wrong(&|bytes| bytes[middle..middle + 100].fill(0xff));
    assert!(torn.contains("damaged"), "{torn}");
    let header = wrong(&|bytes| bytes.truncate(7));
    assert!(header.contains("breaks off"), "{header}");
}

#[test]
fn what_is_inside_is_told() {
    let mut tar = vec![0; 512];
    tar[257..262].copy_from_slice(b"ustar");
    let cases: &[(&[u8], &str)] = &[
        (b"\x89PNG\r\n\x1a\n....", "is a PNG image inside a gzip, not a CSV file"),
        (&pack(b"x,y\n1,2\n"), "is a gzip inside a gzip"),
        (&tar, "is a tar archive inside a gzip"),
        (&[0; 4000], "is binary data inside a gzip"),
        (b"{\"a\": 1}", "is JSON inside a gzip"),
        (b"", "is empty"),
    ];
    for (inside, want) in cases {
        let error = read_all("t.gz", &pack(inside)).unwrap_err().to_string();
        assert!(error.contains(want), "{error}");
    }
}

#[test]
fn unpacking_is_cancelled() {
    let progress = Progress::default();
    progress.cancel();
    let result = read_bytes("t.gz", &pack(long().as_bytes()), &ReadOptions::default(), &progress);
    assert!(matches!(result, Err(DataError::Cancelled)));
}
