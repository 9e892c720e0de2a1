//! A run: a rule on a problem from a start, what it leaves behind, and its state at any step, exactly.

mod basins;
mod chunk;
mod plan;
mod trajectory;

pub use basins::{BasinMap, BasinPlan};
pub use chunk::{Chunk, Keyframe};
pub use plan::RunPlan;
pub use trajectory::{Run, Trajectory, replay};
