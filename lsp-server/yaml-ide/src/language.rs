//! Which language a file or a document is written in.

use yaml_syntax::{Document, Parse, Source};

use crate::{Analysis, FileId, gitlab};

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// Objects of Kubernetes, or YAML of no known use: what is no object is left alone.
    Kubernetes,
    /// `.gitlab-ci.yml`, and files that it includes.
    GitlabCi,
    /// YAML of a tool with a language of its own: `kustomization.yaml`, the values of a chart.
    Other,
    /// The template of a chart: not YAML before it is filled in.
    Template,
}

/// The language of a file.
pub(crate) fn of_file(analysis: &Analysis, file: FileId) -> Language {
    analysis.language(file).unwrap_or(Language::Other)
}

/// The language of a text: its path says it, or else what stands in it.
pub(crate) fn of(path: &str, parse: &Parse) -> Language {
    match of_path(path) {
        Language::Kubernetes if gitlab::is_pipeline(parse) => Language::GitlabCi,
        language => language,
    }
}

fn of_path(path: &str) -> Language {
    const TOOLS: [&str; 8] = [
        "kustomization",
        "Kustomization",
        "Chart",
        "docker-compose",
        "compose",
        "skaffold",
        "mkdocs",
        "pnpm-lock",
    ];
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let name = name.split(['?', '#']).next().unwrap_or(name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let is_values = stem == "values" || stem.starts_with("values-") || stem.starts_with("values.");
    if gitlab::is_pipeline_path(path) {
        Language::GitlabCi
    } else if name == format!("{stem}.tpl") {
        Language::Template
    } else if is_values || TOOLS.contains(&stem) {
        Language::Other
    } else {
        Language::Kubernetes
    }
}

/// Whether a document is the template of a chart: an action stands where YAML takes none.
///
/// In quotes, in comments, in block scalars and after the first letter of a plain scalar `{{` is
/// text, though a tool may fill it in.
pub(crate) fn is_template(source: &Source, document: Document<'_>) -> bool {
    let text = source.slice(document.range());
    if !text.contains("{{") {
        return false;
    }
    let mut block: Option<usize> = None;
    for line in text.lines() {
        let content = line.trim_start();
        let indent = line.len() - content.len();
        if let Some(outer) = block {
            if content.is_empty() || indent > outer {
                continue;
            }
            block = None;
        }
        if starts_action(content) {
            return true;
        }
        if opens_block_scalar(content) {
            block = Some(indent);
        }
    }
    false
}

fn starts_action(content: &str) -> bool {
    if content.starts_with('#') {
        return false;
    }
    let item = content.trim_start_matches("- ");
    item.starts_with("{{")
        || item.split_once(": ").is_some_and(|(key, value)| {
            key.contains("{{") || (!key.contains(['"', '\'']) && has_bare_action(value))
        })
}

fn has_bare_action(value: &str) -> bool {
    value.trim_start().starts_with("{{") || value.starts_with(['[', '{']) && value.contains("{{ ")
}

fn opens_block_scalar(content: &str) -> bool {
    let code = content.split(" #").next().unwrap_or(content).trim_end();
    let marks = ['+', '-', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
    let header = code.trim_end_matches(marks);
    [": |", ": >", "- |", "- >"]
        .iter()
        .any(|start| header.ends_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_language() {
        assert_eq!(of_path("deploy/web.yaml"), Language::Kubernetes);
        assert_eq!(of_path("overlays/kustomization.yaml"), Language::Other);
        assert_eq!(of_path("chart/values-prod.yaml"), Language::Other);
        assert_eq!(of_path(".gitlab-ci.yml"), Language::GitlabCi);
        assert_eq!(of_path("ci/build.gitlab-ci.yml"), Language::GitlabCi);
        assert_eq!(of_path("shop/.gitlab/ci/build.yml"), Language::GitlabCi);
        assert_eq!(of_path("templates/_helpers.tpl"), Language::Template);
    }

    #[test]
    fn actions_outside_of_texts_make_a_template() {
        check("{{- if .Values.on }}\na: 1\n{{ end }}\n", true);
        check("name: {{ .Release.Name }}\n", true);
        check("args: [{{ .Values.args }}]\n", true);
        check("name: web-{{ .Release.Name }}\n", false);
        check("path: ${HOME}/{{ .Values.name }}\n", false);
        check("- {{ .x }}\n", true);
        check("{{ .key }}: 1\n", true);
        check("summary: \"{{ $labels.pod }} is down\"\n", false);
        check("# {{ x }}\na: 1\n", false);
        check("text: |\n  {{ $labels.pod }}\n\n  {{ x }}\nb: 1\n", false);
        check("text: |-\n  a\nb: {{ x }}\n", true);
        check("a: {b: 1}\n", false);
    }

    #[track_caller]
    fn check(text: &str, expected: bool) {
        let parse = yaml_syntax::parse(text);
        let document = parse.documents().next().unwrap();
        assert_eq!(is_template(parse.source(), document), expected, "{text}");
    }
}
