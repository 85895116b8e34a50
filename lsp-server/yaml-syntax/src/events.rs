//! The tree as the events of the YAML specification, in the notation of the YAML test suite.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use crate::ast::{Document, Node, ScalarStyle};
use crate::cursor::{Children, Cursor};
use crate::tree::Kind;
use crate::{Parse, tag};

/// One event. Its `Display` is a line of the YAML test suite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<'a> {
    /// `+STR`
    StreamStart,
    /// `-STR`
    StreamEnd,
    /// `+DOC`
    DocumentStart {
        /// Whether a `---` stands there.
        is_explicit: bool,
    },
    /// `-DOC`
    DocumentEnd {
        /// Whether a `...` stands there.
        is_explicit: bool,
    },
    /// `+MAP`
    MappingStart {
        /// Whether it is written with braces.
        is_flow: bool,
        /// Its anchor and tag.
        properties: Properties<'a>,
    },
    /// `-MAP`
    MappingEnd,
    /// `+SEQ`
    SequenceStart {
        /// Whether it is written with brackets.
        is_flow: bool,
        /// Its anchor and tag.
        properties: Properties<'a>,
    },
    /// `-SEQ`
    SequenceEnd,
    /// `=VAL`
    Scalar {
        /// How it is written.
        style: ScalarStyle,
        /// Its content.
        text: Cow<'a, str>,
        /// Its anchor and tag.
        properties: Properties<'a>,
    },
    /// `=ALI`
    Alias(&'a str),
}

/// Anchor and tag of a node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Properties<'a> {
    /// The name after `&`.
    pub anchor: Option<&'a str>,
    /// The tag, its handle resolved.
    pub tag: Option<String>,
}

/// The events of a stream.
pub fn events(parse: &Parse) -> impl Iterator<Item = Event<'_>> {
    let documents = parse.documents().flat_map(document);
    let start = std::iter::once(Event::StreamStart);
    start.chain(documents).chain([Event::StreamEnd])
}

/// What is still to be told of a document, the last first.
enum Task<'a> {
    Node(Option<Node<'a>>),
    Entries(Children<'a>),
    Items(Children<'a>),
    Tell(Event<'a>),
}

fn document(document: Document<'_>) -> impl Iterator<Item = Event<'_>> {
    let mut tasks = Vec::new();
    let starts = has(document, Kind::DocumentStart);
    let handles = handles(document);
    if starts || document.root().is_some() {
        let ends = ends(document);
        tasks.push(Task::Tell(Event::DocumentEnd { is_explicit: ends }));
        tasks.push(Task::Node(document.root()));
        tasks.push(Task::Tell(Event::DocumentStart {
            is_explicit: starts,
        }));
    }
    std::iter::from_fn(move || {
        loop {
            match tasks.pop()? {
                Task::Tell(event) => return Some(event),
                Task::Node(node) => return Some(start(node, &handles, &mut tasks)),
                Task::Entries(mut children) => {
                    if let Some(entry) = children.find(|child| child.kind() == Kind::Entry) {
                        let entry = crate::ast::Entry::new(entry);
                        tasks.push(Task::Entries(children));
                        tasks.push(Task::Node(entry.value()));
                        tasks.push(Task::Node(entry.key()));
                    }
                }
                Task::Items(mut children) => {
                    if let Some(item) = children.find(|child| child.kind() == Kind::Item) {
                        tasks.push(Task::Items(children));
                        tasks.push(Task::Node(item.nodes().next().and_then(Node::new)));
                    }
                }
            }
        }
    })
}

/// The event that starts `node`; what follows it goes to `tasks`.
fn start<'a>(
    node: Option<Node<'a>>,
    handles: &Handles<'a>,
    tasks: &mut Vec<Task<'a>>,
) -> Event<'a> {
    let properties = Properties {
        anchor: node.and_then(Node::anchor),
        tag: node.and_then(Node::tag).map(|tag| resolve(tag, handles)),
    };
    match node {
        None => Event::Scalar {
            style: ScalarStyle::Plain,
            text: Cow::Borrowed(""),
            properties,
        },
        Some(Node::Scalar(scalar)) => Event::Scalar {
            style: scalar.style(),
            text: scalar.text(),
            properties,
        },
        Some(Node::Alias(alias)) => Event::Alias(alias.name()),
        Some(Node::Mapping(mapping)) => {
            tasks.push(Task::Tell(Event::MappingEnd));
            tasks.push(Task::Entries(Node::Mapping(mapping).cursor().children()));
            Event::MappingStart {
                is_flow: mapping.is_flow(),
                properties,
            }
        }
        Some(Node::Sequence(sequence)) => {
            tasks.push(Task::Tell(Event::SequenceEnd));
            tasks.push(Task::Items(Node::Sequence(sequence).cursor().children()));
            Event::SequenceStart {
                is_flow: sequence.is_flow(),
                properties,
            }
        }
    }
}

fn has(document: Document<'_>, kind: Kind) -> bool {
    document.top_level().any(|element| element.kind() == kind)
}

/// Whether a `...` stands behind the content.
fn ends(document: Document<'_>) -> bool {
    let is_content =
        |element: &Cursor<'_>| element.kind() == Kind::DocumentStart || element.kind().is_node();
    let mut behind = document
        .top_level()
        .skip_while(|element| !is_content(element));
    behind.any(|element| element.kind() == Kind::DocumentEnd)
}

/// Tag handles and the prefixes they stand for.
type Handles<'a> = HashMap<&'a str, &'a str>;

fn handles(document: Document<'_>) -> Handles<'_> {
    let elements = document.top_level();
    let directives = elements.filter(|element| element.kind() == Kind::Directive);
    directives
        .filter_map(|directive| {
            let mut words = directive.text().split_ascii_whitespace();
            let is_tag = words.next() == Some("%TAG");
            is_tag.then_some(())?;
            Some((words.next()?, words.next()?))
        })
        .collect()
}

fn resolve(tag: &str, handles: &Handles<'_>) -> String {
    if let Some(uri) = tag.strip_prefix("!<") {
        return uri.strip_suffix('>').unwrap_or(uri).to_owned();
    }
    let (handle, suffix) = tag::split(tag);
    let prefix = match (handles.get(handle), handle) {
        (Some(prefix), _) => prefix,
        (None, "!!") => "tag:yaml.org,2002:",
        (None, other) => other,
    };
    format!("{prefix}{}", unescape(suffix))
}

/// With `%21` and the like resolved.
fn unescape(suffix: &str) -> String {
    let mut bytes = Vec::with_capacity(suffix.len());
    let mut rest = suffix;
    while let Some((before, behind)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let code = behind
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(code.unwrap_or(b'%'));
        rest = if code.is_some() {
            behind.get(2..).unwrap_or_default()
        } else {
            behind
        };
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StreamStart => f.write_str("+STR"),
            Self::StreamEnd => f.write_str("-STR"),
            Self::DocumentStart { is_explicit: true } => f.write_str("+DOC ---"),
            Self::DocumentStart { is_explicit: false } => f.write_str("+DOC"),
            Self::DocumentEnd { is_explicit: true } => f.write_str("-DOC ..."),
            Self::DocumentEnd { is_explicit: false } => f.write_str("-DOC"),
            Self::MappingStart {
                is_flow,
                properties,
            } => {
                write!(f, "+MAP{}{properties}", if *is_flow { " {}" } else { "" })
            }
            Self::MappingEnd => f.write_str("-MAP"),
            Self::SequenceStart {
                is_flow,
                properties,
            } => {
                write!(f, "+SEQ{}{properties}", if *is_flow { " []" } else { "" })
            }
            Self::SequenceEnd => f.write_str("-SEQ"),
            Self::Scalar {
                style,
                text,
                properties,
            } => {
                let mark = match style {
                    ScalarStyle::Plain => ':',
                    ScalarStyle::SingleQuoted => '\'',
                    ScalarStyle::DoubleQuoted => '"',
                    ScalarStyle::Literal => '|',
                    ScalarStyle::Folded => '>',
                };
                write!(f, "=VAL{properties} {mark}{}", escaped(text))
            }
            Self::Alias(name) => write!(f, "=ALI *{name}"),
        }
    }
}

impl fmt::Display for Properties<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(anchor) = self.anchor {
            write!(f, " &{anchor}")?;
        }
        match &self.tag {
            Some(tag) => write!(f, " <{tag}>"),
            None => Ok(()),
        }
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\x08' => out.push_str("\\b"),
            other => out.push(other),
        }
    }
    out
}
