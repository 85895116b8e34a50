// The language server's worker: loads its WebAssembly and passes messages, one JSON-RPC object
// each. A fault in the server is an uncaught error here, which the page sees and restarts it.
import init, { LanguageServer, complete, restAt } from "{{lsp_server.js}}";

let server = null;
let awake = false;
const arrived = [];

// One piece of work a task, so that what arrives between two of them is taken in before the next.
const turns = new MessageChannel();

function wake() {
  if (server !== null && !awake) {
    awake = true;
    turns.port2.postMessage(null);
  }
}

turns.port1.onmessage = () => {
  while (arrived.length > 0) server.receive(arrived.shift());
  awake = false;
  if (server.step()) wake();
  for (let message; (message = server.next()) !== undefined; ) postMessage(message);
  for (let address; (address = server.wanted()) !== undefined; ) supply(address);
  if (server.wants_rest()) completed().then(wake);
};

// How long to wait before a file is asked for again, in milliseconds, where the network fails.
const PAUSES = [1000, 3000, 9000];

async function load(address, tries = 0) {
  let response;
  try {
    response = await fetch(address);
  } catch (error) {
    if (tries === PAUSES.length) throw error;
    await new Promise((resolve) => setTimeout(resolve, PAUSES[tries]));
    return load(address, tries + 1);
  }
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

function supply(address) {
  const loaded = load(address).then(
    (bytes) => server.supply(address, bytes),
    (error) => server.supply_failed(address, error.message),
  );
  loaded.then(wake);
}

// Without its second part the server goes on too: the first call of it asks for it once more, and
// that it fails then is seen by the page.
async function completed() {
  await complete().catch(() => {});
  server.rest_has_come();
}

self.onmessage = ({ data }) => {
  arrived.push(data);
  wake();
};

// What only some requests and files need; loaded when the first of them comes.
restAt("{{lsp_server_rest.wasm}}");
await init({ module_or_path: "{{lsp_server.wasm}}" });
server = new LanguageServer();
if (arrived.length > 0) wake();
