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
        if self.value.is_empty() {
            *self = later;
            return;
        }
        self.x.extend(later.x);
        self.value.extend(later.value);
        self.grad_norm.extend(later.grad_norm);
        self.lr.extend(later.lr);
        self.event.extend(later.event);
    }

    /// Adds `rows` rows that are to be written now: a loop that knows its length writes without looking whether there is room.
    pub(super) fn open(&mut self, rows: usize) -> Rows<'_> {
        let (first, all) = (self.len(), self.len() + rows);
        self.x.resize(all * self.kept, 0.0);
        self.value.resize(all, 0.0);
        self.grad_norm.resize(all, 0.0);
        self.lr.resize(all, 0.0);
        self.event.resize(all, StepEvent::Moved);
        Rows {
            kept: self.kept,
            x: &mut self.x[first * self.kept..],
            value: &mut self.value[first..],
            grad_norm: &mut self.grad_norm[first..],
            lr: &mut self.lr[first..],
            event: &mut self.event[first..],
        }
    }

    /// Forgets all rows after the first `rows`.
    pub(super) fn truncate(&mut self, rows: usize) {
        self.x.truncate(rows * self.kept);
        self.value.truncate(rows);
        self.grad_norm.truncate(rows);
        self.lr.truncate(rows);
        self.event.truncate(rows);
    }
}

/// Rows of a trace that are being written.
pub(super) struct Rows<'a> {
    kept: usize,
    x: &'a mut [f64],
    value: &'a mut [f64],
    grad_norm: &'a mut [f64],
    lr: &'a mut [f64],
    /// What happened in each step.
    pub event: &'a mut [StepEvent],
}

impl Rows<'_> {
    pub fn len(&self) -> usize {
        self.value.len()
    }

    /// The part of row `k` that is known before its step; the event follows after.
    #[inline(always)]
    pub fn write(&mut self, k: usize, x: &[f64], value: f64, grad_norm: f64, lr: f64) {
        match x {
            // A copy of known length is two moves, not a call.
            [a, b] if self.kept == 2 => {
                if let Some(to) = self.x.as_chunks_mut().0.get_mut(k) {
                    *to = [*a, *b];
                }
            }
            _ => self.x[k * self.kept..][..self.kept].copy_from_slice(&x[..self.kept]),
        }
        self.value[k] = value;
        self.grad_norm[k] = grad_norm;
        self.lr[k] = lr;
    }
}
