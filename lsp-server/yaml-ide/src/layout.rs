//! How a document is laid out, so that what is inserted looks like the rest.

use yaml_syntax::{Entry, Node, Parse, Source, TextSize};

use crate::Config;
use crate::skeleton::Layout;

/// How many nodes are looked at: the beginning shows it.
const ENOUGH: usize = 200;

/// The layout of the document at `offset`; what it does not show is as the settings say.
pub(crate) fn of(parse: &Parse, offset: TextSize, config: &Config) -> Layout {
    let mut seen = Seen {
        source: parse.source(),
        step: None,
        indent_sequences: None,
        left: ENOUGH,
    };
    if let Some(root) = parse
        .document_at(offset)
        .and_then(yaml_syntax::Document::root)
    {
        seen.node(root);
    }
    Layout {
        step: seen.step.unwrap_or(2),
        indent_sequences: seen.indent_sequences.unwrap_or(config.indent_sequences),
    }
}

struct Seen<'a> {
    source: &'a Source,
    step: Option<usize>,
    indent_sequences: Option<bool>,
    left: usize,
}

impl Seen<'_> {
    fn node(&mut self, node: Node<'_>) {
        if self.left == 0 || (self.step.is_some() && self.indent_sequences.is_some()) {
            return;
        }
        self.left -= 1;
        match node {
            Node::Mapping(mapping) => {
                for entry in mapping.entries().take(ENOUGH) {
                    self.entry(entry);
                }
            }
            Node::Sequence(sequence) => {
                for node in sequence
                    .items()
                    .take(ENOUGH)
                    .filter_map(yaml_syntax::Item::node)
                {
                    self.node(node);
                }
            }
            Node::Scalar(_) | Node::Alias(_) => {}
        }
    }

    fn entry(&mut self, entry: Entry<'_>) {
        let (Some(key), Some(value)) = (entry.key(), entry.value()) else {
            return;
        };
        let column = |offset| self.source.line_col(offset).col as usize;
        let outer = column(key.range().start());
        let inner = column(value.range().start());
        match value {
            Node::Mapping(mapping) if !mapping.is_flow() && inner > outer => {
                self.step.get_or_insert(inner - outer);
            }
            Node::Sequence(sequence) if !sequence.is_flow() => {
                self.indent_sequences.get_or_insert(inner > outer);
            }
            _ => {}
        }
        self.node(value);
    }
}

/// A text, in quotes where it would not stay one without.
pub(crate) fn plain_or_quoted(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else {
        serde_json::Value::from(text).to_string()
    }
}

/// Whether a text stays one without quotes.
pub(crate) fn is_plain(text: &str) -> bool {
    let indicators = [
        '-', '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@',
        '`',
    ];
    if text.is_empty() || text.starts_with(indicators) || text.trim() != text {
        return false;
    }
    if text.contains(": ") || text.contains(" #") || text.contains('\n') || text.ends_with(':') {
        return false;
    }
    let parse = yaml_syntax::parse(text);
    let document = parse.documents().next();
    let read = document.and_then(|document| {
        let node = document.root()?;
        yaml_syntax::json::node(document, node).ok()
    });
    read.is_some_and(|value| value.as_str() == Some(text))
}
