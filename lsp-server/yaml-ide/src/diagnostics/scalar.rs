//! Scalars as kubectl reads them, beside what the schema wants.

use k8s_schemas::{Schema, Type};
use serde_json::Value as Json;
use yaml_syntax::{Scalar, ScalarStyle};

use super::Diagnostic;
use super::at::At;
use super::laws;
use super::report::Report;
use crate::formats::{address, base64, quantity};
use crate::fuzzy;
use crate::object::Value;

/// Judges a scalar by its schema.
pub(super) fn check(
    report: &mut Report<'_>,
    value: Value<'_>,
    scalar: Scalar<'_>,
    schema: Schema<'_>,
    at: &At<'_>,
) {
    let Some(json) = value.json() else {
        unreadable(report, value, scalar);
        return;
    };
    if json.is_null() {
        return;
    }
    if fits(&json, schema.ty()) {
        contents(report, value, &json, schema, at);
    } else {
        wrong_type(report, value, scalar, &json, schema.ty(), at);
    }
}

/// Complains about a scalar that is no text.
pub(super) fn not_text(report: &mut Report<'_>, value: Value<'_>, scalar: Scalar<'_>, at: &At<'_>) {
    match value.json() {
        Some(json) => wrong_type(report, value, scalar, &json, Type::String, at),
        None => unreadable(report, value, scalar),
    }
}

/// A scalar that kubectl itself refuses, such as `.inf`.
fn unreadable(report: &mut Report<'_>, value: Value<'_>, scalar: Scalar<'_>) {
    let Some(Err(error)) = value
        .node()
        .map(|node| yaml_syntax::json::node(value.document(), node))
    else {
        return;
    };
    let quoted = quoted(&scalar.text());
    report
        .error(value.range(), "unreadable-value", error.message)
        .replace(format!("Quote it: `{quoted}`"), scalar.range(), quoted);
}

fn fits(json: &Json, ty: Type) -> bool {
    match ty {
        Type::Any => true,
        Type::Object | Type::Map | Type::List => false,
        Type::String => json.is_string(),
        Type::Integer => is_whole(json),
        Type::Number => json.is_number(),
        Type::Boolean => json.is_boolean(),
        Type::IntOrString => json.is_string() || is_whole(json),
        Type::Quantity => json.is_string() || json.is_number(),
    }
}

/// `3.0` reaches the API server as `3`.
fn is_whole(json: &Json) -> bool {
    json.is_i64() || json.is_u64() || json.as_f64().is_some_and(|number| number.fract() == 0.0)
}

fn wrong_type(
    report: &mut Report<'_>,
    value: Value<'_>,
    scalar: Scalar<'_>,
    json: &Json,
    ty: Type,
    at: &At<'_>,
) {
    let name = at.words();
    let wanted = with_article(ty);
    let raw = scalar.text();
    let plain = scalar.style() == ScalarStyle::Plain;
    let read = json.to_string();
    let message = if plain && ty == Type::String && read != raw {
        format!("{name} must be {wanted}; Kubernetes reads `{raw}` as {read}: put it in quotes")
    } else if ty == Type::String {
        format!(
            "{name} must be {wanted}, not {}; put it in quotes",
            kind_of(json)
        )
    } else {
        format!("{name} must be {wanted}, not {}", kind_of(json))
    };
    let complaint = report.error(value.range(), "type", message);
    offer(complaint, scalar, json, ty);
}

/// The nearest value of the right type.
fn offer(complaint: &mut Diagnostic, scalar: Scalar<'_>, json: &Json, ty: Type) {
    let raw = scalar.text();
    let better = match (ty, json) {
        (Type::String, _) => Some(quoted(&raw)),
        (Type::Boolean, Json::String(text)) => as_bool(text).map(|word| word.to_string()),
        (Type::Boolean, Json::Number(number)) => match number.as_i64() {
            Some(0) => Some("false".to_owned()),
            Some(1) => Some("true".to_owned()),
            _ => None,
        },
        (Type::Integer | Type::Number, Json::String(text)) => {
            let number = text.trim();
            number.parse::<i64>().is_ok().then(|| number.to_owned())
        }
        _ => None,
    };
    if let Some(better) = better {
        let title = match ty {
            Type::String => format!("Quote it: `{better}`"),
            _ => format!("Change to `{better}`"),
        };
        complaint.replace(title, scalar.range(), better);
    }
    if let (Type::String, Json::Bool(value)) = (ty, json)
        && value.to_string() != raw
    {
        complaint.replace(
            format!("Change to `\"{value}\"`"),
            scalar.range(),
            format!("\"{value}\""),
        );
    }
}

fn as_bool(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "y" => Some(true),
        "false" | "no" | "off" | "n" => Some(false),
        _ => None,
    }
}

/// The value itself: enums, formats, bounds.
fn contents(
    report: &mut Report<'_>,
    value: Value<'_>,
    json: &Json,
    schema: Schema<'_>,
    at: &At<'_>,
) {
    let allowed = schema.enum_values();
    if !allowed.is_empty() && !allowed.contains(json) {
        not_allowed(report, value, json, allowed, at);
        return;
    }
    if schema.ty() == Type::Quantity {
        amount(report, value, at);
    }
    match (json, schema.format()) {
        (Json::String(text), Some(format)) => text_format(report, value, text, format, at),
        (Json::Number(number), Some("int32")) => {
            let fits = number.as_i64().is_none_or(|n| i32::try_from(n).is_ok());
            if !fits {
                let message = format!("`{}` is too large: at most {}", at.name(), i32::MAX);
                report.error(value.range(), "out-of-range", message);
            }
        }
        _ => {}
    }
    bounds(report, value, json, schema, at);
    laws::check(report, value, value.range(), schema, at);
    pattern(report, value, json, schema, at);
}

fn not_allowed(
    report: &mut Report<'_>,
    value: Value<'_>,
    json: &Json,
    allowed: &[Json],
    at: &At<'_>,
) {
    let words: Vec<String> = allowed.iter().map(plain_word).collect();
    let written = plain_word(json);
    let near = fuzzy::nearest(&written, words.iter().map(String::as_str));
    let allowed = list(&words);
    let mut message = format!(
        "`{written}` is not allowed for `{}`; use {allowed}",
        at.name()
    );
    if let Some(near) = near.filter(|_| words.len() > 4) {
        message = format!(
            "`{written}` is not allowed for `{}`; did you mean `{near}`? Allowed: {allowed}",
            at.name()
        );
    }
    let complaint = report.error(value.range(), "enum", message);
    let Some(scalar) = value.written().as_scalar() else {
        return;
    };
    let others = words
        .iter()
        .map(String::as_str)
        .filter(|word| Some(*word) != near);
    for word in near.into_iter().chain(others).take(6) {
        let insert = if word.is_empty() { "\"\"" } else { word };
        complaint.replace(format!("Change to `{insert}`"), scalar.range(), insert);
    }
}

fn amount(report: &mut Report<'_>, value: Value<'_>, at: &At<'_>) {
    let Some(text) = value.raw_text() else {
        return;
    };
    if quantity::parse(&text).is_some() {
        return;
    }
    let message = format!(
        "`{text}` is not a quantity for `{}`: a number with one of m, k, M, G, T, Ki, Mi, Gi, Ti or nothing",
        at.name()
    );
    let better = quantity::nearest(&text);
    let complaint = report.error(value.range(), "quantity", message);
    complaint.docs(
        "https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/"
            .to_owned(),
    );
    if let (Some(better), Some(scalar)) = (better, value.written().as_scalar()) {
        complaint.replace(format!("Change to `{better}`"), scalar.range(), better);
    }
}

fn text_format(report: &mut Report<'_>, value: Value<'_>, text: &str, format: &str, at: &At<'_>) {
    let name = at.name();
    if format == "byte" && base64::decode(text).is_none() {
        let encoded = base64::encode(text);
        let complaint = report.error(
            value.range(),
            "base64",
            format!("`{name}` is not base64; plain text goes into `stringData`, or is encoded"),
        );
        if let Some(scalar) = value.written().as_scalar() {
            complaint.replace("Encode it as base64", scalar.range(), encoded);
        }
    }
    let address = match format {
        "ipv4" => Some((
            address::is_ip(text) && !text.contains(':'),
            "an IPv4 address",
        )),
        "ipv6" => Some((
            address::is_ip(text) && text.contains(':'),
            "an IPv6 address",
        )),
        "cidr" => Some((
            address::is_cidr(text),
            "a range of addresses, as in 10.0.0.0/8",
        )),
        _ => None,
    };
    if let Some((false, what)) = address {
        let message = format!("`{name}` must be {what}");
        report.error(value.range(), "invalid-address", message);
    }
    if format == "date-time" && !is_date_time(text) {
        let message = format!("`{name}` is a time such as 2026-01-31T12:00:00Z");
        report.error(value.range(), "date-time", message);
    }
}

fn is_date_time(text: &str) -> bool {
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let Some(rest) = shape.strip_prefix("0000-00-00T00:00:00") else {
        return false;
    };
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches('0'),
        None => rest,
    };
    matches!(rest, "Z" | "+00:00" | "-00:00")
}

fn bounds(report: &mut Report<'_>, value: Value<'_>, json: &Json, schema: Schema<'_>, at: &At<'_>) {
    let limits = schema.limits();
    let name = at.name();
    let broken = match json {
        Json::Number(number) => {
            let number = number.as_f64().unwrap_or_default();
            let too_small = limits
                .minimum
                .filter(|least| number < *least || (limits.exclusive_minimum && number <= *least));
            let too_large = limits
                .maximum
                .filter(|most| number > *most || (limits.exclusive_maximum && number >= *most));
            let word = |exclusive| if exclusive { "more than" } else { "at least" };
            too_small
                .map(|least| format!("{} {least}", word(limits.exclusive_minimum)))
                .or_else(|| {
                    let word = if limits.exclusive_maximum {
                        "less than"
                    } else {
                        "at most"
                    };
                    too_large.map(|most| format!("{word} {most}"))
                })
                .or_else(|| {
                    let of = limits.multiple_of;
                    let of = of.filter(|of| !laws::is_multiple(number, *of));
                    of.map(|of| format!("a multiple of {of}"))
                })
        }
        Json::String(text) => {
            let length = text.chars().count() as u64;
            let few = limits.min_length.filter(|least| length < *least);
            let many = limits.max_length.filter(|most| length > *most);
            few.map(|least| format!("at least {least} characters long"))
                .or_else(|| many.map(|most| format!("at most {most} characters long")))
        }
        _ => None,
    };
    if let Some(allowed) = broken {
        report.error(
            value.range(),
            "out-of-range",
            format!("`{name}` must be {allowed}"),
        );
    }
}

/// Bytes that a pattern may need. One that counts to a thousand in three levels needs more, and as
/// much time for every letter of the text.
const MAX_PATTERN: usize = 1 << 20;

fn pattern(
    report: &mut Report<'_>,
    value: Value<'_>,
    json: &Json,
    schema: Schema<'_>,
    at: &At<'_>,
) {
    let (Json::String(text), Some(pattern)) = (json, schema.pattern()) else {
        return;
    };
    let read = regex::RegexBuilder::new(pattern)
        .size_limit(MAX_PATTERN)
        .build();
    // A pattern that we cannot read is no fault of the text.
    let fits = read.map_or(true, |regex| regex.is_match(text));
    if !fits {
        let message = format!(
            "`{text}` does not fit the pattern of `{}`: {pattern}",
            at.name()
        );
        report.error(value.range(), "pattern", message);
    }
}

/// A text in double quotes.
pub(super) fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}

fn plain_word(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// More words than this are not listed.
const MAX_WORDS: usize = 12;

/// `Always, IfNotPresent or Never`; shortened where there are many.
fn list(words: &[String]) -> String {
    if let Some(some) = words.get(..MAX_WORDS).filter(|_| words.len() > MAX_WORDS) {
        return format!("{}, …", some.join(", "));
    }
    let words: Vec<&str> = words
        .iter()
        .map(|word| if word.is_empty() { "\"\"" } else { word })
        .collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// What a value is, in words.
fn kind_of(json: &Json) -> &'static str {
    match json {
        Json::Null => "nothing",
        Json::Bool(_) => "a boolean",
        Json::Number(number) if number.is_f64() => "a number",
        Json::Number(_) => "an integer",
        Json::String(_) => "a string",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

/// What a type is, in words.
pub(super) fn with_article(ty: Type) -> String {
    let name = ty.name();
    let article = if name.starts_with(['a', 'e', 'i', 'o']) {
        "an"
    } else {
        "a"
    };
    match ty {
        Type::Any => name.to_owned(),
        _ => format!("{article} {name}"),
    }
}
