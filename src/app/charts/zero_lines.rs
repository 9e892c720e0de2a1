//! Where a field on a grid changes its sign, as pieces of line: marching squares (Lorensen and Cline 1987, in two dimensions), the saddle
//! being decided by the mean of its corners.

/// A piece of line between two points, in cells of the grid from its first point.
pub type Piece = [[f64; 2]; 2];

/// The pieces for `field`, `grid` x `grid` values, row-major. Cells with a value that is not finite have none.
pub fn zero_lines(grid: usize, field: &[f64]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for j in 0..grid.saturating_sub(1) {
        for i in 0..grid - 1 {
            let at = |di: usize, dj: usize| field[(j + dj) * grid + i + di];
            let corners = [at(0, 0), at(1, 0), at(1, 1), at(0, 1)];
            let offset = |[a, b]: [f64; 2]| [a + i as f64, b + j as f64];
            pieces.extend(cell(corners).into_iter().map(|piece| piece.map(offset)));
        }
    }
    pieces
}

/// Corners counter-clockwise from the lower left.
const CORNERS: [[f64; 2]; 4] = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];

fn cell(values: [f64; 4]) -> Vec<Piece> {
    if !values.iter().all(|v| v.is_finite()) {
        return Vec::new();
    }
    let is_above = values.map(|v| v > 0.0);
    // Where the sides of the cell are crossed, counter-clockwise.
    let crossing = |k: usize| {
        let (a, b) = (k, (k + 1) % 4);
        (is_above[a] != is_above[b]).then(|| {
            let part = values[a] / (values[a] - values[b]);
            [0, 1].map(|axis| CORNERS[a][axis] + part * (CORNERS[b][axis] - CORNERS[a][axis]))
        })
    };
    let crossings: Vec<[f64; 2]> = (0..4).filter_map(crossing).collect();
    match crossings.as_slice() {
        [a, b] => vec![[*a, *b]],
        [a, b, c, d] => {
            // The middle belongs to the first corner or to its neighbours.
            let middle = values.iter().sum::<f64>() > 0.0;
            if middle == is_above[0] {
                vec![[*a, *b], [*c, *d]]
            } else {
                vec![[*d, *a], [*b, *c]]
            }
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_circle_is_as_long_as_the_circle() {
        let grid = 61;
        let radius = |k: usize| ((k % grid) as f64 - 30.0).hypot((k / grid) as f64 - 30.0);
        let field: Vec<f64> = (0..grid * grid).map(|k| radius(k) - 20.0).collect();
        let length: f64 = zero_lines(grid, &field)
            .iter()
            .map(|[p, q]| (p[0] - q[0]).hypot(p[1] - q[1]))
            .sum();
        assert!((length / (40.0 * std::f64::consts::PI) - 1.0).abs() < 2e-3, "{length}");
    }

    #[test]
    fn a_saddle_has_two_lines_that_do_not_cross() {
        // The middle is above: the two low corners are cut off.
        let pieces = cell([1.0, -0.5, 1.0, -0.5]);
        let cuts_off = |corner: [f64; 2]| {
            let is_near = |[x, y]: &[f64; 2]| (x - corner[0]).abs() + (y - corner[1]).abs() < 0.5;
            pieces.iter().filter(|piece| piece.iter().all(is_near)).count()
        };
        assert_eq!(
            (pieces.len(), cuts_off([1.0, 0.0]), cuts_off([0.0, 1.0])),
            (2, 1, 1),
            "{pieces:?}"
        );
        assert!(cell([1.0, f64::NAN, -1.0, -1.0]).is_empty());
    }
}
