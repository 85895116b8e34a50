// Runs `test/host` in a host of extensions that is Node.js, as on a desktop, with the language server
// as a program: `node build/desktop.mjs CODE`, where CODE is the folder of the server of VS Code in
// the npm package `code-server`. Its window is shown by a browser.
// `KUN_CHROMIUM` names the browser, `KUN_SERVER_BINARY` the server of KUN, `KUN_LSP_BINARY` the
// language server.
import { spawn } from "node:child_process";
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

import { build } from "esbuild";

import { bundleMain, ROOT } from "./bundle.mjs";
import { runTests } from "./window.mjs";

const code = resolve(process.argv[2]);
const stage = join(ROOT, "dist/test/desktop");
const [extension, tests] = [join(stage, "extension"), join(stage, "tests")];
await rm(stage, { recursive: true, force: true });
await bundleMain(join(extension, "dist"));
await cp(join(ROOT, "walkthrough"), join(extension, "walkthrough"), { recursive: true });
await mkdir(join(extension, "server"));
const program = process.env.KUN_LSP_BINARY;
await copyFile(program, join(extension, "server", basename(program)));
const { browser, ...manifest } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
await writeFile(join(extension, "package.json"), JSON.stringify(manifest));

const node = { bundle: true, logLevel: "warning", platform: "node", external: ["vscode"] };
await build({
  ...node,
  entryPoints: [join(ROOT, "test/host/server.ts")],
  outfile: join(tests, "server.mjs"),
  format: "esm",
});
const { serverFor } = await import(join(tests, "server.mjs"));
const kun = await serverFor("http://localhost");
await build({
  ...node,
  entryPoints: [join(ROOT, "test/host/desktop.ts")],
  outfile: join(tests, "index.js"),
  format: "cjs",
  define: { KUN: JSON.stringify({ url: kun.url, token: kun.token }) },
});

const home = await mkdtemp(join(tmpdir(), "kun-code-"));
const host = await startCode(home);
try {
  process.exitCode = await runTests(address(host.origin));
} finally {
  await host.stop();
  await rm(home, { recursive: true, force: true });
  await kun.stop();
}

/** The server of VS Code, on a free port, with folders of its own. */
async function startCode(home) {
  const settings = { "security.workspace.trust.enabled": false, "kun.backend.url": kun.url };
  await mkdir(join(home, "data/Machine"), { recursive: true });
  await writeFile(join(home, "data/Machine/settings.json"), JSON.stringify(settings));
  await mkdir(join(home, "shop"));
  const options = ["--host", "127.0.0.1", "--port", "0", "--without-connection-token"];
  const child = spawn(
    process.execPath,
    ["out/server-main.js", ...options, "--accept-server-license-terms", "--server-data-dir", home],
    { cwd: code, stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const port = await new Promise((resolve, reject) => {
    let printed = "";
    child.stdout.on("data", (chunk) => {
      printed += chunk;
      const found = /listening on (\d+)/.exec(printed);
      if (found) resolve(found[1]);
    });
    child.once("exit", () => reject(new Error(`VS Code ended:\n${printed}`)));
  });
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  return { origin: `127.0.0.1:${port}`, stop };
}

function address(origin) {
  const at = (path) => `vscode-remote://${origin}${path}`;
  const payload = [
    ["extensionDevelopmentPath", at(extension)],
    ["extensionTestsPath", at(join(tests, "index.js"))],
  ];
  const query = new URLSearchParams({
    folder: join(home, "shop"),
    payload: JSON.stringify(payload),
  });
  return `http://${origin}/?${query}`;
}
