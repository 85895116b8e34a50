//! The fields of a kustomization.

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    Any,
    Text,
    Flag,
    Number,
    Texts,
    Map,
    /// Fields of this definition.
    Object(&'static str),
    /// A list of them.
    Objects(&'static str),
}

impl Shape {
    /// In words, with an article.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Any => "anything",
            Self::Text => "a string",
            Self::Flag => "a boolean",
            Self::Number => "a number",
            Self::Texts | Self::Objects(_) => "a list: start each item with `- `",
            Self::Map | Self::Object(_) => "a map",
        }
    }
}

/// The fields of a definition.
pub(crate) fn of(definition: &str) -> &'static [(&'static str, Shape)] {
    let found = TABLE.iter().find(|(name, _)| *name == definition);
    found.map_or(&[], |(_, fields)| fields)
}

use Shape::{Any, Flag, Map, Number, Object, Objects, Text, Texts};

type Definition = (&'static str, &'static [(&'static str, Shape)]);

#[rustfmt::skip] // A table, to be read by row.
static TABLE: &[Definition] = &[
    ("Kustomization", &[
        ("apiVersion", Text), ("kind", Text), ("metadata", Map),
        ("resources", Texts), ("components", Texts), ("crds", Texts), ("bases", Texts),
        ("namespace", Text), ("namePrefix", Text), ("nameSuffix", Text),
        ("labels", Objects("Labels")), ("commonLabels", Map), ("commonAnnotations", Map),
        ("patches", Objects("Patch")), ("patchesJson6902", Objects("Patch")), ("patchesStrategicMerge", Texts),
        ("images", Objects("Image")), ("imageTags", Objects("Image")), ("replicas", Objects("Replica")),
        ("replacements", Objects("Replacement")), ("vars", Any),
        ("configMapGenerator", Objects("ConfigMapArgs")), ("secretGenerator", Objects("SecretArgs")),
        ("generatorOptions", Object("GeneratorOptions")),
        ("generators", Texts), ("transformers", Texts), ("validators", Texts), ("configurations", Texts),
        ("helmCharts", Objects("HelmChart")), ("helmGlobals", Object("HelmGlobals")), ("helmChartInflationGenerator", Any),
        ("openapi", Map), ("buildMetadata", Texts), ("sortOptions", Object("SortOptions")),
    ]),
    ("Labels", &[
        ("pairs", Map), ("includeSelectors", Flag), ("includeTemplates", Flag), ("fields", Objects("FieldSpec")),
    ]),
    ("FieldSpec", &[
        ("group", Text), ("version", Text), ("kind", Text), ("path", Text), ("create", Flag),
    ]),
    ("Patch", &[
        ("path", Text), ("patch", Text), ("target", Object("Selector")), ("options", Object("PatchOptions")),
    ]),
    ("PatchOptions", &[("allowNameChange", Flag), ("allowKindChange", Flag)]),
    ("Selector", &[
        ("group", Text), ("version", Text), ("kind", Text), ("name", Text), ("namespace", Text),
        ("labelSelector", Text), ("annotationSelector", Text),
    ]),
    ("Image", &[
        ("name", Text), ("newName", Text), ("newTag", Text), ("tagSuffix", Text), ("digest", Text),
    ]),
    ("Replica", &[("name", Text), ("count", Number)]),
    ("Replacement", &[
        ("path", Text), ("source", Any), ("sourceValue", Text), ("targets", Any),
    ]),
    ("ConfigMapArgs", &[
        ("name", Text), ("namespace", Text), ("behavior", Text), ("literals", Texts), ("files", Texts),
        ("envs", Texts), ("env", Text), ("options", Object("GeneratorOptions")),
    ]),
    ("SecretArgs", &[
        ("name", Text), ("namespace", Text), ("behavior", Text), ("literals", Texts), ("files", Texts),
        ("envs", Texts), ("env", Text), ("type", Text), ("options", Object("GeneratorOptions")),
    ]),
    ("GeneratorOptions", &[
        ("labels", Map), ("annotations", Map), ("disableNameSuffixHash", Flag), ("immutable", Flag),
    ]),
    ("HelmGlobals", &[("chartHome", Text), ("configHome", Text)]),
    ("HelmChart", &[
        ("name", Text), ("version", Text), ("repo", Text), ("releaseName", Text), ("namespace", Text),
        ("valuesFile", Text), ("additionalValuesFiles", Texts), ("valuesInline", Map), ("valuesMerge", Text),
        ("includeCRDs", Flag), ("skipHooks", Flag), ("skipTests", Flag), ("apiVersions", Texts),
        ("kubeVersion", Text), ("nameTemplate", Text), ("debug", Flag), ("devel", Flag),
    ]),
    ("SortOptions", &[("order", Text), ("legacySortOptions", Map)]),
];
