//! What is judged and kept on its own: a document or, in a list of objects, each of its items.
//!
//! A list may be as large as a file (`kubectl get -o yaml` writes one), and a key typed in one item
//! says nothing new about the others.

use yaml_syntax::{Document, Node, Path, PathSegment, SyntaxError, TextRange, TextSize};

use crate::manifest::{self, Manifest};

/// A part of a file that is judged on its own.
#[derive(Debug, Clone)]
pub(crate) struct Part<'a> {
    document: Document<'a>,
    scope: Scope<'a>,
}

#[derive(Debug, Clone)]
enum Scope<'a> {
    /// All of the document.
    Whole,
    /// A list without its items, which stand in this range.
    Around(TextRange),
    /// An item of a list.
    Item {
        index: usize,
        node: Option<Node<'a>>,
        /// From its dash to the next one.
        extent: TextRange,
        errors: Vec<SyntaxError>,
    },
}

/// An item of a list: its text up to the next one, and its node.
type Item<'a> = (TextRange, Option<Node<'a>>);

/// The parts of a document: itself, or what is around the items of a list and then these.
pub(crate) fn parts(document: Document<'_>) -> Vec<Part<'_>> {
    let items = items(document).unwrap_or_default();
    let (Some((first, _)), Some((last, _))) = (items.first(), items.last()) else {
        return vec![whole(document)];
    };
    let bounds = TextRange::new(first.start(), last.end());
    let errors = document.errors();
    let around = Part {
        document,
        scope: Scope::Around(bounds),
    };
    let items = items.into_iter().enumerate();
    let items = items.map(|(index, (extent, node))| Part {
        document,
        scope: Scope::Item {
            index,
            node,
            extent,
            errors: within(&errors, extent),
        },
    });
    std::iter::once(around).chain(items).collect()
}

/// A document as one part.
pub(crate) fn whole(document: Document<'_>) -> Part<'_> {
    Part {
        document,
        scope: Scope::Whole,
    }
}

/// The errors that start in a part; `errors` are sorted.
fn within(errors: &[SyntaxError], extent: TextRange) -> Vec<SyntaxError> {
    let first = errors.partition_point(|error| error.range.start() < extent.start());
    let behind = errors.partition_point(|error| error.range.start() < extent.end());
    errors.get(first..behind).unwrap_or_default().to_vec()
}

/// The items of a list of objects. Nothing where an alias may lead from one into another.
fn items(document: Document<'_>) -> Option<Vec<Item<'_>>> {
    let root = document.root()?.as_mapping()?;
    let kind = root.get("kind")?.as_scalar()?.text();
    if !kind.ends_with("List") || document.has_aliases() {
        return None;
    }
    let sequence = root.get("items")?.as_sequence()?;
    let written: Vec<_> = sequence.items().collect();
    let starts = written.iter().map(|item| item.range().start()).skip(1);
    let ends = starts.chain([sequence.range().end()]);
    let items: Vec<_> = written
        .iter()
        .zip(ends)
        .map(|(item, end)| (TextRange::new(item.range().start(), end), item.node()))
        .collect();
    let is_object = |node: Node<'_>| manifest::manifest(document, node, Path::new()).is_some();
    let mut nodes = items.iter().filter_map(|(_, node)| *node);
    (items.len() > 1 && nodes.any(is_object)).then_some(items)
}

impl<'a> Part<'a> {
    /// The document that it is, or is in.
    pub(crate) fn document(&self) -> Document<'a> {
        self.document
    }

    /// Its text.
    pub(crate) fn range(&self) -> TextRange {
        match &self.scope {
            Scope::Whole | Scope::Around(_) => self.document.range(),
            Scope::Item { extent, .. } => *extent,
        }
    }

    /// What ranges that are kept count from.
    pub(crate) fn start(&self) -> TextSize {
        self.range().start()
    }

    /// Whether it is all of its document.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.scope, Scope::Whole)
    }

    /// Whether it is an item of a list.
    pub(crate) fn is_item(&self) -> bool {
        matches!(self.scope, Scope::Item { .. })
    }

    /// The syntax errors in it.
    pub(crate) fn errors(&self) -> Vec<SyntaxError> {
        match &self.scope {
            Scope::Whole => self.document.errors(),
            Scope::Around(items) => {
                let mut errors = self.document.errors();
                errors.retain(|error| {
                    let start = error.range.start();
                    start < items.start() || items.end() <= start
                });
                errors
            }
            Scope::Item { errors, .. } => errors.clone(),
        }
    }

    /// The objects in it.
    pub(crate) fn manifests(&self) -> Vec<Manifest<'a>> {
        match &self.scope {
            Scope::Whole => manifest::manifests(self.document),
            Scope::Around(_) => Vec::new(),
            Scope::Item { index, node, .. } => {
                let path = vec![
                    PathSegment::Key("items".to_owned()),
                    PathSegment::Index(*index),
                ];
                let manifest = node.and_then(|node| manifest::manifest(self.document, node, path));
                manifest.into_iter().collect()
            }
        }
    }

    /// The list around the objects, if that is in it.
    pub(crate) fn list(&self) -> Option<Manifest<'a>> {
        match &self.scope {
            Scope::Whole | Scope::Around(_) => manifest::list(self.document),
            Scope::Item { .. } => None,
        }
    }

    /// Where its tree starts.
    pub(crate) fn root(&self) -> Option<Node<'a>> {
        match &self.scope {
            Scope::Whole | Scope::Around(_) => self.document.root(),
            Scope::Item { node, .. } => *node,
        }
    }

    /// Where comments stand in its document. Those of a list all count to what is around its items.
    pub(crate) fn comments(&self) -> impl Iterator<Item = TextRange> + use<'a> {
        let document = (!self.is_item()).then_some(self.document);
        document.into_iter().flat_map(Document::comments)
    }

    /// Whether `node` belongs to another part.
    pub(crate) fn leaves_out(&self, node: Node<'_>) -> bool {
        match &self.scope {
            Scope::Around(items) => items.covers(node.range()),
            Scope::Whole | Scope::Item { .. } => false,
        }
    }
}
