//! The outline of a file: objects, then their fields.

use yaml_syntax::{Document, Entry, Mapping, Node, Sequence, Source, TextRange, TextSize};

use crate::cache::{Facts, Moved};
use crate::language::{self, Language};
use crate::manifest::Manifest;
use crate::part::Part;
use crate::pieces::{self, Place, Placed};
use crate::{Analysis, FileId, gitlab};

/// An entry of the outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentSymbol {
    /// The name of the object, the key, or the name of a list's item.
    pub name: String,
    /// The kind of the object, or the value of the key.
    pub detail: String,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it.
    pub range: TextRange,
    /// The part to select when it is chosen; in `range`.
    pub selection: TextRange,
    /// What is in it.
    pub children: Vec<DocumentSymbol>,
}

/// What an entry of the outline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SymbolKind {
    /// A Kubernetes object.
    Object,
    /// A key with a mapping.
    Mapping,
    /// A key with a sequence.
    Sequence,
    /// An item of a sequence.
    Item,
    /// A text.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// `null`, or nothing.
    Null,
}

/// How deep the outline goes: deeper is a mistake or an attack.
const MAX_DEPTH: usize = 64;

/// Of a longer text, in bytes, the outline shows the objects without their fields: it would be ten
/// times as long as the text, and nobody looks for a field in it.
const MAX_WITH_FIELDS: u32 = 1 << 20;

/// How much of a value is shown beside its key.
const MAX_DETAIL: usize = 60;

/// The outline of `file`, in order.
pub fn document_symbols(analysis: &Analysis, file: FileId) -> Vec<DocumentSymbol> {
    document_symbols_in_pieces(analysis, file)
        .flatten()
        .collect()
}

/// The same in pieces of work, for those who may not stay away for long.
pub fn document_symbols_in_pieces(
    analysis: &Analysis,
    file: FileId,
) -> impl Iterator<Item = Vec<DocumentSymbol>> {
    let is_pipeline = language::of_file(analysis, file) == Language::GitlabCi;
    let pipeline = is_pipeline.then(|| gitlab::symbols::of_file(analysis, file));
    let length = analysis.source(file).map(Source::len);
    let is_large = length.is_some_and(|length| u32::from(length) > MAX_WITH_FIELDS);
    let in_short = (!is_pipeline && is_large).then(|| analysis.parts(file));
    let in_short = in_short.into_iter().flatten();
    let in_full = (!is_pipeline && !is_large)
        .then(|| pieces::found(analysis, file, None, |part| of_part(part, 0)));
    pipeline
        .into_iter()
        .chain(in_short.map(|(part, _)| of_part(&part, MAX_DEPTH)))
        .chain(in_full.into_iter().flatten())
}

impl Placed for DocumentSymbol {
    fn place(facts: &Facts) -> &Place<Self> {
        &facts.outline
    }

    fn start(&self) -> TextSize {
        self.range.start()
    }

    fn moved(&self, moved: Moved) -> Self {
        let children = self.children.iter();
        Self {
            name: self.name.clone(),
            detail: self.detail.clone(),
            kind: self.kind,
            range: moved.range(self.range),
            selection: moved.range(self.selection),
            children: children.map(|child| child.moved(moved)).collect(),
        }
    }
}

/// The outline of a part that stands at `depth` already.
fn of_part(part: &Part<'_>, depth: usize) -> Vec<DocumentSymbol> {
    let manifests = part.manifests();
    let document = part.document();
    if manifests.is_empty() && part.is_whole() {
        let root = document.root();
        return root.map_or_else(Vec::new, |root| children(document, root, depth));
    }
    let objects = manifests.iter();
    objects
        .map(|manifest| of_manifest(document, manifest, depth))
        .collect()
}

fn of_manifest(document: Document<'_>, manifest: &Manifest<'_>, depth: usize) -> DocumentSymbol {
    let mapping = manifest.object.mapping();
    let name = manifest.name.as_ref();
    let selection = manifest
        .name_range
        .unwrap_or_else(|| manifest.object.key_range("kind"));
    let name = name.filter(|name| !name.is_empty());
    DocumentSymbol {
        name: shown(name.unwrap_or(&manifest.kind).clone()),
        detail: match name {
            Some(_) => manifest.kind.clone(),
            None => manifest.api_version.clone(),
        },
        kind: SymbolKind::Object,
        range: mapping.range(),
        selection: within(mapping.range(), selection),
        children: children(document, Node::Mapping(mapping), depth + 1),
    }
}

/// A name that is never empty: some clients refuse the whole outline for one that is.
fn shown(name: String) -> String {
    if name.trim().is_empty() {
        format!("\"{name}\"")
    } else {
        name
    }
}

fn children(document: Document<'_>, node: Node<'_>, depth: usize) -> Vec<DocumentSymbol> {
    match node {
        _ if depth > MAX_DEPTH => Vec::new(),
        Node::Mapping(mapping) => of_mapping(document, mapping, depth),
        Node::Sequence(sequence) => of_sequence(document, sequence, depth),
        Node::Scalar(_) | Node::Alias(_) => Vec::new(),
    }
}

fn of_mapping(document: Document<'_>, mapping: Mapping<'_>, depth: usize) -> Vec<DocumentSymbol> {
    mapping
        .entries()
        .filter_map(|entry| of_entry(document, entry, depth))
        .collect()
}

/// An entry of a mapping, with what is in it.
pub(crate) fn of_entry(
    document: Document<'_>,
    entry: Entry<'_>,
    depth: usize,
) -> Option<DocumentSymbol> {
    let name = entry.key_text()?.into_owned();
    let value = entry.value();
    Some(DocumentSymbol {
        name: shown(name),
        detail: value.map(detail).unwrap_or_default(),
        kind: value.map_or(SymbolKind::Null, |node| kind(document, node)),
        range: entry.range(),
        selection: within(entry.range(), entry.key()?.range()),
        children: value
            .map(|node| children(document, node, depth + 1))
            .unwrap_or_default(),
    })
}

fn of_sequence(
    document: Document<'_>,
    sequence: Sequence<'_>,
    depth: usize,
) -> Vec<DocumentSymbol> {
    sequence
        .items()
        .enumerate()
        .filter_map(|(index, item)| {
            let node = item.node()?;
            let name = item_name(node);
            Some(DocumentSymbol {
                detail: match name {
                    Some(_) => index.to_string(),
                    None => detail(node),
                },
                name: shown(name.unwrap_or_else(|| index.to_string())),
                kind: match node {
                    Node::Mapping(_) | Node::Sequence(_) => SymbolKind::Item,
                    Node::Scalar(_) | Node::Alias(_) => kind(document, node),
                },
                range: item.range(),
                selection: within(item.range(), first_line(node)),
                children: children(document, node, depth + 1),
            })
        })
        .collect()
}

/// What people call an item: by the first of these keys that it has.
fn item_name(node: Node<'_>) -> Option<String> {
    const NAMES: [&str; 8] = [
        "name",
        "kind",
        "host",
        "path",
        "key",
        "type",
        "containerPort",
        "port",
    ];
    let mapping = node.as_mapping()?;
    NAMES
        .iter()
        .filter_map(|key| mapping.get(key)?.as_scalar())
        .map(|scalar| scalar.text().into_owned())
        .find(|text| !text.is_empty())
}

fn kind(document: Document<'_>, node: Node<'_>) -> SymbolKind {
    match node {
        Node::Mapping(_) => SymbolKind::Mapping,
        Node::Sequence(_) => SymbolKind::Sequence,
        Node::Alias(_) => SymbolKind::String,
        Node::Scalar(_) => match yaml_syntax::json::node(document, node) {
            Ok(serde_json::Value::Bool(_)) => SymbolKind::Boolean,
            Ok(serde_json::Value::Number(_)) => SymbolKind::Number,
            Ok(serde_json::Value::Null) => SymbolKind::Null,
            _ => SymbolKind::String,
        },
    }
}

/// The beginning of a scalar.
fn detail(node: Node<'_>) -> String {
    let text = match node {
        Node::Scalar(scalar) => scalar.text().into_owned(),
        Node::Alias(alias) => format!("*{}", alias.name()),
        Node::Mapping(_) | Node::Sequence(_) => return String::new(),
    };
    let line = text.lines().next().unwrap_or_default();
    line.chars().take(MAX_DETAIL).collect()
}

fn first_line(node: Node<'_>) -> TextRange {
    match node {
        Node::Mapping(mapping) => mapping
            .entries()
            .next()
            .and_then(Entry::key)
            .map_or_else(|| mapping.range(), Node::range),
        Node::Sequence(_) | Node::Scalar(_) | Node::Alias(_) => node.range(),
    }
}

/// Clients refuse a selection that is not in the range.
fn within(range: TextRange, selection: TextRange) -> TextRange {
    if range.covers(selection) {
        selection
    } else {
        TextRange::empty(range.start())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use expect_test::{Expect, expect};

    #[test]
    fn objects_stand_at_the_top_by_name_and_kind() {
        check(
            "\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - name: http
    port: 80
---
kind: List
apiVersion: v1
items:
- apiVersion: v1
  kind: Secret
  metadata: {name: db}
",
            expect![[r"
                web Service Object
                  apiVersion v1 String
                  kind Service String
                  metadata  Mapping
                    name web String
                  spec  Mapping
                    ports  Sequence
                      http 0 Item
                        name http String
                        port 80 Number
                db Secret Object
                  apiVersion v1 String
                  kind Secret String
                  metadata  Mapping
                    name db String
            "]],
        );
    }

    #[test]
    fn other_files_have_an_outline_too() {
        check(
            "resources:\n- a.yaml\nempty:\n",
            expect![[r"
                resources  Sequence
                  0 a.yaml String
                empty  Null
            "]],
        );
    }

    #[test]
    fn large_files_have_an_outline_of_objects() {
        let service = "kind: Service\nmetadata: {name: web}\n---\n";
        let values = "a: {b: 1}\n# ";
        let large = service.to_owned() + values + &"x".repeat(1 << 20);
        let mut shown = String::new();
        print(
            &document_symbols(&fixture::plain(&large), FileId(0)),
            0,
            &mut shown,
        );
        assert_eq!(shown, "web Service Object\na  Mapping\n");
    }

    #[track_caller]
    fn check(fixture: &str, expected: Expect) {
        let mut shown = String::new();
        print(
            &document_symbols(&fixture::plain(fixture), FileId(0)),
            0,
            &mut shown,
        );
        expected.assert_eq(&shown);
    }

    fn print(symbols: &[DocumentSymbol], depth: usize, shown: &mut String) {
        for symbol in symbols {
            let indent = "  ".repeat(depth);
            shown.push_str(&format!(
                "{indent}{} {} {:?}\n",
                symbol.name, symbol.detail, symbol.kind
            ));
            print(&symbol.children, depth + 1, shown);
        }
    }
}
