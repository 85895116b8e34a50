//! The outline of a file: objects, then their fields.

use std::cell::RefCell;
use std::iter;
use std::rc::Rc;

use yaml_syntax::{Document, Entry, Mapping, Node, Sequence, TextRange};

use crate::language::{self, Language};
use crate::manifest::Manifest;
use crate::part::Part;
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

/// About so many entries are shown. More take a client longer to read than a person waits, and
/// nobody looks for a value among them.
const MAX_ENTRIES: usize = 2_600;

/// So many entries of one list or mapping are shown at the top.
const MAX_AT_TOP: usize = 10_000;

/// How much of a value is shown beside its key.
const MAX_DETAIL: usize = 60;

/// How much of a file is shown. What stands at the top always is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    /// Deeper entries are left out.
    depth: usize,
    /// Whether keys are shown that hold no other keys.
    values: bool,
}

/// How many entries a file has, to find out how much of it can be shown.
#[derive(Debug, Default)]
struct Census {
    /// Of those that are always shown or hold others, at each depth.
    groups: Vec<usize>,
    values: usize,
}

/// The outline of `file`, in order: all of it, or of a long file as much as can be shown.
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
    let parts = move || {
        let parts = (!is_pipeline).then(|| analysis.parts(file));
        parts.into_iter().flatten().map(|(part, _)| part)
    };
    let census = Rc::new(RefCell::new(Census::default()));
    let counted = Rc::clone(&census);
    let counting = parts().map(move |part| {
        counted.borrow_mut().count_part(&part);
        Vec::new()
    });
    let showing = iter::once_with(move || census.borrow().extent());
    let showing = showing.flat_map(move |extent| parts().map(move |part| of_part(&part, extent)));
    pipeline.into_iter().chain(counting).chain(showing)
}

impl Extent {
    /// All that there is.
    pub(crate) const FULL: Self = Self {
        depth: MAX_DEPTH,
        values: true,
    };

    fn shows(self, node: Option<Node<'_>>, depth: usize) -> bool {
        depth == 0 || self.values || node.is_some_and(is_group)
    }
}

impl Census {
    fn count_part(&mut self, part: &Part<'_>) {
        let manifests = part.manifests();
        for manifest in &manifests {
            self.add_group(0);
            self.count(Node::Mapping(manifest.object.mapping()), 1);
        }
        let root = part.document().root();
        if let Some(root) = root.filter(|_| manifests.is_empty() && part.is_whole()) {
            self.count(root, 0);
        }
    }

    /// Counts what stands in `node`.
    fn count(&mut self, node: Node<'_>, depth: usize) {
        // What cannot be shown need not be counted.
        let is_full = self.groups.get(depth.saturating_sub(1));
        if depth > MAX_DEPTH || is_full.is_some_and(|count| *count > MAX_ENTRIES) {
            self.values = MAX_ENTRIES;
            return;
        }
        let mut add = |node: Option<Node<'_>>| {
            if depth == 0 || node.is_some_and(is_group) {
                self.add_group(depth);
            } else {
                self.values += 1;
            }
            if let Some(node) = node.filter(|node| is_group(*node)) {
                self.count(node, depth + 1);
            }
        };
        match node {
            Node::Mapping(mapping) => mapping.entries().for_each(|it| add(it.value())),
            Node::Sequence(sequence) => sequence.items().for_each(|it| add(it.node())),
            Node::Scalar(_) | Node::Alias(_) => {}
        }
    }

    fn add_group(&mut self, depth: usize) {
        if self.groups.len() <= depth {
            self.groups.resize(depth + 1, 0);
        }
        if let Some(count) = self.groups.get_mut(depth) {
            *count += 1;
        }
    }

    /// All of it if there is room, else what holds other entries, down to where there is.
    fn extent(&self) -> Extent {
        let groups: usize = self.groups.iter().sum();
        if groups + self.values <= MAX_ENTRIES {
            return Extent::FULL;
        }
        let shown = self.groups.iter().scan(0, |shown, count| {
            *shown += count;
            Some(*shown)
        });
        let depths = shown.take_while(|shown| *shown <= MAX_ENTRIES).count();
        Extent {
            depth: depths.saturating_sub(1),
            values: false,
        }
    }
}

fn is_group(node: Node<'_>) -> bool {
    matches!(node, Node::Mapping(_) | Node::Sequence(_))
}

fn of_part(part: &Part<'_>, extent: Extent) -> Vec<DocumentSymbol> {
    let manifests = part.manifests();
    let document = part.document();
    if manifests.is_empty() && part.is_whole() {
        let root = document.root();
        return root.map_or_else(Vec::new, |root| children(document, root, 0, extent));
    }
    let objects = manifests.iter();
    objects
        .map(|manifest| of_manifest(document, manifest, extent))
        .collect()
}

fn of_manifest(document: Document<'_>, manifest: &Manifest<'_>, extent: Extent) -> DocumentSymbol {
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
        children: children(document, Node::Mapping(mapping), 1, extent),
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

fn children(
    document: Document<'_>,
    node: Node<'_>,
    depth: usize,
    extent: Extent,
) -> Vec<DocumentSymbol> {
    match node {
        _ if depth > extent.depth => Vec::new(),
        Node::Mapping(mapping) => of_mapping(document, mapping, depth, extent),
        Node::Sequence(sequence) => of_sequence(document, sequence, depth, extent),
        Node::Scalar(_) | Node::Alias(_) => Vec::new(),
    }
}

fn of_mapping(
    document: Document<'_>,
    mapping: Mapping<'_>,
    depth: usize,
    extent: Extent,
) -> Vec<DocumentSymbol> {
    mapping
        .entries()
        .filter(|entry| extent.shows(entry.value(), depth))
        .filter_map(|entry| of_entry(document, entry, depth, extent))
        .take(MAX_AT_TOP)
        .collect()
}

/// An entry of a mapping, with what is in it.
pub(crate) fn of_entry(
    document: Document<'_>,
    entry: Entry<'_>,
    depth: usize,
    extent: Extent,
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
            .map(|node| children(document, node, depth + 1, extent))
            .unwrap_or_default(),
    })
}

fn of_sequence(
    document: Document<'_>,
    sequence: Sequence<'_>,
    depth: usize,
    extent: Extent,
) -> Vec<DocumentSymbol> {
    sequence
        .items()
        .take(MAX_AT_TOP)
        .enumerate()
        .filter_map(|(index, item)| {
            let node = item
                .node()
                .filter(|node| extent.shows(Some(*node), depth))?;
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
                children: children(document, node, depth + 1, extent),
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
    let named = node.as_mapping()?.entries().filter_map(|entry| {
        let key = entry.key_text()?;
        let rank = NAMES.iter().position(|name| *name == key)?;
        let text = entry.value()?.as_scalar()?.text();
        (!text.is_empty()).then_some((rank, text))
    });
    // Of duplicates the last one counts, and it comes first here.
    let named = named.collect::<Vec<_>>().into_iter().rev();
    let (_, text) = named.min_by_key(|(rank, _)| *rank)?;
    Some(text.into_owned())
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
    fn long_files_have_an_outline_of_what_holds_other_keys() {
        let service = "kind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n---\n";
        let check = |copies, expected: Expect| {
            let text = service.repeat(copies) + "a: {b: {c: 1}}\nd: 1\n";
            let outline = document_symbols(&fixture::plain(&text), FileId(0));
            let mut shown = String::new();
            print(outline.get(copies - 1..).unwrap_or_default(), 0, &mut shown);
            expected.assert_eq(&shown);
        };
        check(
            500,
            expect![[r"
                web Service Object
                  metadata  Mapping
                  spec  Mapping
                    ports  Sequence
                      80 0 Item
                a  Mapping
                  b  Mapping
                d 1 Number
            "]],
        );
        check(
            800,
            expect![[r"
                web Service Object
                  metadata  Mapping
                  spec  Mapping
                a  Mapping
                  b  Mapping
                d 1 Number
            "]],
        );
        check(
            3_000,
            expect![[r"
                web Service Object
                a  Mapping
                d 1 Number
            "]],
        );
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
