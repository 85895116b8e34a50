//! `cargo xtask build-web`: the web part, in `web/dist`.
//!
//! Every file under `assets/` carries a hash of its content in its name, so it may be cached for
//! ever, and stands beside a `.br` of itself. A text file names another as `{{name}}`.

mod split;
mod weight;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use sha2::{Digest, Sha256};
use walrus::Module;
use wasm_bindgen_cli_support::Bindgen;

use self::split::Later;
use crate::step::{cargo, root, run as run_command, step, target};
use crate::tools;

const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// The modules that a browser loads, each with its glue: the editor, all other pages, and the
/// language server in its worker.
const MODULES: [&str; 3] = ["workbench", "pages", "lsp_server"];
/// The window of brotli, as a power of two: what browsers accept at most.
const BROTLI_WINDOW: i32 = 24;

#[derive(Args, Default)]
pub(crate) struct Options {
    /// Keeps the names of functions, for a browser's profiler; the files are larger by them
    #[arg(long)]
    names: bool,
}

pub(crate) fn run() -> Result<()> {
    run_with(&Options::default())
}

pub(crate) fn run_with(options: &Options) -> Result<()> {
    step("check the wasm target", tools::wasm_target)?;
    step("compile the web part", compile)?;
    step("bundle the web part", || bundle(options))
}

/// Fails where a browser has to load more than is allowed.
pub(crate) fn weigh() -> Result<()> {
    weight::check(&root().join("web/dist/assets"), true)
}

fn compile() -> Result<()> {
    let pages = ["--package", "editor-wasm", "--bins"];
    let worker = ["--package", "lsp-server", "--lib"];
    for what in [pages, worker] {
        let mut build = cargo();
        build.args(["build", "--profile", "web", "--target", WASM_TARGET]);
        // By both a module is split: names that say of what type a function is an instance, and
        // what the linker knows of who refers to what.
        build.env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
            "-Csymbol-mangling-version=v0 -Clink-arg=--emit-relocs",
        );
        run_command(build.args(what))?;
    }
    Ok(())
}

fn bundle(options: &Options) -> Result<()> {
    let compiled = target().join(WASM_TARGET).join("web");
    let inputs = MODULES.map(|name| compiled.join(format!("{name}.wasm")));
    let page = root().join("web/page");
    let styles = root().join("editor-wasm/styles");
    let dist = root().join("web/dist");

    let stamp = stamp(
        inputs
            .iter()
            .map(PathBuf::as_path)
            .chain([page.as_path(), &styles]),
        options,
    )?;
    if fs::read_to_string(dist.join(".stamp")).is_ok_and(|old| old == stamp) {
        eprintln!("  nothing has changed");
        return weight::check(&dist.join("assets"), false);
    }
    let mut assets = Assets::new(dist.join("assets"))?;
    for (name, bytes) in [
        ("schemas.bin", k8s_schemas::bundle::STRUCTURE),
        ("descriptions.bin", k8s_schemas::bundle::DESCRIPTIONS),
        (
            "descriptions_rare.bin",
            k8s_schemas::bundle::RARE_DESCRIPTIONS,
        ),
    ] {
        assets.add(name, bytes)?;
    }
    assets.add("page.css", styles_of(&styles)?.as_bytes())?;
    for input in &inputs {
        bind(input, options, &mut assets)?;
    }
    for name in ["worker.js", "boot.js"] {
        let text = read(&page.join(name))?;
        assets.add_text(name, &text)?;
    }
    let index = assets.fill(&read(&page.join("index.html"))?)?;
    fs::write(dist.join("index.html"), index)?;
    fs::write(dist.join(".stamp"), stamp)?;
    assets.remove_others()?;
    weight::check(&assets.folder, false)
}

/// Runs wasm-bindgen over a compiled crate and adds its wasm and its glue.
fn bind(input: &Path, options: &Options, assets: &mut Assets) -> Result<()> {
    let name = input
        .file_stem()
        .and_then(|stem| stem.to_str())
        .context("a crate has a name")?;
    let linked = fs::read(input)?;
    let later = Later::of(name);
    let mut output = Bindgen::new()
        .input_bytes(name, linked.clone())
        .web(true)?
        .omit_default_module_path(true)
        .typescript(false)
        .demangle(later.is_none())
        .remove_name_section(later.is_none() && !options.names)
        .remove_producers_section(true)
        .generate_output()?;
    remove_links(output.wasm_mut());
    let mut wasm = output.wasm_mut().emit_wasm();
    let mut glue = output.js().to_owned();
    if let Some(later) = later {
        let parts = split::split(&linked, &wasm, &later, options.names)?;
        wasm = parts.first;
        assets.add(&format!("{name}_rest.wasm"), &parts.rest)?;
        glue = in_two_parts(&glue)?;
    }
    assets.add(&format!("{name}.wasm"), &wasm)?;
    let has_snippets = output
        .snippets()
        .values()
        .any(|snippets| !snippets.is_empty());
    if has_snippets || !output.local_modules().is_empty() {
        bail!("{name} brings JavaScript of its own, which nothing serves");
    }
    assets.add(&format!("{name}.js"), glue.as_bytes())
}

/// Removes what the linker wrote for the bundler.
fn remove_links(module: &mut Module) {
    let is_link = |name: &str| name == "linking" || name.starts_with("reloc.");
    let links = module.customs.iter().filter(|(_, it)| is_link(it.name()));
    for id in links.map(|(id, _)| id).collect::<Vec<_>>() {
        module.customs.delete(id);
    }
}

/// The glue of a module that is loaded in two parts: `complete()` loads the second one.
fn in_two_parts(glue: &str) -> Result<String> {
    let imports = "const imports = __wbg_get_imports();";
    if !glue.contains(imports) {
        bail!("wasm-bindgen writes its glue otherwise than is known here");
    }
    let with_demand = "const imports = { ...__wbg_get_imports(), later: { demand } };";
    Ok(glue.replace(imports, with_demand) + include_str!("build_web/complete.js"))
}

/// All style sheets in one, in the order of their names.
fn styles_of(folder: &Path) -> Result<String> {
    let mut files: Vec<_> = fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "css"))
        .collect();
    files.sort();
    files.iter().map(|file| read(file)).collect()
}

/// The hashed files of `web/dist/assets`.
struct Assets {
    folder: PathBuf,
    /// Name to URL.
    urls: BTreeMap<String, String>,
}

impl Assets {
    fn new(folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self {
            folder,
            urls: BTreeMap::new(),
        })
    }

    fn add(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let (stem, extension) = name.rsplit_once('.').context("an asset has an extension")?;
        let hashed = format!("{stem}.{}.{extension}", &hex(&Sha256::digest(bytes))[..16]);
        let brotli = self.folder.join(format!("{hashed}.br"));
        fs::write(self.folder.join(&hashed), bytes)?;
        // Compressing takes longer than all else, and what has the same name has the same content.
        if !brotli.exists() {
            fs::write(&brotli, compress(bytes)?)?;
        }
        self.urls
            .insert(name.to_owned(), format!("/assets/{hashed}"));
        Ok(())
    }

    fn add_text(&mut self, name: &str, text: &str) -> Result<()> {
        let filled = self.fill(text)?;
        self.add(name, filled.as_bytes())
    }

    /// Replaces each `{{name}}` by the URL of that asset.
    fn fill(&self, text: &str) -> Result<String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, after) = after.split_once("}}").context("a `{{` has no `}}`")?;
            let url = self
                .urls
                .get(name)
                .with_context(|| format!("no asset is named `{name}`"))?;
            filled.push_str(before);
            filled.push_str(url);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    /// Removes what an earlier build has left.
    fn remove_others(&self) -> Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let url = format!("/assets/{}", name.trim_end_matches(".br"));
            if !self.urls.values().any(|it| *it == url) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

fn compress(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: BROTLI_WINDOW,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

/// A hash over the content of files and of all files in folders.
fn stamp<'a>(paths: impl Iterator<Item = &'a Path>, options: &Options) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update([u8::from(options.names)]);
    hash.update(k8s_schemas::bundle::STRUCTURE);
    hash.update(k8s_schemas::bundle::DESCRIPTIONS);
    hash.update(k8s_schemas::bundle::RARE_DESCRIPTIONS);
    // A new bundler may bundle otherwise.
    hash.update(include_bytes!("build_web.rs"));
    hash.update(include_bytes!("build_web/split.rs"));
    hash.update(include_bytes!("build_web/split/data.rs"));
    hash.update(include_bytes!("build_web/split/graph.rs"));
    hash.update(include_bytes!("build_web/split/later.rs"));
    hash.update(include_bytes!("build_web/split/links.rs"));
    hash.update(include_bytes!("build_web/complete.js"));
    for path in paths {
        if path.is_dir() {
            let mut entries: Vec<_> = fs::read_dir(path)?
                .map(|entry| Ok(entry?.path()))
                .collect::<Result<_>>()?;
            entries.sort();
            for entry in entries.iter().filter(|entry| entry.is_file()) {
                hash.update(fs::read(entry)?);
            }
        } else {
            hash.update(fs::read(path).with_context(|| path.display().to_string())?);
        }
    }
    Ok(hex(&hash.finalize()))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
