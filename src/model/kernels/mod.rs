//! Matrix products, elementary functions and losses on many samples at once.
//!
//! Every kernel is one generic body over [`Simd`], eight lanes of `f64`. It is compiled three times (AVX-512, AVX2 with FMA,
//! portable) and [`Path::run`] picks one at run time, so the program needs no particular CPU. All sums have a fixed order and
//! every multiply-add is fused on every path: the three give the same bits.
//!
//! Layout: samples lie in the lanes. A chunk of samples is cut into panels of up to [`PANEL`] samples (the last padded to a multiple of
//! [`LANES`]); a panel of a layer with m units is an m x width matrix, row-major. So weights are used as they are stored, no
//! activation or loss ever adds across lanes, and layers with few outputs waste nothing.

mod chunk;
mod elementary;
mod elementwise;
mod losses;
mod portable;
mod product;
mod simd;
mod sums;
mod transpose;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use chunk::Chunk;
pub use elementwise::{Activate, Backprop, Multiply, TangentBackprop};
pub use losses::{LossSum, Losses, TangentLoss};
pub use product::{Outer, Spread, Start, Strided};
pub use simd::{LANES, PANEL, Simd};
pub use sums::SampleSums;
pub use transpose::{GatherRows, Transpose};

use portable::Portable;

/// Work that is written once over [`Simd`] and compiled for every path.
pub trait Task {
    type Output;
    /// To be `#[inline(always)]`: only then is it compiled with the path's instructions.
    fn run<S: Simd>(self, simd: S) -> Self::Output;
}

/// Which instructions the kernels use. All paths give the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path(Which);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    Portable,
}

impl Path {
    /// The one that runs anywhere.
    pub const PORTABLE: Self = Self(Which::Portable);

    /// All that this CPU can run, fastest first.
    pub fn available() -> Vec<Self> {
        let mut paths = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            if std::is_x86_feature_detected!("avx512f") {
                paths.push(Self(Which::Avx512));
            }
            if std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma") {
                paths.push(Self(Which::Avx2));
            }
        }
        paths.push(Self::PORTABLE);
        paths
    }

    /// The fastest that this CPU can run.
    pub fn detect() -> Self {
        Self::available().swap_remove(0)
    }

    /// "AVX-512", "AVX2" or "portable".
    pub fn name(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Which::Avx512 => "AVX-512",
            #[cfg(target_arch = "x86_64")]
            Which::Avx2 => "AVX2",
            Which::Portable => "portable",
        }
    }

    /// Runs a task with this path's instructions.
    #[inline]
    pub fn run<T: Task>(self, task: T) -> T::Output {
        match self.0 {
            // SAFETY: the two values are made in `available` only, after the CPU was found to have the instructions.
            #[cfg(target_arch = "x86_64")]
            Which::Avx512 => unsafe { x86::run_avx512(task) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Which::Avx2 => unsafe { x86::run_avx2(task) },
            Which::Portable => task.run(Portable),
        }
    }
}
