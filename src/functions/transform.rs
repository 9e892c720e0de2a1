//! How a landscape is laid: turned, stretched and moved.

use serde::{Deserialize, Serialize};

use crate::param::{Limit, ParamSpec, Parametric};

/// Where a landscape lies: first stretched along its own axes, then turned, both about the middle of its domain, then moved.
///
/// With c the middle of the domain of f, S = diag(`scale_x`, `scale_y`), R the turn by `rotation` and t = (`shift_x`, `shift_y`), a point z
/// of f is found at x = c + t + R S (z − c). In more than two variables every pair of coordinates (0, 1), (2, 3) ... is laid in this way; a
/// last one without a partner is stretched and moved as an x, and not turned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Transform {
    /// Degrees, anticlockwise.
    pub rotation: f64,
    /// How many times as wide as without.
    pub scale_x: f64,
    pub scale_y: f64,
    /// How far it is moved, in units of x and y.
    pub shift_x: f64,
    pub shift_y: f64,
}

impl Default for Transform {
    /// As the formula says.
    fn default() -> Self {
        Self {
            rotation: 0.0,
            scale_x: 1.0,
            scale_y: 1.0,
            shift_x: 0.0,
            shift_y: 0.0,
        }
    }
}

impl Transform {
    /// Whether it leaves everything where it is.
    pub fn is_identity(&self) -> bool {
        *self == Self::default()
    }
}

impl Parametric for Transform {
    const PARAMS: &'static [ParamSpec<Self>] = &[
        ParamSpec::number("rotation", "Rotation", |t: &mut Self| &mut t.rotation)
            .linear(-180.0, 180.0)
            .symbol("θ")
            .help("Turns the landscape about the middle of its domain, in degrees, anticlockwise"),
        ParamSpec::number("scale_x", "Stretch x", |t: &mut Self| &mut t.scale_x)
            .log(0.1, 10.0)
            .limit(Limit::Positive)
            .help("How many times as wide the landscape becomes along its own x axis, before it is turned"),
        ParamSpec::number("scale_y", "Stretch y", |t: &mut Self| &mut t.scale_y)
            .log(0.1, 10.0)
            .limit(Limit::Positive)
            .help("How many times as wide the landscape becomes along its own y axis, before it is turned"),
        ParamSpec::number("shift_x", "Shift x", |t: &mut Self| &mut t.shift_x)
            .linear(-5.0, 5.0)
            .help("How far the landscape is moved along x"),
        ParamSpec::number("shift_y", "Shift y", |t: &mut Self| &mut t.shift_y)
            .linear(-5.0, 5.0)
            .help("How far the landscape is moved along y"),
    ];
}
