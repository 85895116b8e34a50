// Every page can be read by everybody, at every width and in every theme; what a person does on
// them works, also by keyboard alone, over a reload, in two tabs and when the server restarts.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { request } from "node:https";
import path from "node:path";
import { after, before, test } from "node:test";
import { screenshot, startBrowser, startServer } from "./support/kun.mjs";
import { deploy, deployed, faults, files, isTooWide, push } from "./support/screens.mjs";

let server;
let browser;
let page;
/** The job that failed. */
let failed;
let example;

before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  page = await browser.page({ colorScheme: "light" });
  await page.goto(server.signIn);
  await page.getByRole("heading", { name: "Projects" }).waitFor();
  example = await files(page, "v1");
  await deployed(page, "v1", "dev");
  await deployed(page, "v1", "prod");
  const image = (name) => example["web.yaml"].replace(/image: .*/, `image: ${name}`);
  await push(page, "v2", { ...example, "web.yaml": image("registry.example.com/crash:1") });
  failed = await deployed(page, "v2", "dev");
  assert.equal(failed.state, "failed");
});

after(async () => {
  await browser?.stop();
  await server?.stop();
});

const open = (path) => page.goto(server.url + path);
const panel = () => page.getByRole("complementary", { name: "Deploy" });
const deployButton = (name) => panel().getByRole("button", { name });

async function focused() {
  return page.evaluate(() => document.activeElement?.textContent ?? "");
}

/** Presses Tab until what has the focus is named so. */
async function tabTo(name) {
  for (let pressed = 0; pressed < 60; pressed += 1) {
    if (name.test(await focused())) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab never comes to ${name}`);
}

test("every page can be read by everybody", async () => {
  const screens = [
    ["/", "Recent deploys"],
    ["/p/demo", "Members"],
    ["/p/demo/web", "Deploys"],
    ["/p/demo/web/v1...v2", "v1 → v2"],
    [`/deploys/${failed.id}`, "Log"],
    ["/account", "Tokens"],
    ["/admin", "What was done"],
    ["/p/demo/web/v2?environment=prod", "Deploy"],
    ["/p/demo/nothing", "Not found"],
    ["/nowhere", "There is no such page"],
  ];
  const found = [];
  for (const [theme, width] of [["light", 1440], ["dark", 1000], ["contrast", 390]]) {
    await page.evaluate((theme) => localStorage.setItem("kun:theme", theme), theme);
    await page.setViewportSize({ width, height: 900 });
    for (const [path, heading] of screens) {
      await open(path);
      await page.getByRole("heading", { name: heading, exact: true }).waitFor();
      if (path.includes("environment")) await deployButton(/^Deploy v2/).waitFor();
      await page.waitForFunction(() => document.querySelector("[aria-busy=true].skeleton") === null);
      const wide = (await isTooWide(page)) ? ["it is wider than the window"] : [];
      for (const fault of [...(await faults(page)), ...wide]) found.push(`${path}, ${theme}: ${fault}`);
    }
  }
  await page.evaluate(() => localStorage.removeItem("kun:theme"));
  await page.setViewportSize({ width: 1440, height: 900 });
  assert.deepEqual(found, []);
});

test("a failed job says why, and offers to try again and to go back", async () => {
  await open(`/deploys/${failed.id}`);
  const job = page.getByRole("region", { name: "Deploy job" });
  await job.locator(".evidence").getByText("the program ends with code 1").first().waitFor();
  await job.getByRole("list", { name: "Stages" }).getByText("getting ready").waitFor();

  await job.getByRole("searchbox", { name: "Search the log" }).fill("crashing");
  await job.getByText(/^\d+ of \d+ lines$/).waitFor();
  await job.locator(".log mark").first().waitFor();
  await job.getByRole("searchbox", { name: "Search the log" }).fill("");
  await job.getByRole("link", { name: "Line 2", exact: true }).click();
  assert.match(page.url(), /#L2$/);

  await job.getByRole("link", { name: "Roll back to v1…" }).click();
  await page.waitForURL(/\/p\/demo\/web\/v1\?environment=dev&prune=true$/);
  await deployButton(/^Deploy v1 to dev: 1 changed/).waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent.startsWith("Deploy v1 to dev"));
  await page.keyboard.press("Enter");
  await panel().locator(".job-state").getByText("healthy").waitFor({ timeout: 60_000 });
});

test("a job that runs is watched over a reload, and cancelled", async () => {
  const slow = example["web.yaml"].replace(/image: .*/, "image: registry.example.com/never-ready:1");
  await push(page, "v3", { ...example, "web.yaml": slow });
  await open("/p/demo/web/v3?environment=dev");
  await deployButton(/^Deploy v3 to dev/).click();
  await panel().getByRole("button", { name: "Cancel" }).waitFor();
  await open("/p/demo/web/v3");
  await panel().getByRole("button", { name: "Cancel" }).click();
  await panel().locator(".job-state").getByText("cancelled").waitFor();
  await panel().getByRole("button", { name: "Retry" }).waitFor();
  await panel().getByRole("button", { name: "Deploy again…" }).click();
  await deployButton(/^Deploy v3 to/).waitFor();
});

test("a job page lives through a restart of the server", async () => {
  const id = await deploy(page, "v3", "prod");
  await open(`/deploys/${id}`);
  const job = page.getByRole("region", { name: "Deploy job" });
  await job.getByRole("button", { name: "Cancel" }).waitFor();
  await server.restart();
  await job.getByText("The server does not answer").waitFor({ state: "detached" });
  await job.getByRole("button", { name: "Cancel" }).click();
  await job.locator(".job-state").getByText("cancelled").waitFor();
});

test("the set says what runs where, and what the newest version changes there", async () => {
  await open("/p/demo/web");
  const places = page.getByRole("list", { name: "Environments" });
  const prod = places.getByRole("listitem").filter({ hasText: "demo-prod" });
  await prod.getByRole("link", { name: /^v1 → v3: changes Deployment web$/ }).waitFor();
  await prod.getByRole("link", { name: "Deploy v3…" }).waitFor();
  const cell = page.getByRole("link", { name: "Deploy v2 to prod" });
  await cell.focus();
  assert.equal(await cell.evaluate((it) => getComputedStyle(it).opacity), "1");

  await page.goBack();
  await page.goForward();
  await prod.getByRole("link", { name: /v1 → v3/ }).click();
  await page.waitForURL(/v1\.\.\.v3$/);
  assert.match(await page.title(), /v1 … v3 · web · demo · KUN/);
  await page.getByLabel("From").selectOption("v2");
  await page.waitForURL(/v2\.\.\.v3$/);
  await page.goBack();
  await page.getByRole("heading", { name: "v1 → v3" }).waitFor();
});

test("two tabs with the same draft follow each other", async () => {
  await open("/p/demo/web/v1?file=config.yaml");
  const other = await page.context().newPage();
  await other.goto(page.url());
  await Promise.all([page, other].map((tab) => tab.locator(".status").waitFor()));
  await other.getByRole("textbox", { name: /YAML editor/ }).click();
  await other.keyboard.press("Control+Home");
  await other.keyboard.type("# from the other tab");
  await page.bringToFront();
  await page.locator(".ed-line").getByText("# from the other tab").waitFor();
  await page.getByRole("button", { name: "Discard changes" }).click();
  await other.bringToFront();
  await other.locator(".ed-line").getByText("# from the other tab").waitFor({ state: "detached" });
  await other.close();
});

test("a version that was left by saving is known of no more", async () => {
  const before = page.problems.length;
  await open("/p/demo/web/v1?file=web.yaml");
  const lens = page.locator(".ed-lens");
  await lens.waitFor();
  const alone = await lens.innerText();
  await page.getByRole("textbox", { name: /YAML editor/ }).click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("# again");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+s");
  await page.getByRole("dialog", { name: "Save as version" }).getByRole("textbox").waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/v1-edit\.1/);
  await deployButton(/^Deploy v1-edit\.1/).waitFor();
  await lens.getByText(alone, { exact: true }).waitFor();
  assert.deepEqual(page.problems.slice(before), []);
});

test("the palette finds pages and runs commands", async () => {
  await open("/p/demo/web/v1?file=web.yaml");
  await page.locator(".status").waitFor();
  await page.getByRole("textbox", { name: /YAML editor/ }).click();
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search" });
  await page.keyboard.type("find and rep");
  await palette.getByRole("option", { name: /Find and replace/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("search").getByRole("textbox", { name: "Replace" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("save as");
  await palette.getByRole("option", { name: /Save as version/, selected: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Save as version" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

test("below 1000 pixels the panels are drawers", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open("/p/demo/web/v2?file=web.yaml");
  await page.locator(".status").waitFor();
  const files = page.getByRole("button", { name: "Files", exact: true });
  await files.click();
  await page.getByRole("navigation", { name: "Files and outline" }).getByRole("button", { name: "config.yaml", exact: true }).click();
  await page.getByRole("heading", { name: "config.yaml" }).waitFor();
  assert.equal(await files.getAttribute("aria-expanded"), "false");
  await page.getByRole("button", { name: "Deploy", exact: true }).click();
  await deployButton(/^Deploy v2 to/).waitFor();
  await page.keyboard.press("Escape");
  await panel().waitFor({ state: "hidden" });
  await page.setViewportSize({ width: 1440, height: 900 });
});

test("the whole way from signing in to a deploy goes by keyboard alone", async () => {
  await open("/");
  await tabTo(/^demo/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Resource sets" }).waitFor();
  await tabTo(/^web$/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Versions" }).waitFor();
  await tabTo(/^Write a new version$/);
  await page.keyboard.press("Enter");
  await page.locator(".status").waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "textbox");
  const text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: keyed\n";
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.keyboard.press("Control+v");
  await page.locator(".ed-line").getByText("keyed").waitFor();
  await page.keyboard.press("Control+s");
  await page.keyboard.type("keyed-1");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/keyed-1/);
  await deployButton(/^Deploy keyed-1 to dev: 1 created/).waitFor();
  await page.keyboard.press("Alt+Shift+D");
  await page.waitForFunction(() => document.activeElement?.textContent.startsWith("Deploy keyed-1"));
  await page.keyboard.press("Enter");
  await panel().locator(".job-state").getByText("healthy").waitFor({ timeout: 60_000 });
});

test("what somebody else changed is told as drift, named, and taken over", async () => {
  await changeAsSomebodyElse("demo-prod", { "default.conf": "# by hand" });
  await open("/p/demo/web/v1?environment=prod");
  await panel().getByText("is owned by").waitFor();
  await panel().getByText("somebody-else", { exact: true }).waitFor();
  assert.equal(await deployButton(/^Deploy v1 to prod/).isDisabled(), true);
  await panel().getByRole("button", { name: "Take over" }).click();
  await deployButton(/^Deploy v1 to prod: \d changed/).click();
  await panel().locator(".job-state").getByText("healthy").waitFor({ timeout: 60_000 });
});

/** Applies a ConfigMap to the sandbox as another tool would do it. */
async function changeAsSomebodyElse(namespace, data) {
  const kubeconfig = await readFile(path.join(server.data, "sandbox.kubeconfig"), "utf8");
  const field = (name) => kubeconfig.match(new RegExp(`"?${name}"?: *"?([^"\\s,]+)`))[1];
  const url = new URL(`/api/v1/namespaces/${namespace}/configmaps/web`, field("server"));
  url.search = "fieldManager=somebody-else&force=true";
  const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "web" }, data };
  const status = await new Promise((resolve, reject) => {
    const asked = request(
      url,
      {
        method: "PATCH",
        ca: Buffer.from(field("certificate-authority-data"), "base64"),
        headers: {
          Authorization: `Bearer ${field("token")}`,
          "Content-Type": "application/apply-patch+yaml",
        },
      },
      (answer) => resolve(answer.resume().statusCode),
    );
    asked.on("error", reject);
    asked.end(JSON.stringify(body));
  });
  assert.equal(status, 200);
}

test("the value of a Secret is shown nowhere but in its text", async () => {
  const secret = (value) => ({
    "s.yaml": `apiVersion: v1\nkind: Secret\nmetadata:\n  name: key\nstringData:\n  password: ${value}\n`,
  });
  await push(page, "secret-1", secret("hunter-one"));
  await deployed(page, "secret-1", "dev");
  await push(page, "secret-2", secret("hunter-two"));
  const isHidden = async (area) => assert.doesNotMatch(await area.innerText(), /hunter|aHVudGVy/);
  await open("/p/demo/web/secret-1...secret-2");
  await page.getByText("stringData.password").waitFor();
  await isHidden(page.locator("main"));
  await open("/p/demo/web/secret-2?environment=dev");
  await deployButton(/^Deploy secret-2 to dev: 1 changed/).waitFor();
  await isHidden(panel());
  await deployButton(/^Deploy secret-2 to dev/).click();
  await panel().locator(".job-state").getByText("healthy").waitFor({ timeout: 60_000 });
  await isHidden(panel());
});

test("five hundred objects and fifty files stay in hand", async () => {
  const many = {};
  for (let file = 0; file < 50; file += 1) {
    const object = (at) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c-${file}-${at}\n`;
    many[`part/${String(file).padStart(2, "0")}.yaml`] = Array.from({ length: 10 }, (_, at) => object(at)).join("---\n");
  }
  await push(page, "many", many);
  await open("/p/demo/web/many?environment=prod");
  await deployButton(/^Deploy many to prod: 500 created/).click();
  await panel().locator(".job-state").getByText("healthy").waitFor({ timeout: 60_000 });
  await panel().getByText("500 objects are done").waitFor();
  assert.equal(await isTooWide(page), false);
  await screenshot(page, "pages-many");
});
