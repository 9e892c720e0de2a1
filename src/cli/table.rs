//! DATA.csv: a file, or one of the data sets that come with the program.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use super::dialect::DialectArgs;
use super::{CliError, execute, interrupt};
use crate::data::{Bundled, Finding, Progress, Severity, Table, read};
use crate::experiment::Source;

/// Which data, and how to read them.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct TableArgs {
    /// A CSV file, or the id of a data set that comes with the program (`optiscope list datasets`)
    #[arg(value_name = "DATA.csv")]
    data: PathBuf,
    #[command(flatten)]
    dialect: DialectArgs,
}

impl TableArgs {
    /// The set that comes with the program, if that is what is meant: a file of the same name goes first.
    fn bundled(&self) -> Option<&'static Bundled> {
        self.data.to_str().filter(|_| !self.data.exists()).and_then(Bundled::from_id)
    }

    /// Where the data come from, as an experiment says it.
    pub fn source(&self) -> Source {
        match self.bundled() {
            Some(set) => Source::Bundled { id: set.id.to_owned() },
            None => Source::File {
                path: self.data.clone(),
                dialect: self.dialect.options(),
            },
        }
    }

    /// A set that comes with the program is read as it is: an option that says how would say nothing.
    fn check_unread(&self, set: &Bundled) -> Result<(), CliError> {
        match self.dialect.first() {
            Some((option, given)) => Err(CliError::Value {
                option,
                given,
                accepted: format!(
                    "{} comes with the program, which knows how to read it; leave this out",
                    set.id
                ),
            }),
            None => Ok(()),
        }
    }

    /// Reads the data, with progress on a terminal.
    pub fn table(&self) -> Result<Table, CliError> {
        match self.bundled() {
            Some(set) => {
                self.check_unread(set)?;
                Ok(set.table()?)
            }
            None => Ok(watch(|progress| read(&self.data, &self.dialect.options(), progress))??),
        }
    }
}

/// Does work that reports progress while the main thread shows it and listens for Ctrl-C.
///
/// # Errors
/// Ctrl-C was pressed.
pub(super) fn watch<T: Send>(work: impl FnOnce(&Progress) -> T + Send) -> Result<T, CliError> {
    use std::sync::atomic::Ordering;
    let progress = Progress::default();
    let bar = execute::bar(0, "bytes");
    let result = thread::scope(|scope| {
        let worker = scope.spawn(|| work(&progress));
        while !worker.is_finished() {
            if interrupt::pressed() {
                progress.cancel();
            }
            bar.set_length(progress.total.load(Ordering::Relaxed));
            bar.set_position(progress.done.load(Ordering::Relaxed));
            thread::sleep(Duration::from_millis(2));
        }
        // A panic of the work is a bug of ours: it goes on as such.
        worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    bar.finish_and_clear();
    interrupt::check().map(|()| result)
}

/// Tells on stderr what was odd about a table.
pub(super) fn warn(table: &Table) {
    warn_unless(table, |_| false);
}

/// The same without what is said better elsewhere.
pub(super) fn warn_unless(table: &Table, is_told: impl Fn(&Finding) -> bool) {
    let odd = table.findings.iter().filter(|f| f.severity != Severity::Info);
    for finding in odd.filter(|f| !is_told(f)) {
        eprintln!("warning: {}: {finding}", table.name);
    }
}
