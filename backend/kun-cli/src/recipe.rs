//! `kun.yaml`: what a repository deploys, and what differs from one environment to another.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use api_types::Slug;
use serde::Deserialize;

/// Where it is looked for if no other file is named.
pub(crate) const FILE: &str = "kun.yaml";

/// `kun.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Recipe {
    pub(crate) project: Option<Slug>,
    pub(crate) resource_set: Option<Slug>,
    /// The release that files are checked against.
    pub(crate) kubernetes: Option<String>,
    // As in `Part`: serde cannot refuse unknown fields of a struct that holds another one's.
    #[serde(default)]
    files: Vec<PathBuf>,
    #[serde(default)]
    variables: BTreeMap<String, Option<Text>>,
    #[serde(default)]
    images: BTreeMap<String, String>,
    #[serde(default)]
    replicas: BTreeMap<String, u32>,
    #[serde(default)]
    environments: BTreeMap<String, Part>,
    /// The folder that paths are relative to.
    #[serde(skip)]
    pub(crate) folder: PathBuf,
}

/// What is said for all environments, or added for one.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    /// Manifests, and folders of them.
    #[serde(default)]
    pub(crate) files: Vec<PathBuf>,
    /// What `${NAME}` stands for; a variable without a value is one of the process.
    #[serde(default)]
    pub(crate) variables: BTreeMap<String, Option<Text>>,
    /// The image that takes the place of another.
    #[serde(default)]
    pub(crate) images: BTreeMap<String, String>,
    /// How many replicas a workload has.
    #[serde(default)]
    pub(crate) replicas: BTreeMap<String, u32>,
}

/// A value as it is written: `3` and `"3"` are the same.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Text {
    Truth(bool),
    Whole(i64),
    Number(f64),
    Words(String),
}

impl Text {
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Truth(value) => value.to_string(),
            Self::Whole(value) => value.to_string(),
            Self::Number(value) => value.to_string(),
            Self::Words(value) => value,
        }
    }
}

impl Recipe {
    /// Reads the file that is named, or `kun.yaml` where there is one.
    pub(crate) fn read(file: Option<&Path>) -> Result<Self> {
        let path = file.unwrap_or(Path::new(FILE));
        if file.is_none() && !path.exists() {
            return Ok(Self::default());
        }
        let shown = path.display();
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {shown}"))?;
        let mut recipe: Self =
            serde_yaml::from_str(&text).with_context(|| format!("cannot use {shown}"))?;
        recipe.folder = path.parent().map(Path::to_owned).unwrap_or_default();
        Ok(recipe)
    }

    /// What holds in an environment: what is said for all, and over it what is said for this one.
    pub(crate) fn part(&self, environment: Option<&str>) -> Result<Part> {
        let mut part = Part {
            files: self.files.clone(),
            variables: self.variables.clone(),
            images: self.images.clone(),
            replicas: self.replicas.clone(),
        };
        if let Some(name) = environment {
            let known = self.environments.keys().map(String::as_str);
            let Some(own) = self.environments.get(name) else {
                match known.collect::<Vec<_>>().as_slice() {
                    [] => bail!("{FILE} has no environments: leave `--env` away"),
                    known => bail!(
                        "{FILE} has no environment `{name}`: it has {}",
                        known.join(", ")
                    ),
                }
            };
            part.files.extend(own.files.iter().cloned());
            part.variables.extend(own.variables.clone());
            part.images.extend(own.images.clone());
            part.replicas.extend(own.replicas.clone());
        }
        for file in &mut part.files {
            *file = self.folder.join(&*file);
        }
        Ok(part)
    }
}

/// The project and the set: as given, or as `kun.yaml` says.
pub(crate) fn target(project: Option<Slug>, set: Option<Slug>) -> Result<(Slug, Slug)> {
    if let (Some(project), Some(set)) = (&project, &set) {
        return Ok((project.clone(), set.clone()));
    }
    let recipe = Recipe::read(None)?;
    let project = project.or(recipe.project);
    let set = set.or(recipe.resource_set);
    let project = project.context("which project? Give `-p`, or `project` in kun.yaml")?;
    let set = set.context("which resource set? Give `-r`, or `resource-set` in kun.yaml")?;
    Ok((project, set))
}
