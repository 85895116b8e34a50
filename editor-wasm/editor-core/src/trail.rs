//! The way to a line: the keys that it stands below, read from indentation alone.
//!
//! Like the outline it needs no syntax tree: a text in any state has one at once. In a text that
//! holds other YAML the way leads through that as well.

use crate::text::Text;

/// Lines that are looked at; the way to a line farther from its keys begins later.
const FAR: usize = 5_000;

/// A key that a line stands below, or its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The line of the key, from 0.
    pub line: usize,
    /// The key; of an item of a list the value of its first entry.
    pub name: String,
}

/// The keys on the way to `line`, the outermost first.
pub fn trail(text: &Text, line: usize) -> Vec<Step> {
    let mut steps = Vec::new();
    let own = text.line(line);
    let column = own.find(|c| !matches!(c, ' ' | '-'));
    // Whatever stands in the line, it belongs to nothing that stands deeper.
    let depth = column.map_or(usize::MAX, |column| {
        let is_key = own.get(column..).and_then(entry_of).is_some();
        column + usize::from(is_key)
    });
    let mut below = Below {
        keys: depth,
        items: depth,
    };
    for at in (line.saturating_sub(FAR)..=line).rev() {
        let content = text.line(at);
        if content.starts_with("---") {
            break;
        }
        below.read(&content, at, &mut steps);
        if below.keys == 0 {
            break;
        }
    }
    steps.reverse();
    steps
}

/// The columns left of which what the lines below belong to begins.
struct Below {
    keys: usize,
    /// An item may stand as deep as the key that it belongs to.
    items: usize,
}

impl Below {
    /// Adds what the lines below belong to, the deepest first.
    fn read(&mut self, content: &str, line: usize, steps: &mut Vec<Step>) {
        let trimmed = content.trim_start_matches(' ');
        if trimmed.is_empty() || trimmed.starts_with('#') {
            return;
        }
        let indentation = content.len() - trimmed.len();
        let entry = trimmed.trim_start_matches("- ");
        let column = content.len() - entry.len();
        let (key, value) = entry_of(entry).unwrap_or_default();
        let mut add = |name: &str| {
            let name = name.to_owned();
            steps.push(Step { line, name });
        };
        if column < self.keys && !key.is_empty() {
            add(key);
            (self.keys, self.items) = (column, column);
        }
        if indentation < column && indentation < self.items {
            add(if value.is_empty() { "-" } else { value });
            (self.keys, self.items) = (indentation + 1, indentation);
        }
    }
}

fn entry_of(entry: &str) -> Option<(&str, &str)> {
    let (key, value) = entry.split_once(": ").or_else(|| {
        let key = entry.trim_end().strip_suffix(':')?;
        Some((key, ""))
    })?;
    let is_plain = !key.is_empty() && !key.contains(['{', '[', '#']);
    is_plain.then(|| (key.trim_matches(['"', '\'']), value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_leads_through_keys_and_items() {
        let text = "\
kind: Pod
spec:
  containers:
    - name: web
      ports:
        - containerPort: 80
      # here
      image: nginx
";
        check(text, 7, "spec › containers › web › image");
        check(
            text,
            5,
            "spec › containers › web › ports › 80 › containerPort",
        );
        check(text, 3, "spec › containers › web › name");
        check(text, 0, "kind");
    }

    #[test]
    fn items_that_stand_as_deep_as_their_key_belong_to_it() {
        check("a:\n- b: 1\n  c: 2\n", 2, "a › 1 › c");
    }

    #[test]
    fn a_line_that_is_no_key_stands_below_nothing_deeper() {
        check("a:\n  b: 1\nc\n", 2, "");
        check("a:\n  - b: 1\n  - c\n", 2, "a › -");
    }

    #[test]
    fn a_document_ends_the_way() {
        check("a:\n---\n  b: 1\n", 2, "b");
        check("", 0, "");
    }

    #[track_caller]
    fn check(text: &str, line: usize, expected: &str) {
        let steps = trail(&Text::new(text), line);
        let names: Vec<_> = steps.into_iter().map(|it| it.name).collect();
        assert_eq!(names.join(" › "), expected);
    }
}
