//! `kustomization.yaml`: its fields, and the files beside it.

use yaml_syntax::{Path, PathSegment};

use super::context::{Context, Slot, Style};
use super::{CompletionItem, CompletionKind, Found};
use crate::diagnostics::kustomization::fields::{self, Shape};
use crate::{Analysis, FileId, kustomize, layout};

/// What may stand at the cursor in a kustomization.
#[inline(never)] // A browser loads it when one is written.
pub(super) fn items(
    analysis: &Analysis,
    file: FileId,
    context: &Context,
) -> Option<Vec<CompletionItem>> {
    let path = context.path()?;
    let mut found = Found {
        context,
        items: Vec::new(),
    };
    match (context.slot, shape(&path)?) {
        (Slot::Key, Shape::Object(definition)) => keys(context, &path, definition, &mut found),
        (Slot::Value, Shape::Flag) => {
            for word in ["true", "false"] {
                found.push(word, CompletionKind::Value, word.to_owned());
            }
        }
        (Slot::Value, Shape::Text) if path.len() == 1 => {
            let word = match path.first() {
                Some(PathSegment::Key(key)) if key == "kind" => "Kustomization",
                Some(PathSegment::Key(key)) if key == "apiVersion" => {
                    "kustomize.config.k8s.io/v1beta1"
                }
                _ => return None,
            };
            found.push(word, CompletionKind::Kind, word.to_owned());
        }
        (_, Shape::Text | Shape::Texts) => files(analysis, file, context, &path, &mut found),
        _ => {}
    }
    Some(found.ranked())
}

/// What stands at the end of a path.
fn shape(path: &Path) -> Option<Shape> {
    path.iter()
        .try_fold(Shape::Object("Kustomization"), |shape, segment| {
            match (segment, shape) {
                (PathSegment::Key(key), Shape::Object(definition)) => {
                    let fields = fields::of(definition).iter();
                    let mut fields = fields.filter(|(name, _)| name == key);
                    fields.next().map(|(_, shape)| *shape)
                }
                (PathSegment::Index(_), Shape::Objects(definition)) => {
                    Some(Shape::Object(definition))
                }
                (PathSegment::Index(_), Shape::Texts) => Some(Shape::Text),
                _ => None,
            }
        })
}

/// Fields that others have taken the place of.
const REPLACED: &[&str] = &[
    "bases",
    "commonLabels",
    "patchesJson6902",
    "patchesStrategicMerge",
    "imageTags",
    "vars",
    "env",
    "helmChartInflationGenerator",
];

fn keys(context: &Context, path: &Path, definition: &str, found: &mut Found<'_>) {
    let Some(object) = context.object(path) else {
        return;
    };
    let step = " ".repeat(context.layout.step);
    let outer = " ".repeat(context.column);
    let dash = if context.layout.indent_sequences {
        format!("{outer}{step}- ")
    } else {
        format!("{outer}- ")
    };
    for &(name, shape) in fields::of(definition) {
        if object.has(name) {
            continue;
        }
        let behind = match (context.style, shape) {
            _ if context.has_colon => String::new(),
            (Style::Block, Shape::Texts | Shape::Objects(_)) => format!(":\n{dash}"),
            (Style::Block, Shape::Map | Shape::Object(_)) => format!(":\n{outer}{step}"),
            _ => ": ".to_owned(),
        };
        let key = match context.style {
            Style::Json => format!("\"{name}\""),
            Style::Block | Style::Flow => name.to_owned(),
        };
        let item = found.push(name, CompletionKind::Field, key + &behind);
        item.deprecated = REPLACED.contains(&name);
        item.retrigger = matches!(shape, Shape::Texts | Shape::Objects(_) | Shape::Flag);
    }
}

/// Files below the folder, where a kustomization names files.
fn files(analysis: &Analysis, file: FileId, context: &Context, path: &Path, found: &mut Found<'_>) {
    let names_files = path.iter().any(|segment| {
        let lists = [
            "resources",
            "components",
            "crds",
            "path",
            "patchesStrategicMerge",
        ];
        matches!(segment, PathSegment::Key(key) if lists.contains(&key.as_str()))
    });
    if !names_files {
        return;
    }
    let own = analysis.path(file).unwrap_or_default();
    let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
    let below = analysis.files().filter_map(|other| {
        let path = analysis.path(other)?.strip_prefix(folder)?;
        (!kustomize::is_kustomization(analysis, other)).then(|| path.trim_start_matches('/'))
    });
    let lead = if context.slot == Slot::Key { "- " } else { "" };
    for name in below {
        let text = format!("{lead}{}", layout::plain_or_quoted(name));
        found.push(name, CompletionKind::Reference, text);
    }
}
