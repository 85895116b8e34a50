//! Schedules in the five fields of cron.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// The minutes at which something happens, in UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Schedule {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Whether both day fields are restricted: then either one is enough.
    either_day: bool,
}

const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

impl Schedule {
    /// Reads `*/5 * * * *` or `@daily`; `None` where it is no schedule.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = match text.trim() {
            "@yearly" | "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" | "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            text => text,
        };
        let fields: Vec<_> = text.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = fields.as_slice() else {
            return None;
        };
        let sundays = field(weekdays, 0, 7, WEEKDAYS)?;
        Some(Self {
            minutes: field(minutes, 0, 59, &[])?,
            hours: field(hours, 0, 23, &[])?,
            days: field(days, 1, 31, &[])?,
            months: field(months, 1, 12, MONTHS)?,
            weekdays: (sundays | sundays >> 7) & 0x7f,
            either_day: !days.starts_with(['*', '?']) && !weekdays.starts_with(['*', '?']),
        })
    }

    /// The first time after `after`, within five years.
    pub(crate) fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let has = |set: u64, value: i8| set >> value & 1 == 1;
        let mut at = after
            .to_zoned(TimeZone::UTC)
            .with()
            .second(0)
            .subsec_nanosecond(0)
            .build()
            .ok()?;
        at = at.checked_add(1.minute()).ok()?;
        let end = at.checked_add(5.years()).ok()?;
        while at < end {
            let weekday = at.weekday().to_sunday_zero_offset();
            let (day, weekday) = (has(self.days, at.day()), has(self.weekdays, weekday));
            let day = if self.either_day {
                day || weekday
            } else {
                day && weekday
            };
            if !has(self.months, at.month()) || !day {
                at = at.tomorrow().ok()?.start_of_day().ok()?;
            } else if !has(self.hours, at.hour()) {
                at = at
                    .with()
                    .minute(0)
                    .build()
                    .ok()?
                    .checked_add(1.hour())
                    .ok()?;
            } else if has(self.minutes, at.minute()) {
                return Some(at.timestamp());
            } else {
                at = at.checked_add(1.minute()).ok()?;
            }
        }
        None
    }
}

/// The bits of one field.
fn field(text: &str, low: u32, high: u32, names: &[&str]) -> Option<u64> {
    let mut bits = 0;
    for part in text.split(',') {
        let (range, step) = part
            .split_once('/')
            .map_or((part, None), |(range, step)| (range, Some(step)));
        let stride: u32 = step.map_or(Some(1), |step| step.parse().ok())?;
        let (first, last) = match range {
            "*" | "?" => (low, high),
            range => {
                if let Some((first, last)) = range.split_once('-') {
                    (number(first, low, names)?, number(last, low, names)?)
                } else {
                    let first = number(range, low, names)?;
                    (first, if step.is_some() { high } else { first })
                }
            }
        };
        if stride == 0 || first < low || last > high || first > last {
            return None;
        }
        let mut value = first;
        while value <= last {
            bits |= 1 << value;
            value += stride;
        }
    }
    Some(bits)
}

fn number(text: &str, low: u32, names: &[&str]) -> Option<u32> {
    let place = names.iter().position(|it| text.eq_ignore_ascii_case(it));
    match place {
        Some(place) => Some(place as u32 + low),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_time_of_a_schedule_is_found() {
        for (schedule, after, next) in [
            (
                "*/5 * * * *",
                "2026-01-01T00:01:00Z",
                "2026-01-01T00:05:00Z",
            ),
            ("0 3 * * *", "2026-01-01T03:00:00Z", "2026-01-02T03:00:00Z"),
            ("@monthly", "2026-01-15T00:00:00Z", "2026-02-01T00:00:00Z"),
            (
                "30 4 1 * fri",
                "2026-01-01T05:00:00Z",
                "2026-01-02T04:30:00Z",
            ),
            ("0 0 * * 7", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z"),
        ] {
            let found = Schedule::parse(schedule).and_then(|it| it.next(after.parse().ok()?));
            assert_eq!(
                found.map(|it| it.to_string()).as_deref(),
                Some(next),
                "{schedule}"
            );
        }
    }

    #[test]
    fn other_texts_are_no_schedules() {
        for text in [
            "",
            "* * * *",
            "60 * * * *",
            "a * * * *",
            "*/0 * * * *",
            "5-1 * * * *",
        ] {
            assert_eq!(Schedule::parse(text), None, "{text}");
        }
    }
}
