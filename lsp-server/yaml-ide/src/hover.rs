//! What is known about the word under the cursor.

mod target;
mod value;

use k8s_schemas::{Field, Gvk, KindInfo, Schema};
use yaml_syntax::{Document, Node, PathSegment, TextRange, TextSize};

use crate::completion::follow;
use crate::language::{self, Language};
use crate::manifest;
use crate::object::Value;
use crate::place::{self, Part, Place};
use crate::{Analysis, FileId, gitlab, immutable, markdown, skeleton};

/// Documentation for a range of the file, ready to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// What it is about.
    pub range: TextRange,
    /// `CommonMark`. The client decides how to draw it.
    pub markdown: String,
}

/// Describes the field or the value at `offset`.
///
/// Returns `None` where nothing is known: in a comment, between documents, or under a `kind`
/// that has no schema. `now_ms` is the time of asking, in milliseconds since 1970, UTC: a schedule
/// is said with its next runs.
pub fn hover(analysis: &Analysis, file: FileId, offset: TextSize, now_ms: i64) -> Option<Hover> {
    let document = analysis.parse(file)?.document_at(offset)?;
    let place = place::at(document, offset);
    let (Part::Key(node) | Part::Value(node)) = place.part else {
        return target::of_anchor(analysis, file, offset);
    };
    if language::of_file(analysis, file) == Language::GitlabCi
        && let Some(hover) = gitlab::hover::variable(analysis, file, node, offset)
    {
        return Some(hover);
    }
    let now = now_ms.div_euclid(1000);
    let described = match language::of_file(analysis, file) {
        Language::Kubernetes => described(analysis, file, document, &place, now),
        Language::GitlabCi => gitlab::hover::described(analysis, file, &place),
        Language::Other | Language::Template => None,
    };
    let parts = [
        anchor(document, analysis, file, node),
        described,
        target::of_selector(analysis, file, document, &place),
        target::of_name(analysis, file, offset),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| Hover {
        range: node.range(),
        markdown: parts.join("\n\n---\n\n"),
    })
}

/// What the schema says of the field, and what its value comes to.
fn described(
    analysis: &Analysis,
    file: FileId,
    document: Document<'_>,
    place: &Place<'_>,
    now: i64,
) -> Option<String> {
    let manifests = manifest::manifests(document);
    let manifest = manifests
        .iter()
        .rfind(|manifest| place.path.starts_with(&manifest.path))?;
    let way = place.path.get(manifest.path.len()..)?;
    let gvk = Gvk::parse(&manifest.api_version, &manifest.kind)?;
    let info = analysis.schemas_of(file).kind(&gvk);
    if let [PathSegment::Key(key)] = way
        && matches!(key.as_str(), "kind" | "apiVersion")
    {
        return info.map_or_else(
            || markdown::removed(&gvk),
            |info| Some(markdown::kind(info)),
        );
    }
    let info = info?;
    let described = field(info.schema(), way);
    let meaning = match (place.part, &described) {
        (Part::Value(node), Some((owner, field, _))) => value::meaning(&value::Asked {
            value: Value::new(document, node),
            way,
            kind: info.kind(),
            definition: skeleton::short_name(*owner),
            field: field.name,
            now,
            reveal_secrets: analysis.config().reveal_secrets,
        }),
        _ => None,
    };
    let text = described.map(|(owner, field, way)| {
        let path = path_text(&manifest.kind, way);
        let set_once = if is_set_once(info, way) {
            "\n\n*Cannot be changed once the object is there.*"
        } else {
            ""
        };
        format!("{}{set_once}\n\n`{path}`", markdown::field(owner, &field))
    });
    let parts = [meaning, text].into_iter().flatten();
    let text = parts.collect::<Vec<_>>().join("\n\n");
    (!text.is_empty()).then_some(text)
}

/// The field that describes what stands at the end of `way`, the definition that has it, and the
/// way to it: an item, and a key that a person chose, are described by what holds them.
fn field<'s, 'w>(
    root: Schema<'s>,
    way: &'w [PathSegment],
) -> Option<(Schema<'s>, Field<'s>, &'w [PathSegment])> {
    let (last, outer) = way.split_last()?;
    let found = match last {
        PathSegment::Key(key) => {
            let owner = follow(root, outer)?;
            owner.field(key).map(|field| (owner, field, way))
        }
        PathSegment::Index(_) => None,
    };
    found.or_else(|| field(root, outer))
}

/// Whether the field is one, or stands in one, that the API server sets once.
fn is_set_once(kind: KindInfo<'_>, way: &[PathSegment]) -> bool {
    let keys = way.iter().map_while(|segment| match segment {
        PathSegment::Key(key) => Some(key.as_str()),
        PathSegment::Index(_) => None,
    });
    let keys: Vec<&str> = keys.collect();
    immutable::covers(kind.group(), kind.kind(), &keys)
}

/// `Deployment.spec.template.spec.containers[].image`
fn path_text(kind: &str, way: &[PathSegment]) -> String {
    let mut text = kind.to_owned();
    for segment in way {
        match segment {
            PathSegment::Key(key) => {
                text.push('.');
                text.push_str(key);
            }
            PathSegment::Index(_) => text.push_str("[]"),
        }
    }
    text
}

/// What an alias stands for.
fn anchor(
    document: Document<'_>,
    analysis: &Analysis,
    file: FileId,
    node: Node<'_>,
) -> Option<String> {
    let Node::Alias(alias) = node else {
        return None;
    };
    let target = document.anchor(alias.name(), alias.range().start())?;
    let text = analysis.source(file)?.slice(target.range()).into_owned();
    let shown: Vec<&str> = text.lines().take(20).collect();
    Some(format!(
        "`*{}` stands for\n\n```yaml\n{}\n```",
        alias.name(),
        shown.join("\n")
    ))
}

#[cfg(test)]
mod tests;
