//! Logs of containers that do not run.

use serde_json::Value;

use crate::faults::{Faults, ImageFault};
use crate::request::{Query, Target};
use crate::status::{Answer, Failure};
use crate::store::Store;
use crate::value::{at, items, name, text};
use crate::world::read_time;

/// The log of a container: plain text.
pub(crate) fn read(
    store: &Store,
    faults: &Faults,
    target: &Target,
    query: &Query,
) -> Answer<String> {
    let pod = store
        .get("pods", &target.namespace, &target.name)
        .ok_or_else(|| Failure::not_found("", "pods", &target.name))?;
    let container = container(&pod, query.get("container"))?;
    let container_name = text(container, "name");
    let status = ["status.containerStatuses", "status.initContainerStatuses"]
        .iter()
        .flat_map(|path| items(&pod, path))
        .find(|it| text(it, "name") == container_name);
    let waiting = status
        .map(|it| text(it, "state.waiting.reason"))
        .unwrap_or_default();
    let never_ran = status.is_none_or(|it| at(it, "containerID").is_none());
    let previous = query.flag("previous");
    if previous && status.is_none_or(|it| at(it, "lastState.terminated").is_none()) {
        return Err(Failure::bad_request(format!(
            "previous terminated container {container_name:?} in pod {:?} not found",
            name(&pod)
        )));
    }
    if never_ran {
        let waiting = if waiting.is_empty() {
            "ContainerCreating"
        } else {
            waiting
        };
        let why = match waiting {
            "ErrImagePull" => "image can't be pulled",
            "ImagePullBackOff" => "trying and failing to pull image",
            "PodInitializing" => "PodInitializing",
            other => other,
        };
        return Err(Failure::bad_request(format!(
            "container {container_name:?} in pod {:?} is waiting to start: {why}",
            name(&pod)
        )));
    }
    let started = status
        .map(|it| match text(it, "state.running.startedAt") {
            "" => text(it, "lastState.terminated.startedAt"),
            time => time,
        })
        .unwrap_or_default();
    let fault = faults.image(text(container, "image"));
    Ok(select(lines(&pod, container, fault), started, query))
}

fn container<'p>(pod: &'p Value, wanted: &str) -> Answer<&'p Value> {
    let all = items(pod, "spec.containers");
    let inits = items(pod, "spec.initContainers");
    if wanted.is_empty() {
        if let [one] = all {
            return Ok(one);
        }
        let names: Vec<_> = all.iter().map(|it| text(it, "name")).collect();
        return Err(Failure::bad_request(format!(
            "a container name must be specified for pod {}, choose one of: [{}]",
            name(pod),
            names.join(" ")
        )));
    }
    let found = all
        .iter()
        .chain(inits)
        .find(|it| text(it, "name") == wanted);
    found.ok_or_else(|| {
        Failure::bad_request(format!(
            "container {wanted} is not valid for pod {}",
            name(pod)
        ))
    })
}

fn lines(pod: &Value, container: &Value, fault: Option<ImageFault>) -> Vec<String> {
    let mut lines = vec![
        "this is a sandbox: no container runs here, these lines are made up".to_owned(),
        format!(
            "container {} of pod {} would run {}",
            text(container, "name"),
            name(pod),
            text(container, "image")
        ),
    ];
    let command: Vec<_> = items(container, "command")
        .iter()
        .chain(items(container, "args"))
        .filter_map(Value::as_str)
        .collect();
    if !command.is_empty() {
        lines.push(format!("command: {}", command.join(" ")));
    }
    for port in items(container, "ports") {
        lines.push(format!("listening on port {}", port["containerPort"]));
    }
    match fault {
        Some(ImageFault::Crashes) => {
            lines.push("error: the program ends with code 1, as its image name asks".to_owned());
        }
        Some(ImageFault::NeverReady) => lines.push(
            "warning: the readiness probe will not succeed, as the image name asks".to_owned(),
        ),
        Some(ImageFault::Missing) | None => lines.push("ready".to_owned()),
    }
    lines
}

fn select(mut lines: Vec<String>, started: &str, query: &Query) -> String {
    if query.flag("timestamps") {
        let start = read_time(started);
        lines = lines
            .into_iter()
            .enumerate()
            .map(|(index, line)| {
                let nanos = 1_000_000 * (index as u32 + 1);
                let time = start.strftime("%Y-%m-%dT%H:%M:%S");
                format!("{time}.{nanos:09}Z {line}")
            })
            .collect();
    }
    if let Some(tail) = query
        .number("tailLines")
        .and_then(|it| usize::try_from(it).ok())
    {
        let skip = lines.len().saturating_sub(tail);
        lines.drain(..skip);
    }
    let mut log = lines.join("\n");
    if !log.is_empty() {
        log.push('\n');
    }
    if let Some(limit) = query
        .number("limitBytes")
        .and_then(|it| usize::try_from(it).ok())
    {
        while log.len() > limit {
            log.pop();
        }
    }
    log
}
