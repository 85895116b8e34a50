// The worker as it is served, in a thread of Node that plays the browser's worker.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";

// Starts the worker of DIST, which is what `cargo xtask build-web` wrote.
export function startWorker(dist) {
  return new Worker(new URL(import.meta.url), { workerData: { dist } });
}

// Where the worker finds its schemas: part of its `initializationOptions`.
export async function schemasOf(dist) {
  const structure = await asset(dist, "schemas", "bin");
  return { structure, descriptions: await asset(dist, "descriptions", "bin") };
}

// The address of an asset, whose name has a hash in it.
async function asset(dist, stem, extension) {
  const names = await readdir(join(dist, "assets"));
  const pattern = new RegExp(`^${stem}\\.[0-9a-f]{16}\\.${extension}$`);
  const name = names.find((name) => pattern.test(name));
  if (!name) throw new Error(`no ${stem}.${extension} in ${dist}/assets`);
  return `/assets/${name}`;
}

// What a worker of the page has and a thread of Node has not.
async function playWorker(dist) {
  globalThis.self = globalThis;
  globalThis.postMessage = (message) => parentPort.postMessage(message);
  // Messages wait until somebody listens.
  Object.defineProperty(globalThis, "onmessage", {
    set: (listen) => parentPort.on("message", (data) => listen({ data })),
  });
  globalThis.fetch = async (address) => {
    const bytes = await readFile(join(dist, address));
    return new Response(bytes, { headers: { "content-type": "application/wasm" } });
  };
  const module = (text) => `data:text/javascript,${encodeURIComponent(text)}`;
  const read = (address) => readFile(join(dist, address), "utf8");
  const glue = module(await read(await asset(dist, "lsp_server", "js")));
  const worker = await read(await asset(dist, "worker", "js"));
  await import(module(worker.replace(/from "[^"]+"/, () => `from "${glue}"`)));
}

if (!isMainThread) await playWorker(workerData.dist);
