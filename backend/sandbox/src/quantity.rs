//! Quantities such as `500m` or `1Gi`: reading, and the one form that the API server writes.

/// A quantity, exact to a billionth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quantity {
    nanos: i128,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Binary,
    Decimal,
    Exponent,
}

/// What the API server says of a text that is none.
pub(crate) const PATTERN_MESSAGE: &str =
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

const NANO: i128 = 1_000_000_000;

impl Quantity {
    /// Reads a quantity; `None` where the text is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let digits = unsigned
            .find(|it: char| !it.is_ascii_digit() && it != '.')
            .unwrap_or(unsigned.len());
        let (number, suffix) = unsigned.split_at_checked(digits)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() || fraction.contains('.') || whole.len() > 24 {
            return None;
        }
        let (form, factor, divisor) = scale(suffix)?;
        let whole: i128 = if whole.is_empty() {
            0
        } else {
            whole.parse().ok()?
        };
        let fraction = fraction.get(..fraction.len().min(12))?;
        let parts = 10_i128.checked_pow(fraction.len() as u32)?;
        let fraction: i128 = if fraction.is_empty() {
            0
        } else {
            fraction.parse().ok()?
        };
        let numerator = whole.checked_mul(parts)?.checked_add(fraction)?;
        let scaled = numerator.checked_mul(NANO)?.checked_mul(factor)?;
        let base = parts.checked_mul(divisor)?;
        // Rounded up, as the API server does with what is smaller than a billionth.
        let nanos = (scaled + base - 1) / base;
        Some(Self {
            nanos: if text.starts_with('-') { -nanos } else { nanos },
            form,
        })
    }

    pub(crate) fn is_negative(self) -> bool {
        self.nanos < 0
    }

    /// The value in thousandths, rounded up.
    pub(crate) fn milli(self) -> i128 {
        (self.nanos + 999_999).div_euclid(1_000_000)
    }

    /// Whether it is less than `other`.
    pub(crate) fn is_less(self, other: Self) -> bool {
        self.nanos < other.nanos
    }
}

fn scale(suffix: &str) -> Option<(Form, i128, i128)> {
    let binary = |power: u32| Some((Form::Binary, 1024_i128.pow(power), 1));
    let decimal = |power: u32| Some((Form::Decimal, 10_i128.pow(power), 1));
    match suffix {
        "Ki" => binary(1),
        "Mi" => binary(2),
        "Gi" => binary(3),
        "Ti" => binary(4),
        "Pi" => binary(5),
        "Ei" => binary(6),
        "n" => Some((Form::Decimal, 1, 1_000_000_000)),
        "u" => Some((Form::Decimal, 1, 1_000_000)),
        "m" => Some((Form::Decimal, 1, 1_000)),
        "" => decimal(0),
        "k" => decimal(3),
        "M" => decimal(6),
        "G" => decimal(9),
        "T" => decimal(12),
        "P" => decimal(15),
        "E" => decimal(18),
        _ => {
            let exponent: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
            let power = 10_i128.checked_pow(exponent.unsigned_abs().min(18))?;
            Some(if exponent < 0 {
                (Form::Exponent, 1, power)
            } else {
                (Form::Exponent, power, 1)
            })
        }
    }
}

impl std::fmt::Display for Quantity {
    /// The largest suffix that leaves a whole number.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.nanos == 0 {
            return f.write_str("0");
        }
        let whole = self.nanos / NANO;
        let is_binary = self.form == Form::Binary && self.nanos % NANO == 0 && whole.abs() >= 1024;
        if is_binary {
            let suffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
            let mut left = whole;
            let mut power = 0;
            while left % 1024 == 0 && power < 6 {
                left /= 1024;
                power += 1;
            }
            return write!(f, "{left}{}", suffixes.get(power).unwrap_or(&""));
        }
        let mut left = self.nanos;
        let mut power = -9;
        while left % 1000 == 0 && power < 18 {
            left /= 1000;
            power += 3;
        }
        if self.form == Form::Exponent && power != 0 {
            return write!(f, "{left}e{power}");
        }
        let suffix = match power {
            -9 => "n",
            -6 => "u",
            -3 => "m",
            3 => "k",
            6 => "M",
            9 => "G",
            12 => "T",
            15 => "P",
            18 => "E",
            _ => "",
        };
        write!(f, "{left}{suffix}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_written_in_their_shortest_whole_form() {
        for (given, written) in [
            ("1000m", "1"),
            ("0.5", "500m"),
            ("1024Mi", "1Gi"),
            ("1500Mi", "1500Mi"),
            ("128974848", "128974848"),
            ("1000000", "1M"),
            ("0", "0"),
            ("100m", "100m"),
            ("1e3", "1e3"),
            ("0.5Gi", "512Mi"),
            ("2", "2"),
            ("-1", "-1"),
            ("1.5", "1500m"),
            ("512Ki", "512Ki"),
            ("0.1Ki", "102400m"),
        ] {
            let quantity = Quantity::parse(given).map(|it| it.to_string());
            assert_eq!(quantity.as_deref(), Some(written), "{given}");
        }
    }

    #[test]
    fn other_texts_are_no_quantities() {
        for text in ["", "1 Gi", "Gi", "1GiB", "one", "1.2.3", "--1", "1mm"] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }
}
