//! Dates and times of day, as days since 1970-01-01 (proleptic Gregorian calendar).

/// In which order day, month and year stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    YearMonthDay,
    DayMonthYear,
    MonthDayYear,
}

impl Order {
    pub const ALL: [Self; 3] = [Self::YearMonthDay, Self::DayMonthYear, Self::MonthDayYear];
}

/// Whether it can be read as a date at all.
pub(super) fn is_date(cell: &str) -> bool {
    Order::ALL.iter().any(|&order| parse(cell, order).is_some())
}

/// Days since 1970-01-01, with the time of day as a fraction (a zone is subtracted). None if it is no date in this order.
pub(super) fn parse(cell: &str, order: Order) -> Option<f64> {
    let cell = cell.trim();
    if !(6..=40).contains(&cell.len()) || !cell.is_ascii() || !cell.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    // The time begins behind a T or a space that is followed by hh:.
    let time_at = (0..cell.len()).find(|&i| {
        let bytes = &cell.as_bytes()[i..];
        let hour = if bytes.get(2) == Some(&b':') { 1 } else { 2 };
        matches!(bytes[0], b'T' | b' ') && bytes.get(hour + 1) == Some(&b':') && bytes[1..=hour].iter().all(u8::is_ascii_digit)
    });
    let (day, time) = cell.split_at(time_at.unwrap_or(cell.len()));
    let days = calendar_day(day.trim(), order)?;
    let part = if time.is_empty() { 0.0 } else { time_of_day(&time[1..])? };
    Some(days as f64 + part)
}

fn calendar_day(text: &str, order: Order) -> Option<i64> {
    let mut parts = text.split(['-', '/', '.', ' ', ',']).filter(|p| !p.is_empty());
    let parts = [parts.next()?, parts.next()?, parts.next()?, parts.next().unwrap_or("")];
    if !parts[3].is_empty() {
        return None;
    }
    let named = parts.iter().position(|p| month_name(p).is_some());
    let (year, month, day) = match (named, order) {
        (Some(1), Order::DayMonthYear) | (None, Order::DayMonthYear) => (parts[2], parts[1], parts[0]),
        (Some(0), Order::MonthDayYear) | (None, Order::MonthDayYear) => (parts[2], parts[0], parts[1]),
        (Some(1), Order::YearMonthDay) | (None, Order::YearMonthDay) => (parts[0], parts[1], parts[2]),
        _ => return None,
    };
    let small = |t: &str| -> Option<i64> { (1..=2).contains(&t.len()).then(|| digits(t)).flatten() };
    let year = match year.len() {
        4 => digits(year)?,
        // Two digits: the POSIX pivot (69 is 1969, 68 is 2068). A year that comes first is written in full.
        2 if order != Order::YearMonthDay => digits(year).map(|y| if y < 69 { 2000 + y } else { 1900 + y })?,
        _ => return None,
    };
    let month = month_name(month).or_else(|| small(month))?;
    let day = small(day)?;
    (1..=12).contains(&month).then_some(())?;
    (1..=month_length(year, month)).contains(&day).then_some(())?;
    Some(days_from_civil(year, month, day))
}

fn digits(text: &str) -> Option<i64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn month_name(text: &str) -> Option<i64> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = text.to_ascii_lowercase();
    let is = |name: &&str| text.len() >= 3 && (**name == text || name[..3] == text);
    NAMES.iter().position(is).map(|i| i as i64 + 1)
}

fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `hh:mm`, `hh:mm:ss`, `hh:mm:ss.fff`, then nothing, `Z` or `+hh:mm`, as a part of a day.
fn time_of_day(text: &str) -> Option<f64> {
    let (clock, zone) = match text.find(['Z', '+', '-']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let mut parts = clock.trim().split(':');
    let hours = digits(parts.next()?).filter(|h| *h < 24)?;
    let minutes = digits(parts.next()?).filter(|m| *m < 60)?;
    let seconds: f64 = match parts.next() {
        Some(s) if s.bytes().all(|b| b.is_ascii_digit() || b == b'.') => s.parse().ok().filter(|s| *s < 61.0)?,
        Some(_) => return None,
        None => 0.0,
    };
    if parts.next().is_some() {
        return None;
    }
    let offset = match zone.split_at_checked(1) {
        None | Some(("Z", "")) => 0,
        Some((sign @ ("+" | "-"), rest)) => {
            let rest: String = rest.chars().filter(|c| *c != ':').collect();
            let value = digits(&rest)?;
            let minutes = if rest.len() > 2 {
                value / 100 * 60 + value % 100
            } else {
                value * 60
            };
            if sign == "+" { minutes } else { -minutes }
        }
        _ => return None,
    };
    Some((((hours * 60 + minutes - offset) * 60) as f64 + seconds) / 86400.0)
}

/// Howard Hinnant, "chrono-compatible low-level date algorithms" (2013).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month (from 1) and day of the month (from 1) of days since 1970.
pub(super) fn civil(days: f64) -> (i64, i64, i64) {
    // Beyond these no year fits four digits, nor ten.
    civil_day(days.clamp(-1e12, 1e12).floor() as i64)
}

/// Hinnant's inverse of [`days_from_civil`].
fn civil_day(date: i64) -> (i64, i64, i64) {
    let shifted = date + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// As ISO 8601: `2020-01-31`, with the time (to the millisecond) unless it is midnight.
pub(super) fn format(days: f64) -> String {
    let milliseconds = (days * 86_400_000.0).round() as i64;
    let (date, rest) = (milliseconds.div_euclid(86_400_000), milliseconds.rem_euclid(86_400_000));
    let (year, month, day) = civil_day(date);
    let mut text = format!("{year:04}-{month:02}-{day:02}");
    if rest > 0 {
        let seconds = rest / 1000;
        text += &format!("T{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        if rest % 1000 > 0 {
            text += &format!(".{:03}", rest % 1000);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_dates() {
        let iso = |t: &str| parse(t, Order::YearMonthDay);
        assert_eq!(iso("1970-01-01"), Some(0.0));
        assert_eq!(iso("2000/03/01"), Some(11017.0));
        assert_eq!(iso("1969-12-31T12:00:00Z"), Some(-0.5));
        assert_eq!(iso("2020-01-01 06:00+06:00"), Some(18262.0));
        assert_eq!(
            parse("31.12.2020", Order::DayMonthYear),
            parse("12/31/2020", Order::MonthDayYear)
        );
        assert_eq!(
            parse("1 Feb 2020", Order::DayMonthYear),
            parse("February 1, 2020", Order::MonthDayYear)
        );
        for no in [
            "2020-02-30",
            "2020",
            "1.5.2",
            "12-34",
            "a-b-c-d",
            "2020-01-01x",
            "2020-13-01",
            "T12:00:00",
            "192.168.1.1",
        ] {
            assert!(!is_date(no), "{no}");
        }
        for days in [-719_468.0, -1.5, 0.0, 18_262.25, 19_000.0, 2_932_896.0] {
            let text = format(days);
            assert_eq!(parse(&text, Order::YearMonthDay), Some(days), "{text}");
        }
    }
}
