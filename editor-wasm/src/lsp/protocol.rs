//! The few parts of the protocol that the page reads, taken from JSON by hand: what is missing or
//! wrong is left out, so that no answer can break the page.

use std::rc::Rc;

use editor_core::Snippet;
use serde_json::{Value, json};

/// A place: line and column in bytes of UTF-8, both from 0. That is how page and worker count; it
/// is agreed between them when the server starts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub character: u32,
}

/// A half-open range.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Range {
    /// The first place.
    pub start: Position,
    /// The first place after it.
    pub end: Position,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Refused by the API server, or not YAML.
    Error,
    /// Probably not what is meant.
    Warning,
    /// Worth knowing.
    Info,
    /// A hint.
    Hint,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file.
    pub uri: Rc<str>,
    /// The place in it.
    pub range: Range,
}

/// One replacement in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// What is replaced.
    pub range: Range,
    /// What stands there afterwards.
    pub new_text: Rc<str>,
    /// The same with places to fill in, if there are any.
    pub snippet: Option<Rc<Snippet>>,
}

/// Words at an object, wherever it is described.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectLens {
    /// Its kind.
    pub kind: String,
    /// Its namespace, if it has one.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// What is said of it.
    pub words: String,
    /// The CSS class that colors it.
    pub class: &'static str,
}

/// The command of an [`ObjectLens`]: it does nothing but carry the class.
pub(crate) const LIVE: &str = "kun.live";

/// What a word leads to, outside of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The address of a web page.
    pub url: Rc<str>,
    /// What is there.
    pub title: Rc<str>,
}

/// A fix or another action at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What the button says.
    pub title: Rc<str>,
    /// Whether it is the one to take without thinking.
    pub preferred: bool,
    /// What it changes, by file.
    pub edits: Vec<(Rc<str>, Vec<TextEdit>)>,
}

impl Position {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let number = |key| value.get(key)?.as_u64().map(|it| it as u32);
        Some(Self {
            line: number("line")?,
            character: number("character")?,
        })
    }

    pub(crate) fn json(self) -> Value {
        json!({ "line": self.line, "character": self.character })
    }
}

impl Range {
    /// The start of a line.
    pub(crate) fn at_line(line: u32) -> Self {
        let start = Position { line, character: 0 };
        Self { start, end: start }
    }

    pub(crate) fn read(value: &Value) -> Option<Self> {
        Some(Self {
            start: Position::read(value.get("start")?)?,
            end: Position::read(value.get("end")?)?,
        })
    }
}

impl Severity {
    /// The severity of that number.
    pub(crate) fn of(number: u32) -> Self {
        match number {
            2 => Self::Warning,
            3 => Self::Info,
            4 => Self::Hint,
            _ => Self::Error,
        }
    }
}

impl Location {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let range = value
            .get("targetSelectionRange")
            .or(value.get("range"))
            .and_then(Range::read)?;
        let uri = value
            .get("targetUri")
            .or(value.get("uri"))?
            .as_str()?
            .into();
        Some(Self { uri, range })
    }
}

impl TextEdit {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let snippet = value.pointer("/snippet/value").and_then(Value::as_str);
        let snippet = snippet.map(Snippet::parse);
        Some(Self {
            range: Range::read(value.get("range").or(value.get("replace"))?)?,
            new_text: match &snippet {
                Some(snippet) => snippet.text.as_str().into(),
                None => text(value, "newText"),
            },
            snippet: snippet.map(Rc::new),
        })
    }
}

impl Link {
    /// With the place of the word. A word that names another file has a definition to go to, and is
    /// no link.
    pub(crate) fn read(value: &Value) -> Option<(Range, Self)> {
        let url = text(value, "target");
        let title = match &*text(value, "tooltip") {
            "" => url.clone(),
            title => title.into(),
        };
        let range = Range::read(value.get("range")?)?;
        is_of_web(&url).then_some((range, Self { url, title }))
    }
}

/// Whether an address is that of a web page: nothing else is followed.
pub(crate) fn is_of_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

impl ObjectLens {
    pub(crate) fn json(&self) -> Value {
        json!({
            "kind": self.kind,
            "namespace": self.namespace,
            "name": self.name,
            "title": self.words,
            "command": LIVE,
            "arguments": [self.class],
        })
    }
}

impl Action {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        Some(Self {
            title: text(value, "title"),
            preferred: value.get("isPreferred").and_then(Value::as_bool) == Some(true),
            edits: workspace_edit(value.get("edit")?),
        })
    }
}

/// What a workspace edit changes, by file.
pub(crate) fn workspace_edit(value: &Value) -> Vec<(Rc<str>, Vec<TextEdit>)> {
    if let Some(Value::Object(files)) = value.get("changes") {
        return files
            .iter()
            .map(|(uri, edits)| (uri.as_str().into(), list(Some(edits), TextEdit::read)))
            .collect();
    }
    list(value.get("documentChanges"), |file| {
        let uri = file.pointer("/textDocument/uri")?.as_str()?.into();
        Some((uri, list(file.get("edits"), TextEdit::read)))
    })
}

/// The items of an array that can be read.
pub(crate) fn list<T>(value: Option<&Value>, read: impl Fn(&Value) -> Option<T>) -> Vec<T> {
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(read).collect(),
        _ => Vec::new(),
    }
}

/// A text field; empty where there is none.
pub(crate) fn text(value: &Value, key: &str) -> Rc<str> {
    value.get(key).and_then(Value::as_str).unwrap_or("").into()
}

/// Markdown out of the forms that the protocol allows.
pub(crate) fn markup(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(markup).collect::<Vec<_>>().join("\n\n"),
        value => text(value, "value").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_with_places_to_fill_in_is_a_text_as_well() {
        let place = json!({ "line": 0, "character": 0 });
        let edit = TextEdit::read(&json!({
            "range": { "start": place, "end": place },
            "snippet": { "kind": "snippet", "value": "name: ${1:web}\n" },
        }))
        .unwrap();
        assert_eq!(&*edit.new_text, "name: web\n");
        assert_eq!(edit.snippet.unwrap().fields[0].ranges, vec![6..9]);
    }
}
