//! Floor 1: what a user may set. A hyperparameter is declared once, beside the struct that holds it; sliders, validation, the
//! command line, tooltips, help and the table tests are all derived from that declaration.

mod list;
mod nearest;
mod registry;
mod spec;

pub use list::List;
pub use nearest::nearest;
pub(crate) use registry::registry;
pub use spec::{Limit, ParamError, ParamInfo, ParamSpec, Parameters, Parametric, Range, Value};
