//! What the recipe does to gradient descent, worked out on a worker once the table is there.

use std::sync::{Arc, Weak};

use super::job::{Job, Notify};
use super::pool::{Pool, Priority};
use crate::data::{Effect, Preparation, Table, effect};

/// What it depends on.
struct Key {
    table: Weak<Table>,
    preparation: Preparation,
}

impl Key {
    fn is(&self, table: &Arc<Table>, preparation: &Preparation) -> bool {
        std::ptr::eq(self.table.as_ptr(), Arc::as_ptr(table)) && self.preparation == *preparation
    }
}

/// The effect of the recipe that is shown.
#[derive(Default)]
pub(super) struct Conditionings {
    job: Option<(Key, Job<Option<Effect>>)>,
    done: Option<(Key, Option<Effect>)>,
}

impl Conditionings {
    /// Works it out for this table and preparation, unless that has been done or is being done. Nothing waits for it.
    pub fn follow(&mut self, pool: &Pool, notify: &Notify, table: &Arc<Table>, preparation: &Preparation) {
        let done = self.done.as_ref().is_some_and(|(key, _)| key.is(table, preparation));
        if done || self.job.as_ref().is_some_and(|(key, _)| key.is(table, preparation)) {
            return;
        }
        let key = Key {
            table: Arc::downgrade(table),
            preparation: preparation.clone(),
        };
        let (table, preparation) = (Arc::clone(table), preparation.clone());
        // What cannot be prepared is refused elsewhere, in a sentence.
        let job = Job::once(pool, Priority::Refine, notify, move |_| {
            effect(&table, &preparation).ok().flatten()
        });
        self.job = Some((key, job));
    }

    pub fn poll(&mut self) -> bool {
        let Some((_, job)) = &self.job else {
            return false;
        };
        let (found, end) = job.poll();
        if found.is_none() && end.is_none() {
            return false;
        }
        let found = found.flatten();
        self.done = self.job.take().map(|(key, _)| (key, found));
        true
    }

    /// What it does: none while that is not known, or of more features than can be looked at.
    pub fn of(&self, table: &Arc<Table>, preparation: &Preparation) -> Option<Effect> {
        let done = self.done.as_ref().filter(|(key, _)| key.is(table, preparation));
        done.and_then(|(_, effect)| *effect)
    }

    pub fn is_busy(&self) -> bool {
        self.job.is_some()
    }
}
