// Holds the conversations of `cases/` with the worker as it is served: `node worker.mjs DIST`,
// where DIST is what `cargo xtask build-web` wrote. Node's threads play the browser's worker.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { schemasOf, startWorker } from "./worker_thread.mjs";

const TIMEOUT_MS = 30_000;
// Files as most people write them.
const USUAL = [
  "backend/src/example/web.yaml",
  "backend/src/example/config.yaml",
  "tests/manifests/deployment-web.yaml",
  "tests/manifests/multi-document-app.yaml",
  "tests/manifests/rbac-reader.yaml",
  "tests/manifests/statefulset-database.yaml",
];

async function main(dist) {
  if (!dist) throw new Error("usage: node worker.mjs DIST");
  const schemas = await schemasOf(dist);
  const cases = fileURLToPath(new URL("cases/", import.meta.url));
  const files = (await readdir(cases)).filter((name) => name.endsWith(".json")).sort();
  for (const file of files) {
    const steps = JSON.parse(await readFile(join(cases, file), "utf8"));
    if (steps.some((step) => "write" in step)) continue; // A worker has no files.
    const talk = new Talk(dist, schemas);
    try {
      for (const [at, step] of steps.entries()) {
        await talk.take(step).catch((error) => {
          throw new Error(`${file}, step ${at + 1}: ${error.message}`);
        });
      }
    } finally {
      await talk.end();
    }
    console.log(`ok  ${file}`);
  }
  for (const test of [usualFilesNeedNotTheSecondPart, longWorkIsCancelled, deadWorkerIsReplaced]) {
    await test(dist, schemas);
    console.log(`ok  ${test.name}`);
  }
}

// What a person does in the first minute goes without the second part of the server, which takes as
// long to load as the first one and is waited for.
async function usualFilesNeedNotTheSecondPart(dist, schemas) {
  const talk = new Talk(dist, schemas);
  await talk.take({ start: { capabilities: {} } });
  const lens = { kind: "Deployment", name: "web", title: "3 of 3 ready" };
  talk.send({ method: "kun/objectLenses", params: { lenses: [lens] } });
  for (const name of USUAL) {
    const textDocument = { uri: `kun:///${name}` };
    const text = await read(`../../${name}`);
    await talk.open(textDocument.uri, text);
    const lines = text.split("\n");
    const range = { start: { line: 0, character: 0 }, end: { line: lines.length - 1, character: 0 } };
    for (const method of ["textDocument/inlayHint", "textDocument/codeLens"]) {
      await talk.request(method, { textDocument, range });
    }
    for (const [line, it] of lines.entries()) {
      const position = { line, character: Math.max(0, it.search(/\S/)) };
      await talk.request("textDocument/hover", { textDocument, position });
      await talk.request("textDocument/completion", { textDocument, position });
    }
    const { result } = await talk.request("test/loaded");
    const rest = result.filter((it) => it.includes("lsp_server_rest"));
    if (rest.length > 0) throw new Error(`${name} needs the second part`);
  }
  await talk.end();
}

// What is asked and taken back while the worker is at long requests reaches it.
async function longWorkIsCancelled(dist, schemas) {
  const talk = new Talk(dist, schemas);
  await talk.take({ start: { capabilities: {} } });
  const document = await read("../benches/latency/application.yaml");
  const textDocument = { uri: "kun:///large.yaml" };
  await talk.open(textDocument.uri, document.repeat(200));
  const params = { textDocument, options: {} };
  for (let id = 100; id < 120; id++) talk.send({ id, method: "textDocument/formatting", params });
  await talk.request("textDocument/hover", { textDocument, position: { line: 1, character: 1 } });
  talk.send({ method: "$/cancelRequest", params: { id: 119 } });
  const answer = await talk.receive((message) => message.id === 119, "an answer");
  if (answer.error?.code !== -32800) throw new Error(`not cancelled: ${JSON.stringify(answer)}`);
  await talk.end();
}

// A fault in the worker is seen from outside; another one goes on with the same documents.
async function deadWorkerIsReplaced(dist, schemas) {
  const document = ["kun:///web.yaml", "apiVersion: v1\nkind: Service\nspec:\n  clusterIp: None\n"];
  const start = async () => {
    const talk = new Talk(dist, schemas);
    await talk.take({ start: { capabilities: {} } });
    return [talk, await talk.open(...document)];
  };
  const [talk, judged] = await start();
  talk.send({ method: "test/trap" });
  const fault = await talk.request("shutdown").catch((error) => error);
  if (!/unreachable/.test(fault.message)) throw new Error(`no fault was seen: ${fault}`);
  const [next, again] = await start();
  if (!holds(again, judged)) throw new Error(`judged otherwise: ${JSON.stringify(again)}`);
  await Promise.all([talk.end(), next.end()]);
}

function read(name) {
  return readFile(new URL(name, import.meta.url), "utf8");
}

class Talk {
  constructor(dist, schemas) {
    this.schemas = schemas;
    this.worker = startWorker(dist);
    this.received = [];
    this.lastId = 0;
    this.worker.on("message", (message) => {
      this.received.push(message);
      this.arrived?.();
    });
    this.worker.on("error", (error) => {
      this.failure = error;
      this.arrived?.();
    });
  }

  end() {
    return this.worker.terminate();
  }

  async take(step) {
    if ("start" in step) {
      const initializationOptions = { ...this.schemas, ...step.start.initializationOptions };
      await this.request("initialize", { ...step.start, initializationOptions });
      this.send({ method: "initialized", params: {} });
    } else if ("request" in step) {
      const answer = await this.request(step.request, step.params);
      const wanted = "error" in step ? { error: step.error } : { result: step.result };
      if (!holds(answer, wanted)) {
        throw new Error(`wanted ${JSON.stringify(wanted)}\ngot    ${JSON.stringify(answer)}`);
      }
    } else if ("notify" in step) {
      this.send({ method: step.notify, params: step.params });
    } else if ("survive" in step) {
      await this.survive(step.survive);
    } else if ("expect" in step) {
      const message = await this.receive((message) => holds(message, step.expect), step.expect);
      this.asked = message.id;
    } else if ("respond" in step) {
      this.send({ id: this.asked, result: step.respond });
    }
    // `raw` messages may be no objects, and then cannot reach a worker.
  }

  // Opens a bad file and asks everything about it.
  async survive(name) {
    const uri = `kun:///bad/${name}`;
    await this.open(uri, await read(`bad_input/${name}`));
    const questions = JSON.parse(await read("questions.json"));
    for (const [method, params] of Object.entries(questions)) {
      const answer = await this.request(method, { ...params, textDocument: { uri } });
      if (!("result" in answer)) throw new Error(`${method}: ${JSON.stringify(answer)}`);
    }
  }

  // Opens a file and waits until it is judged.
  open(uri, text) {
    const textDocument = { uri, languageId: "yaml", version: 1, text };
    this.send({ method: "textDocument/didOpen", params: { textDocument } });
    const judged = { method: "textDocument/publishDiagnostics", params: { uri } };
    return this.receive((message) => holds(message, judged), judged);
  }

  request(method, params) {
    const id = ++this.lastId;
    this.send({ id, method, params });
    return this.receive((message) => message.id === id && !("method" in message), method);
  }

  send(message) {
    this.worker.postMessage({ jsonrpc: "2.0", ...message });
  }

  async receive(isIt, what) {
    const deadline = setTimeout(() => {
      this.failure = new Error(`nothing came within ${TIMEOUT_MS} ms`);
      this.arrived();
    }, TIMEOUT_MS);
    try {
      for (let seen = 0; ; ) {
        for (; seen < this.received.length; seen++) {
          if (isIt(this.received[seen])) return this.received.splice(0, seen + 1).at(-1);
        }
        if (this.failure) {
          const others = JSON.stringify(this.received);
          throw new Error(`${this.failure.message}: no ${JSON.stringify(what)}, but ${others}`);
        }
        await new Promise((resolve) => (this.arrived = resolve));
      }
    } finally {
      clearTimeout(deadline);
    }
  }
}

// Whether `value` has at least what `wanted` has; see `cases/README.md`.
function holds(value, wanted) {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(value) &&
      value.length === wanted.length &&
      wanted.every((wanted, at) => holds(value[at], wanted))
    );
  }
  if (wanted !== null && typeof wanted === "object") {
    return (
      value !== null &&
      typeof value === "object" &&
      Object.keys(wanted).every((name) => name in value && holds(value[name], wanted[name]))
    );
  }
  return value === wanted;
}

await main(process.argv[2]);
