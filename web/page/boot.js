// Loads the WebAssembly of the page that is asked for, and hands it what only the bundler knows:
// where its parts stand. The editor is a module of its own, so that one can type soon.
const workbench = {
  script: "{{workbench.js}}",
  wasm: "{{workbench.wasm}}",
  assets: {
    worker: "{{worker.js}}",
    structure: "{{schemas.bin}}",
    descriptions: "{{descriptions.bin}}",
  },
};
const pages = { script: "{{pages.js}}", wasm: "{{pages.wasm}}" };

// /p/{project}/{set}/{version}, where `...` stands between two versions that are compared.
const isVersion = /^\/p\/[^/]+\/[^/]+\/[^/]+\/?$/.test(location.pathname);
const page = isVersion && !location.pathname.includes("...") ? workbench : pages;

const app = document.getElementById("app");
try {
  const wasm = fetch(page.wasm);
  const { default: init, mount } = await import(page.script);
  await init({ module_or_path: wasm });
  mount(app, page.assets);
} catch (error) {
  const message = document.createElement("p");
  message.className = "boot-error";
  message.role = "alert";
  message.textContent = `KUN could not start: ${error}. Reload the page; drafts are kept in this browser.`;
  app.replaceChildren(message);
  throw error;
}
