//! Loss and gradient at the point of the plane under the pointer: computed there, not read off the picture.

use std::sync::Arc;

use super::job::{Job, Notify};
use super::plane::Plane;
use super::pool::{Pool, Priority};
use crate::math::vector;
use crate::objective::{Batch, Objective, Scratch};

/// What is read at a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// The point of the plane.
    pub ab: [f64; 2],
    /// Loss over the watched rows.
    pub loss: f64,
    /// Norm of its gradient, in all parameters.
    pub grad_norm: f64,
}

/// Reads at one point at a time, the latest.
#[derive(Default)]
pub(super) struct Hover {
    asked: Option<[f64; 2]>,
    read: Option<Reading>,
    job: Option<Job<Reading>>,
}

impl Hover {
    /// What was read at a point, if it has been. Otherwise it is asked for, unless another point is just being read: the next
    /// frame asks again.
    pub fn read(
        &mut self,
        pool: &Pool,
        notify: &Notify,
        plane: &Arc<Plane>,
        watched: &Arc<dyn Objective>,
        ab: [f64; 2],
    ) -> Option<Reading> {
        if self.job.is_none() && self.asked != Some(ab) {
            self.asked = Some(ab);
            let (plane, watched) = (Arc::clone(plane), Arc::clone(watched));
            self.job = Some(Job::once(pool, Priority::Glance, notify, move |_| {
                reading(&plane, watched.as_ref(), ab)
            }));
        }
        self.read.filter(|reading| reading.ab == ab)
    }

    pub fn poll(&mut self) -> bool {
        let reading = Job::fetch(&mut self.job);
        self.read = reading.or(self.read);
        reading.is_some()
    }

    /// Forgets what was read on another plane.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

fn reading(plane: &Plane, watched: &dyn Objective, ab: [f64; 2]) -> Reading {
    let mut x = vec![0.0; plane.slice.dim()];
    let mut grad = x.clone();
    plane.slice.embed(ab[0], ab[1], &mut x);
    let loss = watched.value_and_grad(&x, Batch::Full, &mut grad, &mut Scratch::default());
    Reading {
        ab,
        loss,
        grad_norm: vector::norm(&grad),
    }
}
