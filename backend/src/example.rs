//! The example project: something to look at, to change and to deploy in the first minute.

use std::collections::BTreeMap;

use api_types::{Environment, Provenance, Slug, VersionName};
use jiff::Timestamp;
use k8s_schemas::SchemaSet;

use crate::push;
use crate::store::{NewVersion, SetKey, Store};

const FILES: [(&str, &str); 2] = [
    ("config.yaml", include_str!("example/config.yaml")),
    ("web.yaml", include_str!("example/web.yaml")),
];

/// The environments of the example.
const ENVIRONMENTS: [&str; 2] = ["dev", "prod"];

/// The namespaces that the environments of the example stand on.
pub const NAMESPACES: [&str; 2] = ["demo-dev", "demo-prod"];

/// Adds the project `demo` with its set, environments and first version, unless it is there.
pub async fn add(
    store: &dyn Store,
    schemas: &SchemaSet,
    cluster: &Slug,
    owner: &str,
    now: Timestamp,
) -> anyhow::Result<()> {
    let project: Slug = "demo".parse()?;
    if store.project(&project).await?.is_some() {
        return Ok(());
    }
    store
        .add_project(&project, "An example to try things with", owner, now)
        .await?;
    for (name, namespace) in ENVIRONMENTS.into_iter().zip(NAMESPACES) {
        let environment = Environment {
            name: name.parse()?,
            cluster: cluster.clone(),
            namespace: namespace.to_owned(),
        };
        store.put_environment(&project, &environment).await?;
    }
    let set = SetKey {
        project,
        set: "web".parse()?,
    };
    store
        .add_set(&set, "A web server and its configuration", now)
        .await?;
    let version = first_version(schemas, owner)?;
    store.add_version(&set, version, now).await?;
    Ok(())
}

fn first_version(schemas: &SchemaSet, owner: &str) -> anyhow::Result<NewVersion> {
    let files: BTreeMap<String, String> = FILES
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    let accepted = push::check(&files, schemas)?;
    Ok(NewVersion {
        name: "v1".parse::<VersionName>()?,
        files,
        content_hash: accepted.content_hash,
        parent: None,
        provenance: Provenance {
            author: owner.to_owned(),
            ..Provenance::default()
        },
        objects: accepted.objects,
    })
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_faultless() {
        let files = FILES
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        let accepted = push::check(&files.collect(), &SchemaSet::builtin()).unwrap();
        let objects: Vec<String> = accepted
            .objects
            .iter()
            .map(|it| format!("{}/{}", it.kind, it.name))
            .collect();
        assert_eq!(objects, ["ConfigMap/web", "Service/web", "Deployment/web"]);
        assert_eq!(accepted.warnings, []);
    }
}
