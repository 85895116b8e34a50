// The worker as it is bundled for browsers, in a thread of Node that plays one: a script, not a
// module, with the messages and requests of a worker and nothing of Node.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { Worker as Thread } from "node:worker_threads";

import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createProtocolConnection,
} from "vscode-languageserver-protocol/browser";

import { startWorker } from "../src/core/worker";
import { converse, leave } from "./conversation";
import { required } from "./kun";

const folder = join(required("KUN_VSCODE"), "dist/test/browser");
const address = (name: string) => pathToFileURL(join(folder, name)).href;

const STAGE = `
  const { readFileSync } = require("node:fs");
  const { parentPort, workerData } = require("node:worker_threads");
  const target = new EventTarget();
  let onmessage = null;
  target.addEventListener("message", (event) => onmessage?.(event));
  const stage = {
    addEventListener: (...it) => target.addEventListener(...it),
    removeEventListener: (...it) => target.removeEventListener(...it),
    postMessage: (message) => parentPort.postMessage(message),
    fetch: async (address) => new Response(readFileSync(new URL(address)), {
      headers: { "content-type": "application/wasm" },
    }),
  };
  Object.assign(globalThis, stage);
  globalThis.self = globalThis;
  delete globalThis.process;
  // What is set is called after those that were added before.
  Object.defineProperty(globalThis, "onmessage", { set: (listen) => {
    target.addEventListener("message", listen);
  }});
  parentPort.on("message", (data) => target.dispatchEvent(new MessageEvent("message", { data })));
  require("node:vm").runInThisContext(readFileSync(new URL(workerData), "utf8"));
`;

/** A thread with the manners of a browser's worker. */
class StagedWorker {
  static last: StagedWorker | undefined;
  private readonly thread: Thread;

  constructor(script: string) {
    this.thread = new Thread(STAGE, { eval: true, workerData: script });
    StagedWorker.last = this;
  }

  set onmessage(listen: (event: { data: unknown }) => void) {
    this.thread.on("message", (data) => listen({ data }));
  }

  addEventListener(name: string, listen: (event: Event & { message: string }) => void): void {
    if (name !== "error") return;
    this.thread.on("error", ({ message }) => listen(Object.assign(new Event(name), { message })));
  }

  postMessage(message: unknown): void {
    this.thread.postMessage(message);
  }

  terminate(): Promise<number> {
    return this.thread.terminate();
  }
}

Object.assign(globalThis, { Worker: StagedWorker });

test("the worker answers as the program does, with schemas that it loads", async () => {
  let death = "";
  const worker = startWorker(address, (reason) => (death = reason));
  const connection = createProtocolConnection(
    new BrowserMessageReader(worker),
    new BrowserMessageWriter(worker),
  );
  try {
    await converse(connection, {
      structure: address("schemas.bin"),
      descriptions: ["descriptions.bin", "descriptions_rare.bin"].map(address),
    });
    await leave(connection);
    assert.equal(death, "");
  } finally {
    connection.dispose();
    await StagedWorker.last?.terminate();
  }
});

test("a worker whose files are not there is told dead", async () => {
  const reason = await new Promise<string>((died) => {
    startWorker((name) => (name.endsWith(".wasm") ? "file:///gone.wasm" : address(name)), died);
  });
  assert.match(reason, /gone\.wasm/);
});

test("a browser's files need nothing of Node", () => {
  for (const name of ["browser.js", "worker.js"]) {
    const text = readFileSync(join(folder, name), "utf8");
    const needed = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, module]) => module);
    assert.deepEqual([...new Set(needed)], name === "browser.js" ? ["vscode"] : []);
  }
});
