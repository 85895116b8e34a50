//! Custom resource definitions: each version has a schema of its own.

use super::{Field, Migration};
use crate::object::Object;

/// What stood beside the versions and goes into each of them.
const SHARED: [&str; 2] = ["subresources", "additionalPrinterColumns"];

impl Migration<'_> {
    pub(super) fn definition(&mut self, spec: Object<'_>) {
        let mut gone = vec!["validation", "preserveUnknownFields"];
        gone.extend(SHARED);
        let versions = spec.objects("versions");
        if versions.is_empty() {
            self.only_version(spec);
        } else {
            for version in versions {
                self.version(spec, version);
            }
            gone.push("version");
        }
        self.remove(spec, &gone);
        self.conversion(spec);
    }

    /// `version` alone becomes a list of one.
    fn only_version(&mut self, spec: Object<'_>) {
        let Some(name) = spec.get("version") else {
            return;
        };
        let truth = || "true".to_owned();
        let mut version = vec![
            Field::Value("name", self.written(name)),
            Field::Value("served", truth()),
            Field::Value("storage", truth()),
            self.schema(spec),
        ];
        version.extend(SHARED.iter().filter_map(|field| self.shared(spec, field)));
        let versions = Field::Items("versions", vec![version]);
        self.replace(spec, "version", &[versions]);
    }

    fn version(&mut self, spec: Object<'_>, version: Object<'_>) {
        for field in SHARED {
            if !version.has(field)
                && let Some(field) = self.shared(spec, field)
            {
                self.last(version, &field);
            }
        }
        if let Some(columns) = version.entry("additionalPrinterColumns") {
            let text = self
                .source
                .slice(columns.range())
                .replace("JSONPath:", "jsonPath:");
            self.edit(columns.range(), text);
        }
        if !version.has("schema") {
            let schema = self.schema(spec);
            self.last(version, &schema);
        }
    }

    /// The schema of the definition, as that of a version.
    fn schema(&self, spec: Object<'_>) -> Field<'static> {
        let validation = spec.object("validation");
        let written = validation.and_then(|it| it.entry("openAPIV3Schema"));
        let key = "openAPIV3Schema";
        let schema = match written {
            Some(entry) => self.moved(entry, key),
            // Without a schema everything was kept.
            None => Field::Object(
                key,
                vec![
                    Field::Value("type", "object".to_owned()),
                    Field::Value("x-kubernetes-preserve-unknown-fields", "true".to_owned()),
                ],
            ),
        };
        Field::Object("schema", vec![schema])
    }

    fn shared(&self, spec: Object<'_>, field: &'static str) -> Option<Field<'static>> {
        let mut moved = self.moved(spec.entry(field)?, field);
        if let Field::Moved(_, text, _) = &mut moved {
            *text = text.replace("JSONPath:", "jsonPath:");
        }
        Some(moved)
    }

    fn conversion(&mut self, spec: Object<'_>) {
        let Some(conversion) = spec.object("conversion") else {
            return;
        };
        let Some(client) = conversion.entry("webhookClientConfig") else {
            return;
        };
        let versions = match conversion.get("conversionReviewVersions") {
            Some(versions) => self.written(versions),
            None => "[v1beta1]".to_owned(),
        };
        let fields = vec![
            Field::Value("conversionReviewVersions", versions),
            self.moved(client, "clientConfig"),
        ];
        let webhook = Field::Object("webhook", fields);
        self.replace(conversion, "webhookClientConfig", &[webhook]);
        self.remove(conversion, &["conversionReviewVersions"]);
    }
}
