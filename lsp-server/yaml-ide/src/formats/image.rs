//! Names of container images.

/// Why a node could never pull `image`; nothing where the name can be read.
pub(crate) fn complaint(image: &str) -> Option<String> {
    let (rest, digest) = match image.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (image, None),
    };
    let (name, tag) = split_tag(rest);
    let path = without_host(name);
    if image.contains(char::is_whitespace) {
        Some("an image has no blanks in its name".to_owned())
    } else if path.is_empty() {
        Some(format!("`{image}` has no name"))
    } else if path.contains(|c: char| c.is_ascii_uppercase()) {
        let lower = path.to_ascii_lowercase();
        Some(format!("`{path}` must be lower case: `{lower}`"))
    } else if tag.is_some_and(|tag| !is_tag(tag)) {
        let tag = tag.unwrap_or_default();
        Some(format!(
            "`{tag}` is no tag: at most 128 letters, digits, `_`, `.` and `-`"
        ))
    } else if digest.is_some_and(|digest| !is_digest(digest)) {
        Some("a digest is `sha256:` and 64 hexadecimal digits".to_owned())
    } else {
        None
    }
}

/// The tag, or `latest` where neither tag nor digest is written.
pub(crate) fn floating_tag(image: &str) -> bool {
    !image.contains('@') && matches!(split_tag(image).1, None | Some("latest"))
}

/// What the parts of an image's name are, as a list; nothing where it cannot be read.
pub(crate) fn describe(image: &str) -> Option<String> {
    if complaint(image).is_some() || image.contains('$') {
        return None;
    }
    let (rest, digest) = match image.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (image, None),
    };
    let (name, tag) = split_tag(rest);
    let (registry, path) = match name.split_once('/') {
        Some((host, path)) if is_host(host) => (host, path.to_owned()),
        Some(_) => ("docker.io", name.to_owned()),
        None => ("docker.io", format!("library/{name}")),
    };
    let mut lines = vec![
        format!("- registry: `{registry}`"),
        format!("- name: `{path}`"),
    ];
    match (tag, digest) {
        (Some(tag), _) => lines.push(format!("- tag: `{tag}`")),
        (None, None) => lines.push("- tag: none is written, which means `latest`".to_owned()),
        (None, Some(_)) => {}
    }
    lines.extend(digest.map(|digest| format!("- digest: `{digest}`")));
    Some(lines.join("\n"))
}

/// A page that shows the image, for registries that have one.
pub(crate) fn page(image: &str) -> Option<String> {
    let name = split_tag(image.split('@').next()?).0;
    if complaint(image).is_some() || name.contains('$') {
        return None;
    }
    match name.split_once('/') {
        None => Some(format!("https://hub.docker.com/_/{name}")),
        Some(("docker.io", rest)) => Some(match rest.strip_prefix("library/") {
            Some(name) => format!("https://hub.docker.com/_/{name}"),
            None => format!("https://hub.docker.com/r/{rest}"),
        }),
        Some(("quay.io", rest)) => Some(format!("https://quay.io/repository/{rest}")),
        Some(("ghcr.io" | "registry.k8s.io" | "gcr.io", _)) => Some(format!("https://{name}")),
        Some((host, _)) if is_host(host) => None,
        Some(_) => Some(format!("https://hub.docker.com/r/{name}")),
    }
}

fn split_tag(rest: &str) -> (&str, Option<&str>) {
    match rest.rsplit_once(':') {
        // A colon before a slash belongs to the port of the registry.
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (rest, None),
    }
}

fn without_host(name: &str) -> &str {
    match name.split_once('/') {
        Some((host, path)) if is_host(host) => path,
        _ => name,
    }
}

fn is_host(part: &str) -> bool {
    part == "localhost" || part.contains(['.', ':'])
}

fn is_tag(tag: &str) -> bool {
    !tag.is_empty()
        && tag.len() <= 128
        && !tag.starts_with(['.', '-'])
        && tag
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

fn is_digest(digest: &str) -> bool {
    digest.split_once(':').is_some_and(|(algorithm, hex)| {
        let length = if algorithm == "sha512" { 128 } else { 64 };
        hex.len() == length && hex.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_can_be_pulled_are_fine() {
        for image in [
            "nginx",
            "nginx:1.27",
            "ghcr.io/a/b:v1",
            "localhost:5000/a",
            "Host.io/a:Tag",
        ] {
            assert_eq!(complaint(image), None, "{image}");
        }
        for image in [
            "",
            "Nginx",
            "nginx:",
            "a b",
            "nginx:-x",
            "a@sha256:12",
            ":tag",
        ] {
            assert!(complaint(image).is_some(), "{image}");
        }
    }

    #[test]
    fn a_tag_that_moves_is_known() {
        assert!(floating_tag("nginx") && floating_tag("nginx:latest"));
        assert!(!floating_tag("nginx:1.27") && floating_tag("localhost:5000/a"));
    }

    #[test]
    fn parts_of_a_name_are_told() {
        let check = |image: &str, expected: &str| {
            assert_eq!(describe(image).unwrap_or_default(), expected);
        };
        check(
            "nginx:1.29",
            "- registry: `docker.io`\n- name: `library/nginx`\n- tag: `1.29`",
        );
        check(
            "localhost:5000/a/b",
            "- registry: `localhost:5000`\n- name: `a/b`\n- tag: none is written, which means `latest`",
        );
        check("a b", "");
    }

    #[test]
    fn known_registries_have_pages() {
        let page = |image| page(image).unwrap_or_default();
        assert_eq!(page("nginx:1"), "https://hub.docker.com/_/nginx");
        assert_eq!(
            page("bitnami/redis"),
            "https://hub.docker.com/r/bitnami/redis"
        );
        assert_eq!(page("quay.io/a/b:1"), "https://quay.io/repository/a/b");
        assert_eq!(page("registry.example.com/a"), "");
    }
}
