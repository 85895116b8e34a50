//! Where the sources of the `k8s-openapi` package stand on this machine.

use serde_json::Value;
use std::env;
use std::path::PathBuf;
use std::process::Command;

/// Asks cargo, which knows registries, vendored folders and patches. What is not on the machine
/// yet is fetched as any dependency would be: the package is one, though nothing links it.
pub(crate) fn k8s_openapi() -> Result<PathBuf, String> {
    let metadata = metadata(&["--offline"]).or_else(|_| metadata(&[]))?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let manifest = packages
        .filter(|package| package["name"] == "k8s-openapi")
        .find_map(|package| package["manifest_path"].as_str())
        .ok_or("the workspace does not depend on k8s-openapi")?;
    let folder = PathBuf::from(manifest);
    let folder = folder.parent().ok_or("k8s-openapi stands nowhere")?;
    Ok(folder.join("src"))
}

fn metadata(options: &[&str]) -> Result<Value, String> {
    let variable = |name| env::var(name).map_err(|_| format!("{name} is not set"));
    let manifest = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("Cargo.toml");
    let output = Command::new(variable("CARGO")?)
        .args(["metadata", "--format-version=1", "--locked"])
        .arg("--filter-platform")
        .arg(variable("HOST")?)
        .arg("--manifest-path")
        .arg(manifest)
        .args(options)
        .output()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))
}
