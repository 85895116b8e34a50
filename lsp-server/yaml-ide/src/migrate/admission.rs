//! Webhooks: the defaults of v1 are others, and two fields must be written.

use super::Migration;
use crate::object::Object;

/// What v1beta1 took for granted.
const DEFAULTS: [(&str, &str); 5] = [
    ("sideEffects", "None"),
    ("admissionReviewVersions", "[v1beta1]"),
    ("failurePolicy", "Ignore"),
    ("matchPolicy", "Exact"),
    ("timeoutSeconds", "30"),
];

impl Migration<'_> {
    pub(super) fn webhooks(&mut self, object: Object<'_>) {
        for webhook in object.objects("webhooks") {
            for (field, value) in DEFAULTS {
                self.default(webhook, field, value);
            }
            let effects = webhook
                .get("sideEffects")
                .filter(|value| matches!(value.text().as_deref(), Some("Unknown" | "Some")));
            if let Some(effects) = effects {
                self.edit(effects.range(), "None");
            }
        }
    }
}
