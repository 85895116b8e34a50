// Loads the WebAssembly of the page that is asked for, and hands it what only the bundler knows:
// where its parts stand. The editor is a module of its own, and comes in two parts: the first one
// shows the text and takes keys, while the second one with all that serves the text is on its way.
const workbench = {
  script: "{{workbench.js}}",
  wasm: "{{workbench.wasm}}",
  rest: "{{workbench_rest.wasm}}",
  // What the language server starts with, each file of which names the next one.
  server: ["{{worker.js}}", "{{lsp_server.js}}", "{{lsp_server.wasm}}", "{{schemas.bin}}"],
  assets: {
    worker: "{{worker.js}}",
    structure: "{{schemas.bin}}",
    descriptions: "{{descriptions.bin}}",
    rareDescriptions: "{{descriptions_rare.bin}}",
  },
};
const pages = { script: "{{pages.js}}", wasm: "{{pages.wasm}}" };

// The boxes of the page, empty but for the text.
const FRAME = `<div class="header"></div>
  <div class="workbench">
    <div class="side"></div>
    <div class="center">
      <div class="editor-bar"><span class="path"></span></div>
      <div class="editor-area"><div class="ed"><div class="ed-surface"></div></div></div>
    </div>
    <div class="deploy-panel"></div>
  </div>`;

const app = document.getElementById("app");
const kept = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // A browser may refuse to keep anything.
  }
};

/** The version that is asked for: its URL, what the server answers, and its files as typed. */
async function load() {
  const [project, set, version] = location.pathname.split("/").slice(2).map(decodeURIComponent);
  const known = { files: { "app.yaml": "" } };
  if (version !== "draft") {
    known.url = `/api/projects/${project}/sets/${set}/versions/${version}`;
    const response = await fetch(known.url);
    if (!response.ok) return null;
    known.answer = await response.text();
    known.files = JSON.parse(known.answer).files;
  }
  const draft = JSON.parse(kept(`kun:draft:${project}/${set}/${version}`) ?? "{}");
  for (const [path, patch] of Object.entries(draft.patches ?? {})) {
    known.files[path] = patched(known.files[path], patch);
  }
  Object.assign(known.files, draft.files);
  return known;
}

/** A text with a part, counted in bytes, replaced. */
function patched(text, { start, end, insert }) {
  const bytes = new TextEncoder().encode(text);
  const part = (from, to) => new TextDecoder().decode(bytes.subarray(from, to));
  return part(0, start) + insert + part(end);
}

/** Shows the text of a file. */
function open(module, files) {
  const paths = Object.keys(files).filter((path) => files[path] !== null);
  const asked = new URLSearchParams(location.search).get("file");
  const path = paths.includes(asked) ? asked : paths.sort()[0];
  if (path === undefined) return;
  const frame = document.createElement("div");
  frame.className = "early";
  frame.innerHTML = FRAME;
  frame.querySelector(".path").textContent = path;
  app.after(frame);
  module.open(frame, frame.querySelector(".ed-surface"), files[path]);
}

/** Loads the second part; what is typed waits for it, so a network that fails is tried again. */
async function complete(module) {
  const notice = document.createElement("span");
  notice.role = "alert";
  for (;;) {
    try {
      await module.complete();
      return notice.remove();
    } catch (error) {
      console.warn(`the rest of the page could not be loaded, trying again: ${error}`);
      const place = document.querySelector(".early .editor-bar") ?? app;
      place.append(notice);
      notice.textContent = "The rest of the editor does not load; trying again. Go on typing.";
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

/** Has a file ready in the browser's cache; whoever needs it asks again and tells what fails. */
async function warm(url) {
  const response = await fetch(url).catch(() => null);
  await response?.arrayBuffer().catch(() => null);
}

const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

async function start(page) {
  const wasm = fetch(page.wasm);
  // What cannot be loaded early is asked for again by the page, which tells what is the matter.
  const loading = page === workbench ? load().catch(() => null) : null;
  const module = await import(page.script);
  await module.default({ module_or_path: wasm });
  if (page === pages) return module.mount(app);
  module.restAt(page.rest);
  const known = await loading;
  if (known !== null) open(module, known.files);
  const completed = complete(module);
  await painted();
  await completed;
  page.server.forEach(warm);
  module.mount(app, page.assets, known?.url, known?.answer);
}

const theme = kept("kun:theme") ?? "system";
if (theme !== "system") document.documentElement.dataset.theme = theme;

// /p/{project}/{set}/{version}, where `...` stands between two versions that are compared.
const isVersion = /^\/p\/[^/]+\/[^/]+\/[^/]+\/?$/.test(location.pathname);
try {
  await start(isVersion && !location.pathname.includes("...") ? workbench : pages);
} catch (error) {
  const message = document.createElement("p");
  message.className = "boot-error";
  message.role = "alert";
  message.textContent = `KUN could not start: ${error}. Reload the page; drafts are kept in this browser.`;
  app.replaceChildren(message);
  throw error;
}
