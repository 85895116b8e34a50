//! Spans of time, in words.

/// `seconds` in the units that people count such spans in; nothing below a minute.
pub(crate) fn words(seconds: i64) -> Option<String> {
    const UNITS: [(&str, i64); 4] = [
        ("day", 86_400),
        ("hour", 3_600),
        ("minute", 60),
        ("second", 1),
    ];
    if seconds < 60 {
        return None;
    }
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (unit, size) in UNITS {
        let count = rest / size;
        rest %= size;
        match count {
            0 => {}
            1 => parts.push(format!("1 {unit}")),
            _ => parts.push(format!("{count} {unit}s")),
        }
    }
    Some(parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_have_words() {
        let words = |seconds| words(seconds).unwrap_or_default();
        assert_eq!(words(59), "");
        assert_eq!(words(60), "1 minute");
        assert_eq!(words(3_600), "1 hour");
        assert_eq!(words(93_784), "1 day 2 hours 3 minutes 4 seconds");
        assert_eq!(words(-100), "");
    }
}
