// How long a person waits for the editor on a network that is not the one of this machine: until a
// key shows, and until the language server has judged the text. Run by `cargo xtask bench --load`.

import { connect, createServer } from "node:net";
import { startBrowser, startServer } from "../e2e/support/kun.mjs";

const ROUNDS = 5;
const CPU_SLOWDOWN = 4;
const NETWORKS = [
  { name: "1.6 Mbit/s, 150 ms", bytes: 200_000, trip: 150 },
  { name: "10 Mbit/s, 40 ms", bytes: 1_250_000, trip: 40 },
];

/**
 * A network before a server: what goes either way takes half of a round trip, a connection one to
 * open, and all connections share the bandwidth towards the browser. Unlike DevTools' own it holds
 * for the worker too.
 */
async function network({ bytes, trip }, port) {
  const line = { free: 0, server: null };
  const delayed = (from, to, arrival) => {
    const under = [];
    const deliver = () => {
      while (under[0]?.due <= performance.now()) {
        const { piece } = under.shift();
        if (to.writable) piece === null ? to.end() : to.write(piece);
      }
      if (under.length > 0) setTimeout(deliver, Math.max(1, under[0].due - performance.now()));
    };
    const send = (piece) => {
      under.push({ piece, due: arrival(piece?.length ?? 0) });
      if (under.length === 1) deliver();
    };
    from.on("data", (chunk) => {
      for (let at = 0; at < chunk.length; at += 1448) send(chunk.subarray(at, at + 1448));
    });
    from.on("end", () => send(null));
    from.on("error", () => to.destroy());
  };
  const up = () => performance.now() + trip / 2;
  const down = (length) => {
    line.free = Math.max(line.free, performance.now()) + (length / bytes) * 1000;
    return line.free + trip / 2;
  };
  line.server = createServer((browser) => {
    const opened = performance.now() + trip;
    const server = connect(port, "127.0.0.1");
    delayed(browser, server, () => Math.max(up(), opened + trip / 2));
    delayed(server, browser, down);
  });
  await new Promise((resolve) => line.server.listen(0, "127.0.0.1", resolve));
  return line;
}

/** What runs in the page: when a line shows, a key shows, and the server has said what it finds. */
function instruments() {
  const RealWorker = Worker;
  window.Worker = class extends RealWorker {
    constructor(...options) {
      super(...options);
      this.addEventListener("message", ({ data }) => {
        const text = typeof data === "string" ? data : JSON.stringify(data);
        if (text.includes("publishDiagnostics")) window.judged ??= performance.now();
      });
    }
  };
  const look = () => {
    const line = document.querySelector(".ed-line");
    if (line?.textContent) window.shown ??= performance.now();
    if (line?.textContent.startsWith("x")) window.typed ??= performance.now();
    if (window.typed === undefined) requestAnimationFrame(look);
  };
  look();
}

const server = await startServer();
const browser = await startBrowser();
const first = await browser.page();
await first.goto(server.signIn);
await first.locator("main").first().waitFor();
const storageState = await first.context().storageState();
await first.context().close();

/** One visit with nothing cached; a key is pressed as soon as there is a text. */
async function visit(line) {
  const page = await browser.page({ storageState });
  await page.addInitScript(instruments);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
  const url = `http://127.0.0.1:${line.server.address().port}/p/demo/web/v1?file=web.yaml`;
  await page.goto(url, { waitUntil: "commit", timeout: 60_000 });
  await page.waitForFunction(() => window.shown, null, { timeout: 60_000 });
  await page.keyboard.press("x");
  await page.waitForFunction(() => window.typed, null, { timeout: 60_000 });
  await page.waitForFunction(() => window.judged, null, { timeout: 60_000 });
  const times = await page.evaluate(() => [window.shown, window.typed, window.judged]);
  await page.context().close();
  return times;
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

console.log("| network | text, ms | key, ms | diagnostics, ms |\n|---|---|---|---|");
for (const one of NETWORKS) {
  const line = await network(one, new URL(server.url).port);
  const visits = [];
  for (let round = 0; round < ROUNDS; round += 1) visits.push(await visit(line));
  const columns = visits[0].map((_, at) => median(visits.map((it) => it[at])).toFixed(0));
  console.log(`| ${one.name} | ${columns.join(" | ")} |`);
  line.server.close();
}
await browser.stop();
await server.stop();
process.exit(0);
