//! Quantities as the API server reads them: `500m`, `1.5Gi`, `2e3`.

/// A quantity, as a number of billionths.
///
/// Larger than any real amount is held as the largest that fits, so that comparing still works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Quantity {
    nanos: i128,
}

const ONE: i128 = 1_000_000_000;

/// Reads a quantity. `None` where the API server would refuse it.
pub(crate) fn parse(text: &str) -> Option<Quantity> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let end = unsigned
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    let nanos = scale(number, suffix)?;
    let nanos = if negative { -nanos } else { nanos };
    Some(Quantity { nanos })
}

fn scale(number: &str, suffix: &str) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let unit = unit(suffix)?;
    let digits = format!("{whole}{fraction}");
    // More digits than this are beyond any amount: keep the size, drop the precision.
    let kept = digits.get(..digits.len().min(24)).unwrap_or(&digits);
    let dropped = digits.len() - kept.len();
    let value: i128 = kept.parse().ok()?;
    let point = i32::try_from(fraction.len()).ok()? - i32::try_from(dropped).ok()?;
    let (times, power) = match unit {
        Unit::Ten(power) => (1, power),
        Unit::Two(power) => (1_i128 << power, 0),
    };
    let scaled = value.saturating_mul(times);
    Some(shift(scaled, 9 + power - point))
}

/// `value` times ten to the power of `by`.
fn shift(value: i128, by: i32) -> i128 {
    let factor = |by: u32| 10_i128.checked_pow(by).unwrap_or(i128::MAX);
    if by >= 0 {
        value.saturating_mul(factor(by.unsigned_abs()))
    } else {
        // Rounded up, as the API server does.
        let factor = factor(by.unsigned_abs());
        value / factor + i128::from(value % factor != 0)
    }
}

enum Unit {
    Ten(i32),
    Two(u32),
}

fn unit(suffix: &str) -> Option<Unit> {
    Some(match suffix {
        "n" => Unit::Ten(-9),
        "u" => Unit::Ten(-6),
        "m" => Unit::Ten(-3),
        "" => Unit::Ten(0),
        "k" => Unit::Ten(3),
        "M" => Unit::Ten(6),
        "G" => Unit::Ten(9),
        "T" => Unit::Ten(12),
        "P" => Unit::Ten(15),
        "E" => Unit::Ten(18),
        "Ki" => Unit::Two(10),
        "Mi" => Unit::Two(20),
        "Gi" => Unit::Two(30),
        "Ti" => Unit::Two(40),
        "Pi" => Unit::Two(50),
        "Ei" => Unit::Two(60),
        exponent => {
            let power = exponent.strip_prefix(['e', 'E'])?;
            let power: i32 = power.parse().ok()?;
            Unit::Ten(power.clamp(-40, 40))
        }
    })
}

/// What a text that is no quantity was most likely meant to be: `512MB`, `1 Gi`, `500 m`.
pub(crate) fn nearest(text: &str) -> Option<String> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let end = compact.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, suffix) = compact.split_at(end);
    let suffix = match suffix.to_ascii_lowercase().as_str() {
        "m" => "m",
        "k" | "kb" => "k",
        "g" | "gb" => "G",
        "t" | "tb" => "T",
        "mb" => "M",
        "ki" | "kib" => "Ki",
        "mi" | "mib" => "Mi",
        "gi" | "gib" => "Gi",
        "ti" | "tib" => "Ti",
        _ => return None,
    };
    let better = format!("{number}{suffix}");
    parse(&better).map(|_| better)
}

impl Quantity {
    /// Whether it is below zero.
    pub(crate) fn is_negative(self) -> bool {
        self.nanos < 0
    }

    /// Whether it has a part after the point.
    pub(crate) fn is_fractional(self) -> bool {
        self.nanos % ONE != 0
    }

    /// As an amount of processors: `half a CPU`, `1.5 CPUs`.
    pub(crate) fn as_cpu(self) -> String {
        match self.nanos {
            n if n == ONE => "1 CPU".to_owned(),
            n if n == ONE / 2 => "half a CPU".to_owned(),
            n if n == ONE / 4 => "a quarter of a CPU".to_owned(),
            n if n == ONE / 10 => "a tenth of a CPU".to_owned(),
            n => format!("{} CPUs", decimal(n, ONE, 3)),
        }
    }

    /// As an amount of bytes: `512 MiB (536,870,912 bytes)`.
    pub(crate) fn as_bytes(self) -> String {
        let bytes = self.nanos / ONE;
        let exact = format!("{} bytes", thousands(bytes));
        if self.nanos > 0 && self.nanos < ONE {
            return "less than one byte".to_owned();
        }
        let units = [
            ("EiB", 60),
            ("PiB", 50),
            ("TiB", 40),
            ("GiB", 30),
            ("MiB", 20),
            ("KiB", 10),
        ];
        let Some((unit, power)) = units.iter().find(|(_, power)| bytes >= 1 << power) else {
            return exact;
        };
        format!("{} {unit} ({exact})", decimal(bytes, 1 << power, 2))
    }

    /// As a plain number.
    pub(crate) fn as_number(self) -> String {
        decimal(self.nanos, ONE, 9)
    }
}

/// `value / unit` with at most `places` digits after the point.
fn decimal(value: i128, unit: i128, places: u32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let value = value.unsigned_abs();
    let unit = unit.unsigned_abs();
    let factor = 10_u128.pow(places);
    let fraction = (value % unit).saturating_mul(factor) / unit;
    let digits = format!("{fraction:0width$}", width = places as usize);
    let digits = digits.trim_end_matches('0');
    let whole = thousands(i128::try_from(value / unit).unwrap_or(i128::MAX));
    if digits.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{digits}")
    }
}

fn thousands(value: i128) -> String {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        if index > 0 && left.is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_api_server_takes_is_read() {
        for text in [
            "0", "1", "500m", "1.5", ".5", "1.", "+1", "-1", "128Mi", "1e3", "1E", "2E3", "1e-3",
            "100n",
        ] {
            assert!(parse(text).is_some(), "{text}");
        }
        for text in [
            "", ".", "m", "1KB", "512mb", "1 Gi", "1.2.3", "0x10", "1ki", "1K", "five", "1e", "1ei",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn amounts_compare_across_units() {
        assert_eq!(parse("1"), parse("1000m"));
        assert_eq!(parse("1Gi"), parse("1024Mi"));
        assert_eq!(parse("1k"), parse("1e3"));
        assert!(parse("1500m") > parse("1"));
        assert!(parse("1G") < parse("1Gi"));
        assert!(parse("999999999999999999999999999E") > parse("1Ei"));
    }

    #[test]
    fn amounts_are_said_in_words() {
        assert_eq!(parse("500m").unwrap().as_cpu(), "half a CPU");
        assert_eq!(parse("1500m").unwrap().as_cpu(), "1.5 CPUs");
        assert_eq!(
            parse("512Mi").unwrap().as_bytes(),
            "512 MiB (536,870,912 bytes)"
        );
        assert_eq!(
            parse("1G").unwrap().as_bytes(),
            "953.67 MiB (1,000,000,000 bytes)"
        );
        assert_eq!(parse("512m").unwrap().as_bytes(), "less than one byte");
        assert_eq!(parse("12e3").unwrap().as_number(), "12,000");
    }

    #[test]
    fn other_spellings_find_theirs() {
        assert_eq!(nearest("512MB").as_deref(), Some("512M"));
        assert_eq!(nearest("1 Gi").as_deref(), Some("1Gi"));
        assert_eq!(nearest("2gib").as_deref(), Some("2Gi"));
        assert_eq!(nearest("lots"), None);
    }
}
