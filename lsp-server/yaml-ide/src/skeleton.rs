//! New fields with what must stand in them: with tab stops for completion, plain for quick fixes.

use k8s_schemas::{Field, Schema, Type};

use crate::completion::suggestions;
use crate::{enums, layout};

/// Deeper than any built-in kind requires; circles of custom ones end here.
const MAX_DEPTH: usize = 8;

/// How new lines are laid out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// Columns for one step.
    pub(crate) step: usize,
    /// Whether the items of a list stand deeper than its key.
    pub(crate) indent_sequences: bool,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            step: 2,
            indent_sequences: true,
        }
    }
}

/// The names that a field of a definition can have.
pub(crate) type Suggest<'n> = dyn Fn(&str, &str) -> Vec<String> + 'n;

/// Writes fields in block style, with their required fields.
pub(crate) struct Writer<'n> {
    layout: Layout,
    /// The number of the next tab stop; 0 writes plain values instead.
    next_stop: usize,
    /// The number of the stop of the label that selector and template share.
    label_stop: Option<usize>,
    /// The label of the pods that are there already.
    pod_label: Option<(String, String)>,
    /// The label that is written first, to be changed.
    first_label: Option<(String, String)>,
    /// The names that a field of a definition can have.
    names: Option<&'n Suggest<'n>>,
    text: String,
}

impl<'n> Writer<'n> {
    /// Writes tab stops, the first with the number `stop`.
    pub(crate) fn snippet(layout: Layout, stop: usize) -> Self {
        Self {
            layout,
            next_stop: stop,
            label_stop: None,
            pod_label: None,
            first_label: None,
            names: None,
            text: String::new(),
        }
    }

    /// Writes values that can stay as they are.
    pub(crate) fn plain(layout: Layout) -> Self {
        Self {
            layout,
            next_stop: 0,
            label_stop: None,
            pod_label: None,
            first_label: None,
            names: None,
            text: String::new(),
        }
    }

    /// Selects pods that are there already by one of their labels.
    pub(crate) fn selecting(mut self, pod_label: Option<(String, String)>) -> Self {
        self.pod_label = pod_label;
        self
    }

    /// Begins with this label where pods are selected or named.
    pub(crate) fn labelled(mut self, label: Option<(String, String)>) -> Self {
        self.first_label = label;
        self
    }

    /// Lets choose from names that are there already.
    pub(crate) fn suggesting(mut self, names: &'n Suggest<'n>) -> Self {
        self.names = Some(names);
        self
    }

    /// What was written.
    pub(crate) fn finish(self) -> String {
        self.text
    }

    /// A field of `owner` and its value, at `column`; the first line is not indented.
    pub(crate) fn field(&mut self, owner: Schema<'_>, field: Field<'_>, column: usize) {
        self.field_of(owner, field, column, 0);
    }

    fn field_at(&mut self, name: &str, schema: Schema<'_>, column: usize, depth: usize) {
        self.text.push_str(name);
        self.text.push(':');
        let inner = column + self.layout.step;
        match schema.ty() {
            // Nothing must stand in it, and it must be there.
            Type::Object if (depth > 0 || self.next_stop == 0) && expected(schema).is_empty() => {
                self.text.push_str(" {");
                if self.next_stop > 0 {
                    self.stop("");
                }
                self.text.push('}');
            }
            Type::Object if depth < MAX_DEPTH => {
                self.line(inner);
                self.object(schema, inner, depth + 1);
            }
            Type::List => {
                let column = self.item_column(column);
                self.line(column);
                self.item_at(name, schema.items(), column, depth + 1);
            }
            Type::Map => {
                self.line(inner);
                self.map_entry(name, schema);
            }
            _ => {
                self.text.push(' ');
                self.scalar(name, schema);
            }
        }
    }

    /// A field on a new line at the very left.
    pub(crate) fn separate(&mut self, name: &str, schema: Schema<'_>) {
        self.line(0);
        self.field_at(name, schema, 0, 1);
    }

    /// `- ` and an item, with the dash at `column`.
    pub(crate) fn item(&mut self, schema: Option<Schema<'_>>, column: usize) {
        self.item_at("item", schema, column, 0);
    }

    fn item_at(&mut self, list: &str, schema: Option<Schema<'_>>, column: usize, depth: usize) {
        self.text.push_str("- ");
        let Some(schema) = schema else {
            self.stop("");
            return;
        };
        match schema.ty() {
            Type::Object if expected(schema).is_empty() && self.next_stop == 0 => {
                self.text.push_str("{}");
            }
            Type::Object if depth < MAX_DEPTH => self.object(schema, column + 2, depth + 1),
            ty if sample(list, ty).is_empty() => self.scalar("item", schema),
            _ => self.scalar(list, schema),
        }
    }

    /// The required fields of an object, and those that one of its sort always has.
    fn object(&mut self, schema: Schema<'_>, column: usize, depth: usize) {
        let fields = expected(schema);
        if fields.is_empty() {
            self.stop("");
        }
        if short_name(schema) == "LabelSelectorRequirement" {
            self.requirement(column);
            return;
        }
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                self.line(column);
            }
            self.field_of(schema, *field, column, depth);
        }
    }

    /// A field with the value that it has nearly always, or with what must stand in it.
    fn field_of(&mut self, owner: Schema<'_>, field: Field<'_>, column: usize, depth: usize) {
        let is_template = matches!(short_name(owner), "PodTemplateSpec" | "JobTemplateSpec");
        if field.name == "metadata" && is_template {
            self.template_labels(column);
            return;
        }
        if field.name == "target" && short_name(owner).ends_with("MetricSource") {
            self.metric_target(short_name(owner), field, column, depth);
            return;
        }
        let words = self.words_for(short_name(owner), field.name);
        let of_list = field.schema.items().map(Schema::ty);
        match field.schema.ty() {
            _ if words.is_empty() => self.field_at(field.name, field.schema, column, depth),
            Type::Object | Type::Map | Type::Boolean => {
                self.field_at(field.name, field.schema, column, depth);
            }
            Type::List if of_list != Some(Type::String) => {
                self.field_at(field.name, field.schema, column, depth);
            }
            Type::List => {
                self.text.push_str(field.name);
                self.text.push(':');
                self.line(self.item_column(column));
                self.text.push_str("- ");
                self.words(&words, Type::String);
            }
            ty => {
                self.text.push_str(field.name);
                self.text.push_str(": ");
                self.words(&words, ty);
            }
        }
    }

    /// What a field may say: a name of the set, else what it says nearly always, else what is often
    /// written.
    fn words_for(&self, owner: &str, field: &str) -> Vec<String> {
        let names = self.names.map(|names| names(owner, field));
        if let Some(names) = names.filter(|names| !names.is_empty()) {
            return names;
        }
        let usual = [usual(owner, field)];
        let words: &[&str] = match usual {
            [""] => suggestions::of(owner, field),
            _ => &usual,
        };
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    /// Where the items of a list stand whose key is at `column`.
    fn item_column(&self, column: usize) -> usize {
        if self.layout.indent_sequences {
            column + self.layout.step
        } else {
            column
        }
    }

    /// How much a metric should be: only those of resources have a share of what is requested.
    fn metric_target(&mut self, owner: &str, field: Field<'_>, column: usize, depth: usize) {
        if matches!(
            owner,
            "ResourceMetricSource" | "ContainerResourceMetricSource"
        ) {
            self.field_at(field.name, field.schema, column, depth);
            return;
        }
        self.text.push_str("target:");
        for (key, value) in [("type", "AverageValue"), ("averageValue", "\"100\"")] {
            self.line(column + self.layout.step);
            self.text.push_str(key);
            self.text.push_str(": ");
            self.stop(value);
        }
    }

    /// The metadata of a template: its labels are what matters.
    fn template_labels(&mut self, column: usize) {
        self.text.push_str("metadata:");
        self.line(column + self.layout.step);
        self.text.push_str("labels:");
        self.line(column + 2 * self.layout.step);
        self.label();
    }

    /// The label that tells pods apart: selector and template have the same one.
    fn label(&mut self) {
        if let Some((key, value)) = &self.pod_label {
            let (key, value) = (layout::plain_or_quoted(key), layout::plain_or_quoted(value));
            self.text.push_str(&[&key, ": ", &value].concat());
            return;
        }
        let stop = *self.label_stop.get_or_insert(self.next_stop);
        if stop == 0 {
            self.text.push_str("app: web");
            return;
        }
        let first = self.first_label.as_ref();
        let (key, value) = first.map_or(("app", "web"), |(key, value)| (key, value));
        let label = format!("${{{stop}:{key}}}: ${{{}:{value}}}", stop + 1);
        self.text.push_str(&label);
        self.next_stop = self.next_stop.max(stop + 2);
    }

    /// A requirement on labels that the pods meant here fulfil.
    fn requirement(&mut self, column: usize) {
        let written = |(key, value): &(String, String)| {
            (layout::plain_or_quoted(key), layout::plain_or_quoted(value))
        };
        let label = self.pod_label.as_ref().map(written);
        let label = label.or_else(|| self.first_label.clone());
        let (key, value) = label.unwrap_or(("app".to_owned(), "web".to_owned()));
        self.text.push_str("key: ");
        self.stop(&key);
        self.line(column);
        self.text.push_str("operator: ");
        self.stop("In");
        self.line(column);
        self.text.push_str("values:");
        let column = self.item_column(column);
        self.line(column);
        self.text.push_str("- ");
        self.stop(&value);
    }

    fn map_entry(&mut self, name: &str, schema: Schema<'_>) {
        let text = schema
            .values()
            .is_none_or(|values| values.ty() == Type::String);
        if matches!(name, "matchLabels" | "labels" | "selector") {
            self.label();
            return;
        }
        let encoded = schema.values().and_then(Schema::format) == Some("byte");
        let (key, value) = match name {
            _ if encoded => ("file", "ZGF0YQ=="),
            "requests" | "limits" => ("cpu", "100m"),
            _ if text => ("key", "value"),
            _ => ("key", ""),
        };
        self.stop(key);
        self.text.push_str(": ");
        self.stop(value);
    }

    fn scalar(&mut self, name: &str, schema: Schema<'_>) {
        let choices = enums::best_first(schema);
        let choices: Vec<&str> = choices
            .into_iter()
            .filter_map(serde_json::Value::as_str)
            .collect();
        match (schema.ty(), choices.as_slice()) {
            (_, [_, ..]) if choices.len() <= 12 => {
                let written = choices.iter().map(|choice| layout::plain_or_quoted(choice));
                self.choice(&written.collect::<Vec<_>>());
            }
            (Type::Boolean, _) => self.choice(&["true".to_owned(), "false".to_owned()]),
            (ty, _) => match (sample(name, ty), schema.format()) {
                ("", Some("byte")) => self.stop("ZGF0YQ=="),
                (_, Some("date-time")) => self.stop("\"2026-01-01T00:00:00.000000Z\""),
                ("", _) if self.next_stop > 0 && ty == Type::String => self.stop(name),
                (text, _) => self.stop(text),
            },
        }
    }

    /// One of the words.
    fn words(&mut self, words: &[String], ty: Type) {
        let written: Vec<String> = words
            .iter()
            .map(|word| match ty {
                Type::String => layout::plain_or_quoted(word),
                _ => word.clone(),
            })
            .filter(|word| !word.contains([',', '|', '$', '}', '\\']))
            .collect();
        match written.as_slice() {
            [] => self.stop(""),
            [one] => self.stop(one),
            _ => self.choice(&written),
        }
    }

    fn choice(&mut self, choices: &[String]) {
        if self.next_stop == 0 {
            self.text.extend(choices.first().map(String::as_str));
            return;
        }
        let choice = format!("${{{}|{}|}}", self.next_stop, choices.join(","));
        self.text.push_str(&choice);
        self.next_stop += 1;
    }

    fn stop(&mut self, value: &str) {
        if self.next_stop == 0 {
            let value = if value.is_empty() { "\"\"" } else { value };
            self.text.push_str(value);
            return;
        }
        let stop = match value {
            "" => format!("${}", self.next_stop),
            _ => format!("${{{}:{value}}}", self.next_stop),
        };
        self.text.push_str(&stop);
        self.next_stop += 1;
    }

    fn line(&mut self, column: usize) {
        self.text.push('\n');
        self.text.push_str(&" ".repeat(column));
    }
}

/// Fields that an object of this sort is written with: the required ones, and what makes it useful.
pub(crate) fn expected(schema: Schema<'_>) -> Vec<Field<'_>> {
    let mut names: Vec<&str> = match short_name(schema) {
        "Container" => vec!["name", "image"],
        "ContainerPort" => vec!["name", "containerPort"],
        "EnvVar" => vec!["name", "value"],
        "ObjectMeta" | "LocalObjectReference" | "ConfigMapEnvSource" | "SecretEnvSource" => {
            vec!["name"]
        }
        "LabelSelector" => vec!["matchLabels"],
        "ServicePort" => vec!["name", "port", "targetPort"],
        "ResourceRequirements" => vec!["requests", "limits"],
        "VolumeMount" => vec!["name", "mountPath"],
        "ConfigMapKeySelector" | "SecretKeySelector" => vec!["name", "key"],
        "PodTemplateSpec" | "PersistentVolumeClaim" => vec!["metadata", "spec"],
        "MetricTarget" => vec!["type", "averageUtilization"],
        "MetricSpec" => vec!["type", "resource"],
        "CrossVersionObjectReference" => vec!["apiVersion", "kind", "name"],
        "HTTPGetAction" => vec!["path", "port"],
        "IngressRule" => vec!["host", "http"],
        "IngressTLS" => vec!["hosts", "secretName"],
        "HTTPIngressPath" => vec!["path", "pathType", "backend"],
        "IngressBackend" => vec!["service"],
        "IngressServiceBackend" => vec!["name", "port"],
        "ServiceBackendPort" => vec!["number"],
        "PolicyRule" => vec!["apiGroups", "resources", "verbs"],
        "TopologySpreadConstraint" => vec![
            "maxSkew",
            "topologyKey",
            "whenUnsatisfiable",
            "labelSelector",
        ],
        "WeightedPodAffinityTerm" => vec!["weight", "podAffinityTerm"],
        "PodAffinityTerm" => vec!["labelSelector", "topologyKey"],
        "PersistentVolumeClaimSpec" => vec!["accessModes", "resources"],
        "VolumeResourceRequirements" => vec!["requests"],
        "ConfigMapVolumeSource" | "ConfigMapProjection" | "SecretProjection" => vec!["name"],
        "SecretVolumeSource" => vec!["secretName"],
        "JobTemplateSpec" => vec!["spec"],
        "CustomResourceDefinitionVersion" => vec!["name", "served", "storage", "schema"],
        "CustomResourceValidation" => vec!["openAPIV3Schema"],
        "JSONSchemaProps" => vec!["type"],
        "NodeSelectorRequirement" => vec!["key", "operator", "values"],
        "PodFailurePolicyRule" => vec!["action", "onExitCodes"],
        "PodResourceClaim" => vec!["name", "resourceClaimTemplateName"],
        "DownwardAPIVolumeFile" => vec!["path", "fieldRef"],
        _ => Vec::new(),
    };
    let rest = schema.fields().filter(|field| field.required);
    for field in rest {
        if !names.contains(&field.name) {
            names.push(field.name);
        }
    }
    names
        .into_iter()
        .filter_map(|name| schema.field(name))
        .collect()
}

/// The last part of the name of a definition; empty where it has none.
pub(crate) fn short_name(schema: Schema<'_>) -> &str {
    let name = schema.definition().unwrap_or_default();
    name.rsplit('.').next().unwrap_or(name)
}

/// What a text field of this definition says nearly always; empty where nothing is usual.
fn usual(owner: &str, field: &str) -> &'static str {
    match (owner, field) {
        ("RoleRef", "kind") => "ClusterRole",
        ("RoleRef", "apiGroup") => "rbac.authorization.k8s.io",
        ("Subject", "kind") => "ServiceAccount",
        ("CrossVersionObjectReference", "apiVersion") => "apps/v1",
        ("CrossVersionObjectReference", "kind") => "Deployment",
        ("MetricSpec", "type") => "Resource",
        ("ResourceMetricSource", "name") => "cpu",
        ("MetricTarget", "type") => "Utilization",
        ("MetricTarget", "averageUtilization") => "80",
        ("CustomResourceDefinitionSpec", "group") => "example.com",
        ("CustomResourceDefinitionSpec", "scope") => "Namespaced",
        ("CustomResourceDefinitionNames", "kind") => "Widget",
        ("CustomResourceDefinitionNames", "plural") => "widgets",
        ("CustomResourceDefinitionVersion", "name") => "v1",
        ("JSONSchemaProps", "type") => "object",
        ("RuntimeClass", "handler") => "runc",
        ("CustomResourceColumnDefinition", "jsonPath") => ".spec.size",
        ("HostAlias", "hostnames") => "web.local",
        ("HostAlias", "ip") => "127.0.0.1",
        ("IngressRule", "host") | ("IngressTLS", "hosts") => "web.example.com",
        ("IngressTLS", "secretName") => "web-tls",
        ("KeyToPath", "path") => "key",
        ("ObjectMeta", "finalizers") => "example.com/cleanup",
        ("ServiceSpec", "externalIPs") => "192.0.2.10",
        ("ServiceSpec", "loadBalancerSourceRanges") => "10.0.0.0/8",
        ("DownwardAPIVolumeFile", "path") => "labels",
        ("PodAffinityTerm" | "TopologySpreadConstraint", "topologyKey") => "kubernetes.io/hostname",
        _ => "",
    }
}

fn sample(name: &str, ty: Type) -> &'static str {
    match (name, ty) {
        ("image", _) => "nginx:1.29",
        ("name", _) => "web",
        ("containerPort" | "port" | "number", _) => "80",
        ("targetPort", _) => "http",
        ("mountPath", _) => "/data",
        ("path", _) => "/",
        ("schedule", _) => "\"0 3 * * *\"",
        ("key", _) => "key",
        ("signerName", _) => "kubernetes.io/kube-apiserver-client",
        // The first line of what `openssl req` writes.
        ("request", Type::String) => "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0=",
        ("provisioner" | "driverName", _) => "csi.example.com",
        ("maxReplicas", _) => "10",
        ("cpu", _) => "100m",
        ("memory", _) => "128Mi",
        ("storage", _) => "10Gi",
        ("addresses", Type::String) => "10.0.0.1",
        (_, Type::Integer | Type::Number | Type::IntOrString) => "1",
        (_, Type::Quantity) => "100m",
        _ => "",
    }
}

/// Fields of an object with their values, each on a line of its own at `column`.
pub(crate) fn lines(
    mut writer: Writer<'_>,
    owner: Schema<'_>,
    fields: &[Field<'_>],
    column: usize,
) -> String {
    for field in fields {
        writer.line(column);
        writer.field_of(owner, *field, column, 0);
    }
    writer.finish()
}

/// A value of a field in flow style.
pub(crate) fn flow_value(field: Field<'_>) -> String {
    let schema = field.schema;
    let choices = enums::best_first(schema).into_iter();
    let mut choices = choices.filter_map(serde_json::Value::as_str);
    let sample = sample(field.name, schema.ty());
    let text = match (schema.ty(), choices.next()) {
        (Type::Object | Type::Map, _) => "{}",
        (Type::List, _) => "[]",
        (Type::Boolean, _) => "true",
        (_, Some(choice)) => return layout::plain_or_quoted(choice),
        (_, None) if !sample.is_empty() => sample,
        (Type::Integer | Type::Number | Type::IntOrString | Type::Quantity, _) => "1",
        (Type::String | Type::Any, _) => "\"\"",
    };
    text.to_owned()
}
