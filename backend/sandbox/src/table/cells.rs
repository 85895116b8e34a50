//! The cells that take some thought.

use serde_json::Value;

use super::age;
use crate::selector::Labels;
use crate::value::{at, entries, int, is_terminating, items, name, text};

/// What `kubectl get pods` shows as status.
pub(crate) fn pod_status(pod: &Value) -> String {
    if is_terminating(pod) {
        return "Terminating".to_owned();
    }
    let mut status = match text(pod, "status.reason") {
        "" => text(pod, "status.phase"),
        reason => reason,
    };
    for (index, container) in items(pod, "status.initContainerStatuses")
        .iter()
        .enumerate()
    {
        let ended = at(container, "state.terminated.exitCode");
        if ended.is_some_and(|code| *code == 0) || container["started"] == true {
            continue;
        }
        let waiting = text(container, "state.waiting.reason");
        if !waiting.is_empty() && waiting != "PodInitializing" {
            return format!("Init:{waiting}");
        }
        if ended.is_some() {
            return format!("Init:{}", text(container, "state.terminated.reason"));
        }
        return format!("Init:{index}/{}", items(pod, "spec.initContainers").len());
    }
    let mut running = false;
    for container in items(pod, "status.containerStatuses").iter().rev() {
        let waiting = text(container, "state.waiting.reason");
        let ended = text(container, "state.terminated.reason");
        if !waiting.is_empty() {
            status = waiting;
        } else if !ended.is_empty() {
            status = ended;
        } else if container["ready"] == true {
            running = true;
        }
    }
    if status == "Completed" && running {
        status = "Running";
    }
    status.to_owned()
}

pub(super) fn pod_ready(pod: &Value) -> Value {
    let ready = items(pod, "status.containerStatuses")
        .iter()
        .filter(|it| it["ready"] == true)
        .count();
    format!("{ready}/{}", items(pod, "spec.containers").len()).into()
}

pub(super) fn pod_restarts(pod: &Value) -> Value {
    let statuses = items(pod, "status.containerStatuses");
    let restarts: i64 = statuses
        .iter()
        .filter_map(|it| int(it, "restartCount"))
        .sum();
    let last = statuses
        .iter()
        .map(|it| text(it, "lastState.terminated.finishedAt"))
        .max()
        .unwrap_or_default();
    if restarts > 0 && !last.is_empty() {
        return format!("{restarts} ({} ago)", age(last)).into();
    }
    restarts.to_string().into()
}

pub(super) fn fraction(object: &Value, part: &str, whole: &str) -> Value {
    format!(
        "{}/{}",
        int(object, part).unwrap_or(0),
        int(object, whole).unwrap_or(0)
    )
    .into()
}

fn join(object: &Value, field: &str) -> Value {
    let containers = items(object, "spec.template.spec.containers").iter();
    let all: Vec<_> = containers.map(|it| text(it, field)).collect();
    all.join(",").into()
}

pub(super) fn containers(object: &Value) -> Value {
    join(object, "name")
}

pub(super) fn images(object: &Value) -> Value {
    join(object, "image")
}

pub(super) fn selector(object: &Value) -> Value {
    let selector = at(object, "spec.selector");
    let parsed = match selector {
        Some(it) if it.get("matchLabels").is_none() && it.get("matchExpressions").is_none() => {
            Labels::of_map(selector)
        }
        _ => Labels::of_workload(selector),
    };
    parsed
        .map_or_else(|| "<none>".to_owned(), |it| it.to_string())
        .into()
}

pub(super) fn labels_of(object: &Value, path: &str) -> Value {
    let all: Vec<_> = entries(object, path)
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    if all.is_empty() {
        "<none>".into()
    } else {
        all.join(",").into()
    }
}

pub(super) fn pod_selector(object: &Value) -> Value {
    let labels = Labels::of_workload(at(object, "spec.podSelector")).unwrap_or_default();
    let labels = labels.to_string();
    if labels.is_empty() {
        "<none>".into()
    } else {
        labels.into()
    }
}

pub(super) fn job_status(job: &Value) -> Value {
    let has = |wanted: &str| {
        items(job, "status.conditions")
            .iter()
            .any(|it| it["type"] == wanted && it["status"] == "True")
    };
    match () {
        () if has("Complete") => "Complete",
        () if has("Failed") => "Failed",
        () if is_terminating(job) => "Terminating",
        () if has("Suspended") => "Suspended",
        () if has("FailureTarget") => "FailureTarget",
        () if has("SuccessCriteriaMet") => "SuccessCriteriaMet",
        () => "Running",
    }
    .into()
}

pub(super) fn job_completions(job: &Value) -> Value {
    let done = int(job, "status.succeeded").unwrap_or(0);
    match int(job, "spec.completions") {
        Some(wanted) => format!("{done}/{wanted}").into(),
        None => match int(job, "spec.parallelism").unwrap_or(0) {
            many if many > 1 => format!("{done}/1 of {many}").into(),
            _ => format!("{done}/1").into(),
        },
    }
}

pub(super) fn job_duration(job: &Value) -> Value {
    let start = text(job, "status.startTime");
    if start.is_empty() {
        return "".into();
    }
    let end = text(job, "status.completionTime");
    if end.is_empty() {
        return age(start).into();
    }
    let seconds =
        crate::world::read_time(end).as_second() - crate::world::read_time(start).as_second();
    super::duration(seconds).into()
}

pub(super) fn capital_bool(object: &Value, path: &str) -> Value {
    if crate::value::flag(object, path) {
        "True".into()
    } else {
        "False".into()
    }
}

pub(super) fn age_of(object: &Value, path: &str) -> Value {
    match text(object, path) {
        "" => "<none>".into(),
        time => age(time).into(),
    }
}

pub(super) fn external_ip(service: &Value) -> Value {
    let given: Vec<_> = items(service, "spec.externalIPs")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    match text(service, "spec.type") {
        "ExternalName" => text(service, "spec.externalName").into(),
        "LoadBalancer" => {
            let mut all: Vec<_> = items(service, "status.loadBalancer.ingress")
                .iter()
                .map(|it| match text(it, "ip") {
                    "" => text(it, "hostname"),
                    ip => ip,
                })
                .collect();
            all.extend(given);
            if all.is_empty() {
                "<pending>".into()
            } else {
                all.join(",").into()
            }
        }
        _ if given.is_empty() => "<none>".into(),
        _ => given.join(",").into(),
    }
}

pub(super) fn service_ports(service: &Value) -> Value {
    let all: Vec<_> = items(service, "spec.ports")
        .iter()
        .map(|port| {
            let number = int(port, "port").unwrap_or(0);
            let protocol = text(port, "protocol");
            match int(port, "nodePort").filter(|it| *it > 0) {
                Some(node_port) => format!("{number}:{node_port}/{protocol}"),
                None => format!("{number}/{protocol}"),
            }
        })
        .collect();
    if all.is_empty() {
        "<none>".into()
    } else {
        all.join(",").into()
    }
}

pub(super) fn ingress_hosts(ingress: &Value) -> Value {
    let hosts: Vec<_> = items(ingress, "spec.rules")
        .iter()
        .map(|rule| text(rule, "host"))
        .filter(|host| !host.is_empty())
        .collect();
    if hosts.is_empty() {
        "*".into()
    } else {
        hosts.join(",").into()
    }
}

pub(super) fn ingress_address(ingress: &Value) -> Value {
    let all: Vec<_> = items(ingress, "status.loadBalancer.ingress")
        .iter()
        .map(|it| text(it, "ip"))
        .collect();
    all.join(",").into()
}

pub(super) fn count(object: &Value, paths: &[&str]) -> Value {
    let count: usize = paths.iter().map(|path| entries(object, path).count()).sum();
    count.into()
}

pub(super) fn node_status(node: &Value) -> Value {
    let ready = items(node, "status.conditions")
        .iter()
        .any(|it| it["type"] == "Ready" && it["status"] == "True");
    let ready = if ready { "Ready" } else { "NotReady" };
    if crate::value::flag(node, "spec.unschedulable") {
        return format!("{ready},SchedulingDisabled").into();
    }
    ready.into()
}

pub(super) fn access_modes(object: &Value, path: &str) -> Value {
    let modes: Vec<_> = items(object, path)
        .iter()
        .map(|it| match it.as_str().unwrap_or_default() {
            "ReadWriteOnce" => "RWO",
            "ReadOnlyMany" => "ROX",
            "ReadWriteMany" => "RWX",
            "ReadWriteOncePod" => "RWOP",
            other => other,
        })
        .collect();
    modes.join(",").into()
}

pub(super) fn claim(volume: &Value) -> Value {
    match text(volume, "spec.claimRef.name") {
        "" => "".into(),
        name => format!("{}/{name}", text(volume, "spec.claimRef.namespace")).into(),
    }
}

pub(super) fn scale_target(autoscaler: &Value) -> Value {
    let target = &autoscaler["spec"]["scaleTargetRef"];
    format!("{}/{}", text(target, "kind"), text(target, "name")).into()
}

pub(super) fn targets(autoscaler: &Value) -> Value {
    let all: Vec<_> = items(autoscaler, "spec.metrics")
        .iter()
        .map(|metric| {
            let name = text(metric, "resource.name");
            match int(metric, "resource.target.averageUtilization") {
                Some(percent) => format!("{name}: <unknown>/{percent}%"),
                None => format!(
                    "{name}: <unknown>/{}",
                    text(metric, "resource.target.averageValue")
                ),
            }
        })
        .collect();
    if all.is_empty() {
        "<none>".into()
    } else {
        all.join(", ").into()
    }
}

pub(super) fn last_seen(event: &Value) -> Value {
    let time = [
        "series.lastObservedTime",
        "lastTimestamp",
        "deprecatedLastTimestamp",
        "eventTime",
        "metadata.creationTimestamp",
    ]
    .iter()
    .map(|path| text(event, path))
    .find(|it| !it.is_empty());
    age(time.unwrap_or_default()).into()
}

pub(super) fn involved(event: &Value) -> Value {
    let object = at(event, "involvedObject")
        .or_else(|| at(event, "regarding"))
        .cloned()
        .unwrap_or_default();
    format!(
        "{}/{}",
        text(&object, "kind").to_lowercase(),
        text(&object, "name")
    )
    .into()
}

pub(super) fn slice_ports(slice: &Value) -> Value {
    let all: Vec<_> = items(slice, "ports")
        .iter()
        .map(|it| int(it, "port").map_or_else(|| "*".to_owned(), |port| port.to_string()))
        .collect();
    if all.is_empty() {
        "<unset>".into()
    } else {
        all.join(",").into()
    }
}

pub(super) fn slice_addresses(slice: &Value) -> Value {
    let mut all: Vec<_> = items(slice, "endpoints")
        .iter()
        .flat_map(|it| items(it, "addresses"))
        .filter_map(Value::as_str)
        .collect();
    let more = all.len().saturating_sub(3);
    all.truncate(3);
    match (all.is_empty(), more) {
        (true, _) => "<unset>".into(),
        (false, 0) => all.join(",").into(),
        (false, more) => format!("{} + {more} more...", all.join(",")).into(),
    }
}

pub(super) fn owner(object: &Value) -> Value {
    let owners = items(object, "metadata.ownerReferences");
    match owners.iter().find(|it| it["controller"] == true) {
        Some(owner) => format!("{}/{}", text(owner, "kind").to_lowercase(), name_of(owner)).into(),
        None => "<none>".into(),
    }
}

fn name_of(owner: &Value) -> &str {
    match text(owner, "name") {
        "" => name(owner),
        given => given,
    }
}

/// The value at a simple JSON path such as `.status.conditions[?(@.type=="Ready")].status`.
pub(super) fn by_path(object: &Value, path: &str, ty: &str) -> Value {
    let found = walk(object, path.trim_start_matches('.'));
    match (found, ty) {
        (Some(Value::String(time)), "date") => age(time).into(),
        (Some(value @ (Value::String(_) | Value::Number(_) | Value::Bool(_))), _) => value.clone(),
        (Some(Value::Null) | None, _) => Value::Null,
        (Some(other), _) => other.to_string().into(),
    }
}

fn walk<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    if path.is_empty() {
        return Some(value);
    }
    if let Some(rest) = path.strip_prefix('[') {
        let (inside, rest) = rest.split_once(']')?;
        let rest = rest.trim_start_matches('.');
        if let Some(filter) = inside.strip_prefix("?(@.") {
            let (key, wanted) = filter.trim_end_matches(')').split_once("==")?;
            let wanted = wanted.trim_matches(['"', '\'', ' ']);
            let item = value
                .as_array()?
                .iter()
                .find(|it| text(it, key.trim()) == wanted)?;
            return walk(item, rest);
        }
        let name = inside.trim_matches(['"', '\'']);
        return match name.parse::<usize>() {
            Ok(index) => walk(value.get(index)?, rest),
            Err(_) => walk(value.get(name)?, rest),
        };
    }
    // A dot behind a backslash belongs to the name.
    let mut name = String::new();
    let mut letters = path.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => name.extend(letters.next().map(|(_, it)| it)),
            '.' => return walk(value.get(&name)?, path.get(at + 1..)?),
            '[' => return walk(value.get(&name)?, path.get(at..)?),
            other => name.push(other),
        }
    }
    value.get(&name)
}
