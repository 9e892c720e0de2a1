//! Planes through parameter space and what is seen on them. A function of two variables is its own plane; a network is cut by
//! one, and everything else (grids, colours, paths) knows no difference.

mod axes;
mod colour_scale;
mod feature_plane;
mod grid;
mod hessian;
mod lanczos;
mod pca;
mod random;
mod slice;

pub use axes::axes;
pub use colour_scale::{ColourScale, Ranked, quantile_levels};
pub use feature_plane::{Answers, FeaturePlane, PlacedRow};
pub use grid::{Grid, GridSpec, RowWork};
pub use hessian::{top_eigenpairs, top_eigenvalue};
pub use lanczos::Eigenpair;
pub use pca::{Pca, pca, random_walk_ratio};
pub use random::{Biases, Block, Normalization, normalized, random_directions};
pub use slice::Slice;
