//! What a run leaves behind: a row for every step, in columns.

use super::StepEvent;

/// Row k belongs to the point before step k (row 0 = the start); the last row of an ended run has no step after it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trace {
    /// Coordinates kept a row: n for problems with few variables, 0 where points are too large to keep.
    pub kept: usize,
    /// Points, `kept` numbers a row.
    pub x: Vec<f64>,
    /// f at the point, on the batch of the step that starts there.
    pub value: Vec<f64>,
    /// |∇f| at the point, before noise and clipping, on the same batch.
    pub grad_norm: Vec<f64>,
    /// Learning rate of the step that starts at the point; NaN where the rule has none.
    pub lr: Vec<f64>,
    /// What happened in the step that starts at the point.
    pub event: Vec<StepEvent>,
}

impl Trace {
    pub fn new(kept: usize) -> Self {
        Self { kept, ..Self::default() }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.value.len()
    }

    pub fn is_empty(&self) -> bool {
        self.value.is_empty()
    }

    /// The point of row `row`, where points are kept.
    pub fn point(&self, row: usize) -> Option<&[f64]> {
        if self.kept == 0 {
            return None;
        }
        self.x.get(row * self.kept..(row + 1) * self.kept)
    }

    /// Makes room for `rows` more, so that the loop does not allocate.
    pub fn reserve(&mut self, rows: usize) {
        self.x.reserve(rows * self.kept);
        self.value.reserve(rows);
        self.grad_norm.reserve(rows);
        self.lr.reserve(rows);
        self.event.reserve(rows);
    }

    /// Forgets all rows but keeps their memory.
    pub fn clear(&mut self) {
        self.x.clear();
        self.value.clear();
        self.grad_norm.clear();
        self.lr.clear();
        self.event.clear();
    }

    /// Adds the rows that came after these.
    pub fn append(&mut self, later: Self) {
        debug_assert_eq!(self.kept, later.kept);
        self.x.extend(later.x);
        self.value.extend(later.value);
        self.grad_norm.extend(later.grad_norm);
        self.lr.extend(later.lr);
        self.event.extend(later.event);
    }

    /// The part of a row that is known before its step; the event follows after.
    #[inline(always)]
    pub(super) fn push(&mut self, x: &[f64], value: f64, grad_norm: f64, lr: f64) {
        match x {
            // A copy of known length is two moves, not a call.
            [a, b] if self.kept == 2 => self.x.extend_from_slice(&[*a, *b]),
            _ => self.x.extend_from_slice(&x[..self.kept]),
        }
        self.value.push(value);
        self.grad_norm.push(grad_norm);
        self.lr.push(lr);
    }
}
