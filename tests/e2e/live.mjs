// What the editor knows of the environment that is looked at, and fixes with places to fill in.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { screenshot, startBrowser, startServer } from "./support/kun.mjs";
import { deployed } from "./support/screens.mjs";

let server;
let browser;
let page;

before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  page = await browser.page();
  await page.goto(server.signIn);
  await page.locator("main").first().waitFor();
});

after(async () => {
  assert.deepEqual(page?.problems, []);
  await browser?.stop();
  await server?.stop();
});

const line = (text) => page.locator(".ed-line", { hasText: text });
const paste = async (text) => {
  await page.evaluate((it) => navigator.clipboard.writeText(it), text);
  await page.keyboard.press("Control+v");
};

test("objects say how they do in the environment, and what cannot be changed there", async () => {
  await deployed(page, "v1", "dev");
  await page.goto(`${server.url}/p/demo/web/v1?file=web.yaml`);
  await page.locator(".ed-note.is-healthy", { hasText: "dev v1" }).first().waitFor();
  await screenshot(page, "editor-live");
  await page.locator(".ed-lines").click();
  await page.keyboard.press("Control+h");
  await page.getByRole("textbox", { name: "Find" }).fill("      app.kubernetes.io/name: web");
  await page.getByRole("textbox", { name: "Replace" }).fill("      app.kubernetes.io/name: other");
  await page.keyboard.press("Control+Alt+Enter");
  await line("app.kubernetes.io/name: other").first().waitFor();
  const warning = page.locator(".problems").getByText("version v1 in dev");
  await warning.first().waitFor();
});

test("a fix that adds fields goes from one to the next", async () => {
  await page.locator(".ed-lines").click();
  await page.keyboard.press("Control+a");
  await paste("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 1\n");
  await page.locator(".problems").getByText("are required").first().waitFor();
  await page.keyboard.press("F8");
  await page.keyboard.press("Control+.");
  await page.getByRole("listbox", { name: "Fixes" }).getByRole("option").first().waitFor();
  await screenshot(page, "editor-fixes");
  await page.keyboard.press("Enter");
  await page.locator(".ed-field").first().waitFor();
  await screenshot(page, "editor-fields");
  await page.keyboard.type("first");
  await page.keyboard.press("Tab");
  await page.keyboard.type("second");
  await line("second").first().waitFor();
  await line("first").first().waitFor();
});

test("a dropped file becomes a file of the version, and what is no text is refused", async () => {
  const drop = (name, bytes) =>
    page.locator(".ed-lines").evaluate(
      (target, [name, bytes]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], name));
        target.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
      },
      [name, bytes],
    );
  await drop("notes.yaml", [...Buffer.from("dropped: true\n")]);
  await line("dropped: true").waitFor();
  await page.getByRole("textbox", { name: "notes.yaml, YAML editor" }).waitFor();
  await drop("picture.png", [0x89, 0x50, 0x4e, 0x47, 0x00]);
  await page.getByRole("alert").getByText("picture.png is not a text.").waitFor();
});
