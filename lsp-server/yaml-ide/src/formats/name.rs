//! Names that Kubernetes takes, and why it refuses others.
//!
//! Each function answers a sentence that says what is allowed, or nothing where the name is fine.

use super::placeholder;

/// A name of an object such as a `Service`: letters, digits and dashes, at most 63.
pub(crate) fn label_1123(name: &str) -> Option<String> {
    let allowed =
        "at most 63 lower-case letters, digits and `-`, starting and ending with a letter or digit";
    complain(name.len() <= 63 && is_label(name), name, allowed)
}

/// As [`label_1123`], but starting with a letter.
pub(crate) fn label_1035(name: &str) -> Option<String> {
    let allowed = "at most 63 lower-case letters, digits and `-`, starting with a letter and ending with a letter or digit";
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
    complain(name.len() <= 63 && starts && is_label(name), name, allowed)
}

/// The name of most objects: labels with dots between, at most 253.
pub(crate) fn subdomain(name: &str) -> Option<String> {
    let allowed = "at most 253 lower-case letters, digits, `-` and `.`, starting and ending with a letter or digit";
    complain(is_subdomain(name), name, allowed)
}

/// The name of an object of RBAC: anything that can stand between slashes.
pub(crate) fn path_segment(name: &str) -> Option<String> {
    let bad = name.is_empty() || name == "." || name == ".." || name.contains(['/', '%']);
    complain(
        !bad,
        name,
        "anything but `.`, `..`, and without `/` and `%`",
    )
}

/// The key of a label, a taint or an annotation: `app`, `example.com/team`.
pub(crate) fn qualified(key: &str) -> Option<String> {
    let allowed = "at most 63 letters, digits, `-`, `_` and `.`, starting and ending with a letter or digit; before it may stand a domain and `/`";
    let (prefix, name) = match key.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    complain(
        prefix.is_none_or(is_subdomain) && is_qualified_part(name),
        key,
        allowed,
    )
}

/// The value of a label; may be empty.
pub(crate) fn label_value(value: &str) -> Option<String> {
    let allowed = "at most 63 letters, digits, `-`, `_` and `.`, starting and ending with a letter or digit, or nothing";
    complain(value.is_empty() || is_qualified_part(value), value, allowed)
}

/// The name of a container's port.
pub(crate) fn port_name(name: &str) -> Option<String> {
    let allowed = "at most 15 lower-case letters, digits and single `-`, with a letter among them, not starting or ending with `-`";
    let fits = name.len() <= 15
        && is_label(name)
        && !name.contains("--")
        && name.contains(|c: char| c.is_ascii_lowercase());
    complain(fits, name, allowed)
}

/// A key of a `ConfigMap` or `Secret`.
pub(crate) fn config_key(key: &str) -> Option<String> {
    let allowed = "at most 253 letters, digits, `-`, `_` and `.`";
    let fits = !key.is_empty()
        && key.len() <= 253
        && key != "."
        && !key.starts_with("..")
        && key
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    complain(fits, key, allowed)
}

/// The name of an environment variable.
pub(crate) fn env_name(name: &str) -> Option<String> {
    let fits = !name.is_empty() && name.chars().all(|c| matches!(c, ' '..='~') && c != '=');
    complain(fits, name, "printable ASCII without `=`")
}

fn complain(fits: bool, name: &str, allowed: &str) -> Option<String> {
    // What a tool fills in before it is applied is not judged.
    (!fits && !placeholder::is_in(name)).then(|| format!("`{name}` is not allowed here: {allowed}"))
}

/// What `name` becomes when it is made to fit [`label_1123`]; `None` if nothing is left of it.
pub(crate) fn mended(name: &str) -> Option<String> {
    let mut mended = String::new();
    for c in name.chars().map(|c| c.to_ascii_lowercase()) {
        match c {
            'a'..='z' | '0'..='9' => mended.push(c),
            _ if mended.ends_with('-') => {}
            _ => mended.push('-'),
        }
    }
    let short = mended.get(..mended.len().min(63))?.trim_matches('-');
    (!short.is_empty()).then(|| short.to_owned())
}

fn is_label(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-')
}

fn is_subdomain(name: &str) -> bool {
    name.len() <= 253 && name.split('.').all(is_label)
}

fn is_qualified_part(name: &str) -> bool {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    name.len() <= 63
        && ends(name.chars().next())
        && ends(name.chars().last())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_objects() {
        check(
            subdomain,
            &["web", "a.b-c.d", "0"],
            &["", "Web", "a_b", "-a", "a-", "a..b", "a.-b"],
        );
        check(label_1123, &["web-1", "0a"], &["a.b", "A", "a-"]);
        check(label_1035, &["web-1"], &["0a", "a.b"]);
        check(path_segment, &["system:node", "A b"], &["", "..", "a/b"]);
        assert!(label_1123(&"a".repeat(64)).is_some());
        assert!(subdomain(&"a".repeat(254)).is_some());
    }

    #[test]
    fn labels() {
        check(
            qualified,
            &["app", "app.kubernetes.io/name", "A_b.c"],
            &["", "/x", "a/", "a/b/c", "-a", "Ex.com/a", "a b"],
        );
        check(
            label_value,
            &["", "v1.2", "A_b"],
            &["a b", "-a", "a/b", "é"],
        );
    }

    #[test]
    fn ports_keys_and_variables() {
        check(
            port_name,
            &["http", "a-b", "9p"],
            &["HTTP", "a--b", "80", "http-metrics-long", ""],
        );
        check(
            config_key,
            &["a", "app.yaml", "A_B-c"],
            &["", "..", "a/b", ".."],
        );
        check(env_name, &["PATH", "a.b-c"], &["", "A=B", "é"]);
    }

    #[test]
    fn a_refused_name_can_be_mended() {
        assert_eq!(mended("My_App").as_deref(), Some("my-app"));
        assert_eq!(mended("--").as_deref(), None);
    }

    #[track_caller]
    fn check(rule: fn(&str) -> Option<String>, good: &[&str], bad: &[&str]) {
        for name in good {
            assert_eq!(rule(name), None);
        }
        for name in bad {
            assert!(rule(name).is_some(), "{name:?}");
        }
    }
}
