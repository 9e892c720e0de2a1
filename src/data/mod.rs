//! From a CSV file to what a model trains on.
//!
//! File -> blocks ([`read`]) -> [`Table`]: typed columns and findings -> [`Dataset`]: numbers only.

mod block;
mod bundled;
mod dataset;
mod date;
mod delimiter;
mod dialect;
mod encoding;
mod error;
mod export;
mod figures;
mod finding;
mod gather;
mod generated;
mod grey;
mod grid;
mod header;
mod kinds;
mod levels;
mod moments;
mod notation;
mod number;
mod preparation;
mod progress;
mod read;
pub mod recipe;
mod record;
mod sample;
mod scaling;
mod signature;
mod sniff;
mod source;
mod specials;
mod split;
mod table;
mod task;
mod top;
mod whole_file;

pub use bundled::{BUNDLED, Bundled};
pub use dataset::{Dataset, Targets};
pub use dialect::{Dialect, LineEnd, ReadOptions};
pub use error::DataError;
pub use finding::{Finding, Severity, Topic};
pub use generated::{GENERATED, Generated};
pub use grid::read_grid;
pub use levels::{MISSING, Texts};
pub use moments::moments;
pub use number::NumberFormat;
pub use preparation::{Preparation, Prepared, prepare};
pub use progress::Progress;
pub use read::{read, read_bytes};
pub use scaling::Scaling;
pub use table::{Column, Figures, Kind, Lines, Table, Values};
pub use task::{Task, task_for};
pub use whole_file::write_whole;
