//! Several lines at once: whole objects, and the parts that people write again and again.

mod idioms;
mod objects;
mod platform;

use k8s_schemas::{KindInfo, Schema, Scope};

use super::context::{Context, Style};
use super::{CompletionKind, Found, Site};
use crate::links;
use crate::object::Object;
use crate::skeleton::{self, Writer};
use objects::ObjectSnippet;

/// The objects that are written by hand, the commonest first.
fn known() -> impl Iterator<Item = &'static ObjectSnippet> {
    objects::OBJECTS.iter().chain(platform::OBJECTS)
}

/// Whole objects: the known ones, then all other kinds with their required fields.
pub(super) fn objects(site: &Site<'_>, found: &mut Found<'_>) {
    if site.context.style != Style::Block || site.context.has_colon {
        return;
    }
    let names = Names::new(site);
    let schemas = site.analysis.schemas();
    for snippet in known() {
        let label = match snippet.variant {
            "" => snippet.kind.to_owned(),
            variant => format!("{} ({variant})", snippet.kind),
        };
        let text = indented(&names.fill(snippet.text), site.context.column);
        let item = found.push(&label, CompletionKind::Snippet, text);
        item.is_snippet = true;
        let mut lines = snippet.text.lines();
        let api_version = lines
            .next()
            .and_then(|line| line.strip_prefix("apiVersion: "));
        let api_version = api_version.unwrap_or_default();
        item.detail = format!("{api_version}, a whole object");
        item.documentation = format!("{api_version} {}", snippet.kind);
    }
    let others = schemas.kinds().filter(|kind| {
        let curated = known().any(|snippet| snippet.kind == kind.kind());
        !curated && kind.scope() != Scope::Subresource
    });
    for kind in others {
        self::kind(site, kind, found);
    }
}

fn kind(site: &Site<'_>, kind: KindInfo<'_>, found: &mut Found<'_>) {
    let api_version = kind.gvk().api_version();
    let mut writer = Writer::snippet(site.context.layout, 2);
    for field in skeleton::expected(kind.schema()) {
        if !matches!(field.name, "apiVersion" | "kind" | "metadata") {
            writer.separate(field.name, field.schema);
        }
    }
    let rest = writer.finish();
    let text = format!(
        "apiVersion: {api_version}\nkind: {}\nmetadata:\n  name: ${{1:name}}{rest}\n$0",
        kind.kind()
    );
    let item = found.push(
        kind.kind(),
        CompletionKind::Snippet,
        indented(&text, site.context.column),
    );
    item.is_snippet = true;
    item.detail = format!("{api_version}, a whole object");
    item.documentation = format!("{api_version} {}", kind.kind());
    item.deprecated = k8s_schemas::release::deprecation(&kind.gvk()).is_some();
}

/// Parts of the object whose fields are completed.
pub(super) fn idioms(
    site: &Site<'_>,
    schema: Schema<'_>,
    object: Object<'_>,
    found: &mut Found<'_>,
) {
    if site.context.style != Style::Block || site.context.has_colon {
        return;
    }
    let definition = skeleton::short_name(schema);
    let names = Names::new(site);
    let fitting = idioms::IDIOMS.iter().filter(|idiom| {
        idiom.definition == definition && !idiom.key.is_empty() && !object.has(idiom.key)
    });
    for idiom in fitting {
        let text = indented(&names.fill(idiom.text), site.context.column);
        let item = found.push(idiom.label, CompletionKind::Snippet, text);
        item.is_snippet = true;
        item.filter = format!("{} {}", idiom.key, idiom.label);
        idiom.key.clone_into(&mut item.detail);
    }
    if Context::is_alone(object) {
        item_idioms(site, schema, found, "", site.context.column);
    }
}

/// Whole items of a list.
pub(super) fn item_idioms(
    site: &Site<'_>,
    items: Schema<'_>,
    found: &mut Found<'_>,
    lead: &str,
    column: usize,
) {
    let definition = skeleton::short_name(items);
    let names = Names::new(site);
    let fitting = idioms::IDIOMS
        .iter()
        .filter(|idiom| idiom.definition == definition && idiom.key.is_empty());
    for idiom in fitting {
        let text = format!("{lead}{}", indented(&names.fill(idiom.text), column));
        let item = found.push(idiom.label, CompletionKind::Snippet, text);
        item.is_snippet = true;
        "a whole item".clone_into(&mut item.detail);
    }
}

/// Later lines at `column`.
fn indented(text: &str, column: usize) -> String {
    text.replace('\n', &format!("\n{}", " ".repeat(column)))
}

/// Names that the set has already, for the places where a snippet refers to one.
struct Names {
    app: String,
    workload: String,
    service: String,
    config_map: String,
    secret: String,
    port: String,
}

impl Names {
    fn new(site: &Site<'_>) -> Self {
        let first = |kinds: &[&str]| links::first_name(site.analysis, site.file, kinds);
        let workload = first(&["Deployment", "StatefulSet", "DaemonSet"]);
        let (kind, app) = workload.unwrap_or_else(|| ("Deployment".to_owned(), "web".to_owned()));
        let name = |kind: &str, other: &str| {
            first(&[kind]).map_or_else(|| other.to_owned(), |(_, name)| name)
        };
        Self {
            service: name("Service", &app),
            config_map: name("ConfigMap", &app),
            secret: name("Secret", &app),
            port: links::first_port(site.analysis, site.file).unwrap_or_else(|| "8080".to_owned()),
            app,
            workload: kind,
        }
    }

    fn fill(&self, text: &str) -> String {
        text.replace("%app%", &self.app)
            .replace("%workload%", &self.workload)
            .replace("%service%", &self.service)
            .replace("%configmap%", &self.config_map)
            .replace("%secret%", &self.secret)
            .replace("%port%", &self.port)
    }
}

#[cfg(test)]
mod tests;
