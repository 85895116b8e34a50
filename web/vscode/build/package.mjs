// Writes a `.vsix` for this platform, with the language server inside, and one for the web:
// `node build/package.mjs --server PROGRAM --vsce SCRIPT --out FOLDER`.
import { execFileSync } from "node:child_process";
import { chmod, copyFile, cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";

import { ASSETS, bundleBrowser, bundleMain, ROOT } from "./bundle.mjs";

const TOP = join(ROOT, "../..");
const text = { type: "string" };
const { values } = parseArgs({ options: { server: text, vsce: text, out: text } });
const [server, vsce, out] = [values.server, values.vsce, values.out].map((it) => resolve(it));
const manifest = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));

/** Beside the bundles, all that is packed. */
const TEXTS = ["CHANGELOG.md", "LICENSE.txt", "README.md", "THIRD-PARTY-NOTICES.txt"];
const WALKTHROUGH = ["cluster", "deploy", "push", "release"].map((it) => `walkthrough/${it}.md`);
const COMMON = [...TEXTS, ...WALKTHROUGH, ".vscodeignore", "icon.png", "package.json"];
const PARTS = {
  main: ["dist/main.js", `server/${basename(server)}`],
  browser: ["browser.js", "worker.js", ...ASSETS].map((it) => `dist/${it}`),
};

await packed(`${process.platform}-${process.arch}`, "main", async (folder) => {
  await mkdir(join(folder, "server"));
  const program = join(folder, "server", basename(server));
  await copyFile(server, program);
  await chmod(program, 0o755);
  return [await bundleMain(join(folder, "dist"))];
});
await packed("web", "browser", (folder) => bundleBrowser(join(folder, "dist")));

/** Stages what a target needs, and nothing else, and packs it. */
async function packed(target, entry, bundle) {
  const folder = join(out, target);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const notices = await noticesOf(await bundle(folder));
  await writeFile(join(folder, "THIRD-PARTY-NOTICES.txt"), notices);
  for (const name of ["README.md", "icon.png"]) await copyFile(join(ROOT, name), join(folder, name));
  await copyFile(join(TOP, "LICENSE"), join(folder, "LICENSE.txt"));
  await copyFile(join(TOP, "CHANGELOG.md"), join(folder, "CHANGELOG.md"));
  const { scripts, devDependencies, main, browser, ...kept } = manifest;
  const staged = { ...kept, [entry]: manifest[entry] };
  await writeFile(join(folder, "package.json"), JSON.stringify(staged, null, 2));
  await writeFile(join(folder, ".vscodeignore"), "");
  await cp(join(ROOT, "walkthrough"), join(folder, "walkthrough"), { recursive: true });
  await checkFiles(folder, [...COMMON, ...PARTS[entry]]);

  const vsix = join(out, `kun-${target}-${manifest.version}.vsix`);
  const options = ["--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links"];
  execFileSync(
    process.execPath,
    [vsce, "package", "--target", target, "--out", vsix, ...options],
    { cwd: folder, stdio: ["ignore", "ignore", "inherit"] },
  );
  console.log(`  ${vsix}  ${((await stat(vsix)).size / 1e6).toFixed(2)} MB`);
}

/** Fails if something is packed that does not belong there, or something is missing. */
async function checkFiles(folder, wanted) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((it) => it.isFile());
  const found = files.map((it) => relative(folder, join(it.parentPath ?? it.path, it.name)));
  const names = (list) => list.map((it) => it.replaceAll("\\", "/")).sort().join("\n");
  if (names(found) !== names(wanted)) {
    throw new Error(`packed are\n${names(found)}\nand should be\n${names(wanted)}`);
  }
}

/** The licenses of the packages that were bundled. */
async function noticesOf(results) {
  const packages = new Set(
    results.flatMap(({ metafile }) =>
      Object.keys(metafile.inputs).flatMap(
        (path) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [],
      ),
    ),
  );
  const notices = [...packages].sort().map(async (path) => {
    const folder = join(ROOT, path);
    const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    return `${name} ${version} (${license})\n\n${await licenseOf(folder)}`;
  });
  return (await Promise.all(notices)).join(`\n${"-".repeat(72)}\n\n`);
}

async function licenseOf(folder) {
  for (const name of ["License.txt", "LICENSE", "LICENSE.md", "license.txt"]) {
    const found = await readFile(join(folder, name), "utf8").catch(() => undefined);
    if (found !== undefined) return `${found.trim()}\n`;
  }
  throw new Error(`${folder} has no license file`);
}
