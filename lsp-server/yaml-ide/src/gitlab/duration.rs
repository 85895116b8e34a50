//! Times in words: `1h 30m`, `2 weeks and 3 days`.

/// How many seconds a text says; `None` where it is no time.
pub(crate) fn seconds(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    if text.contains(':') {
        return clock(&text);
    }
    let mut total: f64 = 0.0;
    let mut number: Option<f64> = None;
    let mut any = false;
    for word in words(&text) {
        if matches!(word, "and" | "with" | "plus") {
            continue;
        }
        if let Some(value) = self::number(word) {
            if let Some(alone) = number.replace(value) {
                total += alone;
            }
            any = true;
            continue;
        }
        total += number.take().unwrap_or(1.0) * unit(word)?;
        any = true;
    }
    total += number.unwrap_or(0.0);
    #[expect(
        clippy::cast_sign_loss,
        reason = "no number here is negative, and one too large is the largest"
    )]
    any.then_some(total as u64)
}

/// `1:30:00`
fn clock(text: &str) -> Option<u64> {
    text.split(':').try_fold(0_u64, |total, part| {
        let number: u64 = part.trim().parse().ok()?;
        total.checked_mul(60)?.checked_add(number)
    })
}

/// Letters and digits, each by themselves: `1h30m` is four words.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_digit = |c: char| c.is_ascii_digit() || c == '.';
    text.split([' ', ',', '\t'])
        .filter(|part| !part.is_empty())
        .flat_map(move |part| {
            let mut rest = part;
            std::iter::from_fn(move || {
                let first = rest.chars().next()?;
                let end = rest.find(|c| is_digit(c) != is_digit(first));
                let (word, behind) = rest.split_at(end.unwrap_or(rest.len()));
                rest = behind;
                Some(word)
            })
        })
}

fn number(word: &str) -> Option<f64> {
    const NAMES: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return word.parse().ok();
    }
    let named = NAMES.iter().zip(0_u32..).find(|(name, _)| **name == word);
    named.map(|(_, value)| f64::from(value)).or(match word {
        "a" | "an" => Some(1.0),
        "fifteen" => Some(15.0),
        "twenty" => Some(20.0),
        "thirty" => Some(30.0),
        "forty" => Some(40.0),
        "sixty" => Some(60.0),
        "ninety" => Some(90.0),
        _ => None,
    })
}

fn unit(word: &str) -> Option<f64> {
    Some(match word {
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600.0,
        "d" | "dy" | "day" | "days" => 86_400.0,
        "w" | "wk" | "wks" | "week" | "weeks" => 604_800.0,
        "mo" | "mos" | "mon" | "mons" | "month" | "months" => 2_592_000.0,
        "y" | "yr" | "yrs" | "year" | "years" => 31_557_600.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        check("1h 30m", Some(5400));
        check("1h30m", Some(5400));
        check("3 hours and 4 minutes", Some(11040));
        check("2 weeks", Some(1_209_600));
        check("1.5 hours", Some(5400));
        check("one day", Some(86_400));
        check("90", Some(90));
        check("1:30:00", Some(5400));
        check("3 fortnights", None);
        check("soon", None);
        check("", None);
    }

    #[track_caller]
    fn check(text: &str, expected: Option<u64>) {
        assert_eq!(seconds(text), expected, "{text}");
    }
}
