//! Deployments and their like: `apps/v1` guesses no selector.

use super::{Field, Migration};
use crate::object::{Object, Value};

impl Migration<'_> {
    pub(super) fn workload(&mut self, spec: Object<'_>) {
        self.remove(spec, &["rollbackTo", "templateGeneration"]);
        if spec.says("selector") {
            return;
        }
        let labels = spec.at(&["template", "metadata", "labels"]);
        let labels = labels.and_then(Value::object);
        let pairs = labels.map(Object::effective_pairs).unwrap_or_default();
        let written: Vec<(String, String)> = pairs
            .into_iter()
            .filter_map(|(key, _, value)| Some((key, self.written(value?))))
            .collect();
        if !written.is_empty() {
            let labels = written.iter();
            let labels = labels.map(|(key, value)| Field::Value(key, value.clone()));
            let labels = Field::Object("matchLabels", labels.collect());
            self.first(spec, &Field::Object("selector", vec![labels]));
        }
    }
}
