// The worker behind standard streams, as if it were a program: `node worker.mjs DIST`.
import { schemasOf, startWorker } from "../../tests/worker_thread.mjs";

const dist = process.argv[2];
const schemas = await schemasOf(dist);
const worker = startWorker(dist);

worker.on("message", (message) => {
  const body = Buffer.from(JSON.stringify(message));
  process.stdout.write(`Content-Length: ${body.length}\r\n\r\n`);
  process.stdout.write(body);
});

let arrived = Buffer.alloc(0);
for await (const chunk of process.stdin) {
  arrived = Buffer.concat([arrived, chunk]);
  for (let end; (end = arrived.indexOf("\r\n\r\n")) >= 0; ) {
    const length = Number(/Content-Length: (\d+)/.exec(arrived.subarray(0, end))[1]);
    const body = arrived.subarray(end + 4, end + 4 + length);
    if (body.length < length) break;
    arrived = arrived.subarray(end + 4 + length);
    const message = JSON.parse(body);
    if (message.method === "initialize") message.params.initializationOptions = schemas;
    worker.postMessage(message);
  }
}
await worker.terminate();
