//! `docs/rules.md`: every rule, its words, its fix and an example, out of the manual in `spec/`.
//!
//! `UPDATE_EXPECT=1 cargo test -p yaml-ide --test it rules_page` writes it anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use expect_test::expect_file;
use k8s_schemas::SchemaSet;
use yaml_ide::diagnostics::{Diagnostic, Severity, diagnostics};
use yaml_ide::{FileId, Workspace};

use crate::spec::{Example, Expected, FILE, examples_of};

#[test]
fn the_page_of_rules_is_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec");
    let entries = fs::read_dir(folder).expect("the manual is there");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let schemas = SchemaSet::builtin();
    let mut rules = BTreeMap::new();
    for path in paths {
        let manual = fs::read_to_string(&path).expect("a chapter can be read");
        let chapter = Chapter {
            file: path
                .file_name()
                .expect("a file")
                .to_string_lossy()
                .into_owned(),
            title: manual.lines().next().unwrap_or_default()[2..].to_owned(),
        };
        for example in examples_of(&manual) {
            collect(&schemas, &example, &chapter, &mut rules);
        }
    }
    for (code, text, shown) in what_is_too_long_to_show() {
        collect_long(&schemas, code, &text, shown, &mut rules);
    }
    let without_page: Vec<_> = rules
        .iter()
        .filter(|(_, rule)| rule.page.is_none())
        .collect();
    let names: Vec<_> = without_page.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(
        names.join(" "),
        "",
        "rules without a page that explains them"
    );
    expect_file!["../../../../docs/rules.md"].assert_eq(&page(&rules));
}

/// A new code needs an example in the manual: codes are found where the sources write them.
#[test]
fn every_code_has_an_entry() {
    let page = fs::read_to_string(root().join("../../docs/rules.md")).expect("the page is there");
    let mut missing = Vec::new();
    for path in sources() {
        let text = fs::read_to_string(&path).expect("a source can be read");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in words(code).filter(|word| !NO_CODES.contains(word)) {
            let entry = format!("\n## {word}\n");
            if !page.contains(&entry) {
                missing.push(format!("{word} of {}", path.display()));
            }
        }
    }
    assert_eq!(missing.join("\n"), "");
}

/// Words in quotes, with a dash, that are not codes.
const NO_CODES: [&str; 9] = [
    "ephemeral-storage",
    "look-around",
    "ssh-privatekey",
    "x-kubernetes-embedded-resource",
    "x-kubernetes-int-or-string",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-list-type",
    "x-kubernetes-map-type",
    "x-kubernetes-preserve-unknown-fields",
];

/// The files that complain.
fn sources() -> Vec<PathBuf> {
    let mut found = vec![root().join("../yaml-syntax/src/error.rs")];
    let mut folders: Vec<_> = ["diagnostics", "links", "gitlab"]
        .iter()
        .map(|folder| root().join("src").join(folder))
        .collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the sources are there") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("tests.rs") {
                found.push(path);
            }
        }
    }
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What stands in quotes and looks like a code of two words or more.
fn words(code: &str) -> impl Iterator<Item = &str> {
    let texts = code.split('"').skip(1).step_by(2);
    texts.filter(|text| {
        let mut parts = text.split('-');
        let is_word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase());
        text.contains('-') && parts.all(is_word)
    })
}

/// A code, a text that is too long for the manual or needs a second file, and what is shown of it.
fn what_is_too_long_to_show() -> Vec<(&'static str, String, &'static str)> {
    let head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web";
    let long = |count: usize| "x".repeat(count);
    let key = long(1100);
    let annotations = format!("{head}, annotations: {{a: {}}}}}\n", long(300_000));
    let config = format!("{head}}}\ndata: {{a: {}}}\n", long(1_100_000));
    let deep = format!("a: {}{}\n", "[".repeat(2000), "]".repeat(2000));
    let debug = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  \
        ephemeralContainers: [{name: debug, image: \"busybox:1\"}]\n  \
        containers: [{name: web, image: \"nginx:1\"}]\n";
    vec![
        ("annotations-too-long", annotations, "annotations: …"),
        ("config-too-long", config, "data: …"),
        ("long-key", format!("\"{key}\": 1\n"), "\"…\": 1"),
        ("too-deep", deep, "a: [[[…"),
        ("control-character", "a: \"\u{1}\"\n".to_owned(), "a: \"…\""),
        (
            "multiline-key",
            "? [a,\n  b]: c\n: d\n".to_owned(),
            "[a,\\n b]: c",
        ),
        (
            "block-scalar-indentation",
            "a: |\n     \n  b\n".to_owned(),
            "a: |",
        ),
        (
            "missing-file",
            "resources: [wep.yaml]\n".to_owned(),
            "resources: [wep.yaml], beside `web.yaml`",
        ),
        (
            "ephemeral-containers",
            debug.to_owned(),
            "ephemeralContainers: …",
        ),
    ]
}

fn collect_long(
    schemas: &SchemaSet,
    code: &str,
    text: &str,
    shown: &str,
    rules: &mut BTreeMap<String, Rule>,
) {
    let mut workspace = Workspace::new();
    workspace.set_schemas(schemas.clone());
    let path = match code {
        "missing-file" => "kustomization.yaml",
        _ => "a.yaml",
    };
    workspace.set_file(FILE, path, yaml_syntax::parse(text));
    workspace.set_file(FileId(1), "web.yaml", yaml_syntax::parse(""));
    let found = diagnostics(&workspace.analysis(), FILE);
    let found = found.iter().find(|found| found.code == code);
    let found = found.unwrap_or_else(|| panic!("{code} is not said"));
    let (file, title) = match code {
        "missing-file" => ("kustomize.md", "Kustomizations"),
        _ => ("yaml.md", "Errors of YAML"),
    };
    let chapter = Chapter {
        file: file.to_owned(),
        title: title.to_owned(),
    };
    rules
        .entry(code.to_owned())
        .or_default()
        .add(found, shown, &chapter);
}

/// A file of the manual.
#[derive(Clone)]
struct Chapter {
    file: String,
    title: String,
}

/// All that is known of a code.
#[derive(Default)]
struct Rule {
    severities: Vec<Severity>,
    chapters: Vec<Chapter>,
    page: Option<String>,
    /// What is written, what is said, how it can be mended.
    cases: Vec<(String, String, Vec<String>)>,
}

fn collect(
    schemas: &SchemaSet,
    example: &Example,
    chapter: &Chapter,
    rules: &mut BTreeMap<String, Rule>,
) {
    let analysis = example.workspace(schemas).analysis();
    let source = analysis.source(FILE).expect("the file is open");
    let found = diagnostics(&analysis, FILE);
    for (line, expected) in example.expected() {
        let here = |found: &&Diagnostic| {
            let at = source.line_col(found.range.start()).line as usize + 1;
            at == line && fits(&expected, found)
        };
        let Some(found) = found.iter().find(here) else {
            continue;
        };
        let rule = rules.entry(found.code.to_owned()).or_default();
        let text = example.text.lines().nth(line - 1).unwrap_or_default();
        rule.add(found, text, chapter);
    }
}

fn fits(expected: &Expected<'_>, found: &Diagnostic) -> bool {
    (expected.severity, expected.code) == (found.severity, found.code)
        && found.message.contains(expected.words)
}

impl Rule {
    fn add(&mut self, found: &Diagnostic, line: &str, chapter: &Chapter) {
        if !self.severities.contains(&found.severity) {
            self.severities.push(found.severity);
            self.severities.sort();
        }
        if self.chapters.iter().all(|known| known.file != chapter.file) {
            self.chapters.push(chapter.clone());
        }
        self.page = self.page.take().or_else(|| found.docs.clone());
        let comments = ["# error: ", "# warning: ", "# info: ", "# hint: "];
        let comment = comments.iter().find_map(|comment| line.find(comment));
        let written = line[..comment.unwrap_or(line.len())].trim().to_owned();
        let fixes = found.fixes.iter().map(|fix| fix.title.clone());
        self.cases
            .push((written, found.message.clone(), fixes.take(2).collect()));
    }
}

fn page(rules: &BTreeMap<String, Rule>) -> String {
    let mut page = format!(
        "# Rules\n\n\
        <!-- Written by the test `rules_page` of `yaml-ide`: do not edit. -->\n\n\
        The {} rules by which the editor, `kun lint` and a push judge files.\n\
        An *error* is what the API server refuses; a *warning* is taken, and hardly meant; \
        *info* and *hint* are worth knowing.\n\
        What may stand elsewhere is never an error.\n\
        The chapters of the manual show each rule in a manifest.\n",
        rules.len()
    );
    for (code, rule) in rules {
        let severities: Vec<_> = rule.severities.iter().map(|it| word(*it)).collect();
        let chapters: Vec<_> = rule
            .chapters
            .iter()
            .map(|it| format!("[{}](../lsp-server/yaml-ide/spec/{})", it.title, it.file))
            .collect();
        let source = rule.page.as_deref().unwrap_or_default();
        let _ = write!(
            page,
            "\n## {code}\n\n{}. Chapter: {}. Source: <{source}>.\n\n\
            | written | said | fix |\n|---|---|---|\n",
            severities.join(" or "),
            chapters.join(", "),
        );
        for (written, said, fixes) in &rule.cases {
            let fixes = fixes.join("; ");
            let _ = writeln!(
                page,
                "| {} | {} | {} |",
                code_cell(written),
                cell(said),
                cell(&fixes)
            );
        }
    }
    page
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Info => "Info",
        Severity::Hint => "Hint",
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// In ticks; in two of them where the text has one.
fn code_cell(text: &str) -> String {
    let text = cell(text);
    if text.is_empty() {
        String::new()
    } else if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}
