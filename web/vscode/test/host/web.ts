// Runs in the host of extensions of VS Code for the Web.
import { diagnostics, equal, step, useAll } from "./steps";

/** Called by VS Code; what it throws fails the test. */
export async function run(): Promise<void> {
  const workers = keepWorkers();
  const document = await useAll();

  await step("a worker that dies is replaced, and knows the files", async () => {
    const before = workers.length;
    workers.at(-1)?.dispatchEvent(new ErrorEvent("error", { message: "played" }));
    await diagnostics(document.uri, 0);
    await diagnostics(document.uri);
    equal(workers.length, before + 1);
  });
}

/** The workers that the extension starts from now on; others start some, too. */
function keepWorkers(): Worker[] {
  const workers: Worker[] = [];
  const Real = globalThis.Worker;
  const kept = function (address: string) {
    const worker = new Real(address);
    if (address.endsWith("/kun/dist/worker.js")) workers.push(worker);
    return worker;
  };
  Object.assign(globalThis, { Worker: kept });
  return workers;
}
