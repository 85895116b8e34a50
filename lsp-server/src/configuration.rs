//! The settings of the server, as a client writes them.

use k8s_schemas::KubeRelease;
use serde_json::Value;
use yaml_ide::Config;

/// The section of the client's settings that is ours.
pub(crate) const SECTION: &str = "kun";

/// What a person may choose. Unknown settings and values are ignored: a client may be newer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Configuration {
    features: Config,
}

impl Configuration {
    /// Takes over what `settings` names: either our section alone or an object that holds it.
    /// What is wrong with it is answered in a sentence.
    pub(crate) fn update(&mut self, settings: &Value) -> Option<String> {
        let settings = settings.get(SECTION).unwrap_or(settings);
        let features = &mut self.features;
        switch(settings, "inlayHints", &mut features.inlay_hints);
        switch(settings, "codeLenses", &mut features.code_lenses);
        switch(settings, "indentSequences", &mut features.indent_sequences);
        let wanted = settings.get("release").and_then(Value::as_str)?;
        features.release = KubeRelease::nearest(wanted).unwrap_or_default();
        (KubeRelease::parse(wanted).is_none()).then(|| {
            format!(
                "Kubernetes {wanted} is not known, {} is used instead. Known are {} to {}.",
                features.release,
                KubeRelease::ALL[0],
                KubeRelease::NEWEST
            )
        })
    }

    /// The part that the features read.
    pub(crate) fn features(&self) -> Config {
        self.features.clone()
    }
}

fn switch(settings: &Value, name: &str, value: &mut bool) {
    if let Some(wanted) = settings.get(name).and_then(Value::as_bool) {
        *value = wanted;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn settings_not_named_stay_and_unknown_ones_are_ignored() {
        let mut configuration = Configuration::default();
        let message = configuration.update(&json!({"kun": {"inlayHints": false, "new": 1}}));
        assert_eq!(message, None);
        assert_eq!(
            configuration.update(&json!({"codeLenses": "yes", "release": "1.34"})),
            None
        );
        assert_eq!(configuration.update(&Value::Null), None);

        let features = configuration.features();
        assert!(!features.inlay_hints && features.code_lenses);
        assert_eq!(features.release, KubeRelease::V1_34);
    }

    #[test]
    fn unknown_release_is_told_with_the_nearest_one() {
        let message = Configuration::default().update(&json!({"release": "v1.20.3"}));
        let expected =
            "Kubernetes v1.20.3 is not known, 1.33 is used instead. Known are 1.33 to 1.37.";
        assert_eq!(message.as_deref(), Some(expected));
    }
}
