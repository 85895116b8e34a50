//! Which release of Kubernetes a file is written for: its own first lines say it, or the settings.

use k8s_schemas::KubeRelease;
use yaml_syntax::Source;

/// How many lines at the start of a file may be comments before the one that is looked for.
const MAX_LINES: u32 = 16;

/// The release in `# kun: release=1.35`, a comment in front of all else.
///
/// A release that is not known counts as the nearest one.
pub(crate) fn of_text(source: &Source) -> Option<KubeRelease> {
    for line in 0..source.line_count().min(MAX_LINES) {
        let text = source.slice(source.line_range(line));
        let text = text.trim();
        let Some(comment) = text.strip_prefix('#') else {
            if text.is_empty() || text == "---" {
                continue;
            }
            return None;
        };
        let settings = comment.trim_start().strip_prefix("kun:");
        let mut words = settings.unwrap_or_default().split_whitespace();
        if let Some(release) = words.find_map(|word| word.strip_prefix("release=")) {
            return KubeRelease::nearest(release);
        }
    }
    None
}

/// The release of the longest of `patterns` that fits `path`.
pub(crate) fn of_path(patterns: &[(String, KubeRelease)], path: &str) -> Option<KubeRelease> {
    let fitting = patterns.iter().filter(|(pattern, _)| fits(pattern, path));
    let longest = fitting.max_by_key(|(pattern, _)| pattern.len());
    longest.map(|(_, release)| *release)
}

/// Whether a pattern such as `legacy/**/*.yaml` fits a path, from any of its folders on.
fn fits(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.trim_matches('/').split('/').collect();
    let path: Vec<&str> = path.trim_matches('/').split('/').collect();
    let mut starts = 0..path.len();
    starts.any(|start| parts(&pattern, path.get(start..).unwrap_or_default()))
}

fn parts(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), Some((_, below))) => parts(rest, path) || parts(pattern, below),
        (Some((&"**", rest)), None) => parts(rest, path),
        (Some((first, rest)), Some((name, below))) => {
            part(first.as_bytes(), name.as_bytes()) && parts(rest, below)
        }
        _ => false,
    }
}

/// `*` stands for any letters, `?` for one.
fn part(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), Some((_, behind))) => part(rest, name) || part(pattern, behind),
        (Some((b'*', rest)), None) => part(rest, name),
        (Some((b'?', rest)), Some((_, behind))) => part(rest, behind),
        (Some((letter, rest)), Some((other, behind))) => letter == other && part(rest, behind),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_in_front_of_all_else_name_the_release() {
        check("# kun: release=1.35\nkind: Pod\n", Some(KubeRelease::V1_35));
        check(
            "# Copyright\n\n---\n#kun: release=v1.34 other=1\n",
            Some(KubeRelease::V1_34),
        );
        check("kind: Pod\n# kun: release=1.35\n", None);
        check("# release=1.35\n", None);
        check("# kun: release=1.20\n", Some(KubeRelease::V1_33));
        check("", None);
    }

    #[test]
    fn patterns_fit_from_any_folder_on() {
        assert!(fits("legacy/**", "/home/ann/shop/legacy/a/web.yaml"));
        assert!(fits("legacy/*.yaml", "legacy/web.yaml"));
        assert!(!fits("legacy/*.yaml", "legacy/a/web.yaml"));
        assert!(fits("**/web-?.yaml", "a/b/web-1.yaml"));
        assert!(!fits("legacy/**", "legacy2/web.yaml"));
        let patterns = [
            ("a/**".to_owned(), KubeRelease::V1_34),
            ("a/b/**".to_owned(), KubeRelease::V1_35),
        ];
        assert_eq!(of_path(&patterns, "a/b/c.yaml"), Some(KubeRelease::V1_35));
        assert_eq!(of_path(&patterns, "c.yaml"), None);
    }

    #[track_caller]
    fn check(text: &str, expected: Option<KubeRelease>) {
        assert_eq!(
            of_text(yaml_syntax::parse(text).source()),
            expected,
            "{text}"
        );
    }
}
