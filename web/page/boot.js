// Loads the page's WebAssembly and hands it what only the bundler knows: where its parts stand.
import init, { mount } from "{{editor_wasm.js}}";

const assets = {
  worker: "{{worker.js}}",
  structure: "{{schemas.bin}}",
  descriptions: "{{descriptions.bin}}",
};

const app = document.getElementById("app");
try {
  await init({ module_or_path: "{{editor_wasm.wasm}}" });
  mount(app, assets);
} catch (error) {
  const message = document.createElement("p");
  message.className = "boot-error";
  message.role = "alert";
  message.textContent = `KUN could not start: ${error}. Reload the page; drafts are kept in this browser.`;
  app.replaceChildren(message);
  throw error;
}
