// The language server in a worker of a browser.

/** Starts the worker. `address` finds the files beside it, `died` hears of faults. */
export function startWorker(
  address: (name: string) => string,
  died: (reason: string) => void,
): Worker {
  const worker = new Worker(address("worker.js"));
  worker.addEventListener("error", (event) => {
    // The protocol library would show the fault too, of a server that is replaced at once.
    event.stopImmediatePropagation();
    worker.terminate();
    died(event.message || "its files could not be loaded");
  });
  // The worker cannot know where it was loaded from: the host runs it as a blob.
  const rest = address("lsp_server_rest.wasm");
  worker.postMessage({ wasm: address("lsp_server.wasm"), rest });
  return worker;
}
