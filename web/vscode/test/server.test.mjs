// The protocol library of VS Code against the real program. What needs the host of VS Code
// (commands, status bar, settings) is not tested here.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import protocol from "vscode-languageserver-protocol/node.js";

const uri = "file:///shop/app.yaml";
const text = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIp: None
`;

function program() {
  const target = fileURLToPath(new URL("../../../target", import.meta.url));
  const built = ["release", "debug"].map((profile) => join(target, profile, "lsp-server"));
  const found = [process.env.LSP_SERVER, ...built].find((path) => path && existsSync(path));
  assert.ok(found, "build the server first: cargo build -p lsp-server");
  return found;
}

async function connected(run) {
  const child = spawn(program(), ["--stdio"], { stdio: ["pipe", "pipe", "ignore"] });
  const connection = protocol.createProtocolConnection(
    new protocol.StreamMessageReader(child.stdout),
    new protocol.StreamMessageWriter(child.stdin),
  );
  connection.listen();
  try {
    await run(connection);
    await connection.sendRequest("shutdown");
    await connection.sendNotification("exit");
    assert.deepEqual(await once(child, "exit"), [0, null]);
  } finally {
    connection.dispose();
    child.kill();
  }
}

const textDocument = { uri };
const open = { textDocument: { ...textDocument, languageId: "yaml", version: 1, text } };

test("a client that pulls gets diagnostics, a fix, and documentation", () =>
  connected(async (connection) => {
    const capabilities = {
      textDocument: { diagnostic: {}, completion: { completionItem: { snippetSupport: true } } },
      workspace: { configuration: true, workspaceEdit: { documentChanges: true } },
    };
    connection.onRequest("workspace/configuration", () => [{ release: "1.36" }]);
    const { capabilities: server } = await connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: null,
      capabilities,
    });
    assert.equal(server.positionEncoding, "utf-16");
    await connection.sendNotification("initialized", {});
    await connection.sendNotification("textDocument/didOpen", open);

    const report = await connection.sendRequest("textDocument/diagnostic", { textDocument });
    const [found] = report.items;
    assert.equal(found.code, "unknown-field");
    const [fix] = await connection.sendRequest("textDocument/codeAction", {
      textDocument,
      range: found.range,
      context: { diagnostics: [found] },
    });
    assert.equal(fix.edit.documentChanges[0].edits[0].newText, "clusterIP");

    const position = { line: 1, character: 8 };
    const hover = await connection.sendRequest("textDocument/hover", { textDocument, position });
    assert.match(hover.contents.value, /Service/);
    const list = await connection.sendRequest("textDocument/completion", {
      textDocument,
      position: { line: 5, character: 2 },
    });
    assert.ok(list.items.some((item) => item.label === "ports"));
  }));

test("a client that does not pull is sent diagnostics", () =>
  connected(async (connection) => {
    const published = new Promise((resolve) =>
      connection.onNotification("textDocument/publishDiagnostics", resolve),
    );
    await connection.sendRequest("initialize", {
      processId: null,
      rootUri: null,
      capabilities: {},
      initializationOptions: { release: "1.36" },
    });
    await connection.sendNotification("initialized", {});
    await connection.sendNotification("textDocument/didOpen", open);
    const { version, diagnostics } = await published;
    assert.equal(version, 1);
    assert.equal(diagnostics[0].code, "unknown-field");
  }));
