// Runs the tests: `node build/test.mjs`. `KUN_SERVER_BINARY` and `KUN_LSP_BINARY` name the programs
// that they talk to; without them those that cargo built last are taken.
import { spawnSync } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { build } from "esbuild";

import { bundleBrowser, ROOT } from "./bundle.mjs";

const out = join(ROOT, "dist/test");
await rm(out, { recursive: true, force: true });
const names = await readdir(join(ROOT, "test"));
const tests = names.filter((name) => name.endsWith(".test.ts"));
await Promise.all([
  build({
    entryPoints: tests.map((name) => join(ROOT, "test", name)),
    outdir: out,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: false,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    sourcemap: "inline",
    logLevel: "warning",
  }),
  bundleBrowser(join(out, "browser")),
]);
const files = tests.map((name) => join(out, name.replace(/ts$/, "mjs")));
const options = ["--conditions=browser", "--enable-source-maps", "--test", "--test-reporter=spec"];
const { status } = spawnSync(process.execPath, [...options, ...files], {
  stdio: "inherit",
  env: {
    KUN_SERVER_BINARY: join(ROOT, "../../target/debug/kun-server"),
    KUN_LSP_BINARY: join(ROOT, "../../target/debug/lsp-server"),
    ...process.env,
    KUN_VSCODE: ROOT,
  },
});
process.exitCode = status ?? 1;
