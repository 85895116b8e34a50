//! The walk through the nodes of a document, aliases and merge keys resolved.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::scalar::Key;
use super::{JsonError, meaning};
use crate::ast::{Alias, Entry, Mapping, ScalarStyle};
use crate::cursor::Children;
use crate::tree::Kind;
use crate::{Document, Node, TextRange, line};

/// How deep values may be nested, aliases resolved.
const MAX_DEPTH: usize = 1000;

/// How much text aliases may repeat, in bytes. An API server takes requests of 3 MB.
const MAX_REPEATED: usize = 32 << 20;

/// Reads the nodes of one document. What is still to be done is a list of its own rather than the
/// stack of the program, which a browser keeps small.
pub(super) struct Reader<'a> {
    document: Document<'a>,
    /// All nodes with an anchor, by its name, in order. Filled when the first alias is met.
    anchors: Option<HashMap<&'a str, Vec<Node<'a>>>>,
    pub(super) duplicates: Vec<TextRange>,
    /// What is to be done, the last first.
    tasks: Vec<Task<'a>>,
    /// The values that are read and have no place yet.
    values: Vec<Value>,
    /// The objects that are being filled.
    maps: Vec<Map<String, Value>>,
    /// The starts of the anchored nodes that are being read through an alias.
    open: HashSet<u32>,
    depth: usize,
    /// How many nodes were read, and how many of them through aliases.
    read: u32,
    read_by_alias: u32,
    /// Bytes of text that were read through aliases.
    repeated: usize,
}

/// A step of the walk.
enum Task<'a> {
    /// Reads a node; its value goes to `values`.
    Value(Option<Node<'a>>),
    /// Reads the items that are left; so many are read.
    Items(Children<'a>, usize),
    /// Adds the entries that are left to the innermost object; the keys are those that were read.
    Entries(Mapping<'a>, Children<'a>, HashSet<String>),
    /// Adds the last value to the innermost object.
    Insert(String),
    /// Adds the entries of a mapping to the innermost object. The range is that to complain about.
    Merge(Option<Node<'a>>, TextRange),
    /// The innermost object is complete.
    Object,
    /// A node is read.
    Leave,
    /// The anchored node that starts here is read.
    Close(u32),
}

impl<'a> Reader<'a> {
    pub(super) fn new(document: Document<'a>) -> Self {
        Self {
            document,
            anchors: None,
            duplicates: Vec::new(),
            tasks: Vec::new(),
            values: Vec::new(),
            maps: Vec::new(),
            open: HashSet::new(),
            depth: 0,
            read: 0,
            read_by_alias: 0,
            repeated: 0,
        }
    }

    /// The value of a node.
    pub(super) fn node(&mut self, node: Node<'a>) -> Result<Value, JsonError> {
        self.tasks.push(Task::Value(Some(node)));
        while let Some(task) = self.tasks.pop() {
            self.step(task)?;
        }
        Ok(self.values.pop().unwrap_or_default())
    }

    fn step(&mut self, task: Task<'a>) -> Result<(), JsonError> {
        match task {
            Task::Value(Some(node)) => self.value(node)?,
            Task::Value(None) => self.values.push(Value::Null),
            Task::Items(children, count) => self.item(children, count),
            Task::Entries(mapping, children, keys) => self.entry(mapping, children, keys)?,
            Task::Insert(key) => {
                let value = self.values.pop().unwrap_or_default();
                self.insert(key, value);
            }
            Task::Merge(node, range) => self.merge_one(node, range)?,
            Task::Object => {
                let map = self.maps.pop().unwrap_or_default();
                self.values.push(Value::Object(map));
            }
            Task::Leave => self.depth -= 1,
            Task::Close(start) => {
                self.open.remove(&start);
            }
        }
        Ok(())
    }

    fn insert(&mut self, key: String, value: Value) {
        if let Some(map) = self.maps.last_mut() {
            map.insert(key, value);
        }
    }

    fn value(&mut self, node: Node<'a>) -> Result<(), JsonError> {
        self.count(node)?;
        if self.depth >= MAX_DEPTH {
            return Err(JsonError::new(node.range(), "nested too deeply"));
        }
        let children = node.cursor().children();
        match node {
            Node::Scalar(scalar) => {
                self.count_text(node)?;
                let value = meaning(node, scalar)?.value(node.range())?;
                self.values.push(value);
                return Ok(());
            }
            Node::Alias(alias) => {
                let target = self.enter(alias)?;
                self.tasks.push(Task::Leave);
                self.tasks.push(Task::Close(start(target)));
                self.tasks.push(Task::Value(Some(target)));
            }
            Node::Mapping(mapping) => {
                if let Some(text) = lone_text_with_colon(mapping) {
                    self.values.push(Value::String(text));
                    return Ok(());
                }
                self.maps.push(Map::new());
                self.tasks.push(Task::Leave);
                self.tasks.push(Task::Object);
                self.tasks
                    .push(Task::Entries(mapping, children, HashSet::new()));
            }
            Node::Sequence(_) => {
                self.tasks.push(Task::Leave);
                self.tasks.push(Task::Items(children, 0));
            }
        }
        self.depth += 1;
        Ok(())
    }

    fn item(&mut self, mut children: Children<'a>, count: usize) {
        if let Some(item) = children.find(|child| child.kind() == Kind::Item) {
            self.tasks.push(Task::Items(children, count + 1));
            let node = item.nodes().next().and_then(Node::new);
            self.tasks.push(Task::Value(node));
        } else {
            let items = self.values.split_off(self.values.len() - count);
            self.values.push(Value::Array(items));
        }
    }

    /// Reads the next entry. Later ones win, merged ones too.
    fn entry(
        &mut self,
        mapping: Mapping<'a>,
        mut children: Children<'a>,
        mut keys: HashSet<String>,
    ) -> Result<(), JsonError> {
        let Some(entry) = children.find(|child| child.kind() == Kind::Entry) else {
            return Ok(());
        };
        let entry = Entry::new(entry);
        if is_merge(entry) {
            self.tasks.push(Task::Entries(mapping, children, keys));
            self.merge(entry);
            return Ok(());
        }
        if let Some(text) = text_with_colon(mapping, entry) {
            self.tasks.push(Task::Entries(mapping, children, keys));
            self.insert(text, Value::Null);
            return Ok(());
        }
        let key = self.key(mapping, entry)?;
        if !keys.insert(key.clone()) && self.open.is_empty() {
            self.duplicates.extend(entry.key().map(Node::range));
        }
        self.tasks.push(Task::Entries(mapping, children, keys));
        self.tasks.push(Task::Insert(key));
        self.tasks.push(Task::Value(entry.value()));
        Ok(())
    }

    fn key(&mut self, mapping: Mapping<'a>, entry: Entry<'a>) -> Result<String, JsonError> {
        let no_key = |range| JsonError::new(range, "a key must be a text, a number or a boolean");
        let Some(mut node) = entry.key() else {
            return Err(no_key(entry.range()));
        };
        let range = node.range();
        if mapping.is_flow() && !has_reachable_colon(entry) {
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
        self.count_text(node)?;
        match meaning(node, scalar)?.key() {
            Key::Text(text) => Ok(text),
            Key::Refused => Err(no_key(range)),
        }
    }

    /// Adds what `<<: …` names.
    fn merge(&mut self, entry: Entry<'a>) {
        match entry.value() {
            Some(Node::Sequence(sequence)) => {
                // Earlier ones take precedence, so they are added last.
                let items = sequence.items();
                let merges = items.map(|item| Task::Merge(item.node(), item.range()));
                self.tasks.extend(merges);
            }
            other => self.tasks.push(Task::Merge(other, entry.range())),
        }
    }

    fn merge_one(&mut self, node: Option<Node<'a>>, range: TextRange) -> Result<(), JsonError> {
        let refused = || JsonError::new(range, "`<<` takes a mapping, or a list of mappings");
        let mut node = node.ok_or_else(refused)?;
        self.count(node)?;
        if let Node::Alias(alias) = node {
            node = self.enter(alias)?;
            self.tasks.push(Task::Close(start(node)));
            self.count(node)?;
        }
        let mapping = node.as_mapping().ok_or_else(refused)?;
        let children = node.cursor().children();
        self.tasks
            .push(Task::Entries(mapping, children, HashSet::new()));
        Ok(())
    }

    /// The node that `alias` stands for, which is then open.
    fn enter(&mut self, alias: Alias<'a>) -> Result<Node<'a>, JsonError> {
        let target = self.target(alias)?;
        let contains_itself = target.full_range().covers(alias.range());
        if contains_itself || !self.open.insert(start(target)) {
            let message = format!("the value of the anchor `{}` contains itself", alias.name());
            return Err(JsonError::new(alias.range(), message));
        }
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

    /// Counts the text of a scalar, and stops where a few aliases multiply a long one.
    fn count_text(&mut self, node: Node<'a>) -> Result<(), JsonError> {
        if self.open.is_empty() {
            return Ok(());
        }
        self.repeated += usize::from(node.range().len());
        if self.repeated > MAX_REPEATED {
            let message = "the aliases of this document repeat more than 32 MB of text";
            return Err(JsonError::new(node.range(), message));
        }
        Ok(())
    }
}

fn start(node: Node<'_>) -> u32 {
    node.full_range().start().into()
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
    let text = text_with_colon(mapping, entries.next()?);
    text.filter(|_| mapping.is_pair())
}

/// `a:` in `{a:}`, which kubectl takes for a text.
fn text_with_colon(mapping: Mapping<'_>, entry: Entry<'_>) -> Option<String> {
    if !mapping.is_flow() {
        return None;
    }
    let key = entry.key()?.as_scalar()?;
    let colon = entry.colon()?;
    let is_text = key.style() == ScalarStyle::Plain
        && key.range().end() == colon.start()
        && entry.value().is_none()
        && entry
            .byte_behind(colon)
            .is_some_and(line::is_flow_indicator);
    is_text.then(|| format!("{}:", key.text()))
}

/// Whether kubectl finds the colon of an entry in braces: it stands on the line of its key.
fn has_reachable_colon(entry: Entry<'_>) -> bool {
    let (Some(key), Some(colon)) = (entry.key(), entry.colon()) else {
        return true;
    };
    entry.question().is_some() || !entry.has_break_between(key.range(), colon)
}
