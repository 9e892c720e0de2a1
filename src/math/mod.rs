//! Floor 0: numbers. Elementary functions with the same bits everywhere, dual numbers, recorded formulas, vectors, linear least squares,
//! singular values, eigenvalues of symmetric matrices, wide instructions, rows shared among threads, named random streams.

pub mod double_double;
pub mod dual;
pub mod least_squares;
pub mod lockstep;
pub mod ops;
pub mod part;
pub mod real;
pub mod rng;
pub mod simd;
pub mod singular;
pub mod symmetric;
pub mod tape;
pub mod threads;
pub mod vector;

pub use dual::Dual;
pub use part::{Part, Sparse};
pub use real::Real;
pub use rng::{Purpose, Rng};
