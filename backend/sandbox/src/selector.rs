//! Label and field selectors: of lists and watches, and of workloads.

use serde_json::Value;

use crate::status::Failure;
use crate::value::{at, items, text};

/// A label selector.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Labels(Vec<Requirement>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Requirement {
    key: String,
    operator: Operator,
    values: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    In,
    NotIn,
    Exists,
    Absent,
}

impl Labels {
    /// Reads `app=web,tier in (a,b),!old`.
    pub(crate) fn parse(selector: &str) -> Result<Self, Failure> {
        let mut requirements = Vec::new();
        for part in split_outside_parentheses(selector) {
            let part = part.trim();
            if part.is_empty() {
                continue;
            }
            requirements.push(requirement(part).ok_or_else(|| {
                Failure::bad_request(format!("unable to parse requirement: found '{part}', expected: identifier and a legal operator"))
            })?);
        }
        Ok(Self(requirements))
    }

    /// The `selector` of a workload: `matchLabels` and `matchExpressions`. `None` selects nothing.
    pub(crate) fn of_workload(selector: Option<&Value>) -> Option<Self> {
        let selector = selector?;
        let mut requirements: Vec<_> = plain(selector.get("matchLabels"));
        for expression in items(selector, "matchExpressions") {
            let values = items(expression, "values").iter();
            requirements.push(Requirement {
                key: text(expression, "key").to_owned(),
                operator: match text(expression, "operator") {
                    "In" => Operator::In,
                    "NotIn" => Operator::NotIn,
                    "Exists" => Operator::Exists,
                    _ => Operator::Absent,
                },
                values: values
                    .filter_map(|it| it.as_str().map(str::to_owned))
                    .collect(),
            });
        }
        Some(Self(requirements))
    }

    /// The `selector` of a Service: a map of labels.
    pub(crate) fn of_map(selector: Option<&Value>) -> Option<Self> {
        let requirements = plain(selector);
        (!requirements.is_empty()).then_some(Self(requirements))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an object with these `metadata.labels` is selected.
    pub(crate) fn matches(&self, labels: Option<&Value>) -> bool {
        self.0.iter().all(|requirement| {
            let value = labels
                .and_then(|labels| labels.get(&requirement.key))
                .and_then(Value::as_str);
            let listed = value.is_some_and(|value| requirement.values.iter().any(|it| it == value));
            match requirement.operator {
                Operator::In => listed,
                Operator::NotIn => !listed,
                Operator::Exists => value.is_some(),
                Operator::Absent => value.is_none(),
            }
        })
    }
}

impl std::fmt::Display for Labels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts: Vec<_> = self
            .0
            .iter()
            .map(|it| match (it.operator, it.values.as_slice()) {
                (Operator::In, [one]) => format!("{}={one}", it.key),
                (Operator::In, many) => format!("{} in ({})", it.key, many.join(",")),
                (Operator::NotIn, many) => format!("{} notin ({})", it.key, many.join(",")),
                (Operator::Exists, _) => it.key.clone(),
                (Operator::Absent, _) => format!("!{}", it.key),
            })
            .collect();
        f.write_str(&parts.join(","))
    }
}

fn plain(labels: Option<&Value>) -> Vec<Requirement> {
    let labels = labels.and_then(Value::as_object).into_iter().flatten();
    labels
        .map(|(key, value)| Requirement {
            key: key.clone(),
            operator: Operator::In,
            values: vec![value.as_str().unwrap_or_default().to_owned()],
        })
        .collect()
}

fn split_outside_parentheses(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    text.split(|it: char| {
        match it {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        it == ',' && depth == 0
    })
    .collect()
}

fn requirement(part: &str) -> Option<Requirement> {
    let make = |key: &str, operator, values: Vec<String>| {
        let key = key.trim();
        let legal = |it: char| it.is_ascii_alphanumeric() || "-_./".contains(it);
        (!key.is_empty() && key.chars().all(legal)).then(|| Requirement {
            key: key.to_owned(),
            operator,
            values,
        })
    };
    if let Some(key) = part.strip_prefix('!') {
        return make(key, Operator::Absent, Vec::new());
    }
    if let Some(list) = part.strip_suffix(')') {
        let (head, list) = list.split_once('(')?;
        let values = list.split(',').map(|it| it.trim().to_owned()).collect();
        let (key, operator) = head.trim().rsplit_once(char::is_whitespace)?;
        return match operator {
            "in" => make(key, Operator::In, values),
            "notin" => make(key, Operator::NotIn, values),
            _ => None,
        };
    }
    let one = |value: &str| vec![value.trim().to_owned()];
    if let Some((key, value)) = part.split_once("!=") {
        return make(key, Operator::NotIn, one(value));
    }
    if let Some((key, value)) = part.split_once("==") {
        return make(key, Operator::In, one(value));
    }
    if let Some((key, value)) = part.split_once('=') {
        return make(key, Operator::In, one(value));
    }
    make(part, Operator::Exists, Vec::new())
}

/// A field selector.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(Vec<(String, bool, String)>);

impl Fields {
    /// Reads `metadata.name=web,status.phase!=Running`.
    pub(crate) fn parse(
        selector: &str,
        storage: &str,
        selectable: &[String],
    ) -> Result<Self, Failure> {
        let mut all = Vec::new();
        for part in selector.split(',').filter(|part| !part.is_empty()) {
            let (key, equal, value) = if let Some((key, value)) = part.split_once("!=") {
                (key, false, value)
            } else if let Some((key, value)) = part.split_once("==") {
                (key, true, value)
            } else if let Some((key, value)) = part.split_once('=') {
                (key, true, value)
            } else {
                return Err(Failure::bad_request(format!(
                    "invalid field selector: {part:?}; can't understand '{part}'"
                )));
            };
            if !supported(storage, key) && !selectable.iter().any(|it| it == key) {
                return Err(Failure::bad_request(format!(
                    "field label not supported: {key}"
                )));
            }
            all.push((key.to_owned(), equal, value.to_owned()));
        }
        Ok(Self(all))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn matches(&self, object: &Value) -> bool {
        self.0
            .iter()
            .all(|(key, equal, value)| (field(object, key) == *value) == *equal)
    }
}

fn supported(storage: &str, key: &str) -> bool {
    if matches!(key, "metadata.name" | "metadata.namespace") {
        return true;
    }
    let keys: &[&str] = match storage {
        "pods" => &[
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.podIPs",
            "status.nominatedNodeName",
        ],
        "events" => &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
            "regarding.kind",
            "regarding.namespace",
            "regarding.name",
            "regarding.uid",
        ],
        "secrets" => &["type"],
        "namespaces" => &["status.phase"],
        "nodes" => &["spec.unschedulable"],
        "replicationcontrollers" | "replicasets.apps" => &["status.replicas"],
        "jobs.batch" => &["status.successful"],
        "services" => &["spec.clusterIP", "spec.type"],
        _ => &[],
    };
    keys.contains(&key)
}

fn field(object: &Value, key: &str) -> String {
    let key = match key {
        "source" => "source.component",
        "status.podIPs" => "status.podIP",
        key => key,
    };
    let key = key.replacen("regarding.", "involvedObject.", 1);
    match at(object, &key) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None if key.ends_with("hostNetwork") || key.ends_with("unschedulable") => {
            "false".to_owned()
        }
        None => String::new(),
    }
}
