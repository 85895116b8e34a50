//! The literate tests in `spec/`: a paragraph, a manifest, the complaints that are expected.
//!
//! A comment `# error: [code] "words"` stands in the line of the complaint; `warning`, `info` and
//! `hint` likewise. A manifest without such comments is right. Complaints that are only worth
//! knowing need no comment. `yaml release=1.33` judges by that release, `yaml file=.gitlab-ci.yml`
//! as a file of that name. What stands in `yaml file=deployed` is what the next one is compared with.

use std::fs;
use std::path::Path;

use k8s_schemas::{KubeRelease, SchemaSet};
use yaml_ide::diagnostics::{Severity, diagnostics};
use yaml_ide::{Config, Deployed, FileDiagnostic, FileId, Workspace};

/// The number of the only file of a workspace.
pub(crate) const FILE: FileId = FileId(0);

#[test]
fn the_manual_is_true() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut failures = Vec::new();
    let mut examples = 0;
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        for example in examples_of(&text) {
            examples += 1;
            failures.extend(
                example
                    .failures()
                    .into_iter()
                    .map(|failure| format!("{name}:{failure}")),
            );
        }
    }
    assert!(examples > 20, "{examples} examples");
    assert_eq!(failures.join("\n"), "");
}

/// A manifest of the manual.
pub(crate) struct Example {
    /// The line of the manual before its first one.
    line: usize,
    pub(crate) release: KubeRelease,
    pub(crate) path: String,
    pub(crate) text: String,
    /// What it is compared with.
    deployed: Option<String>,
}

pub(crate) fn examples_of(manual: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut open: Option<Example> = None;
    let mut deployed: Option<String> = None;
    for (line, text) in (1..).zip(manual.lines()) {
        if let Some(mut example) = open.take() {
            if text == "```" && example.path == DEPLOYED {
                deployed = Some(example.text);
            } else if text == "```" {
                examples.push(example);
            } else {
                example.text.push_str(text);
                example.text.push('\n');
                open = Some(example);
            }
        } else if let Some(options) = text.strip_prefix("```yaml") {
            let option = |name| {
                let mut words = options.split_whitespace();
                words.find_map(|word| word.strip_prefix(name))
            };
            let release = option("release=").and_then(KubeRelease::parse);
            open = Some(Example {
                line,
                release: release.unwrap_or(KubeRelease::NEWEST),
                path: option("file=").unwrap_or("example.yaml").to_owned(),
                text: String::new(),
                deployed: deployed.take(),
            });
        }
    }
    examples
}

/// The name of an example that is none, but what the next one is compared with.
const DEPLOYED: &str = "deployed";

impl Example {
    /// The manifest alone in a workspace, as [`FILE`].
    pub(crate) fn workspace(&self, schemas: &SchemaSet) -> Workspace {
        let mut workspace = Workspace::new();
        workspace.set_schemas(schemas.clone());
        workspace.set_config(Config {
            release: self.release,
            ..Config::default()
        });
        let deployed = self.deployed.as_deref();
        workspace.set_deployed(deployed.map(|text| Deployed::read("version v1", [text])));
        workspace.set_file(FILE, &self.path, yaml_syntax::parse(&self.text));
        workspace
    }

    fn judged(&self) -> Vec<FileDiagnostic> {
        let analysis = self.workspace(&SchemaSet::builtin()).analysis();
        let source = analysis.source(FILE).expect("the file is there");
        let found = diagnostics(&analysis, FILE).into_iter();
        let found = found.map(|found| {
            let at = source.line_col(found.range.start());
            FileDiagnostic {
                path: self.path.clone(),
                line: at.line + 1,
                column: at.col + 1,
                severity: found.severity,
                code: found.code,
                message: found.message,
            }
        });
        found.collect()
    }

    fn failures(&self) -> Vec<String> {
        let mut left = self.judged();
        let mut failures = Vec::new();
        for (line, expected) in self.expected() {
            let at = left.iter().position(|found| expected.fits(line, found));
            match at {
                Some(at) => {
                    left.remove(at);
                }
                None => failures.push(format!(
                    "{}: nothing fits {}",
                    self.line + line,
                    expected.comment
                )),
            }
        }
        let surplus = left
            .into_iter()
            .filter(|found| found.severity <= Severity::Warning);
        failures.extend(surplus.map(|found| {
            let line = self.line + found.line as usize;
            format!(
                "{line}: {:?} [{}] {}",
                found.severity, found.code, found.message
            )
        }));
        failures
    }

    pub(crate) fn expected(&self) -> impl Iterator<Item = (usize, Expected<'_>)> {
        let lines = (1..).zip(self.text.lines());
        lines.filter_map(|(line, text)| Some((line, Expected::read(text)?)))
    }
}

/// A complaint that the manual promises.
pub(crate) struct Expected<'a> {
    comment: &'a str,
    pub(crate) severity: Severity,
    pub(crate) code: &'a str,
    pub(crate) words: &'a str,
}

impl<'a> Expected<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let (_, comment) = line.split_once("# ")?;
        let (severity, rest) = comment.split_once(": [")?;
        let (code, words) = rest.split_once(']')?;
        let severity = match severity {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            "info" => Severity::Info,
            "hint" => Severity::Hint,
            _ => return None,
        };
        Some(Self {
            comment,
            severity,
            code,
            words: words.trim().trim_matches('"'),
        })
    }

    fn fits(&self, line: usize, found: &FileDiagnostic) -> bool {
        found.line as usize == line
            && found.severity == self.severity
            && found.code == self.code
            && found.message.contains(self.words)
    }
}
