import assert from "node:assert/strict";
import { test } from "node:test";

import {
  documentSelector,
  initializationOptions,
  readSettings,
  serverProgram,
} from "../src/core/settings";

const with_ = (chosen: Record<string, unknown>) => readSettings((name) => chosen[name]);

test("the language server is told what a person chose, and nothing of the rest", () => {
  const releases = { "legacy/**": "1.33" };
  const chosen = { release: "1.34", releases, codeLenses: false, "backend.url": "https://kun" };
  assert.deepEqual(initializationOptions(with_(chosen)), {
    release: "1.34",
    releases,
    openapi: "",
    inlayHints: true,
    codeLenses: false,
    indentSequences: true,
    revealSecrets: false,
  });
});

test("a server without schemas is told where they are", () => {
  const schemas = { structure: "https://a/s.bin", descriptions: ["https://a/d.bin"] };
  const options = initializationOptions(with_({}), schemas);
  assert.deepEqual(options, { ...initializationOptions(with_({})), ...schemas });
});

test("what has another type than it should is as if not chosen", () => {
  const settings = with_({ release: 1.34, inlayHints: "no", "server.path": null });
  assert.deepEqual(settings, with_({}));
});

test("what is read can be sent to a worker, though VS Code hands out proxies", () => {
  const releases = new Proxy({ "legacy/**": "1.33" }, {});
  const options = initializationOptions(with_({ releases }));
  assert.deepEqual(structuredClone(options), options);
});

test("the chosen program comes before the bundled one", () => {
  const chosen = with_({ "server.path": " /opt/lsp " });
  assert.equal(serverProgram(chosen, "/ext/server", "linux"), "/opt/lsp");
  assert.equal(serverProgram(with_({}), "/ext/server", "linux"), "/ext/server/lsp-server");
  assert.equal(serverProgram(with_({}), "C:\\ext\\", "win32"), "C:\\ext/lsp-server.exe");
});

test("files are read where the open folders are, and nowhere else", () => {
  assert.deepEqual(documentSelector(["file", "vscode-vfs"]), [
    { language: "yaml", scheme: "file" },
    { language: "yaml", scheme: "untitled" },
    { language: "yaml", scheme: "vscode-vfs" },
  ]);
});
