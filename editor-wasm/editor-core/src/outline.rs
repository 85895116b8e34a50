//! The outline of a file: its objects and the first two levels of their keys.
//!
//! Read from the indentation of lines alone, so that a text of any size and in any state has one
//! in milliseconds. It is a table of contents, no syntax tree: what is not a plain key is left out.

/// A line of the outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlineItem {
    /// The line of the text that it leads to, from 0.
    pub line: usize,
    /// How deep it stands, from 0.
    pub depth: usize,
    /// The kind of an object, or a key.
    pub name: String,
    /// The name of an object, empty for a key.
    pub detail: String,
}

/// The outline of a text, in the order of its lines.
pub fn outline(text: &str) -> Vec<OutlineItem> {
    let mut items = Vec::new();
    let mut document = Document::default();
    for (idx, line) in text.lines().enumerate() {
        if line.starts_with("---") {
            document.finish(&mut items);
            document.start = idx + 1;
        } else {
            document.read(idx, line);
        }
    }
    document.finish(&mut items);
    items
}

/// What is known of a document so far.
#[derive(Default)]
struct Document {
    start: usize,
    kind: Option<(usize, String)>,
    name: String,
    keys: Vec<OutlineItem>,
    /// The key at the left edge that the lines below belong to, unless it holds a text.
    parent: Option<String>,
    /// The indentation of the keys in it.
    indentation: Option<usize>,
}

impl Document {
    fn read(&mut self, line: usize, text: &str) {
        let content = text.trim_start_matches(' ');
        let indentation = text.len() - content.len();
        let Some((key, value)) = entry(content) else {
            return;
        };
        if indentation == 0 {
            self.read_key(line, key, value);
        } else if self.parent.is_some() {
            self.read_inner(line, indentation, key, value);
        }
    }

    fn read_key(&mut self, line: usize, key: &str, value: &str) {
        self.indentation = None;
        // The lines of a text look like keys sometimes.
        let is_text = value.starts_with(['|', '>']);
        self.parent = (!is_text).then(|| key.to_owned());
        if key == "kind" && !value.is_empty() {
            self.kind = Some((line, value.to_owned()));
            return;
        }
        if let Some(name) = name_in_brackets(value).filter(|_| key == "metadata") {
            name.clone_into(&mut self.name);
        }
        if key != "apiVersion" {
            self.push(line, 1, key);
        }
    }

    fn read_inner(&mut self, line: usize, indentation: usize, key: &str, value: &str) {
        if *self.indentation.get_or_insert(indentation) != indentation {
            return;
        }
        if self.parent.as_deref() == Some("metadata") && key == "name" {
            value.clone_into(&mut self.name);
        }
        self.push(line, 2, key);
    }

    fn push(&mut self, line: usize, depth: usize, key: &str) {
        self.keys.push(OutlineItem {
            line,
            depth,
            name: key.to_owned(),
            detail: String::new(),
        });
    }

    /// Adds what was read, and begins anew.
    fn finish(&mut self, items: &mut Vec<OutlineItem>) {
        let read = std::mem::take(self);
        let shift = usize::from(read.kind.is_none());
        if let Some((line, name)) = read.kind {
            items.push(OutlineItem {
                // Its first key, or what stands before the kind would lead above the object.
                line: read.keys.first().map_or(line, |it| it.line.min(line)),
                depth: 0,
                name,
                detail: read.name,
            });
        }
        let keys = read.keys.into_iter();
        items.extend(keys.map(|it| OutlineItem {
            depth: it.depth - shift,
            ..it
        }));
    }
}

/// The name at the beginning of metadata such as `{name: web, labels: {}}`.
fn name_in_brackets(value: &str) -> Option<&str> {
    let (key, rest) = entry(value.strip_prefix('{')?.trim_start())?;
    let end = rest.find([',', '}']).unwrap_or(rest.len());
    (key == "name").then(|| unquoted(rest.get(..end).unwrap_or(rest).trim()))
}

/// The key of a line and what stands behind it, without quotes and comments.
fn entry(content: &str) -> Option<(&str, &str)> {
    if content.starts_with(['#', '-', '?', '{', '[', '&', '*', '!', '%']) {
        return None;
    }
    let (key, value) = match content.split_once(": ") {
        Some((key, value)) => (key, value),
        None => (content.trim_end().strip_suffix(':')?, ""),
    };
    let value = value.split(" #").next().unwrap_or(value).trim();
    let value = if value.starts_with('#') { "" } else { value };
    let key = unquoted(key.trim_end());
    (!key.is_empty() && !key.contains(": ")).then_some((key, unquoted(value)))
}

fn unquoted(text: &str) -> &str {
    let inner = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[test]
    fn objects_hold_their_keys() {
        check(
            "\
apiVersion: apps/v1
kind: Deployment # comment
metadata:
  name: \"web\"
  labels:
    app: web
spec:
  replicas: 3
---
kind: Service
metadata: {name: web}
",
            &expect![[r"
                1 Deployment web
                2   metadata
                3     name
                4     labels
                6   spec
                7     replicas
                9 Service web
                10   metadata
            "]],
        );
    }

    #[test]
    fn a_text_has_no_keys() {
        check(
            "kind: ConfigMap\nscript: |\n  a: 1\ndata:\n  b: |\n    c: 1\n",
            &expect![[r"
                0 ConfigMap
                1   script
                3   data
                4     b
            "]],
        );
    }

    #[test]
    fn a_file_without_objects_shows_its_keys() {
        check(
            "stages: [build]\nbuild image:\n  script:\n    - make\n",
            &expect![[r"
                0 stages
                1 build image
                2   script
            "]],
        );
    }

    #[track_caller]
    fn check(text: &str, expected: &Expect) {
        let shown = outline(text).iter().fold(String::new(), |acc, it| {
            let indent = "  ".repeat(it.depth);
            let row = format!("{} {indent}{} {}", it.line, it.name, it.detail);
            acc + row.trim_end() + "\n"
        });
        expected.assert_eq(&shown);
    }
}
