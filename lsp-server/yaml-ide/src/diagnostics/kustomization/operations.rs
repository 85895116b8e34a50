//! Operations of a JSON patch (RFC 6902), by the schema of the kind that they change.

use k8s_schemas::{KindInfo, Schema};

use crate::diagnostics::at::At;
use crate::diagnostics::report::Report;
use crate::diagnostics::schema;
use crate::fuzzy;
use crate::object::{Object, Value};

const PAGE: &str = "https://datatracker.ietf.org/doc/html/rfc6902";

const OPERATIONS: [&str; 6] = ["add", "remove", "replace", "move", "copy", "test"];

/// Judges a document that is a list of operations; others are left alone.
pub(super) fn check(report: &mut Report<'_>, target: Option<Object<'_>>) {
    let root = report.part().root();
    let Some(root) = root.map(|root| Value::new(report.document(), root)) else {
        return;
    };
    let operations = root.items().into_iter().filter_map(Value::object);
    for operation in operations {
        self::operation(report, operation, target);
    }
}

fn operation(report: &mut Report<'_>, operation: Object<'_>, target: Option<Object<'_>>) {
    let Some(op) = operation.get("op") else {
        refuse(report, operation, "a JSON patch needs `op`");
        return;
    };
    let name = op.text().unwrap_or_default();
    if !OPERATIONS.contains(&name.as_str()) {
        let message = format!("`{name}` is no operation; use {}", OPERATIONS.join(", "));
        report
            .error(op.range(), "json-patch", message)
            .docs(PAGE.to_owned());
        return;
    }
    let needed: &[&str] = match name.as_str() {
        "add" | "replace" | "test" => &["path", "value"],
        "move" | "copy" => &["path", "from"],
        _ => &["path"],
    };
    if let Some(missing) = needed.iter().find(|field| !operation.has(field)) {
        refuse(
            report,
            operation,
            &format!("`op: {name}` needs `{missing}`"),
        );
        return;
    }
    for field in ["path", "from"] {
        pointer(report, operation, field, target);
    }
}

fn refuse(report: &mut Report<'_>, operation: Object<'_>, message: &str) {
    let range = operation.key_range("op");
    if !report.is_broken(operation.mapping().range()) {
        report
            .error(range, "json-patch", message)
            .docs(PAGE.to_owned());
    }
}

/// A path such as `/spec/template/spec/containers/0/image`, and the value that is put there.
fn pointer(
    report: &mut Report<'_>,
    operation: Object<'_>,
    field: &str,
    target: Option<Object<'_>>,
) {
    let Some(value) = operation.get(field) else {
        return;
    };
    let path = value.text().unwrap_or_default();
    let Some(way) = path.strip_prefix('/') else {
        if !path.is_empty() {
            let message = format!("`{field}` must start with `/`");
            report
                .error(value.range(), "json-patch", message)
                .docs(PAGE.to_owned());
        }
        return;
    };
    let schemas = report.schemas();
    let mut kinds = schemas.kinds();
    let kind = target.and_then(|target| kinds.find(|kind| is_meant(*kind, target)));
    let Some(kind) = kind else {
        return;
    };
    match follow(kind, way) {
        Ok(Some(found)) if field == "path" && operation.text("op").as_deref() != Some("test") => {
            if let Some(new) = operation.get("value").filter(|new| !new.is_null()) {
                schema::value(report, new, found, &At::Kind(way));
            }
        }
        Ok(_) => {}
        Err(message) => {
            report
                .error(value.range(), "unknown-field", message)
                .docs(kind.schema().docs_url());
        }
    }
}

/// Whether a kind is the one that a patch is for.
fn is_meant(kind: KindInfo<'_>, target: Object<'_>) -> bool {
    let fits = |field: &str, own: &str| target.text(field).is_none_or(|wanted| wanted == own);
    target.has("kind")
        && fits("kind", kind.kind())
        && fits("group", kind.group())
        && fits("version", kind.version())
}

/// The schema at the end of a way, where it is known; else what is wrong with it.
fn follow<'s>(kind: KindInfo<'s>, way: &str) -> Result<Option<Schema<'s>>, String> {
    let mut schema = kind.schema();
    let mut at = kind.kind().to_owned();
    for part in way.split('/') {
        let part = part.replace("~1", "/").replace("~0", "~");
        if let Some(inner) = schema.items() {
            if part != "-" && part.parse::<u32>().is_err() {
                return Err(format!(
                    "`{at}` is a list: its items are numbered from 0, `-` is its end"
                ));
            }
            schema = inner;
        } else if let Some(field) = schema.field(&part) {
            schema = field.schema;
        } else if let Some(inner) = schema.values() {
            schema = inner;
        } else if schema.fields().len() > 0 && !schema.allows_unknown_fields() {
            let near = fuzzy::nearest(&part, schema.fields().map(|field| field.name));
            let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            return Err(format!("unknown field `{part}` in {at}{hint}"));
        } else {
            return Ok(None);
        }
        at = format!("{at}.{part}");
    }
    Ok(Some(schema))
}
