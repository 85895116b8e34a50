// Monaco with all features of its editor and its tokens of YAML: no language server, no schemas.
import "monaco-editor/languages/definitions/yaml/register.js";
import * as monaco from "monaco-editor/editor/editor.main.js";

self.MonacoEnvironment = {
  getWorker: () => new Worker("/monaco.worker.js", { type: "module" }),
};
const editor = monaco.editor.create(document.getElementById("editor"), {
  language: "yaml",
  automaticLayout: true,
  minimap: { enabled: false },
});
editor.focus();

window.editor = {
  focus: () => editor.focus(),
  lines: () => editor.getModel().getLineCount(),
  replaceAll(search, replace) {
    const model = editor.getModel();
    const found = model.findMatches(search, false, false, true, null, false, 1e9);
    editor.pushUndoStop();
    editor.executeEdits(
      "replace",
      found.map(({ range }) => ({ range, text: replace })),
    );
    editor.pushUndoStop();
  },
  scroller: () => document.querySelector(".monaco-scrollable-element"),
};
