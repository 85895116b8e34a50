//! A document as JSON, the way kubectl reads it (YAML 1.1 scalars, merge keys).
//!
//! kubectl turns YAML into JSON text before it reads that, so a number is an integer here if its
//! JSON text looks like one: `1e3` is 1000, and what exceeds 64 bits is a float.

mod refused;
mod scalar;

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::ast::{Alias, Entry, Mapping, Scalar, ScalarStyle};
use crate::error::Code;
use crate::{Document, Node, TextRange, line};

use scalar::{Key, Meaning};

/// How deep values may be nested, aliases resolved.
const MAX_DEPTH: usize = 1000;

/// A document as JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Json {
    /// The value; of duplicate keys the last wins.
    pub value: Value,
    /// Keys that stand again later in the same mapping: the range of each later key.
    pub duplicates: Vec<TextRange>,
}

/// Why kubectl would refuse the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// The place, in bytes of the whole text.
    pub range: TextRange,
    /// A sentence.
    pub message: String,
}

/// Reads a document as kubectl does. An empty document is `null`.
pub fn document(document: Document<'_>) -> Result<Json, JsonError> {
    let refused = document.problems().find(|(code, _)| !is_tolerated(*code));
    if let Some((code, range)) = refused {
        return Err(JsonError {
            range,
            message: code.error(range, &document.text(range)).message,
        });
    }
    if let Some(error) = refused::first(document) {
        return Err(error);
    }
    let mut reader = Reader::new(document);
    let value = match document.root() {
        Some(root) => reader.node(root)?,
        None => Value::Null,
    };
    Ok(Json {
        value,
        duplicates: reader.duplicates,
    })
}

/// What a node, as written, means to kubectl: for a plain `yes`, `true`.
pub fn node(document: Document<'_>, node: Node<'_>) -> Result<Value, JsonError> {
    Reader::new(document).node(node)
}

/// Whether kubectl reads on where the specification of YAML would not, and both mean the same.
fn is_tolerated(code: Code) -> bool {
    matches!(
        code,
        Code::FlowIndentation
            | Code::QuoteIndentation
            | Code::CommentWithoutBlank
            | Code::EscapedQuote
            | Code::DashInFlow
    )
}

/// Reads the nodes of one document.
struct Reader<'a> {
    document: Document<'a>,
    /// All nodes with an anchor, by its name, in order. Filled when the first alias is met.
    anchors: Option<HashMap<&'a str, Vec<Node<'a>>>>,
    duplicates: Vec<TextRange>,
    /// The starts of the anchored nodes that are being read through an alias.
    open: Vec<u32>,
    depth: usize,
    /// How many nodes were read, and how many of them through aliases.
    read: u32,
    read_by_alias: u32,
}

impl<'a> Reader<'a> {
    fn new(document: Document<'a>) -> Self {
        Self {
            document,
            anchors: None,
            duplicates: Vec::new(),
            open: Vec::new(),
            depth: 0,
            read: 0,
            read_by_alias: 0,
        }
    }

    fn node(&mut self, node: Node<'a>) -> Result<Value, JsonError> {
        self.count(node)?;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(JsonError::new(node.range(), "nested too deeply"));
        }
        let value = match node {
            Node::Scalar(scalar) => meaning(node, scalar)?.value(node.range()),
            Node::Alias(alias) => self.alias(alias),
            Node::Mapping(mapping) => match lone_text_with_colon(mapping) {
                Some(text) => Ok(Value::String(text)),
                None => self.mapping(mapping),
            },
            Node::Sequence(sequence) => {
                let items = sequence.items();
                let nodes = items.map(|item| self.optional(item.node()));
                nodes.collect::<Result<Vec<_>, _>>().map(Value::Array)
            }
        };
        self.depth -= 1;
        value
    }

    fn optional(&mut self, node: Option<Node<'a>>) -> Result<Value, JsonError> {
        match node {
            Some(node) => self.node(node),
            None => Ok(Value::Null),
        }
    }

    fn alias(&mut self, alias: Alias<'a>) -> Result<Value, JsonError> {
        let target = self.enter(alias)?;
        let value = self.node(target);
        self.open.pop();
        value
    }

    /// The node that `alias` stands for, which is then open.
    fn enter(&mut self, alias: Alias<'a>) -> Result<Node<'a>, JsonError> {
        let target = self.target(alias)?;
        let start = u32::from(target.full_range().start());
        let contains_itself = target.full_range().covers(alias.range());
        if contains_itself || self.open.contains(&start) {
            let message = format!("the value of the anchor `{}` contains itself", alias.name());
            return Err(JsonError::new(alias.range(), message));
        }
        self.open.push(start);
        Ok(target)
    }

    /// The last node in front of `alias` that has its anchor.
    fn target(&mut self, alias: Alias<'a>) -> Result<Node<'a>, JsonError> {
        let document = self.document;
        let anchors = self.anchors.get_or_insert_with(|| document.anchors());
        let nodes = anchors.get(alias.name()).map_or(&[][..], Vec::as_slice);
        let at = alias.range().start();
        let before = nodes.partition_point(|node| node.full_range().start() < at);
        let target = before.checked_sub(1).and_then(|last| nodes.get(last));
        target.copied().ok_or_else(|| {
            let message = format!(
                "no anchor `&{}` stands in front of this alias",
                alias.name()
            );
            JsonError::new(alias.range(), message)
        })
    }

    fn mapping(&mut self, mapping: Mapping<'a>) -> Result<Value, JsonError> {
        let mut map = Map::new();
        self.fill(mapping, &mut map)?;
        Ok(Value::Object(map))
    }

    /// Adds the entries of `mapping` to `map`, in order; later ones win, merged ones too.
    fn fill(
        &mut self,
        mapping: Mapping<'a>,
        map: &mut Map<String, Value>,
    ) -> Result<(), JsonError> {
        let mut keys = std::collections::HashSet::new();
        for entry in mapping.entries() {
            if is_merge(entry) {
                self.merge(entry, map)?;
                continue;
            }
            if let Some(text) = text_with_colon(entry) {
                map.insert(text, Value::Null);
                continue;
            }
            let key = self.key(entry)?;
            let value = self.optional(entry.value())?;
            if !keys.insert(key.clone()) && self.open.is_empty() {
                self.duplicates.extend(entry.key().map(Node::range));
            }
            map.insert(key, value);
        }
        Ok(())
    }

    fn key(&mut self, entry: Entry<'a>) -> Result<String, JsonError> {
        let no_key = |range| JsonError::new(range, "a key must be a text, a number or a boolean");
        let Some(mut node) = entry.key() else {
            return Err(no_key(entry.range()));
        };
        let range = node.range();
        if !has_reachable_colon(entry) {
            return Err(JsonError::new(
                range,
                "write the key and its `:` on one line",
            ));
        }
        self.count(node)?;
        if let Node::Alias(alias) = node {
            node = self.target(alias)?;
            self.count(node)?;
        }
        let scalar = node.as_scalar().ok_or_else(|| no_key(range))?;
        match meaning(node, scalar)?.key() {
            Key::Text(text) => Ok(text),
            Key::Refused => Err(no_key(range)),
        }
    }

    /// Adds what `<<: …` names.
    fn merge(&mut self, entry: Entry<'a>, map: &mut Map<String, Value>) -> Result<(), JsonError> {
        match entry.value() {
            Some(Node::Sequence(sequence)) => {
                let items: Vec<_> = sequence.items().collect();
                // Earlier ones take precedence.
                for item in items.iter().rev() {
                    self.merge_one(item.node(), item.range(), map)?;
                }
                Ok(())
            }
            other => self.merge_one(other, entry.range(), map),
        }
    }

    fn merge_one(
        &mut self,
        node: Option<Node<'a>>,
        range: TextRange,
        map: &mut Map<String, Value>,
    ) -> Result<(), JsonError> {
        let refused = || JsonError::new(range, "`<<` takes a mapping, or a list of mappings");
        let node = node.ok_or_else(refused)?;
        self.count(node)?;
        match node {
            Node::Mapping(mapping) => self.fill(mapping, map),
            Node::Alias(alias) => {
                let target = self.enter(alias)?;
                self.count(target)?;
                let filled = match target {
                    Node::Mapping(mapping) => self.fill(mapping, map),
                    Node::Sequence(_) | Node::Scalar(_) | Node::Alias(_) => Err(refused()),
                };
                self.open.pop();
                filled
            }
            Node::Sequence(_) | Node::Scalar(_) => Err(refused()),
        }
    }

    /// Counts a node, and stops where aliases multiply a small text into a huge value. The limits
    /// are those of kubectl: a document may be nearly all aliases, but only while it is small.
    fn count(&mut self, node: Node<'a>) -> Result<(), JsonError> {
        self.read += 1;
        self.read_by_alias += u32::from(!self.open.is_empty());
        let share = f64::from(self.read_by_alias) / f64::from(self.read);
        let is_many = self.read_by_alias > 100 && self.read > 1000;
        if is_many && share > allowed_share(self.read) {
            return Err(JsonError::new(
                node.range(),
                "the document consists of aliases, far too many",
            ));
        }
        Ok(())
    }
}

fn allowed_share(read: u32) -> f64 {
    const LOW: f64 = 400_000.0;
    const HIGH: f64 = 4_000_000.0;
    let over = (f64::from(read) - LOW) / (HIGH - LOW);
    0.99 - 0.89 * over.clamp(0.0, 1.0)
}

/// Whether the key is a plain `<<`.
fn is_merge(entry: Entry<'_>) -> bool {
    let Some(node @ Node::Scalar(scalar)) = entry.key() else {
        return false;
    };
    let is_plain = scalar.style() == ScalarStyle::Plain && node.tag().is_none();
    (is_plain || node.tag() == Some("!!merge")) && scalar.text() == "<<"
}

/// `a:` in `[a:]`, which kubectl takes for a text.
fn lone_text_with_colon(mapping: Mapping<'_>) -> Option<String> {
    let mut entries = mapping.entries();
    let text = text_with_colon(entries.next()?);
    text.filter(|_| mapping.is_pair())
}

/// `a:` in `{a:}`, which kubectl takes for a text.
fn text_with_colon(entry: Entry<'_>) -> Option<String> {
    let key = entry.key()?.as_scalar()?;
    let colon = entry.colon()?;
    let is_text = entry.is_flow()
        && key.style() == ScalarStyle::Plain
        && key.range().end() == colon.start()
        && entry.value().is_none()
        && entry
            .byte_behind(colon)
            .is_some_and(line::is_flow_indicator);
    is_text.then(|| format!("{}:", key.text()))
}

/// Whether kubectl finds the colon: in braces it stands on the line of its key.
fn has_reachable_colon(entry: Entry<'_>) -> bool {
    let (Some(key), Some(colon)) = (entry.key(), entry.colon()) else {
        return true;
    };
    !entry.is_flow() || entry.is_explicit() || !entry.has_break_between(key.range(), colon)
}

/// What a scalar means, its tag regarded.
fn meaning(node: Node<'_>, scalar: Scalar<'_>) -> Result<Meaning, JsonError> {
    let text = scalar.text();
    match node.tag() {
        None if scalar.style() == ScalarStyle::Plain => Ok(scalar::resolve(&text)),
        None => Ok(Meaning::Text(text.into_owned())),
        Some(tag) => {
            let error = |message| JsonError::new(node.range(), message);
            scalar::resolve_tagged(short(tag), &text).map_err(error)
        }
    }
}

/// A tag of YAML's own as `!!name`.
fn short(tag: &str) -> &str {
    let name = tag.strip_prefix("!<tag:yaml.org,2002:");
    match name.and_then(|name| name.strip_suffix('>')) {
        Some("str") => "!!str",
        Some("int") => "!!int",
        Some("float") => "!!float",
        Some("bool") => "!!bool",
        Some("null") => "!!null",
        Some("binary") => "!!binary",
        Some("timestamp") => "!!timestamp",
        _ => tag,
    }
}

impl JsonError {
    fn new(range: TextRange, message: impl Into<String>) -> Self {
        Self {
            range,
            message: message.into(),
        }
    }
}
