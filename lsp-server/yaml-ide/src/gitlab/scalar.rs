//! Plain scalars as GitLab reads them: YAML 1.1 by Ruby's library.

use yaml_syntax::{Scalar, ScalarStyle};

/// What a scalar is to GitLab.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Read {
    Null,
    Boolean(bool),
    Integer(i64),
    /// A number that is no whole one, as GitLab would write it.
    Float(String),
    Text,
    /// A day or a time of day: GitLab refuses the whole file.
    Date,
}

/// Reads a scalar with its tag.
pub(crate) fn read(scalar: Scalar<'_>, tag: Option<&str>) -> Read {
    if scalar.style() != ScalarStyle::Plain || tag == Some("!!str") || tag == Some("!") {
        return Read::Text;
    }
    plain(&scalar.text())
}

/// Reads a plain scalar.
pub(crate) fn plain(text: &str) -> Read {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Read::Null,
        _ => {}
    }
    match text.to_ascii_lowercase().as_str() {
        "yes" | "true" | "on" => return Read::Boolean(true),
        "no" | "false" | "off" => return Read::Boolean(false),
        _ => {}
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
        return Read::Text;
    }
    if is_date(text) {
        return Read::Date;
    }
    if let Some(number) = integer(text).or_else(|| sexagesimal(text)) {
        return Read::Integer(number);
    }
    float(text).map_or(Read::Text, Read::Float)
}

fn integer(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let bare: String = digits.chars().filter(|c| !matches!(c, '_' | ',')).collect();
    let number = if let Some(bits) = bare.strip_prefix("0b") {
        i64::from_str_radix(bits, 2)
    } else if let Some(digits) = bare.strip_prefix("0x") {
        i64::from_str_radix(digits, 16)
    } else if bare.len() > 1 && bare.starts_with('0') {
        i64::from_str_radix(&bare, 8)
    } else {
        bare.parse()
    };
    let number = number
        .ok()
        .filter(|_| digits.starts_with(|c: char| c.is_ascii_digit()))?;
    Some(if negative { -number } else { number })
}

/// `12:30` is 750: minutes and seconds are counted by sixty.
fn sexagesimal(text: &str) -> Option<i64> {
    let (first, rest) = text.split_once(':')?;
    let mut total: i64 = first.parse().ok()?;
    for part in rest.split(':') {
        let short = matches!(part.len(), 1 | 2);
        let number: i64 = part.parse().ok().filter(|number| short && *number < 60)?;
        total = total.checked_mul(60)?.checked_add(number)?;
    }
    Some(total)
}

fn float(text: &str) -> Option<String> {
    let digits = text.trim_start_matches(['-', '+']);
    match digits.to_ascii_lowercase().as_str() {
        ".inf" => return Some("Infinity".to_owned()),
        ".nan" => return Some("NaN".to_owned()),
        _ => {}
    }
    let (number, exponent) = match digits.find(['e', 'E']) {
        Some(at) => digits.split_at(at),
        None => (digits, ""),
    };
    let is_number = number.contains('.')
        && number.contains(|c: char| c.is_ascii_digit())
        && number
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | '_' | ','));
    // Without a sign an exponent makes a text of it.
    let signed = exponent.is_empty() || exponent.get(1..2).is_some_and(|sign| "+-".contains(sign));
    if !is_number || !signed {
        return None;
    }
    let bare: String = text.chars().filter(|c| !matches!(c, '_' | ',')).collect();
    let number: f64 = bare.parse().ok()?;
    Some(format!("{number:?}"))
}

fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let number = |part: Option<&str>, lengths: &[usize]| {
        part.is_some_and(|part| {
            lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let year = number(parts.next(), &[4]);
    let month = number(parts.next(), &[1, 2]);
    let rest = parts.next().unwrap_or_default();
    let day = rest.split(['T', 't', ' ']).next();
    year && month && number(day, &[1, 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_read_as_ruby_does() {
        check("yes", Read::Boolean(true));
        check("Off", Read::Boolean(false));
        check("y", Read::Text);
        check("~", Read::Null);
        check("012", Read::Integer(10));
        check("089", Read::Text);
        check("1_000", Read::Integer(1000));
        check("12:30", Read::Integer(750));
        check("3.10", Read::Float("3.1".to_owned()));
        check("1e3", Read::Text);
        check("1.0e+3", Read::Float("1000.0".to_owned()));
        check(".", Read::Text);
        check("1.2.3", Read::Text);
        check("2026-01-31", Read::Date);
        check("2026-01-31T10:00:00Z", Read::Date);
        check("2026-01-abc", Read::Text);
        check("1h 30m", Read::Text);
        check("-", Read::Text);
        check("v1", Read::Text);
    }

    #[track_caller]
    fn check(text: &str, expected: Read) {
        assert_eq!(plain(text), expected, "{text}");
    }
}
