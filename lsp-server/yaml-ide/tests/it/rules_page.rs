//! `docs/rules.md`: every rule, its words, its fix and an example, out of the manual in `spec/`.
//!
//! `UPDATE_EXPECT=1 cargo test -p yaml-ide --test it rules_page` writes it anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use expect_test::expect_file;
use k8s_schemas::SchemaSet;
use yaml_ide::diagnostics::{Diagnostic, Severity, diagnostics};
use yaml_ide::{Config, FileId, Workspace};

use crate::spec::{Example, Expected, examples_of};

const FILE: FileId = FileId(0);

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
    let mut workspace = Workspace::new();
    workspace.set_schemas(schemas.clone());
    workspace.set_config(Config {
        release: example.release,
        ..Config::default()
    });
    workspace.set_file(FILE, &example.path, yaml_syntax::parse(&example.text));
    let analysis = workspace.analysis();
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
