//! What may stand at the cursor, best first.

pub(crate) mod context;
mod fitting;
mod keys;
mod kustomization;
mod nested;
mod order;
pub(crate) mod outline;
mod scan;
mod snippets;
pub(crate) mod suggestions;
mod values;

use k8s_schemas::{Gvk, Schema};
use yaml_syntax::order::sort_by_number;
use yaml_syntax::{Path, PathSegment, TextRange, TextSize};

use crate::language::{self, Language};
use crate::object::{Object, Value};
use crate::rename::TextEdit;
use crate::{Analysis, FileId, fuzzy, gitlab, kustomize, layout, markdown};
use context::{Context, Slot};

/// All that may stand at one cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completions {
    /// Best first. Clients that sort by themselves get the order by [`CompletionItem::rank`].
    pub items: Vec<CompletionItem>,
    /// Whether typing on needs to ask again: it may be listed otherwise.
    pub incomplete: bool,
}

/// One thing that may stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletionItem {
    /// What is listed.
    pub label: String,
    /// What sort of thing it is.
    pub kind: CompletionKind,
    /// A few words beside the label: type, whether it is required.
    pub detail: String,
    /// What the typed text is matched against; often the label.
    pub filter: String,
    /// Its place in the list, from 0 on.
    pub rank: u32,
    /// The text that is replaced; around the cursor, in one line.
    pub range: TextRange,
    /// What is inserted. Its later lines carry their whole indentation: insert it as it is.
    pub insert: String,
    /// Whether `insert` has tab stops (`$1`, `${2:text}`, `${3|a,b|}`, `$0`) and escapes
    /// (`\$`, `\}`, `\\`).
    pub is_snippet: bool,
    /// Further changes elsewhere in the file, such as the `apiVersion` that goes with a `kind`.
    pub additional_edits: Vec<TextEdit>,
    /// Whether it should not be used in new text.
    pub deprecated: bool,
    /// Whether the list opens again once this is accepted (a key whose values can be listed).
    pub retrigger: bool,
    /// What [`documentation`] takes; empty where there is none.
    pub documentation: String,
}

/// What sort of thing a completion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompletionKind {
    /// A field of an object.
    Field,
    /// A value of a closed list.
    EnumMember,
    /// Any other value.
    Value,
    /// A kind or API version.
    Kind,
    /// A name that another object defines.
    Reference,
    /// Several lines at once.
    Snippet,
}

/// Lists what may stand at `offset`.
pub fn completion(analysis: &Analysis, file: FileId, offset: TextSize) -> Completions {
    completions(analysis, file, offset).unwrap_or_default()
}

/// The longest short name that kubectl takes for a kind: `netpol`.
const SHORT_NAME: usize = 6;

fn completions(analysis: &Analysis, file: FileId, offset: TextSize) -> Option<Completions> {
    let all = |items| Completions {
        items,
        incomplete: false,
    };
    let parse = analysis.parse(file)?;
    match language::of_file(analysis, file) {
        Language::Kubernetes => {}
        Language::GitlabCi => return gitlab::completion::items(analysis, file, offset).map(all),
        Language::Other if kustomize::is_kustomization(analysis, file) => {}
        Language::Other | Language::Template => return None,
    }
    let layout = layout::of(parse, offset, analysis.config());
    let context = context::context(parse, offset, layout)?;
    if kustomize::is_kustomization(analysis, file) {
        return kustomization::items(analysis, file, &context).map(all);
    }
    let site = Site::new(analysis, file, &context)?;
    let mut found = Found {
        context: &context,
        items: Vec::new(),
    };
    match context.slot {
        Slot::Key => keys::complete(&site, &mut found),
        Slot::Value => values::complete(&site, &mut found),
    }
    let names_kinds = match context.slot {
        Slot::Key => site.path.is_empty(),
        Slot::Value => site.key() == Some("kind"),
    };
    Some(Completions {
        items: found.ranked(),
        // A kind answers to its short name once all of that is typed.
        incomplete: names_kinds && context.typed.len() < SHORT_NAME,
    })
}

/// The documentation of an item, as `CommonMark`; `key` is its [`CompletionItem::documentation`].
///
/// Apart from the list, because it is read for one item of a hundred.
pub fn documentation(analysis: &Analysis, key: &str) -> Option<String> {
    if let Some(key) = key.strip_prefix(gitlab::DOCUMENTATION) {
        return gitlab::hover::documentation(key);
    }
    let schemas = analysis.schemas();
    if let Some((definition, field)) = key.split_once('#') {
        let owner = schemas.definition(definition)?;
        return Some(markdown::field(owner, &owner.field(field)?));
    }
    let (api_version, kind) = key.split_once(' ')?;
    let info = schemas.kind(&Gvk::parse(api_version, kind)?)?;
    Some(markdown::kind(info))
}

/// The cursor, and what is known about its place.
struct Site<'a> {
    analysis: &'a Analysis,
    file: FileId,
    context: &'a Context,
    /// The steps to the mapping or the value, from the root of the document.
    path: Path,
    /// The object that it is in.
    root: Option<Root<'a>>,
    /// What the mapping or the value must be.
    schema: Option<Schema<'a>>,
}

/// A Kubernetes object around the cursor.
struct Root<'a> {
    object: Object<'a>,
    /// How many steps lead to it.
    depth: usize,
    api_version: String,
    kind: String,
}

impl<'a> Site<'a> {
    fn new(analysis: &'a Analysis, file: FileId, context: &'a Context) -> Option<Self> {
        let path = context.path()?;
        let root = root(context, &path);
        let schema = root.as_ref().and_then(|root| {
            let gvk = Gvk::parse(&root.api_version, &root.kind)?;
            let kind = analysis.schemas_of(file).kind(&gvk)?;
            follow(kind.schema(), path.get(root.depth..)?)
        });
        Some(Self {
            analysis,
            file,
            context,
            path,
            root,
            schema,
        })
    }

    /// Whether the place is the object itself.
    fn is_root(&self) -> bool {
        self.root.as_ref().map_or_else(
            || self.path.is_empty(),
            |root| root.depth == self.path.len(),
        )
    }

    /// The name of the innermost key on the way.
    fn key(&self) -> Option<&str> {
        self.path.iter().rev().find_map(|segment| match segment {
            PathSegment::Key(key) => Some(key.as_str()),
            PathSegment::Index(_) => None,
        })
    }

    /// What the mapping around the value must be.
    fn owner(&self) -> Option<Schema<'a>> {
        let root = self.root.as_ref()?;
        let gvk = Gvk::parse(&root.api_version, &root.kind)?;
        let kind = self.analysis.schemas_of(self.file).kind(&gvk)?;
        let way = self.path.get(root.depth..)?;
        let last_key = way
            .iter()
            .rposition(|segment| matches!(segment, PathSegment::Key(_)))?;
        follow(kind.schema(), way.get(..last_key)?)
    }
}

/// Steps from a schema along a path.
pub(crate) fn follow<'a>(schema: Schema<'a>, path: &[PathSegment]) -> Option<Schema<'a>> {
    path.iter()
        .try_fold(schema, |schema, segment| match segment {
            PathSegment::Key(key) => schema
                .field(key)
                .map(|field| field.schema)
                .or_else(|| schema.values()),
            PathSegment::Index(_) => schema.items(),
        })
}

/// The object around `path`: the document, or an item of a list.
fn root<'c>(context: &'c Context, path: &[PathSegment]) -> Option<Root<'c>> {
    let outer = context.object(&[])?;
    let text = |object: Object<'_>, key| object.get(key).and_then(Value::raw_text);
    let kind = text(outer, "kind");
    let is_list = kind.as_ref().is_some_and(|kind| kind.ends_with("List"));
    // A list that kubectl printed has its `kind` behind the items, where it may not be typed yet.
    let may_be_list = is_list || kind.is_none();
    let (object, depth) = match path {
        [PathSegment::Key(key), PathSegment::Index(_), ..] if may_be_list && key == "items" => {
            (context.object(path.get(..2)?)?, 2)
        }
        _ => (outer, 0),
    };
    let api_version = text(object, "apiVersion");
    let kind = text(object, "kind");
    let is_object = depth > 0 || (!is_list && (api_version.is_some() || kind.is_some()));
    is_object.then(|| Root {
        object,
        depth,
        api_version: api_version.unwrap_or_default(),
        kind: kind.unwrap_or_default(),
    })
}

/// What was found, before it is ranked.
pub(crate) struct Found<'a> {
    pub(crate) context: &'a Context,
    pub(crate) items: Vec<CompletionItem>,
}

impl Found<'_> {
    /// Adds an item that is inserted as it is.
    pub(crate) fn push(
        &mut self,
        label: &str,
        kind: CompletionKind,
        mut insert: String,
    ) -> &mut CompletionItem {
        let context = self.context;
        insert.insert_str(0, &context.lead);
        insert.push_str(context.tail);
        self.items.push(CompletionItem {
            label: label.to_owned(),
            kind,
            detail: String::new(),
            filter: label.to_owned(),
            rank: u32::try_from(self.items.len()).unwrap_or(u32::MAX),
            range: context.token,
            insert,
            is_snippet: false,
            additional_edits: context.indent.iter().cloned().collect(),
            deprecated: false,
            retrigger: false,
            documentation: String::new(),
        });
        self.items.last_mut().expect("one was pushed just now")
    }

    /// Those that fit what is typed: the best fit first, else in the order found.
    pub(crate) fn ranked(self) -> Vec<CompletionItem> {
        let typed = &self.context.typed;
        let scored = self.items.into_iter().filter_map(|item| {
            let score = fuzzy::score(typed, &item.filter)?;
            Some((item.deprecated, score, item))
        });
        let mut scored: Vec<_> = scored.collect();
        sort_by_number(&mut scored, |(deprecated, score, _)| {
            u64::from(*deprecated) << 32 | fuzzy::best_first(*score)
        });
        let ranks = 0..;
        scored
            .into_iter()
            .zip(ranks)
            .map(|((_, _, item), rank)| CompletionItem {
                // Clients compare with all of what is replaced.
                filter: match self.context.quote {
                    Some(quote) => format!("{quote}{}", item.filter),
                    None => item.filter,
                },
                rank,
                ..item
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
