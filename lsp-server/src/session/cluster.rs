//! What a live cluster serves, as the client tells it: a server has no network.

use serde::Deserialize;

use super::Session;
use super::sources::{Answer, Part};

/// `kun/openapi`: what a cluster serves, in place of what any did before.
#[derive(Debug, Deserialize)]
pub(crate) struct ClusterParams {
    /// Which cluster; `null` if none is chosen any more.
    cluster: Option<String>,
    /// The answer of KUN's `GET /api/clusters/{cluster}/openapi`, as text.
    schemas: Option<String>,
}

impl Session {
    /// Takes in what a cluster serves.
    pub(crate) fn cluster_serves(&mut self, params: &ClusterParams) {
        let answer = params.schemas.as_deref().map(serde_json::from_str);
        let answer = answer.unwrap_or_else(|| Ok(Answer::default()));
        let source = self.sources.choose(params.cluster.as_ref());
        let mut refused = Vec::new();
        let Answer { version, documents } = answer.unwrap_or_else(|error| {
            refused.push(error.to_string());
            Answer::default()
        });
        let parts = documents.into_iter().map(|document| Part {
            file: None,
            text: document.into(),
        });
        source.replace(version, parts.collect(), refused);
        if source.is_read() {
            let complaint = source.put_to_use();
            self.use_sources(complaint);
        }
    }
}
