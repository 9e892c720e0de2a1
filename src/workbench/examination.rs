//! What in a table will hurt, looked for on a worker once the table is there.

use std::sync::{Arc, Weak};

use super::job::{Job, Notify};
use super::pool::{Pool, Priority};
use crate::data::{Finding, Table, examine};

/// What it depends on: the table, as it was read, and the column to predict.
struct Key {
    table: Weak<Table>,
    target: String,
}

impl Key {
    fn is(&self, table: &Arc<Table>, target: &str) -> bool {
        std::ptr::eq(self.table.as_ptr(), Arc::as_ptr(table)) && self.target == target
    }
}

/// The findings about the table that is shown.
#[derive(Default)]
pub(super) struct Examination {
    job: Option<(Key, Job<Vec<Finding>>)>,
    done: Option<(Key, Vec<Finding>)>,
}

impl Examination {
    /// Looks at this table, unless that has been done or is being done. Nothing waits for it.
    pub fn follow(&mut self, pool: &Pool, notify: &Notify, table: &Arc<Table>, target: &str) {
        let done = self.done.as_ref().is_some_and(|(key, _)| key.is(table, target));
        if done || self.job.as_ref().is_some_and(|(key, _)| key.is(table, target)) {
            return;
        }
        let key = Key {
            table: Arc::downgrade(table),
            target: target.to_owned(),
        };
        let (table, target) = (Arc::clone(table), target.to_owned());
        let job = Job::once(pool, Priority::Refine, notify, move |_| examine(&table, Some(&target)));
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
        // If it panicked there is nothing to tell, and no use in trying again.
        let found = found.unwrap_or_default();
        self.done = self.job.take().map(|(key, _)| (key, found));
        true
    }

    /// What was found.
    pub fn of(&self, table: &Arc<Table>, target: &str) -> Option<&[Finding]> {
        let done = self.done.as_ref().filter(|(key, _)| key.is(table, target));
        done.map(|(_, found)| found.as_slice())
    }

    pub fn is_busy(&self) -> bool {
        self.job.is_some()
    }
}
