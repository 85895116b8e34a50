//! `cargo xtask licenses`: every dependency under a license that deny.toml allows.
//!
//! cargo-deny reads the same file; building it costs more than all our checks, so the part of it
//! that works without a network is done here.

use std::fs;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::step::{cargo, output, root};

#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
}

pub(crate) fn run() -> Result<()> {
    let deny: Deny = toml::from_str(&fs::read_to_string(root().join("deny.toml"))?)?;
    let json = output(cargo().args(["metadata", "--format-version=1", "--locked"]))?;
    let metadata: Metadata = serde_json::from_str(&json)?;
    let faults: Vec<_> = metadata
        .packages
        .iter()
        .filter_map(|package| fault(package, &deny.licenses.allow).transpose())
        .collect::<Result<_>>()?;
    if faults.is_empty() {
        return Ok(());
    }
    bail!(
        "licenses that deny.toml does not allow:\n  {}",
        faults.join("\n  ")
    )
}

fn fault(package: &Package, allowed: &[String]) -> Result<Option<String>> {
    let Package {
        name,
        version,
        license,
    } = package;
    let Some(license) = license else {
        return Ok(Some(format!("{name} {version} names no license")));
    };
    let expression = spdx::Expression::parse_mode(license, spdx::ParseMode::LAX)
        .with_context(|| format!("{name} {version} has the license `{license}`"))?;
    let is_allowed = expression.evaluate(|requirement| {
        let shown = requirement.license.to_string();
        allowed.contains(&shown)
    });
    Ok((!is_allowed).then(|| format!("{name} {version}: {license}")))
}
