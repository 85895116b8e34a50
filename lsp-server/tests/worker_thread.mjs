// The worker as it is served, in a thread of Node that plays the browser's worker.
import { readFileSync } from "node:fs";
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
  const names = ["descriptions", "descriptions_rare"];
  const descriptions = await Promise.all(names.map((name) => asset(dist, name, "bin")));
  return { structure, descriptions };
}

// The address of an asset, whose name has a hash in it.
async function asset(dist, stem, extension) {
  const names = await readdir(join(dist, "assets"));
  const pattern = new RegExp(`^${stem}\\.[0-9a-f]{16}\\.${extension}$`);
  const name = names.find((name) => pattern.test(name));
  if (!name) throw new Error(`no ${stem}.${extension} in ${dist}/assets`);
  return `/assets/${name}`;
}

// How long a turn of the worker took at most since this was last asked for, in milliseconds.
let longest = 0;

// The time that this thread has worked, where the system tells it: others on a busy machine do not
// count then. In milliseconds.
function worked() {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

// Measures each turn of the worker: it takes one whenever its own channel wakes it. Node would go
// on with what comes from that channel for a thousand turns; in a browser other messages come between.
class TimedChannel extends MessageChannel {
  constructor() {
    super();
    const port = this.port1;
    const { set } = Object.getOwnPropertyDescriptor(MessagePort.prototype, "onmessage") ?? {};
    const listen = set ? set.bind(port) : (run) => port.on("message", run);
    Object.defineProperty(port, "onmessage", {
      set: (run) =>
        listen((event) =>
          setImmediate(() => {
            const start = worked();
            run(event);
            longest = Math.max(longest, worked() - start);
          }),
        ),
    });
  }
}

// What was loaded since the start.
const loaded = [];

// What a worker of the page has and a thread of Node has not.
async function playWorker(dist) {
  globalThis.self = globalThis;
  globalThis.MessageChannel = TimedChannel;
  globalThis.postMessage = (message) => parentPort.postMessage(message);
  // Messages wait until somebody listens.
  Object.defineProperty(globalThis, "onmessage", {
    set: (listen) => parentPort.on("message", (data) => {
      if (data.method === "test/trap") throw new WebAssembly.RuntimeError("unreachable");
      if (data.method === "test/loaded") {
        return parentPort.postMessage({ jsonrpc: "2.0", id: data.id, result: loaded });
      }
      if (data.method !== "test/longestTurn") return listen({ data });
      parentPort.postMessage({ jsonrpc: "2.0", id: data.id, result: longest });
      longest = 0;
    }),
  });
  globalThis.fetch = async (address) => {
    loaded.push(address);
    const bytes = await readFile(join(dist, address));
    return new Response(bytes, { headers: { "content-type": "application/wasm" } });
  };
  globalThis.XMLHttpRequest = class {
    open(_method, address) {
      this.address = address;
    }
    overrideMimeType() {}
    send() {
      loaded.push(this.address);
      this.responseText = readFileSync(join(dist, this.address), "latin1");
    }
  };
  const module = (text) => `data:text/javascript,${encodeURIComponent(text)}`;
  const read = (address) => readFile(join(dist, address), "utf8");
  const glue = module(await read(await asset(dist, "lsp_server", "js")));
  const worker = await read(await asset(dist, "worker", "js"));
  await import(module(worker.replace(/from "[^"]+"/, () => `from "${glue}"`)));
}

if (!isMainThread) await playWorker(workerData.dist);
