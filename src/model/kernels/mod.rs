//! Matrix products, elementary functions and losses on many samples at once, each a [`Task`](crate::math::simd::Task).
//!
//! Layout: samples lie in the lanes. A chunk of samples is cut into panels of up to [`PANEL`] samples (the last padded to a multiple of
//! [`LANES`](crate::math::simd::LANES)); a panel of a layer with m units is an m x width matrix, row-major. So weights are used as
//! they are stored, no activation or loss ever adds across lanes, and layers with few outputs waste nothing.

mod chunk;
mod curves;
mod elementary;
mod elementwise;
mod losses;
mod product;
mod sums;
mod transpose;

pub use chunk::{Chunk, PANEL};
pub use elementwise::{Activate, Backprop, Multiply, Shift, TangentBackprop};
pub use losses::{LossSum, Losses, TangentLoss};
pub use product::{Outer, Samples, Spread, Start, Strided};
pub use sums::SampleSums;
pub use transpose::{GatherRows, Transpose};
