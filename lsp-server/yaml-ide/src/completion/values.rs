//! Values: enums, booleans, kinds and their versions, names that the set defines.

use k8s_schemas::{Field, Gvk, Schema, Type};

use super::context::{MARKER, Style};
use super::{CompletionKind, Found, Site, nested, snippets, suggestions};
use crate::object::{Object, Value};
use crate::rename::TextEdit;
use crate::{enums, layout, links, skeleton};
use yaml_syntax::order::sort_by_number;
use yaml_syntax::{PathSegment, TextRange};

/// How many names a new field gives to choose from.
const MAX_CHOICES: usize = 8;

pub(super) fn complete(site: &Site<'_>, found: &mut Found<'_>) {
    let at_root = site.root.as_ref().map_or(site.path.len() == 1, |root| {
        site.path.len() == root.depth + 1
    });
    match site.key() {
        Some("kind") if at_root => kinds(site, found),
        Some("apiVersion") if at_root => api_versions(site, found),
        _ => schema_values(site, found),
    }
}

/// Whether something can be listed for a field.
pub(super) fn has_values(owner: Schema<'_>, field: Field<'_>) -> bool {
    matches!(field.name, "apiVersion" | "kind")
        || field.schema.ty() == Type::Boolean
        || !field.schema.enum_values().is_empty()
        || !suggestions::of(skeleton::short_name(owner), field.name).is_empty()
        || links::is_reference(skeleton::short_name(owner), field.name)
}

/// All kinds. Choosing one writes the `apiVersion` that goes with it.
fn kinds(site: &Site<'_>, found: &mut Found<'_>) {
    let written = site
        .root
        .as_ref()
        .map(|root| root.api_version.as_str())
        .unwrap_or_default();
    let mut kinds: Vec<Gvk> = site
        .analysis
        .schemas_of(site.file)
        .kinds()
        .map(k8s_schemas::KindInfo::gvk)
        .collect();
    sort_by_number(&mut kinds, |gvk| {
        let version = gvk.version.as_str();
        let early = version.contains("alpha") || version.contains("beta");
        let other = gvk.api_version() != written;
        u64::from(other) << 33 | u64::from(early) << 32 | popularity(&gvk.kind) as u64
    });
    let mut seen = std::collections::HashSet::new();
    for gvk in kinds {
        // The best version of a kind comes first; another group's is told apart by its version.
        let again = !seen.insert((gvk.group.clone(), gvk.kind.clone()));
        if again {
            continue;
        }
        let api_version = gvk.api_version();
        let text = scalar(site, &gvk.kind);
        let item = found.push(&gvk.kind, CompletionKind::Kind, text);
        item.detail.clone_from(&api_version);
        item.documentation = format!("{api_version} {}", gvk.kind);
        item.filter = filter_of(site, &gvk, &gvk.kind);
        if api_version != written {
            item.additional_edits
                .extend(set_api_version(site, &api_version));
        }
    }
    let list = found.push("List", CompletionKind::Kind, scalar(site, "List"));
    "v1".clone_into(&mut list.detail);
}

/// What is compared with the typed text: the short name that kubectl takes for a kind, such as
/// `svc`, where just that is typed, else `label`.
pub(super) fn filter_of(site: &Site<'_>, gvk: &Gvk, label: &str) -> String {
    let info = site.analysis.schemas_of(site.file).kind(gvk);
    let short = info.map(k8s_schemas::KindInfo::short_names);
    let typed = &site.context.typed;
    let is_short = short.is_some_and(|short| short.contains(typed));
    if is_short { typed } else { label }.to_owned()
}

/// Where a kind stands among those that people write.
fn popularity(kind: &str) -> usize {
    const POPULAR: &[&str] = &[
        "Deployment",
        "Service",
        "ConfigMap",
        "Secret",
        "Ingress",
        "StatefulSet",
        "DaemonSet",
        "Job",
        "CronJob",
        "Pod",
        "PersistentVolumeClaim",
        "ServiceAccount",
        "Namespace",
        "HorizontalPodAutoscaler",
        "Role",
        "RoleBinding",
        "ClusterRole",
        "ClusterRoleBinding",
        "NetworkPolicy",
        "PodDisruptionBudget",
    ];
    let place = POPULAR.iter().position(|popular| *popular == kind);
    place.unwrap_or(POPULAR.len())
}

/// The change that gives the object this `apiVersion`.
fn set_api_version(site: &Site<'_>, api_version: &str) -> Option<TextEdit> {
    // The copy with the marker is the text as it is, up to the cursor and in its line.
    let parse = site.analysis.parse(site.file)?;
    let document = parse.document_at(site.context.token.start())?;
    let depth = site.root.as_ref().map_or(0, |root| root.depth);
    let object = crate::object::value_at(document, site.path.get(..depth)?)?.object()?;
    if let Some(entry) = object.entry("apiVersion") {
        let value = entry.value().map(yaml_syntax::Node::range);
        let (range, insert) = if let Some(range) = value {
            (range, in_style(site, api_version))
        } else {
            let end = TextRange::empty(entry.colon()?.end());
            (end, format!(" {}", in_style(site, api_version)))
        };
        return Some(TextEdit { range, insert });
    }
    let kind = object.entry("kind")?;
    let start = kind.key()?.range().start();
    if site.context.style != Style::Block {
        let (key, value) = (in_style(site, "apiVersion"), in_style(site, api_version));
        return Some(TextEdit {
            range: TextRange::empty(start),
            insert: format!("{key}: {value}, "),
        });
    }
    let column = parse.source().line_col(start).col as usize;
    let indent = " ".repeat(column);
    Some(TextEdit {
        range: TextRange::empty(start),
        insert: format!("apiVersion: {api_version}\n{indent}"),
    })
}

/// A word as it is written here, in quotes where all are.
fn in_style(site: &Site<'_>, word: &str) -> String {
    match site.context.style {
        Style::Json => format!("\"{word}\""),
        Style::Block | Style::Flow => word.to_owned(),
    }
}

fn api_versions(site: &Site<'_>, found: &mut Found<'_>) {
    let kind = site
        .root
        .as_ref()
        .map(|root| root.kind.as_str())
        .unwrap_or_default();
    let kinds = site.analysis.schemas_of(site.file).kinds();
    let mut versions: Vec<(bool, bool, usize, String)> = kinds
        .map(|info| {
            let version = info.gvk().api_version();
            let early = version.contains("alpha") || version.contains("beta");
            (info.kind() != kind, early, popularity(info.kind()), version)
        })
        .collect();
    versions.sort();
    let mut seen = std::collections::HashSet::new();
    for (other, _, _, version) in versions {
        if !seen.insert(version.clone()) || (other && !kind.is_empty() && !found.items.is_empty()) {
            continue;
        }
        let item = found.push(&version, CompletionKind::Kind, scalar(site, &version));
        item.detail = if other {
            String::new()
        } else {
            format!("serves {kind}")
        };
    }
}

fn schema_values(site: &Site<'_>, found: &mut Found<'_>) {
    let present = present_items(site);
    for reference in references(site) {
        if present.contains(&reference.name) {
            continue;
        }
        let text = written(site, site.schema, &reference.name);
        let item = found.push(&reference.name, CompletionKind::Reference, text);
        item.detail = reference.detail;
    }
    let Some(schema) = site.schema else {
        return;
    };
    if matches!(schema.ty(), Type::List | Type::Object | Type::Map) {
        nested::complete(site, schema, found);
        return;
    }
    let default = schema.default().map(plain);
    let owner = site.owner().map(skeleton::short_name).unwrap_or_default();
    let key = site.key().unwrap_or_default();
    for (value, text) in known(site, schema) {
        let again = found.items.iter().any(|item| item.label == value);
        if again || present.contains(&value) {
            continue;
        }
        let is_default = default.as_deref() == Some(value.as_str());
        let meaning = enums::meaning(owner, key, &value);
        let label = if value.is_empty() { "\"\"" } else { &value };
        let item = found.push(label, CompletionKind::EnumMember, text);
        item.detail = match (is_default, meaning) {
            (true, Some(meaning)) => format!("default: {meaning}"),
            (true, None) => "default".to_owned(),
            (false, meaning) => meaning.unwrap_or_default().to_owned(),
        };
    }
    if let Some(default) = default.filter(|_| found.items.is_empty()) {
        let item = found.push(&default, CompletionKind::Value, default.clone());
        "default".clone_into(&mut item.detail);
    }
}

fn references(site: &Site<'_>) -> Vec<links::Candidate> {
    let owner = site.owner();
    let definition = owner.map(skeleton::short_name).unwrap_or_default();
    let (Some(key), Some(root)) = (site.key(), &site.root) else {
        return Vec::new();
    };
    // Of an item of a list of texts, the list's field is meant.
    let last_key = site.path.iter().rposition(is_key);
    let parent = last_key.and_then(|at| site.path.get(..at));
    let parent = parent.unwrap_or_default();
    let holder = match parent {
        [way @ .., PathSegment::Key(_), PathSegment::Index(_)] => site.context.object(way),
        _ => None,
    };
    let around = links::Around {
        object: site.context.object(parent),
        holder,
        root: root.object,
    };
    let mut found = links::candidates(site.analysis, site.file, definition, key, around);
    found.retain(|candidate| !candidate.name.contains(MARKER));
    found
}

/// The names of the set that a new field can have, as far as its own object tells.
pub(super) fn names_of_set(site: &Site<'_>, definition: &str, field: &str) -> Vec<String> {
    let Some(root) = &site.root else {
        return Vec::new();
    };
    if (definition, field) == ("CrossVersionObjectReference", "name") {
        return snippets::workload(site).into_iter().collect();
    }
    let around = links::Around {
        object: None,
        holder: None,
        root: root.object,
    };
    let found = links::candidates(site.analysis, site.file, definition, field, around);
    let names = found.into_iter().map(|candidate| candidate.name);
    let names = names.filter(|name| !name.contains(MARKER));
    names.take(MAX_CHOICES).collect()
}

fn is_key(segment: &PathSegment) -> bool {
    matches!(segment, PathSegment::Key(_))
}

/// The values that can be listed for a scalar, each with how it is written.
pub(super) fn known(site: &Site<'_>, schema: Schema<'_>) -> Vec<(String, String)> {
    let comma = if site.context.needs_comma { "," } else { "" };
    if schema.ty() == Type::Boolean {
        let words = ["true", "false"].into_iter();
        return words
            .map(|word| (word.to_owned(), format!("{word}{comma}")))
            .collect();
    }
    let values = enums::best_first(schema).into_iter();
    let mut words: Vec<String> = values.map(plain).collect();
    let owner = site.owner().map(skeleton::short_name).unwrap_or_default();
    let key = site.key().unwrap_or_default();
    if words.is_empty() {
        words = suggestions::of(owner, key)
            .iter()
            .map(|text| (*text).to_owned())
            .collect();
    }
    let rules = [
        "PolicyRule",
        "RuleWithOperations",
        "NamedRuleWithOperations",
    ];
    if key == "resources" && rules.contains(&owner) {
        words = resources(site).unwrap_or(words);
    }
    if (owner, key) == ("PodSpec", "restartPolicy") {
        let kind = site.root.as_ref().map(|root| root.kind.as_str());
        words.retain(|word| restarts(kind.unwrap_or_default(), word));
    }
    let written = words.into_iter().map(|word| {
        let text = written(site, Some(schema), &word);
        (word, text)
    });
    written.collect()
}

/// Whether the Pods of a kind may have this `restartPolicy`.
fn restarts(kind: &str, policy: &str) -> bool {
    match kind {
        "Job" | "CronJob" => policy != "Always",
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "ReplicationController" => {
            policy == "Always"
        }
        _ => true,
    }
}

/// The resources of the API groups that a rule of a role names; none where it names no known one.
fn resources(site: &Site<'_>) -> Option<Vec<String>> {
    let list = site.path.iter().rposition(is_key)?;
    let rule = site.context.object(site.path.get(..list)?)?;
    let groups: Vec<String> = rule
        .items("apiGroups")
        .into_iter()
        .filter_map(Value::text)
        .collect();
    let kinds = site.analysis.schemas_of(site.file).kinds();
    let of_groups = kinds.filter(|kind| groups.iter().any(|group| group == kind.group()));
    let mut found: Vec<(usize, &str)> = of_groups
        .map(|kind| (popularity(kind.kind()), kind.plural()))
        .collect();
    found.sort_unstable();
    found.dedup();
    let mut words: Vec<String> = Vec::new();
    for (_, plural) in found {
        words.push(plural.to_owned());
        let parts = suggestions::subresources(plural).iter();
        words.extend(parts.map(|part| format!("{plural}/{part}")));
    }
    (!words.is_empty()).then_some(words)
}

/// The items of the list around the cursor that are written already.
fn present_items(site: &Site<'_>) -> Vec<String> {
    let Some((PathSegment::Index(own), list)) = site.path.split_last() else {
        return Vec::new();
    };
    let list = site
        .context
        .document()
        .and_then(|document| crate::object::value_at(document, list));
    let items = list.map(Value::items).unwrap_or_default().into_iter();
    items
        .enumerate()
        .filter(|(number, _)| number != own)
        .filter_map(|(_, item)| item.raw_text())
        .collect()
}

/// A word as it must be written here for what the schema wants.
fn written(site: &Site<'_>, schema: Option<Schema<'_>>, word: &str) -> String {
    match schema.map(Schema::ty) {
        None | Some(Type::String | Type::Any) => scalar(site, word),
        Some(_) => number(site, word),
    }
}

/// A value that may be a number: it needs no quotes to stay what it is.
fn number(site: &Site<'_>, word: &str) -> String {
    if word.parse::<f64>().is_ok() {
        let comma = if site.context.needs_comma { "," } else { "" };
        return format!("{word}{comma}");
    }
    scalar(site, word)
}

/// Keys that people give to maps.
pub(super) fn map_keys(site: &Site<'_>, object: Object<'_>, found: &mut Found<'_>) {
    let name = site.key().unwrap_or_default();
    let of_namespaces = site
        .path
        .iter()
        .any(|step| matches!(step, PathSegment::Key(key) if key == "namespaceSelector"));
    let mut keys: Vec<(String, String)> = Vec::new();
    if matches!(name, "matchLabels" | "selector") && !of_namespaces {
        keys.extend(links::labels(site.analysis, site.file));
    }
    let root = site.root.as_ref();
    let kind = root.map(|root| root.kind.as_str()).unwrap_or_default();
    let usual = match (kind, name) {
        _ if of_namespaces => &["kubernetes.io/metadata.name"],
        ("Secret", "data" | "stringData") => {
            let ty = root.and_then(|root| root.object.text("type"));
            suggestions::secret_keys(ty.as_deref().unwrap_or_default())
        }
        ("Namespace", "labels") => suggestions::NAMESPACE_LABELS,
        _ => suggestions::map_keys(name),
    };
    keys.extend(usual.iter().map(|key| ((*key).to_owned(), String::new())));
    for (key, value) in keys {
        if object.has(&key) || found.items.iter().any(|item| item.label == key) {
            continue;
        }
        let text = match site.context.style {
            Style::Json => format!("\"{key}\""),
            Style::Block | Style::Flow => layout::plain_or_quoted(&key),
        };
        let text = if site.context.has_colon {
            text
        } else {
            match site.context.style {
                Style::Json if !value.is_empty() => format!("{text}: \"{value}\""),
                _ => format!("{text}: {value}"),
            }
        };
        let item = found.push(&key, CompletionKind::Field, text);
        item.detail = value;
        item.retrigger = true;
    }
}

/// A text as it must be written here to stay one.
fn scalar(site: &Site<'_>, text: &str) -> String {
    let comma = if site.context.needs_comma { "," } else { "" };
    match site.context.style {
        Style::Json => format!("\"{text}\"{comma}"),
        Style::Block | Style::Flow => match site.context.quote {
            // None of the words has a quote or a backslash in it.
            Some(quote) => format!("{quote}{text}{quote}{comma}"),
            None => format!("{}{comma}", layout::plain_or_quoted(text)),
        },
    }
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
