//! How to read a CSV file, where what is found out about it is not right: the same options for every command that reads one.

use crate::data::{LineEnd, Mark, ReadOptions};

const HEADING: &str = "How to read it (found out if not given)";

/// What of the dialect is given instead of found out.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct DialectArgs {
    /// What separates fields: one character, `tab` or `space`
    #[arg(long, help_heading = HEADING, value_name = "C", value_parser = delimiter)]
    delimiter: Option<char>,
    /// What fields are quoted with: one character or `none`
    #[arg(long, help_heading = HEADING, value_name = "C")]
    quote: Option<Mark>,
    /// What stands before a quote that belongs to the text: one character, or `none` where such a quote is doubled
    #[arg(long, help_heading = HEADING, value_name = "C")]
    escape: Option<Mark>,
    /// What lines begin with that are skipped: one character or `none`
    #[arg(long, help_heading = HEADING, value_name = "C")]
    comment: Option<Mark>,
    /// utf-8, windows-1252, utf-16le ...
    #[arg(long, help_heading = HEADING, value_name = "NAME")]
    encoding: Option<String>,
    /// How lines end: lf, crlf, cr or mixed; another end within a line is then read as a space
    #[arg(long, help_heading = HEADING, value_name = "END", value_parser = line_end)]
    line_end: Option<LineEnd>,
    /// Whether the first line names the columns
    #[arg(long, help_heading = HEADING, value_name = "true|false")]
    header: Option<bool>,
    /// How many lines stand before the table and are skipped
    #[arg(long, help_heading = HEADING, value_name = "N")]
    preamble: Option<u64>,
    /// What numbers have before their fraction: . or ,
    #[arg(long, help_heading = HEADING, value_name = "C")]
    decimal: Option<char>,
    /// What numbers have between groups of three digits: one character or `none`
    #[arg(long, help_heading = HEADING, value_name = "C")]
    thousands: Option<Mark>,
}

fn delimiter(text: &str) -> Result<char, String> {
    match text.parse() {
        Ok(Mark(Some(letter))) => Ok(letter),
        _ => Err("it must be one character, `tab` or `space`".to_owned()),
    }
}

fn line_end(text: &str) -> Result<LineEnd, String> {
    let end = LineEnd::ALL.into_iter().find(|end| text.eq_ignore_ascii_case(end.label()));
    end.ok_or_else(|| "it must be lf, crlf, cr or mixed".to_owned())
}

impl DialectArgs {
    pub fn options(&self) -> ReadOptions {
        ReadOptions {
            delimiter: self.delimiter,
            quote: self.quote,
            escape: self.escape,
            comment: self.comment,
            encoding: self.encoding.clone(),
            line_end: self.line_end,
            header: self.header,
            preamble: self.preamble,
            decimal: self.decimal,
            thousands: self.thousands,
        }
    }

    /// The first that was given, and what it was.
    pub fn first(&self) -> Option<(&'static str, String)> {
        let text = |mark: Option<Mark>| mark.map(String::from);
        let given = [
            ("--delimiter", self.delimiter.map(String::from)),
            ("--quote", text(self.quote)),
            ("--escape", text(self.escape)),
            ("--comment", text(self.comment)),
            ("--encoding", self.encoding.clone()),
            ("--line-end", self.line_end.map(|end| end.label().to_lowercase())),
            ("--header", self.header.map(|header| header.to_string())),
            ("--preamble", self.preamble.map(|lines| lines.to_string())),
            ("--decimal", self.decimal.map(String::from)),
            ("--thousands", text(self.thousands)),
        ];
        given.into_iter().find_map(|(option, given)| Some((option, given?)))
    }
}
