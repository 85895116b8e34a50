//! Schedules of a `CronJob`: five fields, or a word such as `@daily`.

/// A schedule: for each field, which values fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Schedule {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Whether the day of the month is `*`: then only the weekday decides, and the other way round.
    any_day: bool,
    any_weekday: bool,
}

struct Range {
    name: &'static str,
    low: u32,
    high: u32,
    words: &'static [&'static str],
}

const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FIELDS: [Range; 5] = [
    Range {
        name: "minute",
        low: 0,
        high: 59,
        words: &[],
    },
    Range {
        name: "hour",
        low: 0,
        high: 23,
        words: &[],
    },
    Range {
        name: "day of the month",
        low: 1,
        high: 31,
        words: &[],
    },
    Range {
        name: "month",
        low: 1,
        high: 12,
        words: MONTHS,
    },
    Range {
        name: "day of the week",
        low: 0,
        high: 6,
        words: WEEKDAYS,
    },
];

/// Reads a schedule.
///
/// # Errors
///
/// A sentence that says what is wrong with it.
pub(crate) fn parse(text: &str) -> Result<Schedule, String> {
    if text.starts_with("TZ=") || text.starts_with("CRON_TZ=") {
        return Err(
            "the time zone goes into the field `timeZone`, not into the schedule".to_owned(),
        );
    }
    let text = match text.strip_prefix('@') {
        Some(word) => expand(word).ok_or_else(|| {
            format!("`@{word}` is not known; use @yearly, @monthly, @weekly, @daily or @hourly")
        })?,
        None => text,
    };
    let parts: Vec<&str> = text.split_whitespace().collect();
    let [minutes, hours, days, months, weekdays] = parts.as_slice() else {
        return Err(format!(
            "a schedule has 5 fields (minute, hour, day, month, weekday), not {}",
            parts.len()
        ));
    };
    let [minute, hour, day, month, weekday] = &FIELDS;
    Ok(Schedule {
        minutes: field(minutes, minute)?,
        hours: field(hours, hour)?,
        days: field(days, day)?,
        months: field(months, month)?,
        weekdays: field(weekdays, weekday)?,
        any_day: days.starts_with(['*', '?']),
        any_weekday: weekdays.starts_with(['*', '?']),
    })
}

fn expand(word: &str) -> Option<&'static str> {
    Some(match word {
        "yearly" | "annually" => "0 0 1 1 *",
        "monthly" => "0 0 1 * *",
        "weekly" => "0 0 * * 0",
        "daily" | "midnight" => "0 0 * * *",
        "hourly" => "0 * * * *",
        _ => return None,
    })
}

fn field(text: &str, range: &Range) -> Result<u64, String> {
    text.split(',')
        .try_fold(0, |bits, part| Ok(bits | one(part, range)?))
}

fn one(part: &str, range: &Range) -> Result<u64, String> {
    let (span, step) = match part.split_once('/') {
        Some((span, step)) => (span, Some(step)),
        None => (part, None),
    };
    let (low, high) = match span.split_once('-') {
        Some((low, high)) => (value(low, range)?, value(high, range)?),
        None if span == "*" || span == "?" => (range.low, range.high),
        None => {
            let low = value(span, range)?;
            (low, if step.is_some() { range.high } else { low })
        }
    };
    if low > high {
        return Err(format!("`{span}` ends before it starts ({})", range.name));
    }
    let step = match step {
        None => 1,
        Some(step) => step
            .parse()
            .ok()
            .filter(|step| *step > 0)
            .ok_or_else(|| format!("`{step}` is no step for the {}", range.name))?,
    };
    Ok((low..=high)
        .step_by(step)
        .fold(0, |bits, value| bits | 1 << value))
}

fn value(text: &str, range: &Range) -> Result<u32, String> {
    let lower = text.to_ascii_lowercase();
    if let Some(index) = range.words.iter().position(|word| *word == lower) {
        return Ok(index as u32 + range.low);
    }
    let fits = |value: &u32| (range.low..=range.high).contains(value);
    text.parse().ok().filter(fits).ok_or_else(|| {
        let Range {
            name, low, high, ..
        } = range;
        format!("`{text}` is no {name}: {low} to {high}")
    })
}

impl Schedule {
    /// The next `count` times after `now` (seconds since 1970, UTC), as `2026-11-22 16:30`.
    pub(crate) fn next(&self, now: i64, count: usize) -> Vec<String> {
        let mut found = Vec::new();
        let mut minute = now.div_euclid(60) + 1;
        // Leap days come at most eight years apart.
        let end = minute + 60 * 24 * 366 * 8;
        while found.len() < count && minute < end {
            let day = minute.div_euclid(1440);
            if !self.fits_day(day) {
                minute = (day + 1) * 1440;
                continue;
            }
            let of_day = minute.rem_euclid(1440);
            if has(self.hours, of_day / 60) && has(self.minutes, of_day % 60) {
                let (year, month, day) = civil(day);
                let (hour, minute) = (of_day / 60, of_day % 60);
                found.push(format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}"));
            }
            minute += 1;
        }
        found
    }

    fn fits_day(&self, day: i64) -> bool {
        let (_, month, of_month) = civil(day);
        let of_month = has(self.days, of_month);
        // 1970-01-01 was a Thursday.
        let of_week = has(self.weekdays, (day + 4).rem_euclid(7));
        let fits = if self.any_day || self.any_weekday {
            of_month && of_week
        } else {
            of_month || of_week
        };
        fits && has(self.months, month)
    }

    /// In words, for the shapes that words are short for.
    pub(crate) fn describe(&self) -> Option<String> {
        let hour = single(self.hours);
        let minute = single(self.minutes);
        let when = match (hour, minute) {
            (Some(hour), Some(minute)) => format!("at {hour:02}:{minute:02}"),
            (None, Some(minute)) if self.hours == full(0, 23) => {
                format!("at minute {minute} of every hour")
            }
            (None, None) if self.hours == full(0, 23) => match step(self.minutes, 60)? {
                1 => "every minute".to_owned(),
                step => format!("every {step} minutes"),
            },
            (None, Some(0)) => format!("every {} hours", step(self.hours, 24)?),
            _ => return None,
        };
        Some(format!("{when}{}", self.describe_days()?))
    }

    fn describe_days(&self) -> Option<String> {
        if self.months != full(1, 12) {
            return None;
        }
        match (self.any_day, self.any_weekday) {
            (true, true) => Some(String::new()),
            (false, true) => Some(format!(" on day {} of the month", single(self.days)?)),
            (true, false) if self.weekdays == 0b011_1110 => Some(", Monday to Friday".to_owned()),
            (true, false) => {
                let days = [
                    "Sunday",
                    "Monday",
                    "Tuesday",
                    "Wednesday",
                    "Thursday",
                    "Friday",
                    "Saturday",
                ];
                let day = days.get(single(self.weekdays)? as usize)?;
                Some(format!(" every {day}"))
            }
            (false, false) => None,
        }
    }
}

fn has(bits: u64, value: i64) -> bool {
    u32::try_from(value).is_ok_and(|value| value < 64 && bits & (1 << value) != 0)
}

fn full(low: u32, high: u32) -> u64 {
    (low..=high).fold(0, |bits, value| bits | 1 << value)
}

fn single(bits: u64) -> Option<u32> {
    bits.is_power_of_two().then(|| bits.trailing_zeros())
}

/// The step if `bits` are `*/step` of a field with `size` values that it divides.
fn step(bits: u64, size: u32) -> Option<usize> {
    (1..size as usize)
        .filter(|step| (size as usize).is_multiple_of(*step))
        .find(|step| {
            (0..size)
                .step_by(*step)
                .fold(0, |all, value| all | 1 << value)
                == bits
        })
}

/// Year, month and day of a day counted from 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22 16:13:20 UTC, a Sunday.
    const NOW: i64 = 1_795_364_000;

    #[test]
    fn schedules_are_read_as_the_controller_reads_them() {
        for text in [
            "* * * * *",
            "*/5 0-6,22 1 JAN-MAR mon",
            "@daily",
            "0 0 ? * *",
            "5/15 * * * *",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        check_error(
            "* * * *",
            "a schedule has 5 fields (minute, hour, day, month, weekday), not 4",
        );
        check_error("60 * * * *", "`60` is no minute: 0 to 59");
        check_error("* * * * 7", "`7` is no day of the week: 0 to 6");
        check_error("5-1 * * * *", "`5-1` ends before it starts (minute)");
        check_error("*/0 * * * *", "`0` is no step for the minute");
        check_error(
            "@noon",
            "`@noon` is not known; use @yearly, @monthly, @weekly, @daily or @hourly",
        );
        check_error(
            "TZ=UTC * * * * *",
            "the time zone goes into the field `timeZone`, not into the schedule",
        );
    }

    #[test]
    fn the_next_runs_are_found() {
        check_next(
            "30 3 * * *",
            &["2026-11-23 03:30", "2026-11-24 03:30", "2026-11-25 03:30"],
        );
        check_next(
            "*/20 * * * *",
            &["2026-11-22 16:20", "2026-11-22 16:40", "2026-11-22 17:00"],
        );
        check_next("0 0 29 2 *", &["2028-02-29 00:00", "2032-02-29 00:00"]);
        check_next(
            "0 9 1 * mon",
            &["2026-11-23 09:00", "2026-11-30 09:00", "2026-12-01 09:00"],
        );
        check_next("0 0 31 2 *", &[]);
    }

    #[test]
    fn common_shapes_have_words() {
        let describe = |text| parse(text).unwrap().describe().unwrap_or_default();
        assert_eq!(describe("30 3 * * *"), "at 03:30");
        assert_eq!(describe("*/5 * * * *"), "every 5 minutes");
        assert_eq!(describe("0 */6 * * *"), "every 6 hours");
        assert_eq!(describe("0 9 * * 1-5"), "at 09:00, Monday to Friday");
        assert_eq!(describe("@monthly"), "at 00:00 on day 1 of the month");
        assert_eq!(describe("@weekly"), "at 00:00 every Sunday");
        assert_eq!(describe("1,7 2 * 3 *"), "");
    }

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        assert_eq!(parse(text).unwrap_err(), expected);
    }

    #[track_caller]
    fn check_next(text: &str, expected: &[&str]) {
        assert_eq!(parse(text).unwrap().next(NOW, 3), expected);
    }
}
