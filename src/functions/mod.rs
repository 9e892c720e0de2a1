//! Landscapes given by a formula. A function is one file in `catalogue` and one line in the list below. The
//! last ones are the user's own.

mod analytic;
mod catalogue;
mod domain;
mod formula;
mod function;
mod height_map;
mod many;
mod placed;
mod roots;
mod sums;
mod transform;

pub use analytic::Derivatives;
pub use catalogue::*;
pub use formula::{Formula, FormulaError};
pub use function::{AnyFunction, FunctionInfo, MAX_DIM, Minimum, Tag, TestFunction};
pub use height_map::{HeightMap, HeightMapError};
pub use placed::{Placed, Placement};
pub use transform::Transform;

use crate::param::registry;

registry! {
    /// A landscape with its parameters.
    pub enum FunctionConfig: dyn AnyFunction {
        "rosenbrock" => Rosenbrock,
        "rastrigin" => Rastrigin,
        "ackley" => Ackley,
        "himmelblau" => Himmelblau,
        "beale" => Beale,
        "booth" => Booth,
        "matyas" => Matyas,
        "goldstein_price" => GoldsteinPrice,
        "three_hump_camel" => ThreeHumpCamel,
        "six_hump_camel" => SixHumpCamel,
        "easom" => Easom,
        "eggholder" => Eggholder,
        "griewank" => Griewank,
        "levy" => Levy,
        "levy13" => Levy13,
        "schwefel" => Schwefel,
        "styblinski_tang" => StyblinskiTang,
        "mccormick" => McCormick,
        "bukin6" => Bukin6,
        "cross_in_tray" => CrossInTray,
        "holder_table" => HolderTable,
        "drop_wave" => DropWave,
        "branin" => Branin,
        "michalewicz" => Michalewicz,
        "sphere" => Sphere,
        "schaffer2" => Schaffer2,
        "schaffer4" => Schaffer4,
        "zakharov" => Zakharov,
        "dixon_price" => DixonPrice,
        "monkey_saddle" => MonkeySaddle,
        "saddle" => Saddle,
        "shubert" => Shubert,
        "bohachevsky1" => Bohachevsky1,
        "trid" => Trid,
        "quadratic_ill" => QuadraticIll,
        "formula" => Formula,
        "height_map" => HeightMap,
    }
}
