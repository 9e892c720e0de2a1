//! From a CSV file to what a model trains on.
//!
//! File -> blocks ([`read`]) -> [`Table`]: typed columns and findings -> [`Dataset`]: numbers only.

mod block;
mod dataset;
mod date;
mod dialect;
mod encoding;
mod error;
mod finding;
mod gather;
mod header;
mod kinds;
mod levels;
mod moments;
mod number;
mod progress;
mod read;
mod record;
mod signature;
mod sniff;
mod source;
mod table;
mod whole_file;

pub use dataset::{Dataset, Targets};
pub use dialect::{Dialect, LineEnd, ReadOptions};
pub use error::DataError;
pub use finding::{Finding, Severity, Topic};
pub use levels::{MISSING, Texts};
pub use moments::moments;
pub use number::NumberFormat;
pub use progress::Progress;
pub use read::{read, read_bytes};
pub use table::{Column, Figures, Kind, Lines, Table, Values};
pub use whole_file::write_whole;
