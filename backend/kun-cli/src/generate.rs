//! `kun generate`: the deployment file, from manifests and what is known only in the pipeline.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use yaml_ide::diagnostics::Severity;

use crate::recipe::{FILE, Part, Recipe, Text};
use crate::{Outcome, files, fill, lint};

#[derive(Args)]
pub(crate) struct Generate {
    /// The description of what is deployed.
    #[arg(short, long, value_name = "FILE", default_value = FILE)]
    config: PathBuf,
    /// The environment, one of those in `kun.yaml`.
    #[arg(short, long, env = "KUN_ENVIRONMENT")]
    env: Option<String>,
    /// The value of a variable. May be given several times.
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
    /// The image that takes the place of another, best by digest: `web=registry/shop/web@sha256:…`.
    #[arg(long, value_name = "NAME=IMAGE", value_parser = pair)]
    image: Vec<(String, String)>,
    /// How many replicas a workload has.
    #[arg(long, value_name = "NAME=NUMBER", value_parser = number)]
    replicas: Vec<(String, u32)>,
    /// Where the file is written; shown if it is not given.
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Generate {
    pub(crate) fn run(self) -> Result<Outcome> {
        let recipe = Recipe::read(Some(&self.config))?;
        let mut part = recipe.part(self.env.as_deref().filter(|it| !it.is_empty()))?;
        let values = self
            .set
            .into_iter()
            .map(|(name, value)| (name, Some(Text::Words(value))));
        for (name, value) in values {
            if !part.variables.contains_key(&name) {
                bail!("{FILE} declares no variable `{name}`: add it under `variables`");
            }
            part.variables.insert(name, value);
        }
        part.images.extend(self.image);
        part.replicas.extend(self.replicas);
        let filled = filled(part)?;
        if lint::complains(&filled, recipe.kubernetes.as_deref(), Severity::Error)? {
            return Ok(Outcome::No);
        }
        let text = joined(&filled);
        match &self.out {
            Some(path) => write(path, &text)?,
            None => print!("{text}"),
        }
        Ok(Outcome::Good)
    }
}

fn filled(part: Part) -> Result<BTreeMap<String, String>> {
    if part.files.is_empty() {
        bail!("{FILE} names no files: add `files: [deploy/]`");
    }
    let mut files = files::read(&part.files)?;
    let variables = values(part.variables)?;
    for (path, text) in &mut files {
        *text = fill::variables(text, &variables).map_err(|unknown| {
            let lines = unknown.iter().map(|it| {
                let name = &it.name;
                format!(
                    "\n  {path}:{}: `${{{name}}}` is not declared under `variables`",
                    it.line
                )
            });
            anyhow!("a value is missing:{}", lines.collect::<String>())
        })?;
    }
    for (name, image) in &part.images {
        change(&mut files, "image", name, |text| {
            fill::image(text, name, image)
        })?;
    }
    for (name, count) in &part.replicas {
        change(&mut files, "workload", name, |text| {
            fill::replicas(text, name, *count)
        })?;
    }
    Ok(files)
}

/// Changes all files, and fails if there was nothing to change: a slip of the pen in a name would
/// deploy what was there before.
fn change(
    files: &mut BTreeMap<String, String>,
    what: &str,
    name: &str,
    change: impl Fn(&str) -> (String, usize),
) -> Result<()> {
    let mut found = 0;
    for text in files.values_mut() {
        let (changed, count) = change(text);
        *text = changed;
        found += count;
    }
    if found == 0 {
        bail!("no file has {what} `{name}`");
    }
    Ok(())
}

/// The values of variables; those without one come from the process.
fn values(variables: BTreeMap<String, Option<Text>>) -> Result<BTreeMap<String, String>> {
    let values = variables.into_iter().map(|(name, value)| {
        let value = value.map(Text::into_text).or_else(|| env::var(&name).ok());
        let missing = || {
            format!("`{name}` has no value: give `--set {name}=…`, or set it in the environment")
        };
        let value = value.with_context(missing)?;
        Ok((name, value))
    });
    values.collect()
}

/// One file of all, each part under the name of its file.
fn joined(files: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    for (path, text) in files {
        let text = text.trim_start_matches('\u{feff}');
        let text = text.strip_prefix("---\n").unwrap_or(text).trim_end();
        out.extend(["---\n# ", path, "\n", text, "\n"]);
    }
    out
}

fn write(path: &Path, text: &str) -> Result<()> {
    let shown = path.display();
    if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {shown}"))?;
    eprintln!("Wrote {shown}");
    Ok(())
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write `NAME=VALUE`".to_owned()),
    }
}

fn number(text: &str) -> Result<(String, u32), String> {
    let (name, value) = pair(text)?;
    let value = value
        .parse()
        .map_err(|_| format!("`{value}` is no number"))?;
    Ok((name, value))
}
