//! Where an offset stands in a document.

use yaml_syntax::{Document, Entry, Node, Path, PathSegment, TextSize};

/// The way from the root of a document to an offset.
#[derive(Debug, Clone)]
pub(crate) struct Place<'a> {
    /// The steps to the innermost value: of a key, to its value.
    pub(crate) path: Path,
    /// The entries on the way, outermost first.
    pub(crate) entries: Vec<Entry<'a>>,
    /// What is there.
    pub(crate) part: Part<'a>,
}

/// What stands at an offset.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part<'a> {
    /// The key of the last of the entries.
    Key(Node<'a>),
    /// A scalar or an alias.
    Value(Node<'a>),
    /// Blanks, marks or nothing in what the path leads to.
    Between,
}

/// Follows the tree to `offset`; touching counts.
pub(crate) fn at(document: Document<'_>, offset: TextSize) -> Place<'_> {
    let mut place = Place {
        path: Path::new(),
        entries: Vec::new(),
        part: Part::Between,
    };
    let mut next = document.root();
    while let Some(node) = next {
        next = step(&mut place, node, offset);
    }
    place
}

fn step<'a>(place: &mut Place<'a>, node: Node<'a>, offset: TextSize) -> Option<Node<'a>> {
    match node {
        Node::Scalar(_) | Node::Alias(_) => {
            if node.range().touches(offset) {
                place.part = Part::Value(node);
            }
            None
        }
        Node::Mapping(mapping) => {
            let entry = nearest(mapping.entries(), offset, |entry| entry.range().start())?;
            if !entry.range().touches(offset) {
                return None;
            }
            let key = entry.key_text().unwrap_or_default().into_owned();
            place.path.push(PathSegment::Key(key));
            place.entries.push(entry);
            match entry.key() {
                Some(key) if key.range().touches(offset) => {
                    place.part = Part::Key(key);
                    None
                }
                _ => entry.value(),
            }
        }
        Node::Sequence(sequence) => {
            let items = sequence.items().enumerate();
            let (index, item) = nearest(items, offset, |(_, item)| item.range().start())?;
            if !item.range().touches(offset) {
                return None;
            }
            place.path.push(PathSegment::Index(index));
            item.node()
        }
    }
}

/// The last of `parts` that does not start after `offset`.
fn nearest<T>(
    parts: impl Iterator<Item = T>,
    offset: TextSize,
    start: impl Fn(&T) -> TextSize,
) -> Option<T> {
    parts.take_while(|part| start(part) <= offset).last()
}
