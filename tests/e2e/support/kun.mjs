// Starts the product as a newcomer has it: the server with its sandbox and its example, on a free
// port, with data in a temporary folder; and a browser at its page. Everything stops at the end.

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

const BROWSER_ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A running server: `url`, `signIn` (the printed link), `data`, `restart()`, `kill()`, `stop()`. */
export async function startServer(options = {}) {
  const data = options.data ?? (await mkdtemp(path.join(tmpdir(), "kun-e2e-")));
  const server = { data, ...(await launch(data, "127.0.0.1:0", options.arguments ?? [])) };
  server.stop = async () => {
    await end(server.process, "SIGTERM");
    await rm(data, { recursive: true, force: true });
  };
  server.kill = () => end(server.process, "SIGKILL");
  server.restart = async () => {
    await end(server.process, "SIGTERM");
    Object.assign(server, await launch(data, new URL(server.url).host, options.arguments ?? []));
  };
  return server;
}

async function launch(data, listen, more) {
  const binary = required("KUN_SERVER_BINARY");
  const child = spawn(binary, ["--listen", listen, "--data", data, "--example", ...more], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const signIn = await new Promise((resolve, reject) => {
    const read = (chunk) => {
      printed += chunk;
      const link = printed.match(/http:\/\/\S+\/login\?token=[\w-]+/);
      if (link) resolve(link[0]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}:\n${printed}`)));
  });
  return { process: child, url: new URL(signIn).origin, signIn, printed: () => printed };
}

async function end(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await ended;
}

/** A browser; `page(options)` opens a page whose errors end up in `page.problems`. */
export async function startBrowser() {
  const browser = await chromium.launch({
    executablePath: required("KUN_CHROMIUM"),
    args: BROWSER_ARGUMENTS,
  });
  return {
    async page(options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        permissions: ["clipboard-read", "clipboard-write"],
        ...options,
      });
      context.setDefaultTimeout(15_000);
      const page = await context.newPage();
      page.problems = [];
      page.on("pageerror", (error) => page.problems.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") page.problems.push(message.text());
      });
      return page;
    },
    devtools: () => browser.newBrowserCDPSession(),
    stop: () => browser.close(),
  };
}

/** Keeps what the page looks like, for a person to look at. */
export async function screenshot(page, name) {
  const folder = required("KUN_SCREENSHOTS");
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

export function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with \`cargo xtask test\``);
  return value;
}
