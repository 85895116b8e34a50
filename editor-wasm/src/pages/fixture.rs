//! Test only: what a server answers.

use api_types::{Deploy, DeployOptions, DeployState};

/// A deploy of `shop/web`.
pub(super) fn a_deploy(id: &str, version: &str, environment: &str, state: DeployState) -> Deploy {
    Deploy {
        id: id.to_owned(),
        project: "shop".parse().unwrap(),
        set: "web".parse().unwrap(),
        version: version.parse().unwrap(),
        environment: environment.parse().unwrap(),
        options: DeployOptions::default(),
        by: String::new(),
        state,
        reason: String::new(),
        created_at: String::new(),
        started_at: None,
        finished_at: None,
        phases: Vec::new(),
        objects: Vec::new(),
    }
}
