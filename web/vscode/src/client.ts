// The language client, and the program behind it.
import * as vscode from "vscode";
import { LanguageClient, type ServerOptions, TransportKind } from "vscode-languageclient/node";

import { serverPath } from "./path";

export class Server {
  private client: LanguageClient | undefined;

  // `bundled` is the folder of the program that comes with the extension.
  constructor(
    private readonly bundled: string,
    private readonly output: vscode.LogOutputChannel,
  ) {}

  async start(): Promise<void> {
    const settings = vscode.workspace.getConfiguration("kun");
    const command = serverPath(settings.get("server.path", ""), this.bundled, process.platform);
    const run = { command, transport: TransportKind.stdio };
    const options: ServerOptions = { run, debug: run };
    const client = new LanguageClient("kun", "KUN", options, {
      documentSelector: [{ language: "yaml" }],
      outputChannel: this.output,
      initializationOptions: settings,
    });
    this.client = client;
    try {
      await client.start();
    } catch (error) {
      this.client = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      const open = "Open Settings";
      const choice = await vscode.window.showErrorMessage(
        `The language server did not start (${command}): ${reason}`,
        open,
      );
      if (choice === open) {
        await vscode.commands.executeCommand("workbench.action.openSettings", "kun.server.path");
      }
    }
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.stop();
  }
}
