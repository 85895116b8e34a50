//! What scalars mean: YAML 1.1 as kubectl's library reads it, written out as JSON and read again.

use serde_json::{Number, Value};

use super::JsonError;
use crate::TextRange;

/// What a scalar means.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meaning {
    Null,
    Bool(bool),
    Int(i64),
    /// Above what a signed integer holds.
    Unsigned(u64),
    Float(f64),
    Text(String),
}

/// A scalar as the key of an object.
pub(super) enum Key {
    Text(String),
    /// JSON has no such key.
    Refused,
}

impl Meaning {
    /// As the value that is left after a way through JSON text.
    pub(super) fn value(self, range: TextRange) -> Result<Value, JsonError> {
        Ok(match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Int(value) => Value::from(value),
            #[expect(clippy::cast_precision_loss, reason = "kubectl loses it too")]
            Self::Unsigned(value) => float(value as f64),
            Self::Float(value) if !value.is_finite() => {
                return Err(JsonError::new(
                    range,
                    "JSON has no infinity and no NaN; put it in quotes",
                ));
            }
            Self::Float(value) => float(value),
            Self::Text(text) => Value::String(text),
        })
    }

    pub(super) fn key(self) -> Key {
        Key::Text(match self {
            Self::Null | Self::Unsigned(_) => return Key::Refused,
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => float_key(value),
            Self::Text(text) => text,
        })
    }
}

/// A whole number below 1e21 has no fraction in JSON text, so it is read back as an integer if its
/// shortest digits fit one.
fn float(value: f64) -> Value {
    let is_whole = value.fract() == 0.0 && value.abs() < 1e21;
    let text = is_whole.then(|| value.to_string());
    if let Some(integer) = text.and_then(|text| text.parse::<i64>().ok()) {
        return Value::from(integer);
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// A float as kubectl writes it where it is a key: with the digits of a 32-bit one, and with an
/// exponent outside of 1e-4 to 1e6.
fn float_key(value: f64) -> String {
    let value = value as f32;
    if value.is_nan() {
        return ".nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let power: i32 = exponent.parse().unwrap_or(0);
    if value != 0.0 && !(-4..6).contains(&power) {
        let sign = if power < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", power.abs());
    }
    format!("{value}")
}

/// What a plain scalar without a tag means.
pub(super) fn resolve(text: &str) -> Meaning {
    if let Some(word) = word(text) {
        return word;
    }
    let number = match text.as_bytes().first() {
        Some(b'.') => go_float(text),
        Some(b'+' | b'-' | b'0'..=b'9') => number(text),
        _ => None,
    };
    number.unwrap_or_else(|| Meaning::Text(text.to_owned()))
}

/// What a scalar with a tag means, in any style.
pub(super) fn resolve_tagged(tag: &str, text: &str) -> Result<Meaning, String> {
    let meaning = match tag {
        "!!int" | "!!float" | "!!bool" | "!!null" | "!!timestamp" => resolve(text),
        "!!binary" => return binary(text),
        _ => return Ok(Meaning::Text(text.to_owned())),
    };
    match (tag, meaning) {
        #[expect(clippy::cast_precision_loss, reason = "kubectl loses it too")]
        ("!!float", Meaning::Int(value)) => Ok(Meaning::Float(value as f64)),
        ("!!int", meaning @ (Meaning::Int(_) | Meaning::Unsigned(_)))
        | ("!!float", meaning @ Meaning::Float(_))
        | ("!!bool", meaning @ Meaning::Bool(_))
        | ("!!null", meaning @ Meaning::Null) => Ok(meaning),
        ("!!timestamp", Meaning::Text(text)) if is_timestamp(&text) => Ok(Meaning::Text(text)),
        _ => Err(format!("`{text}` is no {}", tag.trim_start_matches('!'))),
    }
}

fn word(text: &str) -> Option<Meaning> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Meaning::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Meaning::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Meaning::Bool(false)
        }
        ".nan" | ".NaN" | ".NAN" => Meaning::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Meaning::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Meaning::Float(f64::NEG_INFINITY),
        _ => return None,
    })
}

fn number(text: &str) -> Option<Meaning> {
    let plain = text.replace('_', "");
    let (sign, digits) = match plain.as_bytes().first() {
        Some(b'-') => (-1, plain.get(1..)?),
        Some(b'+') => (1, plain.get(1..)?),
        _ => (1, plain.as_str()),
    };
    let is_signed = digits.len() < plain.len();
    if let Some(magnitude) = integer(digits) {
        let signed = i64::try_from(i128::from(magnitude) * sign);
        return match signed {
            Ok(value) => Some(Meaning::Int(value)),
            Err(_) if !is_signed => Some(Meaning::Unsigned(magnitude)),
            Err(_) => decimal(&plain),
        };
    }
    decimal(&plain)
}

/// An unsigned integer with the prefixes of Go: `0x`, `0o`, `0b`, `0`.
fn integer(digits: &str) -> Option<u64> {
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, digits.get(2..)?),
        [b'0', b'o' | b'O', ..] => (8, digits.get(2..)?),
        [b'0', b'b' | b'B', ..] => (2, digits.get(2..)?),
        [b'0', _, ..] => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    // `from_str_radix` would take another sign.
    let is_number = digits.bytes().next()?.is_ascii_alphanumeric();
    is_number.then(|| u64::from_str_radix(digits, radix).ok())?
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn decimal(plain: &str) -> Option<Meaning> {
    let unsigned = plain.strip_prefix(['-', '+']).unwrap_or(plain);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let has_digits = |text: &str| !text.is_empty() && are_digits(text);
    let is_mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => has_digits(fraction),
        Some((whole, fraction)) => has_digits(whole) && are_digits(fraction),
        None => has_digits(mantissa),
    };
    let is_exponent = exponent
        .is_none_or(|exponent| has_digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)));
    (is_mantissa && is_exponent).then(|| go_float(plain))?
}

/// A float as Go parses it: what overflows is no number.
fn go_float(text: &str) -> Option<Meaning> {
    let is_decimal = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    let value: f64 = is_decimal.then(|| text.parse().ok())??;
    value.is_finite().then_some(Meaning::Float(value))
}

fn is_timestamp(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 && text.as_bytes().get(4) == Some(&b'-')
}

fn binary(text: &str) -> Result<Meaning, String> {
    let bytes = base64(text).ok_or("this is no base64")?;
    Ok(Meaning::Text(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Decodes padded base64; line breaks are skipped.
fn base64(text: &str) -> Option<Vec<u8>> {
    let text: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\n' | b'\r'))
        .collect();
    let padding = text.iter().rev().take_while(|&&byte| byte == b'=').count();
    if !text.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.get(..text.len() - padding)? {
        bits = bits << 6 | sextet(*byte)?;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 0xFF) as u8);
        }
    }
    Some(out)
}

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}
