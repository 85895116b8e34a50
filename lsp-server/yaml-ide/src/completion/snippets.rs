//! Several lines at once: whole objects, and the parts that people write again and again.

mod idioms;
mod objects;
mod platform;

use k8s_schemas::{Gvk, KindInfo, Schema, Schemas, Scope, release};
use yaml_syntax::PathSegment;

use super::context::{Context, Style};
use super::{CompletionKind, Found, Site, fitting, values};
use crate::object::{Object, Value};
use crate::skeleton::{self, Writer};
use crate::{layout, links};
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
    let from = found.items.len();
    all_objects(site, found);
    if site.root.as_ref().is_some_and(|root| is_begun(root.object)) {
        for item in found.items.iter_mut().skip(from) {
            item.insert.insert_str(0, "---\n");
        }
    }
}

/// Whether an object says what it is: another one needs a document of its own.
fn is_begun(object: Object<'_>) -> bool {
    object.says("apiVersion") && object.says("kind")
}

fn all_objects(site: &Site<'_>, found: &mut Found<'_>) {
    let names = Names::new(site, None);
    let schemas = site.analysis.schemas_of(site.file);
    // Before the schemas are loaded nothing is known of any kind.
    let none_known = schemas.kinds().next().is_none();
    for snippet in known().filter(|snippet| none_known || is_served(schemas, snippet)) {
        let label = match snippet.variant {
            "" => snippet.kind.to_owned(),
            variant => format!("{} ({variant})", snippet.kind),
        };
        let text = indented(&names.fill(snippet.text), site.context.column);
        let item = found.push(&label, CompletionKind::Snippet, text);
        item.is_snippet = true;
        let api_version = snippet.api_version();
        item.detail = format!("{api_version}, a whole object");
        item.documentation = format!("{api_version} {}", snippet.kind);
        if let Some(gvk) = Gvk::parse(api_version, snippet.kind) {
            item.filter = values::filter_of(site, &gvk, &label);
        }
    }
    let others = schemas.kinds().filter(|kind| {
        let curated = known().any(|snippet| snippet.kind == kind.kind());
        let deprecation = release::deprecation(&kind.gvk());
        let is_old = deprecation.is_some_and(|it| it.is_deprecated_in(schemas.kube_release()));
        !curated && !is_old && kind.scope() != Scope::Subresource
    });
    for kind in others {
        self::kind(site, kind, found);
    }
}

/// Whether the release has the kind in the version that is written.
fn is_served(schemas: Schemas<'_>, snippet: &ObjectSnippet) -> bool {
    let gvk = Gvk::parse(snippet.api_version(), snippet.kind);
    gvk.is_some_and(|gvk| schemas.kind(&gvk).is_some())
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
    item.filter = values::filter_of(site, &kind.gvk(), kind.kind());
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
    let names = Names::new(site, Some(object));
    let fitting = idioms::IDIOMS.iter().filter(|idiom| {
        idiom.definition == definition
            && !idiom.key.is_empty()
            && !object.has(idiom.key)
            && fitting::fits(site, definition, object, idiom.key)
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
    let names = Names::new(site, None);
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

/// The workload that a person most likely means here.
pub(super) fn workload(site: &Site<'_>) -> Option<String> {
    let at = site.context.token.start();
    let found = links::nearest(site.analysis, site.file, at, &["Deployment"]);
    found.map(|object| object.name.clone())
}

/// The label of the pods that an object most likely is about: its own, or those of the workload
/// that is nearest.
pub(super) fn pod_label(site: &Site<'_>) -> Option<(String, String)> {
    let is_plain = |text: &str| !text.is_empty() && !text.contains(['$', '{', '}', '\\', '|']);
    let (key, value) = written_label(site)?;
    let fits = is_plain(&key) && is_plain(&value);
    fits.then(|| {
        (
            layout::plain_or_quoted(&key),
            layout::plain_or_quoted(&value),
        )
    })
}

fn written_label(site: &Site<'_>) -> Option<(String, String)> {
    let root = site.root.as_ref()?;
    let own = root.object.at(&["spec", "template", "metadata", "labels"]);
    let own = own.and_then(Value::object);
    if let Some(label) = own.and_then(|labels| {
        let (key, _, value) = labels.pairs().next()?;
        Some((key, value?.raw_text()?))
    }) {
        return Some(label);
    }
    match root.kind.as_str() {
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" | "CronJob" => {
            let name = root.object.text_at(&["metadata", "name"])?;
            return Some(("app".to_owned(), name));
        }
        "PodDisruptionBudget" | "NetworkPolicy" | "Service" => {}
        _ => return None,
    }
    let at = site.context.token.start();
    let kinds = ["Deployment", "StatefulSet", "DaemonSet"];
    let workload = links::nearest(site.analysis, site.file, at, &kinds)?;
    let (key, value) = workload.pod_labels.as_ref()?.first_key_value()?;
    Some((key.clone(), value.clone()))
}

/// Later lines at `column`.
fn indented(text: &str, column: usize) -> String {
    text.replace('\n', &format!("\n{}", " ".repeat(column)))
}

/// Names that the set has already, for the places where a snippet refers to one.
struct Names {
    app: String,
    workload: String,
    /// A label of the pods of the workload.
    label: (String, String),
    service: String,
    config_map: String,
    config_key: String,
    secret: String,
    secret_key: String,
    port: String,
    volume: String,
}

impl Names {
    /// Looks around `site`; `object` is the one whose fields are completed.
    fn new(site: &Site<'_>, object: Option<Object<'_>>) -> Self {
        let at = site.context.token.start();
        let near = |kinds: &[&str]| links::nearest(site.analysis, site.file, at, kinds);
        let workload = near(&["Deployment", "StatefulSet", "DaemonSet"]);
        let app = workload.map_or("web", |object| &object.name);
        let labels = workload.and_then(|object| object.pod_labels.as_ref());
        let label = labels.and_then(|labels| labels.first_key_value());
        let name = |kind: &str| near(&[kind]).map_or(app, |object| &object.name).to_owned();
        let key = |kind: &str, name: &str, other: &str| {
            links::first_key(site.analysis, site.file, kind, name)
                .unwrap_or_else(|| other.to_owned())
        };
        let (config_map, secret) = (name("ConfigMap"), name("Secret"));
        Self {
            label: label.map_or_else(
                || ("app".to_owned(), app.to_owned()),
                |(key, value)| (key.clone(), value.clone()),
            ),
            workload: workload
                .map_or("Deployment", |object| &object.kind)
                .to_owned(),
            service: name("Service"),
            config_key: key("ConfigMap", &config_map, "mode"),
            secret_key: key("Secret", &secret, "password"),
            config_map,
            secret,
            port: object
                .and_then(own_port)
                .or_else(|| links::first_port(site.analysis, site.file))
                .unwrap_or_else(|| "8080".to_owned()),
            volume: first_volume(site).unwrap_or_else(|| "data".to_owned()),
            app: app.to_owned(),
        }
    }

    fn fill(&self, text: &str) -> String {
        let (key, value) = &self.label;
        let mut text = text.to_owned();
        for stop in 1..=9 {
            let plain = format!("app: ${{{stop}:%app%}}");
            text = text.replace(&plain, &format!("{key}: ${{{stop}:{value}}}"));
        }
        text.replace("%app%", &self.app)
            .replace("%workload%", &self.workload)
            .replace("%service%", &self.service)
            .replace("%configmap%", &self.config_map)
            .replace("%configkey%", &self.config_key)
            .replace("%secret%", &self.secret)
            .replace("%secretkey%", &self.secret_key)
            .replace("%port%", &self.port)
            .replace("%volume%", &self.volume)
    }
}

/// The first port of a container, by its name if it has one.
fn own_port(container: Object<'_>) -> Option<String> {
    let port = container.objects("ports").into_iter().next()?;
    let number = || {
        port.integer("containerPort")
            .map(|number| number.to_string())
    };
    port.text("name").or_else(number)
}

/// The first volume of the pod around the cursor.
fn first_volume(site: &Site<'_>) -> Option<String> {
    let is_pod = |segment: &PathSegment| {
        let lists = ["containers", "initContainers", "ephemeralContainers"];
        matches!(segment, PathSegment::Key(key) if lists.contains(&key.as_str()))
    };
    let list = site.path.iter().position(is_pod)?;
    let pod = site.context.object(site.path.get(..list)?)?;
    pod.objects("volumes").into_iter().next()?.text("name")
}

#[cfg(test)]
mod tests;
