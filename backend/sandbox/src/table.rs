//! Tables: what `kubectl get` prints.

mod cells;
mod columns;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::resources::Resource;
use crate::value::text;
use crate::world::read_time;

/// How much of each object comes with its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Include {
    Metadata,
    Object,
    Nothing,
}

impl Include {
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "Object" => Self::Object,
            "None" => Self::Nothing,
            _ => Self::Metadata,
        }
    }
}

/// The table of a list.
pub(crate) fn of_list(resource: &Resource, list: &Value, include: Include) -> Value {
    let rows = list["items"].as_array().into_iter().flatten();
    let rows: Vec<_> = rows.map(|object| row(resource, object, include)).collect();
    table(resource, &rows, &list["metadata"])
}

/// The table of one object.
pub(crate) fn of_one(resource: &Resource, object: &Value, include: Include) -> Value {
    let version = text(object, "metadata.resourceVersion");
    table(
        resource,
        &[row(resource, object, include)],
        &json!({"resourceVersion": version}),
    )
}

fn table(resource: &Resource, rows: &[Value], metadata: &Value) -> Value {
    let columns: Vec<_> = columns::of(resource)
        .iter()
        .map(|column| {
            json!({
                "name": column.name,
                "type": column.ty,
                "format": column.format,
                "description": column.description,
                "priority": column.priority,
            })
        })
        .collect();
    json!({
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": metadata,
        "columnDefinitions": columns,
        "rows": rows,
    })
}

fn row(resource: &Resource, object: &Value, include: Include) -> Value {
    let cells: Vec<_> = columns::of(resource)
        .iter()
        .map(|column| column.cell(object))
        .collect();
    let shown = match include {
        Include::Object => object.clone(),
        Include::Metadata => json!({
            "kind": "PartialObjectMetadata",
            "apiVersion": "meta.k8s.io/v1",
            "metadata": object["metadata"],
        }),
        Include::Nothing => Value::Null,
    };
    json!({"cells": cells, "object": shown})
}

/// How long ago a time was, as short as `kubectl` says it.
pub(crate) fn age(timestamp: &str) -> String {
    if timestamp.is_empty() {
        return "<unknown>".to_owned();
    }
    let seconds = Timestamp::now().as_second() - read_time(timestamp).as_second();
    duration(seconds)
}

/// A span such as `3m20s` or `5d`.
pub(crate) fn duration(seconds: i64) -> String {
    if seconds < -1 {
        return "<invalid>".to_owned();
    }
    let seconds = seconds.max(0);
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    let days = hours / 24;
    let pair = |big: i64, unit: &str, small: i64, small_unit: &str| {
        if small == 0 {
            format!("{big}{unit}")
        } else {
            format!("{big}{unit}{small}{small_unit}")
        }
    };
    match seconds {
        0..120 => format!("{seconds}s"),
        120..600 => pair(minutes, "m", seconds % 60, "s"),
        600..10_800 => format!("{minutes}m"),
        10_800..28_800 => pair(hours, "h", minutes % 60, "m"),
        28_800..172_800 => format!("{hours}h"),
        172_800..691_200 => pair(days, "d", hours % 24, "h"),
        691_200..63_072_000 => format!("{days}d"),
        63_072_000..252_288_000 => pair(days / 365, "y", days % 365, "d"),
        _ => format!("{}y", days / 365),
    }
}
