// The main job, as a person does it with keyboard and mouse: write a Deployment with help, save it
// as a version, deploy it to the sandbox, watch it become healthy, and find it again.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { screenshot, startBrowser, startServer } from "./support/kun.mjs";

let server;
let browser;
let page;
/** What the browser has asked for, without the hashes of the files. */
const loaded = [];

before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  page = await browser.page({ colorScheme: "light" });
  page.on("request", (request) => loaded.push(request.url().replace(/\.[0-9a-f]{16}\./, ".")));
});

after(async () => {
  await browser?.stop();
  await server?.stop();
});

const editor = () => page.getByRole("textbox", { name: "app.yaml, YAML editor" });
const completions = () => page.getByRole("listbox", { name: "Completions" });
const problems = () => page.locator(".problems");
const panel = () => page.getByRole("complementary", { name: "Deploy" });

/** One step of the job: what fails stops the rest, which builds on it. */
async function step(what, act) {
  try {
    await act();
    console.log(`  ✓ ${what}`);
  } catch (error) {
    await screenshot(page, "main-failed");
    throw new Error(`${what}: ${error.message}`, { cause: error });
  }
}

/** Waits until the text that is drawn matches. */
async function hasText(pattern) {
  await page.waitForFunction(
    ([source, flags]) => {
      const lines = [...document.querySelectorAll(".ed-line")].map((line) => line.textContent);
      return new RegExp(source, flags).test(lines.join("\n"));
    },
    [pattern.source, pattern.flags],
  );
}

/** Puts the caret at the end of a line, from 1 on. */
async function goToEndOfLine(line) {
  await page.keyboard.press("Control+Home");
  for (let down = 1; down < line; down += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
}

test("a person writes, saves and deploys, and sees it healthy", async () => {
  await step("the printed link signs in and the example leads to an empty editor", async () => {
    await page.goto(server.signIn);
    await page.getByRole("link", { name: "demo" }).click();
    await page.getByRole("link", { name: "web", exact: true }).click();
    await page.getByRole("link", { name: "Write a new version" }).click();
    await editor().waitFor();
    assert.match(page.url(), /\/p\/demo\/web\/draft$/);
  });

  await step("a snippet is accepted and its tab stops are filled", async () => {
    await editor().click();
    await page.keyboard.type("depl");
    await completions().getByRole("option", { name: /Deployment/ }).first().waitFor();
    await screenshot(page, "main-completion");
    await page.keyboard.press("Enter");
    await hasText(/kind: Deployment/);
    await page.keyboard.type("shop");
    await page.keyboard.press("Tab");
    await page.keyboard.type("3");
    await page.keyboard.press("Tab");
    await page.keyboard.type("registry.example.com/shop:1");
    await page.keyboard.press("Escape");
    await hasText(/name: shop[\s\S]*app: shop[\s\S]*replicas: 3[\s\S]*image: registry\.example\.com\/shop:1/);
  });

  await step("a key is completed where it is typed", async () => {
    await goToEndOfLine(8);
    await page.keyboard.press("Enter");
    await page.keyboard.type("revis");
    await completions().getByRole("option", { name: /revisionHistoryLimit/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.type("5");
    await hasText(/\n {2}revisionHistoryLimit: 5\n/);
  });

  await step("hovering a key explains it, with a link to the official page", async () => {
    const key = page.locator(".ed-line").getByText("replicas", { exact: true });
    await key.hover();
    const card = page.locator(".ed-docs-text");
    await card.getByText("Number of desired pods").waitFor();
    const link = card.getByRole("link").first();
    assert.match(await link.getAttribute("href"), /^https:\/\/kubernetes\.io\/docs\//);
    await screenshot(page, "main-hover");
  });

  await step("a typo is found, and mended by its fix", async () => {
    await goToEndOfLine(9);
    await page.keyboard.press("Enter");
    await page.keyboard.type("minReadySecond: 1");
    await page.keyboard.press("Escape");
    const problem = problems().getByRole("button", { name: /minReadySecond/ });
    await problem.waitFor();
    await screenshot(page, "main-problem");
    await problem.click();
    await page.keyboard.press("Control+.");
    await page.getByRole("listbox", { name: "Fixes" }).waitFor();
    await page.keyboard.press("Enter");
    await hasText(/\n {2}minReadySeconds: 1\n/);
    await problems().getByText("No problems").waitFor();
  });

  await step("so far only what is needed to write was loaded", () => {
    const files = loaded.map((url) => url.split("/").pop());
    assert.ok(files.includes("lsp_server.wasm"), files.join(" "));
    assert.ok(!files.includes("lsp_server_rest.wasm"), "lsp_server_rest.wasm was loaded");
  });

  await step("a regular expression with a capture replaces", async () => {
    await page.keyboard.press("Control+h");
    const search = page.getByRole("search");
    await search.getByLabel("Regular expression").click();
    await search.getByLabel("Find").fill("registry\\.(\\w+)\\.com");
    await search.getByText("1 of 1").waitFor();
    await search.getByRole("textbox", { name: "Replace" }).fill("registry.$1.org");
    await search.getByRole("button", { name: "All" }).click();
    await hasText(/image: registry\.example\.org\/shop:1/);
    await page.keyboard.press("Escape");
    assert.ok(loaded.some((url) => url.endsWith("/lsp_server_rest.wasm")));
  });

  await step("a reload loses nothing that was typed", async () => {
    await page.reload();
    await editor().waitFor();
    await hasText(/image: registry\.example\.org\/shop:1/);
  });

  await step("the text is saved as a version", async () => {
    await editor().click();
    await page.keyboard.press("Control+s");
    const dialog = page.getByRole("dialog", { name: "Save as version" });
    await dialog.getByRole("textbox").fill("not a name");
    await page.keyboard.press("Enter");
    await dialog.getByRole("alert").getByText("is not a version name").waitFor();
    assert.equal(await dialog.getByRole("textbox").inputValue(), "not a name");
    await dialog.getByRole("textbox").fill("v2");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/p\/demo\/web\/v2/);
  });

  await step("the version is previewed, deployed and becomes healthy", async () => {
    const deploy = panel().getByRole("button", { name: /^Deploy v2 to dev: 1 created/ });
    await deploy.waitFor();
    await screenshot(page, "main-preview");
    await deploy.click();
    await panel().locator(".job-state").getByText("healthy").waitFor({ timeout: 60_000 });
    await panel().locator(".log").getByText(/Deployment\/shop/).first().waitFor();
    await screenshot(page, "main-healthy");
  });

  await step("after a reload it is still there, and healthy", async () => {
    await page.reload();
    await hasText(/image: registry\.example\.org\/shop:1/);
    await page.getByRole("link", { name: "web", exact: true }).click();
    const row = page.locator(".matrix").getByRole("row", { name: /v2/ });
    await row.getByText("healthy").waitFor();
    await screenshot(page, "main-set");
  });

  assert.deepEqual(page.problems, [], "the page had nothing to complain of");
});
