//! What the objects are compared with: the client knows what is deployed, or the version before.

use serde::Deserialize;
use yaml_ide::Deployed;

use super::Session;

/// `kun/deployed`: the manifests that are deployed, in place of what was told before.
#[derive(Debug, Deserialize)]
pub(crate) struct DeployedParams {
    /// What messages call them, such as `version v1.4.2`; `null` if nothing is known any more.
    name: Option<String>,
    /// Manifests as YAML or JSON.
    #[serde(default)]
    texts: Vec<String>,
}

impl Session {
    /// Compares all objects with these from now on.
    pub(crate) fn compare_with(&mut self, params: &DeployedParams) {
        let texts = || params.texts.iter().map(String::as_str);
        let deployed = params
            .name
            .as_ref()
            .map(|name| Deployed::read(name, texts()));
        self.workspace.set_deployed(deployed);
        self.judge_again();
    }
}
