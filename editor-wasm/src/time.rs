//! Times as people say them.

/// Says how long ago `then` was: both in milliseconds since 1970.
pub(crate) fn ago(now: i64, then: i64) -> String {
    let seconds = (now - then).max(0) / 1000;
    if seconds < 10 {
        return "just now".to_owned();
    }
    let units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let (length, unit) = units
        .into_iter()
        .find(|(length, _)| seconds >= *length)
        .unwrap_or((1, "s"));
    format!("{} {unit} ago", seconds / length)
}

/// Says how long something took: milliseconds as `4.2 s` or `2 min 5 s`.
pub(crate) fn duration(milliseconds: i64) -> String {
    let tenths = milliseconds.max(0) / 100;
    let seconds = tenths / 10;
    if seconds < 60 {
        return format!("{seconds}.{} s", tenths % 10);
    }
    format!("{} min {} s", seconds / 60, seconds % 60)
}

/// Milliseconds since 1970 of an RFC 3339 time; 0 if it is none.
pub(crate) fn parse(time: &str) -> i64 {
    js_sys::Date::parse(time) as i64
}

/// Milliseconds since 1970, now.
pub(crate) fn now() -> i64 {
    js_sys::Date::now() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_use_the_largest_unit_that_fits() {
        let age = |seconds: i64| ago(seconds * 1000, 0);
        assert_eq!(age(3), "just now");
        assert_eq!(age(59), "59 s ago");
        assert_eq!(age(150), "2 min ago");
        assert_eq!(age(7_300), "2 h ago");
        assert_eq!(age(200_000), "2 d ago");
    }

    #[test]
    fn durations_are_short() {
        assert_eq!(duration(4_240), "4.2 s");
        assert_eq!(duration(125_000), "2 min 5 s");
    }
}
