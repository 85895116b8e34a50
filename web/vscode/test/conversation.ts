// What VS Code says to a language server, through the protocol library that it uses.
import assert from "node:assert/strict";

import type { ProtocolConnection } from "vscode-languageserver-protocol";

import { initializationOptions, readSettings, type SchemaFiles } from "../src/core/settings";

const uri = "file:///shop/app.yaml";
const textDocument = { uri };
const text = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIp: None
`;

/** Opens a file, asks for all that a person would, and holds the server to it. */
export async function converse(connection: ProtocolConnection, schemas?: SchemaFiles) {
  const chosen: Record<string, unknown> = { release: "1.36" };
  const settings = readSettings((name) => chosen[name]);
  const loaded = new Promise<void>((resolve) => {
    // A server that loads its schemas asks for another look when they are there.
    connection.onRequest("workspace/diagnostic/refresh", () => resolve());
    if (!schemas) resolve();
  });
  connection.onRequest("workspace/configuration", () => [chosen]);
  connection.onRequest("client/registerCapability", () => null);
  connection.listen();
  const { capabilities } = await connection.sendRequest<{ capabilities: { positionEncoding: string } }>(
    "initialize",
    {
      processId: process.pid,
      rootUri: null,
      capabilities: {
        textDocument: { diagnostic: {}, completion: { completionItem: { snippetSupport: true } } },
        workspace: {
          configuration: true,
          didChangeConfiguration: { dynamicRegistration: true },
          diagnostics: { refreshSupport: true },
          workspaceEdit: { documentChanges: true },
        },
      },
      initializationOptions: initializationOptions(settings, schemas),
    },
  );
  assert.equal(capabilities.positionEncoding, "utf-16");
  await connection.sendNotification("initialized", {});
  const open = { textDocument: { uri, languageId: "yaml", version: 1, text } };
  await connection.sendNotification("textDocument/didOpen", open);
  await loaded;

  const report = await connection.sendRequest<Report>("textDocument/diagnostic", { textDocument });
  const [found] = report.items;
  assert.equal(found?.code, "unknown-field");
  const [fix] = await connection.sendRequest<Fix[]>("textDocument/codeAction", {
    textDocument,
    range: found?.range,
    context: { diagnostics: [found] },
  });
  assert.equal(fix?.edit.documentChanges[0]?.edits[0]?.newText, "clusterIP");

  const kind = { line: 1, character: 8 };
  const hover = await connection.sendRequest<Hover>("textDocument/hover", {
    textDocument,
    position: kind,
  });
  assert.match(hover.contents.value, /Service/);
  const list = await connection.sendRequest<List>("textDocument/completion", {
    textDocument,
    position: { line: 5, character: 2 },
  });
  assert.ok(list.items.some((item) => item.label === "ports"));
}

/** Takes leave. */
export async function leave(connection: ProtocolConnection) {
  assert.equal(await connection.sendRequest("shutdown"), null);
  await connection.sendNotification("exit");
}

interface Report {
  items: { code: string; range: object }[];
}

interface Fix {
  edit: { documentChanges: { edits: { newText: string }[] }[] };
}

interface Hover {
  contents: { value: string };
}

interface List {
  items: { label: string }[];
}
