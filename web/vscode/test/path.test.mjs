import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { transform } from "esbuild";

const source = await readFile(new URL("../src/path.ts", import.meta.url), "utf8");
const { code } = await transform(source, { loader: "ts", format: "esm" });
const { serverPath } = await import(`data:text/javascript,${encodeURIComponent(code)}`);

test("the chosen program comes before the bundled one", () => {
  assert.equal(serverPath(" /opt/lsp ", "/ext/server", "linux"), "/opt/lsp");
  assert.equal(serverPath("", "/ext/server", "linux"), "/ext/server/lsp-server");
  assert.equal(serverPath("  ", "/ext/server", "win32"), "/ext/server/lsp-server.exe");
});
