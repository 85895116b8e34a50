// Activation: the language client, the status bar, the commands.
import * as vscode from "vscode";

import { Server } from "./client";
import { restart } from "./command/restart";
import { selectRelease } from "./command/selectRelease";
import { ReleaseStatus } from "./status";

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel("KUN", { log: true });
  const running = new Server(context.asAbsolutePath("server"), output);
  server = running;
  context.subscriptions.push(
    output,
    new ReleaseStatus(),
    vscode.commands.registerCommand("kun.selectRelease", selectRelease),
    vscode.commands.registerCommand("kun.restart", () => restart(running)),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("kun.server.path")) void restart(running);
    }),
  );
  await running.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
