//! Writing what is referred to and not there: whole objects, and keys of those that are.

use std::collections::{BTreeMap, BTreeSet};

use yaml_syntax::{Entry, Mapping, Source, TextRange, TextSize};

use super::{CodeAction, CodeActionKind};
use crate::links::{self, Found, Symbol};
use crate::object::Object;
use crate::rename::{TextEdit, WorkspaceEdit};
use crate::{Analysis, FileId, layout, manifest};

/// What can be written for the name at `offset`.
pub(super) fn at(analysis: &Analysis, file: FileId, offset: TextSize) -> Option<CodeAction> {
    let found = links::at(analysis, file, offset)?;
    let is_missing = || !links::is_defined(analysis, &found);
    match &found.symbol {
        Symbol::Object {
            kind,
            namespace,
            name,
        } if is_missing() => object(analysis, &found, kind, namespace.as_deref(), name),
        Symbol::Key {
            kind, name, key, ..
        } if is_missing() => add_key(analysis, &found, kind, name, key),
        _ => None,
    }
}

fn action(title: String, file: FileId, edit: TextEdit) -> CodeAction {
    CodeAction {
        title,
        kind: CodeActionKind::QuickFix,
        edit: WorkspaceEdit {
            files: BTreeMap::from([(file, vec![edit])]),
        },
        snippet: None,
        mends: Vec::new(),
        preferred: false,
    }
}

/// A document with the object, at the end of the file.
fn object(
    analysis: &Analysis,
    found: &Found,
    kind: &str,
    namespace: Option<&str>,
    name: &str,
) -> Option<CodeAction> {
    let body = body(analysis, found, kind, name)?;
    let source = analysis.source(found.file)?;
    let namespace = namespace.map(|namespace| format!("  namespace: {namespace}\n"));
    let insert = format!(
        "{}---\napiVersion: v1\nkind: {kind}\nmetadata:\n  name: {name}\n{}{body}",
        line_end(source),
        namespace.unwrap_or_default()
    );
    let range = TextRange::empty(source.len());
    let title = format!("Create {kind} `{name}`");
    Some(action(title, found.file, TextEdit { range, insert }))
}

/// What ends the last line of a file, where nothing does.
fn line_end(source: &Source) -> &'static str {
    let last = source.line_range(source.line_count().saturating_sub(1));
    if last.is_empty() { "" } else { "\n" }
}

/// What stands below the metadata of an object that others refer to.
fn body(analysis: &Analysis, found: &Found, kind: &str, name: &str) -> Option<String> {
    let data = match kind {
        "ConfigMap" => "data",
        "Secret" => "type: Opaque\nstringData",
        "ServiceAccount" => return Some(String::new()),
        "PersistentVolumeClaim" => {
            let spec = "accessModes:\n    - ReadWriteOnce\n  resources:\n    requests:\n      storage: 1Gi";
            return Some(format!("spec:\n  {spec}\n"));
        }
        _ => return None,
    };
    let keys = keys(analysis, found, kind, name);
    if keys.is_empty() {
        return Some(format!("{data}: {{}}\n"));
    }
    let lines = keys
        .iter()
        .map(|key| format!("  {}: \"\"\n", layout::plain_or_quoted(key)));
    Some(format!("{data}:\n{}", lines.collect::<String>()))
}

/// The keys that the set asks an object for.
fn keys(analysis: &Analysis, found: &Found, kind: &str, name: &str) -> BTreeSet<String> {
    let files = analysis.files().filter(|file| {
        let language = crate::language::of_file(analysis, *file);
        *file == found.file || language == crate::language::Language::Kubernetes
    });
    let places = files.flat_map(|file| links::of_file(analysis, file));
    let keys = places.filter_map(|place| match place.symbol {
        Symbol::Key {
            kind: k,
            name: n,
            key,
            ..
        } if k == kind && n == name => Some(key),
        _ => None,
    });
    keys.collect()
}

/// The key, behind those that the object has.
fn add_key(
    analysis: &Analysis,
    found: &Found,
    kind: &str,
    name: &str,
    key: &str,
) -> Option<CodeAction> {
    let mut objects = links::all_objects(analysis, found.file);
    let (file, at, _) =
        objects.find(|(_, _, object)| object.kind == kind && object.name == name)?;
    let document = analysis.parse(file)?.document_at(at.start())?;
    let manifests = manifest::manifests(document);
    let named = |manifest: &&manifest::Manifest<'_>| {
        let range = manifest.object.mapping().range();
        range.covers(at)
    };
    let object = manifests.iter().find(named)?.object;
    let edit = insertion(analysis.source(file)?, object, kind, key)?;
    let title = format!("Add key `{key}` to {kind} `{name}`");
    Some(action(title, file, edit))
}

fn insertion(source: &Source, object: Object<'_>, kind: &str, key: &str) -> Option<TextEdit> {
    let fields: &[&str] = if kind == "Secret" {
        &["stringData", "data"]
    } else {
        &["data"]
    };
    let pair = format!("{}: \"\"", layout::plain_or_quoted(key));
    let data = fields.iter().find_map(|field| object.object(field));
    match data.map(Object::mapping) {
        Some(data) => Some(behind(source, data, &pair)),
        None if object.mapping().is_flow() => None,
        // One without a value would get another beside it.
        None if fields.iter().any(|field| object.has(field)) => None,
        None => {
            let pair = format!("{}:\n  {pair}", fields.first()?);
            Some(behind(source, object.mapping(), &pair))
        }
    }
}

/// A pair as the last of a mapping.
fn behind(source: &Source, mapping: Mapping<'_>, pair: &str) -> TextEdit {
    let last = mapping.entries().last().map(Entry::range);
    if mapping.is_flow() {
        let one = TextSize::from(1);
        let (at, comma) = match last {
            Some(last) => (last.end(), ", "),
            None => (mapping.range().start() + one, ""),
        };
        return TextEdit {
            range: TextRange::empty(at),
            insert: format!("{comma}{pair}"),
        };
    }
    let column = source.line_col(mapping.range().start()).col as usize;
    let indent = " ".repeat(column);
    let at = last.map_or_else(|| mapping.range().end(), TextRange::end);
    TextEdit {
        range: TextRange::empty(at),
        insert: format!("\n{indent}{}", pair.replace('\n', &format!("\n{indent}"))),
    }
}
