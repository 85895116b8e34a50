//! Reading a mapping as the API server would: aliases followed, merges applied.

use yaml_syntax::{Document, Entry, Mapping, Node, PathSegment, TextRange};

/// How many aliases are followed to one value: more is a loop or a bomb.
const MAX_ALIASES: usize = 16;

/// How many mappings are searched for merged keys: more is a loop or a bomb.
const MAX_MERGED: usize = 64;

/// A key that is a text, its entry and its value.
type Pair<'a> = (String, Entry<'a>, Option<Value<'a>>);

/// A mapping of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Object<'a> {
    document: Document<'a>,
    mapping: Mapping<'a>,
}

/// A value, with the document that its aliases lead into.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value<'a> {
    document: Document<'a>,
    /// The node, as it stands: perhaps an alias.
    written: Node<'a>,
}

impl<'a> Object<'a> {
    /// The mapping as an object.
    pub(crate) fn new(document: Document<'a>, mapping: Mapping<'a>) -> Self {
        Self { document, mapping }
    }

    /// The mapping itself.
    pub(crate) fn mapping(self) -> Mapping<'a> {
        self.mapping
    }

    /// The entry of `key` that stands in this very mapping.
    pub(crate) fn entry(self, key: &str) -> Option<Entry<'a>> {
        self.mapping.entry(key)
    }

    /// Where `key` stands, or the whole mapping where it does not.
    pub(crate) fn key_range(self, key: &str) -> TextRange {
        self.entry(key)
            .and_then(Entry::key)
            .map_or_else(|| self.mapping.range(), Node::range)
    }

    /// The value of `key`; one that is written here wins over a merged one.
    pub(crate) fn get(self, key: &str) -> Option<Value<'a>> {
        self.get_merged(key, &mut Vec::new())
    }

    /// `seen`: the mappings that were asked already. One may be merged in many ways, which would
    /// double with every level.
    fn get_merged(self, key: &str, seen: &mut Vec<TextRange>) -> Option<Value<'a>> {
        if let Some(node) = self.mapping.get(key) {
            return Some(self.value(node));
        }
        let merged = self.merged();
        if merged.is_empty() {
            return None;
        }
        let range = self.mapping.range();
        if seen.len() >= MAX_MERGED || seen.contains(&range) {
            return None;
        }
        seen.push(range);
        let mut parts = merged.into_iter();
        parts.find_map(|object| object.get_merged(key, seen))
    }

    /// Whether `key` is there, with a value or without.
    pub(crate) fn has(self, key: &str) -> bool {
        self.entry(key).is_some() || self.get(key).is_some()
    }

    /// Whether `key` is there and says something: the API server takes `null` for nothing.
    pub(crate) fn says(self, key: &str) -> bool {
        self.get(key).is_some_and(|value| !value.is_null())
    }

    /// The objects that `<<` brings in.
    fn merged(self) -> Vec<Self> {
        let Some(value) = self.mapping.get("<<") else {
            return Vec::new();
        };
        let value = self.value(value);
        match value.items() {
            items if items.is_empty() => value.object().into_iter().collect(),
            items => items.into_iter().filter_map(Value::object).collect(),
        }
    }

    fn value(self, written: Node<'a>) -> Value<'a> {
        Value {
            document: self.document,
            written,
        }
    }

    /// All pairs that stand in this very mapping and have a key that is a text.
    pub(crate) fn pairs(self) -> impl Iterator<Item = Pair<'a>> {
        self.mapping.entries().filter_map(move |entry| {
            let key = entry.key_text()?.into_owned();
            Some((key, entry, entry.value().map(|node| self.value(node))))
        })
    }

    /// All keys, those that `<<` brings in too.
    pub(crate) fn keys(self) -> Vec<String> {
        let mut keys = Vec::new();
        self.add_keys(&mut keys, &mut Vec::new());
        keys
    }

    fn add_keys(self, keys: &mut Vec<String>, seen: &mut Vec<TextRange>) {
        let range = self.mapping.range();
        if seen.len() >= MAX_MERGED || seen.contains(&range) {
            return;
        }
        seen.push(range);
        keys.extend(self.pairs().map(|(key, _, _)| key));
        for object in self.merged() {
            object.add_keys(keys, seen);
        }
    }

    /// All pairs that have a key that is a text: those that stand here, then those that `<<` brings
    /// in, also where one that stands here wins over them.
    pub(crate) fn all_pairs(self) -> Vec<Pair<'a>> {
        let mut pairs = Vec::new();
        self.add_pairs(&mut pairs, &mut Vec::new());
        pairs
    }

    /// The pairs that count, merged ones among them.
    pub(crate) fn effective_pairs(self) -> Vec<Pair<'a>> {
        let mut seen = std::collections::HashSet::new();
        let mut pairs = self.all_pairs();
        pairs.retain(|(key, _, _)| seen.insert(key.clone()));
        pairs
    }

    fn add_pairs(self, pairs: &mut Vec<Pair<'a>>, seen: &mut Vec<TextRange>) {
        let range = self.mapping.range();
        if seen.len() >= MAX_MERGED || seen.contains(&range) {
            return;
        }
        seen.push(range);
        pairs.extend(self.pairs().filter(|(key, _, _)| key != "<<"));
        for object in self.merged() {
            object.add_pairs(pairs, seen);
        }
    }

    /// The value at the end of a way of keys.
    pub(crate) fn at(self, path: &[&str]) -> Option<Value<'a>> {
        let (last, way) = path.split_last()?;
        way.iter()
            .try_fold(self, |object, key| object.get(key)?.object())?
            .get(last)
    }

    /// The text at the end of a way of keys.
    pub(crate) fn text_at(self, path: &[&str]) -> Option<String> {
        self.at(path)?.text()
    }

    /// The text of `key`.
    pub(crate) fn text(self, key: &str) -> Option<String> {
        self.get(key)?.text()
    }

    /// The whole number of `key`.
    pub(crate) fn integer(self, key: &str) -> Option<i64> {
        self.get(key)?.json()?.as_i64()
    }

    /// The object of `key`.
    pub(crate) fn object(self, key: &str) -> Option<Self> {
        self.get(key)?.object()
    }

    /// The items of `key`; none where it is not a list.
    pub(crate) fn items(self, key: &str) -> Vec<Value<'a>> {
        self.get(key).map(Value::items).unwrap_or_default()
    }

    /// The objects in the list of `key`.
    pub(crate) fn objects(self, key: &str) -> Vec<Self> {
        self.items(key)
            .into_iter()
            .filter_map(Value::object)
            .collect()
    }
}

impl<'a> Value<'a> {
    /// A node of a document as a value.
    pub(crate) fn new(document: Document<'a>, written: Node<'a>) -> Self {
        Self { document, written }
    }

    /// The document that it stands in.
    pub(crate) fn document(self) -> Document<'a> {
        self.document
    }

    /// The node as it stands: perhaps an alias.
    pub(crate) fn written(self) -> Node<'a> {
        self.written
    }

    /// Where it stands.
    pub(crate) fn range(self) -> TextRange {
        self.written.range()
    }

    /// The node that is meant, behind aliases.
    pub(crate) fn node(self) -> Option<Node<'a>> {
        let mut node = self.written;
        for _ in 0..MAX_ALIASES {
            let Node::Alias(alias) = node else {
                return Some(node);
            };
            node = self.document.anchor(alias.name(), alias.range().start())?;
        }
        None
    }

    /// The object, if it is one.
    pub(crate) fn object(self) -> Option<Object<'a>> {
        let mapping = self.node()?.as_mapping()?;
        Some(Object::new(self.document, mapping))
    }

    /// The items, if it is a list; empty ones are left out.
    pub(crate) fn items(self) -> Vec<Self> {
        let Some(sequence) = self.node().and_then(Node::as_sequence) else {
            return Vec::new();
        };
        let nodes = sequence.items().filter_map(yaml_syntax::Item::node);
        nodes.map(|node| Self::new(self.document, node)).collect()
    }

    /// A scalar as kubectl reads it.
    pub(crate) fn json(self) -> Option<serde_json::Value> {
        let node = self.node()?;
        node.as_scalar()?;
        yaml_syntax::json::node(self.document, node).ok()
    }

    /// A scalar that kubectl reads as a text.
    pub(crate) fn text(self) -> Option<String> {
        match self.json()? {
            serde_json::Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// A scalar as text, whatever kubectl makes of it.
    pub(crate) fn raw_text(self) -> Option<String> {
        Some(self.node()?.as_scalar()?.text().into_owned())
    }

    /// Whether it says nothing.
    pub(crate) fn is_null(self) -> bool {
        self.json().is_some_and(|value| value.is_null())
    }
}

/// The object at the end of `path`, aliases followed.
pub(crate) fn value_at<'a>(document: Document<'a>, path: &[PathSegment]) -> Option<Value<'a>> {
    let root = Value::new(document, document.root()?);
    path.iter().try_fold(root, |value, segment| match segment {
        PathSegment::Key(key) => value.object()?.get(key),
        PathSegment::Index(index) => {
            let sequence = value.node()?.as_sequence()?;
            let node = sequence.items().nth(*index)?.node()?;
            Some(Value::new(document, node))
        }
    })
}
