// The editing component under real keys, a real mouse and real compositions, on the real page, with
// the browser's EditContext and with the hidden text area that stands in where there is none.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startBrowser, startServer } from "./support/kun.mjs";

let server;
let browser;
let storageState;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  const page = await browser.page();
  await page.goto(server.signIn);
  await page.locator("main").first().waitFor();
  storageState = await page.context().storageState();
  await page.context().close();
});

after(async () => {
  await browser?.stop();
  await server?.stop();
});

for (const input of ["EditContext", "text area"]) {
  describe(`typing through ${input === "EditContext" ? "an EditContext" : "a text area"}`, () => {
    let page;
    let keys;
    let ime;

    before(async () => {
      page = await browser.page({ storageState });
      if (input === "text area") await page.addInitScript(() => delete window.EditContext);
      await page.addInitScript({ content: `window.readText = ${readText}` });
      await page.goto(`${server.url}/p/demo/web/v1?file=web.yaml`);
      await page.locator(".ed-line").first().waitFor();
      keys = page.keyboard;
      ime = await page.context().newCDPSession(page);
    });

    after(async () => {
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });

    /** Puts a text into the editor, with the caret at its start. */
    async function write(text) {
      await focus(page);
      await keys.press("Escape");
      await keys.press("Control+a");
      await keys.press("Delete");
      await page.evaluate((it) => navigator.clipboard.writeText(it), text);
      await keys.press("Control+v");
      await keys.press("Control+Home");
      await shows(text);
    }

    /** Waits until the editor shows exactly this. */
    async function shows(text) {
      try {
        await page.waitForFunction((wanted) => readText() === wanted, text, { timeout: 5_000 });
      } catch {
        assert.equal(await page.evaluate(readText), text);
      }
    }

    const compose = (text) =>
      ime.send("Input.imeSetComposition", {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      });
    const commit = (text) => ime.send("Input.insertText", { text });

    test("the line below a key is indented and quotes close themselves", async () => {
      await write("metadata:\n");
      await keys.press("End");
      await keys.press("Enter");
      await keys.press("Escape");
      await keys.type('x: "');
      await shows('metadata:\n  x: ""\n');
      await keys.type('1"');
      await shows('metadata:\n  x: "1"\n');
    });

    test("a composition is one step that undo takes back", async () => {
      await write("a: \n");
      await keys.press("End");
      await compose("n");
      await compose("ni");
      await shows("a: ni\n");
      await commit("你");
      await shows("a: 你\n");
      await keys.press("Control+z");
      await shows("a: \n");
    });

    test("a canceled composition leaves nothing", async () => {
      await write("a: \n");
      await keys.press("End");
      await compose("n");
      await compose("");
      await shows("a: \n");
      await keys.type("z");
      await shows("a: z\n");
    });

    test("a composition goes to every caret", async () => {
      await write("a\na\n");
      await keys.press("Control+Alt+ArrowDown");
      await keys.press("End");
      await compose("k");
      await compose("か");
      await commit("か");
      await shows("aか\naか\n");
    });

    test("an emoji is deleted as a whole", async () => {
      await write("a: \n");
      await keys.press("End");
      await commit("👩‍👩‍👧");
      await keys.press("Backspace");
      await shows("a: \n");
    });

    test("the mouse selects characters, words and lines", async () => {
      await write("one two three\nfour five\n");
      const place = await grid(page);
      await page.mouse.dblclick(...place(0, 5));
      await keys.type("X");
      await shows("one X three\nfour five\n");
      await page.mouse.move(...place(0, 4));
      await page.mouse.down();
      await page.mouse.move(...place(1, 4), { steps: 3 });
      await page.mouse.up();
      await keys.type("_");
      await shows("one _ five\n");
      await page.mouse.click(...place(0, 2), { clickCount: 3 });
      await keys.press("Delete");
      await shows("");
    });

    test("Shift and Alt with a click select and add a caret", async () => {
      await write("one two\n");
      const place = await grid(page);
      await page.mouse.click(...place(0, 0));
      await keys.down("Shift");
      await page.mouse.click(...place(0, 3));
      await keys.up("Shift");
      await keys.type("1");
      await shows("1 two\n");
      await keys.down("Alt");
      await page.mouse.click(...place(0, 5));
      await keys.up("Alt");
      await keys.type("!");
      await shows("1! two!\n");
    });

    test("a rectangle is selected by keys and by the mouse", async () => {
      await write("abcd\nx\nefgh\n");
      await keys.press("ArrowRight");
      for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"]) {
        await keys.press(`Control+Alt+Shift+${key}`);
      }
      await keys.type("-");
      await shows("a-d\nx-\ne-h\n");
      await write("abcd\nx\nefgh\n");
      const place = await grid(page);
      await keys.down("Alt");
      await page.mouse.move(...place(0, 1));
      await page.mouse.down();
      await page.mouse.move(...place(2, 3), { steps: 5 });
      await page.mouse.up();
      await keys.up("Alt");
      await keys.type("+");
      await shows("a+d\nx+\ne+h\n");
    });

    test("lines show how deep they stand, empty ones too", async () => {
      await write("a:\n  b:\n    c: 1\n\n    d: 2\n");
      const widths = page.locator(".ed-guides");
      await page.waitForFunction(() => document.querySelectorAll(".ed-guides").length === 4);
      const styles = await widths.evaluateAll((all) => all.map((it) => it.style.width));
      assert.deepEqual(styles, ["2ch", "4ch", "4ch", "4ch"]);
    });

    test("a line number selects its line", async () => {
      await write("a\nb\n");
      await page.locator(".ed-number", { hasText: /^2$/ }).click();
      await keys.press("Delete");
      await shows("a\n");
    });

    test("copying without a selection takes the line", async () => {
      await write("a: 1\nb: 2\n");
      await keys.press("Control+c");
      await keys.press("Control+v");
      await shows("a: 1\na: 1\nb: 2\n");
      await keys.press("Control+x");
      await shows("a: 1\nb: 2\n");
    });

    test("lines move, are copied, commented out and deleted", async () => {
      await write("a: 1\nb: 2\n");
      await keys.press("Alt+ArrowDown");
      await shows("b: 2\na: 1\n");
      await keys.press("Shift+Alt+ArrowUp");
      await shows("b: 2\na: 1\na: 1\n");
      await keys.press("Control+/");
      await shows("b: 2\n# a: 1\na: 1\n");
      await keys.press("Control+Shift+K");
      await shows("b: 2\na: 1\n");
    });

    test("Tab and Shift+Tab indent what is selected", async () => {
      await write("a:\nb:\n");
      await keys.press("Shift+ArrowDown");
      await keys.press("Shift+End");
      await keys.press("Tab");
      await shows("  a:\n  b:\n");
      await keys.press("Shift+Tab");
      await shows("a:\nb:\n");
    });

    test("the same word is edited everywhere", async () => {
      await write("web: web\n");
      await keys.press("Control+d");
      await keys.press("Control+d");
      await keys.type("db");
      await shows("db: db\n");
    });

    test("undo goes back in steps and redo forth", async () => {
      await write("a: \n");
      await keys.press("End");
      await keys.type("12");
      await keys.press("Backspace");
      await shows("a: 1\n");
      await keys.press("Control+z");
      await shows("a: 12\n");
      await keys.press("Control+z");
      await shows("a: \n");
      await keys.press("Control+y");
      await keys.press("Control+Shift+Z");
      await shows("a: 1\n");
    });

    test("what is folded stays folded while other lines are edited", async () => {
      await write("a: 1\nspec:\n  b: 2\n  c:\n    d: 3\ne: 4\n");
      const folded = (line) => page.locator(".ed-line", { hasText: line }).locator(".ed-folded");
      await keys.press("ArrowDown");
      await keys.press("Control+Shift+[");
      await shows("a: 1\nspec:\ne: 4\n");
      assert.equal(await folded("spec").textContent(), "⋯ 3 lines");
      await keys.press("ArrowDown");
      await keys.type("x");
      await shows("a: 1\nspec:\nxe: 4\n");
      await keys.press("ArrowUp");
      await keys.press("Home");
      await keys.type("my-");
      await shows("a: 1\nmy-spec:\nxe: 4\n");
      await folded("spec").click();
      await shows("a: 1\nmy-spec:\n  b: 2\n  c:\n    d: 3\nxe: 4\n");
    });

    test("the gutter folds, and a search unfolds what hides its match", async () => {
      await write("spec:\n  b: 2\n  c:\n    d: 3\ne: 4\n");
      const press = async (modifiers = []) => {
        const number = page.locator(".ed-fold", { hasText: /^1$/ });
        const { width, height } = await number.boundingBox();
        await number.click({ position: { x: width - 8, y: height / 2 }, modifiers });
      };
      await press();
      await shows("spec:\ne: 4\n");
      await keys.press("Control+f");
      await page.getByLabel("Find", { exact: true }).fill("d: 3");
      await page.locator(".ed-find-status", { hasText: "1 of 1" }).waitFor();
      await shows("spec:\n  b: 2\n  c:\n    d: 3\ne: 4\n");
      await keys.press("Escape");
      await press(["Alt"]);
      await press();
      await shows("spec:\n  b: 2\n  c:\ne: 4\n");
    });

    if (input === "EditContext") {
      test("assistive technology finds the caret and what is selected", async () => {
        await write("a: 1\nbcd: 2\n");
        await keys.press("ArrowDown");
        await keys.press("ArrowRight");
        await keys.press("Shift+ArrowRight");
        await page.waitForFunction(() => {
          const { anchorNode, anchorOffset, focusOffset } = getSelection();
          return anchorNode?.textContent === "bcd" && anchorOffset === 1 && focusOffset === 2;
        });
      });
    }

    test("long lines are broken, and carets move by what is seen", async () => {
      const long = `a: ${"word ".repeat(120).trim()}`;
      await write(`${long}\nb: 1\n`);
      const second = page.locator(".ed-number", { hasText: /^2$/ });
      const height = async () => {
        const [one, two] = [page.locator(".ed-number", { hasText: /^1$/ }), second];
        return (await two.boundingBox()).y - (await one.boundingBox()).y;
      };
      const one = await height();
      await keys.press("Alt+z");
      await page.locator(".ed-line br").first().waitFor({ state: "attached" });
      const rows = Math.round((await height()) / one);
      assert.ok(rows > 3, `${rows} rows`);
      await keys.press("ArrowDown");
      await keys.type("X");
      await page.waitForFunction(() => readText().includes("X"));
      const typed = await page.evaluate(readText);
      assert.match(typed, /^a: (word )+Xword (word ?)+\nb: 1\n$/);
      const { x, y } = await page.locator(".ed-lines").boundingBox();
      await page.mouse.click(x + 2, y + 1.5 * one);
      await keys.press("Delete");
      await shows(`${long}\nb: 1\n`);
      for (let row = 1; row < rows; row += 1) await keys.press("ArrowDown");
      await keys.type("Y");
      await shows(`${long}\nYb: 1\n`);
      await keys.press("Alt+z");
      await page.locator(".ed-line br").first().waitFor({ state: "detached" });
    });

    test("search counts, goes around and replaces by a regular expression as one step", async () => {
      await write("x1: 1\nx2: 2\nx3: 3\n");
      await keys.press("Control+h");
      await page.getByLabel("Find", { exact: true }).fill("x(\\d)");
      await keys.press("Alt+r");
      await page.locator(".ed-find-status", { hasText: "1 of 3" }).waitFor();
      await keys.press("Shift+Enter");
      await page.locator(".ed-find-status", { hasText: "3 of 3" }).waitFor();
      await page.getByLabel("Replace", { exact: true }).fill("y$1z");
      await keys.press("Control+Alt+Enter");
      await shows("y1z: 1\ny2z: 2\ny3z: 3\n");
      await keys.press("Escape");
      await keys.press("Control+z");
      await shows("x1: 1\nx2: 2\nx3: 3\n");
    });

    test("what was typed last is replaced, before its matches are shown too", async () => {
      await write("a: 1\nb: a\nab: 2\n");
      await keys.press("Control+h");
      await page.getByLabel("Replace", { exact: true }).fill("x");
      const pattern = page.getByLabel("Find", { exact: true });
      await pattern.fill("a");
      await page.locator(".ed-find-status", { hasText: "1 of 3" }).waitFor();
      await pattern.evaluate((it) => {
        it.value = "ab";
        it.dispatchEvent(new InputEvent("input", { bubbles: true }));
        const key = { key: "Enter", ctrlKey: true, altKey: true, bubbles: true, cancelable: true };
        it.dispatchEvent(new KeyboardEvent("keydown", key));
      });
      await shows("a: 1\nb: a\nx: 2\n");
      await keys.press("Escape");
    });

    test("a bad pattern is explained", async () => {
      await write("a: 1\n");
      await keys.press("Control+f");
      const pattern = page.getByLabel("Find", { exact: true });
      await pattern.fill("a(");
      await page.locator(".ed-find").getByRole("alert").waitFor();
      await pattern.fill("a");
      await keys.press("Alt+r");
      await page.locator(".ed-find-status", { hasText: "1 of 1" }).waitFor();
      await keys.press("Escape");
    });

    test("a list of keys opens, narrows and completes", async () => {
      await write("apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n");
      await keys.press("Control+End");
      await keys.type("sp");
      const list = page.getByRole("listbox");
      await list.getByRole("option", { name: /spec/ }).waitFor();
      await keys.press("Enter");
      await page.waitForFunction(() =>
        [...document.querySelectorAll(".ed-line")].some((it) => it.textContent.startsWith("spec:")),
      );
      await keys.press("Escape");
    });

    test("a problem is marked, explained and mended", async () => {
      await write("apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n    - port: 80\n  selctor:\n    app: web\n");
      const mark = page.locator(".ed-error", { hasText: "selctor" });
      await mark.waitFor();
      await mark.hover();
      await page.locator(".ed-card").getByText("unknown field").waitFor();
      await page.locator(".ed-fix").first().click();
      await page.locator(".ed-line", { hasText: /^ {2}selector:$/ }).waitFor();
      await page.locator(".ed-error", { hasText: "selector" }).waitFor({ state: "detached" });
    });

    test("of a hundred thousand lines a screenful is drawn", async () => {
      await write("last: 1\n");
      await page.evaluate((it) => navigator.clipboard.writeText(it), "key: value\n".repeat(100_000));
      await keys.press("Control+v");
      await keys.press("Control+End");
      await page.locator(".ed-number", { hasText: /^100002$/ }).waitFor();
      assert.ok((await page.locator(".ed-line").count()) < 200);
      await keys.type("x");
      await page.locator(".ed-line", { hasText: /^x$/ }).waitFor();
    });
  });
}

describe("the page around the text", () => {
  let page;

  before(async () => {
    page = await browser.page({ storageState });
    await page.addInitScript({ content: `window.readText = ${readText}` });
  });

  after(async () => {
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });

  async function paste(text) {
    await page.evaluate((it) => navigator.clipboard.writeText(it), text);
    await page.keyboard.press("Control+v");
  }

  const surface = () => page.getByRole("textbox", { name: "YAML editor" });

  test("what is typed before the page has come is kept by it", async () => {
    let release;
    const released = new Promise((resolve) => (release = resolve));
    await page.route("**/workbench_rest.*.wasm", async (route) => {
      await released;
      await route.continue();
    });
    await page.goto(`${server.url}/p/demo/web/v1?file=web.yaml`);
    await page.locator(".early .ed-line").first().waitFor();
    await page.keyboard.press("Control+Home");
    await page.keyboard.type("# early");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => readText().startsWith("# early\n"));
    release();
    await page.locator(".side").getByText("●").waitFor();
    await page.waitForFunction(() => document.querySelector(".early") === null);
    await page.keyboard.type("# late");
    await page.waitForFunction(() => readText().startsWith("# early\n# late"));
    for (const _ of ["late", "Enter", "early", "nothing"]) await page.keyboard.press("Control+z");
    await page.waitForFunction(() => !readText().includes("early"));
    const [rest] = await page.evaluate(() =>
      performance.getEntriesByType("resource").filter((it) => it.name.includes("workbench_rest")),
    );
    assert.equal(rest.initiatorType, "fetch", "nothing of the rest was needed before");
  });

  test("a page that comes only in part says so, and completes itself", async () => {
    const own = await browser.page({ storageState });
    let refused = 0;
    await own.route("**/workbench_rest.*.wasm", async (route) => {
      refused += 1;
      await (refused > 1 ? route.continue() : route.abort());
    });
    await own.goto(`${server.url}/p/demo/web/v1?file=web.yaml`);
    await own.getByRole("alert").getByText("The rest of the editor does not load").waitFor();
    await own.locator(".deploy-panel h2").first().waitFor();
    assert.equal(await own.getByText("The rest of the editor does not load").count(), 0);
    await own.context().close();
  });

  test("the text is named after the file that is shown", async () => {
    await surface().waitFor();
    await page.getByRole("button", { name: "Add a file" }).click();
    await page.getByRole("textbox", { name: "Path of the new file" }).fill("other.yaml");
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "other.yaml, YAML editor" }).waitFor();
    await page.getByRole("button", { name: "Remove other.yaml" }).click();
    await page.getByRole("textbox", { name: "other.yaml, YAML editor" }).waitFor({ state: "detached" });
    await surface().waitFor();
  });

  test("what the server knows stands behind lines, and symbols and commands are a few keys away", async () => {
    await surface().focus();
    await page.keyboard.press("Control+a");
    await paste("apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: tick\nspec:\n  schedule: '*/5 * * * *'\n");
    const hint = page.locator(".ed-hint-note", { hasText: "every 5 minutes" });
    await hint.waitFor();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("Enter");
    await page.locator(".ed-line", { hasText: "schedule" }).locator(".ed-hint-note").waitFor();
    await page.keyboard.press("Control+Shift+O");
    await page.getByRole("combobox", { name: "Go to symbol" }).fill("schedule");
    await page.keyboard.press("Enter");
    await page.locator(".status").getByText("Ln 7,").waitFor();
    await page.keyboard.press("Control+g");
    await page.getByRole("combobox", { name: "Line, or line:column" }).fill("3:2");
    await page.keyboard.press("Enter");
    await page.locator(".status").getByText("Ln 3, Col 2").waitFor();
    for (const state of ["detached", "attached"]) {
      await page.keyboard.press("F1");
      await page.getByRole("combobox", { name: "Run a command" }).fill("toggle hints");
      await page.keyboard.press("Enter");
      await hint.waitFor({ state });
    }
  });

  test("the line below the text says where the caret is", async () => {
    await surface().focus();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.locator(".status").getByText("Ln 2, Col 2").waitFor();
  });

  test("checks start again after the worker has died, with the text as it is", async () => {
    await surface().focus();
    await page.keyboard.press("Control+End");
    await paste("\n---\napiVersion: v1\nkind: Service\nbogus: 1\n");
    await page.locator(".problems").getByText("bogus").first().waitFor();
    const [worker] = page.workers();
    const next = page.waitForEvent("worker");
    await worker.evaluate(() => void setTimeout(() => Promise.reject(new Error("test")).catch((it) => reportError(it))));
    await next;
    await page.locator(".status").getByText("were started again").waitFor();
    await paste("unheard: 1\n");
    await page.locator(".problems").getByText("unheard").first().waitFor();
    page.problems.splice(0);
  });

  test("the kinds of an older release are checked against", async () => {
    const source = page.getByRole("combobox", { name: "Kinds and fields of" });
    await source.selectOption({ label: "Kubernetes 1.33" });
    await source.selectOption({ label: "Kubernetes 1.37" });
    await page.locator(".problems").getByText("unheard").first().waitFor();
  });
});

/** The text that is drawn, in order. Runs in the page. */
function readText() {
  const lines = [...document.querySelectorAll(".ed-line")].map((line) =>
    [...line.childNodes]
      .filter((it) => !it.classList?.contains("ed-note"))
      .map((it) => it.textContent)
      .join(""),
  );
  return lines.join("\n");
}

async function focus(page) {
  await page.locator(".ed-lines").click({ position: { x: 4, y: 4 } });
}

/** Turns a line and a column into a place on the screen. */
async function grid(page) {
  const { left, top, width, height } = await page.evaluate(() => {
    const line = document.querySelector(".ed-line");
    const range = document.createRange();
    range.selectNodeContents(line);
    const text = range.getBoundingClientRect();
    const { top, height } = line.getBoundingClientRect();
    return { left: text.left, top, height, width: text.width / line.textContent.length };
  });
  return (line, column) => [left + (column + 0.1) * width, top + (line + 0.5) * height];
}
