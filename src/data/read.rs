//! A file into a table: head, blocks on all cores, kinds.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::block::{self, Layout};
use super::dialect::NO_QUOTE;
use super::encoding;
use super::finding::{Findings, Severity, Topic};
use super::gather::{self, Gather, Growing};
use super::kinds;
use super::sniff::{self, Plan, Sniffed};
use super::source::{Origin, Source};
use super::table::{Column, Table};
use super::{DataError, Dialect, Finding, Progress, ReadOptions};

/// Workers beyond this number wait for the disk.
const MOST_WORKERS: usize = 8;

/// Reads a CSV file, which may be packed with gzip.
///
/// Streams in blocks; needs memory for the table and a few blocks. Watches `progress.cancel` at every block.
///
/// # Errors
/// A file that cannot be read, is no CSV or a damaged gzip, holds nothing, has a quote that is never closed, or changes meanwhile.
/// Everything else that is odd is a finding of the table.
pub fn read(path: &Path, options: &ReadOptions, progress: &Progress) -> Result<Table, DataError> {
    // A pipe can be read only once, and is no file whose size is known.
    let regular = std::fs::metadata(path).map(|m| m.is_file() || m.is_dir()).unwrap_or(true);
    if regular {
        return read_origin(Origin::File(path), options, progress);
    }
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|source| DataError::Unreadable {
        file: name.clone(),
        source,
    })?;
    read_bytes(&name, &bytes, options, progress)
}

/// Reads a CSV that is in memory already; `name` is what messages call it.
///
/// # Errors
/// As [`read`].
pub fn read_bytes(name: &str, bytes: &[u8], options: &ReadOptions, progress: &Progress) -> Result<Table, DataError> {
    read_origin(Origin::Bytes { name, bytes }, options, progress)
}

/// Reads the beginning of a CSV file: a table of its first rows, for a look at it while the whole is being read. What is found out about
/// dialect and columns is what these rows tell.
///
/// # Errors
/// As [`read`]; a pipe is not read, for that can be done only once.
pub fn read_head(path: &Path, options: &ReadOptions, progress: &Progress) -> Result<Table, DataError> {
    let origin = Origin::File(path);
    if std::fs::metadata(path).is_ok_and(|meta| !meta.is_file()) {
        return Err(DataError::NotCsv {
            file: origin.label(),
            what: "no regular file".to_owned(),
            advice: "read it as a whole",
        });
    }
    let mut reading = Reading::begin(origin, options, progress)?;
    reading.source.end_here(reading.sniffed.syntax);
    reading.finish(progress)
}

fn read_origin(origin: Origin, options: &ReadOptions, progress: &Progress) -> Result<Table, DataError> {
    Reading::begin(origin, options, progress)?.finish(progress)
}

/// A file whose dialect is known and whose rows are about to be read.
struct Reading<'a> {
    origin: Origin<'a>,
    options: &'a ReadOptions,
    source: Source<'a>,
    sniffed: Sniffed,
    findings: Findings,
}

impl<'a> Reading<'a> {
    fn begin(origin: Origin<'a>, options: &'a ReadOptions, progress: &Progress) -> Result<Self, DataError> {
        let wanted = options.encoding.as_deref().map(encoding::named).transpose()?;
        let mut findings = Findings::default();
        let source = Source::open(&origin, wanted, options.line_end, progress)?;
        let sniffed = sniff::sniff(&origin.label(), &source.carry, source.ended, options, &mut findings)?;
        Ok(Self {
            origin,
            options,
            source,
            sniffed,
            findings,
        })
    }

    fn finish(mut self, progress: &Progress) -> Result<Table, DataError> {
        let (origin, sniffed) = (self.origin, &self.sniffed);
        let expected = expected_rows(&self.source, sniffed);
        self.source.carry.drain(..sniffed.body);
        let mut gather = Gather::new(origin.label(), &sniffed.plans, expected, sniffed.body_line, self.findings);
        let source = stream(self.source, &sniffed.plans, sniffed, &mut gather, progress)?;
        reread_texts(&origin, &source, sniffed, &mut gather, progress)?;

        let dialect = dialect(&source, sniffed);
        tell_encoding(&source, self.options, &mut gather.findings);
        tell_rows(&mut gather);
        let (columns, mut about) = finish_columns(std::mem::take(&mut gather.columns), sniffed, &gather, progress)?;
        let mut all = gather.findings.finish();
        all.append(&mut about);
        all.sort_by_key(|f| std::cmp::Reverse(f.severity));
        Ok(Table {
            name: origin.name(),
            dialect,
            columns,
            n_rows: gather.rows,
            findings: all,
            lines: gather.lines,
            set_aside: gather.set_aside,
        })
    }
}

/// Comments that were skipped, and a table without a row.
fn tell_rows(gather: &mut Gather) {
    if gather.comments > 0 {
        let message = format!("{} comment line(s) among the rows skipped", gather.comments);
        gather.findings.note(Severity::Info, Topic::Comment, None, message);
    }
    if gather.rows == 0 {
        let message = if !gather.set_aside.is_empty() {
            "no row fits the header; correct the header, or say whether there is one"
        } else {
            "there is a header but no row of data; nothing can be trained on it"
        };
        gather.findings.note(Severity::Error, Topic::NoRows, None, message);
    }
}

/// Rows to make room for, from the length of those at the beginning.
fn expected_rows(source: &Source, sniffed: &Sniffed) -> usize {
    let head = &source.carry[sniffed.body..];
    let rows = super::record::count_lines(head).max(1) as f64;
    let per_row = (head.len() as f64 / rows).max(1.0);
    let length = source.text_length();
    // UTF-16 takes twice the bytes; a little too much room costs nothing, for memory that is never touched is never used.
    if source.ended {
        rows as usize + 1
    } else {
        (length / per_row * 1.05) as usize + 16
    }
}

/// Reads the blocks on all cores, in any order, and gathers them in theirs. Gives the source back.
fn stream<'a>(
    source: Source<'a>,
    plans: &[Plan],
    sniffed: &Sniffed,
    gather: &mut Gather,
    progress: &Progress,
) -> Result<Source<'a>, DataError> {
    let flags = || plans.iter().map(|_| AtomicBool::new(false)).collect::<Vec<_>>();
    let layout = Layout {
        syntax: sniffed.syntax,
        numbers: sniffed.numbers,
        plans: plans.to_vec(),
        wide: flags(),
        hopeless: flags(),
    };
    let workers = if source.ended { 1 } else { progress.threads(MOST_WORKERS) };
    let shared = (
        Mutex::new(source),
        Mutex::new(gather),
        Mutex::new(None),
        AtomicBool::new(false),
    );
    let (source, gather, failure, failed) = &shared;
    let work = || {
        let mut text = Vec::new();
        while !failed.load(Ordering::Relaxed) {
            // One statement: the lock is held for reading and cutting only.
            let next = lock(source).next_block(&mut text, layout.syntax, progress);
            let outcome = match next {
                Ok(None) => return,
                Ok(Some(number)) => {
                    let chunk = block::read(&text, &layout);
                    let mut gather = lock(gather);
                    let added = gather.add(number, chunk, &sniffed.names, &layout);
                    progress.rows.store(gather.rows as u64, Ordering::Relaxed);
                    added
                }
                Err(error) => Err(error),
            };
            if let Err(error) = outcome {
                lock(failure).get_or_insert(error);
                failed.store(true, Ordering::Relaxed);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..workers {
            scope.spawn(work);
        }
        work();
    });
    let (source, _, failure, _) = shared;
    match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(source.into_inner().unwrap_or_else(PoisonError::into_inner)),
    }
}

/// Columns that began with numbers and turned out to be texts, or codes with zeros in front, are read again: a number does not remember how
/// it was written.
fn reread_texts(
    origin: &Origin,
    first: &Source,
    sniffed: &Sniffed,
    gather: &mut Gather,
    progress: &Progress,
) -> Result<(), DataError> {
    let is_text = |column: &Growing| match column {
        Growing::Numbers {
            values,
            others,
            n_others,
            digits,
            ..
        } => digits.are_codes() || !gather::is_numeric(values, *n_others, others),
        _ => false,
    };
    let texts: Vec<bool> = gather.columns.iter().map(is_text).collect();
    if !texts.contains(&true) {
        return Ok(());
    }
    let plans: Vec<Plan> = texts.iter().map(|&t| if t { Plan::Text } else { Plan::Skip }).collect();
    // The encoding is the one the first reading ended with; findings were told then.
    let mut source = Source::open(origin, Some(first.encoding), first.line_end, progress)?;
    if source.length != first.length {
        return Err(DataError::Changed { file: origin.label() });
    }
    if first.is_cut {
        source.end_here(sniffed.syntax);
    }
    source.carry.drain(..sniffed.body.min(source.carry.len()));
    let mut again = Gather::new(origin.label(), &plans, gather.rows, sniffed.body_line, Findings::default());
    stream(source, &plans, sniffed, &mut again, progress)?;
    if again.rows != gather.rows {
        return Err(DataError::Changed { file: origin.label() });
    }
    for (column, (new, is_text)) in gather.columns.iter_mut().zip(again.columns.into_iter().zip(texts)) {
        if is_text {
            *column = new;
        }
    }
    Ok(())
}

/// A column and what is odd about it.
type Finished = (Column, Vec<Finding>);

/// Decides kinds and computes figures, column by column on all cores.
fn finish_columns(
    columns: Vec<Growing>,
    sniffed: &Sniffed,
    gather: &Gather,
    progress: &Progress,
) -> Result<(Vec<Column>, Vec<Finding>), DataError> {
    let count = columns.len();
    let todo: Vec<Mutex<Option<Growing>>> = columns.into_iter().map(|c| Mutex::new(Some(c))).collect();
    let done: Vec<Mutex<Option<Finished>>> = (0..count).map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let (Some(slot), false) = (todo.get(i), progress.is_cancelled()) else {
                return;
            };
            if let Some(growing) = lock(slot).take() {
                *lock(&done[i]) = Some(kinds::finish(&sniffed.names[i], growing, sniffed.numbers, &gather.lines));
            }
        }
    };
    let workers = if gather.rows * count < 100_000 {
        1
    } else {
        progress.threads(MOST_WORKERS)
    };
    std::thread::scope(|scope| {
        for _ in 1..workers {
            scope.spawn(work);
        }
        work();
    });
    let mut columns = Vec::with_capacity(count);
    let mut findings = Vec::new();
    for slot in done {
        let (column, mut about) = slot
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .ok_or(DataError::Cancelled)?;
        columns.push(column);
        findings.append(&mut about);
    }
    Ok((columns, findings))
}

/// A lock that a panicking worker left behind still guards whole data: the panic itself is passed on by the scope.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn dialect(source: &Source, sniffed: &Sniffed) -> Dialect {
    Dialect {
        gzip: source.is_packed(),
        encoding: source.encoding.name().to_owned(),
        bom: source.bom,
        delimiter: char::from(sniffed.syntax.delimiter),
        quote: Some(sniffed.syntax.quote).filter(|&quote| quote != NO_QUOTE).map(char::from),
        escape: sniffed.syntax.escape.map(char::from),
        comment: sniffed.syntax.comment.map(char::from),
        header: sniffed.header,
        line_end: sniffed.line_end,
        numbers: sniffed.numbers,
        preamble_lines: sniffed.preamble_lines,
    }
}

fn tell_encoding(source: &Source, options: &ReadOptions, findings: &mut Findings) {
    let name = source.encoding.name();
    if options.encoding.is_none() && !source.bom && source.encoding != encoding_rs::UTF_8 {
        let message = format!("not UTF-8; read as {name}, the most likely encoding (give the encoding if letters look wrong)");
        findings.note(Severity::Info, Topic::Encoding, None, message);
    }
    if source.lossy {
        let message = format!("some bytes are no text in {name} and stand as U+FFFD (give the right encoding)");
        findings.note(Severity::Warning, Topic::Encoding, None, message);
    }
}
