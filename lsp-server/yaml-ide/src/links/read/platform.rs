//! What objects refer to that are about the cluster, its storage and its traffic.

use super::Reader;
use crate::links::Role;
use crate::manifest::Manifest;
use crate::object::{Object, Value};

impl Reader<'_> {
    /// Names that may well belong to an object outside of the set.
    pub(super) fn platform(&mut self, manifest: &Manifest<'_>) {
        let object = manifest.object;
        for webhook in object.objects("webhooks") {
            self.service_of_client(webhook.object("clientConfig"));
        }
        let Some(spec) = object.object("spec") else {
            return;
        };
        match manifest.kind.as_str() {
            "APIService" => self.service_of_client(Some(spec)),
            "CustomResourceDefinition" => {
                let client = spec.at(&["conversion", "webhook", "clientConfig"]);
                self.service_of_client(client.and_then(Value::object));
            }
            "PersistentVolume" => {
                self.storage_class(spec);
                if let Some(claim) = spec.object("claimRef") {
                    self.in_namespace(claim.text("namespace"), |reader| {
                        let name = claim.get("name");
                        reader.refer("PersistentVolumeClaim", name, Role::OptionalUse);
                    });
                }
            }
            "StatefulSet" => {
                let claims = spec.objects("volumeClaimTemplates").into_iter();
                for claim in claims.filter_map(|claim| claim.object("spec")) {
                    self.storage_class(claim);
                }
            }
            _ if manifest
                .api_version
                .starts_with("gateway.networking.k8s.io/") =>
            {
                self.route(spec);
            }
            _ => {}
        }
    }

    fn storage_class(&mut self, spec: Object<'_>) {
        let class = spec.get("storageClassName");
        self.refer("StorageClass", class, Role::OptionalUse);
    }

    /// The Service that an API server asks.
    fn service_of_client(&mut self, client: Option<Object<'_>>) {
        if let Some(service) = client.and_then(|client| client.object("service")) {
            self.named("Service", service);
        }
    }

    /// What a route hangs on, and where it leads.
    fn route(&mut self, spec: Object<'_>) {
        for parent in spec.objects("parentRefs") {
            self.named("Gateway", parent);
        }
        for rule in spec.objects("rules") {
            for backend in rule.objects("backendRefs") {
                self.named("Service", backend);
            }
        }
        self.refer(
            "GatewayClass",
            spec.get("gatewayClassName"),
            Role::OptionalUse,
        );
    }

    /// An object by name, and by kind and namespace where they are written.
    fn named(&mut self, usual: &str, reference: Object<'_>) {
        let kind = reference.text("kind").unwrap_or_else(|| usual.to_owned());
        self.in_namespace(reference.text("namespace"), |reader| {
            reader.refer(&kind, reference.get("name"), Role::OptionalUse);
        });
    }
}
