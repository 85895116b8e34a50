// A window of VS Code in a real browser, and a person at it.
import { join } from "node:path";

import { ROOT } from "./bundle.mjs";

const PATIENCE_MS = 180_000;

/**
 * Opens VS Code at `address`, and waits until the tests in it say how they ended.
 *
 * They print what a person has to do: `type TEXT` answers the next question, `press NAME` presses
 * a button of the message that comes. A message of a fault that nobody waits for ends the tests.
 */
export async function runTests(address) {
  const { chromium } = await import(
    new URL("../../../tests/node_modules/playwright-core/index.mjs", import.meta.url)
  );
  const browser = await chromium.launch({
    executablePath: process.env.KUN_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
  try {
    return await run(await browser.newPage(), address);
  } finally {
    await browser.close();
  }
}

async function run(page, address) {
  let ended;
  const end = new Promise((resolve) => (ended = resolve));
  await page.exposeFunction("codeAutomationExit", (code) => ended(code));
  let hands = Promise.resolve();
  let isAwaited = false;
  const does = { type: (text) => type(page, text), press: (name) => press(page, name) };
  await page.exposeFunction("codeAutomationLog", (_, words) => {
    const line = words.map(String).join(" ");
    const [verb, ...rest] = line.split(" ");
    if (verb in does) {
      isAwaited ||= verb === "press";
      hands = hands.then(() => does[verb](rest.join(" ")));
      return;
    }
    // The window has much to say about itself.
    if (/^(ok |Error: )/.test(line)) console.log(line);
  });
  if (process.env.KUN_VERBOSE) page.on("console", (message) => console.log(message.text()));
  await page.goto(address);
  const failed = page.locator(".notification-toast:has(.codicon-error)").first();
  failed.waitFor({ timeout: 0 }).then(
    async () => {
      if (isAwaited) return;
      const words = await failed.locator(".notification-list-item-message").innerText();
      console.log(`Error: VS Code shows "${words}"`);
      ended(1);
    },
    // The window is closed: it went well.
    () => {},
  );
  const timer = setTimeout(async () => {
    await page.screenshot({ path: join(ROOT, "dist/test/host.png") });
    console.log("VS Code did not end in time; dist/test/host.png shows it");
    ended(1);
  }, PATIENCE_MS);
  const code = await end;
  clearTimeout(timer);
  return code;
}

/** Answers the next question of the window; an empty text takes what is offered. */
async function type(page, text) {
  const question = page.locator(".quick-input-widget .quick-input-box input:visible");
  await question.waitFor();
  if (text !== "") await question.fill(text);
  await question.press("Enter");
}

/** Presses a button of a message. */
async function press(page, name) {
  await page.locator(".notification-toast").getByRole("button", { name, exact: true }).click();
}
