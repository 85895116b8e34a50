// Our editor beside CodeMirror 6 and Monaco, in one browser, with the same keys: run by
// `cargo xtask bench --editors`. Ours is the product as a person has it, with its language server at
// work; the other two are bare.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { startBrowser, startServer } from "../e2e/support/kun.mjs";

const LINES = 100_000;
const KEYS = 30;
const ROUNDS = 3;
/** Longer than this nobody waits for a page to come to rest, in milliseconds. */
const PATIENCE = 6_000;
const NOTCHES = 200;
const folder = path.dirname(fileURLToPath(import.meta.url));

const line = (at) =>
  at % 20 === 0 ? `object-${at}:` : `  key-${at}: "value ${at}" # replaced by the thousand`;
const text = (lines) => Array.from({ length: lines }, (_, at) => line(at)).join("\n");

/** What runs in each page: times from an event to the frame that shows what it did. */
function instruments() {
  const frame = () =>
    new Promise((resolve) =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(null);
      }),
    );
  window.keyTimes = [];
  addEventListener(
    "keydown",
    (event) => frame().then((at) => keyTimes.push(at - event.timeStamp)),
    true,
  );
  window.timed = async (work) => {
    const start = performance.now();
    await work();
    return (await frame()) - start;
  };
  window.pasteText = (text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const event = { clipboardData: data, bubbles: true, cancelable: true };
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", event));
  };
  window.scrolled = async (work) => {
    const frames = [];
    let last = performance.now();
    let running = true;
    const tick = (now) => {
      frames.push(now - last);
      last = now;
      if (running) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    await work();
    running = false;
    return frames.slice(2);
  };
}

const peers = {
  "CodeMirror 6": await bundle("codemirror"),
  Monaco: await bundle("monaco"),
};

async function bundle(name) {
  const entries = { [name]: path.join(folder, `peers/${name}.mjs`) };
  if (name === "monaco") {
    entries["monaco.worker"] = "monaco-editor/editor/editor.worker.js";
  }
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: entries,
    bundle: true,
    minify: true,
    format: "esm",
    loader: { ".ttf": "dataurl" },
    outdir: "/",
    write: false,
  });
  const files = new Map(outputFiles.map((it) => [it.path, it.contents]));
  const style = files.has(`/${name}.css`) ? `<link rel=stylesheet href=/${name}.css>` : "";
  files.set(
    "/",
    `<!doctype html><meta charset=utf-8>${style}
     <style>body{margin:0}#editor,.cm-editor{height:100vh}</style>
     <div id=editor></div><script type=module src=/${name}.js></script>`,
  );
  const types = { ".js": "text/javascript", ".css": "text/css" };
  const server = createServer((request, response) => {
    const found = files.get(request.url);
    const type = types[path.extname(request.url)] ?? "text/html";
    response.writeHead(found === undefined ? 404 : 200, { "content-type": type });
    response.end(found);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

const server = await startServer();
const browser = await startBrowser();
const results = {};

async function measure(name, url, storageState, ours) {
  const result = (results[name] = {});
  const page = await browser.page({ storageState });
  await page.addInitScript(instruments);
  await page.goto(url);
  await page.locator(ours ? ".ed-line" : ".cm-line, .view-line").first().waitFor();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const metric = async (key) => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return metrics.find((it) => it.name === key).value * 1000;
  };
  const quiet = async () => {
    const until = Date.now() + PATIENCE;
    for (let before = -1, now = 0; now - before > 5 && Date.now() < until; ) {
      before = now;
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
      now = await metric("TaskDuration");
    }
  };
  if (ours) await page.locator(".deploy-panel h2").first().waitFor();
  await quiet();

  for (const lines of [1_000, 20_000, LINES]) {
    await page.locator(ours ? ".ed-content" : ".cm-content, .monaco-editor").first().click();
    await page.keyboard.press("Control+a");
    const opened = await page.evaluate((it) => timed(() => pasteText(it)), text(lines));
    result[`paste ${lines} lines: painted, ms`] = opened;
    await quiet();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    await page.evaluate(() => keyTimes.splice(0));
    const [busy, script] = [await metric("TaskDuration"), await metric("ScriptDuration")];
    for (let key = 0; key < KEYS; key += 1) {
      await page.keyboard.press("abcdefghij"[key % 10]);
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 60)));
    }
    const times = (await page.evaluate(() => keyTimes)).sort((a, b) => a - b);
    result[`key to paint, ${lines} lines, median, ms`] = times[times.length >> 1];
    result[`key to paint, ${lines} lines, p95, ms`] = times[Math.floor(times.length * 0.95)];
    result[`main thread per key, ${lines} lines, ms`] = ((await metric("TaskDuration")) - busy) / KEYS;
    result[`script per key, ${lines} lines, ms`] = ((await metric("ScriptDuration")) - script) / KEYS;
  }

  await page.keyboard.press("Control+Home");
  await quiet();
  await page.mouse.move(600, 400);
  const before = await metric("TaskDuration");
  const start = Date.now();
  await page.evaluate(() => {
    window.scrolling = scrolled(() => new Promise((resolve) => (window.stopScrolling = resolve)));
  });
  for (let notch = 0; notch < NOTCHES; notch += 1) await page.mouse.wheel(0, 50);
  const took = Date.now() - start;
  const frames = await page.evaluate(() => (stopScrolling(), scrolling));
  result["scroll: frames over 20 ms, %"] = (100 * frames.filter((it) => it > 20).length) / frames.length;
  result["scroll: main thread busy, %"] = (100 * ((await metric("TaskDuration")) - before)) / took;

  await quiet();
  result["memory of the page's process (PSS), MB"] = await memory(devtools);
  const count = LINES - LINES / 20;
  if (ours) {
    await page.locator(".ed-content").click();
    await page.keyboard.press("Control+h");
    await page.keyboard.type("thousand");
    await page.getByText(count.toLocaleString("en")).first().waitFor();
    await page.getByRole("textbox", { name: "Replace", exact: true }).fill("dozen");
    const button = page.getByRole("button", { name: "All", exact: true });
    result[`replace ${count} matches: painted, ms`] = await button.evaluate((it) =>
      timed(() => it.click()),
    );
  } else {
    result[`replace ${count} matches: painted, ms`] = await page.evaluate(() =>
      timed(() => editor.replaceAll("thousand", "dozen")),
    );
  }
  await quiet();
  await page.locator(ours ? ".ed-content" : ".cm-content, .monaco-editor").first().click();
  await page.evaluate(() => keyTimes.splice(0));
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => keyTimes.length > 0);
  result["undo of that: painted, ms"] = (await page.evaluate(() => keyTimes)).at(-1);
  await page.context().close();
}

/** The proportional share of memory of the process that draws the page, with its workers. */
async function memory(devtools) {
  await devtools.send("HeapProfiler.collectGarbage");
  const session = await browser.devtools();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter((it) => it.type === "renderer").map((it) => it.id);
  const shares = await Promise.all(
    renderers.map(async (id) => {
      const rollup = await readFile(`/proc/${id}/smaps_rollup`, "utf8").catch(() => "");
      return Number(rollup.match(/^Pss:\s+(\d+)/m)?.[1] ?? 0) / 1000;
    }),
  );
  return Math.max(...shares);
}

const first = await browser.page();
await first.goto(server.signIn);
await first.locator("main").first().waitFor();
const storageState = await first.context().storageState();
await first.context().close();

const rounds = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const order = [
    ["KUN", `${server.url}/p/demo/web/v1?file=web.yaml`, storageState, true],
    ...Object.entries(peers).map(([name, it]) => [
      name,
      `http://127.0.0.1:${it.address().port}/`,
      undefined,
      false,
    ]),
  ];
  if (round % 2 === 1) order.reverse();
  for (const one of order) await measure(...one);
  rounds.push(structuredClone(results));
  console.error(`round ${round + 1} of ${ROUNDS} after ${Math.round(process.uptime())} s`);
}
await browser.stop();
await server.stop();
Object.values(peers).forEach((it) => it.close());

/** Of all rounds the one in the middle. */
function median(name, what) {
  const values = rounds.map((it) => it[name][what]).sort((a, b) => a - b);
  return values[values.length >> 1];
}

const names = ["KUN", ...Object.keys(peers)];
console.log(`| measure | ${names.join(" | ")} |\n|---|${"---|".repeat(names.length)}`);
for (const what of Object.keys(results.KUN)) {
  console.log(`| ${what} | ${names.map((it) => median(it, what).toFixed(1)).join(" | ")} |`);
}
