//! A picture as a grid of grey levels.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::Path;

use png::{ColorType, Decoder, DecodingError, Limits, Transformations};

use super::DataError;

/// First bytes of a PNG file.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Largest picture that is read.
const MOST_PIXELS: u64 = 1 << 24;

/// Whether a file is a PNG picture; not if it cannot be read.
pub(super) fn is_picture(path: &Path) -> bool {
    let mut first = [0; SIGNATURE.len()];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut first));
    read.is_ok() && first == SIGNATURE
}

/// Reads a PNG picture: rows from the top, black 0, white 1. Colours become their luma (ITU-R BT.709, of the values as stored);
/// transparency does not count. Levels are rounded to six decimals, finer than 16 bits can tell.
pub(super) fn read_picture(path: &Path) -> Result<Vec<Vec<f64>>, DataError> {
    let file = path.display().to_string();
    let unreadable = |source| DataError::Unreadable {
        file: file.clone(),
        source,
    };
    let broken = |error: DecodingError| DataError::Picture {
        file: file.clone(),
        why: error.to_string(),
    };
    let source = BufReader::new(File::open(path).map_err(unreadable)?);
    let mut decoder = Decoder::new_with_limits(
        source,
        Limits {
            bytes: 16 * MOST_PIXELS as usize,
        },
    );
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(broken)?;
    let (width, height) = reader.info().size();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(DataError::Picture {
            why: format!("it has more than {MOST_PIXELS} pixels"),
            file,
        });
    }
    let mut bytes = vec![0; reader.output_buffer_size().unwrap_or(0)];
    let frame = reader.next_frame(&mut bytes).map_err(broken)?;
    let depth = if frame.bit_depth == png::BitDepth::Sixteen { 2 } else { 1 };
    let channels = frame.color_type.samples();
    let coloured = matches!(frame.color_type, ColorType::Rgb | ColorType::Rgba);
    let level = |pixel: &[u8]| {
        let channel = |k: usize| match pixel[k * depth..(k + 1) * depth] {
            [high, low] => f64::from(u16::from_be_bytes([high, low])) / 65535.0,
            [byte] => f64::from(byte) / 255.0,
            _ => 0.0,
        };
        let level = if coloured {
            0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2)
        } else {
            channel(0)
        };
        (level * 1e6).round() / 1e6
    };
    let row = |row: &[u8]| row.chunks_exact(channels * depth).map(level).collect();
    let used = frame.line_size * frame.height as usize;
    Ok(bytes[..used].chunks_exact(frame.line_size).map(row).collect())
}
