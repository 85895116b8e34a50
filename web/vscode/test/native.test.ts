// The protocol library of VS Code against the real program.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";

import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";

import { readSettings, serverProgram } from "../src/core/settings";
import { converse, leave } from "./conversation";
import { required } from "./kun";

test("the program answers over its standard streams, and ends when it is told to", async () => {
  const chosen: Record<string, string> = { "server.path": required("KUN_LSP_BINARY") };
  const settings = readSettings((name) => chosen[name]);
  const program = serverProgram(settings, "/nowhere", process.platform);
  const child = spawn(program, ["--stdio"], { stdio: ["pipe", "pipe", "ignore"] });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  try {
    await converse(connection);
    await leave(connection);
    assert.deepEqual(await once(child, "exit"), [0, null]);
  } finally {
    connection.dispose();
    child.kill();
  }
});
