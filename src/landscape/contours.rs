//! Contour lines by marching squares.
//!
//! Lorensen and Cline 1987 in two dimensions. A line crosses the edge of a cell where its two ends lie on different sides of the
//! level, at the place that linear interpolation gives. Each crossing belongs to an edge and so is shared by two cells: joining
//! segments needs no comparison of coordinates.

use super::Grid;

/// The lines on which the grid has height `level`, as points (a, b). A closed line ends with its first point. Cells with a corner
/// that is not finite are skipped; a cell whose corners alternate (a saddle) is cut as the mean of its corners says.
pub fn contours(grid: &Grid, level: f64) -> Vec<Vec<[f64; 2]>> {
    let (n_a, n_b) = (grid.spec.n_a, grid.spec.n_b);
    if n_a < 2 || n_b < 2 || !level.is_finite() {
        return Vec::new();
    }
    let mut joints = Joints::new(grid);
    for j in 0..n_b - 1 {
        for i in 0..n_a - 1 {
            cut_cell(grid, level, i, j, &mut joints);
        }
    }
    joints.into_lines(|edge| crossing(grid, level, edge))
}

/// Adds the segments of the cell whose lowest corner is (i, j).
fn cut_cell(grid: &Grid, level: f64, i: usize, j: usize, joints: &mut Joints) {
    let corners = [grid.at(i, j), grid.at(i + 1, j), grid.at(i + 1, j + 1), grid.at(i, j + 1)];
    if corners.iter().any(|c| !c.is_finite()) {
        return;
    }
    let case = (0..4).fold(0, |case, k| case | (usize::from(corners[k] >= level) << k));
    if case == 0 || case == 15 {
        return;
    }
    let n_a = grid.spec.n_a;
    let south = edge_id(n_a, i, j, Along::A);
    let east = edge_id(n_a, i + 1, j, Along::B);
    let north = edge_id(n_a, i, j + 1, Along::A);
    let west = edge_id(n_a, i, j, Along::B);
    // Quarters first: their sum cannot overflow.
    let high_middle = corners.iter().map(|c| 0.25 * c).sum::<f64>() >= level;
    match case {
        1 | 14 => joints.join(west, south),
        2 | 13 => joints.join(south, east),
        4 | 11 => joints.join(east, north),
        8 | 7 => joints.join(north, west),
        3 | 12 => joints.join(west, east),
        6 | 9 => joints.join(south, north),
        // Corners 0 and 2 are high: if the middle is too, the low corners 1 and 3 are cut off, else the high ones.
        5 if high_middle => {
            joints.join(south, east);
            joints.join(north, west);
        }
        5 => {
            joints.join(west, south);
            joints.join(east, north);
        }
        _ if high_middle => {
            joints.join(west, south);
            joints.join(east, north);
        }
        _ => {
            joints.join(south, east);
            joints.join(north, west);
        }
    }
}

/// Which way an edge leads from its lower end.
#[derive(Clone, Copy)]
enum Along {
    A = 0,
    B = 1,
}

/// The number of the edge that leads from (i, j) along an axis.
fn edge_id(n_a: usize, i: usize, j: usize, along: Along) -> u32 {
    (2 * (j * n_a + i) + along as usize) as u32
}

/// The point at which the level crosses an edge.
fn crossing(grid: &Grid, level: f64, edge: u32) -> [f64; 2] {
    let spec = &grid.spec;
    let node = edge as usize / 2;
    let (i, j) = (node % spec.n_a, node / spec.n_a);
    let (to_i, to_j) = if edge.is_multiple_of(2) { (i + 1, j) } else { (i, j + 1) };
    let (from, to) = (grid.at(i, j), grid.at(to_i, to_j));
    // Halves: the difference of two huge heights would overflow.
    let part = ((0.5 * level - 0.5 * from) / (0.5 * to - 0.5 * from)).clamp(0.0, 1.0);
    let between = |from: f64, to: f64| from + part * (to - from);
    [between(spec.a_at(i), spec.a_at(to_i)), between(spec.b_at(j), spec.b_at(to_j))]
}

const NONE: u32 = u32::MAX;

/// For every edge that is crossed, the edges at the other ends of its (at most two) segments.
struct Joints(Vec<[u32; 2]>);

impl Joints {
    fn new(grid: &Grid) -> Self {
        Self(vec![[NONE; 2]; 2 * grid.values.len()])
    }

    fn join(&mut self, p: u32, q: u32) {
        for (from, to) in [(p, q), (q, p)] {
            let ends = &mut self.0[from as usize];
            ends[usize::from(ends[0] != NONE)] = to;
        }
    }

    fn degree(&self, edge: u32) -> usize {
        self.0[edge as usize].iter().filter(|end| **end != NONE).count()
    }

    /// Follows the segments from end to end: open lines first, from one of their ends, then closed ones.
    fn into_lines(mut self, point: impl Fn(u32) -> [f64; 2]) -> Vec<Vec<[f64; 2]>> {
        let edges = self.0.len() as u32;
        let mut lines = Vec::new();
        for degree in [1, 2] {
            for start in 0..edges {
                if self.degree(start) == degree {
                    lines.push(self.follow(start, &point));
                }
            }
        }
        lines
    }

    fn follow(&mut self, start: u32, point: &impl Fn(u32) -> [f64; 2]) -> Vec<[f64; 2]> {
        let mut line = vec![point(start)];
        let mut here = start;
        while let Some(next) = self.take(here) {
            let back = self.0[next as usize].iter_mut().find(|end| **end == here);
            if let Some(end) = back {
                *end = NONE;
            }
            line.push(point(next));
            here = next;
        }
        line
    }

    /// Takes a segment away from an edge: the edge at its other end.
    fn take(&mut self, edge: u32) -> Option<u32> {
        let end = self.0[edge as usize].iter_mut().find(|end| **end != NONE)?;
        Some(std::mem::replace(end, NONE))
    }
}
