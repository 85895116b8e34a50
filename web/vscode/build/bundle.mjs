// Bundles the extension into `dist/`: `main.js` for where programs run, `browser.js` and
// `worker.js` for browsers, and with them what the worker loads, out of `web/dist`.
import { copyFile, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "esbuild";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));
const WEB = join(ROOT, "../dist/assets");
const PAGE_WORKER = join(ROOT, "../page/worker.js");

/** What the worker loads, beside the bundles. */
export const ASSETS = [
  "lsp_server.wasm",
  "lsp_server_rest.wasm",
  "schemas.bin",
  "descriptions.bin",
  "descriptions_rare.bin",
];

const COMMON = {
  bundle: true,
  minify: true,
  target: "es2022",
  external: ["vscode"],
  // The licenses of what is bundled stand in a file of their own.
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
  absWorkingDir: ROOT,
};

/** Bundles `main.js`. */
export function bundleMain(out) {
  return build({
    ...COMMON,
    entryPoints: ["src/main.ts"],
    outfile: join(out, "main.js"),
    platform: "node",
    target: "node20",
    format: "cjs",
  });
}

/** Bundles `browser.js` and `worker.js`, and copies what the worker loads. */
export async function bundleBrowser(out) {
  await mkdir(out, { recursive: true });
  const client = await build({
    ...COMMON,
    entryPoints: ["src/browser.ts"],
    outfile: join(out, "browser.js"),
    platform: "browser",
    format: "cjs",
  });
  await build({
    ...COMMON,
    entryPoints: [PAGE_WORKER],
    outfile: join(out, "worker.js"),
    platform: "browser",
    format: "esm",
    plugins: [worker(await asset("lsp_server", "js"))],
    // The host runs scripts, not modules, and a script cannot wait.
    banner: { js: `(async()=>{${WORKER_START}` },
    footer: { js: "})();" },
  });
  for (const name of ASSETS) {
    const [stem, extension] = name.split(".");
    await copyFile(await asset(stem, extension), join(out, name));
  }
  return [client];
}

// The first message says where the WebAssembly is, in two parts; the worker of the page
// sees those after it.
const WORKER_START =
  "const kunFiles=new Promise((found)=>{" +
  "const first=(event)=>{removeEventListener('message',first);" +
  "event.stopImmediatePropagation();found(event.data)};" +
  "addEventListener('message',first)});";

const ADDRESSES = {
  '"{{lsp_server.wasm}}"': "(await kunFiles).wasm",
  '"{{lsp_server_rest.wasm}}"': "(await kunFiles).rest",
};

/** The worker of the page, whose `{{name}}` are filled in as for a page, but for this place. */
function worker(glue) {
  return {
    name: "worker",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^\{\{lsp_server\.js\}\}$/ }, () => ({ path: glue }));
      onLoad({ filter: /[\\/]page[\\/]worker\.js$/ }, async ({ path }) => {
        const text = await readFile(path, "utf8");
        const contents = Object.entries(ADDRESSES).reduce((text, [address, found]) => {
          if (!text.includes(address)) throw new Error(`${path} does not name ${address}`);
          return text.replace(address, found);
        }, text);
        return { contents };
      });
    },
  };
}

/** A file of `web/dist`, whose name has a hash in it. */
async function asset(stem, extension) {
  const names = await readdir(WEB).catch(() => []);
  const pattern = new RegExp(`^${stem}\\.[0-9a-f]{16}\\.${extension}$`);
  const name = names.find((it) => pattern.test(it));
  if (!name) throw new Error(`no ${stem}.${extension} in web/dist: run \`cargo xtask build-web\``);
  return join(WEB, name);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const out = join(ROOT, "dist");
  await Promise.all([bundleMain(out), bundleBrowser(out)]);
  for (const name of await readdir(out)) {
    console.log(`${basename(name).padEnd(24)} ${(await stat(join(out, name))).size} bytes`);
  }
}
