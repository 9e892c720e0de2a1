//! The box of a landscape that the user makes.

use crate::param::ParamSpec;

/// No end of a box is farther out.
const FARTHEST: f64 = 1e100;
/// Least size of a box relative to how far out it is.
const LEAST: f64 = 1e-6;

/// The ends of a box as the user sets them, in either order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Domain {
    pub x_min: f64,
    pub x_max: f64,
    pub y_min: f64,
    pub y_max: f64,
}

impl Default for Domain {
    fn default() -> Self {
        Self {
            x_min: -5.0,
            x_max: 5.0,
            y_min: -5.0,
            y_max: 5.0,
        }
    }
}

impl Domain {
    /// `[[x low, x high], [y low, y high]]`: sorted, finite, and never without size, whatever was set.
    pub fn ends(&self) -> [[f64; 2]; 2] {
        [side(self.x_min, self.x_max), side(self.y_min, self.y_max)]
    }

    /// `wanted` if it is inside, or a point near the upper corner.
    pub fn start(&self, wanted: [f64; 2]) -> [f64; 2] {
        let ends = self.ends();
        let inside = ends.iter().zip(wanted).all(|([low, high], at)| (*low..=*high).contains(&at));
        if inside {
            return wanted;
        }
        ends.map(|[low, high]| low + 0.85 * (high - low))
    }
}

fn side(a: f64, b: f64) -> [f64; 2] {
    let [a, b] = [a, b].map(|end| end.clamp(-FARTHEST, FARTHEST));
    let (low, high) = (a.min(b), a.max(b));
    let middle = low / 2.0 + high / 2.0;
    let least = LEAST * middle.abs().max(1.0);
    if high - low < least {
        [middle - least / 2.0, middle + least / 2.0]
    } else {
        [low, high]
    }
}

/// One end of the box as a parameter.
pub(super) const fn end<F>(name: &'static str, label: &'static str, field: fn(&mut F) -> &mut f64) -> ParamSpec<F> {
    ParamSpec::number(name, label, field)
        .linear(-10.0, 10.0)
        .symbol(name)
        .help("End of the box in which the landscape is looked at")
}
