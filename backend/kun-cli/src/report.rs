//! What `kun lint` found, for GitLab: Code Quality and `JUnit`.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use yaml_ide::FileDiagnostic;
use yaml_ide::diagnostics::Severity;

/// A Code Quality report. A fault keeps its fingerprint when it moves to another line.
pub(crate) fn code_quality(found: &[FileDiagnostic]) -> Value {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let items = found.iter().map(|it| {
        let what = format!("{}\n{}\n{}", it.path, it.code, it.message);
        let before = seen.entry(what.clone()).or_default();
        *before += 1;
        let digest = Sha256::digest(format!("{what}\n{before}"));
        let fingerprint = digest
            .iter()
            .fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        json!({
            "description": it.message,
            "check_name": it.code,
            "fingerprint": fingerprint,
            "severity": match it.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Info | Severity::Hint => "info",
            },
            "location": {"path": it.path, "lines": {"begin": it.line}},
        })
    });
    Value::Array(items.collect())
}

/// A `JUnit` report: each file is a test, which fails where the file has errors.
pub(crate) fn junit(paths: &[&str], found: &[FileDiagnostic]) -> String {
    let mut of_file: BTreeMap<&str, Vec<&FileDiagnostic>> = BTreeMap::new();
    for it in found.iter().filter(|it| it.severity == Severity::Error) {
        of_file.entry(&it.path).or_default().push(it);
    }
    let cases = paths.iter().map(|path| {
        let name = escaped(path);
        let failures = of_file.get(path).into_iter().flatten().map(|it| {
            let place = escaped(&format!("{path}:{}:{}", it.line, it.column));
            let message = escaped(&it.message);
            format!("<failure message=\"{message}\" type=\"{}\">{place}: {message}</failure>", it.code)
        });
        let failures: String = failures.collect();
        format!("    <testcase name=\"{name}\" classname=\"kun lint\" file=\"{name}\">{failures}</testcase>\n")
    });
    let cases: String = cases.collect();
    let (tests, failures) = (paths.len(), of_file.len());
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  \
         <testsuite name=\"kun lint\" tests=\"{tests}\" failures=\"{failures}\">\n{cases}  \
         </testsuite>\n</testsuites>\n"
    )
}

/// A text as XML takes it; what XML has no way to write becomes a question mark.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() || ('\u{fffe}'..='\u{ffff}').contains(&c) => out.push('?'),
            c => out.push(c),
        }
    }
    out
}
