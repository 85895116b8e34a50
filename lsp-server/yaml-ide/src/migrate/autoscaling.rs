//! Metrics of autoscalers, and shares of a priority level.

use super::{Field, Migration};
use crate::object::Object;

impl Migration<'_> {
    pub(super) fn autoscaler(&mut self, spec: Object<'_>) {
        for metric in spec.objects("metrics") {
            self.metric(metric);
        }
    }

    fn metric(&mut self, metric: Object<'_>) {
        if let Some(resource) = metric.object("resource") {
            self.target(resource);
        }
        if let Some(resource) = metric.object("containerResource") {
            self.target(resource);
        }
        if let Some(pods) = metric.object("pods") {
            self.metric_name(pods);
            self.target(pods);
        }
        if let Some(external) = metric.object("external") {
            self.metric_name(external);
            self.target(external);
        }
        if let Some(object) = metric.object("object") {
            if let Some(entry) = object.entry("target") {
                self.rename(entry, "describedObject");
            }
            self.metric_name(object);
            self.target(object);
        }
    }

    /// The name goes into `metric`, with the selector beside it.
    fn metric_name(&mut self, source: Object<'_>) {
        let Some(name) = source.get("metricName") else {
            return;
        };
        let mut metric = vec![Field::Value("name", self.written(name))];
        for field in ["selector", "metricSelector"] {
            if let Some(selector) = source.entry(field) {
                metric.push(self.moved(selector, "selector"));
                self.remove(source, &[field]);
            }
        }
        self.replace(source, "metricName", &[Field::Object("metric", metric)]);
    }

    fn target(&mut self, source: Object<'_>) {
        let targets = [
            (
                "targetAverageUtilization",
                "Utilization",
                "averageUtilization",
            ),
            ("targetAverageValue", "AverageValue", "averageValue"),
            ("averageValue", "AverageValue", "averageValue"),
            ("targetValue", "Value", "value"),
        ];
        for (old, ty, new) in targets {
            if let Some(value) = source.get(old) {
                let target = vec![
                    Field::Value("type", ty.to_owned()),
                    Field::Value(new, self.written(value)),
                ];
                self.replace(source, old, &[Field::Object("target", target)]);
            }
        }
    }

    /// The shares of a priority level have another name.
    pub(super) fn shares(&mut self, spec: Object<'_>) {
        let limited = spec.object("limited");
        if let Some(entry) = limited.and_then(|it| it.entry("assuredConcurrencyShares")) {
            self.rename(entry, "nominalConcurrencyShares");
        }
    }
}
