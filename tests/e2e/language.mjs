// What the language server knows reaches the person at the text: by keyboard alone, and by mouse.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startBrowser, startServer } from "./support/kun.mjs";

const SET = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  a: "1"
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: docker.io/library/nginx:1.29
          envFrom:
            - configMapRef: {name: settings}
`;

let server;
let browser;
let page;
let keys;

before(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  page = await browser.page();
  keys = page.keyboard;
  await page.goto(server.signIn);
  await page.locator("main").first().waitFor();
  await page.goto(`${server.url}/p/demo/web/draft`);
  await page.locator(".status").waitFor();
});

after(async () => {
  await browser?.stop();
  await server?.stop();
});

beforeEach(() => write(SET));

/** Replaces the text; the caret stands at its start. */
async function write(text) {
  await page.locator(".ed-lines").click({ position: { x: 4, y: 4 } });
  await keys.press("Escape");
  await keys.press("Control+a");
  await page.evaluate((it) => navigator.clipboard.writeText(it), text);
  await keys.press("Control+v");
  await keys.press("Control+Home");
  await page.waitForFunction((it) => {
    const lines = [...document.querySelectorAll(".ed-line")];
    return it.split("\n").every((line, idx) => lines[idx]?.textContent.startsWith(line));
  }, text);
}

/** Puts the caret before the `nth` place where `word` stands. */
async function goTo(word, nth = 1) {
  const lines = await page.evaluate(() => [...document.querySelectorAll(".ed-line")].map((it) => it.textContent));
  const at = lines.flatMap((line, idx) => (line.includes(word) ? [idx] : []))[nth - 1];
  await keys.press("Control+g");
  const place = `${at + 1}:${lines[at].indexOf(word) + 1}`;
  await page.getByRole("combobox", { name: "Line, or line:column" }).fill(place);
  await keys.press("Enter");
  await caretAt(`Ln ${place.replace(":", ", Col ")}`);
}

const caretAt = (place) => page.locator(".status .caret", { hasText: new RegExp(`^${place}$`) }).waitFor();
const line = (text) => page.locator(".ed-line", { hasText: text });
const told = (words) => page.locator(".ed-told", { hasText: words }).waitFor();

test("the way to the caret is told, and leads back", async () => {
  await goTo("docker.io");
  const trail = page.getByRole("navigation", { name: "Where the caret stands" });
  await trail.getByRole("button", { name: "image" }).waitFor();
  // The objects are known after a pause.
  await trail.getByRole("button", { name: "Deployment web" }).waitFor();
  assert.deepEqual(await trail.getByRole("button").allInnerTexts(), [
    "Deployment web",
    "spec",
    "template",
    "spec",
    "containers",
    "web",
    "image",
  ]);
  await trail.getByRole("button", { name: "template" }).click();
  await caretAt("Ln 14, Col 1");
});

test("the name at the caret is marked wherever it stands", async () => {
  await goTo("settings", 2);
  await page.waitForFunction(() => document.querySelectorAll(".ed-line .ed-use").length === 2);
  await keys.press("ArrowUp");
  await page.waitForFunction(() => document.querySelectorAll(".ed-line .ed-use").length === 0);
});

test("renaming shows what it will change before it does", async () => {
  await goTo("settings", 2);
  await keys.press("F2");
  const box = page.getByRole("textbox", { name: "New name" });
  await box.fill("options");
  const uses = page.getByRole("list", { name: "What is renamed" }).getByRole("listitem");
  await uses.nth(1).waitFor();
  assert.deepEqual(await uses.allInnerTexts(), [
    "app.yaml:4\nname: options",
    "app.yaml:21\n- configMapRef: {name: options}",
  ]);
  await keys.press("Enter");
  await told("Renamed 2 places");
  await line("configMapRef: {name: options}").waitFor();
});

test("a definition is looked at without going there, and gone to", async () => {
  await goTo("settings", 2);
  await caretAt("Ln 21, Col 36");
  await keys.press("Alt+F12");
  await page.locator(".ed-peek-at", { hasText: "name: settings" }).waitFor();
  await keys.press("Escape");
  await caretAt("Ln 21, Col 36");
  await keys.press("F12");
  await caretAt("Ln 4, Col \\d+");
});

test("uses are listed with the lines around them", async () => {
  await goTo("settings");
  await keys.press("Shift+F12");
  const rows = page.getByRole("listbox", { name: "Go to a place" }).getByRole("option");
  await rows.nth(1).waitFor();
  assert.match(await rows.first().innerText(), /name: settings\s+app\.yaml:4/);
  await rows.nth(1).click();
  await caretAt("Ln 21, Col \\d+");
});

test("objects of all files are a few letters away", async () => {
  await keys.press("Control+p");
  await page.getByRole("combobox", { name: "Go to object in any file" }).fill("web depl");
  await page.locator(".ed-peek-at", { hasText: "name: web" }).waitFor();
  await keys.press("Enter");
  await caretAt("Ln 11, Col \\d+");
});

test("the selection grows by the tree and shrinks again", async () => {
  await goTo("docker.io");
  const selected = async (text) => {
    await keys.press("Control+c");
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
  };
  const isSelected = (lines) =>
    page.waitForFunction((lines) => {
      const boxes = [...document.querySelectorAll(".ed-selection")];
      return boxes.filter((it) => it.style.display !== "none").length === lines;
    }, lines);
  await keys.press("Alt+Shift+ArrowRight");
  await isSelected(1);
  await selected("docker.io/library/nginx:1.29");
  await keys.press("Alt+Shift+ArrowRight");
  await page.waitForFunction(() => getSelection().toString().startsWith("image"));
  await selected("image: docker.io/library/nginx:1.29");
  await keys.press("Alt+Shift+ArrowLeft");
  await selected("docker.io/library/nginx:1.29");
});

test("a name is typed over wherever it stands in the file", async () => {
  await goTo("settings");
  await keys.press("Control+F2");
  await told("Edits 2 places");
  await keys.type("x");
  await line("configMapRef: {name: x}").waitFor();
  await line(/^ {2}name: x$/).waitFor();
});

test("an image leads to its registry from the card, by keyboard", async () => {
  await line("image:").locator(".ed-link").waitFor();
  await goTo("docker.io");
  await keys.press("Control+i");
  const link = page.locator(".ed-card").getByRole("link", { name: "The image in its registry" });
  assert.match(await link.getAttribute("href"), /^https:\/\/hub\.docker\.com\//);
  await keys.press("Control+i");
  await page.waitForFunction(() => document.activeElement?.closest(".ed-card") !== null);
  await keys.press("Escape");
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "textbox");
});

test("a problem leads to the place that belongs to it", async () => {
  await write(`${SET}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n`);
  await page.locator(".problems").getByText("stands twice").waitFor();
  await keys.press("F8");
  await page.locator(".ed-related").getByRole("button", { name: "app.yaml:4" }).click();
  await caretAt("Ln 4, Col \\d+");
});

test("what is outdated is struck through", async () => {
  await write("apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {name: p}\n");
  await page.locator(".ed-outdated", { hasText: "policy/v1beta1" }).waitFor();
});

test("all mistakes of a kind are mended at once", async () => {
  await write("apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selctor: {}\n  tipe: NodePort\n");
  await page.waitForFunction(() => document.querySelectorAll(".ed-error").length === 2);
  await keys.press("F8");
  await keys.press("Control+.");
  const fixes = page.getByRole("listbox", { name: "Fixes" });
  await fixes.getByRole("option", { name: /^Fix all 2/ }).click();
  await line(/^ {2}selector: \{\}$/).waitFor();
  await line(/^ {2}type: NodePort$/).waitFor();
});

test("of a selection only what is selected is laid out", async () => {
  await write("a:   1\nb:   2\nc:   3\n");
  await keys.press("ArrowDown");
  await keys.press("Shift+End");
  await keys.press("Alt+Shift+f");
  await told("Formatted");
  await line(/^b: 2$/).waitFor();
  await line(/^a: {3}1$/).waitFor();
});

test("what is not there is said", async () => {
  await keys.press("Control+Home");
  await keys.press("F12");
  await told("No definition found");
});

test("the palette runs commands of the text that have no key", async () => {
  const palette = page.getByRole("dialog", { name: "Search" });
  const run = async (command) => {
    await keys.press("Control+k");
    await palette.getByRole("combobox").fill(command);
    await palette.getByRole("option", { name: command, selected: true }).waitFor();
    await keys.press("Enter");
    await palette.waitFor({ state: "detached" });
  };
  await run("Fold all");
  await page.locator(".ed-folded").first().waitFor();
  await run("Unfold all");
  await page.locator(".ed-folded").first().waitFor({ state: "detached" });
  await page.locator(".ed-lines").waitFor();
});

test("a pipeline is served like a manifest", async () => {
  await page.getByRole("button", { name: "Add a file" }).click();
  await page.getByRole("textbox", { name: "Path of the new file" }).fill(".gitlab-ci.yml");
  await keys.press("Enter");
  await page.getByRole("textbox", { name: ".gitlab-ci.yml, YAML editor" }).waitFor();
  await write("stages: [build]\n.base:\n  image: alpine\nbuild:\n  stage: build\n  extends: .base\n  script: [make]\ntest:\n  needs: [build]\n  script: [make]\n  stage: tset\n");
  await page.locator(".problems").getByText("tset").first().waitFor();
  await goTo(".base", 2);
  await page.waitForFunction(() => document.querySelectorAll(".ed-line .ed-use").length === 2);
  await keys.press("F12");
  await caretAt("Ln 2, Col \\d+");
  await keys.press("Control+p");
  await page.getByRole("combobox", { name: "Go to object in any file" }).fill("test");
  await page.getByRole("option", { name: /^test/ }).first().waitFor();
  await keys.press("Escape");
  assert.deepEqual(page.problems, []);
});
