//! Formulas recorded once and played over many points.
//!
//! A formula written over `T: Real` is evaluated once over [`Traced`] numbers, which note what is done to them; dual numbers over
//! traced ones note what its derivatives are. The list is then played a block of points at a time, one operation after the other,
//! with wide instructions; on a plane what depends on one coordinate only is done once for each of its values. The bits are those of
//! evaluating point by point.

mod fuse;
mod op;
mod play;
mod program;
mod traced;

pub use program::{Plane, Points};
pub use traced::Traced;
