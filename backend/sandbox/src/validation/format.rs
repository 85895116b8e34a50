//! Names, labels and other small texts.

/// A part of a name in lower case, up to 63 bytes. The text is what is wrong.
pub(super) fn label(text: &str) -> Option<String> {
    let legal = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    if text.len() > 63 {
        return Some("must be no more than 63 bytes".to_owned());
    }
    (!ends_well(text) || !text.bytes().all(legal)).then(|| "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')".to_owned())
}

/// A label that begins with a letter: names of Services.
pub(super) fn old_label(text: &str) -> Option<String> {
    let letter = text
        .bytes()
        .next()
        .is_some_and(|it| it.is_ascii_lowercase());
    if text.len() > 63 {
        return Some("must be no more than 63 bytes".to_owned());
    }
    (!letter || label(text).is_some()).then(|| "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')".to_owned())
}

/// Labels with dots between them.
pub(super) fn subdomain(text: &str) -> Option<String> {
    if text.len() > 253 {
        return Some("must be no more than 253 bytes".to_owned());
    }
    let legal = |part: &str| {
        let legal = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
        ends_well(part) && part.bytes().all(legal)
    };
    (!text.split('.').all(legal)).then(|| "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')".to_owned())
}

fn ends_well(text: &str) -> bool {
    let good = |it: Option<char>| it.is_some_and(|it| it.is_ascii_alphanumeric());
    good(text.chars().next()) && good(text.chars().last())
}

/// What may not stand in a path: names of roles and their like.
pub(super) fn path_segment(text: &str) -> Option<String> {
    if matches!(text, "." | "..") {
        return Some(format!("may not be '{text}'"));
    }
    ["/", "%"]
        .iter()
        .find(|it| text.contains(**it))
        .map(|it| format!("may not contain '{it}'"))
}

const NAME_PART: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

/// The key of a label or an annotation: all that is wrong with it.
pub(super) fn qualified_name(key: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let parts: Vec<_> = key.split('/').collect();
    let name = match parts.as_slice() {
        [name] => name,
        [prefix, name] => {
            if prefix.is_empty() {
                wrong.push("prefix part must be non-empty".to_owned());
            } else if let Some(why) = subdomain(prefix) {
                wrong.push(format!("prefix part {why}"));
            }
            name
        }
        _ => {
            return vec!["a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')".to_owned()];
        }
    };
    if name.is_empty() {
        wrong.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        wrong.push("name part must be no more than 63 bytes".to_owned());
    }
    if !is_loose(name) {
        wrong.push(NAME_PART.to_owned());
    }
    wrong
}

fn is_loose(text: &str) -> bool {
    ends_well(text)
        && text
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || b"-_.".contains(&it))
}

/// The value of a label.
pub(super) fn label_value(text: &str) -> Option<String> {
    if text.len() > 63 {
        return Some("must be no more than 63 bytes".to_owned());
    }
    (!text.is_empty() && !is_loose(text)).then(|| "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')".to_owned())
}

/// The key of a ConfigMap or a Secret.
pub(super) fn config_key(key: &str) -> Option<String> {
    if key.len() > 253 {
        return Some("must be no more than 253 bytes".to_owned());
    }
    let legal = !key.is_empty()
        && key
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || b"-_.".contains(&it));
    if !legal {
        return Some("a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')".to_owned());
    }
    match key {
        "." => Some("must not be '.'".to_owned()),
        ".." => Some("must not be '..'".to_owned()),
        key if key.starts_with("..") => Some("must not start with '..'".to_owned()),
        _ => None,
    }
}

/// The name of an environment variable.
pub(super) fn variable(name: &str) -> Option<String> {
    let legal = !name.is_empty()
        && name
            .chars()
            .all(|it| it.is_ascii_graphic() && it != '=' || it == ' ');
    (!legal).then(|| "a valid environment variable name must consist only of printable ASCII characters other than '='".to_owned())
}

/// The name of a port.
pub(super) fn port_name(name: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let legal = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    if name.len() > 15 {
        wrong.push("must be no more than 15 characters".to_owned());
    }
    if !name.bytes().all(legal) {
        wrong.push(
            "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)".to_owned(),
        );
    }
    if !name.bytes().any(|it| it.is_ascii_lowercase()) {
        wrong.push("must contain at least one letter (a-z)".to_owned());
    }
    if name.contains("--") {
        wrong.push("must not contain consecutive hyphens".to_owned());
    }
    if name.starts_with('-') || name.ends_with('-') {
        wrong.push("must not begin or end with a hyphen".to_owned());
    }
    wrong
}

/// What is wrong with a port's number.
pub(super) const PORT: &str = "must be between 1 and 65535, inclusive";

pub(super) fn is_port(number: i64) -> bool {
    (1..=65_535).contains(&number)
}
