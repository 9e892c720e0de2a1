//! The landscapes: a file each.

mod beale;
mod easom;
mod himmelblau;
mod quadratic_ill;
mod rastrigin;
mod rosenbrock;
mod saddle;
mod sphere;

pub use beale::Beale;
pub use easom::Easom;
pub use himmelblau::Himmelblau;
pub use quadratic_ill::QuadraticIll;
pub use rastrigin::Rastrigin;
pub use rosenbrock::Rosenbrock;
pub use saddle::Saddle;
pub use sphere::Sphere;
