//! Which names may stand in a URL of an API server, and in a path of a version.
//!
//! Looser than the rules of single kinds (a role may be called `system:node`), and strict enough
//! that no name can leave its place in a URL.

/// Checks a name; the message is a sentence.
pub(super) type Check = fn(&str) -> Result<(), String>;

pub(super) fn check_api_version(text: &str) -> Result<(), String> {
    let (group, version) = text.split_once('/').unwrap_or(("", text));
    let has_group = text.contains('/');
    if is_label(version) && (!has_group || is_subdomain(group)) {
        return Ok(());
    }
    Err(format!(
        "`{}` is not an `apiVersion`: write `v1` or a group and a version such as `apps/v1`",
        shorten(text)
    ))
}

pub(super) fn check_kind(text: &str) -> Result<(), String> {
    let starts_with_letter = text.starts_with(|first: char| first.is_ascii_alphabetic());
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if starts_with_letter && plain && text.len() <= 63 {
        return Ok(());
    }
    Err(format!(
        "`{}` is not a `kind`: write a word such as `Deployment`",
        shorten(text)
    ))
}

pub(super) fn check_object_name(text: &str) -> Result<(), String> {
    let inner = |byte: u8| byte.is_ascii_graphic() && !b"/%?#\\\"'`<>{}|^".contains(&byte);
    let dots_only = text.bytes().all(|byte| byte == b'.');
    if (1..=253).contains(&text.len()) && text.bytes().all(inner) && !dots_only {
        return Ok(());
    }
    Err(format!(
        "`{}` is not a name: use up to 253 lower-case letters, digits, `-` and `.`",
        shorten(text)
    ))
}

pub(super) fn check_namespace(text: &str) -> Result<(), String> {
    if is_label(text) {
        return Ok(());
    }
    Err(format!(
        "`{}` is not a namespace: use up to 63 lower-case letters, digits and `-`",
        shorten(text)
    ))
}

pub(super) fn check_path(path: &str) -> Result<(), String> {
    let plain = |part: &str| !matches!(part, "" | "." | "..");
    let readable = path.chars().all(|c| !c.is_control() && c != '\\');
    if path.len() > 255 || !readable || !path.split('/').all(plain) {
        return Err(
            "the path must be relative, with `/` between its parts, without `..`, \
             and of 255 bytes at most"
                .to_owned(),
        );
    }
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    if !["yaml", "yml", "json"].contains(&extension) {
        return Err(
            "a version holds manifests only: name the file `.yaml`, `.yml` or `.json`".to_owned(),
        );
    }
    if path.ends_with(".gitlab-ci.yml") {
        return Err(
            "this is a pipeline of GitLab, and a version holds manifests only: leave the file out"
                .to_owned(),
        );
    }
    Ok(())
}

/// A label of DNS (RFC 1123).
fn is_label(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&text.len())
        && text.bytes().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn is_subdomain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}

fn shorten(text: &str) -> String {
    text.chars().take(80).collect()
}
