//! What an object says it is: `apiVersion` and `kind`.

use k8s_schemas::{Deprecation, Gvk, KubeRelease, release};
use yaml_syntax::order::sort_by_number;
use yaml_syntax::{Entry, TextRange};

use super::at::At;
use super::report::{Report, key_range};
use super::{Diagnostic, Tag, schema};
use crate::manifest::Manifest;
use crate::object::Value;
use crate::rename::TextEdit;
use crate::{fuzzy, migrate};

/// The page that lists what was removed when.
const GUIDE: &str = "https://kubernetes.io/docs/reference/using-api/deprecation-guide/";

/// Judges an object: by its kind, then by all that its schema and its rules say.
pub(super) fn check(report: &mut Report<'_>, manifest: &Manifest<'_>) {
    if missing(report, manifest) || not_text(report, manifest) {
        return;
    }
    let Some(gvk) = Gvk::parse(&manifest.api_version, &manifest.kind) else {
        malformed(report, manifest);
        return;
    };
    if let Some(deprecation) = release::deprecation(&gvk) {
        deprecated(report, manifest, &gvk, deprecation);
    }
    match report.schemas().kind(&gvk) {
        Some(kind) => {
            let at = At::Kind(&manifest.kind);
            schema::object(report, manifest.object, kind.schema(), &at);
            super::rules::manifest(report, manifest, kind);
            super::immutable::check(report, manifest, kind);
        }
        None => unknown(report, manifest, &gvk),
    }
}

/// Judges the object around a list of objects, which has a schema of its own only where it says so.
pub(super) fn list(report: &mut Report<'_>, list: &Manifest<'_>) {
    let _ = missing(report, list) || not_text(report, list);
}

/// Whether one of the two is read as something else than a text, which is reported.
fn not_text(report: &mut Report<'_>, manifest: &Manifest<'_>) -> bool {
    for field in ["apiVersion", "kind"] {
        let value = manifest.object.get(field);
        let Some(value) = value.filter(|value| value.text().is_none()) else {
            continue;
        };
        if manifest.is_list() || looks_like_an_object(report, manifest) {
            schema::text(report, value, &At::Kind(field));
        }
        return true;
    }
    false
}

/// Whether one of the two is not there, which is reported.
fn missing(report: &mut Report<'_>, manifest: &Manifest<'_>) -> bool {
    let (there, absent) = match (manifest.api_version.as_str(), manifest.kind.as_str()) {
        (_, "") => ("apiVersion", "kind"),
        ("", _) => ("kind", "apiVersion"),
        _ => return false,
    };
    if report.is_broken(manifest.object.mapping().range())
        || !looks_like_an_object(report, manifest)
    {
        return true;
    }
    if let Some(value) = manifest.object.get(absent) {
        let message = format!("`{absent}` needs a value");
        report.error(value.range(), "missing-field", message);
        return true;
    }
    if let Some(entry) = manifest.object.entry(absent) {
        without_value(report, manifest, entry, absent);
        return true;
    }
    if misspelt(report, manifest, absent) {
        return true;
    }
    let range = manifest.object.key_range(there);
    let candidates = versions_of(report, &manifest.kind);
    let mapping = manifest.object.mapping();
    let (start, separator) = if mapping.is_flow() {
        let inside = mapping.range().start() + yaml_syntax::TextSize::from(1);
        (inside, ", ".to_owned())
    } else {
        let start = mapping.range().start();
        (start, format!("\n{}", " ".repeat(report.column(start))))
    };
    let message = format!("an object needs `{absent}` beside `{there}`");
    let complaint = report.error(range, "missing-field", message);
    for api_version in candidates {
        let title = format!("Add `apiVersion: {api_version}`");
        let insert = format!("apiVersion: {api_version}{separator}");
        complaint.replace(title, TextRange::empty(start), insert);
    }
    true
}

/// Complains of `apiVersion:` or `kind:` with nothing behind it.
fn without_value(report: &mut Report<'_>, manifest: &Manifest<'_>, entry: Entry<'_>, absent: &str) {
    let candidates = versions_of(report, &manifest.kind);
    let message = format!("`{absent}` needs a value");
    let complaint = report.error(key_range(entry), "missing-field", message);
    let end = TextRange::empty(entry.range().end());
    for api_version in candidates.iter().filter(|_| absent == "apiVersion") {
        complaint.replace(
            format!("Write `{api_version}`"),
            end,
            format!(" {api_version}"),
        );
    }
}

/// Whether a key is nearly the one that is missing, which is reported: `Kind`, `apiversion`.
fn misspelt(report: &mut Report<'_>, manifest: &Manifest<'_>, absent: &str) -> bool {
    let mut keys = manifest.object.pairs();
    let near = keys.find(|(key, _, _)| fuzzy::nearest(key, [absent]).is_some());
    let Some((key, entry, _)) = near.filter(|(key, _, _)| !key.starts_with("metadata")) else {
        return false;
    };
    let range = key_range(entry);
    let message = format!("unknown field `{key}`; did you mean `{absent}`?");
    report.error(range, "unknown-field", message).replace(
        format!("Rename to `{absent}`"),
        range,
        absent,
    );
    true
}

/// Other tools write `kind` or `apiVersion` into files of their own.
fn looks_like_an_object(report: &Report<'_>, manifest: &Manifest<'_>) -> bool {
    let version = manifest.api_version.rsplit('/').next().unwrap_or_default();
    let mut letters = version.chars();
    let is_version =
        letters.next() == Some('v') && letters.next().is_some_and(|c| c.is_ascii_digit());
    manifest.object.has("metadata")
        || manifest.is_list()
        || is_version
        || !versions_of(report, &manifest.kind).is_empty()
}

fn malformed(report: &mut Report<'_>, manifest: &Manifest<'_>) {
    if let Some(value) = manifest.object.get("apiVersion") {
        let message = format!(
            "`{}` is not an API version: write `group/version`, or `v1` for the core group",
            manifest.api_version
        );
        report.error(value.range(), "invalid-api-version", message);
    }
}

/// The API versions that serve a kind, the stable ones first.
fn versions_of(report: &Report<'_>, kind: &str) -> Vec<String> {
    let kinds = report.schemas().kinds().filter(|info| info.kind() == kind);
    let mut versions: Vec<String> = kinds.map(|info| info.gvk().api_version()).collect();
    sort_by_number(&mut versions, |version| {
        u64::from(version.contains("alpha") || version.contains("beta"))
    });
    versions.dedup();
    versions
}

/// A kind without a schema: a word about it only where the group is a built-in one.
fn unknown(report: &mut Report<'_>, manifest: &Manifest<'_>, gvk: &Gvk) {
    let schemas = report.schemas();
    // `kind: Config` in `v1` is a kubeconfig, which never reaches a server.
    let is_kubeconfig = gvk.group.is_empty() && gvk.kind == "Config";
    if release::deprecation(gvk).is_some() || is_kubeconfig {
        return;
    }
    if !is_built_in(&gvk.group) {
        nearly_built_in(report, manifest, gvk);
        return;
    }
    let Some(kind_value) = manifest.object.get("kind") else {
        return;
    };
    let same_version: Vec<&str> = schemas
        .kinds()
        .filter(|info| info.group() == gvk.group && info.version() == gvk.version)
        .map(k8s_schemas::KindInfo::kind)
        .collect();
    let elsewhere = versions_of(report, &gvk.kind);
    if same_version.is_empty() && elsewhere.is_empty() {
        return;
    }
    if let Some(version) = elsewhere.first() {
        wrong_group(report, manifest, &elsewhere, version);
        return;
    }
    let release = schemas.kube_release();
    let mut message = format!(
        "Kubernetes {release} has no kind `{}` in `{}`",
        gvk.kind, manifest.api_version
    );
    let all = schemas.kinds().map(k8s_schemas::KindInfo::kind);
    let near = fuzzy::nearest(&gvk.kind, same_version).or_else(|| fuzzy::nearest(&gvk.kind, all));
    if let Some(near) = near {
        message = format!("{message}; did you mean `{near}`?");
    }
    let complaint = report.error(kind_value.range(), "unknown-kind", message);
    if let Some(near) = near {
        complaint.replace(format!("Change to `{near}`"), kind_value.range(), near);
    }
}

/// Custom groups have a dot, and hardly a name next to one of Kubernetes with the same kind in it.
fn nearly_built_in(report: &mut Report<'_>, manifest: &Manifest<'_>, gvk: &Gvk) {
    let homes = versions_of(report, &gvk.kind);
    let groups = homes.iter().filter_map(|home| home.split_once('/'));
    let is_near = fuzzy::nearest(&gvk.group, groups.map(|(group, _)| group)).is_some();
    let best = homes
        .first()
        .filter(|_| !gvk.group.contains('.') || is_near);
    if let Some(best) = best.cloned() {
        wrong_group(report, manifest, &homes, &best);
    }
}

fn wrong_group(report: &mut Report<'_>, manifest: &Manifest<'_>, versions: &[String], best: &str) {
    let Some(value) = manifest.object.get("apiVersion") else {
        return;
    };
    let message = format!(
        "`{}` is not in `{}`; write `apiVersion: {best}`",
        manifest.kind, manifest.api_version
    );
    let complaint = report.error(value.range(), "unknown-kind", message);
    for version in versions {
        complaint.replace(
            format!("Change to `{version}`"),
            value.range(),
            version.as_str(),
        );
    }
}

/// Whether a group belongs to Kubernetes itself: nobody else may define kinds in it.
///
/// Add-ons of the project (gateway, snapshots, metrics) live under `k8s.io` too, and are not known.
fn is_built_in(group: &str) -> bool {
    matches!(
        group,
        "" | "apps" | "batch" | "autoscaling" | "policy" | "extensions"
    ) || matches!(
        group.strip_suffix(".k8s.io"),
        Some(
            "admissionregistration"
                | "apiextensions"
                | "apiregistration"
                | "authentication"
                | "authorization"
                | "rbac.authorization"
                | "certificates"
                | "coordination"
                | "discovery"
                | "events"
                | "flowcontrol.apiserver"
                | "networking"
                | "node"
                | "resource"
                | "scheduling"
                | "storage"
        )
    )
}

fn deprecated(
    report: &mut Report<'_>,
    manifest: &Manifest<'_>,
    gvk: &Gvk,
    deprecation: &'static Deprecation,
) {
    let release = report.schemas().kube_release();
    let Some(value) = manifest.object.get("apiVersion") else {
        return;
    };
    let mut message = fate(gvk, deprecation, release);
    if gvk.kind == "PodDisruptionBudget" && selects_nothing(manifest) {
        message.push_str("; there an empty `selector` means all pods, here it means none");
    }
    let fields = report
        .source()
        .and_then(|source| migrate::fields(source, manifest.object, gvk));
    let complaint = if deprecation.is_removed_in(release) {
        report.error(value.range(), "removed-api", message)
    } else if deprecation.is_deprecated_in(release) {
        report.warning(value.range(), "deprecated-api", message)
    } else {
        return;
    };
    complaint.docs(GUIDE.to_owned()).tags.push(Tag::Deprecated);
    if let Some(fields) = fields {
        offer(complaint, manifest, gvk, deprecation, value, fields);
    }
}

/// Whether a selector is there and empty.
fn selects_nothing(manifest: &Manifest<'_>) -> bool {
    let selector = manifest.object.at(&["spec", "selector"]);
    let selector = selector.and_then(Value::object);
    selector.is_some_and(|selector| selector.mapping().entries().next().is_none())
}

fn fate(gvk: &Gvk, deprecation: &Deprecation, release: KubeRelease) -> String {
    let since = deprecation.deprecated;
    let mut message = match deprecation.removed {
        Some(removed) if deprecation.is_removed_in(release) => {
            format!("{gvk} was removed in Kubernetes 1.{removed}")
        }
        Some(removed) => {
            format!("{gvk} is deprecated since Kubernetes 1.{since} and goes in 1.{removed}")
        }
        None => format!("{gvk} is deprecated since Kubernetes 1.{since}"),
    };
    if let Some((api_version, kind)) = deprecation.replacement {
        let kind = if kind == gvk.kind { "" } else { kind };
        let write = format!("; write `{api_version}` {kind}");
        message.push_str(write.trim_end());
    }
    message
}

/// Offers the version that replaces this one, with the fields as it has them.
fn offer(
    complaint: &mut Diagnostic,
    manifest: &Manifest<'_>,
    gvk: &Gvk,
    deprecation: &Deprecation,
    value: Value<'_>,
    mut edits: Vec<TextEdit>,
) {
    let Some((api_version, kind)) = deprecation.replacement else {
        return;
    };
    let edit = |range, insert: &str| TextEdit {
        range,
        insert: insert.to_owned(),
    };
    edits.push(edit(value.range(), api_version));
    if let Some(old) = manifest.object.get("kind").filter(|_| kind != gvk.kind) {
        edits.push(edit(old.range(), kind));
    }
    // What is written in front of something that goes comes first.
    sort_by_number(&mut edits, |edit| {
        u64::from(edit.range.start()) << 32 | u64::from(edit.range.end())
    });
    complaint.fix(format!("Migrate to `{api_version}`"), edits);
}
