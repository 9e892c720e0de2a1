//! Tables, read on a worker: their first rows ahead, then all of them.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::job::{End, Job, Notify};
use super::pool::{Next, Pool, Priority};
use crate::data::{Progress, Table};
use crate::experiment::{Experiment, ExperimentError, Source};

/// Tables kept for undo and for switching back and forth.
const KEPT_TABLES: usize = 4;

/// What is to be opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    pub source: Source,
    /// The experiment that names the data, and its file; none if data are opened by themselves.
    pub experiment: Option<(Experiment, PathBuf)>,
}

impl Opened {
    fn folder(&self) -> Option<PathBuf> {
        let (_, file) = self.experiment.as_ref()?;
        file.parent().map(PathBuf::from)
    }
}

pub(super) type TableResult = Result<Arc<Table>, ExperimentError>;

enum Letter {
    /// A table of the first rows.
    Head(Arc<Table>),
    Whole(TableResult),
}

/// A table that is being read.
pub struct Incoming {
    opened: Opened,
    /// Whether somebody opened it, and not the document named what is not there.
    asked: bool,
    head: Option<Arc<Table>>,
    job: Job<Letter>,
}

impl Incoming {
    pub fn source(&self) -> &Source {
        &self.opened.source
    }

    pub fn progress(&self) -> &Progress {
        self.job.progress()
    }

    /// A table of the first rows, as soon as they are there.
    pub fn head(&self) -> Option<&Arc<Table>> {
        self.head.as_ref()
    }
}

/// The tables that were read last, and the one that is being read.
#[derive(Default)]
pub(super) struct Tables {
    known: Vec<(Source, Arc<Table>)>,
    incoming: Option<Incoming>,
    opened: Option<(Opened, TableResult)>,
    /// Why the document's table is not there.
    failed: Option<(Source, String)>,
    /// Where the experiment lies whose tables are named relative to it.
    folder: Option<PathBuf>,
}

impl Tables {
    /// Reads what somebody opened, whatever is being read.
    pub fn open(&mut self, pool: &Pool, notify: &Notify, opened: Opened) {
        self.failed = None;
        self.start(pool, notify, opened, true);
    }

    /// Reads what the document names, unless it is known to be in vain. What somebody opened goes first.
    pub fn want(&mut self, pool: &Pool, notify: &Notify, source: &Source) {
        let coming = self.incoming.as_ref().is_some_and(|r| r.asked || r.opened.source == *source);
        if coming || self.refusal(source).is_some() {
            return;
        }
        let opened = Opened {
            source: source.clone(),
            experiment: None,
        };
        self.start(pool, notify, opened, false);
    }

    fn start(&mut self, pool: &Pool, notify: &Notify, opened: Opened, asked: bool) {
        let folder = opened.folder().or_else(|| self.folder.clone());
        let source = opened.source.clone();
        let mut begun = false;
        let job = Job::start(pool, Priority::Work, notify, move |port| {
            if !begun {
                begun = true;
                // The window draws meanwhile, and answers.
                port.progress().shares.store(true, Ordering::Relaxed);
                if let Some(head) = source.head(folder.as_deref(), port.progress()) {
                    port.send(Letter::Head(Arc::new(head)));
                }
                return Next::Again;
            }
            let table = source.table(folder.as_deref(), port.progress());
            port.send(Letter::Whole(table.map(Arc::new)));
            Next::Done
        });
        self.incoming = Some(Incoming {
            opened,
            asked,
            head: None,
            job,
        });
    }

    /// Takes in what was read. True if there is anything new.
    pub fn poll(&mut self) -> bool {
        let Some(incoming) = &mut self.incoming else {
            return false;
        };
        let (letter, end) = incoming.job.poll();
        let result = match letter {
            Some(Letter::Head(head)) => {
                incoming.head = Some(head);
                return true;
            }
            Some(Letter::Whole(result)) => result,
            None => match panicked(end) {
                Some(failure) => failure,
                None => return false,
            },
        };
        if let Some(incoming) = self.incoming.take() {
            self.take(incoming, result);
        }
        true
    }

    fn take(&mut self, Incoming { opened, asked, .. }: Incoming, result: TableResult) {
        match &result {
            Ok(table) => {
                self.known.retain(|(source, _)| *source != opened.source);
                self.known.insert(0, (opened.source.clone(), Arc::clone(table)));
                self.known.truncate(KEPT_TABLES);
                self.folder = opened.folder().or_else(|| self.folder.take());
            }
            Err(error) if !asked => self.failed = Some((opened.source.clone(), error.to_string())),
            Err(_) => {}
        }
        if asked {
            self.opened = Some((opened, result));
        }
    }

    /// What was opened since the last call, or why it was not.
    pub fn take_opened(&mut self) -> Option<(Opened, TableResult)> {
        self.opened.take()
    }

    pub fn get(&self, source: &Source) -> Option<&Arc<Table>> {
        self.known.iter().find(|(known, _)| known == source).map(|(_, table)| table)
    }

    /// Why the table of the document is not there, if it was tried.
    pub fn refusal(&self, source: &Source) -> Option<&str> {
        let failed = self.failed.as_ref().filter(|(failed, _)| failed == source);
        failed.filter(|_| self.get(source).is_none()).map(|(_, why)| why.as_str())
    }

    pub fn incoming(&self) -> Option<&Incoming> {
        self.incoming.as_ref()
    }

    /// Gives up what is being read. What the document names is not tried again by itself.
    pub fn cancel(&mut self) {
        if let Some(Incoming {
            opened, asked: false, ..
        }) = self.incoming.take()
        {
            let why = "reading was cancelled; read it again, or change how it is read";
            self.failed = Some((opened.source, why.to_owned()));
        }
    }
}

/// What a job that panicked says in the place of a result.
pub(super) fn panicked<T>(end: Option<End>) -> Option<Result<T, ExperimentError>> {
    match end {
        Some(End::Panicked(words)) => Some(Err(ExperimentError::Internal(words))),
        _ => None,
    }
}
