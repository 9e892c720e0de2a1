//! Wide instructions where the CPU has them, with the same bits where it has not.
//!
//! Work is written once and compiled three times (AVX-512, AVX2 with FMA, portable); [`Path::run`] picks one at run time, so that the
//! program needs no particular CPU. Work over [`Simd`] fuses every multiply-add on every path; work in plain Rust fuses those that say so
//! (`ops::mul_add`), which a CPU without the instruction works out in software; sums have an order of their own. So no number depends on the path.

mod lanes;
mod memory;
mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use lanes::{LANES, ROUND, Simd};
pub use memory::CacheLines;

use portable::Portable;

/// Work that is written once over [`Simd`] and compiled for every path.
pub trait Task {
    type Output;
    /// To be `#[inline(always)]`, like everything it calls: only then is it compiled with the path's instructions.
    fn run<S: Simd>(self, simd: S) -> Self::Output;
}

/// Which instructions are used. All paths give the same bits.
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

    /// AVX-512, if the CPU has it.
    fn avx512() -> Option<Self> {
        #[cfg(target_arch = "x86_64")]
        if std::is_x86_feature_detected!("avx512f") {
            return Some(Self(Which::Avx512));
        }
        None
    }

    /// AVX2 with FMA, if the CPU has them.
    fn avx2() -> Option<Self> {
        #[cfg(target_arch = "x86_64")]
        if std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma") {
            return Some(Self(Which::Avx2));
        }
        None
    }

    /// All that this CPU can run, fastest first.
    pub fn available() -> impl Iterator<Item = Self> {
        [Self::avx512(), Self::avx2(), Some(Self::PORTABLE)].into_iter().flatten()
    }

    /// The fastest that this CPU can run. Costs next to nothing: the standard library remembers what the CPU said.
    #[inline]
    pub fn detect() -> Self {
        Self::avx512().or_else(Self::avx2).unwrap_or(Self::PORTABLE)
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
            // SAFETY: this value is made in `avx512` only, after the CPU was found to have the instructions.
            #[cfg(target_arch = "x86_64")]
            Which::Avx512 => unsafe { x86::run_avx512(task) },
            // SAFETY: as above, in `avx2`.
            #[cfg(target_arch = "x86_64")]
            Which::Avx2 => unsafe { x86::run_avx2(task) },
            Which::Portable => task.run(Portable),
        }
    }
}

/// Below this many elements, choosing instructions costs more than it saves.
const WORTH_IT: usize = 32;

/// Runs a plain loop over `n` elements, compiled for the CPU at hand. The closure is to be `#[inline(always)]`.
#[inline(always)]
pub fn wide<R>(n: usize, work: impl FnOnce() -> R) -> R {
    if n < WORTH_IT {
        work()
    } else {
        Path::detect().run(Plain(work))
    }
}

/// Work that leaves it to the compiler to use wide instructions.
struct Plain<F>(F);

impl<R, F: FnOnce() -> R> Task for Plain<F> {
    type Output = R;

    #[inline(always)]
    fn run<S: Simd>(self, _simd: S) -> R {
        (self.0)()
    }
}
