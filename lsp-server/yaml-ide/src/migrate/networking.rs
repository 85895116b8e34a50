//! Ingresses and the addresses behind a Service.

use super::{Field, Migration};
use crate::object::{Object, Value};

impl Migration<'_> {
    pub(super) fn ingress(&mut self, spec: Object<'_>) {
        if let Some(entry) = spec.entry("backend") {
            self.rename(entry, "defaultBackend");
        }
        self.backend(spec.object("backend"));
        for rule in spec.objects("rules") {
            let paths = rule.object("http").map(|http| http.objects("paths"));
            for path in paths.unwrap_or_default() {
                self.backend(path.object("backend"));
                if !path.has("pathType") {
                    let any = "ImplementationSpecific".to_owned();
                    self.first(path, &Field::Value("pathType", any));
                }
            }
        }
    }

    /// `serviceName` and `servicePort` become `service` with a port by name or number.
    fn backend(&mut self, backend: Option<Object<'_>>) {
        let Some(backend) = backend else {
            return;
        };
        let (Some(name), Some(port)) = (backend.get("serviceName"), backend.get("servicePort"))
        else {
            return;
        };
        let is_number = port.json().is_some_and(|port| port.is_number());
        let key = if is_number { "number" } else { "name" };
        let port = vec![Field::Value(key, self.written(port))];
        let service = vec![
            Field::Value("name", self.written(name)),
            Field::Object("port", port),
        ];
        self.replace(backend, "serviceName", &[Field::Object("service", service)]);
        self.remove(backend, &["servicePort"]);
    }

    /// What was told of the place of an endpoint has fields of its own.
    pub(super) fn endpoint_slice(&mut self, slice: Object<'_>) {
        for endpoint in slice.objects("endpoints") {
            let Some(topology) = endpoint.object("topology") else {
                continue;
            };
            let fields = [
                ("kubernetes.io/hostname", "nodeName"),
                ("topology.kubernetes.io/zone", "zone"),
            ];
            let fields = fields.iter().filter(|(_, field)| !endpoint.has(field));
            let fields: Vec<Field<'_>> = fields
                .filter_map(|(label, field)| {
                    let value = topology.get(label)?;
                    Some(Field::Value(field, self.written(value)))
                })
                .collect();
            if fields.is_empty() {
                self.remove(endpoint, &["topology"]);
            } else {
                self.replace(endpoint, "topology", &fields);
            }
        }
    }

    /// A slice holds one subset; of several a person makes several slices.
    pub(super) fn endpoints(&mut self, object: Object<'_>) -> Option<()> {
        let subsets = object.objects("subsets");
        let [subset] = subsets.as_slice() else {
            return None;
        };
        let metadata = object.object("metadata")?;
        let name = self.written(metadata.get("name")?);
        let ready = subset.objects("addresses");
        let waiting = subset.objects("notReadyAddresses");
        let all = ready.iter().chain(&waiting);
        let is_v6 = all.clone().next()?.text("ip")?.contains(':');
        let count = ready.len();
        let endpoints: Option<Vec<_>> = all
            .enumerate()
            .map(|(index, address)| self.endpoint(*address, index < count))
            .collect();
        let ports = subset.objects("ports");
        let ports: Vec<_> = ports.into_iter().map(|port| self.pairs(port)).collect();
        let family = if is_v6 { "IPv6" } else { "IPv4" };
        let mut fields = vec![
            Field::Value("addressType", family.to_owned()),
            Field::Items("endpoints", endpoints?),
        ];
        if !ports.is_empty() {
            fields.push(Field::Items("ports", ports));
        }
        self.replace(object, "subsets", &fields);
        let label = Field::Value("kubernetes.io/service-name", name);
        match metadata.object("labels") {
            Some(labels) => self.first(labels, &label),
            None => self.first(metadata, &Field::Object("labels", vec![label])),
        }
        Some(())
    }

    fn endpoint(&self, address: Object<'_>, is_ready: bool) -> Option<Vec<Field<'static>>> {
        let ip = self.written(address.get("ip")?);
        let mut fields = vec![Field::Value("addresses", format!("[{ip}]"))];
        for field in ["hostname", "nodeName"] {
            if let Some(value) = address.get(field) {
                fields.push(Field::Value(field, self.written(value)));
            }
        }
        if let Some(target) = address.entry("targetRef") {
            fields.push(self.moved(target, "targetRef"));
        }
        if !is_ready {
            let ready = vec![Field::Value("ready", "false".to_owned())];
            fields.push(Field::Object("conditions", ready));
        }
        Some(fields)
    }

    /// The name, number and protocol of a port.
    fn pairs(&self, port: Object<'_>) -> Vec<Field<'static>> {
        let fields = ["name", "port", "protocol", "appProtocol"].into_iter();
        let value = |field| {
            Some((
                field,
                port.get(field)
                    .filter(|value: &Value<'_>| !value.is_null())?,
            ))
        };
        fields
            .filter_map(value)
            .map(|(field, value)| Field::Value(field, self.written(value)))
            .collect()
    }
}
