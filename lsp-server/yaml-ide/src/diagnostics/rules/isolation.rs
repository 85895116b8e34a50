//! What a pod shares with its node, and what an operating system does not know.

use yaml_syntax::TextRange;

use super::{is, place, present, refuse};
use crate::diagnostics::report::Report;
use crate::object::{Object, Value};

const WINDOWS: &str = "https://kubernetes.io/docs/concepts/windows/intro/";
const PROPAGATION: &str = "https://kubernetes.io/docs/concepts/storage/volumes/#mount-propagation";

/// Fields of pods that Windows does not know.
const NOT_ON_WINDOWS: [&str; 4] = ["hostPID", "hostIPC", "hostUsers", "shareProcessNamespace"];

/// Fields of security contexts that Windows does not know.
const CONTEXT_NOT_ON_WINDOWS: [&str; 15] = [
    "allowPrivilegeEscalation",
    "appArmorProfile",
    "capabilities",
    "fsGroup",
    "fsGroupChangePolicy",
    "privileged",
    "procMount",
    "readOnlyRootFilesystem",
    "runAsGroup",
    "runAsUser",
    "seLinuxOptions",
    "seccompProfile",
    "supplementalGroups",
    "supplementalGroupsPolicy",
    "sysctls",
];

pub(super) fn pod(report: &mut Report<'_>, spec: Object<'_>) {
    if is(spec, "shareProcessNamespace", true) && is(spec, "hostPID", true) {
        let message = "`shareProcessNamespace` and `hostPID` cannot both be true";
        refuse(
            report,
            spec,
            "shareProcessNamespace",
            "host-namespace",
            message,
        );
    }
    if is(spec, "hostUsers", false) {
        for field in ["hostNetwork", "hostPID", "hostIPC"] {
            if is(spec, field, true) {
                let message = format!("`hostUsers: false` does not go with `{field}: true`");
                refuse(report, spec, field, "host-namespace", message);
            }
        }
    }
    for (field, kernel) in HOST_SYSCTLS {
        if !is(spec, field, true) {
            continue;
        }
        let context = spec.object("securityContext");
        for sysctl in context.into_iter().flat_map(|it| it.objects("sysctls")) {
            let name = sysctl.text("name").unwrap_or_default().replace('/', ".");
            if kernel.iter().any(|start| name.starts_with(start)) {
                let message = format!(
                    "`{name}` is one of the node with `{field}: true`: a pod cannot set it"
                );
                refuse(report, sysctl, "name", "host-namespace", message);
            }
        }
    }
    system(report, spec);
}

/// What the namespaces of the node rule, and the names of the sysctls in them.
const HOST_SYSCTLS: [(&str, &[&str]); 2] = [
    ("hostNetwork", &["net."]),
    (
        "hostIPC",
        &["kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue."],
    ),
];

/// Fields that the operating system of the pod does not know.
fn system(report: &mut Report<'_>, spec: Object<'_>) {
    let Some(system) = spec.text_at(&["os", "name"]) else {
        return;
    };
    if !system.is_empty() && !["linux", "windows"].contains(&system.as_str()) {
        let message = format!("`{system}` is not allowed for `name`; use linux or windows");
        if let Some(os) = spec.object("os") {
            refuse(report, os, "name", "os-field", message).docs(WINDOWS.to_owned());
        }
    }
    let (of_pod, of_context): (&[&str], &[&str]) = match system.as_str() {
        "windows" => (&NOT_ON_WINDOWS, &CONTEXT_NOT_ON_WINDOWS),
        "linux" => (&[], &["windowsOptions"]),
        _ => return,
    };
    let lists = ["containers", "initContainers"].iter();
    let owners = lists.flat_map(|list| spec.objects(list)).chain([spec]);
    let contexts = owners.filter_map(|owner| owner.object("securityContext"));
    let parts = contexts.map(|context| (context, of_context));
    for (object, fields) in parts.chain([(spec, of_pod)]) {
        for field in present(object, fields) {
            let message = format!("`{field}` is not taken with `os.name: {system}`");
            let range = object.key_range(field);
            report
                .error(range, "os-field", message)
                .docs(WINDOWS.to_owned());
        }
    }
}

/// A profile of seccomp or `AppArmor`.
pub(super) fn profile(report: &mut Report<'_>, profile: Object<'_>) {
    let is_local = profile.text("type").as_deref() == Some("Localhost");
    let names_one = profile.says("localhostProfile");
    if is_local && !names_one && !report.is_broken(profile.mapping().range()) {
        let message = "`type: Localhost` needs `localhostProfile`";
        refuse(report, profile, "type", "security-profile", message);
    } else if !is_local && names_one && profile.says("type") {
        let message = "`localhostProfile` needs `type: Localhost`";
        let range = profile.key_range("localhostProfile");
        report.error(range, "security-profile", message);
    }
}

/// A profile of seccomp: that of a node is a file, where that of `AppArmor` is a name.
pub(super) fn seccomp(report: &mut Report<'_>, seccomp: Object<'_>) {
    profile(report, seccomp);
    let path = seccomp.text("localhostProfile").unwrap_or_default();
    if path.starts_with('/') || path.split('/').any(|part| part == "..") {
        let message = "`localhostProfile` is a path below the profiles of the node, without `/` at its start and without `..`";
        refuse(
            report,
            seccomp,
            "localhostProfile",
            "security-profile",
            message,
        );
    }
}

/// What the mounts of a container hand on.
pub(super) fn mounts(report: &mut Report<'_>, container: Object<'_>) {
    let context = container.object("securityContext");
    let privileged = context.is_some_and(|context| is(context, "privileged", true));
    for mount in container.objects("volumeMounts") {
        let propagation = mount.text("mountPropagation");
        if propagation.as_deref() == Some("Bidirectional") && !privileged {
            let message = "`mountPropagation: Bidirectional` needs a privileged container";
            refuse(
                report,
                mount,
                "mountPropagation",
                "mount-propagation",
                message,
            )
            .docs(PROPAGATION.to_owned());
        }
        recursive(report, mount, propagation.as_deref());
    }
}

fn recursive(report: &mut Report<'_>, mount: Object<'_>, propagation: Option<&str>) {
    let field = "recursiveReadOnly";
    let wanted = mount.text(field);
    if wanted.is_none_or(|wanted| wanted == "Disabled") {
        return;
    }
    if !is(mount, "readOnly", true) {
        let message = "`recursiveReadOnly` needs `readOnly: true`";
        refuse(report, mount, field, "mount-propagation", message);
    } else if propagation.is_some_and(|propagation| propagation != "None") {
        let message = "`recursiveReadOnly` needs `mountPropagation: None`";
        refuse(report, mount, field, "mount-propagation", message);
    }
}

/// Ports of the node that containers of one list both want.
pub(super) fn host_ports(report: &mut Report<'_>, spec: Object<'_>) {
    for list in ["containers", "initContainers"] {
        let containers = spec.objects(list).into_iter();
        let ports = containers.flat_map(|container| container.objects("ports"));
        let mut seen: Vec<(String, TextRange)> = Vec::new();
        for port in ports {
            let Some((name, range)) = wanted(port) else {
                continue;
            };
            let Some((_, first)) = seen.iter().find(|(other, _)| *other == name) else {
                seen.push((name, range));
                continue;
            };
            let first = *first;
            let file = report.file();
            let message = format!("the `hostPort` {name} is taken by another port of this pod");
            report
                .error(range, "host-port", message)
                .related(file, first, "it is taken here");
        }
    }
}

/// `8080/TCP`, with the address where one is written.
fn wanted(port: Object<'_>) -> Option<(String, TextRange)> {
    let number = port.integer("hostPort").filter(|number| *number != 0)?;
    let protocol = port.text("protocol").unwrap_or_else(|| "TCP".to_owned());
    let address = port.text("hostIP").map(|ip| format!("{ip}:"));
    let name = format!("{}{number}/{protocol}", address.unwrap_or_default());
    Some((name, place(port, "hostPort")))
}

/// A container that is no init container restarts with its pod, before 1.35.
pub(super) fn restarts(report: &mut Report<'_>, spec: Object<'_>) {
    if report.schemas().kube_release().minor() >= 35 {
        return;
    }
    for container in spec.objects("containers") {
        if container
            .get("restartPolicy")
            .and_then(Value::text)
            .is_some()
        {
            let message = "before Kubernetes 1.35 only init containers take a `restartPolicy`";
            let range = container.key_range("restartPolicy");
            report.error(range, "restart-policy", message);
        }
    }
}
