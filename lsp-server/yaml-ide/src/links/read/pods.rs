//! What the spec of a pod defines and uses: volumes, ports, configuration, other pods.

use std::collections::BTreeMap;

use super::{Reader, name_of, port_name};
use crate::links::{Occurrence, Role, Symbol};
use crate::manifest::Manifest;
use crate::object::{Object, Value};

impl Reader<'_> {
    pub(super) fn pod_spec(&mut self, spec: Object<'_>, labels: &BTreeMap<String, String>) {
        self.refer("ServiceAccount", spec.get("serviceAccountName"), Role::Use);
        self.refer("PriorityClass", spec.get("priorityClassName"), Role::Use);
        self.refer("RuntimeClass", spec.get("runtimeClassName"), Role::Use);
        for secret in spec.objects("imagePullSecrets") {
            self.refer("Secret", secret.get("name"), Role::Use);
        }
        for volume in spec.objects("volumes") {
            self.volume(spec, volume);
        }
        self.affinity(spec);
        for list in ["containers", "initContainers", "ephemeralContainers"] {
            for container in spec.objects(list) {
                self.container(spec, container, labels);
            }
        }
    }

    fn volume(&mut self, spec: Object<'_>, volume: Object<'_>) {
        self.volume_name(
            spec,
            volume.get("name"),
            Role::Definition(volume.mapping().range()),
        );
        if let Some(source) = volume.object("configMap") {
            self.config("ConfigMap", source, "name");
        }
        if let Some(source) = volume.object("secret") {
            self.config("Secret", source, "secretName");
        }
        if let Some(source) = volume.object("persistentVolumeClaim") {
            self.refer("PersistentVolumeClaim", source.get("claimName"), Role::Use);
        }
        let files = volume.object("downwardAPI");
        for file in files
            .map(|files| files.objects("items"))
            .unwrap_or_default()
        {
            let own = file.at(&["resourceFieldRef", "containerName"]);
            self.container_name(spec, own, Role::Use);
        }
        let projected = volume.object("projected");
        for source in projected
            .map(|projected| projected.objects("sources"))
            .unwrap_or_default()
        {
            if let Some(source) = source.object("configMap") {
                self.config("ConfigMap", source, "name");
            }
            if let Some(source) = source.object("secret") {
                self.config("Secret", source, "name");
            }
        }
    }

    /// The containers that the object around a pod names.
    pub(super) fn containers_of(&mut self, manifest: &Manifest<'_>, pod: Object<'_>) {
        let object = manifest.object;
        let job = object.at(&["spec", "jobTemplate", "spec"]);
        let Some(spec) = job.or_else(|| object.get("spec")).and_then(Value::object) else {
            return;
        };
        let rules = spec
            .object("podFailurePolicy")
            .map(|it| it.objects("rules"));
        for rule in rules.unwrap_or_default() {
            let own = rule.at(&["onExitCodes", "containerName"]);
            self.container_name(pod, own, Role::Use);
        }
        let annotations = if manifest.kind == "Pod" {
            object.at(&["metadata", "annotations"])
        } else {
            spec.at(&["template", "metadata", "annotations"])
        };
        let annotations = annotations.and_then(Value::object);
        let chosen = annotations.and_then(|it| it.get("kubectl.kubernetes.io/default-container"));
        self.container_name(pod, chosen, Role::Use);
    }

    /// A name of a container of this pod.
    fn container_name(&mut self, spec: Object<'_>, value: Option<Value<'_>>, role: Role) {
        if let Some((name, range)) = value.and_then(name_of) {
            let pod = spec.mapping().range().start();
            self.names.occurrences.push(Occurrence {
                symbol: Symbol::Container { pod, name },
                range,
                role,
            });
        }
    }

    pub(super) fn volume_name(&mut self, spec: Object<'_>, value: Option<Value<'_>>, role: Role) {
        if let Some((name, range)) = value.and_then(name_of) {
            let pod = spec.mapping().range().start();
            self.names.occurrences.push(Occurrence {
                symbol: Symbol::Volume { pod, name },
                range,
                role,
            });
        }
    }

    fn container(
        &mut self,
        spec: Object<'_>,
        container: Object<'_>,
        labels: &BTreeMap<String, String>,
    ) {
        let whole = Role::Definition(container.mapping().range());
        self.container_name(spec, container.get("name"), whole);
        self.container_name(spec, container.get("targetContainerName"), Role::Use);
        for mount in container.objects("volumeMounts") {
            self.volume_name(spec, mount.get("name"), Role::Use);
        }
        for source in container.objects("envFrom") {
            if let Some(reference) = source.object("configMapRef") {
                self.config("ConfigMap", reference, "name");
            }
            if let Some(reference) = source.object("secretRef") {
                self.config("Secret", reference, "name");
            }
        }
        let sources = container.objects("env").into_iter();
        for source in sources.filter_map(|variable| variable.object("valueFrom")) {
            if let Some(reference) = source.object("configMapKeyRef") {
                self.config("ConfigMap", reference, "name");
            }
            if let Some(reference) = source.object("secretKeyRef") {
                self.config("Secret", reference, "name");
            }
            let own = source.at(&["resourceFieldRef", "containerName"]);
            self.container_name(spec, own, Role::Use);
        }
        for port in container.objects("ports") {
            self.pod_port(
                labels,
                port.get("name"),
                Role::Definition(port.mapping().range()),
            );
        }
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            for action in ["httpGet", "tcpSocket"] {
                let port = container.at(&[probe, action, "port"]);
                self.pod_port(labels, port, Role::Use);
            }
        }
        for hook in ["postStart", "preStop"] {
            for action in ["httpGet", "tcpSocket"] {
                let port = container.at(&["lifecycle", hook, action, "port"]);
                self.pod_port(labels, port, Role::Use);
            }
        }
    }

    fn pod_port(
        &mut self,
        labels: &BTreeMap<String, String>,
        value: Option<Value<'_>>,
        role: Role,
    ) {
        if let Some((port, range)) = value.and_then(port_name) {
            let labels = labels.clone();
            self.names.occurrences.push(Occurrence {
                symbol: Symbol::PodPort { labels, port },
                range,
                role,
            });
        }
    }

    /// The labels of other pods that a pod wants to be near to, or far from.
    fn affinity(&mut self, spec: Object<'_>) {
        for constraint in spec.objects("topologySpreadConstraints") {
            self.label_selector(constraint.object("labelSelector"));
        }
        for side in ["podAffinity", "podAntiAffinity"] {
            let Some(side) = spec.at(&["affinity", side]).and_then(Value::object) else {
                continue;
            };
            for term in side.objects("requiredDuringSchedulingIgnoredDuringExecution") {
                self.label_selector(term.object("labelSelector"));
            }
            for term in side.objects("preferredDuringSchedulingIgnoredDuringExecution") {
                let term = term.object("podAffinityTerm");
                self.label_selector(term.and_then(|term| term.object("labelSelector")));
            }
        }
    }
}
