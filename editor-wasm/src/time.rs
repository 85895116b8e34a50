//! Times as people say them.

/// Says how long ago `then` was: both in milliseconds since 1970.
pub(crate) fn ago(now: f64, then: f64) -> String {
    let seconds = ((now - then) / 1000.0).max(0.0);
    if seconds < 10.0 {
        return "just now".to_owned();
    }
    let units = [(86_400.0, "d"), (3_600.0, "h"), (60.0, "min"), (1.0, "s")];
    let (length, unit) = units
        .into_iter()
        .find(|(length, _)| seconds >= *length)
        .unwrap_or((1.0, "s"));
    format!("{} {unit} ago", (seconds / length).floor())
}

/// Says how long something took: milliseconds as `4.2 s` or `2 min 5 s`.
pub(crate) fn duration(milliseconds: f64) -> String {
    let seconds = (milliseconds / 1000.0).max(0.0);
    if seconds < 60.0 {
        return format!("{seconds:.1} s");
    }
    let whole = seconds.floor();
    format!("{} min {} s", (whole / 60.0).floor(), whole % 60.0)
}

/// Milliseconds since 1970 of an RFC 3339 time; NaN if it is none.
pub(crate) fn parse(time: &str) -> f64 {
    js_sys::Date::parse(time)
}

/// Milliseconds since 1970, now.
pub(crate) fn now() -> f64 {
    js_sys::Date::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_use_the_largest_unit_that_fits() {
        let age = |seconds: f64| ago(seconds * 1000.0, 0.0);
        assert_eq!(age(3.0), "just now");
        assert_eq!(age(59.0), "59 s ago");
        assert_eq!(age(150.0), "2 min ago");
        assert_eq!(age(7_300.0), "2 h ago");
        assert_eq!(age(200_000.0), "2 d ago");
    }

    #[test]
    fn durations_are_short() {
        assert_eq!(duration(4_240.0), "4.2 s");
        assert_eq!(duration(125_000.0), "2 min 5 s");
    }
}
