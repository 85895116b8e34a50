//! Colours by meaning: what a word is to Kubernetes.

use k8s_schemas::{Gvk, Schema, Type};
use yaml_syntax::{Entry, Node, Scalar, Source, TextRange, TextSize};

use crate::cache::{Facts, Moved};
use crate::language::{self, Language};
use crate::manifest::Manifest;
use crate::part::Part;
use crate::pieces::{self, Place, Placed};
use crate::{Analysis, FileId};

/// A word with its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SemanticToken {
    /// The word; in one line.
    pub range: TextRange,
    /// What it means.
    pub kind: TokenKind,
    /// Whether it should not be used in new text.
    pub deprecated: bool,
}

/// What a word means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A key that the schema knows.
    Property,
    /// A key that a person chose: a label, an annotation, an entry of a `ConfigMap`.
    MapKey,
    /// The value of `kind`.
    Kind,
    /// The value of `apiVersion`.
    ApiVersion,
    /// A text.
    String,
    /// A number.
    Number,
    /// A word of YAML: `true`, `null`.
    Keyword,
    /// A value of a closed list.
    EnumMember,
    /// The name that an object has.
    Definition,
    /// The name of another object.
    Reference,
    /// `&name` and `*name`.
    Anchor,
    /// `!tag`.
    Tag,
    /// A comment.
    Comment,
}

/// Deeper is a mistake or an attack.
const MAX_DEPTH: usize = 128;

/// The words of `range` of `file` (of all of it for `None`), in order, without overlaps.
pub fn semantic_tokens(
    analysis: &Analysis,
    file: FileId,
    range: Option<TextRange>,
) -> Vec<SemanticToken> {
    semantic_tokens_in_pieces(analysis, file, range)
        .flatten()
        .collect()
}

/// The same in pieces of work, for those who may not stay away for long.
pub fn semantic_tokens_in_pieces(
    analysis: &Analysis,
    file: FileId,
    range: Option<TextRange>,
) -> impl Iterator<Item = Vec<SemanticToken>> {
    let of_kubernetes = language::of_file(analysis, file) == Language::Kubernetes;
    let source = analysis.source(file).into_iter();
    let pieces = source.flat_map(move |source| {
        let of_part = move |part: &Part<'_>| {
            let manifests = if of_kubernetes {
                part.manifests()
            } else {
                Vec::new()
            };
            of_part(analysis, source, part, &manifests)
        };
        pieces::found(analysis, file, range, of_part)
    });
    pieces.map(move |mut tokens| {
        tokens.dedup_by(|later, earlier| later.range.start() < earlier.range.end());
        tokens.retain(|token| range.is_none_or(|range| pieces::meet(token.range, range)));
        tokens
    })
}

impl Placed for SemanticToken {
    fn place(facts: &Facts) -> &Place<Self> {
        &facts.tokens
    }

    fn start(&self) -> TextSize {
        self.range.start()
    }

    fn moved(&self, moved: Moved) -> Self {
        Self {
            range: moved.range(self.range),
            ..*self
        }
    }
}

fn of_part(
    analysis: &Analysis,
    source: &Source,
    part: &Part<'_>,
    manifests: &[Manifest<'_>],
) -> Vec<SemanticToken> {
    let mut tokens = Tokens {
        part,
        found: Vec::new(),
    };
    for comment in part.comments() {
        tokens.push(comment, TokenKind::Comment);
    }
    for manifest in manifests {
        let gvk = Gvk::parse(&manifest.api_version, &manifest.kind);
        let kind = gvk.and_then(|gvk| analysis.schemas().kind(&gvk));
        let schema = kind.map(k8s_schemas::KindInfo::schema);
        for entry in manifest.object.mapping().entries() {
            tokens.head(entry, schema);
        }
    }
    // What is around objects, or no object.
    let is_object = part.is_item() && !manifests.is_empty();
    let is_object = is_object || manifests.iter().any(|manifest| manifest.path.is_empty());
    if let Some(root) = part.root().filter(|_| !is_object) {
        tokens.node(root, None, 0);
    }
    let mut found = tokens.found;
    // A word of several lines is left to the colours by line.
    let line = |offset| source.line_col(offset).line;
    found.retain(|token| line(token.range.start()) == line(token.range.end()));
    found
}

struct Tokens<'a> {
    part: &'a Part<'a>,
    found: Vec<SemanticToken>,
}

impl Tokens<'_> {
    /// An entry of an object itself.
    fn head(&mut self, entry: Entry<'_>, schema: Option<Schema<'_>>) {
        let kind = match entry.key_text().as_deref() {
            Some("kind") => TokenKind::Kind,
            Some("apiVersion") => TokenKind::ApiVersion,
            _ => return self.entry(entry, schema, 0),
        };
        if let Some(key) = entry.key() {
            self.push(key.range(), TokenKind::Property);
        }
        if let Some(value) = entry.value() {
            self.push(value.range(), kind);
        }
    }

    fn node(&mut self, node: Node<'_>, schema: Option<Schema<'_>>, depth: usize) {
        if depth > MAX_DEPTH || self.part.leaves_out(node) {
            return;
        }
        match node {
            Node::Mapping(mapping) => {
                for entry in mapping.entries() {
                    self.entry(entry, schema, depth);
                }
            }
            Node::Sequence(sequence) => {
                let inner = schema.and_then(Schema::items);
                for item in sequence.items().filter_map(yaml_syntax::Item::node) {
                    self.node(item, inner, depth + 1);
                }
            }
            Node::Alias(alias) => self.push(alias.range(), TokenKind::Anchor),
            Node::Scalar(scalar) => self.scalar(node, scalar, schema),
        }
    }

    fn entry(&mut self, entry: Entry<'_>, schema: Option<Schema<'_>>, depth: usize) {
        let name = entry.key_text().unwrap_or_default();
        let field = schema.and_then(|schema| schema.field(&name));
        if let Some(key) = entry.key() {
            let chosen = schema.is_some_and(|schema| schema.ty() == Type::Map);
            let kind = if chosen {
                TokenKind::MapKey
            } else {
                TokenKind::Property
            };
            self.push(key.range(), kind);
            if let Some(token) = self
                .found
                .last_mut()
                .filter(|_| field.is_some_and(k8s_schemas::Field::is_deprecated))
            {
                token.deprecated = true;
            }
        }
        let inner = field.map(|field| field.schema).or_else(|| schema?.values());
        if let Some(value) = entry.value() {
            self.node(value, inner, depth + 1);
        }
    }

    fn scalar(&mut self, node: Node<'_>, scalar: Scalar<'_>, schema: Option<Schema<'_>>) {
        let listed = schema.is_some_and(|schema| !schema.enum_values().is_empty());
        let kind = match yaml_syntax::json::node(self.part.document(), node) {
            Ok(serde_json::Value::Number(_)) => TokenKind::Number,
            Ok(serde_json::Value::Bool(_) | serde_json::Value::Null) => TokenKind::Keyword,
            _ if listed => TokenKind::EnumMember,
            _ => TokenKind::String,
        };
        self.push(scalar.range(), kind);
    }

    fn push(&mut self, range: TextRange, kind: TokenKind) {
        if !range.is_empty() {
            self.found.push(SemanticToken {
                range,
                kind,
                deprecated: false,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use expect_test::{Expect, expect};

    #[test]
    fn words_have_meanings() {
        check(
            "\
apiVersion: v1
kind: Service # c
metadata:
  labels:
    app: web
spec:
  type: NodePort
  ports:
  - port: 80
  publishNotReadyAddresses: yes
",
            expect![[r"
                apiVersion Property
                v1 ApiVersion
                kind Property
                Service Kind
                # c Comment
                metadata Property
                labels Property
                app MapKey
                web String
                spec Property
                type Property
                NodePort EnumMember
                ports Property
                port Property
                80 Number
                publishNotReadyAddresses Property
                yes Keyword
            "]],
        );
    }

    #[track_caller]
    fn check(fixture: &str, expected: Expect) {
        let analysis = fixture::plain(fixture);
        let source = analysis.source(FileId(0)).unwrap();
        let shown: String = semantic_tokens(&analysis, FileId(0), None)
            .into_iter()
            .map(|token| format!("{} {:?}\n", source.slice(token.range), token.kind))
            .collect();
        expected.assert_eq(&shown);
    }
}
