//! The settings of the server, as a client writes them.

use k8s_schemas::KubeRelease;
use serde_json::Value;
use tower_lsp::ls_types as lsp;
use yaml_ide::Config;

/// The section of the client's settings that is ours.
pub(crate) const SECTION: &str = "kun";

/// The release that stands for the one that the chosen cluster runs.
const RELEASE_OF_CLUSTER: &str = "cluster";

/// What a person may choose. Unknown settings and values are ignored: a client may be newer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Configuration {
    features: Config,
    /// The release is that of the cluster, once its version is known.
    follows_cluster: bool,
    cluster_version: Option<String>,
    /// Where documents of a cluster are saved; nowhere if it is empty.
    openapi: String,
    /// The same for single folders of the client, where it could be asked.
    openapi_of_folders: Vec<(lsp::Uri, String)>,
}

impl Configuration {
    /// Takes over what `settings` names: either our section alone or an object that holds it.
    /// What is wrong with it is answered in a sentence.
    pub(crate) fn update(&mut self, settings: &Value) -> Option<String> {
        let settings = settings.get(SECTION).unwrap_or(settings);
        let features = &mut self.features;
        switch(settings, "inlayHints", &mut features.inlay_hints);
        switch(settings, "codeLenses", &mut features.code_lenses);
        switch(settings, "revealSecrets", &mut features.reveal_secrets);
        switch(settings, "indentSequences", &mut features.indent_sequences);
        if let Some(releases) = settings.get("releases").and_then(Value::as_object) {
            features.releases = releases.iter().filter_map(for_files).collect();
        }
        if let Some(path) = openapi(settings) {
            self.openapi = path;
        }
        let wanted = settings.get("release").and_then(Value::as_str)?;
        self.follows_cluster = wanted == RELEASE_OF_CLUSTER;
        if self.follows_cluster {
            self.follow_cluster();
            return None;
        }
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

    /// Takes over what the settings of single folders name, in place of what they named before.
    pub(crate) fn set_folders<'a>(
        &mut self,
        folders: impl Iterator<Item = (&'a lsp::Uri, &'a Value)>,
    ) {
        let paths = folders.filter_map(|(folder, settings)| {
            let settings = settings.get(SECTION).unwrap_or(settings);
            Some((folder.clone(), openapi(settings)?))
        });
        self.openapi_of_folders = paths.collect();
    }

    /// Where documents of a cluster are saved for a folder of the client.
    pub(crate) fn openapi(&self, folder: Option<&lsp::Uri>) -> Option<&str> {
        let mut of_folders = self.openapi_of_folders.iter();
        let own = of_folders.find(|(it, _)| Some(it) == folder);
        let path = own.map_or(&self.openapi, |(_, path)| path);
        (!path.is_empty()).then_some(path)
    }

    /// Takes note of the version of the cluster whose kinds count; of none if none is chosen.
    pub(crate) fn set_cluster_version(&mut self, version: Option<String>) {
        self.cluster_version = version;
        self.follow_cluster();
    }

    fn follow_cluster(&mut self) {
        if self.follows_cluster {
            let version = self.cluster_version.as_deref();
            self.features.release = version.and_then(KubeRelease::nearest).unwrap_or_default();
        }
    }

    /// The part that the features read.
    pub(crate) fn features(&self) -> Config {
        self.features.clone()
    }
}

/// A pattern of paths and the release of such files.
fn for_files((pattern, release): (&String, &Value)) -> Option<(String, KubeRelease)> {
    let release = KubeRelease::nearest(release.as_str()?)?;
    Some((pattern.clone(), release))
}

/// The path that settings name; a client that knows nothing of it says nothing.
fn openapi(settings: &Value) -> Option<String> {
    let path = settings.get("openapi")?.as_str()?;
    Some(path.trim().to_owned())
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
    fn releases_of_files_are_taken_over_whole() {
        let mut configuration = Configuration::default();
        configuration.update(&json!({"releases": {"old/**": "1.33", "b/**": 5}}));
        let expected = vec![("old/**".to_owned(), KubeRelease::V1_33)];
        assert_eq!(configuration.features().releases, expected);
        configuration.update(&json!({"releases": {}}));
        assert_eq!(configuration.features().releases, []);
    }

    #[test]
    fn release_of_the_cluster_is_followed_if_asked_for() {
        let mut configuration = Configuration::default();
        let release = |configuration: &Configuration| configuration.features().release;
        configuration.set_cluster_version(Some("v1.34.2+k3s1".to_owned()));
        assert_eq!(release(&configuration), KubeRelease::NEWEST);
        configuration.update(&json!({"release": "cluster"}));
        assert_eq!(release(&configuration), KubeRelease::V1_34);
        configuration.set_cluster_version(Some("v1.36.0".to_owned()));
        assert_eq!(release(&configuration), KubeRelease::V1_36);
        configuration.set_cluster_version(None);
        assert_eq!(release(&configuration), KubeRelease::NEWEST);
    }

    #[test]
    fn unknown_release_is_told_with_the_nearest_one() {
        let message = Configuration::default().update(&json!({"release": "v1.20.3"}));
        let expected =
            "Kubernetes v1.20.3 is not known, 1.33 is used instead. Known are 1.33 to 1.37.";
        assert_eq!(message.as_deref(), Some(expected));
    }
}
